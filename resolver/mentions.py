"""A text -> its mentions: scan, verify every hit on the original text, settle overlaps, choose among homonyms.

The scanner proposes spans whose folded tokens are those of a listed form. What decides here is the original text: case (acronyms,
ordinary words in lower case), borders of words and graphemes, what stands in the gaps, what stands around the span, and what else
the document mentions.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from aliases import fold
from aliases.common import is_common_word
from aliases.entity import ALIAS_KINDS, Alias, Entity
from resolver import scan
from resolver.index import Index
from resolver.match import MatchKind, Mention

Overlaps = Literal["longest", "all"]

# Probability that a verified span means the entity, by what was seen; a fitted model takes their place with the mentions issue.
EXACT, FOLDED, VARIANT, LOWER, WEAK, WEAK_ALONE, HOMONYM = 0.97, 0.94, 0.9, 0.7, 0.9, 0.75, 0.6
OPERATING_POINT = 0.5

_DEMONYM = ALIAS_KINDS.index("demonym")
_WEAK = ALIAS_KINDS.index("weak")
_HARD_GAPS = frozenset(',;:/|&+()[]{}"“”«»!?')  # may stand inside a span only where the form has them too


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read one span: this alias of this entity."""

    alias: int
    entity: int
    score: float
    kind: MatchKind
    weak: bool


@dataclass(frozen=True, slots=True)
class _Span:
    """A span of the scanned text with its readings, best first."""

    start: int
    end: int
    readings: tuple[_Reading, ...]


class MentionFinder:
    """Finds mentions of the entities of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._form_of = lru_cache(maxsize=65536)(index.alias)
        self._agree = lru_cache(maxsize=65536)(_same_fold)

    def find(
        self,
        text: str,
        *,
        types: Collection[str] | None = None,
        lists: Collection[str] | None = None,
        min_score: float | None = None,
        overlaps: Overlaps = "longest",
    ) -> list[Mention]:
        """Text -> mentions by start, then end. Offsets are code points of `text`, half-open; `surface` is `text[start:end]`."""
        plain = fold.undisguise(text)
        hits = scan.scan(self._index.automaton, plain.text)
        spans = self._verified(plain.text, hits, types, lists)
        chosen = list(spans) if overlaps == "all" else list(_leftmost_longest(spans))
        least = OPERATING_POINT if min_score is None else min_score
        return [mention for mention in self._told(text, plain, chosen) if mention.score >= least]

    def _verified(
        self, text: str, hits: Iterable[tuple[int, int, int]], types: Collection[str] | None, lists: Collection[str] | None
    ) -> Iterator[_Span]:
        """Hits of the scanner -> spans that hold on the original text."""
        for start, end, node in hits:
            if not _whole(text, start, end):
                continue
            end = _with_period(text, start, end)
            surface = text[start:end]
            readings: dict[int, _Reading] = {}
            for number in self._index.postings(node):
                owner = self._index.alias_entity[number]
                if not self._wanted(owner, types, lists):
                    continue
                reading = self._read(number, owner, surface, text, start, end)
                if reading and (owner not in readings or reading.score > readings[owner].score):
                    readings[owner] = reading
            if readings:
                yield _Span(_with_article(text, start), end, tuple(sorted(readings.values(), key=_rank)))

    def _wanted(self, owner: int, types: Collection[str] | None, lists: Collection[str] | None) -> bool:
        if types is None and lists is None:
            return True
        entity: Entity = self._index.entity(owner)
        return (types is None or entity.type in types) and (lists is None or not set(lists).isdisjoint(entity.lists))

    def _read(self, number: int, owner: int, surface: str, text: str, start: int, end: int) -> _Reading | None:
        """One alias against the surface of a span -> a reading, None when the span cannot be this form."""
        flags = self._index.alias_flags[number]
        kind_number = flags & 0x0F
        if kind_number == _DEMONYM:
            return None
        alias: Alias = self._form_of(number)
        form = alias.form
        if surface == form:
            score, kind = EXACT, "exact"
        elif not _gaps_fit(surface, form) or not (_same_case if alias.case else _case_fits)(surface, form):
            return None
        else:
            same = self._agree(surface, form)
            score, kind = (FOLDED, "folded") if same else (VARIANT, "variant")
            score = LOWER if surface[:1].islower() and form[:1].isupper() else score
        weak = kind_number == _WEAK
        score *= WEAK if weak else 1.0
        if weak and _inside_longer_name(text, start, end):
            return None
        return _Reading(number, owner, score, "acronym" if alias.kind == "acronym" else kind, weak)  # type: ignore[arg-type]

    def _told(self, text: str, plain: fold.Folded, spans: Sequence[_Span]) -> Iterator[Mention]:
        """Settled spans -> Mentions, homonyms ranked by what else the document mentions."""
        sure = Counter(span.readings[0].entity for span in spans if len(span.readings) == 1 and not span.readings[0].weak)
        countries = Counter(country for number in sure if (country := self._country(number)))
        for span in spans:
            ranked = sorted(span.readings, key=lambda r: (-sure[r.entity], -countries[self._country(r.entity)], *_rank(r)))
            best = ranked[0]
            score = best.score
            if best.weak and not sure[best.entity]:
                score = min(score, WEAK_ALONE)
            if len(ranked) > 1 and not sure[best.entity]:
                score = min(score, HOMONYM + 0.3 / len(ranked))
            start, end = plain.offsets[span.start], plain.ends[span.end - 1]
            yield Mention(
                start=start,
                end=end,
                surface=text[start:end],
                entity=self._index.entity(best.entity),
                score=round(score, 4),
                matched=self._form_of(best.alias).form,
                kind=best.kind,
                alternatives=tuple(self._index.entity(other.entity) for other in ranked[1:]),
            )

    def _country(self, number: int) -> str:
        entity: Entity = self._index.entity(number)
        return str(entity.properties.get("country", ""))


def _rank(reading: _Reading) -> tuple[float, bool, int]:
    return (-reading.score, reading.weak, reading.alias)


def _leftmost_longest(spans: Iterable[_Span]) -> Iterator[_Span]:
    """Spans by start -> those that remain when the leftmost, of these the longest, wins every overlap."""
    best: _Span | None = None
    done = -1
    for span in spans:
        if span.start < done:
            continue
        if best is not None and span.start >= best.end:
            yield best
            done, best = best.end, None
        if best is None or (span.start == best.start and span.end > best.end) or span.start < best.start:
            best = span
        elif span.start == best.start and span.end == best.end:
            best = _Span(best.start, best.end, tuple(sorted(_merged(best, span), key=_rank)))
    if best is not None:
        yield best


def _merged(one: _Span, other: _Span) -> Iterator[_Reading]:
    seen: set[int] = set()
    for reading in sorted((*one.readings, *other.readings), key=_rank):
        if reading.entity not in seen:
            seen.add(reading.entity)
            yield reading


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no grapheme is cut at the end: what follows is no mark and no joiner."""
    return end >= len(text) or unicodedata.category(text[end]) not in ("Mn", "Mc", "Me")


def _with_article(text: str, start: int) -> int:
    """Start of a span -> start of the romanized article that is hyphenated to it (`al-Mayadeen`), where there is one."""
    if start < 3 or text[start - 1] not in "-‐‑":
        return start
    begin = start - 1
    while begin > 0 and text[begin - 1].isalpha() and start - begin <= 5:
        begin -= 1
    return begin if text[begin : start - 1].casefold() in _ARTICLES else start


def _with_period(text: str, start: int, end: int) -> int:
    """End of a span -> end of the period that closes an abbreviation (`U.S.`), where there is one."""
    return end + 1 if text[end : end + 1] == "." and "." in text[start:end] and text[end - 2 : end - 1] == "." else end


_ARTICLES = frozenset("al el ul ad ed az ez as es ash esh ar er an en at et ath eth adh edh".split())


def _gaps_fit(surface: str, form: str) -> bool:
    """Whether separators that end a name stand inside the surface only where the form has them too."""
    return not any(char in _HARD_GAPS and char not in form for char in surface)


def _same_case(surface: str, form: str) -> bool:
    """Whether two forms are equal letter by letter, dress and punctuation aside (`U.S.` and `US`)."""
    return _bare(surface) == _bare(form)


def _bare(form: str) -> str:
    return "".join(char for char in fold.clean(form) if char.isalnum())


def _case_fits(surface: str, form: str) -> bool:
    """Whether the case of the surface lets it be the name: a capitalised name in lower case must not be an ordinary word."""
    first = next((char for char in surface if char.isalpha()), "")
    if not first.islower() or not form[:1].isupper():
        return True
    letters = sum(char.isalpha() for char in surface)
    return letters >= 5 and not all(is_common_word(token) for token in fold.fold_name(surface).split())


def _inside_longer_name(text: str, start: int, end: int) -> bool:
    """Whether a capitalised word goes on behind the span, so that it may be another person's name."""
    if text[end : end + 1] != " ":
        return False
    follower = text[end + 1 : end + 3]
    return len(follower) == 2 and follower[0].isupper() and follower[1].islower() and "a" <= text[start].lower() <= "z"


def _same_fold(surface: str, form: str) -> bool:
    return fold.fold_name(surface) == fold.fold_name(form)
