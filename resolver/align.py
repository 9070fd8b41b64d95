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

if cython.compiled:
    from cython.cimports.resolver.edits import (
        Costs,
        bytes_at,
        codes_at,
        edits,
        floats_at,
        ints_at,
        known_cost,
        swap_cost,
        words_at,
    )
    from cython.cimports.resolver.standing import Standings, mark_nearest, move_marked
    from cython.cimports.resolver.strings import Lines, common_share, count_slips
else:
    from resolver.edits import Costs, bytes_at, codes_at, edits, floats_at, ints_at, known_cost, swap_cost, words_at
    from resolver.standing import Standings, mark_nearest, move_marked
    from resolver.strings import Lines, common_share, count_slips

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
MEMO = cython.declare(cython.int, 256)  # words of other names of which it is kept how far they are from those of one
HASH_START = cython.declare(cython.ulonglong, 14695981039346656037)  # FNV-1a, 64 bits
HASH_STEP = cython.declare(cython.ulonglong, 1099511628211)
MASK = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)


# Compiled, the innermost functions are given where values begin: to hand a view to them takes as long as to compare two short words.


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
        self.symbols, self.sounds = codes_at(self.word_symbols), codes_at(self.skeletons)

    def of(self, origin, legal, rarity):
        """-> the same names as those of a kind: their origins, their legal forms, how rare each word is."""
        made: Table = Table.__new__(Table)
        made.row_start, made.row_words, made.row_crowd = self.row_start, self.row_words, self.row_crowd
        made.word_start, made.word_symbols, made.word_flags = self.word_start, self.word_symbols, self.word_flags
        made.skeleton_start, made.skeletons = self.skeleton_start, self.skeletons
        made.row_origin, made.row_legal, made.word_rarity = origin, legal, rarity
        made.symbols, made.sounds, made.rows = self.symbols, self.sounds, self.rows
        return made


@cython.final
@cython.cclass
class Scratch:
    """Working memory of one call.

    `cost`, `share` and `initial` have a place for each pair of words: the cost of turning the one into the other, that cost relative
    to their length, and 1 where one is the initial of the other, 2 where they are known to stand for one another. `of_left` says of
    each left word its right one, -1 for none; `left` and `right` hold the symbols of whole names; `line` is one of a table. `memo` has
    the words of other names (and by which costs they were compared) whose pairs with each left word are kept in `memo_cost` and so on.
    """

    def __init__(self):
        pairs, kept = MAX_WORDS * MAX_WORDS, MEMO * MAX_WORDS
        floats = self.floats = [memoryview(array("f", bytes(4 * size))) for size in (MAX_SYMBOLS + 1, pairs, pairs, *[kept] * 2)]
        ints = self.ints = [memoryview(array("i", bytes(4 * size))) for size in (MAX_WORDS, MAX_WORDS)]
        codes = self.bytes = [memoryview(bytearray(size)) for size in (pairs, MAX_WORDS, MAX_SYMBOLS, MAX_SYMBOLS, kept)]
        self.words, self.lines = memoryview(array("Q", bytes(8 * MEMO))), Lines(MAX_SYMBOLS)
        self.line, self.cost, self.share = floats_at(floats[0]), floats_at(floats[1]), floats_at(floats[2])
        self.of_left, self.of_right = ints_at(ints[0]), ints_at(ints[1])
        self.initial, self.done = bytes_at(codes[0]), bytes_at(codes[1])
        self.left, self.right = bytes_at(codes[2]), bytes_at(codes[3])
        self.memo, self.memo_cost, self.memo_share = words_at(self.words), floats_at(floats[3]), floats_at(floats[4])
        self.memo_initial = bytes_at(codes[4])


_SHARED = cython.declare(Scratch, Scratch())


@cython.cfunc
@cython.exceptval(check=False)
def _word_pairs(left: Table, lw: cython.Py_ssize_t, n: cython.int, right: Table, rw: cython.Py_ssize_t, m: cython.int,
                costs: Costs, origin: cython.int, turned: cython.bint, s: Scratch) -> cython.void:
    """Fill cost, share and initial for every pair of words of the two names. Rows share their words, so what was said last of a word
    of the right one is kept as long as the left one stays (`_forget`)."""
    i: cython.int
    j: cython.int
    at: cython.int
    kept: cython.int
    key: cython.ulonglong
    word: cython.uint
    for j in range(m):
        word = right.row_words[rw + j]
        key = word
        key = (key << 9 | origin << 1 | (1 if turned else 0)) + 1
        kept = MAX_WORDS * (word & (MEMO - 1))
        if s.memo[word & (MEMO - 1)] != key:
            s.memo[word & (MEMO - 1)] = key
            for i in range(n):
                _word_pair(left, left.row_words[lw + i], right, word, costs, origin, turned, s, kept + i)
        for i in range(n):
            at = i * MAX_WORDS + j
            s.cost[at], s.share[at], s.initial[at] = s.memo_cost[kept + i], s.memo_share[kept + i], s.memo_initial[kept + i]


@cython.cfunc
@cython.exceptval(check=False)
def _forget(s: Scratch) -> cython.void:
    """Another left name: what was kept of pairs of words counts no more."""
    k: cython.int
    for k in range(MEMO):
        s.memo[k] = 0


@cython.cfunc
@cython.exceptval(check=False)
def _word_pair(left: Table, a: cython.uint, right: Table, b: cython.uint, costs: Costs, origin: cython.int, turned: cython.bint,
               s: Scratch, at: cython.int) -> cython.void:
    """Two words -> memo_cost, memo_share and memo_initial at this place."""
    p: cython.uint = left.word_start[a]
    q: cython.uint = right.word_start[b]
    size_a: cython.int = left.word_start[a + 1] - p
    size_b: cython.int = right.word_start[b + 1] - q
    c: cython.float
    known: cython.float
    s.memo_initial[at] = 0
    if (left.word_flags[a] & NUMBER) != 0 or (right.word_flags[b] & NUMBER) != 0:
        c = edits(left.symbols, p, size_a, right.symbols, q, size_b, costs, origin, turned, s.line)
        c = FAR if c > 0.1 else 0.0
        s.memo_cost[at] = c
        s.memo_share[at] = c
        return
    if (size_a == 1) != (size_b == 1) and swap_cost(costs, origin, turned, left.symbols[p], right.symbols[q]) < 0.3:
        s.memo_cost[at] = 1.0
        s.memo_share[at] = INITIAL_COST
        s.memo_initial[at] = 1
        return
    c = edits(left.symbols, p, size_a, right.symbols, q, size_b, costs, origin, turned, s.line)
    if c > 0.8 and size_a > 1 and size_b > 1:
        known = _known(left, p, size_a, right, q, size_b, costs, turned)
        if 0.0 <= known < c:
            c = known
            s.memo_initial[at] = 2
    s.memo_cost[at] = c
    s.memo_share[at] = c / (1.0 + 0.5 * (size_a + size_b))


@cython.cfunc
@cython.exceptval(check=False)
def _known(left: Table, p: cython.uint, n: cython.int, right: Table, q: cython.uint, m: cython.int, costs: Costs,
           turned: cython.bint) -> cython.float:
    """Two words -> cost of a pair that is known to stand for one another, -1 when it is not."""
    h: cython.ulonglong = HASH_START
    k: cython.int
    if turned:
        return _known(right, q, m, left, p, n, costs, False)
    for k in range(n):
        h = (h ^ left.word_symbols[p + k]) * HASH_STEP & MASK
    h = h * HASH_STEP & MASK
    for k in range(m):
        h = (h ^ right.word_symbols[q + k]) * HASH_STEP & MASK
    return known_cost(costs, h)


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
def _append(table: Table, word: cython.uint, out: cython.p_uchar, n: cython.int) -> cython.int:
    """Write a word's symbols behind the n that are in `out`; returns the new length."""
    k: cython.uint
    for k in range(table.word_start[word], table.word_start[word + 1]):
        if n < MAX_SYMBOLS:
            out[n] = table.word_symbols[k]
            n += 1
    return n


@cython.cfunc
@cython.exceptval(check=False)
def _append_skeleton(table: Table, word: cython.uint, out: cython.p_uchar, n: cython.int) -> cython.int:
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
    mine: cython.p_int = s.of_right if flipped else s.of_left
    theirs: cython.p_int = s.of_left if flipped else s.of_right
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
            c = edits(s.left, 0, size, two.symbols, two.word_start[q], size_b, costs, origin, turned, s.line)
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
def _whole(table: Table, first: cython.Py_ssize_t, n: cython.int, out: cython.p_uchar) -> cython.int:
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
def _write_contradiction(out: cython.p_float, at: cython.Py_ssize_t) -> cython.void:
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
                   s: Scratch, out: cython.p_float, at: cython.Py_ssize_t) -> cython.void:
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
def _gaps(table: Table, first: cython.Py_ssize_t, n: cython.int, matches: cython.p_int, gap: cython.pointer(cython.const[cython.float]),
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
def _edited(n: cython.int, s: Scratch) -> cython.uint:
    """-> a bit for each left word that was matched with one that is written otherwise, and not as an initial or a known pair."""
    i: cython.int
    at: cython.int
    bit: cython.uint = 1
    found: cython.uint = 0
    for i in range(n):
        at = i * MAX_WORDS + s.of_left[i]
        if s.of_left[i] >= 0 and not s.initial[at] and s.cost[at] != 0.0:
            found |= bit << i
    return found


@cython.cfunc
@cython.exceptval(check=False)
def _write_contrast(left: Table, lw: cython.Py_ssize_t, n: cython.int, right: Table, rw: cython.Py_ssize_t, contrast: Costs,
                    origin: cython.int, turned: cython.bint, edited: cython.uint, s: Scratch, out: cython.p_float,
                    at: cython.Py_ssize_t) -> cython.void:
    """How much the edits within matched words look like those between different words -> out[at + 40], out[at + 41]."""
    i: cython.int
    a: cython.uint
    b: cython.uint
    c: cython.float
    for i in range(n):
        if not edited >> i & 1:
            continue
        a = left.row_words[lw + i]
        b = right.row_words[rw + s.of_left[i]]
        if (left.word_flags[a] | right.word_flags[b]) & NUMBER:
            continue
        c = edits(left.symbols, left.word_start[a], left.word_start[a + 1] - left.word_start[a], right.symbols,
                  right.word_start[b], right.word_start[b + 1] - right.word_start[b], contrast, origin, turned, s.line)
        if c > WORST_CONTRAST:
            c = WORST_CONTRAST
        out[at + 40] += c
        if c > out[at + 41]:
            out[at + 41] = c


@cython.cfunc
@cython.exceptval(check=False)
def _write_ordered(left: Table, lw: cython.Py_ssize_t, n: cython.int, right: Table, rw: cython.Py_ssize_t, m: cython.int,
                   costs: Costs, origin: cython.int, turned: cython.bint, s: Scratch, out: cython.p_float,
                   at: cython.Py_ssize_t) -> cython.void:
    """What it costs to turn one name into the other, as strings without spaces -> out[at + 18 : at + 22], their lengths, their heads."""
    size_a: cython.int = _whole(left, lw, n, s.left)
    size_b: cython.int = _whole(right, rw, m, s.right)
    size: cython.float = 1.0 + 0.5 * (size_a + size_b)
    plain: cython.float = edits(s.left, 0, size_a, s.right, 0, size_b, costs, origin, turned, s.line)
    best: cython.float = plain
    gaps: cython.float
    out[at + 32] = swap_cost(costs, origin, turned, s.left[0], s.right[0])
    if out[at + 16] > 0.0:
        _in_order(left, lw, n, m, s, False)
        best = edits(s.left, 0, size_a, s.right, 0, size_b, costs, origin, turned, s.line)
        if plain < best:
            best = plain
    gaps = out[at] + _gaps(left, lw, n, s.of_left, costs.right_gaps if turned else costs.left_gaps, origin)
    gaps += _gaps(right, rw, m, s.of_right, costs.left_gaps if turned else costs.right_gaps, origin)
    if gaps < best:
        best = gaps
    out[at + 18] = plain
    out[at + 19] = plain / size
    out[at + 20] = best
    out[at + 21] = best / size
    out[at + 24] = size_a if size_a < size_b else size_b
    out[at + 25] = size_a - size_b if size_a > size_b else size_b - size_a


@cython.cfunc
@cython.exceptval(check=False)
def _write_strings(left: Table, lw: cython.Py_ssize_t, n: cython.int, right: Table, rw: cython.Py_ssize_t, m: cython.int,
                   costs: Costs, origin: cython.int, turned: cython.bint, s: Scratch, out: cython.p_float,
                   at: cython.Py_ssize_t) -> cython.void:
    """What the names have in common as strings, the words of the left one in the order of their matches -> the rest of out."""
    size_a: cython.int = _in_order(left, lw, n, m, s, False)
    size_b: cython.int = _whole(right, rw, m, s.right)
    k: cython.int
    out[at + 44] = count_slips(s.left, size_a, s.right, size_b, s.lines)
    out[at + 45] = out[at + 44] / (out[at + 24] + 0.5)
    out[at + 30] = common_share(s.left, size_a, s.right, size_b, s.lines)
    out[at + 33] = swap_cost(costs, origin, turned, s.left[size_a - 1], s.right[size_b - 1])
    size_a = _in_order(left, lw, n, m, s, True)
    size_b = 0
    for k in range(m):
        size_b = _append_skeleton(right, right.row_words[rw + k], s.right, size_b)
    out[at + 31] = common_share(s.left, size_a, s.right, size_b, s.lines)


@cython.cfunc
@cython.exceptval(check=False)
def _line_up(left: Table, row: cython.Py_ssize_t, right: Table, other: cython.Py_ssize_t, costs: Costs, s: Scratch,
             out: cython.p_float, at: cython.Py_ssize_t) -> cython.void:
    """Two rows -> their words matched, in `s`, and what that costs in out: all that says which rows are near."""
    lw: cython.Py_ssize_t = left.row_start[row]
    rw: cython.Py_ssize_t = right.row_start[other]
    n: cython.int = left.row_start[row + 1] - left.row_start[row]
    m: cython.int = right.row_start[other + 1] - right.row_start[other]
    origin: cython.int = _origin(left, row, right, other)
    turned: cython.bint = origin > 255
    origin &= 255
    _word_pairs(left, lw, n, right, rw, m, costs, origin, turned, s)
    _pair_up(n, m, s)
    out[at + 17] = _merge(left, lw, n, right, rw, m, costs, origin, turned, s, False)
    out[at + 17] += _merge(right, rw, m, left, lw, n, costs, origin, not turned, s, True)
    _write_matches(left, lw, n, right, rw, m, s, out, at)
    _write_ordered(left, lw, n, right, rw, m, costs, origin, turned, s, out, at)


@cython.cfunc
@cython.exceptval(check=False)
def _write_rest(left: Table, row: cython.Py_ssize_t, right: Table, other: cython.Py_ssize_t, costs: Costs, contrast: Costs,
                edited: cython.uint, s: Scratch, out: cython.p_float, at: cython.Py_ssize_t) -> cython.void:
    """Two rows that were lined up (of_left in `s`, and what of it was `edited`) -> the numbers that say more than how near they are."""
    lw: cython.Py_ssize_t = left.row_start[row]
    rw: cython.Py_ssize_t = right.row_start[other]
    n: cython.int = left.row_start[row + 1] - left.row_start[row]
    m: cython.int = right.row_start[other + 1] - right.row_start[other]
    origin: cython.int = _origin(left, row, right, other)
    turned: cython.bint = origin > 255
    a: cython.uint = left.row_legal[row]
    b: cython.uint = right.row_legal[other]
    origin &= 255
    _write_contrast(left, lw, n, right, rw, contrast, origin, turned, edited, s, out, at)
    _write_strings(left, lw, n, right, rw, m, costs, origin, turned, s, out, at)
    out[at + 26] = n
    out[at + 27] = m
    out[at + 34] = right.row_crowd[other]
    out[at + 35] = 1.0 if a & b else 0.0
    out[at + 36] = 1.0 if a and b and not a & b else 0.0
    out[at + 37] = 1.0 if (a == 0) != (b == 0) else 0.0
    out[at + 38] = origin if origin else (0.0 if left.row_origin[row] == 0 and right.row_origin[other] == 0 else 11.0)


@cython.ccall
def compare_rows(left: Table, row: cython.Py_ssize_t, right: Table, rows: cython.const[cython.uint][::1],
                 count: cython.Py_ssize_t, costs: Costs, contrast: Costs, out: cython.float[::1]) -> cython.void:
    """One row of `left` against `count` rows of `right` -> WIDTH numbers for each in `out`, which must hold zeros.

    `costs` say how likely an edit is between spellings of one word; `contrast`, how much likelier between different words.
    """
    s: Scratch = _SHARED if cython.compiled else Scratch()  # interpreted, a call may be interrupted by another
    made: cython.p_float = floats_at(out)
    n: cython.int = left.row_start[row + 1] - left.row_start[row]
    r: cython.Py_ssize_t
    _forget(s)
    for r in range(count):
        _line_up(left, row, right, rows[r], costs, s, made, r * WIDTH)
        _write_rest(left, row, right, rows[r], costs, contrast, _edited(n, s), s, made, r * WIDTH)


@cython.final
@cython.cclass
class Lined:
    """Working memory for so many rows that are lined up with a name: how each was, and how they stand."""

    def __init__(self, rows):
        self.standings = Standings(rows)
        self.matches = memoryview(array("i", bytes(4 * MAX_WORDS * rows)))
        self.edited = memoryview(array("I", bytes(4 * rows)))


@cython.ccall
def near_rows(left: Table, row: cython.Py_ssize_t, right: Table, rows: cython.uint[::1], cosines: cython.float[::1],
              marks: cython.uchar[::1], places: cython.const[cython.int][::1], near: cython.Py_ssize_t, similar: cython.Py_ssize_t,
              costs: Costs, contrast: Costs, lined: Lined, out: cython.float[::1]) -> cython.Py_ssize_t:
    """As `compare_rows`, but only of those that `standing.keep_nearest` keeps, and of those marked, all is told: moved to the front.

    Returns how many these are. `lined` has room for as many as there are.
    """
    s: Scratch = _SHARED if cython.compiled else Scratch()
    made: cython.p_float = floats_at(out)
    n: cython.int = left.row_start[row + 1] - left.row_start[row]
    count: cython.Py_ssize_t = rows.shape[0]
    matches: cython.int[::1] = lined.matches  # of_left of each row ...
    edited: cython.uint[::1] = lined.edited  # ... and what of it was edited
    r: cython.Py_ssize_t
    i: cython.int
    _forget(s)
    for r in range(count):
        _line_up(left, row, right, rows[r], costs, s, made, r * WIDTH)
        edited[r] = _edited(n, s)
        for i in range(n):
            matches[r * n + i] = s.of_left[i]
    mark_nearest(out, cosines, count, WIDTH, places, near, similar, marks, lined.standings)
    for r in range(count):
        if marks[r]:
            for i in range(n):
                s.of_left[i] = matches[r * n + i]
            _write_rest(left, row, right, rows[r], costs, contrast, edited[r], s, made, r * WIDTH)
    return move_marked(rows, out, cosines, WIDTH, marks)
