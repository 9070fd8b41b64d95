"""What the commands have in common: options, exit statuses, and how an answer is written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from aliases.entity import ENTITY_TYPES
from resolver import wire

Command = TypeVar("Command", bound=Callable[..., Any])

NOTHING_FOUND = 1
BAD_INPUT = 65  # EX_DATAERR of sysexits.h


def data(command: Command) -> Command:
    """Command -> the same with --data, the data directory."""
    return click.option(
        "--data", envvar="AKA_DATA", metavar="DIR", type=click.Path(),
        help="Data directory made by `aka import` [default: $AKA_DATA, then the shipped seeds].",
    )(command)  # fmt: skip


def as_json(command: Command) -> Command:
    """Command -> the same with --json, the answer for programs."""
    return click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of a table.")(command)


def filters(command: Command) -> Command:
    """Command -> the same with the filters that look-up and mentions share."""
    for option in (
        click.option("--min-score", type=click.FloatRange(0, 1), metavar="0..1", help="Lowest score to show."),
        click.option("--list", "lists", multiple=True, metavar="NAME", help="Only entities on this list (repeatable)."),
        click.option(
            "--type", "types", multiple=True, type=click.Choice(ENTITY_TYPES), help="Only entities of this type (repeatable)."
        ),
    ):
        command = option(command)
    return command


def needed(data: str | None) -> Path:
    """Data directory as given -> its path; UsageError when there is none, where the seeds would not do."""
    if not data:
        raise click.UsageError("Name the data directory: --data DIR, or AKA_DATA in the environment.")
    return Path(data)


def write(answer: msgspec.Struct) -> None:
    """Answer -> one line of JSON on standard output."""
    sys.stdout.buffer.write(wire.encode(answer) + b"\n")
