# What other compiled modules see of aliases.keys; where it runs interpreted this file is not read.

cdef Py_ssize_t to_symbols(unsigned char[::1] w, Py_ssize_t start, Py_ssize_t end) noexcept nogil
cdef Py_ssize_t to_skeleton(unsigned char[::1] w, Py_ssize_t start, Py_ssize_t end) noexcept nogil
cdef Py_ssize_t to_foreign(unsigned char[::1] w, Py_ssize_t start, Py_ssize_t end) noexcept nogil
cdef bint may_be_foreign(unsigned char[::1] w, Py_ssize_t start, Py_ssize_t end) noexcept nogil
cdef unsigned long long hash_of(unsigned char[::1] w, Py_ssize_t start, Py_ssize_t end, unsigned int mark, Py_ssize_t skip) noexcept nogil
cpdef unsigned long long pair_key(unsigned long long one, unsigned long long other) noexcept nogil
