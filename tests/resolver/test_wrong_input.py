"""Wrong input at the HTTP door: the right status, a problem that names the place and the fix, and never a 500."""

from __future__ import annotations

import gzip
import io
import json

import pytest
from flask.testing import FlaskClient

from resolver.service import create_app
from tests.resolver.fake import FakeResolver

JSON = "application/json"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(FakeResolver()).test_client()


def refused(answer, status: int, says: str = "") -> dict:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    problem = json.loads(answer.data)
    assert problem["status"] == status
    assert problem["type"].startswith("/docs#")
    assert problem["title"]
    assert says in problem["detail"]
    assert "Traceback" not in answer.text
    assert len(answer.data) < 3_000
    return problem


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b"{", "not JSON"),
        (b'{"text": "ISIS",}', "not JSON"),
        (b'{"text": "ISIS in De', "not JSON"),
        (b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "deeper"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "deeper"),
        (b'{"text": "ISIS \\ud800 Daesh"}', "surrogate"),
        (b'{"text": "\\udc00\\ud800 ISIS"}', "surrogate"),
        (b'{"text": "IS\xff\xfeIS"}', "0xFF at offset 12"),
        (b'{"text": "\xc0\xbcscript"}', "not UTF-8"),
        (b'{"text": "\xed\xa0\xbd\xed\xb8\x80 ISIS"}', "not UTF-8"),
        ('{"text": "ISIS"}'.encode("utf-16"), "not UTF-8"),
        ('{"text": "ISIS"}'.encode("utf-32"), "not UTF-8"),
        (b'{"text": "a", "text": "ISIS"}', "'text' stands twice"),
        (b'{"text": "ISIS", "min_score": NaN}', "NaN"),
        (b'{"text": "ISIS", "min_score": 1e999}', "too large"),
        (b'{"text": "ISIS", "limit": ' + b"9" * 5_000 + b"}", "digits"),
    ],
)
@pytest.mark.parametrize("path", ["/mentions", "/lookup"])
def test_a_body_that_is_not_strict_json_is_400(client, path, body, says):
    refused(client.post(path, data=body, content_type=JSON), 400, says)


@pytest.mark.parametrize(
    ("path", "value", "pointer", "says"),
    [
        ("/mentions", None, "", "object"),
        ("/mentions", [1], "", "object"),
        ("/mentions", "ISIS", "", "object"),
        ("/mentions", {}, "/text", "missing"),
        ("/mentions", {"txt": "ISIS"}, "/txt", "use lists min_score offsets overlaps text types"),
        ("/mentions", {"text": "a", "x/y~z": 1}, "/x~1y~0z", "unknown"),
        ("/mentions", {"text": None}, "/text", "expected string, got null"),
        ("/mentions", {"text": ["ISIS"]}, "/text", "expected string, got array"),
        ("/mentions", {"text": 5}, "/text", "expected string, got int"),
        ("/mentions", {"text": "a", "types": ["town"]}, "/types/0", "use one of person organization place"),
        ("/mentions", {"text": "a", "types": "place"}, "/types", "array"),
        ("/mentions", {"text": "a", "types": ["place"] * 51}, "/types", "at most 50"),
        ("/mentions", {"text": "a", "lists": ["seeds", "eu"]}, "/lists/1", "use one of seeds un"),
        ("/mentions", {"text": "a", "lists": [5]}, "/lists/0", "string"),
        ("/mentions", {"text": "a", "min_score": -0.1}, "/min_score", ">= 0"),
        ("/mentions", {"text": "a", "min_score": 1.1}, "/min_score", "<= 1"),
        ("/mentions", {"text": "a", "min_score": "0.5"}, "/min_score", "number"),
        ("/mentions", {"text": "a", "min_score": True}, "/min_score", "number"),
        ("/mentions", {"text": "a", "overlaps": "most"}, "/overlaps", "use one of longest all"),
        ("/mentions", {"text": "a", "offsets": "bytes"}, "/offsets", "use one of codepoint utf16 utf8"),
        ("/mentions", {"text": "a", "documents": []}, "/text", "unknown"),
        ("/mentions", {"documents": {}}, "/documents", "array"),
        ("/mentions", {"documents": [], "lists": ["eu"]}, "/lists/0", "use one of seeds un"),
        ("/mentions", {"documents": [{"id": 1}]}, "/documents/0/text", "missing"),
        ("/mentions", {"documents": [{"text": "a"}]}, "/documents/0/id", "missing"),
        ("/mentions", {"documents": [{"id": 1, "text": "a"}, {"id": 1.5, "text": "a"}]}, "/documents/1/id", "1.5"),
        ("/mentions", {"documents": [{"id": "x" * 513, "text": "a"}]}, "/documents/0/id", "at most 512"),
        ("/mentions", {"documents": [{"id": 1, "text": "a", "lang": "ar"}]}, "/documents/0/lang", "use id text"),
        ("/mentions", {"documents": [{"id": 1, "text": ""}] * 1_001}, "/documents", "at most 1,000"),
        ("/lookup", {"names": "Raqqa"}, "/names", "array"),
        ("/lookup", {"names": ["Raqqa", ""]}, "/names/1", "empty"),
        ("/lookup", {"names": ["Raqqa", " \u3000"]}, "/names/1", "empty"),
        ("/lookup", {"names": ["Raqqa", "a" * 513]}, "/names/1", "513 characters"),
        ("/lookup", {"names": ["a" * 10_000]}, "/names/0", "10,000 characters"),
        ("/lookup", {"names": [None]}, "/names/0", "string"),
        ("/lookup", {"names": ["a"] * 1_001}, "/names", "at most 1,000"),
        ("/lookup", {"name": "Raqqa"}, "/name", "use birth_date country limit lists min_score names types"),
        ("/lookup", {"names": ["a"], "limit": 0}, "/limit", ">= 1"),
        ("/lookup", {"names": ["a"], "limit": 101}, "/limit", "<= 100"),
        ("/lookup", {"names": ["a"], "limit": 2.5}, "/limit", "integer"),
        ("/lookup", {"names": ["a"], "limit": 10**300}, "/limit", "<= 100"),
        ("/lookup", {"names": ["a"], "country": "SYR"}, "/country", "two letters"),
        ("/lookup", {"names": ["a"], "country": ""}, "/country", "two letters"),
        ("/lookup", {"names": ["a"], "birth_date": "1 May 1970"}, "/birth_date", "YYYY"),
        ("/lookup", {"names": ["a"], "birth_date": "1970-13"}, "/birth_date", "YYYY"),
        ("/lookup", {"names": ["a"], "birth_date": "1970-02-30"}, "/birth_date", "YYYY"),
        ("/lookup", {"names": ["a"], "birth_date": "0000"}, "/birth_date", "YYYY"),
    ],
)
def test_a_value_that_is_not_allowed_is_422_with_a_pointer_to_it(client, path, value, pointer, says):
    problem = refused(client.post(path, data=json.dumps(value), content_type=JSON), 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert says in problem["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("path", "pointer", "says"),
    [
        ("/lookup", "/name", "missing"),
        ("/lookup?name=", "/name", "empty"),
        ("/lookup?name=+%20%09", "/name", "empty"),
        ("/lookup?name=" + "a" * 513, "/name", "513"),
        ("/lookup?name=%1F%C2%85", "/name", "empty"),
        ("/lookup?q=Raqqa", "/q", "use birth_date country limit list min_score name type"),
        ("/lookup?name=a&types=place", "/types", "unknown"),
        ("/lookup?name=a&name=b", "/name", "twice"),
        ("/lookup?name=a&limit=2&limit=3", "/limit", "twice"),
        ("/lookup?name=a&type=town", "/type/0", "use one of person"),
        ("/lookup?name=a&type=place&type=", "/type/1", "use one of person"),
        ("/lookup?name=a&list=eu", "/list/0", "use one of seeds un"),
        ("/lookup?name=a&limit=0", "/limit", ">= 1"),
        ("/lookup?name=a&limit=five", "/limit", "integer"),
        ("/lookup?name=a&limit=", "/limit", "integer"),
        ("/lookup?name=a&limit=" + "9" * 400, "/limit", "integer"),
        ("/lookup?name=a&min_score=nan", "/min_score", "number"),
        ("/lookup?name=a&min_score=inf", "/min_score", "number"),
        ("/lookup?name=a&min_score=1e99", "/min_score", "<= 1"),
        ("/lookup?name=a&min_score=2", "/min_score", "<= 1"),
        ("/lookup?name=a&min_score=null", "/min_score", "number"),
        ("/lookup?name=a&limit=null", "/limit", "integer"),
        ("/lookup?name=a&limit=+5", "/limit", "integer"),
        ("/lookup?name=a&limit=2.5", "/limit", "integer"),
        ("/entities?type=null", "/type", "use one of person"),
        ("/lookup?name=a&country=S1", "/country", "two letters"),
        ("/lookup?name=a&birth_date=70", "/birth_date", "YYYY"),
        ("/entities?limit=501", "/limit", "<= 500"),
        ("/entities?type=town", "/type", "use one of person"),
        ("/entities?list=eu", "/list", "use one of seeds un"),
        ("/entities?list=", "/list", "use one of seeds un"),
        ("/entities?q=" + "a" * 513, "/q", "513"),
        ("/entities?page=2", "/page", "use cursor limit list q type"),
        ("/entities/raqqa?full=1", "/full", "leave it out"),
        ("/lists?x=", "/x", "leave it out"),
        ("/version?x", "/x", "leave it out"),
        ("/docs?x=1", "/x", "leave it out"),
        ("/openapi.json?x=1", "/x", "leave it out"),
    ],
)
def test_a_wrong_query_is_422_with_a_pointer_to_its_parameter(client, path, pointer, says):
    problem = refused(client.get(path), 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert says in problem["errors"][0]["detail"]


def test_wrong_options_in_the_query_of_a_text_are_refused(client):
    refused(client.post("/mentions?offsets=bytes", json={"text": "a"}), 422, "/offsets")
    refused(client.post("/mentions?offsets=bytes", data="", content_type="application/x-ndjson"), 422, "/offsets")
    refused(client.post("/mentions?list=eu", data="", content_type="application/x-ndjson"), 422, "eu")
    refused(client.post("/mentions?list=eu", json={"text": "a"}), 422, "eu")
    refused(client.post("/mentions?list=eu", json={"text": "a", "lists": ["un"]}), 422, "eu")
    refused(client.post("/mentions?text=a", json={"text": "a"}), 422, "/text")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (b"name=%ff%fe", 400),
        (b"name=\xff", 400),
        (b"name=%ED%A0%80", 400),
        (b"%ff=1", 400),
        (b"name=" + b"%C3%A9" * 2_000, 400),
        (b"name=" + b"A" * 60_000, 400),
        (b"&".join(b"list=a" for _ in range(121)), 400),
    ],
)
def test_a_query_that_cannot_be_read_or_is_too_long_is_refused(client, query, status):
    refused(client.get("/lookup", environ_overrides={"QUERY_STRING": query.decode("latin-1")}), status)


def test_percent_signs_that_escape_nothing_are_read_as_they_stand(client):
    answer = client.get("/lookup", environ_overrides={"QUERY_STRING": "name=100%zz%"})
    assert answer.json["name"] == "100%zz%"


def test_control_characters_in_a_name_are_answered_and_make_no_header(client):
    answer = client.get("/lookup?name=a%0d%0aSet-Cookie:%20x=1%1b%5b2J%00")
    assert (answer.status_code, answer.json["candidates"]) == (200, [])
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=utf-7"},
        {"Content-Type": "application/json; charset=nonsense"},
        {"Content-Type": "application/x-ndjson; charset=latin-1"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"},
    ],
)
def test_another_type_charset_or_coding_is_415(client, headers):
    refused(client.post("/mentions", data=gzip.compress(b'{"text": "ISIS"}'), headers=headers), 415)


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "application/json;charset=UTF-8", 'application/json; charset="utf8"', "Application/JSON"],
)
def test_the_ways_to_say_json_in_utf8_are_understood(client, content_type):
    assert (
        client.post("/mentions", data=b'\xef\xbb\xbf{"text": "ISIS"}', content_type=content_type).json["mentions"][0]["start"]
        == 0
    )


def test_a_text_of_the_limit_is_searched_and_one_more_character_is_413(client):
    longest = '{"text": "' + "😀" * 999_995 + 'Raqqa"}'
    assert client.post("/mentions", data=longest.encode(), content_type=JSON).json["mentions"][0]["end"] == 1_000_000
    problem = refused(client.post("/mentions", json={"text": "a" * 1_000_001}), 413, "1,000,001 characters, at most 1,000,000")
    assert problem["errors"][0]["pointer"] == "/text"
    refused(client.post("/mentions", json={"text": "a" * 2_000_000}), 413)
    refused(client.post("/mentions", json={"documents": [{"id": 1, "text": "a" * 1_000_001}]}), 413)


@pytest.mark.parametrize("path", ["/mentions", "/lookup"])
def test_a_body_over_its_limit_is_413_whether_its_length_is_said_or_not(client, path):
    refused(client.post(path, data=b" " * 8_000_001, content_type=JSON), 413, "8,000,000")
    said = {"CONTENT_LENGTH": "99999999999"}
    refused(client.post(path, data=b"{}", content_type=JSON, environ_overrides=said), 413)
    chunked = {"wsgi.input": io.BytesIO(b" " * 9_000_000), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    refused(client.post(path, content_type=JSON, environ_overrides=chunked), 413)


def test_an_answer_is_cut_and_says_so_when_a_text_is_all_mentions(client):
    answer = client.post("/mentions", json={"text": "ISIS " * 50_001}).json
    assert len(answer["mentions"]) == 50_000
    assert answer["truncated"] is True
    assert answer["entities"][0]["count"] == 50_001
    assert "truncated" not in client.post("/mentions", json={"text": "ISIS"}).json


def test_a_nul_and_marks_and_directions_are_text_with_offsets_of_their_own(client):
    text = "a\x00\u202e\u0301\U0001f6a9\r\nISIS\u2028Raqqa"
    found = client.post("/mentions", json={"text": text}).json["mentions"]
    assert [text[one["start"] : one["end"]] for one in found] == ["ISIS", "Raqqa"]
