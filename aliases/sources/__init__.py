"""Published list file -> stream of checked entities: one module a format, found by the name that `aka import` takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from aliases import seeds
from aliases.entity import Entity
from aliases.sources import jsonl

Reader = Callable[[Path], Iterator[Entity]]

FORMATS: dict[str, Reader] = {"jsonl": jsonl.read, "seeds": seeds.read}
