# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Working memory for the unlisted spellings of one text: its tokens, the forms of the index, and the proposals that were made.

One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from resolver import entries

if cython.compiled:
    from cython.cimports.resolver.edits import distance, least_distance
    from cython.cimports.resolver.readings import Found
    from cython.cimports.resolver.spans import Spans, rows_before
    from cython.cimports.resolver.tokens import (
        FIELDS,
        FULL,
        GAP_APOSTROPHE,
        MIX,
        TOKEN_ARTICLE,
        TOKEN_LOWER,
        TOKEN_SINGLE,
        TOKEN_SOLO,
    )
    from cython.cimports.resolver.vocabulary import hash_at, known_word, slot_of
    from cython.cimports.resolver.wording import word_of
else:
    from resolver.edits import distance, least_distance
    from resolver.readings import Found
    from resolver.spans import Spans, rows_before
    from resolver.tokens import FIELDS, FULL, GAP_APOSTROPHE, MIX, TOKEN_ARTICLE, TOKEN_LOWER, TOKEN_SINGLE, TOKEN_SOLO
    from resolver.vocabulary import hash_at, known_word, slot_of
    from resolver.wording import word_of

COMPILED = cython.compiled

MOST_SYMBOLS = cython.declare(cython.Py_ssize_t, 512)  # of a form's word; a longer one is no word that a text misspells
FAR = cython.declare(cython.float, 9.0)
MOST_COST = cython.declare(cython.float, 0.81)  # of a word that anything is made of, `sequences.MAX_COST`, and some for rounding
REACH = cython.declare(cython.Py_ssize_t, 3)  # words that two words looked up together may be apart
PASSED = cython.declare(cython.int, 1 << 8)  # beside these, in the properties of a token here: a name may be read without it
READING = cython.declare(cython.Py_ssize_t, 8)  # as in `resolver.wording`
LONGEST, ORIGIN = cython.declare(cython.Py_ssize_t, 64), cython.declare(cython.int, 8)
LISTED = cython.declare(cython.Py_ssize_t, 6)  # numbers of a row of `resolver.readings`
TOKEN = cython.declare(cython.Py_ssize_t, 5)  # numbers of a token here: start, end, gap, properties, its word + 1


@cython.final
@cython.cclass
class Proposer:
    """Proposes unlisted spellings of the forms of one index; working memory for one text at a time."""

    def __init__(self, automaton, forms, words, costs, arrays, person, passed, gate, least):
        self.automaton, self.forms, self.words, self.costs, self.person = automaton, forms, words, costs, person
        self.gate, self.least = gate, least
        self.first_alias = arrays["entity_first_alias"]
        look = memoryview(array("f", bytes(4 * 20)))
        self.look, self.look_bits = look, look.cast("B").cast("I")
        self.said = memoryview(array("Q", bytes(8 * 1024)))
        self.passed, self.passed_bits = passed, _bits_of_passed(passed)
        prefix = entries.PREFIX
        self.posting_at, self.postings = arrays[prefix + "posting_at"], arrays[prefix + "postings"]
        self.form_at, self.form_words = arrays[prefix + "form_at"], arrays[prefix + "form_words"]
        self.letters_at, self.letters = arrays[prefix + "letters_at"], arrays[prefix + "letters"]
        self.symbols_at, self.symbols = arrays[prefix + "symbols_at"], arrays[prefix + "symbols"]
        self.owner, self.type = arrays["alias_entity"], arrays["entity_type"]
        self.path = memoryview(array("i", bytes(4 * 16)))
        self.left = memoryview(array("I", bytes(4 * 32)))
        self.tried = memoryview(array("Q", bytes(8 * 4096)))
        self.line = memoryview(array("f", bytes(4 * 1024)))
        self.spelled = memoryview(bytearray(1024))
        self.row, self.share = memoryview(array("i", bytes(4 * 8 * 64))), memoryview(array("f", bytes(4 * 3 * 64)))
        self.taken = memoryview(array("i", bytes(8)))
        self.stamp = self.tries = self.rows = self.lefts = self.takens = 0
        self.kept_row, self.kept_share = memoryview(array("i", bytes(4 * 8 * 1024))), memoryview(array("f", bytes(4 * 3 * 1024)))
        cost = memoryview(array("Q", bytes(16 << 12)))
        self.cost_key, self.cost = cost, cost.cast("B").cast("f")
        self.kept_rows = 0
        self.tried_spans = Spans()
        self.met = memoryview(array("Q", bytes(16 * 2048)))
        self.ahead = memoryview(array("I", bytes(4 * 128)))
        self.seen = 0
        make_room(self, 1024)


@cython.cfunc
def make_room(p: Proposer, size: cython.Py_ssize_t):
    """Working memory for texts of so many tokens."""
    p.size = size
    p.plain = memoryview(array("i", bytes(4 * 5 * (size + 1))))
    p.joined = memoryview(array("i", bytes(4 * 5 * (size + 1))))
    p.near = memoryview(bytearray(size + 1))
    p.merged_at = memoryview(array("i", bytes(4 * (size + 1))))
    p.run = memoryview(array("i", bytes(4 * (size + 1))))
    p.sought = memoryview(array("Q", bytes(24 * (size + 1))))


@cython.cfunc
@cython.exceptval(-1)
def word_at(p: Proposer, list_: cython.int[::1], at: cython.Py_ssize_t, text: str) -> cython.Py_ssize_t:
    """Place of a token -> the number of its word."""
    place: cython.Py_ssize_t = TOKEN * at + 4
    if not list_[place]:
        list_[place] = word_of(p.words, p.room.code, list_[place - 4], list_[place - 3], text) + 1
    return list_[place] - 1


@cython.cfunc
@cython.exceptval(check=False)
def know_words(p: Proposer) -> cython.int:
    """Tokens as they are -> their words, of those that may begin a name or stand behind such a one, and are known.

    Each look is far away in memory from the one before: done for all of a text at once, none waits for another.
    """
    t: cython.Py_ssize_t
    k: cython.Py_ssize_t = 0
    flags: cython.int
    begins: cython.bint = False
    start: cython.Py_ssize_t
    end: cython.Py_ssize_t
    for t in range(p.room.tokens):
        start, end, flags = p.plain[TOKEN * t], p.plain[TOKEN * t + 1], p.plain[TOKEN * t + 3]
        if flags & (TOKEN_LOWER | TOKEN_SOLO | TOKEN_ARTICLE) or end - start < 3:
            if not begins or not flags & TOKEN_LOWER or flags & PASSED:
                begins = False
                continue
            begins = False
        else:
            begins = True
        if end - start <= LONGEST:
            p.sought[k], p.sought[k + 2] = t, hash_at(p.words, p.room.code, start, end)
            p.sought[k + 1] = slot_of(p.words, p.sought[k + 2])
            k += 3
    for start in range(0, k, 3):
        t = cython.cast(cython.Py_ssize_t, p.sought[start])
        p.plain[TOKEN * t + 4] = known_word(
            p.words, p.sought[start + 1], p.sought[start + 2], p.room.code, p.plain[TOKEN * t], p.plain[TOKEN * t + 1]
        )
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def take_tokens(p: Proposer) -> cython.int:
    """Tokens of the room -> here, as they are and merged."""
    t: cython.Py_ssize_t
    k: cython.Py_ssize_t
    divided: cython.bint = False
    for t in range(p.room.tokens):
        for k in range(4):
            p.plain[TOKEN * t + k] = p.room.token[FIELDS * t + k]
        p.plain[TOKEN * t + 4] = 0
        p.merged_at[t] = t
        if _is_passed(p, p.plain, t):
            p.plain[TOKEN * t + 3] |= PASSED
        divided = divided or p.plain[TOKEN * t + 2] == GAP_APOSTROPHE
    p.merged, p.merged_tokens = p.plain, p.room.tokens
    return _merge(p) if divided else 0


@cython.cfunc
@cython.exceptval(check=False)
def _merge(p: Proposer) -> cython.int:
    """Tokens as they are -> with those joined that an apostrophe divides, unless it is a possessive."""
    t: cython.Py_ssize_t
    k: cython.Py_ssize_t
    m: cython.Py_ssize_t = 0
    at: cython.Py_ssize_t
    p.merged = p.joined
    for t in range(p.room.tokens):
        at = TOKEN * m - TOKEN
        if m and p.plain[TOKEN * t + 2] == GAP_APOSTROPHE and _is_close(p, t, at) and not _is_possessive(p, t):
            p.merged[at + 1] = p.plain[TOKEN * t + 1]
            p.merged[at + 3] &= ~(TOKEN_ARTICLE | TOKEN_SINGLE | PASSED)
            if _is_passed(p, p.merged, m - 1):
                p.merged[at + 3] |= PASSED
            p.merged_at[t] = p.merged_at[t - 1] = -1
            for k in range(max(0, m - 1 - REACH), m):
                p.near[k] = 1
            continue
        for k in range(5):
            p.merged[TOKEN * m + k] = p.plain[TOKEN * t + k]
        p.merged_at[t] = m
        p.near[m] = 0
        m += 1
    p.merged_tokens = m
    return 0


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _is_close(p: Proposer, t: cython.Py_ssize_t, at: cython.Py_ssize_t) -> cython.bint:
    """Whether one character stands between token t and the merged one that begins at `at`."""
    return p.plain[TOKEN * t] - p.merged[at + 1] == 1


@cython.cfunc
@cython.exceptval(check=False)
def _is_possessive(p: Proposer, t: cython.Py_ssize_t) -> cython.bint:
    """Whether token t is the `s` behind an apostrophe."""
    start: cython.int = p.plain[TOKEN * t]
    return p.plain[TOKEN * t + 1] - start == 1 and (p.room.code[start] == 115 or p.room.code[start] == 83)


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def is_passed(p: Proposer, list_: cython.int[::1], at: cython.Py_ssize_t) -> cython.bint:
    """Whether a name may be read without the token: an article, or a small word like `of`."""
    return list_[TOKEN * at + 3] & PASSED != 0


@cython.cfunc
@cython.exceptval(check=False)
def _is_passed(p: Proposer, list_: cython.int[::1], at: cython.Py_ssize_t) -> cython.bint:
    """As `is_passed`, by the letters of the token."""
    k: cython.Py_ssize_t
    start: cython.int = list_[TOKEN * at]
    size: cython.int = list_[TOKEN * at + 1] - start
    key: cython.ulonglong = 0
    if list_[TOKEN * at + 3] & TOKEN_ARTICLE:
        return True
    if size > 4:
        return False
    for k in range(size):
        key = key * 128 + (p.room.code[start + k] | 32 if p.room.code[start + k] < 128 else 127)
    slot: cython.ulonglong = ((key * MIX) & FULL) >> 52
    return (p.passed_bits[slot >> 3] >> (slot & 7)) & 1 != 0 and _has_passed(p, key)


@cython.cfunc
@cython.exceptval(check=False)
def _has_passed(p: Proposer, key: cython.ulonglong) -> cython.bint:
    """Code of a small word -> whether it is one that a name may be read without."""
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = p.passed.shape[0]
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) // 2
        if p.passed[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low < p.passed.shape[0] and p.passed[low] == key


def _bits_of_passed(passed: cython.const[cython.ulonglong][::1]):
    """Codes of small words -> a bit for what each comes to: most small words of a text are none of them, which one look tells."""
    bits: cython.uchar[::1] = memoryview(bytearray(512))
    k: cython.Py_ssize_t
    slot: cython.ulonglong
    for k in range(passed.shape[0]):
        slot = ((passed[k] * MIX) & FULL) >> 52
        bits[slot >> 3] |= 1 << (slot & 7)
    return bits


def passed_codes(words):
    """Small words -> what `_is_passed` makes of them."""
    codes = []
    for word in words:
        key = 0
        for char in word:
            key = key * 128 + ord(char)
        codes.append(key)
    return memoryview(array("Q", sorted(codes)))


@cython.cfunc
@cython.exceptval(check=False)
def covers(p: Proposer, start: cython.int, end: cython.int) -> cython.bint:
    """Span -> whether one listed form covers all of it."""
    low: cython.Py_ssize_t = rows_before(p.taken, 2, p.takens, start + 1)
    return low > 0 and end <= p.taken[2 * low - 1]


@cython.cfunc
def set_taken(p: Proposer, found: Found):
    """Listed forms and demonyms, each by start -> spans that reach further than the ones before them."""
    f: cython.Py_ssize_t = 0
    d: cython.Py_ssize_t = 0
    start: cython.int
    end: cython.int
    reach: cython.int = 0
    if 2 * (found.rows + found.demonyms) > p.taken.shape[0]:
        p.taken = memoryview(array("i", bytes(16 * (found.rows + found.demonyms))))
    p.takens = 0
    while f < found.rows or d < found.demonyms:
        if d == found.demonyms or (f < found.rows and found.row[LISTED * f] <= found.demonym[2 * d]):
            start, end = found.row[LISTED * f], found.row[LISTED * f + 1]
            f += 1
        else:
            start, end = found.demonym[2 * d], found.demonym[2 * d + 1]
            d += 1
        if not p.takens or end > reach:
            p.taken[2 * p.takens], p.taken[2 * p.takens + 1] = start, end
            p.takens += 1
            reach = end


@cython.cfunc
@cython.exceptval(check=False)
def word_cost(p: Proposer, r: cython.Py_ssize_t, word: cython.uint) -> cython.float:
    """Reading of a text's word, and a form's word -> cost of the edits between them as a share of their length; texts that are full of
    names ask for the same again and again, so it is kept."""
    place: cython.ulonglong = p.words.reading[READING * r + 3]  # of its letters: more than one reading may have them
    key: cython.ulonglong = (place + 1) << 32 | word
    slot: cython.ulonglong = (((key ^ (key >> 23)) * MIX) & FULL) >> 52
    if r >= p.words.readings:
        return _word_cost(p, r, word)  # two words read as one, for the moment
    if p.cost_key[2 * slot] != key:
        p.cost_key[2 * slot], p.cost[4 * slot + 2] = key, _word_cost(p, r, word)
    return p.cost[4 * slot + 2]


@cython.cfunc
@cython.exceptval(check=False)
def _word_cost(p: Proposer, r: cython.Py_ssize_t, word: cython.uint) -> cython.float:
    """As `word_cost`, letter by letter; FAR instead of what is too far for anything."""
    n: cython.Py_ssize_t = p.words.reading[READING * r + 4]
    m: cython.Py_ssize_t = p.symbols_at[word + 1] - p.symbols_at[word]
    if m > MOST_SYMBOLS:
        return FAR
    limit: cython.float = MOST_COST * (1 + 0.5 * (n + m))
    c: cython.float = least_distance(
        p.words.symbols, p.words.reading[READING * r + 3], n, p.symbols, p.symbols_at[word], m, p.costs,
        p.words.reading[READING * r + 6] >> ORIGIN, limit,
    )  # fmt: skip
    if c > limit:
        return FAR
    c = distance(
        p.words.symbols, p.words.reading[READING * r + 3], n, p.symbols, p.symbols_at[word], m, p.costs,
        p.words.reading[READING * r + 6] >> ORIGIN, False, p.line,
    )  # fmt: skip
    return c / (1 + 0.5 * (n + m))
