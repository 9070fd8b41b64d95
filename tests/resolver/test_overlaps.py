"""Which of overlapping spans a reader is shown, told by one search beside all of them."""

from itertools import pairwise

import pytest
from golden import texts
from hypothesis import given
from hypothesis import strategies as st

from resolver import Resolver
from resolver.mentions import FAINT
from resolver.overlaps import leftmost_longest, settled

SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5)).map(lambda pair: (pair[0], pair[0] + pair[1])), unique=True)


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver.open()


@given(SPANS)
def test_the_leftmost_and_of_these_the_longest_remains(spans: list[tuple[int, int]]) -> None:
    kept, reach = [], 0
    for start in range(13):
        longest = max((end for begin, end in spans if begin == start), default=0)
        if longest and start >= reach:
            kept.append((start, longest))
            reach = longest
    assert list(leftmost_longest(sorted(spans), lambda span: span)) == kept


def test_of_all_mentions_those_that_remain_are_the_ones_without_overlaps(resolver: Resolver) -> None:
    for golden in texts():
        assert settled(resolver.mentions(golden.text, overlaps="all")) == resolver.mentions(golden.text), golden.title


def test_none_remain_of_none() -> None:
    assert list(leftmost_longest([], lambda span: span)) == []


@pytest.mark.parametrize("least", [None, 0.05, 1])
def test_one_search_tells_what_remains_and_what_overlaps_it(resolver: Resolver, least: float | None) -> None:
    overlapping = 0
    for golden in texts():
        longest, everything = resolver.mentions_and_overlaps(golden.text, min_score=least)
        assert longest == resolver.mentions(golden.text, min_score=least), golden.title
        every = resolver.mentions(golden.text, min_score=1 if least == 1 else FAINT, overlaps="all")
        assert {(one.start, one.end) for one in everything} == {(one.start, one.end) for one in every}, golden.title
        assert all(one.end <= after.start for one, after in pairwise(longest))
        overlapping += len(everything) - len(longest)
    assert overlapping > 5


def test_a_span_means_the_same_whichever_others_are_told(resolver: Resolver) -> None:
    for golden in texts():
        longest = resolver.mentions(golden.text, min_score=0.05)
        everything = resolver.mentions(golden.text, min_score=0.05, overlaps="all")
        assert all(one in everything for one in longest), golden.title


def test_what_stands_inside_a_mention_is_told_beside_it(resolver: Resolver) -> None:
    text = "They met the Deir ez-Zor Military Council."
    longest, everything = resolver.mentions_and_overlaps(text)
    assert [one.surface for one in longest] == ["Deir ez-Zor Military Council"]
    assert {one.surface for one in everything} == {"Deir ez-Zor Military Council", "Deir ez-Zor"}


def test_whoever_is_told_of_mentions_is_told_once_of_those_that_remain(resolver: Resolver) -> None:
    told: list[list[str]] = []
    listening = Resolver(resolver.index)
    listening.on_mentions = lambda text, found: told.append([mention.surface for mention in found])
    longest, _ = listening.mentions_and_overlaps("The Syrian Democratic Forces (SDF) met in Aleppo.")
    assert told == [[mention.surface for mention in longest]]
