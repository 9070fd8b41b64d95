# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Text -> its tokens by runs of letters, each folded to a byte, so that a word is hashed eight letters at a time.

Only the compiled road takes it; the interpreted one goes letter by letter (`tokenizer.by_letter`), as this one does within a run
that holds anything but letters of ASCII. Little is branched on: how long a word is, and how it begins, is as good as chance.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.libc.string import memchr, memset  # noqa: I001
    from cython.cimports.resolver.eights import GATHER, SEVENS, TOPS, eight, lowest
    from cython.cimports.resolver.tokenizer import Letters, Room, beyond, by_letter, gap_bit
    from cython.cimports.resolver.tokens import (
        FIELDS, FOLD_LETTER, FULL, GAP_BLANK, GAP_HARD, GAP_JOINING, INVISIBLE, MARK, MAX_GAP, MIX, NEWLINE, PLAIN, SEED,
        SPREAD, TOKEN_ARTICLE, TOKEN_LOWER, TOKEN_SINGLE,
    )  # fmt: skip
else:
    from resolver.tokenizer import Letters, Room, gap_bit

COMPILED = cython.compiled

ODD = cython.declare(cython.uchar, 1)  # what belongs to a run, but is not one letter of ASCII
# What each class of separators adds to a gap, but for line ends, of which two are a paragraph; by `tokenizer.gap_bit`.
GAPS = cython.declare(cython.const[cython.ushort][::1], memoryview(array("H", [gap_bit(f, 0) for f in range(16)])))
# First letters of articles by their last five bits, and second ones: of al- ad- an- ar- as- at- az- and the same with e; of ul- ud- ur-; of
# ash- ath- adh-.
A_E_U = cython.declare(cython.uint, sum(1 << (ord(letter) & 31) for letter in "aeu"))
AFTER_A = cython.declare(cython.uint, sum(1 << (ord(letter) & 31) for letter in "ldnrstz"))
AFTER_U = cython.declare(cython.uint, sum(1 << (ord(letter) & 31) for letter in "ldr"))
BEFORE_H = cython.declare(cython.uint, sum(1 << (ord(letter) & 31) for letter in "std"))


@cython.cfunc
@cython.exceptval(check=False)
def narrow(a: Letters) -> cython.int:
    """Tables of letters -> of each code point that `a.flat` has an entry for: its letter of ASCII, ODD, or 0 where it separates."""
    code: cython.Py_ssize_t
    f: cython.uint
    for code in range(min(a.flat.shape[0], a.fold.shape[0])):  # a table of one entry is given where no text is read
        f = a.fold[code]
        if f & PLAIN == FOLD_LETTER and f >> 5 < 128:
            a.flat[code] = cython.cast(cython.uchar, f >> 5)
        else:
            a.flat[code] = ODD if f >= FOLD_LETTER or f == MARK or f == INVISIBLE else 0
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _find_runs(a: Letters, s: Room, n: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """The n code points of the room -> in `flat` a byte for each, as `narrow` has it, and zeros behind; in `edge` where each run of
    bytes that are not 0 begins and ends. Returns how many edges there are, -1 for a text of which more than a quarter is ODD; `odd` is 1
    where some byte is."""
    i: cython.Py_ssize_t
    code: cython.p_uint = cython.address(s.code[0])
    flat: cython.p_uchar = cython.address(s.flat[0])
    of: cython.p_uchar = cython.address(a.flat[0])
    limit: cython.uint = a.flat.shape[0]
    odds: cython.Py_ssize_t = 0
    if s.narrow:
        for i in range(0, n - 3, 4):
            flat[i] = of[code[i]]
            flat[i + 1] = of[code[i + 1]]
            flat[i + 2] = of[code[i + 2]]
            flat[i + 3] = of[code[i + 3]]
        for i in range(n & ~3, n):
            flat[i] = of[code[i]]
    else:
        for i in range(n):
            flat[i] = of[code[i]] if code[i] < limit else ODD
            odds += flat[i] == ODD
        if odds > n // 4:  # Arabic, Cyrillic: word by word it would only take longer
            return -1
    memset(flat + n, 0, 64 + 16)
    return _find_edges(s, n)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _find_edges(s: Room, n: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Bytes of a text, none above 127 -> where they begin to be other than 0, and where they end to be, by turns."""
    flat: cython.p_uchar = cython.address(s.flat[0])
    edge: cython.p_int = cython.address(s.edge[0])
    edges: cython.Py_ssize_t = 0
    block: cython.Py_ssize_t = 0
    k: cython.int
    eight_: cython.ulonglong
    ones: cython.ulonglong = TOPS >> 7
    inside: cython.ulonglong  # bits of what is not 0
    before: cython.ulonglong = 0  # 1 when the byte before the block is not 0
    edging: cython.ulonglong
    odd: cython.ulonglong = 0
    while block <= n:
        inside = 0
        for k in range(8):
            eight_ = eight(flat + block + 8 * k)
            odd |= ~((eight_ ^ ones) + SEVENS) & TOPS
            inside |= (((((eight_ + SEVENS) & TOPS) >> 7) * GATHER) >> 56) << (8 * k)
        edging = inside ^ (inside << 1 | before)
        before = inside >> 63
        while edging:
            edge[edges] = cython.cast(cython.int, block + lowest(edging))
            edges += 1
            edging &= edging - 1
        block += 64
    s.odd = odd != 0
    return edges


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_article(first: cython.ulonglong) -> cython.int:
    """All letters of a short run that begins with a, e or u -> whether it is an article, as `tokenizer` has them."""
    begin: cython.uint = first & 255
    second: cython.uint = (first >> 8) & 255
    rest: cython.ulonglong = first >> 16
    if second < 97:
        return 0
    if begin == 117:
        return rest == 0 and (AFTER_U >> (second & 31)) & 1
    if begin != 97 and begin != 101:
        return 0
    return (rest == 0 and (AFTER_A >> (second & 31)) & 1) or (rest == 104 and (BEFORE_H >> (second & 31)) & 1)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _properties(first: cython.ulonglong, size: cython.Py_ssize_t, code: cython.uint) -> cython.int:
    """The first eight letters of a run, how many it has, and its first code point -> its TOKEN_ bits, as `tokenizer` has them."""
    lower: cython.uint = (code >= 97) & (code <= 122)
    article: cython.int = 0
    if (A_E_U >> (first & 31)) & 1 & (first < 0x1000000) & (first > 255):
        article = _is_article(first)
    if code > 122:
        lower = 0x430 <= code <= 0x45F or 0xDF <= code <= 0xF6 or 0xF8 <= code <= 0xFF or 0x3B1 <= code <= 0x3C9
    return TOKEN_LOWER * lower + TOKEN_SINGLE * (size == 1) + TOKEN_ARTICLE * article


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _hash(flat: cython.p_uchar, first: cython.ulonglong, size: cython.Py_ssize_t) -> cython.ulonglong:
    """A run, its first eight letters, how many it has -> its hash, as `tokenizer.letters_hash` has it."""
    h: cython.ulonglong = (SEED ^ first) * SPREAD
    k: cython.Py_ssize_t = 8
    h ^= h >> 29
    while k < size:
        h = (h ^ _upto(flat + k, size - k)) * SPREAD
        h ^= h >> 29
        k += 8
    h *= MIX
    h ^= h >> 32
    return h | 1


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _upto(flat: cython.p_uchar, size: cython.Py_ssize_t) -> cython.ulonglong:
    """Bytes, one or more -> the first eight of them at most, the first the lowest."""
    return eight(flat) & (FULL >> (64 - 8 * (size if size < 8 else 8)))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _spell(s: Room, t: cython.Py_ssize_t) -> cython.int:
    """Token t, a run of letters of ASCII -> its letters are written where they belong."""
    k: cython.Py_ssize_t
    start: cython.Py_ssize_t = s.token[FIELDS * t]
    w0: cython.Py_ssize_t = s.token[FIELDS * t + 4]
    for k in range(s.token[FIELDS * t + 5] - w0):
        s.letter[w0 + k] = s.flat[start + k]
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def by_run(a: Letters, s: Room, n: cython.Py_ssize_t) -> cython.int:
    """As `tokenizer.by_letter`, for the whole text, but letters are written of those tokens alone that another may be joined to."""
    edges: cython.Py_ssize_t = _find_runs(a, s, n)
    if edges < 0:
        by_letter(a, s, 0, n)
    elif s.odd:
        _with_odd(a, s, edges)
    else:  # each run is a token
        s.tokens = edges // 2
        _read_words(s)
        _read_gaps(a, s)
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _read_words(s: Room) -> cython.int:
    """Runs that are each a token -> their tokens, gaps aside."""
    code: cython.p_uint = cython.address(s.code[0])
    token: cython.p_int = cython.address(s.token[0])
    edge: cython.p_int = cython.address(s.edge[0])
    flat: cython.p_uchar = cython.address(s.flat[0])
    hashes: cython.p_ulonglong = cython.address(s.hash[0])
    first: cython.ulonglong
    start: cython.Py_ssize_t
    size: cython.Py_ssize_t
    w: cython.Py_ssize_t = 0
    t: cython.Py_ssize_t
    for t in range(s.tokens):
        start = edge[2 * t]
        size = edge[2 * t + 1] - start
        first = _upto(flat + start, size)
        hashes[t] = _hash(flat + start, first, size)
        token[0] = edge[2 * t]
        token[1] = edge[2 * t + 1]
        token[3] = _properties(first, size, code[start])
        token[4] = cython.cast(cython.int, w)
        w += size
        token[5] = cython.cast(cython.int, w)
        token += FIELDS
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _read_gaps(a: Letters, s: Room) -> cython.int:
    """Tokens, each a run -> what lies before each; the letters of those that may be joined to another."""
    code: cython.p_uint = cython.address(s.code[0])
    token: cython.p_int = cython.address(s.token[0])
    at: cython.Py_ssize_t = 0
    gap: cython.int = GAP_HARD
    single: cython.int = 0
    t: cython.Py_ssize_t
    for t in range(s.tokens):
        if token[0] - at == 1 and code[at] == 32:
            gap |= GAP_BLANK
        else:
            gap = _gap(a, code, at, token[0], gap) | (GAP_HARD if token[0] - at > MAX_GAP else 0)
        token[2] = gap
        if gap & GAP_JOINING or single & token[3]:
            _spell(s, t - 1 if t else t)
            _spell(s, t)
        single = token[3] & TOKEN_SINGLE
        gap = 0
        at = token[1]
        token += FIELDS
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _gap(a: Letters, code: cython.p_uint, at: cython.Py_ssize_t, end: cython.Py_ssize_t, gap: cython.int) -> cython.int:
    """Separators [at, end), and what lies before them -> the gap."""
    limit: cython.uint = a.fold.shape[0]
    f: cython.uint
    i: cython.Py_ssize_t
    for i in range(at, end):
        f = a.fold[code[i]] if code[i] < limit else beyond(code[i])
        gap |= gap_bit(f, gap) if f == NEWLINE else GAPS[f]
    return gap


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _with_odd(a: Letters, s: Room, edges: cython.Py_ssize_t) -> cython.int:
    """Runs of which some are not letters of ASCII alone -> their tokens; these runs are gone through letter by letter."""
    code: cython.p_uint = cython.address(s.code[0])
    token: cython.p_int = cython.address(s.token[0])
    flat: cython.p_uchar = cython.address(s.flat[0])
    room: cython.Py_ssize_t = s.letter.shape[0] - 32
    e: cython.Py_ssize_t
    at: cython.Py_ssize_t = 0
    start: cython.Py_ssize_t
    size: cython.Py_ssize_t
    last: cython.Py_ssize_t = 0
    w: cython.Py_ssize_t = 0
    t: cython.Py_ssize_t = 0
    gap: cython.int = GAP_HARD
    flags: cython.int
    single: cython.int = 0
    unspelled: cython.bint = False  # whether the last token is a run whose letters are not written
    first: cython.ulonglong
    for e in range(0, edges, 2):
        start = s.edge[e]
        gap = _gap(a, code, at, start, gap)
        at = s.edge[e + 1]
        size = at - start
        if memchr(flat + start, ODD, size) or size > room - w:
            if unspelled:
                _spell(s, t - 1)
            s.tokens, s.letters, s.last, s.gap = t, w, last, gap
            by_letter(a, s, start, at)
            unspelled = unspelled and s.tokens == t
            t, w, last, gap = s.tokens, s.letters, s.last, s.gap
            token = cython.address(s.token[FIELDS * t])
            single = TOKEN_SINGLE
            continue
        first = _upto(flat + start, size)
        flags = _properties(first, size, code[start])
        if start - last > MAX_GAP:
            gap |= GAP_HARD
        token[0] = start
        token[1] = at
        token[2] = gap
        token[3] = flags
        token[4] = w
        w += size
        token[5] = w
        token += FIELDS
        s.hash[t] = _hash(flat + start, first, size)
        if gap == 0 or gap & GAP_JOINING or flags & single:
            if unspelled:
                _spell(s, t - 1)
            _spell(s, t)
            unspelled = False
        else:
            unspelled = True
        single = flags & TOKEN_SINGLE
        gap = 0
        last = at
        t += 1
    s.tokens, s.letters, s.last, s.gap = t, w, last, gap
    return 0
