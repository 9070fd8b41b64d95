# What other compiled modules see of resolver.tallies; where it runs interpreted this file is not read.

from resolver.forms cimport Forms
from resolver.spans cimport Spans
from resolver.tokenizer cimport Room

cdef class Tallies:
    cdef unsigned long long[::1] keys, surface_hash
    cdef int[::1] entry, surface
    cdef Py_ssize_t entries, surfaces, lowered

cdef int tally(
    Forms forms, Room s, Py_ssize_t size, Spans sp, Tallies t, float[::1] hints, Py_ssize_t width, Py_ssize_t at
) except? -1
cdef int count_of(Tallies t, unsigned long long h, Py_ssize_t field) noexcept
cdef int lower_count(Forms forms, Room s, Tallies t, Py_ssize_t start, Py_ssize_t end) noexcept
cdef int others_of(
    Forms forms, Room s, Tallies t, int owner, unsigned long long h, Py_ssize_t start, Py_ssize_t end
) noexcept
