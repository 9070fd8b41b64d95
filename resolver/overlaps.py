"""Spans that overlap -> those that a reader is shown: the leftmost, of these the longest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from resolver.match import Mention

Spanned = TypeVar("Spanned")


def leftmost_longest(spans: Iterable[Spanned], place: Callable[[Spanned], tuple[int, int]]) -> Iterator[Spanned]:
    """Things by start, and what tells start and end of one -> those that remain when the leftmost, of these the longest, wins."""
    best: Spanned | None = None
    begin = reach = 0
    for span in spans:
        start, end = place(span)
        if best is None or start >= reach:
            if best is not None:
                yield best
        elif start > begin or end <= reach:
            continue
        best, begin, reach = span, start, end
    if best is not None:
        yield best


def settled(every: Iterable[Mention]) -> list[Mention]:
    """Mentions of a text with `overlaps="all"` -> those that it has with `overlaps="longest"`."""
    return list(leftmost_longest(every, lambda mention: (mention.start, mention.end)))
