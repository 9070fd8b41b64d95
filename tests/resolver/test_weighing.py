"""Readings and their evidence against the obvious way to consider a text, on both roads, and what is weighed no further."""

from array import array
from functools import cache
from itertools import chain
from typing import Any

import pytest
from golden import texts
from hypothesis import given, settings
from hypothesis import strategies as st
from roads import ROADS

from aliases.entity import Alias, Entity
from aliases.fold import undisguise
from resolver import trees
from resolver.compiling import compile_generation
from resolver.context import NAMES
from resolver.generations import seeds_generation
from resolver.index import Index
from resolver.mention_model import shipped
from resolver.mentions import MentionFinder
from resolver.words import COMMON, THE, table
from tests.resolver.obvious_readings import ObviousFinder

TEXTS = [undisguise(text.text).text for text in texts()]
PIECES = [
    "Bashar al-Assad", "Assad", "ASSAD", "Deir az-Zawr", "Qasim Sulaymani", "Sulaymani", "the ", "The ", "of ", "President ",
    "in ", "said ", "near ", "city", "Duke ", "brother ", "\u201d", "\u201c", "'s ", "\u2019s ", "(SDF)", "SDF",
    "Syrian Democratic Forces", "Free Idlib Army", " (FIA) ", "FIA (", ")", ". ", ", ", " ", " ", " ", "\n", "\n\n", "-", "_",
    "34, ", "34", "Aleppo", "aleppo", "Afrin'e", "Ma'an", "Ма'ан", "دمشق", "وحلب", "Асада", "Iran", "Iranian", "IRAN", "St",
    " Street", " police", "U.S.", "Dr. ", "according to ", "A. ", "\u00a0", "北京", "Jordan", "May", "ﬁ",
]  # fmt: skip


def told(found: Any) -> tuple[Any, ...]:
    """What is considered -> all of it but its score."""
    return (found.start, found.end, found.alias, found.entity, found.listed, found.evidence)


def made(modules: Any, text: str) -> list[tuple[Any, ...]]:
    """Road and text -> what it considers."""
    seeker = modules.mentions.MentionFinder(modules.index.Index.open(seeds_generation()))
    return [told(found) for found in seeker.consider(text)]


def wanted(text: str) -> list[tuple[Any, ...]]:
    """Text -> what the obvious way considers."""
    return [
        (found.start, found.end, found.reading.alias, found.reading.entity, found.reading.variant is None, found.evidence)
        for found in obvious().consider(text)
    ]


@cache
def obvious() -> ObviousFinder:
    return ObviousFinder(Index.open(seeds_generation()))


@cache
def finder() -> MentionFinder:
    return MentionFinder(Index.open(seeds_generation()))


def assert_same(found: list[tuple[Any, ...]], expected: list[tuple[Any, ...]]) -> None:
    found, expected = sorted(found, key=lambda row: row[:4]), sorted(expected, key=lambda row: row[:4])
    assert [row[:5] for row in found] == [row[:5] for row in expected]
    for one, two in zip(found, expected, strict=True):
        evidence = dict(zip(NAMES, one[5], strict=True))
        assert evidence == pytest.approx(dict(zip(NAMES, two[5], strict=True)), abs=1e-4)


@pytest.mark.parametrize("road", ROADS)
def test_golden_texts_get_the_readings_and_the_evidence_of_the_obvious_way(road: str) -> None:
    for text in TEXTS if road == "built" else TEXTS[::12]:
        assert_same(made(ROADS[road], text), wanted(text))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
def test_any_text_gets_the_readings_and_the_evidence_of_the_obvious_way(text: str) -> None:
    text = undisguise(text).text
    assert_same([told(found) for found in finder().consider(text)], wanted(text))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join), st.sampled_from([0.02, 0.2, 0.35, 0.7, 0.99]))
def test_what_is_not_compared_letter_by_letter_would_not_have_been_likely(text: str, least: float) -> None:
    text = undisguise(text).text
    every = {(one.start, one.end, one.alias): one.score for one in finder().consider(text)}
    _, spans = finder()._weighed(text, None, None, least)
    found = {(start, end, one.alias): one.score for start, end, meant in spans for one in meant}
    assert found == pytest.approx({place: score for place, score in every.items() if place in found}, abs=1e-6)
    assert {place for place, score in every.items() if score > least + 1e-6} <= found.keys()


def test_a_reading_is_never_less_likely_for_being_more_alike() -> None:
    alike, lead = NAMES.index("alike"), NAMES.index("alike_lead")
    for text in TEXTS[::4]:
        rows = [list(found.evidence) for found in finder().consider(text) if not found.listed]
        more, most = [row.copy() for row in rows], [row.copy() for row in rows]
        for one, other in zip(more, most, strict=True):
            one[alike] += 1.0
            other[alike] = other[lead] = 1e9
        said = [odds(some) for some in (rows, more, most)]
        assert all(a - 1e-3 <= b <= c + 1e-3 for a, b, c in zip(*said, strict=True))


def odds(rows: list[list[float]]) -> list[float]:
    """Evidence of unlisted spellings -> what the trees say."""
    sums = array("f", bytes(4 * len(rows)))
    if rows:
        trees.add_trees(shipped().parts[1], memoryview(array("f", chain.from_iterable(rows))), len(rows), memoryview(sums))
    return list(sums)


SHORTS = [
    ("an acronym behind the name", "The Free Idlib Army (ILSA) came. The ILSA left.", 2),
    ("an acronym before the name", "The ILSA (Free Idlib Army) came. The ILSA left.", 2),
    ("an acronym in quotation marks", "The Free Idlib Army (“ILSA”) came. The ILSA left.", 2),
    ("an acronym with more behind it", "The Free Idlib Army (ILSA, in short) came. The ILSA left.", 2),
    ("an acronym of an unlisted spelling", "The Free Idlib Armee (ILSA) came. The ILSA left.", 2),
    ("an acronym in lower case", "The Free Idlib Army (ilsa) came. The ilsa left.", 0),
    ("an acronym of nobody", "The army (ILSA) came. The ILSA left.", 0),
    ("an acronym beyond a line", "The Free Idlib Army\n\n\n(ILSA) came. The ILSA left.", 0),
    ("an acronym inside a word", "The Free Idlib Army (ILSA) came. MILSA, ILSA2 and ILSA_ left.", 1),
    ("an acronym of a person", "Omar Haddadi (ILSA) came. The ILSA left.", 0),
    ("an acronym longer than the name", "The Idlib (ILSAILSAI) came. The ILSAILSAI left.", 0),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> MentionFinder:
    directory = tmp_path_factory.mktemp("weighing") / "generation"
    entities = [
        Entity("army", "organization", "Free Idlib Army", (Alias("Jaysh Idlib al-Hurr"),), ("l",)),
        Entity("haddadi", "person", "Omar Haddadi", (), ("l",)),
    ]
    compile_generation(entities, directory)
    return MentionFinder(Index.open(directory))


@pytest.mark.parametrize(("text", "times"), [row[1:] for row in SHORTS], ids=[row[0] for row in SHORTS])
def test_what_the_document_calls_them_in_short_is_followed(small: MentionFinder, text: str, times: int) -> None:
    assert sum("ILSA" in m.surface.upper() for m in small.find(text, min_score=0.0, overlaps="all")) == times


def test_a_surname_of_many_namesakes_is_each_of_theirs(tmp_path: Any) -> None:
    entities = [Entity(f"n{k:03}", "person", f"{chr(65 + k % 26)}{'aeiou'[k // 26]}rim Haddadi", (), ("l",)) for k in range(100)]
    compile_generation(entities, tmp_path / "generation")
    text = " ".join(f"{one.name} came." for one in entities) + " Haddadi left."
    last = MentionFinder(Index.open(tmp_path / "generation")).find(text, min_score=0.0)[-1]
    assert last.surface == "Haddadi"
    assert len(last.alternatives) == 99


def test_every_word_of_the_closed_classes_is_in_the_table_with_its_bits() -> None:
    values = table()[1::2]
    assert sum(value & THE != 0 for value in values) == 1
    assert sum(value & COMMON != 0 for value in values) > 1000
