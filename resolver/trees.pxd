# What other compiled modules see of resolver.trees; where it runs interpreted this file is not read.

cdef class Forest:
    cdef unsigned char[::1] feature, depth  # depth: of each tree
    cdef float[::1] threshold, value
    cdef unsigned int[::1] first  # where to go when a number is at most the threshold; when not, to the one behind
    cdef unsigned int[::1] roots
    cdef unsigned char* features  # where the four begin
    cdef unsigned int* firsts
    cdef float* thresholds
    cdef float* values
    cdef double[::1] below, above  # the least and the most that a tree and those behind it can add
    cdef Py_ssize_t width  # numbers of a row of input
    cdef Py_ssize_t trees

cdef double tree_sum(Forest forest, float[::1] row, Py_ssize_t at) noexcept
cdef double sum_from(Forest forest, float[::1] row, Py_ssize_t at, double least) noexcept
cdef bint reaches(Forest forest, float[::1] row, Py_ssize_t at, double least) noexcept
cpdef void add_trees(Forest forest, float[::1] rows, Py_ssize_t count, float[::1] out)
