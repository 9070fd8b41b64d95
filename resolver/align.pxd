# What other compiled modules see of resolver.align; where it runs interpreted this file is not read.

cdef class Table:
    cdef const unsigned int[::1] row_start, row_words, row_legal
    cdef const unsigned char[::1] row_origin, row_crowd
    cdef const unsigned int[::1] word_start, skeleton_start
    cdef const unsigned char[::1] word_symbols, skeletons, word_flags
    cdef const float[::1] word_rarity
    cdef Py_ssize_t rows

cdef class Costs:
    cdef const float[::1] swap  # origins x CODES x CODES
    cdef const float[::1] left_gap, right_gap  # origins x CODES: a symbol of one name has no counterpart
    cdef const unsigned int[::1] known
    cdef const unsigned char[::1] known_costs  # in units of KNOWN_UNIT

cdef float distance(const unsigned char[::1] a, Py_ssize_t i, Py_ssize_t n, const unsigned char[::1] b, Py_ssize_t k, Py_ssize_t m,
                    Costs costs, int origin, bint turned, float[::1] line) noexcept
