# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Two names as rows of prepared words -> how well their words line up, as numbers; `resolver.trees` weighs them.

One source, two roads: Cython compiles it (pure-Python mode), and without a compiler it runs as it stands. Names come as rows of
a Table, flat arrays that an index maps or that `resolver.features` makes for a single name, so that there is one comparison for
both. Words are strings of symbol codes (`aliases.keys.symbols`); what it costs to turn one symbol into another was learned.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

COMPILED = cython.compiled

CODES = cython.declare(cython.int, 64)  # symbol codes are below this
MAX_WORDS = cython.declare(cython.int, 12)
MAX_SYMBOLS = cython.declare(cython.int, 320)  # of a whole name
FAR = cython.declare(cython.float, 9.0)  # cost of words that must not be matched: unequal numbers
PAIRED_BELOW = cython.declare(cython.float, 0.95)  # relative cost under which two words may be the same word
MERGED_BELOW = cython.declare(cython.float, 0.5)  # ... under which two words together may be one word of the other name
INITIAL_COST = cython.declare(cython.float, 0.55)  # relative cost of an initial standing for a word
WORST_CONTRAST = cython.declare(cython.float, 6.0)  # of one pair of words
NUMBER = cython.declare(cython.int, 1)  # bit of word_flags: has a digit, so it is equal or it is another one
WIDTH = 48  # numbers of a row of `out`; `compare_rows` writes all but 42 and 43 (their names: `resolver.features.NAMES`)
KNOWN_UNIT = cython.declare(cython.float, 0.05)  # of the costs of words that are known to stand for one another
HASH_START = cython.declare(cython.uint, 2166136261)  # FNV-1a, 32 bits
HASH_STEP = cython.declare(cython.uint, 16777619)
MASK = cython.declare(cython.uint, 0xFFFFFFFF)
FULL = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)


@cython.final
@cython.cclass
class Table:
    """Names as rows: row -> words -> symbol codes, with what is known of each word and row."""

    def __init__(self, columns):
        self.row_start = columns["row_start"]
        self.row_words = columns["row_words"]
        self.row_origin = columns["row_origin"]
        self.row_legal = columns["row_legal"]
        self.row_crowd = columns["row_crowd"]
        self.word_start = columns["word_start"]
        self.word_symbols = columns["word_symbols"]
        self.skeleton_start = columns["skeleton_start"]
        self.skeletons = columns["skeletons"]
        self.word_rarity = columns["word_rarity"]
        self.word_flags = columns["word_flags"]
        self.rows = len(columns["row_start"]) - 1


@cython.final
@cython.cclass
class Costs:
    """Learned edit costs: one table for each origin of the left name, its right name being Latin.

    `known` are hashes, sorted, of pairs of words that stand for one another whatever their letters (Dick, Richard).
    """

    def __init__(self, swap, left_gap, right_gap, known, known_costs):
        self.swap = swap
        self.left_gap = left_gap
        self.right_gap = right_gap
        self.known = known
        self.known_costs = known_costs


@cython.final
@cython.cclass
class Scratch:
    """Working memory of one call."""

    line: cython.float[::1]
    cost: cython.float[::1]  # word x word: edit cost
    share: cython.float[::1]  # word x word: cost relative to the length
    initial: cython.uchar[::1]  # word x word: 1 one is the initial of the other, 2 known to stand for one another
    of_left: cython.int[::1]  # left word -> right word, -1 none
    of_right: cython.int[::1]
    done: cython.uchar[::1]
    left: cython.uchar[::1]  # the symbols of whole names
    right: cython.uchar[::1]
    used: cython.int[::1]
    older: cython.int[::1]  # two more lines of a table
    newer: cython.int[::1]
    places: cython.ulonglong[::1]  # of each symbol code the places of a string that it stands at, as bits

    def __init__(self):
        self.line = memoryview(array("f", bytes(4 * (MAX_SYMBOLS + 1))))
        self.cost = memoryview(array("f", bytes(4 * MAX_WORDS * MAX_WORDS)))
        self.share = memoryview(array("f", bytes(4 * MAX_WORDS * MAX_WORDS)))
        self.initial = memoryview(bytearray(MAX_WORDS * MAX_WORDS))
        self.of_left = memoryview(array("i", bytes(4 * MAX_WORDS)))
        self.of_right = memoryview(array("i", bytes(4 * MAX_WORDS)))
        self.done = memoryview(bytearray(MAX_WORDS))
        self.left = memoryview(bytearray(MAX_SYMBOLS))
        self.right = memoryview(bytearray(MAX_SYMBOLS))
        self.used = memoryview(array("i", bytes(4 * (MAX_SYMBOLS + 1))))
        self.older = memoryview(array("i", bytes(4 * (MAX_SYMBOLS + 1))))
        self.newer = memoryview(array("i", bytes(4 * (MAX_SYMBOLS + 1))))
        self.places = memoryview(array("Q", bytes(8 * CODES)))


_SHARED = cython.declare(Scratch, Scratch())


@cython.cfunc
@cython.exceptval(check=False)
def distance(a: cython.const[cython.uchar][::1], i: cython.Py_ssize_t, n: cython.Py_ssize_t,
              b: cython.const[cython.uchar][::1], k: cython.Py_ssize_t, m: cython.Py_ssize_t,
              costs: Costs, origin: cython.int, turned: cython.bint, line: cython.float[::1]) -> cython.float:
    """Least cost of turning a[i:i+n] into b[k:k+m]; `turned`: b is the name of that origin, a the Latin one."""
    if turned:
        return distance(b, k, m, a, i, n, costs, origin, False, line)
    base: cython.Py_ssize_t = origin * CODES
    x: cython.Py_ssize_t
    y: cython.Py_ssize_t
    row: cython.Py_ssize_t
    before: cython.float
    best: cython.float
    last: cython.float = 0.0  # line[y] as it is now; read back from memory, each step would wait for the store of the one before
    other: cython.float
    gap: cython.float
    swap: cython.const[cython.float][::1] = costs.swap
    right_gap: cython.const[cython.float][::1] = costs.right_gap
    line[0] = 0.0
    for y in range(m):
        last += right_gap[base + b[k + y]]
        line[y + 1] = last
        if not cython.compiled:
            last = line[y + 1]  # as short a number as a compiled one
    for x in range(n):
        row = (base + a[i + x]) * CODES
        gap = costs.left_gap[base + a[i + x]]
        before = line[0]
        line[0] = before + gap
        last = line[0]
        for y in range(m):
            best = before + swap[row + b[k + y]]
            before = line[y + 1]
            other = before + gap
            best = other if other < best else best
            other = last + right_gap[base + b[k + y]]
            last = other if other < best else best
            line[y + 1] = last
            if not cython.compiled:
                last = line[y + 1]
    return line[m]


@cython.cfunc
@cython.exceptval(check=False)
def _mark_places(a: cython.uchar[::1], n: cython.int, places: cython.ulonglong[::1]) -> cython.void:
    """String of at most 64 codes -> of each code a word with a bit for every place that it stands at; `places` holds zeros before."""
    x: cython.int
    bit: cython.ulonglong = 1
    for x in range(n):
        places[a[x]] |= bit
        bit = bit << 1 & FULL


@cython.cfunc
@cython.exceptval(check=False)
def _clear_places(a: cython.uchar[::1], n: cython.int, places: cython.ulonglong[::1]) -> cython.void:
    x: cython.int
    for x in range(n):
        places[a[x]] = 0


@cython.cfunc
@cython.exceptval(check=False)
def _common(a: cython.uchar[::1], n: cython.int, b: cython.uchar[::1], m: cython.int, s: Scratch) -> cython.float:
    """Share of letters that two strings have in common in order (longest common subsequence), 0 to 1.

    A line of the table is kept as the bits at which it rises (Hyyrö, "Bit-parallel LCS-length computation revisited", 2004).
    """
    y: cython.int
    rises: cython.ulonglong = FULL
    here: cython.ulonglong
    common: cython.int = 0
    if n > 64:
        return _common_by_table(a, n, b, m, s.used)
    _mark_places(a, n, s.places)
    for y in range(m):
        here = rises & s.places[b[y]]
        rises = (rises + here & FULL) | (rises - here)
    _clear_places(a, n, s.places)
    rises = ~rises & FULL
    if n < 64:
        here = 1
        rises &= (here << n) - 1
    while rises:
        rises &= rises - 1
        common += 1
    return 2.0 * common / (n + m)


@cython.cfunc
@cython.exceptval(check=False)
def _common_by_table(a: cython.uchar[::1], n: cython.int, b: cython.uchar[::1], m: cython.int,
                     line: cython.int[::1]) -> cython.float:
    """What `_common` tells, of strings of any length."""
    x: cython.int
    y: cython.int
    before: cython.int
    up: cython.int
    for y in range(m + 1):
        line[y] = 0
    for x in range(n):
        before = 0
        for y in range(m):
            up = line[y + 1]
            if a[x] == b[y]:
                line[y + 1] = before + 1
            elif line[y] > up:
                line[y + 1] = line[y]
            before = up
    return 2.0 * line[m] / (n + m)


@cython.cfunc
@cython.exceptval(check=False)
def _slips(a: cython.uchar[::1], n: cython.int, b: cython.uchar[::1], m: cython.int, s: Scratch) -> cython.int:
    """How many letters were slipped: put in, left out, changed, or swapped with a neighbour (optimal string alignment).

    The differences along a column of the table are kept as bits (Hyyrö, "A bit-vector algorithm for computing Levenshtein and
    Damerau edit distances", 2003).
    """
    y: cython.int
    rises: cython.ulonglong = FULL
    falls: cython.ulonglong = 0
    equal: cython.ulonglong = 0
    across: cython.ulonglong
    down: cython.ulonglong
    here: cython.ulonglong
    before: cython.ulonglong = 0
    last: cython.ulonglong = 1
    slips: cython.int = n
    if n > 64 or n == 0:
        return _slips_by_table(a, n, b, m, s)
    last = last << (n - 1)
    _mark_places(a, n, s.places)
    for y in range(m):
        here = s.places[b[y]]
        equal = ((~equal & here) << 1) & before & FULL
        equal |= ((((here & rises) + rises & FULL) ^ rises) | here | falls)
        across = falls | (~(equal | rises) & FULL)
        down = equal & rises
        if across & last:
            slips += 1
        if down & last:
            slips -= 1
        across = (across << 1 | 1) & FULL
        down = down << 1 & FULL
        rises = down | (~(equal | across) & FULL)
        falls = across & equal
        before = here
    _clear_places(a, n, s.places)
    return slips


@cython.cfunc
@cython.exceptval(check=False)
def _slips_by_table(a: cython.uchar[::1], n: cython.int, b: cython.uchar[::1], m: cython.int, s: Scratch) -> cython.int:
    """What `_slips` tells, of strings of any length."""
    x: cython.int
    y: cython.int
    best: cython.int
    older: cython.int[::1] = s.older
    old: cython.int[::1] = s.used
    new: cython.int[::1] = s.newer
    spare: cython.int[::1]
    for y in range(m + 1):
        old[y] = y
    for x in range(n):
        new[0] = x + 1
        for y in range(m):
            best = old[y] + (0 if a[x] == b[y] else 1)
            if old[y + 1] + 1 < best:
                best = old[y + 1] + 1
            if new[y] + 1 < best:
                best = new[y] + 1
            if x > 0 and y > 0 and a[x] == b[y - 1] and a[x - 1] == b[y] and older[y - 1] + 1 < best:
                best = older[y - 1] + 1
            new[y + 1] = best
        spare = older
        older = old
        old = new
        new = spare
    return old[m]


@cython.cfunc
@cython.exceptval(check=False)
def _word_pairs(left: Table, lw: cython.Py_ssize_t, n: cython.int, right: Table, rw: cython.Py_ssize_t, m: cython.int,
                costs: Costs, origin: cython.int, turned: cython.bint, s: Scratch) -> cython.void:
    """Fill cost, share and initial for every pair of words of the two names."""
    i: cython.int
    j: cython.int
    a: cython.uint
    b: cython.uint
    p: cython.uint
    q: cython.uint
    size_a: cython.int
    size_b: cython.int
    at: cython.int
    numeric: cython.bint
    c: cython.float
    known: cython.float
    for i in range(n):
        a = left.row_words[lw + i]
        p = left.word_start[a]
        size_a = left.word_start[a + 1] - p
        for j in range(m):
            b = right.row_words[rw + j]
            q = right.word_start[b]
            size_b = right.word_start[b + 1] - q
            at = i * MAX_WORDS + j
            s.initial[at] = 0
            numeric = (left.word_flags[a] & NUMBER) != 0 or (right.word_flags[b] & NUMBER) != 0
            if numeric:
                c = distance(left.word_symbols, p, size_a, right.word_symbols, q, size_b, costs, origin, turned, s.line)
                c = FAR if c > 0.1 else 0.0
                s.cost[at] = c
                s.share[at] = c
                continue
            if (size_a == 1) != (size_b == 1):
                c = _swap(costs, origin, turned, left.word_symbols[p], right.word_symbols[q])
                if c < 0.3:
                    s.cost[at] = 1.0
                    s.share[at] = INITIAL_COST
                    s.initial[at] = 1
                    continue
            c = distance(left.word_symbols, p, size_a, right.word_symbols, q, size_b, costs, origin, turned, s.line)
            if c > 0.8 and size_a > 1 and size_b > 1:
                known = _known(left, p, size_a, right, q, size_b, costs, turned)
                if 0.0 <= known < c:
                    c = known
                    s.initial[at] = 2
            s.cost[at] = c
            s.share[at] = c / (1.0 + 0.5 * (size_a + size_b))


@cython.cfunc
@cython.exceptval(check=False)
def _known(left: Table, p: cython.uint, n: cython.int, right: Table, q: cython.uint, m: cython.int, costs: Costs,
           turned: cython.bint) -> cython.float:
    """Two words -> cost of a pair that is known to stand for one another, -1 when it is not."""
    h: cython.uint = HASH_START
    k: cython.int
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = costs.known.shape[0]
    middle: cython.Py_ssize_t
    if turned:
        return _known(right, q, m, left, p, n, costs, False)
    for k in range(n):
        h = (h ^ left.word_symbols[p + k]) * HASH_STEP & MASK
    h = h * HASH_STEP & MASK
    for k in range(m):
        h = (h ^ right.word_symbols[q + k]) * HASH_STEP & MASK
    while low < high:
        middle = (low + high) >> 1
        if costs.known[middle] < h:
            low = middle + 1
        else:
            high = middle
    if low < costs.known.shape[0] and costs.known[low] == h:
        return costs.known_costs[low] * KNOWN_UNIT
    return -1.0


@cython.cfunc
@cython.exceptval(check=False)
def _swap(costs: Costs, origin: cython.int, turned: cython.bint, a: cython.int, b: cython.int) -> cython.float:
    if turned:
        return costs.swap[(origin * CODES + b) * CODES + a]
    return costs.swap[(origin * CODES + a) * CODES + b]


@cython.cfunc
@cython.exceptval(check=False)
def _pair_up(n: cython.int, m: cython.int, s: Scratch) -> cython.void:
    """Match words one to one, the cheapest pair first; on a tie the pair that keeps the order."""
    i: cython.int
    j: cython.int
    bi: cython.int
    bj: cython.int
    best: cython.float
    value: cython.float
    for i in range(n):
        s.of_left[i] = -1
    for j in range(m):
        s.of_right[j] = -1
    while True:
        best = PAIRED_BELOW
        bi = -1
        bj = -1
        for i in range(n):
            if s.of_left[i] >= 0:
                continue
            for j in range(m):
                if s.of_right[j] >= 0:
                    continue
                value = s.share[i * MAX_WORDS + j]
                if value < best or (bi >= 0 and value == best and (i - j) * (i - j) < (bi - bj) * (bi - bj)):
                    best = value
                    bi = i
                    bj = j
        if bi < 0:
            return
        s.of_left[bi] = bj
        s.of_right[bj] = bi


@cython.cfunc
@cython.exceptval(check=False)
def _append(table: Table, word: cython.uint, out: cython.uchar[::1], n: cython.int) -> cython.int:
    """Write a word's symbols behind the n that are in `out`; returns the new length."""
    k: cython.uint
    for k in range(table.word_start[word], table.word_start[word + 1]):
        if n < MAX_SYMBOLS:
            out[n] = table.word_symbols[k]
            n += 1
    return n


@cython.cfunc
@cython.exceptval(check=False)
def _append_skeleton(table: Table, word: cython.uint, out: cython.uchar[::1], n: cython.int) -> cython.int:
    k: cython.uint
    for k in range(table.skeleton_start[word], table.skeleton_start[word + 1]):
        if n < MAX_SYMBOLS:
            out[n] = table.skeletons[k]
            n += 1
    return n


@cython.cfunc
@cython.exceptval(check=False)
def _merge(one: Table, ow: cython.Py_ssize_t, n: cython.int, two: Table, tw: cython.Py_ssize_t, m: cython.int,
           costs: Costs, origin: cython.int, turned: cython.bint, s: Scratch, flipped: cython.bint) -> cython.int:
    """Match two neighbours of `one` with one word of `two` where it is cheaper (`flipped`: `one` is right); returns how many."""
    i: cython.int
    j: cython.int
    a: cython.int
    b: cython.int
    old: cython.int
    size: cython.int
    merged: cython.int = 0
    q: cython.uint
    size_b: cython.int
    c: cython.float
    share: cython.float
    mine: cython.int[::1] = s.of_right if flipped else s.of_left
    theirs: cython.int[::1] = s.of_left if flipped else s.of_right
    for i in range(n - 1):
        for j in range(m):
            a = mine[i]
            b = mine[i + 1]
            old = theirs[j]
            if (a >= 0 and a != j) or (b >= 0 and b != j) or (old >= 0 and old != i and old != i + 1):
                continue
            q = two.row_words[tw + j]
            if two.word_flags[q] & NUMBER:
                continue
            size = _append(one, one.row_words[ow + i], s.left, 0)
            size = _append(one, one.row_words[ow + i + 1], s.left, size)
            size_b = two.word_start[q + 1] - two.word_start[q]
            c = distance(s.left, 0, size, two.word_symbols, two.word_start[q], size_b, costs, origin, turned, s.line)
            share = c / (1.0 + 0.5 * (size + size_b))
            if share >= MERGED_BELOW or (old >= 0 and share >= _share(s, old, j, flipped) + 0.15):
                continue
            mine[i] = j
            mine[i + 1] = j
            theirs[j] = i
            merged += 1
            _remember(s, i, j, flipped, c, share)
            _remember(s, i + 1, j, flipped, 0.0, share)
    return merged


@cython.cfunc
@cython.exceptval(check=False)
def _share(s: Scratch, i: cython.int, j: cython.int, flipped: cython.bint) -> cython.float:
    return s.share[j * MAX_WORDS + i] if flipped else s.share[i * MAX_WORDS + j]


@cython.cfunc
@cython.exceptval(check=False)
def _remember(s: Scratch, i: cython.int, j: cython.int, flipped: cython.bint, c: cython.float,
              share: cython.float) -> cython.void:
    at: cython.int = j * MAX_WORDS + i if flipped else i * MAX_WORDS + j
    s.cost[at] = c
    s.share[at] = share
    s.initial[at] = 0


@cython.cfunc
@cython.exceptval(check=False)
def _origin(left: Table, i: cython.Py_ssize_t, right: Table, j: cython.Py_ssize_t) -> cython.int:
    """Which cost table compares the two, plus 256 when the right name is the one of that origin."""
    a: cython.int = left.row_origin[i]
    b: cython.int = right.row_origin[j]
    if a == b:
        return 0
    if b == 0:
        return a
    if a == 0:
        return b + 256
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _whole(table: Table, first: cython.Py_ssize_t, n: cython.int, out: cython.uchar[::1]) -> cython.int:
    """Write the symbols of all words of a name into `out`; returns their number."""
    k: cython.int
    size: cython.int = 0
    for k in range(n):
        size = _append(table, table.row_words[first + k], out, size)
    return size


@cython.cfunc
@cython.exceptval(check=False)
def _in_order(table: Table, first: cython.Py_ssize_t, n: cython.int, m: cython.int, s: Scratch,
              skeleton: cython.bint) -> cython.int:
    """Write the left name into s.left with its words in the order of their matches, unmatched ones last."""
    i: cython.int
    j: cython.int
    word: cython.uint
    size: cython.int = 0
    for i in range(n):
        s.done[i] = 0
    for j in range(m + 1):
        for i in range(n):
            if s.done[i] or (j < m and s.of_left[i] != j):
                continue
            s.done[i] = 1
            word = table.row_words[first + i]
            size = _append_skeleton(table, word, s.left, size) if skeleton else _append(table, word, s.left, size)
    return size


@cython.cfunc
@cython.exceptval(check=False)
def _write_contradiction(out: cython.float[::1], at: cython.Py_ssize_t) -> cython.void:
    """Words left over on both sides count as matches that went as wrong as can be: a name further off never looks closer."""
    mass: cython.float = out[at + 5] if out[at + 5] < out[at + 6] else out[at + 6]
    most: cython.float = out[at + 9] if out[at + 9] < out[at + 10] else out[at + 10]
    pairs: cython.float = out[at + 11] if out[at + 11] < out[at + 12] else out[at + 12]
    out[at + 2] += mass
    out[at + 1] = out[at + 2] / (out[at + 23] + mass + 0.5)
    out[at + 3] = 1.0
    if most > out[at + 4]:
        out[at + 4] = most
    out[at + 40] += WORST_CONTRAST * pairs
    out[at + 41] = WORST_CONTRAST


@cython.cfunc
@cython.exceptval(check=False)
def _write_matches(left: Table, lw: cython.Py_ssize_t, n: cython.int, right: Table, rw: cython.Py_ssize_t, m: cython.int,
                   s: Scratch, out: cython.float[::1], at: cython.Py_ssize_t) -> cython.void:
    """What the matched and unmatched words say -> out[at : at + 18] and the sums behind them."""
    i: cython.int
    j: cython.int
    k: cython.int
    last: cython.int = -1
    low: cython.float
    weight: cython.float
    share: cython.float
    cost: cython.float
    for i in range(n):
        low = left.word_rarity[left.row_words[lw + i]]
        out[at + 28] += low
        j = s.of_left[i]
        if j < 0:
            out[at + 5] += low
            out[at + 11] += 1.0
            if i == 0 or i + 1 == n:
                out[at + 46] += low
            if low > out[at + 9]:
                out[at + 9] = low
            if left.word_flags[left.row_words[lw + i]] & NUMBER:
                out[at + 13] += 1.0
            continue
        weight = right.word_rarity[right.row_words[rw + j]]
        if low > weight:
            share = low
            low = weight
            weight = share
        k = i * MAX_WORDS + j
        share = s.share[k]
        cost = s.cost[k]
        out[at + 14] += 1.0
        if s.initial[k] == 1:
            weight = 1.5
            low = 0.5
            out[at + 15] += 1.0
            out[at + 22] += 0.5
        elif low > 2.0 * cost:
            out[at + 22] += low - 2.0 * cost
        if low > out[at + 39]:
            out[at + 39] = low
        out[at] += cost
        out[at + 2] += share * weight
        out[at + 23] += weight
        if share > out[at + 3]:
            out[at + 3] = share
        if share * weight > out[at + 4]:
            out[at + 4] = share * weight
        if j < last:
            out[at + 16] += 1.0
        last = j
    weight = 0.0
    for j in range(m):
        low = right.word_rarity[right.row_words[rw + j]]
        weight += low
        if s.of_right[j] < 0:
            out[at + 6] += low
            out[at + 12] += 1.0
            if j == 0 or j + 1 == m:
                out[at + 47] += low
            if low > out[at + 10]:
                out[at + 10] = low
            if right.word_flags[right.row_words[rw + j]] & NUMBER:
                out[at + 13] += 1.0
    if out[at + 11] > 0.0 and out[at + 12] > 0.0:
        _write_contradiction(out, at)
    else:
        out[at + 1] = out[at + 2] / (out[at + 23] + 0.5)
    out[at + 7] = out[at + 5] / (out[at + 28] + 0.1)
    out[at + 8] = out[at + 6] / (weight + 0.1)
    out[at + 29] = out[at + 23] - 2.0 * out[at + 2] - out[at + 5] - 0.5 * out[at + 6]


@cython.cfunc
@cython.exceptval(check=False)
def _gaps(table: Table, first: cython.Py_ssize_t, n: cython.int, matches: cython.int[::1], gap: cython.const[cython.float][::1],
          origin: cython.int) -> cython.float:
    """What it costs to leave out the words of a name that have no match."""
    i: cython.int
    k: cython.uint
    word: cython.uint
    total: cython.float = 0.0
    for i in range(n):
        if matches[i] < 0:
            word = table.row_words[first + i]
            for k in range(table.word_start[word], table.word_start[word + 1]):
                total += gap[origin * CODES + table.word_symbols[k]]
    return total


@cython.cfunc
@cython.exceptval(check=False)
def _write_contrast(left: Table, lw: cython.Py_ssize_t, n: cython.int, right: Table, rw: cython.Py_ssize_t, contrast: Costs,
                    origin: cython.int, turned: cython.bint, s: Scratch, out: cython.float[::1],
                    at: cython.Py_ssize_t) -> cython.void:
    """How much the edits within matched words look like those between different words -> out[at + 40], out[at + 41]."""
    i: cython.int
    a: cython.uint
    b: cython.uint
    c: cython.float
    for i in range(n):
        if s.of_left[i] < 0 or s.initial[i * MAX_WORDS + s.of_left[i]] or s.cost[i * MAX_WORDS + s.of_left[i]] == 0.0:
            continue
        a = left.row_words[lw + i]
        b = right.row_words[rw + s.of_left[i]]
        if (left.word_flags[a] | right.word_flags[b]) & NUMBER:
            continue
        c = distance(left.word_symbols, left.word_start[a], left.word_start[a + 1] - left.word_start[a], right.word_symbols,
                      right.word_start[b], right.word_start[b + 1] - right.word_start[b], contrast, origin, turned, s.line)
        if c > WORST_CONTRAST:
            c = WORST_CONTRAST
        out[at + 40] += c
        if c > out[at + 41]:
            out[at + 41] = c


@cython.cfunc
@cython.exceptval(check=False)
def _write_whole(left: Table, lw: cython.Py_ssize_t, n: cython.int, right: Table, rw: cython.Py_ssize_t, m: cython.int,
                 costs: Costs, origin: cython.int, turned: cython.bint, s: Scratch, out: cython.float[::1],
                 at: cython.Py_ssize_t) -> cython.void:
    """What the two names say as strings without spaces -> out[at + 18 : at + 34]."""
    size_a: cython.int = _whole(left, lw, n, s.left)
    size_b: cython.int = _whole(right, rw, m, s.right)
    size: cython.float = 1.0 + 0.5 * (size_a + size_b)
    plain: cython.float = distance(s.left, 0, size_a, s.right, 0, size_b, costs, origin, turned, s.line)
    best: cython.float
    gaps: cython.float
    out[at + 32] = _swap(costs, origin, turned, s.left[0], s.right[0])
    _in_order(left, lw, n, m, s, False)
    best = plain
    if out[at + 16] > 0.0:
        best = distance(s.left, 0, size_a, s.right, 0, size_b, costs, origin, turned, s.line)
        if plain < best:
            best = plain
    gaps = out[at] + _gaps(left, lw, n, s.of_left, costs.right_gap if turned else costs.left_gap, origin)
    gaps += _gaps(right, rw, m, s.of_right, costs.left_gap if turned else costs.right_gap, origin)
    if gaps < best:
        best = gaps
    out[at + 18] = plain
    out[at + 19] = plain / size
    out[at + 20] = best
    out[at + 21] = best / size
    out[at + 24] = size_a if size_a < size_b else size_b
    out[at + 25] = size_a - size_b if size_a > size_b else size_b - size_a
    out[at + 44] = _slips(s.left, size_a, s.right, size_b, s)
    out[at + 45] = out[at + 44] / (out[at + 24] + 0.5)
    out[at + 30] = _common(s.left, size_a, s.right, size_b, s)
    out[at + 33] = _swap(costs, origin, turned, s.left[size_a - 1], s.right[size_b - 1])
    size_a = _in_order(left, lw, n, m, s, True)
    size_b = 0
    k: cython.int
    for k in range(m):
        size_b = _append_skeleton(right, right.row_words[rw + k], s.right, size_b)
    out[at + 31] = _common(s.left, size_a, s.right, size_b, s)


@cython.ccall
def compare_rows(left: Table, row: cython.Py_ssize_t, right: Table, rows: cython.const[cython.uint][::1],
                 count: cython.Py_ssize_t, costs: Costs, contrast: Costs, out: cython.float[::1]) -> cython.void:
    """One row of `left` against `count` rows of `right` -> WIDTH numbers for each in `out`, which must hold zeros.

    `costs` say how likely an edit is between spellings of one word; `contrast`, how much likelier between different words.
    """
    s: Scratch = _SHARED if cython.compiled else Scratch()  # interpreted, a call may be interrupted by another
    r: cython.Py_ssize_t
    other: cython.Py_ssize_t
    at: cython.Py_ssize_t
    lw: cython.Py_ssize_t = left.row_start[row]
    rw: cython.Py_ssize_t
    n: cython.int = left.row_start[row + 1] - left.row_start[row]
    m: cython.int
    origin: cython.int
    turned: cython.bint
    a: cython.uint = left.row_legal[row]
    b: cython.uint
    for r in range(count):
        other = rows[r]
        at = r * WIDTH
        rw = right.row_start[other]
        m = right.row_start[other + 1] - right.row_start[other]
        origin = _origin(left, row, right, other)
        turned = origin > 255
        origin &= 255
        _word_pairs(left, lw, n, right, rw, m, costs, origin, turned, s)
        _pair_up(n, m, s)
        out[at + 17] = _merge(left, lw, n, right, rw, m, costs, origin, turned, s, False)
        out[at + 17] += _merge(right, rw, m, left, lw, n, costs, origin, not turned, s, True)
        _write_matches(left, lw, n, right, rw, m, s, out, at)
        _write_contrast(left, lw, n, right, rw, contrast, origin, turned, s, out, at)
        _write_whole(left, lw, n, right, rw, m, costs, origin, turned, s, out, at)
        out[at + 26] = n
        out[at + 27] = m
        out[at + 34] = right.row_crowd[other]
        b = right.row_legal[other]
        out[at + 35] = 1.0 if a & b else 0.0
        out[at + 36] = 1.0 if a and b and not a & b else 0.0
        out[at + 37] = 1.0 if (a == 0) != (b == 0) else 0.0
        out[at + 38] = origin if origin else (0.0 if left.row_origin[row] == 0 and right.row_origin[other] == 0 else 11.0)


@cython.ccall
def word_distance(costs: Costs, a: bytes, b: bytes, origin: cython.int) -> cython.float:
    """Symbol codes of a word of that origin and of a Latin word -> edit cost."""
    return distance(a, 0, len(a), b, 0, len(b), costs, origin, False, memoryview(array("f", bytes(4 * (len(a) + len(b) + 2)))))
