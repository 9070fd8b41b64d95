"""The command line itself: what it prints, what it leaves on standard error, and with which status it ends."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from aliases.errors import AkaError, BusyError, InvalidError, MissingDataError, Problem
from resolver import cli, console, resolve
from tests.resolver.fake import FakeResolver


class Opened(FakeResolver):
    """Stands in for Resolver: remembers what was opened."""

    asked: ClassVar[list[str | None]] = []

    @classmethod
    def open(cls, data: str | None = None) -> FakeResolver:
        cls.asked.append(data)
        if data is not None and not Path(data).is_dir():
            raise MissingDataError(f"there is no directory {data}: make one with `aka import`")
        return cls()


@pytest.fixture(autouse=True)
def opened(monkeypatch):
    monkeypatch.setattr(resolve, "Resolver", Opened)
    monkeypatch.delenv("AKA_DATA", raising=False)
    monkeypatch.delenv("AKA_DEBUG", raising=False)
    monkeypatch.setattr(Opened, "asked", [])
    return Opened.asked


@pytest.fixture
def typed(monkeypatch):
    """Give the process a standard input."""

    def give(raw: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), "utf-8"))

    return give


def rows(capfdbinary) -> list[dict]:
    return [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]


def test_lookup_prints_a_table_for_people(capfd):
    assert cli.run(["lookup", "Raqqa"]) == 0
    out = capfd.readouterr().out.splitlines()
    assert out[0] == "Raqqa"
    assert out[1].split() == ["score", "type", "id", "name", "matched", "kind"]
    assert out[2].split() == ["1.00", "place", "raqqa", "Raqqa", "Raqqa", "exact"]


def test_lookup_prints_json_lines_for_programs(capfdbinary):
    assert cli.run(["lookup", "Raqqa", "Nobody", "--json"]) == 0
    first, second = rows(capfdbinary)
    assert first["candidates"][0]["entity"]["id"] == "raqqa"
    assert second == {"name": "Nobody", "candidates": [], "generation": "fake-generation"}


def test_lookup_ends_with_1_only_when_nothing_at_all_was_found(capfd):
    assert cli.run(["lookup", "Nobody"]) == 1
    assert "Nobody: nothing found" in capfd.readouterr().out
    assert cli.run(["lookup", "Nobody", "Raqqa"]) == 0


def test_filters_reach_the_resolver(capfd):
    assert cli.run(["lookup", "Raqqa", "--type", "place", "--list", "seeds"]) == 0
    assert cli.run(["lookup", "Raqqa", "--type", "person"]) == 1
    assert cli.run(["lookup", "Deir ez-Zor", "--country", "sy"]) == 0
    assert cli.run(["lookup", "Deir ez-Zor", "--country", "IQ"]) == 1


def test_data_comes_from_the_option_then_the_environment_then_the_seeds(opened, monkeypatch, tmp_path, capfd):
    cli.run(["lookup", "Raqqa"])
    monkeypatch.setenv("AKA_DATA", str(tmp_path))
    cli.run(["lookup", "Raqqa"])
    cli.run(["lookup", "Raqqa", "--data", os.curdir])
    assert opened == [None, str(tmp_path), os.curdir]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["lookup"], "NAME"),
        (["lookup", "a", "--limit", "0"], "--limit"),
        (["lookup", "a", "--limit", "101"], "--limit"),
        (["lookup", "a", "--type", "town"], "town"),
        (["lookup", "a", "--min-score", "1.5"], "--min-score"),
        (["nonsense"], "nonsense"),
        (["lookup", "a", "--nonsense"], "--nonsense"),
        (["mentions", "/nowhere/at/all"], "/nowhere/at/all"),
        (["mentions", "--offsets", "bytes"], "bytes"),
        (["import", "jsonl"], "FILE"),
        (["import", "jsonl", __file__, "--list", "a"], "--data"),
        (["export"], "--data"),
        (["serve", "--port", "70000"], "--port"),
        (["lint", "/nowhere/at/all"], "/nowhere/at/all"),
    ],
)
def test_wrong_usage_ends_with_2_and_names_what_was_wrong(arguments, says, capfd):
    assert cli.run(arguments) == 2
    captured = capfd.readouterr()
    assert says in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["lookup", ""], "empty"),
        (["lookup", "Raqqa", " \t"], "empty"),
        (["lookup", "a" * 513], "512"),
        (["lookup", "a" * 10_000], "512"),
        (["lookup", "a", "--country", "SYR"], "two letters"),
        (["lookup", "a", "--birth-date", "2011-02-30"], "YYYY"),
        (["lookup", "Raqqa\udcff"], "argument 2 is not UTF-8: byte 0xFF at offset 5"),
        (["lookup", "Raqqa\ud800"], "surrogate"),
    ],
)
def test_a_wrong_value_ends_with_65_in_one_message(arguments, says, capfd):
    assert cli.run(arguments) == 65
    captured = capfd.readouterr()
    assert captured.err.startswith("aka: ")
    assert says in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_a_missing_data_directory_ends_with_2_and_the_fix(capfd):
    assert cli.run(["lookup", "a", "--data", "/nowhere/at/all"]) == 2
    assert "aka import" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AkaError("broken"), 70),
        (BusyError("held"), 75),
        (InvalidError("bad"), 65),
        (MissingDataError("none"), 2),
        (RuntimeError("x"), 70),
    ],
)
def test_every_failure_is_a_message_and_a_status_and_never_a_traceback(error, status, monkeypatch, capfd):
    def fails(*_, **__):
        raise error

    monkeypatch.setattr(Opened, "open", fails)
    assert cli.run(["lookup", "a"]) == status
    err = capfd.readouterr().err
    assert err.startswith("aka: ")
    assert "Traceback" not in err


def test_the_problems_of_a_failure_stand_one_a_line(monkeypatch, capfd):
    def fails(*_, **__):
        raise InvalidError("2 bad lines", [Problem("line 3", "no id"), Problem("line 7", "an\x1b[31m odd\nname")])

    monkeypatch.setattr(Opened, "open", fails)
    assert cli.run(["lookup", "a"]) == 65
    assert capfd.readouterr().err.splitlines() == [
        "aka: 2 bad lines", "aka: line 3: no id", "aka: line 7: an\\u001b[31m odd\\u000aname",
    ]  # fmt: skip


def test_mentions_of_standard_input(typed, capfd):
    typed("ISIS left دير الزور.".encode())
    assert cli.run(["mentions"]) == 0
    out = capfd.readouterr().out.splitlines()
    assert out[0].split() == ["start", "end", "score", "type", "id", "surface"]
    assert out[1].split() == ["0", "4", "0.99", "organization", "islamic-state", "ISIS"]
    assert out[2].split() == ["10", "19", "0.99", "place", "deir-ez-zor", "دير", "الزور"]


def test_mentions_of_files_as_json_lines_one_a_file(tmp_path, capfdbinary):
    (tmp_path / "a.txt").write_text("😀 Raqqa", "utf-8")
    (tmp_path / "b.txt").write_text("none", "utf-8")
    assert cli.run(["mentions", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--json", "--offsets", "utf16"]) == 0
    first, second = rows(capfdbinary)
    assert first["file"] == str(tmp_path / "a.txt")
    assert (first["mentions"][0]["start"], first["mentions"][0]["surface"]) == (3, "Raqqa")
    assert second["mentions"] == []


def test_line_ends_of_a_file_count_as_they_stand(typed, capfdbinary):
    typed(b"a\r\n\r\nRaqqa\r\n")
    assert cli.run(["mentions", "--json"]) == 0
    assert rows(capfdbinary)[0]["mentions"][0]["start"] == 5


def test_a_text_of_two_million_characters_is_searched(typed, capfdbinary):
    typed(b"x" * 2_000_000 + b" Raqqa")
    assert cli.run(["mentions", "--json"]) == 0
    assert rows(capfdbinary)[0]["mentions"][0]["start"] == 2_000_001


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_file_that_is_not_utf8_ends_with_65_at_its_byte(tmp_path, options, capfd):
    file = tmp_path / "latin1.txt"
    file.write_bytes("in Jos\u00e9 Raqqa".encode("latin-1"))
    assert cli.run(["mentions", str(file), *options]) == 65
    captured = capfd.readouterr()
    assert f"{file} is not UTF-8: byte 0xE9 at offset 6" in captured.err
    assert captured.out == ""


def test_jsonl_passes_objects_through_and_ends_with_65_when_a_line_was_bad(typed, capfd):
    typed(b'{"id": 1, "text": "Raqqa"}\nbad\n{"id": 3, "text": "x"}\n')
    assert cli.run(["mentions", "--jsonl"]) == 65
    captured = capfd.readouterr()
    assert [json.loads(line)["id"] for line in captured.out.splitlines()] == [1, 3]
    assert captured.err.startswith("aka: standard input: line 2: not JSON")


def test_jsonl_ends_with_0_when_every_line_was_good(typed, capfd):
    typed(b'{"body": "Raqqa"}\n')
    assert cli.run(["mentions", "--jsonl", "--field", "body"]) == 0
    assert json.loads(capfd.readouterr().out)["mentions"][0]["surface"] == "Raqqa"


def test_strict_stops_at_the_first_bad_line(typed, capfd):
    typed(b'{"text": "Raqqa"}\nbad\n{"text": "x"}\n')
    assert cli.run(["mentions", "--jsonl", "--strict"]) == 65
    captured = capfd.readouterr()
    assert len(captured.out.splitlines()) == 1
    assert "line 2" in captured.err


def test_help_names_every_command_and_every_command_has_help(capfd):
    assert cli.run(["--help"]) == 0
    out = capfd.readouterr().out
    for name in ("serve", "lookup", "mentions", "import", "lists", "export", "lint", "version"):
        assert name in out
        assert cli.run([name, "--help"]) == 0
        assert len(capfd.readouterr().out.splitlines()) > 3


def test_version_names_the_parts(capfdbinary):
    assert cli.run(["version", "--json"]) == 0
    assert {"aka-resolver", "python", "fold", "road"} <= set(rows(capfdbinary)[0])


def test_lists_of_the_seeds(capfdbinary):
    assert cli.run(["lists", "--json"]) == 0
    assert [row["list"] for row in rows(capfdbinary)] == ["seeds", "un"]


def test_a_name_cannot_move_the_cursor_or_break_the_table():
    assert console.plain("a\x1b[31m\nb\u202e\u200bc") == "a\\u001b[31m\\u000ab\\u202e\\u200bc"
    assert console.plain("دير الزور — Раққа e\u0301") == "دير الزور — Раққа e\u0301"


def test_columns_align_in_every_script():
    lines = console.table(("a", "b"), [("北京", "x"), ("e\u0301", "y"), ("long", "z")]).splitlines()
    assert lines == ["a     b", "北京  x", "e\u0301     y", "long  z"]


@pytest.fixture
def lists_of_mine(tmp_path) -> Path:
    """A data directory that one import has made, and beside it the file."""
    (tmp_path / "good.jsonl").write_text(
        '{"id": "raqqa", "type": "place", "name": "Raqqa"}\n'
        '{"id": "b", "type": "person", "name": "Nobody", "aliases": ["N. B."]}\n',
        "utf-8",
    )
    assert cli.run(["import", "jsonl", str(tmp_path / "good.jsonl"), "--list", "mine", "--data", str(tmp_path / "data")]) == 0
    return tmp_path


def test_an_import_is_counted_listed_and_exported_as_it_came(lists_of_mine, capfdbinary):
    data = ["--data", str(lists_of_mine / "data")]
    assert cli.run(["import", "jsonl", str(lists_of_mine / "good.jsonl"), "--list", "mine", *data]) == 0
    assert b"mine: unchanged, version 1 with 2 entities" in capfdbinary.readouterr().out
    assert cli.run(["import", "jsonl", str(lists_of_mine / "good.jsonl"), "--list", "other", *data]) == 0
    assert b"other: version 1 with 2 entities (2 added, 0 removed, 0 changed)" in capfdbinary.readouterr().out
    assert cli.run(["lists", "--json", *data]) == 0
    assert [(row["list"], row["entities"], row["number"]) for row in rows(capfdbinary)] == [("mine", 2, 1), ("other", 2, 1)]
    assert cli.run(["lists", *data]) == 0
    assert capfdbinary.readouterr().out.startswith(b"list ")
    assert cli.run(["export", "--list", "mine", *data]) == 0
    exported = capfdbinary.readouterr().out
    (lists_of_mine / "again.jsonl").write_bytes(exported)
    assert cli.run(["import", "jsonl", str(lists_of_mine / "again.jsonl"), "--list", "mine", "--json", *data]) == 0
    assert rows(capfdbinary)[0]["unchanged"] is True


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("jsonl", b'{"id": "a", "type": "place", "name": "A b"}\n{broken\n', "line 2"),
        ("jsonl", b'{"id": "a", "type": "place", "name": "A b"}\n{"id": "a", "type": "place", "name": "B c"}\n', "line 2"),
        ("jsonl", b'{"id": "a", "type": "town", "name": "A b"}\n', "town"),
        ("jsonl", b'{"id": "a", "type": "place", "name": ""}\n', "line 1"),
        ("jsonl", b'{"id": "a", "type": "place", "name": "\xff"}\n', "UTF-8"),
        ("jsonl", b"", "no entity"),
        ("nonsense", b"{}", "use one of"),
    ],
)
def test_a_bad_file_is_refused_with_65_and_nothing_is_half_written(lists_of_mine, name, content, says, capfd):
    bad = lists_of_mine / "bad.jsonl"
    bad.write_bytes(content)
    before = sorted(path.relative_to(lists_of_mine) for path in lists_of_mine.rglob("*"))
    capfd.readouterr()
    assert cli.run(["import", name, str(bad), "--list", "mine", "--data", str(lists_of_mine / "data")]) == 65
    err = capfd.readouterr().err
    assert err.startswith("aka: ")
    assert says in err
    assert sorted(path.relative_to(lists_of_mine) for path in lists_of_mine.rglob("*")) == before
    assert cli.run(["import", name, str(bad), "--list", "mine", "--data", str(lists_of_mine / "fresh")]) == 65
    assert not (lists_of_mine / "fresh").exists()


def test_lists_and_exports_of_what_is_not_there_are_refused_with_2(lists_of_mine, capfd):
    assert cli.run(["export", "--list", "other", "--data", str(lists_of_mine / "data")]) == 2
    assert "mine" in capfd.readouterr().err
    assert cli.run(["lists", "--data", str(lists_of_mine / "nowhere")]) == 2
    assert "aka import" in capfd.readouterr().err


def test_lint_names_file_and_line_and_ends_with_65(tmp_path, capfd):
    seeds = tmp_path / "bad.toml"
    seeds.write_text(
        '[file]\nabout = "x"\nsource = "x"\nlicence = "x"\ntype = "place"\n\n[a]\nname = "Aleppo"\nen = ["Aleppo"]\n', "utf-8"
    )
    assert cli.run(["lint", str(seeds)]) == 65
    assert "bad.toml:9: " in capfd.readouterr().out
    seeds.write_text(
        seeds.read_text("utf-8").replace('en = ["Aleppo"]', 'en = ["Halab"]').replace('licence = "x"', 'licence = "CC0-1.0"'),
        "utf-8",
    )
    assert cli.run(["lint", str(seeds)]) == 0
