# What other compiled modules see of resolver.strings; where it runs interpreted this file is not read.

cdef class Lines:
    cdef list lines
    cdef object words
    cdef int* used
    cdef int* older
    cdef int* newer
    cdef unsigned long long* places

cdef float common_share(unsigned char* a, int n, unsigned char* b, int m, Lines s) noexcept
cdef int count_slips(unsigned char* a, int n, unsigned char* b, int m, Lines s) noexcept
