# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Rows of words -> the keys they are found by, sorted postings of those keys, and which keys of a query a row has.

One source, two roads, as in `resolver.align`. A key is 32 bits. Three views of a name have keys of their own:
LETTERS, runs of two and three symbols; SKELETON, the same of the consonant skeletons and of the skeletons joined;
WORDS, whole skeletons, with one sound left out, of neighbours joined and of the whole name joined.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

COMPILED = cython.compiled

VIEWS = LETTERS, SKELETON, WORDS = 0, 1, 2
MAX_KEYS = 4096  # of one row in one view; 12 words of 24 symbols have fewer than 1,600
MOST = cython.declare(cython.Py_ssize_t, MAX_KEYS)  # the same number for compiled code
GAP = cython.declare(cython.uint, 63)  # stands for the space around words; symbol codes are below it
MAX_LENGTH = 320  # of the text of one row: 12 words of 24 symbols, and gaps
BYTE = cython.declare(cython.uint, 255)
HASH_START = cython.declare(cython.uint, 2166136261)  # FNV-1a, 32 bits
HASH_STEP = cython.declare(cython.uint, 16777619)
MASK = cython.declare(cython.uint, 0xFFFFFFFF)


@cython.cfunc
@cython.exceptval(check=False)
def _runs(text: cython.uchar[::1], size: cython.int, shortest: cython.int, mark: cython.uint, out: cython.uint[::1],
          count: cython.int) -> cython.int:
    """Runs of two (when `shortest` is 2) and three codes of a text -> keys behind the `count` that are in `out`."""
    k: cython.int
    for k in range(size - 1):
        if shortest == 2 and count < MOST:
            out[count] = mark | 1 << 24 | text[k] << 6 | text[k + 1]
            count += 1
        if k + 2 < size and count < MOST:
            out[count] = mark | text[k] << 12 | text[k + 1] << 6 | text[k + 2]
            count += 1
    return count


@cython.cfunc
@cython.exceptval(check=False)
def _spaced(words: cython.const[cython.uint][::1], first: cython.uint, last: cython.uint, starts: cython.const[cython.uint][::1],
            codes: cython.const[cython.uchar][::1], out: cython.uchar[::1]) -> cython.int:
    """words[first:last] written with GAP around each -> out; returns the length."""
    size: cython.int = 1
    w: cython.uint
    k: cython.uint
    out[0] = GAP
    for w in range(first, last):
        for k in range(starts[words[w]], starts[words[w] + 1]):
            out[size] = codes[k]
            size += 1
        out[size] = GAP
        size += 1
    return size


@cython.cfunc
@cython.exceptval(check=False)
def _joined(text: cython.uchar[::1], size: cython.int) -> cython.int:
    """Take the gaps and the doubled codes out of a text, in place, leaving one GAP at each end; returns the length."""
    k: cython.int
    kept: cython.int = 1
    for k in range(1, size):
        if text[k] != GAP and text[k] != text[kept - 1]:
            text[kept] = text[k]
            kept += 1
    text[kept] = GAP
    return kept + 1


@cython.cfunc
@cython.exceptval(check=False)
def _hash(text: cython.uchar[::1], first: cython.int, last: cython.int, skipped: cython.int, seed: cython.uint) -> cython.uint:
    """Hash of text[first:last] without the code at `skipped`."""
    h: cython.uint = (HASH_START ^ seed) * HASH_STEP & MASK
    k: cython.int
    for k in range(first, last):
        if k != skipped:
            h = (h ^ text[k]) * HASH_STEP & MASK
    return h


@cython.cfunc
@cython.exceptval(check=False)
def _hashes_without_one(text: cython.uchar[::1], first: cython.int, last: cython.int, seed: cython.uint, out: cython.uint[::1],
                        count: cython.int) -> cython.int:
    """Hashes of text[first:last] without each of its codes in turn -> behind the `count` that are in `out`."""
    before: cython.uint = (HASH_START ^ seed) * HASH_STEP & MASK
    d: cython.int
    k: cython.int
    for k in range(first, last):  # all hashes go on abreast, so that none waits for its own last step
        for d in range(count, count + k - first):
            out[d] = (out[d] ^ text[k]) * HASH_STEP & MASK
        out[count + k - first] = before
        before = (before ^ text[k]) * HASH_STEP & MASK
    return count + last - first


@cython.cfunc
@cython.exceptval(check=False)
def _word_keys(text: cython.uchar[::1], size: cython.int, out: cython.uint[::1]) -> cython.int:
    """Spaced skeletons of a row -> keys of its words, of each less one code, and of neighbours joined."""
    count: cython.int = 0
    first: cython.int = 1
    before: cython.int = -1
    k: cython.int
    for k in range(1, size):
        if text[k] != GAP:
            continue
        if count + k - first + 2 >= MOST:
            break
        out[count] = _hash(text, first, k, -1, 0)
        count += 1
        if 3 < k - first < 12:
            count = _hashes_without_one(text, first, k, 0, out, count)
        if before >= 0:
            out[count] = _hash(text, before, k, first - 1, 0)
            count += 1
        before = first
        first = k + 1
    return count


@cython.ccall
def row_keys(words: cython.const[cython.uint][::1], first: cython.uint, last: cython.uint, starts: cython.const[cython.uint][::1],
             codes: cython.const[cython.uchar][::1], view: cython.int, text: cython.uchar[::1],
             out: cython.uint[::1]) -> cython.int:
    """The row words[first:last] in one view -> its keys in `out` (MAX_KEYS long), repeats included; returns how many.

    `codes` holds the symbols of the words for LETTERS, their skeletons for the other views; `text` is working memory of
    MAX_LENGTH.
    """
    return _keys(words, first, last, starts, codes, view, text, out)


@cython.cfunc
@cython.exceptval(check=False)
def _keys(words: cython.const[cython.uint][::1], first: cython.uint, last: cython.uint, starts: cython.const[cython.uint][::1],
          codes: cython.const[cython.uchar][::1], view: cython.int, text: cython.uchar[::1], out: cython.uint[::1]) -> cython.int:
    """What `row_keys` tells; other modules cannot call it, so that a compiler may hand on only what it needs of the views."""
    size: cython.int = _spaced(words, first, last, starts, codes, text)
    count: cython.int
    if view == LETTERS:
        return _runs(text, size, 2, 0, out, 0)
    if view == SKELETON:
        count = _runs(text, size, 2, 0, out, 0)
        size = _joined(text, size)
        return _runs(text, size, 3, 1 << 25, out, count)
    count = _word_keys(text, size, out)
    size = _joined(text, size) - 1
    if count + size < MOST:
        out[count] = _hash(text, 1, size, -1, 77)
        count += 1
        if 4 < size < 17:
            count = _hashes_without_one(text, 1, size, 77, out, count)
    return count


@cython.ccall
def place_of(keys: cython.const[cython.uint][::1], key: cython.uint) -> cython.Py_ssize_t:
    """Sorted keys -> the first place at which this key stands, or would stand."""
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = keys.shape[0]
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) >> 1
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@cython.final
@cython.cclass
class Counted:
    """Sorted distinct keys of 32 bits, and a number of each."""

    def __init__(self, keys, counts):
        self.keys, self.counts = keys, counts

    def of(self, key: cython.uint):
        """Key -> its number, 0 when it is none of them."""
        at: cython.Py_ssize_t = place_of(self.keys, key)
        return self.counts[at] if at < self.keys.shape[0] and self.keys[at] == key else 0


@cython.ccall
def all_keys(row_start: cython.const[cython.uint][::1], words: cython.const[cython.uint][::1],
             starts: cython.const[cython.uint][::1], codes: cython.const[cython.uchar][::1], first: cython.Py_ssize_t,
             last: cython.Py_ssize_t, view: cython.int, low: cython.uint, high: cython.uint, keys: cython.uint[::1],
             rows: cython.uint[::1]) -> cython.Py_ssize_t:
    """Rows first to last -> (key, row) pairs with keys from low to high written to both arrays; returns how many.

    A repeat in a row is written again.
    """
    text: cython.uchar[::1] = memoryview(bytearray(MAX_LENGTH))
    found: cython.uint[::1] = memoryview(array("I", bytes(4 * MAX_KEYS)))
    row: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    k: cython.int
    size: cython.int
    for row in range(first, last):
        size = row_keys(words, row_start[row], row_start[row + 1], starts, codes, view, text, found)
        for k in range(size):
            if low <= found[k] <= high:
                keys[count] = found[k]
                rows[count] = cython.cast(cython.uint, row)
                count += 1
    return count


@cython.ccall
def sort_by_key(keys: cython.uint[::1], rows: cython.uint[::1], count: cython.Py_ssize_t, spare_keys: cython.uint[::1],
                spare_rows: cython.uint[::1]) -> cython.void:
    """Sort pairs by key, keeping the order of rows: two passes of counting sort over 16 bits each."""
    _pass(keys, rows, count, 0, spare_keys, spare_rows)
    _pass(spare_keys, spare_rows, count, 16, keys, rows)


@cython.cfunc
@cython.exceptval(check=False)
def _pass(keys: cython.uint[::1], rows: cython.uint[::1], count: cython.Py_ssize_t, shift: cython.int,
          out_keys: cython.uint[::1], out_rows: cython.uint[::1]) -> cython.void:
    starts: cython.ulonglong[::1] = memoryview(array("Q", bytes(8 * 65537)))
    k: cython.Py_ssize_t
    digit: cython.uint
    for k in range(count):
        starts[(keys[k] >> shift & 65535) + 1] += 1
    for k in range(65536):
        starts[k + 1] += starts[k]
    for k in range(count):
        digit = keys[k] >> shift & 65535
        out_keys[starts[digit]] = keys[k]
        out_rows[starts[digit]] = rows[k]
        starts[digit] += 1


@cython.ccall
def group(keys: cython.uint[::1], rows: cython.uint[::1], count: cython.Py_ssize_t, starts: cython.uint[::1]) -> tuple:
    """Sorted pairs -> in place: distinct keys, where the rows of each start, rows without repeats; returns both counts."""
    k: cython.Py_ssize_t
    distinct: cython.Py_ssize_t = 0
    kept: cython.Py_ssize_t = 0
    for k in range(count):
        if distinct and keys[k] == keys[distinct - 1]:
            if rows[k] == rows[kept - 1]:
                continue
        else:
            keys[distinct] = keys[k]
            starts[distinct] = cython.cast(cython.uint, kept)
            distinct += 1
        rows[kept] = rows[k]
        kept += 1
    starts[distinct] = cython.cast(cython.uint, kept)
    return distinct, kept


@cython.final
@cython.cclass
class _Weighing:
    """Working memory of one call of `weigh_rows`."""

    text: cython.uchar[::1]
    found: cython.uint[::1]
    table: cython.uint[::1]  # place among the wanted keys + 1, 0 where empty
    met: cython.uint[::1]  # of each wanted key the last row that it was met in, + 1

    def __init__(self):
        self.text = memoryview(bytearray(MAX_LENGTH))
        self.found, self.met = (memoryview(array("I", bytes(4 * (MAX_KEYS + 1)))) for _ in range(2))
        self.table = memoryview(array("I", bytes(16 * MAX_KEYS)))


_SHARED = cython.declare(_Weighing, _Weighing())


@cython.cfunc
@cython.exceptval(check=False)
def _fill(table: cython.uint[::1], size: cython.uint, wanted: cython.const[cython.uint][::1]) -> cython.void:
    """Distinct keys -> a hash table of so many slots, a power of two, that says where each stands."""
    slot: cython.uint
    k: cython.Py_ssize_t
    for k in range(size):
        table[k] = 0
    for k in range(wanted.shape[0]):
        slot = (wanted[k] * HASH_STEP & MASK) >> 5 & (size - 1)
        while table[slot]:
            slot = (slot + 1) & (size - 1)
        table[slot] = cython.cast(cython.uint, k + 1)


@cython.ccall
def weigh_rows(rows: cython.const[cython.uint][::1], count: cython.Py_ssize_t, row_start: cython.const[cython.uint][::1],
               words: cython.const[cython.uint][::1], starts: cython.const[cython.uint][::1],
               codes: cython.const[cython.uchar][::1], view: cython.int, wanted: cython.const[cython.uint][::1],
               weights: cython.const[cython.float][::1], sums: cython.float[::1]) -> cython.void:
    """Rows, and distinct keys of a query with their weights -> in `sums`, for this view of each row, those of the keys it has."""
    s: _Weighing = _SHARED if cython.compiled else _Weighing()  # interpreted, a call may be interrupted by another
    text: cython.uchar[::1] = s.text
    found: cython.uint[::1] = s.found
    table: cython.uint[::1] = s.table
    met: cython.uint[::1] = s.met
    size: cython.uint = 2
    slot: cython.uint
    place: cython.uint
    k: cython.Py_ssize_t
    j: cython.int
    keys: cython.int
    total: cython.float
    while size < 4 * wanted.shape[0]:
        size *= 2
    _fill(table, size, wanted)
    for k in range(wanted.shape[0] + 1):
        met[k] = 0
    for k in range(count):
        total = 0.0
        keys = _keys(words, row_start[rows[k]], row_start[rows[k] + 1], starts, codes, view, text, found)
        for j in range(keys):
            slot = (found[j] * HASH_STEP & MASK) >> 5 & (size - 1)
            while table[slot] and wanted[table[slot] - 1] != found[j]:
                slot = (slot + 1) & (size - 1)
            place = table[slot]
            if place and met[place] != k + 1:
                met[place] = cython.cast(cython.uint, k + 1)
                total += weights[place - 1]
        sums[3 * k + view] = total
