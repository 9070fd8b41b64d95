"""`aka mentions`: which entities texts mention, as a table, JSON Lines or Parquet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from aliases import strict_json
from aliases.errors import AkaError, InvalidError
from resolver import console, pipeline, questions, wire
from resolver.commands import options
from resolver.match import Mention


@click.command()
@click.argument("files", metavar="[FILE...]", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@options.data
@options.filters
@click.option("--overlaps", type=click.Choice(["longest", "all"]), default="longest", show_default=True)
@click.option(
    "--offsets",
    type=click.Choice(["codepoint", "utf16", "utf8"]),
    default="codepoint",
    show_default=True,
    help="Unit of offsets.",
)
@click.option("--jsonl", is_flag=True, help="Each input line is an object; it comes back with `mentions` added.")
@click.option("--field", default="text", show_default=True, help="With --jsonl, --parquet: the field that holds the text.")
@click.option("--strict", is_flag=True, help="With --jsonl: stop at the first bad line.")
@click.option("--parquet", type=click.Path(exists=True, file_okay=False), help="Directory of Parquet files, instead of FILE.")
@click.option("--out", type=click.Path(file_okay=False), help="With --parquet: directory for the mentions of each file.")
@click.option(
    "--id", "id_column", metavar="NAME", help="With --parquet: the column that tells the texts apart [default: row number]."
)
@options.as_json
def mentions(
    files: tuple[str, ...],
    data: str | None,
    jsonl: bool,
    field: str,
    strict: bool,
    as_json: bool,
    offsets: questions.Offsets,
    parquet: str | None,
    out: str | None,
    id_column: str | None,
    **asked: Any,
) -> int:
    """Which entities the texts mention, and where (standard input without FILE)."""
    asked.update({key: list(asked[key]) or None for key in ("types", "lists")})
    if parquet or out:
        if not (parquet and out) or files or jsonl or as_json or offsets != "codepoint":
            raise click.UsageError("--parquet DIR and --out DIR go together, without FILE, --jsonl, --json and --offsets.")
        return _mention_files(Path(parquet), Path(out), column=field, id=id_column, data=data, **asked)
    from resolver.resolve import Resolver

    resolver = Resolver.open(data)

    def find(text: str) -> list[Mention]:
        return resolver.mentions(text, **asked)

    bad = 0
    for file in files or ("-",):
        if jsonl:
            bad += _annotate(file, find, field=field, strict=strict, offsets=offsets)
        else:
            _show_mentions(file, find, generation=resolver.generation, as_json=as_json, offsets=offsets)
    return options.BAD_INPUT if bad else 0


def _mention_files(source: Path, out: Path, **asked: Any) -> int:
    try:
        from resolver import arrow
    except ImportError as error:
        raise InvalidError(str(error)) from None
    with console.progress() as progress:
        made, there = arrow.mention_files(source, out, progress=progress, **asked)
    console.say(f"{out}: {made} files made, {there} were there")
    return 0


def _show_mentions(
    file: str, find: Callable[[str], list[Mention]], *, generation: str, as_json: bool, offsets: questions.Offsets
) -> None:
    with _opened(file) as stream:
        text = strict_json.utf8(stream.read(), what=_shown_file(file))
    found = find(text)
    answers = wire.mention_answers(text, found, offsets=offsets)
    if as_json:
        options.write(wire.FileAnswer(file, answers, wire.entity_counts(found), generation))
        return
    rows = [
        (answer.start, answer.end, f"{answer.score:.2f}", answer.entity.type, answer.entity.id, answer.surface)
        for answer in answers
    ]
    head = ("start", "end", "score", "type", "id", "surface")
    click.echo(console.table(head, rows) if rows else f"{_shown_file(file)}: no mentions")


def _annotate(file: str, find: Callable[[str], list[Mention]], *, field: str, strict: bool, offsets: questions.Offsets) -> int:
    """JSON Lines file -> the number of its bad lines; the others are written with their mentions as they come."""
    count = 0

    def bad(number: int, error: AkaError) -> None:
        nonlocal count
        count += 1
        message = f"{_shown_file(file)}: line {number}: {error.detail}"
        if strict:
            raise InvalidError(message)
        console.say(message)

    out = sys.stdout.buffer
    with _opened(file) as stream:
        for line in pipeline.annotate(stream, find, field=field, offsets=offsets, bad=bad):
            out.write(line)
            out.flush()  # whoever reads the pipe may be waiting for this line
    return count


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = open(file, "rb")  # noqa: SIM115 - closed below; only the opening is guarded
    except OSError as error:
        raise InvalidError(f"cannot read {file}: {error.strerror}") from None
    with stream:
        yield stream


def _shown_file(file: str) -> str:
    return "standard input" if file == "-" else file
