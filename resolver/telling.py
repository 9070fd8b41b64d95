"""Settled spans -> the Mentions that are answered: homonyms in order, offsets of the submitted text, entities read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from aliases.entity import Entity
from aliases.fold import Folded
from resolver.index import Index
from resolver.match import MatchKind, Mention

COUNTRY_LEAD = 0.15  # what a homonym gains when the document mentions its country; set by hand, the fitted data name none


class Meant(NamedTuple):
    """One entity that a span means, by one of its aliases."""

    score: float
    alias: int
    entity: int
    kind: MatchKind


Settled = tuple[int, int, Sequence[Meant]]  # span of the undisguised text, and what it means


class Teller:
    """Makes Mentions of the entities of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._entity = index.entity
        self._form = lru_cache(maxsize=65536)(self._form_of)

    def _form_of(self, alias: int) -> tuple[str, bool]:
        known = self._index.alias(alias)
        return known.form, known.kind == "acronym"

    def tell(
        self, text: str, plain: Folded | None, spans: Iterable[Settled], *, sure: Iterable[Settled] | None = None
    ) -> list[Mention]:
        """Submitted text, its undisguised form (None: as it is) and settled spans by start -> Mentions, homonyms in order.

        They are ranked by score, then by the countries that the document mentions: those of `sure`, spans of which none
        overlaps another (None: these are), so that a span means the same whichever others are told.
        """
        settled = list(spans)
        homonyms = any(len(meant) > 1 for _, _, meant in settled)
        countries = self._countries(settled if sure is None else sure) if homonyms else {}
        return [self._mention(text, plain, start, end, meant, countries) for start, end, meant in settled]

    def _countries(self, settled: Iterable[Settled]) -> Mapping[str, int]:
        """Settled spans -> how often each country is that of an entity that a span surely means."""
        return Counter(country for _, _, meant in settled if len(meant) == 1 and (country := self._country(meant[0].entity)))

    def _mention(
        self, text: str, plain: Folded | None, start: int, end: int, meant: Sequence[Meant], countries: Mapping[str, int]
    ) -> Mention:
        if plain is not None:
            start, end = plain.offsets[start], plain.ends[end - 1]
        others: tuple[Entity, ...] = ()
        if len(meant) > 1:
            meant = sorted(meant, key=lambda one: self._rank(one, countries))
            others = tuple([self._entity(other.entity) for other in meant[1:]])
        score, alias, entity, kind = meant[0]
        form, acronym = self._form(alias)
        told: MatchKind = "acronym" if acronym else kind
        # in the order of its fields: by name it takes half as long again
        return Mention(
            start, end, text[start:end], self._entity(entity), score if score == 1.0 else round(score, 4), form, told, others
        )

    def _rank(self, meant: Meant, countries: Mapping[str, int]) -> tuple[float, int, int]:
        """A country that the document mentions outweighs a small lead of the score."""
        seen = countries.get(self._country(meant.entity), 0)
        return (-round(meant.score + (COUNTRY_LEAD if seen else 0.0), 2), -seen, meant.alias)

    def _country(self, number: int) -> str:
        return str(self._entity(number).properties.get("country", ""))
