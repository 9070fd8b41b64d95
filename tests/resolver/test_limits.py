"""Every limit that `/version` shows holds exactly: one less and the limit itself pass, one more is refused as documented."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from resolver import limits
from resolver.service import create_app
from tests.resolver.fake import FakeResolver

JSON = "application/json"
NDJSON = "application/x-ndjson"
Ask = Callable[[FlaskClient, int], TestResponse]

# Of a crowd, of time and of a rate: what they do is told in test_gate, test_bodies and test_crowds.
ELSEWHERE = {"in_flight", "in_flight_all", "rate_bytes", "stream_pause_seconds"}


def padded(size: int, whole: bytes) -> bytes:
    """Number of bytes and a JSON object -> the same of that size."""
    return whole[:-1] + b" " * (size - len(whole)) + whole[-1:]


def sent(path: str, value: Callable[[int], object]) -> Ask:
    """Path and what is sent for a number -> how it is sent."""
    return lambda client, n: client.post(path, data=json.dumps(value(n)), content_type=JSON)


def got(path: Callable[[int], str]) -> Ask:
    return lambda client, n: client.get(path(n))


# The name of the limit, how a request of that size is made, the status up to the limit, and beyond it.
CASES: list[tuple[str, Ask, int, int]] = [
    ("body_bytes", lambda client, n: client.post("/lookup", data=padded(n, b'{"names":["a"]}'), content_type=JSON), 200, 413),
    ("candidates", got(lambda n: f"/lookup?name=a&limit={n}"), 200, 422),
    ("candidates", sent("/lookup", lambda n: {"names": ["a"], "limit": n}), 200, 422),
    ("documents", sent("/mentions", lambda n: {"documents": [{"id": k, "text": "a"} for k in range(n)]}), 200, 422),
    ("entities_page", got(lambda n: f"/entities?limit={n}"), 200, 422),
    ("json_depth", lambda client, n: client.post("/lookup", data="[" * n + "]" * n, content_type=JSON), 422, 400),
    ("name_chars", got(lambda n: f"/lookup?name={'a' * n}"), 200, 422),
    ("name_chars", sent("/lookup", lambda n: {"names": ["\U0001f600" * n]}), 200, 422),
    ("names", sent("/lookup", lambda n: {"names": ["a"] * n}), 200, 422),
    ("parameters", got(lambda n: "/lookup?" + "&".join(["list=un"] * n)), 422, 400),
    ("query_bytes", got(lambda n: "/lookup?name=".ljust(n + len("/lookup?"), "a")), 422, 400),
    ("text_chars", sent("/mentions", lambda n: {"text": "a" * n}), 200, 413),
    ("text_chars", sent("/mentions", lambda n: {"documents": [{"id": 1, "text": "a" * n}]}), 200, 413),
]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(FakeResolver()).test_client()


@pytest.mark.parametrize(("name", "ask", "within", "beyond"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_a_limit_holds_exactly(client, name, ask, within, beyond):
    limit = limits.shown()[name]
    assert [ask(client, size).status_code for size in (limit - 1, limit, limit + 1)] == [within, within, beyond]


def test_a_line_of_a_stream_may_be_as_long_as_its_limit(client):
    line = limits.shown()["line_bytes"]
    for size, refused in ((line - 1, False), (line, False), (line + 1, True)):
        body = padded(size, b'{"id":1,"text":"ISIS"}') + b'\n{"id":2,"text":"ISIS"}\n'
        first, second = client.post("/mentions", data=body, content_type=NDJSON).data.splitlines()
        assert ("error" in json.loads(first)) is refused
        assert json.loads(second)["mentions"]


def test_an_answer_says_that_mentions_were_left_out_only_when_some_were(client):
    most = limits.shown()["mentions"]
    for count, cut in ((most - 1, False), (most, False), (most + 1, True)):
        answer = client.post("/mentions", json={"text": "ISIS " * count}).json
        assert (len(answer["mentions"]), answer.get("truncated", False)) == (min(count, most), cut)


def test_every_limit_that_is_shown_is_tried():
    tried = {name for name, *_ in CASES} | {"line_bytes", "mentions"} | ELSEWHERE
    assert tried == set(limits.shown())
