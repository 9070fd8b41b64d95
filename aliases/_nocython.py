"""Stand-in for `import cython` where Cython is not installed: the names that the compiled sources use, doing nothing."""

from contextlib import nullcontext

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


def cast(_type, value):
    return value


class _Type:
    """A C type; `uint[::1]`, a view of such values, is one as well."""

    def __getitem__(self, _dimensions):
        return self


const = int = uint = ushort = ulonglong = Py_ssize_t = bint = float = double = uchar = _Type()
