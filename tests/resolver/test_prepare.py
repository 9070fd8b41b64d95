"""What is taken out of a name before it is compared, and what is kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliases.romanize import ORIGINS
from resolver.prepare import FAMILIES, MAX_LETTERS, MAX_WORDS, prepare


def words(name: str, family: str) -> tuple[str, ...]:
    return prepare(name, family)[0].words


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Abd al-Rahman Khalid", "Abdul Rahman Khalid"),
        ("Abd al-Rahman Khalid", "Abdulrahman Khalid"),
        ("Abdurrahman Khalid", "Abd ar-Rahman Khalid"),
        ("Sheikh Ahmad Yassin", "Ahmad Yassin"),
        ("Muhammad bin Salman", "Muhammad ibn Salman"),
        ("Abou Bakr", "Abu Bakr"),
        ("Ivan Petrov (politician)", "Ivan Petrov"),
        ("Bashar al-Assad", "Bashar el Assad"),
        ("Ludwig van der Berg", "Ludwig Berg"),
    ],
)
def test_particles_titles_and_ways_to_cut_a_persons_name_do_not_count(one: str, two: str) -> None:
    assert words(one, "person") == words(two, "person")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Ahmad Yassin", "Ahmad Hassan"),
        ("John Rhodes Jr", "John Rhodes Sr"),
        ("Abd al-Rahman", "Abd al-Rahim"),
        ("Abu Bakr", "Bakr"),
    ],
)
def test_what_tells_persons_apart_is_kept(one: str, two: str) -> None:
    assert words(one, "person") != words(two, "person")


def test_arabic_letters_write_only_al_as_an_article_and_other_short_words_are_names() -> None:
    assert words("آن جونز", "person") == ("an", "jwnz")
    assert words("an-Nur", "person") == words("al-Nur", "person") == ("nur",)
    assert "al" not in words("محمد النور", "person")


def test_a_name_of_titles_or_particles_only_is_kept_as_it_is() -> None:
    assert words("Sheikh", "person") == ("sheikh",)
    assert words("Al", "place") == ("al",)


def test_legal_forms_leave_the_words_of_an_organization_and_are_remembered() -> None:
    one, two = prepare("Petroplus Ltd", "organization")[0], prepare("PETROPLUS LIMITED", "organization")[0]
    assert one.words == two.words == ("petroplus",)
    assert one.legal == two.legal != 0
    assert prepare("OOO Petroplus", "organization")[0].legal & one.legal == 0


def test_an_organization_that_is_only_a_legal_form_keeps_it() -> None:
    assert words("Company Limited", "organization")


def test_numbers_of_units_are_compared_as_numbers() -> None:
    assert words("9th Brigade", "organization") == words("Ninth Brigade", "organization") == ("9", "brigade")
    assert words("9th Brigade", "organization") != words("19th Brigade", "organization")


def test_initials_are_those_that_an_organization_may_be_cut_to() -> None:
    assert "isi" in prepare("Islamic State of Iraq", "organization")[0].initials
    assert prepare("SDF", "organization")[0].acronym == "sdf"
    assert prepare("Syrian Democratic Forces", "organization")[0].acronym == ""


@pytest.mark.parametrize(
    ("name", "acronym"),
    [
        ("Open Joint Stock Company Balashikhinskiy Liteyno Mekhanicheskiy Zavod", "blmz"),
        ("Rusatom Machine Tools Joint Stock Company", "rmt"),
        ("Ensambladora Colombiana Automotriz S.A.", "eca"),
        ("China Railway Construction Corporation Limited", "crcc"),
        ("China Railway Construction Corporation Limited", "crc"),
        ("Kharg Petrochemical Company Limited", "kpc"),
        ("Vostochnaya Stevedoring Company LLC", "vsc"),
    ],
)
def test_initials_are_taken_without_legal_forms_and_without_those_at_the_end(name: str, acronym: str) -> None:
    assert acronym in prepare(name, "organization")[0].initials


def test_a_legal_form_in_the_middle_of_a_name_is_not_left_out_for_those_behind_it() -> None:
    made = prepare("Company Limited Alpha Beta Gamma", "organization")[0].initials
    assert "abg" in made
    assert "cabg" not in made


def test_initials_of_one_letter_or_of_more_than_eight_are_none() -> None:
    assert prepare("Alpha Limited", "organization")[0].initials == ("al",)
    assert all(len(made) <= 8 for made in prepare("a b c d e f g h i joint stock company", "organization")[0].initials)


@pytest.mark.parametrize(("name", "acronym"), [("IPC SB RAS", "ipcsbras"), ("AO SPKB SU", "spkbsu"), ("BTC LLC", "btc")])
def test_an_acronym_may_be_written_in_parts_and_with_a_legal_form(name: str, acronym: str) -> None:
    assert prepare(name, "organization")[0].acronym == acronym


@pytest.mark.parametrize(
    "name", ["ABCD EFGH IJK", "ABX CDX EFX GHX", "ABC Industry", "Acme Corporation of Industries", "ABCDEFGHI"]
)
def test_more_than_eight_letters_more_than_three_parts_and_longer_words_are_no_acronym(name: str) -> None:
    assert prepare(name, "organization")[0].acronym == ""


def test_spelled_out_letters_are_one_word() -> None:
    assert words("I.R.G.C. Navy", "organization") == ("irgc", "navy")


@pytest.mark.parametrize("name", ["", " ", "...", "\u200b\u200d"])
def test_a_name_without_letters_is_not_prepared(name: str) -> None:
    for family in FAMILIES:
        assert prepare(name, family) == ()


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(FAMILIES))
def test_whatever_is_asked_the_words_are_bounded_and_latin(name: str, family: str) -> None:
    for prepared in prepare(name, family):
        assert 1 <= len(prepared.words) <= MAX_WORDS
        assert all(word and len(word) <= MAX_LETTERS and word.isascii() and word.isalnum() for word in prepared.words)
        assert 0 <= prepared.origin < len(ORIGINS)


def test_a_title_that_is_a_surname_too_stays_at_the_end_of_a_name() -> None:
    assert [prepare(name, "person")[0].words for name in ("Kais Sayed", "Sayed Kais", "Khamenei Ayatollah", "Sheikh")] == [
        ("kais", "sayed"), ("kais",), ("khamenei",), ("sheikh",),
    ]  # fmt: skip
