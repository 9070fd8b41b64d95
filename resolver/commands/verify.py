"""`aka verify`: whether the compiled generation is, to the last bit, what was compiled."""

from __future__ import annotations

import click

from resolver.commands import options


@click.command()
@options.data
def verify(data: str | None) -> None:
    """Read the whole compiled index again and compare its SHA-256; starting the service trusts a file nobody has touched."""
    from pathlib import Path

    from resolver.generations import current_generation, seeds_generation
    from resolver.index import Index

    directory = seeds_generation() if data is None else current_generation(Path(data))
    index = Index.open(directory, trusting=False)
    size = (directory / "arrays.bin").stat().st_size
    click.echo(
        f"generation {index.generation} is whole: {index.entity_count} entities, {index.alias_count} names, {size} bytes"
        + (f", {size / index.alias_count:.0f} a name" if index.alias_count else "")
    )
