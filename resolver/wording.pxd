# What other compiled modules see of resolver.wording; where it runs interpreted this file is not read.

from resolver.forms cimport Forms
from resolver.scan cimport Automaton

cdef class Words:
    cdef Automaton automaton
    cdef Forms forms
    cdef object read
    cdef unsigned long long[::1] slots  # hash of a surface, and its number + 1
    cdef unsigned long long slot_mask
    cdef unsigned int[::1] surface  # code points of all surfaces, one behind the other
    cdef unsigned int[::1] word  # FIELDS numbers a word: where its surface begins, its first reading, what it is
    cdef unsigned char[::1] latin, symbols  # letters, and codes, of all readings
    cdef unsigned long long[::1] key  # two numbers a reading: its key, what the trie says of it
    cdef unsigned int[::1] reading  # READING numbers a reading
    cdef unsigned char[::1] spare, cut
    cdef unsigned int[::1] code
    cdef readonly Py_ssize_t words, readings
    cdef Py_ssize_t surface_end, latin_end, symbols_end

cdef Py_ssize_t word_of(Words w, unsigned int[::1] code, Py_ssize_t start, Py_ssize_t end, str text) except? -1
cdef int settle(Words w) except? -1
cpdef object doubled(object old, str code)
