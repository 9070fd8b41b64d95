# What other compiled modules see of resolver.tokenizer; where it runs interpreted this file is not read.

cdef class Letters:
    cdef const unsigned int[::1] fold, long, case
    cdef unsigned char[::1] flat  # of each code point, compiled: as `resolver.runs` has it

cdef class Room:
    cdef unsigned int[::1] code  # code points of the text
    cdef unsigned int[::1] letter  # folded letters of all tokens, one behind the other; compiled: of those that could be joined to another
    cdef int[::1] token  # FIELDS numbers a token: start, end, gap, properties, first letter, end of letters
    cdef unsigned long long[::1] hash  # of each token's letters
    cdef int[::1] hit  # HIT numbers (start, end, node, one to spare) of each place where a listed form stands
    cdef unsigned long long[::1] stack
    cdef unsigned long long[::1] rest  # of a token without its proclitics: letters that are cut off, hash of the others
    cdef unsigned char[::1] flat  # a byte for each code point, as `resolver.runs` has it
    cdef int[::1] edge  # where runs of bytes that are not 0 begin and end, by turns
    cdef int[::1] place  # tokens that `resolver.scan` looks at twice
    cdef unsigned int[::1] node  # what it then found of each
    cdef readonly Py_ssize_t size
    cdef Py_ssize_t tokens, hits
    cdef Py_ssize_t letters, last  # where the next letter goes; end of the last token, with what cannot be seen behind it
    cdef int gap  # what lies behind the last token, so far
    cdef int narrow  # 1 where every code point is below 256
    cdef int odd  # 1 where some byte of `flat` is no letter of ASCII

cpdef int load(Room room, str text) except? -1
cdef Py_ssize_t tokenize(Letters a, Room s, Py_ssize_t n) noexcept nogil
cdef int by_letter(Letters a, Room s, Py_ssize_t i, Py_ssize_t n) noexcept nogil
cdef unsigned int beyond(unsigned int code) noexcept nogil
cdef int gap_bit(unsigned int f, int gap) noexcept nogil
cdef unsigned long long absorb(unsigned long long h, unsigned long long eight_) noexcept nogil
cdef unsigned long long mixed(unsigned long long h) noexcept nogil
cdef unsigned long long letters_hash(unsigned int[::1] letter, Py_ssize_t start, Py_ssize_t end) noexcept nogil
cpdef unsigned long long plain_hash(Letters a, unsigned int[::1] code, Py_ssize_t start, Py_ssize_t end) noexcept
