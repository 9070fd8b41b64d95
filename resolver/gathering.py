"""Segments, and which entity of which stands where -> their columns, as one whole, in that order."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cached_property

from aliases.errors import TooLargeError
from resolver import assemble
from resolver.segments import COLUMNS, Segment

_LIMIT = 1 << 32  # places in a column are numbers of 32 bits
_WIDTHS = {code: array(code).itemsize for code in set(COLUMNS.values())}


class Whole:
    """Entities of several segments in the order of an index. Each column is gathered when it is asked for, and not kept."""

    def __init__(self, segments: Sequence[Segment], order: memoryview) -> None:
        self._segments = segments
        self._order = order  # numbers of entities as they stand in the segments, one segment behind the other
        self.count = len(order)

    def items(self, name: str) -> memoryview:
        """Column with one value an entity -> its values."""
        return taken(self.joined(name), self._order)

    def spans(self, name: str, starts: str) -> tuple[memoryview, memoryview]:
        """Column with a part for each entity, and the column that says where each begins -> both."""
        return spans(self.joined(name), self.joined_starts(starts), self._order)

    def joined(self, name: str) -> memoryview:
        """Column -> that of all segments, one behind the other."""
        if len(self._segments) == 1:
            return self._segments[0].columns[name]
        values = array(COLUMNS[name])
        for segment in self._segments:
            values.frombytes(_bytes(segment.columns[name]))
        return memoryview(values)

    def joined_starts(self, name: str) -> memoryview:
        """Column of places -> that of all segments, counted through."""
        if len(self._segments) == 1:
            return self._segments[0].columns[name]
        values, total = array("I", [0]), 0
        for segment in self._segments:
            shifted = array("I", segment.columns[name][1:])
            assemble.shift_all(memoryview(shifted), total)
            values.extend(shifted)
            total += segment.columns[name][-1]
            if total >= _LIMIT:
                raise TooLargeError(f"the lists are too large for one index: {total} bytes of {name[:-3]}, at most {_LIMIT}")
        return memoryview(values)

    @cached_property
    def list_sets(self) -> tuple[list[tuple[str, ...]], memoryview]:
        """-> the sets of lists that entities are on, in the order of their first entity; and the number of each entity's set."""
        known: dict[tuple[str, ...], int] = {}
        numbers = array("I")
        for segment in self._segments:
            of_set = [known.setdefault(names, len(known)) for names in segment.list_sets]
            numbers.extend(map(of_set.__getitem__, segment.columns["list_set"]))
        mine = taken(memoryview(numbers), self._order)
        order, out = numbered(mine, memoryview(array("I", range(len(known)))))
        names = list(known)
        return [names[number] for number in order], out

    @cached_property
    def word_base(self) -> array[int]:
        """-> of each segment how many words those before it have."""
        base = array("I", [0])
        for segment in self._segments:
            base.append(base[-1] + len(segment.columns["word_at"]) - 1)
        return base

    @cached_property
    def same_word(self) -> memoryview:
        """-> for every word of the segments the first that is the same."""
        if len(self._segments) == 1:
            return memoryview(array("I", range(self.word_base[-1])))
        known: dict[bytes, int] = {}
        same = array("I")
        for segment, base in zip(self._segments, self.word_base, strict=False):
            words = pieces(segment.columns["word"], segment.columns["word_at"])
            same.extend(known.setdefault(word, base + number) for number, word in enumerate(words))
        return memoryview(same)

    def words(self, name: str) -> tuple[memoryview, memoryview]:
        """Column of numbers of words -> these of all entities, as they stand in the segments, and where those of each begin."""
        values = array("I")
        for segment, base in zip(self._segments, self.word_base, strict=False):
            shifted = array("I", segment.columns[name])
            assemble.shift_all(memoryview(shifted), base)
            values.extend(shifted)
        return spans(memoryview(values), self.joined_starts(f"{name}_at"), self._order)


def pieces(data: memoryview, starts: memoryview) -> list[bytes]:
    """Bytes and where each piece begins -> the pieces."""
    whole = bytes(data)
    return [whole[starts[k] : starts[k + 1]] for k in range(len(starts) - 1)]


def taken(values: memoryview, order: memoryview) -> memoryview:
    """Values and numbers of some -> these."""
    out = assemble.room(values.format, len(order))
    assemble.copy_items(_bytes(values), order, values.itemsize, _bytes(out))
    return out


def spans(values: memoryview, starts: memoryview, order: memoryview) -> tuple[memoryview, memoryview]:
    """Values in spans, where each begins, and numbers of some -> these, one behind the other, and where each begins."""
    at = assemble.room("I", len(order) + 1)
    total = assemble.span_starts(starts, order, at)
    if total >= _LIMIT:
        raise TooLargeError(f"the lists are too large for one index: {total} values in one column, at most {_LIMIT}")
    out = assemble.room(values.format, total)
    assemble.copy_spans(_bytes(values), starts, order, values.itemsize, _bytes(out))
    return out, at


def numbered(words: memoryview, same: memoryview) -> tuple[memoryview, memoryview]:
    """Words, and for each word which it is the same as -> the distinct ones as they are met, and the number of each of `words`."""
    seen = array("I", b"\xff" * (4 * len(same)))
    order, out = assemble.room("I", len(same)), assemble.room("I", len(words))
    count = assemble.number_words(words, same, memoryview(seen), out, order)
    return order[:count], out


def _bytes(values: memoryview) -> memoryview:
    return values.cast("B")
