# What other compiled modules see of resolver.left; where it runs interpreted this file is not read.

from resolver.align cimport Table

cdef class Left:
    cdef readonly Table table  # the name; its columns, to write to:
    cdef object rarity
    cdef Py_ssize_t most
    cdef dict words
    cdef unsigned int[::1] row_start, row_words, row_legal
    cdef unsigned char[::1] row_origin
    cdef unsigned int[::1] word_start, skeleton_start
    cdef unsigned char[::1] word_symbols, skeletons, word_flags
    cdef float[::1] word_rarity

cdef int take(Left s, object name) except? -1
