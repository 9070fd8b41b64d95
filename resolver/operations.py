"""One route as data: what the OpenAPI document and the readable page say of it, and what its test tries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from resolver import questions

JSON = "application/json"
NDJSON = "application/x-ndjson"
PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"

ASKED = (400, 422, 503)
POSTED = (400, 413, 415, 422, 503)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method at one path: what it takes, what it answers, how it refuses."""

    method: str
    path: str
    summary: str
    description: str = ""
    query: type[questions.Asked] = questions.NoQuery
    bodies: tuple[tuple[str, tuple[type, ...], Any], ...] = ()  # content type, structs that it may be, an example
    answers: tuple[tuple[str, tuple[Any, ...]], ...] = ()  # content type, what it may be (nothing: text)
    example: tuple[tuple[str, Any], ...] = ()  # query parameters of an example request
    refuses: tuple[int, ...] = ()
    pages: tuple[int, ...] = ()  # refusals that are told on a page
    leads_on: bool = False  # answers 303, which leads a browser back to a page
    cached: bool = False  # answers 304 to the ETag that it gave
    needs: Literal["", "read", "write", "admin"] = "read"  # scope of the token (resolver.access); "": none, ever
    keyed: bool = False  # the token may also stand in the address, as `api_key`

    @property
    def id(self) -> str:
        """Operation -> its id, e.g. `get_entities_id`."""
        return "_".join([self.method, *re.findall(r"[a-z]+", self.path)])

    @property
    def path_names(self) -> list[str]:
        """Operation -> the names in braces in its path."""
        return re.findall(r"{(\w+)}", self.path)
