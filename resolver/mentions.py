"""A text -> its mentions: undisguise it, weigh every reading of every span (`resolver.weighing`), settle overlaps, tell the rest.

What is told is a Mention; until then readings are rows of numbers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from aliases import fold
from aliases.entity import ENTITY_TYPES
from aliases.fold import clean
from resolver import budget
from resolver.context import Document
from resolver.index import Index
from resolver.listed import Listed
from resolver.lookup import Lookup
from resolver.match import Mention
from resolver.mention_model import MentionModel, shipped
from resolver.overlaps import leftmost_longest, settled
from resolver.prepare import family_of
from resolver.telling import Settled, Teller
from resolver.variants import Variants
from resolver.weighing import Weigher, consider, weigh
from resolver.word_classes import ADJECTIVE

Overlaps = Literal["longest", "all"]

MOST_ODDS = 1 << 15  # spans of unlisted spellings whose comparison is remembered: some 10 MB
FAINT = 0.02  # score of a reading that is told beside the mention that it overlaps
_FAMILIES = tuple(map(family_of, ENTITY_TYPES))
_UNLISTED = 4  # the first of the kinds of `resolver.spans` that is no listed form


class Considered(NamedTuple):
    """A reading of a span of the scanned text, with the evidence for it."""

    start: int
    end: int
    alias: int
    entity: int
    listed: bool  # whether the span is a listed form
    score: float
    evidence: Sequence[float]


class MentionFinder:
    """Finds mentions of the entities of one index."""

    def __init__(self, index: Index, *, model: MentionModel | None = None, lookup: Lookup | None = None) -> None:
        self._index = index
        self._lookup = lookup or Lookup(index)
        self._model = model or shipped()
        self._teller = Teller(index)
        self._listed = Listed(index)
        self.sure = self._listed.sure
        self._variants = Variants(index.arrays, self._listed.forms, self._model.gate)
        self._free: list[Weigher] = []
        self._odds: dict[tuple[str, tuple[int, ...]], list[float]] = {}

    def find(
        self,
        text: str,
        *,
        types: Collection[str] | None = None,
        lists: Collection[str] | None = None,
        min_score: float | None = None,
        overlaps: Overlaps = "longest",
    ) -> list[Mention]:
        """Text -> mentions by start, then end. Offsets are code points of `text`, half-open; `surface` is `text[start:end]`.

        `min_score=1` asks for what is a listed form but for its dress, whatever stands around it: nothing is weighed.
        """
        if min_score == 1:
            return self.sure(text, types, lists, overlaps)
        least = self._model.operating_point if min_score is None else min_score
        plain, spans = self._weighed(text, types, lists, least)
        chosen = leftmost_longest(spans, _place)
        if overlaps == "all":
            return self._teller.tell(text, plain, spans, sure=chosen)
        return self._teller.tell(text, plain, chosen)

    def find_with_overlaps(
        self,
        text: str,
        *,
        types: Collection[str] | None = None,
        lists: Collection[str] | None = None,
        min_score: float | None = None,
    ) -> tuple[list[Mention], list[Mention]]:
        """Text -> what `find` answers, and every reading of any span, of score FAINT or more: what overlaps a mention is mostly
        held unlikely because it does."""
        if min_score == 1:
            every = self.sure(text, types, lists, "all")
            return settled(every), every
        least = self._model.operating_point if min_score is None else min_score
        plain, spans = self._weighed(text, types, lists, min(least, FAINT))
        chosen = list(leftmost_longest(_likely(spans, least), _place))
        told = self._teller.tell(text, plain, chosen)
        return told, self._teller.tell(text, plain, _likely(spans, FAINT), sure=chosen)

    def _weighed(
        self, text: str, types: Collection[str] | None, lists: Collection[str] | None, least: float
    ) -> tuple[fold.Folded | None, list[Settled]]:
        """Text -> its undisguised form (None: as it is), and the spans of that with readings of score `least` or more, by start,
        then end."""
        room, found, plain = self._listed.take(text)
        weigher = self._take()
        read = text if plain is None else plain.text
        spans: list[Settled] = weigh(weigher, room, found, read, *self._listed.wanted(types, lists), least)
        budget.check()  # what is behind us is two seconds of a processor at most, for a text has a limit; telling a million names is not
        self._listed.give(room, found)
        self._free.append(weigher)
        return plain, spans

    def consider(self, text: str) -> list[Considered]:
        """Undisguised text -> every reading of every span that its own letters allow, with its evidence, by start, then end."""
        with self._listed.room(text) as (room, found):
            rows = consider(self._take(), room, found, text, *self._listed.wanted(None, None))
        return [
            Considered(start, end, alias, owner, kind < _UNLISTED, score, numbers)
            for start, end, alias, owner, kind, score, numbers in rows
        ]

    def proposed(self, text: str) -> list[tuple[int, int, int, list[float]]]:
        """Undisguised text -> start, end and alias of every unlisted spelling that is proposed in it, and what the gate looks at."""
        with self._listed.room(text) as (room, found):
            self._listed.read(room, found, text, *self._listed.wanted(None, None))
            return self._variants.looks(room, found, text)

    def _take(self) -> Weigher:
        """-> working memory that no other thread has."""
        try:
            return self._free.pop()
        except IndexError:
            document = Document(self._listed.forms, self._index.arrays, self._same_dressed, self._ends_as_demonym)
            return Weigher(document, self._variants.proposer(), *self._model.parts, self._alike)

    def _alike(self, surface: str, aliases: Sequence[int]) -> list[float]:
        """Surface and aliases -> of each the log odds of the names model that both name one entity; texts repeat their names, so
        what was found is kept."""
        key = surface, tuple(aliases)
        odds = self._odds.get(key)
        if odds is None:
            if len(self._odds) > MOST_ODDS:
                self._odds.clear()
            odds = self._odds[key] = self._new_odds(surface, aliases)
        return odds

    def _new_odds(self, surface: str, aliases: Sequence[int]) -> list[float]:
        budget.check()  # each is some tenths of a millisecond, and a text may be nothing but such spellings
        owner_of, type_of = self._index.alias_entity, self._index.entity_type
        families = [_FAMILIES[type_of[owner_of[alias]]] for alias in aliases]
        if families.count(families[0]) == len(families):
            return self._lookup.spelling_odds(surface, aliases, family=families[0])
        odds: dict[int, float] = {}
        for family in dict.fromkeys(families):
            some = [alias for alias, its in zip(aliases, families, strict=True) if its == family]
            odds.update(zip(some, self._lookup.spelling_odds(surface, some, family=family), strict=True))
        return [odds[alias] for alias in aliases]

    def _same_dressed(self, surface: str, alias: int) -> bool:
        """Surface and alias -> whether they are equal but for how their letters are dressed."""
        return _undressed(surface) == _undressed(self._index.alias(alias).form)

    def _ends_as_demonym(self, alias: int) -> bool:
        return self._index.alias(alias).form.endswith(ADJECTIVE)


@lru_cache(maxsize=1 << 16)
def _undressed(surface: str) -> str:
    """Surface -> its letters in their case, without marks, invisible characters and typographic dress."""
    return "".join(
        char for char in unicodedata.normalize("NFD", clean(surface)) if unicodedata.category(char) not in ("Mn", "Me")
    )


def _likely(spans: Iterable[Settled], least: float) -> Iterator[Settled]:
    """Spans with their readings -> those with readings of score `least` or more, with these."""
    for start, end, meant in spans:
        likely = [one for one in meant if one.score >= least]
        if likely:
            yield start, end, likely


def _place(span: Settled) -> tuple[int, int]:
    return span[0], span[1]
