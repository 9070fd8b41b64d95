"""Wikidata -> entities: the entity dump (one JSON array, an entity a line, or plain lines), or what a SPARQL query returns.

Schema: "Wikibase/DataModel/JSON" of MediaWiki, and W3C "SPARQL 1.1 Query Results JSON Format". Of an entity: `labels`, `aliases`,
and the claims P31 (instance of), P1448 and P1705 (official and native name), P569 (date of birth), P297 (country code), P625
(position), P1566 (GeoNames id); deprecated claims are passed over. Of a query, one row a name: `?item`, `?itemLabel` or `?label`,
and where it has them `?alias` or `?itemAltLabel`, `?type`, `?country` (a code), `?birth`. Ids are Wikidata's. CC0.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aliases.entity import ENTITY_TYPES, AliasKind, script_of
from aliases.errors import InvalidError, MalformedError, Problem
from aliases.sources import json_lines
from aliases.sources.drafts import Draft, Record, each, entities, tidy
from aliases.sources.packed import Unpacked, opened
from aliases.strict_json import decode

MAX_ANSWER = 256 << 20  # bytes of a SPARQL answer, which is one object and so is read whole; the query service sends less

_LANGUAGES = ("en", "mul", "en-gb", "fr", "de", "es")  # of the canonical name, first that there is
_TYPES = {
    "Q5": "person", "Q43229": "organization", "Q4830453": "organization", "Q7278": "organization", "Q17149090": "organization",
    "Q163740": "organization", "Q327333": "organization", "Q6881511": "organization", "Q11446": "vessel", "Q11436": "aircraft",
    "Q1190554": "event", "Q178561": "event", "Q198": "event",
}  # fmt: skip
_NATIVE = ("P1705", "P1448")  # native and official name: texts with a language


def read(path: Path) -> Iterator[Record]:
    """Dump or query answer -> its entities and the problems of single ones; MalformedError refuses a file with broken JSON."""
    with opened(path) as stream:
        if b'"head"' in stream.peek(200):
            found: Iterator[tuple[int, Any] | Problem] = _answers(stream, path.name)
            yield from entities(each(found, _from_rows), file=path.name)
        else:
            items = json_lines.objects(stream, name=path.name)
            yield from entities(each(_items(items), _from_item), file=path.name)


def _items(found: Iterator[tuple[int, dict[str, Any]] | Problem]) -> Iterator[tuple[int, dict[str, Any]] | Problem]:
    """Properties and lexemes stand in the dump as well; they are no entities of ours."""
    return (one for one in found if isinstance(one, Problem) or one[1].get("type", "item") == "item")


def _from_item(line: int, item: dict[str, Any]) -> Draft:
    labels = {lang: form for lang, form in _terms(item.get("labels")) if form}
    if not isinstance(item.get("id"), str) or not labels:
        raise InvalidError("the item has no 'id' or no label: it cannot be named")
    lang = next((lang for lang in _LANGUAGES if lang in labels), next(iter(labels)))
    draft = Draft(line, item["id"], _type(item), labels[lang])
    for lang, form in [*labels.items(), *_terms(item.get("aliases"))]:
        draft.add(form, _kind(form), lang=lang)
    for name in _NATIVE:
        for value in _values(item, name):
            if isinstance(value, dict):
                draft.add(str(value.get("text", "")), "native", lang=str(value.get("language", "")))
    draft.aliases = list(dict.fromkeys(draft.aliases))
    _add_properties(draft, item)
    return draft


def _terms(terms: Any) -> Iterator[tuple[str, str]]:
    """`labels` or `aliases` of an item -> language and form of each."""
    for lang, found in terms.items() if isinstance(terms, dict) else ():
        for term in found if isinstance(found, list) else [found]:
            if isinstance(term, dict) and isinstance(term.get("value"), str):
                yield lang, tidy(term["value"])


def _values(item: dict[str, Any], name: str) -> list[Any]:
    """Item and property -> values of its claims that are not deprecated."""
    claims = item.get("claims")
    found = []
    for claim in claims.get(name, []) if isinstance(claims, dict) else []:
        if isinstance(claim, dict) and claim.get("rank") != "deprecated":
            snak = claim.get("mainsnak") or {}
            found.append((snak.get("datavalue") or {}).get("value"))
    return [value for value in found if value is not None]


def _type(item: dict[str, Any]) -> str:
    kinds = [value.get("id", "") for value in _values(item, "P31") if isinstance(value, dict)]
    known = next((_TYPES[kind] for kind in kinds if kind in _TYPES), "")
    return known or ("place" if _values(item, "P625") else "other")


def _add_properties(draft: Draft, item: dict[str, Any]) -> None:
    draft.properties["wikidata"] = draft.id
    for value in _values(item, "P569"):
        if isinstance(value, dict) and (date := _date(value)):
            draft.say("birth_date", date)
    for value in _values(item, "P297"):
        draft.properties["country"] = str(value)
    for value in _values(item, "P1566"):
        draft.properties["geonames"] = int(value) if str(value).isdigit() else None
    for value in _values(item, "P625")[:1]:
        if isinstance(value, dict):
            draft.properties |= {"lat": value.get("latitude"), "lon": value.get("longitude")}


def _date(value: dict[str, Any]) -> str:
    """Time of Wikidata (`+1973-11-16T00:00:00Z`, precision 9 year, 10 month, 11 day) -> ISO 8601 as far as it is known."""
    time, precision = str(value.get("time", "")), value.get("precision")
    length = {9: 4, 10: 7, 11: 10}.get(precision if isinstance(precision, int) else 0, 0)
    return time[1 : 1 + length] if time.startswith("+") else ""


def _kind(form: str) -> AliasKind:
    return "alias" if script_of(form) in ("Latn", "Zyyy") else "native"


# ---------------------------------------------------------------- answers of the query service


def _answers(stream: Unpacked, name: str) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """SPARQL answer -> the rows of each item, in the order of its first row, numbered by it."""
    raw = b"".join(iter(stream.read, b"")) if len(stream.peek(MAX_ANSWER + 1)) <= MAX_ANSWER else b""
    answer = decode(raw) if raw else None
    rows = answer.get("results", {}).get("bindings") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise MalformedError(f"{name} is no SPARQL answer of up to {MAX_ANSWER:,} bytes: it needs results with bindings")
    items: dict[str, list[dict[str, Any]]] = {}
    first: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        identifier = _cell(row, "item").rpartition("/")[2]
        items.setdefault(identifier, []).append(row)
        first.setdefault(identifier, number)
    return ((first[identifier], found) for identifier, found in items.items())


def _from_rows(line: int, rows: list[dict[str, Any]]) -> Draft:
    identifier = _cell(rows[0], "item").rpartition("/")[2]
    labels = [(_cell(row, key), _lang(row, key)) for row in rows for key in ("itemLabel", "label") if _cell(row, key)]
    named = [label for label in labels if label[0] != identifier]  # the query service repeats the id where there is no label
    if not identifier or not named:
        raise InvalidError(f"item {identifier[:40]!a} has no ?item or no label: it cannot be named")
    named.sort(key=lambda label: _LANGUAGES.index(label[1]) if label[1] in _LANGUAGES else len(_LANGUAGES))
    said = next((kind for row in rows if (kind := _cell(row, "type").rpartition("/")[2])), "")
    draft = Draft(line, identifier, said if said in ENTITY_TYPES else _TYPES.get(said, "other"), named[0][0])
    for form, lang in named:
        draft.add(form, _kind(form), lang=lang)
    for row in rows:
        for key in ("alias", "itemAltLabel"):
            draft.add(_cell(row, key), _kind(_cell(row, key)), lang=_lang(row, key))
        draft.say("country", _cell(row, "country"))
        draft.say("birth_date", _cell(row, "birth")[:10])
    draft.aliases = list(dict.fromkeys(draft.aliases))
    draft.properties["wikidata"] = identifier
    return draft


def _cell(row: Any, key: str) -> str:
    found = row.get(key) if isinstance(row, dict) else None
    return str(found.get("value", "")) if isinstance(found, dict) else ""


def _lang(row: dict[str, Any], key: str) -> str:
    return str(row[key].get("xml:lang", "")) if isinstance(row.get(key), dict) else ""
