"""A text -> where listed forms stand in it: the certain part of tagging, and all of it when only exact mentions are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from aliases import fold
from aliases.entity import ENTITY_TYPES
from resolver import words
from resolver.certain import MOST_KEPT, Certain
from resolver.forms import Forms
from resolver.index import Index
from resolver.match import Mention
from resolver.readings import Found, read
from resolver.tokenizer import LEAST_ROOM, Room, load

ALL_TYPES = (1 << len(ENTITY_TYPES)) - 1

Row = tuple[int, int, int, int, int, int]  # start, end, alias, entity, place in KINDS, start without the article


class Listed:
    """Finds the listed forms of one index."""

    def __init__(self, index: Index) -> None:
        self._list_sets = index.list_sets
        self.forms = Forms(index.automaton, index.arrays, words.table())
        self._free: list[tuple[Room, Found]] = []
        self._tell = Certain(self.forms, index, self._free).tell

    @contextmanager
    def room(self, text: str) -> Iterator[tuple[Room, Found]]:
        """Undisguised text -> working memory that holds it, which no other thread has meanwhile."""
        room, found = self._take(text)
        load(room, text)
        yield room, found
        self.give(room, found)

    def take(self, text: str) -> tuple[Room, Found, fold.Folded | None]:
        """Text -> working memory that holds its undisguised form, for as long as it is not given back; and that form, None when it
        is as it was."""
        room, found = self._take(text)
        plain = None if load(room, text) else fold.undisguise(text)
        if plain is not None:
            load(room, plain.text)
        return room, found, plain

    def read(
        self, room: Room, found: Found, text: str, types: int, sets: bytes | None
    ) -> tuple[list[Row], list[tuple[int, int]]]:
        """Undisguised text and its room -> the closest reading of each entity in each span, by start, then end; spans of demonyms.

        `types` and `sets` are those that are `wanted`. The room holds the tokens of the text then.
        """
        return read(self.forms, room, found, text, types, sets)

    def sure(self, text: str, types: Collection[str] | None, lists: Collection[str] | None, overlaps: str) -> list[Mention]:
        """Text -> mentions of what is a listed form but for its dress, whatever stands around it; nothing is weighed, all score 1."""
        if types is None and lists is None:
            return self._tell(text, ALL_TYPES, None, overlaps != "all")
        return self._tell(text, *self.wanted(types, lists), overlaps != "all")

    def wanted(self, types: Collection[str] | None, lists: Collection[str] | None) -> tuple[int, bytes | None]:
        """Types and lists that are asked for -> bit set of types, and for each set of lists of the index whether it is wanted."""
        if types is None and lists is None:
            return ALL_TYPES, None
        wanted = ALL_TYPES if types is None else sum(1 << at for at, name in enumerate(ENTITY_TYPES) if name in types)
        if lists is None:
            return wanted, None
        return wanted, bytes(not set(lists).isdisjoint(names) for names in self._list_sets) or b"\0"

    def _take(self, text: str) -> tuple[Room, Found]:
        """Text -> working memory for it, which no other thread has."""
        try:
            room, found = self._free.pop()
        except IndexError:
            room, found = Room(max(LEAST_ROOM, len(text))), Found()
        return (room if len(text) <= room.size else Room(len(text)), found)

    def give(self, room: Room, found: Found) -> None:
        """Working memory -> it is free again."""
        if room.size <= MOST_KEPT:
            self._free.append((room, found))
