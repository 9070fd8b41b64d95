# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Compared rows of a name -> the nearest of them, the entities that they are of by how likely they are, how the first stands.

One source, two roads, as in `resolver.align`. `resolver.rank` says what the numbers mean and which trees read them.
"""

from __future__ import annotations

from array import array
from math import exp as _exp

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.libc.math import exp
else:
    exp = _exp

COMPILED = cython.compiled

BEFORE = 24  # numbers of `write_first` before those of the best row
LARGEST = cython.declare(cython.int, 10)  # cosines whose mean is told
NOBODY = cython.declare(cython.double, -12.0)  # log odds where there is no second, third or fifth entity


@cython.final
@cython.cclass
class Standings:
    """Working memory for so many compared rows: a score of each, places by their order, those of the greatest."""

    def __init__(self, rows):
        self.rows, self.scores = rows, memoryview(array("d", bytes(8 * rows)))
        self.order, self.best = (memoryview(array("I", bytes(4 * rows))) for _ in range(2))


@cython.cfunc
@cython.exceptval(check=False)
def _mark_best(s: Standings, count: cython.Py_ssize_t, most: cython.Py_ssize_t, marks: cython.uchar[::1]) -> cython.void:
    """Mark the `most` places with the greatest scores; of equal ones those that come first."""
    scores: cython.double[::1] = s.scores
    best: cython.uint[::1] = s.best
    size: cython.Py_ssize_t = 0
    at: cython.Py_ssize_t
    k: cython.Py_ssize_t
    for k in range(count):
        if size < most:
            size += 1
        elif scores[k] <= scores[best[size - 1]]:
            continue
        at = size - 1
        while at > 0 and scores[k] > scores[best[at - 1]]:
            best[at] = best[at - 1]
            at -= 1
        best[at] = cython.cast(cython.uint, k)
    for k in range(size):
        marks[best[k]] = 1


@cython.cfunc
@cython.exceptval(check=False)
def mark_nearest(numbers: cython.float[::1], cosines: cython.float[::1], count: cython.Py_ssize_t, width: cython.Py_ssize_t,
                 places: cython.const[cython.int][::1], near: cython.Py_ssize_t, similar: cython.Py_ssize_t, marks: cython.uchar[::1],
                 s: Standings) -> cython.void:
    """Mark the `near` rows that are nearest by edits and the `similar` most similar ones by cosine; of equal ones the first."""
    scores: cython.double[::1] = s.scores
    at: cython.Py_ssize_t
    k: cython.Py_ssize_t
    for k in range(count):
        at = k * width
        scores[k] = cosines[k] - 2.0 * numbers[at + places[0]] + 0.05 * numbers[at + places[1]]
    _mark_best(s, count, near, marks)
    for k in range(count):
        scores[k] = cosines[k]
    _mark_best(s, count, similar, marks)


@cython.cfunc
@cython.exceptval(check=False)
def move_marked(rows: cython.uint[::1], numbers: cython.float[::1], cosines: cython.float[::1], width: cython.Py_ssize_t,
                marks: cython.uchar[::1]) -> cython.Py_ssize_t:
    """Marked rows -> moved to the front, in their order; how many."""
    kept: cython.Py_ssize_t = 0
    k: cython.Py_ssize_t
    j: cython.Py_ssize_t
    for k in range(rows.shape[0]):
        if marks[k]:
            if kept != k:
                rows[kept], cosines[kept] = rows[k], cosines[k]
                for j in range(width):
                    numbers[kept * width + j] = numbers[k * width + j]
            kept += 1
    return kept


@cython.ccall
def keep_nearest(rows: cython.uint[::1], numbers: cython.float[::1], cosines: cython.float[::1], width: cython.Py_ssize_t,
                 places: cython.const[cython.int][::1], near: cython.Py_ssize_t, similar: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Compared rows -> moved to the front, in their order: the `near` nearest by edits, the `similar` by cosine, those with an acronym.

    `places` of the numbers that are read: ordered_share, balance, acronym. Returns how many were kept.
    """
    count: cython.Py_ssize_t = rows.shape[0]
    marks: cython.uchar[::1] = memoryview(bytearray(count))
    k: cython.Py_ssize_t
    for k in range(count):
        marks[k] = 1 if numbers[k * width + places[2]] != 0.0 else 0
    mark_nearest(numbers, cosines, count, width, places, near, similar, marks, Standings(count))
    return move_marked(rows, numbers, cosines, width, marks)


@cython.ccall
def likest(values: cython.const[cython.float][::1], most: cython.Py_ssize_t) -> list:
    """Values -> the places of the `most` greatest, the greatest first, of equal ones those that come first."""
    best: cython.int[::1] = memoryview(array("i", bytes(4 * most)))
    size: cython.Py_ssize_t = 0
    at: cython.Py_ssize_t
    k: cython.Py_ssize_t
    for k in range(values.shape[0]):
        if size < most:
            size += 1
        elif values[k] <= values[best[size - 1]]:
            continue
        at = size - 1
        while at > 0 and values[k] > values[best[at - 1]]:
            best[at] = best[at - 1]
            at -= 1
        best[at] = cython.cast(cython.int, k)
    return [best[k] for k in range(size)]


@cython.ccall
def take(values: cython.const[cython.uint][::1], places: cython.const[cython.uint][::1], out: cython.uint[::1]) -> cython.void:
    """Values and places -> the values there."""
    k: cython.Py_ssize_t
    for k in range(places.shape[0]):
        out[k] = values[places[k]]


@cython.ccall
def add_by_kind(odds: cython.float[::1], aliases: cython.const[cython.uint][::1], flags: cython.const[cython.uchar][::1],
                bits: cython.int, extra: cython.const[cython.double][::1]) -> cython.void:
    """Log odds of rows, the alias of each, and the flags of all aliases -> what its kind, in `bits` of the flags, adds to each."""
    k: cython.Py_ssize_t
    for k in range(aliases.shape[0]):
        odds[k] += extra[flags[aliases[k]] & bits]


@cython.ccall
def add_by_number(odds: cython.float[::1], numbers: cython.const[cython.float][::1], width: cython.Py_ssize_t, place: cython.Py_ssize_t,
                  several: cython.double, one: cython.double) -> cython.void:
    """Log odds of rows, and how many numbers only one name of each holds (at `place` of its `width` numbers) -> what that adds."""
    k: cython.Py_ssize_t
    for k in range(odds.shape[0]):
        if numbers[k * width + place] != 0.0:
            odds[k] += several if numbers[k * width + place] > 1.0 else one


@cython.ccall
def line_at(slope: cython.const[cython.double][::1], numbers: cython.const[cython.float][::1]) -> cython.double:
    """Slopes and numbers -> the sum of their products, from first to last."""
    total: cython.double = 0.0
    k: cython.Py_ssize_t
    for k in range(slope.shape[0]):
        total += slope[k] * numbers[k]
    return total


@cython.ccall
def order_entities(odds: cython.const[cython.float][::1], rows: cython.const[cython.uint][::1],
                   owners: cython.const[cython.uint][::1], entities: cython.uint[::1], best: cython.uint[::1],
                   s: Standings) -> cython.Py_ssize_t:
    """Log odds of rows, and their entities -> entities by their likeliest row, and its place; of equal ones the lesser row. How many.

    `entities` and `best` have room for as many as there are rows, and so has `s`.
    """
    order: cython.uint[::1] = s.order
    found: cython.Py_ssize_t = 0
    at: cython.Py_ssize_t
    k: cython.Py_ssize_t
    e: cython.Py_ssize_t
    for k in range(rows.shape[0]):
        at = k
        while at > 0 and (
            odds[k] > odds[order[at - 1]] or (odds[k] == odds[order[at - 1]] and rows[k] < rows[order[at - 1]])
        ):
            order[at] = order[at - 1]
            at -= 1
        order[at] = cython.cast(cython.uint, k)
    for k in range(rows.shape[0]):
        e = 0
        while e < found and entities[e] != owners[order[k]]:
            e += 1
        if e == found:
            entities[found], best[found] = owners[order[k]], order[k]
            found += 1
    return found


@cython.ccall
def write_first(odds: cython.const[cython.float][::1], cosines: cython.const[cython.float][::1],
                numbers: cython.const[cython.float][::1], width: cython.Py_ssize_t, places: cython.const[cython.int][::1],
                owners: cython.const[cython.uint][::1], best: cython.const[cython.uint][::1], out: cython.float[::1]) -> cython.void:
    """How the best entity stands among the others -> BEFORE numbers in `out`, and those of its best row behind them.

    `best` are the places of the entities, likeliest first; `places` those of ordered_share, letters_common, skeleton_common.
    """
    top: cython.Py_ssize_t = best[0]
    k: cython.Py_ssize_t
    _write_rivals(odds, best, out)
    _write_rows(odds, cosines, numbers, width, places, owners, top, out)
    out[23] = best.shape[0]
    for k in range(width):
        out[BEFORE + k] = numbers[top * width + k]


@cython.cfunc
@cython.exceptval(check=False)
def _write_rivals(odds: cython.const[cython.float][::1], best: cython.const[cython.uint][::1], out: cython.float[::1]) -> cython.void:
    """Log odds of the entities -> out[0 : 13]."""
    count: cython.Py_ssize_t = best.shape[0]
    first: cython.double = odds[best[0]]
    second: cython.double = odds[best[1]] if count > 1 else NOBODY
    third: cython.double = odds[best[2]] if count > 2 else NOBODY
    mass: cython.double = 0.0
    share: cython.double = 0.0
    value: cython.double
    k: cython.Py_ssize_t
    for k in range(8, 13):
        out[k] = 0.0
    for k in range(count):
        value = odds[best[k]]
        mass += 1.0 / (1.0 + exp(-(value if value > -30.0 else -30.0)))
        if k == 0:
            share = mass
        out[8] += 1.0 if value > first - 1.0 else 0.0
        out[9] += 1.0 if value > first - 2.0 else 0.0
        out[10] += 1.0 if value > first - 4.0 else 0.0
        out[11] += 1.0 if value > 0.0 else 0.0
        out[12] += 1.0 if value > -2.0 else 0.0
    out[0], out[1], out[2] = first, second, third
    out[3] = odds[best[4]] if count > 4 else NOBODY
    out[4], out[5] = first - second, first - third
    out[6], out[7] = share / (mass + 1e-6), mass - share


@cython.cfunc
def _write_rows(odds: cython.const[cython.float][::1], cosines: cython.const[cython.float][::1],
                numbers: cython.const[cython.float][::1], width: cython.Py_ssize_t, places: cython.const[cython.int][::1],
                owners: cython.const[cython.uint][::1], top: cython.Py_ssize_t, out: cython.float[::1]):
    """Rows, and the place of the best -> out[13 : 23]."""
    largest: cython.double[::1] = memoryview(array("d", bytes(8 * (LARGEST + 1))))
    size: cython.Py_ssize_t = 0
    own: cython.double = 0.0
    mine: cython.double = 0.0
    rival: cython.double = 0.0
    nearest: cython.double = 1.0
    others: cython.bint = False
    value: cython.double
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t
    for k in range(13, 23):
        out[k] = 0.0
    for k in range(odds.shape[0]):
        value = numbers[k * width + places[0]]
        out[15] += 1.0 if value < 0.2 else 0.0
        out[16] += 1.0 if value < 0.4 else 0.0
        out[21] += 1.0 if numbers[k * width + places[1]] > 0.8 else 0.0
        out[22] += 1.0 if numbers[k * width + places[2]] > 0.9 else 0.0
        if owners[k] == owners[top]:
            mine += 1.0
            own += odds[k]
        else:
            if not others or value < nearest:
                nearest = value
            if not others or cosines[k] > rival:
                rival = cosines[k]
            others = True
        value = cosines[k]
        at = size
        while at > 0 and value > largest[at - 1]:
            largest[at] = largest[at - 1]
            at -= 1
        largest[at] = value
        if size < LARGEST:
            size += 1
    out[13], out[14] = cosines[top] - rival, nearest - numbers[top * width + places[0]]
    out[17], out[18] = mine, own / mine
    value = 0.0
    for k in range(size):
        value += largest[k]
    out[19], out[20] = largest[0], value / size
