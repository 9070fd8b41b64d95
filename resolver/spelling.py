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

from aliases.keys import skeleton_codes, symbols

if cython.compiled:
    from cython.cimports.resolver.align import Table, compare_rows
    from cython.cimports.resolver.edits import Costs
    from cython.cimports.resolver.trees import Forest, add_trees
else:
    from resolver.align import Table, compare_rows
    from resolver.edits import Costs
    from resolver.trees import Forest, add_trees

from resolver.align import WIDTH as _WIDTH
from resolver.features import PLACE
from resolver.prepare import MAX_LETTERS, MAX_WORDS
from resolver.rank import MISSING_NUMBER as _MISSING_NUMBER
from resolver.rank import OTHER_NUMBER as _OTHER_NUMBER

COMPILED = cython.compiled

WIDTH = cython.declare(cython.Py_ssize_t, _WIDTH)
NUMBERS = cython.declare(cython.Py_ssize_t, PLACE["numbers_over"])
OTHER_NUMBER, MISSING_NUMBER = cython.declare(cython.double, _OTHER_NUMBER), cython.declare(cython.double, _MISSING_NUMBER)
NO_ROW = -99.0  # log odds of an alias that has no row
MOST_WORDS = cython.declare(cython.Py_ssize_t, 1 << 15)  # words whose columns are kept: some 10 MB
SYMBOLS = cython.declare(cython.Py_ssize_t, 4 * MAX_WORDS * MAX_LETTERS)  # of one name; a letter is two at most
_LEFT = (
    ("row_start", "I", 2), ("row_words", "I", MAX_WORDS), ("row_legal", "I", 1), ("row_origin", "B", 1), ("row_crowd", "B", 1),
    ("word_start", "I", MAX_WORDS + 1), ("skeleton_start", "I", MAX_WORDS + 1), ("word_flags", "B", MAX_WORDS),
    ("word_rarity", "f", MAX_WORDS), ("word_symbols", "B", 4 * MAX_WORDS * MAX_LETTERS), ("skeletons", "B", 4 * MAX_WORDS * MAX_LETTERS),
)  # fmt: skip


@cython.final
@cython.cclass
class Speller:
    """Compares names with the rows of one family of an index."""

    table: Table
    row_alias: cython.const[cython.uint][::1]
    searched: cython.Py_ssize_t
    rarity: object
    costs: Costs
    contrast: Costs
    pair: Forest
    words: dict
    row: cython.uint[::1]  # rows of the aliases that are asked about ...
    alias: cython.int[::1]  # ... and the place of each one's alias in the question
    number: cython.float[::1]
    odds: cython.float[::1]
    room: cython.Py_ssize_t
    left: Table  # the name, and its columns to write to
    row_start: cython.uint[::1]
    row_words: cython.uint[::1]
    row_legal: cython.uint[::1]
    row_origin: cython.uchar[::1]
    word_start: cython.uint[::1]
    skeleton_start: cython.uint[::1]
    word_symbols: cython.uchar[::1]
    skeletons: cython.uchar[::1]
    word_flags: cython.uchar[::1]
    word_rarity: cython.float[::1]

    def __init__(self, table: Table, row_alias, searched, rarity, costs: Costs, contrast: Costs, pair: Forest):
        self.table, self.row_alias, self.searched, self.rarity = table, row_alias, searched, rarity
        self.costs, self.contrast, self.pair, self.words, self.room = costs, contrast, pair, {}, 0
        _make_room(self, 16)
        columns = {name: memoryview(array(code, bytes(size * array(code).itemsize))) for name, code, size in _LEFT}
        self.left = Table(columns)
        self.row_start, self.row_words, self.row_legal = columns["row_start"], columns["row_words"], columns["row_legal"]
        self.row_origin, self.word_start, self.skeleton_start = (
            columns["row_origin"],
            columns["word_start"],
            columns["skeleton_start"],
        )
        self.word_symbols, self.skeletons = columns["word_symbols"], columns["skeletons"]
        self.word_flags, self.word_rarity = columns["word_flags"], columns["word_rarity"]

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
                _take(self, prepared)
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
def _word(s: Speller, word: str) -> tuple:
    """Word -> its symbols, the codes of its skeleton, 1 when it holds a digit, how rare it is."""
    known = s.words.get(word)
    if known is None:
        if len(s.words) >= MOST_WORDS:
            s.words.clear()
        numbered = int(any(map(str.isdigit, word)))
        known = s.words[word] = symbols(word) or b"\1", skeleton_codes(word), numbered, s.rarity.of(word)
    return known


@cython.cfunc
@cython.exceptval(-1)
def _take(s: Speller, name) -> cython.int:
    """Prepared name -> the one row of `left`, as `features.tabulate` makes it."""
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


@cython.cfunc
@cython.exceptval(-1)
def _compare(s: Speller, rows: cython.Py_ssize_t) -> cython.int:
    """Name that was taken -> the log odds of each of the rows, numbers that only one name holds counted."""
    k: cython.Py_ssize_t
    for k in range(WIDTH * rows):
        s.number[k] = 0.0
    for k in range(rows):
        s.odds[k] = 0.0
    compare_rows(s.left, 0, s.table, s.row, rows, s.costs, s.contrast, s.number)
    add_trees(s.pair, s.number, rows, s.odds)
    for k in range(rows):
        if s.number[WIDTH * k + NUMBERS] > 1:
            s.odds[k] += OTHER_NUMBER
        elif s.number[WIDTH * k + NUMBERS]:
            s.odds[k] += MISSING_NUMBER
    return 0
