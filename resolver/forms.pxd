# What other compiled modules see of resolver.forms; where it runs interpreted this file is not read.

from resolver.tokenizer cimport Letters, Room
from resolver.walks cimport Automaton

cdef class Forms:
    cdef Letters letters
    cdef Automaton automaton
    cdef const unsigned int[::1] posting_at, postings, owner, list_set, bare, traits
    cdef const unsigned long long[::1] form, fold, words
    cdef const unsigned char[::1] flags, type
    cdef unsigned long long word_mask
    cdef unsigned int gap_bits

cdef class Surface:
    cdef Py_ssize_t start, end
    cdef unsigned long long hash, fold
    cdef unsigned int gaps
    cdef unsigned int first  # its first letter
    cdef int first_lower, words, letters
    cdef int common, english, personal, calendar  # words that are on these lists
    cdef bint upper, ordinary, plain_ready, ready
    cdef unsigned int[::1] folded

cdef unsigned int class_of(Letters a, unsigned int code) noexcept
cdef int look(Forms forms, Room s, Surface f, Py_ssize_t start, Py_ssize_t end) noexcept
cdef int closeness(Forms forms, Room s, Surface f, unsigned int alias, str text) except? -1
cdef Py_ssize_t article_start(Forms forms, Room s, Py_ssize_t start) noexcept
cdef object read_words(Forms forms, Room s, Surface f, Py_ssize_t start, Py_ssize_t end, str text)
cdef int bits_at(Forms forms, Room s, Py_ssize_t start, Py_ssize_t end) noexcept
cdef int bits_of_word(Forms forms, unsigned long long h) noexcept
