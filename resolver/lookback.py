"""Two versions of a list and earlier questions -> those that would now be answered differently: what must be looked at again.

Both states are compiled with the other lists as they are served now, so that a difference can only come from the list; where one of
them is the state that is served, its generation is used as it is. What was worked out for entities that both have in common, or that
are served, is not worked out again. Nothing in the data directory changes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import msgspec

from aliases import changes, joined, strict_json
from aliases.entity import Entity
from aliases.errors import InvalidError, MalformedError
from aliases.store import FILE, Store, Version, current_generation
from resolver import compiling, publish, questions
from resolver.index import Index
from resolver.publish import Progress
from resolver.resolve import Resolver

MAX_LINE = 16_000_000  # bytes of one saved text
_MOVED = 0.05  # change of the score of a candidate that is told; smaller ones come with every change of a list


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """One earlier question: a text that was searched, or a name that was looked up, with the filters that it had."""

    id: str | int = ""
    text: str | None = None
    name: str | None = None
    types: list[str] | None = None
    lists: list[str] | None = None
    min_score: float | None = None
    country: str | None = None
    birth_date: questions.BirthDate | None = None


class Found(msgspec.Struct, frozen=True):
    """One part of an answer: a mention of a text, or a candidate of a name."""

    entity: str
    name: str
    score: float
    matched: str
    start: int | None = None
    end: int | None = None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A question whose answer changed, and what came and went."""

    id: str | int
    kind: Literal["text", "name"]
    gained: tuple[Found, ...]
    lost: tuple[Found, ...]


class Between(msgspec.Struct, frozen=True, kw_only=True):
    """The two states that are compared."""

    list: str
    old: Version
    new: Version
    before: Resolver
    after: Resolver

    def differences(self, saved: Iterable[Saved]) -> Iterator[Difference]:
        """Earlier questions -> those that the two states answer differently, in order; InvalidError when one cannot be asked."""
        for one in saved:
            old, new = (_answer(resolver, one) for resolver in (self.before, self.after))
            gained = tuple(found for key, found in new.items() if _differs(found, old.get(key)))
            lost = tuple(found for key, found in old.items() if _differs(found, new.get(key)))
            if gained or lost:
                yield Difference(id=one.id, kind="name" if one.text is None else "text", gained=gained, lost=lost)


@contextmanager
def between(
    data: Path, list_name: str, *, old: int | None = None, new: int | None = None, progress: Progress | None = None
) -> Iterator[Between]:
    """Data directory, list and two of its versions (the last two without) -> both states, ready to answer, while inside.

    UnknownError when there is no such list or version; NotReadyError when what is served cannot be opened.
    """
    with Store.open(data / FILE) as store, tempfile.TemporaryDirectory(prefix="aka-lookback-") as folder:
        first = changes.version(store, list_name, old, before=1)
        last = changes.version(store, list_name, new)
        room = _prepared(data, Path(folder) / publish.PREPARED)
        states = [
            _resolver(store, data, version, Path(folder) / str(place), room, progress)
            for place, version in enumerate((first, last))
        ]
        try:
            yield Between(list=list_name, old=first, new=last, before=states[0], after=states[1])
        finally:
            del states  # lets go of the files, which Windows would not remove otherwise


def _prepared(data: Path, room: Path) -> Path:
    """Data directory and a directory to make -> that one, with what was prepared for the served generation linked into it.

    A link that cannot be made costs time only, as does a file that an import removes meanwhile.
    """
    room.mkdir()
    for path in sorted((data / publish.PREPARED).glob("*.segment")):
        with suppress(OSError):
            (room / path.name).symlink_to(path.resolve())
    return room


def _resolver(store: Store, data: Path, version: Version, directory: Path, room: Path, progress: Progress | None) -> Resolver:
    live = store.live_versions()
    if live.get(version.list) == version.id and not store.waiting():
        return Resolver(Index.open(data / publish.GENERATIONS / current_generation(data)))
    versions = {**live, version.list: version.id}
    served = joined.served(store, data, versions)
    told = _told(served.entities, store.count(versions), progress)
    compiling.compile_generation(told, directory, prepared=room, stamp_more={publish.MERGED: served.merged})
    return Resolver(Index.open(directory))


def _told(entities: Iterable[Entity], total: int, progress: Progress | None) -> Iterator[Entity]:
    for number, entity in enumerate(entities):
        if progress and number % 1_000 == 0:
            progress(number, total, "compile")
        yield entity


def _answer(resolver: Resolver, saved: Saved) -> Mapping[object, Found]:
    # A list that the older state did not have yet answers nothing, which is no error here.
    lists = None if saved.lists is None else [name for name in saved.lists if name in resolver.lists()]
    if saved.lists and not lists:
        return {}
    if saved.text is not None:
        mentions = resolver.mentions(saved.text, types=saved.types, lists=lists, min_score=saved.min_score)
        return {
            (one.start, one.end, one.entity.id): Found(
                one.entity.id, one.entity.name, round(one.score, 4), one.matched, one.start, one.end
            )
            for one in mentions
        }
    if saved.name is None:
        raise InvalidError(f"the question {saved.id!r} has neither a text nor a name: give one of them")
    candidates = resolver.lookup(
        saved.name, types=saved.types, lists=lists, min_score=saved.min_score, country=saved.country, birth_date=saved.birth_date
    )
    return {one.entity.id: Found(one.entity.id, one.entity.name, round(one.score, 4), one.matched) for one in candidates}


def _differs(found: Found, other: Found | None) -> bool:
    if other is None:
        return True
    return found.start is None and abs(found.score - other.score) >= _MOVED


def saved(lines: Iterable[bytes]) -> Iterator[tuple[int, Saved | str]]:
    """JSON Lines of saved questions -> line number, and the question or what is wrong with the line; blank lines are passed over.

    A question without an id is known by the number of its line.
    """
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            if len(raw) > MAX_LINE:
                raise InvalidError(f"the line has {len(raw):,} bytes, at most {MAX_LINE:,} are read")
            one = msgspec.convert(strict_json.decode(raw), Saved)
            if (one.text is None) == (one.name is None):
                raise InvalidError("the line must have a text or a name, and not both")
        except (MalformedError, InvalidError) as error:
            yield number, error.detail
        except msgspec.ValidationError as error:
            yield number, str(error)
        else:
            yield number, one if one.id != "" else msgspec.structs.replace(one, id=number)
