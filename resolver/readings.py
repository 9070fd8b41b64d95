# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Places where the tokens of listed forms stand -> readings: which form of which entity a span may be, and how close it is.

One source, two roads, as in `resolver.tokenizer`. A reading is a row of numbers; no object is made for one but those answered.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from aliases.entity import ENTITY_TYPES
from resolver import classes

if cython.compiled:
    from cython.cimports.resolver.eights import fetch
    from cython.cimports.resolver.forms import Forms, Surface, article_start, class_of, closeness, look
    from cython.cimports.resolver.scan import find_hits
    from cython.cimports.resolver.tokenizer import Room, tokenize
    from cython.cimports.resolver.tokens import HIT
else:
    from resolver.forms import Forms, Surface, article_start, class_of, closeness, look
    from resolver.scan import find_hits
    from resolver.tokenizer import Room, tokenize
    from resolver.tokens import HIT

COMPILED = cython.compiled

KINDS = ("variant", "variant", "folded", "exact")  # how close a surface is to a form, as a match is told
FOLDED = cython.declare(cython.int, 2)
WIDTH = cython.declare(cython.Py_ssize_t, 6)  # numbers of a row: start, end, alias, entity, closeness, start without article
DEMONYM = cython.declare(cython.int, 6)
WEAK = cython.declare(cython.int, 5)
FETCHED = cython.declare(cython.uint, 4)  # forms of one hit that are fetched beforehand
MANY = cython.declare(cython.Py_ssize_t, 32)  # readings of one span beyond which a dictionary finds those of one entity
MARKS = cython.declare(cython.uint, classes.MARKS)
ALL_TYPES = cython.declare(cython.uint, (1 << len(ENTITY_TYPES)) - 1)
_EVERY = cython.declare(cython.const[cython.uchar][::1], b"\1")


@cython.final
@cython.cclass
class Found:
    """Readings and demonyms of one text, by row."""

    def __init__(self):
        self.room = 256
        self.row = memoryview(array("i", bytes(4 * 6 * self.room)))
        self.demonym = memoryview(array("i", bytes(4 * 2 * self.room)))
        self.span = memoryview(array("i", bytes(4 * 4 * self.room)))
        self.rows = self.demonyms = 0
        self.surface = Surface()


@cython.cfunc
def _grow(found: Found):
    """Twice the room for readings and demonyms."""
    more = 2 * found.room
    row, demonym = array("i", bytes(4 * WIDTH * more)), array("i", bytes(4 * 2 * more))
    rows: cython.int[::1] = memoryview(row)
    demonyms: cython.int[::1] = memoryview(demonym)
    rows[: WIDTH * found.room] = found.row
    demonyms[: 2 * found.room] = found.demonym
    found.row, found.demonym, found.room = rows, demonyms, more
    found.span = memoryview(array("i", bytes(4 * 4 * more)))


@cython.cfunc
@cython.exceptval(check=False)
def _fetch_forms(forms: Forms, s: Room) -> cython.int:
    """Hits of the room -> what `collect` will read of their forms is on its way; compiled code alone needs that."""
    h: cython.Py_ssize_t
    p: cython.Py_ssize_t
    node: cython.Py_ssize_t
    alias: cython.uint
    if cython.compiled:
        for h in range(s.hits):
            fetch(cython.address(forms.postings[forms.posting_at[s.hit[HIT * h + 2]]]))
        for h in range(s.hits):
            node = s.hit[HIT * h + 2]
            for p in range(forms.posting_at[node], min(forms.posting_at[node + 1], forms.posting_at[node] + FETCHED)):
                alias = forms.postings[p]
                fetch(cython.address(forms.flags[alias]))
                fetch(cython.address(forms.traits[alias]))
                fetch(cython.address(forms.form[alias]))
                fetch(cython.address(forms.fold[alias]))
                fetch(cython.address(forms.owner[alias]))
    return 0


@cython.cfunc
def collect(forms: Forms, s: Room, found: Found, text: str, types: cython.uint, sets):
    """Hits of the room -> readings by start, then end; `types` is a bit set, `sets` one byte a set of lists, None for all."""
    h: cython.Py_ssize_t
    p: cython.Py_ssize_t
    start: cython.Py_ssize_t
    end: cython.Py_ssize_t
    node: cython.Py_ssize_t
    k: cython.Py_ssize_t
    alias: cython.uint
    owner: cython.uint
    close: cython.int
    allowed: cython.const[cython.uchar][::1] = _EVERY
    every: cython.bint = sets is None
    chosen: cython.bint = not every or types & ALL_TYPES != ALL_TYPES
    if not every:
        allowed = sets
    _fetch_forms(forms, s)
    _sort_hits(forms, s)
    for h in range(s.hits):
        start, end, node = s.hit[HIT * h], s.hit[HIT * h + 1], s.hit[HIT * h + 2]
        if class_of(forms.letters, s.code[end]) & MARKS and s.code[end - 1] != 46:  # a grapheme would be cut
            continue
        look(forms, s, found.surface, start, end)
        for p in range(forms.posting_at[node], forms.posting_at[node + 1]):
            alias = forms.postings[p]
            if found.rows + 1 >= found.room or found.demonyms + 1 >= found.room:
                _grow(found)
            if (forms.flags[alias] & 0x0F) == DEMONYM:
                found.demonym[2 * found.demonyms], found.demonym[2 * found.demonyms + 1] = start, end
                found.demonyms += 1
                continue
            if chosen:
                owner = forms.owner[alias]
                if not (types >> forms.type[owner]) & 1 or not (every or allowed[forms.list_set[owner]]):
                    continue
            close = closeness(forms, s, found.surface, alias, text)
            if close:
                owner = forms.owner[alias]  # far away in memory: most forms are none of these, and need not be asked for theirs
                k = WIDTH * found.rows
                found.row[k], found.row[k + 1], found.row[k + 2] = s.hit[HIT * h + 3], end, alias
                found.row[k + 3], found.row[k + 4], found.row[k + 5] = owner, close, start
                found.rows += 1
    _one_of_each(forms, found)


@cython.cfunc
@cython.exceptval(check=False)
def _sort_hits(forms: Forms, s: Room) -> cython.int:
    """Hits, which come nearly in order -> with the period of an abbreviation and the article before them, by start, then end."""
    h: cython.Py_ssize_t
    at: cython.Py_ssize_t
    k: cython.Py_ssize_t
    start: cython.int
    end: cython.int
    node: cython.int
    begin: cython.int
    for h in range(s.hits):
        start, end, node = s.hit[HIT * h], s.hit[HIT * h + 1], s.hit[HIT * h + 2]
        if s.code[end] == 46 and end - 2 > start and s.code[end - 2] == 46:  # the period that closes `U.S.`
            end += 1
        begin = article_start(forms, s, start)
        at = h
        while at and (
            s.hit[HIT * at - HIT + 3] > begin or (s.hit[HIT * at - HIT + 3] == begin and s.hit[HIT * at - HIT + 1] > end)
        ):
            for k in range(HIT):
                s.hit[HIT * at + k] = s.hit[HIT * at - HIT + k]
            at -= 1
        at *= HIT
        s.hit[at], s.hit[at + 1], s.hit[at + 2], s.hit[at + 3] = start, end, node, begin
    return 0


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _closer(forms: Forms, found: Found, a: cython.Py_ssize_t, b: cython.Py_ssize_t) -> cython.bint:
    """Whether reading a is closer than reading b of the same entity: by its letters, then no weak alias, then the first."""
    weak_a: cython.bint = (forms.flags[found.row[WIDTH * a + 2]] & 0x0F) == WEAK
    weak_b: cython.bint = (forms.flags[found.row[WIDTH * b + 2]] & 0x0F) == WEAK
    if found.row[WIDTH * a + 4] != found.row[WIDTH * b + 4]:
        return found.row[WIDTH * a + 4] > found.row[WIDTH * b + 4]
    if weak_a != weak_b:
        return weak_b
    return found.row[WIDTH * a + 2] < found.row[WIDTH * b + 2]


@cython.cfunc
def _one_of_each(forms: Forms, found: Found):
    """Sorted readings -> for each span the closest reading of each entity, entities in the order in which they were seen."""
    kept: cython.Py_ssize_t = 0
    first: cython.Py_ssize_t = 0
    r: cython.Py_ssize_t
    k: cython.Py_ssize_t
    same: cython.Py_ssize_t
    places: dict = {}
    for r in range(found.rows):
        if r and (
            found.row[WIDTH * r] != found.row[WIDTH * r - WIDTH] or found.row[WIDTH * r + 1] != found.row[WIDTH * r - WIDTH + 1]
        ):
            first = kept
            places = {}
        same = -1
        if kept - first < MANY:
            for k in range(first, kept):
                if found.row[WIDTH * k + 3] == found.row[WIDTH * r + 3]:
                    same = k
                    break
        else:
            if not places:
                for k in range(first, kept):
                    places[found.row[WIDTH * k + 3]] = k
            same = places.get(found.row[WIDTH * r + 3], -1)
        if same >= 0:
            if _closer(forms, found, r, same):
                found.row[WIDTH * same + 2] = found.row[WIDTH * r + 2]
                found.row[WIDTH * same + 4] = found.row[WIDTH * r + 4]
                found.row[WIDTH * same + 5] = found.row[WIDTH * r + 5]
            continue
        if kept != r:
            for k in range(WIDTH):
                found.row[WIDTH * kept + k] = found.row[WIDTH * r + k]
        if places:
            places[found.row[WIDTH * r + 3]] = kept
        kept += 1
    found.rows = kept


@cython.cfunc
@cython.exceptval(-1)
def find_listed(forms: Forms, room: Room, found: Found, text: str, types: cython.uint, sets) -> cython.int:
    """As `read` -> the readings in the rows of `found`."""
    found.rows = found.demonyms = 0
    found.surface.ready = False
    tokenize(forms.letters, room, len(text))
    if find_hits(forms.automaton, room):
        collect(forms, room, found, text, types, sets)
    return 0


def read(forms: Forms, room: Room, found: Found, text: str, types: cython.uint, sets):
    """Undisguised text, loaded into the room -> readings (start, end, alias, entity, closeness, start without article) by start, then end; demonyms.

    `types` is a bit set of entity types, `sets` one byte a set of lists that is not 0 where it is wanted, None for all.
    """
    k: cython.Py_ssize_t
    find_listed(forms, room, found, text, types, sets)
    rows = [tuple([found.row[WIDTH * k + at] for at in range(6)]) for k in range(found.rows)]
    return rows, [(found.demonym[2 * k], found.demonym[2 * k + 1]) for k in range(found.demonyms)]
