"""File as it was downloaded -> its bytes: plain, gzip or a zip of one member, told by the first bytes and not by the name.

What unpacks is counted: a file of a few kilobytes must not become gigabytes, whatever its header says of its size.
"""

from __future__ import annotations

import gzip
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from aliases.errors import MalformedError, TooLargeError, UnknownError

MAX_UNPACKED = 16 << 30  # bytes; the largest list published today (GeoNames alternate names) unpacks to under 1 GB
MAX_RATIO = 100  # unpacked to packed; lists in XML reach 30
MAX_MEMBERS = 100  # of a zip archive; the published ones hold at most three
_FREE = 10 << 20  # bytes that may unpack from anything, before the ratio counts

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_ZIP_EMPTY = b"PK\x05\x06"
_REFUSED = {b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"(\xb5/\xfd": "zstd", b"7z\xbc\xaf\x27\x1c": "7-Zip", b"Rar!": "RAR"}
_TAR_AT, _TAR = 257, b"ustar"
_HEAD = _TAR_AT + len(_TAR)


class Unpacked:
    """Bytes of a file, read in pieces; damage and floods are told as errors of ours."""

    def __init__(self, stream: BinaryIO, name: str, packed_size: int | None) -> None:
        self._stream = stream
        self._name = name
        self._packed_size = packed_size  # None: it is not packed
        self._head = b""
        self._read = 0

    def peek(self, size: int = _HEAD) -> bytes:
        """Number of bytes -> as many from the start, which are still to be read."""
        while len(self._head) < size and (more := self._take(size - len(self._head))):
            self._head += more
        return self._head[:size]

    def read(self, size: int = 1 << 16) -> bytes:
        """At most so many bytes -> the next ones, b"" at the end; MalformedError for damage, TooLargeError for a flood."""
        if self._head:
            piece, self._head = self._head[:size], self._head[size:]
            return piece
        return self._take(size)

    def lines(self, longest: int) -> Iterator[bytes]:
        """Nothing -> its lines with their line feed; one over `longest` bytes comes cut, a byte over the limit."""
        rest = b""
        while piece := self.read():
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield line[: longest + 1] + b"\n"
            if len(rest) > longest + len(piece):  # it is too long anyway: keep just enough to see that
                rest = rest[: longest + 1]
        if rest:
            yield rest[: longest + 1]

    def _take(self, size: int) -> bytes:
        try:
            piece = self._stream.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError) as error:
            raise MalformedError(f"{self._name} is damaged or cut off ({error}): fetch it again") from None
        self._read += len(piece)
        if self._packed_size is not None and self._read > max(_FREE, min(MAX_UNPACKED, self._packed_size * MAX_RATIO)):
            raise TooLargeError(
                f"{self._name} unpacks to more than {self._read:,} bytes from {self._packed_size:,}: "
                f"at most {MAX_RATIO} times its size is read; unpack it yourself if it is what you want"
            )
        return piece


@contextmanager
def opened(path: Path, *, members: Sequence[str] = ()) -> Iterator[Unpacked]:
    """Path -> its unpacked bytes. Of a zip with several members, the one named in `members` is read.

    UnknownError when it cannot be opened; MalformedError when it is empty, damaged, or packed in another way, or twice.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UnknownError(f"{path} cannot be read ({error.strerror}): check the path") from None
    with stream:
        head = stream.read(_HEAD)
        stream.seek(0)
        size = path.stat().st_size
        if head.startswith(_GZIP):
            with gzip.GzipFile(fileobj=stream) as unzipped:
                yield _plain(Unpacked(cast("BinaryIO", unzipped), path.name, size), path.name, inside=True)
        elif head.startswith((_ZIP, _ZIP_EMPTY)):
            with _member(stream, path.name, members) as member:
                yield _plain(Unpacked(member, path.name, size), path.name, inside=True)
        else:
            yield _plain(Unpacked(stream, path.name, None), path.name, inside=False)


def _plain(unpacked: Unpacked, name: str, *, inside: bool) -> Unpacked:
    head = unpacked.peek()
    if not head:
        raise MalformedError(f"{name} is empty: fetch it again")
    if head[_TAR_AT:_HEAD] == _TAR:
        raise MalformedError(f"{name} is a tar archive: unpack it and name the list in it")
    for magic, what in _REFUSED.items():
        if head.startswith(magic):
            raise MalformedError(f"{name} is packed with {what}, which is not read: unpack it first")
    if inside and head.startswith((_GZIP, _ZIP)):
        raise MalformedError(f"{name} is packed twice: unpack it once, then import what is inside")
    return unpacked


@contextmanager
def _member(stream: BinaryIO, name: str, wanted: Sequence[str]) -> Iterator[BinaryIO]:
    """Zip -> its one file, opened; nothing is ever written to the disk."""
    try:
        with zipfile.ZipFile(stream) as archive:
            info = _chosen(archive, name, wanted)
            with archive.open(info) as member:
                yield cast("BinaryIO", member)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise MalformedError(f"{name} is damaged ({error}): fetch it again") from None


def _chosen(archive: zipfile.ZipFile, name: str, wanted: Sequence[str]) -> zipfile.ZipInfo:
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise MalformedError(f"{name} has {len(infos)} members, at most {MAX_MEMBERS} are looked at: unpack it first")
    files = [info for info in infos if not info.is_dir()]
    fitting = [info for info in files if info.filename in wanted] or files
    if len(fitting) != 1:
        shown = ", ".join(ascii(info.filename[:40]) for info in fitting[:5]) or "none"
        raise MalformedError(f"{name} must hold exactly one list, it holds {len(fitting)} ({shown}): unpack it and name one")
    (info,) = fitting
    if stat.S_ISLNK(info.external_attr >> 16):
        raise MalformedError(f"{name} holds a link in place of a list: fetch it again")
    if info.flag_bits & 1:
        raise MalformedError(f"{name} is encrypted: unpack it first")
    return info
