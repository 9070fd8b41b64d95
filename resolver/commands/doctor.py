"""`aka doctor`: is everything as it should be, and if not, what to do."""

from __future__ import annotations

from pathlib import Path

import click

from resolver import console
from resolver.commands import options


@click.command()
@options.data
@click.option(
    "--tokens", envvar="AKA_TOKENS", default="", metavar="FILE", help="File of tokens [default: the data directory's own]."
)
@options.as_json
def doctor(data: str | None, tokens: str, as_json: bool) -> int:
    """Look over versions, permissions, disk, record, pointer, generation (whole digest), answers and tokens; 65 when one is bad."""
    from resolver.doctor import examine

    found = examine(Path(data) if data else None, tokens=tokens)
    if as_json:
        for one in found:
            options.write(one)
    else:
        click.echo(console.table(("what", "state", "detail"), [(one.what, one.state, one.detail) for one in found]))
    return options.BAD_INPUT if any(one.state == "bad" for one in found) else 0
