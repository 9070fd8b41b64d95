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
from resolver import cli, console
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
    monkeypatch.setattr(cli, "Resolver", Opened)
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
