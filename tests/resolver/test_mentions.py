"""Mentions over a small hand-made list: spans, readings, overlaps, homonyms, and what is never a mention."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliases.entity import Alias, Entity
from aliases.errors import InvalidError, OutOfTimeError
from resolver import Resolver, budget
from resolver.compiling import compile_generation
from resolver.index import Index

ENTITIES = [
    Entity("aleppo", "place", "Aleppo", (Alias("حلب", "native"), Alias("Халеб")), ("war",), {"country": "SY"}),
    Entity("assad", "person", "Bashar al-Assad", (Alias("Assad", "weak"), Alias("بشار الأسد")), ("war",), {"country": "SY"}),
    Entity("daraa", "place", "Daraa", (Alias("درعا"),), ("war",), {"country": "SY"}),
    Entity("deir", "place", "Deir ez-Zor", (Alias("دير الزور", "native"), Alias("Deir al-Zor")), ("war",), {"country": "SY"}),
    Entity("is", "organization", "Islamic State", (Alias("IS", "acronym", case=True), Alias("ISIS")), ("war",)),
    Entity("sdf", "organization", "Syrian Democratic Forces", (Alias("SDF", "acronym", case=True),), ("war",)),
    Entity("syria", "place", "Syria", (Alias("Syrian", "demonym"), Alias("سوريا")), ("states",), {"country": "SY"}),
    Entity("tripoli-lb", "place", "Tripoli", (Alias("Trablous"),), ("states",), {"country": "LB"}),
    Entity("tripoli-ly", "place", "Tripoli", (Alias("Tarabulus"),), ("states",), {"country": "LY"}),
    Entity("libya", "place", "Libya", (), ("states",), {"country": "LY"}),
    Entity("lebanon", "place", "Lebanon", (), ("states",), {"country": "LB"}),
    Entity("maan", "place", "Ma'an", (), ("states",), {"country": "JO"}),
    Entity("noise", "other", "Noise", (Alias("X"), Alias("12"), Alias("\\N")), ("war",)),
]


@pytest.fixture(scope="module")
def resolver(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    directory = tmp_path_factory.mktemp("mentions") / "generation"
    compile_generation(sorted(ENTITIES, key=lambda entity: entity.id), directory)
    return Resolver(Index.open(directory))


def told(resolver: Resolver, text: str) -> list[tuple[str, str]]:
    return [(mention.surface, mention.entity.id) for mention in resolver.mentions(text)]


MENTIONED = [
    ("a listed form", "Heavy fighting was reported in Aleppo on Sunday.", [("Aleppo", "aleppo")]),
    ("a name of several words", "They fled from Deir al-Zor to the west.", [("Deir al-Zor", "deir")]),
    ("another article", "They fled from Deir ez-Zor to the west.", [("Deir ez-Zor", "deir")]),
    ("a possessive", "It was Aleppo’s last hospital.", [("Aleppo", "aleppo")]),
    ("Arabic", "وصلت القوات إلى دير الزور أمس", [("دير الزور", "deir")]),
    ("Arabic behind a proclitic", "سافر إلى سوريا وحلب أمس", [("سوريا", "syria"), ("حلب", "aleppo")]),
    ("an acronym as written", "Fighters of the SDF arrived in Aleppo.", [("SDF", "sdf"), ("Aleppo", "aleppo")]),
    ("a line break inside", "They fled from Deir\nez-Zor to the west.", [("Deir\nez-Zor", "deir")]),
    (
        "a surname behind its full name",
        "Bashar al-Assad spoke. Later Assad left.",
        [("Bashar al-Assad", "assad"), ("Assad", "assad")],
    ),
    ("astral characters before it", "🔥🔥 Fighting in Aleppo goes on.", [("Aleppo", "aleppo")]),
    ("an unlisted spelling", "They fled from Dair az-Zour to the west.", [("Dair az-Zour", "deir")]),
]
NOT_MENTIONED = [
    ("an ordinary word", "It is what it is, and this is not."),
    ("an acronym in another case", "we sdf is sdf"),
    ("a demonym", "A Syrian doctor and two Syrian nurses."),
    ("inside a longer word", "The Aleppoboy and the Daraana sang."),
    ("half of a name", "The islamic calendar and a democratic vote."),
    ("over a comma", "The Syrian, Democratic; Forces of nature."),
    ("over a paragraph", "He studied Islamic\n\nState your business."),
    ("nobody of the list", "Angela Merkel met Emmanuel Macron in Berlin."),
    ("a form of one letter or a short number", "X marks 12 places, N of them here: \\N."),
    ("nothing at all", ""),
    ("no letters", "123 ... !!! 🔥"),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in MENTIONED], ids=[row[0] for row in MENTIONED])
def test_it_is_a_mention(resolver: Resolver, text: str, expected: list[tuple[str, str]]) -> None:
    assert told(resolver, text) == expected


@pytest.mark.parametrize("text", [row[1] for row in NOT_MENTIONED], ids=[row[0] for row in NOT_MENTIONED])
def test_it_is_no_mention(resolver: Resolver, text: str) -> None:
    assert told(resolver, text) == []


def test_a_listed_name_with_an_apostrophe_is_found_whole(resolver: Resolver) -> None:
    assert told(resolver, "Clashes near Ma'an and in Ma’an's suburbs.") == [("Ma'an", "maan"), ("Ma’an", "maan")]


def test_an_ending_behind_an_apostrophe_is_left_out(resolver: Resolver) -> None:
    assert told(resolver, "Beirut and Aleppo'ya near it.") == [("Aleppo", "aleppo")]


def test_a_homonym_is_read_by_the_country_that_the_text_names(resolver: Resolver) -> None:
    for country, entity in (("Libya", "tripoli-ly"), ("Lebanon", "tripoli-lb")):
        tripoli = next(
            m for m in resolver.mentions(f"In {country} the port of Tripoli was closed.", min_score=0.1) if m.surface == "Tripoli"
        )
        assert tripoli.entity.id == entity
        assert {other.id for other in tripoli.alternatives} == {"tripoli-ly", "tripoli-lb"} - {entity}


def test_types_and_lists_leave_others_out(resolver: Resolver) -> None:
    text = "Fighters of the Islamic State left Aleppo and Syria."
    assert {m.entity.type for m in resolver.mentions(text, types=["organization"])} == {"organization"}
    assert {name for m in resolver.mentions(text, lists=["states"]) for name in m.entity.lists} == {"states"}


def test_a_higher_score_leaves_fewer(resolver: Resolver) -> None:
    text = "Fighters of the Islamic State left Deir al-Zor, Daraa and Dayr az-Zawr."
    counts = [len(resolver.mentions(text, min_score=least)) for least in (0.0, 0.5, 0.9, 0.99)]
    assert counts == sorted(counts, reverse=True)
    assert all(m.score >= 0.9 for m in resolver.mentions(text, min_score=0.9))


def test_all_overlaps_are_told_on_request(resolver: Resolver) -> None:
    text = "The Syrian Democratic Forces (SDF) met in Aleppo."
    longest, everything = resolver.mentions(text), resolver.mentions(text, overlaps="all", min_score=0.0)
    assert {(m.start, m.end) for m in longest} <= {(m.start, m.end) for m in everything}
    assert all(a.end <= b.start for a, b in pairwise(longest))


def test_an_unknown_way_of_overlapping_is_refused(resolver: Resolver) -> None:
    with pytest.raises(InvalidError, match="overlaps 'some' is unknown: use longest or all"):
        resolver.mentions("Aleppo", overlaps="some")  # type: ignore[arg-type]


PIECES = st.sampled_from(
    [
        "Aleppo",
        "Deir al-Zor",
        "دير الزور",
        "وحلب",
        "SDF",
        "IS",
        "is",
        "Assad's",
        "Bashar al-Assad",
        "&#65;leppo",
        "<b>Al</b>eppo",
        "Аleppo",
        "😀",
        "\u200b",
        "a\u0301",
        "said",
        "the",
        " ",
        ". ",
        "\n",
        "-",
        "'",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_surfaces_are_slices_and_marking_them_keeps_the_text(resolver: Resolver, text: str) -> None:
    mentions = resolver.mentions(text, min_score=0.0)
    assert all(text[m.start : m.end] == m.surface != "" for m in mentions)
    assert mentions == sorted(mentions, key=lambda m: (m.start, m.end))
    marked, done = "", 0
    for mention in mentions:
        marked += text[done : mention.start] + "\x02" + mention.surface + "\x03"
        done = mention.end
    assert (marked + text[done:]).replace("\x02", "").replace("\x03", "") == text


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_answered(resolver: Resolver, text: str) -> None:
    assert all(text[m.start : m.end] == m.surface for m in resolver.mentions(text, min_score=0.0))


@pytest.mark.parametrize(
    "disguise", ["A\u200bleppo", "Ａleppo", "&#65;leppo", "A<b>lep</b>po", "Аleppo", "A\u0301leppo", "𝐀leppo", "ALEPPO"]
)
def test_a_disguise_is_seen_through_and_the_span_is_that_of_the_text(resolver: Resolver, disguise: str) -> None:
    text = f"Heavy fighting was reported in {disguise} on Sunday."
    assert told(resolver, text) == [(disguise, "aleppo")]


def test_texts_are_answered_as_they_come(resolver: Resolver) -> None:
    endless = iter(["In Aleppo.", "In Daraa."])
    answers = resolver.mentions_many(endless)
    assert [m.entity.id for m in next(answers)] == ["aleppo"]
    assert next(endless) == "In Daraa."


def test_the_same_text_is_answered_alike_by_a_generation_opened_again(resolver: Resolver) -> None:
    again = Resolver(Index.open(Path(resolver.index.directory)))
    text = "Bashar al-Assad left Deir al-Zor for Aleppo; Tripoli, Dayr az-Zawr."
    assert again.mentions(text, min_score=0.0) == resolver.mentions(text, min_score=0.0)


@pytest.mark.parametrize("text", ["They fled from Dair az-Zooor to the west.", "They fled from Aleppo to the west."])
def test_a_text_is_given_up_when_its_time_is_over_and_read_as_before_when_it_comes_again(resolver, text):
    before = told(resolver, text.replace("Zooor", "Zouur"))  # another spelling: what the names model said of one is kept
    for find in (resolver.mentions, resolver.mentions_and_overlaps):
        with budget.limited(-1), pytest.raises(OutOfTimeError):
            find(text)
    assert told(resolver, text.replace("Zooor", "Zouur")) == before
    assert [surface for surface, _ in told(resolver, text)] == [text[15:].removesuffix(" to the west.")]


def test_the_look_at_the_clock_comes_between_the_spellings_of_one_text(resolver, monkeypatch):
    looks = []
    monkeypatch.setattr(budget, "check", lambda: looks.append(1))
    resolver.mentions(" ".join(f"They fled from Da{letter}r az-Zur to the west." for letter in "aeiouhy"))
    several = len(looks)
    looks.clear()
    resolver.mentions("Nothing of that kind.")
    assert (several > 7, len(looks)) == (True, 1)
