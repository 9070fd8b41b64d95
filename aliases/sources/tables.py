"""Bytes of a delimited text -> its rows: strict about encoding and quotes, told by line and byte where it is wrong."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator

from aliases.errors import InvalidError, MalformedError, Problem
from aliases.sources.packed import Unpacked

MAX_LINE = 4_000_000  # characters between two line ends
MAX_COLUMNS = 1_000

_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_CTRL_Z = "\x1a"  # ends a file in CP/M; some publishers still write it

Row = tuple[int, list[str]]  # line on which it ends, cells


def text(stream: Unpacked, *, name: str, encoding: str = "") -> Iterator[str]:
    """Bytes -> pieces of text. Without `encoding` it is what a byte order mark says, else UTF-8.

    MalformedError names the first byte (counted from 0) that does not fit, InvalidError an unknown encoding.
    """
    head = stream.peek(4)
    mark = next((bom for bom in _BOMS if head.startswith(bom)), b"")
    chosen = _BOMS.get(mark) or encoding or "utf-8"
    try:
        decoder = codecs.getincrementaldecoder(chosen)("strict")
        "".encode(chosen)  # refuses codecs that are no encodings of text
    except LookupError:
        raise InvalidError(f"encoding '{encoding[:40]}' is unknown: use one such as utf-8, windows-1256 or utf-16") from None
    stream.read(len(mark))
    done = len(mark)
    while True:
        piece = stream.read()
        done += len(piece)
        try:
            yield decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            at = done - len(error.object) + error.start
            raise MalformedError(
                f"{name} is not {chosen}: byte 0x{error.object[error.start]:02X} at offset {at} ({error.reason}); "
                "save it as UTF-8, or name its encoding"
            ) from None
        if not piece:
            return


def lines(pieces: Iterator[str], *, name: str) -> Iterator[str]:
    """Pieces of text -> lines with their ends (LF, CRLF or CR, also mixed); a lone U+001A at the end is dropped."""
    rest = ""
    for piece in pieces:
        rest += piece
        held = "\r" if rest.endswith("\r") else ""  # its line feed may come with the next piece
        *found, rest = rest.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        yield from (line + "\n" for line in found)
        rest += held
        if len(rest) > MAX_LINE:
            raise MalformedError(f"{name} has a line of more than {MAX_LINE:,} characters: is it a table?")
    if rest.rstrip("\r" + _CTRL_Z):
        yield rest.rstrip("\r" + _CTRL_Z)


def rows(found: Iterator[str], *, name: str, delimiter: str, quoted: bool = True) -> Iterator[Row | Problem]:
    """Lines -> rows that are not blank, and a Problem for one that has a cell over the limit of the csv module.

    MalformedError for a quote that is never closed or closed in the wrong place, since then no row is sure.
    """
    if quoted:
        reader = csv.reader(found, delimiter=delimiter, strict=True)
    else:
        reader = csv.reader(found, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
    while True:
        before = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error) and reader.line_num == before + 1:
                limit = csv.field_size_limit()
                yield Problem(f"line {reader.line_num}", f"a cell has more than {limit:,} characters: shorten it")
                continue
            message = f"{name} is no sound table from line {before + 1} on ({error}): is a quote or the end of the file missing?"
            raise MalformedError(message) from None
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def header(row: Row | Problem | None, *, name: str) -> list[str]:
    """First row -> the names of its columns, each once; MalformedError when it cannot be the head of a table."""
    if not isinstance(row, tuple):
        raise MalformedError(f"{name} has no head of column names: fetch it again")
    columns = [cell.strip() for cell in row[1]]
    if len(columns) > MAX_COLUMNS:
        raise MalformedError(f"{name} has {len(columns)} columns, at most {MAX_COLUMNS} are read: is it the list?")
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise InvalidError(f"{name} has the column '{twice[0][:40]}' twice: keep one of them")
    return columns


def records(body: Iterator[Row | Problem], columns: list[str]) -> Iterator[tuple[int, dict[str, str]] | Problem]:
    """Rows under their head -> column: cell; a Problem for a row that has more or fewer cells than the head."""
    for row in body:
        if isinstance(row, Problem):
            yield row
        elif len(row[1]) != len(columns):
            message = f"{len(row[1])} cells under {len(columns)} columns: is a delimiter or a quote missing?"
            yield Problem(f"line {row[0]}", message)
        else:
            yield row[0], dict(zip(columns, row[1], strict=True))
