"""A newer generation takes the place of the old one between two requests, and one that is refused does not."""

from __future__ import annotations

import errno
import os
import threading

import pytest

from aliases.errors import BusyError, NotReadyError
from resolver import operating, serving
from resolver.access import Access
from resolver.credentials import Tokens
from resolver.runtime import Runtime, WorkerState
from resolver.service import create_app
from resolver.serving import Opened
from resolver.settings import Settings
from tests.resolver.fake import FakeResolver


class Named(FakeResolver):
    def __init__(self, generation: str) -> None:
        self.generation = generation


class Source:
    """Opens the generations that it was given, one after the other; an error is raised."""

    def __init__(self, *found: object) -> None:
        self.found = list(found)

    def __call__(self) -> Named:
        found = self.found.pop(0) if len(self.found) > 1 else self.found[0]
        if isinstance(found, Exception):
            raise found
        return Named(str(found))


def test_a_reload_changes_what_answers_from_the_next_request_on():
    app = create_app(Source("one", "two"))
    client = app.test_client()
    assert client.get("/readyz").json["generation"] == "one"
    app.extensions["aka"].reload()
    answer = client.get("/lookup?name=Raqqa")
    assert (answer.json["generation"], answer.headers["Aka-Generation"]) == ("two", "two")


def test_a_request_is_answered_from_one_generation_to_its_end():
    app = create_app(Source("one", "two"))
    opened = app.extensions["aka"]

    @app.get("/twice")
    def twice():
        first = opened().generation
        opened.reload()
        return [first, opened().generation]

    assert app.test_client().get("/twice").json == ["one", "one"]
    assert app.test_client().get("/twice").json[0] == "two"


@pytest.mark.parametrize("failure", [NotReadyError("it is damaged"), OSError("no disk"), MemoryError()])
def test_the_old_generation_goes_on_when_the_new_one_is_refused_and_readyz_says_why(failure):
    app = create_app(Source("one", failure, "three"))
    client, opened = app.test_client(), app.extensions["aka"]
    assert client.get("/readyz").json == {"status": "ok", "generation": "one"}
    with pytest.raises(type(failure)):
        opened.reload()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["generation"]) == (200, "one")
    assert str(failure) in ready.json["refused"]
    assert opened.reload().generation == "three"
    assert client.get("/readyz").json == {"status": "ok", "generation": "three"}


def test_two_reloads_at_once_are_one():
    begun, go = threading.Event(), threading.Event()

    def slow():
        if not begun.is_set():
            begun.set()
            return Named("one")
        go.wait(30)
        return Named("two")

    opened = Opened(slow)
    opened()
    thread = threading.Thread(target=opened.reload)
    thread.start()
    while not opened._lock.locked():
        pass
    with pytest.raises(BusyError):
        opened.reload()
    assert opened().generation == "one"
    go.set()
    thread.join()
    assert opened().generation == "two"


def test_the_watch_loads_when_the_pointer_names_another_generation(tmp_path):
    pointer = tmp_path / "current"
    opened = Opened(lambda: Named(pointer.read_text().strip()))
    pointer.write_text("one\n")
    assert opened().generation == "one"
    watch = serving._Watch(opened, pointer)
    first = opened()
    watch.step()
    assert opened() is first
    pointer.write_text("two two\n")
    watch.step()
    assert opened().generation == "two two"
    pointer.unlink()
    watch.step()
    assert opened().generation == "two two"
    assert opened.refused


def test_the_watch_sees_what_changed_between_loading_and_its_first_look(tmp_path):
    pointer = tmp_path / "current"
    pointer.write_text("one")
    opened = Opened(lambda: Named(pointer.read_text()))
    opened()
    pointer.write_text("two")
    serving._Watch(opened, pointer).step()
    assert opened().generation == "two"


def test_the_watch_does_not_try_a_refused_generation_at_each_look_but_after_a_while(tmp_path, monkeypatch):
    pointer = tmp_path / "current"
    pointer.write_text("one")
    opened = Opened(Source("one", NotReadyError("damaged")))
    opened()
    watch = serving._Watch(opened, pointer)
    pointer.write_text("two")
    for _ in range(5):
        watch.step()
    assert opened.refusals == 1
    monkeypatch.setattr(serving, "RETRY", -1.0)
    watch.step()
    assert opened.refusals == 2


def test_the_bell_of_the_service_makes_every_worker_load(tmp_path):
    runtime = Runtime.make(tmp_path, Settings())
    workers = [Opened(Source("one", "two"), runtime=runtime) for _ in range(3)]
    watches = []
    for worker in workers:
        worker()
        watches.append(serving._Watch(worker, None))
    for watch in watches:
        watch.step()
    assert {worker().generation for worker in workers} == {"one"}
    runtime.ring()
    for watch in watches:
        watch.step()
        watch.step()
    assert {worker().generation for worker in workers} == {"two"}


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in ("AKA_RUNTIME", "PROMETHEUS_MULTIPROC_DIR"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(Runtime, "number", None)


@pytest.fixture
def admin(tmp_path):
    tokens = Tokens(tmp_path / "tokens.json")
    headers = {"Authorization": f"Bearer {tokens.create('boss', scope='admin')}"}

    def client(source):
        app = create_app(source, rules=Access(tokens))
        return app.test_client(), headers

    return client


def test_an_admin_may_load_the_newest_generation_and_is_told_what_each_worker_has(admin):
    client, headers = admin(Source("one", "two"))
    client.get("/readyz")
    assert client.post("/admin/reload").status_code == 401
    answer = client.post("/admin/reload", headers=headers)
    assert (answer.status_code, answer.json["generation"]) == (200, "two")
    assert [worker["generation"] for worker in answer.json["workers"]] == ["two"]


def test_a_reload_while_another_runs_is_409(admin):
    client, headers = admin(Source("one"))
    with operating._ALONE:
        assert client.post("/admin/reload", headers=headers).status_code == 409
    assert client.post("/admin/reload", headers=headers).status_code == 200


def test_a_reload_of_what_is_refused_says_why_and_the_old_goes_on(admin):
    client, headers = admin(Source("one", NotReadyError("generation x is damaged")))
    assert client.get("/readyz").json["generation"] == "one"
    answer = client.post("/admin/reload", headers=headers)
    assert (answer.status_code, answer.json["detail"]) == (503, "generation x is damaged")
    assert client.get("/lookup?name=Raqqa").json["generation"] == "one"


def test_the_counters_of_a_worker_have_their_room_before_they_grow(tmp_path):
    runtime = Runtime.make(tmp_path, Settings())
    runtime.reserve()
    files = list((tmp_path / "metrics").glob("*.db"))
    assert {path.name for path in files} == {"counter_0.db", "histogram_0.db"}
    assert all(path.stat().st_size == path.stat().st_blocks * 512 == 1 << 20 for path in files)
    assert os.environ["PROMETHEUS_MULTIPROC_DIR"]


def test_a_worker_has_the_least_number_that_no_living_one_has(tmp_path):
    Runtime.make(tmp_path, Settings())
    numbers = []
    first, second, third, fourth = (Runtime(tmp_path) for _ in range(4))
    for runtime in (first, second, third):
        runtime.reserve()
        numbers.append(Runtime.number)
    os.close(first._lock)  # as the kernel does when a process ends
    fourth.reserve()
    assert [*numbers, Runtime.number] == [0, 1, 2, 0]


def test_a_worker_without_room_for_counters_counts_for_itself(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "posix_fallocate", full)
    Runtime.make(tmp_path, Settings()).reserve()
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
    assert Runtime.number is None


def test_workers_that_are_gone_are_not_told_of(tmp_path):
    runtime = Runtime.make(tmp_path, Settings())
    runtime.tell(WorkerState(pid=2**22 + 1, generation="gone"))
    assert runtime.workers() == []
    (tmp_path / "worker-1.json").write_text("{")
    assert runtime.workers() == []
