"""`aka serve` and `aka version`: the service, and what it is made of."""

from __future__ import annotations

import sys
from typing import Any

import click
import msgspec

from resolver import about, console
from resolver.commands import options


@click.command()
@options.data
@click.option("--config", metavar="FILE", help="Settings as TOML (AKA_CONFIG); flags and the environment go before it.")
@click.option("--host", help="Address to listen on [default: 127.0.0.1]. One that other machines reach needs a token.")
@click.option("--port", type=click.IntRange(0, 65_535), help="[default: 8080] 0 takes a free one.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes [default: one a processor, at most 4].")
@click.option("--max-requests", type=click.IntRange(0), help="Renew a worker after so many [default: 1000000; 0: never].")
@click.option("--tokens", metavar="FILE", help="File of tokens [default: tokens.json in the data directory].")
@click.option("--open-reading", is_flag=True, default=None, help="Let other machines read without a token.")
@click.option("--suggestions", is_flag=True, default=None, help="Queue spellings that are on no list for `aka review`.")
@click.option("--snippets", is_flag=True, default=None, help="With --suggestions: keep the text around a spelling too.")
@click.option("--hosts", multiple=True, metavar="NAME", help="Name that the service answers to (repeatable).")
@click.option("--origins", multiple=True, metavar="ORIGIN", help="Pages of this origin may read answers (repeatable).")
@click.option("--proxies", type=click.IntRange(0, 10), help="Reverse proxies in front, whose X-Forwarded headers count.")
@click.option("--rate", metavar="N/UNIT", help="Requests of one client, such as 1200/minute, or off.")
@click.option("--budget", type=float, metavar="SECONDS", help="What one answer may take [default: 30].")
@click.option("--log", type=click.Choice(["errors", "requests"]), help="What to log, as JSON Lines [default: errors].")
@click.option("--drain", type=click.IntRange(1, 3600), help="Seconds for running answers when told to stop [default: 10].")
def serve(config: str | None, **flags: Any) -> None:
    """The HTTP service and its page, until Ctrl-C. SIGHUP loads the newest generation; docs/operation.md says the rest."""
    from resolver import server, settings

    given = {name: value for name, value in flags.items() if value not in (None, ())}
    server.serve(settings.resolve(given, config=config), say=console.say)


@click.command()
@options.as_json
def version(as_json: bool) -> None:
    """Versions of aka and of the parts that an answer depends on."""
    parts = {**about.versions(), "road": about.road()}
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(parts) + b"\n")
    else:
        click.echo(console.table(("part", "version"), list(parts.items())))
