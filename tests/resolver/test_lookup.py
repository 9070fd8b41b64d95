"""A name -> its entity in any spelling, or nothing; the score never rewards distance."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliases.entity import Alias
from resolver.lookup import Lookup
from tests.resolver.list_of_names import ListOfNames, entity

LIST = ListOfNames(
    entity("assad-b", "person", "Bashar al-Assad", "بشار الأسد", country="SY", birth_date="1965-09-11"),
    entity("assad-m", "person", "Maher al-Assad", country="SY", birth_date="1967-12-08"),
    entity("deir", "place", "Deir ez-Zor", "دير الزور", country="SY"),
    entity("guards", "organization", "Islamic Revolutionary Guard Corps", Alias("IRGC", kind="acronym")),
    entity("petro", "organization", "Petroplus Ltd"),
    entity("putin", "person", "Vladimir Vladimirovich Putin", "Владимир Путин"),
    entity("qasem", "person", "Qasem Soleimani", "قاسم سلیمانی", Alias("Soleimani", kind="weak")),
    entity("syria", "place", "Syria", Alias("Syrian", kind="demonym"), country="SY"),
    entity("tripoli-lb", "place", "Tripoli", country="LB"),
    entity("tripoli-ly", "place", "Tripoli", country="LY"),
    entity("unit-19", "organization", "19th Brigade"),
    entity("unit-9", "organization", "9th Brigade"),
    entity("usa", "place", "United States", Alias("US", kind="acronym", case=True)),
    entity("vessel-1", "vessel", "Noor 1", country="IR"),
)
LOOKUP = Lookup(LIST)


def best(name: str, *types: str) -> str | None:
    found = LOOKUP.lookup(name, types=types or None)
    return found[0].entity.id if found else None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bashar al-Assad", "assad-b"),
        ("BASHAR AL ASSAD", "assad-b"),
        ("Bachar el-Assad", "assad-b"),
        ("Assad, Bashar", "assad-b"),
        ("بشار الاسد", "assad-b"),
        ("Башар Асад", "assad-b"),
        ("Deir al-Zor", "deir"),
        ("Dayr az Zawr", "deir"),
        ("Дейр-эз-Зор", "deir"),
        ("Ghasem Soleymani", "qasem"),
        ("Vladimir Putin", "putin"),
        ("Petroplus Limited", "petro"),
        ("IRGC", "guards"),
        ("US", "usa"),
        ("9th Brigade", "unit-9"),
        ("Noor 1", "vessel-1"),
    ],
)
def test_a_listed_name_is_found_in_any_spelling(name: str, expected: str) -> None:
    assert best(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Angela Merkel", "us", "Us", "Hafez Makhlouf", "Peter Johnson", "Brigade", "Berlin", "10th Brigade", "Corporation", "Ltd",
        "al", "Xyzzy Plugh", "Ахмед Кадыров", "نور الدين زنكي", "毛泽东", "Noor 2", "George Bush", "Abd",
    ],
)  # fmt: skip
def test_an_unknown_name_gets_no_answer(name: str) -> None:
    assert best(name) is None


def test_a_name_without_letters_gets_no_answer() -> None:
    assert LOOKUP.lookup("!!!", min_score=0) == []


def test_the_very_name_scores_highest_and_says_so() -> None:
    exact, folded, variant = (LOOKUP.lookup(name)[0] for name in ("Bashar al-Assad", "bashar AL ASSAD", "Bachar el-Asad"))
    assert (exact.kind, folded.kind, variant.kind) == ("exact", "folded", "variant")
    assert exact.score > folded.score > variant.score
    assert exact.reasons[0].feature == "same_name"
    assert variant.matched in ("Bashar al-Assad", "بشار الأسد")


@pytest.mark.parametrize(
    ("name", "expected", "feature"),
    [
        ("BasharalAssad", "assad-b", "same_letters"),
        ("19thbrig ade", "unit-19", "same_letters"),
        ("IslamicRevolutionaryGuardCorps", "guards", "same_letters"),
        ("B a s h a r a l A s s a d", "assad-b", "same_letters"),
        ("Q.a.s.e.m S.o.l.e.i.m.a.n.i", "qasem", "same_folded"),
        ("Syr1a", "syria", "unmasked"),
        ("Dr. Syria", "syria", "untitled"),
    ],
)
def test_a_listed_name_in_another_dress_is_found_and_says_which(name: str, expected: str, feature: str) -> None:
    first = LOOKUP.lookup(name)[0]
    assert (first.entity.id, first.reasons[0].feature) == (expected, feature)
    assert first.score < LOOKUP.lookup(first.matched)[0].score or feature == "same_folded"


@pytest.mark.parametrize("name", ["Dr. Xyzzy", "Syr1en", "X y z z y", "BasharalMakhlouf", "Tripanol"])
def test_another_name_in_such_a_dress_gets_no_answer(name: str) -> None:
    assert best(name) is None


def test_a_name_that_two_entities_have_gives_both_and_says_so() -> None:
    found = LOOKUP.lookup("Tripoli")
    assert [candidate.entity.id for candidate in found[:2]] == ["tripoli-lb", "tripoli-ly"]
    assert any(reason.feature == "shared_name" and reason.value == 2 for reason in found[0].reasons)


def test_the_country_of_the_caller_settles_which_is_meant() -> None:
    assert [LOOKUP.lookup("Tripoli", country=code)[0].entity.id for code in ("LB", "LY")] == ["tripoli-lb", "tripoli-ly"]
    assert any(reason.feature == "country" for reason in LOOKUP.lookup("Tripoli", country="LY")[0].reasons)


def test_another_birth_date_speaks_against_a_person_and_the_same_for_one() -> None:
    dates = ("1965-09-11", None, "1931-01-01")
    scores = [LOOKUP.lookup("Bachar el-Asad", birth_date=date, min_score=0)[0].score for date in dates]
    assert scores[0] >= scores[1] > scores[2]


def test_a_case_sensitive_form_matches_in_its_case_only() -> None:
    assert LOOKUP.lookup("US")[0].entity.id == "usa"
    assert all(candidate.matched != "US" for candidate in LOOKUP.lookup("us", min_score=0))


def test_a_line_end_inside_a_case_sensitive_form_does_not_matter() -> None:
    assert LOOKUP.lookup("U-\nS")[0].matched == "US"
    assert all(candidate.matched != "US" for candidate in LOOKUP.lookup("u-\ns", min_score=0))


def test_weak_and_demonym_forms_are_found_flagged_and_score_lower() -> None:
    weak, demonym = LOOKUP.lookup("Soleimani", min_score=0)[0], LOOKUP.lookup("Syrian", min_score=0)[0]
    assert (weak.entity.id, demonym.entity.id) == ("qasem", "syria")
    assert max(weak.score, demonym.score) < 0.7
    assert "weak" in {reason.feature for reason in weak.reasons}
    assert "demonym" in {reason.feature for reason in demonym.reasons}


def test_types_and_lists_filter_and_limit_cuts() -> None:
    assert best("Deir ez-Zor", "person") is None
    assert best("Noor 1", "aircraft") is None
    assert best("Noor 1", "vessel") == "vessel-1"
    assert LOOKUP.lookup("Tripoli", lists=["nowhere"]) == []
    assert len(LOOKUP.lookup("Tripoli", min_score=0, limit=1)) == 1


def test_min_score_zero_returns_what_was_considered_best_first() -> None:
    found = LOOKUP.lookup("Assad", min_score=0)
    assert {"assad-b", "assad-m"} <= {candidate.entity.id for candidate in found}
    assert [candidate.score for candidate in found] == sorted((candidate.score for candidate in found), reverse=True)


def test_every_answer_has_reasons_that_can_be_read() -> None:
    for candidate in LOOKUP.lookup("Bachar Asad", min_score=0):
        assert candidate.reasons
        assert all(reason.feature.isidentifier() and reason.text for reason in candidate.reasons)


def test_answers_are_the_same_every_time() -> None:
    again = Lookup(LIST)
    for name in ("Bachar el-Assad", "Tripoli", "Dayr az Zawr", "Brigade"):
        assert LOOKUP.lookup(name, min_score=0) == again.lookup(name, min_score=0)


def test_verify_scores_the_aliases_it_is_given_in_their_order() -> None:
    forms = [alias.form for alias in map(LIST.alias, range(len(LIST.alias_entity)))]
    numbers = [forms.index("Maher al-Assad"), forms.index("Bashar al-Assad")]
    other, same = LOOKUP.verify("Bachar el-Assad", numbers, type="person")
    assert same > 0.5 > other
    assert LOOKUP.verify("Bachar el-Assad", numbers[::-1], type="person") == [same, other]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(range(len(LIST.alias_entity))))
def test_no_name_scores_higher_than_the_listed_one(number: int) -> None:
    alias, owner = LIST.alias(number), LIST.alias_entity[number]
    found = {candidate.entity.id: candidate.score for candidate in LOOKUP.lookup(alias.form, min_score=0, limit=50)}
    assert found[LIST.entity(owner).id] == max(found.values())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_whatever_is_asked_scores_are_probabilities(name: str) -> None:
    for candidate in LOOKUP.lookup(name, min_score=0):
        assert 0 <= candidate.score <= 1


@pytest.mark.parametrize(
    ("a", "b", "low"),
    [("Владимир Путин", "Vladimir Vladimirovich Putin", 0.98), ("IRGC", "Islamic Revolutionary Guard Corps", 0.98)],
)
def test_two_names_of_one_entity_are_listed_as_one(a: str, b: str, low: float) -> None:
    found = LOOKUP.listed(a, b)
    assert found is not None
    assert found.score >= low
    assert found.reasons[0].feature == "listed"


@pytest.mark.parametrize(
    ("a", "b"), [("Bashar al-Assad", "Maher al-Assad"), ("Syria", "Tripoli"), ("us", "United States"), ("nobody", "IRGC")]
)
def test_names_that_no_entity_has_both_of_are_not_listed_as_one(a: str, b: str) -> None:
    assert LOOKUP.listed(a, b) is None


def test_a_weak_form_or_a_name_of_several_makes_a_listed_pair_less_sure() -> None:
    weak, shared = LOOKUP.listed("Soleimani", "Qasem Soleimani"), LOOKUP.listed("Tripoli", "tripoli")
    assert weak is not None
    assert weak.score <= 0.6
    assert shared is not None
    assert LOOKUP.listed("Qasem Soleimani", "Soleimani", type="place") is None
