"""A group of commands that are imported when they are asked for, so that none waits for what another needs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import ClassVar

import click


class LazyGroup(click.Group):
    """The commands of `places`: name -> `module:attribute`."""

    places: ClassVar[Mapping[str, str]] = {}

    def list_commands(self, context: click.Context) -> list[str]:
        """Nothing -> the names of all commands, sorted."""
        return sorted(self.places)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Name -> its command, None when there is none."""
        if name not in self.places:
            return None
        module, _, attribute = self.places[name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command
