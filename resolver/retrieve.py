"""Names of an index -> flat arrays; and from these, for a name, the rows that may be another spelling of it.

Every reading of every alias is a row of the table of its family. A row is found by the cosine of rarity-weighted keys in three
views (`resolver.grams`), and an organization by its initials as well. What is found is a guess: `resolver.score` decides.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import NamedTuple

from aliases.romanize import ORIGINS
from resolver import grams
from resolver.align import Table
from resolver.contest import Contest
from resolver.features import COLUMNS, Names, Rarity, StoredCounts
from resolver.finding import Postings, Seeker, find
from resolver.fitted import at_large, weights
from resolver.prepare import FAMILIES, Prepared

ROOMS = (80, 40, 40, 50)  # rows kept by the sum of the cosines, and by each; together about 120 different ones
# The same of names in scripts that leave vowels unwritten or are read in several ways, of which more rows are as near: of Arabic names
# of places, the right entity is then among the rows for 94.1 % instead of 92.1 %, and comes first for 79.0 % instead of 77.8 %.
WIDE_ROOMS = (160, 80, 80, 100)
UNSURE = frozenset(map(ORIGINS.index, ("Arab", "Hebr", "Kore", "Hani")))
BUDGETS = (6_000, 6_000, 10_000)  # rows of all keys of a view that are added up, the rarest keys first
MAX_ACRONYM_ROWS = 200  # rows of one acronym; more would say nothing
_NONE: dict[int, int] = {}
_spare: dict[tuple[int, ...], list[Seeker]] = {ROOMS: [], WIDE_ROOMS: []}  # working memory that no call is using


class Found(NamedTuple):
    """Rows that may be the name."""

    rows: array[int]
    cosines: array[float]  # the sum of the three of each row
    acronyms: Mapping[int, int]  # row -> length of the acronym that ties it to the name
    rivals: int  # how many rows that acronym ties


class FamilyIndex:
    """The names of one family: their table, and how to find rows of it."""

    def __init__(self, arrays: Mapping[str, memoryview], family: str) -> None:
        prefix = f"names.{family}."
        self.family = family
        self.names = Names(Table({column: arrays[prefix + column] for column in COLUMNS}))
        self.row_alias = arrays[prefix + "row_alias"]
        self.searched = arrays[prefix + "searched"][0]
        self.rarity = Rarity(StoredCounts(len(self.row_alias), arrays, prefix), at_large(family))
        keys, starts, rows = ([arrays[f"{prefix}{view}.{part}"] for view in grams.VIEWS] for part in ("keys", "starts", "rows"))
        self._postings = Postings(self.names.table, self.searched, arrays[prefix + "norms"], keys, starts, rows)
        self._initials, self._initials_rows = arrays[prefix + "initials"], arrays[prefix + "initials_rows"]
        self._acronyms, self._acronyms_rows = arrays[prefix + "acronyms"], arrays[prefix + "acronyms_rows"]
        self._spare: list[Contest] = []

    def contest(self, rarity: Rarity | None = None) -> Contest:
        """-> working memory for names that are compared with this family; `rarity` of their words is that of the family unless given."""
        return Contest(self._postings, self.names.table, self.row_alias, rarity or self.rarity)

    def borrow(self) -> Contest:
        """-> working memory that no other call is using, for one name; `give_back` it."""
        try:
            contest = self._spare.pop()
        except IndexError:
            contest = self.contest()
        contest.begin()
        return contest

    def give_back(self, contest: Contest) -> None:
        """Working memory that was borrowed -> another call may use it."""
        self._spare.append(contest)

    def enter(self, contest: Contest, name: Prepared, allowed: bytes = b"") -> None:
        """One reading of a name -> its nearest rows, compared, in the contest; `allowed`: one byte a row, 0 leaves it out."""
        if not self.searched:
            return
        acronyms, rivals = self._by_acronym(name, allowed)
        rooms, known = WIDE_ROOMS if name.origin in UNSURE else ROOMS, weights()
        seeker = _borrowed(rooms)
        contest.add(seeker, name, memoryview(allowed), acronyms, rivals, known.costs, known.contrast)
        _spare[rooms].append(seeker)

    def find(self, table: Names, row: int, name: Prepared, allowed: bytes = b"") -> Found:
        """A row of names (and the name it is made of) -> rows of this family; `allowed`: one byte a row, 0 leaves it out."""
        if not self.searched:
            return Found(array("I"), array("f"), {}, 0)
        rows, cosines = self._nearest(table, row, allowed, WIDE_ROOMS if name.origin in UNSURE else ROOMS)
        acronyms, rivals = self._by_acronym(name, allowed)
        if acronyms:
            known = set(rows)
            more = array("I", (row for row in acronyms if row not in known))
            rows, cosines = rows + more, cosines + array("f", bytes(4 * len(more)))
        return Found(rows, cosines, acronyms, rivals)

    def _nearest(self, table: Names, row: int, allowed: bytes, rooms: tuple[int, ...]) -> tuple[array[int], array[float]]:
        """A row of names -> as many rows of this family as there is room for, and the sum of the three cosines of each."""
        room = sum(_rough(rooms))
        rows, cosines = array("I", bytes(4 * room)), array("f", bytes(4 * room))
        seeker = _borrowed(rooms)
        kept = find(seeker, self._postings, table.table, row, memoryview(allowed), memoryview(rows), memoryview(cosines))
        _spare[rooms].append(seeker)
        return rows[:kept], cosines[:kept]

    def _by_acronym(self, name: Prepared, allowed: bytes) -> tuple[dict[int, int], int]:
        """Name -> rows that it is an acronym of, or that are an acronym of it, with its length; and how many there are."""
        if not name.acronym and not name.initials:
            return _NONE, 0
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


def _rough(rooms: tuple[int, ...]) -> list[int]:
    """Rows to keep -> how many are while keys that too many rows have are left out."""
    return [room * 3 // 2 for room in rooms]


def _borrowed(rooms: tuple[int, ...]) -> Seeker:
    """Rows to keep -> working memory for it that no other call is using."""
    try:
        return _spare[rooms].pop()
    except IndexError:
        return Seeker(*(memoryview(array("i", numbers)) for numbers in (BUDGETS, rooms, _rough(rooms))))


def _rows_of(keys: memoryview, rows: memoryview, letters: str) -> memoryview:
    key = zlib.crc32(letters.encode())
    return rows[bisect_left(keys, key) : bisect_right(keys, key)]


class Retrieval:
    """Arrays of an index -> for each family a FamilyIndex."""

    def __init__(self, arrays: Mapping[str, memoryview]) -> None:
        self.families = {family: FamilyIndex(arrays, family) for family in FAMILIES}
