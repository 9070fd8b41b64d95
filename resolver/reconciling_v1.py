"""Queries of the Reconciliation API 1.0 (draft) -> the answers of 0.2 in its shapes, with names in the language of the asker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from aliases.entity import Alias, Entity, script_of
from aliases.fold import fold_name
from resolver import limits
from resolver import reconciliation as said_02
from resolver import reconciliation_v1 as said
from resolver.reconciling import MATCH_SCORE, Reconciler, property_name

_RTL = frozenset({"Arab", "Hebr", "Syrc", "Thaa"})  # scripts that are written from right to left
_RANGE = re.compile(r"\s*([A-Za-z]{2,3})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?\s*")
_LANGUAGES = 10  # of a header that are read
MAX_NAMES = 20  # of one query that are looked up; a record with more repeats itself


def languages(header: str) -> tuple[str, ...]:
    """Accept-Language -> primary tags of languages, the most wanted first; what cannot be read is passed over."""
    found = [_RANGE.fullmatch(part) for part in header.split(",")[:_LANGUAGES]]
    weighted = [(-float(one[2] or 1), place, one[1].lower()) for place, one in enumerate(found) if one]
    return tuple(dict.fromkeys(tag for weight, _, tag in sorted(weighted) if weight < 0))


class ReconcilerV1:
    """Answers for the entities of a Reconciler."""

    def __init__(self, reconciler: Reconciler, *, languages: Sequence[str] = ()) -> None:
        self._reconciler = reconciler
        self._languages = tuple(languages)

    # ------------------------------------------------------------ queries

    def answer(self, query: said.QueryV1) -> said.CandidatesV1:
        """Query -> candidates, best first, each once though several of its names were asked for."""
        limit = max(1, min(int(query.limit or limits.CANDIDATES_DEFAULT), limits.CANDIDATES))
        best: dict[str, said_02.Result] = {}
        asked = list(islice(self._asked(query, limit), MAX_NAMES))
        for one, wanted in asked:
            for found in self._reconciler.answer(one).result:
                allowed = wanted in (None, found.id) and self._allowed(found.id, query.conditions)
                if allowed and (found.id not in best or found.score > best[found.id].score):
                    best[found.id] = found
        order = sorted(best.values(), key=lambda found: (-found.score, found.id))[:limit]
        if len(asked) > 1 and sum(found.score >= MATCH_SCORE * 100 for found in order) > 1:  # each name may be sure of its own
            order = [msgspec.structs.replace(found, match=False) for found in order]
        return said.CandidatesV1(tuple(map(self._candidate, order)))

    def _asked(self, query: said.QueryV1, limit: int) -> Iterator[tuple[said_02.Query, str | None]]:
        """Query -> one query of 0.2 for each of its names and ids, with the id that alone may answer it; one where it has neither."""
        known = tuple(
            said_02.Condition(pid=one.key, v=one.values)
            for one in query.conditions
            if one.match_type == "property"
            and one.quantifier != "none"
            and not (
                one.required and len(one.values) > 1
            )  # alternatives: `_holds` judges, as evidence the first would speak alone
        )
        strict: Any = "any" if query.type else None
        if all(condition.match_type == "property" for condition in query.conditions):
            given = tuple(said_02.Condition(pid=one.key, v=one.values) for one in query.conditions if one.quantifier != "none")
            yield said_02.Query(type=query.type, type_strict=strict, limit=limit, properties=given), None
        for condition in query.conditions:
            if condition.match_type != "property" and condition.quantifier != "none":
                for value in condition.values:
                    by_id = condition.match_type == "id"
                    text = _text(value) if by_id else _name_in(value)
                    asked = said_02.Query(query=text, type=query.type, type_strict=strict, limit=limit, properties=known)
                    yield asked, text if by_id else None

    def _allowed(self, entity_id: str, conditions: Sequence[said.ConditionV1]) -> bool:
        entity = self._reconciler.entity(entity_id)
        return entity is not None and all(self._holds(entity, one) for one in conditions if one.required)

    def _holds(self, entity: Entity, condition: said.ConditionV1) -> bool:
        """Entity and a condition -> whether it is fulfilled to the letter (folded); a name is, since it was found by it."""
        if condition.match_type == "name":
            return True
        own = {entity.id} if condition.match_type == "id" else set(map(fold_name, self._texts(entity, condition.key)))
        asked = [_text(value) for value in condition.values]
        hits = [(text if condition.match_type == "id" else fold_name(text)) in own for text in asked]
        return {"any": any(hits), "all": all(hits), "none": not any(hits)}[condition.quantifier]

    def _texts(self, entity: Entity, key: str) -> list[str]:
        asked = said_02.Extension(ids=[entity.id], properties=[said_02.Wanted(id=key)])
        return [str(value) for cell in self._reconciler.extended(asked).rows[entity.id][key] for value in cell.values()]

    def _candidate(self, found: said_02.Result) -> said.CandidateV1:
        entity = self._reconciler.entity(found.id)
        name, lang = self._name(entity) if entity else (found.name, "")
        features = tuple(said.FeatureV1(one.id, one.id.replace("_", " ").capitalize(), one.value) for one in found.features)
        return said.CandidateV1(
            found.id, name, found.type, found.score, found.match, features, found.description, lang, direction(name)
        )  # fmt: skip

    def _name(self, entity: Entity) -> tuple[str, str]:
        """Entity -> its name in the first language asked for that it has one in, and that language; else as it is listed."""
        for wanted in self._languages:
            named = next((alias for alias in entity.aliases if _is_name(alias) and alias.lang.split("-")[0] == wanted), None)
            if wanted == "en" and script_of(entity.name) == "Latn":
                return entity.name, "en"
            if named is not None:
                return named.form, named.lang
        return entity.name, ""

    # ------------------------------------------------------------ suggestions and values

    def entities(self, typed: str, *, offset: int, limit: int) -> said.SuggestionsV1:
        """What was typed -> entities from place `offset` on; the first of all by id where nothing was typed."""
        found = self._reconciler.suggested(typed, offset=offset, limit=limit)
        return said.SuggestionsV1(tuple(self._suggestion(*one) for one in found))

    def _suggestion(self, entity: Entity, told: said_02.Suggestion) -> said.SuggestionV1:
        name, lang = self._name(entity)
        return said.SuggestionV1(told.id, name, told.description, told.notable, lang, direction(name))

    def extended(self, asked: said.ExtensionV1) -> said.ExtendedV1:
        """Ids and properties -> a row of values for each id, in their order."""
        found = self._reconciler.extended(said_02.Extension(ids=asked.ids, properties=asked.properties))
        rows = tuple(
            said.RowV1(key, tuple(said.PropertyV1(one.id, _cells(found.rows[key][one.id])) for one in asked.properties))
            for key in asked.ids
        )
        return said.ExtendedV1(tuple(said_02.Named(one.id, property_name(one.id)) for one in asked.properties), rows)


def direction(text: str) -> said.Dir | None:
    """Text -> the direction that it is written in, where that is not from left to right."""
    return "rtl" if script_of(text) in _RTL else None


def _cells(cells: Sequence[dict[str, str | int | float]]) -> tuple[dict[str, str | int | float], ...]:
    return tuple({**cell, "dir": "rtl"} if direction(str(cell.get("str", ""))) else cell for cell in cells)


def _is_name(alias: Alias) -> bool:
    return alias.kind in ("name", "native")


def _name_in(value: object) -> str:
    """Value of a condition -> the name in it."""
    return str(value.get("name") or value.get("id") or "") if isinstance(value, dict) else str(value)


def _text(value: object) -> str:
    """Value of a condition -> its text; of an entity its id."""
    if isinstance(value, dict):
        return str(value.get("id") or value.get("name") or "")
    return str(value).lower() if isinstance(value, bool) else str(value)
