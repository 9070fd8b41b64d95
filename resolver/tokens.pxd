# The numbers of resolver.tokens as constants that the C compiler knows; tests compare them. There is no compiled module of this name.

cdef enum:
    HARD = 0
    INVISIBLE = 1
    MARK = 2
    HYPHEN = 3
    APOSTROPHE = 4
    BLANK = 5
    NEWLINE = 6
    PERIOD = 7
    JOINER = 8
    BRACKET = 9
    FOLD_LETTER = 16
    PLAIN = 19
    GAP_BLANK = 1
    GAP_NEWLINE = 2
    GAP_PARAGRAPH = 4
    GAP_HYPHEN = 8
    GAP_APOSTROPHE = 16
    GAP_PERIOD = 32
    GAP_JOINER = 64
    GAP_HARD = 128
    GAP_JOINING = 24
    GAP_BRACKET = 256
    TOKEN_ARTICLE = 1
    TOKEN_LOWER = 2
    TOKEN_SINGLE = 4
    TOKEN_SOLO = 8
    TOKEN_ARABIC = 16
    TOKEN_HEBREW = 32
    FIELDS = 6
    HIT = 4
    MAX_GAP = 12
    STACK = 64
    FOLD_LIMIT = 131072

cdef extern from *:
    """
    #define AKA_FULL 0xFFFFFFFFFFFFFFFFULL
    #define AKA_SEED 0x14650FB0739D0383ULL
    #define AKA_PRIME 0x100000001B3ULL
    #define AKA_MIX 0xBF58476D1CE4E5B9ULL
    #define AKA_SPREAD 0x9E3779B97F4A7C15ULL
    """
    const unsigned long long FULL "AKA_FULL"
    const unsigned long long SEED "AKA_SEED"
    const unsigned long long PRIME "AKA_PRIME"
    const unsigned long long MIX "AKA_MIX"
    const unsigned long long SPREAD "AKA_SPREAD"
