"""Requests that no client library would send, over a socket to a running service: refused as they should be, and never a 5xx.

What is no HTTP at all is refused by the server below us, granian or waitress, in its own words; of everything that it lets through
the refusal is a problem. The list is our own; each entry is one way to be wrong.
"""

from __future__ import annotations

import gzip
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from resolver import cli
from resolver.credentials import Tokens
from resolver.service import SECURITY_HEADERS
from tests.resolver.served import serving

WITHOUT_GRANIAN = "import sys; sys.modules['granian'] = None; "
TEXT = b'{"text":"ISIS"}'
JSON = b"Content-Type: application/json"
NDJSON = b"Content-Type: application/x-ndjson"
FORM = b"Content-Type: application/x-www-form-urlencoded"
MULTIPART = b"Content-Type: multipart/form-data; boundary=x"
CHUNKED = b"Transfer-Encoding: chunked"
MENTIONS, LOOKUP, PAGE = b"POST /mentions HTTP/1.1", b"POST /lookup HTTP/1.1", b"POST / HTTP/1.1"
ASK = b"GET /lookup?name=ISIS HTTP/1.1"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Reply(NamedTuple):
    """One answer on a connection."""

    status: int
    headers: dict[str, str]
    body: bytes


class Service(NamedTuple):
    """A running service, and the token that may write."""

    address: tuple[str, int]
    token: str
    server: str


@pytest.fixture(scope="module", params=["", WITHOUT_GRANIAN], ids=["granian", "waitress"])
def service(request, tmp_path_factory) -> Iterator[Service]:
    """A service over two entities; it must have logged no failure when all is over."""
    folder: Path = tmp_path_factory.mktemp("raw")
    lines = '{"id": "raqqa", "type": "place", "name": "Raqqa"}\n{"id": "isis", "type": "organization", "name": "ISIS"}\n'
    (folder / "two.jsonl").write_text(lines)
    assert cli.run(["import", "jsonl", str(folder / "two.jsonl"), "--list", "test", "--data", str(folder / "data")]) == 0
    token = Tokens(folder / "data" / "tokens.json").create("writer", scope="write")
    with serving(folder / "data", before=request.param, workers=1) as (address, process):
        host, port = address.removeprefix("http://").split(":")
        yield Service((host, int(port)), token, "waitress" if request.param else "granian")
        process.terminate()
        said = process.communicate(timeout=60)[1]
    assert "unexpected" not in said
    assert "Traceback" not in said


def request(line: bytes, *headers: bytes, body: bytes = b"", host: bytes = b"Host: localhost", length: bool = True) -> bytes:
    """Request line, headers, body -> the bytes of a request, with its length where that is wanted, and told to be the last."""
    said = [host, *headers, *([b"Content-Length: %d" % len(body)] if body and length else []), b"Connection: close"]
    return b"\r\n".join([line, *filter(None, said)]) + b"\r\n\r\n" + body


def text(body: bytes, *headers: bytes) -> bytes:
    return request(MENTIONS, JSON, *headers, body=body)


def framed(body: bytes, *headers: bytes, line: bytes = MENTIONS, kind: bytes = JSON) -> bytes:
    """A body whose end the headers say in their own way."""
    return request(line, kind, *headers, body=body, length=False)


def chunks(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def form(body: bytes, kind: bytes = FORM) -> bytes:
    return request(PAGE, kind, body=body)


def part(disposition: bytes, content: bytes) -> bytes:
    return b"--x\r\nContent-Disposition: form-data; " + disposition + b"\r\n\r\n" + content + b"\r\n"


def sent(service: Service, raw: bytes, *, cut: bool = False) -> list[Reply]:
    """Bytes -> all that comes back until the service hangs up. `cut`: nothing more is sent, and the service is told so."""
    with socket.create_connection(service.address, timeout=60) as line:
        got = bytearray()
        try:
            line.sendall(raw)
            if cut:
                line.shutdown(socket.SHUT_WR)
            while piece := line.recv(65_536):
                got += piece
        except (BrokenPipeError, ConnectionResetError):
            pass  # it had heard enough; what it said before that counts
    return list(replies(bytes(got)))


def replies(got: bytes) -> Iterator[Reply]:
    """Bytes of several answers -> the answers; one that only says `go on` is none."""
    while got:
        head, _, got = got.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
        }
        if status == 100:
            continue
        length = int(headers["content-length"]) if "content-length" in headers else len(got)
        yield Reply(status, headers, got[:length])
        got = got[length:]


# ---------------------------------------------------------------- what the service refuses, or answers as it stands

REFUSED: dict[str, tuple[bytes, set[int]]] = {
    # the body and its length
    "a length that is too short": (framed(TEXT, b"Content-Length: 5"), {400}),
    "a length beyond all limits": (framed(TEXT, b"Content-Length: 99999999999"), {413}),
    "a body over the limit": (text(b" " * 8_000_001), {413}),
    "a body over the limit in chunks": (framed(chunks(*[b" " * 65_536] * 130), CHUNKED), {413}),
    "no body": (request(MENTIONS, JSON), {400}),
    "an empty body": (request(MENTIONS, JSON, b"Content-Length: 0"), {400}),
    "a chunk that is longer than it says": (framed(b"3\r\n" + TEXT + b"\r\n0\r\n\r\n", CHUNKED), {400}),
    "a chunk of no size": (framed(b"ZZZ\r\n" + TEXT + b"\r\n0\r\n\r\n", CHUNKED), {400}),
    "a chunk of negative size": (framed(b"-1\r\n" + TEXT + b"\r\n0\r\n\r\n", CHUNKED), {400}),
    "a chunk of more than any size": (framed(b"F" * 18 + b"\r\n" + TEXT + b"\r\n0\r\n\r\n", CHUNKED), {400}),
    "a chunk with 100 kB of extensions": (framed(b"f;" + b"x" * 100_000 + b"\r\n" + TEXT + b"\r\n0\r\n\r\n", CHUNKED), {400, 413, 200}),
    "the same length twice": (framed(TEXT, b"Content-Length: 15", b"Content-Length: 15"), {200, 400}),
    "a coding beside chunked": (framed(chunks(TEXT), b"Transfer-Encoding: gzip, chunked"), {400}),
    "a change in chunks": (framed(chunks(b'{"id": "x", "name": "X"}\n'), CHUNKED, line=b"POST /lists/x HTTP/1.1"), {401}),
    # what the body is said to be
    "no content type": (request(MENTIONS, body=TEXT), {415}),
    "what a form of any page can send": (request(MENTIONS, b"Content-Type: text/plain", b"Origin: http://evil", body=TEXT), {415}),
    "a content type of bytes": (request(MENTIONS, b"Content-Type: \xff\xfe", body=TEXT), {415}),
    "UTF-7": (request(MENTIONS, JSON + b"; charset=utf-7", body=TEXT), {415}),
    "a gzip bomb": (text(gzip.compress(b'{"text":"' + b"a" * 5_000_000 + b'"}'), b"Content-Encoding: gzip"), {415}),
    "gzip that says nothing of it": (text(gzip.compress(TEXT)), {400}),
    # JSON
    "a key twice": (text(b'{"text":"harmless","text":"ISIS"}'), {400}),
    "NaN": (text(b'{"text":"a","min_score":NaN}'), {400}),
    "more than a float": (text(b'{"text":"a","min_score":1e999}'), {400}),
    "an integer of 5,000 digits": (text(b'{"text":"a","limit":' + b"9" * 5_000 + b"}"), {400}),
    "100,000 arrays in each other": (text(b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}"), {400}),
    "50,000 objects in each other": (text(b'{"a":' * 50_000 + b"1" + b"}" * 50_000), {400}),
    "bytes that are not UTF-8": (text(b'{"text":"\xff\xfe"}'), {400}),
    "a character in too many bytes": (text(b'{"text":"\xc0\xbcscript"}'), {400}),
    "half a surrogate pair": (text(b'{"text":"\\ud800"}'), {400}),
    "UTF-16": (text('{"text":"ISIS"}'.encode("utf-16")), {400}),
    "half an object": (text(b'{"text":"ISIS in De'), {400}),
    "100,000 unknown keys": (text(b"{" + b",".join(b'"k%d":1' % n for n in range(100_000)) + b',"text":"x"}'), {422}),
    "100,000 names": (request(LOOKUP, JSON, body=json.dumps({"names": ["x"] * 100_000}).encode()), {422}),
    # forms
    "2,000 parts of a form": (form(part(b'name="a"', b"b") * 2_000 + b"--x--\r\n", MULTIPART), {413}),
    "parts without a boundary": (form(b"--x\r\n\r\n", b"Content-Type: multipart/form-data"), {422}),
    "parts of garbage": (form(b"\x00\xff" * 500, MULTIPART), {422}),
    "a file name that leads elsewhere": (form(part(b'name="file"; filename="../../\xff\x00.pdf"', b"%PDF") + b"--x--\r\n", MULTIPART), {422}),
    "5,000 fields": (form(b"&".join(b"a%d=b" % n for n in range(5_000))), {413, 422}),
    "a form of bytes": (form(b"text=\xff\xfe%ff%fe%zz"), {200, 422}),
    # hosts
    "no host": (request(ASK, host=b""), {400}),
    "an empty host": (request(ASK, host=b"Host: "), {400}),
    "two hosts": (request(ASK, b"Host: evil.example"), {400}),
    "another host": (request(ASK, host=b"Host: evil.example"), {400}),
    "another host behind ours": (request(ASK, host=b"Host: localhost@evil.example"), {400}),
    "a host of bytes": (request(ASK, host=b"Host: \xff\xfe"), {400}),
    # paths, queries, methods
    "a way out of the path": (request(b"GET /../../etc/passwd HTTP/1.1"), {404}),
    "an escaped way out of an entity": (request(b"GET /entities/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1"), {404}),
    "an escaped way out of the files": (request(b"GET /static/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1"), {404}),
    "U+0000 in an id": (request(b"GET /entities/a%00b HTTP/1.1"), {404}),
    "an id that is not UTF-8": (request(b"GET /entities/%zz%ff%fe HTTP/1.1"), {404}),
    "a query that is not UTF-8": (request(b"GET /lookup?name=%zz%ff%fe HTTP/1.1"), {400}),
    "60 kB of query": (request(b"GET /lookup?name=" + b"A" * 60_000 + b" HTTP/1.1"), {400, 414, 431}),
    "5,000 parameters": (request(b"GET /lookup?" + b"&".join(b"name=a%d" % n for n in range(5_000)) + b" HTTP/1.1"), {400}),
    "TRACE": (request(b"TRACE / HTTP/1.1"), {405}),
    "CONNECT": (request(b"CONNECT localhost:80 HTTP/1.1"), {404, 405}),
    "a method that nobody has": (request(b"BREW /lookup HTTP/1.1"), {405}),
    "another method by a header": (request(b"GET /admin/reload HTTP/1.1", b"X-HTTP-Method-Override: POST"), {405}),
    # who asks
    "an address that is said to be ours": (request(b"POST /admin/reload HTTP/1.1", b"X-Forwarded-For: 127.0.0.1", b"Content-Length: 0"), {401}),
    "a token of bytes": (request(ASK, b"Authorization: Bearer \xff\xfe"), {401}),
    "a change without a token": (request(b"POST /lists/x HTTP/1.1", body=b'{"id":"a"}\n'), {401}),
}  # fmt: skip

ANSWERED: dict[str, bytes] = {
    "a line break in a name": request(b"GET /lookup?name=a%0d%0aSet-Cookie:%20x=1 HTTP/1.1"),
    "an escape of a terminal in a name": request(b"GET /lookup?name=%1b%5b2J%1b%5b31m HTTP/1.1"),
    "99 headers": request(ASK, *(b"X-%d: y" % n for n in range(90))),
    "headers of bytes": request(ASK, b"X: \xff\xfe", b"Accept: \xff", b"Origin: \xff", b'If-None-Match: \xff"""W/'),
    "cookies that nobody set": request(ASK, b"Cookie: " + b"a=b; " * 5_000),
    "ranges without end": request(ASK, b"Range: bytes=0-99999999999999999999999,5-1"),
    "another protocol offered": request(ASK, b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQAAP__"),
    "a body with a GET": request(ASK, JSON, body=TEXT),
    "a client that waits to be told to go on": request(MENTIONS, JSON, b"Expect: 100-continue", body=TEXT),
    "a text in chunks": framed(chunks(b'{"te', b'xt":"ISIS"}'), CHUNKED),
}  # fmt: skip

BARE = {"connection", "content-length", "date"}  # headers of what granian's parser refuses
NO_HTTP: dict[str, bytes] = {
    "two lengths": framed(TEXT, b"Content-Length: 5", b"Content-Length: 15"),
    "a negative length": framed(TEXT, b"Content-Length: -1"),
    "a length in words": framed(TEXT, b"Content-Length: many"),
    "a length with a sign": framed(TEXT, b"Content-Length: +15"),
    "a length in hexadecimal": framed(TEXT, b"Content-Length: 0xF"),
    "a length beyond all numbers": framed(TEXT, b"Content-Length: 99999999999999999999999999"),
    "a coding that nobody knows": framed(TEXT, b"Transfer-Encoding: xchunked"),
    "a thousand headers": request(ASK, *(b"X-%d: %b" % (n, b"y" * 100) for n in range(1_000))),
    "a header of 300 kB": request(ASK, b"X: " + b"y" * 300_000),
    "a path of 1 MB": request(b"GET /" + b"A" * 1_000_000 + b" HTTP/1.1"),
    "a header without a colon": request(ASK, b"nonsense"),
    "a header without a name": request(ASK, b": y"),
    "a blank before the colon": request(ASK, b"X : y"),
    "U+0000 in a header": request(ASK, b"X: a\x00b"),
    "a carriage return in a header": request(ASK, b"X: y\rZ: w"),
    "a blank in the path": request(b"GET /look up?name=a HTTP/1.1"),
    "U+0000 in the path": request(b"GET /entities/a\x00b HTTP/1.1"),
    "no path": request(b"GET  HTTP/1.1"),
    "no version": b"GET /healthz\r\n\r\n",
    "TLS": bytes.fromhex("16030100c8010000c40303") + b"\0" * 200 + b"\r\n\r\n",
    "every byte": bytes(range(256)) * 20 + b"\r\n\r\n",
}  # fmt: skip


def is_told(reply: Reply) -> None:
    """A refusal -> nothing; AssertionError when it is no problem, nor the page with the reason that a browser gets."""
    if reply.headers["content-type"].startswith("text/html"):
        assert b'role="alert"' in reply.body
        return
    assert reply.headers["content-type"] == "application/problem+json"
    problem = json.loads(reply.body)
    assert problem["status"] == reply.status
    assert problem["detail"]


@pytest.mark.parametrize("what", REFUSED)
def test_a_bad_request_is_refused_with_the_right_status_and_told_why(service, what):
    raw, allowed = REFUSED[what]
    got = sent(service, raw)
    assert got or service.server == "waitress"  # which may hang up on a size that no number holds
    for reply in got[:1]:
        assert reply.status in allowed
        if reply.status >= 400:
            is_told(reply)


@pytest.mark.parametrize("what", ANSWERED)
def test_an_odd_request_is_answered_and_makes_no_header_of_its_own(service, what):
    (reply,) = sent(service, ANSWERED[what])
    assert reply.status == 200
    assert "set-cookie" not in reply.headers
    assert re.search(rb"\x1b|\r\n", reply.body) is None


@pytest.mark.parametrize("what", NO_HTTP)
def test_what_is_no_http_is_refused_by_the_server_and_the_connection_ends(service, what):
    for reply in sent(service, NO_HTTP[what]):
        assert 400 <= reply.status < 500
        if service.server == "waitress":
            is_told(reply)
            assert {name.lower(): value for name, value in SECURITY_HEADERS.items()}.items() <= reply.headers.items()
        else:  # as docs/operation.md says: no problem, and nothing that a browser could be made to read
            assert (set(reply.headers), reply.headers["content-length"], reply.body) == (BARE, "0", b"")


# ---------------------------------------------------------------- several requests, or less than one


@pytest.mark.parametrize("line", [MENTIONS, b"POST /nowhere HTTP/1.1", b"POST /lists/x HTTP/1.1", ASK])
@pytest.mark.parametrize("said", [True, False], ids=["with its length", "in chunks"])
def test_a_body_that_nobody_reads_is_not_the_next_request(service, line, said):
    kind = b"Content-Type: text/plain"
    raw = request(line, kind, body=HIDDEN) if said else request(line, kind, CHUNKED, body=chunks(HIDDEN), length=False)
    assert len(sent(service, raw)) == 1


def test_requests_in_a_row_are_answered_in_their_order_and_a_bad_one_spoils_none(service):
    ask = ASK + b"\r\nHost: localhost\r\n\r\n"
    bad = b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert [one.status for one in sent(service, ask + bad + ask + request(b"GET /healthz HTTP/1.1"))] == [200, 404, 200, 200]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\r\n" * 50, b"GET /lookup?na", ASK + b"\r\nHost: loc", request(MENTIONS, JSON, b"Content-Length: 500", body=b'{"text', length=False),
        framed(b"f\r\n" + TEXT, CHUNKED), framed(b"f\r\n" + TEXT, CHUNKED, kind=NDJSON), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)  # fmt: skip
def test_half_a_request_is_given_up_when_its_client_goes(service, raw):
    assert all(reply.status < 500 for reply in sent(service, raw, cut=True))
    assert sent(service, request(b"GET /healthz HTTP/1.1"))[0].status == 200


def whole(service: Service, *headers: bytes, body: bytes) -> bytes:
    """A list that is sent in with a token."""
    bearer = f"Authorization: Bearer {service.token}".encode()
    return request(b"POST /lists/cut?force=1 HTTP/1.1", bearer, NDJSON, *headers, body=body, length=False)


@pytest.mark.parametrize("framing", [b"Content-Length: 500", CHUNKED], ids=["with its length", "in chunks"])
def test_a_list_that_is_cut_off_in_the_middle_is_not_taken_for_the_whole(service, framing):
    first = b'{"id": "cut", "name": "Cut Off"}\n'
    body = first if framing != CHUNKED else b"%x\r\n%b\r\n" % (len(first), first)
    assert [reply.status for reply in sent(service, whole(service, framing, body=body), cut=True)] in ([400], [411], [])
    assert sent(service, request(b"GET /entities/cut HTTP/1.1"))[0].status == 404


def test_a_list_that_comes_whole_is_taken(service):
    body = b'{"id": "cut", "name": "Cut Off"}\n'
    assert sent(service, whole(service, b"Content-Length: %d" % len(body), body=body))[0].status == 200
