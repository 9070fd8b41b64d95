# What other compiled modules see of resolver.proposals; where it runs interpreted this file is not read.

from resolver.proposer cimport Proposer

cdef int add(
    Proposer p, int start, int end, unsigned int alias, int entered, int words, int skeleton, int ending, int text_left,
    float mean, float worst, float form_left
) except? -1
cdef int keep(Proposer p, Py_ssize_t number, Py_ssize_t first) except? -1
cdef int add_kept(Proposer p, Py_ssize_t k, int start, int end) except? -1
cdef object forget(Proposer p)
