# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Readings of a text -> Mentions of those that are a listed form but for its dress, whatever stands around them.

One source, two roads, as in `resolver.tokenizer`. All of them have score 1; of homonyms those come first whose country the text
mentions most, as `resolver.telling` has it.
"""

from __future__ import annotations

from collections import Counter

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.resolver.forms import Forms
    from cython.cimports.resolver.readings import Found, find_listed
    from cython.cimports.resolver.tokenizer import Room, load
else:
    from resolver.forms import Forms
    from resolver.readings import Found, find_listed
    from resolver.tokenizer import Room, load

from aliases import fold
from aliases.entity import ALIAS_KINDS
from resolver.match import Mention
from resolver.readings import KINDS
from resolver.tokenizer import LEAST_ROOM

COMPILED = cython.compiled

MOST_KEPT = 1 << 20  # characters; working memory for longer texts (about 80 bytes a character) is not kept for the next one
FOLDED, WIDTH = cython.declare(cython.int, 2), cython.declare(cython.Py_ssize_t, 6)  # as in `resolver.readings`
ACRONYM = cython.declare(cython.int, ALIAS_KINDS.index("acronym"))
MOST_KNOWN = cython.declare(cython.Py_ssize_t, 1 << 16)  # names of entities that are kept as they are told
SPAN = cython.declare(
    cython.Py_ssize_t, 4
)  # numbers of a span: its first and past its last reading, how many are certain, whether it is kept


@cython.final
@cython.cclass
class Known:
    """What is told of one name: its entity, its form, the kind of its mentions where that is always the same, the country."""

    entity: object
    form: str
    kind: object
    country: str

    def __init__(self, entity, form, kind, country):
        self.entity, self.form, self.kind, self.country = entity, form, kind, country


@cython.final
@cython.cclass
class Certain:
    """Tells what is certain about the texts of one index."""

    forms: Forms
    index: object
    free: list  # working memory that no other thread has
    known: dict
    first_alias: cython.const[cython.uint][::1]

    def __init__(self, forms: Forms, index, free: list):
        self.forms, self.index, self.free, self.known = forms, index, free, {}
        self.first_alias = index.arrays["entity_first_alias"]

    def tell(self, text: str, types: cython.uint, sets, longest: cython.bint):
        """Text -> Mentions by start, then end.

        `types` and `sets` are as in `resolver.readings`. `longest`: of spans that overlap the leftmost, of these the longest, is told.
        """
        try:
            place = self.free.pop()
        except IndexError:
            place = Room(LEAST_ROOM), Found()
        room: Room = place[0]
        if len(text) > room.size:
            room = Room(len(text))
            place = (room, place[1])
        told = _tell(self, room, place[1], text, types, sets, longest)
        if room.size <= MOST_KEPT:
            self.free.append(place)
        return told


@cython.cfunc
def _tell(c: Certain, room: Room, found: Found, text: str, types: cython.uint, sets, longest: cython.bint) -> list:
    """Text, and working memory that it fits into -> as `Certain.tell`."""
    plain = None
    if not load(room, text):
        plain = fold.undisguise(text)
        if plain is not None:
            load(room, plain.text)
    find_listed(c.forms, room, found, text if plain is None else plain.text, types, sets)
    if found.rows == 0:
        return []
    return _mentions(c, found, text, plain, longest)


@cython.cfunc
def _known(c: Certain, alias: cython.int, owner: cython.int) -> Known:
    """Alias and its entity -> what is told of it."""
    known = c.known.get(alias)
    if known is None:
        if len(c.known) >= MOST_KNOWN:
            c.known.clear()
        entity, place = c.index.entity(owner), alias - c.first_alias[owner]
        form = entity.aliases[place - 1].form if place else entity.name
        kind = "acronym" if (c.forms.flags[alias] & 0x0F) == ACRONYM else None
        known = c.known[alias] = Known(entity, form, kind, str(entity.properties.get("country", "")))
    return known


@cython.cfunc
@cython.exceptval(-1)
def _settle(found: Found) -> cython.Py_ssize_t:
    """Readings -> the spans of those that are certain, by start; of overlapping ones the leftmost, of these
    the longest, is marked as kept. Returns how many spans there are."""
    k: cython.Py_ssize_t = 0
    first: cython.Py_ssize_t
    sure: cython.Py_ssize_t
    spans: cython.Py_ssize_t = 0
    last: cython.Py_ssize_t = -1  # the span that was kept last
    while k < found.rows:
        first = k
        sure = 0
        while (
            k < found.rows
            and found.row[WIDTH * k] == found.row[WIDTH * first]
            and found.row[WIDTH * k + 1] == found.row[WIDTH * first + 1]
        ):
            sure += found.row[WIDTH * k + 4] >= FOLDED
            k += 1
        if not sure:
            continue
        found.span[SPAN * spans], found.span[SPAN * spans + 1] = first, k
        found.span[SPAN * spans + 2], found.span[SPAN * spans + 3] = sure, 1
        if last >= 0 and found.row[WIDTH * first] < found.row[WIDTH * found.span[SPAN * last] + 1]:
            if found.row[WIDTH * first] > found.row[WIDTH * found.span[SPAN * last]]:
                found.span[SPAN * spans + 3] = 0
            else:
                found.span[SPAN * last + 3] = 0
        if found.span[SPAN * spans + 3]:
            last = spans
        spans += 1
    return spans


@cython.cfunc
def _mentions(c: Certain, found: Found, text: str, plain, longest: cython.bint) -> list:
    """Readings -> the Mentions of those that are certain."""
    told: list = []
    countries = None
    j: cython.Py_ssize_t
    spans: cython.Py_ssize_t = _settle(found)
    for j in range(spans):
        if longest and not found.span[SPAN * j + 3]:
            continue
        if found.span[SPAN * j + 2] > 1 and countries is None:
            countries = _countries(c, found, spans)
        told.append(_mention(c, found, j, text, plain, countries))
    return told


@cython.cfunc
@cython.exceptval(-1)
def _first_sure(found: Found, j: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Span -> its first reading that is certain."""
    k: cython.Py_ssize_t = found.span[SPAN * j]
    while found.row[WIDTH * k + 4] < FOLDED:
        k += 1
    return k


@cython.cfunc
def _countries(c: Certain, found: Found, spans: cython.Py_ssize_t):
    """Spans -> how often each country is that of the one entity that a kept span means."""
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    known: Known
    seen = []
    for j in range(spans):
        if found.span[SPAN * j + 3] and found.span[SPAN * j + 2] == 1:
            k = WIDTH * _first_sure(found, j)
            known = _known(c, found.row[k + 2], found.row[k + 3])
            if known.country:
                seen.append(known.country)
    return Counter(seen)


@cython.cfunc
def _mention(c: Certain, found: Found, j: cython.Py_ssize_t, text: str, plain, countries):
    """Span -> its Mention: what it means most likely, then the others."""
    k: cython.Py_ssize_t = WIDTH * _first_sure(found, j)
    start: cython.Py_ssize_t = found.row[k]
    end: cython.Py_ssize_t = found.row[k + 1]
    known: Known
    others: tuple = ()
    if plain is not None:
        start, end = plain.offsets[start], plain.ends[end - 1]
    if found.span[SPAN * j + 2] > 1:
        ranked = _ranked(c, found, j, countries)
        others = tuple([c.index.entity(owner) for _, _, owner, _ in ranked[1:]])
        known, close = _known(c, ranked[0][1], ranked[0][2]), ranked[0][3]
    else:
        known, close = _known(c, found.row[k + 2], found.row[k + 3]), found.row[k + 4]
    # in the order of its fields: by name it takes half as long again
    return Mention(start, end, text[start:end], known.entity, 1.0, known.form, known.kind or KINDS[close], others)


@cython.cfunc
def _ranked(c: Certain, found: Found, j: cython.Py_ssize_t, countries) -> list:
    """Span with homonyms -> (mentions of its country, negative; alias; entity; closeness) of each, best first."""
    k: cython.Py_ssize_t
    known: Known
    ranked = []
    for k in range(found.span[SPAN * j], found.span[SPAN * j + 1]):
        if found.row[WIDTH * k + 4] >= FOLDED:
            known = _known(c, found.row[WIDTH * k + 2], found.row[WIDTH * k + 3])
            ranked.append(
                (-countries[known.country], found.row[WIDTH * k + 2], found.row[WIDTH * k + 3], found.row[WIDTH * k + 4])
            )
    ranked.sort()
    return ranked
