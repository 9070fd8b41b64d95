# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A text -> its readings, and how likely each is: everything between the scan and the mentions that are told.

The scanner gives spans whose folded tokens are those of a listed form, `resolver.proposing` those of unlisted spellings; what the
document calls them in short is added, and all are weighed in their place by fitted trees. One source, two roads, as in
`resolver.tokenizer`.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.libc.math import exp, log
    from cython.cimports.resolver.context import Document, evidence, look_around, look_at_rivals
    from cython.cimports.resolver.proposer import Proposer
    from cython.cimports.resolver.proposing import propose
    from cython.cimports.resolver.readings import Found, find_listed
    from cython.cimports.resolver.shorts import Shorts, add_acronyms, add_surnames
    from cython.cimports.resolver.spans import Spans, drop_suffixed, group, take_listed
    from cython.cimports.resolver.tokenizer import Room
    from cython.cimports.resolver.tokens import FULL, PRIME, SEED
    from cython.cimports.resolver.trees import Forest, reaches, sum_from
else:
    from math import exp, log

    from resolver.context import Document, evidence, look_around, look_at_rivals
    from resolver.proposer import Proposer
    from resolver.proposing import propose
    from resolver.readings import Found, find_listed
    from resolver.shorts import Shorts, add_acronyms, add_surnames
    from resolver.spans import Spans, drop_suffixed, group, take_listed
    from resolver.tokenizer import Room
    from resolver.tokens import FULL, PRIME, SEED
    from resolver.trees import Forest, reaches, sum_from

from resolver.telling import Meant

COMPILED = cython.compiled

KINDS = ("variant", "variant", "folded", "exact", "fuzzy", "variant")  # what the kinds of `resolver.spans` are told as
KNOWN = cython.declare(cython.ulonglong, 1023)  # mask of the slots of what is kept
WIDTH = cython.declare(cython.Py_ssize_t, 72)  # numbers of `resolver.context`
ALIKE_AT, LEAD_AT = cython.declare(cython.Py_ssize_t, 48), cython.declare(cython.Py_ssize_t, 51)  # places of `alike` and `alike_lead`
NOT_ALIKE = cython.declare(cython.float, -8.0)  # as in `resolver.context`
MOST = cython.declare(cython.float, 1e9)  # more alike than any two names
ROUNDING = cython.declare(cython.double, 0.01)  # of a sum of trees
FARTHEST = cython.declare(cython.double, 30.0)  # log odds beyond which all probabilities are one
ROW, SHARE, SPAN = cython.declare(cython.Py_ssize_t, 11), cython.declare(cython.Py_ssize_t, 4), cython.declare(cython.Py_ssize_t, 5)
LISTED_KINDS, FUZZY = cython.declare(cython.int, 3), cython.declare(cython.int, 4)  # as in `resolver.spans`
SHORT = cython.declare(cython.int, 5)


@cython.final
@cython.cclass
class Weigher:
    """Weighs the readings of texts by one index and one model; working memory for one text at a time.

    `alike`: surface and aliases -> of each the log odds of the names model that both name one entity. It is asked only where the
    answer can matter: the trees never make a reading less likely for being more alike.
    """

    def __init__(self, document: Document, proposer: Proposer, listed: Forest, unlisted: Forest, starts, alike):
        self.document, self.proposer, self.listed, self.unlisted, self.alike = document, proposer, listed, unlisted, alike
        self.listed_start, self.unlisted_start = starts
        self.shorts = Shorts()
        self.known_key, self.known = memoryview(array("Q", bytes(8 * 1024))), memoryview(array("f", bytes(4 * 1024)))
        self.least = 0.0
        _make_room(self, 16)


@cython.cfunc
def _make_room(w: Weigher, count: cython.Py_ssize_t):
    """Room for the evidence of so many readings of one span."""
    row = memoryview(array("f", bytes(4 * WIDTH * count)))
    w.row, w.bits = row, row.cast("B").cast("I")
    w.score = memoryview(array("d", bytes(8 * count)))


@cython.cfunc
@cython.exceptval(-1)
def _read(w: Weigher, room: Room, found: Found, text: str, types: cython.uint, sets) -> cython.int:
    """Undisguised text, loaded into the room -> its spans and readings, and what stands around them."""
    d: Document = w.document
    find_listed(d.forms, room, found, text, types, sets)
    take_listed(d.spans, found)
    group(d.spans)
    propose(w.proposer, room, found, text, types, sets, d.spans)
    drop_suffixed(d.spans, room)
    add_surnames(d.forms, room, len(text), d.spans, w.shorts)
    add_acronyms(d.forms, room, len(text), d.spans, w.shorts)
    return look_around(d, room, text)


@cython.cfunc
@cython.exceptval(-1)
def _weigh_span(w: Weigher, j: cython.Py_ssize_t, least: cython.double) -> cython.bint:
    """Span -> evidence and score of each of its readings, from row 0 on; False when none can have log odds of `least` or more."""
    sp: Spans = w.document.spans
    first: cython.Py_ssize_t = sp.span[SPAN * j + 2]
    count: cython.Py_ssize_t = sp.span[SPAN * j + 3] - first
    k: cython.Py_ssize_t
    kind: cython.int
    fuzzy: cython.bint = False
    can: cython.bint = False
    if WIDTH * count > w.row.shape[0]:
        _make_room(w, 2 * count)
    look_at_rivals(w.document, j)
    for k in range(count):
        evidence(w.document, j, sp.order[first + k], w.row, WIDTH * k)
        kind = sp.row[ROW * sp.order[first + k] + 5]
        if kind == FUZZY:
            fuzzy = True
            can = can or _could_reach(w, k, least)
        else:
            can = True
    if can and fuzzy:
        _ask_alike(w, j)
    if can:
        for k in range(count):
            w.score[k] = _probability(w, k, sp.row[ROW * sp.order[first + k] + 5] <= LISTED_KINDS, least)
    return can


@cython.cfunc
@cython.exceptval(check=False)
def _could_reach(w: Weigher, k: cython.Py_ssize_t, least: cython.double) -> cython.bint:
    """Evidence of an unlisted spelling -> whether it would be likely enough if it were as alike as can be."""
    key: cython.ulonglong
    slot: cython.ulonglong
    w.row[WIDTH * k + ALIKE_AT] = w.row[WIDTH * k + LEAD_AT] = MOST
    key = _key(w, k, 0)
    slot = (key >> 1) & KNOWN
    if w.known_key[slot] != key:
        w.known_key[slot] = key
        w.known[slot] = reaches(w.unlisted, w.row, WIDTH * k, least - ROUNDING - w.unlisted_start)
    return w.known[slot] != 0


@cython.cfunc
@cython.exceptval(-1)
def _ask_alike(w: Weigher, j: cython.Py_ssize_t) -> cython.int:
    """Span of unlisted spellings -> what the names model says of them, in their evidence too."""
    d: Document = w.document
    sp: Spans = d.spans
    first: cython.Py_ssize_t = sp.span[SPAN * j + 2]
    k: cython.Py_ssize_t
    r: cython.Py_ssize_t
    alike: cython.float
    rival: cython.float
    asked = [sp.order[k] for k in range(first, sp.span[SPAN * j + 3]) if sp.row[ROW * sp.order[k] + 5] == FUZZY]
    odds = w.alike(d.text[sp.span[SPAN * j] : sp.span[SPAN * j + 1]], [sp.row[ROW * r + 3] for r in asked])
    for r, alike in zip(asked, odds):  # noqa: B905 - compiled, `strict` costs
        sp.share[SHARE * r + 3] = alike
    look_at_rivals(d, j)
    for k in range(sp.span[SPAN * j + 3] - first):
        r = sp.order[first + k]
        if sp.row[ROW * r + 5] > LISTED_KINDS:
            alike = sp.share[SHARE * r + 3]
            rival = d.alike_second if alike == d.alike else d.alike
            w.row[WIDTH * k + ALIKE_AT] = max(NOT_ALIKE, alike)
            w.row[WIDTH * k + LEAD_AT] = max(NOT_ALIKE, alike) - max(NOT_ALIKE, rival)
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _probability(w: Weigher, k: cython.Py_ssize_t, listed: cython.bint, least: cython.double) -> cython.double:
    """Evidence of a reading -> the probability that it is meant; where its log odds are less than `least`, that or next to none."""
    total: cython.double
    key: cython.ulonglong = _key(w, k, 1 + listed)
    slot: cython.ulonglong = (key >> 1) & KNOWN
    if w.known_key[slot] != key:
        w.known_key[slot] = key
        if listed:
            w.known[slot] = w.listed_start + sum_from(w.listed, w.row, WIDTH * k, least - ROUNDING - w.listed_start)
        else:
            w.known[slot] = w.unlisted_start + sum_from(w.unlisted, w.row, WIDTH * k, least - ROUNDING - w.unlisted_start)
    total = w.known[slot]
    return 1 / (1 + exp(-max(-FARTHEST, min(FARTHEST, total))))


@cython.cfunc
@cython.exceptval(check=False)
def _key(w: Weigher, k: cython.Py_ssize_t, asked: cython.int) -> cython.ulonglong:
    """Evidence of a reading, and what is asked of it -> their 64-bit hash, never 0: lists repeat names in the same dress, so what was
    said last is kept."""
    h: cython.ulonglong = SEED ^ asked
    m: cython.Py_ssize_t
    for m in range(WIDTH * k, WIDTH * k + WIDTH):
        h = ((h ^ w.bits[m]) * PRIME) & FULL
        h ^= h >> 32
    return h | 1


def weigh(w: Weigher, room: Room, found: Found, text: str, types: cython.uint, sets, least: cython.double):
    """Undisguised text, loaded into the room -> its spans with the readings of score `least` or more, by start, then end.

    `types` and `sets` as in `readings.read`.
    """
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    r: cython.Py_ssize_t
    sp: Spans = w.document.spans
    odds: cython.double = -1e9 if least <= 0 else 1e9 if least >= 1 else log(least / (1 - least))
    kept: list = []
    if odds != w.least:  # what could reach it is not what could reach another
        w.least = odds
        for k in range(w.known_key.shape[0]):
            w.known_key[k] = 0
    _read(w, room, found, text, types, sets)
    for j in range(sp.spans):
        if not _weigh_span(w, j, odds):
            continue
        meant = []
        for k in range(sp.span[SPAN * j + 3] - sp.span[SPAN * j + 2]):
            if w.score[k] >= least:
                r = ROW * sp.order[sp.span[SPAN * j + 2] + k]
                meant.append(Meant(w.score[k], sp.row[r + 3], sp.row[r + 4], KINDS[sp.row[r + 5]]))
        if meant:
            kept.append((sp.span[SPAN * j], sp.span[SPAN * j + 1], meant))
    return kept


def consider(w: Weigher, room: Room, found: Found, text: str, types: cython.uint, sets):
    """As `weigh`, every reading -> start, end, alias, entity, kind, score, evidence by `context.NAMES`: their fit reads them."""
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    m: cython.Py_ssize_t
    r: cython.Py_ssize_t
    sp: Spans = w.document.spans
    rows = []
    w.least = 1.0  # what is kept was asked for this answer alone
    for k in range(w.known_key.shape[0]):
        w.known_key[k] = 0
    _read(w, room, found, text, types, sets)
    for j in range(sp.spans):
        _weigh_span(w, j, -1e9)
        for k in range(sp.span[SPAN * j + 3] - sp.span[SPAN * j + 2]):
            r = ROW * sp.order[sp.span[SPAN * j + 2] + k]
            numbers = [w.row[WIDTH * k + m] for m in range(WIDTH)]
            rows.append((sp.row[r], sp.row[r + 1], sp.row[r + 3], sp.row[r + 4], sp.row[r + 5], w.score[k], numbers))
    return rows
