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


def english_words() -> frozenset[str]:
    """-> the words of `english_words.txt`, a dictionary without proper names, in lower case; read anew, for it is large."""
    return _listed("english_words.txt")


@cache
def _english_lines() -> bytes:
    """-> the same as sorted lines, which take a tenth of the memory."""
    return "".join(f"{word}\n" for word in sorted(english_words())).encode()


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
    lines, sought = _english_lines(), word.encode("utf-8", "surrogatepass")
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        start, end = lines.rfind(b"\n", 0, middle) + 1, lines.find(b"\n", middle)
        if lines[start:end] == sought:
            return True
        low, high = (end + 1, high) if lines[start:end] < sought else (low, start)
    return False
