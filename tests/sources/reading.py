"""What the tests of the readers share: a file written, read, and taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aliases import export, sources
from aliases.entity import Entity
from aliases.errors import Problem


def written(directory: Path, name: str, content: bytes | str) -> Path:
    path = directory / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def taken(format: str, path: Path, options: Mapping[str, Any] | None = None) -> tuple[list[Entity], list[str]]:
    """Format and file -> its entities, and its problems as texts."""
    records = list(sources.read(format, path, options=options))
    entities = [record for record in records if isinstance(record, Entity)]
    return entities, [str(record) for record in records if isinstance(record, Problem)]


def goes_round(directory: Path, entities: list[Entity]) -> bool:
    """Entities -> whether they come back as they are from the interchange lines that they are exported to."""
    path = written(directory, "exported.jsonl", b"".join(export.jsonl(entities)))
    return list(sources.read("jsonl", path)) == entities
