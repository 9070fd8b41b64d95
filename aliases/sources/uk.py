"""The UK Sanctions List as CSV or XML -> entities. Schema: the head of the file that the FCDO publishes (58 columns, since 2022).

The first line is `Report Date: ...`, the head is the second. A row is one name of an entity with one of its addresses, so an
entity (`Unique ID`) has many rows: `Name 1` to `Name 5` are given names, `Name 6` the surname or the whole name; `Name type` is
Primary Name, Primary Name Variation or Alias; `Alias strength` good or low quality; original script in `Name non-latin script`.
The list as XML is known by its first character and read by `uk_xml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aliases.errors import MalformedError, Problem
from aliases.sources import countries, dates, tables, uk_xml, xml_stream
from aliases.sources.drafts import Draft, Record, entities, tidy
from aliases.sources.packed import opened

_GIVEN = tuple(f"Name {number}" for number in range(1, 6))
_NEEDED = ("Unique ID", *_GIVEN, "Name 6", "Name type")
_TYPE_COLUMNS = ("Designation Type", "Individual, Entity, Ship")  # the second until 2026
_BEFORE_HEAD = 5  # lines that may stand before it


@dataclass(slots=True)
class _Gathered:
    """What the rows of one entity say, until all were read."""

    draft: Draft
    primary: list[str] = field(default_factory=list)
    native: list[str] = field(default_factory=list)


def read(path: Path) -> Iterator[Record]:
    """UK list -> its entities and the problems of single rows; MalformedError or InvalidError refuses the file."""
    with opened(path) as stream:
        if xml_stream.begins(stream):
            yield from uk_xml.read(path)
            return
        found = tables.lines(tables.text(stream, name=path.name), name=path.name)
        body = tables.rows(found, name=path.name, delimiter=",")
        columns = _head(body, path.name)
        gathered: dict[str, _Gathered] = {}
        for record in tables.records(body, columns):
            if problem := _gather(record, gathered):
                yield problem
    yield from entities((_finished(one) for one in gathered.values()), file=path.name)


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


def _gather(record: tuple[int, Mapping[str, str]] | Problem, gathered: dict[str, _Gathered]) -> Problem | None:
    if isinstance(record, Problem):
        return record
    line, cells = record
    number = tidy(cells["Unique ID"])
    if not number:
        return Problem(f"line {line}", "the row has no 'Unique ID': it was left out")
    if number not in gathered:
        said = next((cells[column] for column in _TYPE_COLUMNS if cells.get(column)), "")
        gathered[number] = _Gathered(Draft(line, f"uk-{number}", uk_xml.TYPES.get(said.strip().lower(), "other"), ""))
    _add_names(gathered[number], cells)
    _add_properties(gathered[number].draft, cells)
    return None


def _add_names(one: _Gathered, cells: Mapping[str, str]) -> None:
    name = " ".join(filter(None, (tidy(cells[column]) for column in (*_GIVEN, "Name 6"))))
    how = tidy(cells["Name type"]).lower()
    if how == "primary name" and name:
        one.primary.append(name)
    elif name:
        weak = how == "alias" and tidy(cells.get("Alias strength", "")).lower().startswith(("low", "weak"))
        one.draft.add(name, "weak" if weak else "alias")
    if native := tidy(cells.get("Name non-latin script", "")):
        one.native.append(native)


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


def _finished(one: _Gathered) -> Draft:
    """What was gathered -> the draft: named by its first primary name, else by what else it is called."""
    draft = one.draft
    others = [alias.form for alias in draft.aliases if alias.kind != "weak"]
    draft.name = next(iter([*one.primary, *others, *one.native]), "")
    for form in one.primary[1:]:
        draft.add(form, "name")
    for form in one.native:
        draft.add(form, "native")
    draft.aliases = list(dict.fromkeys(draft.aliases))
    return draft
