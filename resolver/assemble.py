# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Columns of prepared names -> columns in another order, numbered words, counted words.

One source, two roads, as in `resolver.align`. All of it is what a build does once for each of millions of names.
"""

from __future__ import annotations

from array import array
from math import log as _log
from math import sqrt as _sqrt

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

COMPILED = cython.compiled

NONE = cython.declare(cython.uint, 0xFFFFFFFF)  # no number yet
FULL = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)
MIX = cython.declare(cython.ulonglong, 0x9E3779B97F4A7C15)  # 2**64 / golden ratio: spreads keys that differ in few bits


def room(typecode, count):
    """Typecode and count -> that many zeros as a view, which compiled code writes to."""
    values = array(typecode)
    values.frombytes(bytes(values.itemsize * count))
    return memoryview(values)


# ---------------------------------------------------------------- order


@cython.ccall
def shift_all(values: cython.uint[::1], by: cython.uint) -> cython.void:
    """Add a number to every value."""
    k: cython.Py_ssize_t
    for k in range(values.shape[0]):
        values[k] += by


@cython.ccall
def span_starts(at: cython.const[cython.uint][::1], order: cython.const[cython.uint][::1], out: cython.uint[::1]) -> cython.ulonglong:
    """Where spans start (and the last ends), and numbers of spans -> where they start one behind the other; their total length."""
    total: cython.ulonglong = 0
    k: cython.Py_ssize_t
    for k in range(order.shape[0]):
        out[k] = cython.cast(cython.uint, total)
        total += at[order[k] + 1] - at[order[k]]
    out[order.shape[0]] = cython.cast(cython.uint, total)
    return total


@cython.ccall
def copy_spans(data: cython.const[cython.uchar][::1], at: cython.const[cython.uint][::1], order: cython.const[cython.uint][::1],
               width: cython.Py_ssize_t, out: cython.uchar[::1]) -> cython.void:
    """Bytes of values, each `width` of them, cut into spans -> the spans of these numbers, one behind the other."""
    k: cython.Py_ssize_t
    b: cython.Py_ssize_t
    to: cython.Py_ssize_t = 0
    end: cython.Py_ssize_t
    for k in range(order.shape[0]):
        end = width * at[order[k] + 1]
        for b in range(width * at[order[k]], end):
            out[to] = data[b]
            to += 1


@cython.ccall
def copy_items(data: cython.const[cython.uchar][::1], order: cython.const[cython.uint][::1], width: cython.Py_ssize_t,
               out: cython.uchar[::1]) -> cython.void:
    """Bytes of values, each `width` of them -> the values of these numbers."""
    k: cython.Py_ssize_t
    b: cython.Py_ssize_t
    for k in range(order.shape[0]):
        for b in range(width):
            out[width * k + b] = data[width * order[k] + b]


@cython.ccall
def owners(at: cython.const[cython.uint][::1], out: cython.uint[::1]) -> cython.void:
    """Where the spans of owners start -> for every item in them the number of its owner."""
    owner: cython.Py_ssize_t
    k: cython.Py_ssize_t
    for owner in range(at.shape[0] - 1):
        for k in range(at[owner], at[owner + 1]):
            out[k] = cython.cast(cython.uint, owner)


@cython.ccall
def add_starts(values: cython.uint[::1], owner: cython.const[cython.uint][::1], at: cython.const[cython.uint][::1]) -> cython.void:
    """Numbers that count from the start of their owner's span -> numbers that count from the start of all."""
    k: cython.Py_ssize_t
    for k in range(values.shape[0]):
        values[k] += at[owner[k]]


@cython.ccall
def tag_all(values: cython.uint[::1], bits: cython.int, tags: cython.const[cython.uchar][::1]) -> cython.void:
    """Shift every value and put its tag into the `bits` that become free."""
    k: cython.Py_ssize_t
    for k in range(values.shape[0]):
        values[k] = values[k] << bits | tags[k]


@cython.ccall
def starts_of_sizes(sizes: cython.const[cython.uchar][::1], out: cython.uint[::1]) -> cython.void:
    """Lengths -> where each begins, and the last ends."""
    total: cython.uint = 0
    k: cython.Py_ssize_t
    for k in range(sizes.shape[0]):
        out[k] = total
        total += sizes[k]
    out[sizes.shape[0]] = total


@cython.ccall
def places_where(values: cython.const[cython.uchar][::1], mask: cython.uint, wanted: cython.uint, out: cython.uint[::1]) -> cython.Py_ssize_t:
    """Values -> places of those that are `wanted` under a mask; returns how many."""
    count: cython.Py_ssize_t = 0
    k: cython.Py_ssize_t
    for k in range(values.shape[0]):
        if values[k] & mask == wanted:
            out[count] = cython.cast(cython.uint, k)
            count += 1
    return count


@cython.ccall
def sort_wide(keys: cython.ulonglong[::1], values: cython.uint[::1], spare_keys: cython.ulonglong[::1],
              spare_values: cython.uint[::1]) -> cython.void:
    """Sort pairs by key, keeping the order of values: four passes of counting sort over 16 bits each."""
    _wide_pass(keys, values, 0, spare_keys, spare_values)
    _wide_pass(spare_keys, spare_values, 16, keys, values)
    _wide_pass(keys, values, 32, spare_keys, spare_values)
    _wide_pass(spare_keys, spare_values, 48, keys, values)


@cython.cfunc
@cython.exceptval(check=False)
def _wide_pass(keys: cython.ulonglong[::1], values: cython.uint[::1], shift: cython.int, out_keys: cython.ulonglong[::1],
               out_values: cython.uint[::1]) -> cython.void:
    starts: cython.ulonglong[::1] = memoryview(array("Q", bytes(8 * 65537)))
    k: cython.Py_ssize_t
    digit: cython.uint
    for k in range(keys.shape[0]):
        starts[(keys[k] >> shift & 65535) + 1] += 1
    for k in range(65536):
        starts[k + 1] += starts[k]
    for k in range(keys.shape[0]):
        digit = keys[k] >> shift & 65535
        out_keys[starts[digit]] = keys[k]
        out_values[starts[digit]] = values[k]
        starts[digit] += 1


# ---------------------------------------------------------------- words


@cython.ccall
def number_words(words: cython.const[cython.uint][::1], same_as: cython.const[cython.uint][::1], seen: cython.uint[::1],
                 out: cython.uint[::1], order: cython.uint[::1]) -> cython.Py_ssize_t:
    """Words -> numbers in the order in which they are met first; `same_as` says which words are one, `seen` begins as all ones.

    `order` takes the words by their numbers; returns how many.
    """
    count: cython.Py_ssize_t = 0
    k: cython.Py_ssize_t
    word: cython.uint
    for k in range(words.shape[0]):
        word = same_as[words[k]]
        if seen[word] == NONE:
            seen[word] = cython.cast(cython.uint, count)
            order[count] = word
            count += 1
        out[k] = seen[word]
    return count


@cython.ccall
def count_rows(row_start: cython.const[cython.uint][::1], row_words: cython.const[cython.uint][::1],
               group: cython.const[cython.uint][::1], counts: cython.uint[::1]) -> cython.void:
    """Rows of words, and the group that each word is of -> how many rows hold each group."""
    row: cython.Py_ssize_t
    k: cython.uint
    j: cython.uint
    met: cython.bint
    for row in range(row_start.shape[0] - 1):
        for k in range(row_start[row], row_start[row + 1]):
            met = False
            for j in range(row_start[row], k):
                if group[row_words[j]] == group[row_words[k]]:
                    met = True
            if not met:
                counts[group[row_words[k]]] += 1


@cython.ccall
def count_alike(keys: cython.const[cython.ulonglong][::1], out: cython.uchar[::1]) -> cython.void:
    """Keys -> how many others are equal to each, 255 for more."""
    size: cython.ulonglong = 2
    slot: cython.ulonglong
    k: cython.Py_ssize_t
    while size < 2 * keys.shape[0]:
        size *= 2
    table: cython.ulonglong[::1] = room("Q", size)
    counts: cython.uint[::1] = room("I", size)
    for k in range(keys.shape[0]):
        slot = _slot(keys[k]) & (size - 1)
        while counts[slot] and table[slot] != keys[k]:
            slot = (slot + 1) & (size - 1)
        table[slot] = keys[k]
        counts[slot] += 1
    for k in range(keys.shape[0]):
        slot = _slot(keys[k]) & (size - 1)
        while table[slot] != keys[k] or not counts[slot]:
            slot = (slot + 1) & (size - 1)
        out[k] = cython.cast(cython.uchar, counts[slot] - 1 if counts[slot] < 256 else 255)


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _slot(key: cython.ulonglong) -> cython.ulonglong:
    return ((key * MIX) & FULL) >> 24


@cython.ccall
def norms(starts: cython.const[cython.uint][::1], rows: cython.const[cython.uint][::1], distinct: cython.Py_ssize_t,
          out: cython.float[::1]) -> cython.void:
    """Postings of distinct keys -> for each row 1 / the length of its vector of squared rarities."""
    k: cython.Py_ssize_t
    r: cython.Py_ssize_t
    weight: cython.double
    total: cython.double = out.shape[0]
    for k in range(distinct):
        weight = _log((1.0 + total) / (1.0 + starts[k + 1] - starts[k])) + 0.05
        weight *= weight
        for r in range(starts[k], starts[k + 1]):
            out[rows[r]] += weight
    for r in range(out.shape[0]):
        out[r] = 1.0 / _sqrt(out[r]) if out[r] > 0 else 0.0
