"""`aka lookup`: who is meant by a name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from resolver import columns, console, limits, questions, tasks, wire
from resolver.commands import options, pipes
from resolver.match import Candidate


@click.command()
@click.argument("names", metavar="NAME... | --jsonl|--csv [FILE...]", nargs=-1)
@options.data
@options.filters
@click.option("--limit", type=click.IntRange(1, limits.CANDIDATES), help="Most candidates for a name [default: 5; with --csv 1].")
@click.option("--country", metavar="CC", help="ISO 3166 country that the entity may have.")
@click.option("--birth-date", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD.")
@pipes.choices
@click.option(
    "--field",
    "--column",
    "field",
    default="name",
    show_default=True,
    help="With --jsonl, --csv: the field or column that holds the name.",
)
@options.as_json
def lookup(
    names: tuple[str, ...],
    data: str | None,
    as_json: bool,
    field: str,
    types: tuple[str, ...],
    lists: tuple[str, ...],
    limit: int | None,
    country: str | None,
    birth_date: str | None,
    min_score: float | None,
    **piped: Any,
) -> int:
    """Who is meant by NAME; exit status 1 when nothing fits any.

    With --jsonl or --csv FILE (or standard input) holds the names: each line or row comes back with what was found.
    """  # fmt: skip
    pipe = pipes.chosen(**piped)
    asked: dict[str, Any] = {
        "types": list(types) or None, "lists": list(lists) or None, "min_score": min_score, "birth_date": birth_date,
        "country": country.upper() if country else None,
        "limit": limit or (1 if pipe and pipe.csv else limits.CANDIDATES_DEFAULT),
    }  # fmt: skip
    if pipe is not None:
        if as_json:
            raise click.UsageError("--json is for names on the command line: leave it out.")
        _check((), asked)
        return _piped(names, asked, data=data, field=field, pipe=pipe)
    if not names:
        raise click.UsageError("Missing argument 'NAME...'.")
    _check(names, asked)
    from resolver.resolve import Resolver

    resolver = Resolver.open(data)
    found = resolver.lookup_many(names, **asked)
    for name, candidates in zip(names, found, strict=True):
        if as_json:
            options.write(wire.LookupAnswer(name, wire.candidate_answers(candidates), resolver.generation))
        else:
            click.echo(_candidates_table(name, candidates))
    return 0 if any(found) else options.NOTHING_FOUND


def _piped(files: tuple[str, ...], asked: dict[str, Any], *, data: str | None, field: str, pipe: pipes.Pipe) -> int:
    for file in files:
        if file != "-" and not Path(file).is_file():
            raise click.UsageError(f"With --jsonl and --csv the arguments are files, and '{file}' is none.")
    if not pipe.csv:
        return pipes.lines(files or ("-",), tasks.NameLines(data=data, asked=asked, field=field), pipe=pipe)
    if len(files) > 1:
        raise click.UsageError("--csv reads one FILE.")
    return pipes.table(
        files[0] if files else "-",
        lambda shape: tasks.NameRows(data=data, asked=asked, shape=shape, place=shape.place(field)),
        added=columns.CANDIDATE,
        pipe=pipe,
    )


def _check(names: tuple[str, ...], asked: dict[str, Any]) -> None:
    """What is asked -> nothing; refuses the same as over HTTP, in the same words."""
    from resolver import asking

    for name in names:
        asking.check_name(name)
    asking.typed({"names": list(names), **asked}, questions.LookupRequest)


def _candidates_table(name: str, candidates: Sequence[Candidate]) -> str:
    if not candidates:
        return f"{console.plain(name)}: nothing found"
    rows = [
        (f"{found.score:.2f}", found.entity.type, found.entity.id, found.entity.name, found.matched, found.kind)
        for found in candidates
    ]
    head = ("score", "type", "id", "name", "matched", "kind")
    return f"{console.plain(name)}\n{console.table(head, rows)}\n"
