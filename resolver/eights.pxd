# Eight bytes at a time, and what C has no word of its own for; interpreted modules do without. There is no compiled module of this name.

cdef extern from *:
    """
    #include <string.h>
    #if defined(_MSC_VER) && defined(_M_X64)
    #include <intrin.h>
    #endif
    #define AKA_SEVENS 0x7F7F7F7F7F7F7F7FULL
    #define AKA_TOPS 0x8080808080808080ULL
    #define AKA_GATHER 0x0102040810204080ULL

    /* eight bytes -> a number, of which the first byte is the lowest */
    static CYTHON_INLINE unsigned long long aka_eight(const unsigned char *at) {
        unsigned long long eight;
        memcpy(&eight, at, 8);
    #if defined(__BYTE_ORDER__) && defined(__ORDER_BIG_ENDIAN__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        eight = __builtin_bswap64(eight);
    #endif
        return eight;
    }

    /* number that is not 0 -> the place of its lowest bit */
    static CYTHON_INLINE int aka_lowest(unsigned long long bits) {
    #if defined(__GNUC__)
        return __builtin_ctzll(bits);
    #elif defined(_MSC_VER) && defined(_M_X64)
        unsigned long place;
        _BitScanForward64(&place, bits);
        return (int)place;
    #else
        int place = 0;
        while (!(bits & 1)) { bits >>= 1; place++; }
        return place;
    #endif
    }

    /* memory that will soon be read -> it is on its way into the cache; several at once take no longer than one */
    static CYTHON_INLINE void aka_fetch(const void *at) {
    #if defined(__GNUC__)
        __builtin_prefetch(at);
        __asm__ __volatile__("" : : "r"(at)); /* or GCC drops a function that does nothing else */
    #elif defined(_MSC_VER) && defined(_M_X64)
        _mm_prefetch((const char *)at, _MM_HINT_T0);
    #else
        (void)at;
    #endif
    }
    """
    const unsigned long long SEVENS "AKA_SEVENS"
    const unsigned long long TOPS "AKA_TOPS"
    const unsigned long long GATHER "AKA_GATHER"
    unsigned long long eight "aka_eight" (const unsigned char *at) noexcept nogil
    int lowest "aka_lowest" (unsigned long long bits) noexcept nogil
    void fetch "aka_fetch" (const void *at) noexcept nogil
