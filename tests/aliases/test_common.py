"""Which words a dictionary of everyday English lists."""

from __future__ import annotations

import pytest

from aliases import common


def test_every_word_of_the_dictionary_is_one() -> None:
    assert [word for word in sorted(common.english_words()) if not common.is_english_word(word)] == []


@pytest.mark.parametrize("word", ["", "\n", "qasem", "bank\n", "zzzzzz", "a b", "#", "\ud800", "Pancake", "пирог"])
def test_what_is_not_in_it_is_none(word: str) -> None:
    assert not common.is_english_word(word)
