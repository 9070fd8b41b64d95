"""Whatever the OpenAPI document allows, and much that it does not, is answered as the document says.

A few examples of each operation here; `python -m tests.soak.by_document` tries as many as it is told, in several processes.
"""

from __future__ import annotations

import gc
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi import checks

from resolver import Resolver, publish
from resolver.access import Access
from resolver.credentials import Tokens
from resolver.openapi import OPERATIONS
from resolver.operations import NDJSON
from resolver.service import SECURITY_HEADERS, create_app
from resolver.suggestions import Recorder
from tests.resolver.fake import ENTITIES

EXAMPLES = int(os.environ.get("AKA_EXAMPLES", "2"))
FOREIGN = ("/reconcile", "/yente")  # protocols of others: they pass over what they do not know, and put JSON into strings
DATA = Path(tempfile.mkdtemp(prefix="aka-document-"))
TOKENS = Tokens(DATA / "tokens.json")
HEADERS = {"Authorization": f"Bearer {TOKENS.create('tester', scope='admin')}"}


def filled(data: Path) -> Path:
    """Empty directory -> a data directory with two lists."""
    for name in ("seeds", "un"):
        lines = [json.dumps({"id": one.id, "type": one.type, "name": one.name, "aliases": [alias.form for alias in one.aliases]})
                 for one in ENTITIES.values() if name in one.lists]  # fmt: skip
        (data / f"{name}.jsonl").write_text("\n".join(lines))
        publish.import_list(data, format="jsonl", file=data / f"{name}.jsonl", list_name=name)
    return data


def opened() -> Resolver:
    """-> what answers: every spelling of a text that is on no list goes to the queue."""
    resolver = Resolver.open(DATA)
    resolver.on_mentions = Recorder(DATA)
    return resolver


filled(DATA)
APP = create_app(opened, rules=Access(TOKENS))
SHARE, SHARES = map(
    int, os.environ.get("AKA_EXAMPLES_SHARE", "0/1").split("/")
)  # of the operations, so that processes can part them
schema = schemathesis.openapi.from_wsgi("/openapi.json", APP)
if SHARES > 1:
    PART = {operation.id for operation in OPERATIONS[SHARE::SHARES]}
    schema = schema.include(lambda found: found.operation.definition.raw["operationId"] in PART)


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


# Of a request that the schema allows, these may still say no: what it names may not be there, or there is nothing to do.
JUDGING = {
    ("PATCH", "/entities/{id}"),
    ("PUT", "/entities/{id}"),
    ("DELETE", "/entities/{id}"),
    ("POST", "/lists/{list}"),
    ("POST", "/votes"),
    ("POST", "/review"),
    ("POST", "/judgements"),
}


def excused(case: schemathesis.Case, status: int) -> list[object]:
    """Case and status of its answer -> the checks that say nothing here; that no answer is a 5xx, and each as documented, holds everywhere."""
    found: list[object] = []
    if case.path.startswith(FOREIGN):
        found += [checks.negative_data_rejection, checks.positive_data_acceptance]
    if case.path.startswith("/reconcile/"):
        # `v1` could be the name of a list, whose route has more methods.
        found += [checks.unsupported_method, checks.allow_header_conformance]
    if (case.method.upper(), case.operation.path) in JUDGING:
        found.append(checks.positive_data_acceptance)
    if case.method.upper() in ("PUT", "DELETE"):
        found.append(checks.negative_data_rejection)  # an id "of a wrong type" is text in a path, which may be one
    if case.media_type == NDJSON:
        found.append(checks.negative_data_rejection)  # whatever is sent is lines of text, and each bad line is answered apart
    if status == 413:
        found.append(checks.negative_data_rejection)  # refused, but with a status that the check does not know
    return found


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Files that the test client left open are collected within the test that passes over them, not in whichever comes later."""
    yield
    gc.collect()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
    derandomize=EXAMPLES < 100,
)
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # the test client leaves its file of a long form open
def test_the_service_is_what_its_document_says(case: schemathesis.Case) -> None:
    answer = case.call(headers=HEADERS)
    assert {name.lower() for name in SECURITY_HEADERS} <= answer.headers.keys()
    if answer.status_code >= 400:
        assert answer.headers["content-type"][0] in ("application/problem+json", "text/html; charset=utf-8")
    case.validate_response(answer, excluded_checks=excused(case, answer.status_code), headers=HEADERS)
