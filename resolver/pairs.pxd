# What other compiled modules see of resolver.pairs; where it runs interpreted this file is not read.

from resolver.proposer cimport Proposer

cdef int runs(Proposer p, Py_ssize_t count, str text) except? -1
