# What other compiled modules see of resolver.finding; where it runs interpreted this file is not read.

from resolver.align cimport Table
from resolver.sums cimport Sums

cdef class Postings:
    cdef Table table
    cdef double searched  # rows
    cdef const float[::1] norms  # VIEWS for each row: 1 / the lengths that it has in them
    cdef list keys  # of each view its distinct keys, sorted, ...
    cdef list starts  # ... where the rows of each start, and where the last end ...
    cdef list rows  # ... and the rows

cdef class Seeker:
    cdef Sums sums
    cdef const int[::1] budgets, rooms, rough
    cdef unsigned char[::1] text
    cdef unsigned int[::1] wanted  # keys of the three views, sorted, each once: MAX_KEYS places a view
    cdef unsigned int[::1] places  # of each among the keys of the family
    cdef float[::1] weights  # of each, 0 where no row has it
    cdef int[::1] counts  # of each view its keys
    cdef float[::1] lengths  # of each view 1 / the length of the query
    cdef unsigned int[::1] found  # rough rows, and the sums of each in three views
    cdef float[::1] sums_found
    cdef unsigned int touched

cdef class Sorted:
    cdef const unsigned long long[::1] keys
    cdef const unsigned int[::1] values

cpdef Py_ssize_t find(Seeker s, Postings p, Table table, Py_ssize_t row, const unsigned char[::1] allowed, unsigned int[::1] rows,
                      float[::1] cosines) except? -1
