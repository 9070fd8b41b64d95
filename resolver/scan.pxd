# What other compiled modules see of resolver.scan; where it runs interpreted this file is not read.

from resolver.tokenizer cimport Room
from resolver.walks cimport Automaton

cdef unsigned long long root_of(Automaton a, unsigned long long h) noexcept nogil
cdef bint goes_on(Automaton a, unsigned long long first, unsigned long long second) noexcept nogil
cdef Py_ssize_t find_hits(Automaton a, Room s) noexcept nogil
cdef unsigned long long start_slot(unsigned long long h, unsigned long long words) noexcept nogil
cdef unsigned long long pair_slot(unsigned long long first, unsigned long long second, unsigned long long words) noexcept nogil
cdef unsigned long long pair_mask(unsigned long long first, unsigned long long second) noexcept nogil
