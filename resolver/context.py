"""A span of a text and a form that it may be -> the evidence around it, as numbers that `resolver/weights/mentions.json` weighs.

Everything is read off the text beside the span and the other spans of the same document: what a careful reader glances at
before taking `Washington` for the city. No dictionary but the short lists below, which are closed classes of words.
"""

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
from resolver.variants import Proposal

# The order of the numbers that `evidence` gives.
NAMES = (
    "exact", "folded", "variant", "weak", "acronym", "cased", "canonical", "words", "letters", "common_words", "lower",
    "all_caps", "sentence_start", "left_capital", "left_lower", "right_capital", "left_title", "left_place",
    "left_hyphen", "right_hyphen", "possessive", "right_comma_capital", "left_initial", "headline", "shouting",
    "person", "organization", "place", "script", "homonyms", "repeated", "also_lower", "same_entity",
    "same_entity_longer", "inside", "aliases_lead", "listed", "mean_cost", "worst_cost", "cost_lead", "skeleton",
    "entered", "ending", "personal_name", "right_speech", "right_generic", "left_the", "right_lower",
    "alike", "form_left", "text_left", "alike_lead", "english_words", "left_personal", "right_personal", "part_of",
    "left_comma_capital", "beside_same_type",
)  # fmt: skip

TITLES = frozenset(
    "mr mrs ms dr prof sir lord lady president premier minister king queen prince princess sheikh sheik emir sultan "
    "general gen colonel col captain capt major lieutenant lt admiral commander judge senator sen rep governor gov "
    "mayor secretary chancellor ambassador ayatollah imam mullah pope bishop spokesman spokeswoman leader dictator "
    "journalist actor actress президент премьер министр генерал полковник король принц губернатор мэр сенатор депутат "
    "лидер глава prezydent minister premier generał prezident premiér ministr السيد الشيخ الرئيس رئيس الوزير وزير "
    "الملك ملك الأمير اللواء آیت‌الله دکتر سردار".split()
)
PLACE_WORDS = frozenset(
    "in at near from to into of via outside inside around across toward towards north south east west northern "
    "southern eastern western central city town village province district region capital republic в во из под около "
    "города городе город область у з із до біля w we z ze do koło v ve na из от към في من إلى قرب مدينة محافظة ولاية "
    "در از به شهر استان".split()
)

SPEECH = frozenset(
    "said says told added asked died who was is had has wrote tweeted announced declared argued insisted whose "
    "himself herself".split()
)
GENERIC = frozenset(
    "city county town village province state district region police mayor airport hospital university governorate "
    "council court street river area residents border road port bridge zoo medical regional school community "
    "government coast island".split()
)
ALIKE, NOT_ALIKE = 8.0, -8.0  # log odds of a listed spelling, and of none
_WINDOW = 48  # characters beside a span that are looked at
_LEFT = re.compile(r"([^\W_]+(?:['’.][^\W_]+)*\.?)?([\W_]*)$")
_LAST_WORD = re.compile(r"([^\W_]+)[\W_]{1,2}$")
_RIGHT = re.compile(r"([\W_]*)([^\W_]+)?")
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


def surroundings(text: str, start: int, end: int) -> Surroundings:
    """Text and span -> the words and separators beside it."""
    before, behind = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
    left = _LEFT.search(before)
    right = _RIGHT.match(behind)
    words = _CAPITAL_WORD.findall(before)[1:] + _CAPITAL_WORD.findall(behind)[:-1]
    capitals = sum(word[0].isupper() for word in words)
    shouted = sum(word.isupper() and len(word) > 1 for word in words)
    return Surroundings(
        left=(left.group(1) or "") if left else "",
        before=_word_before(before, left),
        left_gap=left.group(2) if left else "",
        right_gap=right.group(1) if right else "",
        right=(right.group(2) or "") if right else "",
        capital_share=capitals / len(words) if len(words) > 1 else 0.3,
        shouting=shouted / len(words) if words else 0.0,
    )


def _word_before(before: str, left: re.Match[str] | None) -> str:
    found = _LAST_WORD.search(before, 0, left.start()) if left and left.group(1) else None
    return found.group(1) if found else ""


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
