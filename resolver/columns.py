"""A table of names or texts (CSV) in -> the same rows with what was found in them in further columns."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from aliases.errors import AkaError, InvalidError, MalformedError, Problem
from aliases.sources import tables
from aliases.sources.packed import Unpacked
from resolver.pipeline import Bad

if TYPE_CHECKING:
    from resolver.match import Candidate, Mention

CANDIDATE = ("aka_id", "aka_name", "aka_score", "aka_type")
MENTION = (*CANDIDATE, "aka_surface", "aka_start", "aka_end")

DELIMITERS = ",;\t|"
# A spreadsheet takes a cell that begins so for a formula and runs it (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = tuple[int, list[str]]  # line on which it ends, cells


class Rows(NamedTuple):
    """Some rows of a table; a Problem stands for one that cannot be read."""

    rows: tuple[Row | Problem, ...]


class Shape(NamedTuple):
    """How a table is written, so that what comes out looks like what went in."""

    columns: tuple[str, ...]
    delimiter: str
    line_end: str
    marked: bool  # a byte order mark stands at its beginning: the program that wrote it, such as Excel, may need one to read it

    def write(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Rows -> their bytes in UTF-8."""
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=self.delimiter, lineterminator=self.line_end).writerows(rows)
        return out.getvalue().encode()

    def place(self, column: str) -> int:
        """Name of a column -> its place; InvalidError when there is none of that name."""
        if column not in self.columns:
            shown = ", ".join(ascii(name[:40]) for name in self.columns[:12])
            raise InvalidError(f"there is no column {column[:80]!a}: there are {shown}; name one, or the --delimiter")
        return self.columns.index(column)


class Table:
    """A table that is being read: its shape, then its rows."""

    def __init__(self, stream: Any, *, name: str, encoding: str = "", delimiter: str = "") -> None:
        """Unbuffered stream -> the head is read. MalformedError or InvalidError when it cannot be the head of a table."""
        if len(delimiter) > 1 or delimiter in ('"', "\r", "\n"):
            raise InvalidError(f"delimiter {delimiter[:10]!a} is not allowed: use one character, such as ; or a tab")
        unpacked = Unpacked(stream, name, None)
        marked = unpacked.peek(2) in (codecs.BOM_UTF8[:2], codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        pieces = tables.text(unpacked, name=name, encoding=encoding)
        head = ""
        while "\n" not in head and len(head) < tables.MAX_LINE and (piece := next(pieces, "")):
            head += piece
        chosen = delimiter or _delimiter(head)
        lines = tables.lines(_again(head, pieces), name=name)
        self._rows = tables.rows(lines, name=name, delimiter=chosen)
        columns = tuple(tables.header(next(self._rows, None), name=name))
        self.shape = Shape(columns, chosen, "\r\n" if "\r\n" in head else "\n", marked)

    def chunks(self, size: int) -> Iterator[Rows]:
        """Number of rows -> the rows in chunks of as many; what cannot be read at all raises behind those before it."""
        chunk: list[Row | Problem] = []
        try:
            for row in self._rows:
                chunk.append(row)
                if len(chunk) == size:
                    yield Rows(tuple(chunk))
                    chunk = []
        except MalformedError:
            if chunk:
                yield Rows(tuple(chunk))
            raise
        if chunk:
            yield Rows(tuple(chunk))


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(head: str) -> str:
    """Beginning of a table -> what stands between its cells: the sign that stands most often in its first line, unquoted."""
    line = head.lstrip("\r\n").partition("\n")[0]
    outside = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=lambda sign: (outside.count(sign), -DELIMITERS.index(sign)))


def extended_head(shape: Shape, added: Sequence[str]) -> bytes:
    """Shape and columns to add -> the new head; InvalidError when one of them is there already."""
    there = [name for name in added if name in shape.columns]
    if there:
        raise InvalidError(f"the column '{there[0]}' is there already, from an earlier run: rename it, or leave it out")
    return (codecs.BOM_UTF8 if shape.marked else b"") + shape.write([[*shape.columns, *added]])


def extended(
    rows: Rows, shape: Shape, find: Callable[[Sequence[str]], Sequence[Sequence[str]]], *, width: int
) -> list[bytes | Bad]:
    """Rows -> each once for every answer of `find`, with its cells behind; once with empty cells where there is none.

    A row that cannot be answered comes back with empty cells and its Bad before it, one that cannot be read as a Bad alone.
    """
    out: list[bytes | Bad] = []
    for row in rows.rows:
        if isinstance(row, Problem):
            out.append(Bad(_line(row), row.detail))
            continue
        line, cells = row
        if len(cells) > len(shape.columns):
            out.append(Bad(line, f"{len(cells)} cells under {len(shape.columns)} columns: is a delimiter or a quote missing?"))
            continue
        cells = cells + [""] * (len(shape.columns) - len(cells))  # some programs leave out empty cells at the end
        found: Sequence[Sequence[str]] = ()
        try:
            found = find(cells)
        except AkaError as error:
            out.append(Bad(line, error.detail))
        out.append(shape.write([[*cells, *more] for more in found or ([""] * width,)]))
    return out


def _line(problem: Problem) -> int:
    return int(problem.pointer.removeprefix("line "))


def candidate_cells(found: Candidate) -> tuple[str, ...]:
    """Candidate -> its cells under CANDIDATE."""
    entity = found.entity
    return safe(entity.id), safe(entity.name), f"{found.score:.4f}", entity.type


def mention_cells(found: Mention) -> tuple[str, ...]:
    """Mention -> its cells under MENTION; places are code points of the cell, half-open."""
    entity = found.entity
    return (
        safe(entity.id), safe(entity.name), f"{found.score:.4f}", entity.type, safe(found.surface), str(found.start), str(found.end),
    )  # fmt: skip


def safe(cell: str) -> str:
    """Text of a list or of a text -> the same, with an apostrophe before what a spreadsheet would run as a formula."""
    return "'" + cell if cell.startswith(_FORMULA) else cell
