"""`aka mentions`: which entities texts mention, as a table, JSON Lines, CSV or Parquet."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from aliases import strict_json
from aliases.errors import InvalidError
from resolver import columns, console, questions, tasks, wire
from resolver.commands import options, pipes


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
@pipes.choices
@click.option(
    "--field",
    "--column",
    "field",
    default="text",
    show_default=True,
    help="With --jsonl, --csv, --parquet: the field or column that holds the text.",
)
@click.option("--parquet", type=click.Path(exists=True, file_okay=False), help="Directory of Parquet files, instead of FILE.")
@click.option("--out", type=click.Path(file_okay=False), help="With --parquet: directory for the mentions of each file.")
@click.option(
    "--id", "id_column", metavar="NAME", help="With --parquet: the column that tells the texts apart [default: row number]."
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="With --parquet: who works on the files; spark is the session of spark-submit, or one on this machine.",
)
@options.as_json
def mentions(
    files: tuple[str, ...],
    data: str | None,
    field: str,
    as_json: bool,
    offsets: questions.Offsets,
    parquet: str | None,
    out: str | None,
    id_column: str | None,
    engine: str,
    types: tuple[str, ...],
    lists: tuple[str, ...],
    min_score: float | None,
    overlaps: str,
    **piped: Any,
) -> int:
    """Which entities the texts mention, and where (standard input without FILE)."""
    asked = {"types": list(types) or None, "lists": list(lists) or None, "min_score": min_score, "overlaps": overlaps}
    pipe = pipes.chosen(**piped)
    if parquet or out:
        if not (parquet and out) or files or pipe or as_json or offsets != "codepoint":
            raise click.UsageError("--parquet DIR and --out DIR go together, without FILE, --jsonl, --csv, --json and --offsets.")
        return _mention_files(engine, Path(parquet), Path(out), column=field, id=id_column, data=data, **asked)
    if engine != "local":
        raise click.UsageError("--engine goes with --parquet.")
    if pipe is None:
        return _mentions_of(files or ("-",), asked, data=data, as_json=as_json, offsets=offsets)
    if not pipe.csv:
        task = tasks.MentionLines(data=data, asked=asked, field=field, offsets=offsets)
        return pipes.lines(files or ("-",), task, pipe=pipe)
    if len(files) > 1 or offsets != "codepoint":
        raise click.UsageError("--csv reads one FILE, and counts in code points.")
    return pipes.table(
        files[0] if files else "-",
        lambda shape: tasks.MentionRows(data=data, asked=asked, shape=shape, place=shape.place(field)),
        added=columns.MENTION,
        pipe=pipe,
    )


def _mention_files(engine: str, source: Path, out: Path, **asked: Any) -> int:
    try:
        door = import_module("resolver.spark" if engine == "spark" else "resolver.arrow")
    except ImportError as error:
        raise InvalidError(str(error)) from None
    with console.progress() as progress:
        made, there = door.mention_files(source, out, progress=progress, **asked)
    console.say(f"{out}: {made} files made, {there} were there")
    return 0


def _mentions_of(
    files: Sequence[str], asked: dict[str, Any], *, data: str | None, as_json: bool, offsets: questions.Offsets
) -> int:
    """Files, each one text -> their mentions as tables or JSON."""
    from resolver.resolve import Resolver

    resolver = Resolver.open(data)
    for file in files:
        text = strict_json.utf8(_read(file), what=pipes.shown(file))
        found = resolver.mentions(text, **asked)
        answers = wire.mention_answers(text, found, offsets=offsets)
        if as_json:
            options.write(wire.FileAnswer(file, answers, wire.entity_counts(found), resolver.generation))
        else:
            click.echo(_table(answers) if answers else f"{pipes.shown(file)}: no mentions")
    return 0


def _table(answers: Sequence[wire.MentionAnswer]) -> str:
    rows = [
        (answer.start, answer.end, f"{answer.score:.2f}", answer.entity.type, answer.entity.id, answer.surface)
        for answer in answers
    ]
    return console.table(("start", "end", "score", "type", "id", "surface"), rows)


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InvalidError(f"cannot read {file}: {error.strerror}") from None
