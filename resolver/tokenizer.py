# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Text -> its code points and its tokens, in a Room that the later steps of tagging share.

One source, two roads: Cython compiles it (pure-Python mode; tokenizer.pxd says what other compiled modules see), and without a
compiler it runs as it stands. A token is a run of letters and digits; what stands between two tokens is its gap, a set of GAP_
bits. Letters are folded on the way, by a table that the index holds. Words whose letters are ASCII once they are folded, most of
those in Latin script, are taken whole by the compiled road (`resolver.runs`); all others, and all on the interpreted one, go
letter by letter.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from aliases import fold as folding
from resolver import tokens

if cython.compiled:
    from cython.cimports.cpython.unicode import PyUnicode_KIND  # noqa: I001
    from cython.cimports.resolver.loading import load_codes
    from cython.cimports.resolver.runs import by_run, narrow
    from cython.cimports.resolver.tokens import (
        APOSTROPHE, BLANK, BRACKET, FIELDS, FOLD_LETTER, FULL, GAP_APOSTROPHE, GAP_BLANK, GAP_BRACKET, GAP_HARD,
        GAP_HYPHEN, GAP_JOINER, GAP_NEWLINE, GAP_PARAGRAPH, GAP_PERIOD, HARD, HYPHEN, INVISIBLE, JOINER, MARK, MAX_GAP, MIX,
        NEWLINE, PERIOD, PLAIN, PRIME, SEED, SPREAD, TOKEN_ARABIC, TOKEN_ARTICLE, TOKEN_HEBREW, TOKEN_LOWER,
        TOKEN_SINGLE, TOKEN_SOLO,
    )  # fmt: skip
else:
    from resolver.tokens import (  # noqa: I001
        APOSTROPHE, BLANK, BRACKET, FIELDS, FOLD_LETTER, FULL, GAP_APOSTROPHE, GAP_BLANK, GAP_BRACKET, GAP_HARD,
        GAP_HYPHEN, GAP_JOINER, GAP_NEWLINE, GAP_PARAGRAPH, GAP_PERIOD, HARD, HYPHEN, INVISIBLE, JOINER, MARK, MAX_GAP, MIX,
        NEWLINE, PERIOD, PLAIN, PRIME, SEED, SPREAD, TOKEN_ARABIC, TOKEN_ARTICLE, TOKEN_HEBREW, TOKEN_LOWER,
        TOKEN_SINGLE, TOKEN_SOLO,
    )  # fmt: skip

COMPILED = cython.compiled

LEAST_ROOM = 4096  # characters that a room has space for at least: most documents fit without a new one
NARROW = 1 << 16 if cython.compiled else 0  # code points that `runs` has a byte for


@cython.final
@cython.cclass
class Letters:
    """What every code point is and folds to: views over arrays of a generation, nothing is copied."""

    def __init__(self, fold, long, case):
        self.fold, self.long, self.case = fold, long, case
        self.flat = memoryview(bytearray(NARROW or 1))
        if cython.compiled:
            narrow(self)


@cython.final
@cython.cclass
class Room:
    """Working memory for one text of up to `size` characters."""

    def __init__(self, size):
        self.size = size
        self.code = memoryview(array("I", bytes(4 * (size + 1))))
        self.letter = memoryview(array("I", bytes(4 * (2 * size + 96))))
        self.token = memoryview(array("i", bytes(4 * tokens.FIELDS * (size + 2))))
        self.hash = memoryview(array("Q", bytes(8 * (size + 2))))
        self.hit = memoryview(array("i", bytes(4 * tokens.HIT * (2 * size + 8))))
        self.rest = memoryview(array("Q", bytes(8 * 2 * 4)))
        self.stack = memoryview(array("Q", bytes(8 * 2 * tokens.STACK)))
        self.flat = memoryview(bytearray(size + 160))
        self.edge = memoryview(array("i", bytes(4 * (size + 2))))
        self.place = memoryview(array("i", bytes(4 * (size + 2))))
        self.node = memoryview(array("I", bytes(4 * (size + 2))))
        self.tokens = 0
        self.hits = 0
        self.narrow = self.odd = 0


@cython.ccall
@cython.exceptval(-1)
def load(room: Room, text: str) -> cython.int:
    """Text -> its code points in the room; 1 when it is surely no disguise (`aliases.fold.undisguise` gives it back), else 0."""
    n: cython.Py_ssize_t = len(text)
    if cython.compiled:
        room.narrow = PyUnicode_KIND(text) == 1
        return load_codes(room.code, text, n)
    codes: cython.const[cython.uint][::1] = memoryview(text.encode("utf-32-le", "surrogatepass")).cast("I")
    room.code[:n] = codes
    room.code[n] = 0
    return folding.is_plain(text)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def mixed(h: cython.ulonglong) -> cython.ulonglong:
    """Hash so far -> with all of its bits in all others, and never 0."""
    h = (h * MIX) & FULL
    h ^= h >> 32
    return h | 1


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def absorb(h: cython.ulonglong, eight_: cython.ulonglong) -> cython.ulonglong:
    """Hash so far, SEED at first, and up to eight letters of ASCII, the first in the lowest byte -> hash with them."""
    h = ((h ^ eight_) * SPREAD) & FULL
    return h ^ h >> 29


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def letters_hash(letter: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.ulonglong:
    """Letters [start, end), one or more -> their 64-bit hash, never 0. The Arabic article does not count."""
    h: cython.ulonglong = SEED
    eight_: cython.ulonglong = 0
    every: cython.uint = 0
    i: cython.Py_ssize_t
    if end - start >= 5 and letter[start] == 0x627 and letter[start + 1] == 0x644:
        start += 2
    if letter[start] < 128:
        for i in range(start, end):
            every |= letter[i]
            eight_ |= (cython.cast(cython.ulonglong, letter[i]) << (8 * ((i - start) & 7))) & FULL
            if (i - start) & 7 == 7:
                h = absorb(h, eight_)
                eight_ = 0
        if every < 128:
            return mixed(absorb(h, eight_) if eight_ else h)
        h = SEED
    for i in range(start, end):
        h = ((h ^ letter[i]) * PRIME) & FULL
    return mixed(h ^ h >> 29)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_article(letter: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.int:
    """Letters -> whether they are a romanized Arabic article: a/e/u + l, or its assimilated forms (ad- ez- ash- ...)."""
    n: cython.Py_ssize_t = end - start
    first: cython.uint
    last: cython.uint
    if n < 2 or n > 3:
        return 0
    first = letter[start]
    last = letter[start + 1]
    if first == 117:  # ul- ud- ur-; `un` and `us` are other words
        return 1 if n == 2 and (last == 108 or last == 100 or last == 114) else 0
    if first != 97 and first != 101:
        return 0
    if n == 3:  # ash- ath- adh- esh- ...
        return 1 if letter[start + 2] == 104 and (last == 115 or last == 116 or last == 100) else 0
    # l  d  n  r  s  t  z
    return 1 if last == 108 or last == 100 or last == 110 or last == 114 or last == 115 or last == 116 or last == 122 else 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _long_fold(a: Letters, letter: cython.uint[::1], w: cython.Py_ssize_t, place: cython.uint) -> cython.Py_ssize_t:
    """Place in the table of long folds -> its letters written behind `w`; returns the new end of the letters."""
    more: cython.int = a.long[place]
    while more > 0:
        place += 1
        letter[w] = a.long[place]
        w += 1
        more -= 1
    return w


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def beyond(code: cython.uint) -> cython.uint:
    """Code point beyond the fold table -> its class: ideographs stand alone, tags are invisible, the rest separates."""
    if code < 0x40000:
        return code << 5 | FOLD_LETTER | 1
    return INVISIBLE if code >= 0xE0000 and code < 0xE1000 else HARD


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def gap_bit(f: cython.uint, gap: cython.int) -> cython.int:
    """Class of a separator, and what lies before it -> the GAP_ bits that it adds."""
    if f == BLANK:
        return GAP_BLANK
    if f == HYPHEN:
        return GAP_HYPHEN
    if f == APOSTROPHE:
        return GAP_APOSTROPHE
    if f == NEWLINE:
        return GAP_PARAGRAPH if gap & GAP_NEWLINE else GAP_NEWLINE
    if f == PERIOD:
        return GAP_PERIOD
    if f == JOINER:
        return GAP_JOINER
    if f == BRACKET:
        return GAP_HARD | GAP_BRACKET
    return GAP_HARD if f == HARD else 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _properties(
    letter: cython.uint[::1], w0: cython.Py_ssize_t, w: cython.Py_ssize_t, code: cython.uint, solo: cython.int
) -> cython.int:
    """Letters of a token and its first code point -> its TOKEN_ bits.

    Whether it is in lower case, and whether it is short, is as good as chance in most texts: neither is branched on.
    """
    lower: cython.uint = (code >= 97) & (code <= 122)
    size: cython.uint = cython.cast(cython.uint, w - w0)
    first: cython.uint = letter[w0]
    flags: cython.int
    if code > 122:
        lower = 0x430 <= code <= 0x45F or 0xDF <= code <= 0xF6 or 0xF8 <= code <= 0xFF or 0x3B1 <= code <= 0x3C9
    flags = TOKEN_LOWER * lower + TOKEN_SINGLE * (size == 1)
    if (first == 97) | (first == 101) | (first == 117) and _is_article(letter, w0, w):
        flags |= TOKEN_ARTICLE
    if solo:
        flags |= TOKEN_SOLO
    elif first > 0x5CF:
        if 0x600 <= first <= 0x6FF:
            flags |= TOKEN_ARABIC
        elif first <= 0x5EA:
            flags |= TOKEN_HEBREW
    return flags


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def tokenize(a: Letters, s: Room, n: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """The n code points of the room -> their tokens in it; returns how many. Offsets are code points."""
    s.tokens = s.letters = s.last = 0
    s.gap = GAP_HARD
    if cython.compiled:
        by_run(a, s, n)
    else:
        by_letter(a, s, 0, n)
    return s.tokens


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def by_letter(a: Letters, s: Room, i: cython.Py_ssize_t, n: cython.Py_ssize_t) -> cython.int:
    """Code points [i, n) of the room -> their tokens behind those that are in it already, with all of their letters."""
    code: cython.uint[::1] = s.code
    letter: cython.uint[::1] = s.letter
    fold: cython.const[cython.uint][::1] = a.fold
    w: cython.Py_ssize_t = s.letters
    w0: cython.Py_ssize_t
    start: cython.Py_ssize_t
    end: cython.Py_ssize_t
    limit: cython.uint = fold.shape[0]
    room: cython.Py_ssize_t = letter.shape[0] - 32  # no character folds to more than 18 letters
    f: cython.uint
    solo: cython.uint
    stop: cython.Py_ssize_t
    o: cython.Py_ssize_t
    h: cython.ulonglong
    every: cython.uint
    flags: cython.int
    while i < n and w < room:
        f = fold[code[i]] if code[i] < limit else beyond(code[i])
        if f < FOLD_LETTER:
            s.gap |= GAP_BLANK if f == BLANK else gap_bit(f, s.gap)
            i += 1
            continue
        start = end = i
        w0 = w
        solo = f & 1
        h = SEED  # as `letters_hash` makes it of letters that are not all of ASCII
        every = 0
        while True:
            if f & PLAIN == FOLD_LETTER and not solo:  # most letters, in a loop of their own
                stop = n if n - i <= room - w else i + room - w
                while True:
                    f >>= 5
                    letter[w] = f
                    every |= f
                    h = ((h ^ f) * PRIME) & FULL
                    w += 1
                    i += 1
                    if i >= stop:
                        break
                    f = fold[code[i]] if code[i] < limit else beyond(code[i])
                    if f & PLAIN != FOLD_LETTER:
                        break
                end = i
                if i >= stop:
                    break
            if f >= FOLD_LETTER:
                if i > start and (solo or f & 1):
                    break
                o = w
                if f & 2:
                    w = _long_fold(a, letter, w, f >> 5)
                else:
                    letter[w] = f >> 5
                    w += 1
                while o < w:
                    every |= letter[o]
                    h = ((h ^ letter[o]) * PRIME) & FULL
                    o += 1
                i += 1
                end = i
            elif f == MARK:
                i += 1
                end = i
            elif f == INVISIBLE:
                i += 1
            else:
                break
            if i >= n or w >= room:
                break
            f = fold[code[i]] if code[i] < limit else beyond(code[i])
        s.letters = w
        flags = _properties(letter, w0, w, code[start], solo)
        _put(s, start, end, w0, flags, letters_hash(letter, w0, w) if every < 128 or flags & TOKEN_ARABIC else mixed(h ^ h >> 29))
        s.last = i
    return 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _put(
    s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t, w0: cython.Py_ssize_t, flags: cython.int, h: cython.ulonglong
) -> cython.int:
    """Token -> it is the last one of the room; nothing lies behind it yet. Its letters begin at w0 and are the last."""
    o: cython.Py_ssize_t = FIELDS * s.tokens
    s.token[o] = start
    s.token[o + 1] = end
    s.token[o + 2] = s.gap | GAP_HARD if start - s.last > MAX_GAP else s.gap
    s.token[o + 3] = flags
    s.token[o + 4] = w0
    s.token[o + 5] = s.letters
    s.hash[s.tokens] = h
    s.tokens += 1
    s.gap = 0
    return 0


def text_hash(letters: Letters, text: str) -> int:
    """Text -> 64-bit hash of its code points as they stand, never 0; the index keeps forms so."""
    codes: cython.uint[::1] = memoryview(array("I", map(ord, text)))
    return plain_hash(letters, codes, 0, len(text))


@cython.ccall
@cython.exceptval(check=False)
def plain_hash(a: Letters, code: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.ulonglong:
    """Code points [start, end) -> their 64-bit hash, never 0."""
    h: cython.ulonglong = SEED
    i: cython.Py_ssize_t
    for i in range(start, end):
        h = ((h ^ code[i]) * PRIME) & FULL
    return mixed(h ^ h >> 29)


def tokens_of(letters: Letters, text: str) -> list[tuple[int, int, int, int, int]]:
    """Text -> its tokens (start, end, gap before, properties, hash): the compiler of the trie uses it, so that both agree."""
    s: Room = Room(len(text))
    load(s, text)
    tokenize(letters, s, len(text))
    k: cython.Py_ssize_t
    return [
        (s.token[FIELDS * k], s.token[FIELDS * k + 1], s.token[FIELDS * k + 2], s.token[FIELDS * k + 3], s.hash[k])
        for k in range(s.tokens)
    ]


def joined(letters: Letters, text: str) -> int:
    """Text -> the hash of all its letters as one token, 0 when it has none."""
    s: Room = Room(len(text))
    load(s, text)
    s.tokens = s.letters = s.last = 0
    s.gap = GAP_HARD
    by_letter(letters, s, 0, len(text))
    return letters_hash(s.letter, 0, s.letters) if s.tokens else 0
