"""Bodies that come slowly or never: whoever answers does not wait for them, and nothing else is changed by that."""

from __future__ import annotations

import io
import json
import threading

import pytest

from aliases.errors import SlowRequestError
from resolver import bodies, budget
from resolver.bodies import Timely
from resolver.service import create_app
from resolver.settings import Settings
from tests.resolver.fake import FakeResolver

JSON = "application/json"


class Held:
    """A body of which the rest comes when it is let go."""

    def __init__(self, first: bytes = b"") -> None:
        self.first = first
        self.gone = threading.Event()

    def read(self, size: int = -1) -> bytes:
        if self.first:
            found, self.first = self.first, b""
            return found
        assert self.gone.wait(60)
        return b""


@pytest.fixture
def held():
    body = Held(b'{"names": ')
    yield body
    body.gone.set()


def waited(held: Held, *, path: str = "/lookup", content_type: str = JSON, length: str = "40"):
    client = create_app(FakeResolver(), settings=Settings(budget=0.05)).test_client()
    environ = {"wsgi.input": held, "CONTENT_LENGTH": length}
    if not length:
        environ |= {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    return client.post(path, content_type=content_type, environ_overrides=environ)


@pytest.mark.parametrize(
    ("path", "content_type"),
    [("/lookup", JSON), ("/mentions", JSON), ("/reconcile/v1/match", JSON), ("/yente/match/default", JSON)],
)
@pytest.mark.parametrize("length", ["40", ""], ids=["with its length", "chunked"])
def test_a_body_that_does_not_come_is_408(held, path, content_type, length):
    answer = waited(held, path=path, content_type=content_type, length=length)
    assert (answer.status_code, answer.mimetype) == (408, "application/problem+json")
    assert "did not come" in answer.json["detail"]
    assert answer.headers["Connection"] == "close"


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_that_does_not_come_is_408(held, content_type):
    held.first = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' if "multipart" in content_type else b"text="
    assert waited(held, path="/", content_type=content_type, length="400").status_code == 408


def test_a_stream_that_stops_is_ended_with_a_line_that_says_so(held, monkeypatch):
    monkeypatch.setattr("resolver.limits.STREAM_PAUSE_SECONDS", 0.05)
    held.first = b""
    answer = waited(held, path="/mentions", content_type="application/x-ndjson")
    assert answer.status_code == 200
    [last] = [json.loads(line) for line in answer.data.splitlines()]
    assert (last["error"]["status"], last["line"]) == (408, 1)


@pytest.mark.parametrize(("path", "content_type"), [("/lookup", JSON), ("/", "application/x-www-form-urlencoded")])
def test_a_body_that_ends_before_its_length_is_not_taken_for_the_whole(path, content_type):
    client = create_app(FakeResolver()).test_client()
    ended = {"wsgi.input": io.BytesIO(b'{"names": ["a"]}'), "wsgi.input_terminated": True, "CONTENT_LENGTH": "40"}
    answer = client.post(path, content_type=content_type, environ_overrides=ended)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert "ended after 16 of the 40 bytes" in answer.json["detail"]


def test_a_body_of_no_known_length_ends_where_it_ends():
    assert [Timely(io.BytesIO(b"abc"), length).read() for length in (None, 3)] == [b"abc", b"abc"]
    assert Timely(io.BytesIO(b"abc"), None).read(10) == b"abc"


def test_what_is_still_waited_for_is_told_when_it_ends(held):
    body, told = Timely(held), threading.Event()
    assert body.when_read(told.set) is None
    assert told.is_set()
    told.clear()
    with budget.limited(60):
        assert body.read(10) == b'{"names": '
    with budget.limited(0.01), pytest.raises(SlowRequestError):
        body.read(10)
    body.when_read(told.set)
    assert not told.is_set()
    held.gone.set()
    assert told.wait(60)


def test_without_a_limit_a_body_is_read_where_it_is_wanted():
    here: list[str] = []

    class Noting(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            here.append(threading.current_thread().name)
            return super().read(size)

    assert Timely(Noting(b"abc")).read() == b"abc"
    with budget.limited(60):
        assert Timely(Noting(b"abc")).read() == b"abc"
    assert here == [threading.current_thread().name, "aka-body"]


def test_threads_that_wait_for_nothing_end_and_the_next_body_has_one_again(monkeypatch):
    monkeypatch.setattr(bodies, "IDLE_SECONDS", 0.01)
    readers = bodies._Readers()
    before = set(threading.enumerate())
    assert [readers.submit(lambda: b"x").result(60) for _ in range(3)] == [b"x"] * 3
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
        assert not thread.is_alive()
    assert readers._idle == 0
    assert readers.submit(lambda: b"y").result(60) == b"y"


def test_a_crowd_of_bodies_is_read_whole_while_threads_come_and_go(monkeypatch):
    monkeypatch.setattr(bodies, "IDLE_SECONDS", 0.0001)
    readers = bodies._Readers()
    for _ in range(50):
        found = [readers.submit(lambda number=number: b"%d" % number) for number in range(20)]
        assert [one.result(60) for one in found] == [b"%d" % number for number in range(20)]


def test_what_a_server_raises_while_it_reads_comes_out():
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    with budget.limited(60), pytest.raises(ConnectionResetError):
        Timely(Broken()).read()
    with budget.limited(60):
        assert Timely(io.BytesIO(b"next")).read() == b"next"


def test_a_body_that_does_not_come_keeps_no_other_out(held):
    held.first = b""
    with budget.limited(0.01), pytest.raises(SlowRequestError):
        Timely(held).read()
    with budget.limited(60):
        assert [Timely(io.BytesIO(b"x")).read() for _ in range(50)] == [b"x"] * 50
