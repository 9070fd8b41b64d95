# What other compiled modules see of resolver.vocabulary; where it runs interpreted this file is not read.

from resolver.forms cimport Forms
from resolver.walks cimport Automaton

cdef class Words:
    cdef Automaton automaton
    cdef Forms forms
    cdef object read
    cdef unsigned long long[::1] slots  # half of the hash of a surface, and its number + 1
    cdef unsigned long long slot_mask
    cdef unsigned int[::1] surface  # code points of all surfaces, one behind the other
    cdef unsigned int[::1] word  # WORD numbers a word
    cdef unsigned char[::1] latin, symbols  # letters, and codes, of all readings
    cdef unsigned long long[::1] key  # of each reading
    cdef unsigned int[::1] reading  # READING numbers a reading
    cdef unsigned char[::1] spare, cut
    cdef unsigned char[::1] bone  # the skeleton of the first reading of the word that is made
    cdef Py_ssize_t bones  # and its length
    cdef unsigned int[::1] code
    cdef readonly Py_ssize_t words, readings
    cdef Py_ssize_t surface_end, latin_end, symbols_end

cdef unsigned long long hash_at(Words w, unsigned int[::1] code, Py_ssize_t start, Py_ssize_t end) noexcept
cdef unsigned long long slot_of(Words w, unsigned long long h) noexcept
cdef unsigned long long free_slot(Words w, unsigned long long h) noexcept
cdef int known_word(
    Words w, unsigned long long slot, unsigned long long h, unsigned int[::1] code, Py_ssize_t start, Py_ssize_t end
) noexcept
cdef bint is_word(Words w, Py_ssize_t number, unsigned int[::1] code, Py_ssize_t start, Py_ssize_t end) noexcept
cdef bint is_full(Words w, Py_ssize_t size) noexcept
cdef object grow(Words w, Py_ssize_t size)
cdef int settle(Words w) except? -1
cpdef object doubled(object old, str code)
