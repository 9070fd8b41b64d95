# What other compiled modules see of resolver.proclitics; where it runs interpreted this file is not read.

from resolver.tokenizer cimport Room

cdef Py_ssize_t proclitics(Room s, Py_ssize_t t) noexcept nogil
