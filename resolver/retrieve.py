"""Names of an index -> flat arrays; and from these, for a name, the rows that may be another spelling of it.

Every reading of every alias is a row of the table of its family. A row is found by the cosine of rarity-weighted keys in three
views (`resolver.grams`), and an organization by its initials as well. What is found is a guess: `resolver.score` decides.
"""

from __future__ import annotations

import math
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from aliases.entity import Alias
from aliases.keys import skeleton
from resolver import grams
from resolver.features import COLUMNS, Names, Rarity, StoredCounts, count_words, counts_arrays, tabulate
from resolver.fitted import at_large
from resolver.prepare import FAMILIES, Prepared, family_of, prepare

ROOMS = (80, 40, 40, 50)  # rows kept by the sum of the cosines, and by each; together about 120 different ones
BUDGET = 50_000  # rows of one key that are added up; 32 keys of that many are two milliseconds
MIN_COSINE = 0.01
MAX_ACRONYM_ROWS = 200  # rows of one acronym; more would say nothing
_CHUNK = 10_000  # rows keyed at a time
_KEYS_PER_ROW = 1_000  # at most: 300 codes with two keys each, and 300 more of the joined name

Array: TypeAlias = "array[int] | array[float]"


class Found(NamedTuple):
    """Rows that may be the name."""

    rows: array[int]
    cosines: array[float]  # the sum of the three of each row
    acronyms: Mapping[int, int]  # row -> length of the acronym that ties it to the name
    rivals: int  # how many rows that acronym ties


# ---------------------------------------------------------------- build


def build(aliases: Sequence[tuple[int, Alias, str]]) -> dict[str, Array]:
    """(entity number, alias, entity type) in the order of the alias numbers -> the arrays that Retrieval reads."""
    gathered: dict[str, tuple[list[Prepared], list[int]]] = {family: ([], []) for family in FAMILIES}
    exact_only: dict[str, tuple[list[Prepared], list[int]]] = {family: ([], []) for family in FAMILIES}
    for number, (_, alias, type_) in enumerate(aliases):
        family = family_of(type_)
        names, owners = (exact_only if alias.case or alias.kind == "acronym" else gathered)[family]
        for prepared in prepare(alias.form, family):
            names.append(prepared)
            owners.append(number)
    made: dict[str, Array] = {}
    for family in FAMILIES:
        names, owners = gathered[family]
        more_names, more_owners = exact_only[family]
        made |= _build_family(f"names.{family}.", family, names + more_names, array("I", owners + more_owners), len(names))
    return made


def _build_family(prefix: str, family: str, names: list[Prepared], owners: array[int], searched: int) -> dict[str, Array]:
    """Rows of one family, the first `searched` of which are found by their spelling -> arrays."""
    counts = count_words(names)
    crowd_keys = [" ".join(sorted(skeleton(word) for word in name.words)) for name in names]
    crowds = Counter(crowd_keys)
    columns = tabulate(names, Rarity(counts, at_large(family)), [crowds[key] - 1 for key in crowd_keys])
    table = Names({column: memoryview(values) for column, values in columns.items()})
    made: dict[str, Array] = {prefix + column: values for column, values in columns.items()}
    made[prefix + "row_alias"] = owners
    made[prefix + "searched"] = array("I", [searched])
    made |= counts_arrays(counts, prefix)
    for view in (grams.LETTERS, grams.SKELETON, grams.WORDS):
        made |= _build_view(f"{prefix}{view}.", table, searched, view)
    long_names = [(zlib.crc32(letters.encode()), row) for row, name in enumerate(names) for letters in name.initials]
    short_names = [(zlib.crc32(name.acronym.encode()), row) for row, name in enumerate(names) if name.acronym]
    for kind, pairs in (("initials", long_names), ("acronyms", short_names)):
        pairs.sort()
        made[f"{prefix}{kind}"] = array("I", (key for key, _ in pairs))
        made[f"{prefix}{kind}_rows"] = array("I", (row for _, row in pairs))
    return made


def _build_view(prefix: str, table: Names, searched: int, view: int) -> dict[str, Array]:
    """Rows of a table in one view -> distinct keys, where the rows of each start, the rows, and 1 / length of every row."""
    codes = table.symbols if view == grams.LETTERS else table.skeletons
    keys, rows = array("I"), array("I")
    key_room, row_room = (memoryview(array("I", bytes(4 * min(_CHUNK, searched) * _KEYS_PER_ROW))) for _ in range(2))
    for first in range(0, searched, _CHUNK):
        last = min(searched, first + _CHUNK)
        count = grams.all_keys(table.row_start, table.row_words, *codes, first, last, view, key_room, row_room)
        keys.frombytes(key_room[:count].cast("B"))
        rows.frombytes(row_room[:count].cast("B"))
    count = len(keys)
    starts, spare = array("I", bytes(4 * (count + 1))), array("I", bytes(4 * count))
    distinct = kept = 0
    if count:
        grams.sort_by_key(memoryview(keys), memoryview(rows), count, memoryview(starts), memoryview(spare))
        distinct, kept = grams.group(memoryview(keys), memoryview(rows), count, memoryview(starts))
    del keys[distinct:], rows[kept:], starts[distinct + 1 :]
    return {
        prefix + "keys": keys, prefix + "starts": starts, prefix + "rows": rows,
        prefix + "norms": _norms(starts, rows, searched),
    }  # fmt: skip


def _norms(starts: array[int], rows: array[int], searched: int) -> array[float]:
    """Postings -> for each row 1 / the length of its vector of rarities."""
    sums = array("f", bytes(4 * searched))
    if searched:
        for first, last in pairwise(starts):
            weight = math.log((1 + searched) / (1 + last - first)) + 0.05
            grams.add_weight(memoryview(rows), first, last, weight * weight, memoryview(sums))
    return array("f", (1 / math.sqrt(total) if total > 0 else 0.0 for total in sums))


# ---------------------------------------------------------------- query


class _View:
    """One view of one family."""

    def __init__(self, arrays: Mapping[str, memoryview], prefix: str) -> None:
        self.keys, self.starts = arrays[prefix + "keys"], arrays[prefix + "starts"]
        self.rows, self.norms = arrays[prefix + "rows"], arrays[prefix + "norms"]


class FamilyIndex:
    """The names of one family: their table, and how to find rows of it."""

    def __init__(self, arrays: Mapping[str, memoryview], family: str) -> None:
        prefix = f"names.{family}."
        self.family = family
        self.names = Names({column: arrays[prefix + column] for column in COLUMNS})
        self.row_alias = arrays[prefix + "row_alias"]
        self.searched = arrays[prefix + "searched"][0]
        self.rarity = Rarity(StoredCounts(len(self.row_alias), arrays, prefix), at_large(family))
        self._views = [_View(arrays, f"{prefix}{view}.") for view in (grams.LETTERS, grams.SKELETON, grams.WORDS)]
        self._initials, self._initials_rows = arrays[prefix + "initials"], arrays[prefix + "initials_rows"]
        self._acronyms, self._acronyms_rows = arrays[prefix + "acronyms"], arrays[prefix + "acronyms_rows"]
        self._spare: list[list[memoryview]] = []  # sums that no call is using; one call takes one set

    def find(self, table: Names, row: int, name: Prepared, allowed: bytes = b"") -> Found:
        """A row of names (and the name it is made of) -> rows of this family; `allowed`: one byte a row, 0 leaves it out."""
        if not self.searched:
            return Found(array("I"), array("f"), {}, 0)
        try:
            sums = self._spare.pop()
        except IndexError:
            sums = [memoryview(array("f", bytes(4 * self.searched))) for _ in self._views]
        lengths = array("f", (self._gather(view, table, row, place, sums[place]) for place, view in enumerate(self._views)))
        total = sum(ROOMS)
        values, ids, cosines = array("f", bytes(4 * total)), array("I", bytes(4 * total)), array("f", bytes(12 * total))
        grams.choose(
            sums, [view.norms for view in self._views], memoryview(lengths), memoryview(allowed), memoryview(array("i", ROOMS)),
            memoryview(values), memoryview(ids), memoryview(cosines),
        )  # fmt: skip
        self._spare.append(sums)
        best: dict[int, float] = {}
        for k, row in enumerate(ids):
            if values[k] > MIN_COSINE and row not in best:
                best[row] = cosines[3 * k] + cosines[3 * k + 1] + cosines[3 * k + 2]
        acronyms, rivals = self._by_acronym(name, allowed)
        for row in acronyms:
            best.setdefault(row, 0.0)
        return Found(array("I", best), array("f", best.values()), acronyms, rivals)

    def _gather(self, view: _View, table: Names, row: int, place: int, sums: memoryview) -> float:
        """Query in one view -> sums filled; returns 1 / its length."""
        room, text = array("I", bytes(4 * grams.MAX_KEYS)), bytearray(grams.MAX_LENGTH)
        first, last = table.row_start[row], table.row_start[row + 1]
        codes = table.symbols if place == grams.LETTERS else table.skeletons
        count = grams.row_keys(table.row_words, first, last, *codes, place, memoryview(text), memoryview(room))
        wanted = array("I", sorted(set(room[:count])))
        length = grams.gather(memoryview(wanted), view.keys, view.starts, view.rows, float(self.searched), BUDGET, sums)
        return 1 / math.sqrt(length) if length > 0 else 0.0

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
