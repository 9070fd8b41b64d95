"""Entities -> the interchange JSON Lines that `aka import jsonl` reads back as the same entities; a table; SKOS."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

import msgspec

from aliases import formulas
from aliases.entity import Alias, Entity, script_of

_ENCODE = msgspec.json.Encoder().encode
COLUMNS = ("country", "birth_date", "program")  # properties that have a column of their own in a table
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def jsonl(entities: Iterable[Entity], *, list_name: str = "") -> Iterator[bytes]:
    """Entities -> one line of UTF-8 JSON each, line feed included.

    The script of an alias is left out where its letters tell it. Of entities of one list, named by `list_name`, the source is
    left out where it is that list itself, as an import fills it in again.
    """
    for entity in entities:
        yield _ENCODE(record(entity, list_name=list_name)) + b"\n"


def record(entity: Entity, *, list_name: str = "") -> dict[str, Any]:
    """Entity -> the object of its line; what is empty is left out."""
    fields: dict[str, Any] = {"id": entity.id, "type": entity.type, "name": entity.name}
    if entity.aliases:
        fields["aliases"] = [_alias(alias, list_name) for alias in entity.aliases]
    if entity.properties:
        fields["properties"] = entity.properties
    return fields


def _alias(alias: Alias, list_name: str) -> str | Alias:
    """Alias -> its form alone when nothing else need be said; Alias leaves out what has its default value."""
    said = msgspec.structs.replace(
        alias,
        script="" if alias.script == script_of(alias.form) else alias.script,
        source="" if alias.source == list_name else alias.source,
    )
    return alias.form if said == Alias(alias.form) else said


def table(entities: Iterable[Entity]) -> Iterator[bytes]:
    """Entities -> lines of CSV under a head, UTF-8 with a byte order mark, no cell of which a spreadsheet runs as a formula.

    `aka import csv` reads ids, types, names and aliases back as they are; kinds of aliases and lists of values become text.
    """
    yield b"\xef\xbb\xbf" + _row(("id", "type", "name", "aliases", "lists", *COLUMNS, "properties"))
    for entity in entities:
        rest = {key: value for key, value in entity.properties.items() if key not in COLUMNS}
        forms = dict.fromkeys(alias.form for alias in entity.aliases)
        yield _row(
            (
                entity.id,
                entity.type,
                entity.name,
                _several(forms),
                _several(entity.lists),
                *(_value(entity.properties.get(key)) for key in COLUMNS),
                _ENCODE(rest).decode() if rest else "",
            )
        )


def _row(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(map(formulas.safe, cells))
    return line.getvalue().encode()


def _several(values: Iterable[Any]) -> str:
    return "|".join(str(value).replace("|", "\\|") for value in values)


def _value(value: Any) -> str:
    if value is None:
        return ""
    return _several(value) if isinstance(value, (list, tuple)) else str(value)


def skos(entities: Iterable[Entity], *, base: str = "urn:aka:entity/") -> Iterator[bytes]:
    """Entities -> lines of N-Triples, a concept of SKOS each: the name as prefLabel, weak aliases as hiddenLabel, others altLabel.

    `base` comes before the percent-encoded id. Every property that is a text or a number is a `note`, `key: value`.
    """
    for entity in entities:
        concept = f"<{base}{quote(entity.id, safe='')}>"
        lines = [
            f"{concept} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{_SKOS}Concept> .",
            f'{concept} <http://purl.org/dc/terms/type> "{entity.type}" .',
            f"{concept} <{_SKOS}prefLabel> {_literal(entity.name)} .",
        ]
        for alias in entity.aliases:
            label = "hiddenLabel" if alias.kind in ("weak", "demonym") else "altLabel"
            lines.append(f"{concept} <{_SKOS}{label}> {_literal(alias.form, alias.lang)} .")
        said = [(key, one) for key, value in entity.properties.items() for one in (value if isinstance(value, list) else [value])]
        notes = (f"{key}: {one}" for key, one in said if isinstance(one, str | int | float))
        lines += (f"{concept} <{_SKOS}note> {_literal(note)} ." for note in notes)
        yield ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")


def _literal(text: str, lang: str = "") -> str:
    fits = lang and all(part.isalnum() and part.isascii() for part in lang.split("-")) and lang[0].isalpha()
    return f'"{text.translate(_ESCAPED)}"' + (f"@{lang}" if fits else "")
