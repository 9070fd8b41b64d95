"""Filters -> the entities that pass them, by id, found in the folded names of the index without decoding any entity."""

from __future__ import annotations

import builtins
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from aliases.entity import ENTITY_TYPES

if TYPE_CHECKING:
    from resolver.index import Index

MAX_LISTS = 16  # lists whose entities are remembered, a byte an entity

_Next = Callable[[int], int]  # entity number -> the next one, itself included, that passes one filter


class Listing:
    """Walks the entities of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._on_list = lru_cache(maxsize=MAX_LISTS)(self._marks)

    def numbers(self, first: int, *, part: str = "", type: str | None = None, list: str | None = None) -> Iterator[int]:
        """Entity number to begin with, folded part of a name, type, list -> numbers of the entities that pass, rising.

        Each filter leaps to its next entity; an entity that all of them name passes.
        """
        filters = self._filters(part, type, list)
        at = first
        while at < self._index.entity_count:
            reached = max((following(at) for following in filters), default=at)
            if reached == at:
                yield at
                at += 1
            else:
                at = reached

    def _filters(self, part: str, type: str | None, list: str | None) -> builtins.list[_Next]:
        filters: builtins.list[_Next] = []
        if part:
            filters.append(lambda at: self._named(part.encode("utf-8", "surrogatepass"), at))
        if type:
            kind = bytes([ENTITY_TYPES.index(type)])
            filters.append(lambda at: self._found(self._index.find("entity_type", kind, at)))
        if list:
            marks = self._on_list(list)
            filters.append(lambda at: self._found(marks.find(b"\1", at)))
        return filters

    def _named(self, part: bytes, at: int) -> int:
        starts = self._index.arrays["folded_at"]
        place = self._index.find("folded", part, starts[at])
        return self._index.entity_count if place < 0 else bisect_right(starts, place) - 1

    def _found(self, place: int) -> int:
        return self._index.entity_count if place < 0 else place

    def _marks(self, name: str) -> bytes:
        """List -> one byte an entity, 1 where it is on the list."""
        holds = bytes(name in names for names in self._index.list_sets)
        return bytes(map(holds.__getitem__, self._index.entity_list_set))
