"""The names model asked about spellings of texts: as the obvious way asks it, row by row, on both roads."""

import random
from array import array
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roads import ROADS

from aliases.entity import ENTITY_TYPES
from resolver import rank, score
from resolver.features import name_of
from resolver.generations import seeds_generation
from resolver.index import Index
from resolver.prepare import FAMILIES, family_of, prepare
from resolver.retrieve import Retrieval
from resolver.spelling import NO_ROW

INDEX = Index.open(seeds_generation())
RETRIEVAL = Retrieval(INDEX.arrays)
ALIASES: dict[str, list[int]] = {family: [] for family in FAMILIES}
for number, owner in enumerate(INDEX.alias_entity):
    ALIASES[family_of(ENTITY_TYPES[INDEX.entity_type[owner]])].append(number)
ASKED = [family for family in FAMILIES if len(ALIASES[family]) > 20]


def obvious(name: str, aliases: list[int], family: str) -> list[float]:
    """Name and aliases of a family -> of each the most that the model says of one of its rows and one reading of the name."""
    index = RETRIEVAL.families[family]
    best = dict.fromkeys(aliases, NO_ROW)
    for row, alias in enumerate(index.row_alias):
        for prepared in prepare(name, family) if alias in best else ():
            numbers = rank.compare_with(index, name_of(prepared, index.rarity), array("I", [row]))
            best[alias] = max(best[alias], *rank.pair_odds(score.model_of(family), numbers))
    return [best[alias] for alias in aliases]


def speller(road: SimpleNamespace, family: str) -> Any:
    """Modules of a road -> what compares names with a family of the seeds."""
    retrieval = road.retrieve.Retrieval(INDEX.arrays)
    index, known = retrieval.families[family], road.fitted.weights()
    return road.spelling.Speller(
        index.names.table, index.row_alias, index.searched, index.rarity, known.costs, known.contrast, known.models[family].pair
    )


@pytest.fixture(scope="module", params=[(road, family) for road in ROADS for family in ASKED], ids=lambda param: "-".join(param))
def asked(request: pytest.FixtureRequest) -> tuple[Any, str]:
    road, family = request.param
    return speller(ROADS[road], family), family


@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 10**6))
def test_spellings_are_weighed_as_the_obvious_way_weighs_them(asked: tuple[Any, str], seed: int) -> None:
    made, family = asked
    chance = random.Random(seed)
    aliases = chance.sample(ALIASES[family], 3)
    name = INDEX.alias(chance.choice(aliases)).form
    place = chance.randrange(len(name))
    name = name[:place] + chance.choice("aeiouhkl 7") + name[place + chance.randrange(2) :]
    assert made.compare(prepare(name, family), aliases) == obvious(name, aliases, family)


def test_more_rows_than_there_is_room_for_at_first_are_all_compared(asked: tuple[Any, str]) -> None:
    made, family = asked
    aliases = ALIASES[family][:60]
    name = INDEX.alias(aliases[40]).form
    assert made.compare(prepare(name, family), aliases) == obvious(name, aliases, family)


def test_a_name_without_readings_and_an_alias_without_rows_have_no_odds(asked: tuple[Any, str]) -> None:
    made, family = asked
    others = next(aliases for other, aliases in ALIASES.items() if other != family and aliases)
    assert made.compare((), ALIASES[family][:2]) == [NO_ROW, NO_ROW]
    assert made.compare(prepare("Raqqa", family), others[:1]) == [NO_ROW]
    assert made.compare(prepare("Raqqa", family), []) == []
