"""`aka update`: the published lists, fetched where they changed, once or again and again."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aliases.errors import BusyError, UnknownError
from resolver import console
from resolver.commands import importing, options

if TYPE_CHECKING:  # loading it takes the record and its database along, which most commands do not need
    from resolver.updating import Source, Updated


@click.command()
@click.argument("names", metavar="[LIST...]", nargs=-1)
@options.data
@click.option(
    "--config", metavar="FILE", type=click.Path(), help="The lists to fetch [default: lists.toml in the data directory]."
)
@click.option("--every", metavar="PERIOD", help="Go on, and look again after 30m, 6h, 1d, until stopped.")
@click.option("--force", is_flag=True, help="Take lists though they differ suspiciously from their last version.")
@options.as_json
def update(names: tuple[str, ...], data: str | None, config: str | None, every: str | None, force: bool, as_json: bool) -> int:
    """Fetch the lists of lists.toml (or LIST... of them) where they changed, and import them. A source that fails stops nothing.

    Exit status 75 when a source could not be reached, 65 when a list was refused; with --every, 0 when stopped.
    """
    from resolver import updating

    directory = options.needed(data)
    wanted = _chosen(updating.configured(Path(config) if config else directory / updating.CONFIG), names)
    if every is None:
        return _round(directory, wanted, force=force, as_json=as_json)
    period, stopped = updating.seconds(every), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    while not stopped.is_set():
        try:
            _round(directory, wanted, force=force, as_json=as_json)
        except BusyError as error:
            console.say(f"{error.detail}; looking again in {every}")
        _wait(stopped, period)
    return 0


def _wait(stopped: threading.Event, seconds: float) -> None:
    stopped.wait(seconds)


def _chosen(configured: Sequence[Source], names: tuple[str, ...]) -> list[Source]:
    known = {source.name: source for source in configured}
    for name in names:
        if name not in known:
            raise UnknownError(f"there is no list '{name}' to fetch: use one of {' '.join(known)}")
    return [known[name] for name in names] if names else list(configured)


def _round(directory: Path, wanted: Sequence[Source], **how: Any) -> int:
    """One look at each list -> the exit status; each is told as soon as it is done."""
    from resolver import updating

    as_json = how.pop("as_json")
    status = 0
    with console.progress() as progress:
        for found in updating.update(directory, wanted, progress=progress, **how):
            status = max(status, found.exit_code)
            _tell(found, as_json=as_json)
    return status


def _tell(found: Updated, *, as_json: bool) -> None:
    for warning in importing.warnings(found.summary) if found.summary else ():
        console.say(f"{found.list}: {warning}")
    if as_json:
        options.write(found)
    elif found.outcome == "failed":
        console.say(f"{found.list}: failed, the last good version goes on: {found.detail}")
    else:
        version = f"version {found.version}, " if found.version else ""
        click.echo(console.plain(f"{found.list}: {found.outcome}, {version}{found.detail}"))
