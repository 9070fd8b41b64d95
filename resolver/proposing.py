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

if cython.compiled:
    from cython.cimports.resolver.forms import article_start
    from cython.cimports.resolver.gating import holds_listed, look, passes
    from cython.cimports.resolver.pairs import runs
    from cython.cimports.resolver.proposals import forget
    from cython.cimports.resolver.proposer import Proposer, know_words, make_room, set_taken, take_tokens
    from cython.cimports.resolver.readings import Found
    from cython.cimports.resolver.sequences import sequences
    from cython.cimports.resolver.spans import Spans, add_reading, group, has_span
    from cython.cimports.resolver.tokenizer import Room
    from cython.cimports.resolver.vocabulary import settle
else:
    from resolver.forms import article_start
    from resolver.gating import holds_listed, look, passes
    from resolver.pairs import runs
    from resolver.proposals import forget
    from resolver.proposer import Proposer, know_words, make_room, set_taken, take_tokens
    from resolver.readings import Found
    from resolver.sequences import sequences
    from resolver.spans import Spans, add_reading, group, has_span
    from resolver.tokenizer import Room
    from resolver.vocabulary import settle

COMPILED = cython.compiled

MAX_RIVALS = cython.declare(cython.Py_ssize_t, 6)  # entities that one unlisted spelling is weighed for
CLOSE_COST = cython.declare(cython.float, 0.3)  # of the worst word of a proposal that holds a listed form: beyond, that one is it
ROW = cython.declare(cython.Py_ssize_t, 8)  # whole numbers of a proposal, as in `resolver.proposer`
SHARE = cython.declare(cython.Py_ssize_t, 3)  # and its others
READ, SPAN = cython.declare(cython.Py_ssize_t, 11), cython.declare(cython.Py_ssize_t, 5)  # numbers of a reading and a span, as in `resolver.spans`
FUZZY = cython.declare(cython.int, 4)


@cython.cfunc
@cython.exceptval(-1)
def _is_wanted(p: Proposer, found: Found, k: cython.Py_ssize_t, types: cython.uint, sets) -> cython.bint:
    """Proposal k -> whether its entity is wanted, and the listed form inside of it, if any, is not the better reading."""
    owner: cython.uint = p.owner[p.row[ROW * k + 2]]
    if not (types >> p.type[owner]) & 1 or not (sets is None or sets[p.forms.list_set[owner]]):
        return False
    return p.share[SHARE * k + 1] <= CLOSE_COST or not holds_listed(found, p.row[ROW * k], p.row[ROW * k + 1])


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
    _propose_all(p, room, found, text, True)
    tried.rows = 0
    for k in range(p.rows):
        if _is_wanted(p, found, k, types, sets):
            add_reading(
                tried, article_start(p.forms, room, p.row[ROW * k]), p.row[ROW * k + 1], k, p.row[ROW * k + 2],
                p.owner[p.row[ROW * k + 2]], FUZZY,
            )  # fmt: skip
    group(tried)
    for j in range(tried.spans):
        if not has_span(sp, tried.span[SPAN * j], tried.span[SPAN * j + 1]) and _may_be_mention(p, found, tried, j, text):
            _take_nearest(p, tried, j, sp)
    group(sp)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _may_be_mention(p: Proposer, found: Found, tried: Spans, j: cython.Py_ssize_t, text: str) -> cython.bint:
    """Span of proposals -> whether one of them passes the gate."""
    k: cython.Py_ssize_t
    for k in range(tried.span[SPAN * j + 2], tried.span[SPAN * j + 3]):
        if passes(p, found, tried.row[READ * tried.order[k] + 2], text):
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
def _propose_all(p: Proposer, room: Room, found: Found, text: str, sifting: cython.bint) -> cython.int:
    """Text, and the listed forms in it -> every proposal in the rows of `p`; `sifting`: but words that cannot pass the gate by themselves."""
    if settle(p.words):
        forget(p)
    p.room, p.found, p.sifting = room, found, sifting
    if room.tokens > p.size:
        make_room(p, 2 * room.tokens)
    set_taken(p, found)
    p.rows = 0
    take_tokens(p)
    know_words(p)
    sequences(p, p.plain, room.tokens, False, text)
    if p.merged_tokens < room.tokens:  # `Oktjabr'sk` is one word, `Afrin'e` a word and its ending: both ways are tried
        sequences(p, p.merged, p.merged_tokens, True, text)
    runs(p, p.merged_tokens, text)
    return 0


def looks(p: Proposer, room: Room, found: Found, text: str):
    """As `propose` -> start, end and alias of every proposal, and what the gate looks at, by `gating.GATE_NAMES`: its fit reads them."""
    k: cython.Py_ssize_t
    rows = []
    _propose_all(p, room, found, text, False)
    for k in range(p.rows):
        if _is_wanted(p, found, k, 0xFF, None):
            look(p, found, k, text)
            rows.append((p.row[ROW * k], p.row[ROW * k + 1], p.row[ROW * k + 2], list(p.look)))
    return rows
