# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A text as Python keeps it -> its code points in working memory, and whether something in it may be a disguise.

Only the compiled road takes it; the interpreted one asks `aliases.fold` (`resolver.tokenizer.load`).
"""

from __future__ import annotations

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.cpython.unicode import PyUnicode_DATA, PyUnicode_KIND
    from cython.cimports.libc.string import memchr
    from cython.cimports.resolver.loading import PyUnicode_AsUCS4

COMPILED = cython.compiled

# Characters below 256 that may begin a disguise: entities, tags, emphasis, ESC; soft hyphen and micro sign.
_ODD_CODES = cython.declare(cython.const[cython.uchar][::1], "&<*_\x1b\xad\xb5".encode("latin-1"))
_ODD = cython.declare(cython.const[cython.uchar][::1], bytes(code in bytes(_ODD_CODES) for code in range(256)))
ODD_COUNT = cython.declare(cython.Py_ssize_t, len(_ODD_CODES))


@cython.cfunc
@cython.exceptval(check=False)
def load_codes(code: cython.uint[::1], text: str, n: cython.Py_ssize_t) -> cython.int:
    """Text of n characters, of one, two or four bytes each -> its code points and a zero; 1 when it is surely no disguise, else 0."""
    i: cython.Py_ssize_t
    c: cython.uint
    kind: cython.int = PyUnicode_KIND(text)
    letters: cython.p_void = PyUnicode_DATA(text)
    wide: cython.p_ushort = cython.cast(cython.p_ushort, letters)
    odd_of: cython.const[cython.uchar][::1] = _ODD
    odd: cython.int = 0
    if kind == 1:
        _widen(cython.address(code[0]), cython.cast(cython.p_uchar, letters), n)
        return _plain_narrow(code, cython.cast(cython.p_uchar, letters), n)
    PyUnicode_AsUCS4(text, cython.address(code[0]), n + 1, 1)
    if kind == 2:
        for i in range(n):
            c = wide[i]
            if c < 256:
                odd |= odd_of[c]
            elif 0x370 <= c < 0x600 or c == 0x2126:
                odd = 1
    else:
        odd = 1
    return _plain(code, n) if odd else 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _widen(code: cython.p_uint, letters: cython.p_uchar, n: cython.Py_ssize_t) -> cython.int:
    """Text of one byte a character -> its code points and a zero: a loop that compilers make take many at a time."""
    i: cython.Py_ssize_t
    for i in range(n):
        code[i] = letters[i]
    code[n] = 0
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _plain_narrow(code: cython.uint[::1], letters: cython.p_uchar, n: cython.Py_ssize_t) -> cython.int:
    """Code points, a zero behind them, and the text of one byte each -> as `_plain` answers, by a search for each odd byte."""
    k: cython.Py_ssize_t
    at: cython.p_uchar
    for k in range(ODD_COUNT):
        at = cython.cast(cython.p_uchar, memchr(letters, _ODD_CODES[k], n))
        while at:
            if _begins_disguise(code, at - letters):
                return 0
            at = cython.cast(cython.p_uchar, memchr(at + 1, _ODD_CODES[k], n - (at + 1 - letters)))
    return 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _plain(code: cython.uint[::1], n: cython.Py_ssize_t) -> cython.int:
    """Code points, a zero behind them -> 0 when something in them may be a disguise: the few characters that begin one."""
    odd_of: cython.const[cython.uchar][::1] = _ODD
    i: cython.Py_ssize_t
    for i in range(n):
        if (odd_of[code[i]] if code[i] < 256 else 1) and _begins_disguise(code, i):
            return 0
    return 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _begins_disguise(code: cython.uint[::1], i: cython.Py_ssize_t) -> cython.int:
    """Place of an odd character -> whether a disguise may begin there."""
    c: cython.uint = code[i]
    if c >= 0x80:  # soft hyphens, Greek and Cyrillic, which may stand for Latin letters, Hebrew with its quotation marks
        return 0x370 <= c < 0x600 or c == 0xAD or c == 0xB5 or c == 0x2126 or 0x1D6A8 <= c < 0x1D7CC
    if c == 38:
        return _may_be_entity(code, i + 1)
    if c == 27:  # ESC
        return 1
    if c == 60:  # < before ! / or the first letter of a tag
        c = code[i + 1]
        return c == 33 or c == 47 or c == 98 or c == 105 or c == 117 or c == 101 or c == 115 or c == 109 or c == 102 or c == 119
    return (c == 42 or c == 95) and code[i + 1] == c  # ** __


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _may_be_entity(code: cython.uint[::1], i: cython.Py_ssize_t) -> cython.int:
    """Place behind an ampersand -> whether letters, digits and # lead from it to a semicolon."""
    c: cython.uint = code[i]
    while 48 <= c <= 57 or 65 <= c <= 90 or 97 <= c <= 122 or c == 35:
        i += 1
        c = code[i]
    return 1 if c == 59 else 0
