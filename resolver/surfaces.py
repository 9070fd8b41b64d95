"""The original text of a span: where it begins when an article is hyphenated to it."""

from __future__ import annotations

from resolver.words import ARTICLES


def with_article(text: str, start: int) -> int:
    """Start of a span -> start of the romanized article that is hyphenated to it (`al-Mayadeen`), where there is one."""
    if start < 3 or text[start - 1] not in "-‐‑":
        return start
    begin = start - 1
    while begin > 0 and text[begin - 1].isalpha() and start - begin <= 5:
        begin -= 1
    return begin if text[begin : start - 1].casefold() in ARTICLES else start
