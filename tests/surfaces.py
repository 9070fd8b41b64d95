"""The slow obvious way to hold a span of a text against a listed form, which `resolver.readings` must agree with."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from aliases import fold
from aliases.common import is_common_word, is_english_word
from resolver.words import ARTICLES

_HARD_GAPS = frozenset(',;:/|&+()[]{}"“”«»!?')  # may stand inside a span only where the form has them too


def whole(text: str, end: int) -> bool:
    """Whether no grapheme is cut at the end: what follows is no mark."""
    return end >= len(text) or unicodedata.category(text[end]) not in ("Mn", "Mc", "Me")


def with_period(text: str, start: int, end: int) -> int:
    """End of a span -> end of the period that closes an abbreviation (`U.S.`), where there is one."""
    return end + 1 if text[end : end + 1] == "." and text[end - 2 : end - 1] == "." and end - 2 > start else end


@lru_cache(maxsize=65536)
def says_nothing(form: str) -> bool:
    """Whether a form is one letter or a number of up to three digits: it would stand in every text."""
    letters = fold.fold_name(form).replace(" ", "")
    return (len(letters) < 2 and not fold.is_solo(ord(letters[:1] or " "))) or (letters.isdigit() and len(letters) < 4)


def gaps_fit(surface: str, form: str) -> bool:
    """Whether separators that end a name stand inside the surface only where the form has them too."""
    return not any(char in _HARD_GAPS and char not in form for char in surface)


def same_case(surface: str, form: str) -> bool:
    """Whether two forms are equal letter by letter, dress and punctuation aside (`U.S.` and `US`)."""
    return _bare(surface) == _bare(form)


def _bare(form: str) -> str:
    return "".join(char for char in fold.clean(form) if char.isalnum())


def case_fits(surface: str, form: str) -> bool:
    """Whether the case of the surface lets it be the name: a capitalised name in lower case must not be an ordinary word."""
    first = next((char for char in surface if char.isalpha()), "")
    if not first.islower() or not form[:1].isupper():
        return True
    words = fold.fold_name(surface).split()
    if len(words) == 1 and is_english_word(words[0]):
        return False  # `conservation`, `tours`: in lower case it is the word, whatever is called so
    return not all(is_common_word(word) or len(word) < 4 for word in words)


def same_fold(surface: str, form: str) -> bool:
    """Surface and form -> whether they fold to the same words."""
    return fold.fold_name(surface) == fold.fold_name(form)


def with_article(text: str, start: int) -> int:
    """Start of a span -> start of the romanized article that is hyphenated to it (`al-Mayadeen`), where there is one."""
    if start < 3 or text[start - 1] not in "-‐‑":
        return start
    begin = start - 1
    while begin > 0 and text[begin - 1].isalpha() and start - begin <= 5:
        begin -= 1
    return begin if text[begin : start - 1].casefold() in ARTICLES else start
