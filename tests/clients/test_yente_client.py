"""yente-client, the SDK and the command of yente's makers, pointed at `/yente`: match, search, fetch, a file of names, the state."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

yente_client = pytest.importorskip("yente_client", reason="yente-client is not installed: pip install 'aka-resolver[test]'")


@pytest.fixture(scope="module")
def client(service: str) -> Iterator[Any]:
    with yente_client.Client(base_url=f"{service}/yente") as opened:
        yield opened


def test_an_entity_is_matched_with_reasons(client: Any) -> None:
    answer = client.match(yente_client.Organization(name=["Daesch"]), limit=3)
    best = answer.results[0]
    assert (best.id, best.caption, best.schema_name if hasattr(best, "schema_name") else "Organization", best.match) == (
        "islamic-state", "Islamic State", "Organization", True,
    )  # fmt: skip
    assert 0.7 <= best.score <= 1
    assert all(0 <= one.score <= 1 for one in answer.results)
    assert best.explanations


def test_nobody_is_matched_where_there_is_nobody(client: Any) -> None:
    assert client.match(yente_client.Person(name=["Nobody At All Here"])).results == []


def test_many_are_matched_at_once_under_their_own_keys(client: Any) -> None:
    names = {"a": "Qassem Soleimani", "b": "Ghasem Soleymani", "c": "Nobody At All Here"}
    asked = ((key, yente_client.Person(name=[name])) for key, name in names.items())
    found = {key: answer.results for key, answer in client.match_iter(asked, workers=2)}
    assert [found[key][0].id for key in "ab"] == ["qasem-soleimani"] * 2
    assert found["c"] == []


def test_a_dataset_is_a_list(client: Any) -> None:
    datasets = {one.name: one for one in client.datasets().datasets}
    assert {"default", "seeds"} <= set(datasets)
    found = client.match(yente_client.Organization(name=["ISIS"]), datasets=["seeds"])
    assert found.results[0].id == "islamic-state"
    without = client.match(yente_client.Organization(name=["ISIS"]), exclude_entities=["islamic-state"])
    assert "islamic-state" not in {one.id for one in without.results}
    with pytest.raises(yente_client.NotFoundError, match="nowhere"):
        client.match(yente_client.Organization(name=["ISIS"]), datasets=["nowhere"])


def test_entities_are_searched_and_fetched(client: Any) -> None:
    found = client.search("Raqqa", limit=3)
    assert found.results[0].id == "raqqa"
    fetched = client.fetch("islamic-state")
    assert (fetched.id, fetched.caption) == ("islamic-state", "Islamic State")


def test_an_entity_that_is_not_there_is_told_as_yente_tells_it(client: Any) -> None:
    with pytest.raises(yente_client.NotFoundError, match="nobody"):
        client.fetch("nobody")


def test_the_state_is_told(client: Any) -> None:
    assert (client.healthz().status, client.readyz().status) == ("ok", "ok")
    assert client.algorithms().best == "aka"


# ---------------------------------------------------------------- its command


def run(service: str, *arguments: str, stdin: str = "") -> tuple[int, str]:
    command = [
        sys.executable,
        "-c",
        "from yente_client.cli.main import main; main()",
        "--base-url",
        f"{service}/yente",
        *arguments,
    ]
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, env=environment)
    return done.returncode, done.stdout or done.stderr


def test_the_command_matches_one_entity(service: str) -> None:
    status, out = run(service, "match", "-s", "Organization", "-p", "name=Daesch", "-f", "json")
    assert status == 0, out
    assert json.loads(out)["results"][0]["id"] == "islamic-state"
    assert run(service, "match", "-s", "Person", "-p", "name=Nobody At All Here", "-f", "json")[0] == 1


def test_the_command_screens_a_file_and_keeps_its_columns(service: str, tmp_path: Path) -> None:
    table = "ref,who\n1,Qassem Soleimani\n2,Nobody At All Here\n3,Ghasem Soleymani\n"
    (tmp_path / "in.csv").write_text(table, encoding="utf-8")
    arguments = ["screen", str(tmp_path / "in.csv"), "-", "-s", "Person", "-i", "who=name", "--workers", "2", "--explanation"]
    status, out = run(service, *arguments)
    assert status == 0, out
    rows = {row["ref"]: row for row in csv.DictReader(io.StringIO(out)) if row["match"] == "true"}
    assert sorted(rows) == ["1", "3"]
    assert {row["match_id"] for row in rows.values()} == {"qasem-soleimani"}
    assert not any(row["match_error"] for row in rows.values())


def test_the_command_tells_the_state(service: str) -> None:
    status, out = run(service, "status")
    assert status == 0, out
    assert "127.0.0.1" in out
