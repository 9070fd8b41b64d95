"""A name and one family of an index -> the rows that may be it, compared; and, for the best entity, how it stands among the rest.

First every row is compared with the name (`resolver.align`) and gets log odds for itself; then the entities are ranked, and a
second set of trees looks at the best of them among its rivals: a name that three villages nearly share is less sure.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from resolver import align, standing, trees
from resolver.contest import (
    FIRST_WIDTH,
    MISSING_NUMBER,
    OTHER_NUMBER,
    READ_FOR_FIRST,
    Contest,
)
from resolver.features import NAMES, PLACE, Names, Rarity
from resolver.fitted import Model, weights
from resolver.prepare import prepare
from resolver.retrieve import FamilyIndex

WIDTH = align.WIDTH
ACRONYM = PLACE["acronym"]

# What stands before the numbers of the best row in the input of the second set of trees.
FIRST_NAMES = (
    "odds", "odds_second", "odds_third", "odds_fifth", "margin", "margin_third", "share", "rivals_mass", "within_1", "within_2",
    "within_4", "likely", "possible", "cosine_margin", "edit_margin", "near_edits", "far_edits", "own_rows", "own_mean",
    "cosine", "cosine_mean", "alike_letters", "alike_skeletons", "considered",
    *NAMES,
)  # fmt: skip
FIRST_DIRECTION = {"odds": 1, "margin": 1, "share": 1, "rivals_mass": -1, "cosine_margin": 1, "edit_margin": 1}


@dataclass(frozen=True, slots=True)
class Considered:
    """Rows that were compared with a name, in no order; a row may come once for each reading of the name."""

    rows: array[int]
    numbers: array[float]  # WIDTH for each row
    cosines: array[float]  # the sum of the three of each row


def consider(family: FamilyIndex, name: str, allowed: bytes = b"", *, rarity: Rarity | None = None) -> Considered:
    """Name -> rows of the family that may be it, compared; `rarity` of its words is that of the family unless given."""
    contest = family.contest(rarity)
    enter(family, contest, name, allowed)
    return Considered(*contest.considered())


def enter(family: FamilyIndex, contest: Contest, name: str, allowed: bytes = b"") -> int:
    """Name -> rows of the family that may be it, compared, in the contest; how many."""
    readings = prepare(name, family.family)
    for reading in readings:
        family.enter(contest, reading, allowed)
    return contest.settle()


def compare_with(family: FamilyIndex, left: Names, rows: array[int]) -> array[float]:
    """Names of one row, and rows of a family -> the numbers of each pair, acronyms aside."""
    made = array("f", bytes(4 * WIDTH * len(rows)))
    if rows:
        known = weights()
        align.compare_rows(
            left.table, 0, family.names.table, memoryview(rows), len(rows), known.costs, known.contrast, memoryview(made)
        )
    return made


def pair_odds(model: Model, numbers: array[float]) -> array[float]:
    """Numbers of pairs -> log odds of each that both names are of one entity."""
    count = len(numbers) // WIDTH
    odds = array("f", bytes(4 * count))
    if count:
        trees.add_trees(model.pair, memoryview(numbers), count, memoryview(odds))
        # Judged names hold too few numbers to learn from; that the 9th Brigade is not the 19th, nor the father the son, is known.
        standing.add_by_number(memoryview(odds), memoryview(numbers), WIDTH, PLACE["numbers_over"], OTHER_NUMBER, MISSING_NUMBER)
    return odds


@dataclass(frozen=True, slots=True)
class Ranked:
    """Entities that were considered, the likeliest first."""

    entities: list[int]
    places: list[int]  # of each entity its best place among the considered rows
    odds: list[float]  # of that place
    first: array[float]  # input of the second set of trees, () when nothing was considered


def rank(considered: Considered, odds: array[float], owners: Sequence[int]) -> Ranked:
    """Rows with log odds, and the entity of each -> entities by their best row; of equal ones the one whose row comes first."""
    count = len(odds)
    mine, entities, best = array("I", owners), array("I", bytes(4 * count)), array("I", bytes(4 * count))
    found = standing.order_entities(
        memoryview(odds), memoryview(considered.rows), memoryview(mine), memoryview(entities), memoryview(best),
        standing.Standings(count),
    )  # fmt: skip
    if not found:
        return Ranked([], [], [], array("f"))
    places, first = best[:found], array("f", bytes(4 * FIRST_WIDTH))
    standing.write_first(
        memoryview(odds), memoryview(considered.cosines), memoryview(considered.numbers), WIDTH, READ_FOR_FIRST,
        memoryview(mine), memoryview(places), memoryview(first),
    )  # fmt: skip
    return Ranked(entities[:found].tolist(), places.tolist(), [odds[place] for place in places], first)


def first_odds(model: Model, ranked: Ranked) -> float:
    """Ranked entities -> log odds that the first is the right answer."""
    odds = array("f", [0.0])
    trees.add_trees(model.first, memoryview(ranked.first), 1, memoryview(odds))
    return odds[0] + model.first_start + standing.line_at(model.first_slope, memoryview(ranked.first))
