"""What is asked is kept nowhere: no file of the data directory, of the running service or of its log has a word of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from resolver import Resolver, publish
from resolver.runtime import Runtime
from resolver.service import create_app
from resolver.settings import Settings
from resolver.tracing import configure

MARK = "Quibblefax"  # in every question, and in no list
QUESTIONS = 1_000


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in ("AKA_RUNTIME", "PROMETHEUS_MULTIPROC_DIR"):
        monkeypatch.setenv(name, "")


def asked(client, number: int) -> int:
    """Client and number of a question -> status of its answer."""
    name = f"{MARK} Raqqa {number}"
    match number % 6:
        case 0:
            return client.get("/lookup", query_string={"name": name}).status_code
        case 1:
            return client.post("/lookup", json={"names": [name]}).status_code
        case 2:
            return client.post("/mentions", json={"text": f"{name} lay near Raqqa."}).status_code
        case 3:
            return client.get("/name", query_string={"name": name}).status_code
        case 4:
            return client.post("/reconcile", data={"queries": json.dumps({"q": {"query": name}})}).status_code
        case _:
            return client.get(f"/entities/{name}", headers={"User-Agent": name, "Referer": name}).status_code


def test_after_a_thousand_questions_no_file_and_no_log_has_a_word_of_them(tmp_path: Path, capfd):
    (tmp_path / "list.jsonl").write_text('{"id": "raqqa", "type": "place", "name": "Raqqa"}\n')
    publish.import_list(tmp_path / "data", format="jsonl", file=tmp_path / "list.jsonl", list_name="list")
    (tmp_path / "runtime").mkdir()
    settings = Settings(rate="100000/minute")
    app = create_app(
        lambda: Resolver.open(tmp_path / "data"), settings=settings, runtime=Runtime.make(tmp_path / "runtime", settings)
    )
    configure("requests")
    client = app.test_client()
    assert {asked(client, number) for number in range(QUESTIONS)} == {200, 404}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 6
    assert [path.name for path in files if MARK.encode() in path.read_bytes()] == []
    said = capfd.readouterr()
    assert said.err.count("\n") >= QUESTIONS
    assert MARK not in said.err + said.out
