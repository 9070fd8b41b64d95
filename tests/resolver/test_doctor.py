"""`aka doctor` finds what is wrong with a data directory, names the fix, and changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from resolver import cli, doctor
from resolver.credentials import Tokens

LINES = '{"id": "raqqa", "type": "place", "name": "Raqqa"}\n{"id": "isis", "type": "organization", "name": "ISIS"}\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "two.jsonl").write_text(LINES, "utf-8")
    assert cli.run(["import", "jsonl", str(tmp_path / "two.jsonl"), "--list", "test", "--data", str(tmp_path / "data")]) == 0
    return tmp_path / "data"


def found(data: Path) -> dict[str, tuple[str, str]]:
    return {one.what: (one.state, one.detail) for one in doctor.examine(data)}


def test_a_good_directory_is_good(data, capfd):
    states = {what: state for what, (state, _) in found(data).items()}
    assert {states[what] for what in ("permissions", "record", "pointer", "generation", "answers", "tokens")} == {"good"}
    assert "bad" not in states.values()
    capfd.readouterr()
    assert cli.run(["doctor", "--data", str(data), "--json"]) == 0
    assert len([msgspec.json.decode(line) for line in capfd.readouterr().out.splitlines()]) == len(states)


def test_one_flipped_bit_is_found_though_the_file_keeps_its_times(data, capfd):
    [arrays] = (data / "generations").glob("*/arrays.bin")
    before = arrays.stat()
    raw = bytearray(arrays.read_bytes())
    raw[len(raw) // 2] ^= 1
    arrays.chmod(0o644)
    arrays.write_bytes(raw)
    os.utime(arrays, ns=(before.st_atime_ns, before.st_mtime_ns))
    state, detail = found(data)["generation"]
    assert (state, "damaged" in detail) == ("bad", True)
    assert cli.run(["doctor", "--data", str(data)]) == 65


@pytest.mark.parametrize("pointer", ["", "nowhere\n", "../../etc\n"])
def test_a_pointer_that_leads_nowhere_is_found(data, pointer):
    (data / "current").write_text(pointer)
    assert found(data)["pointer"][0] == "bad"


def test_a_record_that_is_no_database_is_found(data):
    (data / "aka.db").write_bytes(b"no database at all" * 500)
    assert found(data)["record"][0] == "bad"


@pytest.mark.skipif(os.name != "posix", reason="this system has no permissions of this kind")
def test_what_anybody_may_write_is_found(data):
    (data / "current").chmod(0o666)
    state, detail = found(data)["permissions"]
    assert (state, "current" in detail, "chmod" in detail) == ("bad", True, True)


def test_a_full_disk_is_a_warning(data, monkeypatch):
    monkeypatch.setattr(doctor, "LEAST", 10**18)
    assert found(data)["disk"][0] == "warning"


def test_damaged_tokens_are_found(data):
    Tokens(data / "tokens.json").create("editor", scope="write")
    assert found(data)["tokens"] == ("good", "1")
    (data / "tokens.json").write_text("{")
    assert found(data)["tokens"][0] == "bad"


def test_a_directory_that_is_not_there_is_bad_and_is_not_made(tmp_path):
    assert found(tmp_path / "none")["data directory"][0] == "bad"
    assert not (tmp_path / "none").exists()
