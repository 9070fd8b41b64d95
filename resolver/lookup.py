"""A name -> the entities that it may mean, best first. The ladder: the very name, the name but for its dress, other spellings.

Other spellings are found by `resolver.retrieve`, weighed by `resolver.rank`, family by family; the probabilities of the families
are comparable, since each is the share of its answers that are right.
"""

from __future__ import annotations

import math
import threading
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, Protocol, get_args

from aliases.entity import Alias, AliasKind, Entity
from aliases.fold import clean, fold_name, fold_readings
from aliases.respell import respelled, unspelled
from resolver import align, rank, score
from resolver.ceilings import ceiling
from resolver.contest import Contest
from resolver.evidence import Given, evidence_odds, evidence_reasons
from resolver.fitted import Model, weights
from resolver.match import Candidate, Comparison, MatchKind, Reason
from resolver.prepare import FAMILIES, family_of, prepare
from resolver.retrieve import FamilyIndex, Retrieval
from resolver.spelling import NO_ROW, Speller
from resolver.traits import in_its_case

RESOLUTION = 0.004  # tells apart answers that the fitted steps put on one level: surer ones still come out higher
MIN_LETTERS = 5  # of names that may be cut otherwise: `I S` is not `IS`
SURE = 1e-6  # the least probability that evidence is weighed against
SPARE = 5  # entities of each family beyond those asked for, which an exact match may push out
KIND_BITS, CASE_BIT = 0x0F, 0x10  # of the flags of an alias
_KIND_ODDS = memoryview(array("d", (score.KIND_ODDS.get(kind, 0.0) for kind in get_args(AliasKind))))
_KIND_LIMIT = tuple(score.KIND_LIMIT.get(kind, 1.0) for kind in get_args(AliasKind))
MAX_FILTERS = 16  # combinations of types and lists whose rows are remembered


class Index(Protocol):
    """What a look-up needs of an index; `resolver.index.Index` is one."""

    @property
    def arrays(self) -> Mapping[str, memoryview]:
        """Every array of the generation by its name."""

    @property
    def alias_flags(self) -> memoryview:
        """Alias number -> the place of its kind in ALIAS_KINDS, in the bits of KIND_BITS; CASE_BIT when its case counts."""

    @property
    def alias_entity(self) -> memoryview:
        """Alias number -> entity number."""

    def alias(self, number: int) -> Alias:
        """Alias number -> Alias."""

    def folded(self, number: int) -> str:
        """Alias number -> its form as `fold_name` folds it."""

    def entity(self, number: int) -> Entity:
        """Entity number -> Entity."""

    def exact(self, folded: str) -> list[int]:
        """Folded name -> numbers of the aliases that fold to it."""


class _Wanted(NamedTuple):
    """What the caller asks of an answer beside its name."""

    types: Collection[str] | None
    lists: Collection[str] | None
    given: Given


class _Asked(NamedTuple):
    """A name, and what is asked of it of every family."""

    name: str
    folded: str
    letters: str  # of what it folds to, without the spaces ...
    size: int  # ... and how many bytes they have
    given: Given
    most: int  # entities of each family
    min_score: float | None

    def least(self, model: Model) -> float:
        """Model of a family -> the probability under which its entities are no answer, but for rounding."""
        return 0.999 * (model.threshold if self.min_score is None else self.min_score)


@dataclass(slots=True)
class _Hit:
    """What is known so far of one entity as an answer."""

    family: str
    probability: float
    alias: int
    kind: MatchKind
    numbers: array[float] = field(default_factory=lambda: array("f"))  # of the pair, () for an exact match
    reasons: tuple[Reason, ...] = ()


class Lookup:
    """Answers look-ups over one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._retrieval = Retrieval(index.arrays)
        self._allowed = lru_cache(maxsize=MAX_FILTERS)(self._allowed_rows)
        self._free: defaultdict[str, list[Speller]] = defaultdict(list)  # by family
        # Interpreted, a call may be interrupted half-way through the sums of a query; compiled code is not.
        self._arrays = (
            index.alias_flags,
            index.alias_entity,
            *map(index.arrays.__getitem__, ("entity_first_alias", "folded", "folded_at")),
        )
        self._lock = nullcontext() if align.COMPILED else threading.Lock()

    def lookup(
        self,
        name: str,
        *,
        types: Collection[str] | None = None,
        lists: Collection[str] | None = None,
        limit: int = 5,
        min_score: float | None = None,
        country: str | None = None,
        birth_date: str | None = None,
    ) -> list[Candidate]:
        """Name -> candidates, best first; `min_score=None` keeps what reaches the shipped operating point of its family.

        `country` (ISO 3166 alpha-2) and `birth_date` (ISO 8601, also a year) are evidence, not filters.
        """
        wanted = _Wanted(types, lists, Given(country, birth_date))
        hits: dict[int, _Hit] = {}
        spelled = unspelled(name) or name
        folded = fold_name(spelled)
        letters = folded.replace(" ", "")
        size = len(letters.encode("utf-8", "surrogatepass"))
        asked = _Asked(spelled, folded, letters, size, wanted.given, limit + SPARE, min_score)
        for family in dict.fromkeys(family_of(type_) for type_ in types) if types else FAMILIES:
            index = self._retrieval.families[family]
            if index.searched and any(map(str.isalpha, name)):  # numbers alone have no other spelling
                hits |= self._spellings(index, asked, frozenset(types or ()), frozenset(lists or ()))
        if not self._add_exact(hits, name, wanted) and (
            spelled == name or not self._add_exact(hits, spelled, wanted, written=name)
        ):
            self._add_respelled(hits, name, wanted)
        order = sorted(hits, key=lambda number: (-hits[number].probability, number))
        kept = (number for number in order if self._passes(hits[number], min_score))
        return [self._candidate(number, hits[number], wanted.given) for number in islice(kept, limit)]

    @staticmethod
    def _passes(hit: _Hit, min_score: float | None) -> bool:
        return hit.probability >= (score.model_of(hit.family).threshold if min_score is None else min_score)

    @staticmethod
    def passes(candidate: Candidate) -> bool:
        """Candidate -> whether the shipped operating point answers it (but for the rounding of its score)."""
        return candidate.score >= score.model_of(family_of(candidate.entity.type)).threshold

    def _candidate(self, number: int, hit: _Hit, given: Given) -> Candidate:
        entity, alias = self._index.entity(number), self._index.alias(hit.alias)
        reasons = list(hit.reasons) or score.reasons_of(hit.numbers, hit.family)
        if alias.kind in score.KIND_ODDS:
            reasons.append(Reason(alias.kind, 1.0, f"the listed form is {_ARTICLE[alias.kind]} one"))
        reasons += evidence_reasons(entity, given)
        return Candidate(entity, round(hit.probability, 4), alias.form, hit.kind, tuple(reasons))

    # ------------------------------------------------------------ the very name

    def _add_exact(self, hits: dict[int, _Hit], name: str, wanted: _Wanted, *, written: str = "") -> bool:
        """Entities that have the name itself (as it was `written`) -> hits, above every other spelling; was there one?"""
        found = [number for reading in fold_readings(name) for number in self._index.exact(reading)]
        if not found:
            return False
        written, any_found = _unmarked(written or name), False
        owners = {self._index.alias_entity[number] for number in found}
        for number in dict.fromkeys(found):
            owner = self._index.alias_entity[number]
            alias, entity = self._index.alias(number), self._index.entity(owner)
            same = _unmarked(alias.form) == written
            if not in_its_case(alias, written) or not _wanted(entity, wanted.types, wanted.lists):
                continue
            any_found = True
            probability = score.exact_probability(alias.kind, same=same)
            probability = _logistic(_log_odds(probability) + min(0.0, evidence_odds(entity, wanted.given)))
            known = hits.get(owner)
            if known is None or probability > known.probability:
                reasons = [score.same_name_reason(same=same)]
                if len(owners) > 1:
                    reasons.append(Reason("shared_name", len(owners), f"{len(owners)} entities have this very name"))
                kind: MatchKind = "exact" if same else "folded"
                hits[owner] = _Hit(family_of(entity.type), probability, number, kind, reasons=tuple(reasons))

        return any_found

    def _add_respelled(self, hits: dict[int, _Hit], name: str, wanted: _Wanted) -> None:
        """Entities that have the name once it is mended in one of the ways of `aliases.respell` -> hits."""
        for guess, way in respelled(name):
            for number in self._index.exact(guess):
                owner, alias = self._index.alias_entity[number], self._index.alias(number)
                entity = self._index.entity(owner)
                if alias.case or not _wanted(entity, wanted.types, wanted.lists):
                    continue
                probability = min(score.RESPELLED, score.KIND_LIMIT.get(alias.kind, 1.0))
                probability = _logistic(_log_odds(probability) + min(0.0, evidence_odds(entity, wanted.given)))
                known = hits.get(owner)
                if known is None or probability > known.probability:
                    hits[owner] = _Hit(family_of(entity.type), probability, number, "variant", reasons=(score.MENDED[way],))

    def _same_letters(self, index: FamilyIndex, contest: Contest, asked: _Asked) -> dict[int, _Hit]:
        """Compared rows -> entities of those that have the very letters, cut otherwise, or the very words in another order."""
        letters = asked.letters
        hits: dict[int, _Hit] = {}
        if len(letters) < MIN_LETTERS:
            return hits
        for place in contest.same_size(asked.size, *self._arrays):
            listed = self._index.folded(contest.row(place)[0])
            if listed.replace(" ", "") == letters or sorted(listed.split()) == sorted(asked.folded.split()):
                hit = self._hit(index, asked, contest, place, score.SAME_LETTERS, whole=True)
                hit.kind, hit.reasons = "folded", (score.same_letters_reason(), *score.reasons_of(hit.numbers, index.family))
                hits.setdefault(self._index.alias_entity[hit.alias], hit)
        return hits

    # ------------------------------------------------------------ other spellings

    def _spellings(self, index: FamilyIndex, asked: _Asked, types: frozenset[str], lists: frozenset[str]) -> dict[int, _Hit]:
        """Name -> entities of a family with a spelling like it that may be answers, each with its probability."""
        allowed = self._allowed(index.family, types, lists) if lists or _narrows(types, index.family) else b""
        contest = index.borrow()
        with self._lock:
            compared = rank.enter(index, contest, asked.name, allowed)
        hits = self._likely(index, contest, asked) | self._same_letters(index, contest, asked) if compared else {}
        index.give_back(contest)
        return hits

    def _likely(self, index: FamilyIndex, contest: Contest, asked: _Asked) -> dict[int, _Hit]:
        """Compared rows, at least one -> the entities that may be answers by the odds of their best rows."""
        model = score.model_of(index.family)
        contest.weigh(model.pair, self._index.alias_entity, self._index.alias_flags, KIND_BITS, _KIND_ODDS)
        if asked.given:
            contest.add_odds([evidence_odds(self._index.entity(owner), asked.given) for owner in contest.owners_of_rows()])
        first = contest.order(model.first, model.first_start, model.first_slope)
        best = model.probability.of(first) + RESOLUTION * _logistic(first / 4)
        least, top = asked.least(model), 0.0
        hits: dict[int, _Hit] = {}
        for place in range(asked.most):
            ranked = contest.entity(place)
            if ranked is None:
                break
            entity, row, odds = ranked
            top = odds if not place else top
            probability = best * math.exp(min(0.0, odds - top))
            if max(probability, SURE) < least:  # what is weighed yet only makes it less
                break
            hits[entity] = self._hit(index, asked, contest, row, probability)
        return hits

    def _hit(
        self,
        index: FamilyIndex,
        asked: _Asked,
        contest: Contest,
        place: int,
        probability: float,
        *,
        whole: bool = False,
    ) -> _Hit:
        alias, numbers = contest.row(place)
        if asked.given:  # what speaks against an answer does so however far ahead of the others it is
            against = min(0.0, evidence_odds(self._index.entity(self._index.alias_entity[alias]), asked.given))
            probability = _logistic(_log_odds(max(SURE, probability)) + against)
        limit = _KIND_LIMIT[self._index.alias_flags[alias] & KIND_BITS]
        if not whole:
            form = self._index.alias(alias).form if numbers[rank.ACRONYM] else ""
            limit = min(limit, ceiling(asked.name, form, numbers, index.family, index.rarity))
        return _Hit(index.family, min(probability, limit), alias, score.kind_of(numbers), numbers)

    # ------------------------------------------------------------ for other rooms

    def listed(self, a: str, b: str, *, type: str | None = None) -> Comparison | None:
        """Two names -> how sure the lists are that they are of one entity, None when no entity has both.

        Of names that several entities have, it is the share of those entities that have both.
        """
        mine, theirs = self._owners(a, type), self._owners(b, type)
        both = mine.keys() & theirs.keys()
        if not both:
            return None
        surest = max(min(mine[owner], theirs[owner]) for owner in both)
        return Comparison(round(surest * len(both) / len(mine.keys() | theirs.keys()), 4), (score.LISTED,))

    def _owners(self, name: str, type: str | None) -> dict[int, float]:
        """Name -> the entities that have it, each with how sure that form of it is."""
        owners: dict[int, float] = {}
        written = _unmarked(name)
        for number in dict.fromkeys(found for reading in fold_readings(name) for found in self._index.exact(reading)):
            owner, alias = self._index.alias_entity[number], self._index.alias(number)
            same = _unmarked(alias.form) == written
            if in_its_case(alias, written) and type in (None, self._index.entity(owner).type):
                owners[owner] = max(owners.get(owner, 0.0), score.exact_probability(alias.kind, same=same))
        return owners

    def verify(self, name: str, aliases: Sequence[int], *, type: str) -> list[float]:
        """Name as written in a text, numbers of aliases of one type -> of each the probability that it is another spelling of it.

        Aliases that match only in their exact case get 0 unless they are written so.
        """
        family = family_of(type)
        odds = self.spelling_odds(name, aliases, family=family)
        return [
            0.0 if self._needs_case(alias, name) else score.pair_probability(family, value)
            for alias, value in zip(aliases, odds, strict=True)
        ]

    def spelling_odds(self, name: str, aliases: Sequence[int], *, family: str) -> list[float]:
        """Name and numbers of aliases of one family -> of each the log odds that both name one entity; NO_ROW when it has no row."""
        flags = self._index.alias_flags
        spellers = self._free[family]
        try:
            speller = spellers.pop()  # working memory that no other thread has
        except IndexError:
            speller = self._speller(family)
        found = speller.compare(prepare(name, family), aliases)
        spellers.append(speller)
        kinds = (_KIND_ODDS[flags[alias] & KIND_BITS] for alias in aliases)
        return [odds if odds == NO_ROW else odds + kind for odds, kind in zip(found, kinds, strict=True)]

    def _speller(self, family: str) -> Speller:
        index, known = self._retrieval.families[family], weights()
        pair = score.model_of(family).pair
        return Speller(index.names.table, index.row_alias, index.searched, index.rarity, known.costs, known.contrast, pair)

    def _needs_case(self, number: int, name: str) -> bool:
        alias = self._index.alias(number)
        return alias.case and alias.form != name

    def _allowed_rows(self, family: str, types: frozenset[str], lists: frozenset[str]) -> bytes:
        """Family, types and lists -> one byte a row of the family, 0 where its entity is not wanted."""
        owner_of, row_alias = self._index.alias_entity, self._retrieval.families[family].row_alias
        wanted: dict[int, bool] = {}
        marks = bytearray()
        for alias in row_alias:
            owner = owner_of[alias]
            if owner not in wanted:
                wanted[owner] = _wanted(self._index.entity(owner), types, lists)
            marks.append(wanted[owner])
        return bytes(marks)


_ARTICLE = {"weak": "a weak", "demonym": "a demonym, not a name:"}


def _narrows(types: frozenset[str], family: str) -> bool:
    """Whether types leave out some of a family that more than one type falls into."""
    return bool(types) and (
        (family == "vessel" and not types >= {"vessel", "aircraft"}) or (family == "other" and not types >= {"event", "other"})
    )


def _wanted(entity: Entity, types: Collection[str] | None, lists: Collection[str] | None) -> bool:
    return (not types or entity.type in types) and (not lists or any(name in lists for name in entity.lists))


def _unmarked(name: str) -> str:
    """Name -> how it is written, case and all, but for marks and other disguises."""
    text = clean(name)
    return (
        text
        if text.isascii()
        else "".join(char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char) not in ("Mn", "Me"))
    )


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
