# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Two strings of codes -> what they have in common, and how many letters were slipped between them.

One source, two roads, as in `resolver.align`. Strings of up to 64 codes are compared with a word of bits for a line of the table.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.resolver.edits import ints_at, words_at
else:
    from resolver.edits import ints_at, words_at

COMPILED = cython.compiled

CODES = cython.declare(cython.int, 64)  # symbol codes are below this
FULL = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)


@cython.final
@cython.cclass
class Lines:
    """Working memory: three lines of a table, and for each code the places of a string that it stands at, as bits."""

    def __init__(self, most):
        lines = self.lines = [memoryview(array("i", bytes(4 * (most + 1)))) for _ in range(3)]
        self.words = memoryview(array("Q", bytes(8 * CODES)))
        self.used, self.older, self.newer = ints_at(lines[0]), ints_at(lines[1]), ints_at(lines[2])
        self.places = words_at(self.words)


@cython.cfunc
@cython.exceptval(check=False)
def _mark_places(a: cython.p_uchar, n: cython.int, places: cython.p_ulonglong) -> cython.void:
    """String of at most 64 codes -> of each code a word with a bit for every place that it stands at; `places` holds zeros before."""
    x: cython.int
    bit: cython.ulonglong = 1
    for x in range(n):
        places[a[x]] |= bit
        bit = bit << 1 & FULL


@cython.cfunc
@cython.exceptval(check=False)
def _clear_places(a: cython.p_uchar, n: cython.int, places: cython.p_ulonglong) -> cython.void:
    x: cython.int
    for x in range(n):
        places[a[x]] = 0


@cython.cfunc
@cython.exceptval(check=False)
def common_share(a: cython.p_uchar, n: cython.int, b: cython.p_uchar, m: cython.int, s: Lines) -> cython.float:
    """Share of letters that two strings have in common in order (longest common subsequence), 0 to 1.

    A line of the table is kept as the bits at which it rises (Hyyrö, "Bit-parallel LCS-length computation revisited", 2004).
    """
    y: cython.int
    rises: cython.ulonglong = FULL
    here: cython.ulonglong
    common: cython.int = 0
    if n > 64:
        return _common_by_table(a, n, b, m, s.used)
    _mark_places(a, n, s.places)
    for y in range(m):
        here = rises & s.places[b[y]]
        rises = (rises + here & FULL) | (rises - here)
    _clear_places(a, n, s.places)
    rises = ~rises & FULL
    if n < 64:
        here = 1
        rises &= (here << n) - 1
    while rises:
        rises &= rises - 1
        common += 1
    return 2.0 * common / (n + m)


@cython.cfunc
@cython.exceptval(check=False)
def _common_by_table(a: cython.p_uchar, n: cython.int, b: cython.p_uchar, m: cython.int, line: cython.p_int) -> cython.float:
    """What `common_share` tells, of strings of any length."""
    x: cython.int
    y: cython.int
    before: cython.int
    up: cython.int
    for y in range(m + 1):
        line[y] = 0
    for x in range(n):
        before = 0
        for y in range(m):
            up = line[y + 1]
            if a[x] == b[y]:
                line[y + 1] = before + 1
            elif line[y] > up:
                line[y + 1] = line[y]
            before = up
    return 2.0 * line[m] / (n + m)


@cython.cfunc
@cython.exceptval(check=False)
def count_slips(a: cython.p_uchar, n: cython.int, b: cython.p_uchar, m: cython.int, s: Lines) -> cython.int:
    """How many letters were slipped: put in, left out, changed, or swapped with a neighbour (optimal string alignment).

    The differences along a column of the table are kept as bits (Hyyrö, "A bit-vector algorithm for computing Levenshtein and
    Damerau edit distances", 2003).
    """
    y: cython.int
    rises: cython.ulonglong = FULL
    falls: cython.ulonglong = 0
    equal: cython.ulonglong = 0
    across: cython.ulonglong
    down: cython.ulonglong
    here: cython.ulonglong
    before: cython.ulonglong = 0
    last: cython.ulonglong = 1
    slips: cython.int = n
    if n > 64 or n == 0:
        return _slips_by_table(a, n, b, m, s)
    last = last << (n - 1)
    _mark_places(a, n, s.places)
    for y in range(m):
        here = s.places[b[y]]
        equal = ((~equal & here) << 1) & before & FULL
        equal |= (((here & rises) + rises & FULL) ^ rises) | here | falls
        across = falls | (~(equal | rises) & FULL)
        down = equal & rises
        if across & last:
            slips += 1
        if down & last:
            slips -= 1
        across = (across << 1 | 1) & FULL
        down = down << 1 & FULL
        rises = down | (~(equal | across) & FULL)
        falls = across & equal
        before = here
    _clear_places(a, n, s.places)
    return slips


@cython.cfunc
@cython.exceptval(check=False)
def _slips_by_table(a: cython.p_uchar, n: cython.int, b: cython.p_uchar, m: cython.int, s: Lines) -> cython.int:
    """What `count_slips` tells, of strings of any length."""
    x: cython.int
    y: cython.int
    best: cython.int
    older: cython.p_int = s.older
    old: cython.p_int = s.used
    new: cython.p_int = s.newer
    spare: cython.p_int
    for y in range(m + 1):
        old[y] = y
    for x in range(n):
        new[0] = x + 1
        for y in range(m):
            best = old[y] + (0 if a[x] == b[y] else 1)
            if old[y + 1] + 1 < best:
                best = old[y + 1] + 1
            if new[y] + 1 < best:
                best = new[y] + 1
            if x > 0 and y > 0 and a[x] == b[y - 1] and a[x - 1] == b[y] and older[y - 1] + 1 < best:
                best = older[y - 1] + 1
            new[y + 1] = best
        spare = older
        older = old
        old = new
        new = spare
    return old[m]
