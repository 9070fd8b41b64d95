# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A span of a text -> what stands on both sides of it, as numbers: what a careful reader glances at.

No dictionary but the closed classes of `resolver.word_classes` and two lists of words. One source, two roads, as in
`resolver.tokenizer`.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from resolver import classes, words

if cython.compiled:
    from cython.cimports.resolver.forms import Forms, bits_at, class_of
    from cython.cimports.resolver.tokenizer import Room
else:
    from resolver.forms import Forms, bits_at, class_of
    from resolver.tokenizer import Room

COMPILED = cython.compiled

# The numbers of a span, in their order.
NAMES = (
    "sentence_start", "left_capital", "left_lower", "right_capital", "left_title", "left_place", "left_hyphen", "right_hyphen",
    "possessive", "right_comma_capital", "left_initial", "headline", "shouting",
    "right_speech", "right_generic", "left_the", "right_lower",
    "left_personal", "right_personal", "part_of", "left_comma_capital",
    "listing", "right_number", "right_people", "run_generic", "left_rank", "right_street",
    "person_hints", "place_hints", "left_name", "right_name",
)  # fmt: skip

WINDOW = cython.declare(cython.Py_ssize_t, 48)  # characters beside a span that are looked at
FOLLOW = cython.declare(cython.Py_ssize_t, 5)  # words behind a span that are looked at
FEW = cython.declare(cython.float, 0.3)  # share of capitalised words where there are too few to tell
ALNUM, LETTER = cython.declare(cython.uint, classes.ALNUM), cython.declare(cython.uint, classes.LETTER)
UPPER, LOWER = cython.declare(cython.uint, classes.UPPER), cython.declare(cython.uint, classes.LOWER)
SPACE = cython.declare(cython.uint, classes.SPACE)
COMMON, PERSONAL = cython.declare(cython.uint, words.COMMON), cython.declare(cython.uint, words.PERSONAL)
TITLE, PLACE_WORD = cython.declare(cython.uint, words.TITLE), cython.declare(cython.uint, words.PLACE_WORD)
SPEECH, GENERIC = cython.declare(cython.uint, words.SPEECH), cython.declare(cython.uint, words.GENERIC)
SAYING, KIN = cython.declare(cython.uint, words.SAYING), cython.declare(cython.uint, words.KIN)
PEOPLE, PLACES = cython.declare(cython.uint, words.PEOPLE), cython.declare(cython.uint, words.PLACES)
OFFICE, RANK = cython.declare(cython.uint, words.OFFICE), cython.declare(cython.uint, words.RANK)
STREET, LISTING = cython.declare(cython.uint, words.STREET), cython.declare(cython.uint, words.LISTING)
AND, OF = cython.declare(cython.uint, words.AND), cython.declare(cython.uint, words.OF)
TO, ACCORDING = cython.declare(cython.uint, words.TO), cython.declare(cython.uint, words.ACCORDING)
THE = cython.declare(cython.uint, words.THE)


@cython.final
@cython.cclass
class Beside:
    """The words on both sides of one span: their places in the text, and the lists of words that they are on."""

    def __init__(self):
        self.follow = memoryview(array("i", bytes(4 * 12)))


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _is(forms: Forms, s: Room, at: cython.Py_ssize_t, bits: cython.uint) -> cython.bint:
    """Place in the text -> whether its character is of one of these classes."""
    return class_of(forms.letters, s.code[at]) & bits != 0


@cython.cfunc
@cython.exceptval(check=False)
def _word_start(forms: Forms, s: Room, low: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Where a word ends -> where it starts, not before `low`."""
    while end > low and _is(forms, s, end - 1, ALNUM):
        end -= 1
    return end


@cython.cfunc
@cython.exceptval(check=False)
def _look_left(forms: Forms, s: Room, b: Beside, start: cython.Py_ssize_t) -> cython.int:
    """Start of a span -> the word before it, with its period and what hangs on it (`al.Hayat`, `O'Neil`), and the one before that."""
    low: cython.Py_ssize_t = b.low
    end: cython.Py_ssize_t = start
    between: cython.Py_ssize_t
    b.left = b.further = b.further_end = low
    b.dotted = False
    while end > low and not _is(forms, s, end - 1, ALNUM):
        end -= 1
    b.left_end = end
    if end == low:
        return 0
    b.left = _word_start(forms, s, low, end)
    while b.left - 2 >= low and _binds(s.code[b.left - 1]) and _is(forms, s, b.left - 2, ALNUM):
        b.left = _word_start(forms, s, low, b.left - 1)
    if end < start and s.code[end] == 46:
        b.dotted = True
        b.left_end += 1
    end = b.left
    while end > low and not _is(forms, s, end - 1, ALNUM):
        end -= 1
    between = b.left - end
    if end > low and (between == 1 or between == 2 or (between == 3 and s.code[b.left - 1] == 10)):
        b.further, b.further_end = _word_start(forms, s, low, end), end
    return 0


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _binds(code: cython.uint) -> cython.bint:
    """Whether a character inside of a word binds its parts: an apostrophe or a period."""
    return code == 39 or code == 0x2019 or code == 46


@cython.cfunc
@cython.exceptval(check=False)
def _look_right(forms: Forms, s: Room, b: Beside, end: cython.Py_ssize_t) -> cython.int:
    """End of a span -> the words behind it."""
    at: cython.Py_ssize_t = end
    b.follows = 0
    while b.follows < FOLLOW:
        while at < b.high and not _is(forms, s, at, ALNUM):
            at += 1
        if at == b.high:
            return 0
        b.follow[2 * b.follows] = at
        while at < b.high and _is(forms, s, at, ALNUM):
            at += 1
        b.follow[2 * b.follows + 1] = at
        b.follows += 1
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _core(s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.uint:
    """A gap -> 0 when it is blank, the only other character in it, 1 when there are more."""
    while start < end and (s.code[start] == 32 or s.code[start] == 0xA0):
        start += 1
    while end > start and (s.code[end - 1] == 32 or s.code[end - 1] == 0xA0):
        end -= 1
    if start == end:
        return 0
    return s.code[start] if end == start + 1 else 1


@cython.cfunc
@cython.exceptval(check=False)
def _is_comma(forms: Forms, s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.bint:
    """A gap -> whether it is a comma and white space."""
    while start < end and _is(forms, s, start, SPACE):
        start += 1
    while end > start and _is(forms, s, end - 1, SPACE):
        end -= 1
    return end == start + 1 and s.code[start] == 44


@cython.cfunc
@cython.exceptval(check=False)
def _is_quiet(s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t, quoting: cython.bint) -> cython.bint:
    """A gap -> whether it is blanks and commas, and quotation marks (`quoting`) or periods."""
    at: cython.Py_ssize_t
    code: cython.uint
    for at in range(start, end):
        code = s.code[at]
        if code == 32 or code == 0xA0 or code == 44:
            continue
        if not (code == 34 or code == 39 or 0x201C <= code <= 0x201D or code == 0x2019 if quoting else code == 46):
            return False
    return True


@cython.cfunc
@cython.exceptval(check=False)
def _ends_sentence(s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.bint:
    """A gap -> whether a sentence, a line or a heading ends in it, or a quotation mark stands there."""
    at: cython.Py_ssize_t
    c: cython.uint
    for at in range(start, end):
        c = s.code[at]
        if c == 46 or c == 33 or c == 63 or c == 58 or c == 59 or c == 10 or c == 42 or c == 34 or c == 0xAB or c == 0xBB:
            return True
        if c == 0x2022 or c == 0x201C or c == 0x2026 or c == 0x3002 or c == 0xFF01 or c == 0xFF1F:
            return True
    return False


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _is_hyphen(s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.bint:
    return end == start + 1 and (s.code[start] == 45 or s.code[start] == 0x2010 or s.code[start] == 0x2011)


@cython.cfunc
@cython.exceptval(check=False)
def _is_number(forms: Forms, s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.bint:
    at: cython.Py_ssize_t
    for at in range(start, end):
        if class_of(forms.letters, s.code[at]) & (ALNUM | LETTER) != ALNUM:
            return False
    return end > start


@cython.cfunc
@cython.exceptval(check=False)
def _count_capitals(forms: Forms, s: Room, b: Beside, start: cython.Py_ssize_t, end: cython.Py_ssize_t, skip_first: cython.bint) -> cython.int:
    """A stretch of text -> its words of letters are counted, and those with a capital, and those in capitals; but its first or its last."""
    at: cython.Py_ssize_t = start
    bits: cython.uint
    seen: cython.uint
    first: cython.uint
    letters: cython.Py_ssize_t
    skipped: cython.bint = not skip_first
    pending: cython.bint = False  # a word behind the span counts once another one follows
    capital: cython.bint = False
    shouted: cython.bint = False
    while at < end:
        first = class_of(forms.letters, s.code[at])
        at += 1
        if not first & LETTER:
            continue
        if pending:
            b.count += 1
            b.capitals += capital
            b.shouted += shouted
        seen, letters = first, 1
        while at < end:
            bits = class_of(forms.letters, s.code[at])
            if not bits & LETTER:
                break
            seen |= bits
            letters += 1
            at += 1
        capital, shouted = first & UPPER != 0, letters > 1 and seen & (UPPER | LOWER) == UPPER
        pending = skipped
        skipped = True
    if pending and skip_first:
        b.count += 1
        b.capitals += capital
        b.shouted += shouted
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _runs_to_place(forms: Forms, s: Room, b: Beside, end: cython.Py_ssize_t) -> cython.bint:
    """The words behind a span -> whether the capitalised ones that follow, or a list of such, end in a word for a place."""
    k: cython.Py_ssize_t
    core: cython.uint
    bits: cython.uint
    for k in range(b.follows):
        core = _core(s, b.follow[2 * k - 1] if k else end, b.follow[2 * k])
        if core != 0 and core != 44:
            return False
        bits = bits_at(forms, s, b.follow[2 * k], b.follow[2 * k + 1])
        if bits & PLACES and core == 0:
            return k > 0
        if not (_is(forms, s, b.follow[2 * k], UPPER) or bits & AND):
            return False
    return False


@cython.cfunc
@cython.exceptval(check=False)
def _person_hints(forms: Forms, s: Room, b: Beside, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.int:
    """The words beside a span -> how many things about them are such as stand by names of persons."""
    stem: cython.Py_ssize_t = b.left_end - b.dotted - b.left
    right: cython.Py_ssize_t = b.follow[0]
    upper: cython.bint = stem > 0 and _is(forms, s, b.left, UPPER)
    hints: cython.int = 0
    after: cython.uint
    if b.left_bits & SAYING and _is_quiet(s, b.left_end, start, True):
        hints += 1
    elif b.blank_left and b.left_bits & TO and b.further_bits & ACCORDING:
        hints += 1
    if stem and b.stem_bits & KIN and _is_quiet(s, b.left_end, start, False):
        hints += 1
    if b.follows and _core(s, end, right) == 44 and b.follow[1] - right <= 2 and _is_number(forms, s, right, b.follow[1]):
        after = s.code[b.follow[1]]
        hints += b.follows < 2 or after == 44 or after == 46 or after == 59
    if b.blank_left:
        hints += b.stem_bits & TITLE != 0
        hints += upper and (stem == 1 or b.left_bits & PERSONAL != 0)
    if b.blank_right:
        hints += b.right_bits & OFFICE != 0
        hints += b.right_bits & SPEECH != 0
    return hints


@cython.cfunc
@cython.exceptval(check=False)
def _look(forms: Forms, s: Room, b: Beside, size: cython.Py_ssize_t, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.int:
    """Text and span -> the words beside it, and what lists they are on."""
    b.low, b.high = max(0, start - WINDOW), min(size, end + WINDOW)
    _look_left(forms, s, b, start)
    _look_right(forms, s, b, end)
    b.stem_bits = bits_at(forms, s, b.left, b.left_end - b.dotted) if b.left < b.left_end else 0
    b.left_bits = 0 if b.dotted else b.stem_bits
    b.further_bits = bits_at(forms, s, b.further, b.further_end) if b.further < b.further_end else 0
    b.right_bits = bits_at(forms, s, b.follow[0], b.follow[1]) if b.follows else 0
    b.blank_left = _core(s, b.left_end, start) == 0
    b.blank_right = b.follows > 0 and _core(s, end, b.follow[0]) == 0
    b.count = b.capitals = b.shouted = 0
    _count_capitals(forms, s, b, b.low, start, True)
    _count_capitals(forms, s, b, end, b.high, False)
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def look_beside(
    forms: Forms, s: Room, b: Beside, size: cython.Py_ssize_t, start: cython.Py_ssize_t, end: cython.Py_ssize_t,
    out: cython.float[::1], at: cython.Py_ssize_t,
) -> cython.int:
    """Text of so many characters, and a span of it -> the numbers of NAMES, from out[at] on."""
    left_upper: cython.bint
    left_lower: cython.bint
    right_upper: cython.bint
    stem: cython.Py_ssize_t
    core: cython.uint
    right: cython.Py_ssize_t
    comma: cython.bint
    capital: cython.bint
    _look(forms, s, b, size, start, end)
    right, stem = b.follow[0], b.left_end - b.dotted - b.left
    left_upper, left_lower = stem > 0 and _is(forms, s, b.left, UPPER), stem > 0 and _is(forms, s, b.left, LOWER)
    right_upper = b.follows > 0 and _is(forms, s, right, UPPER)
    core = _core(s, b.left_end, start)
    comma = right_upper and _is_comma(forms, s, end, right)
    out[at] = stem == 0 or _ends_sentence(s, b.left_end, start) or (b.dotted and stem > 1)
    out[at + 1] = b.blank_left and left_upper and not b.stem_bits & (TITLE | COMMON)
    out[at + 2] = b.blank_left and left_lower
    out[at + 3] = b.blank_right and right_upper
    out[at + 4] = b.blank_left and b.stem_bits & TITLE != 0
    out[at + 5] = b.blank_left and b.stem_bits & PLACE_WORD != 0
    out[at + 6] = stem > 0 and _is_hyphen(s, b.left_end, start)
    out[at + 7] = b.follows > 0 and _is_hyphen(s, end, right)
    out[at + 8] = b.follows > 0 and right == end + 1 and b.follow[1] == right + 1 and s.code[right] == 115 and (
        s.code[end] == 39 or s.code[end] == 0x2019
    )
    out[at + 9] = comma
    out[at + 10] = b.blank_left and stem == 1 and left_upper
    out[at + 11] = cython.cast(cython.float, b.capitals) / b.count if b.count > 1 else FEW
    out[at + 12] = cython.cast(cython.float, b.shouted) / b.count if b.count else 0
    out[at + 13] = b.blank_right and b.right_bits & SPEECH != 0
    out[at + 14] = b.blank_right and b.right_bits & GENERIC != 0
    out[at + 15] = b.left_bits & THE != 0
    out[at + 16] = b.blank_right and _is(forms, s, right, LOWER)
    out[at + 17] = b.blank_left and left_upper and b.left_bits & PERSONAL != 0
    out[at + 18] = b.blank_right and right_upper and b.right_bits & PERSONAL != 0
    capital = b.further < b.further_end and _is(forms, s, b.further, UPPER)
    out[at + 19] = b.blank_left and b.left_bits & OF != 0 and left_lower and s.code[b.left + 1] == 102 and capital
    out[at + 20] = core == 44 and left_upper
    out[at + 21] = capital and ((b.blank_left and b.left_bits & LISTING != 0) or core == 44)
    _look_hints(forms, s, b, start, end, comma, out, at + 22)
    out[at + 29] = b.blank_left and left_upper and not b.stem_bits & TITLE
    out[at + 30] = b.blank_right and right_upper
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _look_hints(
    forms: Forms, s: Room, b: Beside, start: cython.Py_ssize_t, end: cython.Py_ssize_t, comma: cython.bint,
    out: cython.float[::1], at: cython.Py_ssize_t,
) -> cython.int:
    """The words beside a span -> the numbers from `right_number` to `place_hints`."""
    right: cython.Py_ssize_t = b.follow[0]
    people: cython.bint
    rank: cython.bint = b.blank_left and b.left_bits & OF != 0 and b.further_bits & RANK != 0
    run: cython.bint = _runs_to_place(forms, s, b, end)
    hints: cython.int
    people = b.right_bits & PEOPLE != 0 and (b.blank_right or (right == end + 1 and s.code[end] == 45))
    out[at] = b.blank_right and _is_number(forms, s, right, b.follow[1])
    out[at + 1] = people
    out[at + 2] = run
    out[at + 3] = rank
    out[at + 4] = b.blank_right and b.right_bits & STREET != 0 and _is(forms, s, right, UPPER)
    out[at + 5] = _person_hints(forms, s, b, start, end) + rank
    hints = people + run + comma
    hints += b.blank_left and b.left_bits & OF != 0 and b.further_bits & PLACES != 0
    hints += b.blank_left and b.stem_bits & PLACE_WORD != 0
    hints += b.blank_right and b.right_bits & GENERIC != 0
    out[at + 6] = hints
    return 0
