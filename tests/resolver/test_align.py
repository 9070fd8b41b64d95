"""How two rows of words line up: the same interpreted and compiled, and never better for a name that is further off."""

from __future__ import annotations

import importlib.util
from array import array
from importlib import resources
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolver import align, features, fitted, score
from resolver.features import PLACE, Rarity, names_of, tabulate
from resolver.prepare import Prepared

WORDS = st.text(alphabet="abdeghiklmnorstuwyz", min_size=1, max_size=9)
SOME_WORDS = st.lists(WORDS, min_size=1, max_size=4).map(tuple)
NAMES = st.builds(Prepared, SOME_WORDS, st.sampled_from([0, 0, 1, 2]))


def rarity() -> Rarity:
    return score.rarity_at_large("person")


def numbers(one: str, two: str, family: str = "person") -> dict[str, float]:
    left, right = score.prepare.prepare(one, family)[0], score.prepare.prepare(two, family)[0]
    found = score.pair_numbers(left, right, score.rarity_at_large(family))
    return {name: found[place] for name, place in PLACE.items()}


def interpreted(name: str) -> ModuleType:
    """A second copy of a hot module, which runs as Python whether it was compiled or not."""
    path = __file__.replace("tests/resolver/test_align.py", f"resolver/{name}.py")
    spec = importlib.util.spec_from_file_location(f"interpreted_{name}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PLAIN = interpreted("align")
SECTIONS, _ = fitted.unpack(resources.files("resolver").joinpath("weights", fitted.FILE).read_bytes())


def both(left: Prepared, right: Prepared) -> tuple[list[float], list[float]]:
    made = []
    for module in (align, PLAIN):
        tables = [module.Table({k: memoryview(v) for k, v in tabulate([name], rarity()).items()}) for name in (left, right)]
        costs = [module.Costs(*fitted.cost_tables(SECTIONS, prefix)) for prefix in ("costs.", "contrast.")]
        out = array("f", bytes(4 * module.WIDTH))
        module.compare_rows(tables[0], 0, tables[1], memoryview(array("I", [0])), 1, *costs, memoryview(out))
        made.append(list(out))
    return made[0], made[1]


def test_there_is_a_name_for_every_number() -> None:
    assert len(features.NAMES) == align.WIDTH
    assert set(features.DIRECTION) <= set(features.NAMES)


def test_a_name_compared_with_itself_costs_nothing() -> None:
    found = numbers("Qasem Soleimani", "Qasem Soleimani")
    assert found["ordered_cost"] == found["edit_cost"] == found["contrast"] == 0
    assert found["matched_words"] == 2
    assert found["letters_common"] == found["skeleton_common"] == 1


def test_words_match_in_any_order() -> None:
    found = numbers("Soleimani Qasem", "Qasem Soleimani")
    assert found["matched_words"] == 2
    assert found["out_of_order"] == 1
    assert found["ordered_cost"] == 0


def test_two_words_may_be_one() -> None:
    found = numbers("Deir Ezzor", "Deirezzor", "place")
    assert found["merged"] == 1
    assert found["left_over_words"] == found["right_over_words"] == 0


def test_an_initial_stands_for_a_word_but_not_for_any_word() -> None:
    assert numbers("V. Putin", "Vladimir Putin")["initials"] == 1
    assert numbers("B. Putin", "Vladimir Putin")["left_over_words"] == 1


def test_numbers_are_equal_or_they_do_not_match() -> None:
    assert numbers("9 Brigade", "19 Brigade", "organization")["numbers_over"] == 2
    assert numbers("9 Brigade", "9 Brigade", "organization")["numbers_over"] == 0


def test_an_edit_between_spellings_of_a_sound_is_cheaper_than_one_between_sounds() -> None:
    assert numbers("Kaddafi", "Qaddafi")["edit_cost"] < numbers("Maddafi", "Qaddafi")["edit_cost"]


def test_words_known_to_stand_for_one_another_match_whatever_their_letters() -> None:
    assert numbers("جان", "John")["left_over_words"] == 0
    assert numbers("جان", "Peter")["left_over_words"] == 1


@pytest.mark.skipif(not align.COMPILED, reason="there is no compiled module to compare with")
@settings(max_examples=60, deadline=None)
@given(NAMES, NAMES)
def test_compiled_and_interpreted_agree(left: Prepared, right: Prepared) -> None:
    compiled, plain = both(left, right)
    assert compiled == pytest.approx(plain, rel=1e-4, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(NAMES, NAMES)
def test_numbers_are_finite_and_counts_add_up(left: Prepared, right: Prepared) -> None:
    found = score.pair_numbers(left, right, rarity())
    assert all(abs(value) < 1e4 for value in found)
    assert found[PLACE["matched_words"]] + found[PLACE["left_over_words"]] == len(left.words)


@settings(max_examples=40, deadline=None)
@given(NAMES)
def test_any_name_costs_nothing_against_itself(name: Prepared) -> None:
    latin = Prepared(name.words, 0)
    assert score.pair_numbers(latin, latin, rarity())[PLACE["ordered_cost"]] == 0


def test_a_table_has_one_row_for_each_name() -> None:
    names = [Prepared(("deir", "zor"), 0), Prepared(("raqqa",), 0)]
    assert list(names_of(names, rarity()).row_start) == [0, 2, 3]
