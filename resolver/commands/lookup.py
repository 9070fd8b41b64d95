"""`aka lookup`: who is meant by a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from resolver import console, limits, questions, wire
from resolver.commands import options
from resolver.match import Candidate


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@options.data
@options.filters
@click.option("--limit", type=click.IntRange(1, limits.CANDIDATES), default=limits.CANDIDATES_DEFAULT, show_default=True)
@click.option("--country", metavar="CC", help="ISO 3166 country that the entity may have.")
@click.option("--birth-date", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD.")
@options.as_json
def lookup(names: tuple[str, ...], data: str | None, as_json: bool, **asked: Any) -> int:
    """Who is meant by NAME; exit status 1 when nothing fits any."""
    checked = _asked(names, asked)
    from resolver.resolve import Resolver

    resolver = Resolver.open(data)
    found = resolver.lookup_many(checked.names, **asked)
    for name, candidates in zip(names, found, strict=True):
        if as_json:
            options.write(wire.LookupAnswer(name, wire.candidate_answers(candidates), resolver.generation))
        else:
            click.echo(_candidates_table(name, candidates))
    return 0 if any(found) else options.NOTHING_FOUND


def _asked(names: tuple[str, ...], asked: dict[str, Any]) -> questions.LookupRequest:
    """Options -> the same question as over HTTP, with the same checks; empty filters become None in place."""
    from resolver import asking

    asked.update({key: list(asked[key]) or None for key in ("types", "lists")})
    asked["country"] = asked["country"].upper() if asked["country"] else None
    for name in names:
        asking.check_name(name)
    return asking.typed({"names": list(names), **asked}, questions.LookupRequest)


def _candidates_table(name: str, candidates: Sequence[Candidate]) -> str:
    if not candidates:
        return f"{console.plain(name)}: nothing found"
    rows = [
        (f"{found.score:.2f}", found.entity.type, found.entity.id, found.entity.name, found.matched, found.kind)
        for found in candidates
    ]
    head = ("score", "type", "id", "name", "matched", "kind")
    return f"{console.plain(name)}\n{console.table(head, rows)}\n"
