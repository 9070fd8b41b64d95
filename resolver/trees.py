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


@cython.ccall
def add_trees(forest: Forest, rows: cython.float[::1], count: cython.Py_ssize_t, out: cython.float[::1]) -> cython.void:
    """`count` rows of `forest.width` numbers -> the sum of the trees' leaves added to out[0 : count]."""
    r: cython.Py_ssize_t
    t: cython.Py_ssize_t
    at: cython.Py_ssize_t
    node: cython.uint
    total: cython.double
    for r in range(count):
        at = r * forest.width
        total = 0.0
        for t in range(forest.trees):
            node = forest.roots[t]
            while forest.feature[node] != 255:
                node = forest.lower[node] if rows[at + forest.feature[node]] <= forest.threshold[node] else forest.upper[node]
            total += forest.value[node]
        out[r] += total
