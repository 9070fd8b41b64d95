# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A name as a text spells it, and aliases -> what the names model says of each: log odds that both name one entity.

One source, two roads, as in `resolver.tokenizer`. A text may hold as many unlisted spellings as words, and each is compared with a
handful of rows: what is made for one of them has to be little.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.resolver.align import Table, compare_rows
    from cython.cimports.resolver.edits import Costs
    from cython.cimports.resolver.left import Left, take
    from cython.cimports.resolver.trees import Forest, add_trees
else:
    from resolver.align import Table, compare_rows
    from resolver.edits import Costs
    from resolver.left import Left, take
    from resolver.trees import Forest, add_trees

from resolver.align import WIDTH as _WIDTH
from resolver.features import PLACE
from resolver.rank import MISSING_NUMBER as _MISSING_NUMBER
from resolver.rank import OTHER_NUMBER as _OTHER_NUMBER

COMPILED = cython.compiled

WIDTH = cython.declare(cython.Py_ssize_t, _WIDTH)
NUMBERS = cython.declare(cython.Py_ssize_t, PLACE["numbers_over"])
OTHER_NUMBER, MISSING_NUMBER = cython.declare(cython.double, _OTHER_NUMBER), cython.declare(cython.double, _MISSING_NUMBER)
NO_ROW = -99.0  # log odds of an alias that has no row
MOST_WORDS = 1 << 15  # words whose columns are kept: some 10 MB


@cython.final
@cython.cclass
class Speller:
    """Compares names with the rows of one family of an index."""

    table: Table
    row_alias: cython.const[cython.uint][::1]
    searched: cython.Py_ssize_t
    costs: Costs
    contrast: Costs
    pair: Forest
    left: Left
    row: cython.uint[::1]  # rows of the aliases that are asked about ...
    alias: cython.int[::1]  # ... and the place of each one's alias in the question
    number: cython.float[::1]
    odds: cython.float[::1]
    room: cython.Py_ssize_t

    def __init__(self, table: Table, row_alias, searched, rarity, costs: Costs, contrast: Costs, pair: Forest):
        self.table, self.row_alias, self.searched = table, row_alias, searched
        self.costs, self.contrast, self.pair, self.room = costs, contrast, pair, 0
        self.left = Left(rarity, MOST_WORDS)
        _make_room(self, 16)

    def compare(self, readings, aliases):
        """Readings of a name (`prepare`), numbers of aliases -> of each the best log odds of its rows, NO_ROW when it has none."""
        best = [NO_ROW] * len(aliases)
        k: cython.Py_ssize_t
        rows: cython.Py_ssize_t = 0
        place: cython.Py_ssize_t
        for place in range(len(aliases)):
            rows = _add_rows(self, aliases[place], place, rows)
        if rows:
            for prepared in readings:
                take(self.left, prepared)
                _compare(self, rows)
                for k in range(rows):
                    best[self.alias[k]] = max(best[self.alias[k]], self.odds[k])
        return best


@cython.cfunc
def _make_room(s: Speller, room: cython.Py_ssize_t):
    """Room for so many rows; those that there are stay."""
    k: cython.Py_ssize_t
    row: cython.uint[::1] = memoryview(array("I", bytes(4 * room)))
    alias: cython.int[::1] = memoryview(array("i", bytes(4 * room)))
    if s.room:
        for k in range(s.room):
            row[k], alias[k] = s.row[k], s.alias[k]
    s.row, s.alias, s.room = row, alias, room
    s.number = memoryview(array("f", bytes(4 * WIDTH * room)))
    s.odds = memoryview(array("f", bytes(4 * room)))


@cython.cfunc
@cython.exceptval(check=False)
def _first(s: Speller, alias: cython.uint, low: cython.Py_ssize_t, high: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Alias, and rows whose aliases rise -> the first of these rows that is not of an alias before it."""
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) // 2
        if s.row_alias[middle] < alias:
            low = middle + 1
        else:
            high = middle
    return low


@cython.cfunc
@cython.exceptval(-1)
def _add_rows(s: Speller, alias: cython.uint, place: cython.Py_ssize_t, rows: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Alias and its place in the question -> its rows, one for each reading, behind those that there are; how many there are then.

    They are among the rows that are searched, or else among those behind them.
    """
    all_rows: cython.Py_ssize_t = s.row_alias.shape[0]
    at: cython.Py_ssize_t = _first(s, alias, 0, s.searched)
    last: cython.Py_ssize_t = s.searched
    if at == last or s.row_alias[at] != alias:
        at, last = _first(s, alias, s.searched, all_rows), all_rows
    while at < last and s.row_alias[at] == alias:
        if rows == s.room:
            _make_room(s, 2 * rows)
        s.row[rows], s.alias[rows] = cython.cast(cython.uint, at), cython.cast(cython.int, place)
        rows += 1
        at += 1
    return rows


@cython.cfunc
@cython.exceptval(-1)
def _compare(s: Speller, rows: cython.Py_ssize_t) -> cython.int:
    """Name that was taken -> the log odds of each of the rows, numbers that only one name holds counted."""
    k: cython.Py_ssize_t
    for k in range(WIDTH * rows):
        s.number[k] = 0.0
    for k in range(rows):
        s.odds[k] = 0.0
    compare_rows(s.left.table, 0, s.table, s.row, rows, s.costs, s.contrast, s.number)
    add_trees(s.pair, s.number, rows, s.odds)
    for k in range(rows):
        if s.number[WIDTH * k + NUMBERS] > 1:
            s.odds[k] += OTHER_NUMBER
        elif s.number[WIDTH * k + NUMBERS]:
            s.odds[k] += MISSING_NUMBER
    return 0
