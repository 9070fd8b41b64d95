"""What the scanner calls things: classes of code points, gaps between tokens, properties of tokens.

They stand apart from `resolver.scan` because names of a compiled module's C constants cannot be read from Python. Compiled modules
take them from tokens.pxd, as constants that the C compiler knows.
"""

# What a code point is (low values of the fold table); letters are FOLD_LETTER or more.
HARD, INVISIBLE, MARK, HYPHEN, APOSTROPHE, BLANK, NEWLINE, PERIOD, JOINER, BRACKET = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
FOLD_LETTER = 16  # bit 4; bit 0: stands alone, bit 1: folds to several letters (then the rest is a place in `long`)
PLAIN = FOLD_LETTER | 3  # of these bits a letter that is one letter and does not stand alone has FOLD_LETTER alone

# What lies between a token and the one before it: a set of bits.
GAP_BLANK, GAP_NEWLINE, GAP_PARAGRAPH, GAP_HYPHEN, GAP_APOSTROPHE, GAP_PERIOD, GAP_JOINER, GAP_HARD = 1, 2, 4, 8, 16, 32, 64, 128
GAP_JOINING = GAP_HYPHEN | GAP_APOSTROPHE  # what a writer may put inside a word
GAP_BRACKET = 256  # always with GAP_HARD: only a listed form that holds a bracket itself goes on across it

# Properties of a token: a set of bits.
TOKEN_ARTICLE, TOKEN_LOWER, TOKEN_SINGLE, TOKEN_SOLO, TOKEN_ARABIC, TOKEN_HEBREW = 1, 2, 4, 8, 16, 32

FIELDS = 6  # numbers of a token: start, end, gap, properties, first letter, end of letters
HIT = 4  # numbers of a hit: start, end, node, one to spare
MAX_GAP = 12  # separators between two tokens of one name; `crlf + indent` in wrapped text is 6 to 10
STACK = 64  # open steps of one walk through a trie
FOLD_LIMIT = 0x20000  # code points with an entry in the tables; beyond lie ideographs and tags

# Hashes of letters: FNV-1a, or eight letters of ASCII at a time times SPREAD (2**64 / golden ratio), mixed at the end as splitmix64 does.
FULL = 0xFFFFFFFFFFFFFFFF
SEED, PRIME, MIX, SPREAD = 1469598103934665603, 1099511628211, 0xBF58476D1CE4E5B9, 0x9E3779B97F4A7C15
