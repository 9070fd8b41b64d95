# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Tokens of a text -> spans that may be unlisted spellings of listed forms, and what the match costs.

The trie of skeletons is walked from every word that can begin a name (capitalised, or of a script without case), and every two
words of a run of such words are looked up together. A skeleton is shared by unrelated names, so each proposal carries the
learned cost of turning its letters into those of the form, and what of both is left over; the mention model decides.

One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from resolver import entries, tokens, words

if cython.compiled:
    from cython.cimports.aliases.keys import hash_of, pair_key, to_skeleton, to_symbols
    from cython.cimports.resolver.align import Costs, distance
    from cython.cimports.resolver.forms import Forms, article_start
    from cython.cimports.resolver.readings import Found
    from cython.cimports.resolver.scan import Automaton, child_of, root_of
    from cython.cimports.resolver.tokenizer import Room
    from cython.cimports.resolver.trees import Forest, add_trees
    from cython.cimports.resolver.wording import Words, settle, word_of
else:
    from aliases.keys import hash_of, pair_key, to_skeleton, to_symbols
    from resolver.align import Costs, distance
    from resolver.forms import Forms, article_start
    from resolver.readings import Found
    from resolver.scan import Automaton, child_of, root_of
    from resolver.tokenizer import Room
    from resolver.trees import Forest, add_trees
    from resolver.wording import Words, settle, word_of

COMPILED = cython.compiled

MAX_POSTINGS = cython.declare(cython.Py_ssize_t, 128)  # of one node that are verified; fuller ones are too common to say anything
MAX_COST = cython.declare(cython.float, 0.8)  # of any word, as a share of its length; costlier ones were hardly ever right
MAX_SKIPPED = cython.declare(cython.int, 1)  # words of a text that a form may lack (a middle name)
REACH = cython.declare(cython.Py_ssize_t, 3)  # words that two words looked up together may be apart
MATCH_COST = cython.declare(cython.float, 0.5)  # of a word beside such a pair, to be taken for a word of the form
INITIAL_COST = cython.declare(cython.float, 0.2)  # of a letter that stands for a word
MOST_LEFT = cython.declare(cython.float, 0.6)  # share of the letters of a form that a text may leave out
MIN_LETTERS = cython.declare(cython.int, entries.MIN_LETTERS)
MAX_WORDS = cython.declare(cython.Py_ssize_t, entries.MAX_WORDS)
MAX_FORM = cython.declare(cython.Py_ssize_t, entries.MAX_FORM)

WHOLE, SURNAME = cython.declare(cython.int, entries.WHOLE), cython.declare(cython.int, entries.SURNAME)
INITIALS, TURNED = cython.declare(cython.int, entries.INITIALS), cython.declare(cython.int, entries.TURNED)
ENDS, HEAD = cython.declare(cython.int, entries.ENDS), cython.declare(cython.int, entries.HEAD)
PAIR, JOINED = cython.declare(cython.int, entries.PAIR), cython.declare(cython.int, entries.JOINED)
ENTERED_BITS = cython.declare(cython.int, entries.ENTERED_BITS)
ENTERED = cython.declare(cython.uint, (1 << entries.ENTERED_BITS) - 1)

FIELDS = cython.declare(cython.Py_ssize_t, tokens.FIELDS)
GAP_BREAK = cython.declare(cython.int, tokens.GAP_HARD | tokens.GAP_PARAGRAPH)
GAP_JOINER, GAP_PERIOD = cython.declare(cython.int, tokens.GAP_JOINER), cython.declare(cython.int, tokens.GAP_PERIOD)
GAP_APOSTROPHE = cython.declare(cython.int, tokens.GAP_APOSTROPHE)
TOKEN_LOWER, TOKEN_SOLO = cython.declare(cython.int, tokens.TOKEN_LOWER), cython.declare(cython.int, tokens.TOKEN_SOLO)
TOKEN_ARTICLE, TOKEN_SINGLE = cython.declare(cython.int, tokens.TOKEN_ARTICLE), cython.declare(cython.int, tokens.TOKEN_SINGLE)

BITS, CAPITALS = cython.declare(cython.int, 8), cython.declare(cython.uint, 2)  # as in `resolver.wording`
COMMON, ENGLISH, PERSONAL = (
    cython.declare(cython.uint, words.COMMON),
    cython.declare(cython.uint, words.ENGLISH),
    cython.declare(cython.uint, words.PERSONAL),
)
WORD, READING = cython.declare(cython.Py_ssize_t, 3), cython.declare(cython.Py_ssize_t, 8)  # as in `resolver.wording`
SHORT, ENDING, PAIRED, FIRST = (
    cython.declare(cython.uint, 1),
    cython.declare(cython.uint, 1),
    cython.declare(cython.uint, 2),
    cython.declare(cython.uint, 4),
)
LISTED = cython.declare(cython.Py_ssize_t, 6)  # numbers of a row of `resolver.readings`
TOKEN = cython.declare(cython.Py_ssize_t, 5)  # numbers of a token here: start, end, gap, properties, its word + 1
ROW = cython.declare(cython.Py_ssize_t, 8)  # whole numbers of a proposal: start, end, alias, entered, words, skeleton, ending, text_left
SHARE = cython.declare(cython.Py_ssize_t, 3)  # and its others: mean_cost, worst_cost, form_left
WIDTH = cython.declare(cython.Py_ssize_t, 20)  # numbers that the gate looks at, by GATE_NAMES
CLOSE_COST = cython.declare(cython.float, 0.3)  # of the worst word of a proposal that holds a listed form: beyond, that one is it
TRIED = cython.declare(cython.ulonglong, 4096)  # slots for the aliases that were tried from one word


GATE_NAMES = (
    "mean_cost", "worst_cost", "form_left", "text_left", "words", "skeleton", "entered", "ending", "type", "letters", "form_words",
    "english", "common", "personal", "capitals", "starts_sentence", "left_capital", "right_capital", "aliases", "holds_listed",
)  # fmt: skip


@cython.final
@cython.cclass
class Proposer:
    """Proposes unlisted spellings of the forms of one index; working memory for one text at a time."""

    automaton: Automaton
    words: Words
    costs: Costs
    posting_at: cython.const[cython.uint][::1]
    postings: cython.const[cython.uint][::1]
    form_at: cython.const[cython.uint][::1]  # alias -> its words
    form_words: cython.const[cython.uint][::1]
    letters_at: cython.const[cython.uint][::1]  # word -> its letters
    letters: cython.const[cython.uchar][::1]
    symbols_at: cython.const[cython.uint][::1]  # word -> its symbols
    symbols: cython.const[cython.uchar][::1]
    owner: cython.const[cython.uint][::1]
    type: cython.const[cython.uchar][::1]
    person: cython.uint  # number of the type
    passed: cython.const[cython.ulonglong][::1]  # hashes of words that a name may be read without, sorted
    room: Room
    plain: cython.int[::1]  # tokens as they are
    merged: cython.int[::1]  # and with those joined that an apostrophe divides
    near: cython.uchar[::1]  # for each merged token whether a joined one is close behind it
    run: cython.int[::1]  # merged tokens of a run
    taken: cython.int[::1]  # start and end of listed forms and demonyms, of those that reach further than the ones before
    takens: cython.Py_ssize_t
    forms: Forms
    first_alias: cython.const[cython.uint][::1]
    gate: Forest
    least: cython.float  # log odds below which the gate is shut
    look: cython.float[::1]  # what the gate looks at
    odds: cython.float[::1]
    path: cython.int[::1]  # readings on the way to a node, -1 for a word left out
    left: cython.uint[::1]  # words of a form that are not taken yet
    lefts: cython.Py_ssize_t
    tried: cython.ulonglong[::1]
    stamp: cython.ulonglong
    tries: cython.Py_ssize_t
    line: cython.float[::1]
    spelled: cython.uchar[::1]
    row: cython.int[::1]
    share: cython.float[::1]
    rows: cython.Py_ssize_t
    size: cython.Py_ssize_t  # tokens that there is room for

    def __init__(self, automaton, forms, words, costs, arrays, person, passed, gate, least):
        self.automaton, self.forms, self.words, self.costs, self.person = automaton, forms, words, costs, person
        self.gate, self.least = gate, least
        self.first_alias = arrays["entity_first_alias"]
        self.look, self.odds = memoryview(array("f", bytes(4 * 20))), memoryview(array("f", bytes(4)))
        self.passed = passed
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
        _make_room(self, 1024)


@cython.cfunc
def _make_room(p: Proposer, size: cython.Py_ssize_t):
    """Working memory for texts of so many tokens."""
    p.size = size
    p.plain = memoryview(array("i", bytes(4 * 5 * (size + 1))))
    p.merged = memoryview(array("i", bytes(4 * 5 * (size + 1))))
    p.near = memoryview(bytearray(size + 1))
    p.run = memoryview(array("i", bytes(4 * (size + 1))))


# ---------------------------------------------------------------- tokens


@cython.cfunc
@cython.exceptval(-1)
def _word(p: Proposer, list_: cython.int[::1], at: cython.Py_ssize_t, text: str) -> cython.Py_ssize_t:
    """Place of a token -> the number of its word."""
    place: cython.Py_ssize_t = TOKEN * at + 4
    if not list_[place]:
        list_[place] = word_of(p.words, p.room.code, list_[place - 4], list_[place - 3], text) + 1
    return list_[place] - 1


@cython.cfunc
@cython.exceptval(check=False)
def _take_tokens(p: Proposer) -> cython.Py_ssize_t:
    """Tokens of the room -> here, as they are and merged; returns how many merged ones there are."""
    t: cython.Py_ssize_t
    k: cython.Py_ssize_t
    m: cython.Py_ssize_t = 0
    at: cython.Py_ssize_t
    start: cython.int
    for t in range(p.room.tokens):
        for k in range(4):
            p.plain[TOKEN * t + k] = p.room.token[FIELDS * t + k]
        p.plain[TOKEN * t + 4] = 0
        start = p.plain[TOKEN * t]
        at = TOKEN * m - TOKEN
        if m and p.plain[TOKEN * t + 2] == GAP_APOSTROPHE and start - p.merged[at + 1] == 1 and not _is_possessive(p, t):
            p.merged[at + 1] = p.plain[TOKEN * t + 1]
            p.merged[at + 3] &= ~(TOKEN_ARTICLE | TOKEN_SINGLE)
            for k in range(max(0, m - 1 - REACH), m):
                p.near[k] = 1
            continue
        for k in range(5):
            p.merged[TOKEN * m + k] = p.plain[TOKEN * t + k]
        p.near[m] = 0
        m += 1
    return m


@cython.cfunc
@cython.exceptval(check=False)
def _is_possessive(p: Proposer, t: cython.Py_ssize_t) -> cython.bint:
    """Whether token t is the `s` behind an apostrophe."""
    start: cython.int = p.plain[TOKEN * t]
    return p.plain[TOKEN * t + 1] - start == 1 and (p.room.code[start] == 115 or p.room.code[start] == 83)


@cython.cfunc
@cython.exceptval(check=False)
def _is_passed(p: Proposer, list_: cython.int[::1], at: cython.Py_ssize_t) -> cython.bint:
    """Whether a name may be read without the token: an article, or a small word like `of`."""
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
    for k in range(p.passed.shape[0]):
        if p.passed[k] == key:
            return True
    return False


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
def _covers(p: Proposer, start: cython.int, end: cython.int) -> cython.bint:
    """Span -> whether one listed form covers all of it."""
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = p.takens
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) // 2
        if p.taken[2 * middle] <= start:
            low = middle + 1
        else:
            high = middle
    return low > 0 and end <= p.taken[2 * low - 1]


# ---------------------------------------------------------------- sequences of words


@cython.cfunc
@cython.exceptval(-1)
def _sequences(p: Proposer, list_: cython.int[::1], count: cython.Py_ssize_t, chosen: cython.bint, text: str) -> cython.int:
    """Tokens (of the merged ones those near a joined one) -> proposals that begin at each."""
    at: cython.Py_ssize_t
    number: cython.Py_ssize_t
    r: cython.Py_ssize_t
    node: cython.ulonglong
    for at in range(count):
        if chosen and not p.near[at]:
            continue
        if list_[TOKEN * at + 3] & (TOKEN_LOWER | TOKEN_SOLO | TOKEN_ARTICLE) or list_[TOKEN * at + 1] - list_[TOKEN * at] < 3:
            continue
        number = WORD * _word(p, list_, at, text)
        if p.words.word[number + 2] & SHORT:
            continue
        for r in range(p.words.word[number + 1], p.words.word[number + 4]):
            node = p.words.key[2 * r + 1] >> 32
            if node:
                p.path[0] = r
                _follow(p, list_, count, at, node, 1, 0, list_[TOKEN * at] + p.words.reading[READING * r], text)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _follow(
    p: Proposer,
    list_: cython.int[::1],
    count: cython.Py_ssize_t,
    at: cython.Py_ssize_t,
    node: cython.ulonglong,
    depth: cython.Py_ssize_t,
    skipped: cython.int,
    start: cython.int,
    text: str,
) -> cython.int:
    """A node, reached by `depth` words up to token `at` -> proposals that end there, and those of the ways on."""
    after: cython.Py_ssize_t
    number: cython.Py_ssize_t
    r: cython.Py_ssize_t
    child: cython.ulonglong
    end: cython.int = list_[TOKEN * at + 1]
    if p.path[depth - 1] >= 0 and not _covers(p, start, end):
        _verify(p, node, depth, start, end, skipped, False)
    if depth >= MAX_WORDS:
        return 0
    after = _next_word(p, list_, count, at)
    if after == count:
        return 0
    number = WORD * _word(p, list_, after, text)
    if not p.words.word[number + 2] & SHORT:
        for r in range(p.words.word[number + 1], p.words.word[number + 4]):
            if p.words.reading[READING * r] == 0 and p.words.key[2 * r + 1]:
                child = child_of(p.automaton, node, p.words.key[2 * r + 1])
                if child:
                    p.path[depth] = r
                    _follow(p, list_, count, after, child, depth + 1, skipped, start, text)
    if depth == 1 and skipped < MAX_SKIPPED and not list_[TOKEN * after + 3] & TOKEN_LOWER:
        p.path[depth] = -1
        _follow(p, list_, count, after, node, depth + 1, skipped + 1, start, text)
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _next_word(p: Proposer, list_: cython.int[::1], count: cython.Py_ssize_t, at: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Place of a token -> place of the next word of a name, or the number of tokens when a name cannot go on so far."""
    place: cython.Py_ssize_t
    for place in range(at + 1, count):
        if list_[TOKEN * place + 2] & GAP_BREAK:
            break
        if not _is_passed(p, list_, place):
            return place
    return count


@cython.cfunc
@cython.exceptval(-1)
def _verify(
    p: Proposer,
    node: cython.ulonglong,
    depth: cython.Py_ssize_t,
    start: cython.int,
    end: cython.int,
    skipped: cython.int,
    whole_only: cython.bint,
) -> cython.int:
    """Node and the readings on the way to it -> proposals; of persons only, where a middle name was left out."""
    place: cython.Py_ssize_t
    number: cython.uint
    entered: cython.int
    first: cython.Py_ssize_t = p.posting_at[node]
    last: cython.Py_ssize_t = p.posting_at[node + 1]
    if last - first > MAX_POSTINGS:
        return 0
    for place in range(first, last):
        number, entered = p.postings[place] >> ENTERED_BITS, p.postings[place] & ENTERED
        if entered == PAIR or (whole_only and entered != WHOLE) or (skipped and p.type[p.owner[number]] != p.person):
            continue
        if entered == INITIALS:
            _propose(p, start, end, number, entered, 1, p.words.reading[READING * p.path[0] + 2], 0, 0, 0.0, 0.0, 0.0)
        else:
            _verify_form(p, number, entered, depth, start, end, skipped)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _verify_form(
    p: Proposer,
    number: cython.uint,
    entered: cython.int,
    depth: cython.Py_ssize_t,
    start: cython.int,
    end: cython.int,
    skipped: cython.int,
) -> cython.int:
    """Alias, how it was entered, and the readings that led to it -> a proposal unless a word costs too much."""
    first: cython.Py_ssize_t = p.form_at[number]
    count: cython.Py_ssize_t = p.form_at[number + 1] - first
    size: cython.Py_ssize_t = 1 if entered == SURNAME or entered == JOINED else 2 if entered == ENDS or entered == HEAD else count
    k: cython.Py_ssize_t
    n: cython.Py_ssize_t = 0  # words of the text so far
    given: cython.Py_ssize_t = 0
    skeleton: cython.int = 0
    ending: cython.int = 0
    cost: cython.float
    total: cython.float = 0.0
    worst: cython.float = 0.0
    if count == 0 or depth - skipped != size:
        return 0  # two sequences of skeletons of one hash
    for k in range(depth):
        if p.path[k] < 0:
            continue
        if entered == JOINED:
            cost = _joined_cost(p, p.path[k], first, count)
        else:
            word: cython.uint = p.form_words[first + _entered_place(entered, n, count)]
            cost = _word_cost(p, p.path[k], word)
            given += p.letters_at[word + 1] - p.letters_at[word]
        if cost > MAX_COST:
            return 0
        total += cost
        worst = cost if cost > worst else worst
        skeleton += p.words.reading[READING * p.path[k] + 7]
        ending |= p.words.reading[READING * p.path[k] + 6] & ENDING
        n += 1
    return _propose(
        p, start, end, number, entered, n, skeleton, ending, skipped, total / n, worst,
        0.0 if entered == JOINED else _left_share(p, first, count, given),
    )  # fmt: skip


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _entered_place(entered: cython.int, n: cython.Py_ssize_t, count: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """How a form of `count` words was entered -> which of its words the n-th entered one is."""
    if entered == SURNAME:
        return count - 1
    if entered == TURNED:
        return n - 1 if n else count - 1
    if entered == ENDS:
        return count - 1 if n else 0
    return n


@cython.cfunc
@cython.exceptval(check=False)
def _left_share(p: Proposer, first: cython.Py_ssize_t, count: cython.Py_ssize_t, given: cython.Py_ssize_t) -> cython.float:
    """Words of a form, and how many of their letters a text gives -> share of those that it does not give."""
    k: cython.Py_ssize_t
    whole: cython.Py_ssize_t = 0
    for k in range(first, first + count):
        whole += p.letters_at[p.form_words[k] + 1] - p.letters_at[p.form_words[k]]
    if given >= whole:
        return 0.0
    return cython.cast(cython.float, whole - given) / whole


@cython.cfunc
@cython.exceptval(check=False)
def _word_cost(p: Proposer, r: cython.Py_ssize_t, word: cython.uint) -> cython.float:
    """Reading of a text's word, and a form's word -> cost of the edits between them as a share of their length."""
    n: cython.Py_ssize_t = p.words.reading[READING * r + 4]
    m: cython.Py_ssize_t = p.symbols_at[word + 1] - p.symbols_at[word]
    c: cython.float = distance(
        p.words.symbols, p.words.reading[READING * r + 3], n, p.symbols, p.symbols_at[word], m, p.costs,
        p.words.reading[READING * r + 5], False, p.line,
    )  # fmt: skip
    return c / (1 + 0.5 * (n + m))


@cython.cfunc
@cython.exceptval(check=False)
def _joined_cost(p: Proposer, r: cython.Py_ssize_t, first: cython.Py_ssize_t, count: cython.Py_ssize_t) -> cython.float:
    """Reading of a text's word, and a form whose words are written as one -> cost of the edits as a share of their length."""
    k: cython.Py_ssize_t
    c: cython.Py_ssize_t
    n: cython.Py_ssize_t = p.words.reading[READING * r + 4]
    m: cython.Py_ssize_t = 0
    for k in range(first, first + count):
        for c in range(p.letters_at[p.form_words[k]], p.letters_at[p.form_words[k] + 1]):
            if m < 512:
                p.spelled[m] = p.letters[c]
                m += 1
    m = to_symbols(p.spelled, 0, m)
    return distance(
        p.words.symbols, p.words.reading[READING * r + 3], n, p.spelled, 0, m, p.costs, p.words.reading[READING * r + 5], False, p.line
    ) / (1 + 0.5 * (n + m))


@cython.cfunc
@cython.exceptval(-1)
def _propose(
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


# ---------------------------------------------------------------- pairs of words


@cython.cfunc
@cython.exceptval(-1)
def _runs(p: Proposer, count: cython.Py_ssize_t, text: str) -> cython.int:
    """Merged tokens -> proposals from runs of two and more words that may be one name: capitalised, or of a script without case."""
    at: cython.Py_ssize_t
    size: cython.Py_ssize_t = 0
    gap: cython.int
    flags: cython.int
    start: cython.int
    broken: cython.bint
    passed: cython.bint
    for at in range(count):
        start, gap, flags = p.merged[TOKEN * at], p.merged[TOKEN * at + 2], p.merged[TOKEN * at + 3]
        broken = (gap & GAP_BREAK) != 0 or (flags & TOKEN_SOLO) != 0
        if gap & GAP_JOINER and not (start > 0 and p.room.code[start - 1] == 38) and not (start > 1 and p.room.code[start - 2] == 38):
            broken = True  # a comma or a slash, no ampersand
        if gap & GAP_PERIOD and size and p.merged[TOKEN * p.run[size - 1] + 1] - p.merged[TOKEN * p.run[size - 1]] >= MIN_LETTERS:
            broken = True  # a sentence ends here; after `H.` and `Inc.` a name may go on
        passed = _is_passed(p, p.merged, at)
        if broken or (flags & TOKEN_LOWER and not passed):
            if size > 1:
                _pair_up(p, size, text)
            size = 0
        if not passed and not flags & (TOKEN_LOWER | TOKEN_SOLO):
            p.run[size] = at
            size += 1
    if size > 1:
        _pair_up(p, size, text)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _pair_up(p: Proposer, size: cython.Py_ssize_t, text: str) -> cython.int:
    """Run of words -> proposals of forms that hold two words that are near each other, or both in one word."""
    at: cython.Py_ssize_t
    other: cython.Py_ssize_t
    for at in range(size):
        _word(p, p.merged, p.run[at], text)
    for at in range(size - 1):
        p.stamp += 1
        p.tries = 0
        for other in range(at + 1, min(size, at + 1 + REACH)):
            _pairs(p, size, at, other)
        _in_one_word(p, p.run[at], p.run[at + 1])
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _pairs(p: Proposer, size: cython.Py_ssize_t, at: cython.Py_ssize_t, other: cython.Py_ssize_t) -> cython.int:
    """Run, and the places of two words in it -> proposals of the forms that hold both."""
    w: Words = p.words
    one: cython.Py_ssize_t = WORD * (p.merged[TOKEN * p.run[at] + 4] - 1)
    two: cython.Py_ssize_t = WORD * (p.merged[TOKEN * p.run[other] + 4] - 1)
    a: cython.Py_ssize_t
    b: cython.Py_ssize_t
    place: cython.Py_ssize_t
    node: cython.ulonglong
    for a in range(w.word[one + 1], w.word[one + 4]):
        if not w.reading[READING * a + 6] & PAIRED:
            continue
        for b in range(w.word[two + 1], w.word[two + 4]):
            if not w.reading[READING * b + 6] & PAIRED:
                continue
            node = root_of(p.automaton, pair_key(w.key[2 * a], w.key[2 * b]))
            if not node or p.posting_at[node + 1] - p.posting_at[node] > MAX_POSTINGS:
                continue
            for place in range(p.posting_at[node], p.posting_at[node + 1]):
                if p.postings[place] & ENTERED == PAIR and _is_new(p, p.postings[place] >> ENTERED_BITS):
                    _align(p, size, at, other, p.postings[place] >> ENTERED_BITS)
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _is_new(p: Proposer, number: cython.uint) -> cython.bint:
    """Alias -> whether it was not tried yet from this word; then it is now."""
    mine: cython.ulonglong = p.stamp << 32 | number
    at: cython.ulonglong = (number * 7919) & (TRIED - 1)
    while p.tried[at] >> 32 == p.stamp:
        if p.tried[at] == mine:
            return False
        at = (at + 1) & (TRIED - 1)
    if p.tries < 2048:  # beyond, some may be tried again
        p.tries += 1
        p.tried[at] = mine
    return True


@cython.cfunc
@cython.exceptval(-1)
def _align(p: Proposer, size: cython.Py_ssize_t, at: cython.Py_ssize_t, other: cython.Py_ssize_t, number: cython.uint) -> cython.int:
    """Two words of a run that a form has -> a proposal of these and the words around that the form has too."""
    form: cython.Py_ssize_t = p.form_at[number]
    count: cython.Py_ssize_t = min(MAX_FORM, p.form_at[number + 1] - form)
    place: cython.Py_ssize_t
    first: cython.Py_ssize_t = at
    last: cython.Py_ssize_t = other
    text_left: cython.int = 0
    letters: cython.Py_ssize_t = 0
    left: cython.Py_ssize_t = 0
    start: cython.int
    form_left: cython.float
    p.path[0] = 0  # words taken so far; their readings stand behind it, their costs in `line` from 1000 on
    for place in range(count):
        p.left[place] = p.form_words[form + place]
        letters += p.letters_at[p.left[place] + 1] - p.letters_at[p.left[place]]
    p.lefts = count
    if not _take(p, at) or not _take(p, other):
        return 0
    start = p.merged[TOKEN * p.run[at]]
    shift: cython.int = p.words.reading[READING * p.path[1]]
    for place in range(at + 1, other):
        if not _take(p, place):
            text_left += 1
    while p.lefts and first > 0 and _take(p, first - 1):
        first -= 1
    while p.lefts and last + 1 < size and _take(p, last + 1):
        last += 1
    start = start + shift if first == at else p.merged[TOKEN * p.run[first]]
    for place in range(p.lefts):
        left += p.letters_at[p.left[place] + 1] - p.letters_at[p.left[place]]
    form_left = cython.cast(cython.float, left) / max(1, letters)
    if form_left <= MOST_LEFT and not _covers(p, start, p.merged[TOKEN * p.run[last] + 1]):
        _propose_taken(p, start, p.merged[TOKEN * p.run[last] + 1], number, text_left, form_left)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _propose_taken(
    p: Proposer, start: cython.int, end: cython.int, number: cython.uint, text_left: cython.int, form_left: cython.float
) -> cython.int:
    """Words that were taken from a form -> a proposal."""
    k: cython.Py_ssize_t
    n: cython.int = p.path[0]
    r: cython.Py_ssize_t
    skeleton: cython.int = 0
    ending: cython.int = 0
    total: cython.float = 0.0
    worst: cython.float = 0.0
    for k in range(n):
        r = READING * p.path[1 + k]
        skeleton += p.words.reading[r + 7]
        ending |= p.words.reading[r + 6] & ENDING
        total += p.line[1000 + k]
        worst = max(worst, p.line[1000 + k])
    return _propose(p, start, end, number, PAIR, n, skeleton, ending, text_left, total / n, worst, form_left)


@cython.cfunc
@cython.exceptval(check=False)
def _take(p: Proposer, place: cython.Py_ssize_t) -> cython.bint:
    """Word of a run, and the words of a form that are left -> whether it is one of them; then it is taken from them."""
    w: Words = p.words
    word: cython.Py_ssize_t = WORD * (p.merged[TOKEN * p.run[place] + 4] - 1)
    r: cython.Py_ssize_t
    k: cython.Py_ssize_t
    chosen: cython.Py_ssize_t = -1
    taken: cython.Py_ssize_t = 0
    best: cython.float = MATCH_COST
    cost: cython.float
    if p.path[0] >= 14:
        return False
    for r in range(w.word[word + 1], w.word[word + 4]):
        if not w.reading[READING * r + 6] & FIRST:
            continue
        for k in range(p.lefts):
            if w.reading[READING * r + 2] == 1 and w.latin[w.reading[READING * r + 1]] == p.letters[p.letters_at[p.left[k]]]:
                cost = INITIAL_COST
            else:
                cost = _word_cost(p, r, p.left[k])
            if cost < best:
                best, chosen, taken = cost, r, k
    if chosen < 0:
        return False
    p.lefts -= 1
    for k in range(taken, p.lefts):
        p.left[k] = p.left[k + 1]
    p.path[0] += 1
    p.path[p.path[0]] = chosen
    p.line[999 + p.path[0]] = best
    return True


@cython.cfunc
@cython.exceptval(-1)
def _in_one_word(p: Proposer, one: cython.Py_ssize_t, other: cython.Py_ssize_t) -> cython.int:
    """Two tokens of a text -> proposals of forms that write them as one (`Rin kus` for Rinkus).

    Both together are read in the place behind the last reading, which is free.
    """
    w: Words = p.words
    a: cython.Py_ssize_t = WORD * (p.merged[TOKEN * one + 4] - 1)
    b: cython.Py_ssize_t = WORD * (p.merged[TOKEN * other + 4] - 1)
    at: cython.Py_ssize_t = READING * w.readings
    r: cython.Py_ssize_t
    k: cython.Py_ssize_t
    end: cython.Py_ssize_t = 0
    node: cython.ulonglong
    start: cython.int = p.merged[TOKEN * one]
    if w.word[a + 1] == w.word[a + 4] or w.word[b + 1] == w.word[b + 4] or _covers(p, start, p.merged[TOKEN * other + 1]):
        return 0
    for r in (READING * w.word[a + 1], READING * w.word[b + 1]):
        for k in range(w.reading[r + 2]):
            w.symbols[w.symbols_end + end] = p.spelled[end] = w.latin[w.reading[r + 1] + k]
            end += 1
    w.reading[at + 3] = w.symbols_end
    w.reading[at + 4] = to_symbols(w.symbols, w.symbols_end, w.symbols_end + end) - w.symbols_end
    w.reading[at], w.reading[at + 2], w.reading[at + 5], w.reading[at + 6] = 0, end, w.reading[READING * w.word[a + 1] + 5], 0
    end = to_skeleton(p.spelled, 0, end)
    w.reading[at + 7] = end
    node = root_of(p.automaton, hash_of(p.spelled, 0, end, 0, -1))
    if node:
        p.path[0] = w.readings
        _verify(p, node, 1, start, p.merged[TOKEN * other + 1], 0, True)
    return 0


# ---------------------------------------------------------------- what is let through


@cython.cfunc
@cython.exceptval(check=False)
def _first_token(p: Proposer, count: cython.Py_ssize_t, start: cython.int) -> cython.Py_ssize_t:
    """Place of the merged token that `start` is in."""
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = count
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) // 2
        if p.merged[TOKEN * middle] <= start:
            low = middle + 1
        else:
            high = middle
    return max(0, low - 1)


@cython.cfunc
@cython.exceptval(-1)
def _look(p: Proposer, k: cython.Py_ssize_t, count: cython.Py_ssize_t, text: str) -> cython.int:
    """Proposal k -> what the gate looks at."""
    start: cython.int = p.row[ROW * k]
    end: cython.int = p.row[ROW * k + 1]
    alias: cython.uint = p.row[ROW * k + 2]
    owner: cython.uint = p.owner[alias]
    first: cython.Py_ssize_t = _first_token(p, count, start)
    at: cython.Py_ssize_t = first
    word: cython.uint
    n: cython.int = 0
    english: cython.int = 0
    common: cython.int = 0
    personal: cython.int = 0
    capitals: cython.int = 0
    look: cython.float[::1] = p.look
    while at < count and p.merged[TOKEN * at] < end:
        word = p.words.word[WORD * _word(p, p.merged, at, text) + 2]
        english += (word >> BITS) & ENGLISH != 0
        common += (word >> BITS) & COMMON != 0
        personal += (word >> BITS) & PERSONAL != 0
        capitals += word & CAPITALS != 0
        n += 1
        at += 1
    n = max(1, n)
    look[0], look[1], look[2] = p.share[SHARE * k], p.share[SHARE * k + 1], p.share[SHARE * k + 2]
    look[3], look[4], look[5] = p.row[ROW * k + 7], p.row[ROW * k + 4], p.row[ROW * k + 5]
    look[6], look[7], look[8] = p.row[ROW * k + 3], p.row[ROW * k + 6], p.type[owner]
    look[9], look[10] = end - start, p.form_at[alias + 1] - p.form_at[alias]
    look[11], look[12] = cython.cast(cython.float, english) / n, cython.cast(cython.float, common) / n
    look[13], look[14] = cython.cast(cython.float, personal) / n, cython.cast(cython.float, capitals) / n
    look[15] = 1 if first == 0 or p.merged[TOKEN * first + 2] & (GAP_BREAK | GAP_PERIOD) else 0
    look[16] = 1 if first > 0 and not look[15] and _is_capital(p, first - 1) else 0
    look[17] = 1 if at < count and not p.merged[TOKEN * at + 2] & (GAP_BREAK | GAP_PERIOD) and _is_capital(p, at) else 0
    look[18] = (p.first_alias[owner + 1] if owner + 1 < p.first_alias.shape[0] else p.owner.shape[0]) - p.first_alias[owner]
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _is_capital(p: Proposer, at: cython.Py_ssize_t) -> cython.bint:
    """Whether a merged token is no word in lower case, nor one of those that names are read without."""
    return not p.merged[TOKEN * at + 3] & (TOKEN_LOWER | TOKEN_SOLO) and not _is_passed(p, p.merged, at)


@cython.cfunc
@cython.exceptval(check=False)
def _holds_listed(found: Found, start: cython.int, end: cython.int) -> cython.bint:
    """Whether a listed form stands inside of the span (`Iran` in `Iran Regime`)."""
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = found.rows
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) // 2
        if found.row[LISTED * middle] < start:
            low = middle + 1
        else:
            high = middle
    while low < found.rows and found.row[LISTED * low] < end:
        if found.row[LISTED * low + 1] <= end:
            return True
        low += 1
    return False


@cython.cfunc
@cython.exceptval(-1)
def _is_let_through(
    p: Proposer, found: Found, k: cython.Py_ssize_t, count: cython.Py_ssize_t, text: str, types: cython.uint, sets
) -> cython.bint:
    """Proposal k -> whether it is wanted, and may be a mention by what the gate sees of it."""
    owner: cython.uint = p.owner[p.row[ROW * k + 2]]
    holds: cython.bint
    if not (types >> p.type[owner]) & 1 or not (sets is None or sets[p.forms.list_set[owner]]):
        return False
    holds = _holds_listed(found, p.row[ROW * k], p.row[ROW * k + 1])
    if holds and p.share[SHARE * k + 1] > CLOSE_COST:
        return False
    _look(p, k, count, text)
    p.look[19] = holds
    if p.gate is None:
        return True
    p.odds[0] = 0.0
    add_trees(p.gate, p.look, 1, p.odds)
    return p.odds[0] >= p.least


# ---------------------------------------------------------------- a text


def propose(p: Proposer, room: Room, found: Found, text: str, types: cython.uint, sets):
    """Undisguised text, tokenized in the room, and the listed forms that were found in it -> proposals outside of these.

    Each is (start of the span with its article, then the fields of `variants.Proposal`). `types` and `sets` as in `readings.read`.
    """
    k: cython.Py_ssize_t
    count: cython.Py_ssize_t
    settle(p.words)
    p.room = room
    if room.tokens > p.size:
        _make_room(p, 2 * room.tokens)
    _set_taken(p, found)
    p.rows = 0
    count = _take_tokens(p)
    _sequences(p, p.plain, room.tokens, False, text)
    if count < room.tokens:  # `Oktjabr'sk` is one word, `Afrin'e` a word and its ending: both ways are tried
        _sequences(p, p.merged, count, True, text)
    _runs(p, count, text)
    return [
        (
            article_start(p.forms, room, p.row[ROW * k]),
            p.row[ROW * k], p.row[ROW * k + 1], p.row[ROW * k + 2], p.row[ROW * k + 3], p.share[SHARE * k], p.share[SHARE * k + 1],
            p.row[ROW * k + 4], p.row[ROW * k + 5], p.row[ROW * k + 6] != 0, p.share[SHARE * k + 2], p.row[ROW * k + 7],
        )
        for k in range(p.rows)
        if _is_let_through(p, found, k, count, text, types, sets)
    ]  # fmt: skip


def looks(p: Proposer, room: Room, found: Found, text: str, types: cython.uint, sets):
    """As `propose` -> its proposals, each with what the gate looks at, by GATE_NAMES: the fit of the gate reads them."""
    gate: Forest = p.gate
    k: cython.Py_ssize_t
    p.gate = None
    made = propose(p, room, found, text, types, sets)
    rows = []
    count = _take_tokens(p)
    for k in range(p.rows):
        if _is_let_through(p, found, k, count, text, types, sets):
            rows.append([p.look[k] for k in range(WIDTH)])
    p.gate = gate
    return list(zip(made, rows, strict=True))


@cython.cfunc
def _set_taken(p: Proposer, found: Found):
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
