# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""One row of words -> the rows of a family whose keys are most like its own, by the cosines of three views (`resolver.grams`).

One source, two roads, as in `resolver.align`.
"""

from __future__ import annotations

from math import sqrt as _sqrt

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from resolver import grams
from resolver.assemble import room

if cython.compiled:
    from cython.cimports.resolver.align import Table
    from cython.cimports.resolver.grams import row_keys, weigh_rows
    from cython.cimports.resolver.sums import Sums, add, begin, choose, pick, weigh_keys
else:
    from resolver.align import Table
    from resolver.grams import row_keys, weigh_rows
    from resolver.sums import Sums, add, begin, choose, pick, weigh_keys

COMPILED = cython.compiled

VIEWS = cython.declare(cython.int, len(grams.VIEWS))
LETTERS = cython.declare(cython.int, grams.LETTERS)
MAX_KEYS = cython.declare(cython.Py_ssize_t, grams.MAX_KEYS)


@cython.final
@cython.cclass
class Postings:
    """The rows of one family that are found by their spelling: their words, and in each view the rows of every key."""

    def __init__(self, table, searched, norms, keys, starts, rows):
        self.table, self.searched, self.norms = table, searched, norms
        self.keys, self.starts, self.rows = keys, starts, rows


@cython.final
@cython.cclass
class Seeker:
    """Working memory of one query, and how much of a family it looks at.

    `budgets`: rows of all keys of a view that are added up, the rarest keys first. `rooms`: rows that are kept by the sum of the
    cosines, and by each; `rough`: while keys that too many rows have are left out.
    """

    def __init__(self, budgets, rooms, rough):
        self.sums = Sums(sum(budgets), sum(rough), MAX_KEYS)
        self.budgets, self.rooms, self.rough = budgets, rooms, rough
        self.text = memoryview(bytearray(grams.MAX_LENGTH))
        self.wanted, self.places = room("I", VIEWS * MAX_KEYS), room("I", VIEWS * MAX_KEYS)
        self.weights, self.counts, self.lengths = room("f", VIEWS * MAX_KEYS), room("i", VIEWS), room("f", VIEWS)
        self.found, self.sums_found = room("I", sum(rough)), room("f", VIEWS * sum(rough))


@cython.ccall
@cython.exceptval(-1)
def find(s: Seeker, p: Postings, table: Table, row: cython.Py_ssize_t, allowed: cython.const[cython.uchar][::1],
         rows: cython.uint[::1], cosines: cython.float[::1]) -> cython.Py_ssize_t:
    """A row of a table -> rows of the family, and of each the sum of its three cosines, as many as `rough` in all at most; how many.

    `allowed`: one byte a row of the family, 0 leaves it out; empty allows all.
    """
    view: cython.int
    at: cython.Py_ssize_t
    end: cython.Py_ssize_t
    count: cython.Py_ssize_t
    cut: cython.int = 0  # bits of the views that keys were left out of
    begin(s.sums, p.searched)
    for view in range(VIEWS):
        _ask(s, p, table, row, view)
        at = view * MAX_KEYS
        end = at + s.counts[view]
        if add(s.sums, view, s.places[at:end], s.weights[at:end], p.starts[view], p.rows[view], s.budgets[view]):
            cut |= 1 << view
    count = choose(s.sums, p.norms, s.lengths, allowed, s.rough if cut else s.rooms, s.found, s.sums_found)
    if cython.compiled and cut:
        s.touched = _touch(p.table, s.found, count)
    for view in range(VIEWS):
        if cut & 1 << view:  # the sums of the best rows are made whole: keys that too many rows have count for these
            at = view * MAX_KEYS
            end = at + s.counts[view]
            weigh_rows(
                s.found, count, p.table.row_start, p.table.row_words,
                p.table.word_start if view == LETTERS else p.table.skeleton_start,
                p.table.word_symbols if view == LETTERS else p.table.skeletons,
                view, s.wanted[at:end], s.weights[at:end], s.sums_found,
            )  # fmt: skip
    return pick(s.sums, s.found, count, s.sums_found, p.norms, s.lengths, s.rooms, rows, cosines)


@cython.cfunc
@cython.exceptval(check=False)
def _touch(t: Table, rows: cython.const[cython.uint][::1], count: cython.Py_ssize_t) -> cython.uint:
    """Read what the rows are made of, step by step for all of them: they lie far apart in memory, which is slow to tell but tells
    many things at once. Without this, each step of each row would wait for the one before."""
    seen: cython.uint = 0
    k: cython.Py_ssize_t
    w: cython.uint
    for k in range(count):
        seen ^= t.row_start[rows[k]] ^ t.row_origin[rows[k]] ^ t.row_legal[rows[k]] ^ t.row_crowd[rows[k]]
    for k in range(count):
        seen ^= t.row_words[t.row_start[rows[k]]]
    for k in range(count):
        for w in range(t.row_start[rows[k]], t.row_start[rows[k] + 1]):
            seen ^= t.word_start[t.row_words[w]] ^ t.skeleton_start[t.row_words[w]] ^ t.word_flags[t.row_words[w]]
            seen ^= 1 if t.word_rarity[t.row_words[w]] > 0 else 0
    for k in range(count):
        for w in range(t.row_start[rows[k]], t.row_start[rows[k] + 1]):
            seen ^= t.word_symbols[t.word_start[t.row_words[w]]]
            if t.skeleton_start[t.row_words[w]]:
                seen ^= t.skeletons[t.skeleton_start[t.row_words[w]] - 1]
    return seen


@cython.cfunc
def _ask(s: Seeker, p: Postings, table: Table, row: cython.Py_ssize_t, view: cython.int):
    """Query in one view -> its keys as the family has them."""
    at: cython.Py_ssize_t = view * MAX_KEYS
    wanted: cython.uint[::1] = s.wanted[at : at + MAX_KEYS]
    length: cython.double
    count: cython.Py_ssize_t = row_keys(
        table.row_words, table.row_start[row], table.row_start[row + 1],
        table.word_start if view == LETTERS else table.skeleton_start,
        table.word_symbols if view == LETTERS else table.skeletons, view, s.text, wanted,
    )  # fmt: skip
    count = _sort(wanted, count)
    s.counts[view] = cython.cast(cython.int, count)
    length = weigh_keys(wanted[:count], p.keys[view], p.starts[view], p.searched, s.places[at : at + count], s.weights[at : at + count])
    s.lengths[view] = 1.0 / _sqrt(length) if length > 0 else 0.0


@cython.cfunc
@cython.exceptval(check=False)
def _sort(keys: cython.uint[::1], count: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Keys -> sorted, each once, in place (Shell's sort with the gaps of Knuth); returns how many are left."""
    gap: cython.Py_ssize_t = 1
    kept: cython.Py_ssize_t = 0
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t
    key: cython.uint
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(gap, count):
            key = keys[k]
            at = k
            while at >= gap and keys[at - gap] > key:
                keys[at] = keys[at - gap]
                at -= gap
            keys[at] = key
        gap //= 3
    for k in range(count):
        if kept == 0 or keys[k] != keys[kept - 1]:
            keys[kept] = keys[k]
            kept += 1
    return kept


@cython.final
@cython.cclass
class Sorted:
    """Sorted keys of 64 bits, each as often as it has a value, and these values."""

    def __init__(self, keys, values):
        self.keys, self.values = keys, values

    def of(self, key: cython.ulonglong):
        """Key -> its values, in order."""
        low: cython.Py_ssize_t = 0
        high: cython.Py_ssize_t = self.keys.shape[0]
        middle: cython.Py_ssize_t
        found = []
        while low < high:
            middle = (low + high) >> 1
            if self.keys[middle] < key:
                low = middle + 1
            else:
                high = middle
        while low < self.keys.shape[0] and self.keys[low] == key:
            found.append(self.values[low])
            low += 1
        return found
