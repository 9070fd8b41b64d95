"""A text -> its mentions: scan, hold every hit against the original text, weigh it in its place, settle overlaps.

The scanner proposes spans whose folded tokens are those of a listed form, `resolver.variants` those of unlisted spellings. What
decides is the original text: case and gaps inside the span, then what stands around it and what else the document mentions
(`resolver.context`), weighed by a fitted model.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Literal

from aliases import fold
from aliases.entity import ENTITY_TYPES, Alias
from resolver.context import ALIKE, NOT_ALIKE, Document, Reading, Rivals, Surroundings, evidence, surroundings
from resolver.entries import COREFERENCE, MIN_LETTERS
from resolver.index import Index
from resolver.listed import KINDS, Listed
from resolver.lookup import Lookup
from resolver.match import MatchKind, Mention
from resolver.mention_model import MentionModel, shipped
from resolver.overlaps import leftmost_longest, settled
from resolver.prepare import family_of
from resolver.telling import Meant, Settled, Teller
from resolver.variants import Proposal, Variants

Overlaps = Literal["longest", "all"]

SURE_COST = 0.15  # of an unlisted spelling of a full name, for its surname to be followed through the document
BESIDE = 12  # characters between a span and a listed form that is close by
FAINT = 0.02  # score of a reading that is told beside the mention that it overlaps
_DEFINED = re.compile(
    r"\s{0,2}\(\s?[\"“'‘«]?([^\W\d_a-z][^\W_a-z]{1,8})[\"”'’»]?\s?[),;]"
)  # an acronym in brackets, behind a name
_DEFINING = re.compile(r"(?<!\w)([^\W\d_a-z][^\W_a-z]{1,8})\s{0,2}\($")  # and one before a name in brackets
_LOWER_WORD = re.compile(r"[^\W\d_A-Z]{2,}")


@dataclass(frozen=True, slots=True)
class Considered:
    """A reading of a span of the scanned text, with the evidence for it."""

    start: int
    end: int
    reading: Reading
    evidence: list[float]


class MentionFinder:
    """Finds mentions of the entities of one index."""

    def __init__(self, index: Index, *, model: MentionModel | None = None, lookup: Lookup | None = None) -> None:
        self._index = index
        self._lookup = lookup or Lookup(index)
        self._model = model or shipped()
        self._form_of = lru_cache(maxsize=65536)(index.alias)
        self._teller = Teller(index)
        self._listed = Listed(index, self._teller)
        self._variants = Variants(index.arrays, self._listed.forms, self._model.gate)

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
            return self._listed.sure(text, types, lists, longest=overlaps != "all")
        plain, scored = self._weighed(text, types, lists)
        spans = _spans(scored, self._model.operating_point if min_score is None else min_score)
        chosen = map(_settled, leftmost_longest(spans, _place))
        if overlaps == "all":
            return self._teller.tell(text, plain, map(_settled, spans), sure=chosen)
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
            every = self._listed.sure(text, types, lists, longest=False)
            return settled(every), every
        plain, scored = self._weighed(text, types, lists)
        spans = _spans(scored, self._model.operating_point if min_score is None else min_score)
        chosen = list(map(_settled, leftmost_longest(spans, _place)))
        told = self._teller.tell(text, plain, chosen)
        return told, self._teller.tell(text, plain, map(_settled, _spans(scored, FAINT)), sure=chosen)

    def _weighed(
        self, text: str, types: Collection[str] | None, lists: Collection[str] | None
    ) -> tuple[fold.Folded, list[tuple[Considered, float]]]:
        """Text -> its undisguised form, and every reading of every span of that with its score, by start, then end."""
        plain = fold.undisguise(text)
        considered = self.consider(plain.text, types=types, lists=lists)
        scores = self._model.probabilities([found.evidence for found in considered])
        return plain, list(zip(considered, scores, strict=True))

    def consider(
        self, text: str, *, types: Collection[str] | None = None, lists: Collection[str] | None = None
    ) -> list[Considered]:
        """Undisguised text -> every reading of every span that its own letters allow, with its evidence, by start, then end."""
        spans = self._read_spans(text, types, lists)
        arounds = [surroundings(text, start, end) for start, end, _ in spans]
        document = _document(text, spans, arounds)
        considered = []
        for at, (start, end, readings) in enumerate(spans):
            inside = any(
                s <= start and end <= e and e - s > end - start and r[0].variant is None
                for s, e, r in spans[max(0, at - 4) : at + 5]
            )
            around, beside = arounds[at], _types_beside(spans, at)
            for reading in readings:
                row = evidence(reading, around, document, _rivals(reading, readings, beside, inside=inside))
                considered.append(Considered(start, end, reading, row))
        return considered

    def proposed(self, text: str) -> list[tuple[int, int, int, list[float]]]:
        """Undisguised text -> start, end and alias of every unlisted spelling that is proposed in it, and what the gate looks at."""
        with self._listed.room(text) as (room, found):
            self._listed.read(room, found, text, *self._listed.wanted(None, None))
            return self._variants.looks(room, found, text)

    def _read_spans(
        self, text: str, types: Collection[str] | None, lists: Collection[str] | None
    ) -> list[tuple[int, int, list[Reading]]]:
        """Text -> spans with their readings, one of each entity, by start, then end."""
        spans: dict[tuple[int, int], dict[int, Reading]] = defaultdict(dict)
        wanted = self._listed.wanted(types, lists)
        with self._listed.room(text) as (room, found):
            rows, _ = self._listed.read(room, found, text, *wanted)
            proposals = self._variants.propose(room, found, text, *wanted)
        for start, end, alias, owner, closeness, begin in rows:
            spans[start, end][owner] = self._reading(alias, KINDS[closeness], text[begin:end], None)
        self._add_variants(text, spans, proposals)
        _drop_suffixed(text, spans)
        self._add_surnames(text, spans)
        self._add_acronyms(text, spans)
        return [(start, end, list(readings.values())) for (start, end), readings in sorted(spans.items())]

    def _add_variants(
        self,
        text: str,
        spans: dict[tuple[int, int], dict[int, Reading]],
        proposals: Sequence[tuple[int, int, Sequence[Proposal]]],
    ) -> None:
        """Spans of listed forms -> and beside them those that may be unlisted spellings."""
        for start, end, rivals in proposals:
            if (start, end) not in spans:
                spans[start, end] = self._read_variants(text[start:end], rivals)

    def _read_variants(self, surface: str, proposals: Sequence[Proposal]) -> dict[int, Reading]:
        """Surface and what it may be a spelling of -> readings by entity, each with what the names model thinks of it."""
        families: dict[str, list[int]] = defaultdict(list)
        for proposal in proposals:
            families[self._family_of(proposal.alias)].append(proposal.alias)
        odds = {
            alias: value
            for family, aliases in families.items()
            for alias, value in zip(aliases, self._lookup.spelling_odds(surface, aliases, family=family), strict=True)
        }
        readings = (self._reading(found.alias, "fuzzy", surface, found, alike=odds[found.alias]) for found in proposals)
        return {reading.entity: reading for reading in readings}

    def _add_surnames(self, text: str, spans: dict[tuple[int, int], dict[int, Reading]]) -> None:
        """Spans of full names of persons -> and beside them where the document goes on with the surname alone."""
        surnames: dict[str, dict[int, Reading]] = defaultdict(dict)
        for (start, end), readings in spans.items():
            words = text[start:end].split()
            if len(words) < 2 or len(words[-1]) < MIN_LETTERS or words[-1].islower():
                continue
            for owner, reading in readings.items():
                if reading.type == "person" and _is_sure(reading):
                    surnames[words[-1]][owner] = reading
        self._add_coreferences(text, spans, surnames)

    def _add_acronyms(self, text: str, spans: dict[tuple[int, int], dict[int, Reading]]) -> None:
        """Spans of names beside which the text defines an acronym, `Free Idlib Army (FIA)` or `FIA (Free Idlib Army)`, -> and
        beside them where the document goes on with the acronym."""
        acronyms: dict[str, dict[int, Reading]] = defaultdict(dict)
        for (start, end), readings in spans.items():
            acronym = _acronym_beside(text, start, end)
            for owner, reading in readings.items() if acronym else ():
                if reading.type != "person" and _is_sure(reading) and len(reading.surface) > len(acronym):
                    acronyms[acronym][owner] = reading
        self._add_coreferences(text, spans, acronyms)

    def _add_coreferences(
        self, text: str, spans: dict[tuple[int, int], dict[int, Reading]], short: Mapping[str, Mapping[int, Reading]]
    ) -> None:
        """Short forms, each with the entities that it stands for in this document -> a reading wherever one stands by itself."""
        within = _Within(spans) if short else None
        for surface, owners in short.items():
            for found in re.finditer(rf"(?<!\w){re.escape(surface)}(?!\w)", text):
                if not (within and within.a_longer_span(*found.span())):
                    for owner, full in owners.items():
                        proposal = Proposal(*found.span(), full.alias, COREFERENCE, 0.0, 0.0, 1, len(surface), ending=False)
                        spans[found.span()].setdefault(owner, self._reading(full.alias, "variant", surface, proposal))

    def _family_of(self, number: int) -> str:
        return family_of(ENTITY_TYPES[self._index.entity_type[self._index.alias_entity[number]]])

    def _reading(self, number: int, kind: MatchKind, surface: str, variant: Proposal | None, *, alike: float = 0.0) -> Reading:
        owner = self._index.alias_entity[number]
        alias: Alias = self._form_of(number)
        type_ = ENTITY_TYPES[self._index.entity_type[owner]]
        return Reading(
            number, owner, kind, alias.kind, type_, surface, alias.form, alias.case, self._index.aliases_of(owner), variant,
            alike,
        )  # fmt: skip


class _Within:
    """Spans by start, and how far those up to each reach."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._reach = list(accumulate((end for _, end in self._spans), max))

    def a_longer_span(self, start: int, end: int) -> bool:
        """Span -> whether one of the spans covers more than it and all of it."""
        before = bisect_left(self._spans, (start, 0))
        if before and self._reach[before - 1] >= end:
            return True
        last = bisect_left(self._spans, (start + 1, 0))
        return last > before and self._spans[last - 1][1] > end


def _acronym_beside(text: str, start: int, end: int) -> str:
    """Text and a span -> the acronym that is defined beside it, '' when there is none."""
    found = _DEFINED.match(text, end)
    if not found and text[end : end + 1] == ")":
        found = _DEFINING.search(text, max(0, start - 14), start)
    return found[1] if found else ""


def _is_sure(reading: Reading) -> bool:
    """Whether a reading is close enough to a listed form for what the document calls it in short to be followed."""
    return reading.variant is None or (reading.variant.mean_cost < SURE_COST and reading.variant.form_left == 0)


def _drop_suffixed(text: str, spans: dict[tuple[int, int], dict[int, Reading]]) -> None:
    """Where a name with an ending behind an apostrophe (`Afrin'e`) is also a form, the name alone is the span.

    Unless the whole is the listed form (`Ma'an`) and its beginning only a way to write it.
    """
    for start, end in list(spans):
        cut = re.search("['’]", text[start:end])
        shorter = spans.get((start, start + cut.start())) if cut else None
        if shorter:
            whole = spans[start, end]
            for owner in shorter.keys() & whole.keys():
                if whole[owner].kind not in ("exact", "folded") or shorter[owner].kind in ("exact", "folded"):
                    del whole[owner]
            if not whole:
                del spans[start, end]


def _types_beside(spans: Sequence[tuple[int, int, list[Reading]]], at: int) -> frozenset[str]:
    """Spans and the place of one -> types of the entities that listed forms a few words away may mean."""
    start, end, _ = spans[at]
    near = (
        readings
        for s, e, readings in spans[max(0, at - 4) : at + 5]
        if (e <= start and start - e <= BESIDE) or (end <= s and s - end <= BESIDE)
    )
    return frozenset(reading.type for readings in near for reading in readings if reading.variant is None)


def _rivals(reading: Reading, readings: Sequence[Reading], beside: frozenset[str], *, inside: bool) -> Rivals:
    others = [other for other in readings if other.entity != reading.entity]
    return Rivals(
        entities=len(readings),
        aliases=max((other.aliases for other in others), default=reading.aliases),
        cost=min((other.variant.mean_cost if other.variant else 0.0 for other in others), default=1.0),
        alike=max((other.alike if other.variant else ALIKE for other in others), default=NOT_ALIKE),
        inside=inside,
        beside=beside,
    )


def _document(text: str, spans: Sequence[tuple[int, int, list[Reading]]], arounds: Sequence[Surroundings]) -> Document:
    surfaces: Counter[str] = Counter()
    hints: dict[str, tuple[int, int]] = {}
    entities: dict[int, Counter[str]] = defaultdict(Counter)
    for (start, end, readings), around in zip(spans, arounds, strict=True):
        surface = text[start:end]
        surfaces[surface] += 1
        person, place = hints.get(surface, (0, 0))
        hints[surface] = person + around.person, place + around.place
        for reading in readings:
            if reading.variant is None:
                entities[reading.entity][reading.surface] += 1
    lower = {word: _count_word(text, word) for word in {surface.lower() for surface in surfaces} if word in text}
    return Document(surfaces, lower, entities, hints)


def _count_word(text: str, word: str) -> int:
    """Text and a word in lower case -> how often it stands there by itself; 0 for what is more than one word."""
    if not _LOWER_WORD.fullmatch(word):
        return 0
    count, size, at = 0, len(word), text.find(word)
    while at >= 0:
        left, right = text[at - 1 : at] if at else "", text[at + size : at + size + 1]
        joined = left.isalnum() or right.isalnum() or (left and left in "_'’-") or (right and right in "_-")
        count += not joined
        at = text.find(word, at + size)
    return count


def _spans(scored: Iterable[tuple[Considered, float]], least: float) -> list[list[tuple[Considered, float]]]:
    """Readings with their scores, by start, then end -> those of score `least` or more, span by span."""
    kept = (pair for pair in scored if pair[1] >= least)
    return [list(group) for _, group in groupby(kept, key=lambda pair: (pair[0].start, pair[0].end))]


def _place(span: Sequence[tuple[Considered, float]]) -> tuple[int, int]:
    return span[0][0].start, span[0][0].end


def _settled(span: Sequence[tuple[Considered, float]]) -> Settled:
    first = span[0][0]
    meant = [Meant(score, found.reading.alias, found.reading.entity, found.reading.kind) for found, score in span]
    return first.start, first.end, meant
