"""A name is compared with a family in few calls over memory that is used again: what they say is what each step says for itself."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolver import rank, score
from resolver.features import name_of
from resolver.finding import Sorted
from resolver.generations import seeds_generation
from resolver.grams import Counted
from resolver.index import Index
from resolver.prepare import prepare
from resolver.retrieve import FamilyIndex, Retrieval

INDEX = Index.open(seeds_generation())
FAMILIES = Retrieval(INDEX.arrays).families
NO_KIND = memoryview(array("d", [0.0] * 16))
# In Latin letters, of several readings, of another script, an acronym, one that is nobody's, one with a number.
NAMES = ("Deir al-Zor", "毛泽东", "بشار الاسد", "PFLP", "Qwrtz Vbnm", "9th Brigade", "Popular Front for the Liberation")
KEYS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 1000)), max_size=40).map(sorted)


@pytest.mark.parametrize("family", ["person", "organization", "place"])
@pytest.mark.parametrize("name", NAMES)
def test_entities_stand_as_the_steps_of_rank_put_them_also_where_another_name_was_before(name: str, family: str) -> None:
    index, model = FAMILIES[family], score.model_of(family)
    considered = rank.consider(index, name)
    odds = rank.pair_odds(model, considered.numbers)
    ranked = rank.rank(considered, odds, [INDEX.alias_entity[index.row_alias[row]] for row in considered.rows])
    contest = index.borrow()
    rank.enter(index, contest, "Some Other Longer Name Of Many Words")
    contest.begin()
    assert rank.enter(index, contest, name) == len(considered.rows)
    assert contest.considered() == (considered.rows, considered.numbers, considered.cosines)
    contest.weigh(model.pair, INDEX.alias_entity, INDEX.alias_flags, 0x0F, NO_KIND)
    first = contest.order(model.first, model.first_start, model.first_slope)
    said = [contest.entity(place) for place in range(len(ranked.entities))]
    assert said == list(zip(ranked.entities, ranked.places, ranked.odds, strict=True))
    assert contest.entity(len(said)) is None
    assert first == rank.first_odds(model, ranked)


def test_rows_of_as_many_letters_are_told_and_no_others() -> None:
    index = FAMILIES["place"]
    for name, size in (("Deirez Zor", 9), ("Deir ez Zour", 10), ("Aleppo", 6)):
        contest = index.borrow()
        rank.enter(index, contest, name)
        said = contest.same_size(size, INDEX.alias_flags, INDEX.alias_entity, *_folded())
        listed = [INDEX.folded(contest.row(place)[0]).replace(" ", "").encode() for place in range(len(contest.considered()[0]))]
        assert said
        assert all(len(listed[place]) == size for place in said)
        assert not contest.same_size(1000, INDEX.alias_flags, INDEX.alias_entity, *_folded())


def _folded() -> tuple[memoryview, ...]:
    return tuple(INDEX.arrays[name] for name in ("entity_first_alias", "folded", "folded_at"))


def test_a_family_without_rows_has_no_entities() -> None:
    empty: FamilyIndex = next(family for family in FAMILIES.values() if not family.searched)
    contest = empty.borrow()
    assert rank.enter(empty, contest, "Aleppo") == 0
    assert contest.entity(0) is None


@pytest.mark.parametrize("name", ["Deir al-Zor", "بشار الاسد", "Mohammad Mohammad Alhassan"])
def test_of_the_rows_that_are_kept_all_is_told_that_a_comparison_by_itself_tells(name: str) -> None:
    for family in ("person", "place"):
        index = FAMILIES[family]
        considered, (reading,) = rank.consider(index, name), prepare(name, family)
        assert considered.rows
        assert considered.numbers == rank.compare_with(index, name_of(reading, index.rarity), considered.rows)


@given(KEYS)
def test_a_key_has_the_values_that_it_was_given_and_others_have_none(pairs: list[tuple[int, int]]) -> None:
    held = Sorted(memoryview(array("Q", (key for key, _ in pairs))), memoryview(array("I", (value for _, value in pairs))))
    for key in range(42):
        assert held.of(key) == [value for other, value in pairs if other == key]


@given(KEYS)
def test_a_word_that_was_counted_has_its_number_and_others_have_none(pairs: list[tuple[int, int]]) -> None:
    numbers = dict(pairs)
    held = Counted(memoryview(array("I", numbers)), memoryview(array("I", numbers.values())))
    assert [held.of(key) for key in range(42)] == [numbers.get(key, 0) for key in range(42)]
