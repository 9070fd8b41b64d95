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
    from cython.cimports.resolver.tokenizer import Room
    from cython.cimports.resolver.trees import add_trees
    from cython.cimports.resolver.wording import settle
else:
    from resolver.forms import article_start
    from resolver.pairs import runs
    from resolver.proposer import Proposer, forget, is_passed, make_room, set_taken, take_tokens, word_at
    from resolver.readings import Found
    from resolver.sequences import sequences
    from resolver.tokenizer import Room
    from resolver.trees import add_trees
    from resolver.wording import settle

COMPILED = cython.compiled

GATE_NAMES = (
    "mean_cost", "worst_cost", "form_left", "text_left", "words", "skeleton", "entered", "ending", "type", "letters", "form_words",
    "english", "common", "personal", "capitals", "starts_sentence", "left_capital", "right_capital", "aliases", "holds_listed",
)  # fmt: skip
MAX_RIVALS = 6  # entities that one unlisted spelling is weighed for
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


def propose(p: Proposer, room: Room, found: Found, text: str, types: cython.uint, sets):
    """Undisguised text, tokenized in the room, and the listed forms that were found in it -> proposals outside of these.

    (start, end, [the fields of `variants.Proposal`]) for each span, whose start takes in an article that is hyphenated to it: of
    each entity the nearest form, of the entities the MAX_RIVALS nearest. All of a span are looked at when one passes the gate: what
    else a span may mean is evidence. `types` and `sets` as in `readings.read`.
    """
    k: cython.Py_ssize_t
    count: cython.Py_ssize_t = _propose_all(p, room, found, text)
    wanted: list = [k for k in range(p.rows) if _is_wanted(p, found, k, types, sets)]
    spans: list = [(article_start(p.forms, room, p.row[ROW * k]), p.row[ROW * k + 1]) for k in wanted]
    nearest: dict = {}
    for k, span in zip(wanted, spans):  # noqa: B905 - compiled, `strict` costs
        if span not in nearest and _passes(p, found, k, count, text):
            nearest[span] = {}
    for k, span in zip(wanted, spans):  # noqa: B905
        if span in nearest:
            _compete(p, k, nearest[span])
    return [(start, end, _told(p, owners)) for (start, end), owners in nearest.items()]


@cython.cfunc
@cython.exceptval(-1)
def _compete(p: Proposer, k: cython.Py_ssize_t, owners: dict) -> cython.int:
    """Proposal k -> it stands for its entity where it is the nearest."""
    owner = p.owner[p.row[ROW * k + 2]]
    other = owners.get(owner)
    if other is None or _distance(p, k) < _distance(p, other):
        owners[owner] = k
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _distance(p: Proposer, k: cython.Py_ssize_t) -> cython.double:
    """Proposal k -> how far the spelling is from the form, all told: only to put the proposals for one span in order."""
    return p.share[SHARE * k] + 0.5 * p.share[SHARE * k + 2] + 0.25 * p.row[ROW * k + 7]


@cython.cfunc
def _told(p: Proposer, owners: dict):
    """Entities, each with its nearest proposal -> the nearest of these."""
    k: cython.Py_ssize_t
    rows = []
    for _, _, k in sorted([(_distance(p, k), place, k) for place, k in enumerate(owners.values())])[:MAX_RIVALS]:
        rows.append((
            p.row[ROW * k], p.row[ROW * k + 1], p.row[ROW * k + 2], p.row[ROW * k + 3], p.share[SHARE * k], p.share[SHARE * k + 1],
            p.row[ROW * k + 4], p.row[ROW * k + 5], p.row[ROW * k + 6] != 0, p.share[SHARE * k + 2], p.row[ROW * k + 7],
        ))  # fmt: skip
    return rows


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
