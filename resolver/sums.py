# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Postings of a query's keys -> the rows with the greatest sums, in time and memory that do not grow with the list.

One source, two roads, as in `resolver.align`. The rarest keys of a query are added up first, and no more postings of each view
than a budget allows: at a million names a pair of letters is in a tenth of them, and says as little. Rows are kept in a hash table
as large as the budget, not in an array as long as the list.
"""

from __future__ import annotations

from math import log as _log
from math import sqrt as _sqrt

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from resolver.assemble import room

if cython.compiled:
    from cython.cimports.libc.math import log, sqrtf
    from cython.cimports.resolver.edits import floats_at, uints_at, words_at
else:
    from resolver.edits import floats_at, uints_at, words_at

    log, sqrtf = _log, _sqrt

COMPILED = cython.compiled

VIEWS = cython.declare(cython.int, 3)
MASK = cython.declare(cython.uint, 0xFFFFFFFF)
BLOCK = cython.declare(cython.Py_ssize_t, 128)  # rows whose norms are fetched together
SPARSE = cython.declare(cython.Py_ssize_t, 8)  # slots of a line of memory
SLACK = cython.declare(cython.float, 1.001)  # of a bound on a cosine: sums and lengths are rounded
FIRST_BIT = cython.declare(cython.ulonglong, 1 << 32)  # of a slot in use, behind the place
SPREAD = cython.declare(cython.uint, 2654435761)  # 2**32 / golden ratio


@cython.cfunc
def weigh_keys(wanted: cython.const[cython.uint][::1], keys: cython.const[cython.uint][::1],
               starts: cython.const[cython.uint][::1], total: cython.double, places: cython.uint[::1],
               weights: cython.float[::1]) -> cython.double:
    """Distinct keys of a query -> of each its place among the sorted keys and its squared rarity, 0 where no row has it.

    Rarity is log((1 + total) / (1 + rows of the key)) + 0.05. Returns the squared length of the query.
    """
    k: cython.Py_ssize_t
    low: cython.Py_ssize_t
    high: cython.Py_ssize_t
    middle: cython.Py_ssize_t
    weight: cython.double
    length: cython.double = 0.0
    for k in range(wanted.shape[0]):
        low = 0
        high = keys.shape[0]
        while low < high:
            middle = (low + high) >> 1
            if keys[middle] < wanted[k]:
                low = middle + 1
            else:
                high = middle
        places[k] = cython.cast(cython.uint, low)
        weights[k] = 0.0
        if low < keys.shape[0] and keys[low] == wanted[k]:
            weight = log((1.0 + total) / (1.0 + starts[low + 1] - starts[low])) + 0.05
            weights[k] = weight * weight
            length += weight * weight
    return length


@cython.final
@cython.cclass
class Sums:
    """Working memory of one query: the rows that its keys have, as they are met, and the sums of each in three views.

    `most` rows are met and `kept` of them offered for; `keys` is the most keys of a view.
    """

    def __init__(self, most, kept, keys):
        size = 2
        while 4 * size < 5 * most:
            size *= 2
        self.table, self.slots, self.rows = room("Q", size), room("I", most + 1), room("I", most + 1)
        self.sums = room("f", VIEWS * (most + 1))
        self.count, self.most, self.plain = 0, most, False
        self.done, self.values, self.ids = room("B", keys), room("f", kept), room("I", kept)
        self.places, self.near = room("I", BLOCK), room("f", VIEWS * BLOCK)
        self.least, self.squares = room("f", VIEWS + 1), room("f", VIEWS)


@cython.cfunc
@cython.exceptval(check=False)
def begin(s: Sums, rows: cython.double) -> cython.void:
    """Another family, of so many rows: where the table has a slot for each of them, a row is looked for nowhere else."""
    s.plain = rows <= s.table.shape[0]


@cython.cfunc
@cython.exceptval(check=False)
def _add_rows(s: Sums, view: cython.int, weight: cython.float, rows: cython.const[cython.uint][::1], first: cython.Py_ssize_t,
              last: cython.Py_ssize_t) -> cython.void:
    """Add the weight of a key to all its rows."""
    mask: cython.uint = cython.cast(cython.uint, s.table.shape[0] - 1)
    table: cython.p_ulonglong = words_at(s.table)
    sums: cython.p_float = floats_at(s.sums)
    count: cython.Py_ssize_t = s.count
    slot: cython.uint
    known: cython.ulonglong
    row: cython.ulonglong
    r: cython.Py_ssize_t
    if s.plain:
        _add_plain(s, view, weight, rows, first, last)
        return
    for r in range(first, last):
        slot = (rows[r] * SPREAD & MASK) >> 7 & mask
        row = rows[r]
        row += 1
        known = table[slot]
        while known and known >> 32 != row:
            slot = (slot + 1) & mask
            known = table[slot]
        if not known:
            if count >= s.most:
                continue
            known = row << 32 | count
            table[slot] = known
            s.rows[count] = rows[r]
            s.slots[count] = slot
            count += 1
        sums[VIEWS * (known & MASK) + view] += weight
    s.count = count


@cython.cfunc
@cython.exceptval(check=False)
def _add_plain(s: Sums, view: cython.int, weight: cython.float, rows: cython.const[cython.uint][::1], first: cython.Py_ssize_t,
               last: cython.Py_ssize_t) -> cython.void:
    """What `_add_rows` does, where each row has a slot of its own.

    Whether a row is new is not branched upon, for that is as hard to foresee as a coin: where it would go is written in any case.
    """
    table: cython.p_ulonglong = words_at(s.table)
    sums: cython.p_float = floats_at(s.sums)
    met: cython.p_uint = uints_at(s.rows)
    slots: cython.p_uint = uints_at(s.slots)
    count: cython.ulonglong = s.count
    known: cython.ulonglong
    place: cython.ulonglong
    fresh: cython.ulonglong
    r: cython.Py_ssize_t
    for r in range(first, last):
        known = table[rows[r]]
        fresh = known == 0
        place = (known & MASK) + count * fresh
        table[rows[r]] = FIRST_BIT | place
        met[count] = rows[r]
        slots[count] = rows[r]
        count += fresh
        sums[VIEWS * place + view] += weight
    s.count = count


@cython.cfunc
def add(s: Sums, view: cython.int, places: cython.const[cython.uint][::1], weights: cython.const[cython.float][::1],
        starts: cython.const[cython.uint][::1], rows: cython.const[cython.uint][::1], budget: cython.Py_ssize_t) -> object:
    """Keys of a query in one view, rows of each -> their weights added; the rarest first, until the budget is spent.

    Returns whether keys were left out.
    """
    done: cython.uchar[::1] = s.done
    k: cython.Py_ssize_t
    rarest: cython.Py_ssize_t
    end: cython.Py_ssize_t
    size: cython.uint
    least: cython.uint
    for k in range(places.shape[0]):
        done[k] = weights[k] <= 0
    while True:
        rarest = -1
        least = MASK
        for k in range(places.shape[0]):
            if not done[k]:
                size = starts[places[k] + 1] - starts[places[k]]
                if size < least:
                    least = size
                    rarest = k
        if rarest < 0:
            return False
        if budget <= 0:
            return True
        done[rarest] = 1
        end = starts[places[rarest] + 1]
        if end - starts[places[rarest]] > budget:
            end = starts[places[rarest]] + budget
        budget -= end - starts[places[rarest]]
        _add_rows(s, view, weights[rarest], rows, starts[places[rarest]], end)
        if end < starts[places[rarest] + 1]:
            return True


@cython.cfunc
@cython.exceptval(check=False)
def _offer(values: cython.float[::1], ids: cython.uint[::1], first: cython.int, room_: cython.int, value: cython.float,
           slot: cython.uint) -> cython.void:
    """A value greater than the least of a heap at `first` that keeps the `room_` greatest -> it in its place, the least out."""
    k: cython.int = 0
    child: cython.int
    while True:
        child = 2 * k + 1
        if child >= room_:
            break
        if child + 1 < room_ and values[first + child + 1] < values[first + child]:
            child += 1
        if values[first + child] >= value:
            break
        values[first + k] = values[first + child]
        ids[first + k] = ids[first + child]
        k = child
    values[first + k] = value
    ids[first + k] = slot


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _offer_all(values: cython.float[::1], ids: cython.uint[::1], rooms: cython.const[cython.int][::1], x: cython.float,
               y: cython.float, z: cython.float, place: cython.uint) -> cython.void:
    """Cosines of a row -> itself into the heaps, of their sum and of each, whose least it exceeds; of equal ones the first stays."""
    if x + y + z > values[0]:
        _offer(values, ids, 0, rooms[0], x + y + z, place)
    if x > values[rooms[0]]:
        _offer(values, ids, rooms[0], rooms[1], x, place)
    if y > values[rooms[0] + rooms[1]]:
        _offer(values, ids, rooms[0] + rooms[1], rooms[2], y, place)
    if z > values[rooms[0] + rooms[1] + rooms[2]]:
        _offer(values, ids, rooms[0] + rooms[1] + rooms[2], rooms[3], z, place)


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _is_hopeless(x: cython.float, y: cython.float, z: cython.float, squares: cython.const[cython.float][::1],
                 least: cython.const[cython.float][::1]) -> cython.bint:
    """Sums of a row -> whether it surely stays out of all heaps, told without its lengths, which lie far apart in memory.

    The length of a row is at least that of what it shares with the query, so its cosine is at most the root of its sum, divided by
    the length of the query. `squares` are those of 1 / the lengths of the query; `least[1:]` the sums that would be needed for the
    least cosine in each heap, least[0] the square of the least sum of cosines, all made a little less.
    """
    views: cython.int
    if x > least[1] or y > least[2] or z > least[3]:
        return False
    views = (x > 0) + (y > 0) + (z > 0)
    x, y, z = x * squares[0], y * squares[1], z * squares[2]
    # The square of a sum is at most the sum of the squares times their number.
    return views * (x + y + z) <= least[0] or SLACK * (sqrtf(x) + sqrtf(y) + sqrtf(z)) <= sqrtf(least[0])


@cython.cfunc
@cython.exceptval(check=False)
def _write_least(values: cython.float[::1], rooms: cython.const[cython.int][::1], squares: cython.const[cython.float][::1],
                 least: cython.float[::1]) -> cython.void:
    """Heaps -> what a row must have more of to come into one of them, for `_is_hopeless`."""
    at: cython.Py_ssize_t = rooms[0]
    view: cython.int
    least[0] = values[0] * values[0] / SLACK
    for view in range(VIEWS):
        least[view + 1] = values[at] * values[at] / SLACK / squares[view] if squares[view] > 0 else 0.0
        at += rooms[view + 1]


@cython.cfunc
def choose(s: Sums, norms: cython.const[cython.float][::1], lengths: cython.const[cython.float][::1],
           allowed: cython.const[cython.uchar][::1], rooms: cython.const[cython.int][::1], rows: cython.uint[::1],
           sums: cython.float[::1]) -> cython.Py_ssize_t:
    """The best rows by the sum of their cosines (rooms[0] of them) and by each (rooms[1:]) -> `rows`, `sums`; how many.

    `norms` has VIEWS numbers for each row, 1 / the lengths that it has in them; `lengths` has those of the query.
    The memory is empty again afterwards. An empty `allowed` allows every row.
    """
    total: cython.Py_ssize_t = rooms[0] + rooms[1] + rooms[2] + rooms[3]
    values: cython.float[::1] = s.values
    ids: cython.uint[::1] = s.ids
    k: cython.Py_ssize_t
    kept: cython.Py_ssize_t = 0
    row: cython.Py_ssize_t
    place: cython.uint
    x: cython.float
    y: cython.float
    z: cython.float
    first: cython.Py_ssize_t
    hopeful: cython.Py_ssize_t
    places: cython.uint[::1] = s.places
    near: cython.float[::1] = s.near
    least: cython.float[::1] = s.least
    squares: cython.float[::1] = s.squares
    masked: cython.bint = allowed.shape[0] > 0
    mine: cython.float[::1] = s.sums
    for k in range(VIEWS):
        squares[k] = lengths[k] * lengths[k]
    for k in range(total):
        values[k] = 0.0
    first = 0
    while first < s.count:
        hopeful = 0
        _write_least(values, rooms, squares, least)
        for k in range(first, min(first + BLOCK, s.count)):
            if not _is_hopeless(mine[VIEWS * k], mine[VIEWS * k + 1], mine[VIEWS * k + 2], squares, least) and not (
                masked and not allowed[s.rows[k]]
            ):
                places[hopeful] = cython.cast(cython.uint, k)
                hopeful += 1
        for k in range(hopeful):  # nothing here waits for the norm before to come from memory
            row = VIEWS * cython.cast(cython.Py_ssize_t, s.rows[places[k]])
            near[VIEWS * k], near[VIEWS * k + 1], near[VIEWS * k + 2] = norms[row], norms[row + 1], norms[row + 2]
        for k in range(hopeful):
            place = places[k]
            x = mine[VIEWS * place] * near[VIEWS * k] * lengths[0]
            y = mine[VIEWS * place + 1] * near[VIEWS * k + 1] * lengths[1]
            z = mine[VIEWS * place + 2] * near[VIEWS * k + 2] * lengths[2]
            _offer_all(values, ids, rooms, x, y, z, place)
        first += BLOCK
    for k in range(total):
        place = ids[k]
        if values[k] > 0 and s.table[s.slots[place]]:
            rows[kept] = s.rows[place]
            sums[VIEWS * kept] = mine[VIEWS * place]
            sums[VIEWS * kept + 1] = mine[VIEWS * place + 1]
            sums[VIEWS * kept + 2] = mine[VIEWS * place + 2]
            kept += 1
            s.table[s.slots[place]] = 0  # one that was kept for another reason is not kept again
    _clear(s)
    return kept


@cython.cfunc
@cython.exceptval(check=False)
def _clear(s: Sums) -> cython.void:
    """Empty the memory: slot by slot, or all of the table where most of its lines are in use."""
    k: cython.Py_ssize_t
    if SPARSE * s.count < s.table.shape[0]:
        for k in range(s.count):
            s.table[s.slots[k]] = 0
    else:
        for k in range(s.table.shape[0]):
            s.table[k] = 0
    for k in range(VIEWS * s.count):
        s.sums[k] = 0.0
    s.count = 0


@cython.cfunc
def pick(s: Sums, rows: cython.uint[::1], count: cython.Py_ssize_t, sums: cython.const[cython.float][::1],
         norms: cython.const[cython.float][::1], lengths: cython.const[cython.float][::1],
         rooms: cython.const[cython.int][::1], out: cython.uint[::1], cosines: cython.float[::1]) -> cython.Py_ssize_t:
    """Rows and their sums -> the best by the sum of their cosines and by each, as `choose` counts them, with that sum."""
    total: cython.Py_ssize_t = rooms[0] + rooms[1] + rooms[2] + rooms[3]
    values: cython.float[::1] = s.values
    ids: cython.uint[::1] = s.ids
    k: cython.Py_ssize_t
    kept: cython.Py_ssize_t = 0
    x: cython.float
    y: cython.float
    z: cython.float
    row: cython.Py_ssize_t
    place: cython.uint
    for k in range(total):
        values[k] = 0.0
    for k in range(count):
        row = rows[k]
        x = sums[VIEWS * k] * norms[VIEWS * row] * lengths[0]
        y = sums[VIEWS * k + 1] * norms[VIEWS * row + 1] * lengths[1]
        z = sums[VIEWS * k + 2] * norms[VIEWS * row + 2] * lengths[2]
        place = cython.cast(cython.uint, k)
        _offer_all(values, ids, rooms, x, y, z, place)
    for k in range(total):
        place = ids[k]
        if values[k] > 0.01 and rows[place] != MASK:
            out[kept] = rows[place]
            row = rows[place]
            x = sums[VIEWS * place] * norms[VIEWS * row] * lengths[0]
            y = sums[VIEWS * place + 1] * norms[VIEWS * row + 1] * lengths[1]
            z = sums[VIEWS * place + 2] * norms[VIEWS * row + 2] * lengths[2]
            cosines[kept] = x + y + z
            kept += 1
            rows[place] = MASK
    return kept
