"""A name that ends in an ordinary word, or that only initials or one word tie to a listed form -> how sure it can be at most."""

from __future__ import annotations

import pytest

from resolver.ceilings import ends_in_ordinary_word
from resolver.lookup import Lookup
from resolver.score import rarity_at_large
from tests.resolver.list_of_names import ListOfNames, entity

LOOKUP = Lookup(
    ListOfNames(
        entity("air", "organization", "Ethnic Armed Striking Troops"),
        entity("battalion", "organization", "Vostok Battalion 7"),
        entity("bp", "organization", "BP"),
        entity("corps", "organization", "Rahman Corps"),
        entity("dagalo", "person", "محمد حمدان دقلو"),
        entity("guards", "organization", "Revolutionary Guards"),
        entity("unifil", "organization", "UNIFIL"),
    )
)


def first(name: str, type_: str = "organization") -> tuple[str, float]:
    candidate = LOOKUP.lookup(name, types=[type_], min_score=0)[0]
    return candidate.entity.id, candidate.score


def test_a_word_is_sure_to_be_the_initials_of_a_name_only_in_capitals() -> None:
    capitals, small = first("EAST"), first("East")
    assert capitals[0] == small[0] == "air"
    assert capitals[1] > small[1] <= 0.5


def test_a_name_whose_initials_are_a_short_listed_acronym_is_unsure_but_of_a_longer_one_it_may_be() -> None:
    short, longer = first("Bashar Partners"), first("United Nations Interim Force in Lebanon")
    assert (short[0], longer[0]) == ("bp", "unifil")
    assert longer[1] > short[1] <= 0.5


def test_one_word_of_several_listed_is_considered_but_never_sure() -> None:
    assert LOOKUP.lookup("Rahman") == []
    assert first("Rahman")[1] <= 0.5


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("Revolutionary Guards Pancake", "organization"),
        ("Rahman Corps Lantern", "organization"),
        ("محمد حمدان دقلو Pancake", "person"),
    ],
)
def test_a_listed_name_with_an_everyday_word_behind_it_is_another_thing(name: str, type_: str) -> None:
    assert LOOKUP.lookup(name) == []
    assert first(name, type_)[1] <= 0.5


@pytest.mark.parametrize("name", ["Vostok Battalion 9", "17th Vostok Battalion", "Vostok Batallion 6"])
def test_another_number_in_the_place_of_the_listed_one_is_another_thing(name: str) -> None:
    assert LOOKUP.lookup(name) == []
    assert first(name)[1] <= 0.5


@pytest.mark.parametrize("name", ["7th Vostok Battalion", "Vostok Batallion 7", "Battalion Vostok No. 7"])
def test_the_listed_number_anywhere_in_the_name_is_no_other(name: str) -> None:
    assert first(name)[0] == "battalion"
    assert first(name)[1] > 0.5


@pytest.mark.parametrize("name", ["Revolutionary Guards", "Revolutionary Guard", "The Revolutionary Guards"])
def test_a_listed_name_without_one_is_answered(name: str) -> None:
    assert [candidate.entity.id for candidate in LOOKUP.lookup(name)] == ["guards"]


@pytest.mark.parametrize(
    ("name", "family", "says"),
    [
        ("Islamic Pancake", "organization", True),
        ("Pancake", "organization", False),  # one word is the name itself
        ("Islamic Bank", "organization", False),  # names of organizations hold it
        ("Petroplus Ltd", "organization", False),
        ("Muhammad Dagalo", "person", False),
        ("Muhammad of", "person", False),
        ("محمد Pancake", "person", True),
    ],
)
def test_an_ordinary_word_is_an_everyday_one_that_no_name_at_large_holds(name: str, family: str, says: bool) -> None:
    assert ends_in_ordinary_word(name, family, rarity_at_large(family)) is says
