"""Compiled code says of compared rows and of trees what the obvious program says, and a look-up is the same on both roads."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st
from roads import ROADS

from resolver import rank, standing, trees
from resolver.contest import KEPT_NEAR, KEPT_SIMILAR, READ_FOR_NEAREST
from resolver.features import PLACE
from resolver.generations import seeds_generation

WIDTH = rank.WIDTH
# Few different values, so that many are equal; all of them are exact as short numbers.
VALUES = st.integers(-40, 40).map(lambda eighths: eighths / 8)
ROWS = st.lists(
    st.tuples(st.integers(0, 50), VALUES, VALUES, st.integers(0, 8), st.lists(VALUES, min_size=5, max_size=5)),
    min_size=1, max_size=70,
)  # fmt: skip
READ = [PLACE[name] for name in ("ordered_share", "balance", "acronym", "letters_common", "skeleton_common")]


def considered(rows: list[tuple[int, float, float, int, list[float]]]) -> rank.Considered:
    numbers = array("f", bytes(4 * WIDTH * len(rows)))
    for place, (_, _, _, _, values) in enumerate(rows):
        for read, value in zip(READ, values, strict=True):
            numbers[place * WIDTH + read] = max(0.0, value) if read == PLACE["acronym"] else value
    return rank.Considered(array("I", [row[0] for row in rows]), numbers, array("f", [row[1] for row in rows]))


def of_row(found: rank.Considered, place: int) -> list[float]:
    return list(found.numbers[place * WIDTH : (place + 1) * WIDTH])


def nearest(found: rank.Considered) -> rank.Considered:
    rows, numbers, cosines = found.rows, found.numbers, found.cosines
    if len(rows) <= KEPT_NEAR:
        return found
    kept = standing.keep_nearest(
        memoryview(rows), memoryview(numbers), memoryview(cosines), WIDTH, READ_FOR_NEAREST, KEPT_NEAR, KEPT_SIMILAR
    )
    return rank.Considered(rows[:kept], numbers[: kept * WIDTH], cosines[:kept])


@given(ROWS)
def test_the_nearest_rows_by_edits_and_by_cosine_are_kept_and_those_with_an_acronym(rows: list) -> None:
    found = considered(rows)
    share, balance, acronym = (found.numbers[PLACE[name] :: WIDTH] for name in ("ordered_share", "balance", "acronym"))
    near = [c - 2 * s + 0.05 * b for c, s, b in zip(found.cosines, share, balance, strict=True)]
    kept = set(sorted(range(len(rows)), key=lambda place: -near[place])[:KEPT_NEAR])
    kept |= set(sorted(range(len(rows)), key=lambda place: -found.cosines[place])[:KEPT_SIMILAR])
    kept |= {place for place, tied in enumerate(acronym) if tied}
    places = sorted(kept) if len(rows) > KEPT_NEAR else range(len(rows))
    wanted = [(found.rows[place], found.cosines[place], of_row(found, place)) for place in places]
    made = nearest(found)
    assert [(row, made.cosines[k], of_row(made, k)) for k, row in enumerate(made.rows)] == wanted


@given(ROWS)
def test_entities_stand_by_their_best_row_and_of_equal_ones_by_the_lesser(rows: list) -> None:
    found, odds, owners = considered(rows), array("f", [row[2] for row in rows]), [row[3] for row in rows]
    best: dict[int, int] = {}
    for place in sorted(range(len(rows)), key=lambda place: (-odds[place], found.rows[place])):
        best.setdefault(owners[place], place)
    ranked = rank.rank(found, odds, owners)
    assert (ranked.entities, ranked.places) == (list(best), list(best.values()))
    assert ranked.odds == [odds[place] for place in best.values()]


@given(ROWS)
def test_the_first_is_told_how_it_stands_among_the_others(rows: list) -> None:
    found, odds, owners = considered(rows), array("f", [row[2] for row in rows]), [row[3] for row in rows]
    ranked = rank.rank(found, odds, owners)
    said = dict(zip(rank.FIRST_NAMES, ranked.first, strict=True))
    best, top, mine = ranked.odds, ranked.places[0], ranked.entities[0]
    edits = found.numbers[PLACE["ordered_share"] :: WIDTH]
    others = [place for place, owner in enumerate(owners) if owner != mine]
    own = [odds[place] for place, owner in enumerate(owners) if owner == mine]
    nth = [best[k] if k < len(best) else -12.0 for k in (1, 2, 4)]
    shares = [1 / (1 + math.exp(-value)) for value in best]
    assert [said[f"odds{which}"] for which in ("", "_second", "_third", "_fifth")] == [best[0], *nth]
    assert (said["margin"], said["margin_third"]) == (best[0] - nth[0], best[0] - nth[1])
    assert said["share"] == pytest.approx(shares[0] / (sum(shares) + 1e-6), rel=1e-6)
    assert said["rivals_mass"] == pytest.approx(sum(shares[1:]), abs=1e-5)
    assert [said[f"within_{n}"] for n in (1, 2, 4)] == [sum(value > best[0] - n for value in best) for n in (1, 2, 4)]
    assert (said["likely"], said["possible"]) == (sum(value > 0 for value in best), sum(value > -2 for value in best))
    assert said["cosine_margin"] == found.cosines[top] - max((found.cosines[place] for place in others), default=0.0)
    assert said["edit_margin"] == min((edits[place] for place in others), default=1.0) - edits[top]
    assert (said["near_edits"], said["far_edits"]) == (sum(e < 0.2 for e in edits), sum(e < 0.4 for e in edits))
    assert (said["own_rows"], said["own_mean"]) == (len(own), pytest.approx(sum(own) / len(own), rel=1e-6))
    largest = sorted(found.cosines, reverse=True)[:10]
    assert (said["cosine"], said["cosine_mean"]) == (largest[0], pytest.approx(sum(largest) / len(largest), rel=1e-6))
    assert said["considered"] == len(best)
    assert list(ranked.first[-WIDTH:]) == of_row(found, top)


def forest(*roots: object) -> trees.Forest:
    """Trees as (feature, threshold, lower, upper) or a number, nested -> Forest over rows of two numbers."""
    columns: list[list[float]] = [[], [], [], [], []]

    def add(tree: object) -> int:
        number = len(columns[0])
        for column in columns:
            column.append(0)
        if isinstance(tree, tuple):
            feature, threshold, lower, upper = tree
            values = [feature, threshold, add(lower), add(upper), 0.0]
        else:
            values = [255, 0.0, 0, 0, tree]
        for column, value in zip(columns, values, strict=True):
            column[number] = value
        return number

    starts = [add(root) for root in roots]
    codes = zip("BfIIf", columns, strict=True)
    return trees.Forest(*(memoryview(array(code, values)) for code, values in codes), memoryview(array("I", starts)), width=2)


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 7, 8, 9, 16, 41])
def test_every_row_gets_the_sum_of_its_leaves_however_many_rows_there_are(count: int) -> None:
    uneven = (0, 0.5, 1.0, (1, 2.0, 2.0, (0, 3.0, 4.0, 8.0)))
    numbers = [(k % 4, k) for k in range(count)]
    out = array("f", [100.0] * count)
    trees.add_trees(forest(uneven, 16.0), memoryview(array("f", [n for pair in numbers for n in pair])), count, memoryview(out))
    leaves = [1.0 if a <= 0.5 else 2.0 if b <= 2 else 4.0 if a <= 3 else 8.0 for a, b in numbers]
    assert list(out) == [116.0 + leaf for leaf in leaves]


NAMES = ["Deir al-Zor", "دير الزور", "Hizbollah", "Dr. Bachar Asad", "Ahrar al Shaam", "毛泽东", "Is1amic State", "Popular Front"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_gets_the_same_answers_compiled_and_interpreted(name: str) -> None:
    """But for the last digits of scores: compiled code adds up in short numbers."""
    built, interpreted = (
        road.resolve.Resolver(road.index.Index.open(seeds_generation())).lookup(name, min_score=0.2) for road in ROADS.values()
    )
    assert [(found.entity.id, found.matched, found.kind) for found in built] == [
        (found.entity.id, found.matched, found.kind) for found in interpreted
    ]
    assert [found.score for found in built] == pytest.approx([found.score for found in interpreted], abs=0.01)
