"""Queries of the Reconciliation API -> candidates, suggestions and property values from one resolver; knows nothing of HTTP."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from aliases.entity import ENTITY_TYPES, Entity, EntityType
from resolver import limits, questions
from resolver.catalogue import Catalogue
from resolver.match import Candidate, Reason
from resolver.reconciliation import (
    Condition,
    Extended,
    Extension,
    Feature,
    Named,
    Proposal,
    ProposeQuery,
    Query,
    Result,
    Results,
    Suggestion,
    Wanted,
)

if TYPE_CHECKING:
    from resolver.resolve import Resolver

TYPES = tuple(Named(name, name.capitalize()) for name in ENTITY_TYPES)
SHOWN_SCORE = 0.1  # candidates that a person may want to choose from by hand; fewer than one in ten below it are right
MATCH_SCORE = 0.9  # what may be taken without a look scores at least so much: nine in ten or more of those are right
SUGGESTIONS = 10  # lines that a drop-down shows

# Properties that every entity answers to, beside those of its record.
NAMES = Named("name", "Name")
ALIASES = Named("aliases", "Other names")
TYPE = Named("type", "Type")
LISTS = Named("lists", "Lists")
COUNTRY = Named("country", "Country")
BIRTH_DATE = Named("birth_date", "Birth date")
_OWN = (NAMES, ALIASES, TYPE, LISTS)
# Evidence for or against a candidate, by the names that columns of tables and other services have for it.
_COUNTRY_IDS = frozenset({"country", "countries", "nationality", "citizenship", "P17", "P27"})
_BIRTH_IDS = frozenset({"birth_date", "birthdate", "date_of_birth", "dob", "P569"})

_COUNTRY = re.compile(r"[A-Za-z]{2}")
_SAME_ID = Reason("same_id", 1.0, "the query is the id of the entity")
_Value = str | int | float


class Reconciler:
    """Answers for the entities of one resolver, or of one list of it."""

    def __init__(self, resolver: Resolver, catalogue: Catalogue, *, list_name: str | None = None) -> None:
        self._resolver = resolver
        self._catalogue = catalogue
        self._list = list_name

    def entity(self, entity_id: str) -> Entity | None:
        """Id -> the entity, None when there is none here."""
        found = self._resolver.entity(entity_id) if entity_id else None
        return found if found is not None and (self._list is None or self._list in found.lists) else None

    # ------------------------------------------------------------ queries

    def answer(self, query: Query) -> Results:
        """Query -> candidates, best first; none for a blank cell, or for one that is longer than any name.

        Where there is no name at all, not even a blank one, entities are found by what else is known of them.
        """
        types = _types(query)
        limit = max(1, min(int(query.limit or limits.CANDIDATES_DEFAULT), limits.CANDIDATES))
        if query.query is None:
            return Results(() if types == [] else tuple(self._having(query.properties, types, limit)))
        name = query.query.strip()
        if types == [] or not name or len(name) > limits.NAME_CHARS:
            return Results(())
        found = list(self._found(name, types, query.properties, limit))[:limit]
        sure = _sure(found)
        return Results(tuple(_result(candidate, match=sure and place == 0) for place, candidate in enumerate(found)))

    def _found(self, name: str, types: list[str] | None, known: Sequence[Condition], limit: int) -> Iterator[Candidate]:
        same = self.entity(name)
        if same is not None and (types is None or same.type in types):
            yield Candidate(same, 1.0, same.id, "exact", (_SAME_ID,))
        for candidate in self._resolver.lookup(
            name,
            types=types,
            lists=None if self._list is None else [self._list],
            limit=limit,
            min_score=SHOWN_SCORE,
            country=self._country(_values(known, _COUNTRY_IDS)),
            birth_date=_birth_date(_values(known, _BIRTH_IDS)),
        ):
            if same is None or candidate.entity.id != same.id:
                yield candidate

    def _having(self, known: Sequence[Condition], types: list[str] | None, limit: int) -> Iterator[Result]:
        """What is known -> entities that have most of it. The score is the share that one has, over how many have as much."""
        ids = [self._catalogue.having(*self._condition(one)) for one in known]
        counts = Counter(entity_id for having in ids for entity_id in having)
        kept = [
            (count, entity)
            for entity_id, count in counts.items()
            if (entity := self.entity(entity_id)) is not None and (types is None or entity.type in types)
        ]
        kept.sort(key=lambda one: (-one[0], one[1].id))
        for place, (count, entity) in enumerate(kept[:limit]):
            alike = sum(other >= count for other, _ in kept)
            features = tuple(Feature(one.pid, float(entity.id in having)) for one, having in zip(known, ids, strict=True))
            score = round(100 * count / len(known) / alike, 2)
            sure = place == 0 and alike == 1 and count == len(known)
            yield Result(entity.id, entity.name, (_named_type(entity.type),), score, sure, features, description(entity))

    def _condition(self, condition: Condition) -> tuple[str, list[str]]:
        """What is known -> the property of our records, and its values as they are written there."""
        if _is_of(condition, _COUNTRY_IDS):
            country = self._country(_values([condition], _COUNTRY_IDS))
            return COUNTRY.id, [country] if country else []
        if _is_of(condition, _BIRTH_IDS):
            born = _birth_date(_values([condition], _BIRTH_IDS))
            return BIRTH_DATE.id, [born] if born else []
        return condition.pid, _values([condition], frozenset({condition.pid}))

    def _country(self, values: Sequence[str]) -> str | None:
        """Codes, ids or names of countries, or of places -> the code of the first that is known."""
        for value in values:
            if _COUNTRY.fullmatch(value):
                return value.upper()
            place = self._resolver.entity(value) or self._place(value)
            code = place.properties.get("country") if place else None
            if isinstance(code, str) and _COUNTRY.fullmatch(code):
                return code.upper()
        return None

    def _place(self, name: str) -> Entity | None:
        found = self._resolver.lookup(name, types=["place"], limit=1) if 0 < len(name) <= limits.NAME_CHARS else []
        return found[0].entity if found else None

    # ------------------------------------------------------------ suggestions

    def entities(self, typed: str, *, cursor: int = 0) -> tuple[Suggestion, ...]:
        """What was typed -> entities from place `cursor` on."""
        if not typed.strip():
            return ()
        return tuple(told for _, told in self.suggested(typed, offset=cursor, limit=SUGGESTIONS))

    def suggested(self, typed: str, *, offset: int, limit: int) -> list[tuple[Entity, Suggestion]]:
        """What was typed -> entities from place `offset` on, with what is said of each; by id where nothing was typed."""
        if typed.strip():
            found = self._catalogue.suggest(typed, list_name=self._list, limit=offset + limit)
        else:
            found, _ = self._resolver.entities(list=self._list, limit=offset + limit)
        return [(one, Suggestion(one.id, one.name, description(one), (_named_type(one.type),))) for one in found[offset:]]

    def properties(self, type_: str | None = None) -> tuple[Named, ...]:
        """Type (none: every) -> properties that its entities have, those that all have first."""
        keys = self._catalogue.properties(type_)
        return _OWN + tuple(Named(key, property_name(key)) for key in keys if key not in {own.id for own in _OWN})

    def proposal(self, asked: ProposeQuery) -> Proposal:
        """Type -> properties that can be fetched."""
        return Proposal(self.properties(asked.type)[: asked.limit], asked.limit, asked.type)

    # ------------------------------------------------------------ values

    def extended(self, asked: Extension) -> Extended:
        """Ids and properties -> a row of values for each id, empty where there is no such entity."""
        rows: dict[str, dict[str, tuple[dict[str, _Value], ...]]] = {}
        for entity_id in asked.ids:
            entity = self.entity(entity_id)
            rows[entity_id] = {wanted.id: tuple(_cells(entity, wanted)) if entity else () for wanted in asked.properties}
        return Extended(tuple(Named(wanted.id, property_name(wanted.id)) for wanted in asked.properties), rows)


def property_name(key: str) -> str:
    """Property id -> its name for a person."""
    known = {one.id: one.name for one in (*_OWN, COUNTRY, BIRTH_DATE)}
    return known.get(key) or key.replace("_", " ").strip().capitalize() or key


def description(entity: Entity) -> str:
    """Entity -> what tells it from its namesakes, in one line."""
    country, born = entity.properties.get("country"), entity.properties.get("birth_date")
    position = entity.properties.get("position")
    parts = [entity.type, *(str(part) for part in (position, country) if part), f"born {born}" if born else ""]
    return ", ".join(part for part in parts if part)


def _named_type(type_: EntityType) -> Named:
    return TYPES[ENTITY_TYPES.index(type_)]


def _types(query: Query) -> list[str] | None:
    """Query -> types to look among: None for all, [] when it insists on such as there are not."""
    asked = [query.type] if isinstance(query.type, str) else query.type or []
    known = [name for name in dict.fromkeys(asked) if name in ENTITY_TYPES]
    insists = query.type_strict in ("any", "all")
    if query.type_strict == "all" and len(set(asked)) > 1:
        return []  # an entity has one type
    return known or ([] if insists and asked else None)


def _sure(found: Sequence[Candidate]) -> bool:
    """Candidates, best first -> whether the first may be taken without a look: it alone scores so high, or it alone of those
    that do is listed just as it was asked for (`Deir az-Zur` the city, not its Military Council)."""
    high = [candidate for candidate in found if candidate.score >= MATCH_SCORE]
    alike = [candidate for candidate in high if candidate.kind in ("exact", "folded")]
    return len(high) == 1 or (len(alike) == 1 and alike[0] is found[0])


def _result(candidate: Candidate, *, match: bool) -> Result:
    entity = candidate.entity
    features = tuple(Feature(reason.feature, round(float(reason.value), 4)) for reason in candidate.reasons)
    if not features:  # clients take a candidate without features for a broken one
        features = (Feature(candidate.kind, 1.0),)
    told = f"{description(entity)}; listed as {candidate.matched}" if candidate.matched != entity.name else description(entity)
    score = round(candidate.score * 100, 2)
    return Result(entity.id, entity.name, (_named_type(entity.type),), score, match, features, told)


def _values(known: Sequence[Condition], ids: frozenset[str]) -> list[str]:
    """What is known, and the ids of one kind of it -> its values as strings; of an entity its id and its name."""
    out: list[str] = []
    for condition in known:
        if _is_of(condition, ids):
            values = condition.v if isinstance(condition.v, list) else [condition.v]
            for value in values:
                parts = (value.get("id"), value.get("name")) if isinstance(value, dict) else (value,)
                out += [str(part).strip() for part in parts if isinstance(part, str | int | float) and str(part).strip()]
    return out


def _is_of(condition: Condition, ids: frozenset[str]) -> bool:
    return condition.pid in ids or condition.pid.casefold() in ids


def _birth_date(values: Sequence[str]) -> str | None:
    """Dates, also with a time behind -> the first that can be read."""
    for value in values:
        try:
            return msgspec.convert(value.partition("T")[0], questions.BirthDate)
        except msgspec.ValidationError:
            continue
    return None


def _cells(entity: Entity, wanted: Wanted) -> Iterator[dict[str, _Value]]:
    settings = wanted.settings or {}
    values = list(_property(entity, wanted.id, script=str(settings.get("script") or "")))
    limit = settings.get("limit")
    kept = values[: int(limit)] if isinstance(limit, int | float) and limit >= 1 else values
    for value in kept:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield {"str": str(value).lower() if isinstance(value, bool) else str(value)}
        else:
            yield {"int": value} if isinstance(value, int) else {"float": value}


def _property(entity: Entity, key: str, *, script: str) -> Iterator[Any]:
    if key == ALIASES.id:
        yield from (alias.form for alias in entity.aliases if not script or alias.script.casefold() == script.casefold())
    elif key in (NAMES.id, TYPE.id):
        yield entity.name if key == NAMES.id else entity.type
    elif key == LISTS.id:
        yield from entity.lists
    else:
        value = entity.properties.get(key)
        yield from (one for one in (value if isinstance(value, list) else [value]) if one is not None)
