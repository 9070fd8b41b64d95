# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Runs of words that may be one name -> proposals of the forms that hold two of them, in either order, or both in one word.

One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from resolver import entries, tokens

if cython.compiled:
    from cython.cimports.aliases.keys import hash_of, pair_key, to_skeleton, to_symbols
    from cython.cimports.resolver.proposals import add
    from cython.cimports.resolver.proposer import Proposer, covers, is_passed, word_at, word_cost
    from cython.cimports.resolver.scan import root_of
    from cython.cimports.resolver.sequences import fetch_forms, verify
    from cython.cimports.resolver.tokens import FULL, MIX
    from cython.cimports.resolver.vocabulary import Words
else:
    from aliases.keys import hash_of, pair_key, to_skeleton, to_symbols
    from resolver.proposals import add
    from resolver.proposer import Proposer, covers, is_passed, word_at, word_cost
    from resolver.scan import root_of
    from resolver.sequences import fetch_forms, verify
    from resolver.tokens import FULL, MIX
    from resolver.vocabulary import Words

COMPILED = cython.compiled

MAX_POSTINGS = cython.declare(cython.Py_ssize_t, 128)  # of one node that are verified; fuller ones are too common to say anything
REACH = cython.declare(cython.Py_ssize_t, 3)  # words that two words looked up together may be apart
MATCH_COST = cython.declare(cython.float, 0.5)  # of a word beside such a pair, to be taken for a word of the form
INITIAL_COST = cython.declare(cython.float, 0.2)  # of a letter that stands for a word
MOST_LEFT = cython.declare(cython.float, 0.6)  # share of the letters of a form that a text may leave out
MIN_LETTERS = cython.declare(cython.int, entries.MIN_LETTERS)
MAX_FORM = cython.declare(cython.Py_ssize_t, entries.MAX_FORM)
# Of two words that were met in this order: no form that holds their keys has the first of them, no form writes them as one.
LONE, APART = cython.declare(cython.ulonglong, 1), cython.declare(cython.ulonglong, 2)
TRIED = cython.declare(cython.ulonglong, 4096)  # slots for the aliases that were tried from one word
PAIR = cython.declare(cython.int, entries.PAIR)
ENTERED_BITS = cython.declare(cython.int, entries.ENTERED_BITS)
ENTERED = cython.declare(cython.uint, (1 << entries.ENTERED_BITS) - 1)
GAP_BREAK = cython.declare(cython.int, tokens.GAP_HARD | tokens.GAP_PARAGRAPH)
GAP_JOINER, GAP_PERIOD = cython.declare(cython.int, tokens.GAP_JOINER), cython.declare(cython.int, tokens.GAP_PERIOD)
TOKEN_LOWER, TOKEN_SOLO = cython.declare(cython.int, tokens.TOKEN_LOWER), cython.declare(cython.int, tokens.TOKEN_SOLO)
ENDING, PAIRED, FIRST = cython.declare(cython.uint, 1), cython.declare(cython.uint, 2), cython.declare(cython.uint, 4)
WORD, READING = cython.declare(cython.Py_ssize_t, 8), cython.declare(cython.Py_ssize_t, 8)  # as in `resolver.wording`
ORIGIN = cython.declare(cython.int, 8)
TOKEN = cython.declare(cython.Py_ssize_t, 5)  # numbers of a token: start, end, gap, properties, its word + 1


@cython.cfunc
@cython.exceptval(-1)
def runs(p: Proposer, count: cython.Py_ssize_t, text: str) -> cython.int:
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
        passed = is_passed(p, p.merged, at)
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
        word_at(p, p.merged, p.run[at], text)
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
    met: cython.Py_ssize_t = _met(p, p.run[at], p.run[other])
    a: cython.Py_ssize_t
    b: cython.Py_ssize_t
    place: cython.Py_ssize_t
    node: cython.ulonglong
    lone: cython.bint = True
    if p.met[met] & LONE:
        return 0
    for a in range(w.word[one + 1], w.word[one + 7]):
        if not w.reading[READING * a + 6] & PAIRED:
            continue
        for b in range(w.word[two + 1], w.word[two + 7]):
            if not w.reading[READING * b + 6] & PAIRED:
                continue
            node = root_of(p.automaton, pair_key(w.key[a], w.key[b]))
            if not node or p.posting_at[node + 1] - p.posting_at[node] > MAX_POSTINGS:
                continue
            fetch_forms(p, p.posting_at[node], p.posting_at[node + 1])
            for place in range(p.posting_at[node], p.posting_at[node + 1]):
                if p.postings[place] & ENTERED == PAIR:
                    if not _is_new(p, p.postings[place] >> ENTERED_BITS):
                        lone = False  # it may have the first word for all that is seen here
                    elif _may_take(p, at, p.postings[place] >> ENTERED_BITS):
                        lone = False
                        _align(p, size, at, other, p.postings[place] >> ENTERED_BITS)
    if lone:
        p.met[met] |= LONE
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _met(p: Proposer, one: cython.Py_ssize_t, other: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Two merged tokens whose words are known -> where it is kept what is known of both: texts repeat such pairs."""
    key: cython.ulonglong = p.merged[TOKEN * one + 4]
    slot: cython.Py_ssize_t
    key = key << 32 | cython.cast(cython.ulonglong, p.merged[TOKEN * other + 4])
    slot = cython.cast(cython.Py_ssize_t, 2 * (((key * MIX) & FULL) >> 53))
    if p.met[slot] != key:
        p.met[slot], p.met[slot + 1] = key, 0
    return slot + 1


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
    if not _may_take(p, other, number):
        return 0
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
    if form_left <= MOST_LEFT and not covers(p, start, p.merged[TOKEN * p.run[last] + 1]):
        _propose_taken(p, start, p.merged[TOKEN * p.run[last] + 1], number, text_left, form_left)
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _may_take(p: Proposer, place: cython.Py_ssize_t, number: cython.uint) -> cython.bint:
    """Word of a run, and an alias -> whether it may be a word of its form: most forms that share two skeletons have other words."""
    form: cython.Py_ssize_t = p.form_at[number]
    count: cython.Py_ssize_t = min(MAX_FORM, p.form_at[number + 1] - form)
    w: Words = p.words
    word: cython.Py_ssize_t = WORD * (p.merged[TOKEN * p.run[place] + 4] - 1)
    r: cython.Py_ssize_t
    k: cython.Py_ssize_t
    for r in range(w.word[word + 1], w.word[word + 7]):
        if w.reading[READING * r + 6] & FIRST:
            for k in range(form, form + count):
                if _match_cost(p, r, p.form_words[k]) < MATCH_COST:
                    return True
    return False


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _match_cost(p: Proposer, r: cython.Py_ssize_t, word: cython.uint) -> cython.float:
    """Reading of a text's word, and a form's word -> what it costs to take the one for the other; a letter may stand for a word."""
    if p.words.reading[READING * r + 2] == 1 and p.words.latin[p.words.reading[READING * r + 1]] == p.letters[p.letters_at[word]]:
        return INITIAL_COST
    return word_cost(p, r, word)


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
    return add(p, start, end, number, PAIR, n, skeleton, ending, text_left, total / n, worst, form_left)


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
    for r in range(w.word[word + 1], w.word[word + 7]):
        if not w.reading[READING * r + 6] & FIRST:
            continue
        for k in range(p.lefts):
            cost = _match_cost(p, r, p.left[k])
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
    met: cython.Py_ssize_t
    node: cython.ulonglong
    start: cython.int = p.merged[TOKEN * one]
    if w.word[a + 1] == w.word[a + 7] or w.word[b + 1] == w.word[b + 7] or covers(p, start, p.merged[TOKEN * other + 1]):
        return 0
    met = _met(p, one, other)
    if p.met[met] & APART:
        return 0
    for r in (READING * w.word[a + 1], READING * w.word[b + 1]):
        for k in range(w.reading[r + 2]):
            w.symbols[w.symbols_end + end] = p.spelled[end] = w.latin[w.reading[r + 1] + k]
            end += 1
    w.reading[at], w.reading[at + 2], w.reading[at + 6] = 0, end, w.reading[READING * w.word[a + 1] + 6] >> ORIGIN << ORIGIN
    w.reading[at + 7] = to_skeleton(p.spelled, 0, end)
    node = root_of(p.automaton, hash_of(p.spelled, 0, w.reading[at + 7], 0, -1))
    if node:
        w.reading[at + 3] = w.symbols_end
        w.reading[at + 4] = to_symbols(w.symbols, w.symbols_end, w.symbols_end + end) - w.symbols_end
        p.path[0] = w.readings
        verify(p, node, 1, start, p.merged[TOKEN * other + 1], 0, True)
    else:
        p.met[met] |= APART
    return 0
