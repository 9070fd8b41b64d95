"""The page at `/` and the readable API description at `/docs`: a form or a query -> HTML, escaped by construction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import NotFound

from aliases.errors import AkaError, InvalidError, TooLargeError
from resolver import asking, limits, openapi, problems, questions, wire

if TYPE_CHECKING:
    from resolver.match import Candidate, Mention
    from resolver.resolve import Resolver

# The files beside this one that a browser may have; the templates are not among them.
_SHIPPED = {"page.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the submitted text: plain, or one mention. The template writes each piece apart, escaped."""

    text: str
    mention: Mention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the page shows."""

    text: str = ""
    pieces: Sequence[Piece] = ()
    entities: Sequence[wire.EntityCount] = ()
    searched: bool = False
    name: str = ""
    candidates: Sequence[Candidate] = ()
    looked_up: bool = False
    generation: str = ""
    failure: str = ""
    status: int = 200


def add(app: Flask, opened: Callable[[], Resolver]) -> None:
    """Application and the resolver's source -> the pages' routes are added to it."""

    @app.get("/")
    def page() -> Response:
        return _shown(lambda: _looked_up(opened, _page_query().name))

    @app.post("/")
    def search() -> Response:
        return _shown(lambda: _searched(opened, request.form.get("text")))

    @app.get("/docs")
    def docs() -> Response:
        asking.query(_query_string(), questions.NoQuery)
        said = {"document": openapi.document(), "problems": problems.KNOWN, "limits": limits.shown(), "written": _written}
        return make_response(render_template("docs.html", **said))

    shipped = {name: (Path(__file__).with_name(name).read_bytes(), mimetype) for name, mimetype in _SHIPPED.items()}

    @app.get("/static/<name>")
    def static(name: str) -> Response:
        if name not in shipped:
            raise NotFound
        content, mimetype = shipped[name]
        response = Response(content, content_type=mimetype, headers={"Cache-Control": f"max-age={_KEPT_SECONDS}"})
        response.add_etag()
        response.make_conditional(request)
        return response


def _written(example: object) -> str:
    """Example of a body -> the body, letters as they are."""
    return example if isinstance(example, str) else msgspec.json.encode(example).decode()


def _page_query() -> questions.PageQuery:
    return asking.query(_query_string(), questions.PageQuery)


def _query_string() -> bytes:
    return str(request.environ.get("QUERY_STRING", "")).encode("latin-1")


def _shown(view: Callable[[], View]) -> Response:
    """A view that may fail -> its page; what failed is said on the page, with the status that the API would give."""
    try:
        seen = view()
    except AkaError as error:
        seen = View(failure=error.detail, status=error.status, text=_resent())
    return make_response(render_template("page.html", view=seen, limits=limits), seen.status)


def _resent() -> str:
    """The text that was sent, to stand in the form again; not one that was refused for its length."""
    text = request.form.get("text", "") if request.method == "POST" else ""
    return text if len(text) <= limits.TEXT_CHARS else ""


def _looked_up(opened: Callable[[], Resolver], name: str | None) -> View:
    resolver = opened()
    if name is None or not name.strip():
        return View(generation=resolver.generation)
    found = resolver.lookup(name, limit=limits.CANDIDATES_DEFAULT)
    return View(name=name, candidates=found, looked_up=True, generation=resolver.generation)


def _searched(opened: Callable[[], Resolver], text: str | None) -> View:
    if text is None:
        raise InvalidError("the form has no field `text`: paste a text")
    if len(text) > limits.TEXT_CHARS:
        raise TooLargeError(f"the text has {len(text):,} characters, at most {limits.TEXT_CHARS:,} are searched: cut it")
    resolver = opened()
    found = resolver.mentions(text)
    return View(
        text=text,
        pieces=pieces(text, found),
        entities=wire.entity_counts(found),
        searched=True,
        generation=resolver.generation,
    )


def pieces(text: str, mentions: Sequence[Mention]) -> list[Piece]:
    """Text and its mentions by start, none inside another -> the text cut into pieces, which joined are the text."""
    found: list[Piece] = []
    last = 0
    for mention in mentions:
        if mention.start > last:
            found.append(Piece(text[last : mention.start]))
        found.append(Piece(text[mention.start : mention.end], mention))
        last = mention.end
    if last < len(text):
        found.append(Piece(text[last:]))
    return found
