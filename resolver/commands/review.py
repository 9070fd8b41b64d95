"""`aka suggest` and `aka review`: spellings seen in texts that are on no list, and a person's judgement of them."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from resolver import console
from resolver.commands import options

if TYPE_CHECKING:  # loading it takes the record and its database along, which most commands do not need
    from aliases.review import Judgement, SuggestedSpelling, Verdict


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(exists=True, dir_okay=False))
@options.data
@click.option("--snippets", is_flag=True, help="Keep the text around a spelling, not only its hash.")
def suggest(files: Sequence[str], data: str | None, snippets: bool) -> None:
    """Read texts (standard input without FILE) and queue their spellings that are on no list for `aka review`."""
    from aliases import strict_json
    from resolver.resolve import Resolver
    from resolver.suggestions import MOST, Recorder, unlisted

    directory = options.needed(data)
    resolver = Resolver.open(directory)
    recorder = Recorder(directory, snippets=snippets)
    count = 0
    for name in files or ("-",):
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = strict_json.utf8(raw, what=name)
        found = list(unlisted(text, resolver.mentions(text)))[:MOST]
        count += len(found) if found and recorder.tried(found) else 0
    click.echo(f"{count} sightings of unlisted spellings: judge them with `aka review`" if count else "no unlisted spellings")


@click.group(invoke_without_command=True)
@click.option(
    "--state", type=click.Choice(["open", "accepted", "rejected", "all"]), default="open", show_default=True,
    help="Which suggestions to show.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, metavar="N")
@options.data
@options.as_json
@click.pass_context
def review(context: click.Context, state: str, limit: int, data: str | None, as_json: bool) -> None:
    """Show the spellings that wait for a judgement; `aka review accept ID` makes one an alias, `reject` ends it for good."""
    if context.invoked_subcommand is not None:
        return
    from aliases.review import STATES, Review

    with Review.open(options.needed(data)) as queue:
        found = queue.suggestions(state=next((known for known in STATES if known == state), None), limit=limit)
    if as_json:
        _write(found)
    elif found:
        head = ("id", "spelling", "entity", "type", "seen", "score", "right", "wrong", "state", "context")
        click.echo(console.table(head, [_row(one) for one in found]))
    else:
        click.echo("no suggestions")


def _row(one: SuggestedSpelling) -> tuple[object, ...]:
    snippet = next((context.snippet for context in one.contexts if context.snippet), "")
    named = f"{one.name} ({one.entity})"
    return (one.id, one.spelling, named, one.type, one.count, f"{one.score:.2f}", one.right, one.wrong, one.state, snippet)


def _judging(command: options.Command) -> options.Command:
    """Command -> the same with what it is to judge, who judges, and the data directory."""
    for option in (
        options.data,
        click.option("--by", metavar="NAME", help="Who judges [default: the user of this machine]."),
        click.argument("ids", metavar="ID...", nargs=-1, required=True),
    ):
        command = option(command)
    return command


@review.command()
@_judging
def accept(ids: Sequence[str], by: str | None, data: str | None) -> None:
    """The spellings become aliases of their entities, with source `review`; they are served at once."""
    _judge(ids, "accept", by, data)


@review.command()
@_judging
def reject(ids: Sequence[str], by: str | None, data: str | None) -> None:
    """The spellings are not suggested again. What a list has is not touched."""
    _judge(ids, "reject", by, data)


@review.command()
@_judging
def undo(ids: Sequence[str], by: str | None, data: str | None) -> None:
    """The spellings wait again; accepted ones are aliases no longer."""
    _judge(ids, "undo", by, data)


@review.command()
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, metavar="N")
@options.data
@options.as_json
def history(limit: int, data: str | None, as_json: bool) -> None:
    """Who judged what and when, the latest first."""
    from aliases.review import Review

    with Review.open(options.needed(data)) as queue:
        found = queue.judgements(limit=limit)
    if as_json:
        _write(found)
        return
    head = ("when", "who", "verdict", "spelling", "entity", "generation")
    rows = [(one.judged_at, one.judged_by, one.verdict, one.spelling, one.entity, one.generation) for one in found]
    click.echo(console.table(head, rows) if rows else "nothing was judged yet")


def _judge(ids: Sequence[str], verdict: Verdict, by: str | None, data: str | None) -> None:
    """Judge all, then compile once; a judgement stands even where another writer holds the lists just now."""
    from aliases.review import Review
    from resolver import publish

    directory = options.needed(data)
    with Review.open(directory, write=True) as queue:
        for identifier in ids:
            queue.suggestion(identifier)  # all are known before the first is judged
        judged = [queue.judge(identifier, verdict, by=by or getpass.getuser()) for identifier in ids]
        waiting = queue.waiting()
    for one in judged:
        click.echo(f"{one.state}: {console.plain(one.spelling)} for {console.plain(one.name)} ({one.entity})")
    if waiting:
        with console.progress() as progress:
            click.echo(f"generation {publish.rebuild(directory, progress=progress)}")


def _write(values: Sequence[SuggestedSpelling] | Sequence[Judgement]) -> None:
    for value in values:
        sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
