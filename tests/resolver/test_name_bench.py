"""`aka bench names`: figures and the worst errors of a folder of judged names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aliases.errors import MissingDataError
from resolver import cli, name_bench

ENTITIES = [
    {"id": "assad", "type": "person", "name": "Bashar al-Assad"},
    {"id": "putin", "type": "person", "name": "Vladimir Putin"},
    {"id": "tripoli-lb", "type": "place", "name": "Tripoli", "properties": {"country": "LB"}},
    {"id": "tripoli-ly", "type": "place", "name": "Tripoli", "properties": {"country": "LY"}},
]


def query(text: str, type_: str, kind: str, expect: str | None) -> dict[str, object]:
    return {
        "query": text, "type": type_, "kind": kind, "script": "Latn", "expect": expect, "accept": [expect] if expect else [],
        **({"sub": "random"} if kind == "negative" else {}),
    }  # fmt: skip


QUERIES = [
    query("Bachar el-Assad", "person", "romanization-variant", "assad"),
    query("Wladimir Putin", "person", "romanization-variant", "putin"),
    query("Completely Otherwise", "person", "romanization-variant", "putin"),
    query("Xyzzy Plugh", "person", "negative", None),
    query("Tarabulus", "place", "negative", None),
    query("Tripoly", "place", "romanization-variant", "tripoli-ly"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file, rows in (("entities.jsonl", ENTITIES), ("queries.jsonl", QUERIES)):
        (tmp_path / file).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


def test_figures_are_counted_by_type_and_kind(folder: Path) -> None:
    answers, spent = name_bench.ask(folder)
    rows = {(row.type, row.kind): row for row in name_bench.table(answers)}
    assert set(rows) == {(type_, kind) for type_ in ("person", "place") for kind in ("CORE", "romanization-variant")}
    assert (rows["person", "CORE"].queries, rows["person", "CORE"].first) == (3, 66.7)
    assert 0 <= name_bench.calibration(answers) <= 1
    assert spent >= 0


def test_the_country_as_a_hint_tells_places_of_one_name_apart(folder: Path) -> None:
    plain, hinted = (name_bench.table(name_bench.ask(folder, country=country)[0]) for country in (False, True))
    assert [[row.first for row in rows if row.type == "place"] for rows in (plain, hinted)] == [[0.0, 0.0], [100.0, 100.0]]


def test_the_shares_answered_count_unknown_names_and_known_ones_apart(folder: Path) -> None:
    shares = name_bench.answered(name_bench.ask(folder)[0])
    assert shares["person"] == (0.0, 66.7)


def test_errors_come_by_category_and_the_worst_comes_first(folder: Path) -> None:
    found = dict(name_bench.errors(name_bench.ask(folder)[0], 5))
    missed = found["person, romanization-variant, Latn: taken for another, 1"]
    assert [answer.query["query"] for answer in missed] == ["Completely Otherwise"]
    assert all(
        [a.score for a in some] in (sorted(a.score for a in some), sorted((a.score for a in some), reverse=True))
        for some in found.values()
    )


def test_the_command_prints_the_table_the_errors_and_writes_the_record(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = folder / "results"
    assert cli.run(["bench", "names", "--data", str(folder), "--errors", "--record", str(record)]) == 0
    said = capsys.readouterr().out
    assert "R@1%FP" in said
    assert "wanted putin" in said
    assert json.loads(next(record.glob("*.json")).read_text(encoding="utf-8"))["rows"]


def test_a_folder_without_queries_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(MissingDataError):
        name_bench.ask(tmp_path)
    assert cli.run(["bench", "names", "--data", str(tmp_path)]) == MissingDataError.exit_code
    assert "entities.jsonl" in capsys.readouterr().err


def test_no_measurement_of_that_name_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["bench", "nothing"]) == 2
    assert "nothing" in capsys.readouterr().err
