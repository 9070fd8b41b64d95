"""The pages at `/name` and `/entity/ID`: a name -> its candidates, letter by letter and with reasons; an entity -> its names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from flask import Flask, Response
from msgspec import Meta

from aliases.entity import Alias, Entity, script_of
from aliases.errors import UnknownError
from resolver import asking, limits, questions
from resolver.explaining import Bar, bars, listed_form
from resolver.match import Candidate
from resolver.operations import Operation
from resolver.side_by_side import Word, side_by_side
from resolver.web.rendering import link, query, said, shown

if TYPE_CHECKING:
    from resolver.resolve import Resolver

LEAST = 0.2  # score of candidates that are shown apart, as unlikely: a person wants to see what was considered
SHOWN = 8
SCRIPTS = {
    "Latn": "Latin", "Arab": "Arabic", "Cyrl": "Cyrillic", "Hebr": "Hebrew", "Grek": "Greek", "Hani": "Chinese characters",
    "Jpan": "Japanese", "Hang": "Korean", "Thai": "Thai", "Deva": "Devanagari", "Beng": "Bengali", "Geor": "Georgian",
    "Armn": "Armenian", "Ethi": "Ethiopic", "Zyyy": "No letters",
}  # fmt: skip


class NameQuery(questions.Asked, frozen=True, kw_only=True):
    """Query string of the name page."""

    name: Annotated[str, Meta(max_length=limits.NAME_CHARS, description="a name to look up")] = ""
    type: questions.Types = msgspec.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """A candidate as the page shows it."""

    found: Candidate
    alias: Alias  # the form that won, with its source
    words: tuple[Word, ...]
    bars: tuple[Bar, ...]

    @property
    def percent(self) -> int:
        """Candidate -> its score of a hundred."""
        return round(self.found.score * 100)

    @property
    def exchanged(self) -> list[tuple[str, str]]:
        """Candidate -> letters that are written for one another, each pair once: `q` and `k`."""
        pairs = [pair for word in self.words for pair in word.pairs if pair.relation == "alike"]
        return list(dict.fromkeys((pair.left.casefold(), pair.right.casefold()) for pair in pairs))


@dataclass(frozen=True, slots=True)
class Outside:
    """An address elsewhere that says more of an entity; the page only links to it."""

    label: str
    address: str
    keys: tuple[str, ...]  # properties that the label tells


def add(app: Flask, opened: Callable[[], Resolver]) -> None:
    """Application and the resolver's source -> the name page and the pages of entities are served."""

    @app.get("/name")
    def name() -> Response:
        return looked_up(opened, _asked)

    @app.get("/entity/<entity_id>")
    def entity_page(entity_id: str) -> Response:
        return shown("entity_page.html", lambda: _entity(opened, entity_id))


def _asked() -> tuple[str, Sequence[str]]:
    asked = query(NameQuery)
    return asked.name, asked.type


def looked_up(opened: Callable[[], Resolver], asked: Callable[[], tuple[str, Sequence[str]]]) -> Response:
    """The resolver's source and what gives the name and the types -> the page with its candidates."""
    return shown("name.html", lambda: _candidates(opened(), *asked()), failed=lambda: {"name": "", "types_asked": ()})


def _candidates(resolver: Resolver, name: str, types: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {"name": name, "types_asked": tuple(types), "generation": resolver.generation}
    if not name.strip():
        return values
    asking.check_name(name)
    likely = resolver.lookup(name, types=list(types) or None, limit=SHOWN)
    known = {found.entity.id for found in likely}
    every = resolver.lookup(name, types=list(types) or None, limit=SHOWN, min_score=LEAST)
    return values | {
        "searched": True,
        "likely": [_shown(name, found) for found in likely],
        "unlikely": [_shown(name, found) for found in every if found.entity.id not in known],
    }


def _shown(name: str, found: Candidate) -> Shown:
    return Shown(found, listed_form(found.entity, found.matched), side_by_side(name, found.matched), bars(found.reasons))


def _entity(opened: Callable[[], Resolver], entity_id: str) -> dict[str, Any]:
    query(questions.NoQuery)
    found = opened().entity(entity_id)
    if found is None:
        raise UnknownError(f"no entity has the id {entity_id[:80]!a}: look it up by name")
    links = outside(found.properties)
    told = {key for one in links for key in one.keys}
    return {
        "entity": found,
        "scripts": by_script(found),
        "outside": links,
        "properties": sorted((key, said(value)) for key, value in found.properties.items() if key not in told),
    }


def by_script(entity: Entity) -> list[tuple[str, str, list[tuple[str, list[Alias]]]]]:
    """Entity -> its aliases: script and its name, the most common first, in it source by source."""
    aliases = [(alias.script or script_of(alias.form), alias) for alias in entity.aliases]
    counts = {script: sum(one == script for one, _ in aliases) for script, _ in aliases}
    aliases.sort(key=lambda pair: (-counts[pair[0]], pair[0], pair[1].source))
    return [
        (
            script,
            SCRIPTS.get(script, script),
            [(source, [alias for _, alias in named]) for source, named in groupby(group, key=lambda pair: pair[1].source)],
        )
        for script, group in ((script, list(group)) for script, group in groupby(aliases, key=lambda pair: pair[0]))
    ]


def outside(properties: Mapping[str, Any]) -> list[Outside]:
    """Properties -> addresses of the entity elsewhere: map, GeoNames, Wikidata. Only values of the expected form make one."""
    found = []
    latitude, longitude = properties.get("lat"), properties.get("lon")
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        place = f"mlat={latitude:.5f}&mlon={longitude:.5f}#map=10/{latitude:.5f}/{longitude:.5f}"
        label = f"Map ({latitude:.4f}, {longitude:.4f})"
        found.append(Outside(label, f"https://www.openstreetmap.org/?{place}", ("lat", "lon")))
    geonames = str(properties.get("geonames", ""))
    if geonames.isascii() and geonames.isdigit():
        found.append(Outside(f"GeoNames {geonames}", f"https://www.geonames.org/{geonames}", ("geonames",)))
    wikidata = str(properties.get("wikidata", ""))
    if wikidata[:1] == "Q" and wikidata[1:].isascii() and wikidata[1:].isdigit():
        found.append(Outside(f"Wikidata {wikidata}", f"https://www.wikidata.org/wiki/{wikidata}", ("wikidata",)))
    return found


OPERATIONS = (
    Operation(
        method="get", path="/name", summary="The page with the candidates of a name", query=NameQuery,
        answers=(("text/html", ()),), refuses=(400, 422, 503), pages=(400, 422, 503), example=(("name", "Raqqa"),),
    ),
    Operation(
        method="get", path="/entity/{id}", summary="The page of one entity", answers=(("text/html", ()),),
        refuses=(400, 404, 422, 503), pages=(400, 404, 422, 503), example=(("id", "deir-ez-zor"),),
    ),
)  # fmt: skip

__all__ = ["OPERATIONS", "NameQuery", "add", "by_script", "link", "looked_up", "outside"]
