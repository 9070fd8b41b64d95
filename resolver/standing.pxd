# What other compiled modules see of resolver.standing; where it runs interpreted this file is not read.

cdef object mark_nearest(float[::1] numbers, float[::1] cosines, Py_ssize_t count, Py_ssize_t width, const int[::1] places,
                         Py_ssize_t near, Py_ssize_t similar, unsigned char[::1] marks)
cdef Py_ssize_t move_marked(unsigned int[::1] rows, float[::1] numbers, float[::1] cosines, Py_ssize_t width,
                            unsigned char[::1] marks) noexcept
