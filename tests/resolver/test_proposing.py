"""Proposals of unlisted spellings against the obvious way to find them, on both roads, and what the gate lets through."""

from array import array
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from golden import texts
from hypothesis import given, settings
from hypothesis import strategies as st
from roads import ROADS

from aliases.entity import ENTITY_TYPES, Entity
from aliases.fold import undisguise
from resolver.compiling import compile_generation
from resolver.gating import GATE_NAMES
from resolver.generations import seeds_generation
from resolver.index import Index
from resolver.prepare import family_of
from tests.resolver.obvious_proposals import ObviousVariants, Proposal
from tests.resolver.obvious_readings import proposal_of

TEXTS = [undisguise(text.text).text for text in texts()]
PIECES = [
    "Deir", "az-Zawr", "Bashar", "Assad", "Asada", "asad", "Qasim", "Sulaymani", "Oktjabr'sk", "Daesh", "SDF", "of", "and", "al-", "(", ")",
    ".", ", ", " ", " ", " ", "\n", "'", "’s", "-", "&", "وبالعراق", "الأسد", "Дамаске", "Асада", "北京", "H.", "Abu", "Bakr", "Baghdadi", "O",
]  # fmt: skip


MAX_COST, CLOSE_COST, NEAR = 0.8, 0.3, 1e-3


class Proposals:
    """Both ways over the shipped seeds."""

    def __init__(self) -> None:
        self.index = Index.open(seeds_generation())
        self.obvious = ObviousVariants(self.index.arrays, self.index.alias, self._family)

    def _family(self, alias: int) -> str:
        return family_of(ENTITY_TYPES[self.index.entity_type[self.index.alias_entity[alias]]])

    def given(self, modules: SimpleNamespace, text: str) -> tuple[list[Proposal], list[tuple[int, int]], list[tuple[int, int]]]:
        """Road and text -> all its proposals, the listed forms, and these with the demonyms."""
        index = modules.index.Index.open(seeds_generation())
        listed = modules.listed.Listed(index)
        variants = modules.variants.Variants(index.arrays, listed.forms, None)
        with listed.room(text) as (room, found):
            rows, demonyms = listed.read(room, found, text, *listed.wanted(None, None))
            made = [proposal_of(*row) for row in variants.looks(room, found, text)]
        spans = sorted({(row[0], row[1]) for row in rows})
        return made, spans, sorted({*spans, *demonyms})

    def wanted(self, text: str, spans: list[tuple[int, int]], taken: list[tuple[int, int]]) -> list[Proposal]:
        """What the obvious way proposes, less what holds a listed form and is not close."""
        return [
            proposal
            for proposal in self.obvious.propose(text, taken)
            if proposal.worst_cost <= CLOSE_COST or not any(proposal.start <= s and e <= proposal.end for s, e in spans)
        ]


@pytest.fixture(scope="module")
def proposals() -> Iterator[Proposals]:
    return Proposals()


def same(found: list[Proposal], wanted: list[Proposal]) -> bool:
    """Whether two ways proposed the same, in any order, at the same costs but for rounding."""
    one, two = fields(found), fields(wanted)
    costs = [[value for row in rows for value in row[8:]] for rows in (one, two)]
    return [row[:8] for row in one] == [row[:8] for row in two] and costs[0] == pytest.approx(costs[1], abs=NEAR)


def fields(found: list[Proposal]) -> list[tuple[Any, ...]]:
    """Proposals -> what they say, in order; those at the very limit of a cost are left out: there rounding decides."""
    rows = [
        (p.start, p.end, p.alias, p.entered, p.words, p.skeleton, p.ending, p.text_left, p.mean_cost, p.worst_cost, p.form_left)
        for p in found
        if abs(p.worst_cost - MAX_COST) > NEAR and abs(p.worst_cost - CLOSE_COST) > NEAR
    ]
    return sorted(rows, key=lambda row: (*row[:8], *(round(value, 2) for value in row[8:])))


@pytest.mark.parametrize("road", ROADS)
def test_golden_texts_get_the_proposals_of_the_obvious_way(proposals: Proposals, road: str) -> None:
    for text in TEXTS if road == "built" else TEXTS[::6]:
        made, spans, taken = proposals.given(ROADS[road], text)
        assert same(made, proposals.wanted(text, spans, taken))


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_text_gets_the_proposals_of_the_obvious_way(text: str) -> None:
    both, text = Proposals(), undisguise(text).text
    made, spans, taken = both.given(ROADS["built"], text)
    assert same(made, both.wanted(text, spans, taken))


SYMBOL_CODES = st.lists(st.integers(1, 51), max_size=9).map(bytes)


@given(SYMBOL_CODES, SYMBOL_CODES, st.integers(0, 9))
def test_what_an_edit_costs_at_least_is_never_more_than_it_costs(left: bytes, right: bytes, origin: int) -> None:
    modules = ROADS["interpreted"]
    costs = modules.fitted.weights().costs
    least = modules.edits.least_distance(left, 0, len(left), right, 0, len(right), costs, origin, 1e9)
    assert 0 <= least <= modules.edits.word_distance(costs, left, right, origin) + 1e-4


@settings(max_examples=40)
@given(st.lists(st.floats(-3, 9, width=32), min_size=120, max_size=120), st.floats(-40, 40))
def test_trees_are_asked_for_a_sum_until_it_cannot_come_to_as_much(numbers: list[float], least: float) -> None:
    trees = ROADS["interpreted"].fitted.trees
    forest = ROADS["interpreted"].fitted.weights().models["person"].pair
    row = memoryview(array("f", numbers))
    whole, told = trees.tree_sum(forest, row, 0), trees.sum_from(forest, row, 0, least)
    assert told == whole or (told == trees.NEVER and whole < least)


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_words_that_hold_no_foreign_spelling_stay_as_they_are(word: str) -> None:
    keys = ROADS["interpreted"].keys
    letters = bytearray(word, "ascii") + bytearray(8)
    end = keys.to_foreign(letters, 0, len(word))
    assert keys.may_be_foreign(bytearray(word, "ascii"), 0, len(word)) or letters[:end].decode() == word


def test_the_gate_knows_what_it_looks_at() -> None:
    assert len(set(GATE_NAMES)) == len(GATE_NAMES) == 20


@pytest.mark.parametrize("letter", ["b", "Ж", "龘", "ع"])
@pytest.mark.parametrize("length", [63, 64, 65, 400])
def test_words_of_any_length_are_read_on_both_roads(letter: str, length: int, tmp_path: Path) -> None:
    long = f"A{letter * length}"
    entities = [Entity("long", "person", long, (), ("l",)), Entity("pair", "organization", f"{long} Karimov", (), ("l",))]
    compile_generation(entities, tmp_path / "generation")
    for modules in ROADS.values():
        finder = modules.mentions.MentionFinder(modules.index.Index.open(tmp_path / "generation"))
        for text in (f"There {long} was.", f"There {long[:-1]}x Karimow was.", f"{long}{long}", f"{long}'{long}"):
            assert all(found.surface == text[found.start : found.end] for found in finder.find(text, min_score=0))
