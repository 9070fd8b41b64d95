"""A name and one family of an index -> the rows that may be it, compared; and, for the best entity, how it stands among the rest.

First every row is compared with the name (`resolver.align`) and gets log odds for itself; then the entities are ranked, and a
second set of trees looks at the best of them among its rivals: a name that three villages nearly share is less sure.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import mul

from resolver import align, trees
from resolver.features import NAMES, PLACE, Names, Rarity, names_of
from resolver.fitted import Model, weights
from resolver.prepare import prepare
from resolver.retrieve import FamilyIndex

WIDTH = align.WIDTH
ACRONYM, _RIVALS = PLACE["acronym"], PLACE["acronym_rivals"]
KEPT_NEAR, KEPT_SIMILAR = 30, 12  # rows of a name that are weighed: by edits, by cosine
OTHER_NUMBER, MISSING_NUMBER = -6.0, -5.0
_NUMBERS = PLACE["numbers_over"]
_BALANCE = PLACE["balance"]
_ORDERED, _LETTERS, _SKELETON = PLACE["ordered_share"], PLACE["letters_common"], PLACE["skeleton_common"]

# What stands before the numbers of the best row in the input of the second set of trees.
FIRST_NAMES = (
    "odds", "odds_second", "odds_third", "odds_fifth", "margin", "margin_third", "share", "rivals_mass", "within_1", "within_2",
    "within_4", "likely", "possible", "cosine_margin", "edit_margin", "near_edits", "far_edits", "own_rows", "own_mean",
    "cosine", "cosine_mean", "alike_letters", "alike_skeletons", "considered",
    *NAMES,
)  # fmt: skip
FIRST_WIDTH = len(FIRST_NAMES)
FIRST_DIRECTION = {"odds": 1, "margin": 1, "share": 1, "rivals_mass": -1, "cosine_margin": 1, "edit_margin": 1}

NOBODY = -12.0  # log odds where there is no second, third or fifth entity


@dataclass(frozen=True, slots=True)
class Considered:
    """Rows that were compared with a name, in no order; a row may come once for each reading of the name."""

    rows: array[int]
    numbers: array[float]  # WIDTH for each row
    cosines: array[float]  # the sum of the three of each row


def consider(family: FamilyIndex, name: str, allowed: bytes = b"", *, rarity: Rarity | None = None) -> Considered:
    """Name -> rows of the family that may be it, compared; `rarity` of its words is that of the family unless given."""
    rows, numbers, cosines = array("I"), array("f"), array("f")
    for prepared in prepare(name, family.family):
        left = names_of([prepared], rarity or family.rarity)
        found = family.find(left, 0, prepared, allowed)
        made = compare_with(family, left, found.rows)
        for place, row in enumerate(found.rows):
            if row in found.acronyms:
                made[place * WIDTH + ACRONYM] = found.acronyms[row]
                made[place * WIDTH + _RIVALS] = math.log1p(found.rivals)
        rows += found.rows
        cosines += found.cosines
        numbers += made
    return nearest(Considered(rows, numbers, cosines))


def nearest(considered: Considered) -> Considered:
    """Compared rows -> the nearest of them, by edits and by cosine, and those that an acronym ties; the others say nothing."""
    rows, numbers, cosines = considered.rows, considered.numbers, considered.cosines
    if len(rows) <= KEPT_NEAR:
        return considered
    near = [
        cosine - 2 * share + 0.05 * balance
        for cosine, share, balance in zip(cosines, numbers[_ORDERED::WIDTH], numbers[_BALANCE::WIDTH], strict=True)
    ]
    kept = set(sorted(range(len(rows)), key=lambda place: -near[place])[:KEPT_NEAR])
    kept.update(sorted(range(len(rows)), key=lambda place: -cosines[place])[:KEPT_SIMILAR])
    kept.update(place for place, tied in enumerate(numbers[ACRONYM::WIDTH]) if tied)
    places = sorted(kept)
    few = array("f")
    for place in places:
        few += numbers[place * WIDTH : (place + 1) * WIDTH]
    return Considered(array("I", [rows[place] for place in places]), few, array("f", [cosines[place] for place in places]))


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
    for place, over in enumerate(numbers[_NUMBERS::WIDTH]):
        if over:
            odds[place] += number_odds(over)
    return odds


def number_odds(over: float) -> float:
    """Numbers of one name that are not in the other -> log odds to add.

    Judged names hold too few numbers to learn from; that the 9th Brigade is not the 19th, nor the father the son, is known.
    """
    return OTHER_NUMBER if over > 1 else MISSING_NUMBER


@dataclass(frozen=True, slots=True)
class Ranked:
    """Entities that were considered, the likeliest first."""

    entities: list[int]
    places: list[int]  # of each entity its best place among the considered rows
    odds: list[float]  # of that place
    first: array[float]  # input of the second set of trees, () when nothing was considered


def rank(considered: Considered, odds: Sequence[float], entity_of: Callable[[int], int]) -> Ranked:
    """Rows with log odds -> entities by their best row; of equal ones the one that was found first."""
    order = sorted(range(len(odds)), key=lambda place: (-odds[place], considered.rows[place]))
    owners = [entity_of(row) for row in considered.rows]
    best: dict[int, int] = {}
    for place in order:
        best.setdefault(owners[place], place)
    entities, places = list(best), list(best.values())
    first = _first(considered, odds, owners, places) if places else array("f")
    return Ranked(entities, places, [odds[place] for place in places], first)


def _first(considered: Considered, odds: Sequence[float], owners: list[int], places: list[int]) -> array[float]:
    """How the best entity stands among the others -> FIRST_WIDTH numbers."""
    ranked = [odds[place] for place in places]
    top, owner = places[0], owners[places[0]]
    best = ranked[0]
    shares = [1 / (1 + math.exp(-max(-30.0, value))) for value in ranked]
    mass = sum(shares)
    nth = [ranked[k] if k < len(ranked) else NOBODY for k in (1, 2, 4)]
    numbers, cosines = considered.numbers, considered.cosines
    edits = numbers[_ORDERED::WIDTH]
    others = [place for place, mine in enumerate(owners) if mine != owner]
    own = [odds[place] for place, mine in enumerate(owners) if mine == owner]
    largest = sorted(cosines, reverse=True)[:10]
    values = [
        best, *nth, best - nth[0], best - nth[1], shares[0] / (mass + 1e-6), mass - shares[0],
        sum(value > best - 1 for value in ranked), sum(value > best - 2 for value in ranked),
        sum(value > best - 4 for value in ranked), sum(value > 0 for value in ranked), sum(value > -2 for value in ranked),
        cosines[top] - max((cosines[place] for place in others), default=0.0),
        min((edits[place] for place in others), default=1.0) - edits[top],
        sum(edit < 0.2 for edit in edits), sum(edit < 0.4 for edit in edits), len(own), sum(own) / len(own),
        largest[0], sum(largest) / len(largest),
        sum(value > 0.8 for value in numbers[_LETTERS::WIDTH]), sum(value > 0.9 for value in numbers[_SKELETON::WIDTH]),
        len(places),
    ]  # fmt: skip
    return array("f", values) + numbers[top * WIDTH : (top + 1) * WIDTH]


def first_odds(model: Model, ranked: Ranked) -> float:
    """Ranked entities -> log odds that the first is the right answer."""
    odds = array("f", [0.0])
    trees.add_trees(model.first, memoryview(ranked.first), 1, memoryview(odds))
    line: float = sum(map(mul, model.first_slope, ranked.first))
    return odds[0] + model.first_start + line
