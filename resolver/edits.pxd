# What other compiled modules see of resolver.edits; where it runs interpreted this file is not read.

cdef const unsigned char* codes_at(const unsigned char[::1] view)
cdef const float* costs_at(const float[::1] view)
cdef float* floats_at(float[::1] view)
cdef int* ints_at(int[::1] view)
cdef unsigned int* uints_at(unsigned int[::1] view)
cdef unsigned char* bytes_at(unsigned char[::1] view)
cdef unsigned long long* words_at(unsigned long long[::1] view)

cdef class Costs:
    cdef const float[::1] swap  # origins x CODES x CODES
    cdef const float[::1] left_gap, right_gap  # origins x CODES: a symbol of one name has no counterpart
    cdef const float* swaps  # where the three begin
    cdef const float* left_gaps
    cdef const float* right_gaps
    cdef const unsigned char[::1] sieve
    cdef const unsigned long long[::1] known
    cdef const unsigned char[::1] known_costs  # in units of KNOWN_UNIT

cdef float distance(const unsigned char[::1] a, Py_ssize_t i, Py_ssize_t n, const unsigned char[::1] b, Py_ssize_t k, Py_ssize_t m,
                    Costs costs, int origin, bint turned, float[::1] line) noexcept
cdef float least_distance(const unsigned char[::1] a, Py_ssize_t i, Py_ssize_t n, const unsigned char[::1] b, Py_ssize_t k,
                          Py_ssize_t m, Costs costs, int origin, float limit) noexcept
cdef float edits(const unsigned char* a, Py_ssize_t i, Py_ssize_t n, const unsigned char* b, Py_ssize_t k, Py_ssize_t m,
                 Costs costs, int origin, bint turned, float* line) noexcept
cdef float swap_cost(Costs costs, int origin, bint turned, int a, int b) noexcept
cdef float known_cost(Costs costs, unsigned long long h) noexcept
