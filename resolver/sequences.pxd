# What other compiled modules see of resolver.sequences; where it runs interpreted this file is not read.

from resolver.proposer cimport Proposer

cdef int sequences(Proposer p, int[::1] list_, Py_ssize_t count, bint chosen, str text) except? -1
cdef int fetch_forms(Proposer p, Py_ssize_t first, Py_ssize_t last) noexcept
cdef int verify(
    Proposer p, unsigned long long node, Py_ssize_t depth, int start, int end, int skipped, bint whole_only
) except? -1
