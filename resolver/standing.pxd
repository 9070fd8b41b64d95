# What other compiled modules see of resolver.standing; where it runs interpreted this file is not read.

cdef class Standings:
    cdef Py_ssize_t rows
    cdef double[::1] scores
    cdef unsigned int[::1] order, best

cdef void mark_nearest(float[::1] numbers, float[::1] cosines, Py_ssize_t count, Py_ssize_t width, const int[::1] places,
                       Py_ssize_t near, Py_ssize_t similar, unsigned char[::1] marks, Standings s) noexcept
cdef Py_ssize_t move_marked(unsigned int[::1] rows, float[::1] numbers, float[::1] cosines, Py_ssize_t width,
                            unsigned char[::1] marks) noexcept
cpdef Py_ssize_t keep_nearest(unsigned int[::1] rows, float[::1] numbers, float[::1] cosines, Py_ssize_t width,
                              const int[::1] places, Py_ssize_t near, Py_ssize_t similar)
cpdef list likest(const float[::1] values, Py_ssize_t most)
cpdef void add_by_kind(float[::1] odds, const unsigned int[::1] aliases, const unsigned char[::1] flags, int bits,
                       const double[::1] extra)
cpdef void add_by_number(float[::1] odds, const float[::1] numbers, Py_ssize_t width, Py_ssize_t place, double several, double one)
cpdef double line_at(const double[::1] slope, const float[::1] numbers)
cpdef Py_ssize_t order_entities(const float[::1] odds, const unsigned int[::1] rows, const unsigned int[::1] owners,
                                unsigned int[::1] entities, unsigned int[::1] best, Standings s)
cpdef void write_first(const float[::1] odds, const float[::1] cosines, const float[::1] numbers, Py_ssize_t width,
                       const int[::1] places, const unsigned int[::1] owners, const unsigned int[::1] best, float[::1] out)
