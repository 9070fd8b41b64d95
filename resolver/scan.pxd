# What other compiled modules see of resolver.scan; where it runs interpreted this file is not read.

from resolver.tokenizer cimport Letters, Room

cdef class Automaton:
    cdef Letters letters
    cdef const unsigned long long[::1] tokens, edges, starts, pairs
    cdef const unsigned int[::1] posting_at
    cdef unsigned long long token_mask, edge_mask
    cdef unsigned long long low  # literals above 2**31 are Python objects to Cython: a field instead

cdef unsigned long long find_token(Automaton a, unsigned long long h) noexcept nogil
cdef unsigned long long child_of(Automaton a, unsigned long long node, unsigned long long found) noexcept nogil
cdef unsigned long long root_of(Automaton a, unsigned long long h) noexcept nogil
cdef bint goes_on(Automaton a, unsigned long long first, unsigned long long second) noexcept nogil
cdef Py_ssize_t find_hits(Automaton a, Room s) noexcept nogil
cpdef unsigned long long edge_slot(unsigned long long key) noexcept nogil
cdef unsigned long long start_slot(unsigned long long h, unsigned long long words) noexcept nogil
cdef unsigned long long pair_slot(unsigned long long first, unsigned long long second, unsigned long long words) noexcept nogil
cdef unsigned long long pair_mask(unsigned long long first, unsigned long long second) noexcept nogil
