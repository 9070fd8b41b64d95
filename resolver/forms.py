# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A surface of a text against a listed form: whether its case and separators let it be the form, and how close it is.

One source, two roads, as in `resolver.tokenizer`. That the surface is the form letter by letter, or when both are folded, is told
by equal hashes (`resolver.traits`).
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from aliases import fold as folding
from resolver import classes, traits
from resolver import words as word_bits

if cython.compiled:
    from cython.cimports.resolver.tokenizer import Letters, Room, plain_hash
    from cython.cimports.resolver.tokens import APOSTROPHE, FOLD_LETTER, FULL, INVISIBLE, MARK, MIX, PRIME, SEED
    from cython.cimports.resolver.walks import Automaton
else:
    from resolver.tokenizer import Letters, Room, plain_hash
    from resolver.tokens import APOSTROPHE, FOLD_LETTER, FULL, INVISIBLE, MARK, MIX, PRIME, SEED
    from resolver.walks import Automaton

COMPILED = cython.compiled

EXACT = cython.declare(cython.int, 3)  # how close a surface is to a form: the closer the greater
FOLDED = cython.declare(cython.int, 2)
VARIANT = cython.declare(cython.int, 1)
CASED = cython.declare(cython.int, 0x10)
FOLD_ROOM = cython.declare(
    cython.Py_ssize_t, 1200
)  # letters of a folded surface that there is space for; longer ones are no names
HARD_GAP = cython.declare(cython.uint, classes.HARD_GAP)
ALNUM = cython.declare(cython.uint, classes.ALNUM)
ALPHA, LETTER = cython.declare(cython.uint, classes.ALPHA), cython.declare(cython.uint, classes.LETTER)
UPPER, LOWER = cython.declare(cython.uint, classes.UPPER), cython.declare(cython.uint, classes.LOWER)
ODD_FOLD = cython.declare(cython.uint, classes.ODD_FOLD)
BEGINS_UPPER = cython.declare(cython.uint, traits.BEGINS_UPPER)
SILENT = cython.declare(cython.uint, traits.SILENT)
_GAP_CODES = cython.declare(cython.uint[::1], memoryview(array("I", map(ord, classes.HARD_GAPS))))
COMMON, CALENDAR = cython.declare(cython.int, word_bits.COMMON), cython.declare(cython.int, word_bits.CALENDAR)
PERSONAL = cython.declare(cython.int, word_bits.PERSONAL)
ENGLISH = cython.declare(cython.int, word_bits.ENGLISH)
ARTICLE = cython.declare(cython.int, word_bits.ARTICLE)


@cython.final
@cython.cclass
class Forms:
    """What is known of the listed forms of one generation: views over its arrays."""

    def __init__(self, automaton: Automaton, arrays, words):
        self.automaton = automaton
        self.letters = automaton.letters
        self.posting_at, self.postings = arrays["scan_posting_at"], arrays["scan_postings"]
        self.owner, self.list_set, self.type = arrays["alias_entity"], arrays["entity_list_set"], arrays["entity_type"]
        self.form, self.fold, self.bare = arrays["alias_form"], arrays["alias_fold"], arrays["alias_bare"]
        self.traits, self.flags = arrays["alias_traits"], arrays["alias_flags"]
        self.words = memoryview(words)
        self.word_mask = len(words) // 2 - 1
        self.gap_bits = (1 << len(classes.HARD_GAPS)) - 1


@cython.final
@cython.cclass
class Surface:
    """One span of the text, read as far as it was asked for."""

    def __init__(self):
        self.start = self.end = -1
        self.folded = memoryview(array("I", bytes(4 * FOLD_ROOM)))


@cython.cfunc
@cython.exceptval(check=False)
def class_of(a: Letters, code: cython.uint) -> cython.uint:
    """Code point -> its bits of `resolver.classes`; ideographs beyond the table are letters without case."""
    if code < cython.cast(cython.uint, a.case.shape[0]):
        return a.case[code]
    return ALPHA | ALNUM | LETTER if code < 0x40000 else 0


@cython.cfunc
@cython.exceptval(check=False)
def bits_of_word(forms: Forms, h: cython.ulonglong) -> cython.int:
    """Hash of a word -> the bits of the lists that it is on."""
    slot: cython.ulonglong = (h >> 3) & forms.word_mask
    while forms.words[2 * slot]:
        if forms.words[2 * slot] == h:
            return forms.words[2 * slot + 1]
        slot = (slot + 1) & forms.word_mask
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def bits_at(forms: Forms, s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.int:
    """Stretch of text -> the bits of the lists that it is on as one word, in lower case."""
    h: cython.ulonglong = SEED
    i: cython.Py_ssize_t
    for i in range(start, end):
        h = ((h ^ (class_of(forms.letters, s.code[i]) >> 8)) * PRIME) & FULL
    h ^= h >> 29
    h = (h * MIX) & FULL
    h ^= h >> 32
    return bits_of_word(forms, h | 1)


@cython.cfunc
@cython.exceptval(check=False)
def _gap_bit(code: cython.uint) -> cython.uint:
    """Separator of HARD_GAPS -> its bit."""
    place: cython.Py_ssize_t
    for place in range(_GAP_CODES.shape[0]):
        if _GAP_CODES[place] == code:
            return cython.cast(cython.uint, 1) << place
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def look(forms: Forms, s: Room, f: Surface, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.int:
    """Span -> its hash, its hard gaps, its first letter and whether that is in lower case, and whether it is in capitals."""
    i: cython.Py_ssize_t
    bits: cython.uint
    seen: cython.uint = 0
    code: cython.uint
    if f.ready and f.start == start and f.end == end:
        return 0
    f.ready, f.plain_ready = True, False
    f.start, f.end = start, end
    f.hash = plain_hash(forms.letters, s.code, start, end)
    f.gaps = 0
    f.first_lower = -1
    f.first = 97
    for i in range(start, end):
        code = s.code[i]
        if 0xFF01 <= code <= 0xFF5E:
            code -= 0xFEE0  # full width
        bits = class_of(forms.letters, code)
        seen |= bits
        if bits & ALPHA:
            if f.first_lower < 0:
                f.first_lower, f.first = 1 if bits & LOWER else 0, s.code[i]
        elif bits & HARD_GAP:
            f.gaps |= _gap_bit(code)
    f.upper = seen & (UPPER | LOWER) == UPPER
    return 0


@cython.cfunc
def read_words(forms: Forms, s: Room, f: Surface, start: cython.Py_ssize_t, end: cython.Py_ssize_t, text: str):
    """Span -> all that is said of it, its folded words too."""
    look(forms, s, f, start, end)
    _fold(forms, s, f, text)


@cython.cfunc
@cython.exceptval(check=False)
def _needs_python(forms: Forms, s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.bint:
    """Whether a surface may hold a disguise, or a letter that folds to several: then `aliases.fold` is asked."""
    i: cython.Py_ssize_t
    code: cython.uint
    latin: cython.bint = False
    other: cython.bint = False
    for i in range(start, end):
        code = s.code[i]
        if code < 0x80:
            if code == 38 or code == 60 or code == 42 or code == 95 or code == 34 or code == 27:  # & < * _ " ESC
                return True
            latin = latin or code >= 65
        elif 0x370 <= code < 0x530:
            other = True
            if code >= 0x4B0 or code == 0x455 or code == 0x405:
                return True
        elif code < 0xC0 or class_of(forms.letters, code) & ODD_FOLD or code >= 0x20000:
            return True
        elif code < 0x250 or 0x1D00 <= code < 0x2150 or code >= 0xF900:
            latin = True
    return (latin and other) or end - start > FOLD_ROOM // 2


@cython.cfunc
def _fold(forms: Forms, s: Room, f: Surface, text: str):
    """Surface -> its folded words: their hash, how many, how many letters, whether they are ordinary words."""
    n: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    code: cython.uint
    k: cython.uint
    quoted: cython.Py_ssize_t = -1
    if f.plain_ready:
        return
    f.plain_ready = True
    if _needs_python(forms, s, f.start, f.end):
        folded = folding.fold_name(text[f.start : f.end])[: FOLD_ROOM - 2]
        for i in range(len(folded)):
            f.folded[i] = ord(folded[i])
        _count_words(forms, f, len(folded))
        return
    for i in range(f.start, f.end):
        code = s.code[i]
        k = forms.letters.fold[code]
        if k >= FOLD_LETTER:
            if k & 1 and n and f.folded[n - 1] != 32:
                n = _space(f, n, quoted)
                quoted = -1
            f.folded[n] = k >> 5
            n += 1
            if k & 1:
                f.folded[n] = 32
                n += 1
        elif k == APOSTROPHE:
            if quoted >= 0:
                n = _space_dropped(f, n, quoted)
            quoted = n
        elif k != MARK and k != INVISIBLE:
            n = _space(f, n, quoted)
            quoted = -1
    n = _space(f, n, quoted)
    _count_words(forms, f, n - 1 if n else 0)


@cython.cfunc
@cython.exceptval(check=False)
def _space_dropped(f: Surface, n: cython.Py_ssize_t, quoted: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """End of what was folded, and where an apostrophe stood -> the end without a possessive `'s` that ends there."""
    return n - 1 if quoted >= 0 and n == quoted + 1 and f.folded[n - 1] == 115 else n


@cython.cfunc
@cython.exceptval(check=False)
def _space(f: Surface, n: cython.Py_ssize_t, quoted: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """End of what was folded -> the end behind one space, where a word ends there."""
    n = _space_dropped(f, n, quoted)
    if n and f.folded[n - 1] != 32:
        f.folded[n] = 32
        n += 1
    return n


@cython.cfunc
@cython.exceptval(check=False)
def _count_words(forms: Forms, f: Surface, n: cython.Py_ssize_t) -> cython.int:
    """Folded letters with single spaces between words -> what is said of the words."""
    start: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    bits: cython.int = 0
    f.fold = plain_hash(forms.letters, f.folded, 0, n)
    f.words = 0
    f.letters = 0
    f.common = f.english = f.personal = f.calendar = 0
    f.ordinary = True
    for i in range(n + 1):
        if i < n and f.folded[i] != 32:
            continue
        if i > start:
            bits = bits_of_word(forms, plain_hash(forms.letters, f.folded, start, i))
            f.words += 1
            f.letters += i - start
            f.common += bits & COMMON != 0
            f.english += bits & ENGLISH != 0
            f.personal += bits & PERSONAL != 0
            f.calendar += bits & CALENDAR != 0
            if not bits & COMMON and i - start >= 4:
                f.ordinary = False
        start = i + 1
    if f.words == 1 and bits & ENGLISH:
        f.ordinary = True
    return 0


@cython.cfunc
@cython.exceptval(-1)
def closeness(forms: Forms, s: Room, f: Surface, alias: cython.uint, text: str) -> cython.int:
    """Surface and alias -> EXACT, FOLDED, VARIANT, or 0 when the surface cannot be this form."""
    traits_: cython.uint = forms.traits[alias]
    if traits_ & SILENT:
        return 0
    if f.hash == forms.form[alias]:
        return EXACT
    if f.gaps & ~traits_ & forms.gap_bits:
        return 0
    if forms.flags[alias] & CASED:
        if not _same_bare(forms, s, f, forms.bare[alias], text):
            return 0
    elif f.first_lower == 1 and traits_ & BEGINS_UPPER:
        _fold(forms, s, f, text)
        if f.ordinary:
            return 0
    _fold(forms, s, f, text)
    return FOLDED if f.fold == forms.fold[alias] else VARIANT


@cython.cfunc
def _same_bare(forms: Forms, s: Room, f: Surface, wanted: cython.uint, text: str) -> cython.bint:
    """Whether surface and form are equal letter by letter, dress and punctuation aside (`U.S.` and `US`)."""
    n: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    code: cython.uint
    if f.end - f.start >= FOLD_ROOM:
        return False
    for i in range(f.start, f.end):
        code = s.code[i]
        if code > 127 or code == 38 or code == 60 or code == 42 or code == 95:
            return traits.bare_hash(forms.letters, text[f.start : f.end]) == wanted
        if class_of(forms.letters, code) & ALNUM:
            f.folded[n] = code
            n += 1
    f.plain_ready = False
    return (plain_hash(forms.letters, f.folded, 0, n) & 0xFFFFFFFF) == wanted


@cython.cfunc
@cython.exceptval(check=False)
def article_start(forms: Forms, s: Room, start: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Start of a span -> start of the romanized article that is hyphenated to it (`al-Mayadeen`), where there is one."""
    begin: cython.Py_ssize_t
    code: cython.uint
    if start < 3:
        return start
    code = s.code[start - 1]
    if code != 45 and code != 0x2010 and code != 0x2011:
        return start
    begin = start - 1
    while begin > 0 and class_of(forms.letters, s.code[begin - 1]) & ALPHA and start - begin <= 5:
        begin -= 1
    return begin if bits_at(forms, s, begin, start - 1) & ARTICLE else start
