# What other compiled modules see of resolver.align; where it runs interpreted this file is not read.

from resolver.edits cimport Costs
from resolver.standing cimport Standings
from resolver.strings cimport Lines

cdef class Table:
    cdef const unsigned int[::1] row_start, row_words, row_legal
    cdef const unsigned char[::1] row_origin, row_crowd
    cdef const unsigned int[::1] word_start, skeleton_start
    cdef const unsigned char[::1] word_symbols, skeletons, word_flags
    cdef const float[::1] word_rarity
    cdef const unsigned char* symbols  # where word_symbols begin ...
    cdef const unsigned char* sounds  # ... and skeletons
    cdef Py_ssize_t rows

cdef class Scratch:
    cdef list floats, ints, bytes
    cdef object words
    cdef Lines lines
    cdef float* line
    cdef float* cost
    cdef float* share
    cdef int* of_left
    cdef int* of_right
    cdef unsigned char* initial
    cdef unsigned char* done
    cdef unsigned char* left
    cdef unsigned char* right
    cdef unsigned long long* memo
    cdef float* memo_cost
    cdef float* memo_share
    cdef unsigned char* memo_initial

cpdef void compare_rows(Table left, Py_ssize_t row, Table right, const unsigned int[::1] rows, Py_ssize_t count, Costs costs, Costs contrast,
                        float[::1] out)

cdef class Lined:
    cdef Standings standings
    cdef int[::1] matches
    cdef unsigned int[::1] edited

cpdef Py_ssize_t near_rows(Table left, Py_ssize_t row, Table right, unsigned int[::1] rows, float[::1] cosines, unsigned char[::1] marks,
                           const int[::1] places, Py_ssize_t near, Py_ssize_t similar, Costs costs, Costs contrast, Lined lined,
                           float[::1] out)
