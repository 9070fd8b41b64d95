"""The versions of a list on the command line: what an import says, what stood when, what changed, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aliases.store import FILE, Store
from resolver import cli
from tests.resolver import publish_steps as steps

HEAD = "id,name,type,aliases,country\n"
LAST = "é,Last Group,other,,\n"
FIRST = HEAD + "a,Alpha Group,organization,First Alpha|Alfa,SY\nb,Beta Group,organization,,\n" + LAST
SECOND = HEAD + "a,Alpha Front,organization,First Alpha|Alpha F,IQ\nc,Gamma Group,other,G Group,\n" + LAST


@pytest.fixture(autouse=True)
def _unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    steps.step.count = steps.step.at = 0
    steps.install(monkeypatch.setattr)
    monkeypatch.delenv("AKA_DATA", raising=False)


@pytest.fixture
def data(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    """A directory whose list has two versions."""
    for content in (FIRST, SECOND):
        (tmp_path / "list.csv").write_text(content)
        assert imported(tmp_path) == 0
    capfd.readouterr()
    return tmp_path / "data"


def imported(directory: Path, *more: str) -> int:
    file = str(directory / "list.csv")
    return cli.run(["import", "csv", file, "--list", "mine", "--data", str(directory / "data"), *more])


def names(data: Path) -> list[str]:
    with Store.open(data / FILE) as store:
        return [entity.name for entity in store.live_entities()]


def test_history_has_every_version_with_its_source_and_counts(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """As a table for people, as lines for programs."""
    assert cli.run(["history", "mine", "--data", str(data)]) == 0
    head, first, second = capfd.readouterr().out.splitlines()
    assert head.split()[:5] == ["list", "version", "status", "imported", "entities"]
    assert first.split()[:3] == ["mine", "1", "superseded"]
    assert second.split()[:3] == ["mine", "2", "live"]
    assert cli.run(["history", "--data", str(data), "--json"]) == 0
    last = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert (last["added"], last["removed"], last["changed"], len(last["sha256"])) == (1, 1, 1, 64)


def test_diff_tells_entities_aliases_and_fields(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What is the same is not told."""
    assert cli.run(["diff", "mine", "--data", str(data), "--json"]) == 0
    assert [json.loads(line) for line in capfd.readouterr().out.splitlines()] == [
        {
            "id": "a",
            "change": "changed",
            "name": "Alpha Front",
            "aliases_added": ["Alpha F"],
            "aliases_removed": ["Alfa"],
            "fields": {"name": ["Alpha Group", "Alpha Front"], "country": ["SY", "IQ"]},
        },
        {"id": "b", "change": "removed", "name": "Beta Group"},
        {"id": "c", "change": "added", "name": "Gamma Group", "aliases_added": ["G Group"]},
    ]
    assert cli.run(["diff", "mine", "1", "2", "--data", str(data)]) == 0
    out = capfd.readouterr().out
    assert out.startswith("mine: version 1 -> 2\n")
    assert "+ Alpha F; - Alfa; name: Alpha Group -> Alpha Front; ... and 1 more" in out


def test_diff_goes_both_ways_and_finds_nothing_in_one_version(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """From the later to the earlier one, what was added is removed."""
    assert cli.run(["diff", "mine", "2", "1", "--data", str(data), "--json"]) == 0
    changes = {change["id"]: change["change"] for change in map(json.loads, capfd.readouterr().out.splitlines())}
    assert changes == {"a": "changed", "b": "added", "c": "removed"}
    assert cli.run(["diff", "mine", "2", "2", "--data", str(data)]) == 0
    assert capfd.readouterr().out == "mine: version 2 -> 2: no changes\n"


def test_rollback_serves_the_old_state_as_a_new_version(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The history only grows, and a second rollback goes back again."""
    assert cli.run(["rollback", "mine", "--data", str(data)]) == 0
    assert "mine: version 3 with 3 entities (1 added, 1 removed, 1 changed)" in capfd.readouterr().out
    assert names(data) == ["Alpha Group", "Beta Group", "Last Group"]
    with Store.open(data / FILE) as store:
        assert [version.status for version in store.versions("mine")] == ["superseded", "superseded", "live"]
        assert store.versions("mine")[-1].source.startswith("rollback to version 1: ")
    assert cli.run(["diff", "mine", "1", "3", "--data", str(data), "--json"]) == 0
    assert capfd.readouterr().out == ""
    assert cli.run(["rollback", "mine", "2", "--data", str(data), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["version"] == 4
    assert names(data) == ["Alpha Front", "Gamma Group", "Last Group"]


def test_rollback_to_what_is_served_changes_nothing(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """And says so."""
    assert cli.run(["rollback", "mine", "2", "--data", str(data)]) == 0
    assert capfd.readouterr().out == "mine: unchanged, version 2 with 3 entities\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["diff", "other"], "there is no list 'other'"),
        (["diff", "mine", "7"], "list 'mine' has no version 7: it has 1 to 2"),
        (["rollback", "mine", "9"], "list 'mine' has no version 9"),
        (["history", "other"], "there is no list 'other'"),
        (["diff", "mine", "0"], "0"),
        (["rollback", "mine", "x"], "x"),
    ],
)
def test_what_is_not_there_is_a_usage_error(
    data: Path, arguments: list[str], says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, and what there is; nothing changes."""
    assert cli.run([*arguments, "--data", str(data)]) == 2
    assert says in capfd.readouterr().err
    assert names(data) == ["Alpha Front", "Gamma Group", "Last Group"]


def test_the_first_version_has_nothing_before_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither to compare with nor to go back to."""
    (tmp_path / "list.csv").write_text(FIRST)
    imported(tmp_path)
    for command in ("diff", "rollback"):
        assert cli.run([command, "mine", "--data", str(tmp_path / "data")]) == 2
        assert "has no version 0: it has 1 to 1" in capfd.readouterr().err


def test_an_import_tells_what_it_left_out(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The first of many on standard error, the count in the line, all in JSON; the exit status is 0."""
    rows = "".join(f"{number},---\n" for number in range(30))
    (tmp_path / "list.csv").write_text("id,name\na,Alpha Group\n" + rows)
    assert imported(tmp_path) == 65
    assert "30 of 31 records could not be taken" in capfd.readouterr().err
    assert imported(tmp_path, "--force") == 0
    out, err = capfd.readouterr()
    assert "1 entities (1 added, 0 removed, 0 changed, 30 rejected)" in out
    assert err.count("aka: line ") == 20
    assert "aka: ... and 10 more" in err
    assert imported(tmp_path, "--json") == 0
    assert len(json.loads(capfd.readouterr().out)["problems"]) == 30


def test_the_columns_of_a_table_are_mapped_on_the_command_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With its encoding and what stands between."""
    (tmp_path / "list.csv").write_bytes("Ref;Full Name\n1;دير الزور\n".encode("cp1256"))
    assert imported(tmp_path, "--column", "id=Ref", "--column", "name=Full Name", "--delimiter", ";", "--encoding", "cp1256") == 0
    assert names(tmp_path / "data") == ["دير الزور"]
    assert imported(tmp_path, "--column", "id") == 2
    assert "is not FIELD=COLUMN" in capfd.readouterr().err


def test_an_option_of_another_format_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What was meant would otherwise be done silently on everything."""
    (tmp_path / "list.csv").write_text(FIRST)
    assert imported(tmp_path, "--countries", "SY") == 65
    assert "format 'csv' has no option 'countries'" in capfd.readouterr().err
    assert not (tmp_path / "data").exists()
