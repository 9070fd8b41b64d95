"""What a spelled-out, masked or misread name may stand for; names that are none of these are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliases.fold import fold_name
from aliases.respell import respelled, unmasked, unslipped, unspelled, untitled


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("I.s.l.a.m.i.c S.t.a.t.e", "Islamic State"),
        ("К а и с С а и д", "КаисСаид"),
        ("A.l-A.n.b.a.r", "Al-Anbar"),
        ("د-ا-ع-ش", "داعش"),
    ],
)
def test_letters_that_stand_alone_are_put_together(name: str, spelled: str) -> None:
    assert unspelled(name) == spelled


@pytest.mark.parametrize("name", ["", "Syria", "J. R. R.", "J. R. R. Tolkien", "北 京 市 区", "1 2 3 4", "abcd"])
def test_a_name_that_is_not_spelled_out_is_left_alone(name: str) -> None:
    assert unspelled(name) == ""


@pytest.mark.parametrize(
    ("name", "meant"), [("Ch3rnobil", "Chernobil"), ("$uriye Ordusu", "suriye Ordusu"), ("Saif al-Ad1", "Saif al-Adl")]
)
def test_digits_and_signs_in_words_are_read_as_letters(name: str, meant: str) -> None:
    assert meant in unmasked(name)


def test_words_in_latin_look_alikes_beside_cyrillic_ones_are_read_as_cyrillic() -> None:
    assert list(unmasked("Эль-Baap")) == ["Эль-Ваар"]


@pytest.mark.parametrize("name", ["", "Syria", "Эль-Ваар", "Эль-Bunker", "Unit 8200", "2012", "a1b2c3d4e5"])
def test_numbers_and_too_many_signs_stay_what_they_are(name: str) -> None:
    assert list(unmasked(name)) == []


@pytest.mark.parametrize(
    ("name", "meant"), [("Harnouria", "hamouria"), ("Machatschkaal", "machatschkala"), ("Тарутсе область", "тартусе область")]
)
def test_one_swap_or_misread_place_is_mended(name: str, meant: str) -> None:
    assert meant in unslipped(name)


@pytest.mark.parametrize("name", ["", "Gora", "Bobrov", "Idlbi"])
def test_short_names_are_too_likely_other_names_to_be_mended(name: str) -> None:
    assert list(unslipped(name)) == []


def test_a_title_in_front_comes_off_and_nothing_else_does() -> None:
    assert [list(untitled(name)) for name in ("Dr. Kufrah", "Hajji Sochi", "Drina", "Gen.", "Doctors Without Borders")] == [
        ["Kufrah"], ["Sochi"], [], [], [],
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_whatever_is_given_the_guesses_are_few(name: str) -> None:
    assert len(list(unmasked(name))) <= 8
    assert len(list(unslipped(name))) <= 10 * max(1, 3 * len(name))
    assert len(list(untitled(name))) <= 1


@given(st.text(max_size=30))
def test_guesses_are_folded(name: str) -> None:
    assert [guess for guess, _ in respelled(name) if fold_name(guess) != guess] == []


def test_each_guess_says_how_it_was_made() -> None:
    assert ("kufrah", "untitled") in respelled("Dr. Kufrah")
    assert ("chernobil", "unmasked") in respelled("Ch3rnobil")
    assert ("chernobil", "unslipped") in respelled("Chenrobil")
    assert list(respelled("Kufra")) == []
