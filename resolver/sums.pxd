# What other compiled modules see of resolver.sums; where it runs interpreted this file is not read.

cdef class Sums:
    cdef unsigned long long[::1] table  # row + 1 << 32 | its place in `rows`, 0 where the slot is empty
    cdef unsigned int[::1] slots  # of each of `rows` its slot in the table
    cdef unsigned int[::1] rows
    cdef float[::1] sums  # VIEWS of each of `rows`
    cdef Py_ssize_t count, most
    cdef bint plain  # whether each row of the family has a slot of its own, that of its number
    cdef unsigned char[::1] done  # of the keys of a view: whether they were added, or have no rows
    cdef float[::1] values  # the heaps of `choose` and `pick` ...
    cdef unsigned int[::1] ids  # ... and the places of rows that they hold
    cdef unsigned int[::1] places  # of a block of rows those that may come into a heap ...
    cdef float[::1] near  # ... and their norms
    cdef float[::1] least, squares  # for `_is_hopeless`

cdef void begin(Sums s, double rows) noexcept

cdef double weigh_keys(const unsigned int[::1] wanted, const unsigned int[::1] keys, const unsigned int[::1] starts, double total,
                       unsigned int[::1] places, float[::1] weights)
cdef object add(Sums s, int view, const unsigned int[::1] places, const float[::1] weights, const unsigned int[::1] starts,
                const unsigned int[::1] rows, Py_ssize_t budget)
cdef Py_ssize_t choose(Sums s, const float[::1] norms, const float[::1] lengths, const unsigned char[::1] allowed,
                       const int[::1] rooms, unsigned int[::1] rows, float[::1] sums)
cdef Py_ssize_t pick(Sums s, unsigned int[::1] rows, Py_ssize_t count, const float[::1] sums, const float[::1] norms,
                     const float[::1] lengths, const int[::1] rooms, unsigned int[::1] out, float[::1] cosines)
