"""`aka mcp`: a server for language models."""

from __future__ import annotations

import click

from aliases.errors import InvalidError
from resolver.commands import options


@click.command()
@options.data
def mcp(data: str | None) -> None:
    """Tools for a language model, by the Model Context Protocol on standard input and output."""
    try:
        from resolver import mcp as door
    except ImportError as error:
        raise InvalidError(str(error)) from None
    from resolver.resolve import Resolver

    door.server(Resolver.open(data)).run("stdio")
