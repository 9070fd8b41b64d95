# What other compiled modules see of resolver.readings; where it runs interpreted this file is not read.

from resolver.forms cimport Forms, Surface
from resolver.tokenizer cimport Room

cdef class Found:
    cdef int[::1] row
    cdef int[::1] demonym
    cdef int[::1] span  # of `resolver.certain`: there are no more spans than readings
    cdef Py_ssize_t rows, demonyms, room
    cdef Surface surface

cdef int find_listed(Forms forms, Room room, Found found, str text, unsigned int types, object sets) except? -1
