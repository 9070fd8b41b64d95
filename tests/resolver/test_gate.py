"""What a request passes before a route sees it: host, rate, time; and what is told of it afterwards."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
import time

import pytest
from flask import Flask

from aliases.database import explained
from aliases.errors import OutOfTimeError, OverloadedError, TooManyError
from aliases.store import Store
from resolver import budget, gate, tracing
from resolver.service import create_app
from resolver.settings import Settings
from tests.resolver.fake import FakeResolver, record


def client(**settings):
    return create_app(FakeResolver(), settings=Settings(**settings)).test_client()


@pytest.mark.parametrize(
    ("settings", "host", "status"),
    [
        ({}, "localhost:8080", 200), ({}, "127.0.0.1", 200), ({}, "[::1]:8080", 200), ({}, "evil.example", 400),
        ({}, "localhost.evil.example", 400), ({}, "127.0.0.1.evil.example", 400),
        ({"host": "10.0.0.5"}, "anything.example", 200),
        ({"host": "10.0.0.5", "hosts": ("aka.example",)}, "aka.example", 200),
        ({"host": "10.0.0.5", "hosts": ("aka.example",)}, "AKA.example:443", 200),
        ({"host": "10.0.0.5", "hosts": ("aka.example",)}, "evil.example", 400),
        ({"host": "10.0.0.5", "hosts": ("aka.example",)}, "evil-aka.example", 400),
        ({"host": "10.0.0.5", "hosts": ("aka.example",)}, "localhost", 200),
    ],
)  # fmt: skip
def test_a_service_answers_only_to_its_own_names(settings, host, status):
    answer = client(**settings).get("/lookup?name=Raqqa", headers={"Host": host})
    assert answer.status_code == status
    assert status == 200 or answer.content_type == "application/problem+json"


def test_a_client_that_asks_too_often_waits_and_the_others_do_not():
    asking = client(rate="3/minute")
    statuses = [asking.get("/lookup?name=Raqqa").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    refused = asking.get("/lookup?name=Raqqa")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.content_type == "application/problem+json"
    other = {"REMOTE_ADDR": "192.0.2.9"}
    assert asking.get("/lookup?name=Raqqa", environ_overrides=other).status_code == 200
    assert asking.get("/healthz").status_code == 200


def test_an_address_in_a_header_counts_only_behind_a_proxy():
    spoofed = client(rate="2/minute")
    assert [spoofed.get("/lists", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(4)] == [
        200,
        200,
        429,
        429,
    ]
    behind = client(rate="2/minute", proxies=1)
    assert [behind.get("/lists", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(4)] == [200] * 4
    same = [behind.get("/lists", headers={"X-Forwarded-For": f"10.0.0.{n}, 192.0.2.77"}).status_code for n in range(4)]
    assert same == [200, 200, 429, 429]


def test_one_client_cannot_take_all_threads(monkeypatch):
    monkeypatch.setattr("resolver.limits.IN_FLIGHT", 2)
    crowd = gate._Crowd()
    with Flask(__name__).app_context():
        crowd.enter("a")
        crowd.enter("a")
        with pytest.raises(TooManyError, match="at most 2"):
            crowd.enter("a")
        crowd.enter("b")
        crowd.leave("a")
        crowd.enter("a")


def test_when_too_many_are_inside_no_more_are_taken_up_whoever_asks(monkeypatch):
    monkeypatch.setattr("resolver.limits.IN_FLIGHT_ALL", 2)
    crowd = gate._Crowd()
    with Flask(__name__).app_context():
        crowd.enter("a")
        crowd.enter("b")
        with pytest.raises(OverloadedError, match="2 requests are under way"):
            crowd.enter("c")
        crowd.leave("a")
        crowd.enter("c")


def test_a_request_that_is_not_taken_up_is_told_when_to_come_again_and_watchers_are_let_in(monkeypatch):
    monkeypatch.setattr("resolver.limits.IN_FLIGHT_ALL", 0)
    asking = client()
    answer = asking.get("/lookup?name=Raqqa")
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
    assert {asking.get(path).status_code for path in ("/healthz", "/readyz", "/metrics")} == {200}


@pytest.mark.parametrize("said", [True, False], ids=["with its length", "chunked"])
def test_a_long_body_counts_as_several_requests(said):
    asking = client(rate="5/minute")
    body = json.dumps({"text": "a" * 3 * 65_536}).encode()
    environ = {} if said else {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    sent = {"data": body} if said else {"environ_overrides": environ}
    assert asking.post("/mentions", content_type="application/json", **sent).status_code == 200
    assert [asking.get("/lookup?name=Raqqa").status_code for _ in range(2)] == [200, 429]


def test_the_lines_of_a_stream_count_as_they_come():
    asking = client(rate="5/minute")
    body = (json.dumps({"id": 1, "text": "a" * 65_536}) + "\n").encode() * 4
    environ = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    assert asking.post("/mentions", content_type="application/x-ndjson", environ_overrides=environ).data.count(b"\n") == 4
    assert asking.get("/lookup?name=Raqqa").status_code == 429


def test_a_body_that_counts_more_than_the_whole_rate_may_come_alone():
    asking = client(rate="2/minute")
    assert asking.post("/mentions", json={"text": "a" * 900_000}).status_code == 200
    assert asking.post("/mentions", json={"text": "a"}).status_code == 429


def test_a_query_of_the_record_is_given_up_when_the_time_is_over():
    client()
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    with (
        Store.open(record()) as store,
        budget.limited(0.01),
        pytest.raises(sqlite3.OperationalError, match="interrupted") as given_up,
    ):
        store.rows(endless).fetchall()
    assert isinstance(explained(given_up.value, record()), OutOfTimeError)


def test_every_request_that_ends_is_counted_out(monkeypatch):
    monkeypatch.setattr("resolver.limits.IN_FLIGHT", 1)
    asking = client()
    for path, status in (("/lists", 200), ("/nowhere", 404), ("/lookup", 422)):
        assert [asking.get(path).status_code for _ in range(4)] == [status] * 4


def test_no_origin_may_read_unless_it_is_listed():
    listed = client(origins=("https://app.example",))
    good = listed.get("/lookup?name=Raqqa", headers={"Origin": "https://app.example"})
    assert good.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert "Origin" in good.headers["Vary"]
    preflight = listed.options("/lookup", headers={"Origin": "https://app.example", "Access-Control-Request-Method": "POST"})
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    for origin in ("https://evil.example", "null", "https://app.example.evil.example", "http://app.example"):
        assert "Access-Control-Allow-Origin" not in listed.get("/lookup?name=Raqqa", headers={"Origin": origin}).headers
    assert "Access-Control-Allow-Origin" not in client().get("/lists", headers={"Origin": "https://app.example"}).headers


def test_an_answer_that_takes_too_long_is_given_up(monkeypatch):
    def slow(self, names, **_):
        for _ in names:
            budget.check()
            time.sleep(0.01)
        return []

    monkeypatch.setattr(FakeResolver, "lookup_many", slow)
    answer = client(budget=0.02).post("/lookup", json={"names": ["a"] * 1_000})
    assert (answer.status_code, answer.json["title"]) == (503, "Out of time")
    assert "0.02 seconds" in answer.json["detail"]


def test_time_is_limited_only_where_somebody_said_so():
    budget.check()
    with budget.limited(-1), pytest.raises(OutOfTimeError):
        budget.check()
    budget.check()
    assert budget.left() == float("inf")


def test_a_request_keeps_the_id_that_it_brings_and_gets_one_otherwise():
    asking = client()
    assert asking.get("/lists", headers={"X-Request-Id": "abc-1.2_3"}).headers["X-Request-Id"] == "abc-1.2_3"
    for bad in ("", "a b", "x" * 65, "é", '"'):
        given = asking.get("/lists", headers={"X-Request-Id": bad}).headers["X-Request-Id"]
        assert len(given) == 32
    assert asking.get("/nowhere").headers["X-Request-Id"] != asking.get("/nowhere").headers["X-Request-Id"]


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture
def logged():
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    tracing.configure("requests")
    yield
    root.handlers[:] = before
    root.setLevel(level)
    tracing.log.setLevel(logging.NOTSET)


def test_a_request_leaves_one_line_without_what_was_asked(capsys, monkeypatch):
    tracing.configure("requests")
    asking = client()
    asking.get("/lookup?name=Secret%0aName%1b[31m", headers={"X-Request-Id": "r1", "User-Agent": "x\x1b[31m"})
    asking.post("/mentions", json={"text": "Secret text in Raqqa"})
    asking.get("/entities/secret-id")
    asking.get("/secret-path")
    tracing.configure("errors")
    found = lines(capsys)
    assert [(one["route"], one["status"]) for one in found] == [
        ("/lookup", 200), ("/mentions", 200), ("/entities/<entity_id>", 404), ("(none)", 404),
    ]  # fmt: skip
    assert found[0]["request"] == "r1"
    assert "ecret" not in json.dumps(found)


def test_a_failure_is_logged_by_its_kind_and_place_and_not_its_words(capsys, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("Secret text")

    monkeypatch.setattr(FakeResolver, "lookup", fails)
    asking = client()
    tracing.configure("errors")
    assert asking.get("/lookup?name=Secret").status_code == 500
    (found,) = lines(capsys)
    assert found["failure"] == "RuntimeError"
    assert any("fails" in place for place in found["at_lines"])
    assert "Secret" not in json.dumps(found)


def test_metrics_tell_what_was_asked_and_what_answers():
    asking = client()
    asking.post("/mentions", json={"text": "ISIS in Raqqa"})
    asking.get("/nowhere-1")
    asking.get("/nowhere-2")
    text = asking.get("/metrics").text
    assert 'aka_requests_total{method="POST",route="/mentions",status="200"}' in text
    assert 'aka_requests_total{method="(any)",route="(none)",status="404"}' in text
    assert "nowhere" not in text
    assert "aka_mentions_total" in text
    assert 'generation="fake-generation"' in text
    assert 'aka_request_seconds_bucket{le="0.001",route="/mentions"}' in text
