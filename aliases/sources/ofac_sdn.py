"""OFAC's SDN.XML and CONSOLIDATED.XML -> entities. Schema: the XSD that OFAC publishes beside them (sdnList, since 2003).

The advanced form of either (SDN_ADVANCED.XML) is known by its root and read by `ofac_advanced`.

An `sdnEntry` has `uid`, `firstName`, `lastName` (the whole name of an organization), `sdnType`, programmes, a.k.a.'s (each
`strong` or `weak`), identity papers, addresses, nationalities, citizenships and dates of birth. There is no original script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from aliases.errors import InvalidError
from aliases.sources import countries, dates, ofac, ofac_advanced, xml_stream
from aliases.sources.drafts import Draft, Record, each, entities
from aliases.sources.packed import opened
from aliases.sources.xml_stream import Element

_ADVANCED = re.compile(rb"<(?:\w+:)?Sanctions[\s>]")
_LOOKED_AT = 4_000  # bytes in which the root element begins


def read(path: Path) -> Iterator[Record]:
    """SDN XML -> its entities and the problems of single entries; MalformedError or InvalidError refuses the file."""
    with opened(path) as stream:
        if _ADVANCED.search(stream.peek(_LOOKED_AT)):
            yield from ofac_advanced.read(path)
            return
        found = xml_stream.records(stream, name=path.name, root="sdnList", tags={"sdnEntry"})
        yield from entities(each(((entry.line, entry) for entry in found), _draft), file=path.name)


def _draft(line: int, entry: Element) -> Draft:
    uid = entry.first("uid")
    if not uid:
        raise InvalidError("the entry has no uid: fetch the list again")
    said = entry.first("sdnType")
    draft = Draft(line, ofac.identifier(uid), ofac.TYPES.get(said.lower(), "other"), _name(entry))
    for aka in entry.all("akaList", "aka"):
        draft.add(_name(aka), ofac.kind(aka.first("type"), weak=aka.first("category").lower() == "weak"))
    for program in entry.texts("programList", "program"):
        draft.say("program", program)
    for path in (("nationalityList", "nationality", "country"), ("citizenshipList", "citizenship", "country")):
        for country in entry.texts(*path):
            draft.say("country", countries.code(country))
    for country in entry.texts("addressList", "address", "country"):
        draft.say("address_country", countries.code(country))
    for date in entry.texts("dateOfBirthList", "dateOfBirthItem", "dateOfBirth"):
        draft.say("birth_date", dates.iso(date))
    for place in entry.texts("placeOfBirthList", "placeOfBirthItem", "placeOfBirth"):
        draft.say("birth_place", place)
    for paper in entry.all("idList", "id"):
        draft.say("identifiers", f"{paper.first('idType')}: {paper.first('idNumber')}" if paper.first("idNumber") else "")
    _add_details(draft, entry)
    return draft


def _add_details(draft: Draft, entry: Element) -> None:
    for key, *path in (
        ("title", "title"),
        ("remarks", "remarks"),
        ("call_sign", "vesselInfo", "callSign"),
        ("vessel_type", "vesselInfo", "vesselType"),
        ("flag", "vesselInfo", "vesselFlag"),
        ("owner", "vesselInfo", "vesselOwner"),
    ):
        draft.properties[key] = entry.first(*path)


def _name(element: Element) -> str:
    return " ".join(filter(None, (element.first("firstName"), element.first("lastName"))))
