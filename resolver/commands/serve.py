"""`aka serve` and `aka version`: the service, and what it is made of."""

from __future__ import annotations

import os
import sys

import click
import msgspec

from resolver import about, console
from resolver.commands import options


@click.command()
@options.data
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65_535), default=8080, show_default=True, help="0 takes a free one.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes [default: one a processor, at most 4].")
@click.option(
    "--tokens", envvar="AKA_TOKENS", metavar="FILE", help="File of tokens [default: tokens.json in the data directory]."
)
@click.option("--open-reading", is_flag=True, help="Let other machines read without a token.")
def serve(data: str | None, host: str, port: int, workers: int | None, tokens: str | None, open_reading: bool) -> None:
    """The HTTP service and its page, until Ctrl-C."""
    from resolver import server

    server.serve(
        data,
        host=host,
        port=port,
        workers=workers or min(os.cpu_count() or 1, 4),
        say=console.say,
        tokens=tokens,
        open_reading=open_reading,
    )


@click.command()
@options.as_json
def version(as_json: bool) -> None:
    """Versions of aka and of the parts that an answer depends on."""
    parts = {**about.versions(), "road": about.road()}
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(parts) + b"\n")
    else:
        click.echo(console.table(("part", "version"), list(parts.items())))
