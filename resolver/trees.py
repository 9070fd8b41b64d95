# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Boosted regression trees as flat arrays -> their sum for rows of numbers. One source, two roads, as in `resolver.align`.

A leaf leads to itself, so that every row takes as many steps through a tree as it is deep: no step waits for the one before to
say whether there is another, and rows that go through one tree after the other find it in the nearest memory.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

COMPILED = cython.compiled

LEAF = cython.declare(cython.uint, 255)  # feature of a node that has none
LANES = cython.declare(cython.Py_ssize_t, 4)  # rows that go through a tree abreast


@cython.final
@cython.cclass
class Forest:
    """Boosted regression trees as flat arrays; a leaf is a node without a feature (LEAF)."""

    def __init__(self, feature, threshold, lower, upper, value, roots, width):
        self.feature = memoryview(bytearray(feature))
        self.threshold = threshold
        self.child = memoryview(array("I", bytes(8 * len(feature))))
        self.value = value
        self.roots = roots
        self.depth = memoryview(bytearray(len(roots)))
        self.width = width
        self.trees = len(roots)
        _link(self, lower, upper)
        self.below, self.above = _bounds(self)


@cython.cfunc
def _link(f: Forest, lower: cython.const[cython.uint][::1], upper: cython.const[cython.uint][::1]):
    """Where each node leads to -> both ways side by side, leaves to themselves; how deep each tree is."""
    node: cython.uint
    t: cython.Py_ssize_t
    for node in range(cython.cast(cython.uint, f.feature.shape[0])):
        if f.feature[node] == LEAF:
            f.feature[node] = 0
            f.child[2 * node], f.child[2 * node + 1] = node, node
        else:
            f.child[2 * node], f.child[2 * node + 1] = lower[node], upper[node]
    for t in range(f.trees):
        f.depth[t] = cython.cast(cython.uchar, _depth(f, f.roots[t]))


@cython.cfunc
@cython.exceptval(check=False)
def _depth(f: Forest, node: cython.uint) -> cython.int:
    """Node -> steps to the furthest leaf under it."""
    one: cython.int
    two: cython.int
    if f.child[2 * node] == node:
        return 0
    one = _depth(f, f.child[2 * node])
    two = _depth(f, f.child[2 * node + 1])
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
    if f.child[2 * node] == node:
        return [f.value[node]]
    return _leaves(f, f.child[2 * node]) + _leaves(f, f.child[2 * node + 1])


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _leaf(f: Forest, t: cython.Py_ssize_t, rows: cython.float[::1], at: cython.Py_ssize_t) -> cython.uint:
    """Tree and where a row begins -> the leaf that it comes to."""
    node: cython.uint = f.roots[t]
    _step: cython.int
    for _step in range(f.depth[t]):
        node = f.child[2 * node + (0 if rows[at + f.feature[node]] <= f.threshold[node] else 1)]
    return node


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _add_lanes(
    f: Forest, t: cython.Py_ssize_t, rows: cython.float[::1], r: cython.Py_ssize_t, totals: cython.double[::1]
) -> cython.void:
    """Tree and LANES rows from r on -> what their leaves say, added; the rows go abreast, so that none waits for another."""
    a: cython.uint = f.roots[t]
    b: cython.uint = a
    c: cython.uint = a
    d: cython.uint = a
    at: cython.Py_ssize_t = r * f.width
    _step: cython.int
    for _step in range(f.depth[t]):
        a = f.child[2 * a + (0 if rows[at + f.feature[a]] <= f.threshold[a] else 1)]
        b = f.child[2 * b + (0 if rows[at + f.width + f.feature[b]] <= f.threshold[b] else 1)]
        c = f.child[2 * c + (0 if rows[at + 2 * f.width + f.feature[c]] <= f.threshold[c] else 1)]
        d = f.child[2 * d + (0 if rows[at + 3 * f.width + f.feature[d]] <= f.threshold[d] else 1)]
    totals[r] += f.value[a]
    totals[r + 1] += f.value[b]
    totals[r + 2] += f.value[c]
    totals[r + 3] += f.value[d]


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _add_four(
    f: Forest, t: cython.Py_ssize_t, rows: cython.float[::1], at: cython.Py_ssize_t, total: cython.double
) -> cython.double:
    """LANES trees from t on, where a row begins, and a sum -> what their leaves say added to it, tree by tree.

    The row goes through them abreast, so that no tree waits for another; in a leaf it stays where it is.
    """
    a: cython.uint = f.roots[t]
    b: cython.uint = f.roots[t + 1]
    c: cython.uint = f.roots[t + 2]
    d: cython.uint = f.roots[t + 3]
    deepest: cython.uchar = f.depth[t]
    k: cython.Py_ssize_t
    _step: cython.int
    for k in range(1, LANES):
        if f.depth[t + k] > deepest:
            deepest = f.depth[t + k]
    for _step in range(deepest):
        a = f.child[2 * a + (0 if rows[at + f.feature[a]] <= f.threshold[a] else 1)]
        b = f.child[2 * b + (0 if rows[at + f.feature[b]] <= f.threshold[b] else 1)]
        c = f.child[2 * c + (0 if rows[at + f.feature[c]] <= f.threshold[c] else 1)]
        d = f.child[2 * d + (0 if rows[at + f.feature[d]] <= f.threshold[d] else 1)]
    return total + f.value[a] + f.value[b] + f.value[c] + f.value[d]


@cython.cfunc
@cython.exceptval(check=False)
def tree_sum(forest: Forest, row: cython.float[::1], at: cython.Py_ssize_t) -> cython.double:
    """`forest.width` numbers, from row[at] on -> the sum of the trees' leaves."""
    t: cython.Py_ssize_t = 0
    total: cython.double = 0.0
    while t + LANES <= forest.trees:
        total = _add_four(forest, t, row, at, total)
        t += LANES
    while t < forest.trees:
        total += forest.value[_leaf(forest, t, row, at)]
        t += 1
    return total


@cython.cfunc
@cython.exceptval(check=False)
def reaches(forest: Forest, row: cython.float[::1], at: cython.Py_ssize_t, least: cython.double) -> cython.bint:
    """As `tree_sum` -> whether the sum is `least` or more; where what is left cannot change the answer, no more trees are asked."""
    t: cython.Py_ssize_t = 0
    total: cython.double = 0.0
    while t < forest.trees:
        if total + forest.above[t] < least:
            return False
        if total + forest.below[t] >= least:
            return True
        if t + LANES <= forest.trees:
            total = _add_four(forest, t, row, at, total)
            t += LANES
        else:
            total += forest.value[_leaf(forest, t, row, at)]
            t += 1
    return total >= least


@cython.ccall
def add_trees(forest: Forest, rows: cython.float[::1], count: cython.Py_ssize_t, out: cython.float[::1]) -> cython.void:
    """`count` rows of `forest.width` numbers -> the sum of the trees' leaves added to out[0 : count]."""
    r: cython.Py_ssize_t
    t: cython.Py_ssize_t
    totals: cython.double[::1]
    if count < LANES:
        for r in range(count):
            out[r] += tree_sum(forest, rows, r * forest.width)
        return
    totals = memoryview(array("d", bytes(8 * count)))
    for t in range(forest.trees):
        r = 0
        while r + LANES <= count:
            _add_lanes(forest, t, rows, r, totals)
            r += LANES
        while r < count:
            totals[r] += forest.value[_leaf(forest, t, rows, r * forest.width)]
            r += 1
    for r in range(count):
        out[r] += totals[r]
