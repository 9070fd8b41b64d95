# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Words of a text, one behind the other -> proposals of the forms whose skeletons the trie has in that order.

One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from resolver import entries, tokens

if cython.compiled:
    from cython.cimports.aliases.keys import to_symbols
    from cython.cimports.resolver.edits import distance
    from cython.cimports.resolver.gating import is_sifted_out, sift
    from cython.cimports.resolver.proposals import add, add_kept, keep
    from cython.cimports.resolver.proposer import Proposer, covers, is_passed, word_at, word_cost
    from cython.cimports.resolver.scan import goes_on
    from cython.cimports.resolver.walks import child_of, find_token
else:
    from aliases.keys import to_symbols
    from resolver.edits import distance
    from resolver.gating import is_sifted_out, sift
    from resolver.proposals import add, add_kept, keep
    from resolver.proposer import Proposer, covers, is_passed, word_at, word_cost
    from resolver.scan import goes_on
    from resolver.walks import child_of, find_token

COMPILED = cython.compiled

MAX_POSTINGS = cython.declare(cython.Py_ssize_t, 128)  # of one node that are verified; fuller ones are too common to say anything
MAX_COST = cython.declare(cython.float, 0.8)  # of any word, as a share of its length; costlier ones were hardly ever right
MAX_SKIPPED = cython.declare(cython.int, 1)  # words of a text that a form may lack (a middle name)
MAX_WORDS = cython.declare(cython.Py_ssize_t, entries.MAX_WORDS)
WHOLE, SURNAME = cython.declare(cython.int, entries.WHOLE), cython.declare(cython.int, entries.SURNAME)
INITIALS, TURNED = cython.declare(cython.int, entries.INITIALS), cython.declare(cython.int, entries.TURNED)
ENDS, HEAD = cython.declare(cython.int, entries.ENDS), cython.declare(cython.int, entries.HEAD)
PAIR, JOINED = cython.declare(cython.int, entries.PAIR), cython.declare(cython.int, entries.JOINED)
ENTERED_BITS = cython.declare(cython.int, entries.ENTERED_BITS)
ENTERED = cython.declare(cython.uint, (1 << entries.ENTERED_BITS) - 1)
GAP_BREAK = cython.declare(cython.int, tokens.GAP_HARD | tokens.GAP_PARAGRAPH)
TOKEN_LOWER, TOKEN_SOLO = cython.declare(cython.int, tokens.TOKEN_LOWER), cython.declare(cython.int, tokens.TOKEN_SOLO)
TOKEN_ARTICLE = cython.declare(cython.int, tokens.TOKEN_ARTICLE)
SHORT, ENDING, PAIRED = cython.declare(cython.uint, 1), cython.declare(cython.uint, 1), cython.declare(cython.uint, 2)  # as in `resolver.wording`
WORD, READING = cython.declare(cython.Py_ssize_t, 8), cython.declare(cython.Py_ssize_t, 8)  # as in `resolver.wording`
WALKS, ORIGIN = cython.declare(cython.uint, 16), cython.declare(cython.int, 8)
ROW = cython.declare(cython.Py_ssize_t, 8)  # as in `resolver.proposer`
TOKEN = cython.declare(cython.Py_ssize_t, 5)  # numbers of a token: start, end, gap, properties, its word + 1


@cython.cfunc
@cython.exceptval(-1)
def sequences(p: Proposer, list_: cython.int[::1], count: cython.Py_ssize_t, chosen: cython.bint, text: str) -> cython.int:
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
        number = word_at(p, list_, at, text)
        if not chosen and p.merged_at[at] >= 0:
            p.merged[TOKEN * p.merged_at[at] + 4] = number + 1  # the same word: it need not be sought again
        if p.words.word[WORD * number + 2] & SHORT:
            continue
        if not p.words.word[WORD * number + 3] or p.words.word[WORD * number + 4]:  # unless it is known to be nothing by itself
            _propose_word(p, number, at if chosen else p.merged_at[at], list_[TOKEN * at], list_[TOKEN * at + 1], text)
        if not p.words.word[WORD * number + 2] & WALKS:
            continue
        for r in range(p.words.word[WORD * number + 1], p.words.word[WORD * number + 7]):
            node = p.words.reading[READING * r + 5]
            if node and p.words.reading[READING * r + 6] & PAIRED:
                p.path[0] = r
                _go_on(p, list_, count, at, node, 1, 0, list_[TOKEN * at] + p.words.reading[READING * r], text)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _propose_word(
    p: Proposer, number: cython.Py_ssize_t, m: cython.Py_ssize_t, start: cython.int, end: cython.int, text: str
) -> cython.int:
    """Word of a text, the merged token that it is or -1, its place -> proposals of the forms that it may be by itself.

    Texts repeat words, so these are kept, and whether any of them can pass the gate.
    """
    k: cython.Py_ssize_t
    r: cython.Py_ssize_t
    first: cython.Py_ssize_t
    before: cython.Py_ssize_t = p.rows
    shift: cython.int
    if m >= 0 and is_sifted_out(p, number, m):
        return 0
    if not p.words.word[WORD * number + 3]:
        for r in range(p.words.word[WORD * number + 1], p.words.word[WORD * number + 7]):
            if p.words.reading[READING * r + 5]:
                p.path[0] = r
                verify(p, p.words.reading[READING * r + 5], 1, p.words.reading[READING * r], 0, 0, False)
        keep(p, number, before)
        p.rows = before
    first = p.words.word[WORD * number + 3] - 1
    for k in range(first, first + p.words.word[WORD * number + 4]):
        shift = p.kept_row[ROW * k]
        if not covers(p, start + shift, end):
            add_kept(p, k, start + shift, end)
    return sift(p, number, m, before, text) if m >= 0 else 0


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
    end: cython.int = list_[TOKEN * at + 1]
    if p.path[depth - 1] >= 0 and not covers(p, start, end):
        verify(p, node, depth, start, end, skipped, False)
    if depth >= MAX_WORDS:
        return 0
    return _go_on(p, list_, count, at, node, depth, skipped, start, text)


@cython.cfunc
@cython.exceptval(-1)
def _go_on(
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
    """A node, reached by `depth` words up to token `at` -> proposals of the ways on from there."""
    after: cython.Py_ssize_t
    number: cython.Py_ssize_t
    r: cython.Py_ssize_t
    child: cython.ulonglong
    after = _next_word(p, list_, count, at)
    if after == count:
        return 0
    number = WORD * word_at(p, list_, after, text)
    if not p.words.word[number + 2] & SHORT:
        for r in range(p.words.word[number + 1], p.words.word[number + 7]):
            if p.words.reading[READING * r] == 0 and p.words.reading[READING * r + 6] & PAIRED:
                if depth - skipped == 1 and not goes_on(p.automaton, p.words.key[p.path[0]], p.words.key[r]):
                    continue
                child = child_of(p.automaton, node, find_token(p.automaton, p.words.key[r]))
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
        if not is_passed(p, list_, place):
            return place
    return count


@cython.cfunc
@cython.exceptval(-1)
def verify(
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
    fetch_forms(p, first, last)
    for place in range(first, last):
        number, entered = p.postings[place] >> ENTERED_BITS, p.postings[place] & ENTERED
        if entered == PAIR or (whole_only and entered != WHOLE) or (skipped and p.type[p.owner[number]] != p.person):
            continue
        if entered == INITIALS:
            add(p, start, end, number, entered, 1, p.words.reading[READING * p.path[0] + 2], 0, 0, 0.0, 0.0, 0.0)
        else:
            _verify_form(p, number, entered, depth, start, end, skipped)
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def fetch_forms(p: Proposer, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> cython.int:
    """Places of up to MAX_POSTINGS postings -> a word of each one's form is in the nearest memory.

    What is verified lies far apart, each look waiting for the one before: so each step is taken for all of them at once.
    """
    k: cython.Py_ssize_t
    count: cython.Py_ssize_t = last - first
    ahead: cython.uint[::1] = p.ahead
    last_word: cython.bint
    seen: cython.uint = 0
    if not cython.compiled or count < 3:
        return 0
    for k in range(count):
        last_word = p.postings[first + k] & ENTERED == SURNAME
        ahead[k] = p.form_at[(p.postings[first + k] >> ENTERED_BITS) + last_word] - last_word
    for k in range(count):
        ahead[k] = p.form_words[ahead[k]] if ahead[k] < cython.cast(cython.uint, p.form_words.shape[0]) else 0
    for k in range(count):
        ahead[k] = p.symbols_at[ahead[k]]
    for k in range(count):
        seen += p.symbols[ahead[k]] if ahead[k] < cython.cast(cython.uint, p.symbols.shape[0]) else 0
    p.seen = seen
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
            cost = word_cost(p, p.path[k], word)
            if cost > MAX_COST:
                return 0
            given += p.letters_at[word + 1] - p.letters_at[word]
        if cost > MAX_COST:
            return 0
        total += cost
        worst = cost if cost > worst else worst
        skeleton += p.words.reading[READING * p.path[k] + 7]
        ending |= p.words.reading[READING * p.path[k] + 6] & ENDING
        n += 1
    return add(
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
        p.words.symbols, p.words.reading[READING * r + 3], n, p.spelled, 0, m, p.costs, p.words.reading[READING * r + 6] >> ORIGIN, False, p.line
    ) / (1 + 0.5 * (n + m))
