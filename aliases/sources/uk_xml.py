"""The UK Sanctions List as XML -> entities. Schema: the file that the FCDO publishes (root `Designations`), as of 2026.

A `Designation` has `UniqueID`, `Names` (each `Name` with `Name1` to `Name5` given names, `Name6` the surname or the whole name,
`NameType` in changing case, `AliasStrength`), `NonLatinNames`, `Titles`, `RegimeName`, `IndividualEntityShip`, `Addresses`, and
`IndividualDetails`, `EntityDetails` or `ShipDetails`. A day or month that is not known is written `dd` or `mm`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aliases.errors import InvalidError
from aliases.sources import countries, dates, xml_stream
from aliases.sources.drafts import Draft, Record, each, entities
from aliases.sources.packed import opened
from aliases.sources.xml_stream import Element

TYPES = {"individual": "person", "entity": "organization", "ship": "vessel"}
_PARTS = tuple(f"Name{number}" for number in range(1, 7))
_PERSON = ("IndividualDetails", "Individual")
_SHIP = ("ShipDetails", "Ship")


def read(path: Path) -> Iterator[Record]:
    """UK list -> its entities and the problems of single entries; MalformedError or InvalidError refuses the file."""
    with opened(path) as stream:
        found = xml_stream.records(stream, name=path.name, root="Designations", tags={"Designation"})
        yield from entities(each(((entry.line, entry) for entry in found), _draft), file=path.name)


def _draft(line: int, entry: Element) -> Draft:
    number = entry.first("UniqueID")
    if not number:
        raise InvalidError("the designation has no UniqueID: fetch the list again")
    draft = Draft(line, f"uk-{number}", TYPES.get(entry.first("IndividualEntityShip").lower(), "other"), "")
    primary: list[str] = []
    for name in entry.all("Names", "Name"):
        form = " ".join(filter(None, (name.first(part) for part in _PARTS)))
        how = name.first("NameType").lower()
        if how == "primary name":
            primary.append(form)
        else:
            weak = how == "alias" and name.first("AliasStrength").lower().startswith(("low", "weak"))
            draft.add(form, "weak" if weak else "alias")
    native = entry.texts("NonLatinNames", "NonLatinName", "NameNonLatinScript")
    others = [alias.form for alias in draft.aliases if alias.kind != "weak"]
    draft.name = next(iter([*filter(None, primary), *others, *native]), "")
    for form in primary[1:]:
        draft.add(form, "name")
    for form in native:
        draft.add(form, "native")
    draft.aliases = list(dict.fromkeys(draft.aliases))
    _add_properties(draft, entry)
    return draft


def _add_properties(draft: Draft, entry: Element) -> None:
    draft.say("program", entry.first("RegimeName"))
    for title in (*entry.texts("Titles", "Title"), *entry.texts(*_PERSON, "Positions", "Position")):
        draft.say("title", title)
    for date in entry.texts(*_PERSON, "DOBs", "DOB"):
        draft.say("birth_date", dates.iso(date))
    for place in entry.all(*_PERSON, "BirthDetails", "Location"):
        draft.say("birth_place", ", ".join(filter(None, (place.first("TownOfBirth"), place.first("CountryOfBirth")))))
    for country in entry.texts(*_PERSON, "Nationalities", "Nationality"):
        draft.say("country", countries.code(country))
    for country in entry.texts("Addresses", "Address", "AddressCountry"):
        draft.say("address_country", countries.code(country))
    for what, *path in (
        ("Passport", *_PERSON, "PassportDetails", "Passport", "PassportNumber"),
        ("National id", *_PERSON, "NationalIdentifierDetails", "NationalIdentifier", "NationalIdentifierNumber"),
        ("Registration", "EntityDetails", "Entity", "BusinessRegistrationNumbers", "BusinessRegistrationNumber"),
        ("IMO", *_SHIP, "IMONumbers", "IMONumber"),
    ):
        for number in entry.texts(*path):
            draft.say("identifiers", f"{what}: {number}")
    draft.properties["flag"] = countries.code(flag) if (flag := _flag(entry)) else ""
    for key, tag in (("ofsi_group", "OFSIGroupID"), ("un_reference", "UNReferenceNumber")):
        draft.properties[key] = entry.first(tag)
    draft.properties["listed_on"] = dates.iso(entry.first("DateDesignated"))
    draft.properties["remarks"] = entry.first("OtherInformation")


def _flag(entry: Element) -> str:
    return entry.first(*_SHIP, "CurrentBelievedFlagOfShips", "CurrentBelievedFlagOfShip")
