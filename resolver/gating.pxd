# What other compiled modules see of resolver.gating; where it runs interpreted this file is not read.

from resolver.proposer cimport Proposer
from resolver.readings cimport Found

cdef bint holds_listed(Found found, int start, int end) noexcept
cdef int look(Proposer p, Found found, Py_ssize_t k, str text) except? -1
cdef bint passes(Proposer p, Found found, Py_ssize_t k, str text) except? -1
cdef int sift(Proposer p, Py_ssize_t number, Py_ssize_t m, Py_ssize_t first, str text) except? -1
cdef bint is_sifted_out(Proposer p, Py_ssize_t number, Py_ssize_t m) noexcept
