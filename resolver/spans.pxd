# What other compiled modules see of resolver.spans; where it runs interpreted this file is not read.

from resolver.readings cimport Found
from resolver.tokenizer cimport Room

cdef class Spans:
    cdef int[::1] row  # whole numbers of the readings, as they came
    cdef float[::1] share  # and their others
    cdef int[::1] order  # readings by span
    cdef int[::1] spare
    cdef int[::1] span
    cdef Py_ssize_t rows, kept, spans, room

cdef Py_ssize_t add_reading(Spans sp, int start, int end, int begin, int alias, int owner, int kind) except? -1
cdef int take_listed(Spans sp, Found found) except? -1
cdef int group(Spans sp) noexcept
cdef Py_ssize_t rows_before(int[::1] rows, Py_ssize_t width, Py_ssize_t count, int start) noexcept
cdef Py_ssize_t first_span(Spans sp, int start) noexcept
cdef bint has_span(Spans sp, int start, int end) noexcept
cdef bint is_inside(Spans sp, int start, int end) noexcept
cdef int drop_suffixed(Spans sp, Room s) noexcept
