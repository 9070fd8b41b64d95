# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A proposed spelling in its place -> whether it may be a mention: small trees over what is cheaply seen of it.

Most words of a text are proposals of something and mentions of nothing. What the gate said of a word is kept: it looks at nothing but
the word itself and four things about its place. One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from resolver import tokens, words

if cython.compiled:
    from cython.cimports.resolver.proposer import Proposer, is_passed, word_at
    from cython.cimports.resolver.readings import Found
    from cython.cimports.resolver.spans import rows_before
    from cython.cimports.resolver.tokens import FULL, PRIME, SEED
    from cython.cimports.resolver.trees import reaches
    from cython.cimports.resolver.wording import bits_of
else:
    from resolver.proposer import Proposer, is_passed, word_at
    from resolver.readings import Found
    from resolver.spans import rows_before
    from resolver.tokens import FULL, PRIME, SEED
    from resolver.trees import reaches
    from resolver.wording import bits_of

COMPILED = cython.compiled

GATE_NAMES = (
    "mean_cost", "worst_cost", "form_left", "text_left", "words", "skeleton", "entered", "ending", "type", "letters", "form_words",
    "english", "common", "personal", "capitals", "starts_sentence", "left_capital", "right_capital", "aliases", "holds_listed",
)  # fmt: skip
GAP_BREAK, GAP_PERIOD = cython.declare(cython.int, tokens.GAP_HARD | tokens.GAP_PARAGRAPH), cython.declare(cython.int, tokens.GAP_PERIOD)
TOKEN_LOWER, TOKEN_SOLO = cython.declare(cython.int, tokens.TOKEN_LOWER), cython.declare(cython.int, tokens.TOKEN_SOLO)
COMMON, ENGLISH = cython.declare(cython.uint, words.COMMON), cython.declare(cython.uint, words.ENGLISH)
PERSONAL = cython.declare(cython.uint, words.PERSONAL)
BITS, CAPITALS = cython.declare(cython.int, 8), cython.declare(cython.uint, 2)  # as in `resolver.wording`
WORD = cython.declare(cython.Py_ssize_t, 8)
LOOK, SAID = cython.declare(cython.Py_ssize_t, 20), cython.declare(cython.ulonglong, 1023)  # numbers of a look; mask of what is kept
LISTED = cython.declare(cython.Py_ssize_t, 6)  # numbers of a row of `resolver.readings`
TOKEN = cython.declare(cython.Py_ssize_t, 5)  # numbers of a token: start, end, gap, properties, its word + 1
ROW = cython.declare(cython.Py_ssize_t, 8)  # whole numbers of a proposal, as in `resolver.proposer`
SHARE = cython.declare(cython.Py_ssize_t, 3)  # and its others
KNOWN = cython.declare(cython.int, 16)  # of a word is kept: for each of 16 kinds of places whether a proposal passes there, and whether that is known
VARIES = cython.declare(cython.uint, 4)  # of what a word is: its proposals are not all of its own place


@cython.cfunc
@cython.exceptval(check=False)
def _first_token(p: Proposer, start: cython.int) -> cython.Py_ssize_t:
    """Place of the merged token that `start` is in."""
    return max(0, rows_before(p.merged, TOKEN, p.merged_tokens, start + 1) - 1)


@cython.cfunc
@cython.exceptval(check=False)
def holds_listed(found: Found, start: cython.int, end: cython.int) -> cython.bint:
    """Whether a listed form stands inside of the span (`Iran` in `Iran Regime`)."""
    low: cython.Py_ssize_t = rows_before(found.row, LISTED, found.rows, start)
    while low < found.rows and found.row[LISTED * low] < end:
        if found.row[LISTED * low + 1] <= end:
            return True
        low += 1
    return False


@cython.cfunc
@cython.exceptval(check=False)
def _is_capital(p: Proposer, at: cython.Py_ssize_t) -> cython.bint:
    """Whether a merged token is no word in lower case, nor one of those that names are read without."""
    return not p.merged[TOKEN * at + 3] & (TOKEN_LOWER | TOKEN_SOLO) and not is_passed(p, p.merged, at)


@cython.cfunc
@cython.exceptval(check=False)
def _place(p: Proposer, found: Found, first: cython.Py_ssize_t, past: cython.Py_ssize_t, start: cython.int, end: cython.int) -> cython.int:
    """Merged tokens and the span of a proposal in them -> the kind of its place, four bits: it starts a sentence, a capitalised word
    stands before it, or behind it, and it holds a listed form."""
    place: cython.int = 0
    if first == 0 or p.merged[TOKEN * first + 2] & (GAP_BREAK | GAP_PERIOD):
        place = 1
    elif _is_capital(p, first - 1):
        place = 2
    if past < p.merged_tokens and not p.merged[TOKEN * past + 2] & (GAP_BREAK | GAP_PERIOD) and _is_capital(p, past):
        place |= 4
    return place | 8 if holds_listed(found, start, end) else place


@cython.cfunc
@cython.exceptval(-1)
def look(p: Proposer, found: Found, k: cython.Py_ssize_t, text: str) -> cython.int:
    """Proposal k -> what the gate looks at."""
    start: cython.int = p.row[ROW * k]
    end: cython.int = p.row[ROW * k + 1]
    alias: cython.uint = p.row[ROW * k + 2]
    owner: cython.uint = p.owner[alias]
    first: cython.Py_ssize_t = _first_token(p, start)
    at: cython.Py_ssize_t = first
    word: cython.uint
    place: cython.int
    n: cython.int = 0
    english: cython.int = 0
    common: cython.int = 0
    personal: cython.int = 0
    capitals: cython.int = 0
    seen: cython.float[::1] = p.look
    while at < p.merged_tokens and p.merged[TOKEN * at] < end:
        word = bits_of(p.words, word_at(p, p.merged, at, text))
        english += (word >> BITS) & ENGLISH != 0
        common += (word >> BITS) & COMMON != 0
        personal += (word >> BITS) & PERSONAL != 0
        capitals += word & CAPITALS != 0
        n += 1
        at += 1
    place = _place(p, found, first, at, start, end)
    n = max(1, n)
    seen[0], seen[1], seen[2] = p.share[SHARE * k], p.share[SHARE * k + 1], p.share[SHARE * k + 2]
    seen[3], seen[4], seen[5] = p.row[ROW * k + 7], p.row[ROW * k + 4], p.row[ROW * k + 5]
    seen[6], seen[7], seen[8] = p.row[ROW * k + 3], p.row[ROW * k + 6], p.type[owner]
    seen[9], seen[10] = end - start, p.form_at[alias + 1] - p.form_at[alias]
    seen[11], seen[12] = cython.cast(cython.float, english) / n, cython.cast(cython.float, common) / n
    seen[13], seen[14] = cython.cast(cython.float, personal) / n, cython.cast(cython.float, capitals) / n
    seen[15], seen[16], seen[17], seen[19] = place & 1, (place >> 1) & 1, (place >> 2) & 1, (place >> 3) & 1
    seen[18] = (p.first_alias[owner + 1] if owner + 1 < p.first_alias.shape[0] else p.owner.shape[0]) - p.first_alias[owner]
    return 0


@cython.cfunc
@cython.exceptval(-1)
def passes(p: Proposer, found: Found, k: cython.Py_ssize_t, text: str) -> cython.bint:
    """Proposal k -> whether it may be a mention by what the gate sees of it."""
    key: cython.ulonglong
    slot: cython.ulonglong
    if p.gate is None:
        return True
    look(p, found, k, text)
    key = _key(p)
    slot = (key >> 1) & SAID
    if p.said[slot] >> 1 != key >> 1:
        p.said[slot] = key >> 1 << 1 | (1 if reaches(p.gate, p.look, 0, p.least) else 0)
    return p.said[slot] & 1 != 0


@cython.cfunc
@cython.exceptval(check=False)
def _key(p: Proposer) -> cython.ulonglong:
    """What the gate looks at -> its 64-bit hash: forms that cost the same look the same to it."""
    h: cython.ulonglong = SEED
    k: cython.Py_ssize_t
    for k in range(LOOK):
        h = ((h ^ p.look_bits[k]) * PRIME) & FULL
        h ^= h >> 32
    return h


@cython.cfunc
@cython.exceptval(-1)
def sift(p: Proposer, number: cython.Py_ssize_t, m: cython.Py_ssize_t, first: cython.Py_ssize_t, text: str) -> cython.int:
    """Word that is the merged token m, and its proposals, rows from `first` on -> they are taken back when none passes the gate."""
    k: cython.Py_ssize_t
    place: cython.int
    if p.gate is None or not p.sifting or p.rows == first:
        return 0
    for k in range(first, p.rows):
        if p.row[ROW * k] != p.merged[TOKEN * m] or p.row[ROW * k + 1] != p.merged[TOKEN * m + 1]:
            p.words.word[WORD * number + 2] |= VARIES
            return 0
    place = _place(p, p.found, m, m + 1, p.merged[TOKEN * m], p.merged[TOKEN * m + 1])
    p.words.word[WORD * number + 5] |= cython.cast(cython.uint, 1) << (KNOWN + place)
    for k in range(first, p.rows):
        if passes(p, p.found, k, text):
            p.words.word[WORD * number + 5] |= cython.cast(cython.uint, 1) << place
            return 0
    p.rows = first
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def is_sifted_out(p: Proposer, number: cython.Py_ssize_t, m: cython.Py_ssize_t) -> cython.bint:
    """Word that is the merged token m -> whether it is known that none of its proposals passes the gate in such a place."""
    known: cython.uint = p.words.word[WORD * number + 5]
    place: cython.int
    if not p.sifting or not known or p.words.word[WORD * number + 2] & VARIES:
        return False
    place = _place(p, p.found, m, m + 1, p.merged[TOKEN * m], p.merged[TOKEN * m + 1])
    return (known >> (KNOWN + place)) & 1 and not (known >> place) & 1
