"""A worker that has answered enough gives way to a new one, and no client sees more of it than the end of a connection."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from resolver import cli, wearing
from resolver.runtime import Runtime
from resolver.service import create_app
from resolver.settings import Settings
from tests.resolver.fake import FakeResolver
from tests.resolver.served import ROOT, serving

CLIENTS = 6


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("renewed")
    (folder / "one.jsonl").write_text('{"id": "raqqa", "type": "place", "name": "Raqqa"}\n', "utf-8")
    assert cli.run(["import", "jsonl", str(folder / "one.jsonl"), "--list", "test", "--data", str(folder / "data")]) == 0
    return folder / "data"


class Client(threading.Thread):
    """Asks until it is told to stop: on one connection for as long as the service keeps it, or on a new one each time."""

    def __init__(self, address: str, stop: threading.Event, *, kept: bool) -> None:
        super().__init__()
        self._to, self._stop_, self._kept = urlsplit(address).netloc, stop, kept
        self.asked = self.closed = 0
        self.failed: list[str] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection(self._to, timeout=60)
        while not self._stop_.is_set():
            try:
                connection.request("GET", "/lookup?name=Raqqa")
                answer = connection.getresponse()
                found = json.loads(answer.read())
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.failed.append(repr(error))
                connection.close()
                continue
            self.asked += 1
            if answer.status != 200 or found["candidates"][0]["entity"]["id"] != "raqqa":
                self.failed.append(f"{answer.status} {found}")
            self.closed += answer.will_close
            if not self._kept:
                connection.close()
        connection.close()


def workers(parent: int) -> set[int]:
    """Process id -> those of its children."""
    return {int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()}


def stopped(pid: int) -> bool:
    """Process id -> whether all its threads stand still."""
    return all(task.read_text().rpartition(") ")[2][0] == "T" for task in Path(f"/proc/{pid}/task").glob("*/stat"))


def seen(parent: int, *, until: Callable[[set[int]], bool]) -> Iterator[set[int]]:
    """Process id -> its children, again and again until they are as wanted; at most for two minutes."""
    for _ in range(600):
        now = workers(parent)
        yield now
        if until(now):
            return
        threading.Event().wait(0.2)
    raise AssertionError(f"there still are {workers(parent)}")


def test_workers_are_renewed_under_load_without_a_failed_request(data):
    with serving(data, more=["--max-requests", "100"]) as (address, process):
        stop = threading.Event()
        clients = [Client(address, stop, kept=number % 2 == 0) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            first = workers(process.pid)
            at_once = [len(now) for now in seen(process.pid, until=lambda now: not now & first)]
        finally:
            stop.set()
            for client in clients:
                client.join()
        assert [client.failed for client in clients] == [[]] * CLIENTS
        assert min(client.asked for client in clients) > 0
        assert sum(client.closed for client in clients[::2]) > 0  # kept connections were told to go elsewhere
        assert (min(at_once), max(at_once)) == (2, 3)  # one new beside the old ones, never one too few
        process.terminate()
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == ""


def left_of(pids: set[int], folder: Path) -> list[Path]:
    """Process ids of workers, and where the service has its files -> those that are of one of them."""
    return [path for pid in pids for path in folder.glob(f"aka-*/*-{pid}*")]


def test_counts_go_on_over_renewals_in_as_many_files_as_there_are_workers_at_once(data, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serving(data, workers=1, more=["--max-requests", "10"]) as (address, process):
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)

        def asked(path: str) -> str:
            connection.request("GET", path)
            return connection.getresponse().read().decode()

        times = 0
        for _ in range(2):
            old = workers(process.pid)
            for _ in seen(process.pid, until=lambda now, old=old: not now & old and not left_of(old, tmp_path)):
                times += 1
                asked("/lists")
        counted = re.findall(r'^aka_requests_total\{.*"/lists".*\} (.*)$', asked("/metrics"), re.MULTILINE)
        assert [float(count) for count in counted] == [times]
        files = {path.name for path in tmp_path.glob("aka-*/metrics/*.db")}
        assert files == {f"{kind}_{number}.db" for kind in ("counter", "histogram") for number in (0, 1)}
        connection.close()


def test_what_waits_for_a_worker_that_dies_is_answered_by_the_one_in_its_place(data):
    with serving(data, workers=1) as (address, process):
        (worker,) = workers(process.pid)
        os.kill(worker, signal.SIGSTOP)
        while not stopped(worker):  # then the kernel takes connections up, and nobody answers
            threading.Event().wait(0.01)
        name = urlsplit(address)
        with socket.create_connection((name.hostname, name.port), timeout=60) as waiting:
            waiting.sendall(b"GET /lookup?name=Raqqa HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            os.kill(worker, signal.SIGKILL)
            assert waiting.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"


def until(done: Callable[[], bool]) -> None:
    """Wait until it is done, at most for a minute."""
    for _ in range(1_200):
        if done():
            return
        threading.Event().wait(0.05)
    raise AssertionError("a minute is over")


def is_refused(host: str | None, port: int | None) -> bool:
    """Whether nobody listens there."""
    try:
        socket.create_connection((host, port), timeout=60).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_service_that_is_told_to_stop_takes_no_connection_more_and_finishes_its_answers(data, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serving(data, more=["--drain", "600"]) as (address, process):
        until(lambda: len(list(tmp_path.glob("aka-*/worker-*.json"))) == 2)
        name = urlsplit(address)
        asking = http.client.HTTPConnection(name.netloc, timeout=60)
        asking.putrequest("POST", "/mentions")
        asking.putheader("Content-Type", "application/json")
        asking.putheader("Content-Length", "25")
        asking.endheaders(b'{"text": "Raqqa')  # ten bytes are still to come
        process.terminate()
        until(lambda: is_refused(name.hostname, name.port))
        asking.send(b' fell."}  ')
        assert [one["surface"] for one in json.load(asking.getresponse())["mentions"]] == ["Raqqa"]
        asking.close()
        assert process.wait(timeout=60) == 0


def test_a_service_that_is_told_to_stop_while_its_workers_load_stops(data, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    slow = "import time; from resolver import operating; operating.first_load = lambda opened: time.sleep(600); "
    program = f"{slow}from resolver.cli import main; main()"
    command = [sys.executable, "-c", program, "serve", "--data", str(data), "--port", "0", "--workers", "2", "--drain", "600"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert "http://" in process.stderr.readline()
        until(lambda: len(list(tmp_path.glob("aka-*/metrics/counter_*.db"))) == 2)  # the first that a worker makes
        process.terminate()
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == ""


def made(tmp_path: Path, most: int) -> tuple[list[str | None], Runtime]:
    """Directory and limit -> what 25 answers say of their connection, and the runtime."""
    runtime = Runtime.make(tmp_path, Settings())
    app = create_app(FakeResolver())
    wearing.add(app, runtime, most=most)
    client = app.test_client()
    return [client.get("/lists").headers.get("Connection") for _ in range(25)], runtime


@pytest.fixture(autouse=True)
def unchanged(monkeypatch):
    """What a runtime puts into the environment is taken out again."""
    for name in ("AKA_RUNTIME", "PROMETHEUS_MULTIPROC_DIR"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_a_worker_is_worn_by_chance_somewhere_between_its_limit_and_a_tenth_more(tmp_path, monkeypatch):
    monkeypatch.setattr(wearing.secrets, "randbelow", lambda below: below - 1)
    said, runtime = made(tmp_path, most=20)
    assert said == [None] * 21 + ["close"] * 4
    assert len(runtime.worn()) == 1


def test_a_worker_without_a_limit_is_never_worn(tmp_path):
    said, runtime = made(tmp_path, most=0)
    assert (said, runtime.worn()) == ([None] * 25, set())
