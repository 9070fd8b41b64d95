"""`aka token` and `aka audit`: who may change things over HTTP, and who did."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, cast

import click
import msgspec

from resolver import console, credentials
from resolver.commands import options
from resolver.credentials import SCOPES, Scope, Tokens


@click.group()
def token() -> None:
    """Tokens for the HTTP service: whoever has one may read, write (change lists), or admin (write, and reload)."""


def _place(command: Callable[..., Any]) -> Callable[..., Any]:
    file = click.option(
        "--tokens", envvar=credentials.VARIABLE, metavar="FILE", type=click.Path(dir_okay=False),
        help="File of tokens [default: tokens.json in the data directory].",
    )  # fmt: skip
    return options.data(file(command))


def _tokens(data: str | None, file: str | None) -> Tokens:
    path = credentials.place(data, file)
    if path is None:
        raise click.UsageError("Name where tokens are kept: --data DIR or --tokens FILE (AKA_DATA, AKA_TOKENS).")
    return Tokens(path)


@token.command()
@click.argument("name")
@click.option("--scope", type=click.Choice(SCOPES), default="read", show_default=True, help="Each includes those before it.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it lasts [default: until it is revoked].")
@_place
def create(name: str, scope: str, days: int | None, data: str | None, tokens: str | None) -> None:
    """Make a token and write it to standard output, this once: only its hash is kept."""
    secret = _tokens(data, tokens).create(name, scope=cast("Scope", scope), days=days)
    console.say(f"token '{name}', scope {scope}; keep it, it cannot be shown again:")
    click.echo(secret)


@token.command("list")
@_place
@options.as_json
def list_(data: str | None, tokens: str | None, as_json: bool) -> None:
    """The tokens by name, with what they may; not the tokens themselves."""
    rows = [
        {"name": one.name, "scope": one.scope, "created_at": one.created_at, "expires_at": one.expires_at}
        for one in _tokens(data, tokens).all()
    ]
    if as_json:
        for row in rows:
            sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
    elif rows:
        click.echo(console.table(tuple(rows[0]), [list(row.values()) for row in rows]))
    else:
        click.echo("no tokens: make one with `aka token create NAME`")


@token.command()
@click.argument("name")
@_place
def revoke(name: str, data: str | None, tokens: str | None) -> None:
    """Make a token worthless, from the next request on."""
    _tokens(data, tokens).revoke(name)
    console.say(f"token '{name}' is revoked")


@click.command()
@click.option("--list", "list_name", default="", metavar="NAME", help="Only changes of this list.")
@click.option("--entity", default="", metavar="ID", help="Only changes of this entity.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="The newest so many.")
@options.data
@options.as_json
def audit(list_name: str, entity: str, limit: int, data: str | None, as_json: bool) -> None:
    """Who changed what and when, newest first; --json also says from what to what."""
    from aliases.store import FILE, Store

    with Store.open(options.needed(data) / FILE) as store:
        found = store.audit(list_name=list_name, entity=entity, limit=limit)
    if as_json:
        for entry in found:
            options.write(entry)
        return
    rows = [(entry.at, entry.who, entry.action, entry.list, entry.entity, entry.request) for entry in found]
    click.echo(console.table(("at", "who", "action", "list", "entity", "request"), rows))
