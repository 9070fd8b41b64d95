# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A prepared name -> the one row of a Table that rows of an index are compared with, written over the name before.

One source, two roads, as in `resolver.align`. It is `features.name_of` without making anything for each name.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from aliases.keys import skeleton_codes, symbols

if cython.compiled:
    from cython.cimports.resolver.align import Table
else:
    from resolver.align import Table

from resolver.prepare import MAX_LETTERS, MAX_WORDS

COMPILED = cython.compiled

SYMBOLS = cython.declare(cython.Py_ssize_t, 4 * MAX_WORDS * MAX_LETTERS)  # of one name; a letter is two at most
_COLUMNS = (
    ("row_start", "I", 2), ("row_words", "I", MAX_WORDS), ("row_legal", "I", 1), ("row_origin", "B", 1), ("row_crowd", "B", 1),
    ("word_start", "I", MAX_WORDS + 1), ("skeleton_start", "I", MAX_WORDS + 1), ("word_flags", "B", MAX_WORDS),
    ("word_rarity", "f", MAX_WORDS), ("word_symbols", "B", 4 * MAX_WORDS * MAX_LETTERS), ("skeletons", "B", 4 * MAX_WORDS * MAX_LETTERS),
)  # fmt: skip


@cython.final
@cython.cclass
class Left:
    """A Table of one row, the name, and how rare words are among those that it is compared with; of `most` words it is kept."""

    def __init__(self, rarity, most):
        columns = {name: memoryview(array(code, bytes(size * array(code).itemsize))) for name, code, size in _COLUMNS}
        self.rarity, self.most, self.words = rarity, most, {}
        self.table = Table(columns)
        self.row_start, self.row_words, self.row_legal = columns["row_start"], columns["row_words"], columns["row_legal"]
        self.row_origin, self.word_start, self.skeleton_start = (
            columns["row_origin"],
            columns["word_start"],
            columns["skeleton_start"],
        )
        self.word_symbols, self.skeletons = columns["word_symbols"], columns["skeletons"]
        self.word_flags, self.word_rarity = columns["word_flags"], columns["word_rarity"]


@cython.cfunc
def _word(s: Left, word: str) -> tuple:
    """Word -> its symbols, the codes of its skeleton, 1 when it holds a digit, how rare it is."""
    known = s.words.get(word)
    if known is None:
        if len(s.words) >= s.most:
            s.words.clear()
        numbered = int(any(map(str.isdigit, word)))
        known = s.words[word] = symbols(word) or b"\1", skeleton_codes(word), numbered, s.rarity.of(word)
    return known


@cython.cfunc
@cython.exceptval(-1)
def take(s: Left, name) -> cython.int:
    """Prepared name -> the one row of the table, as `features.tabulate` makes it."""
    words: tuple = name.words
    distinct = list(dict.fromkeys(words)) if len(words) > 1 else words
    k: cython.Py_ssize_t
    j: cython.Py_ssize_t
    written: cython.Py_ssize_t = 0
    heard: cython.Py_ssize_t = 0
    symbol: bytes
    sound: bytes
    for k in range(len(distinct)):
        symbol, sound, s.word_flags[k], s.word_rarity[k] = _word(s, distinct[k])
        if written + len(symbol) > SYMBOLS or heard + len(sound) > SYMBOLS:
            raise ValueError(
                f"a name has more than {SYMBOLS} symbols: prepare it (`resolver.prepare`) with fewer or shorter words"
            )
        for j in range(len(symbol)):
            s.word_symbols[written + j] = symbol[j]
        for j in range(len(sound)):
            s.skeletons[heard + j] = sound[j]
        written += len(symbol)
        heard += len(sound)
        s.word_start[k + 1], s.skeleton_start[k + 1] = cython.cast(cython.uint, written), cython.cast(cython.uint, heard)
    for k in range(len(words)):
        s.row_words[k] = distinct.index(words[k])
    s.row_start[1] = len(words)
    s.row_origin[0], s.row_legal[0] = name.origin, name.legal
    return 0
