"""The HTTP service: a request -> a checked question -> an answer or a problem, with limits and headers on all of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Flask, Response, request
from werkzeug.wsgi import get_input_stream

from aliases import strict_json
from aliases.errors import AkaError, NotReadyError, SlowRequestError, TooLargeError, UnknownError
from resolver import (
    access,
    answered,
    asking,
    bodies,
    budget,
    change_routes,
    gate,
    limits,
    list_routes,
    metrics,
    openapi,
    operating,
    problems,
    questions,
    received,
    reconcile,
    reconcile_v1,
    streaming,
    suggesting,
    tracing,
    wire,
    yente,
)
from resolver.about import road, versions
from resolver.access import Access
from resolver.credentials import Tokens
from resolver.operations import NDJSON
from resolver.runtime import Runtime
from resolver.serving import Opened
from resolver.settings import Settings
from resolver.web import pages

if TYPE_CHECKING:
    from resolver.match import Mention
    from resolver.resolve import Resolver

log = logging.getLogger(__name__)

# No script but our own files, no frame, no foreign host; what the pages show is theirs alone.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class _Service(Flask):
    """Flask, but none of our functions is asked at every request whether it is a coroutine."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Function of a route or a hook -> itself."""
        return func


def create_app(
    given: Resolver | Callable[[], Resolver],
    *,
    rules: Access | None = None,
    settings: Settings | None = None,
    runtime: Runtime | None = None,
) -> Flask:
    """A resolver, or a function that opens one -> the WSGI application; the function is called at the first need.

    `rules`: who may do what; without, all may read and nobody may change anything. `runtime`: what it shares with other workers.
    """
    settings, runtime = settings or Settings(), runtime or Runtime(None)
    app = _Service(__name__, static_folder=None, template_folder="web")
    app.config["MAX_CONTENT_LENGTH"] = limits.BODY_BYTES + 1  # a chunked body is cut there in silence: see received.body
    app.config["MAX_FORM_MEMORY_SIZE"] = limits.BODY_BYTES
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    opened = Opened(given, runtime=runtime)
    tracing.add(app)
    gate.add_before_access(app, settings)
    access.add(app, rules or Access(Tokens(None)))
    gate.add_after_access(app, settings, runtime)
    operating.add(app, opened)
    _add_lookup(app, opened)
    _add_mentions(app, opened)
    _add_entities(app, opened)
    _add_state(app, opened)
    list_routes.add(app, opened)
    change_routes.add(app, opened)
    suggesting.add(app, opened)
    pages.add(app, opened)
    reconcile_v1.add(app, reconcile.add(app, opened))
    yente.add(app, opened)
    problems.add(app)
    app.after_request(_with_security_headers)
    app.extensions["aka"] = opened
    return app


def _add_lookup(app: Flask, opened: Opened) -> None:
    @app.get("/lookup")
    def lookup() -> Response:
        asked = received.query(questions.LookupQuery)
        asking.check_name(asked.name)
        resolver = opened()
        asking.check_lists(asked.list, resolver.lists(), pointer="/list")
        metrics.NAMES.inc()
        found = resolver.lookup(asked.name, types=asked.type or None, lists=asked.list or None, **_filters(asked))
        return answered.cacheable(wire.LookupAnswer(asked.name, wire.candidate_answers(found), resolver.generation))

    @app.post("/lookup")
    def lookup_many() -> Response:
        received.query(questions.NoQuery)
        asked = asking.body(received.json_body(), questions.LookupRequest)
        for place, name in enumerate(asked.names):
            asking.check_name(name, pointer=f"/names/{place}")
        resolver = opened()
        asking.check_lists(asked.lists, resolver.lists(), pointer="/lists")
        metrics.NAMES.inc(len(asked.names))
        found = resolver.lookup_many(asked.names, types=asked.types or None, lists=asked.lists or None, **_filters(asked))
        results = tuple(
            wire.NameAnswer(name, wire.candidate_answers(candidates)) for name, candidates in zip(asked.names, found, strict=True)
        )
        return answered.json(wire.LookupManyAnswer(results, resolver.generation))


def _filters(asked: questions.LookupQuery | questions.LookupRequest) -> dict[str, Any]:
    return {
        "limit": asked.limit,
        "min_score": asked.min_score,
        "country": asked.country.upper() if asked.country else None,
        "birth_date": asked.birth_date,
    }


def _add_mentions(app: Flask, opened: Opened) -> None:
    @app.post("/mentions")
    def mentions() -> Response:
        asked_beside = _options(received.query(questions.MentionsQuery))
        if request.mimetype == NDJSON:
            return _stream(opened(), asked_beside)
        value = strict_json.decode(received.json_body())
        asking.check_lists(asked_beside.lists, opened().lists(), pointer="/list")  # also where the body names others
        if isinstance(value, dict):
            value = {**msgspec.structs.asdict(asked_beside), **value}
            if "documents" in value:
                return _documents(opened, asking.typed(value, questions.DocumentsRequest))
        asked = asking.typed(value, questions.MentionsRequest)
        resolver = opened()
        found = find(resolver, asked.text, asked)
        shown = wire.mention_answers(asked.text, found[: limits.MENTIONS], offsets=asked.offsets)
        truncated = len(shown) < len(found)
        return answered.json(wire.MentionsAnswer(shown, wire.entity_counts(found), resolver.generation, truncated))


def find(resolver: Resolver, text: str, options: questions.MentionOptions) -> list[Mention]:
    """Text and options -> mentions; InvalidError when a list is asked for that is not loaded."""
    asking.check_lists(options.lists, resolver.lists(), pointer="/lists")
    found = resolver.mentions(
        text,
        types=options.types or None,
        lists=options.lists or None,
        min_score=options.min_score,
        overlaps=options.overlaps,
    )
    metrics.CHARACTERS.inc(len(text))
    metrics.MENTIONS.inc(len(found))
    return found


def _documents(opened: Opened, asked: questions.DocumentsRequest) -> Response:
    resolver = opened()
    asking.check_lists(asked.lists, resolver.lists(), pointer="/lists")  # also where there is no document to look at
    answers: list[wire.DocumentAnswer] = []
    room = limits.MENTIONS
    for document in asked.documents:
        budget.check()
        answers.append(_document(resolver, document, asked, room=room))
        room -= len(answers[-1].mentions)
    return answered.json(wire.DocumentsAnswer(tuple(answers), resolver.generation))


def _document(
    resolver: Resolver, document: questions.Document, options: questions.MentionOptions, *, room: int
) -> wire.DocumentAnswer:
    found = find(resolver, document.text, options)
    shown = wire.mention_answers(document.text, found[:room], offsets=options.offsets)
    return wire.DocumentAnswer(document.id, shown, wire.entity_counts(found), len(shown) < len(found))


def _options(asked: questions.MentionsQuery) -> questions.MentionOptions:
    return questions.MentionOptions(
        types=asked.type or None,
        lists=asked.list or None,
        min_score=asked.min_score,
        overlaps=asked.overlaps,
        offsets=asked.offsets,
    )


def _stream(resolver: Resolver, options: questions.MentionOptions) -> Response:
    """One document a line in, one answer a line out, while the rest is still being sent."""
    received.check_coding()
    asking.check_lists(options.lists, resolver.lists(), pointer="/list")
    body = get_input_stream(
        bodies.unhurried(request.environ)
    )  # not request.stream: a stream has no end, but each line of it has a limit
    lines = streaming.lines(body, whole=request.content_length is not None)
    answers = streaming.ahead(_answers(resolver, lines, options, told=gate.meter()), late=_late)
    return Response(answers, content_type=NDJSON, headers={"Cache-Control": "no-store"})


def _late(answered: int) -> bytes:
    error = SlowRequestError(f"no line came for {limits.STREAM_PAUSE_SECONDS} seconds: send the rest in another request")
    return wire.encode(wire.LineProblem(problems.problem(error), answered + 1)) + b"\n"


def _answers(
    resolver: Resolver,
    lines: Iterator[bytes | streaming.TooLong],
    options: questions.MentionOptions,
    *,
    told: Callable[[int], None],
) -> Iterator[bytes]:
    """Lines -> an answer to each; `told` hears how long they are."""
    for number, line in enumerate(lines, 1):
        told(len(line) if isinstance(line, bytes) else limits.LINE_BYTES)
        if isinstance(line, bytes) and not line.strip():
            continue
        try:
            if isinstance(line, streaming.TooLong):
                raise TooLargeError(f"the line is longer than {limits.LINE_BYTES} bytes: cut the document")
            answer: msgspec.Struct = _document(resolver, asking.body(line, questions.Document), options, room=limits.MENTIONS)
        except AkaError as error:
            answer = wire.LineProblem(problems.problem(error), number)
        except Exception as error:
            log.error("unexpected failure in line %d of a stream", number, exc_info=error)
            answer = wire.LineProblem(problems.unexpected_problem(), number)
        yield wire.encode(answer) + b"\n"


def _add_entities(app: Flask, opened: Opened) -> None:
    @app.get("/entities")
    def entities() -> Response:
        asked = received.query(questions.EntitiesQuery)
        resolver = opened()
        asking.check_lists(asked.list, resolver.lists(), pointer="/list")
        found, cursor = resolver.entities(q=asked.q, type=asked.type, list=asked.list, cursor=asked.cursor, limit=asked.limit)
        page = tuple(wire.entity_answer(entity) for entity in found)
        return answered.cacheable(wire.EntitiesAnswer(page, cursor or "", resolver.generation))

    @app.get("/entities/<entity_id>")
    def entity(entity_id: str) -> Response:
        received.query(questions.NoQuery)
        found = opened().entity(entity_id)
        if found is None:
            raise UnknownError(f"no entity has the id {entity_id[:80]!a}: look it up by name under /lookup")
        return answered.cacheable(wire.entity_answer(found))


def _add_state(app: Flask, opened: Opened) -> None:
    @app.get("/version")
    def version() -> Response:
        received.query(questions.NoQuery)
        try:
            generation = opened().generation
        except NotReadyError:
            generation = None
        parts = versions()
        return answered.json(wire.VersionAnswer("aka", parts["aka-resolver"], generation, road(), parts, limits.shown()))

    @app.get("/openapi.json")
    def openapi_json() -> Response:
        received.query(questions.NoQuery)
        with suppress(NotReadyError):
            return answered.cacheable(openapi.document(tuple(sorted(opened().lists()))))
        return answered.cacheable(openapi.document())


def _with_security_headers(response: Response) -> Response:
    said = {name.lower() for name, _ in response.headers}
    for name, value in SECURITY_HEADERS.items():
        if name.lower() not in said:
            response.headers.add(name, value)
    if "cache-control" not in said:
        response.headers.add("Cache-Control", "no-store")
    return response
