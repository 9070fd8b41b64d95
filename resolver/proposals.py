# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""The proposals that were made for a text, and those that a word alone gives, which are kept for the next time that it is met.

One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.resolver.proposer import Proposer
    from cython.cimports.resolver.vocabulary import doubled
else:
    from resolver.proposer import Proposer
    from resolver.vocabulary import doubled

COMPILED = cython.compiled

MOST_KEPT = cython.declare(cython.Py_ssize_t, 1 << 18)  # proposals of single words that are kept: 11 MB
WORD = cython.declare(cython.Py_ssize_t, 8)  # as in `resolver.vocabulary`
VARIES = cython.declare(cython.uint, 4)  # as in `resolver.gating`
# Whole numbers of a proposal: start, end, alias, entered, words, skeleton, ending, text_left; and its others: mean_cost, worst_cost,
# form_left.
ROW, SHARE = cython.declare(cython.Py_ssize_t, 8), cython.declare(cython.Py_ssize_t, 3)


@cython.cfunc
@cython.exceptval(-1)
def add(
    p: Proposer,
    start: cython.int,
    end: cython.int,
    alias: cython.uint,
    entered: cython.int,
    words: cython.int,
    skeleton: cython.int,
    ending: cython.int,
    text_left: cython.int,
    mean: cython.float,
    worst: cython.float,
    form_left: cython.float,
) -> cython.int:
    """What was found -> one more proposal."""
    at: cython.Py_ssize_t = ROW * p.rows
    if at + ROW > p.row.shape[0]:
        row, share = array("i", bytes(8 * len(p.row))), array("f", bytes(8 * len(p.share)))
        rows: cython.int[::1] = memoryview(row)
        shares: cython.float[::1] = memoryview(share)
        rows[: len(p.row)] = p.row
        shares[: len(p.share)] = p.share
        p.row, p.share = rows, shares
    p.row[at], p.row[at + 1], p.row[at + 2], p.row[at + 3] = start, end, alias, entered
    p.row[at + 4], p.row[at + 5], p.row[at + 6], p.row[at + 7] = words, skeleton, ending, text_left
    at = SHARE * p.rows
    p.share[at], p.share[at + 1], p.share[at + 2] = mean, worst, form_left
    p.rows += 1
    return 0


@cython.cfunc
@cython.exceptval(-1)
def keep(p: Proposer, number: cython.Py_ssize_t, first: cython.Py_ssize_t) -> cython.int:
    """Word, and its proposals from row `first` on -> they are kept for the next time that it is met."""
    k: cython.Py_ssize_t
    count: cython.Py_ssize_t = p.rows - first
    if p.kept_rows + count > MOST_KEPT:
        forget(p)
    while ROW * (p.kept_rows + count) > p.kept_row.shape[0]:
        p.kept_row, p.kept_share = doubled(p.kept_row, "i"), doubled(p.kept_share, "f")
    for k in range(ROW * count):
        p.kept_row[ROW * p.kept_rows + k] = p.row[ROW * first + k]
    for k in range(SHARE * count):
        p.kept_share[SHARE * p.kept_rows + k] = p.share[SHARE * first + k]
    p.words.word[WORD * number + 3], p.words.word[WORD * number + 4] = p.kept_rows + 1, count
    p.kept_rows += count
    return 0


@cython.cfunc
def forget(p: Proposer):
    """Nothing is kept any more."""
    k: cython.Py_ssize_t
    for k in range(p.words.words):
        p.words.word[WORD * k + 2] &= ~VARIES
        p.words.word[WORD * k + 3] = p.words.word[WORD * k + 4] = p.words.word[WORD * k + 5] = 0
    for k in range(p.cost_key.shape[0]):
        p.cost_key[k] = 0
    for k in range(p.met.shape[0]):
        p.met[k] = 0
    p.kept_rows = 0


@cython.cfunc
@cython.exceptval(-1)
def add_kept(p: Proposer, k: cython.Py_ssize_t, start: cython.int, end: cython.int) -> cython.int:
    """A kept proposal -> one more here."""
    return add(
        p, start, end, p.kept_row[ROW * k + 2], p.kept_row[ROW * k + 3], p.kept_row[ROW * k + 4], p.kept_row[ROW * k + 5],
        p.kept_row[ROW * k + 6], p.kept_row[ROW * k + 7], p.kept_share[SHARE * k], p.kept_share[SHARE * k + 1],
        p.kept_share[SHARE * k + 2],
    )  # fmt: skip
