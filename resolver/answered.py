"""An answer -> the response that carries it, the same way from every route."""

from __future__ import annotations

import msgspec
from flask import Response, request

from resolver.operations import JSON

# Headers by which a client says what it has; most requests have none, and to look at what follows from none takes as long as an answer.
_CONDITIONS = frozenset({"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"})


def json(answer: object) -> Response:
    """Answer -> its JSON, which nobody keeps."""
    return Response(msgspec.json.encode(answer), content_type=JSON, headers={"Cache-Control": "no-store"})


def cacheable(answer: object) -> Response:
    """Answer that a client may keep and ask about again -> its JSON, with an ETag of its bytes; 304 when it has that one."""
    response = Response(msgspec.json.encode(answer), content_type=JSON, headers={"Cache-Control": "no-cache"})
    response.add_etag()
    if not _CONDITIONS.isdisjoint(request.environ):
        response.make_conditional(request)
    return response
