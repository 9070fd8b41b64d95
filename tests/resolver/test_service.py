"""The HTTP door itself: routes, answers, headers, streams. What is a match is tested elsewhere; here a fake resolver answers."""

from __future__ import annotations

import json
import threading

import pytest
from flask.testing import FlaskClient

from aliases.errors import MissingDataError, NotReadyError
from resolver.service import SECURITY_HEADERS, create_app
from tests.resolver.fake import FakeResolver

NDJSON = "application/x-ndjson"


@pytest.fixture
def client() -> FlaskClient:
    return create_app(FakeResolver()).test_client()


def test_a_name_is_answered_with_candidates_and_the_generation(client):
    answer = client.get("/lookup", query_string={"name": "deir al-zor"})
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.json == {
        "name": "deir al-zor",
        "candidates": [
            {
                "entity": {"id": "deir-ez-zor", "name": "Deir ez-Zor", "type": "place", "lists": ["seeds"]},
                "score": 1.0,
                "matched": "Deir al-Zor",
                "kind": "exact",
                "reasons": [{"feature": "same_text", "value": 1.0, "text": "the same text"}],
            }
        ],
        "generation": "fake-generation",
    }


def test_a_name_that_nothing_fits_is_an_answer_without_candidates(client):
    answer = client.get("/lookup?name=Nobody")
    assert (answer.status_code, answer.json["candidates"]) == (200, [])


def test_filters_of_a_lookup_reach_the_resolver(client):
    assert client.get("/lookup?name=Raqqa&type=place&type=person&list=seeds").json["candidates"]
    assert not client.get("/lookup?name=Raqqa&type=person").json["candidates"]
    assert not client.get("/lookup?name=Raqqa&list=un").json["candidates"]
    assert client.get("/lookup?name=Deir+ez-Zor&country=sy").json["candidates"]
    assert not client.get("/lookup?name=Deir+ez-Zor&country=iq").json["candidates"]


def test_a_name_in_raw_utf8_bytes_is_read_as_percent_encoded_is(client):
    raw = client.get("/lookup", environ_overrides={"QUERY_STRING": "name=دير الزور".encode().decode("latin-1")})
    assert raw.json["candidates"][0]["entity"]["id"] == "deir-ez-zor"


def test_many_names_are_answered_in_their_order(client):
    answer = client.post("/lookup", json={"names": ["Raqqa", "Nobody", "ISIS"], "limit": 1})
    assert [result["name"] for result in answer.json["results"]] == ["Raqqa", "Nobody", "ISIS"]
    assert [len(result["candidates"]) for result in answer.json["results"]] == [1, 0, 1]
    assert answer.json["generation"] == "fake-generation"


def test_no_names_are_answered_with_no_results(client):
    assert client.post("/lookup", json={"names": []}).json["results"] == []


def test_mentions_of_a_text_hold_the_verbatim_surface_at_code_points(client):
    text = "ISIS left دير الزور for Raqqa; Raqqa fell."
    answer = client.post("/mentions", json={"text": text}).json
    assert [text[found["start"] : found["end"]] for found in answer["mentions"]] == ["ISIS", "دير الزور", "Raqqa", "Raqqa"]
    assert all(found["surface"] == text[found["start"] : found["end"]] for found in answer["mentions"])
    assert answer["entities"] == [
        {"id": "raqqa", "name": "Raqqa", "type": "place", "count": 2},
        {"id": "deir-ez-zor", "name": "Deir ez-Zor", "type": "place", "count": 1},
        {"id": "islamic-state", "name": "Islamic State", "type": "organization", "count": 1},
    ]
    assert answer["mentions"][0]["alternatives"] == [{"id": "state", "name": "State", "type": "other", "lists": ["seeds"]}]
    assert answer["mentions"][0]["score"] == 0.9877


@pytest.mark.parametrize(("unit", "encoding", "size"), [("utf16", "utf-16-le", 2), ("utf8", "utf-8", 1)])
def test_offsets_count_in_the_unit_that_was_asked_for(client, unit, encoding, size):
    text = "😀 ISIS — دير الزور 👩‍👩‍👧 Raqqa"
    raw = text.encode(encoding)
    for found in client.post("/mentions", json={"text": text, "offsets": unit}).json["mentions"]:
        assert raw[found["start"] * size : found["end"] * size].decode(encoding) == found["surface"]


def test_overlapping_mentions_come_only_when_asked_for(client):
    longest = client.post("/mentions", json={"text": "Islamic State"}).json["mentions"]
    every = client.post("/mentions", json={"text": "Islamic State", "overlaps": "all"}).json["mentions"]
    assert [found["surface"] for found in longest] == ["Islamic State"]
    assert [found["surface"] for found in every] == ["Islamic State", "State"]


def test_an_empty_text_has_no_mentions(client):
    assert client.post("/mentions", json={"text": ""}).json["mentions"] == []


def test_documents_come_back_under_their_ids_in_their_order(client):
    documents = [{"id": "b", "text": "Raqqa"}, {"id": 7, "text": "nothing"}, {"id": "b", "text": "ISIS"}]
    answer = client.post("/mentions", json={"documents": documents, "types": ["place"]}).json
    assert [document["id"] for document in answer["documents"]] == ["b", 7, "b"]
    assert [len(document["mentions"]) for document in answer["documents"]] == [1, 0, 0]
    assert answer["generation"] == "fake-generation"


def test_a_stream_answers_line_for_line_and_goes_on_after_a_bad_line(client):
    lines = ['{"id": 1, "text": "Raqqa"}', "", "{broken", '{"id": 2, "text": 5}', '{"id": 3, "text": "ISIS"}']
    answer = client.post("/mentions", data="\n".join(lines), content_type=NDJSON)
    assert (answer.status_code, answer.content_type) == (200, NDJSON)
    first, second, third, last = map(json.loads, answer.text.splitlines())
    assert (first["id"], last["id"]) == (1, 3)
    assert (second["line"], second["error"]["status"]) == (3, 400)
    assert (third["line"], third["error"]["status"]) == (4, 422)
    assert third["error"]["errors"][0]["pointer"] == "/text"


def test_the_options_of_a_stream_stand_in_its_query(client):
    line = '{"id": 1, "text": "😀 Islamic State"}\n'
    answer = client.post("/mentions?offsets=utf16&overlaps=all&type=other", data=line, content_type=NDJSON)
    assert [(found["start"], found["surface"]) for found in json.loads(answer.text)["mentions"]] == [(11, "State")]


def test_options_in_the_query_hold_for_a_body_that_does_not_name_them_itself(client):
    both = {"text": "😀 Raqqa", "offsets": "utf8"}
    assert client.post("/mentions?offsets=utf16", json={"text": "😀 Raqqa"}).json["mentions"][0]["start"] == 3
    assert client.post("/mentions?offsets=utf16", json=both).json["mentions"][0]["start"] == 5
    assert (
        client.post("/mentions?type=person", json={"documents": [{"id": 1, "text": "Raqqa"}]}).json["documents"][0]["mentions"]
        == []
    )


def test_a_whole_number_may_be_written_with_a_point(client):
    assert client.post("/lookup", json={"names": ["Raqqa"], "limit": 5.0, "min_score": 1}).status_code == 200
    assert client.get("/lookup?name=Raqqa&limit=5.0&min_score=1").status_code == 200


@pytest.mark.parametrize("date", ["1970", "0999-12", "1970-01-31", "2012-02-29", "1970-04-30"])
def test_a_date_of_birth_may_be_a_year_a_month_or_a_day(client, date):
    assert client.get("/lookup", query_string={"name": "Raqqa", "birth_date": date}).status_code == 200


class Typed:
    """A body that is written while it is read: hands out only what was sent, and waits like a socket for the rest."""

    def __init__(self) -> None:
        self.sent = bytearray()
        self.closed = False
        self.more = threading.Condition()

    def send(self, data: bytes, *, last: bool = False) -> None:
        with self.more:
            self.sent += data
            self.closed = last
            self.more.notify()

    def read(self, size: int = -1) -> bytes:
        with self.more:
            assert self.more.wait_for(lambda: self.closed or len(self.sent) >= size > 0, timeout=30), "reads beyond the line"
            taken = bytes(self.sent[:size])
            del self.sent[:size]
            return taken


def test_a_stream_of_unknown_length_is_answered_before_its_next_line_is_sent(client):
    body = Typed()
    body.send(b'{"id": 1, "text": "Raqqa"}\n')
    environ = {"wsgi.input": body, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = client.post("/mentions", content_type=NDJSON, environ_overrides=environ, buffered=False)
    lines = iter(answer.response)
    assert json.loads(next(lines))["id"] == 1
    body.send(b'{"id": 2, "text": "ISIS"}', last=True)
    assert json.loads(next(lines))["id"] == 2
    assert list(lines) == []


def test_a_stream_may_be_longer_than_any_body_and_only_its_lines_are_limited(client):
    line = b'{"id": 1, "text": "Raqqa ' + b"x" * 900_000 + b'"}\n'
    too_long = b'{"id": 2, "text": "' + b"x" * 8_000_000 + b'"}\n'
    answer = client.post("/mentions", data=line * 10 + too_long + line, content_type=NDJSON)
    lines = [json.loads(found) for found in answer.text.splitlines()]
    assert [found.get("id") for found in lines] == [1] * 10 + [None, 1]
    assert (lines[10]["line"], lines[10]["error"]["status"]) == (11, 413)


def test_a_failure_inside_a_stream_is_a_line_and_never_a_traceback(client, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("secret path /etc")

    monkeypatch.setattr(FakeResolver, "mentions", fails)
    answer = client.post("/mentions", data='{"id": 1, "text": "Raqqa"}', content_type=NDJSON)
    assert json.loads(answer.text)["error"]["status"] == 500
    assert "secret" not in answer.text


def test_entities_come_a_page_at_a_time(client):
    seen, cursor = [], ""
    while True:
        page = client.get("/entities", query_string={"limit": 2, "cursor": cursor}).json
        seen += [entity["id"] for entity in page["entities"]]
        cursor = page["cursor"]
        if not cursor:
            break
    assert seen == ["deir-ez-zor", "evil", "islamic-state", "raqqa", "state"]
    assert [entity["id"] for entity in client.get("/entities?q=zor").json["entities"]] == ["deir-ez-zor"]
    assert client.get("/entities?type=person").json == {"entities": [], "cursor": "", "generation": "fake-generation"}


def test_an_entity_shows_every_alias_with_its_source(client):
    answer = client.get("/entities/deir-ez-zor").json
    assert answer["aliases"][1] == {
        "form": "دير الزور", "kind": "native", "lang": "ar", "script": "Arab", "source": "places.toml", "case": False,
    }  # fmt: skip
    assert answer["properties"]["geonames"] == 170794


@pytest.mark.parametrize("path", ["/entities/raqqa", "/entities?limit=2", "/lookup?name=Raqqa", "/lists", "/openapi.json"])
def test_an_answer_that_did_not_change_is_not_sent_again(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(path, headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.data) == (200, first.data)


@pytest.mark.parametrize(
    "path", ["/entities/nobody", "/entities/..%2f..%2fetc%2fpasswd", "/entities/a%00b", "/nowhere", "/static/pages.py"]
)
def test_what_does_not_exist_is_404_as_a_problem(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_the_lists_are_named(client):
    assert [found["name"] for found in client.get("/lists").json["lists"]] == ["seeds", "un"]


def test_version_says_generation_limits_and_road(client):
    answer = client.get("/version").json
    assert answer["generation"] == "fake-generation"
    assert answer["road"] in ("compiled", "interpreted")
    assert answer["limits"]["text_chars"] == 1_000_000
    assert {"python", "fold", "msgspec", "aka-resolver"} <= set(answer["versions"])


@pytest.mark.parametrize("path", ["/lookup?name=Raqqa", "/entities", "/lists", "/healthz", "/readyz", "/version", "/docs", "/"])
def test_head_gives_the_headers_of_get_without_a_body(client, path):
    get, head = client.get(path), client.head(path)
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(get.data)))


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/lookup", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("GET", "/mentions", {"OPTIONS", "POST"}),
        ("PUT", "/entities", {"GET", "HEAD", "OPTIONS"}),
        ("TRACE", "/", {"GET", "HEAD", "OPTIONS", "POST"}),
    ],
)
def test_another_method_is_405_and_says_which_are_allowed(client, method, path, allowed):
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == allowed


def test_a_method_cannot_be_overridden_by_a_header(client):
    assert client.get("/mentions", headers={"X-HTTP-Method-Override": "POST"}).status_code == 405


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/docs"),
        ("GET", "/lookup?name=a"),
        ("GET", "/nowhere"),
        ("GET", "/lookup"),
        ("PUT", "/"),
        ("GET", "/static/page.css"),
        ("GET", "/healthz"),
    ],
)
def test_every_answer_has_the_security_headers(client, method, path):
    headers = client.open(path, method=method).headers
    assert {name: headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "Set-Cookie" not in headers
    assert "Access-Control-Allow-Origin" not in headers


def test_answers_about_a_text_are_not_kept_anywhere(client):
    assert client.post("/mentions", json={"text": "Raqqa"}).headers["Cache-Control"] == "no-store"
    assert client.post("/mentions", data="{}", content_type=NDJSON).headers["Cache-Control"] == "no-store"


def test_without_a_generation_the_service_lives_and_says_why_it_is_not_ready():
    def missing():
        raise MissingDataError("there is no directory 'data': make one with `aka import`")

    client = create_app(missing).test_client()
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, ready.content_type) == (503, "application/problem+json")
    assert "aka import" in ready.json["detail"]
    assert client.get("/lookup?name=a").status_code == 503
    assert client.post("/mentions", json={"text": "a"}).status_code == 503
    assert client.get("/").status_code == 503
    assert client.get("/version").json["generation"] is None


def test_a_generation_that_appears_later_is_taken_up():
    tries = []

    def late():
        tries.append(1)
        if len(tries) == 1:
            raise NotReadyError("not yet")
        return FakeResolver()

    client = create_app(late).test_client()
    assert [client.get("/readyz").status_code for _ in range(3)] == [503, 200, 200]
    assert len(tries) == 2


def test_an_error_of_ours_is_500_without_its_traceback(client, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("secret path /etc")

    monkeypatch.setattr(FakeResolver, "lookup", fails)
    answer = client.get("/lookup?name=a")
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_equal_questions_get_equal_bytes(client):
    bodies = {client.post("/mentions", json={"text": "ISIS in Raqqa"}).data for _ in range(3)}
    assert len(bodies) == 1


def test_importing_the_library_imports_no_door():
    import subprocess
    import sys

    code = "import resolver, sys; sys.exit(any(name in sys.modules for name in ('flask', 'click', 'granian', 'waitress')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
