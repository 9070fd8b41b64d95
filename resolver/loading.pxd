# What other compiled modules see of resolver.loading; where it runs interpreted this file is not read.

cdef extern from "Python.h":
    Py_UCS4* PyUnicode_AsUCS4(object text, unsigned int* letters, Py_ssize_t size, int null_too)

cdef int load_codes(unsigned int[::1] code, str text, Py_ssize_t n) noexcept
