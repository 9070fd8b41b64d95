"""The pages that a person looks at, and the readable API description at `/docs`: HTML, escaped by construction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from flask import Flask, Response, make_response, render_template

from resolver import limits, openapi, problems, questions
from resolver.web import lists_page, name_page, rendering, review_page, text_page

if TYPE_CHECKING:
    from resolver.resolve import Resolver


def add(app: Flask, opened: Callable[[], Resolver]) -> None:
    """Application and the resolver's source -> the pages' routes are added to it."""
    rendering.add(app)
    for page in (text_page, name_page, lists_page, review_page):
        page.add(app, opened)

    @app.get("/docs")
    def docs() -> Response:
        rendering.query(questions.NoQuery)
        shown = {"document": openapi.document(), "problems": problems.KNOWN, "limits": limits.shown(), "written": _written}
        return make_response(render_template("docs.html", **shown))


def _written(example: object) -> str:
    """Example of a body -> the body, letters as they are."""
    return example if isinstance(example, str) else msgspec.json.encode(example).decode()
