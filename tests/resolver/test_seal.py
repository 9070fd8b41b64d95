"""A file that was found whole is read again as soon as anybody touched it, and by `aka verify` in any case."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from aliases.errors import NotReadyError
from resolver import cli, seal
from resolver.compiling import compile_generation
from resolver.index import Index
from tests.resolver.test_index import ENTITIES

CONTENT = bytes(range(256)) * 64
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read whole; the clock of the file system is taken to be a fine one."""
    found: list[Path] = []
    digest = seal._digest

    def counted(path: Path) -> str:
        found.append(path)
        return digest(path)

    monkeypatch.setattr(seal, "_digest", counted)
    monkeypatch.setattr(seal, "_TICK_NS", -1_000_000_000)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "arrays.bin"
    path.write_bytes(CONTENT)
    return path


def test_an_untouched_file_is_read_once(file: Path, read: list[Path]) -> None:
    assert [seal.is_whole(file, DIGEST) for _ in range(3)] == [True] * 3
    assert read == [file]


def test_who_does_not_trust_reads_it_each_time(file: Path, read: list[Path]) -> None:
    assert all(seal.is_whole(file, DIGEST, trusting=False) for _ in range(2))
    assert len(read) == 2


def test_a_file_that_was_written_to_is_read_and_refused(file: Path, read: list[Path]) -> None:
    assert seal.is_whole(file, DIGEST)
    with file.open("r+b") as open_file:
        open_file.seek(100)
        open_file.write(b"\xff")
    assert not seal.is_whole(file, DIGEST)
    assert len(read) == 2


def test_another_file_of_the_same_size_and_age_in_its_place_is_refused(file: Path, read: list[Path], tmp_path: Path) -> None:
    assert seal.is_whole(file, DIGEST)
    times = file.stat()
    other = tmp_path / "other"
    other.write_bytes(bytes(len(CONTENT)))
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(file)
    assert not seal.is_whole(file, DIGEST)


def test_a_copy_is_read_again_and_found_whole(file: Path, read: list[Path], tmp_path: Path) -> None:
    assert seal.is_whole(file, DIGEST)
    shutil.copytree(tmp_path, tmp_path / "copy")
    assert seal.is_whole(tmp_path / "copy" / "arrays.bin", DIGEST)
    assert read == [file, tmp_path / "copy" / "arrays.bin"]


def test_the_seal_of_another_content_is_not_believed(file: Path, read: list[Path]) -> None:
    assert seal.is_whole(file, DIGEST)
    assert not seal.is_whole(file, hashlib.sha256(b"another").hexdigest())


@pytest.mark.parametrize("note", ["", "{", "[]", "null", '{"sha256": 1}', '{"sha256": "x", "file": null, "checked_ns": "y"}'])
def test_a_damaged_seal_says_nothing(file: Path, read: list[Path], note: str) -> None:
    (file.parent / "arrays.bin.sealed").write_text(note)
    assert seal.is_whole(file, DIGEST)
    assert read == [file]


def test_a_file_younger_than_the_clock_can_tell_is_not_trusted(
    file: Path, read: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "_TICK_NS", 1 << 62)
    assert all(seal.is_whole(file, DIGEST) for _ in range(2))
    assert len(read) == 2


def test_where_no_seal_can_be_written_the_file_is_read_each_time(file: Path, read: list[Path]) -> None:
    (file.parent / "arrays.bin.sealed").mkdir()  # what root may not write over either
    assert all(seal.is_whole(file, DIGEST) for _ in range(2))
    assert len(read) == 2
    assert {path.name for path in file.parent.iterdir()} <= {"arrays.bin", "arrays.bin.sealed", f".arrays.bin.{os.getpid()}"}


def test_verify_finds_what_the_file_system_did_not_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "generations" / "g"
    compile_generation(ENTITIES, directory)
    (tmp_path / "current").write_text("g\n")
    assert cli.run(["verify", "--data", str(tmp_path)]) == 0
    assert "is whole: 3 entities, 6 names" in capfd.readouterr().out
    path = directory / "arrays.bin"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    note = directory / "arrays.bin.sealed"
    forged = json.loads(note.read_text()) | {"file": seal._identity(path), "checked_ns": 1 << 62}
    note.write_text(json.dumps(forged))
    assert Index.open(directory).generation  # the system says that nobody was there
    assert cli.run(["verify", "--data", str(tmp_path)]) == 65
    assert "damaged" in capfd.readouterr().err
    with pytest.raises(NotReadyError, match="damaged"):
        Index.open(directory, trusting=False)
