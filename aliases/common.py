"""English words that are also written like names: a listed form that is one of them needs more than its letters to be meant."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def common_words() -> frozenset[str]:
    """-> the frequent words of `common_words.txt`, in lower case."""
    lines = (Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_common_word(word: str) -> bool:
    """Folded word -> whether it is a frequent English word."""
    return word in common_words()
