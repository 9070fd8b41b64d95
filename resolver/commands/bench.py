"""`aka bench`: the measurements, each a command of its own, loaded when it is asked for."""

from __future__ import annotations

import click

from resolver.commands.lazy import LazyGroup

# Command -> where it is.
COMMANDS = {
    "build": "resolver.commands.bench_scale:build",
    "latency": "resolver.commands.bench_scale:latency",
    "mentions": "resolver.commands.bench_mentions:mentions",
    "names": "resolver.commands.bench_names:names",
    "picture": "resolver.commands.bench_scale:picture",
    "speed": "resolver.commands.bench_scale:speed",
    "text": "resolver.commands.bench_scale:text",
}


class Benchmarks(LazyGroup):
    """The group of COMMANDS."""

    places = COMMANDS


@click.group(cls=Benchmarks)
def bench() -> None:
    """How good and how fast aka is, measured here."""
