# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Text -> every place where the folded tokens of a listed surface form stand, in one pass over its code points.

One source, two roads: Cython compiles it (pure-Python mode), and without a compiler it runs as it stands. It knows nothing of
entities: it works on the flat arrays that `resolver.trie` makes, and answers with nodes of the trie, whose aliases the caller
verifies on the original text.

A token is a run of letters and digits. What stands between two tokens is its gap, a set of GAP_ bits. The walk through
the trie follows the tokens one by one; across a gap that a writer may put inside a word (hyphen, apostrophe, line-end hyphen,
single spelled-out letters) it also tries the joined token, and it passes over articles (`al-`, `ez-`) inside a name.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from resolver import _nocython as cython

from resolver import tokens

COMPILED = cython.compiled

FOLD_LETTER = cython.declare(cython.int, tokens.FOLD_LETTER)
HARD = cython.declare(cython.int, tokens.HARD)
INVISIBLE = cython.declare(cython.int, tokens.INVISIBLE)
MARK = cython.declare(cython.int, tokens.MARK)
HYPHEN = cython.declare(cython.int, tokens.HYPHEN)
APOSTROPHE = cython.declare(cython.int, tokens.APOSTROPHE)
BLANK = cython.declare(cython.int, tokens.BLANK)
NEWLINE = cython.declare(cython.int, tokens.NEWLINE)
PERIOD = cython.declare(cython.int, tokens.PERIOD)
JOINER = cython.declare(cython.int, tokens.JOINER)
GAP_BLANK = cython.declare(cython.int, tokens.GAP_BLANK)
GAP_NEWLINE = cython.declare(cython.int, tokens.GAP_NEWLINE)
GAP_PARAGRAPH = cython.declare(cython.int, tokens.GAP_PARAGRAPH)
GAP_HYPHEN = cython.declare(cython.int, tokens.GAP_HYPHEN)
GAP_APOSTROPHE = cython.declare(cython.int, tokens.GAP_APOSTROPHE)
GAP_PERIOD = cython.declare(cython.int, tokens.GAP_PERIOD)
GAP_JOINER = cython.declare(cython.int, tokens.GAP_JOINER)
GAP_HARD = cython.declare(cython.int, tokens.GAP_HARD)
TOKEN_ARTICLE = cython.declare(cython.int, tokens.TOKEN_ARTICLE)
TOKEN_LOWER = cython.declare(cython.int, tokens.TOKEN_LOWER)
TOKEN_SINGLE = cython.declare(cython.int, tokens.TOKEN_SINGLE)
TOKEN_SOLO = cython.declare(cython.int, tokens.TOKEN_SOLO)
TOKEN_ARABIC = cython.declare(cython.int, tokens.TOKEN_ARABIC)
TOKEN_HEBREW = cython.declare(cython.int, tokens.TOKEN_HEBREW)

FIELDS = cython.declare(cython.Py_ssize_t, 6)  # per token: start, end, gap, properties, first letter, end of letters
MAX_GAP = cython.declare(cython.int, 12)  # separators between two tokens of one name; `crlf + indent` in wrapped text is 6 to 10
MAX_JOIN = cython.declare(cython.int, 16)  # tokens that may be joined into one; names spelled out letter by letter are that long
STACK = cython.declare(cython.int, 64)


@cython.final
@cython.cclass
class Automaton:
    """Views over the arrays of one generation; nothing is copied."""

    fold: cython.const[cython.uint][::1]
    long: cython.const[cython.uint][::1]
    tokens: cython.const[cython.ulonglong][::1]
    edges: cython.const[cython.ulonglong][::1]
    posting_at: cython.const[cython.uint][::1]
    token_mask: cython.ulonglong
    edge_mask: cython.ulonglong
    full: cython.ulonglong  # literals above 2**31 are Python objects to Cython: fields instead
    low: cython.ulonglong
    seed: cython.ulonglong
    prime: cython.ulonglong
    mix: cython.ulonglong

    def __init__(self, fold, long, tokens, edges, posting_at):
        self.fold, self.long, self.tokens, self.edges, self.posting_at = fold, long, tokens, edges, posting_at
        self.token_mask = len(tokens) // 2 - 1
        self.edge_mask = len(edges) // 2 - 1
        self.full, self.low = 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFF
        self.seed, self.prime, self.mix = 1469598103934665603, 1099511628211, 0xBF58476D1CE4E5B9  # FNV-1a, splitmix64


@cython.final
@cython.cclass
class Scratch:
    """Room for the tokens of one text."""

    token: cython.int[::1]
    hash: cython.ulonglong[::1]
    letter: cython.uint[::1]
    hit: cython.int[::1]
    stack: cython.ulonglong[::1]
    hits: cython.Py_ssize_t

    def __init__(self, size):
        half = size // 2 + 2
        self.token = memoryview(array("i", bytes(4 * FIELDS * (size + 2))))
        self.hash = memoryview(array("Q", bytes(8 * (size + 2))))
        self.letter = memoryview(array("I", bytes(4 * (2 * size + 96))))
        self.hit = memoryview(array("i", bytes(4 * 3 * 4 * half)))
        self.stack = memoryview(array("Q", bytes(8 * 2 * STACK)))
        self.hits = 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _hash(a: Automaton, letter: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.ulonglong:
    """Letters [start, end) -> their 64-bit hash, never 0. The Arabic article does not count."""
    h: cython.ulonglong = a.seed
    i: cython.Py_ssize_t = start
    if end - start >= 5 and letter[start] == 0x627 and letter[start + 1] == 0x644:
        i = start + 2
    while i < end:
        h = ((h ^ letter[i]) * a.prime) & a.full
        i += 1
    h ^= h >> 29
    h = (h * a.mix) & a.full
    h ^= h >> 32
    return h | 1


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
def _tokenize(a: Automaton, s: Scratch, text: cython.const[cython.uint][::1], n: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Code points -> tokens in the scratch room; returns how many. Offsets are code points of `text`."""
    i: cython.Py_ssize_t = 0
    t: cython.Py_ssize_t = 0
    o: cython.Py_ssize_t
    w: cython.Py_ssize_t = 0
    w0: cython.Py_ssize_t
    start: cython.Py_ssize_t
    end: cython.Py_ssize_t
    last: cython.Py_ssize_t = 0
    limit: cython.Py_ssize_t = a.fold.shape[0]
    code: cython.uint
    f: cython.uint
    k: cython.uint
    gap: cython.int = GAP_HARD
    solo: cython.int
    flags: cython.int
    room: cython.Py_ssize_t = s.letter.shape[0] - 32  # no character folds to more than 18 letters
    while i < n and w < room:
        code = text[i]
        f = _class(a, code, limit)
        if f < FOLD_LETTER:
            gap |= _gap_bit(f, gap)
            i += 1
            continue
        start = i
        end = i
        w0 = w
        solo = f & 1
        while i < n and w < room:
            code = text[i]
            f = _class(a, code, limit)
            if f >= FOLD_LETTER:
                if i > start and (solo or f & 1):
                    break
                if f & 2:
                    k = f >> 5
                    o = a.long[k]
                    while o > 0:
                        k += 1
                        s.letter[w] = a.long[k]
                        w += 1
                        o -= 1
                else:
                    s.letter[w] = f >> 5
                    w += 1
                i += 1
                end = i
            elif f == MARK:
                i += 1
                end = i
            elif f == INVISIBLE:
                i += 1
            else:
                break
        flags = 0
        code = text[start]
        if 97 <= code <= 122 or 0x430 <= code <= 0x45F or 0xDF <= code <= 0xF6 or 0xF8 <= code <= 0xFF or 0x3B1 <= code <= 0x3C9:
            flags |= TOKEN_LOWER
        if w - w0 == 1:
            flags |= TOKEN_SINGLE
        if solo:
            flags |= TOKEN_SOLO
        elif 0x600 <= s.letter[w0] <= 0x6FF:
            flags |= TOKEN_ARABIC
        elif 0x5D0 <= s.letter[w0] <= 0x5EA:
            flags |= TOKEN_HEBREW
        if _is_article(s.letter, w0, w):
            flags |= TOKEN_ARTICLE
        if start - last > MAX_GAP:
            gap |= GAP_HARD
        o = FIELDS * t
        s.token[o] = start
        s.token[o + 1] = end
        s.token[o + 2] = gap
        s.token[o + 3] = flags
        s.token[o + 4] = w0
        s.token[o + 5] = w
        s.hash[t] = _hash(a, s.letter, w0, w)
        t += 1
        gap = 0
        last = i
    return t


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _class(a: Automaton, code: cython.uint, limit: cython.Py_ssize_t) -> cython.uint:
    """Code point -> its entry in the fold table; beyond the table ideographs stand alone and the rest is invisible."""
    if code < limit:
        return a.fold[code]
    if code < 0x40000:
        return code << 5 | FOLD_LETTER | 1
    return INVISIBLE if code >= 0xE0000 and code < 0xE1000 else HARD


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _gap_bit(f: cython.uint, gap: cython.int) -> cython.int:
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
    return GAP_HARD if f == HARD else 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _find_token(a: Automaton, h: cython.ulonglong) -> cython.ulonglong:
    """Token hash -> token id | root node << 32, or 0 when no listed form holds the token."""
    slot: cython.ulonglong = (h >> 3) & a.token_mask
    while a.tokens[2 * slot]:
        if a.tokens[2 * slot] == h:
            return a.tokens[2 * slot + 1]
        slot = (slot + 1) & a.token_mask
    return 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _child(a: Automaton, node: cython.ulonglong, found: cython.ulonglong) -> cython.ulonglong:
    """Node and found token -> next node, or 0. Node 0 stands before the first token."""
    key: cython.ulonglong
    slot: cython.ulonglong
    if found == 0:
        return 0
    if node == 0:
        return found >> 32
    key = (node << 32 | (found & a.low)) & a.full
    slot = edge_slot(key) & a.edge_mask
    while a.edges[2 * slot]:
        if a.edges[2 * slot] == key:
            return a.edges[2 * slot + 1]
        slot = (slot + 1) & a.edge_mask
    return 0


@cython.ccall
@cython.nogil
@cython.exceptval(check=False)
def edge_slot(key: cython.ulonglong) -> cython.ulonglong:
    """Edge key -> where its probing starts (to be masked with the table's size)."""
    return ((key >> 32) * 40503) ^ (key & 0xFFFFFF) * 7919 ^ (key >> 15)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _joins(s: Scratch, t: cython.Py_ssize_t) -> cython.int:
    """Whether token t may be the rest of the word that the token before it began."""
    gap: cython.int = s.token[FIELDS * t + 2]
    if gap == GAP_HYPHEN or gap == GAP_APOSTROPHE or gap == 0:
        return 0 if s.token[FIELDS * t + 3] & TOKEN_SOLO else 1
    if gap & GAP_HYPHEN and gap & GAP_NEWLINE and not gap & (GAP_PARAGRAPH | GAP_HARD | GAP_JOINER | GAP_PERIOD):
        return 1
    if gap == GAP_BLANK or gap == GAP_PERIOD:
        return 1 if s.token[FIELDS * t + 3] & s.token[FIELDS * t - FIELDS + 3] & TOKEN_SINGLE else 0
    return 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _passable(gap: cython.int) -> cython.int:
    """Whether a name may go on across this gap."""
    return 0 if gap & (GAP_HARD | GAP_PARAGRAPH) else 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _walk(
    a: Automaton, s: Scratch, first: cython.Py_ssize_t, count: cython.Py_ssize_t, start: cython.int, head: cython.ulonglong
) -> cython.int:
    """Follow every reading from token `first`, whose own hash may be replaced by `head`; record hits that begin at `start`."""
    depth: cython.Py_ssize_t = 0
    t: cython.Py_ssize_t
    j: cython.Py_ssize_t
    w0: cython.Py_ssize_t
    node: cython.ulonglong
    child: cython.ulonglong
    budget: cython.int = 256  # steps from one start: bounds the cost of hostile text
    s.stack[0] = 0
    s.stack[1] = first
    depth = 1
    while depth > 0 and budget > 0:
        budget -= 1
        depth -= 1
        node = s.stack[2 * depth]
        t = s.stack[2 * depth + 1]
        if t >= count or (t > first and not _passable(s.token[FIELDS * t + 2])):
            continue
        child = _child(a, node, _find_token(a, head if t == first else s.hash[t]))
        if child and depth < STACK - 3:
            _record(a, s, start, t, child)
            s.stack[2 * depth] = child
            s.stack[2 * depth + 1] = t + 1
            depth += 1
        if node and s.token[FIELDS * t + 3] & TOKEN_ARTICLE and depth < STACK - 3:
            s.stack[2 * depth] = node
            s.stack[2 * depth + 1] = t + 1
            depth += 1
        if t == first and head != s.hash[t]:
            continue
        w0 = s.token[FIELDS * t + 4]
        j = t + 1
        while j < count and j - t < MAX_JOIN and _joins(s, j):
            child = _child(a, node, _find_token(a, _hash(a, s.letter, w0, s.token[FIELDS * j + 5])))
            if child and depth < STACK - 3:
                _record(a, s, start, j, child)
                s.stack[2 * depth] = child
                s.stack[2 * depth + 1] = j + 1
                depth += 1
            j += 1
            if j - t > 3 and not s.token[FIELDS * j - FIELDS + 3] & TOKEN_SINGLE:
                break
    return 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _record(a: Automaton, s: Scratch, start: cython.int, t: cython.Py_ssize_t, node: cython.ulonglong) -> cython.int:
    if a.posting_at[node] < a.posting_at[node + 1] and 3 * s.hits + 3 <= s.hit.shape[0]:
        s.hit[3 * s.hits] = start
        s.hit[3 * s.hits + 1] = s.token[FIELDS * t + 1]
        s.hit[3 * s.hits + 2] = node
        s.hits += 1
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _clitics(a: Automaton, s: Scratch, t: cython.Py_ssize_t, count: cython.Py_ssize_t) -> cython.int:
    """Token of Arabic script -> walks from it without its proclitics: wa- fa-, then bi- ka- li-; li- + al- is ll-."""
    w0: cython.Py_ssize_t = s.token[FIELDS * t + 4]
    w: cython.Py_ssize_t = s.token[FIELDS * t + 5]
    cut: cython.Py_ssize_t = 0
    letter: cython.uint
    while cut < 2 and w - w0 - cut >= 4:
        letter = s.letter[w0 + cut]
        if letter == 0x648 or letter == 0x641:  # waw, feh: only in front
            if cut:
                return 0
            cut = 1
        elif letter == 0x628 or letter == 0x643 or letter == 0x644:  # beh, kaf, lam
            cut += 1
            if letter == 0x644 and s.letter[w0 + cut] == 0x644 and w - w0 - cut >= 4:
                _walk(a, s, t, count, s.token[FIELDS * t] + cut, _hash(a, s.letter, w0 + cut + 1, w))
            _walk(a, s, t, count, s.token[FIELDS * t] + cut, _hash(a, s.letter, w0 + cut, w))
            return 0
        else:
            return 0
        _walk(a, s, t, count, s.token[FIELDS * t] + cut, _hash(a, s.letter, w0 + cut, w))
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _hebrew_prefixes(a: Automaton, s: Scratch, t: cython.Py_ssize_t, count: cython.Py_ssize_t) -> cython.int:
    """Token of Hebrew script -> walks from it without the words of one letter: ve-, be-, le-, mi-, ke-, she-, ha-."""
    w0: cython.Py_ssize_t = s.token[FIELDS * t + 4]
    w: cython.Py_ssize_t = s.token[FIELDS * t + 5]
    cut: cython.Py_ssize_t = 0
    letter: cython.uint
    while cut < 2 and w - w0 - cut >= 4:
        letter = s.letter[w0 + cut]
        if not (letter == 0x5D5 or letter == 0x5D1 or letter == 0x5DC or letter == 0x5DE or letter == 0x5DB):
            if letter != 0x5E9 and letter != 0x5D4:
                return 0
        cut += 1
        _walk(a, s, t, count, s.token[FIELDS * t] + cut, _hash(a, s.letter, w0 + cut, w))
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _scan(a: Automaton, s: Scratch, count: cython.Py_ssize_t) -> cython.int:
    t: cython.Py_ssize_t
    for t in range(count):
        _walk(a, s, t, count, s.token[FIELDS * t], s.hash[t])
        if s.token[FIELDS * t + 3] & TOKEN_ARABIC:
            _clitics(a, s, t, count)
        elif s.token[FIELDS * t + 3] & TOKEN_HEBREW:
            _hebrew_prefixes(a, s, t, count)
    return 0


def scan(automaton: Automaton, text: str) -> list[tuple[int, int, int]]:
    """Text -> hits (start, end, node), by start; offsets are code points, half-open, at borders of tokens."""
    if not text:
        return []
    codes = memoryview(text.encode("utf-32-le", "surrogatepass")).cast("I")
    view: cython.const[cython.uint][::1] = codes
    n: cython.Py_ssize_t = len(codes)
    s: Scratch = Scratch(n)
    with cython.nogil:
        _scan(automaton, s, _tokenize(automaton, s, view, n))
    return [(s.hit[3 * k], s.hit[3 * k + 1], s.hit[3 * k + 2]) for k in range(s.hits)]


def step(automaton: Automaton, node: cython.ulonglong, token: cython.ulonglong) -> int:
    """Node (0 at the start) and hash of the next token -> the next node, 0 where no listed form goes on so."""
    return _child(automaton, node, _find_token(automaton, token))


def tokenize(automaton: Automaton, text: str) -> list[tuple[int, int, int, int, int]]:
    """Text -> its tokens (start, end, gap before, properties, hash): the compiler of the trie uses it, so that both agree."""
    if not text:
        return []
    codes = memoryview(text.encode("utf-32-le", "surrogatepass")).cast("I")
    view: cython.const[cython.uint][::1] = codes
    s: Scratch = Scratch(len(codes))
    count: cython.Py_ssize_t = _tokenize(automaton, s, view, len(codes))
    return [
        (s.token[FIELDS * k], s.token[FIELDS * k + 1], s.token[FIELDS * k + 2], s.token[FIELDS * k + 3], s.hash[k])
        for k in range(count)
    ]


def joined(automaton: Automaton, text: str) -> int:
    """Text -> the hash of all its letters as one token, 0 when it has none."""
    codes = memoryview(text.encode("utf-32-le", "surrogatepass")).cast("I")
    view: cython.const[cython.uint][::1] = codes
    s: Scratch = Scratch(len(codes))
    count: cython.Py_ssize_t = _tokenize(automaton, s, view, len(codes))
    if count == 0:
        return 0
    return _hash(automaton, s.letter, 0, s.token[FIELDS * (count - 1) + 5])
