# What other compiled modules see of resolver.beside; where it runs interpreted this file is not read.

from resolver.forms cimport Forms
from resolver.tokenizer cimport Room

cdef class Beside:
    cdef Py_ssize_t low, high  # of what is looked at
    cdef Py_ssize_t left, left_end  # the word before the span, with its period
    cdef Py_ssize_t further, further_end  # and the one before that
    cdef int[::1] follow  # start and end of the words behind
    cdef Py_ssize_t follows
    cdef bint dotted, blank_left, blank_right  # a period ends the word before; nothing but blanks stands between
    cdef unsigned int left_bits, stem_bits, further_bits, right_bits  # lists of words: of the word before, of it without its period, ...
    cdef int count, capitals, shouted  # words around, those with a capital, those in capitals

cdef int look_beside(
    Forms forms, Room s, Beside b, Py_ssize_t size, Py_ssize_t start, Py_ssize_t end, float[::1] out, Py_ssize_t at
) noexcept
