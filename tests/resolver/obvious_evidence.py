"""What `resolver.context` must see around a reading, in the obvious way: regular expressions and strings, nothing compiled."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from aliases.common import is_common_word, is_english_word, is_personal_name
from aliases.fold import clean, fold_name
from resolver.match import MatchKind
from resolver.word_classes import (
    ADJECTIVE,
    AND,
    CALENDAR,
    GENERIC,
    KIN,
    OFFICES,
    PEOPLE,
    PLACE_WORDS,
    PLACES,
    RANKS,
    SAYING,
    SPEECH,
    STREETS,
    TITLES,
)
from tests.resolver.obvious_proposals import Proposal

ALIKE, NOT_ALIKE = 8.0, -8.0  # log odds of a listed spelling, and of none
_WINDOW = 48  # characters beside a span that are looked at
_LEFT = re.compile(r"([^\W_]+(?:['’.][^\W_]+)*\.?)?([\W_]*)$")
_LAST_WORD = re.compile(r"([^\W_]+)[\W_]{1,2}$")
_BEHIND = re.compile(r"([\W_]*)([^\W_]+)")
_CAPITAL_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = frozenset('.!?:;\n•*“"»«…。！？')


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands on both sides of a span."""

    left: str  # the word before, '' at the start
    before: str  # the one before that
    left_gap: str
    right_gap: str
    right: str  # the word behind, '' at the end
    capital_share: float  # of the words around: how many begin with a capital
    shouting: float  # and how many are written in capitals
    cues: tuple[bool, ...] = (False,) * 6  # listing, right_number, right_people, run_generic, left_rank, right_street
    person: int = 0  # how many of the words beside it are such as stand by names of persons
    place: int = 0  # and of places


def surroundings(text: str, start: int, end: int) -> Surroundings:
    """Text and span -> the words and separators beside it."""
    before, behind = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
    left = _LEFT.search(before)
    follow = _BEHIND.findall(behind)
    words = _CAPITAL_WORD.findall(before)[1:] + _CAPITAL_WORD.findall(behind)[:-1]
    capitals = sum(word[0].isupper() for word in words)
    shouted = sum(word.isupper() and len(word) > 1 for word in words)
    left_word, left_gap = ((left.group(1) or ""), left.group(2)) if left else ("", "")
    further = _word_before(before, left)
    right_gap, right = follow[0] if follow else (behind, "")
    cues = _cues(left_word, left_gap, further, follow)
    person = _person_hints(left_word, left_gap, further, follow) + cues[4]
    place = _place_hints(left_word, left_gap, further, right_gap, right) + cues[2] + cues[3]
    return Surroundings(
        left=left_word,
        before=further,
        left_gap=left_gap,
        right_gap=right_gap,
        right=right,
        capital_share=capitals / len(words) if len(words) > 1 else 0.3,
        shouting=shouted / len(words) if words else 0.0,
        cues=cues,
        person=person,
        place=place,
    )


def _word_before(before: str, left: re.Match[str] | None) -> str:
    found = _LAST_WORD.search(before, 0, left.start()) if left and left.group(1) else None
    return found.group(1) if found else ""


def _cues(left: str, gap: str, further: str, follow: list[tuple[str, str]]) -> tuple[bool, ...]:
    """The words beside a span -> what they say, each by a closed class of words."""
    bare, blank = left.lower(), gap.strip(" \xa0")
    right_gap, right = follow[0] if follow else ("", "")
    beside, right_lower = right_gap.strip(" \xa0") == "", right.lower()
    return (
        ((blank == "" and bare in AND) or blank == ",") and further[:1].isupper(),
        beside and right.isdigit(),
        (beside or right_gap == "-") and right_lower in PEOPLE,
        _run_generic(follow),
        blank == "" and bare == "of" and further.lower() in RANKS,
        beside and right[:1].isupper() and right_lower in STREETS,
    )


def _run_generic(follow: list[tuple[str, str]]) -> bool:
    """The words behind a span -> whether the capitalised ones that follow, or a list of such, end in a word for a place."""
    for at, (gap, word) in enumerate(follow[:5]):
        stripped = gap.strip(" \xa0")
        if stripped not in ("", ",") or not word:
            return False
        lower = word.lower()
        if lower in PLACES and stripped == "":
            return at > 0
        if not (word[0].isupper() or lower == "and"):
            return False
    return False


def _person_hints(left: str, gap: str, further: str, follow: list[tuple[str, str]]) -> int:
    """The words beside a span -> how many things about them are such as stand by names of persons."""
    bare, blank = left.lower(), gap.strip(" \xa0") == ""
    stem = bare.rstrip(".")
    right_gap, right = follow[0] if follow else ("", "")
    beside, right_lower = right_gap.strip(" \xa0") == "", right.lower()
    aged = right_gap.strip(" \xa0") == "," and right.isdigit() and len(right) <= 2
    return (
        int((gap.strip(" \xa0\"“”'’,") == "" and bare in SAYING) or (blank and bare == "to" and further.lower() == "according"))
        + int(gap.strip(" \xa0,.") == "" and stem in KIN)
        + int(aged and (len(follow) < 2 or follow[1][0][:1] in ",.;"))
        + int(beside and right_lower in OFFICES)
        + int(blank and stem in TITLES)
        + int(blank and left[:1].isupper() and (len(stem) == 1 or is_personal_name(bare)))
        + int(beside and right_lower in SPEECH)
    )


def _place_hints(left: str, gap: str, further: str, right_gap: str, right: str) -> int:
    """The words beside a span -> how many things about them are such as stand by names of places."""
    bare, blank = left.lower(), gap.strip(" \xa0") == ""
    return (
        int(blank and bare == "of" and further.lower() in PLACES)
        + int(blank and bare.rstrip(".") in PLACE_WORDS)
        + int(right_gap.strip(" \xa0") == "" and right.lower() in GENERIC)
        + int(right_gap.strip() == "," and right[:1].isupper())
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a span: an alias of an entity, and what was seen when the surface was held against its form."""

    alias: int
    entity: int
    kind: MatchKind
    alias_kind: str
    type: str
    surface: str
    form: str
    cased: bool  # the form matches only in its own case
    aliases: int  # how many surface forms the entity has: a rough measure of how well known it is
    variant: Proposal | None = None  # how the spelling was found where it is on no list
    alike: float = 0.0  # log odds of the names model that such a spelling and the form name one entity


@dataclass(frozen=True, slots=True)
class Document:
    """What all spans of one text say together."""

    surfaces: Mapping[str, int]  # surface -> how often it was hit
    lower_words: Mapping[str, int]  # word in lower case -> how often
    entities: Mapping[int, Mapping[str, int]]  # entity -> its surfaces and how often each
    hints: Mapping[str, tuple[int, int]]  # surface -> all hints of persons and of places beside it


@dataclass(frozen=True, slots=True)
class Rivals:
    """The other readings of the same span, and of the spans that cover it."""

    entities: int  # how many entities the span could mean, this one included
    aliases: int  # of the best known other entity, else of this one
    cost: float  # of the cheapest other entity, 1 when there is none
    alike: float  # of the likest other entity, NOT_ALIKE when there is none
    inside: bool  # whether a longer listed form covers the span
    beside: frozenset[str] = frozenset()  # types of the listed forms close by


def evidence(reading: Reading, around: Surroundings, document: Document, rivals: Rivals) -> list[float]:
    """A reading in its place -> the numbers of NAMES, in their order."""
    return [
        *_of_form(reading, around),
        *_of_place(reading, around),
        *(float(reading.type == name) for name in ("person", "organization", "place")),
        _script(reading.surface),
        math.log(rivals.entities),
        *_of_document(reading, document),
        float(rivals.inside),
        math.log(reading.aliases / rivals.aliases),
        *_of_variant(reading.variant, rivals),
        *_of_kind(reading, around),
        *_of_names(reading, rivals),
        *_of_neighbours(reading, around, rivals),
        float(all(word in CALENDAR for word in _folded_words(reading.surface))),
        *map(float, around.cues),
        float(around.person),
        float(around.place),
        *_of_hints(reading, around, document),
        *_of_remains(reading, around),
    ]


@lru_cache(maxsize=1 << 16)
def _folded_words(surface: str) -> tuple[str, ...]:
    return tuple(fold_name(surface).split())


@lru_cache(maxsize=1 << 16)
def _undressed(surface: str) -> str:
    """Surface -> its letters in their case, without marks, invisible characters and typographic dress."""
    return "".join(
        char for char in unicodedata.normalize("NFD", clean(surface)) if unicodedata.category(char) not in ("Mn", "Me")
    )


def _of_form(reading: Reading, around: Surroundings) -> list[float]:
    surface, form = reading.surface, reading.form
    exact = surface == form
    if not exact and reading.kind == "folded":
        surface, form = _undressed(surface), _undressed(form)
        exact = surface == form  # how letters are dressed says nothing of what they mean
    words = _folded_words(surface)
    first = next((char for char in surface if char.isalpha()), "")
    as_acronym = (
        surface.isupper() and form.isupper() and around.shouting < 0.5
    )  # `US` is no `us`, but in a shouted text it may be
    return [
        float(exact),
        float(reading.kind in ("exact", "folded") and not exact),
        float(reading.kind in ("variant", "fuzzy")),
        float(reading.alias_kind == "weak"),
        float(reading.alias_kind == "acronym" or (form.isupper() and len(form) <= 6)),
        float(reading.cased),
        float(reading.alias_kind == "name"),
        float(len(words)),
        float(sum(map(len, words))),
        0.0 if as_acronym else sum(map(is_common_word, words)) / max(1, len(words)),
        float(first.islower() and form[:1].isupper()),
        float(surface.isupper() and not form.isupper()),
    ]


def _of_place(reading: Reading, around: Surroundings) -> list[float]:
    left, gap = around.left, around.left_gap
    adjacent_left = gap.strip(" \xa0") == ""
    adjacent_right = around.right_gap.strip(" \xa0") == ""
    bare = left.rstrip(".").lower()
    return [
        float(not left or not _SENTENCE_END.isdisjoint(gap) or (left.endswith(".") and len(left) > 2)),
        float(adjacent_left and left[:1].isupper() and bare not in TITLES and not is_common_word(bare)),
        float(adjacent_left and left[:1].islower()),
        float(adjacent_right and around.right[:1].isupper()),
        float(adjacent_left and bare in TITLES),
        float(adjacent_left and bare in PLACE_WORDS),
        float(gap in ("-", "‐", "‑") and bool(left)),
        float(around.right_gap in ("-", "‐", "‑") and bool(around.right)),
        float(around.right_gap in ("'", "’") and around.right == "s"),
        float(around.right_gap.strip() == "," and around.right[:1].isupper()),
        float(adjacent_left and len(bare) == 1 and left[:1].isupper()),
        around.capital_share,
        around.shouting,
    ]


def _of_document(reading: Reading, document: Document) -> list[float]:
    mine = document.entities.get(reading.entity, {})
    others = sum(count for surface, count in mine.items() if surface != reading.surface)
    longer = any(len(surface) > len(reading.surface) and reading.surface in surface for surface in mine)
    return [
        math.log(document.surfaces.get(reading.surface, 1)),
        math.log1p(document.lower_words.get(reading.surface.lower(), 0)),
        math.log1p(others),
        float(longer),
    ]


def _of_remains(reading: Reading, around: Surroundings) -> list[float]:
    """What of an unlisted spelling does not fit: words on both sides that the other has not, and how it ends."""
    variant, surface = reading.variant, reading.surface
    if variant is None:
        return [0.0, 0.0, 0.0]
    left = around.left_gap.strip(" \xa0") == "" and around.left[:1].isupper() and around.left.rstrip(".").lower() not in TITLES
    right = around.right_gap.strip(" \xa0") == "" and around.right[:1].isupper()
    last = surface[surface.rfind(" ") + 1 :]
    demonym = surface.endswith(ADJECTIVE) and not reading.form.endswith(ADJECTIVE)
    unmatched = left + right + variant.text_left if variant.form_left else 0
    return [float(unmatched), float(last != surface and last[:1].islower()), float(demonym)]


def _of_hints(reading: Reading, around: Surroundings, document: Document) -> list[float]:
    """What stands beside the other mentions of the surface in the document."""
    person, place = document.hints.get(reading.surface, (0, 0))
    return [math.log1p(max(0, person - around.person)), math.log1p(max(0, place - around.place))]


def _of_variant(variant: Proposal | None, rivals: Rivals) -> list[float]:
    if variant is None:
        return [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    return [
        0.0,
        variant.mean_cost,
        variant.worst_cost,
        rivals.cost - variant.mean_cost,
        float(variant.skeleton),
        float(variant.entered),
        float(variant.ending),
    ]


def _of_names(reading: Reading, rivals: Rivals) -> list[float]:
    """What the names model says of an unlisted spelling, and what of both is left over."""
    if reading.variant is None:
        return [ALIKE, 0.0, 0.0, 0.0]
    alike = max(NOT_ALIKE, reading.alike)
    return [alike, reading.variant.form_left, float(reading.variant.text_left), alike - max(NOT_ALIKE, rivals.alike)]


def _of_neighbours(reading: Reading, around: Surroundings, rivals: Rivals) -> list[float]:
    """What the words of the span say by themselves, and the names that stand beside it."""
    words = _folded_words(reading.surface)
    left, gap = around.left, around.left_gap.strip(" \xa0")
    right_near = around.right_gap.strip(" \xa0") == ""
    return [
        sum(map(is_english_word, words)) / max(1, len(words)),
        float(gap == "" and left[:1].isupper() and is_personal_name(left.lower())),
        float(right_near and around.right[:1].isupper() and is_personal_name(around.right.lower())),
        float(gap == "" and left == "of" and around.before[:1].isupper()),
        float(gap == "," and left[:1].isupper()),
        float(reading.type in rivals.beside),
    ]


def _of_kind(reading: Reading, around: Surroundings) -> list[float]:
    """What hints at a person, or at a place, beside what the type of the entity says."""
    beside = around.right_gap.strip(" \xa0") == ""
    right = around.right.lower()
    words = _folded_words(reading.surface)
    return [
        float(all(map(is_personal_name, words)) and bool(words)),
        float(beside and right in SPEECH),
        float(beside and right in GENERIC),
        float(around.left.lower() == "the"),
        float(beside and around.right[:1].islower()),
    ]


def _script(surface: str) -> float:
    """Surface -> 0 Latin, 1 Cyrillic or Greek, 2 Arabic or Hebrew, 3 other."""
    code = ord(next((char for char in surface if char.isalpha()), "a"))
    if code < 0x370:
        return 0.0
    if code < 0x590:
        return 1.0
    return 2.0 if code < 0x780 or 0xFB1D <= code < 0xFF00 else 3.0
