# What other compiled modules see of resolver.trees; where it runs interpreted this file is not read.

cdef class Forest:
    cdef const unsigned char[::1] feature
    cdef const float[::1] threshold, value
    cdef const unsigned int[::1] lower, upper, roots  # lower: next node when value <= threshold
    cdef Py_ssize_t width  # numbers of a row of input
    cdef Py_ssize_t trees

cdef double tree_sum(Forest forest, float[::1] row, Py_ssize_t at) noexcept
cpdef void add_trees(Forest forest, float[::1] rows, Py_ssize_t count, float[::1] out)
