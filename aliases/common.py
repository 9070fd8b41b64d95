"""Words that a listed form may also be: ordinary English ones, and everyday names of persons. Such a form needs more evidence."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def common_words() -> frozenset[str]:
    """-> the frequent words of `common_words.txt`, in lower case."""
    return _listed("common_words.txt")


@cache
def personal_names() -> frozenset[str]:
    """-> the frequent given and family names of `personal_names.txt`, in lower case."""
    return _listed("personal_names.txt")


@cache
def english_words() -> frozenset[str]:
    """-> the words of `english_words.txt`, a dictionary without proper names, in lower case."""
    return _listed("english_words.txt")


def _listed(file: str) -> frozenset[str]:
    lines = (Path(__file__).parent / file).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_common_word(word: str) -> bool:
    """Folded word -> whether it is a frequent English word."""
    return word in common_words()


def is_personal_name(word: str) -> bool:
    """Folded word -> whether it is a frequent given or family name."""
    return word in personal_names()


def is_english_word(word: str) -> bool:
    """Folded word -> whether a dictionary of everyday English lists it as other than a proper name."""
    return word in english_words()
