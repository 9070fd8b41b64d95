# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Tokens of a text -> spans that may be unlisted spellings of listed forms, and what the match costs.

The trie of skeletons is walked from every word that can begin a name (capitalised, or of a script without case;
`resolver.sequences`), and every two words of a run of such words are looked up together (`resolver.pairs`). A skeleton is shared by
unrelated names, so each proposal carries the learned cost of turning its letters into those of the form, and what of both is left
over. A gate of small trees holds back what the mention model would not take; of the rest, the model decides.

One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from resolver import tokens, words

if cython.compiled:
    from cython.cimports.resolver.forms import article_start
    from cython.cimports.resolver.pairs import runs
    from cython.cimports.resolver.proposer import Proposer, forget, is_passed, make_room, set_taken, take_tokens, word_at
    from cython.cimports.resolver.readings import Found
    from cython.cimports.resolver.sequences import sequences
    from cython.cimports.resolver.spans import Spans, add_reading, group, has_span
    from cython.cimports.resolver.tokenizer import Room
    from cython.cimports.resolver.trees import add_trees
    from cython.cimports.resolver.wording import settle
else:
    from resolver.forms import article_start
    from resolver.pairs import runs
    from resolver.proposer import Proposer, forget, is_passed, make_room, set_taken, take_tokens, word_at
    from resolver.readings import Found
    from resolver.sequences import sequences
    from resolver.spans import Spans, add_reading, group, has_span
    from resolver.tokenizer import Room
    from resolver.trees import add_trees
    from resolver.wording import settle

COMPILED = cython.compiled

GATE_NAMES = (
    "mean_cost", "worst_cost", "form_left", "text_left", "words", "skeleton", "entered", "ending", "type", "letters", "form_words",
    "english", "common", "personal", "capitals", "starts_sentence", "left_capital", "right_capital", "aliases", "holds_listed",
)  # fmt: skip
MAX_RIVALS = cython.declare(cython.Py_ssize_t, 6)  # entities that one unlisted spelling is weighed for
WIDTH = cython.declare(cython.Py_ssize_t, 20)  # numbers that the gate looks at, by GATE_NAMES
CLOSE_COST = cython.declare(cython.float, 0.3)  # of the worst word of a proposal that holds a listed form: beyond, that one is it
GAP_BREAK, GAP_PERIOD = cython.declare(cython.int, tokens.GAP_HARD | tokens.GAP_PARAGRAPH), cython.declare(cython.int, tokens.GAP_PERIOD)
TOKEN_LOWER, TOKEN_SOLO = cython.declare(cython.int, tokens.TOKEN_LOWER), cython.declare(cython.int, tokens.TOKEN_SOLO)
COMMON, ENGLISH = cython.declare(cython.uint, words.COMMON), cython.declare(cython.uint, words.ENGLISH)
PERSONAL = cython.declare(cython.uint, words.PERSONAL)
BITS, CAPITALS = cython.declare(cython.int, 8), cython.declare(cython.uint, 2)  # as in `resolver.wording`
WORD = cython.declare(cython.Py_ssize_t, 3)
LISTED = cython.declare(cython.Py_ssize_t, 6)  # numbers of a row of `resolver.readings`
TOKEN = cython.declare(cython.Py_ssize_t, 5)  # numbers of a token: start, end, gap, properties, its word + 1
ROW = cython.declare(cython.Py_ssize_t, 8)  # whole numbers of a proposal, as in `resolver.proposer`
SHARE = cython.declare(cython.Py_ssize_t, 3)  # and its others
READ, SPAN = cython.declare(cython.Py_ssize_t, 11), cython.declare(cython.Py_ssize_t, 5)  # numbers of a reading and a span, as in `resolver.spans`
FUZZY = cython.declare(cython.int, 4)


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
def _look(p: Proposer, found: Found, k: cython.Py_ssize_t, count: cython.Py_ssize_t, text: str) -> cython.int:
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
        word = p.words.word[WORD * word_at(p, p.merged, at, text) + 2]
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
    look[19] = _holds_listed(found, start, end)
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _is_capital(p: Proposer, at: cython.Py_ssize_t) -> cython.bint:
    """Whether a merged token is no word in lower case, nor one of those that names are read without."""
    return not p.merged[TOKEN * at + 3] & (TOKEN_LOWER | TOKEN_SOLO) and not is_passed(p, p.merged, at)


@cython.cfunc
@cython.exceptval(-1)
def _is_wanted(p: Proposer, found: Found, k: cython.Py_ssize_t, types: cython.uint, sets) -> cython.bint:
    """Proposal k -> whether its entity is wanted, and the listed form inside of it, if any, is not the better reading."""
    owner: cython.uint = p.owner[p.row[ROW * k + 2]]
    if not (types >> p.type[owner]) & 1 or not (sets is None or sets[p.forms.list_set[owner]]):
        return False
    return p.share[SHARE * k + 1] <= CLOSE_COST or not _holds_listed(found, p.row[ROW * k], p.row[ROW * k + 1])


@cython.cfunc
@cython.exceptval(-1)
def _passes(p: Proposer, found: Found, k: cython.Py_ssize_t, count: cython.Py_ssize_t, text: str) -> cython.bint:
    """Proposal k -> whether it may be a mention by what the gate sees of it."""
    if p.gate is None:
        return True
    _look(p, found, k, count, text)
    p.odds[0] = 0.0
    add_trees(p.gate, p.look, 1, p.odds)
    return p.odds[0] >= p.least


@cython.cfunc
@cython.exceptval(-1)
def propose(
    p: Proposer, room: Room, found: Found, text: str, types: cython.uint, sets, sp: Spans
) -> cython.int:
    """Undisguised text, tokenized in the room, the listed forms that were found in it, and its spans so far -> and beside these the
    spans outside of listed forms that may be unlisted spellings.

    The start of a span takes in an article that is hyphenated to it. Of each entity the nearest form is a reading, of the entities
    the MAX_RIVALS nearest. All of a span are looked at when one passes the gate: what else a span may mean is evidence. `types` and
    `sets` as in `readings.read`.
    """
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    tried: Spans = p.tried_spans
    count: cython.Py_ssize_t = _propose_all(p, room, found, text)
    tried.rows = 0
    for k in range(p.rows):
        if _is_wanted(p, found, k, types, sets):
            add_reading(
                tried, article_start(p.forms, room, p.row[ROW * k]), p.row[ROW * k + 1], k, p.row[ROW * k + 2],
                p.owner[p.row[ROW * k + 2]], FUZZY,
            )  # fmt: skip
    group(tried)
    for j in range(tried.spans):
        if not has_span(sp, tried.span[SPAN * j], tried.span[SPAN * j + 1]) and _may_be_mention(p, found, tried, j, count, text):
            _take_nearest(p, tried, j, sp)
    group(sp)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _may_be_mention(
    p: Proposer, found: Found, tried: Spans, j: cython.Py_ssize_t, count: cython.Py_ssize_t, text: str
) -> cython.bint:
    """Span of proposals -> whether one of them passes the gate."""
    k: cython.Py_ssize_t
    for k in range(tried.span[SPAN * j + 2], tried.span[SPAN * j + 3]):
        if _passes(p, found, tried.row[READ * tried.order[k] + 2], count, text):
            return True
    return False


@cython.cfunc
@cython.exceptval(-1)
def _take_nearest(p: Proposer, tried: Spans, j: cython.Py_ssize_t, sp: Spans) -> cython.int:
    """Span of proposals -> the nearest of each of the nearest entities are readings of it."""
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t
    r: cython.Py_ssize_t
    taken: cython.Py_ssize_t = sp.rows
    while sp.rows < taken + MAX_RIVALS:
        r = _nearest(p, tried, j, sp, taken)
        if r < 0:
            return 0
        k = tried.row[READ * r + 2]
        at = add_reading(
            sp, tried.row[READ * r], tried.row[READ * r + 1], tried.row[READ * r], tried.row[READ * r + 3], tried.row[READ * r + 4],
            FUZZY,
        )  # fmt: skip
        sp.row[at + 6], sp.row[at + 7], sp.row[at + 8] = p.row[ROW * k + 3], p.row[ROW * k + 4], p.row[ROW * k + 5]
        sp.row[at + 9], sp.row[at + 10] = p.row[ROW * k + 6] != 0, p.row[ROW * k + 7]
        for at in range(SHARE):
            sp.share[4 * sp.rows - 4 + at] = p.share[SHARE * k + at]
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _nearest(p: Proposer, tried: Spans, j: cython.Py_ssize_t, sp: Spans, taken: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Span of proposals, and from which reading on its own are -> the nearest one of another entity than theirs, the first of
    several; -1 when there is none."""
    k: cython.Py_ssize_t
    m: cython.Py_ssize_t
    r: cython.Py_ssize_t
    best: cython.Py_ssize_t = -1
    far: cython.double
    least: cython.double = 1e9
    for k in range(tried.span[SPAN * j + 2], tried.span[SPAN * j + 3]):
        r = tried.order[k]
        far = _distance(p, tried.row[READ * r + 2])
        if far >= least:
            continue
        for m in range(taken, sp.rows):
            if sp.row[READ * m + 4] == tried.row[READ * r + 4]:
                break
        else:
            best, least = r, far
    return best


@cython.cfunc
@cython.exceptval(check=False)
def _distance(p: Proposer, k: cython.Py_ssize_t) -> cython.double:
    """Proposal k -> how far the spelling is from the form, all told: only to put the proposals for one span in order."""
    return p.share[SHARE * k] + 0.5 * p.share[SHARE * k + 2] + 0.25 * p.row[ROW * k + 7]


@cython.cfunc
@cython.exceptval(-1)
def _propose_all(p: Proposer, room: Room, found: Found, text: str) -> cython.Py_ssize_t:
    """Text, and the listed forms in it -> every proposal in the rows of `p`; returns how many merged tokens there are."""
    count: cython.Py_ssize_t
    if settle(p.words):
        forget(p)
    p.room = room
    if room.tokens > p.size:
        make_room(p, 2 * room.tokens)
    set_taken(p, found)
    p.rows = 0
    count = take_tokens(p)
    sequences(p, p.plain, room.tokens, False, text)
    if count < room.tokens:  # `Oktjabr'sk` is one word, `Afrin'e` a word and its ending: both ways are tried
        sequences(p, p.merged, count, True, text)
    runs(p, count, text)
    return count


def looks(p: Proposer, room: Room, found: Found, text: str):
    """As `propose` -> start, end and alias of every proposal, and what the gate looks at, by GATE_NAMES: its fit reads them."""
    k: cython.Py_ssize_t
    count: cython.Py_ssize_t = _propose_all(p, room, found, text)
    rows = []
    for k in range(p.rows):
        if _is_wanted(p, found, k, 0xFF, None):
            _look(p, found, k, count, text)
            rows.append((p.row[ROW * k], p.row[ROW * k + 1], p.row[ROW * k + 2], list(p.look)))
    return rows
