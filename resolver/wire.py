"""What is answered over the wire: a struct for every answer, and the one place that turns our values into them.

The OpenAPI document is made from these structs, so a field that is added here is documented.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from aliases.entity import Alias, AliasKind, Entity, EntityType
from resolver import limits
from resolver.match import Candidate, MatchKind, Mention, Reason
from resolver.questions import Offsets

if TYPE_CHECKING:
    from resolver.judging import Suggestion

_SCORE_DIGITS = 4  # finer than any calibration, coarse enough that every machine writes the same digits

Truncated = Annotated[
    bool, Meta(description=f"only the first of over {limits.MENTIONS:,} mentions are here; entities counts all")
]
Generation = Annotated[str, Meta(description="id of the data generation that answers")]


class EntityRef(msgspec.Struct, frozen=True):
    """An entity in short."""

    id: str
    name: str
    type: EntityType
    lists: tuple[str, ...]


class CandidateAnswer(msgspec.Struct, frozen=True):
    """An entity that a name may mean, with the evidence."""

    entity: EntityRef
    score: Annotated[float, Meta(ge=0, le=1, description="calibrated: of candidates scored p, about p are right")]
    matched: Annotated[str, Meta(description="the surface form that won")]
    kind: MatchKind
    reasons: tuple[Reason, ...]


class LookupAnswer(msgspec.Struct, frozen=True):
    """Candidates for one name, best first; none when nothing fits."""

    name: str
    candidates: tuple[CandidateAnswer, ...]
    generation: Generation


class NameAnswer(msgspec.Struct, frozen=True):
    """Candidates for one of several names."""

    name: str
    candidates: tuple[CandidateAnswer, ...]


class LookupManyAnswer(msgspec.Struct, frozen=True):
    """Candidates for several names, in the order asked."""

    results: tuple[NameAnswer, ...]
    generation: Generation


class MentionAnswer(msgspec.Struct, frozen=True):
    """A surface form in the text, with the entity that it means."""

    start: Annotated[int, Meta(ge=0, description="first unit of the mention in the submitted text")]
    end: Annotated[int, Meta(ge=0, description="unit after its last")]
    surface: Annotated[str, Meta(description="the text from start to end, verbatim")]
    entity: EntityRef
    score: Annotated[float, Meta(ge=0, le=1)]
    matched: str
    kind: MatchKind
    alternatives: Annotated[tuple[EntityRef, ...], Meta(description="other entities that it could mean, best first")]


class EntityCount(msgspec.Struct, frozen=True):
    """How often one entity is mentioned."""

    id: str
    name: str
    type: EntityType
    count: Annotated[int, Meta(ge=1)]


class MentionsAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Mentions of one text by their start, and its entities by how often they are mentioned."""

    mentions: tuple[MentionAnswer, ...]
    entities: tuple[EntityCount, ...]
    generation: Generation
    truncated: Truncated = False


class FileAnswer(msgspec.Struct, frozen=True):
    """Mentions of one file, as the command line writes them."""

    file: str
    mentions: tuple[MentionAnswer, ...]
    entities: tuple[EntityCount, ...]
    generation: Generation


class DocumentAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Mentions of one of several texts."""

    id: str | int
    mentions: tuple[MentionAnswer, ...]
    entities: tuple[EntityCount, ...]
    truncated: Truncated = False


class DocumentsAnswer(msgspec.Struct, frozen=True):
    """Mentions of several texts, in the order sent."""

    documents: tuple[DocumentAnswer, ...]
    generation: Generation


class AliasAnswer(msgspec.Struct, frozen=True):
    """One surface form, with what is known about it and where it came from."""

    form: str
    kind: AliasKind
    lang: str
    script: str
    source: str
    case: bool


class EntityAnswer(msgspec.Struct, frozen=True):
    """One entity with everything known about it."""

    id: str
    type: EntityType
    name: str
    aliases: tuple[AliasAnswer, ...]
    lists: tuple[str, ...]
    properties: dict[str, Any]


class EntitiesAnswer(msgspec.Struct, frozen=True):
    """A page of entities by id."""

    entities: tuple[EntityAnswer, ...]
    cursor: Annotated[str, Meta(description="ask with it for the next page; empty on the last")]
    generation: Generation


class StatusAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Alive, or ready with a generation."""

    status: Literal["ok"]
    generation: str = ""
    refused: Annotated[str, Meta(description="why a newer generation is not served")] = ""


class WorkerAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one worker process answers from."""

    pid: int
    generation: str
    refused: Annotated[str, Meta(description="why it does not serve a newer one")] = ""


class ReloadAnswer(msgspec.Struct, frozen=True):
    """The generation that answers now, and what each worker says."""

    generation: Generation
    workers: tuple[WorkerAnswer, ...]


class VersionAnswer(msgspec.Struct, frozen=True):
    """What answers here: versions, data generation, limits."""

    name: str
    version: str
    generation: Annotated[str | None, Meta(description="null when no generation is loaded")]
    road: Annotated[Literal["compiled", "interpreted"], Meta(description="how the hot path runs")]
    versions: Annotated[dict[str, str], Meta(description="of the parts that an answer depends on")]
    limits: dict[str, int]


class FieldProblem(msgspec.Struct, frozen=True):
    """One thing wrong with one place of the request."""

    pointer: Annotated[str, Meta(description="JSON pointer into the body, or `/` and the query parameter")]
    detail: str


class ProblemAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A failure as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldProblem, ...] = ()


class LineProblem(msgspec.Struct, frozen=True):
    """What stands in a stream in place of the answer to a bad line."""

    error: ProblemAnswer
    line: Annotated[int, Meta(ge=1, description="number of the line, counted from 1")]


class MergeSuggestion(msgspec.Struct, frozen=True):
    """Two entities of different lists that may be one."""

    keep: Annotated[EntityRef, Meta(description="the one that both would be known as")]
    other: EntityRef
    score: Annotated[float, Meta(ge=0, le=1)]
    reasons: tuple[Reason, ...]
    names: Annotated[tuple[str, str], Meta(description="of the two, in their order, that were found to be alike")]


def merge_suggestion(found: Suggestion) -> MergeSuggestion:
    """Suggestion -> its wire form."""
    reasons = tuple(Reason(why.feature, round(why.value, _SCORE_DIGITS), why.text) for why in found.reasons)
    return MergeSuggestion(entity_ref(found.keep), entity_ref(found.other), found.score, reasons, found.names)


def entity_ref(entity: Entity) -> EntityRef:
    """Entity -> its short form."""
    return EntityRef(entity.id, entity.name, entity.type, tuple(sorted(entity.lists)))


def entity_answer(entity: Entity) -> EntityAnswer:
    """Entity -> its long form, every alias with its source."""
    aliases = tuple(_alias(alias) for alias in entity.aliases)
    properties = {key: entity.properties[key] for key in sorted(entity.properties)}
    return EntityAnswer(entity.id, entity.type, entity.name, aliases, tuple(sorted(entity.lists)), properties)


def _alias(alias: Alias) -> AliasAnswer:
    return AliasAnswer(alias.form, alias.kind, alias.lang, alias.script, alias.source, alias.case)


def candidate_answers(candidates: Iterable[Candidate]) -> tuple[CandidateAnswer, ...]:
    """Candidates -> their wire form, order kept, scores rounded to four digits."""
    return tuple(
        CandidateAnswer(
            entity_ref(found.entity), round(found.score, _SCORE_DIGITS), found.matched, found.kind,
            tuple(Reason(why.feature, round(why.value, _SCORE_DIGITS), why.text) for why in found.reasons),
        )
        for found in candidates
    )  # fmt: skip


def mention_answers(text: str, mentions: Sequence[Mention], *, offsets: Offsets = "codepoint") -> tuple[MentionAnswer, ...]:
    """Mentions of a text -> their wire form with `start` and `end` counted in the unit `offsets`."""
    unit = _units(text, mentions, offsets)
    return tuple(
        MentionAnswer(
            unit.get(found.start, found.start), unit.get(found.end, found.end), found.surface,
            entity_ref(found.entity), round(found.score, _SCORE_DIGITS), found.matched, found.kind,
            tuple(entity_ref(other) for other in found.alternatives),
        )
        for found in mentions
    )  # fmt: skip


def _units(text: str, mentions: Sequence[Mention], offsets: Offsets) -> dict[int, int]:
    """Code point positions of the mentions -> the same positions in another unit, in one pass over the text."""
    if offsets == "codepoint" or (text.isascii()):
        return {}
    encoding, size = ("utf-16-le", 2) if offsets == "utf16" else ("utf-8", 1)
    found: dict[int, int] = {}
    last = total = 0
    for position in sorted({place for mention in mentions for place in (mention.start, mention.end)}):
        total += len(text[last:position].encode(encoding, "surrogatepass")) // size
        found[position] = total
        last = position
    return found


def entity_counts(mentions: Iterable[Mention]) -> tuple[EntityCount, ...]:
    """Mentions -> the entities they mean, most mentioned first, then by id."""
    counts: dict[str, int] = {}
    entities: dict[str, Entity] = {}
    for found in mentions:
        counts[found.entity.id] = counts.get(found.entity.id, 0) + 1
        entities[found.entity.id] = found.entity
    ids = sorted(counts, key=lambda entity_id: (-counts[entity_id], entity_id))
    return tuple(EntityCount(key, entities[key].name, entities[key].type, counts[key]) for key in ids)


def encode(answer: msgspec.Struct) -> bytes:
    """Answer -> its JSON in UTF-8, the same bytes for the same answer everywhere."""
    return _ENCODER.encode(answer)


_ENCODER = msgspec.json.Encoder()
