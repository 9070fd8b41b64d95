"""`aka bench mentions` counts what it says it counts, over three short texts written for this file."""

import json
from pathlib import Path

import pytest

from aliases.errors import MissingDataError
from resolver import mention_bench
from resolver.cli import run

ENTITIES = [
    {"id": "aleppo", "type": "place", "name": "Aleppo"},
    {"id": "damascus", "type": "place", "name": "Damascus"},
    {"id": "nobody", "type": "person", "name": "Ignatius Featherstonehaugh"},
]


def span(text: str, surface: str, entity: str) -> dict[str, object]:
    start = text.index(surface)
    return {"start": start, "end": start + len(surface), "entity": entity}


FOUND = "Fighting in Aleppo went on near Damascus."
MISSED = "The capital was quiet; in Aleppo it was not."
ALARM = "He drove to Damascus and in the city of Aleppo he stayed."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = [
        {"text": FOUND, "gold": [span(FOUND, "Aleppo", "aleppo"), span(FOUND, "Damascus", "damascus")]},
        {"text": MISSED, "gold": [span(MISSED, "The capital", "damascus"), span(MISSED, "Aleppo", "aleppo")]},
        {"text": ALARM, "gold": [span(ALARM, "Damascus", "damascus")]},
        {"text": ALARM, "gold": [], "exhaustive": False},
        {"text": ALARM, "gold": [], "types": ["person"]},
    ]
    for name, rows in (("entities", ENTITIES), ("documents", documents)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


def test_found_missed_and_wrong_are_counted(folder: Path) -> None:
    result = mention_bench.measure(folder)
    assert (result.gold, result.found, result.right, result.wrong) == (5, 4, 4, 1)
    assert result.recall == 4 / 5
    assert result.precision == 4 / 5
    assert result.f1 == pytest.approx(4 / 5)


def test_a_miss_and_an_alarm_have_their_category_and_context(folder: Path) -> None:
    result = mention_bench.measure(folder)
    assert [(miss.category, miss.surface) for miss in result.misses] == [("other spelling: it was not considered", "The capital")]
    assert [(alarm.category, alarm.entity) for alarm in result.alarms] == [("elsewhere", "aleppo")]
    assert "[Aleppo]" in result.alarms[0].context


def test_the_most_frequent_come_first() -> None:
    def error(category: str, surface: str) -> mention_bench.Error:
        return mention_bench.Error(category, surface, "x", 0.5, surface)

    errors = [error("a", "one"), error("b", "two"), error("b", "three"), error("b", "three")]
    told = [
        (category, size, [(e.surface, n) for e, n in worst]) for category, size, worst in mention_bench.most_frequent(errors, 1)
    ]
    assert told == [("b", 3, [("three", 2)]), ("a", 1, [("one", 1)])]


def test_a_folder_without_texts_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="entities"):
        mention_bench.measure(tmp_path)


def test_the_command_prints_the_errors(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "mentions", "--data", str(folder), "--errors"]) == 0
    said = capsys.readouterr().out
    assert "5 annotated, 4 found, 1 false alarms" in said
    assert "misses, other spelling: it was not considered: 1" in said
    assert "false alarms, elsewhere: 1" in said
