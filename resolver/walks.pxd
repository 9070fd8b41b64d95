# What other compiled modules see of resolver.walks; where it runs interpreted this file is not read.

from resolver.tokenizer cimport Letters, Room

cdef class Automaton:
    cdef Letters letters
    cdef const unsigned long long[::1] tokens, edges, starts, pairs
    cdef const unsigned int[::1] posting_at
    cdef unsigned long long token_mask, edge_mask
    cdef unsigned long long low  # literals above 2**31 are Python objects to Cython: a field instead

cdef unsigned long long find_token(Automaton a, unsigned long long h) noexcept nogil
cdef unsigned long long child_of(Automaton a, unsigned long long node, unsigned long long found) noexcept nogil
cpdef unsigned long long edge_slot(unsigned long long key) noexcept nogil
cdef int passable(int gap) noexcept nogil
cdef int walk(Automaton a, Room s, Py_ssize_t first, Py_ssize_t count, int start, unsigned long long head) noexcept nogil
cdef int record(Automaton a, Room s, int start, Py_ssize_t t, unsigned long long node) noexcept nogil
