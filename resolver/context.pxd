# What other compiled modules see of resolver.context; where it runs interpreted this file is not read.

from resolver.beside cimport Beside
from resolver.forms cimport Forms, Surface
from resolver.spans cimport Spans
from resolver.tallies cimport Tallies
from resolver.tokenizer cimport Room

cdef class Document:
    cdef Forms forms
    cdef object dress, ending
    cdef const unsigned int[::1] first_alias
    cdef Spans spans
    cdef Tallies tallies
    cdef Beside beside
    cdef Surface surface
    cdef float[::1] around  # numbers of `resolver.beside`, by span
    cdef Room room
    cdef str text
    cdef Py_ssize_t size
    # Of the span that is looked at: its best known, cheapest and likest reading, and the second of each.
    cdef int known, known_second
    cdef float cost, cost_second, alike, alike_second
    cdef bint inside  # a longer listed form covers it
    cdef unsigned int types  # of what the listed forms close by may mean

cdef int look_around(Document d, Room s, str text) except? -1
cdef int look_at_rivals(Document d, Py_ssize_t j) noexcept
cdef int evidence(Document d, Py_ssize_t j, Py_ssize_t r, float[::1] out, Py_ssize_t at) except? -1
