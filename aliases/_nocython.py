"""Stand-in for `import cython` where Cython is not installed: the names that the compiled sources use, doing nothing."""

import builtins
from contextlib import nullcontext
from math import trunc

compiled = False


class _Nogil(nullcontext):
    """`@cython.nogil` and `with cython.nogil:`."""

    def __call__(self, function):
        return function


nogil = _Nogil()


def _same(thing):
    return thing


cclass = cfunc = ccall = inline = final = _same


def exceptval(*_args, **_options):
    return _same


def declare(_type, value=None):
    return value


def cast(type_, value):
    """Type and value -> the value, as C would have it: a whole number where the type holds no others."""
    return trunc(value) if type_ in WHOLE and isinstance(value, builtins.float) else value


class _Type:
    """A C type; `uint[::1]`, a view of such values, is one as well."""

    def __getitem__(self, _dimensions):
        return self


const = float = double = _Type()
WHOLE = int, uint, ushort, ulonglong, Py_ssize_t, bint, uchar = tuple(_Type() for _ in range(7))
