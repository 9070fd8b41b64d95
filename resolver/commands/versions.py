"""The commands that look back: `aka history`, `aka diff` and `aka rollback`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click
import msgspec

from resolver import console
from resolver.commands import importing, options

if TYPE_CHECKING:  # loading it takes the record and its database along, which most commands do not need
    from aliases.changes import Change
    from aliases.store import Version

_HEAD = ("list", "version", "status", "imported", "entities", "added", "removed", "changed", "rejected", "source", "sha256")
_SHOWN = 3  # names or fields of one change in the table; --json has all


@click.command()
@click.argument("list_name", metavar="[LIST]", required=False)
@click.option(
    "--version", "number", type=click.IntRange(1), metavar="N", help="Only this version, with each record that it rejected."
)
@options.data
@options.as_json
def history(list_name: str | None, number: int | None, data: str | None, as_json: bool) -> None:
    """Every import that changed a list: when, from where, and what it came to."""
    from aliases.store import FILE, Store

    if number is not None:
        _rejected(list_name, number, data, as_json=as_json)
        return
    with Store.open(options.needed(data) / FILE) as store:
        versions = store.versions(list_name)
    if as_json:
        _write(versions)
        return
    click.echo(console.table(_HEAD, [_row(version) for version in versions]))


def _rejected(list_name: str | None, number: int, data: str | None, *, as_json: bool) -> None:
    from aliases import changes
    from aliases.store import FILE, Store

    if list_name is None:
        raise click.UsageError("--version N needs a LIST: versions are counted within a list.")
    with Store.open(options.needed(data) / FILE) as store:
        version = changes.version(store, list_name, number)
        problems = store.rejected(version)
    if as_json:
        found = [{"place": problem.pointer, "reason": problem.detail} for problem in problems]
        sys.stdout.buffer.write(msgspec.json.encode({**msgspec.structs.asdict(version), "rejected_records": found}) + b"\n")
        return
    click.echo(console.table(_HEAD, [_row(version)]))
    if problems:
        click.echo("\n" + console.table(("place", "reason"), [(problem.pointer, problem.detail) for problem in problems]))


def _row(version: Version) -> tuple[object, ...]:
    counts = (version.entities, version.added, version.removed, version.changed, version.rejected)
    return (version.list, version.number, version.status, version.imported_at, *counts, version.source, version.sha256[:12])


@click.command()
@click.argument("list_name", metavar="LIST")
@click.argument("old", metavar="[FROM]", required=False, type=click.IntRange(1))
@click.argument("new", metavar="[TO]", required=False, type=click.IntRange(1))
@options.data
@options.as_json
def diff(list_name: str, old: int | None, new: int | None, data: str | None, as_json: bool) -> None:
    """What changed on LIST between two of its versions [default: from the one before the last, to the last]."""
    from aliases import changes
    from aliases.store import FILE, Store

    with Store.open(options.needed(data) / FILE) as store:
        first = changes.version(store, list_name, old, before=1)
        last = changes.version(store, list_name, new)
        found = changes.between(store, first, last)
        if as_json:
            _write(found)
            return
        rows = [(change.change, change.id, change.name, _told(change)) for change in found]
    title = f"{list_name}: version {first.number} -> {last.number}"
    click.echo(f"{title}\n{console.table(('change', 'id', 'name', 'what'), rows)}" if rows else f"{title}: no changes")


def _told(change: Change) -> str:
    told = [f"+ {form}" for form in change.aliases_added] + [f"- {form}" for form in change.aliases_removed]
    told += [f"{key}: {_value(before)} -> {_value(after)}" for key, (before, after) in change.fields.items()]
    more = [f"... and {len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
    return "; ".join(told[:_SHOWN] + more)


def _value(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


@click.command()
@click.argument("list_name", metavar="LIST")
@click.argument("number", metavar="[VERSION]", required=False, type=click.IntRange(1))
@options.data
@options.as_json
def rollback(list_name: str, number: int | None, data: str | None, as_json: bool) -> None:
    """Serve LIST again as it was in VERSION [default: the one before the last], as a new version of it."""
    from resolver import publish

    with console.progress() as progress:
        summary = publish.rollback(options.needed(data), list_name=list_name, number=number, progress=progress)
    if as_json:
        _write([summary])
    else:
        click.echo(importing.line(summary))


@click.command()
@options.data
def rebuild(data: str | None) -> None:
    """Compile the served generation anew from the record: after an update of aka, or when judgements wait for it."""
    from resolver import publish

    with console.progress() as progress:
        generation = publish.rebuild(options.needed(data), progress=progress)
    click.echo(f"generation {generation}")


def _write(values: Iterable[msgspec.Struct]) -> None:
    for value in values:
        sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
