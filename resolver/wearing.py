"""A worker that has answered so many requests asks for another in its place: whatever grew in it over days goes with it."""

from __future__ import annotations

import itertools
import secrets

from flask import Flask, Response

from resolver.runtime import Runtime


def add(app: Flask, runtime: Runtime, *, most: int) -> None:
    """Application of one worker, and the requests after which it is worn (0: never) -> it tells the runtime once it is.

    Workers are told apart by up to a tenth more, by chance, so that not all are worn at once. From then on each answer ends its
    connection, and the client's next one may be to another worker.
    """
    if not most:
        return
    worn_at = most + secrets.randbelow(most // 10 + 1)
    answered = itertools.count(1)

    @app.after_request
    def count(response: Response) -> Response:
        number = next(answered)
        if number == worn_at:
            runtime.wear()
        if number >= worn_at:
            response.headers["Connection"] = "close"
        return response
