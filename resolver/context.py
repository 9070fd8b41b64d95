# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A reading of a span in its place -> the evidence for it, as numbers that `resolver/weights/mentions.json` weighs.

Everything is read off the text beside the span and the other spans of the same document: what a careful reader glances at
before taking `Washington` for the city. One source, two roads, as in `resolver.tokenizer`.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from aliases.entity import ALIAS_KINDS, ENTITY_TYPES
from resolver import beside, classes, traits

if cython.compiled:
    from cython.cimports.libc.math import log, log1p
    from cython.cimports.resolver.beside import Beside, look_beside
    from cython.cimports.resolver.forms import Forms, Surface, class_of, read_words
    from cython.cimports.resolver.spans import Spans
    from cython.cimports.resolver.tallies import Tallies, count_of, lower_count, others_of, tally
    from cython.cimports.resolver.tokenizer import Room
else:
    from math import log, log1p

    from resolver.beside import Beside, look_beside
    from resolver.forms import Forms, Surface, class_of, read_words
    from resolver.spans import Spans
    from resolver.tallies import Tallies, count_of, lower_count, others_of, tally
    from resolver.tokenizer import Room

COMPILED = cython.compiled

# The order of the numbers that `evidence` gives.
NAMES = (
    "exact", "folded", "variant", "weak", "acronym", "cased", "canonical", "words", "letters", "common_words", "lower",
    "all_caps", "sentence_start", "left_capital", "left_lower", "right_capital", "left_title", "left_place",
    "left_hyphen", "right_hyphen", "possessive", "right_comma_capital", "left_initial", "headline", "shouting",
    "person", "organization", "place", "script", "homonyms", "repeated", "also_lower", "same_entity",
    "same_entity_longer", "inside", "aliases_lead", "listed", "mean_cost", "worst_cost", "cost_lead", "skeleton",
    "entered", "ending", "personal_name", "right_speech", "right_generic", "left_the", "right_lower",
    "alike", "form_left", "text_left", "alike_lead", "english_words", "left_personal", "right_personal", "part_of",
    "left_comma_capital", "beside_same_type", "calendar", "listing", "right_number", "right_people", "run_generic",
    "left_rank", "right_street", "person_hints", "place_hints", "document_person", "document_place", "conflict",
    "last_lower", "adjective",
)  # fmt: skip
LISTED = NAMES.index("listed")  # 1.0 for a listed form, 0.0 for an unlisted spelling

ALIKE = cython.declare(cython.float, 8.0)  # log odds of the names model of a listed spelling
NOT_ALIKE = cython.declare(cython.float, -8.0)  # and of none
NEAR = cython.declare(cython.Py_ssize_t, 4)  # spans on each side that may cover a span, or stand beside it
BESIDE = cython.declare(cython.int, 12)  # characters between a span and a listed form that is close by
SHOUTED = cython.declare(cython.float, 0.5)  # share of words in capitals from which on capitals say nothing
WIDTH, AROUND = cython.declare(cython.Py_ssize_t, 72), cython.declare(cython.Py_ssize_t, 31)
HINTS = cython.declare(cython.Py_ssize_t, beside.NAMES.index("person_hints"))
ROW, SHARE, SPAN = cython.declare(cython.Py_ssize_t, 11), cython.declare(cython.Py_ssize_t, 4), cython.declare(cython.Py_ssize_t, 5)
LISTED_KINDS = cython.declare(cython.int, 3)  # as in `resolver.spans`
FOLDED, EXACT = cython.declare(cython.int, 2), cython.declare(cython.int, 3)
CASED, KIND = cython.declare(cython.uint, 0x10), cython.declare(cython.uint, 0x0F)  # of the flags of an alias
CANONICAL, ACRONYM = cython.declare(cython.uint, ALIAS_KINDS.index("name")), cython.declare(cython.uint, ALIAS_KINDS.index("acronym"))
WEAK = cython.declare(cython.uint, ALIAS_KINDS.index("weak"))
PERSON, PLACE = cython.declare(cython.uint, ENTITY_TYPES.index("person")), cython.declare(cython.uint, ENTITY_TYPES.index("place"))
ORGANIZATION = cython.declare(cython.uint, ENTITY_TYPES.index("organization"))
BEGINS_UPPER, ALL_UPPER = cython.declare(cython.uint, traits.BEGINS_UPPER), cython.declare(cython.uint, traits.ALL_UPPER)
SHORT_FORM = cython.declare(cython.uint, traits.SHORT)
UPPER, LOWER = cython.declare(cython.uint, classes.UPPER), cython.declare(cython.uint, classes.LOWER)


@cython.final
@cython.cclass
class Document:
    """One text with its spans, and working memory for the evidence; `dress` and `ending` say what only a form's own letters tell.

    `dress`: surface and alias -> whether they are equal but for how letters are dressed. `ending`: alias -> whether its form ends
    as English makes a demonym of a place.
    """

    def __init__(self, forms: Forms, arrays, dress, ending):
        self.forms, self.dress, self.ending = forms, dress, ending
        self.first_alias = arrays["entity_first_alias"]
        self.spans, self.tallies, self.beside, self.surface = Spans(), Tallies(), Beside(), Surface()
        self.around = memoryview(array("f", bytes(4 * 31 * 64)))


@cython.cfunc
@cython.exceptval(-1)
def look_around(d: Document, s: Room, text: str) -> cython.int:
    """Text and its room, the spans being there -> what stands beside each, and what all say together."""
    j: cython.Py_ssize_t
    size: cython.Py_ssize_t = len(text)
    sp: Spans = d.spans
    d.room, d.text, d.size = s, text, size
    d.surface.ready = False
    if AROUND * sp.spans > d.around.shape[0]:
        d.around = memoryview(array("f", bytes(4 * AROUND * 2 * sp.spans)))
    for j in range(sp.spans):
        look_beside(d.forms, s, d.beside, size, sp.span[SPAN * j], sp.span[SPAN * j + 1], d.around, AROUND * j)
    return tally(d.forms, s, size, sp, d.tallies, d.around, AROUND, HINTS)


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _aliases_of(d: Document, owner: cython.Py_ssize_t) -> cython.int:
    """Entity -> how many surface forms it has: a rough measure of how well known it is."""
    return (d.first_alias[owner + 1] if owner + 1 < d.first_alias.shape[0] else d.forms.owner.shape[0]) - d.first_alias[owner]


@cython.cfunc
@cython.exceptval(check=False)
def look_at_rivals(d: Document, j: cython.Py_ssize_t) -> cython.int:
    """Span -> the best known, the cheapest and the likest of its readings, and the second of each; what covers it and stands beside."""
    sp: Spans = d.spans
    k: cython.Py_ssize_t
    r: cython.Py_ssize_t
    listed: cython.bint
    aliases: cython.int
    cost: cython.float
    alike: cython.float
    d.known = d.known_second = 0
    d.cost = d.cost_second = 1.0
    d.alike = d.alike_second = -1e9
    for k in range(sp.span[SPAN * j + 2], sp.span[SPAN * j + 3]):
        r = sp.order[k]
        listed = sp.row[ROW * r + 5] <= LISTED_KINDS
        aliases = _aliases_of(d, sp.row[ROW * r + 4])
        cost, alike = sp.share[SHARE * r], ALIKE if listed else sp.share[SHARE * r + 3]
        d.known_second = max(d.known_second, min(aliases, d.known))
        d.known = max(d.known, aliases)
        d.cost_second = min(d.cost_second, max(cost, d.cost))
        d.cost = min(d.cost, cost)
        d.alike_second = max(d.alike_second, min(alike, d.alike))
        d.alike = max(d.alike, alike)
    return _look_near(d, j)


@cython.cfunc
@cython.exceptval(check=False)
def _look_near(d: Document, j: cython.Py_ssize_t) -> cython.int:
    """Span -> whether a longer listed form covers it, and the types of what the listed forms close by may mean."""
    sp: Spans = d.spans
    m: cython.Py_ssize_t
    k: cython.Py_ssize_t
    start: cython.int = sp.span[SPAN * j]
    end: cython.int = sp.span[SPAN * j + 1]
    first: cython.int
    last: cython.int
    d.inside, d.types = False, 0
    for m in range(max(0, j - NEAR), min(sp.spans, j + NEAR + 1)):
        first, last = sp.span[SPAN * m], sp.span[SPAN * m + 1]
        if first <= start and end <= last and last - first > end - start:
            d.inside |= sp.row[ROW * sp.order[sp.span[SPAN * m + 2]] + 5] <= LISTED_KINDS
        if (last <= start and start - last <= BESIDE) or (end <= first and first - end <= BESIDE):
            for k in range(sp.span[SPAN * m + 2], sp.span[SPAN * m + 3]):
                if sp.row[ROW * sp.order[k] + 5] <= LISTED_KINDS:
                    d.types |= cython.cast(cython.uint, 1) << d.forms.type[sp.row[ROW * sp.order[k] + 4]]
    return 0


@cython.cfunc
@cython.exceptval(-1)
def evidence(d: Document, j: cython.Py_ssize_t, r: cython.Py_ssize_t, out: cython.float[::1], at: cython.Py_ssize_t) -> cython.int:
    """A reading of a span, whose rivals were looked at -> the numbers of NAMES, from out[at] on."""
    sp: Spans = d.spans
    k: cython.Py_ssize_t
    around: cython.Py_ssize_t = AROUND * j
    type_: cython.uint = d.forms.type[sp.row[ROW * r + 4]]
    aliases: cython.int = _aliases_of(d, sp.row[ROW * r + 4])
    rivals: cython.int = sp.span[SPAN * j + 3] - sp.span[SPAN * j + 2]
    rival: cython.int = aliases if rivals == 1 else d.known_second if aliases == d.known else d.known
    read_words(d.forms, d.room, d.surface, sp.row[ROW * r + 2], sp.row[ROW * r + 1], d.text)
    _of_form(d, r, d.around[around + 12], out, at)
    for k in range(13):
        out[at + 12 + k] = d.around[around + k]
    out[at + 25], out[at + 26], out[at + 27] = type_ == PERSON, type_ == ORGANIZATION, type_ == PLACE
    out[at + 28] = _script(d.surface.first)
    out[at + 29] = log(rivals)
    _of_document(d, r, around, out, at + 30)
    out[at + 34] = d.inside
    out[at + 35] = log(cython.cast(cython.double, aliases) / rival)
    _of_spelling(d, r, out, at)
    out[at + 43] = d.surface.words > 0 and d.surface.personal == d.surface.words
    for k in range(4):
        out[at + 44 + k] = d.around[around + 13 + k]
    out[at + 52] = cython.cast(cython.float, d.surface.english) / max(1, d.surface.words)
    for k in range(4):
        out[at + 53 + k] = d.around[around + 17 + k]
    out[at + 57] = (d.types >> type_) & 1
    out[at + 58] = d.surface.calendar == d.surface.words
    for k in range(8):
        out[at + 59 + k] = d.around[around + 21 + k]
    _of_remains(d, r, around, out, at + 69)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _of_form(d: Document, r: cython.Py_ssize_t, shouting: cython.float, out: cython.float[::1], at: cython.Py_ssize_t) -> cython.int:
    """A reading -> what its surface and its form say, held against each other."""
    f: Surface = d.surface
    alias: cython.uint = d.spans.row[ROW * r + 3]
    kind: cython.int = d.spans.row[ROW * r + 5]
    traits_: cython.uint = d.forms.traits[alias]
    flags: cython.uint = d.forms.flags[alias]
    dressed: cython.bint = kind == FOLDED or kind == EXACT
    exact: cython.bint = f.hash == d.forms.form[alias]
    if not exact and kind == FOLDED:
        exact = _is_same_dressed(d, alias, traits_)
    out[at], out[at + 1], out[at + 2] = exact, dressed and not exact, not dressed
    out[at + 3] = (flags & KIND) == WEAK
    out[at + 4] = (flags & KIND) == ACRONYM or (traits_ & ALL_UPPER != 0 and traits_ & SHORT_FORM != 0)
    out[at + 5] = flags & CASED != 0
    out[at + 6] = (flags & KIND) == CANONICAL
    out[at + 7], out[at + 8] = f.words, f.letters
    if f.upper and traits_ & ALL_UPPER and shouting < SHOUTED:  # `US` is no `us`, but in a shouted text it may be
        out[at + 9] = 0
    else:
        out[at + 9] = cython.cast(cython.float, f.common) / max(1, f.words)
    out[at + 10] = f.first_lower == 1 and traits_ & BEGINS_UPPER != 0
    out[at + 11] = f.upper and not traits_ & ALL_UPPER
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _is_same_dressed(d: Document, alias: cython.uint, traits_: cython.uint) -> cython.bint:
    """Whether surface and form, equal when folded, are equal but for how letters are dressed, which says nothing of what they mean."""
    if d.surface.upper != (traits_ & ALL_UPPER != 0) or (d.surface.first_lower == 1 and traits_ & BEGINS_UPPER):
        return False
    return d.dress(d.text[d.surface.start : d.surface.end], alias)


@cython.cfunc
@cython.exceptval(check=False)
def _of_document(
    d: Document, r: cython.Py_ssize_t, around: cython.Py_ssize_t, out: cython.float[::1], at: cython.Py_ssize_t
) -> cython.int:
    """A reading -> what the other spans of the document say."""
    f: Surface = d.surface
    others: cython.int = others_of(d.forms, d.room, d.tallies, d.spans.row[ROW * r + 4], f.hash, f.start, f.end)
    out[at] = log(max(1, count_of(d.tallies, f.hash, 0)))
    out[at + 1] = log1p(lower_count(d.forms, d.room, d.tallies, f.start, f.end))
    out[at + 2] = log1p(others >> 1)
    out[at + 3] = others & 1
    out[at + 37] = log1p(max(0, count_of(d.tallies, f.hash, 1) - cython.cast(cython.int, d.around[around + HINTS])))
    out[at + 38] = log1p(max(0, count_of(d.tallies, f.hash, 2) - cython.cast(cython.int, d.around[around + HINTS + 1])))
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _of_spelling(d: Document, r: cython.Py_ssize_t, out: cython.float[::1], at: cython.Py_ssize_t) -> cython.int:
    """A reading -> what its spelling costs, what the names model says of it, and how far ahead of its rivals it is."""
    sp: Spans = d.spans
    k: cython.Py_ssize_t
    mean: cython.float = sp.share[SHARE * r]
    alike: cython.float = sp.share[SHARE * r + 3]
    rival: cython.float
    if sp.row[ROW * r + 5] <= LISTED_KINDS:
        for k in range(37, 43):
            out[at + k] = 0
        out[at + 36], out[at + 48] = 1, ALIKE
        out[at + 49] = out[at + 50] = out[at + 51] = 0
        return 0
    rival = d.alike_second if alike == d.alike else d.alike
    out[at + 36], out[at + 37], out[at + 38] = 0, mean, sp.share[SHARE * r + 1]
    out[at + 39] = (d.cost_second if mean == d.cost else d.cost) - mean
    out[at + 40], out[at + 41], out[at + 42] = sp.row[ROW * r + 8], sp.row[ROW * r + 6], sp.row[ROW * r + 9]
    out[at + 48] = max(NOT_ALIKE, alike)
    out[at + 49], out[at + 50] = sp.share[SHARE * r + 2], sp.row[ROW * r + 10]
    out[at + 51] = max(NOT_ALIKE, alike) - max(NOT_ALIKE, rival)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _of_remains(
    d: Document, r: cython.Py_ssize_t, around: cython.Py_ssize_t, out: cython.float[::1], at: cython.Py_ssize_t
) -> cython.int:
    """What of an unlisted spelling does not fit: words on both sides that the other has not, and how it ends."""
    sp: Spans = d.spans
    start: cython.Py_ssize_t = d.surface.start
    last: cython.Py_ssize_t = d.surface.end
    out[at] = out[at + 1] = out[at + 2] = 0
    if sp.row[ROW * r + 5] <= LISTED_KINDS:
        return 0
    if sp.share[SHARE * r + 2] != 0:
        out[at] = d.around[around + 29] + d.around[around + 30] + sp.row[ROW * r + 10]
    while last > start and d.room.code[last - 1] != 32:
        last -= 1
    out[at + 1] = last > start and last < d.surface.end and class_of(d.forms.letters, d.room.code[last]) & LOWER != 0
    out[at + 2] = _is_adjective(d.room, start, d.surface.end) and not d.ending(sp.row[ROW * r + 3])
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _is_adjective(s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.bint:
    """Surface -> whether it ends as English makes a demonym of a place: -an, -ans, -ese, -ish."""
    last: cython.uint = s.code[end - 1]
    if end - start < 2:
        return False
    if last == 110:
        return s.code[end - 2] == 97
    if end - start < 3:
        return False
    if last == 115:
        return s.code[end - 2] == 110 and s.code[end - 3] == 97
    if last == 101:
        return s.code[end - 2] == 115 and s.code[end - 3] == 101
    return last == 104 and s.code[end - 2] == 115 and s.code[end - 3] == 105


@cython.cfunc
@cython.exceptval(check=False)
def _script(code: cython.uint) -> cython.float:
    """First letter of a surface -> 0 Latin, 1 Cyrillic or Greek, 2 Arabic or Hebrew, 3 other."""
    if code < 0x370:
        return 0.0
    if code < 0x590:
        return 1.0
    return 2.0 if code < 0x780 or 0xFB1D <= code < 0xFF00 else 3.0
