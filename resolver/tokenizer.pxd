# What other compiled modules see of resolver.tokenizer; where it runs interpreted this file is not read.

cdef class Letters:
    cdef const unsigned int[::1] fold, long, case

cdef class Room:
    cdef unsigned int[::1] code  # code points of the text
    cdef unsigned int[::1] letter  # folded letters of all tokens, one behind the other
    cdef int[::1] token  # FIELDS numbers a token: start, end, gap, properties, first letter, end of letters
    cdef unsigned long long[::1] hash  # of each token's letters
    cdef int[::1] hit  # HIT numbers (start, end, node, one to spare) of each place where a listed form stands
    cdef unsigned long long[::1] stack
    cdef unsigned long long[::1] rest  # of a token without its proclitics: letters that are cut off, hash of the others
    cdef readonly Py_ssize_t size
    cdef Py_ssize_t tokens, hits

cpdef int load(Room room, str text) except? -1
cdef Py_ssize_t tokenize(Letters a, Room s, Py_ssize_t n) noexcept nogil
cdef unsigned long long letters_hash(unsigned int[::1] letter, Py_ssize_t start, Py_ssize_t end) noexcept nogil
cpdef unsigned long long plain_hash(Letters a, unsigned int[::1] code, Py_ssize_t start, Py_ssize_t end) noexcept
