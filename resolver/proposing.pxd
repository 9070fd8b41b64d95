# What other compiled modules see of resolver.proposing; where it runs interpreted this file is not read.

from resolver.proposer cimport Proposer
from resolver.readings cimport Found
from resolver.spans cimport Spans
from resolver.tokenizer cimport Room

cdef int propose(Proposer p, Room room, Found found, str text, unsigned int types, object sets, Spans sp) except? -1
