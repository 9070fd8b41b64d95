# What other compiled modules see of resolver.weighing; where it runs interpreted this file is not read.

from resolver.context cimport Document
from resolver.proposer cimport Proposer
from resolver.shorts cimport Shorts
from resolver.trees cimport Forest

cdef class Weigher:
    cdef Document document
    cdef Proposer proposer
    cdef Forest listed, unlisted
    cdef float listed_start, unlisted_start
    cdef object alike
    cdef Shorts shorts
    cdef float[::1] row  # evidence of the readings of a span
    cdef unsigned int[::1] bits  # the same memory
    cdef double[::1] score
    cdef unsigned long long[::1] known_key  # evidence, by its hash, and what the trees said of it last
    cdef float[::1] known
    cdef double least  # log odds that it was asked for
