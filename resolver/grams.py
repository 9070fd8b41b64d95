# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Rows of words -> the keys they are found by, sorted postings of those keys, and the sums that a query gathers from them.

One source, two roads, as in `resolver.align`. A key is 32 bits. Three views of a name have keys of their own:
LETTERS, runs of two and three symbols; SKELETON, the same of the consonant skeletons and of the skeletons joined;
WORDS, whole skeletons, with one sound left out, of neighbours joined and of the whole name joined.
"""

from __future__ import annotations

from array import array
from math import log as _log

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from resolver import _nocython as cython

COMPILED = cython.compiled

LETTERS, SKELETON, WORDS = 0, 1, 2
MAX_KEYS = 4096  # of one row in one view; 12 words of 24 symbols have fewer than 1,600
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
        if shortest == 2 and count < MAX_KEYS:
            out[count] = mark | 1 << 24 | text[k] << 6 | text[k + 1]
            count += 1
        if k + 2 < size and count < MAX_KEYS:
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
def _word_keys(text: cython.uchar[::1], size: cython.int, out: cython.uint[::1]) -> cython.int:
    """Spaced skeletons of a row -> keys of its words, of each less one code, and of neighbours joined."""
    count: cython.int = 0
    first: cython.int = 1
    before: cython.int = -1
    k: cython.int
    d: cython.int
    for k in range(1, size):
        if text[k] != GAP:
            continue
        if count + k - first + 2 >= MAX_KEYS:
            break
        out[count] = _hash(text, first, k, -1, 0)
        count += 1
        if 3 < k - first < 12:
            for d in range(first, k):
                out[count] = _hash(text, first, k, d, 0)
                count += 1
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
    size: cython.int = _spaced(words, first, last, starts, codes, text)
    count: cython.int
    d: cython.int
    if view == LETTERS:
        return _runs(text, size, 2, 0, out, 0)
    if view == SKELETON:
        count = _runs(text, size, 2, 0, out, 0)
        size = _joined(text, size)
        return _runs(text, size, 3, 1 << 25, out, count)
    count = _word_keys(text, size, out)
    size = _joined(text, size) - 1
    if count + size < MAX_KEYS:
        out[count] = _hash(text, 1, size, -1, 77)
        count += 1
        if 4 < size < 17:
            for d in range(1, size):
                out[count] = _hash(text, 1, size, d, 77)
                count += 1
    return count


@cython.ccall
def all_keys(row_start: cython.const[cython.uint][::1], words: cython.const[cython.uint][::1],
             starts: cython.const[cython.uint][::1], codes: cython.const[cython.uchar][::1], first: cython.Py_ssize_t,
             last: cython.Py_ssize_t, view: cython.int, keys: cython.uint[::1], rows: cython.uint[::1]) -> cython.Py_ssize_t:
    """Rows first to last -> (key, row) pairs written to both arrays; returns how many; a repeat in a row is written again."""
    text: cython.uchar[::1] = memoryview(bytearray(MAX_LENGTH))
    found: cython.uint[::1] = memoryview(array("I", bytes(4 * MAX_KEYS)))
    row: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    k: cython.int
    size: cython.int
    for row in range(first, last):
        size = row_keys(words, row_start[row], row_start[row + 1], starts, codes, view, text, found)
        for k in range(size):
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


@cython.ccall
def add_weight(rows: cython.const[cython.uint][::1], first: cython.Py_ssize_t, last: cython.Py_ssize_t, weight: cython.float,
               sums: cython.float[::1]) -> cython.void:
    """Add a weight to the sum of every row in rows[first:last]."""
    k: cython.Py_ssize_t
    for k in range(first, last):
        sums[rows[k]] += weight


@cython.cfunc
@cython.exceptval(check=False)
def _place(keys: cython.const[cython.uint][::1], key: cython.uint) -> cython.Py_ssize_t:
    """Where a key stands among sorted keys, -1 when it is not there."""
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = keys.shape[0]
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) >> 1
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low if low < keys.shape[0] and keys[low] == key else -1


@cython.ccall
def gather(wanted: cython.const[cython.uint][::1], keys: cython.const[cython.uint][::1], starts: cython.const[cython.uint][::1],
           rows: cython.const[cython.uint][::1], total: cython.double, budget: cython.Py_ssize_t,
           sums: cython.float[::1]) -> cython.double:
    """Distinct keys of a query -> squared rarity of each added to the sums of its rows; returns the squared length of the query.

    Rarity is log((1 + total) / (1 + rows of the key)) + 0.05. Keys with more rows than `budget` count in the length only: at a
    million names a pair of letters is in a tenth of them, and says as little.
    """
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t
    r: cython.Py_ssize_t
    weight: cython.float
    length: cython.double = 0.0
    for k in range(wanted.shape[0]):
        at = _place(keys, wanted[k])
        if at < 0:
            continue
        weight = _log((1.0 + total) / (1.0 + starts[at + 1] - starts[at])) + 0.05
        weight *= weight
        length += weight
        if starts[at + 1] - starts[at] <= budget:
            for r in range(starts[at], starts[at + 1]):
                sums[rows[r]] += weight
    return length


@cython.cfunc
@cython.exceptval(check=False)
def _offer(values: cython.float[::1], ids: cython.uint[::1], first: cython.int, room: cython.int, value: cython.float,
           row: cython.uint) -> cython.void:
    """Keep the `room` greatest values in a heap at `first`; of equal ones the one that came first."""
    k: cython.int = 0
    child: cython.int
    if value <= values[first]:
        return
    while True:
        child = 2 * k + 1
        if child >= room:
            break
        if child + 1 < room and values[first + child + 1] < values[first + child]:
            child += 1
        if values[first + child] >= value:
            break
        values[first + k] = values[first + child]
        ids[first + k] = ids[first + child]
        k = child
    values[first + k] = value
    ids[first + k] = row


@cython.ccall
def choose(sums: list, norms: list, lengths: cython.const[cython.float][::1], allowed: cython.const[cython.uchar][::1],
           rooms: cython.const[cython.int][::1], values: cython.float[::1], ids: cython.uint[::1],
           cosines: cython.float[::1]) -> cython.void:
    """Sums of three views -> the best rows by their total (rooms[0] of them) and by each view (rooms[1:]), in `ids`.

    Cosines are left in `values`; `cosines` takes the three of every kept slot. The sums are zero again afterwards. An empty
    `allowed` allows every row.
    """
    a: cython.float[::1] = sums[0]
    b: cython.float[::1] = sums[1]
    c: cython.float[::1] = sums[2]
    na: cython.const[cython.float][::1] = norms[0]
    nb: cython.const[cython.float][::1] = norms[1]
    nc: cython.const[cython.float][::1] = norms[2]
    r: cython.Py_ssize_t
    k: cython.Py_ssize_t
    x: cython.float
    y: cython.float
    z: cython.float
    second: cython.int = rooms[0]
    third: cython.int = second + rooms[1]
    fourth: cython.int = third + rooms[2]
    total: cython.int = fourth + rooms[3]
    row: cython.uint
    masked: cython.bint = allowed.shape[0] > 0
    for r in range(a.shape[0]):
        if a[r] == 0.0 and b[r] == 0.0 and c[r] == 0.0:
            continue
        if masked and not allowed[r]:
            continue
        x = a[r] * na[r] * lengths[0]
        y = b[r] * nb[r] * lengths[1]
        z = c[r] * nc[r] * lengths[2]
        row = cython.cast(cython.uint, r)
        _offer(values, ids, 0, rooms[0], x + y + z, row)
        _offer(values, ids, second, rooms[1], x, row)
        _offer(values, ids, third, rooms[2], y, row)
        _offer(values, ids, fourth, rooms[3], z, row)
    for k in range(total):
        row = ids[k]
        cosines[3 * k] = a[row] * na[row] * lengths[0]
        cosines[3 * k + 1] = b[row] * nb[row] * lengths[1]
        cosines[3 * k + 2] = c[row] * nc[row] * lengths[2]
    for r in range(a.shape[0]):
        a[r] = 0.0
        b[r] = 0.0
        c[r] = 0.0
