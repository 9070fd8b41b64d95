# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A word of a text -> the ways to read it: its Latin letters, and the keys under which listed forms may hold it.

As it stands, without Arabic proclitics, without a Slavic case ending, as other countries spell its sounds, as initials, and with
one consonant left out. Words come again and again, so what was made of one is kept: in flat arrays, up to MOST_WORDS of them.

One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from aliases import keys
from aliases.romanize import ORIGINS

if cython.compiled:
    from cython.cimports.aliases.keys import hash_of, to_foreign, to_skeleton, to_symbols
    from cython.cimports.resolver.forms import Forms, bits_of_word
    from cython.cimports.resolver.scan import Automaton, find_token
    from cython.cimports.resolver.tokenizer import plain_hash
else:
    from aliases.keys import hash_of, to_foreign, to_skeleton, to_symbols
    from resolver.forms import Forms, bits_of_word
    from resolver.scan import Automaton, find_token
    from resolver.tokenizer import plain_hash

COMPILED = cython.compiled

# Numbers of a word: where its surface and its readings begin (those of the next word end them), and what it is: too short to be a
# name by itself, in capitals, and, from BITS on, the bits of `resolver.words`.
WORD = cython.declare(cython.Py_ssize_t, 3)
SHORT = cython.declare(cython.uint, 1)
CAPITALS = cython.declare(cython.uint, 2)
BITS = cython.declare(cython.int, 8)
# Numbers of a reading: shift of its beginning, first letter, letters, first symbol, symbols, origin, flags, letters of its skeleton.
READING = cython.declare(cython.Py_ssize_t, 8)
ENDING = cython.declare(cython.uint, 1)  # a case ending was taken off
PAIRED = cython.declare(cython.uint, 2)  # its key may be one of a pair
FIRST = cython.declare(cython.uint, 4)  # the first reading with these letters

MOST_WORDS = cython.declare(cython.Py_ssize_t, 1 << 15)
LONGEST = cython.declare(cython.Py_ssize_t, 64)  # letters; what is longer is no word of a name
MIN_LETTERS = cython.declare(cython.Py_ssize_t, 4)  # of a stem
LEAST_SHORTENED = cython.declare(cython.Py_ssize_t, 4)  # letters of a skeleton that is also looked up with one of them left out
MOST_SHORTENED = cython.declare(cython.Py_ssize_t, keys.MAX_SHORTENED)
LATIN = cython.declare(cython.int, ORIGINS.index("Latn"))
CYRILLIC = cython.declare(cython.int, ORIGINS.index("Cyrl"))
INITIALS_MARK, SHORTENED_MARK = cython.declare(cython.uint, ord("=")), cython.declare(cython.uint, ord("~"))
_ROOM = 1 << 12  # words that there is space for at first

# What the case endings of Slavic languages add to a stem, romanized; longest first.
_ENDINGS = cython.declare(
    list,
    b"yami iami yakh ami ogo ego omu emu ach akh ech ych ykh ikh yam om em am ym im".split(),
)


@cython.final
@cython.cclass
class Words:
    """The words that were met, with their readings; `read` gives (shift, Latin letters, origin) for surfaces beyond ASCII."""

    def __init__(self, automaton: Automaton, forms: Forms, read):
        self.automaton, self.forms, self.read = automaton, forms, read
        self.code = memoryview(array("I", bytes(4 * 64)))
        self.spare, self.cut = memoryview(bytearray(64)), memoryview(bytearray(64))
        _clear(self, _ROOM)


@cython.cfunc
def _clear(w: Words, room: cython.Py_ssize_t):
    """Forget every word; make room for so many."""
    w.slots = memoryview(array("Q", bytes(64 * room)))
    w.slot_mask = 4 * room - 1
    w.surface = memoryview(array("I", bytes(4 * 16 * room)))
    w.word = memoryview(array("I", bytes(4 * 3 * (room + 1))))
    w.latin = memoryview(bytearray(32 * room))
    w.symbols = memoryview(bytearray(32 * room))
    w.key = memoryview(array("Q", bytes(16 * 16 * room)))
    w.reading = memoryview(array("I", bytes(4 * 8 * 16 * room)))
    w.words, w.readings = 1, 0  # word 0 has no reading: it stands for all that are too long
    w.surface_end = w.latin_end = w.symbols_end = 0


@cython.cfunc
@cython.exceptval(-1)
def settle(w: Words) -> cython.int:
    """Between two texts: when there are too many words, all are forgotten, and the answer is 1."""
    if w.words < MOST_WORDS:
        return 0
    _clear(w, _ROOM)
    return 1


@cython.cfunc
def _grow(w: Words):
    """Twice the room for everything; slots are filled anew."""
    k: cython.Py_ssize_t
    w.surface, w.word, w.reading = doubled(w.surface, "I"), doubled(w.word, "I"), doubled(w.reading, "I")
    w.latin, w.symbols, w.key = doubled(w.latin, "B"), doubled(w.symbols, "B"), doubled(w.key, "Q")
    slots: cython.ulonglong[::1] = memoryview(array("Q", bytes(2 * 8 * len(w.slots))))
    mask: cython.ulonglong = 2 * (w.slot_mask + 1) - 1
    at: cython.ulonglong
    for k in range(0, 2 * cython.cast(cython.Py_ssize_t, w.slot_mask + 1), 2):
        if w.slots[k + 1]:
            at = (w.slots[k] >> 3) & mask
            while slots[2 * at + 1]:
                at = (at + 1) & mask
            slots[2 * at], slots[2 * at + 1] = w.slots[k], w.slots[k + 1]
    w.slots, w.slot_mask = slots, mask


@cython.ccall
def doubled(old, code: str):
    """View -> one of twice the length that begins with the same."""
    new = memoryview(array(code, bytes(2 * len(old) * array(code).itemsize)))
    new[: len(old)] = old
    return new


@cython.cfunc
@cython.exceptval(-1)
def word_of(w: Words, code: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t, text: str) -> cython.Py_ssize_t:
    """Code points of a text from `start` to `end` -> the number of that word; its readings are made where it is new."""
    h: cython.ulonglong
    at: cython.ulonglong
    if end - start > LONGEST:
        return 0
    h = plain_hash(w.automaton.letters, code, start, end)
    at = (h >> 3) & w.slot_mask
    while w.slots[2 * at + 1]:
        if w.slots[2 * at] == h and _is_word(w, w.slots[2 * at + 1] - 1, code, start, end):
            return w.slots[2 * at + 1] - 1
        at = (at + 1) & w.slot_mask
    if _is_full(w, end - start):
        _grow(w)
        return word_of(w, code, start, end, text)
    w.slots[2 * at], w.slots[2 * at + 1] = h, w.words + 1
    _add(w, code, start, end, text)
    return w.words - 1


@cython.cfunc
@cython.exceptval(check=False)
def _is_full(w: Words, size: cython.Py_ssize_t) -> cython.bint:
    """Whether there may be no room for one more word of so many code points."""
    return (
        2 * w.words + 2 > cython.cast(cython.Py_ssize_t, w.slot_mask)
        or 3 * (w.words + 2) > w.word.shape[0]
        or w.surface_end + size > w.surface.shape[0]
        or w.latin_end + 8 * 64 > w.latin.shape[0]
        or w.symbols_end + 8 * 64 > w.symbols.shape[0]
        or 2 * (w.readings + 64) > w.key.shape[0]
    )


@cython.cfunc
@cython.exceptval(check=False)
def _is_word(w: Words, number: cython.Py_ssize_t, code: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.bint:
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t = w.word[WORD * number]
    if w.word[WORD * number + WORD] - at != end - start:
        return False
    for k in range(end - start):
        if w.surface[at + k] != code[start + k]:
            return False
    return True


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
    w.word[WORD * number], w.word[WORD * number + 1], w.word[WORD * number + 2] = w.surface_end, w.readings, 0
    for k in range(start, end):
        w.surface[w.surface_end] = code[k]
        w.surface_end += 1
        plain = plain and (97 <= code[k] <= 122 or 65 <= code[k] <= 90 or 48 <= code[k] <= 57 or code[k] == 39)
        capitals = capitals or 65 <= code[k] <= 90
        capital = capital and not 97 <= code[k] <= 122
    if plain:
        _add_plain(w, code, start, end)
        w.word[WORD * number + 2] |= _bits_of(w, number) << BITS
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
    if w.readings > w.word[WORD * number + 1]:
        _add_shortened(w, number)
    w.word[WORD * number + WORD], w.word[WORD * number + WORD + 1] = w.surface_end, w.readings
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
def _bits_of(w: Words, number: cython.Py_ssize_t) -> cython.uint:
    """Word of ASCII letters -> the bits of the lists of words that it is on in lower case."""
    k: cython.Py_ssize_t
    size: cython.Py_ssize_t
    if w.readings == w.word[WORD * number + 1]:
        return 0
    size = w.reading[READING * w.word[WORD * number + 1] + 2]
    for k in range(size):
        w.code[k] = w.latin[w.reading[READING * w.word[WORD * number + 1] + 1] + k]
    return bits_of_word(w.forms, plain_hash(w.forms.letters, w.code, 0, size))


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
    for k in range(size):
        w.spare[k] = w.latin[first + k]
    if foreign:
        end = to_foreign(w.spare, 0, size)
    end = to_skeleton(w.spare, 0, end)
    return _add_key(w, hash_of(w.spare, 0, end, 0, -1), shift, first, size, origin, flags)


@cython.cfunc
@cython.exceptval(check=False)
def _add_key(
    w: Words,
    key: cython.ulonglong,
    shift: cython.uint,
    first: cython.Py_ssize_t,
    size: cython.Py_ssize_t,
    origin: cython.uint,
    flags: cython.uint,
) -> cython.int:
    """A key -> a reading of these letters under it, unless the word has it with this shift."""
    k: cython.Py_ssize_t
    r: cython.Py_ssize_t
    at: cython.Py_ssize_t = READING * w.readings
    same: cython.Py_ssize_t = -1
    for r in range(w.word[WORD * w.words - WORD + 1], w.readings):
        if w.key[2 * r] == key and w.reading[READING * r] == shift:
            return 0
        if w.reading[READING * r + 1] == first and w.reading[READING * r + 2] == size:
            same = READING * r
    if 2 * w.readings + 2 > w.key.shape[0] or at + READING > w.reading.shape[0]:
        return 0
    w.key[2 * w.readings], w.key[2 * w.readings + 1] = key, find_token(w.automaton, key)
    w.reading[at], w.reading[at + 1], w.reading[at + 2] = shift, first, size
    w.reading[at + 5] = origin
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
    return _add_key(w, hash_of(w.spare, 0, w.reading[r + 2], INITIALS_MARK, -1), 0, w.reading[r + 1], w.reading[r + 2], w.reading[r + 5], 0)


@cython.cfunc
@cython.exceptval(check=False)
def _add_shortened(w: Words, number: cython.Py_ssize_t) -> cython.int:
    """Word -> readings with each one letter of its skeletons left out."""
    k: cython.Py_ssize_t
    end: cython.Py_ssize_t
    foreign: cython.int
    r: cython.Py_ssize_t = READING * w.word[WORD * number + 1]
    first: cython.Py_ssize_t = w.reading[r + 1]
    size: cython.Py_ssize_t = w.reading[r + 2]
    if w.word[WORD * number + 2] & SHORT:
        return 0
    for foreign in range(2):
        for k in range(size):
            w.cut[k] = w.latin[first + k]
        end = to_foreign(w.cut, 0, size) if foreign else size
        end = to_skeleton(w.cut, 0, end)
        if end < LEAST_SHORTENED or end > MOST_SHORTENED:
            continue
        for k in range(end):  # the head is always kept: 0 stands for none left out
            _add_key(w, hash_of(w.cut, 0, end, SHORTENED_MARK, k if k else -1), 0, first, size, w.reading[r + 5], 0)
    return 0
