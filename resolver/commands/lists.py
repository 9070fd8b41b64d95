"""`aka import`, `aka lists`, `aka export` and `aka lint`: what is on the lists, in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from resolver import console
from resolver.commands import importing, options


@click.command("import")
@click.argument("format", metavar="FORMAT")
@click.argument("file", metavar="FILE", type=click.Path(exists=True), required=False)
@click.option("--list", "list_name", required=True, metavar="NAME", help="The list that the file is the newest state of.")
@options.data
@importing.choices
@options.as_json
def import_(format: str, file: str | None, list_name: str, data: str | None, force: bool, as_json: bool, **chosen: Any) -> None:
    """Read a published list into the data directory: all of it, or nothing. FILE may be packed (gzip, zip)."""
    from aliases import sources
    from resolver import publish

    path = Path(file) if file else sources.bundled(format)
    with console.progress() as progress:
        summary = publish.import_list(
            options.needed(data),
            format=format,
            file=path,
            list_name=list_name,
            options=importing.options(**chosen),
            force=force,
            progress=progress,
        )
    for warning in importing.warnings(summary):
        console.say(warning)
    if as_json:
        options.write(summary)
    else:
        click.echo(importing.line(summary))


@click.command()
@options.data
@options.as_json
def lists(data: str | None, as_json: bool) -> None:
    """What is on the lists, when and from where it came."""
    from resolver.resolve import Resolver

    rows = _live_versions(Path(data)) if data else [{"list": name} for name in Resolver.open().lists()]
    if as_json:
        for row in rows:
            sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
    elif rows:
        click.echo(console.table(tuple(rows[0]), [["" if cell is None else cell for cell in row.values()] for row in rows]))
    else:
        click.echo("no lists: import one with `aka import FORMAT FILE --list NAME --data DIR`")


def _live_versions(data: Path) -> list[dict[str, Any]]:
    from aliases import fetches
    from aliases.store import FILE, Store

    with Store.open(data / FILE) as store:
        live = set(store.live_versions().values())
        versions = [version for version in store.versions() if version.id in live]
        looks = {look.list: look for look in fetches.recorded(store)}
    shown = ("list", "entities", "number", "imported_at", "source", "generation")
    rows = [{name: getattr(version, name) for name in shown} for version in sorted(versions, key=lambda version: version.list)]
    for row in rows if looks else ():  # lists that `aka update` fetches
        look = looks.get(str(row["list"]))
        row |= {"checked_at": look.checked_at if look else "", "error": look.error if look else ""}
    return rows


@click.command()
@options.data
@click.option("--list", "list_name", metavar="NAME", help="Only this list, as it says [default: all, merged and corrected].")
@click.option("--version", "number", type=click.IntRange(1), metavar="N", help="The list as it was in this version of it.")
@click.option("--format", "format", type=click.Choice(["jsonl", "csv", "ftm", "skos"]), default="jsonl", show_default=True)
def export(data: str | None, list_name: str | None, number: int | None, format: str) -> None:
    """The entities of a data directory, out again; `aka import jsonl` reads back every word of the lines of jsonl."""
    from aliases import changes, joined
    from aliases.store import FILE, Store
    from resolver import exports

    if number is not None and list_name is None:
        raise click.UsageError("--version N needs --list NAME: versions are counted within a list.")
    directory = options.needed(data)
    with Store.open(directory / FILE) as store:
        if list_name is None:
            entities = joined.served(store, directory, store.live_versions()).entities
        else:
            entities = store.entities_at({list_name: changes.version(store, list_name, number).id})
        for line in exports.lines(format, entities, list_name=list_name or ""):
            sys.stdout.buffer.write(line)


@click.command()
@click.argument("path", metavar="PATH", type=click.Path(exists=True))
def lint(path: str) -> int:
    """Check hand-kept seed files; exit status 65 when something is wrong."""
    from aliases.lint import lint as findings_of

    findings = findings_of(Path(path))
    for found in findings:
        click.echo(console.plain(f"{found.file}:{found.line}: {found.message}"))
    return options.BAD_INPUT if findings else 0
