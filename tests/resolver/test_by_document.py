"""Whatever the OpenAPI document allows, and much that it does not, is answered as the document says.

A few examples of each operation here; `python -m tests.soak.by_document` tries as many as it is told, in several processes.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi import checks

from resolver import Resolver
from resolver.access import Access
from resolver.credentials import Tokens
from resolver.operations import NDJSON
from resolver.service import create_app
from tests.resolver.fake import FakeResolver

EXAMPLES = int(os.environ.get("AKA_EXAMPLES", "2"))
DATA = os.environ.get("AKA_EXAMPLES_DATA")  # a data directory whose answers are tried in place of made-up ones
TOKENS = Tokens(Path(tempfile.mkdtemp()) / "tokens.json")
HEADERS = {"Authorization": f"Bearer {TOKENS.create('tester', scope='admin')}"}
FOREIGN = ("/reconcile", "/yente")  # protocols of others: they pass over what they do not know, and put JSON into strings
APP = create_app(Resolver.open(DATA) if DATA else FakeResolver(), rules=Access(TOKENS))
schema = schemathesis.openapi.from_wsgi("/openapi.json", APP)


@schemathesis.serializer(NDJSON)
def as_lines(_: object, value: object) -> bytes:
    """A value that was made for a body of lines -> the body."""
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogatepass")


@schemathesis.deserializer(NDJSON)
def lines(_: object, response: schemathesis.Response) -> str:
    """A body of lines -> the text that its schema says it is, each line of it JSON."""
    for line in response.content.splitlines():
        json.loads(line)
    return response.content.decode()


def excused(case: schemathesis.Case, status: int) -> list[object]:
    """Case and status of its answer -> the checks that say nothing here; that no answer is a 5xx, and each as documented, holds everywhere."""
    found: list[object] = []
    if case.path.startswith(FOREIGN):
        found += [checks.negative_data_rejection, checks.positive_data_acceptance]
    if case.path.startswith("/reconcile/"):
        # `v1` could be the name of a list, whose route has more methods.
        found += [checks.unsupported_method, checks.allow_header_conformance]
    if case.media_type == NDJSON:
        found.append(checks.negative_data_rejection)  # whatever is sent is lines of text, and each bad line is answered apart
    if status == 413:
        found.append(checks.negative_data_rejection)  # refused, but with a status that the check does not know
    return found


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
    derandomize=EXAMPLES < 100,
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files of requests that are only built
def test_the_service_is_what_its_document_says(case: schemathesis.Case) -> None:
    answer = case.call(headers=HEADERS)
    if answer.status_code >= 400:
        assert answer.headers["content-type"][0] in ("application/problem+json", "text/html; charset=utf-8")
    case.validate_response(answer, excluded_checks=excused(case, answer.status_code), headers=HEADERS)
