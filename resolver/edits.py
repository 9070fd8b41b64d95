# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Symbol codes of two words -> what it costs to turn the one into the other, as was learned.

One source, two roads, as in `resolver.align`. Compiled, the innermost functions are told where values begin: to hand a view to them
takes as long as to compare two short words.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

COMPILED = cython.compiled

CODES = cython.declare(cython.int, 64)  # symbol codes are below this
SIEVE = cython.declare(cython.uint, 1 << 18)  # bits, some ten for each pair of words that is known
KNOWN_UNIT = cython.declare(cython.float, 0.05)  # of the costs of words that are known to stand for one another


@cython.cfunc
@cython.inline
def codes_at(view: cython.const[cython.uchar][::1]) -> cython.pointer(cython.const[cython.uchar]):
    """View -> where its values begin; interpreted, the view itself."""
    if cython.compiled:
        return cython.address(view[0])
    return view


@cython.cfunc
@cython.inline
def costs_at(view: cython.const[cython.float][::1]) -> cython.pointer(cython.const[cython.float]):
    """The same of costs that are only read, ..."""
    if cython.compiled:
        return cython.address(view[0])
    return view


@cython.cfunc
@cython.inline
def floats_at(view: cython.float[::1]) -> cython.p_float:
    """... of numbers, ..."""
    if cython.compiled:
        return cython.address(view[0])
    return view


@cython.cfunc
@cython.inline
def ints_at(view: cython.int[::1]) -> cython.p_int:
    """... of whole numbers, ..."""
    if cython.compiled:
        return cython.address(view[0])
    return view


@cython.cfunc
@cython.inline
def uints_at(view: cython.uint[::1]) -> cython.p_uint:
    """... without a sign, ..."""
    if cython.compiled:
        return cython.address(view[0])
    return view


@cython.cfunc
@cython.inline
def bytes_at(view: cython.uchar[::1]) -> cython.p_uchar:
    """... of codes that are written, ..."""
    if cython.compiled:
        return cython.address(view[0])
    return view


@cython.cfunc
@cython.inline
def words_at(view: cython.ulonglong[::1]) -> cython.p_ulonglong:
    """... of words of 64 bits."""
    if cython.compiled:
        return cython.address(view[0])
    return view


@cython.final
@cython.cclass
class Costs:
    """Learned edit costs: one table for each origin of the left name, its right name being Latin.

    `known` are hashes, sorted, of pairs of words that stand for one another whatever their letters (Dick, Richard).
    """

    def __init__(self, swap, left_gap, right_gap, known, known_costs):
        self.swap = swap
        self.left_gap = left_gap
        self.right_gap = right_gap
        self.known = known
        self.known_costs = known_costs
        self.sieve = _sieve(known)
        self.swaps, self.left_gaps, self.right_gaps = costs_at(swap), costs_at(left_gap), costs_at(right_gap)


def _sieve(known: cython.const[cython.ulonglong][::1]):
    """Sorted hashes -> a bit for each way that their last bits may be: most pairs are not known, which one look tells."""
    bits: cython.uchar[::1] = memoryview(bytearray(SIEVE >> 3))
    k: cython.Py_ssize_t
    for k in range(known.shape[0]):
        bits[(known[k] & (SIEVE - 1)) >> 3] |= 1 << (known[k] & 7)
    return bits


@cython.cfunc
@cython.exceptval(check=False)
def distance(
    a: cython.const[cython.uchar][::1],
    i: cython.Py_ssize_t,
    n: cython.Py_ssize_t,
    b: cython.const[cython.uchar][::1],
    k: cython.Py_ssize_t,
    m: cython.Py_ssize_t,
    costs: Costs,
    origin: cython.int,
    turned: cython.bint,
    line: cython.float[::1],
) -> cython.float:
    """Least cost of turning a[i:i+n] into b[k:k+m]; `turned`: b is the name of that origin, a the Latin one."""
    return edits(codes_at(a), i, n, codes_at(b), k, m, costs, origin, turned, floats_at(line))


@cython.cfunc
@cython.exceptval(check=False)
def least_distance(
    a: cython.const[cython.uchar][::1],
    i: cython.Py_ssize_t,
    n: cython.Py_ssize_t,
    b: cython.const[cython.uchar][::1],
    k: cython.Py_ssize_t,
    m: cython.Py_ssize_t,
    costs: Costs,
    origin: cython.int,
    limit: cython.float,
) -> cython.float:
    """As `distance` -> no more than that, found faster: each symbol that the other has not is turned into one of its, or left out.

    Where the answer is more than `limit`, the first part of it that is.
    """
    base: cython.Py_ssize_t = origin * CODES
    one: cython.ulonglong = 1
    mine: cython.ulonglong = 0
    its: cython.ulonglong = 0
    x: cython.Py_ssize_t
    y: cython.Py_ssize_t
    best: cython.float
    left: cython.float = 0.0
    right: cython.float = 0.0
    for x in range(i, i + n):
        mine |= one << a[x]
    for y in range(k, k + m):
        its |= one << b[y]
    for x in range(i, i + n):
        if not (its >> a[x]) & 1:
            best = costs.left_gaps[base + a[x]]
            for y in range(k, k + m):
                best = min(best, costs.swaps[(base + a[x]) * CODES + b[y]])
            left += best
            if left > limit:
                return left
    for y in range(k, k + m):
        if not (mine >> b[y]) & 1:
            best = costs.right_gaps[base + b[y]]
            for x in range(i, i + n):
                best = min(best, costs.swaps[(base + a[x]) * CODES + b[y]])
            right += best
            if right > limit:
                return right
    return max(left, right)


@cython.cfunc
@cython.exceptval(check=False)
def edits(
    a: cython.pointer(cython.const[cython.uchar]),
    i: cython.Py_ssize_t,
    n: cython.Py_ssize_t,
    b: cython.pointer(cython.const[cython.uchar]),
    k: cython.Py_ssize_t,
    m: cython.Py_ssize_t,
    costs: Costs,
    origin: cython.int,
    turned: cython.bint,
    line: cython.p_float,
) -> cython.float:
    """What `distance` tells."""
    if turned:
        return edits(b, k, m, a, i, n, costs, origin, False, line)
    base: cython.Py_ssize_t = origin * CODES
    x: cython.Py_ssize_t
    y: cython.Py_ssize_t
    row: cython.Py_ssize_t
    before: cython.float
    best: cython.float
    last: cython.float = 0.0  # line[y] as it is now; read back from memory, each step would wait for the store of the one before
    other: cython.float
    gap: cython.float
    swap: cython.pointer(cython.const[cython.float]) = costs.swaps
    right_gap: cython.pointer(cython.const[cython.float]) = costs.right_gaps
    line[0] = 0.0
    for y in range(m):
        last += right_gap[base + b[k + y]]
        line[y + 1] = last
        if not cython.compiled:
            last = line[y + 1]  # as short a number as a compiled one
    x = _two_by_two(a, i, n, b, k, m, costs, base, line) if cython.compiled else 0
    while x < n:
        row = (base + a[i + x]) * CODES
        gap = costs.left_gaps[base + a[i + x]]
        before = line[0]
        line[0] = before + gap
        last = line[0]
        for y in range(m):
            best = before + swap[row + b[k + y]]
            before = line[y + 1]
            other = before + gap
            best = other if other < best else best
            other = last + right_gap[base + b[k + y]]
            last = other if other < best else best
            line[y + 1] = last
            if not cython.compiled:
                last = line[y + 1]
        x += 1
    return line[m]


@cython.cfunc
@cython.exceptval(check=False)
def _two_by_two(
    a: cython.pointer(cython.const[cython.uchar]),
    i: cython.Py_ssize_t,
    n: cython.Py_ssize_t,
    b: cython.pointer(cython.const[cython.uchar]),
    k: cython.Py_ssize_t,
    m: cython.Py_ssize_t,
    costs: Costs,
    base: cython.Py_ssize_t,
    line: cython.p_float,
) -> cython.Py_ssize_t:
    """What `edits` does for one symbol of `a` after the other, for two of them at once, neither waiting for the other; how many."""
    swap: cython.pointer(cython.const[cython.float]) = costs.swaps
    right_gap: cython.pointer(cython.const[cython.float]) = costs.right_gaps
    x: cython.Py_ssize_t = 0
    y: cython.Py_ssize_t
    one: cython.Py_ssize_t
    two: cython.Py_ssize_t
    code: cython.Py_ssize_t
    gap_one: cython.float
    gap_two: cython.float
    before: cython.float  # of the line before both, ...
    between: cython.float  # ... and of the first of them, as it is at y
    last: cython.float
    other: cython.float
    best: cython.float
    gap: cython.float
    while x + 1 < n:
        one = (base + a[i + x]) * CODES
        two = (base + a[i + x + 1]) * CODES
        gap_one = costs.left_gaps[base + a[i + x]]
        gap_two = costs.left_gaps[base + a[i + x + 1]]
        before = line[0]
        between = before + gap_one
        last = between + gap_two
        line[0] = last
        for y in range(m):
            code = b[k + y]
            gap = right_gap[base + code]
            best = before + swap[one + code]
            before = line[y + 1]
            other = before + gap_one
            best = other if other < best else best
            other = between + gap
            best = other if other < best else best
            other = between + swap[two + code]
            between = best
            best = best + gap_two
            other = best if best < other else other
            best = last + gap
            last = best if best < other else other
            line[y + 1] = last
        x += 2
    return x


@cython.cfunc
@cython.exceptval(check=False)
def swap_cost(costs: Costs, origin: cython.int, turned: cython.bint, a: cython.int, b: cython.int) -> cython.float:
    """What it costs to turn the one symbol into the other."""
    if turned:
        return costs.swaps[(origin * CODES + b) * CODES + a]
    return costs.swaps[(origin * CODES + a) * CODES + b]


@cython.cfunc
@cython.exceptval(check=False)
def known_cost(costs: Costs, h: cython.ulonglong) -> cython.float:
    """Hash of two words -> cost of a pair that is known to stand for one another, -1 when it is not."""
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = costs.known.shape[0]
    middle: cython.Py_ssize_t
    if not costs.sieve[(h & (SIEVE - 1)) >> 3] >> (h & 7) & 1:
        return -1.0
    while low < high:
        middle = (low + high) >> 1
        if costs.known[middle] < h:
            low = middle + 1
        else:
            high = middle
    if low < costs.known.shape[0] and costs.known[low] == h:
        return costs.known_costs[low] * KNOWN_UNIT
    return -1.0


@cython.ccall
def word_distance(costs: Costs, a: bytes, b: bytes, origin: cython.int) -> cython.float:
    """Symbol codes of a word of that origin and of a Latin word -> edit cost."""
    return distance(a, 0, len(a), b, 0, len(b), costs, origin, False, memoryview(array("f", bytes(4 * (len(a) + len(b) + 2)))))
