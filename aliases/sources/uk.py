"""The UK Sanctions List as CSV or XML -> entities. Schema: the head of the file that the FCDO publishes (58 columns, since 2022).

The first line is `Report Date: ...`, the head is the second. A row is one name of an entity with one of its addresses, so an
entity (`Unique ID`) has many rows: `Name 1` to `Name 5` are given names, `Name 6` the surname or the whole name; `Name type` is
Primary Name, Primary Name Variation or Alias; `Alias strength` good or low quality; original script in `Name non-latin script`.
The list as XML is known by its first character and read by `uk_xml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from aliases.errors import MalformedError, Problem
from aliases.sources import countries, dates, tables, uk_xml, xml_stream
from aliases.sources.drafts import Draft, Record, each, entities, tidy
from aliases.sources.packed import opened
from aliases.sources.shelf import Shelf

_GIVEN = tuple(f"Name {number}" for number in range(1, 6))
_NEEDED = ("Unique ID", *_GIVEN, "Name 6", "Name type")
_TYPE_COLUMNS = ("Designation Type", "Individual, Entity, Ship")  # the second until 2026
_BEFORE_HEAD = 5  # lines that may stand before it


def read(path: Path) -> Iterator[Record]:
    """UK list -> its entities and the problems of single rows; MalformedError or InvalidError refuses the file.

    Memory does not grow with the file: rows wait on the disk until all of an entity were read, for they need not lie together.
    """
    with opened(path) as stream, Shelf() as shelf:
        if xml_stream.begins(stream):
            yield from uk_xml.read(path)
            return
        found = tables.lines(tables.text(stream, name=path.name), name=path.name)
        body = tables.rows(found, name=path.name, delimiter=",")
        columns = _head(body, path.name)
        for record in tables.records(body, columns):
            if problem := _put(record, shelf):
                yield problem
        yield from entities(each(shelf.keys(), lambda line, number: _draft(line, number, shelf, columns)), file=path.name)


def _head(body: Iterator[tables.Row | Problem], name: str) -> list[str]:
    for _ in range(_BEFORE_HEAD):
        row = next(body, None)
        if isinstance(row, tuple) and "Unique ID" in row[1]:
            columns = tables.header(row, name=name)
            missing = [column for column in _NEEDED if column not in columns]
            if missing:
                raise MalformedError(f"{name} has no column '{missing[0]}': is it the UK Sanctions List as CSV?")
            return columns
    raise MalformedError(f"{name} has no head with 'Unique ID' in its first {_BEFORE_HEAD} rows: is it the UK Sanctions List?")


def _put(record: tuple[int, Mapping[str, str]] | Problem, shelf: Shelf) -> Problem | None:
    if isinstance(record, Problem):
        return record
    line, cells = record
    number = tidy(cells["Unique ID"])
    if not number:
        return Problem(f"line {line}", "the row has no 'Unique ID': it was left out")
    shelf.put(number, line, list(cells.values()))
    return None


def _draft(line: int, number: str, shelf: Shelf, columns: list[str]) -> Draft:
    """Entity -> its draft, named by its first primary name, else by what else it is called."""
    rows = [dict(zip(columns, row.cells, strict=True)) for row in shelf.take(number)]
    said = next((rows[0][column] for column in _TYPE_COLUMNS if rows[0].get(column)), "")
    draft = Draft(line, f"uk-{number}", uk_xml.TYPES.get(said.strip().lower(), "other"), "")
    primary: list[str] = []
    for cells in rows:
        _add_names(draft, primary, cells)
        _add_properties(draft, cells)
    native = [form for cells in rows if (form := tidy(cells.get("Name non-latin script", "")))]
    others = [alias.form for alias in draft.aliases if alias.kind != "weak"]
    draft.name = next(iter([*primary, *others, *native]), "")
    for form in primary[1:]:
        draft.add(form, "name")
    for form in native:
        draft.add(form, "native")
    draft.aliases = list(dict.fromkeys(draft.aliases))
    return draft


def _add_names(draft: Draft, primary: list[str], cells: Mapping[str, str]) -> None:
    name = " ".join(filter(None, (tidy(cells[column]) for column in (*_GIVEN, "Name 6"))))
    how = tidy(cells["Name type"]).lower()
    if how == "primary name" and name:
        primary.append(name)
    elif name:
        weak = how == "alias" and tidy(cells.get("Alias strength", "")).lower().startswith(("low", "weak"))
        draft.add(name, "weak" if weak else "alias")


def _add_properties(draft: Draft, cells: Mapping[str, str]) -> None:
    for column, key in (
        ("Regime Name", "program"), ("Town of birth", "birth_place"), ("Position", "title"), ("Title", "title"),
    ):  # fmt: skip
        draft.say(key, cells.get(column, ""))
    draft.say("birth_date", dates.iso(cells.get("D.O.B", "")))
    draft.say("address_country", countries.code(tidy(cells.get("Address Country", ""))))
    for country in cells.get("Nationality(/ies)", "").split("/"):
        draft.say("country", countries.code(tidy(country)))
    for column, what in (("Passport number", "Passport"), ("National Identifier number", "National id"), ("IMO number", "IMO")):
        if number := tidy(cells.get(column, "")):
            draft.say("identifiers", f"{what}: {number}")
    for column, key in (
        ("OFSI Group ID", "ofsi_group"),
        ("UN Reference Number", "un_reference"),
        ("Date Designated", "listed_on"),
    ):
        draft.properties.setdefault(key, tidy(cells.get(column, "")))
