# What other compiled modules see of resolver.readings; where it runs interpreted this file is not read.

from resolver.forms cimport Surface

cdef class Found:
    cdef int[::1] row
    cdef int[::1] demonym
    cdef Py_ssize_t rows, demonyms, room
    cdef Surface surface
