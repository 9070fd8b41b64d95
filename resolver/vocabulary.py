# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""The words that texts held so far, each under its hash, with room for what `resolver.wording` makes of one.

Words come again and again, so what was made of one is kept: in flat arrays, up to MOST_WORDS of them.

One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.resolver.forms import Forms
    from cython.cimports.resolver.tokenizer import plain_hash
    from cython.cimports.resolver.walks import Automaton
else:
    from resolver.forms import Forms
    from resolver.tokenizer import plain_hash
    from resolver.walks import Automaton

COMPILED = cython.compiled

# Numbers of a word: where its surface begins; its first reading; what it is (bits, see `resolver.wording`); what `resolver.proposals`
# keeps of it (two numbers) and `resolver.gating` (one); characters of its surface; past its last reading.
WORD = cython.declare(cython.Py_ssize_t, 8)
MOST_WORDS = cython.declare(cython.Py_ssize_t, 1 << 15)
_ROOM = 1 << 12  # words that there is space for at first


@cython.final
@cython.cclass
class Words:
    """The words that were met, with their readings; `read` gives (shift, Latin letters, origin) for surfaces beyond ASCII."""

    def __init__(self, automaton: Automaton, forms: Forms, read):
        self.automaton, self.forms, self.read = automaton, forms, read
        self.code = memoryview(array("I", bytes(4 * 64)))
        self.spare, self.cut, self.bone = memoryview(bytearray(64)), memoryview(bytearray(64)), memoryview(bytearray(64))
        self.bones = 0
        _clear(self, _ROOM)


@cython.cfunc
def _clear(w: Words, room: cython.Py_ssize_t):
    """Forget every word; make room for so many."""
    w.slots = memoryview(array("Q", bytes(8 * 2 * room)))
    w.slot_mask = 2 * room - 1
    w.surface = memoryview(array("I", bytes(4 * 8 * room)))
    w.word = memoryview(array("I", bytes(4 * 8 * room)))
    w.latin = memoryview(bytearray(16 * room))
    w.symbols = memoryview(bytearray(16 * room))
    w.key = memoryview(array("Q", bytes(8 * 2 * room)))
    w.reading = memoryview(array("I", bytes(4 * 8 * 2 * room)))
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
def grow(w: Words, size: cython.Py_ssize_t):
    """Twice the room of what may be too small for one more word of so many code points; slots are filled anew."""
    if w.surface_end + size > w.surface.shape[0]:
        w.surface = doubled(w.surface, "I")
    if WORD * (w.words + 1) > w.word.shape[0]:
        w.word = doubled(w.word, "I")
    if w.latin_end + 8 * 64 > w.latin.shape[0]:
        w.latin = doubled(w.latin, "B")
    if w.symbols_end + 8 * 64 > w.symbols.shape[0]:
        w.symbols = doubled(w.symbols, "B")
    if w.readings + 64 > w.key.shape[0]:
        w.key, w.reading = doubled(w.key, "Q"), doubled(w.reading, "I")
    if 2 * w.words + 2 > cython.cast(cython.Py_ssize_t, w.slot_mask):
        _fill_slots(w)


@cython.cfunc
def _fill_slots(w: Words):
    """Twice the slots."""
    number: cython.Py_ssize_t
    h: cython.ulonglong
    w.slot_mask = 2 * w.slot_mask + 1
    w.slots = memoryview(array("Q", bytes(8 * (w.slot_mask + 1))))
    for number in range(1, w.words):
        h = plain_hash(w.automaton.letters, w.surface, w.word[WORD * number], w.word[WORD * number] + w.word[WORD * number + 6])
        w.slots[free_slot(w, h)] = h >> 32 << 32 | cython.cast(cython.ulonglong, number + 1)


@cython.cfunc
@cython.exceptval(check=False)
def free_slot(w: Words, h: cython.ulonglong) -> cython.ulonglong:
    """Hash of a word that has no slot -> the slot for it."""
    at: cython.ulonglong = (h >> 3) & w.slot_mask
    while w.slots[at]:
        at = (at + 1) & w.slot_mask
    return at


@cython.ccall
def doubled(old, code: str):
    """View -> one of twice the length that begins with the same."""
    new = memoryview(array(code, bytes(2 * len(old) * array(code).itemsize)))
    new[: len(old)] = old
    return new


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def hash_at(w: Words, code: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.ulonglong:
    """Code points of a text from `start` to `end` -> the hash of that word."""
    return plain_hash(w.automaton.letters, code, start, end)


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def slot_of(w: Words, h: cython.ulonglong) -> cython.ulonglong:
    """Hash of a word -> what its first slot holds."""
    return w.slots[(h >> 3) & w.slot_mask]


@cython.cfunc
@cython.exceptval(check=False)
def known_word(
    w: Words, slot: cython.ulonglong, h: cython.ulonglong, code: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.int:
    """What a slot holds, hash of a word and where it stands -> its number + 1 if it is in that slot, else 0."""
    number: cython.Py_ssize_t = cython.cast(cython.Py_ssize_t, slot & w.automaton.low)
    if number == 0 or (slot ^ h) >> 32 or not is_word(w, number - 1, code, start, end):
        return 0
    return cython.cast(cython.int, number)


@cython.cfunc
@cython.exceptval(check=False)
def is_full(w: Words, size: cython.Py_ssize_t) -> cython.bint:
    """Whether there may be no room for one more word of so many code points."""
    return (
        2 * w.words + 2 > cython.cast(cython.Py_ssize_t, w.slot_mask)
        or WORD * (w.words + 1) > w.word.shape[0]
        or w.surface_end + size > w.surface.shape[0]
        or w.latin_end + 8 * 64 > w.latin.shape[0]
        or w.symbols_end + 8 * 64 > w.symbols.shape[0]
        or w.readings + 64 > w.key.shape[0]
    )


@cython.cfunc
@cython.exceptval(check=False)
def is_word(w: Words, number: cython.Py_ssize_t, code: cython.uint[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.bint:
    """Number of a word, code points of a text -> whether these are its surface."""
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t = w.word[WORD * number]
    if w.word[WORD * number + 6] != end - start:
        return False
    for k in range(end - start):
        if w.surface[at + k] != code[start + k]:
            return False
    return True
