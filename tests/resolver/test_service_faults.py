"""A service that is killed, or whose disk is full: nothing is half done, and what can be answered is answered."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from resolver.credentials import Tokens
from tests.resolver import kill_service
from tests.resolver.kill_imports import import_file, list_of, state
from tests.resolver.kill_service import Service
from tests.resolver.served import serving

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes through /proc")

JSON = "application/json"
WRITES = [
    ("POST", "/lists/list?force=1", '{"id": "x", "name": "Another"}\n'),
    ("POST", "/lists/list/rollback", '{"version": 1}'),
    ("PATCH", "/entities/e1", '{"add": [{"form": "Another Name"}]}'),
    ("POST", "/judgements", '{"keep": "e1", "others": ["e2"], "verdict": "different"}'),
]
READS = ["/lookup?name=New+Example+7", "/lists", "/lists/list/history", "/lists/list/diff", "/lists/list/export", "/entities/e7",
         "/suggestions", "/judgements", "/metrics", "/readyz", "/", "/review", "/name?name=New+Example+7"]  # fmt: skip


def test_a_service_that_is_killed_while_a_list_comes_in_leaves_the_old_state_or_the_new() -> None:
    """Once all of it, once its workers only; the long form is `python -m tests.resolver.kill_service 100`."""
    found = kill_service.main(2)
    assert found["old"] + found["new"] == 2
    assert found["answered"] > 0
    assert [word for word in found if word.startswith("VIOLATION")] == []


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[Service, Path]]:
    """A service with two versions of a list, over a directory with a token that may write."""
    data = tmp_path / "data"
    for word in ("Old", "New"):
        import_file(data, list_of(tmp_path / f"{word}.jsonl", word))
    token = Tokens(data / "tokens.json").create("writer", scope="write")
    with serving(data, workers=1) as (address, process):
        yield Service(address, process, token), data


def take_no_more(service: Service, *, bytes_of_a_file: int) -> None:
    """From now on no file that the service writes may be longer; to a program that is as a disk that is full."""
    for pid in service.workers():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (bytes_of_a_file, resource.RLIM_INFINITY))


def read(service: Service) -> dict[str, int]:
    return {path: service.asked("GET", path)[0] for path in READS}


@pytest.mark.parametrize("room", [0, 20_000])
def test_with_a_full_disk_changes_are_507_and_change_nothing_and_the_rest_goes_on(service, room: int) -> None:
    """With room again, all goes on as before."""
    asked, data = service
    fine = dict.fromkeys(READS, 200)
    assert read(asked) == fine
    take_no_more(asked, bytes_of_a_file=room)
    for method, path, body in WRITES:
        status, answer = asked.asked(method, path, body.encode(), JSON)
        assert (status, json.loads(answer)["title"]) == (507, "Disk full"), (path, answer)
        assert state(data) == "new"
    assert read(asked) == fine
    assert asked.asked("POST", "/mentions", b'{"text": "Newe Example 7 met New Example 8."}', JSON)[0] == 200
    take_no_more(asked, bytes_of_a_file=resource.RLIM_INFINITY)
    assert asked.asked("POST", "/lists/list/rollback", b'{"version": 1}', JSON)[0] == 200
    assert state(data) == "old"
