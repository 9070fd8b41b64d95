"""The EU's consolidated financial sanctions list as CSV, csvFullSanctionsList_1_1 -> entities.

Schema: the head of the file that the Commission publishes (118 columns, `;` between them): fileGenerationDate, Entity_*
(LogicalId, EU_ReferenceNumber, UnitedNationId, SubjectType, SubjectType_ClassificationCode, Regulation_Programme, Remark),
NameAlias_* (WholeName, else First-, Middle-, LastName; NameLanguage, Function; Remark, which alone grades a name), Address_*,
BirthDate_*, Identification_*, Citizenship_*. An entity has a row for each of its names, addresses, births, papers and citizenships,
the other groups empty; the rows of one entity lie together. Quotes stand unescaped in names, and rows end before the last columns do.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import groupby, islice
from pathlib import Path

from aliases.errors import MalformedError, Problem
from aliases.sources import dates, eu_names, tables
from aliases.sources.drafts import Draft, Record, entities, tidy
from aliases.sources.packed import opened
from aliases.sources.shelf import MAX_ROWS

_TYPES = {"person": "person", "p": "person", "enterprise": "organization", "e": "organization"}
_UNKNOWN = "00"  # what stands for a country that is not known
_NEEDED = ("Entity_LogicalId", "NameAlias_WholeName")
_BEGINS = re.compile(r'"?[\d/.: -]*"?;"?\d+"?;')  # a row: date of the file, number of the entity
_MOST_LINES = 500  # of one row: a remark in quotes may hold line ends

Cells = Mapping[str, str]


def read(path: Path) -> Iterator[Record]:
    """EU list -> its entities and the problems of single rows; MalformedError or InvalidError refuses the file."""
    with opened(path) as stream:
        found = tables.lines(tables.text(stream, name=path.name), name=path.name)
        columns = _head(next(found, ""), path.name)
        yield from entities(_drafts(found, columns), file=path.name)


def _head(line: str, name: str) -> list[str]:
    columns = [cell.strip() for cell in next(csv.reader([line], delimiter=";"), [])]
    missing = [column for column in _NEEDED if column not in columns]
    if missing:
        raise MalformedError(f"{name} has no column '{missing[0]}': is it the EU's full list as CSV 1.1?")
    return tables.header((1, columns), name=name)


def _drafts(found: Iterator[str], columns: list[str]) -> Iterator[Draft | Problem]:
    rows = (_row(number, text, columns) for number, text in _whole_rows(found))
    for number, group in groupby(rows, key=lambda row: "" if isinstance(row, Problem) else row[1]["Entity_LogicalId"]):
        if not number:
            for row in group:
                yield row if isinstance(row, Problem) else Problem(f"line {row[0]}", "the row has no Entity_LogicalId")
        else:
            of_one = [row for row in islice(group, MAX_ROWS + 1) if not isinstance(row, Problem)]
            too_many = Problem(f"line {of_one[0][0]}", f"entity {number[:40]!a} has more than {MAX_ROWS:,} rows: is it the list?")
            yield _draft(of_one) if len(of_one) <= MAX_ROWS else too_many


def _whole_rows(found: Iterator[str]) -> Iterator[tuple[int, str]]:
    """Lines -> rows with the line they begin on: what does not begin as a row does goes on with the one before."""
    begun, parts = 0, list[str]()
    for number, line in enumerate(found, 2):
        if parts and (_BEGINS.match(line) or len(parts) == _MOST_LINES):
            yield begun, "".join(parts)
            parts = []
        if line.strip():
            begun = begun if parts else number
            parts.append(line)
    if parts:
        yield begun, "".join(parts)


def _row(number: int, text: str, columns: list[str]) -> tuple[int, Cells] | Problem:
    """Text of one row -> its cells by column; quotes that stand alone are read as letters."""
    text = text.rstrip("\n")
    cells = _cells(text, csv.QUOTE_MINIMAL)
    if len(cells) < len(columns) and text.count('"') % 2:  # a quote that is never closed takes in the cells behind it
        cells = _cells(text, csv.QUOTE_NONE)
    if len(cells) > len(columns) and any(map(str.strip, cells[len(columns) :])):
        return Problem(f"line {number}", f"{len(cells)} cells under {len(columns)} columns: is a quote missing?")
    shown = [*map(tidy, cells), *[""] * len(columns)]
    return number, dict(zip(columns, shown, strict=False))


def _cells(text: str, quoting: int) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=";", quoting=quoting), [])  # type: ignore[arg-type]
    except csv.Error:
        return text.split(";")


def _draft(rows: list[tuple[int, Cells]]) -> Draft:
    line, first = rows[0]
    said = first.get("Entity_SubjectType_ClassificationCode") or first.get("Entity_SubjectType", "")
    number = first["Entity_LogicalId"]
    draft = Draft(line, f"eu-{number}", _TYPES.get(said.lower(), "other"), "")
    named = [
        (name, eu_names.kind(name, cells.get("NameAlias_Remark", "")), cells.get("NameAlias_NameLanguage", ""))
        for _, cells in rows
        if (name := _name(cells))
    ]
    named.sort(key=lambda one: eu_names.rank(*one))
    draft.name = named[0][0] if named else ""
    for name, kind, language in named[1:]:
        draft.add(name, kind, lang=language.lower())
    draft.aliases = list(dict.fromkeys(draft.aliases))
    for _, cells in rows:
        _add_properties(draft, cells)
    draft.properties |= {
        "reference": first.get("Entity_EU_ReferenceNumber", ""),
        "un_reference": first.get("Entity_UnitedNationId", ""),
        "remarks": first.get("Entity_Remark", ""),
    }
    return draft


def _name(cells: Cells) -> str:
    parts = (cells.get(f"NameAlias_{part}Name", "") for part in ("First", "Middle", "Last"))
    return cells["NameAlias_WholeName"] or " ".join(filter(None, parts))


def _add_properties(draft: Draft, cells: Cells) -> None:
    for column, key in (
        ("Entity_Regulation_Programme", "program"), ("NameAlias_Function", "title"), ("BirthDate_City", "birth_place"),
    ):  # fmt: skip
        draft.say(key, cells.get(column, ""))
    for column, key in (("Citizenship_CountryIso2Code", "country"), ("Address_CountryIso2Code", "address_country")):
        country = cells.get(column, "")
        draft.say(key, country if country != _UNKNOWN else "")
    for column in ("BirthDate_BirthDate", "BirthDate_Year", "BirthDate_YearRangeFrom", "BirthDate_YearRangeTo"):
        if value := cells.get(column, ""):
            draft.say("birth_date", dates.iso(value))
            if column in ("BirthDate_BirthDate", "BirthDate_Year"):
                break
    if number := cells.get("Identification_Number", ""):
        draft.say("identifiers", f"{cells.get('Identification_TypeDescription') or 'Document'}: {number}")
