"""The routes as data, and the OpenAPI 3.1 document that is made from them and from the structs of `questions` and `wire`."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from resolver import change_routes, limits, list_routes, operating, questions, reconcile, reconcile_v1, suggesting, wire, yente
from resolver.about import versions
from resolver.operations import ASKED, JSON, NDJSON, POSTED, PROBLEM, Operation
from resolver.web import lists_page, name_page, review_page, text_page

_REF = "#/components/schemas/{name}"


_ARTICLE = "Forces of the Islamic State left Deir al-Zor for Abu Kamal."

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="get", path="/lookup", summary="Who is meant by a name",
        description="Candidates, best first, with score and reasons; an empty list when nothing fits.",
        query=questions.LookupQuery, answers=((JSON, (wire.LookupAnswer,)),), refuses=ASKED, cached=True,
        example=(("name", "Deir az-Zur"), ("limit", 3)),
    ),
    Operation(
        method="post", path="/lookup", summary="Who is meant by each of many names",
        bodies=((JSON, (questions.LookupRequest,), {"names": ["Deir az-Zur", "Дейр-эз-Зор"], "types": ["place"]}),),
        answers=((JSON, (wire.LookupManyAnswer,)),), refuses=POSTED,
    ),
    Operation(
        method="post", path="/mentions", summary="Which entities texts mention, and where",
        description=(
            "One text, several documents, or a stream: `application/x-ndjson` with one document a line is answered line "
            "by line while it is still being sent. A bad line is answered by an object with `error` and `line`, and the rest "
            "goes on. Offsets are half-open and count Unicode code points unless `offsets` says otherwise. Options may stand in "
            "the query; those that a JSON body names itself go first."
        ),
        query=questions.MentionsQuery,
        bodies=(
            (JSON, (questions.MentionsRequest, questions.DocumentsRequest), {"text": _ARTICLE}),
            (NDJSON, (questions.Document,), '{"id": 1, "text": "Raqqa"}\n{"id": 2, "text": "الرقة"}\n'),
        ),
        answers=((JSON, (wire.MentionsAnswer, wire.DocumentsAnswer)), (NDJSON, (wire.DocumentAnswer, wire.LineProblem))),
        refuses=POSTED,
    ),
    Operation(
        method="get", path="/entities", summary="Entities, a page at a time", query=questions.EntitiesQuery,
        answers=((JSON, (wire.EntitiesAnswer,)),), refuses=(*ASKED[:1], 404, *ASKED[1:]), cached=True,
        example=(("q", "zor"), ("limit", 10)),
    ),
    Operation(
        method="get", path="/entities/{id}", summary="One entity with all its aliases and where each came from",
        answers=((JSON, (wire.EntityAnswer,)),), refuses=(400, 404, 422, 503), cached=True, example=(("id", "deir-ez-zor"),),
    ),
    *list_routes.OPERATIONS,
    *change_routes.OPERATIONS,
    *operating.OPERATIONS,
    Operation(
        method="get", path="/version", summary="Versions, data generation, limits", answers=((JSON, (wire.VersionAnswer,)),),
        refuses=(400, 422),
    ),
    Operation(
        method="get", path="/openapi.json", summary="This document", answers=((JSON, (dict[str, Any],)),),
        refuses=(400, 422), cached=True,
    ),
    Operation(method="get", path="/docs", summary="This document to read", answers=(("text/html", ()),), refuses=(400, 422)),
    *suggesting.OPERATIONS,
    *text_page.OPERATIONS,
    *name_page.OPERATIONS,
    *lists_page.OPERATIONS,
    *review_page.OPERATIONS,
    *reconcile.OPERATIONS,
    *reconcile_v1.OPERATIONS,
    *yente.OPERATIONS,
)  # fmt: skip


@cache
def document(lists: tuple[str, ...] = ()) -> dict[str, Any]:
    """Names of the lists that are loaded -> the OpenAPI 3.1 document, which allows no others where lists are asked for."""
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    described: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "aka",
            "version": versions()["aka-resolver"],
            "summary": "Who is meant by this name, and which entities does this text mention - in any spelling and script",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": _components(), "securitySchemes": _SECURITY},
    }
    _allow_only(lists, described)
    return described


def _allow_only(lists: tuple[str, ...], node: Any) -> None:
    """Put the names of the lists where `questions` marked that one of them is wanted."""
    if isinstance(node, dict):
        if node.pop(questions.LISTS_MARK, False) and lists:
            node["enum"] = list(lists)
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            _allow_only(lists, inner)


def _described(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {"operationId": operation.id, "summary": operation.summary}
    if operation.description:
        described["description"] = operation.description
    parameters = _path_parameters(operation) + _query_parameters(operation)
    if parameters:
        described["parameters"] = parameters
    if operation.bodies:
        described["requestBody"] = {"required": True, "content": _contents(operation)}
    described["responses"] = _responses(operation)
    described["security"] = _security(operation)
    return described


_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "a token made by `aka token create`"},
    "basic": {"type": "http", "scheme": "basic", "description": "the same token as password, with any user name: for browsers"},
    "api_key": {
        "type": "apiKey",
        "in": "query",
        "name": "api_key",
        "description": "the same token, where only a URL can be given",
    },
}


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    """What may be sent; `{}`, nothing, where reading is open."""
    if not operation.needs:
        return []
    ways: list[dict[str, list[str]]] = [{}] if operation.needs == "read" else []
    return ways + [{name: []} for name in ("bearer", "basic", *(("api_key",) if operation.keyed else ()))]


def _contents(operation: Operation) -> dict[str, Any]:
    return {
        content_type: {"schema": _content_schema(content_type, kinds), "example": example}
        for content_type, kinds, example in operation.bodies
    }


def _content_schema(content_type: str, kinds: tuple[Any, ...]) -> dict[str, Any]:
    if not kinds:
        return {"type": "string"}
    refs = [_schema(kind) for kind in kinds]
    either = refs[0] if len(refs) == 1 else {"anyOf": refs}
    # A stream is text as far as a schema goes: each of its lines has the schema that is named beside it.
    return {"type": "string", "x-lines": either} if content_type == NDJSON else either


def _responses(operation: Operation) -> dict[str, Any]:
    content = {content_type: {"schema": _content_schema(content_type, kinds)} for content_type, kinds in operation.answers}
    responses: dict[str, Any] = {"200": {"description": "the answer", "content": content}}
    if operation.cached:
        etag = {"ETag": {"description": "changes when the answer does", "schema": {"type": "string"}}}
        responses["200"]["headers"] = etag
        responses["304"] = {"description": "unchanged since the ETag in If-None-Match"}
    if operation.leads_on:
        location = {"Location": {"description": "the page to go on with", "schema": {"type": "string"}}}
        page = {"text/html": {"schema": {"type": "string"}}}
        responses["303"] = {"description": "done: the page shows it", "headers": location, "content": page}
    for status in sorted({*operation.refuses, *_passed(operation)}):
        responses[str(status)] = _refusal(status)
    for status in (*operation.pages, *(_passed(operation) if operation.pages and operation.bodies else ())):
        responses.setdefault(str(status), _refusal(status))["content"]["text/html"] = {"schema": {"type": "string"}}
    responses["default"] = {"description": "any other failure", "content": {PROBLEM: {"schema": _schema(wire.ProblemAnswer)}}}
    return responses


def _passed(operation: Operation) -> tuple[int, ...]:
    """Operation -> the statuses of what every request of its kind passes, whatever its route does."""
    return (
        *((401, 403, 429, 503) if operation.needs else ()),
        *((408,) if operation.bodies else ()),
        *((507,) if operation.needs == "write" else ()),
        *((411,) if operation.bodies and operation.needs in ("write", "admin") else ()),
    )


def _refusal(status: int) -> dict[str, Any]:
    return {"description": MEANINGS[status], "content": {PROBLEM: {"schema": _schema(wire.ProblemAnswer)}}}


MEANINGS = {
    400: "malformed: not strict JSON, not UTF-8, half a surrogate pair, a key twice; "
    f"a query over {limits.QUERY_BYTES:,} bytes or {limits.PARAMETERS} parameters",
    401: "a token is needed, or the one sent is not known",
    403: "the token does not allow it; changes are off; a form of another origin",
    404: "there is no such thing",
    405: "another method is wanted: see Allow",
    408: "the body did not come in the time that a request has",
    409: "another writer is at work: try again; or a list differs too much from its last version",
    411: "a change needs its Content-Length",
    413: f"too large: a text over {limits.TEXT_CHARS:,} characters, a body over {limits.BODY_BYTES:,} bytes",
    415: "another Content-Type is wanted, or another charset than UTF-8",
    422: "a value that is not allowed, or a name that is not known; `errors` says where",
    429: "more requests than the rate allows: Retry-After says how long to wait",
    503: "no usable data generation, or too much to do at once; `detail` says which",
    507: "the disk of the data directory is full: nothing was changed",
}


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    names = {field.encode_name for field in msgspec.structs.fields(operation.query)}
    if not names:
        return []
    schema = _component(operation.query)
    examples = dict(operation.example)
    return [
        _query_parameter(name, described, required=name in schema.get("required", ()), examples=examples)
        for name, described in schema["properties"].items()
    ]


def _query_parameter(name: str, described: dict[str, Any], *, required: bool, examples: dict[str, Any]) -> dict[str, Any]:
    """Schema of a field -> the query parameter, which is absent where the field would be null."""
    schema = {key: value for key, value in described.items() if value is not None}
    choices = [choice for choice in schema.pop("anyOf", ()) if choice != {"type": "null"}]
    schema |= choices[0] if len(choices) == 1 else {}
    parameter: dict[str, Any] = {"name": name, "in": "query", "required": required}
    if "description" in schema:
        parameter["description"] = schema.pop("description")
    if name in examples:
        parameter["example"] = examples[name]
    return {**parameter, "schema": schema}


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    examples = dict(operation.example)
    return [
        {"name": name, "in": "path", "required": True, "schema": _PATH_SCHEMAS[name].copy(), "example": examples[name]}
        for name in operation.path_names
    ]


_PATH_SCHEMAS: dict[str, dict[str, Any]] = {
    "id": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,256}$"},
    "dataset": {"type": "string", "description": "a list, or `default` for all"},
    "list": {"type": "string", questions.LISTS_MARK: True},
}


def _schema(kind: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=_REF)
    return schema


def _component(kind: type[msgspec.Struct]) -> dict[str, Any]:
    _, components = msgspec.json.schema_components([kind], ref_template=_REF)
    found: dict[str, Any] = components[kind.__name__]
    return found


def _components() -> dict[str, Any]:
    kinds: list[Any] = [wire.ProblemAnswer]
    for operation in OPERATIONS:
        kinds += [kind for _, answers in operation.answers for kind in answers]
        kinds += [kind for _, bodies, _ in operation.bodies for kind in bodies]
    _, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    return dict(sorted(components.items()))
