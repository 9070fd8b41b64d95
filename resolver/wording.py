# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A word of a text -> the ways to read it: its Latin letters, and the keys under which listed forms may hold it.

As it stands, without Arabic proclitics, without a Slavic case ending, as other countries spell its sounds, as initials, and with
one consonant left out. What was made of a word is kept (`resolver.vocabulary`).

One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from aliases import keys
from aliases.romanize import ORIGINS

if cython.compiled:
    from cython.cimports.aliases.keys import hash_of, may_be_foreign, to_foreign, to_skeleton, to_symbols
    from cython.cimports.resolver.forms import bits_of_word
    from cython.cimports.resolver.scan import root_of
    from cython.cimports.resolver.tokenizer import plain_hash
    from cython.cimports.resolver.vocabulary import Words, free_slot, grow, hash_at, is_full, is_word
else:
    from aliases.keys import hash_of, may_be_foreign, to_foreign, to_skeleton, to_symbols
    from resolver.forms import bits_of_word
    from resolver.scan import root_of
    from resolver.tokenizer import plain_hash
    from resolver.vocabulary import Words, free_slot, grow, hash_at, is_full, is_word

COMPILED = cython.compiled

# What a word is: too short to be a name by itself, in capitals, and, from BITS on, the bits of `resolver.words`.
WORD = cython.declare(cython.Py_ssize_t, 8)  # as in `resolver.vocabulary`
SHORT = cython.declare(cython.uint, 1)
CAPITALS = cython.declare(cython.uint, 2)
WALKS = cython.declare(cython.uint, 16)  # a form may begin with it and go on
PLAIN = cython.declare(cython.uint, 8)  # of ASCII letters, and not looked up in the lists of words yet
BITS = cython.declare(cython.int, 8)
# Numbers of a reading: shift of its beginning, first letter, letters, first symbol, symbols, the node of the forms that begin with it (0
# when none does), flags and, from ORIGIN on, its origin, letters of its skeleton.
READING = cython.declare(cython.Py_ssize_t, 8)
ENDING = cython.declare(cython.uint, 1)  # a case ending was taken off
PAIRED = cython.declare(cython.uint, 2)  # its key may be one of a pair
FIRST = cython.declare(cython.uint, 4)  # the first reading with these letters
ORIGIN = cython.declare(cython.int, 8)

LONGEST = cython.declare(cython.Py_ssize_t, 64)  # letters; what is longer is no word of a name
MIN_LETTERS = cython.declare(cython.Py_ssize_t, 4)  # of a stem
LEAST_SHORTENED = cython.declare(cython.Py_ssize_t, 4)  # letters of a skeleton that is also looked up with one of them left out
MOST_SHORTENED = cython.declare(cython.Py_ssize_t, keys.MAX_SHORTENED)
LATIN = cython.declare(cython.int, ORIGINS.index("Latn"))
CYRILLIC = cython.declare(cython.int, ORIGINS.index("Cyrl"))
INITIALS_MARK, SHORTENED_MARK = cython.declare(cython.uint, ord("=")), cython.declare(cython.uint, ord("~"))

# What the case endings of Slavic languages add to a stem, romanized; longest first.
_ENDINGS = cython.declare(
    list,
    b"yami iami yakh ami ogo ego omu emu ach akh ech ych ykh ikh yam om em am ym im".split(),
)


@cython.cfunc
@cython.exceptval(-1)
def word_of(w: Words, code: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t, text: str) -> cython.Py_ssize_t:
    """Code points of a text from `start` to `end` -> the number of that word; its readings are made where it is new."""
    h: cython.ulonglong
    at: cython.ulonglong
    number: cython.Py_ssize_t
    if end - start > LONGEST:
        return 0
    h = hash_at(w, code, start, end)
    at = (h >> 3) & w.slot_mask
    while w.slots[at]:
        if (w.slots[at] ^ h) >> 32 == 0:
            number = cython.cast(cython.Py_ssize_t, w.slots[at] & w.automaton.low) - 1
            if is_word(w, number, code, start, end):
                return number
        at = (at + 1) & w.slot_mask
    if is_full(w, end - start):
        grow(w, end - start)
        at = free_slot(w, h)
    w.slots[at] = h >> 32 << 32 | cython.cast(cython.ulonglong, w.words + 1)
    _add(w, code, start, end, text)
    return w.words - 1


@cython.cfunc
@cython.exceptval(-1)
def _add(w: Words, code: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t, text: str) -> cython.int:
    """A new word -> its surface and readings behind those of the others."""
    k: cython.Py_ssize_t
    number: cython.Py_ssize_t = w.words
    plain: cython.bint = True
    capitals: cython.bint = False
    capital: cython.bint = True
    w.words += 1
    w.word[WORD * number], w.word[WORD * number + 1], w.word[WORD * number + 6] = w.surface_end, w.readings, end - start
    for k in range(2, 6):
        w.word[WORD * number + k] = 0
    for k in range(start, end):
        w.surface[w.surface_end] = code[k]
        w.surface_end += 1
        plain = plain and (97 <= code[k] <= 122 or 65 <= code[k] <= 90 or 48 <= code[k] <= 57 or code[k] == 39)
        capitals = capitals or 65 <= code[k] <= 90
        capital = capital and not 97 <= code[k] <= 122
    if plain:
        w.word[WORD * number + 2] |= PLAIN
        _add_plain(w, code, start, end)
        if capitals and capital:
            w.word[WORD * number + 2] |= CAPITALS
            if 3 <= end - start <= 6:
                _add_initials(w, number)
    else:
        surface: str = text[start:end]
        for shift, letters, origin in w.read(surface):
            _add_letters(w, shift, letters, origin, origin == LATIN or origin == CYRILLIC)
        if surface.isupper():
            w.word[WORD * number + 2] |= CAPITALS
            if 3 <= end - start <= 6:
                _add_initials(w, number)
    if w.readings > w.word[WORD * number + 1] and not 97 <= code[start] <= 122:  # by itself, a word in lower case is no name
        _add_shortened(w, number)
    w.word[WORD * number + 7] = w.readings
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _add_plain(w: Words, code: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.int:
    """A word of ASCII letters, digits and apostrophes -> its readings."""
    k: cython.Py_ssize_t
    first: cython.Py_ssize_t = w.latin_end
    for k in range(start, end):
        if code[k] != 39:
            w.latin[w.latin_end] = code[k] + 32 if 65 <= code[k] <= 90 else code[k]
            w.latin_end += 1
    return _add_read(w, 0, first, w.latin_end - first, 0, True)


@cython.cfunc
@cython.exceptval(check=False)
def bits_of(w: Words, number: cython.Py_ssize_t) -> cython.uint:
    """Word -> what it is, with the bits of the lists of words that it is on in lower case, if it is of ASCII letters."""
    k: cython.Py_ssize_t
    size: cython.Py_ssize_t
    first: cython.Py_ssize_t = READING * w.word[WORD * number + 1]
    bits: cython.uint = w.word[WORD * number + 2]
    if bits & PLAIN and w.word[WORD * number + 7] > w.word[WORD * number + 1]:
        size = w.reading[first + 2]
        for k in range(size):
            w.code[k] = w.latin[w.reading[first + 1] + k]
        bits |= bits_of_word(w.forms, plain_hash(w.forms.letters, w.code, 0, size)) << BITS
    w.word[WORD * number + 2] = bits & ~PLAIN
    return bits


@cython.cfunc
@cython.exceptval(check=False)
def _add_letters(w: Words, shift: cython.uint, letters: bytes, origin: cython.uint, declines: cython.bint) -> cython.int:
    """Latin letters of a word -> its readings."""
    k: cython.Py_ssize_t
    first: cython.Py_ssize_t = w.latin_end
    size: cython.Py_ssize_t = min(len(letters), LONGEST)
    view: cython.const[cython.uchar][::1] = letters
    for k in range(size):
        w.latin[w.latin_end] = view[k]
        w.latin_end += 1
    return _add_read(w, shift, first, size, origin, declines)


@cython.cfunc
@cython.exceptval(check=False)
def _add_read(
    w: Words, shift: cython.uint, first: cython.Py_ssize_t, size: cython.Py_ssize_t, origin: cython.uint, declines: cython.bint
) -> cython.int:
    """Latin letters in their place -> a reading of them, of their stem, and of them as other countries spell the sounds."""
    stem: cython.Py_ssize_t
    if size < 3:
        if size and w.readings == w.word[WORD * w.words - WORD + 1]:
            w.word[WORD * w.words - WORD + 2] |= SHORT
            _add_reading(w, shift, first, size, origin, PAIRED, False)
        return 0
    _add_reading(w, shift, first, size, origin, PAIRED, False)
    if shift:
        return 0
    stem = size - _ending(w, first, size) if declines else size
    if stem < size:
        _add_reading(w, 0, first, stem, origin, PAIRED | ENDING, False)
    _add_reading(w, 0, first, size, origin, PAIRED, True)
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _ending(w: Words, first: cython.Py_ssize_t, size: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Latin letters -> how many of them are a case ending."""
    k: cython.Py_ssize_t
    n: cython.Py_ssize_t
    ending: bytes
    for ending in _ENDINGS:
        n = len(ending)
        if size - n < MIN_LETTERS:
            continue
        for k in range(n):
            if w.latin[first + size - n + k] != cython.cast(cython.uchar, ending[k]):
                break
        else:
            return n
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _add_reading(
    w: Words,
    shift: cython.uint,
    first: cython.Py_ssize_t,
    size: cython.Py_ssize_t,
    origin: cython.uint,
    flags: cython.uint,
    foreign: cython.bint,
) -> cython.int:
    """Latin letters in their place -> one reading, under the key of their skeleton, unless it is there already."""
    k: cython.Py_ssize_t
    end: cython.Py_ssize_t = size
    key: cython.ulonglong
    for k in range(size):
        w.spare[k] = w.latin[first + k]
    if foreign:
        if not may_be_foreign(w.spare, 0, size):
            return 0
        end = to_foreign(w.spare, 0, size)
    end = to_skeleton(w.spare, 0, end)
    if w.readings == w.word[WORD * w.words - WORD + 1]:
        w.bones = end
        for k in range(end):
            w.bone[k] = w.spare[k]
    key = hash_of(w.spare, 0, end, 0, -1)
    return _add_key(w, key, root_of(w.automaton, key), shift, first, size, origin, flags)


@cython.cfunc
@cython.exceptval(check=False)
def _add_key(
    w: Words,
    key: cython.ulonglong,
    node: cython.ulonglong,
    shift: cython.uint,
    first: cython.Py_ssize_t,
    size: cython.Py_ssize_t,
    origin: cython.uint,
    flags: cython.uint,
) -> cython.int:
    """A key and its node -> a reading of these letters under it, unless the word has it with this shift."""
    k: cython.Py_ssize_t
    r: cython.Py_ssize_t
    at: cython.Py_ssize_t = READING * w.readings
    same: cython.Py_ssize_t = -1
    for r in range(w.word[WORD * w.words - WORD + 1], w.readings):
        if w.key[r] == key and w.reading[READING * r] == shift:
            return 0
        if w.reading[READING * r + 1] == first and w.reading[READING * r + 2] == size:
            same = READING * r
    if w.readings + 1 > w.key.shape[0] or at + READING > w.reading.shape[0]:
        return 0
    w.key[w.readings] = key
    if node and flags & PAIRED:
        w.word[WORD * w.words - WORD + 2] |= WALKS
    w.reading[at], w.reading[at + 1], w.reading[at + 2] = shift, first, size
    w.reading[at + 5] = cython.cast(cython.uint, node)
    flags |= origin << ORIGIN
    if same >= 0:
        w.reading[at + 3], w.reading[at + 4], w.reading[at + 7] = w.reading[same + 3], w.reading[same + 4], w.reading[same + 7]
        w.reading[at + 6] = flags
    else:
        w.reading[at + 6] = flags | FIRST
        w.reading[at + 3] = w.symbols_end
        for k in range(size):
            w.symbols[w.symbols_end + k] = w.spare[k] = w.latin[first + k]
        w.symbols_end = to_symbols(w.symbols, w.symbols_end, w.symbols_end + size)
        w.reading[at + 4] = w.symbols_end - w.reading[at + 3]
        w.reading[at + 7] = to_skeleton(w.spare, 0, size)
    w.readings += 1
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _add_initials(w: Words, number: cython.Py_ssize_t) -> cython.int:
    """Word in capitals -> a reading of it as the initials of a name."""
    k: cython.Py_ssize_t
    r: cython.Py_ssize_t = READING * w.word[WORD * number + 1]
    if w.readings == w.word[WORD * number + 1] or w.word[WORD * number + 2] & SHORT:
        return 0
    for k in range(w.reading[r + 2]):
        w.spare[k] = w.latin[w.reading[r + 1] + k]
    return _add_marked(w, r, w.spare, w.reading[r + 2], INITIALS_MARK, -1)


@cython.cfunc
@cython.exceptval(check=False)
def _add_marked(
    w: Words, r: cython.Py_ssize_t, code: cython.uchar[::1], size: cython.Py_ssize_t, mark: cython.uint, skip: cython.Py_ssize_t
) -> cython.int:
    """Marked key of the letters of reading `r` -> a reading of them under it, where a form has it: as a part of a form it is none's."""
    key: cython.ulonglong = hash_of(code, 0, size, mark, skip)
    node: cython.ulonglong = root_of(w.automaton, key)
    if not node:
        return 0
    return _add_key(w, key, node, 0, w.reading[r + 1], w.reading[r + 2], w.reading[r + 6] >> ORIGIN, 0)


@cython.cfunc
@cython.exceptval(check=False)
def _add_shortened(w: Words, number: cython.Py_ssize_t) -> cython.int:
    """Word -> readings with each one letter of its skeletons left out."""
    k: cython.Py_ssize_t
    r: cython.Py_ssize_t = READING * w.word[WORD * number + 1]
    size: cython.Py_ssize_t = w.reading[r + 2]
    if w.word[WORD * number + 2] & SHORT:
        return 0
    _shorten(w, r, w.bone, w.bones)
    for k in range(size):
        w.cut[k] = w.latin[w.reading[r + 1] + k]
    if may_be_foreign(w.cut, 0, size):
        _shorten(w, r, w.cut, to_skeleton(w.cut, 0, to_foreign(w.cut, 0, size)))
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _shorten(w: Words, r: cython.Py_ssize_t, code: cython.uchar[::1], end: cython.Py_ssize_t) -> cython.int:
    """Skeleton of reading `r` -> readings with each one of its letters left out; its head is always kept."""
    k: cython.Py_ssize_t
    if end < LEAST_SHORTENED or end > MOST_SHORTENED:
        return 0
    for k in range(end):
        _add_marked(w, r, code, end, SHORTENED_MARK, k if k else -1)  # -1: none is left out
    return 0
