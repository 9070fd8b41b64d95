# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""What all spans of one text say together: how often each surface stands there, in lower case too, and each entity's other surfaces.

One source, two roads, as in `resolver.tokenizer`. Surfaces are told apart by their 64-bit hashes.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from resolver import classes

if cython.compiled:
    from cython.cimports.resolver.forms import Forms, class_of
    from cython.cimports.resolver.spans import Spans
    from cython.cimports.resolver.tokenizer import Room, plain_hash
    from cython.cimports.resolver.tokens import FULL, MIX, PRIME, SEED
    from cython.cimports.resolver.vocabulary import doubled
else:
    from resolver.forms import Forms, class_of
    from resolver.spans import Spans
    from resolver.tokenizer import Room, plain_hash
    from resolver.tokens import FULL, MIX, PRIME, SEED
    from resolver.vocabulary import doubled

COMPILED = cython.compiled

ALNUM, LETTER = cython.declare(cython.uint, classes.ALNUM), cython.declare(cython.uint, classes.LETTER)
UPPER = cython.declare(cython.uint, classes.UPPER)
ROW, SPAN = cython.declare(cython.Py_ssize_t, 11), cython.declare(cython.Py_ssize_t, 5)  # as in `resolver.spans`
LISTED_KINDS = cython.declare(cython.int, 3)
LOWERED = cython.declare(cython.ulonglong, 0x51ED270B)  # set apart from surfaces, what stands in the same table
OWNED = cython.declare(cython.ulonglong, 0x2545F491)
# Numbers of an entry: how often, hints of persons, hints of places, first surface + 1 (of an entity); and of a surface of an entity:
# start, end, how often, the next one + 1.
ENTRY, SURFACE = cython.declare(cython.Py_ssize_t, 4), cython.declare(cython.Py_ssize_t, 4)


@cython.final
@cython.cclass
class Tallies:
    """Counts of one text: of surfaces, of words in lower case that are one in another case, and of entities."""

    def __init__(self):
        room = 64
        self.keys, self.entry = memoryview(array("Q", bytes(8 * room))), memoryview(array("i", bytes(4 * 4 * room)))
        self.surface, self.surface_hash = memoryview(array("i", bytes(4 * 4 * room))), memoryview(array("Q", bytes(8 * room)))
        self.entries = self.surfaces = self.lowered = 0


@cython.cfunc
@cython.exceptval(check=False)
def _clear(t: Tallies) -> cython.int:
    k: cython.Py_ssize_t
    if t.entries:
        for k in range(t.keys.shape[0]):
            t.keys[k] = 0
    t.entries = t.surfaces = t.lowered = 0
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _slot(t: Tallies, key: cython.ulonglong) -> cython.Py_ssize_t:
    """Key -> its slot, or the free one where it would be."""
    mask: cython.ulonglong = t.keys.shape[0] - 1
    slot: cython.ulonglong = (key >> 3) & mask
    while t.keys[slot] and t.keys[slot] != key:
        slot = (slot + 1) & mask
    return slot


@cython.cfunc
@cython.exceptval(-1)
def _enter(t: Tallies, key: cython.ulonglong) -> cython.Py_ssize_t:
    """Key -> where its entry begins; a new one is all zeros."""
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t
    slot: cython.Py_ssize_t
    if 2 * t.entries + 2 > t.keys.shape[0]:
        _grow(t)
    slot = _slot(t, key)
    at = ENTRY * slot
    if not t.keys[slot]:
        t.keys[slot] = key
        t.entries += 1
        for k in range(ENTRY):
            t.entry[at + k] = 0
    return at


@cython.cfunc
def _grow(t: Tallies):
    """Twice the slots."""
    k: cython.Py_ssize_t
    m: cython.Py_ssize_t
    at: cython.Py_ssize_t
    old: cython.ulonglong[::1] = t.keys
    values: cython.int[::1] = t.entry
    t.keys, t.entry = memoryview(array("Q", bytes(2 * 8 * len(old)))), memoryview(array("i", bytes(2 * 4 * len(values))))
    for k in range(old.shape[0]):
        if old[k]:
            at = _slot(t, old[k])
            t.keys[at] = old[k]
            for m in range(ENTRY):
                t.entry[ENTRY * at + m] = values[ENTRY * k + m]


@cython.cfunc
@cython.exceptval(check=False)
def _owner_key(forms: Forms, owner: cython.int) -> cython.ulonglong:
    """Entity -> its key: 64 bits mixed from its number, never 0."""
    h: cython.ulonglong = owner + OWNED
    h = (h * MIX) & FULL
    return (h ^ (h >> 32)) | 1


@cython.cfunc
@cython.exceptval(check=False)
def _lower_hash(forms: Forms, s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.ulonglong:
    """Span -> the key of the word in lower case, 0 when it is more than one word, or no word of letters."""
    h: cython.ulonglong = SEED
    k: cython.Py_ssize_t
    bits: cython.uint
    if end - start < 2:
        return 0
    for k in range(start, end):
        bits = class_of(forms.letters, s.code[k])
        if not bits & LETTER:
            return 0
        h = ((h ^ (bits >> 8)) * PRIME) & FULL
    return (h ^ (h >> 32) ^ LOWERED) | 1


@cython.cfunc
@cython.exceptval(-1)
def tally(
    forms: Forms, s: Room, size: cython.Py_ssize_t, sp: Spans, t: Tallies, hints: cython.float[::1], width: cython.Py_ssize_t,
    at: cython.Py_ssize_t,
) -> cython.int:
    """Text of so many characters and its spans -> the counts; hints of persons and of places are at `at` of a span's numbers."""
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    r: cython.Py_ssize_t
    e: cython.Py_ssize_t
    lower: cython.ulonglong
    _clear(t)
    for j in range(sp.spans):
        e = _enter(t, plain_hash(forms.letters, s.code, sp.span[SPAN * j], sp.span[SPAN * j + 1]))
        t.entry[e] += 1
        t.entry[e + 1] += cython.cast(cython.int, hints[width * j + at])
        t.entry[e + 2] += cython.cast(cython.int, hints[width * j + at + 1])
        lower = _lower_hash(forms, s, sp.span[SPAN * j], sp.span[SPAN * j + 1])
        if lower:
            _enter(t, lower)
            t.lowered += 1
        for k in range(sp.span[SPAN * j + 2], sp.span[SPAN * j + 3]):
            r = ROW * sp.order[k]
            if sp.row[r + 5] <= LISTED_KINDS:
                _add_surface(forms, s, t, sp.row[r + 4], sp.row[r + 2], sp.row[r + 1])
    if t.lowered:
        _count_lower(forms, s, size, t)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _add_surface(
    forms: Forms, s: Room, t: Tallies, owner: cython.int, start: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.int:
    """A surface of an entity -> it is counted with those that it has had."""
    e: cython.Py_ssize_t = _enter(t, _owner_key(forms, owner))
    h: cython.ulonglong = plain_hash(forms.letters, s.code, start, end)
    k: cython.Py_ssize_t = t.entry[e + 3] - 1
    t.entry[e] += 1
    while k >= 0:
        if t.surface_hash[k] == h:
            t.surface[SURFACE * k + 2] += 1
            return 0
        k = t.surface[SURFACE * k + 3] - 1
    if t.surfaces == t.surface_hash.shape[0]:
        t.surface, t.surface_hash = doubled(t.surface, "i"), doubled(t.surface_hash, "Q")
    k = SURFACE * t.surfaces
    t.surface_hash[t.surfaces] = h
    t.surface[k], t.surface[k + 1], t.surface[k + 2], t.surface[k + 3] = start, end, 1, t.entry[e + 3]
    t.surfaces += 1
    t.entry[e + 3] = t.surfaces
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _count_lower(forms: Forms, s: Room, size: cython.Py_ssize_t, t: Tallies) -> cython.int:
    """Text of so many characters -> how often each word that was asked for stands there by itself, in lower case."""
    at: cython.Py_ssize_t = 0
    start: cython.Py_ssize_t
    slot: cython.Py_ssize_t
    bits: cython.uint
    h: cython.ulonglong
    while at < size:
        bits = class_of(forms.letters, s.code[at])
        if not bits & ALNUM:
            at += 1
            continue
        start, h = at, SEED
        if bits & UPPER:
            while at < size and class_of(forms.letters, s.code[at]) & ALNUM:
                at += 1
            continue
        while bits & ALNUM:
            h = ((h ^ s.code[at]) * PRIME) & FULL
            at += 1
            bits = class_of(forms.letters, s.code[at])
        slot = _slot(t, (h ^ (h >> 32) ^ LOWERED) | 1)
        if t.keys[slot] and not _is_joined(s, start, at):
            t.entry[ENTRY * slot] += 1
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _is_joined(s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.bint:
    """A word -> whether it is part of a longer one: behind an apostrophe or a hyphen, or before a hyphen."""
    left: cython.uint = s.code[start - 1] if start else 0
    right: cython.uint = s.code[end]
    return left == 95 or left == 39 or left == 0x2019 or left == 45 or right == 95 or right == 45


@cython.cfunc
@cython.exceptval(check=False)
def count_of(t: Tallies, h: cython.ulonglong, field: cython.Py_ssize_t) -> cython.int:
    """Hash of a surface -> how often it stands in the text (0), hints of persons (1) and of places (2) beside it."""
    slot: cython.Py_ssize_t = _slot(t, h)
    return t.entry[ENTRY * slot + field] if t.keys[slot] else 0


@cython.cfunc
@cython.exceptval(check=False)
def lower_count(forms: Forms, s: Room, t: Tallies, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.int:
    """Span -> how often its word stands in the text in lower case."""
    h: cython.ulonglong = _lower_hash(forms, s, start, end)
    return count_of(t, h, 0) if h else 0


@cython.cfunc
@cython.exceptval(check=False)
def others_of(
    forms: Forms, s: Room, t: Tallies, owner: cython.int, h: cython.ulonglong, start: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.int:
    """Entity and a surface with its hash -> 2 x how often the entity stands in the text by other surfaces, + 1 if one holds this one."""
    slot: cython.Py_ssize_t = _slot(t, _owner_key(forms, owner))
    k: cython.Py_ssize_t
    others: cython.int
    longer: cython.bint = False
    if not t.keys[slot]:
        return 0
    others, k = t.entry[ENTRY * slot], t.entry[ENTRY * slot + 3] - 1
    while k >= 0:
        if t.surface_hash[k] == h:
            others -= t.surface[SURFACE * k + 2]
        elif not longer:
            longer = _holds(s, t.surface[SURFACE * k], t.surface[SURFACE * k + 1], start, end)
        k = t.surface[SURFACE * k + 3] - 1
    return 2 * others + longer


@cython.cfunc
@cython.exceptval(check=False)
def _holds(
    s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t, part: cython.Py_ssize_t, part_end: cython.Py_ssize_t
) -> cython.bint:
    """Two spans -> whether the letters of the first, which is longer, hold those of the second."""
    at: cython.Py_ssize_t
    k: cython.Py_ssize_t
    size: cython.Py_ssize_t = part_end - part
    if end - start == size:
        return False
    for at in range(start, end - size + 1):
        k = 0
        while k < size and s.code[at + k] == s.code[part + k]:
            k += 1
        if k == size:
            return True
    return False
