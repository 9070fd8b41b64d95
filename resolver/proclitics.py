# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A token of Arabic or Hebrew script -> what it may be without the words of one letter that are written in front of another.

One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.resolver.tokenizer import Room, letters_hash
    from cython.cimports.resolver.tokens import FIELDS, TOKEN_ARABIC
else:
    from resolver.tokenizer import Room, letters_hash
    from resolver.tokens import FIELDS, TOKEN_ARABIC

COMPILED = cython.compiled

LEAST = cython.declare(cython.Py_ssize_t, 4)  # letters of a token that one may be cut off from


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def proclitics(s: Room, t: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Token -> in `rest` of the room how many letters are cut off, and the hash of the others, for each way to; how many there are."""
    w0: cython.Py_ssize_t = s.token[FIELDS * t + 4]
    w: cython.Py_ssize_t = s.token[FIELDS * t + 5]
    return _arabic(s, w0, w) if s.token[FIELDS * t + 3] & TOKEN_ARABIC else _hebrew(s, w0, w)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _put(
    s: Room, k: cython.Py_ssize_t, cut: cython.Py_ssize_t, start: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.Py_ssize_t:
    """Letters [start, end), before which so many count as cut off -> they are way k; returns how many ways there are now."""
    s.rest[2 * k] = cython.cast(cython.ulonglong, cut)
    s.rest[2 * k + 1] = letters_hash(s.letter, start, end)
    return k + 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _arabic(s: Room, w0: cython.Py_ssize_t, w: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """wa- fa-, then bi- ka- li-; li- + al- is ll-."""
    cut: cython.Py_ssize_t = 0
    k: cython.Py_ssize_t = 0
    letter: cython.uint
    while cut < 2 and w - w0 - cut >= LEAST:
        letter = s.letter[w0 + cut]
        if letter == 0x648 or letter == 0x641:  # waw, feh: only in front
            if cut:
                return k
            cut = 1
        elif letter == 0x628 or letter == 0x643 or letter == 0x644:  # beh, kaf, lam
            cut += 1
            if letter == 0x644 and s.letter[w0 + cut] == 0x644 and w - w0 - cut >= LEAST:
                k = _put(s, k, cut, w0 + cut + 1, w)
            return _put(s, k, cut, w0 + cut, w)
        else:
            return k
        k = _put(s, k, cut, w0 + cut, w)
    return k


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _hebrew(s: Room, w0: cython.Py_ssize_t, w: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """ve-, be-, le-, mi-, ke-, she-, ha-, and two of them."""
    cut: cython.Py_ssize_t = 0
    k: cython.Py_ssize_t = 0
    letter: cython.uint
    while cut < 2 and w - w0 - cut >= LEAST:
        letter = s.letter[w0 + cut]
        if letter not in (0x5D5, 0x5D1, 0x5DC, 0x5DE, 0x5DB, 0x5E9, 0x5D4):  # vav, bet, lamed, mem, kaf, shin, he
            return k
        cut += 1
        k = _put(s, k, cut, w0 + cut, w)
    return k
