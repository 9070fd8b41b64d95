"""Packed files are read by what they are, not by their names, and never beyond what their size allows."""

from __future__ import annotations

import gzip
import io
import resource
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from aliases.errors import AkaError, UnknownError
from aliases.sources.packed import opened
from tests.sources.reading import taken, written

TABLE = ("id,name,aliases\n" + "".join(f"{i},Name {i},\n" for i in range(500))).encode()
PACKED = gzip.compress(TABLE, mtime=0)


def zipped(write: Callable[[zipfile.ZipFile], object]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        write(archive)
    return buffer.getvalue()


def link(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("list.csv")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    archive.writestr(info, "/etc/passwd")


def lying() -> bytes:
    raw = bytearray(zipped(lambda archive: archive.writestr("list.csv", TABLE)))
    struct.pack_into("<I", raw, raw.rfind(b"PK\x01\x02") + 24, 5)
    return bytes(raw)


def tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("../../evil.csv")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"x"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        TABLE,
        PACKED,
        gzip.compress(TABLE[:3_000], mtime=0) + gzip.compress(TABLE[3_000:], mtime=0),
        zipped(lambda archive: archive.writestr("any.name", TABLE)),
        zipped(lambda archive: (archive.mkdir("folder"), archive.writestr("folder/list.csv", TABLE))),
    ],
    ids=["plain", "gzip", "gzip of two members", "zip", "zip with a folder"],
)
def test_a_list_is_read_however_it_is_packed(tmp_path: Path, content: bytes) -> None:
    """The first bytes tell, whatever the name says."""
    entities, problems = taken("csv", written(tmp_path, "list.csv", content))
    assert (len(entities), problems) == (500, [])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (gzip.compress(PACKED, mtime=0), "packed twice"),
        (PACKED[:-20], "damaged or cut off"),
        (PACKED[:-8] + bytes([PACKED[-8] ^ 255]) + PACKED[-7:], "CRC"),
        (PACKED + b"garbage", "damaged or cut off"),
        (zipped(lambda archive: [archive.writestr(f"../../{i}", "x") for i in range(3)]), "exactly one list, it holds 3"),
        (zipped(lambda archive: [archive.writestr(f"f{i}", "") for i in range(2_000)]), "2000 members"),
        (zipped(lambda archive: None), "exactly one list, it holds 0"),
        (zipped(link), "a link in place of a list"),
        (lying(), "damaged"),
        (zipped(lambda archive: archive.writestr("a.csv", TABLE))[:-60], "damaged"),
        (tar(), "a tar archive"),
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"(\xb5/\xfd", "zstd"),
    ],
)
def test_an_archive_that_is_damaged_or_ambiguous_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    """After good rows, too: a damaged file has no good half."""
    with pytest.raises(AkaError, match=says):
        taken("csv", written(tmp_path, "list.csv", content))


@pytest.mark.parametrize("pack", [gzip.compress, lambda raw: zipped(lambda archive: archive.writestr("list.csv", raw))])
def test_a_bomb_is_stopped_long_before_it_fills_the_memory(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """40 MB out of 40 kB, in lines, so that nothing else stops it."""
    path = written(tmp_path, "list.csv", pack((b"0" * 999 + b"\n") * 40_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(AkaError, match="at most 100 times its size is read"), opened(path) as stream:
        assert sum(map(len, iter(stream.read, b""))) == 0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kB


def test_of_several_members_the_one_that_the_format_knows_is_read(tmp_path: Path) -> None:
    """GeoNames puts a table of language codes beside its names."""
    path = written(
        tmp_path, "a.zip", zipped(lambda archive: (archive.writestr("codes.txt", "x"), archive.writestr("names.txt", "y")))
    )
    with opened(path, members=("names.txt",)) as stream:
        assert stream.read() == b"y"


def test_a_path_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """As everywhere: check the path."""
    with pytest.raises(UnknownError, match="check the path"), opened(tmp_path / "none"):
        pass


def test_lines_are_cut_at_the_limit_and_nowhere_else(tmp_path: Path) -> None:
    """Across pieces, with and without a last line feed."""
    content = b"one\n" + b"x" * 200_000 + b"\n\n" + b"last"
    with opened(written(tmp_path, "a", content)) as stream:
        assert [len(line) for line in stream.lines(1_000)] == [4, 1_002, 1, 4]
