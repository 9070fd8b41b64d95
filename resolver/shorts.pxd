# What other compiled modules see of resolver.shorts; where it runs interpreted this file is not read.

from resolver.forms cimport Forms
from resolver.spans cimport Spans
from resolver.tokenizer cimport Room

cdef class Shorts:
    cdef int[::1] slots, form, meaning
    cdef unsigned char[::1] lengths  # which lengths the forms have
    cdef Py_ssize_t forms, meanings, longest

cdef int add_surnames(Forms forms, Room s, Py_ssize_t size, Spans sp, Shorts sh) except? -1
cdef int add_acronyms(Forms forms, Room s, Py_ssize_t size, Spans sp, Shorts sh) except? -1
