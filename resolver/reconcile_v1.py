"""The Reconciliation Service API 1.0 (draft) over HTTP: `/reconcile/v1` for all, `/reconcile/LIST/v1` for one list."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from flask import Blueprint, Flask, Response, request

from resolver import access, asking, questions, received
from resolver import reconciliation_v1 as said
from resolver.about import versions
from resolver.operations import ASKED, JSON, POSTED, Operation
from resolver.reconcile import BATCH, PREVIEW_HEIGHT, PREVIEW_WIDTH, ROOT, SETTINGS, Door, framed, key_in_address, suggested
from resolver.reconciliation import Authentication, Proposal, ProposeQuery, SuggestQuery
from resolver.reconciling import TYPES
from resolver.reconciling_v1 import ReconcilerV1, languages

Asked = TypeVar("Asked", bound=questions.Asked)


def add(app: Flask, door: Door) -> None:
    """Application and what answers for 0.2 -> the routes of this door are added."""
    app.register_blueprint(_routes(door, "reconcile_v1"), url_prefix=f"{ROOT}/v1")
    app.register_blueprint(_routes(door, "reconcile_list_v1"), url_prefix=f"{ROOT}/<on_list>/v1")


def _routes(door: Door, name: str) -> Blueprint:
    routes = Blueprint(name, __name__)

    def answering(on_list: str | None) -> ReconcilerV1:
        return ReconcilerV1(door(on_list), languages=languages(request.headers.get("Accept-Language", "")))

    @routes.get("")
    @access.told_to_all(when=lambda: True)
    def get_root(on_list: str | None = None) -> Response:
        door.check_told(on_list)
        return _json(_manifest(on_list))

    @routes.post("/match")
    def match(on_list: str | None = None) -> Response:
        asked = asking.body(received.json_body(fix=f"send {BATCH} queries at once"), said.BatchV1)
        answerer = answering(on_list)
        return _json(said.ResultsV1(tuple(answerer.answer(query) for query in asked.queries)))

    @routes.post("/extend")
    def extend(on_list: str | None = None) -> Response:
        asked = asking.body(received.json_body(fix=f"send {BATCH} queries at once"), said.ExtensionV1)
        return _json(answering(on_list).extended(asked))

    @routes.get("/extend/propose")
    def propose(on_list: str | None = None) -> Response:
        return _json(door(on_list).proposal(received.query(ProposeQuery, lenient=True)))

    @routes.get("/preview")
    def preview(on_list: str | None = None) -> Response:
        return framed(door(on_list), received.query(said.PreviewQuery, lenient=True).id)

    @routes.get("/suggest/entity")
    def suggest_entity(on_list: str | None = None) -> Response:
        asked = received.query(said.SuggestV1Query, lenient=True)
        return _json(answering(on_list).entities(asked.prefix, offset=asked.offset, limit=asked.limit))

    @routes.get("/suggest/property")
    def suggest_property(on_list: str | None = None) -> Response:
        return _json(_suggested(door(on_list).properties(), "property"))

    @routes.get("/suggest/type")
    def suggest_type(on_list: str | None = None) -> Response:
        door.check(on_list)
        return _json(_suggested(TYPES, "type"))

    return routes


def _suggested(known: Any, kind: str) -> said.SuggestionsV1:
    asked = received.query(said.SuggestV1Query, lenient=True)
    found = suggested(known, kind, SuggestQuery(prefix=asked.prefix), limit=None).result[asked.offset :][: asked.limit]
    return said.SuggestionsV1(tuple(said.SuggestionV1(one.id, one.name, one.description) for one in found))


def _manifest(on_list: str | None) -> said.ManifestV1:
    host = request.root_url.rstrip("/")
    root = f"{host}{ROOT}" + (f"/{on_list}" if on_list else "") + "/v1"
    return said.ManifestV1(
        versions=said.VERSIONS,
        name=f"aka: {on_list}" if on_list else "aka",
        documentation=f"{host}/docs",
        service_version=versions()["aka-resolver"],
        logo=f"{host}/static/icon.svg",
        view=said.ViewV1(f"{root}/preview?id={{id}}{key_in_address().replace('?', '&')}"),
        default_types=TYPES,
        batch_size=BATCH,
        suggest=said.SuggestsV1(entity=True, property=True, type=True),
        preview=said.PreviewV1(PREVIEW_WIDTH, PREVIEW_HEIGHT),
        extend=said.ExtendV1(True, tuple(said.SettingV1(one.name, one.label, one.type, one.default, one.help_text) for one in SETTINGS)),
        standardized_score=True,
        lang="en",
        dir="ltr",
        authentication=Authentication() if access.wants_token() else None,
    )  # fmt: skip


def _json(answer: object) -> Response:
    return Response(msgspec.json.encode(answer), content_type=JSON, headers={"Vary": "Accept-Language"})


def _operations(root: str, where: str, on: tuple[tuple[str, Any], ...], *, refuses: tuple[int, ...]) -> tuple[Operation, ...]:
    def get(path: str, summary: str, query: type[questions.Asked], answer: Any, *example: tuple[str, Any]) -> Operation:
        missing = (404,) if path == "/preview" else refuses
        return Operation(
            method="get", path=root + path, summary=f"{summary}{where}", query=query, example=(*on, *example),
            answers=(answer,), refuses=(*ASKED[:1], *missing, *ASKED[1:]), keyed=True,
        )  # fmt: skip

    def post(path: str, summary: str, body: type, answer: type, example: Any) -> Operation:
        return Operation(
            method="post", path=root + path, summary=f"{summary}{where}", example=on, bodies=((JSON, (body,), example),),
            answers=((JSON, (answer,)),), refuses=(*POSTED[:1], *refuses, *POSTED[1:]), keyed=True,
        )  # fmt: skip

    suggestions = (JSON, (said.SuggestionsV1,))
    name = {"matchType": "name", "propertyValue": "Deir az-Zur"}
    return (
        get("", "Reconciliation Service API 1.0 (draft): the manifest", questions.NoQuery, (JSON, (said.ManifestV1,))),
        post("/match", "A batch of queries", said.BatchV1, said.ResultsV1, {"queries": [{"type": "place", "conditions": [name]}]}),
        post("/extend", "Properties of entities", said.ExtensionV1, said.ExtendedV1,
             {"ids": ["deir-ez-zor"], "properties": [{"id": "country"}]}),
        get("/suggest/entity", "Entities for what is being typed", said.SuggestV1Query, suggestions, ("prefix", "deir")),
        get("/suggest/property", "Properties for what is being typed", said.SuggestV1Query, suggestions, ("prefix", "coun")),
        get("/suggest/type", "Types for what is being typed", said.SuggestV1Query, suggestions, ("prefix", "pl")),
        get("/extend/propose", "Properties that may be fetched", ProposeQuery, (JSON, (Proposal,)), ("type", "place")),
        get("/preview", "An entity as a page for a frame", said.PreviewQuery, ("text/html", ()), ("id", "deir-ez-zor")),
    )  # fmt: skip


OPERATIONS: tuple[Operation, ...] = (
    *_operations(f"{ROOT}/v1", "", (), refuses=()),
    *_operations(f"{ROOT}/{{list}}/v1", ", of one list", (("list", "seeds"),), refuses=(404,)),
)
