# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Readings of one text, listed forms and unlisted spellings alike, by the spans that they are readings of.

One source, two roads, as in `resolver.tokenizer`. A reading is a row of numbers; no object is made for one but those answered.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.resolver.readings import Found
    from cython.cimports.resolver.tokenizer import Room
    from cython.cimports.resolver.vocabulary import doubled
else:
    from resolver.readings import Found
    from resolver.tokenizer import Room
    from resolver.vocabulary import doubled

COMPILED = cython.compiled

# Whole numbers of a reading: start, end, start without the article, alias, entity, kind, entered, words, skeleton, ending, text_left;
# and its others: mean_cost, worst_cost, form_left, alike (`resolver.variants.Proposal` says what they are).
ROW, SHARE = cython.declare(cython.Py_ssize_t, 11), cython.declare(cython.Py_ssize_t, 4)
SPAN = cython.declare(cython.Py_ssize_t, 5)  # numbers of a span: start, end, its first and past its last reading, how far spans reach up to it
# Kinds of readings: none any more, listed forms by their closeness, unlisted spellings, what the document calls in short.
GONE, FOLDED, EXACT = cython.declare(cython.int, 0), cython.declare(cython.int, 2), cython.declare(cython.int, 3)
FUZZY, SHORT = cython.declare(cython.int, 4), cython.declare(cython.int, 5)
LISTED = cython.declare(cython.Py_ssize_t, 6)  # numbers of a row of `resolver.readings`


@cython.final
@cython.cclass
class Spans:
    """The readings of one text, and its spans by start, then end."""

    def __init__(self):
        room = 64
        self.row, self.share = memoryview(array("i", bytes(4 * 11 * room))), memoryview(array("f", bytes(4 * 4 * room)))
        self.order, self.spare = memoryview(array("i", bytes(4 * room))), memoryview(array("i", bytes(4 * room)))
        self.span = memoryview(array("i", bytes(4 * 5 * room)))
        self.room = room
        self.rows = self.spans = 0


@cython.cfunc
@cython.exceptval(-1)
def add_reading(
    sp: Spans, start: cython.int, end: cython.int, begin: cython.int, alias: cython.int, owner: cython.int, kind: cython.int
) -> cython.Py_ssize_t:
    """Span, alias, entity and kind -> one more reading, at no cost; returns where its row begins."""
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t = ROW * sp.rows
    if sp.rows == sp.room:
        sp.row, sp.share, sp.span = doubled(sp.row, "i"), doubled(sp.share, "f"), doubled(sp.span, "i")
        sp.order, sp.spare, sp.room = doubled(sp.order, "i"), doubled(sp.spare, "i"), 2 * sp.room
    sp.row[at], sp.row[at + 1], sp.row[at + 2] = start, end, begin
    sp.row[at + 3], sp.row[at + 4], sp.row[at + 5] = alias, owner, kind
    for k in range(6, ROW):
        sp.row[at + k] = 0
    for k in range(SHARE):
        sp.share[SHARE * sp.rows + k] = 0.0
    sp.order[sp.rows] = sp.rows
    sp.rows += 1
    return at


@cython.cfunc
@cython.exceptval(-1)
def take_listed(sp: Spans, found: Found) -> cython.int:
    """Readings that are listed forms -> the first ones here."""
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t
    sp.rows = sp.spans = 0
    for k in range(found.rows):
        at = LISTED * k
        add_reading(
            sp, found.row[at], found.row[at + 1], found.row[at + 5], found.row[at + 2], found.row[at + 3], found.row[at + 4]
        )
    return 0


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _is_before(sp: Spans, a: cython.int, b: cython.int) -> cython.bint:
    """Whether reading a is of an earlier span than reading b."""
    if sp.row[ROW * a] != sp.row[ROW * b]:
        return sp.row[ROW * a] < sp.row[ROW * b]
    return sp.row[ROW * a + 1] < sp.row[ROW * b + 1]


@cython.cfunc
@cython.exceptval(check=False)
def _merge(sp: Spans, first: cython.Py_ssize_t, middle: cython.Py_ssize_t, last: cython.Py_ssize_t) -> cython.int:
    """Two stretches of the order that are in order -> one in the spare room; of equal ones the first stays first."""
    a: cython.Py_ssize_t = first
    b: cython.Py_ssize_t = middle
    at: cython.Py_ssize_t
    for at in range(first, last):
        if a < middle and (b >= last or not _is_before(sp, sp.order[b], sp.order[a])):
            sp.spare[at] = sp.order[a]
            a += 1
        else:
            sp.spare[at] = sp.order[b]
            b += 1
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def group(sp: Spans) -> cython.int:
    """Readings in any order -> spans by start, then end, each with its readings as they came: of each entity the first, none that is gone."""
    size: cython.Py_ssize_t = 1
    first: cython.Py_ssize_t
    k: cython.Py_ssize_t
    for k in range(sp.rows):
        sp.order[k] = k
    while size < sp.rows:
        for first in range(0, sp.rows, 2 * size):
            _merge(sp, first, min(first + size, sp.rows), min(first + 2 * size, sp.rows))
        sp.order, sp.spare = sp.spare, sp.order
        size *= 2
    sp.spans = sp.kept = 0
    for k in range(sp.rows):
        _keep(sp, sp.order[k])
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _keep(sp: Spans, r: cython.int) -> cython.int:
    """Next reading in order -> it is put to the last span, or to a new one."""
    at: cython.Py_ssize_t = SPAN * sp.spans - SPAN
    k: cython.Py_ssize_t
    start: cython.int = sp.row[ROW * r]
    end: cython.int = sp.row[ROW * r + 1]
    if sp.row[ROW * r + 5] == GONE:
        return 0
    if sp.spans and sp.span[at] == start and sp.span[at + 1] == end:
        if sp.row[ROW * r + 5] == SHORT:
            for k in range(sp.span[at + 2], sp.span[at + 3]):
                if sp.row[ROW * sp.order[k] + 4] == sp.row[ROW * r + 4]:
                    return 0
    else:
        at += SPAN
        sp.span[at], sp.span[at + 1], sp.span[at + 2] = start, end, sp.kept
        sp.span[at + 4] = max(end, sp.span[at - 1]) if sp.spans else end
        sp.spans += 1
    sp.order[sp.kept] = r
    sp.kept += 1
    sp.span[at + 3] = sp.kept
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def rows_before(
    rows: cython.int[::1], width: cython.Py_ssize_t, count: cython.Py_ssize_t, start: cython.int
) -> cython.Py_ssize_t:
    """So many rows of a width, in the order of their starts, which come first in each -> how many start before a place."""
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = count
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) // 2
        if rows[width * middle] < start:
            low = middle + 1
        else:
            high = middle
    return low


@cython.cfunc
@cython.exceptval(check=False)
def first_span(sp: Spans, start: cython.int) -> cython.Py_ssize_t:
    """Place in the text -> the number of spans that start before it."""
    return rows_before(sp.span, SPAN, sp.spans, start)


@cython.cfunc
@cython.exceptval(check=False)
def has_span(sp: Spans, start: cython.int, end: cython.int) -> cython.bint:
    """Span -> whether it is one of these."""
    at: cython.Py_ssize_t = first_span(sp, start)
    while at < sp.spans and sp.span[SPAN * at] == start:
        if sp.span[SPAN * at + 1] == end:
            return True
        at += 1
    return False


@cython.cfunc
@cython.exceptval(check=False)
def is_inside(sp: Spans, start: cython.int, end: cython.int) -> cython.bint:
    """Span -> whether one of the spans covers more than it and all of it."""
    before: cython.Py_ssize_t = first_span(sp, start)
    last: cython.Py_ssize_t
    if before and sp.span[SPAN * before - 1] >= end:
        return True
    last = first_span(sp, start + 1)
    return last > before and sp.span[SPAN * last - SPAN + 1] > end


@cython.cfunc
@cython.exceptval(check=False)
def drop_suffixed(sp: Spans, s: Room) -> cython.int:
    """Where a name with an ending behind an apostrophe (`Afrin'e`) is also a form, the name alone is the span.

    Unless the whole is the listed form (`Ma'an`) and its beginning only a way to write it.
    """
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    at: cython.int
    end: cython.int
    dropped: cython.bint = False
    for j in range(1, sp.spans):
        at, end = sp.span[SPAN * j], sp.span[SPAN * j + 1]
        if sp.span[SPAN * j - SPAN] != at:
            continue
        while at < end and s.code[at] != 39 and s.code[at] != 0x2019:
            at += 1
        k = j - 1
        while k >= 0 and sp.span[SPAN * k] == sp.span[SPAN * j] and sp.span[SPAN * k + 1] > at:
            k -= 1
        if at < end and k >= 0 and sp.span[SPAN * k] == sp.span[SPAN * j] and sp.span[SPAN * k + 1] == at:
            dropped |= _drop_common(sp, j, k)
    if dropped:
        group(sp)
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _drop_common(sp: Spans, whole: cython.Py_ssize_t, shorter: cython.Py_ssize_t) -> cython.bint:
    """Two spans -> the readings of the longer one go that are also the shorter one's."""
    k: cython.Py_ssize_t
    m: cython.Py_ssize_t
    dropped: cython.bint = False
    for k in range(sp.span[SPAN * whole + 2], sp.span[SPAN * whole + 3]):
        for m in range(sp.span[SPAN * shorter + 2], sp.span[SPAN * shorter + 3]):
            if sp.row[ROW * sp.order[k] + 4] == sp.row[ROW * sp.order[m] + 4] and (
                not _is_dressed(sp, sp.order[k]) or _is_dressed(sp, sp.order[m])
            ):
                sp.row[ROW * sp.order[k] + 5] = GONE
                dropped = True
                break
    return dropped


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _is_dressed(sp: Spans, r: cython.int) -> cython.bint:
    """Whether a reading is a listed form but for its dress."""
    return sp.row[ROW * r + 5] == EXACT or sp.row[ROW * r + 5] == FOLDED
