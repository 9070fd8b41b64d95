# What other compiled modules see of resolver.runs; where it runs interpreted this file is not read.

from resolver.tokenizer cimport Letters, Room

cdef int by_run(Letters a, Room s, Py_ssize_t n) noexcept nogil
cdef int narrow(Letters a) noexcept
