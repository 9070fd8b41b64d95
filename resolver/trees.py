# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Boosted regression trees as flat arrays -> their sum for rows of numbers. One source, two roads, as in `resolver.align`."""

from __future__ import annotations

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

COMPILED = cython.compiled


@cython.final
@cython.cclass
class Forest:
    """Boosted regression trees as flat arrays; a leaf is a node without a feature (255)."""

    def __init__(self, feature, threshold, lower, upper, value, roots, width):
        self.feature = feature
        self.threshold = threshold
        self.lower = lower
        self.upper = upper
        self.value = value
        self.roots = roots
        self.width = width
        self.trees = len(roots)


@cython.cfunc
@cython.exceptval(check=False)
def tree_sum(forest: Forest, row: cython.float[::1], at: cython.Py_ssize_t) -> cython.double:
    """`forest.width` numbers, from row[at] on -> the sum of the trees' leaves."""
    t: cython.Py_ssize_t
    node: cython.uint
    total: cython.double = 0.0
    for t in range(forest.trees):
        node = forest.roots[t]
        while forest.feature[node] != 255:
            node = forest.lower[node] if row[at + forest.feature[node]] <= forest.threshold[node] else forest.upper[node]
        total += forest.value[node]
    return total


@cython.ccall
def add_trees(forest: Forest, rows: cython.float[::1], count: cython.Py_ssize_t, out: cython.float[::1]) -> cython.void:
    """`count` rows of `forest.width` numbers -> the sum of the trees' leaves added to out[0 : count]."""
    r: cython.Py_ssize_t
    for r in range(count):
        out[r] += tree_sum(forest, rows, r * forest.width)
