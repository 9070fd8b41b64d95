# What other compiled modules see of resolver.loading; where it runs interpreted this file is not read.

cdef int load_codes(unsigned int[::1] code, str text, Py_ssize_t n) noexcept
