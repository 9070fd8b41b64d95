"""What all pages share: a view that may fail -> its page; the files beside the templates; addresses and ages in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import NotFound

from aliases.errors import AkaError
from resolver import limits, questions, received
from resolver.web import markup, results

_KEPT_SECONDS = 3600
# The files beside this one that a browser may have; the templates are not among them.
_SHIPPED = {
    "page.css": "text/css; charset=utf-8",
    "result.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "text.js": "text/javascript; charset=utf-8",
    "name.js": "text/javascript; charset=utf-8",
    "review.js": "text/javascript; charset=utf-8",
    "docs.js": "text/javascript; charset=utf-8",
}

_PARTS = (markup.tag, markup.named, markup.entity_link, markup.type_of, markup.percent, markup.reasons)

Query = TypeVar("Query", bound=questions.Asked)


class Failure(msgspec.Struct, frozen=True):
    """What a page says instead of, or above, its answer."""

    detail: str
    status: int


def shown(template: str, view: Callable[[], dict[str, Any]], *, failed: Callable[[], dict[str, Any]] = dict) -> Response:
    """Template and values that may fail to come -> the page; what failed is said on it, with the status of the API.

    `failed` gives what the page shows beside the failure.
    """
    try:
        values, status = view(), 200
    except AkaError as error:
        values, status = {**failed(), "failure": Failure(error.detail, error.status)}, error.status
    return make_response(render_template(template, **values), status)


def query(kind: type[Query]) -> Query:
    """Kind of query string -> that of the request, checked."""
    return received.query(kind)


def link(path: str, **values: object) -> str:
    """Path and query -> address; values that are empty are left out, lists stand several times."""
    pairs = [(key, value) for key, value in values.items() if value not in (None, "", [], ())]
    return f"{path}?{urlencode(pairs, doseq=True)}" if pairs else path


def age(moment: str) -> str:
    """ISO 8601 moment -> how long ago, in the largest unit that is not zero: `3 days ago`."""
    try:
        passed = (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()
    except (ValueError, TypeError):
        return ""
    for unit, seconds in (("year", 31_556_952), ("month", 2_629_746), ("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if passed >= seconds:
            count = int(passed // seconds)
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def said(value: object) -> str:
    """Value of a property -> its text; several joined by commas."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(said, value))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def add(app: Flask) -> None:
    """Application -> the files of the pages are served, and the templates know what they share."""
    app.jinja_env.filters.update(age=age, said=said, lang=results.lang_of, rtl=results.is_rtl)
    app.jinja_env.globals.update(limits=limits, link=link, **{one.__name__: one for one in _PARTS})
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
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
