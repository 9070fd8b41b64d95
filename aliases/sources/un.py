"""The UN Security Council's consolidated.xml -> entities. Schema: the XSD that the UN publishes beside it (CONSOLIDATED_LIST).

INDIVIDUAL: DATAID, FIRST_NAME to FOURTH_NAME, NAME_ORIGINAL_SCRIPT, UN_LIST_TYPE, REFERENCE_NUMBER, INDIVIDUAL_ALIAS (QUALITY
Good, Low, a.k.a., f.k.a. or nothing; ALIAS_NAME, which may hold several names with `; ` between them), dates of birth as DATE,
YEAR or a range. ENTITY: its whole name in FIRST_NAME, ENTITY_ALIAS the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from aliases.entity import AliasKind
from aliases.errors import InvalidError
from aliases.sources import countries, dates, xml_stream
from aliases.sources.drafts import Draft, Record, each, entities
from aliases.sources.packed import opened
from aliases.sources.xml_stream import Element

_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_SEVERAL = re.compile(r"\s*[;؛]\s*")
_KINDS: dict[str, AliasKind] = {"low": "weak", "f.k.a.": "former", "formerly": "former"}


def read(path: Path) -> Iterator[Record]:
    """UN list -> its entities and the problems of single entries; MalformedError or InvalidError refuses the file."""
    with opened(path) as stream:
        found = xml_stream.records(stream, name=path.name, root="CONSOLIDATED_LIST", tags={"INDIVIDUAL", "ENTITY"})
        yield from entities(each(((entry.line, entry) for entry in found), _draft), file=path.name)


def _draft(line: int, entry: Element) -> Draft:
    number = entry.first("DATAID")
    if not number:
        raise InvalidError("the entry has no DATAID: fetch the list again")
    person = entry.tag == "INDIVIDUAL"
    names = [" ".join(filter(None, (entry.first(part) for part in _PARTS)))]
    names += [form for text in entry.texts("NAME_ORIGINAL_SCRIPT") for form in _SEVERAL.split(text)]
    draft = Draft(line, f"un-{number}", "person" if person else "organization", next(filter(None, names), ""))
    for form in names[1:]:
        draft.add(form, "native")
    for alias in entry.all(f"{entry.tag}_ALIAS"):
        kind = _KINDS.get(alias.first("QUALITY").lower(), "alias")
        for form in _SEVERAL.split(alias.first("ALIAS_NAME")):
            draft.add(form, kind)
    _add_properties(draft, entry)
    return draft


def _add_properties(draft: Draft, entry: Element) -> None:
    for country in entry.texts("NATIONALITY", "VALUE"):
        draft.say("country", countries.code(country))
    for country in entry.texts(f"{entry.tag}_ADDRESS", "COUNTRY"):
        draft.say("address_country", countries.code(country))
    for born in entry.all("INDIVIDUAL_DATE_OF_BIRTH"):
        for tag in ("DATE", "YEAR", "FROM_YEAR", "TO_YEAR"):
            draft.say("birth_date", dates.iso(born.first(tag)))
    for place in entry.all("INDIVIDUAL_PLACE_OF_BIRTH"):
        draft.say("birth_place", ", ".join(filter(None, (place.first(tag) for tag in ("CITY", "STATE_PROVINCE", "COUNTRY")))))
    for title in entry.texts("DESIGNATION", "VALUE"):
        draft.say("title", title)
    for paper in entry.all("INDIVIDUAL_DOCUMENT"):
        if paper.first("NUMBER"):
            draft.say("identifiers", f"{paper.first('TYPE_OF_DOCUMENT') or 'Document'}: {paper.first('NUMBER')}")
    draft.say("program", entry.first("UN_LIST_TYPE"))
    draft.properties |= {"reference": entry.first("REFERENCE_NUMBER"), "listed_on": entry.first("LISTED_ON")}
    draft.properties["remarks"] = entry.first("COMMENTS1")
