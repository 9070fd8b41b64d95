# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A name among the names of one family -> the rows that may be it, compared; the log odds of each; the entities that they are of.

One source, two roads, as in `resolver.align`. It is one call for each step of `resolver.rank`, which says what the steps are, over
memory that is made once: a name that is asked for is compared with a hundred rows of three families.
"""

from __future__ import annotations

from array import array
from math import log1p

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from resolver import align
from resolver.assemble import room
from resolver.features import NAMES, PLACE

if cython.compiled:
    from cython.cimports.resolver.align import Lined, Table, near_rows
    from cython.cimports.resolver.edits import Costs
    from cython.cimports.resolver.finding import Postings, Seeker, find
    from cython.cimports.resolver.left import Left, take
    from cython.cimports.resolver.standing import (
        add_by_kind,
        add_by_number,
        keep_nearest,
        likest,
        line_at,
        order_entities,
        write_first,
    )
    from cython.cimports.resolver.trees import Forest, add_trees, tree_sum
else:
    from resolver.align import Lined, Table, near_rows
    from resolver.edits import Costs
    from resolver.finding import Postings, Seeker, find
    from resolver.left import Left, take
    from resolver.standing import (
        add_by_kind,
        add_by_number,
        keep_nearest,
        likest,
        line_at,
        order_entities,
        write_first,
    )
    from resolver.trees import Forest, add_trees, tree_sum

COMPILED = cython.compiled

KEPT_NEAR, KEPT_SIMILAR = 30, 12  # rows of a name that are weighed: by edits, by cosine
OTHER_NUMBER, MISSING_NUMBER = -6.0, -5.0  # log odds of numbers that one name alone holds (see `rank.pair_odds`)
FIRST_WIDTH = 24 + len(NAMES)  # see `rank.FIRST_NAMES`
READ_FOR_NEAREST = memoryview(array("i", (PLACE[name] for name in ("ordered_share", "balance", "acronym"))))
READ_FOR_FIRST = memoryview(array("i", (PLACE[name] for name in ("ordered_share", "letters_common", "skeleton_common"))))
MOST_WORDS = 1 << 12  # words of names that were asked whose symbols are kept: one MB

WIDTH = cython.declare(cython.Py_ssize_t, align.WIDTH)
NEAR, SIMILAR = cython.declare(cython.Py_ssize_t, KEPT_NEAR), cython.declare(cython.Py_ssize_t, KEPT_SIMILAR)
ACRONYM = cython.declare(cython.Py_ssize_t, PLACE["acronym"])
RIVALS = cython.declare(cython.Py_ssize_t, PLACE["acronym_rivals"])
NUMBERS = cython.declare(cython.Py_ssize_t, PLACE["numbers_over"])
LIKEST = cython.declare(cython.Py_ssize_t, 4)  # rows, the likest by their keys, that may have the very letters of the name
CASE_BIT = cython.declare(cython.uchar, 0x10)  # of the flags of an alias, as in `resolver.lookup`
END, SPACE = cython.declare(cython.uchar, 10), cython.declare(cython.uchar, 32)


@cython.final
@cython.cclass
class Contest:
    """One name at a time, and the rows of one family that it is compared with; each reading of the name adds some."""

    postings: Postings
    table: Table
    row_alias: cython.const[cython.uint][::1]
    left: Left
    lined: Lined
    room: cython.Py_ssize_t  # rows
    count: cython.Py_ssize_t  # rows of the name ...
    found: cython.Py_ssize_t  # ... and entities that they are of
    rows: cython.uint[::1]
    cosines: cython.float[::1]
    numbers: cython.float[::1]  # WIDTH of each row
    marks: cython.uchar[::1]
    odds: cython.float[::1]
    aliases: cython.uint[::1]
    owners: cython.uint[::1]
    entities: cython.uint[::1]
    best: cython.uint[::1]
    first: cython.float[::1]
    said: cython.float[::1]

    def __init__(self, postings: Postings, table: Table, row_alias, rarity):
        self.postings, self.table, self.row_alias = postings, table, row_alias
        self.left, self.first = Left(rarity, MOST_WORDS), room("f", FIRST_WIDTH)
        self.room, self.count, self.found, self.said = 0, 0, 0, room("f", 1)
        _make_room(self, 256)

    def begin(self):
        """Another name: no rows."""
        self.count = self.found = 0

    def add(self, seeker: Seeker, name, allowed, acronyms, rivals, costs: Costs, contrast: Costs):
        """One reading of the name -> its nearest rows behind those that there are.

        `allowed`: one byte a row of the family, 0 leaves it out, empty allows all. `acronyms`: rows that an acronym ties to the
        name, and its length; `rivals`: how many it ties.
        """
        first: cython.Py_ssize_t = self.count
        count: cython.Py_ssize_t
        k: cython.Py_ssize_t
        _make_room(self, first + seeker.found.shape[0] + len(acronyms))
        take(self.left, name)
        count = find(seeker, self.postings, self.left.table, 0, allowed, self.rows[first:], self.cosines[first:])
        for k in range(count):
            self.marks[k] = 0
        if acronyms:
            count = _add_acronyms(self, first, count, acronyms)
        if count == 0:
            return
        for k in range(WIDTH * first, WIDTH * (first + count)):
            self.numbers[k] = 0.0
        count = near_rows(
            self.left.table, 0, self.table, self.rows[first : first + count], self.cosines[first : first + count],
            self.marks[:count], READ_FOR_NEAREST, NEAR, SIMILAR, costs, contrast, self.lined, self.numbers[WIDTH * first :],
        )  # fmt: skip
        self.count = first + count
        if acronyms:
            for k in range(first, self.count):
                if self.rows[k] in acronyms:
                    self.numbers[WIDTH * k + ACRONYM] = acronyms[self.rows[k]]
                    self.numbers[WIDTH * k + RIVALS] = log1p(rivals)

    def settle(self):
        """Of the rows of all readings the nearest are kept, by edits and by cosine, and those that an acronym ties; how many."""
        if self.count > NEAR:
            self.count = keep_nearest(
                self.rows[: self.count], self.numbers, self.cosines[: self.count], WIDTH, READ_FOR_NEAREST, NEAR, SIMILAR
            )
        return self.count

    def weigh(self, pair: Forest, alias_entity, alias_flags, bits, kind_odds):
        """Rows -> log odds of each that it names the entity, by its spelling and by the kind of its alias."""
        count: cython.Py_ssize_t = self.count
        entity_of: cython.const[cython.uint][::1] = alias_entity
        k: cython.Py_ssize_t
        for k in range(count):
            self.odds[k] = 0.0
            self.aliases[k] = self.row_alias[self.rows[k]]
            self.owners[k] = entity_of[self.aliases[k]]
        add_trees(pair, self.numbers, count, self.odds)
        add_by_number(self.odds[:count], self.numbers, WIDTH, NUMBERS, OTHER_NUMBER, MISSING_NUMBER)
        add_by_kind(self.odds[:count], self.aliases[:count], alias_flags, bits, kind_odds)

    def add_odds(self, said):
        """Log odds that are known of each row beside that, in order -> added."""
        k: cython.Py_ssize_t
        for k in range(self.count):
            self.odds[k] += said[k]

    def order(self, first: Forest, start, slope):
        """Rows with log odds, at least one -> their entities in order; log odds that the first is the right answer."""
        count: cython.Py_ssize_t = self.count
        self.found = order_entities(
            self.odds[:count], self.rows[:count], self.owners[:count], self.entities, self.best, self.lined.standings
        )
        write_first(
            self.odds[:count], self.cosines[:count], self.numbers, WIDTH, READ_FOR_FIRST, self.owners[:count],
            self.best[: self.found], self.first,
        )  # fmt: skip
        self.said[0] = tree_sum(first, self.first, 0)  # as short a number as those of the rows
        return self.said[0] + start + line_at(slope, self.first)

    def owners_of_rows(self):
        """-> of each row the entity, in order."""
        return [self.owners[k] for k in range(self.count)]

    def entity(self, rank):
        """Place in the order -> the entity, the place of its best row, the log odds of that; None behind the last."""
        if rank >= self.found:
            return None
        return self.entities[rank], self.best[rank], self.odds[self.best[rank]]

    def row(self, place):
        """Place of a row -> its alias, and what its comparison told (`features.NAMES`)."""
        at: cython.Py_ssize_t = WIDTH * place
        return self.row_alias[self.rows[place]], _copied("f", self.numbers[at : at + WIDTH])

    def same_size(self, letters, flags, entity_of, first_alias, folded, folded_at):
        """Bytes of a folded name less its spaces -> the places of the rows whose listed form may have the very same letters.

        Of the likest alone, by their keys; forms that match in their case only are none. The other arrays are those of the index.
        """
        owners: cython.const[cython.uint][::1] = entity_of
        marks: cython.const[cython.uchar][::1] = flags
        alias: cython.uint
        places = []
        for place in likest(self.cosines[: self.count], LIKEST):
            alias = self.row_alias[self.rows[place]]
            if not marks[alias] & CASE_BIT and _letters(alias, owners[alias], first_alias, folded, folded_at) == letters:
                places.append(place)
        return places

    def considered(self):
        """-> rows, the numbers of each, the sum of the cosines of each."""
        count: cython.Py_ssize_t = self.count
        return _copied("I", self.rows[:count]), _copied("f", self.numbers[: WIDTH * count]), _copied("f", self.cosines[:count])


def _copied(typecode, values):
    """Typecode and a view of such values -> an array of them."""
    made = array(typecode)
    made.frombytes(memoryview(values).cast("B"))
    return made


@cython.cfunc
def _make_room(s: Contest, rows: cython.Py_ssize_t):
    """Room for so many rows; those that there are stay."""
    kept: cython.Py_ssize_t = s.count
    k: cython.Py_ssize_t
    if rows <= s.room:
        return
    s.room = max(rows, 2 * s.room)
    made: cython.uint[::1] = room("I", s.room)
    cosines: cython.float[::1] = room("f", s.room)
    numbers: cython.float[::1] = room("f", WIDTH * s.room)
    for k in range(kept):
        made[k], cosines[k] = s.rows[k], s.cosines[k]
    for k in range(WIDTH * kept):
        numbers[k] = s.numbers[k]
    s.rows, s.cosines, s.numbers = made, cosines, numbers
    s.marks, s.odds, s.lined = room("B", s.room), room("f", s.room), Lined(s.room)
    s.aliases, s.owners, s.entities, s.best = (room("I", s.room) for _ in range(4))


@cython.cfunc
@cython.exceptval(-1)
def _add_acronyms(s: Contest, first: cython.Py_ssize_t, count: cython.Py_ssize_t, acronyms: dict) -> cython.Py_ssize_t:
    """Rows from `first` on, so many, and rows that an acronym ties -> these marked, and behind them where they are new; how many."""
    k: cython.Py_ssize_t
    known = set()
    for k in range(count):
        if s.rows[first + k] in acronyms:
            s.marks[k] = 1
            known.add(s.rows[first + k])
    for row in acronyms:
        if row not in known:
            s.rows[first + count], s.cosines[first + count], s.marks[count] = row, 0.0, 1
            count += 1
    return count


@cython.cfunc
@cython.exceptval(-2)
def _letters(
    alias: cython.uint,
    owner: cython.uint,
    first_alias: cython.const[cython.uint][::1],
    folded: cython.const[cython.uchar][::1],
    folded_at: cython.const[cython.uint][::1],
) -> cython.Py_ssize_t:
    """Alias and its entity -> bytes of its folded name less the spaces (`Index.folded`)."""
    at: cython.Py_ssize_t = folded_at[owner]
    end: cython.Py_ssize_t = folded_at[owner + 1]
    before: cython.uint = alias - first_alias[owner]
    count: cython.Py_ssize_t = 0
    while before and at < end:
        before -= folded[at] == END
        at += 1
    while at < end and folded[at] != END:
        count += folded[at] != SPACE
        at += 1
    return count
