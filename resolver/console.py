"""What a terminal shows: rows -> a table that no name can break or colour, whatever script it is in."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

Progress = Callable[[int, int | None, str], None]  # done, of how many (None: unknown), phase

_JOINERS = "\u200c\u200d"  # spelling in Persian and Indic names; they move nothing


def plain(value: object) -> str:
    """Value -> its text on one line, control and direction characters written as escapes: a name must not move the cursor."""
    return "".join(char if _shows(char) else f"\\u{ord(char):04x}" for char in str(value))


def _shows(char: str) -> bool:
    return char.isprintable() or char in _JOINERS or unicodedata.category(char) in ("Mn", "Me")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Head and rows -> lines with aligned columns; the last column is not padded."""
    lines = [list(head), *([plain(cell) for cell in row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (wide - width(cell)) for cell, wide in zip(cells, widths, strict=True)]
    return "  ".join(padded).rstrip()


def width(text: str) -> int:
    """Text -> the terminal cells it takes: two for wide East Asian characters, none for marks."""
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def say(message: str) -> None:
    """Message -> one line on standard error, which leaves standard output to the answer."""
    click.echo(f"aka: {plain(message)}", err=True)


@contextmanager
def progress() -> Iterator[Progress | None]:
    """Nothing -> what moves a bar on standard error, one bar a phase; None when no terminal is there to show it."""
    if not sys.stderr.isatty():
        yield None
        return
    bars = _Bars()
    try:
        yield bars.show
    finally:
        bars.end()


class _Bars:
    """The bar of the phase that runs; where the end is unknown, a count that grows."""

    def __init__(self) -> None:
        self._phase = ""
        self._bar: Any = None  # click keeps the type of its bars to itself

    def show(self, done: int, total: int | None, phase: str) -> None:
        """Take in how far the phase is."""
        if phase != self._phase:
            self.end()
            self._phase = phase
            if total is not None:
                self._bar = click.progressbar(length=total, label=phase, file=sys.stderr)
                self._bar.render_progress()
        if self._bar is None:
            click.echo(f"\r{phase}  {done:,}", nl=False, err=True)
        else:
            self._bar.update(max(done - self._bar.pos, 0))

    def end(self) -> None:
        """Leave the line of the phase that ran."""
        if self._phase:
            click.echo(err=True)
        self._phase, self._bar = "", None
