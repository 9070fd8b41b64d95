"""Which entities of several lists may be one: suggested by name, dates and countries, judged by a person, served as judged."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

import msgspec

from aliases import corrections, judgements
from aliases.entity import Alias, Entity
from aliases.errors import InvalidError, UnknownError
from aliases.judgements import Judgement, Verdict
from aliases.store import FILE, Store
from resolver import publish
from resolver.evidence import Given, evidence_odds, evidence_reasons
from resolver.match import Candidate, Reason
from resolver.publish import Progress
from resolver.resolve import Resolver

MIN_SCORE = 0.5  # of a pair that is suggested: below it most are two
MAX_NAMES = 12  # of one entity that are looked up; a record with more repeats itself
PER_NAME = 10  # candidates of one name that are weighed
_UNSURE = frozenset(("weak", "demonym", "acronym"))  # kinds of names that two entities often share
_SURE = 6.9  # log odds of .999: no name alone says more


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """Two entities of different lists that may be one, and what speaks for and against it."""

    keep: Entity
    other: Entity
    score: float  # 0..1
    reasons: tuple[Reason, ...]
    names: tuple[str, str]  # of the two, in their order, that were found to be alike


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """What comparing some of the entities found: those with the numbers from `begin` to before `end`, of `total`."""

    found: tuple[Suggestion, ...]
    begin: int
    end: int
    total: int


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What was judged, and what answers now."""

    judgements: tuple[Judgement, ...]
    generation: str
    served: bool  # false: it waits in the record for the next import or `aka rebuild`


# ---------------------------------------------------------------- suggesting


def suggestions(
    data: Path,
    *,
    list_name: str | None = None,
    min_score: float = MIN_SCORE,
    limit: int | None = None,
    progress: Progress | None = None,
) -> list[Suggestion]:
    """Data directory -> pairs of entities that may be one and were not judged yet, surest first.

    Only entities of one type that no list has both of; `list_name`: one of the two stands on it. Each name of each entity is
    looked up in the served generation, so this takes milliseconds a name. MissingDataError or NotReadyError without one.
    """
    comparing = _Comparing(Resolver.open(data), data, list_name, min_score)
    found: list[Suggestion] = []
    for number in range(comparing.total):
        if progress and number % 100 == 0:
            progress(number, comparing.total, "compare")
        found += comparing.of(number)
    return _best(found)[:limit]


def stretch(
    resolver: Resolver, data: Path, *, begin: int = 0, list_name: str | None = None, seconds: float = math.inf, most: int = 25
) -> Stretch:
    """Resolver over a data directory and the number of an entity -> what `suggestions` finds from it on, surest first, until
    the seconds of computing are over or `most` pairs are found; at least one entity is compared, so whoever goes on comes to
    the end.

    A pair that both of its entities lead to is found in the stretch of either.
    """
    comparing = _Comparing(resolver, data, list_name, MIN_SCORE)
    until = time.thread_time() + seconds
    begin = end = min(begin, comparing.total)
    found: list[Suggestion] = []
    while end < comparing.total:
        found += comparing.of(end)
        end += 1
        if time.thread_time() >= until or len(found) >= most:
            break
    return Stretch(found=tuple(_best(found)), begin=begin, end=end, total=comparing.total)


class _Comparing:
    """Compares entities of one generation with those of other lists."""

    def __init__(self, resolver: Resolver, data: Path, list_name: str | None, min_score: float) -> None:
        if list_name is not None and list_name not in resolver.lists():
            raise UnknownError(f"there is no list '{list_name}': use one of {' '.join(resolver.lists()) or '(there is none)'}")
        with Store.open(data / FILE) as store:
            self._judged = judgements.judged_pairs(judgements.recorded(store))
        self._resolver, self._list, self._least = resolver, list_name, min_score
        self.total = resolver.index.entity_count

    def of(self, number: int) -> Iterator[Suggestion]:
        """Number of an entity -> pairs of it and another that may be one and were not judged yet."""
        entity = self._resolver.index.entity(number)
        if self._list is not None and self._list not in entity.lists:
            return
        others = [name for name in self._resolver.lists() if name not in entity.lists]
        for name, candidate in _alike(self._resolver, entity, others) if others else ():
            other = candidate.entity
            if other.id == entity.id or set(other.lists) & set(entity.lists) or {entity.id, other.id} in self._judged:
                continue
            found = _weighed(entity, name, candidate)
            if found.score >= self._least:
                yield found


def _best(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Suggestions -> one for each pair, its surest; surest first."""
    best: dict[frozenset[str], Suggestion] = {}
    for one in found:
        pair = frozenset((one.keep.id, one.other.id))
        if pair not in best or best[pair].score < one.score:
            best[pair] = one
    return sorted(best.values(), key=lambda one: (-one.score, one.keep.id, one.other.id))


def _alike(resolver: Resolver, entity: Entity, lists: Collection[str]) -> Iterator[tuple[str, Candidate]]:
    names = [entity.name, *(alias.form for alias in entity.aliases if alias.kind not in _UNSURE)]
    for name in list(dict.fromkeys(names))[:MAX_NAMES]:
        for candidate in resolver.lookup(name, types=[entity.type], lists=lists, limit=PER_NAME, min_score=MIN_SCORE):
            yield name, candidate


def _weighed(entity: Entity, name: str, candidate: Candidate) -> Suggestion:
    """Entity, a name of it and an entity that has one like that -> the pair, the probability of the name changed by dates and
    countries."""
    other = candidate.entity
    odds = min(_SURE, math.log(candidate.score / (1 - candidate.score))) if candidate.score < 1 else _SURE
    reasons = list(candidate.reasons)
    shared = {alias.form.casefold() for alias in entity.surface_forms()} & {
        form.form.casefold() for form in other.surface_forms()
    }
    if len(shared) > 1:
        reasons.append(Reason("shared_names", len(shared), f"{len(shared)} names are the same"))
    odds += _evidence(entity, other, reasons)
    keep, joined = sorted((entity, other), key=lambda one: (-len(one.lists), -len(one.aliases), one.id))
    names = (name, candidate.matched) if keep is entity else (candidate.matched, name)
    return Suggestion(keep=keep, other=joined, score=round(1 / (1 + math.exp(-odds)), 4), reasons=tuple(reasons), names=names)


def _evidence(entity: Entity, other: Entity, reasons: list[Reason]) -> float:
    """Two entities -> log odds of what both know of birth and country, the kindest of several values; reasons are added."""
    odds = 0.0
    for what in ("birth_date", "country"):
        values = entity.properties.get(what)
        choices = [str(value) for value in (values if isinstance(values, list) else [values]) if value]
        given = [Given(birth_date=one) if what == "birth_date" else Given(country=one) for one in choices]
        weighed = [(evidence_odds(other, one), one) for one in given if evidence_reasons(other, one)]
        if weighed:
            most, one = max(weighed, key=lambda pair: pair[0])
            odds += most
            reasons += evidence_reasons(other, one)
    return odds


# ---------------------------------------------------------------- judging


def judge(
    data: Path,
    keep: str,
    others: Collection[str],
    *,
    verdict: Verdict,
    by: str,
    note: str = "",
    score: float | None = None,
    serve: bool = True,
    progress: Progress | None = None,
) -> Judged:
    """Ids and a verdict on them (`same`, `different`, `open`: what was said is taken back) -> the judgements, served.

    UnknownError when an id is on no list, InvalidError for a verdict that contradicts one in force. BusyError when someone else
    writes. `serve=False` leaves the compiling to the next import or `aka rebuild`: for many judgements in a row.
    """

    def change(store: Store) -> tuple[Judgement, ...]:
        _check(store, keep, others, verdict)
        return tuple(judgements.record(store, keep, list(others), verdict=verdict, by=by, note=note, score=score))

    made, generation = publish.amend(data, change, serve=serve, progress=progress)
    return Judged(judgements=made, generation=generation, served=serve)


def _check(store: Store, keep: str, others: Collection[str], verdict: Verdict) -> None:
    made = judgements.recorded(store)
    known = {entity.id for entity in store.entities_at(store.live_versions(), {keep, *others})}
    known |= {member for one in made for member in (one.keep, one.other)}  # may have left its list since
    missing = [identifier for identifier in (keep, *others) if identifier not in known]
    if missing:
        raise UnknownError(f"no entity has the id {missing[0][:80]!a}: aka lookup finds ids by name")
    pairs = [Judgement(id=10**18, keep=keep, other=other, verdict=verdict, judged_at="", judged_by="", note="", score=None,
                       generation="") for other in others]  # fmt: skip
    if verdict == "open":
        in_force = {frozenset((one.keep, one.other)) for one in judgements.in_force(made)}
        for pair in pairs:
            if frozenset((pair.keep, pair.other)) not in in_force:
                raise UnknownError(f"nothing was judged of '{pair.keep[:80]}' and '{pair.other[:80]}': there is nothing to undo")
    for one in judgements.contradictions([*made, *pairs]):
        raise InvalidError(
            f"'{one.keep}' and '{one.other}' would be one by some judgements and two by another: take one of them back first "
            "(aka merge --undo)"
        )


def pending(data: Path) -> list[Judgement]:
    """Data directory -> the judgements that no generation was compiled with yet."""
    with Store.open(data / FILE) as store:
        return [one for one in judgements.recorded(store) if not one.generation]


# ---------------------------------------------------------------- correcting


def correct(
    data: Path,
    identifier: str,
    change: Callable[[Store], corrections.Correction],
    *,
    serve: bool = True,
    progress: Progress | None = None,
) -> tuple[corrections.Correction, str]:
    """Data directory, entity id and a call of `aliases.corrections` on the record -> the correction, the generation that answers.

    UnknownError, and nothing is changed, when the entity is on no list.
    """

    def checked(store: Store) -> corrections.Correction:
        check_known(store, {identifier})
        return change(store)

    return publish.amend(data, checked, serve=serve, progress=progress)


def add_names(
    data: Path, names: Iterable[tuple[str, Alias]], *, by: str, note: str = "", serve: bool = True
) -> list[corrections.Correction]:
    """Entity ids, each with one more name for it -> the corrections, served with one compilation.

    UnknownError, and nothing is changed, when an id is on no list.
    """
    wanted = list(names)

    def change(store: Store) -> list[corrections.Correction]:
        check_known(store, {identifier for identifier, _ in wanted})
        with store.transaction():
            return [corrections.add_name(store, identifier, alias, by=by, note=note) for identifier, alias in wanted]

    made, _ = publish.amend(data, change, serve=serve)
    return made


def check_known(store: Store, identifiers: Collection[str]) -> None:
    """Record and ids -> nothing; UnknownError for one that stands on no list."""
    known = {entity.id for entity in store.entities_at(store.live_versions(), identifiers)}
    for identifier in identifiers:
        if identifier not in known:
            raise UnknownError(f"no entity has the id {identifier[:80]!a}: aka lookup finds ids by name")
