"""`aka bench`: the measurements, each a command of its own, loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

# Command -> where it is.
COMMANDS = {
    "build": "resolver.commands.bench_scale:build",
    "latency": "resolver.commands.bench_scale:latency",
    "mentions": "resolver.commands.bench_mentions:mentions",
    "names": "resolver.commands.bench_names:names",
    "speed": "resolver.commands.bench_scale:speed",
}


class Benchmarks(click.Group):
    """The group of COMMANDS."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Nothing -> the names of all measurements, sorted."""
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Name -> its command, None when there is none."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=Benchmarks)
def bench() -> None:
    """How good and how fast aka is, measured here."""
