# What other compiled modules see of resolver.wording; where it runs interpreted this file is not read.

from resolver.vocabulary cimport Words

cdef unsigned int bits_of(Words w, Py_ssize_t number) noexcept
cdef Py_ssize_t word_of(Words w, unsigned int[::1] code, Py_ssize_t start, Py_ssize_t end, str text) except? -1
