"""What `resolver.weighing` must consider, in the obvious way: dictionaries of readings, a regular expression for each short form."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from surfaces import with_article

from aliases.entity import ENTITY_TYPES
from resolver import trees
from resolver.entries import COREFERENCE, MIN_LETTERS
from resolver.gating import GATE_NAMES
from resolver.index import Index
from resolver.listed import Listed
from resolver.lookup import Lookup
from resolver.match import MatchKind
from resolver.mention_model import shipped
from resolver.prepare import family_of
from resolver.readings import KINDS
from resolver.variants import Gate, Variants
from tests.resolver.obvious_evidence import ALIKE, NOT_ALIKE, Document, Reading, Rivals, Surroundings, evidence, surroundings
from tests.resolver.obvious_proposals import Proposal

SURE_COST = 0.15  # of an unlisted spelling of a full name, for its surname to be followed through the document
BESIDE = 12  # characters between a span and a listed form that is close by
MAX_RIVALS = 6  # entities that one unlisted spelling is weighed for
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


class ObviousFinder:
    """Considers the readings of texts by one index; what listed forms and proposals there are is taken from the compiled modules."""

    def __init__(self, index: Index) -> None:
        self._index, self._lookup = index, Lookup(index)
        self._listed = Listed(index)
        self._gate = shipped().gate
        self._variants = Variants(index.arrays, self._listed.forms, self._gate)

    def _proposals(self, looks: Sequence[tuple[int, int, int, list[float]]], text: str) -> list[tuple[int, int, list[Proposal]]]:
        """Proposals with what the gate looks at -> spans of which one passes, each with the nearest of the nearest entities."""
        spans: dict[tuple[int, int], list[tuple[int, int, int, list[float]]]] = defaultdict(list)
        for look in looks:
            spans[with_article(text, look[0]), look[1]].append(look)
        passing = {span: some for span, some in spans.items() if any(passes(self._gate, look[3]) for look in some)}
        return [(start, end, self._nearest(some)) for (start, end), some in passing.items()]

    def _nearest(self, looks: Sequence[tuple[int, int, int, list[float]]]) -> list[Proposal]:
        nearest: dict[int, Proposal] = {}
        for proposal in sorted((proposal_of(*look) for look in looks), key=distance):
            nearest.setdefault(self._index.alias_entity[proposal.alias], proposal)
        return list(nearest.values())[:MAX_RIVALS]

    def consider(self, text: str) -> list[Considered]:
        """Undisguised text -> every reading of every span that its own letters allow, with its evidence, by start, then end."""
        spans = self._read_spans(text)
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

    def _read_spans(self, text: str) -> list[tuple[int, int, list[Reading]]]:
        """Text -> spans with their readings, one of each entity, by start, then end."""
        spans: dict[tuple[int, int], dict[int, Reading]] = defaultdict(dict)
        with self._listed.room(text) as (room, found):
            rows, _ = self._listed.read(room, found, text, *self._listed.wanted(None, None))
            proposals = self._proposals(self._variants.looks(room, found, text), text)
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
        alias = self._index.alias(number)
        type_ = ENTITY_TYPES[self._index.entity_type[owner]]
        return Reading(
            number, owner, kind, alias.kind, type_, surface, alias.form, alias.case, self._index.aliases_of(owner), variant,
            alike,
        )  # fmt: skip


def passes(gate: Gate | None, look: Sequence[float]) -> bool:
    """What the gate looks at -> whether it lets the proposal through."""
    if gate is None:
        return True
    odds = array("f", [0.0])
    trees.add_trees(gate.forest, memoryview(array("f", look)), 1, memoryview(odds))
    return odds[0] >= gate.least


def proposal_of(start: int, end: int, alias: int, look: Sequence[float]) -> Proposal:
    """What the gate looks at -> the proposal that it is of."""
    seen = dict(zip(GATE_NAMES, look, strict=True))
    numbers = [int(seen[name]) for name in ("entered", "words", "skeleton", "text_left")]
    costs = seen["mean_cost"], seen["worst_cost"]
    return Proposal(
        start, end, alias, numbers[0], *costs, numbers[1], numbers[2], bool(seen["ending"]), seen["form_left"], numbers[3]
    )


def distance(found: Proposal) -> float:
    """Proposal -> how far the spelling is from the form, all told."""
    return found.mean_cost + 0.5 * found.form_left + 0.25 * found.text_left


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
