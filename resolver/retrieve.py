"""Names of an index -> flat arrays; and from these, for a name, the rows that may be another spelling of it.

Every reading of every alias is a row of the table of its family. A row is found by the cosine of rarity-weighted keys in three
views (`resolver.grams`), and an organization by its initials as well. What is found is a guess: `resolver.score` decides.
"""

from __future__ import annotations

import math
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from resolver import assemble, grams, sums
from resolver.features import COLUMNS, Names, Rarity, StoredCounts
from resolver.fitted import at_large
from resolver.prepare import FAMILIES, Prepared

ROOMS = (80, 40, 40, 50)  # rows kept by the sum of the cosines, and by each; together about 120 different ones
BUDGETS = (6_000, 6_000, 10_000)  # rows of all keys of a view that are added up, the rarest keys first
MAX_ACRONYM_ROWS = 200  # rows of one acronym; more would say nothing
_ROOMS = memoryview(array("i", ROOMS))
_ROUGH = memoryview(array("i", (room * 3 // 2 for room in ROOMS)))  # while keys that too many rows have are left out
_spare: list[sums.Sums] = []  # working memory that no call is using


class Found(NamedTuple):
    """Rows that may be the name."""

    rows: array[int]
    cosines: array[float]  # the sum of the three of each row
    acronyms: Mapping[int, int]  # row -> length of the acronym that ties it to the name
    rivals: int  # how many rows that acronym ties


class _Asked(NamedTuple):
    """A query in one view."""

    wanted: memoryview  # its keys, sorted, each once
    places: memoryview  # of each among the keys of the family
    weights: memoryview  # of each, 0 where no row has it
    scale: float  # 1 / its length


class _View:
    """One view of one family."""

    def __init__(self, arrays: Mapping[str, memoryview], prefix: str) -> None:
        self.keys, self.starts = arrays[prefix + "keys"], arrays[prefix + "starts"]
        self.rows = arrays[prefix + "rows"]


class FamilyIndex:
    """The names of one family: their table, and how to find rows of it."""

    def __init__(self, arrays: Mapping[str, memoryview], family: str) -> None:
        prefix = f"names.{family}."
        self.family = family
        self.names = Names({column: arrays[prefix + column] for column in COLUMNS})
        self.row_alias = arrays[prefix + "row_alias"]
        self.searched = arrays[prefix + "searched"][0]
        self.rarity = Rarity(StoredCounts(len(self.row_alias), arrays, prefix), at_large(family))
        self._views = [_View(arrays, f"{prefix}{view}.") for view in grams.VIEWS]
        self._norms = arrays[prefix + "norms"]
        self._initials, self._initials_rows = arrays[prefix + "initials"], arrays[prefix + "initials_rows"]
        self._acronyms, self._acronyms_rows = arrays[prefix + "acronyms"], arrays[prefix + "acronyms_rows"]

    def find(self, table: Names, row: int, name: Prepared, allowed: bytes = b"") -> Found:
        """A row of names (and the name it is made of) -> rows of this family; `allowed`: one byte a row, 0 leaves it out."""
        if not self.searched:
            return Found(array("I"), array("f"), {}, 0)
        rows, cosines = self._nearest([self._asked(table, row, view) for view in range(len(self._views))], allowed)
        acronyms, rivals = self._by_acronym(name, allowed)
        more = [row for row in acronyms if row not in set(rows)]
        return Found(rows + array("I", more), cosines + array("f", bytes(4 * len(more))), acronyms, rivals)

    def _asked(self, table: Names, row: int, place: int) -> _Asked:
        """Query in one view -> its keys as this family has them."""
        keys, text = assemble.room("I", grams.MAX_KEYS), memoryview(bytearray(grams.MAX_LENGTH))
        first, last = table.row_start[row], table.row_start[row + 1]
        codes = table.symbols if place == grams.LETTERS else table.skeletons
        count = grams.row_keys(table.row_words, first, last, *codes, place, text, keys)
        wanted = memoryview(array("I", sorted(set(keys[:count]))))
        places, weights = assemble.room("I", len(wanted)), assemble.room("f", len(wanted))
        view = self._views[place]
        length = sums.weigh_keys(wanted, view.keys, view.starts, float(self.searched), places, weights)
        return _Asked(wanted, places, weights, 1 / math.sqrt(length) if length > 0 else 0.0)

    def _nearest(self, asked: Sequence[_Asked], allowed: bytes) -> tuple[array[int], array[float]]:
        """Query in its views -> rows, about 120 of them, and the sum of the three cosines of each."""
        try:
            gathered = _spare.pop()
        except IndexError:
            gathered = sums.Sums(sum(BUDGETS))
        cut = [
            gathered.add(place, keys.places, keys.weights, view.starts, view.rows, BUDGETS[place])
            for place, (keys, view) in enumerate(zip(asked, self._views, strict=True))
        ]
        norms, lengths = self._norms, memoryview(array("f", (keys.scale for keys in asked)))
        room = sum(_ROUGH)
        rows, found = assemble.room("I", room), assemble.room("f", 3 * room)
        count = gathered.choose(norms, lengths, memoryview(allowed), _ROUGH if any(cut) else _ROOMS, rows, found)
        _spare.append(gathered)
        for place, left_out in enumerate(cut):
            if left_out:  # the sums of the best rows are made whole: keys that too many rows have count for these
                codes = self.names.symbols if place == grams.LETTERS else self.names.skeletons
                keys = asked[place]
                grams.weigh_rows(
                    rows, count, self.names.row_start, self.names.row_words, *codes, place, keys.wanted, keys.weights, found
                )
        out, cosines = array("I", bytes(4 * room)), array("f", bytes(4 * room))
        kept = sums.pick(rows, count, found, norms, lengths, _ROOMS, memoryview(out), memoryview(cosines))
        return out[:kept], cosines[:kept]

    def _by_acronym(self, name: Prepared, allowed: bytes) -> tuple[dict[int, int], int]:
        """Name -> rows that it is an acronym of, or that are an acronym of it, with its length; and how many there are."""
        found: dict[int, int] = {}
        if name.acronym:
            for row in _rows_of(self._initials, self._initials_rows, name.acronym):
                found[row] = len(name.acronym)
        for letters in name.initials:
            for row in _rows_of(self._acronyms, self._acronyms_rows, letters):
                found[row] = max(len(letters), found.get(row, 0))
        if allowed:
            found = {row: length for row, length in found.items() if row >= len(allowed) or allowed[row]}
        return (found, len(found)) if len(found) <= MAX_ACRONYM_ROWS else ({}, 0)


def _rows_of(keys: memoryview, rows: memoryview, letters: str) -> memoryview:
    key = zlib.crc32(letters.encode())
    return rows[bisect_left(keys, key) : bisect_right(keys, key)]


class Retrieval:
    """Arrays of an index -> for each family a FamilyIndex."""

    def __init__(self, arrays: Mapping[str, memoryview]) -> None:
        self.families = {family: FamilyIndex(arrays, family) for family in FAMILIES}
