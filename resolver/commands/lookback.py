"""`aka lookback`: which earlier texts and names would now be answered differently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from aliases.errors import InvalidError
from resolver import console
from resolver.commands import options

if TYPE_CHECKING:
    from resolver.lookback import Difference, Saved

_SHOWN = 3  # mentions or candidates of one difference in the table; --json has all


@click.command()
@options.data
@click.option("--list", "list_name", required=True, metavar="NAME", help="The list that changed.")
@click.option("--from", "old", type=click.IntRange(1), metavar="N", help="Its version then [default: the one before the last].")
@click.option("--to", "new", type=click.IntRange(1), metavar="N", help="Its version now [default: the last].")
@click.option(
    "--corpus",
    required=True,
    metavar="FILE",
    type=click.Path(exists=True, allow_dash=True),
    help='JSON Lines, {"id", "text"} or {"id", "name"}; - is stdin.',
)
@click.option("--strict", is_flag=True, help="Stop at a bad line.")
@options.as_json
def lookback(data: str | None, list_name: str, old: int | None, new: int | None, corpus: str, strict: bool, as_json: bool) -> int:
    """Which texts and names of FILE the list now answers differently: what must be looked at again after it changed."""
    from resolver import lookback as looking

    told, asked = 0, _Asked(corpus, strict=strict)
    with console.progress() as progress:
        context = looking.between(options.needed(data), list_name, old=old, new=new, progress=progress)
        with context as both:
            for found in both.differences(asked):
                told += 1
                _tell(found, as_json=as_json)
            title = f"{list_name}: version {both.old.number} -> {both.new.number}"
    console.say(f"{title}: {told} of {asked.count} are answered differently")
    return options.BAD_INPUT if asked.bad else 0


class _Asked:
    """The questions of a file; bad lines go to standard error with their number."""

    def __init__(self, corpus: str, *, strict: bool) -> None:
        self._corpus = corpus
        self._strict = strict
        self.count = 0
        self.bad = 0

    def __iter__(self) -> Iterator[Saved]:
        from resolver import lookback as looking

        with click.open_file(self._corpus, "rb") as stream:
            for number, found in looking.saved(stream):
                if isinstance(found, str):
                    self.bad += 1
                    if self._strict:
                        raise InvalidError(f"line {number}: {found}")
                    console.say(f"line {number}: {found}")
                else:
                    self.count += 1
                    yield found


def _tell(found: Difference, *, as_json: bool) -> None:
    if as_json:
        options.write(found)
        return
    parts = [f"+ {one.name} ({one.entity}, {one.score:.2f})" for one in found.gained]
    parts += [f"- {one.name} ({one.entity}, {one.score:.2f})" for one in found.lost]
    more = [f"... and {len(parts) - _SHOWN} more"] if len(parts) > _SHOWN else []
    click.echo(console.plain(f"{found.kind} {found.id}: {'; '.join(parts[:_SHOWN] + more)}"))
