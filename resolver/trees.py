# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Boosted regression trees as flat arrays -> their sum for rows of numbers. One source, two roads, as in `resolver.align`.

The two nodes that a node leads to stand side by side: a row whose number is greater goes to the second. A leaf leads to itself, so
that every row takes as many steps through a tree as it is deep: no step waits for the one before to say whether there is another,
and rows that go through one tree after the other find it in the nearest memory.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.resolver.edits import bytes_at, floats_at, uints_at
else:
    from resolver.edits import bytes_at, floats_at, uints_at

COMPILED = cython.compiled

LEAF = cython.declare(cython.uint, 255)  # feature of a node that has none
INFINITE = cython.declare(cython.float, float("inf"))
NEVER = cython.declare(cython.double, -1e9)  # less than any sum
LANES = cython.declare(cython.Py_ssize_t, 8)  # rows that go through a tree abreast, ...
ABREAST = cython.declare(cython.Py_ssize_t, 4)  # ... and trees that a row goes through abreast


@cython.final
@cython.cclass
class Forest:
    """Boosted regression trees as flat arrays; a leaf is a node without a feature (LEAF)."""

    def __init__(self, feature, threshold, lower, upper, value, roots, width):
        count = len(feature)
        self.feature, self.depth = memoryview(bytearray(count)), memoryview(bytearray(len(roots)))
        self.threshold, self.value = memoryview(array("f", bytes(4 * count))), memoryview(array("f", bytes(4 * count)))
        self.first, self.roots = memoryview(array("I", bytes(4 * count))), memoryview(array("I", bytes(4 * len(roots))))
        self.features, self.thresholds, self.values = bytes_at(self.feature), floats_at(self.threshold), floats_at(self.value)
        self.firsts = uints_at(self.first)
        self.width = width
        self.trees = len(roots)
        _link(self, feature, threshold, lower, upper, value, roots)
        self.below, self.above = _bounds(self)


@cython.cfunc
def _link(
    f: Forest,
    feature: cython.const[cython.uchar][::1],
    threshold: cython.const[cython.float][::1],
    lower: cython.const[cython.uint][::1],
    upper: cython.const[cython.uint][::1],
    value: cython.const[cython.float][::1],
    roots: cython.const[cython.uint][::1],
):
    """Nodes as they are stored -> tree after tree, those of each by their distance from its root; how deep each tree is."""
    old: cython.uint[::1] = memoryview(array("I", bytes(4 * len(feature))))  # node -> what it is stored as
    at: cython.uint = 0
    end: cython.uint = 0
    t: cython.Py_ssize_t
    for t in range(f.trees):
        f.roots[t] = end
        old[end] = roots[t]
        end += 1
        while at < end:
            f.value[at] = value[old[at]]
            f.feature[at], f.threshold[at], f.first[at] = 0, INFINITE, at
            if feature[old[at]] != LEAF:
                f.feature[at], f.threshold[at], f.first[at] = feature[old[at]], threshold[old[at]], end
                old[end], old[end + 1] = lower[old[at]], upper[old[at]]
                end += 2
            at += 1
        f.depth[t] = cython.cast(cython.uchar, _depth(f, f.roots[t]))


@cython.cfunc
@cython.exceptval(check=False)
def _depth(f: Forest, node: cython.uint) -> cython.int:
    """Node -> steps to the furthest leaf under it."""
    one: cython.int
    two: cython.int
    if f.first[node] == node:
        return 0
    one = _depth(f, f.first[node])
    two = _depth(f, f.first[node] + 1)
    return 1 + (one if one > two else two)


def _bounds(f: Forest):
    """Forest -> for each tree the least, and the most, that it and those behind it can add."""
    below, above = array("d", bytes(8 * f.trees)), array("d", bytes(8 * f.trees))
    least = most = 0.0
    for t in range(f.trees - 1, -1, -1):
        leaves = _leaves(f, f.roots[t])
        below[t], above[t] = least, most = least + min(leaves), most + max(leaves)
    return memoryview(below), memoryview(above)


def _leaves(f: Forest, node: cython.uint):
    """Node -> the values of all leaves under it."""
    if f.first[node] == node:
        return [f.value[node]]
    return _leaves(f, f.first[node]) + _leaves(f, f.first[node] + 1)


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _leaf(f: Forest, t: cython.Py_ssize_t, rows: cython.p_float, at: cython.Py_ssize_t) -> cython.float:
    """Tree and where a row begins -> what the leaf that it comes to says."""
    node: cython.uint = f.roots[t]
    _step: cython.int
    for _step in range(f.depth[t]):
        node = f.first[node] + (1 if rows[at + f.features[node]] > f.thresholds[node] else 0)
    return f.values[node]


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _add_lanes(
    f: Forest, t: cython.Py_ssize_t, rows: cython.p_float, r: cython.Py_ssize_t, totals: cython.p_double, place: cython.Py_ssize_t
) -> cython.void:
    """Tree and LANES rows from r on -> what their leaves say, added to the totals from `place` on.

    The rows go abreast, so that none waits for another.
    """
    a: cython.uint = f.roots[t]
    b: cython.uint = a
    c: cython.uint = a
    d: cython.uint = a
    p: cython.uint = a
    q: cython.uint = a
    u: cython.uint = a
    v: cython.uint = a
    at: cython.Py_ssize_t = r * f.width
    width: cython.Py_ssize_t = f.width
    features: cython.p_uchar = f.features
    thresholds: cython.p_float = f.thresholds
    first: cython.p_uint = f.firsts
    _step: cython.int
    for _step in range(f.depth[t]):
        a = first[a] + (1 if rows[at + features[a]] > thresholds[a] else 0)
        b = first[b] + (1 if rows[at + width + features[b]] > thresholds[b] else 0)
        c = first[c] + (1 if rows[at + 2 * width + features[c]] > thresholds[c] else 0)
        d = first[d] + (1 if rows[at + 3 * width + features[d]] > thresholds[d] else 0)
        p = first[p] + (1 if rows[at + 4 * width + features[p]] > thresholds[p] else 0)
        q = first[q] + (1 if rows[at + 5 * width + features[q]] > thresholds[q] else 0)
        u = first[u] + (1 if rows[at + 6 * width + features[u]] > thresholds[u] else 0)
        v = first[v] + (1 if rows[at + 7 * width + features[v]] > thresholds[v] else 0)
    totals[place] += f.values[a]
    totals[place + 1] += f.values[b]
    totals[place + 2] += f.values[c]
    totals[place + 3] += f.values[d]
    totals[place + 4] += f.values[p]
    totals[place + 5] += f.values[q]
    totals[place + 6] += f.values[u]
    totals[place + 7] += f.values[v]


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _add_four(
    f: Forest, t: cython.Py_ssize_t, rows: cython.p_float, at: cython.Py_ssize_t, total: cython.double
) -> cython.double:
    """ABREAST trees from t on, where a row begins, and a sum -> what their leaves say added to it, tree by tree.

    The row goes through them abreast, so that no tree waits for another; in a leaf it stays where it is.
    """
    a: cython.uint = f.roots[t]
    b: cython.uint = f.roots[t + 1]
    c: cython.uint = f.roots[t + 2]
    d: cython.uint = f.roots[t + 3]
    deepest: cython.uchar = f.depth[t]
    k: cython.Py_ssize_t
    _step: cython.int
    for k in range(1, ABREAST):
        if f.depth[t + k] > deepest:
            deepest = f.depth[t + k]
    for _step in range(deepest):
        a = f.first[a] + (1 if rows[at + f.features[a]] > f.thresholds[a] else 0)
        b = f.first[b] + (1 if rows[at + f.features[b]] > f.thresholds[b] else 0)
        c = f.first[c] + (1 if rows[at + f.features[c]] > f.thresholds[c] else 0)
        d = f.first[d] + (1 if rows[at + f.features[d]] > f.thresholds[d] else 0)
    return total + f.values[a] + f.values[b] + f.values[c] + f.values[d]


@cython.cfunc
@cython.exceptval(check=False)
def tree_sum(forest: Forest, row: cython.float[::1], at: cython.Py_ssize_t) -> cython.double:
    """`forest.width` numbers, from row[at] on -> the sum of the trees' leaves."""
    return sum_from(forest, row, at, NEVER)  # than which no sum is less: every tree is asked


@cython.cfunc
@cython.exceptval(check=False)
def sum_from(forest: Forest, row: cython.float[::1], at: cython.Py_ssize_t, least: cython.double) -> cython.double:
    """As `tree_sum`, where that is `least` or more; else it or NEVER: no more trees are asked than it takes to tell."""
    numbers: cython.p_float = floats_at(row)
    t: cython.Py_ssize_t = 0
    total: cython.double = 0.0
    while t + ABREAST <= forest.trees:
        if total + forest.above[t] < least:
            return NEVER
        total = _add_four(forest, t, numbers, at, total)
        t += ABREAST
    while t < forest.trees:
        total += _leaf(forest, t, numbers, at)
        t += 1
    return total


@cython.cfunc
@cython.exceptval(check=False)
def reaches(forest: Forest, row: cython.float[::1], at: cython.Py_ssize_t, least: cython.double) -> cython.bint:
    """As `tree_sum` -> whether the sum is `least` or more; where what is left cannot change the answer, no more trees are asked."""
    numbers: cython.p_float = floats_at(row)
    t: cython.Py_ssize_t = 0
    total: cython.double = 0.0
    while t < forest.trees:
        if total + forest.above[t] < least:
            return False
        if total + forest.below[t] >= least:
            return True
        if t + ABREAST <= forest.trees:
            total = _add_four(forest, t, numbers, at, total)
            t += ABREAST
        else:
            total += _leaf(forest, t, numbers, at)
            t += 1
    return total >= least


@cython.ccall
def add_trees(forest: Forest, rows: cython.float[::1], count: cython.Py_ssize_t, out: cython.float[::1]) -> cython.void:
    """`count` rows of `forest.width` numbers -> the sum of the trees' leaves added to out[0 : count]."""
    t: cython.Py_ssize_t
    k: cython.Py_ssize_t
    blocks: cython.Py_ssize_t = (count + LANES - 1) // LANES
    totals: cython.double[::1]
    numbers: cython.p_float = floats_at(rows)
    sums: cython.p_double
    if count < LANES:
        for k in range(count):
            out[k] += tree_sum(forest, rows, k * forest.width)
        return
    totals = memoryview(array("d", bytes(8 * blocks * LANES)))
    sums = cython.address(totals[0]) if cython.compiled else totals
    for t in range(forest.trees):
        for k in range(blocks - 1):
            _add_lanes(forest, t, numbers, k * LANES, sums, k * LANES)
        _add_lanes(
            forest, t, numbers, count - LANES, sums, blocks * LANES - LANES
        )  # some of these rows are in the block before too
    for k in range((blocks - 1) * LANES):
        out[k] += totals[k]
    for k in range((blocks - 1) * LANES, count):
        out[k] += totals[k + blocks * LANES - count]
