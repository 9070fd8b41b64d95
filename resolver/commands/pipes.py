"""What `aka lookup` and `aka mentions` do in a pipe: JSON Lines or a table in, the same with what was found out."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from aliases.errors import InvalidError
from resolver import columns, console, limits, pipeline, workers
from resolver.commands import options
from resolver.tasks import Answer

Command = TypeVar("Command", bound=Callable[..., Any])

ROWS = 64  # of a table that a worker process gets at once


@dataclass(frozen=True)
class Pipe:
    """How the input is written and who works on it."""

    csv: bool
    encoding: str
    delimiter: str
    strict: bool
    jobs: int


def choices(command: Command) -> Command:
    """Command -> the same with the options of a pipe."""
    for option in (
        click.option("--delimiter", metavar="CHAR", default="", help="With --csv: what stands between cells [default: told by the head]."),
        click.option("--encoding", metavar="NAME", default="", help="With --csv [default: UTF-8, or what a byte order mark says]."),
        click.option("--strict", is_flag=True, help="With --jsonl, --csv: stop at the first bad line."),
        click.option(
            "-j", "--jobs", type=click.IntRange(0, 256), default=1, show_default=True,
            help="With --jsonl, --csv: processes that work on it; 0 for one a processor.",
        ),
        click.option("--csv", "as_csv", is_flag=True, help="The input is a table with a head; its rows come back with more columns."),
        click.option("--jsonl", is_flag=True, help="Each input line is an object; it comes back with what was found in it."),
    ):  # fmt: skip
        command = option(command)
    return command


def chosen(*, jsonl: bool, as_csv: bool, jobs: int, strict: bool, encoding: str, delimiter: str) -> Pipe | None:
    """Options -> the pipe that they describe, None for none; UsageError where they go with no pipe, or with another one."""
    if jsonl and as_csv:
        raise click.UsageError("--jsonl and --csv are two forms of input: give one of them.")
    if not as_csv and (encoding or delimiter):
        raise click.UsageError("--encoding and --delimiter go with --csv.")
    if not jsonl and not as_csv:
        if strict or jobs != 1:
            raise click.UsageError("--strict and -j go with --jsonl or --csv.")
        return None
    return Pipe(as_csv, encoding, delimiter, strict, jobs or os.cpu_count() or 1)


def lines(files: Iterable[str], start: Callable[[], Callable[[pipeline.Lines], Answer]], *, pipe: Pipe) -> int:
    """JSON Lines files, and what opens the task -> each line written with its answer; exit status."""
    bad = 0
    for file in files:
        with _opened(file) as stream:
            bad += _write(workers.each(pipeline.chunks(stream), start, jobs=pipe.jobs), file=file, strict=pipe.strict)
    return options.BAD_INPUT if bad else 0


def table(
    file: str, start: Callable[[columns.Shape], Callable[[], Callable[[columns.Rows], Answer]]], *, added: tuple[str, ...], pipe: Pipe
) -> int:  # fmt: skip
    """Table, what opens the task for one of its shape, and the columns that it adds -> the rows written; exit status."""
    with _opened(file) as stream, _long_cells():
        read = columns.Table(stream, name=shown(file), encoding=pipe.encoding, delimiter=pipe.delimiter)
        head, opens = columns.extended_head(read.shape, added), start(read.shape)
        chunks = read.chunks(ROWS if pipe.jobs > 1 else 1)
        answers = workers.each(chunks, opens, jobs=pipe.jobs)
        sys.stdout.buffer.write(head)
        bad = _write(answers, file=file, strict=pipe.strict)
    return options.BAD_INPUT if bad else 0


@contextmanager
def _long_cells() -> Iterator[None]:
    before = csv.field_size_limit(limits.TEXT_CHARS)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _write(answers: Generator[Answer, None, None], *, file: str, strict: bool) -> int:
    """Answers -> written as they come, bad lines told on standard error; the number of those."""
    bad = 0
    out = sys.stdout.buffer
    with closing(answers):  # stops the worker processes, also when the reader of the pipe is gone
        for answer in answers:
            for line in answer:
                if isinstance(line, bytes):
                    out.write(line)
                    continue
                bad += 1
                message = f"{shown(file)}: line {line.number}: {line.detail}"
                if strict:
                    out.flush()
                    raise InvalidError(message)
                console.say(message)
            out.flush()  # whoever reads the pipe may be waiting for this line
    return bad


@contextmanager
def _opened(file: str) -> Iterator[Any]:
    """Name of a file, - for standard input -> its bytes without a buffer: what is there is read, and no more waited for."""
    if file == "-":
        stdin = getattr(sys.stdin.buffer, "raw", None)
        if stdin is not None:
            os.set_blocking(stdin.fileno(), True)  # a terminal that another program left unblocked would seem to be at its end
        yield stdin or sys.stdin.buffer
        return
    try:
        stream = open(file, "rb", buffering=0)  # noqa: SIM115 - closed below; only the opening is guarded
    except OSError as error:
        raise InvalidError(f"cannot read {file}: {error.strerror}") from None
    with stream:
        yield stream


def shown(file: str) -> str:
    """Name of a file -> how a person reads it."""
    return "standard input" if file == "-" else file
