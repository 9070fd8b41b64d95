"""An answer -> the response that carries it, the same way from every route."""

from __future__ import annotations

import msgspec
from flask import Response, request

from resolver.operations import JSON


def json(answer: object) -> Response:
    """Answer -> its JSON, which nobody keeps."""
    return Response(msgspec.json.encode(answer), content_type=JSON, headers={"Cache-Control": "no-store"})


def cacheable(answer: object) -> Response:
    """Answer that a client may keep and ask about again -> its JSON, with an ETag of its bytes; 304 when it has that one."""
    response = Response(msgspec.json.encode(answer), content_type=JSON, headers={"Cache-Control": "no-cache"})
    response.add_etag()
    response.make_conditional(request)
    return response
