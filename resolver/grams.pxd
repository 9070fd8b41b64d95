# What other compiled modules see of resolver.grams; where it runs interpreted this file is not read.

cdef class Counted:
    cdef const unsigned int[::1] keys, counts

cpdef int row_keys(const unsigned int[::1] words, unsigned int first, unsigned int last, const unsigned int[::1] starts,
                   const unsigned char[::1] codes, int view, unsigned char[::1] text, unsigned int[::1] out)
cpdef void weigh_rows(const unsigned int[::1] rows, Py_ssize_t count, const unsigned int[::1] row_start,
                      const unsigned int[::1] words, const unsigned int[::1] starts, const unsigned char[::1] codes, int view,
                      const unsigned int[::1] wanted, const float[::1] weights, float[::1] sums)
