"""`aka serve` as a process: it says where it listens, answers from several workers, and goes when it is told to."""

from __future__ import annotations

import json
import re
import signal
import socket
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from aliases.errors import BusyError, InvalidError
from resolver import cli, server
from resolver.credentials import Tokens
from resolver.settings import Settings
from tests.resolver.fake import FakeResolver
from tests.resolver.served import serving

WITHOUT_GRANIAN = "import sys; sys.modules['granian'] = None; "
ENTITIES = '{"id": "raqqa", "type": "place", "name": "Raqqa"}\n{"id": "isis", "type": "organization", "name": "ISIS"}\n'


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A data directory made by `aka import`, with two entities."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "two.jsonl").write_text(ENTITIES, "utf-8")
    assert cli.run(["import", "jsonl", str(folder / "two.jsonl"), "--list", "test", "--data", str(folder / "data")]) == 0
    return folder / "data"


def ask(address: str, path: str, body: object = None) -> tuple[int, object]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data, {"Content-Type": "application/json"})  # noqa: S310 - as above
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


@pytest.mark.parametrize("before", ["", WITHOUT_GRANIAN], ids=["granian", "waitress"])
def test_a_served_data_directory_answers_and_stops_when_told(data, before):
    with serving(data, before=before) as (address, process):
        status, found = ask(address, "/lookup?name=Raqqa")
        assert (status, found["candidates"][0]["entity"]["id"]) == (200, "raqqa")
        status, found = ask(address, "/mentions", {"text": "ISIS left Raqqa"})
        assert (status, [one["surface"] for one in found["mentions"]]) == (200, ["ISIS", "Raqqa"])
        assert ask(address, "/mentions", {"text": 5})[0] == 422
        assert ask(address, "/nowhere")[0] == 404
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == ""


def put(data: Path, text: str) -> None:
    """Import another state of the list."""
    (data.parent / "next.jsonl").write_text(text, "utf-8")
    arguments = ["import", "jsonl", str(data.parent / "next.jsonl"), "--list", "test", "--data", str(data), "--force"]
    assert cli.run(arguments) == 0


def generations(address: str, *, wanted: str) -> None:
    """Ask until every one of 20 questions in a row, each on a connection of its own, is answered from the wanted generation."""
    for _ in range(600):
        if all(ask(address, "/readyz")[1]["generation"] == wanted for _ in range(20)):
            return
        threading.Event().wait(0.05)
    raise AssertionError(f"not all workers answer from {wanted}")


@pytest.mark.parametrize("before", ["", WITHOUT_GRANIAN], ids=["granian", "waitress"])
def test_a_new_generation_is_taken_up_by_every_worker_and_a_damaged_one_by_none(tmp_path, before):
    (tmp_path / "two.jsonl").write_text(ENTITIES, "utf-8")
    data = tmp_path / "data"
    assert cli.run(["import", "jsonl", str(tmp_path / "two.jsonl"), "--list", "test", "--data", str(data)]) == 0
    with serving(data, before=before) as (address, process):
        put(data, ENTITIES.replace("Raqqa", "Ar-Raqqah"))
        second = (data / "current").read_text().strip()
        generations(address, wanted=second)
        (data / "current").write_text("damaged\n")
        for _ in range(600):
            if "refused" in ask(address, "/readyz")[1]:
                break
            threading.Event().wait(0.05)
        status, ready = ask(address, "/readyz")
        assert (status, ready["generation"]) == (200, second)
        put(data, ENTITIES)
        third = (data / "current").read_text().strip()
        generations(address, wanted=third)
        process.send_signal(signal.SIGHUP)
        generations(address, wanted=third)
        assert ask(address, "/lookup?name=Raqqa")[0] == 200


@pytest.mark.parametrize("before", ["", WITHOUT_GRANIAN], ids=["granian", "waitress"])
def test_what_a_service_writes_is_for_its_own_user_whatever_started_it_allows(tmp_path, monkeypatch, before):
    (tmp_path / "two.jsonl").write_text(ENTITIES, "utf-8")
    data = tmp_path / "data"
    assert cli.run(["import", "jsonl", str(tmp_path / "two.jsonl"), "--list", "test", "--data", str(data)]) == 0
    token = Tokens(data / "tokens.json").create("writer", scope="write")
    (tmp_path / "shared").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "shared"))
    there = set(data.rglob("*"))
    with serving(data, before="import os; os.umask(0); " + before) as (address, _):
        entity = b'{"type": "place", "name": "Hama"}'
        change = urllib.request.Request(f"{address}/entities/hama", entity, method="PUT")  # noqa: S310 - our own address
        change.add_header("Content-Type", "application/json")
        change.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(change, timeout=60) as answer:  # noqa: S310 - our own address
            assert answer.status == 200
        written = [*set(data.rglob("*")) - there, *(tmp_path / "shared").rglob("*")]
        open_to_others = [path for path in written if path.stat().st_mode & 0o077 and not path.is_symlink()]
    assert {"arrays.bin", "settings.json"} <= {path.name for path in written}
    assert open_to_others == []


def test_metrics_count_over_all_workers(data):
    with serving(data) as (address, _):
        counted = re.compile(r'aka_requests_total\{method="GET",route="/lookup",status="200"\} (\d+)')
        for _ in range(30):
            assert ask(address, "/lookup?name=Raqqa")[0] == 200
        for asked in range(600):
            with urllib.request.urlopen(f"{address}/metrics", timeout=30) as answer:  # noqa: S310 - our own address
                text = answer.read().decode()
            assert counted.search(text)[1] == "30"
            if asked >= 5 and len(re.findall(r"aka_generation_info\{", text)) == 2:
                return
            threading.Event().wait(0.05)
    raise AssertionError("one of the workers is not told of")


def chunk(line: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(line), line)


def test_a_chunked_stream_is_answered_line_by_line(data):
    head = (
        b"POST /mentions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with serving(data, workers=1) as (address, _):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as line:
            line.sendall(head)
            got = b""
            for number in range(5):
                line.sendall(chunk(b'{"id": %d, "text": "Raqqa"}\n' % number))
                while b'{"id":%d,' % number not in got:
                    got += line.recv(65_536)
            line.sendall(b"0\r\n\r\n")
            while not got.endswith(b"0\r\n\r\n"):
                got += line.recv(65_536)
    assert b"200 OK" in got.split(b"\r\n")[0]


def test_a_client_that_sends_all_before_it_reads_gets_all(data):
    document = chunk(b'{"id": 1, "text": "' + b"Raqqa. " * 500 + b'"}\n')
    head = (
        b"POST /mentions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with serving(data, workers=1) as (address, _):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=120) as line:
            line.sendall(head)
            for _ in range(60):  # answered with 6 MB, more than the buffers between us hold
                line.sendall(document)
            line.sendall(b"0\r\n\r\n")
            got = bytearray()
            while not got.endswith(b"0\r\n\r\n"):
                got += line.recv(65_536)
    assert got.count(b'{"id":1,') == 60


def test_a_port_that_is_taken_ends_with_75(monkeypatch, capfd):
    monkeypatch.setattr(server.Resolver, "open", lambda data: FakeResolver())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert cli.run(["serve", "--port", str(taken.getsockname()[1])]) == 75
    assert "--port" in capfd.readouterr().err


def test_a_host_without_an_address_is_refused(monkeypatch, tmp_path):
    tokens = str(tmp_path / "tokens.json")
    Tokens(Path(tokens)).create("reader", scope="read")
    monkeypatch.setattr(server.Resolver, "open", lambda data: FakeResolver())
    with pytest.raises(InvalidError, match=r"127\.0\.0\.1"):
        server.serve(Settings(host="no such host", port=0, tokens=tokens), say=print)
    with pytest.raises(BusyError, match="cannot listen"):
        server.serve(Settings(host="192.0.2.1", port=0, tokens=tokens), say=print)  # TEST-NET-1 of RFC 5737: nobody's


def test_a_missing_data_directory_is_refused_before_anything_listens(capfd):
    assert cli.run(["serve", "--data", "/nowhere/at/all", "--port", "0"]) == 2
    captured = capfd.readouterr()
    assert "aka import" in captured.err
    assert "http://" not in captured.err
