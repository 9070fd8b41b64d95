# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""What a document calls its entities in short -> readings wherever that stands: surnames behind full names, acronyms that it defines.

One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from aliases.entity import ENTITY_TYPES
from resolver import classes, entries

if cython.compiled:
    from cython.cimports.resolver.forms import Forms, class_of
    from cython.cimports.resolver.spans import Spans, add_reading, group, is_inside
    from cython.cimports.resolver.tokenizer import Room
    from cython.cimports.resolver.tokens import FULL, PRIME, SEED
    from cython.cimports.resolver.vocabulary import doubled
else:
    from resolver.forms import Forms, class_of
    from resolver.spans import Spans, add_reading, group, is_inside
    from resolver.tokenizer import Room
    from resolver.tokens import FULL, PRIME, SEED
    from resolver.vocabulary import doubled

COMPILED = cython.compiled

SURE_COST = cython.declare(cython.float, 0.15)  # of an unlisted spelling of a full name, for its surname to be followed
LONGEST = cython.declare(cython.Py_ssize_t, 64)  # characters of a short form
LEAST_SURNAME = cython.declare(cython.Py_ssize_t, entries.MIN_LETTERS)
LEAST_ACRONYM = cython.declare(cython.Py_ssize_t, 2)
MOST_ACRONYM = cython.declare(cython.Py_ssize_t, 9)
REACH = cython.declare(cython.Py_ssize_t, 14)  # characters before a name in brackets in which its acronym stands
PERSON = cython.declare(cython.uint, ENTITY_TYPES.index("person"))
COREFERENCE = cython.declare(cython.int, entries.COREFERENCE)
ALNUM, LETTER = cython.declare(cython.uint, classes.ALNUM), cython.declare(cython.uint, classes.LETTER)
UPPER, LOWER = cython.declare(cython.uint, classes.UPPER), cython.declare(cython.uint, classes.LOWER)
SPACE = cython.declare(cython.uint, classes.SPACE)
ROW, SHARE, SPAN = cython.declare(cython.Py_ssize_t, 11), cython.declare(cython.Py_ssize_t, 4), cython.declare(cython.Py_ssize_t, 5)
LISTED_KINDS = cython.declare(cython.int, 3)  # as in `resolver.spans`: kinds up to this one are listed forms
FUZZY, SHORT = cython.declare(cython.int, 4), cython.declare(cython.int, 5)
# Numbers of a short form: where it stands, its length, its first meaning + 1, end of the last place where it was read;
# and of a meaning: entity, alias, the next meaning + 1.
FORM, MEANING = cython.declare(cython.Py_ssize_t, 4), cython.declare(cython.Py_ssize_t, 3)


@cython.final
@cython.cclass
class Shorts:
    """The short forms of one text, and what each means."""

    def __init__(self):
        self.slots = memoryview(array("i", bytes(4 * 256)))
        self.form, self.meaning = memoryview(array("i", bytes(4 * 4 * 64))), memoryview(array("i", bytes(4 * 3 * 64)))
        self.lengths = memoryview(bytearray(65))
        self.forms = self.meanings = self.longest = 0


@cython.cfunc
@cython.exceptval(check=False)
def _clear(sh: Shorts) -> cython.int:
    k: cython.Py_ssize_t
    if sh.forms:
        for k in range(sh.slots.shape[0]):
            sh.slots[k] = 0
        for k in range(LONGEST + 1):
            sh.lengths[k] = 0
    sh.forms = sh.meanings = sh.longest = 0
    return 0


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _is(forms: Forms, s: Room, at: cython.Py_ssize_t, bits: cython.uint) -> cython.bint:
    """Place in the text -> whether its character is of one of these classes."""
    return class_of(forms.letters, s.code[at]) & bits != 0


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _in_word(forms: Forms, s: Room, at: cython.Py_ssize_t) -> cython.bint:
    """Place in the text -> whether a letter, a digit or an underscore stands there."""
    return s.code[at] == 95 or _is(forms, s, at, ALNUM)


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _slot(sh: Shorts, h: cython.ulonglong) -> cython.Py_ssize_t:
    """Hash -> where its probing starts."""
    return cython.cast(cython.Py_ssize_t, (h ^ (h >> 32)) & cython.cast(cython.ulonglong, sh.slots.shape[0] - 1))


@cython.cfunc
@cython.exceptval(check=False)
def _find(sh: Shorts, s: Room, h: cython.ulonglong, start: cython.Py_ssize_t, size: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Hash of a stretch of text, and the stretch -> number of the short form, or -1 - the free slot for it."""
    slot: cython.Py_ssize_t = _slot(sh, h)
    at: cython.Py_ssize_t
    k: cython.Py_ssize_t
    while sh.slots[slot]:
        at = FORM * (sh.slots[slot] - 1)
        if sh.form[at + 1] == size:
            for k in range(size):
                if s.code[sh.form[at] + k] != s.code[start + k]:
                    break
            else:
                return sh.slots[slot] - 1
        slot = (slot + 1) & (sh.slots.shape[0] - 1)
    return -1 - slot


@cython.cfunc
@cython.exceptval(check=False)
def _hash(forms: Forms, s: Room, start: cython.Py_ssize_t, size: cython.Py_ssize_t) -> cython.ulonglong:
    """Stretch of text -> its running hash."""
    h: cython.ulonglong = SEED
    k: cython.Py_ssize_t
    for k in range(start, start + size):
        h = ((h ^ s.code[k]) * PRIME) & FULL
    return h


@cython.cfunc
@cython.exceptval(-1)
def _add(
    forms: Forms, s: Room, sh: Shorts, start: cython.Py_ssize_t, size: cython.Py_ssize_t, owner: cython.int, alias: cython.int
) -> cython.int:
    """A short form where it stands, an entity and its alias -> it means that, too; the last alias of an entity counts."""
    number: cython.Py_ssize_t
    last: cython.Py_ssize_t
    k: cython.Py_ssize_t
    if 2 * sh.forms + 2 > sh.slots.shape[0]:
        _rehash(forms, s, sh)
    number = _find(sh, s, _hash(forms, s, start, size), start, size)
    if number < 0:
        if FORM * (sh.forms + 1) > sh.form.shape[0]:
            sh.form = doubled(sh.form, "i")
        sh.slots[-1 - number] = sh.forms + 1
        number = sh.forms
        sh.form[FORM * number], sh.form[FORM * number + 1] = start, size
        sh.form[FORM * number + 2] = sh.form[FORM * number + 3] = 0
        sh.forms += 1
        sh.lengths[size] = 1
        sh.longest = max(sh.longest, size)
    last, k = -1, sh.form[FORM * number + 2] - 1
    while k >= 0:
        if sh.meaning[MEANING * k] == owner:
            sh.meaning[MEANING * k + 1] = alias
            return 0
        last, k = k, sh.meaning[MEANING * k + 2] - 1
    if MEANING * (sh.meanings + 1) > sh.meaning.shape[0]:
        sh.meaning = doubled(sh.meaning, "i")
    k = MEANING * sh.meanings
    sh.meaning[k], sh.meaning[k + 1], sh.meaning[k + 2] = owner, alias, 0
    sh.meanings += 1
    if last < 0:
        sh.form[FORM * number + 2] = sh.meanings
    else:
        sh.meaning[MEANING * last + 2] = sh.meanings
    return 0


@cython.cfunc
def _rehash(forms: Forms, s: Room, sh: Shorts):
    """Twice the slots."""
    k: cython.Py_ssize_t
    slot: cython.Py_ssize_t
    sh.slots = memoryview(array("i", bytes(4 * 2 * len(sh.slots))))
    for k in range(sh.forms):
        slot = _slot(sh, _hash(forms, s, sh.form[FORM * k], sh.form[FORM * k + 1]))
        while sh.slots[slot]:
            slot = (slot + 1) & (sh.slots.shape[0] - 1)
        sh.slots[slot] = k + 1


@cython.cfunc
@cython.exceptval(check=False)
def _is_sure(sp: Spans, r: cython.Py_ssize_t) -> cython.bint:
    """Whether a reading is close enough to a listed form for what the document calls it in short to be followed."""
    return sp.row[ROW * r + 5] <= LISTED_KINDS or (sp.share[SHARE * r] < SURE_COST and sp.share[SHARE * r + 2] == 0)


@cython.cfunc
@cython.exceptval(check=False)
def _surname(forms: Forms, s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Span -> where its last word begins when that may be a surname: one of several, long enough, not in lower case; else 0."""
    at: cython.Py_ssize_t = end
    k: cython.Py_ssize_t
    seen: cython.uint = 0
    while at > start and not _is(forms, s, at - 1, SPACE):
        at -= 1
    if at == start or end - at < LEAST_SURNAME or end - at > LONGEST:
        return 0
    for k in range(at, end):
        seen |= class_of(forms.letters, s.code[k])
    return 0 if seen & (UPPER | LOWER) == LOWER else at


@cython.cfunc
@cython.exceptval(-1)
def add_surnames(forms: Forms, s: Room, size: cython.Py_ssize_t, sp: Spans, sh: Shorts) -> cython.int:
    """Spans of full names of persons -> and beside them where the text, of so many characters, goes on with the surname alone."""
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    r: cython.Py_ssize_t
    at: cython.Py_ssize_t
    fuzzy: cython.int
    _clear(sh)
    for fuzzy in range(2):  # what an unlisted spelling is of counts more than a listed form: it is the later one to be seen
        for j in range(sp.spans):
            at = _surname(forms, s, sp.span[SPAN * j], sp.span[SPAN * j + 1])
            if not at or (sp.row[ROW * sp.order[sp.span[SPAN * j + 2]] + 5] == FUZZY) != fuzzy:
                continue
            for k in range(sp.span[SPAN * j + 2], sp.span[SPAN * j + 3]):
                r = sp.order[k]
                if forms.type[sp.row[ROW * r + 4]] == PERSON and _is_sure(sp, r):
                    _add(forms, s, sh, at, sp.span[SPAN * j + 1] - at, sp.row[ROW * r + 4], sp.row[ROW * r + 3])
    return _follow(forms, s, size, sp, sh)


@cython.cfunc
@cython.exceptval(check=False)
def _is_acronym_letter(forms: Forms, s: Room, at: cython.Py_ssize_t) -> cython.bint:
    """Place in the text -> whether a letter or digit stands there that is no a to z."""
    return not 97 <= s.code[at] <= 122 and _is(forms, s, at, ALNUM)


@cython.cfunc
@cython.exceptval(check=False)
def _is_quote(code: cython.uint, closing: cython.bint) -> cython.bint:
    if code == 34 or code == 39:
        return True
    if closing:
        return code == 0x201D or code == 0x2019 or code == 0xBB
    return code == 0x201C or code == 0x2018 or code == 0xAB


@cython.cfunc
@cython.exceptval(check=False)
def _defined_behind(forms: Forms, s: Room, end: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """End of a name -> where an acronym in brackets begins behind it, 0 where none does; a zero stands behind the text."""
    at: cython.Py_ssize_t = end
    start: cython.Py_ssize_t
    while at < end + 2 and _is(forms, s, at, SPACE):
        at += 1
    if s.code[at] != 40:
        return 0
    at += 1
    at += _is(forms, s, at, SPACE)
    at += _is_quote(s.code[at], False)
    start = at
    while _is_acronym_letter(forms, s, at):
        at += 1
    if at - start < LEAST_ACRONYM or at - start > MOST_ACRONYM or not _is(forms, s, start, LETTER):
        return 0
    at += _is_quote(s.code[at], True)
    at += _is(forms, s, at, SPACE)
    return start if s.code[at] == 41 or s.code[at] == 44 or s.code[at] == 59 else 0


@cython.cfunc
@cython.exceptval(check=False)
def _defined_before(forms: Forms, s: Room, start: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Start of a name in brackets -> where the acronym before them begins, -1 where there is none."""
    low: cython.Py_ssize_t = max(0, start - REACH)
    at: cython.Py_ssize_t = start - 1
    end: cython.Py_ssize_t
    if at > low and s.code[at] == 10:
        at -= 1
    if at < low or s.code[at] != 40:
        return -1
    end = at
    while at > low and end - at < 2 and _is(forms, s, at - 1, SPACE):
        at -= 1
    end = at
    while at > low and _is_acronym_letter(forms, s, at - 1):
        at -= 1
    if end - at < LEAST_ACRONYM or end - at > MOST_ACRONYM or not _is(forms, s, at, LETTER):
        return -1
    return -1 if at and _in_word(forms, s, at - 1) else at


@cython.cfunc
@cython.exceptval(-1)
def add_acronyms(forms: Forms, s: Room, size: cython.Py_ssize_t, sp: Spans, sh: Shorts) -> cython.int:
    """Spans of names beside which the text defines an acronym, `Free Idlib Army (FIA)` or `FIA (Free Idlib Army)`, -> and beside
    them where the text, of so many characters, goes on with the acronym."""
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    r: cython.Py_ssize_t
    at: cython.Py_ssize_t
    letters: cython.Py_ssize_t
    end: cython.Py_ssize_t
    _clear(sh)
    for j in range(sp.spans):
        end = sp.span[SPAN * j + 1]
        at = _defined_behind(forms, s, end) if end < size else 0
        if not at:
            at = _defined_before(forms, s, sp.span[SPAN * j]) if s.code[end] == 41 else -1
            if at < 0:
                continue
        letters = 0
        while _is_acronym_letter(forms, s, at + letters):
            letters += 1
        for k in range(sp.span[SPAN * j + 2], sp.span[SPAN * j + 3]):
            r = sp.order[k]
            if forms.type[sp.row[ROW * r + 4]] != PERSON and _is_sure(sp, r) and end - sp.row[ROW * r + 2] > letters:
                _add(forms, s, sh, at, letters, sp.row[ROW * r + 4], sp.row[ROW * r + 3])
    return _follow(forms, s, size, sp, sh)


@cython.cfunc
@cython.exceptval(-1)
def _follow(forms: Forms, s: Room, size: cython.Py_ssize_t, sp: Spans, sh: Shorts) -> cython.int:
    """Short forms -> a reading wherever one stands by itself in the text."""
    i: cython.Py_ssize_t
    end: cython.Py_ssize_t
    number: cython.Py_ssize_t
    h: cython.ulonglong
    before: cython.Py_ssize_t = sp.rows
    if not sh.forms:
        return 0
    for i in range(size):
        if s.code[i] == 32 or (i and _in_word(forms, s, i - 1)):
            continue
        h = SEED
        end = i
        while end < size and end - i < sh.longest:
            h = ((h ^ s.code[end]) * PRIME) & FULL
            end += 1
            if sh.lengths[end - i] and not _in_word(forms, s, end):
                number = _find(sh, s, h, i, end - i)
                if number >= 0 and i >= sh.form[FORM * number + 3]:
                    sh.form[FORM * number + 3] = end
                    if not is_inside(sp, i, end):
                        _read_short(sp, sh, number, i, end)
    if sp.rows > before:
        group(sp)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _read_short(sp: Spans, sh: Shorts, number: cython.Py_ssize_t, start: cython.int, end: cython.int) -> cython.int:
    """A short form where it stands -> readings of all that it means."""
    at: cython.Py_ssize_t
    k: cython.Py_ssize_t = sh.form[FORM * number + 2] - 1
    while k >= 0:
        at = add_reading(sp, start, end, start, sh.meaning[MEANING * k + 1], sh.meaning[MEANING * k], SHORT)
        sp.row[at + 6], sp.row[at + 7], sp.row[at + 8] = COREFERENCE, 1, end - start
        k = sh.meaning[MEANING * k + 2] - 1
    return 0
