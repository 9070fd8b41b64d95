"""Listed forms in texts: the compiled reading against a slow obvious one, on both roads, and what exact-only answers hold."""

from collections import defaultdict
from operator import itemgetter

import pytest
import surfaces
from golden import texts
from hypothesis import given, settings
from hypothesis import strategies as st
from roads import ROADS

from aliases.entity import ALIAS_KINDS, ENTITY_TYPES, Alias, Entity
from aliases.fold import undisguise
from resolver import scan
from resolver.compiling import compile_generation
from resolver.entries import is_titled
from resolver.generations import seeds_generation
from resolver.index import Index
from resolver.listed import Listed
from resolver.match import Mention
from resolver.overlaps import leftmost_longest
from resolver.prepare import family_of
from resolver.readings import KINDS
from resolver.telling import Meant, Settled, Teller

TEXTS = [text.text for text in texts()]
DEMONYM = ALIAS_KINDS.index("demonym")
DRESSED = [
    "U.S.",
    "us",
    "US",
    "Us",
    "al-Mayadeen",
    "I.S.",
    "is",
    "IS",
    "Turkey",
    "turkey",
    "TURKEY",
    "Türkiye",
    "Da’ish",
    "Daesh's",
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.open(seeds_generation())


@pytest.fixture(scope="module")
def listed(index: Index) -> Listed:
    return Listed(index)


def closeness(index: Index, number: int, surface: str) -> int:
    """Alias number and surface -> 3 exact, 2 folded, 1 variant, 0 when the surface cannot be the form."""
    alias = index.alias(number)
    family = family_of(ENTITY_TYPES[index.entity_type[index.alias_entity[number]]])
    if surfaces.says_nothing(alias.form) or (family == "person" and is_titled(alias.form)):
        return 0
    if surface == alias.form:
        return 3
    fits = surfaces.same_case if alias.case else surfaces.case_fits
    if not surfaces.gaps_fit(surface, alias.form) or not fits(surface, alias.form):
        return 0
    return 2 if surfaces.same_fold(surface, alias.form) else 1


def obvious(index: Index, text: str) -> list[tuple[int, int, int, int, int, int]]:
    """Undisguised text -> what `Listed.read` must answer."""
    spans: dict[tuple[int, int], dict[int, tuple[int, int, int]]] = defaultdict(dict)
    for start, hit_end, node in scan.scan(index.automaton, text):
        if not surfaces.whole(text, hit_end):
            continue
        end = surfaces.with_period(text, start, hit_end)
        for number in index.postings(node):
            close = 0 if index.alias_flags[number] & 0x0F == DEMONYM else closeness(index, number, text[start:end])
            owner, place = index.alias_entity[number], (surfaces.with_article(text, start), end)
            known = spans[place].get(owner) if place in spans else None
            if close and (known is None or rank(index, close, number) > rank(index, *known[:2])):
                spans[place][owner] = (close, number, start)
    return [
        (start, end, number, owner, close, begin)
        for (start, end), owners in sorted(spans.items())
        for owner, (close, number, begin) in owners.items()
    ]


def rank(index: Index, close: int, number: int) -> tuple[int, bool, int]:
    return (close, index.alias(number).kind != "weak", -number)


def rows(listed: Listed, text: str) -> list[tuple[int, int, int, int, int, int]]:
    with listed.room(text) as (room, found):
        return sorted(listed.read(room, found, text, *listed.wanted(None, None))[0])


def test_golden_texts_are_read_as_the_obvious_way_reads_them(index: Index, listed: Listed) -> None:
    for text in (undisguise(text).text for text in TEXTS):
        assert rows(listed, text) == sorted(obvious(index, text))


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from([*DRESSED, *TEXTS[0].split()[:20], " ", "-", ".", ",", "\u0301", "\u200b", "ß", "\n"]), max_size=12)
)
def test_any_dress_is_read_as_the_obvious_way_reads_it(pieces: list[str]) -> None:
    index = Index.open(seeds_generation())
    text = undisguise("".join(pieces)).text
    assert rows(Listed(index), text) == sorted(obvious(index, text))


def test_both_roads_find_the_same_exact_mentions() -> None:
    told = {}
    for road, modules in ROADS.items():
        resolver = modules.resolve.Resolver.open()
        told[road] = [
            [(m.start, m.end, m.entity.id, m.kind, m.matched) for m in resolver.mentions(text, min_score=1)] for text in TEXTS
        ]
    assert told["built"] == told["interpreted"]
    assert sum(map(len, told["built"])) > 50


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Listed:
    directory = tmp_path_factory.mktemp("listed") / "generation"
    entities = [
        Entity("a", "place", "Springfield", (Alias("Spring Field"),), ("one",), {"country": "US"}),
        Entity("b", "place", "Springfield", (), ("two",), {"country": "AU"}),
        Entity("c", "organization", "New Springfield Council", (), ("two",)),
        Entity("d", "person", "Ann Turkey", (Alias("Turkey"), Alias("IT", kind="acronym", case=True)), ("one",)),
    ]
    compile_generation(entities, directory)
    index = Index.open(directory)
    return Listed(index)


EXACT = [
    ("as it is listed", "In Springfield.", [("Springfield", "exact", "a")]),
    ("in another case", "in SPRINGFIELD", [("SPRINGFIELD", "folded", "a")]),
    ("an acronym in its case", "the IT of it", [("IT", "acronym", "d")]),
    ("the longest of what overlaps", "New Springfield Council met", [("New Springfield Council", "exact", "c")]),
    ("behind an entity of HTML", "in Spring&shy;field now", [("Spring&shy;field", "folded", "a")]),
    ("an ordinary word is none", "a turkey in it", []),
    ("another spelling is none", "in Sprinqfield and Springfeld", []),
    ("half a name is none", "New Council", []),
    ("nothing", "", []),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in EXACT], ids=[row[0] for row in EXACT])
def test_exact_mentions(made: Listed, text: str, expected: list[tuple[str, str, str]]) -> None:
    found = made.sure(text, None, None, "longest")
    assert [(m.surface, m.kind, m.entity.id) for m in found] == expected
    assert all(m.score == 1 and text[m.start : m.end] == m.surface for m in found)


def test_exact_mentions_name_the_other_entities_of_a_homonym(made: Listed) -> None:
    (found,) = made.sure("Springfield", None, None, "longest")
    assert [other.id for other in found.alternatives] == ["b"]


def test_exact_mentions_heed_types_and_lists(made: Listed) -> None:
    text = "Springfield, Ann Turkey, New Springfield Council"
    assert [m.entity.id for m in made.sure(text, ["person"], None, "longest")] == ["d"]
    assert [m.entity.id for m in made.sure(text, None, ["two"], "longest")] == ["b", "c"]
    assert [m.entity.id for m in made.sure(text, [], None, "longest")] == []


def test_exact_mentions_are_told_overlaps_and_all_on_request(made: Listed) -> None:
    found = made.sure("New Springfield Council", None, None, "all")
    assert [m.surface for m in found] == ["New Springfield Council", "Springfield"]


@pytest.fixture(scope="module")
def homonyms(tmp_path_factory: pytest.TempPathFactory) -> Index:
    directory = tmp_path_factory.mktemp("homonyms") / "generation"
    names = ["Salem", "Salem Town", "Town Hall", "Perth", "Perth North", "North Salem"]
    entities = [
        Entity(f"{country}{at}", "place", name, (), ("one",), {"country": country} if country else {})
        for at, name in enumerate(names)
        for country in ("US", "GB", "AU", "")
        if (at + len(country)) % 3 or country == "AU"
    ]
    entities += [Entity("w", "place", "Walla", (), ("one",), {"country": "AU"}), Entity("t", "place", "Truro", (), ("one",))]
    compile_generation(entities, directory)
    return Index.open(directory)


def obvious_mentions(index: Index, text: str, *, longest: bool) -> list[Mention]:
    """Text -> what is told of its certain readings, span by span, as `resolver.telling` tells whatever was weighed."""
    spans: dict[tuple[int, int], list[Meant]] = defaultdict(list)
    listed = Listed(index)
    with listed.room(text) as (room, found):
        rows = listed.read(room, found, text, *listed.wanted(None, None))[0]
    for start, end, alias, owner, close, _ in rows:
        if KINDS[close] in ("exact", "folded"):
            spans[start, end].append(Meant(1.0, alias, owner, KINDS[close]))
    every: list[Settled] = [(start, end, meant) for (start, end), meant in sorted(spans.items())]
    kept = list(leftmost_longest(every, itemgetter(0, 1)))
    return Teller(index).tell(text, None, kept if longest else every, sure=kept)


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("longest", [True, False])
@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("Salem Town Hall Perth North Walla Truro salem PERTH - , of".split()), max_size=14).map(" ".join))
def test_what_is_certain_is_told_as_what_was_weighed_is(homonyms: Index, road: str, longest: bool, text: str) -> None:
    index = ROADS[road].index.Index.open(homonyms.directory)
    found = ROADS[road].listed.Listed(index).sure(text, None, None, "longest" if longest else "all")
    assert [fields(told) for told in found] == [fields(told) for told in obvious_mentions(homonyms, text, longest=longest)]


def fields(told: Mention) -> tuple[object, ...]:
    """Mention of either road -> what it says."""
    others = [other.id for other in told.alternatives]
    return told.start, told.end, told.surface, told.entity.id, told.score, told.matched, told.kind, others


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_text_can_be_asked_for_exact_mentions(text: str) -> None:
    index = Index.open(seeds_generation())
    for found in Listed(index).sure(text, None, None, "longest"):
        assert text[found.start : found.end] == found.surface
