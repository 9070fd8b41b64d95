"""The library's door: one object over one generation, which every other door calls."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from os import PathLike
from pathlib import Path

from aliases.entity import ENTITY_TYPES, MAX_NAME, Entity
from aliases.errors import InvalidError, TooLargeError, UnknownError
from aliases.fold import fold_name
from resolver import budget, score
from resolver.generations import FILE, current_generation, seeds_generation
from resolver.index import Index
from resolver.listing import Listing
from resolver.lookup import Lookup
from resolver.match import Candidate, Comparison, Mention
from resolver.mentions import MentionFinder, Overlaps


class Resolver:
    """Answers questions about names and texts from one data generation."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.data: Path | None = None  # the data directory, None over the shipped seeds
        self.on_mentions: Callable[[str, Sequence[Mention]], None] | None = None  # is told what every text mentions
        self._listing = Listing(index)

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self.index)

    @cached_property
    def _finder(self) -> MentionFinder:
        return MentionFinder(self.index, lookup=self._lookup)

    @classmethod
    def open(cls, data: str | PathLike[str] | None = None) -> Resolver:
        """Data directory -> Resolver over its current generation; without one, over the shipped seeds.

        Raises MissingDataError when there is no such directory or nothing in it, NotReadyError when its generation is damaged
        or was compiled by another version of aka.
        """
        directory = seeds_generation() if data is None else current_generation(Path(data))
        resolver = cls(Index.open(directory))
        resolver.data = None if data is None else Path(data)
        return resolver

    def warmed(self) -> Resolver:
        """-> the same, when all that the first question would wait for was loaded; NotReadyError when that is damaged."""
        self._lookup.lookup("a", min_score=0.0)
        self._finder.find("A")
        return self

    @property
    def generation(self) -> str:
        """Id of the data generation that answers: equal ids and equal versions of aka give equal answers."""
        return self.index.generation

    @property
    def record(self) -> Path | None:
        """The record (`aka.db`) of the data directory that answers; None for the shipped seeds, and for a generation alone."""
        path = self.index.directory.parent.parent / FILE
        return path if path.is_file() else None

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
        """Name -> candidates, best first, [] when nothing fits; `min_score=None` the shipped operating point, 0 all."""
        self._check(types=types, lists=lists, min_score=min_score)
        _check_name(name)
        return self._lookup.lookup(
            name, types=types, lists=lists, limit=limit, min_score=min_score, country=country, birth_date=birth_date
        )

    def lookup_many(
        self,
        names: Iterable[str],
        *,
        types: Collection[str] | None = None,
        lists: Collection[str] | None = None,
        limit: int = 5,
        min_score: float | None = None,
        country: str | None = None,
        birth_date: str | None = None,
    ) -> list[list[Candidate]]:
        """Names -> for each what `lookup` answers, in order."""
        found = []
        for name in names:
            budget.check()
            found.append(
                self.lookup(
                    name, types=types, lists=lists, limit=limit, min_score=min_score, country=country, birth_date=birth_date
                )
            )
        return found

    def mentions(
        self,
        text: str,
        *,
        types: Collection[str] | None = None,
        lists: Collection[str] | None = None,
        min_score: float | None = None,
        overlaps: Overlaps = "longest",
    ) -> list[Mention]:
        """Text -> mentions by start; offsets are code points of `text`, half-open, and `surface == text[start:end]`.

        `min_score=1` finds listed forms only, case, marks and punctuation aside, whatever stands around them, each with score 1.
        """
        if (
            types is not None or lists is not None or min_score != 1
        ):  # the shortest way is for exact mentions: a text takes some 6 us
            self._check(types=types, lists=lists, min_score=min_score)
        if overlaps != "longest" and overlaps != "all":
            raise InvalidError(f"overlaps '{overlaps}' is unknown: use longest or all")
        if min_score == 1:
            found = self._finder.sure(text, types, lists, overlaps)
        else:
            found = self._finder.find(text, types=types, lists=lists, min_score=min_score, overlaps=overlaps)
        if self.on_mentions and overlaps == "longest":  # whoever wants both ways of a text has it told once
            self.on_mentions(text, found)
        return found

    def mentions_and_overlaps(
        self,
        text: str,
        *,
        types: Collection[str] | None = None,
        lists: Collection[str] | None = None,
        min_score: float | None = None,
    ) -> tuple[list[Mention], list[Mention]]:
        """Text -> what `mentions` answers, and every reading of any span, likely or not: those that overlap a mention say what
        else it could be part of, or what stands inside it."""
        self._check(types=types, lists=lists, min_score=min_score)
        found, every = self._finder.find_with_overlaps(text, types=types, lists=lists, min_score=min_score)
        if self.on_mentions:
            self.on_mentions(text, found)
        return found, every

    def mentions_many(
        self,
        texts: Iterable[str],
        *,
        types: Collection[str] | None = None,
        lists: Collection[str] | None = None,
        min_score: float | None = None,
        overlaps: Overlaps = "longest",
    ) -> Iterator[list[Mention]]:
        """Texts -> for each what `mentions` answers, in order, as they come."""
        for text in texts:
            yield self.mentions(text, types=types, lists=lists, min_score=min_score, overlaps=overlaps)

    def compare(self, a: str, b: str, *, type: str | None = None) -> Comparison:
        """Two names -> how likely it is that they mean one entity, by their spelling or because a list gives both to one."""
        _check_types(None if type is None else [type])
        _check_name(a)
        _check_name(b)
        spelled, listed = score.compare(a, b, type=type), self._lookup.listed(a, b, type=type)
        return listed if listed is not None and listed.score > spelled.score else spelled

    def entity(self, entity_id: str) -> Entity | None:
        """Id -> the entity with all its aliases, None when there is none; an id that was merged away leads to what it became."""
        number = self.index.entity_number(self.index.merged.get(entity_id, entity_id))
        return None if number is None else self.index.entity(number)

    def entities(
        self,
        q: str = "",
        *,
        type: str | None = None,
        list: str | None = None,
        cursor: str = "",
        limit: int = 50,
    ) -> tuple[builtins.list[Entity], str]:
        """Filter -> a page of entities by id and the cursor of the next page ('' on the last); `q` is a folded part of a name."""
        self._check(types=None if type is None else [type], lists=None if list is None else [list], min_score=None)
        numbers = self._listing.numbers(self._after(cursor), part=fold_name(q), type=type, list=list)
        page = [self.index.entity(number) for number in islice(numbers, limit)]
        return page, page[-1].id if page and next(numbers, None) is not None else ""

    def _after(self, cursor: str) -> int:
        """Cursor -> number of the first entity behind it."""
        if not cursor:
            return 0
        number = self.index.entity_number(cursor)
        if number is None:
            raise UnknownError(f"cursor '{cursor}' is no entity of this generation: start again without a cursor")
        return number + 1

    def lists(self) -> builtins.list[str]:
        """-> names of all watch lists, sorted."""
        return self.index.lists()

    def _check(self, *, types: Collection[str] | None, lists: Collection[str] | None, min_score: float | None) -> None:
        _check_types(types)
        known = self.index.lists() if lists else ()
        for name in lists or ():
            if name not in known:
                raise InvalidError(f"list '{name}' is unknown: use one of {' '.join(known) or '(there is none)'}")
        if min_score is not None and not 0 <= min_score <= 1:
            raise InvalidError(f"min_score {min_score} is not allowed: give a number from 0 to 1")


def _check_types(types: Collection[str] | None) -> None:
    if isinstance(types, str):
        raise InvalidError(f"types '{types}' is one string: give a list, ['{types}']")
    for name in types or ():
        if name not in ENTITY_TYPES:
            raise InvalidError(f"type '{name}' is unknown: use one of {' '.join(ENTITY_TYPES)}")


def _check_name(name: str) -> None:
    if len(name) > MAX_NAME:
        raise TooLargeError(f"the name has {len(name)} characters, at most {MAX_NAME} are allowed: give a name, not a text")
    if not name.strip():
        raise InvalidError("the name is empty: give at least one letter or digit")
