"""The HTTP door to changes, all with a token that may write: a list sent in, an entity corrected, two judged to be one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from flask import Flask, Response
from msgspec import Meta

from aliases import corrections, judgements, sources
from aliases.assemble import assemble
from aliases.corrections import Correction
from aliases.entity import MAX_ID, Alias, AliasKind, Entity, EntityType
from aliases.errors import InvalidError, NotReadyError
from aliases.judgements import Judgement, Verdict
from aliases.store import FILE, Store, check_list_name
from resolver import access, answered, asking, by_hand, judging, limits, publish, questions, received
from resolver.by_hand import Put
from resolver.judging import Judged
from resolver.operations import ASKED, JSON, NDJSON, POSTED, Operation
from resolver.publish import Summary

if TYPE_CHECKING:
    from resolver.resolve import Resolver

NAMES = 100  # that one change adds or drops
FIELDS = 50  # that one change sets
ALIASES = 1_000  # of an entity that is put
FORMATS = sorted(sources.FORMATS.keys() - {"seeds"})  # seeds are a folder
_WRITTEN = (*POSTED[:1], 404, 409, *POSTED[1:])

Id = Annotated[str, Meta(min_length=1, max_length=MAX_ID)]
Form = Annotated[str, Meta(min_length=1, max_length=limits.NAME_CHARS)]
Note = Annotated[str, Meta(max_length=judgements.MAX_TEXT, description="why")]


class AddedName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One more name for an entity."""

    form: Form
    kind: AliasKind = "alias"
    lang: Annotated[str, Meta(max_length=35)] = ""
    case: bool = False


class CorrectionRequest(questions.Asked, frozen=True, kw_only=True):
    """Body of a correction: names that are added or not used, fields that have another value (null removes a property)."""

    add: Annotated[tuple[AddedName, ...], Meta(max_length=NAMES)] = ()
    drop: Annotated[tuple[Form, ...], Meta(max_length=NAMES)] = ()
    set: Annotated[dict[str, Any], Meta(max_length=FIELDS)] = msgspec.field(default_factory=dict)
    note: Note = ""


class PutRequest(questions.Asked, frozen=True, kw_only=True):
    """Body that an entity is put with: all that is to be known of it."""

    name: Form
    type: EntityType = "other"
    aliases: Annotated[tuple[Form | AddedName, ...], Meta(max_length=ALIASES)] = ()
    properties: Annotated[dict[str, Any], Meta(max_length=FIELDS)] = msgspec.field(default_factory=dict)
    note: Note = ""


class RemovalQuery(questions.Asked, frozen=True, kw_only=True):
    """Query string of a removal."""

    note: Note = ""


class CorrectionAnswer(msgspec.Struct, frozen=True):
    """What was corrected, and the generation that answers now."""

    corrections: tuple[Correction, ...]
    generation: str


class JudgementRequest(questions.Asked, frozen=True, kw_only=True):
    """Body of a judgement: the entity that is kept, those that are (not) one with it."""

    keep: Id
    others: Annotated[list[Id], Meta(min_length=1, max_length=NAMES)]
    verdict: Verdict = "same"
    note: Note = ""
    score: Annotated[float, Meta(ge=0, le=1, description="of the suggestion that this answers")] | None = None


class JudgementsAnswer(msgspec.Struct, frozen=True):
    """The judgements that hold, in the order of judging."""

    judgements: tuple[Judgement, ...]


class SentListQuery(questions.Asked, frozen=True, kw_only=True):
    """Query string of a list that is sent in."""

    format: Annotated[str, Meta(max_length=40, description="as `aka import` takes it", extra_json_schema={"enum": FORMATS})] = (
        "jsonl"
    )
    force: Annotated[Literal["0", "1"], Meta(description="1: take it though it differs suspiciously from its last version")] = "0"


OPERATIONS = (
    Operation(
        method="post", path="/lists/{list}", summary="Send the newest version of a list in: all of it is taken, or nothing",
        description="The body is the list in the format named, not packed by the transfer; a larger one is for `aka import`.",
        query=SentListQuery, bodies=((NDJSON, (), '{"id": "islamic-state", "name": "Islamic State", "type": "organization"}\n'),),
        answers=((JSON, (Summary,)),), refuses=_WRITTEN, example=(("list", "sent"), ("format", "jsonl")), needs="write",
    ),
    Operation(
        method="patch", path="/entities/{id}", summary="Correct an entity by hand; it holds over new versions of its lists",
        bodies=((JSON, (CorrectionRequest,), {"add": [{"form": "IS group"}], "note": "in the press"}),),
        answers=((JSON, (CorrectionAnswer,)),), refuses=_WRITTEN, example=(("id", "islamic-state"),), needs="write",
    ),
    Operation(
        method="put", path="/entities/{id}", summary="An entity as it is to be: corrected where a list has it, else brought",
        description="What its lists newly say of it later comes on top. An entity that no list has stands on the list `by-hand`.",
        bodies=((JSON, (PutRequest,), {"name": "Deir ez-Zor", "type": "place", "aliases": ["Deir al-Zor"]}),),
        answers=((JSON, (Put,)),), refuses=_WRITTEN, example=(("id", "deir-ez-zor"),), needs="write",
    ),
    Operation(
        method="delete", path="/entities/{id}", summary="An entity is not served any more, whatever lists have it; PUT brings it back",
        query=RemovalQuery, answers=((JSON, (CorrectionAnswer,)),), refuses=(*ASKED[:1], 404, 409, *ASKED[1:]),
        example=(("id", "evil"),), needs="write",
    ),
    Operation(
        method="get", path="/judgements", summary="What persons said of two entities: one, or two",
        answers=((JSON, (JudgementsAnswer,)),), refuses=ASKED,
    ),
    Operation(
        method="post", path="/judgements", summary="Say that entities of several lists are one, or are not, or take that back",
        bodies=((JSON, (JudgementRequest,), {"keep": "deir-ez-zor", "others": ["state"], "verdict": "different"}),),
        answers=((JSON, (Judged,)),), refuses=_WRITTEN, needs="write",
    ),
)  # fmt: skip


def add(app: Flask, opened: Callable[[], Resolver]) -> None:
    """Application and the resolver's source -> changes are taken, each as a whole, and noted with who made it."""

    @app.post("/lists/<of_list>")
    @access.require("write")
    def list_sent(of_list: str) -> Response:
        asked = received.query(SentListQuery)
        check_list_name(of_list)
        return answered.json(_imported(_data(opened()), of_list, asked))

    @app.patch("/entities/<of_id>")
    @access.require("write")
    def entity_corrected(of_id: str) -> Response:
        received.query(questions.NoQuery)
        return answered.json(_corrected(_data(opened()), of_id, asking.body(received.json_body(), CorrectionRequest)))

    @app.put("/entities/<of_id>")
    @access.require("write")
    def entity_put(of_id: str) -> Response:
        received.query(questions.NoQuery)
        asked = asking.body(received.json_body(), PutRequest)
        who = access.caller().who
        return answered.json(by_hand.put(_data(opened()), _entity(of_id, asked, who), by=who, note=asked.note))

    @app.delete("/entities/<of_id>")
    @access.require("write")
    def entity_removed(of_id: str) -> Response:
        asked = received.query(RemovalQuery)
        made, generation = by_hand.remove(_data(opened()), of_id, by=access.caller().who, note=asked.note)
        return answered.json(CorrectionAnswer((made,), generation))

    @app.get("/judgements")
    def judged() -> Response:
        received.query(questions.NoQuery)
        with Store.open(_data(opened()) / FILE) as store:
            return answered.json(JudgementsAnswer(tuple(judgements.in_force(judgements.recorded(store)))))

    @app.post("/judgements")
    @access.require("write")
    def judge() -> Response:
        received.query(questions.NoQuery)
        asked = asking.body(received.json_body(), JudgementRequest)
        who = access.caller().who
        data = _data(opened())
        made = judging.judge(data, asked.keep, asked.others, verdict=asked.verdict, by=who, note=asked.note, score=asked.score)
        return answered.json(made)


def _imported(data: Path, list_name: str, asked: SentListQuery) -> Summary:
    """The body of this request -> the list's next version."""
    if asked.format not in FORMATS:
        raise InvalidError(f"format {asked.format!a} is unknown here: use one of {' '.join(FORMATS)}")
    raw = received.body(fix="give the file to `aka import`")
    with tempfile.TemporaryDirectory(prefix="aka-sent-") as folder:
        file = Path(folder) / "list"
        file.write_bytes(raw)
        source = f"sent by {access.caller().who}"
        return publish.import_list(
            data, format=asked.format, file=file, list_name=list_name, force=asked.force == "1", source=source
        )


def _corrected(data: Path, identifier: str, asked: CorrectionRequest) -> CorrectionAnswer:
    if not (asked.add or asked.drop or asked.set):
        raise InvalidError("the correction changes nothing: send add, drop or set")
    who = {"by": access.caller().who, "note": asked.note}

    def change(store: Store) -> list[Correction]:
        judging.check_known(store, {identifier})
        source = f"by hand: {who['by']}"
        with store.transaction():  # all of them, or none
            added = [Alias(one.form, kind=one.kind, lang=one.lang, source=source, case=one.case) for one in asked.add]
            made = [corrections.add_name(store, identifier, alias, **who) for alias in added]
            made += [corrections.drop_name(store, identifier, form, **who) for form in asked.drop]
            made += [corrections.set_field(store, identifier, field, value, **who) for field, value in asked.set.items()]
        return made

    made, generation = publish.amend(data, change)
    return CorrectionAnswer(tuple(made), generation)


def _entity(identifier: str, asked: PutRequest, who: str) -> Entity:
    """Id and body -> the entity that is put; InvalidError for what an entity cannot be."""
    for name, value in asked.properties.items():
        corrections.check_property(name, value)
    names = (AddedName(one) if isinstance(one, str) else one for one in asked.aliases)
    source = f"by hand: {who}"
    aliases = [Alias(one.form, kind=one.kind, lang=one.lang, source=source, case=one.case) for one in names]
    return assemble(identifier, entity_type=asked.type, name=asked.name, aliases=aliases, properties=asked.properties)


def _data(resolver: Resolver) -> Path:
    if resolver.record is None:
        raise NotReadyError("the shipped seeds cannot be changed here: serve a data directory that `aka import` made")
    return resolver.record.parent
