"""Entities -> a file in one of the formats that other programs read; one definition for the command line and for HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from aliases import export
from aliases.entity import Entity
from aliases.errors import InvalidError
from resolver import ftm

# Format -> content type, and the end of a file name.
FORMATS = {
    "jsonl": ("application/x-ndjson", "jsonl"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "ftm": ("application/json+ftm", "ftm.json"),
    "skos": ("application/n-triples", "nt"),
}


def lines(format: str, entities: Iterable[Entity], *, list_name: str = "") -> Iterator[bytes]:
    """Name of a format and entities -> its bytes, entity by entity; InvalidError for an unknown format.

    `list_name`: the one list that they are of, which jsonl then need not say.
    """
    if format not in FORMATS:
        raise InvalidError(f"format {format[:40]!a} is unknown: use one of {' '.join(FORMATS)}")
    writers: dict[str, Callable[[Iterable[Entity]], Iterator[bytes]]] = {
        "csv": export.table,
        "ftm": lambda found: _ftm(found),
        "skos": export.skos,
    }
    return writers[format](entities) if format in writers else export.jsonl(entities, list_name=list_name)


def _ftm(entities: Iterable[Entity]) -> Iterator[bytes]:
    """Entities -> FollowTheMoney entities, a line each; a place is an Address there, with names of its own."""
    for entity in entities:
        fields = {
            "id": entity.id,
            "caption": entity.name,
            "schema": ftm.schema_of(entity),
            "properties": ftm.properties_of(entity),
            "datasets": list(entity.lists),
        }
        yield msgspec.json.encode(fields) + b"\n"
