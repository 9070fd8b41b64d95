"""How two rows of words line up: the same interpreted and compiled, and never better for a name that is further off."""

from __future__ import annotations

from array import array
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roads import ROADS

from aliases.keys import symbols
from resolver import align, features, fitted, score
from resolver.features import PLACE, Rarity, tabulate
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


SECTIONS, _ = fitted.unpack(resources.files("resolver").joinpath("weights", fitted.FILE).read_bytes())


def both(left: Prepared, right: Prepared) -> tuple[list[float], list[float]]:
    made = []
    for road in ROADS.values():
        module = road.align
        tables = [module.Table({k: memoryview(v) for k, v in tabulate([name], rarity()).items()}) for name in (left, right)]
        costs = [road.edits.Costs(*fitted.cost_tables(SECTIONS, prefix)) for prefix in ("costs.", "contrast.")]
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


def test_known_words_are_found_by_hashes_of_64_bits_so_that_unlike_ones_do_not_share_one() -> None:
    known = SECTIONS["costs.known"].tolist()
    assert features.known_hash(symbols("jan"), symbols("john")) in known
    assert features.known_hash(symbols("john"), symbols("peter")) not in known
    assert known == sorted(set(known))
    assert len({key >> 32 for key in known}) > 0.99 * len(known)
    assert len({key & 0xFFFFFFFF for key in known}) > 0.99 * len(known)


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
    assert list(tabulate(names, rarity())["row_start"]) == [0, 2, 3]


def in_common(a: bytes, b: bytes) -> float:
    line = [0] * (len(b) + 1)
    for x in a:
        before = 0
        for y, code in enumerate(b):
            before, line[y + 1] = line[y + 1], before + 1 if x == code else max(line[y], line[y + 1])
    return 2 * line[-1] / (len(a) + len(b))


def slipped(a: bytes, b: bytes) -> int:
    """Optimal string alignment, by the table that it is defined by."""
    table = {(-1, y): y + 1 for y in range(-1, len(b))} | {(x, -1): x + 1 for x in range(-1, len(a))}
    for x, one in enumerate(a):
        for y, two in enumerate(b):
            found = [table[x - 1, y] + 1, table[x, y - 1] + 1, table[x - 1, y - 1] + (one != two)]
            if x and y and one == b[y - 1] and a[x - 1] == two:
                found.append(table[x - 2, y - 2] + 1)
            table[x, y] = min(found)
    return table[len(a) - 1, len(b) - 1]


LONG_WORDS = st.text(alphabet="abdmnrt", min_size=1, max_size=24)
LONG_NAMES = st.lists(LONG_WORDS, min_size=1, max_size=6).map(
    tuple
)  # some have more than 64 symbols, which are counted otherwise


@settings(max_examples=150, deadline=None)
@given(LONG_WORDS.map(lambda word: (word,)) | LONG_NAMES, LONG_WORDS.map(lambda word: (word,)) | LONG_NAMES)
def test_letters_in_common_and_slips_are_those_of_the_tables(left: tuple[str, ...], right: tuple[str, ...]) -> None:
    found = score.pair_numbers(Prepared(left, 0), Prepared(right, 0), rarity())
    if found[PLACE["out_of_order"]] or found[PLACE["left_over_words"]] or found[PLACE["merged"]]:
        return  # words of the left name are put in the order of their matches first
    a, b = (b"".join(features.symbols(word) for word in name) for name in (left, right))
    assert found[PLACE["letters_common"]] == pytest.approx(in_common(a, b))
    assert found[PLACE["slips"]] == slipped(a, b)


def test_slips_of_long_names_are_counted_as_those_of_short_ones() -> None:
    words = ("abdomtn", "rnadbat", "tandorm", "madrntb", "bortand", "nabdort", "drmtabn", "atrmdbo", "onbadrm", "trabnod")
    swapped = (*words[:3], "mardntb", *words[4:])
    found = score.pair_numbers(Prepared(words, 0), Prepared(swapped, 0), rarity())
    a, b = (b"".join(features.symbols(word) for word in name) for name in (words, swapped))
    assert len(a) > 64
    assert found[PLACE["left_over_words"]] == 0
    assert found[PLACE["slips"]] == slipped(a, b)
