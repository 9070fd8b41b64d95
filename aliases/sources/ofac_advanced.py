"""OFAC's SDN_ADVANCED.XML and CONS_ADVANCED.XML -> entities, with names in their original scripts.

Schema: "Sanctions List Advanced" (SDN_ADVANCED.XSD; root `Sanctions`, in a namespace that has changed). Words stand once in
ReferenceValueSets and are named by ID everywhere else. A `DistinctParty` (FixedRef, OFAC's number) has a Profile (PartySubTypeID)
with an Identity: each `Alias` (AliasTypeID, Primary, LowQuality) has a DocumentedName for each script, of DocumentedNameParts
whose NamePartValue names its script and, through NamePartGroups, whether it is a first or a last name. Features give birth dates
and, through Locations, countries. Programmes come last, as comments of the SanctionsEntries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aliases.entity import AliasKind
from aliases.errors import InvalidError, Problem
from aliases.sources import ofac, xml_stream
from aliases.sources.drafts import Draft, Record, entities
from aliases.sources.packed import opened
from aliases.sources.xml_stream import Element

_ROOT = "Sanctions"
_SETS = ("AliasType", "Country", "FeatureType", "NamePartType", "PartySubType", "Script", "SanctionsType")
_JOINED = ("Hani", "Hans", "Hant", "Jpan", "Hang", "Kore")  # scripts that write a name in one piece, the last name first
_COUNTRIES = ("Nationality Country", "Citizenship Country")


@dataclass(slots=True)
class _Words:
    """What the IDs of the document stand for: (set, ID) -> word, and location -> country code."""

    values: dict[tuple[str, str], str] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)

    def take(self, values: Element) -> None:
        """One set of reference values -> its words are known; of a country and a script, their codes."""
        for value in values.children:
            code = value.get("ISO2") or value.get("ScriptCode")
            self.values[value.tag, value.get("ID")] = code or value.text()

    def of(self, name: str, identifier: str) -> str:
        """Set and ID -> the word, '' when there is none."""
        return self.values.get((name, identifier), "")


def read(path: Path) -> Iterator[Record]:
    """Advanced XML -> its entities and the problems of single parties; MalformedError or InvalidError refuses the file."""
    programs = _programs(path)
    yield from entities(_drafts(path, programs), file=path.name)


def _programs(path: Path) -> dict[str, list[str]]:
    """File -> profile: its programmes. They stand behind the parties, so the file is read twice rather than held."""
    found: dict[str, list[str]] = {}
    types: dict[str, str] = {}
    with opened(path) as stream:
        for record in xml_stream.records(stream, name=path.name, root=_ROOT, tags={"SanctionsTypeValues", "SanctionsEntry"}):
            if record.tag == "SanctionsTypeValues":
                types |= {value.get("ID"): value.text() for value in record.children}
                continue
            for measure in record.all("SanctionsMeasure"):
                program = measure.first("Comment")
                if program and types.get(measure.get("SanctionsTypeID")) == "Program":
                    found.setdefault(record.get("ProfileID"), []).append(program)
    return found


def _drafts(path: Path, programs: dict[str, list[str]]) -> Iterator[Draft | Problem]:
    words = _Words()
    tags = {*(f"{name}Values" for name in _SETS), "Location", "DistinctParty"}
    with opened(path) as stream:
        for record in xml_stream.records(stream, name=path.name, root=_ROOT, tags=tags):
            if record.tag == "Location":
                country = next((one.get("CountryID") for one in record.all("LocationCountry")), "")
                words.countries[record.get("ID")] = words.of("Country", country)
            elif record.tag != "DistinctParty":
                words.take(record)
            else:
                try:
                    yield _draft(record, words, programs)
                except InvalidError as error:
                    yield Problem(f"line {record.line}", error.detail)


def _draft(party: Element, words: _Words, programs: dict[str, list[str]]) -> Draft:
    profiles = party.all("Profile")
    if not party.get("FixedRef") or not profiles:
        raise InvalidError("the party has no FixedRef or no Profile: fetch the list again")
    said = words.of("PartySubType", profiles[0].get("PartySubTypeID"))
    draft = Draft(party.line, ofac.identifier(party.get("FixedRef")), ofac.TYPES.get(said.lower(), "other"), "")
    for identity in party.all("Profile", "Identity"):
        types = {group.get("ID"): words.of("NamePartType", group.get("NamePartTypeID")) for group in _groups(identity)}
        for alias in sorted(identity.all("Alias"), key=lambda one: one.get("Primary").lower() != "true"):
            _add_names(draft, alias, types, words)
    for profile in profiles:
        _add_features(draft, profile, words)
        for program in programs.get(profile.get("ID"), []):
            draft.say("program", program)
    return draft


def _groups(identity: Element) -> list[Element]:
    return identity.all("NamePartGroups", "MasterNamePartGroup", "NamePartGroup")


def _add_names(draft: Draft, alias: Element, types: dict[str, str], words: _Words) -> None:
    """Alias -> its name in each script: of the primary one the Latin name is the canonical one, the others are native."""
    kind = ofac.kind(words.of("AliasType", alias.get("AliasTypeID")), weak=alias.get("LowQuality").lower() == "true")
    for documented in alias.all("DocumentedName"):
        values = documented.all("DocumentedNamePart", "NamePartValue")
        script = next((words.of("Script", value.get("ScriptID")) for value in values if value.get("ScriptID")), "")
        name = _joined([(types.get(value.get("NamePartGroupID"), ""), value.text()) for value in values], script)
        if not draft.name and name:
            draft.name = name
        else:
            draft.add(name, _native(kind, script))


def _native(kind: AliasKind, script: str) -> AliasKind:
    return "native" if kind == "alias" and script not in ("", "Latn") else kind


def _joined(parts: list[tuple[str, str]], script: str) -> str:
    """Type and text of each part -> the name, last name last; in one piece where its script writes it so."""
    if script in _JOINED:
        return "".join(text for _, text in parts)
    last = [text for type_, text in parts if type_ == "Last Name"]
    return " ".join([*(text for type_, text in parts if type_ != "Last Name"), *last])


def _add_features(draft: Draft, profile: Element, words: _Words) -> None:
    for feature in profile.all("Feature"):
        what = words.of("FeatureType", feature.get("FeatureTypeID"))
        for version in feature.all("FeatureVersion"):
            places = [words.countries.get(place.get("LocationID"), "") for place in version.all("VersionLocation")]
            if what == "Birthdate":
                draft.say("birth_date", _date(version))
            elif what in _COUNTRIES:
                for country in places:
                    draft.say("country", country)
            elif what == "Location":
                for country in places:
                    draft.say("address_country", country)


def _date(version: Element) -> str:
    """Version of a feature -> its day, its year where the period is longer, or the two years that it spans; '' without one."""
    starts, ends = _days(version, "Start"), _days(version, "End")
    if not starts:
        return ""
    first, last = starts[0], (ends or starts)[-1]
    if first == last:
        return first
    return first[:4] if first[:4] == last[:4] else f"{first[:4]}-{last[:4]}"


def _days(version: Element, which: str) -> list[str]:
    """`Start` or `End` of a period -> the days at both of its edges."""
    days = version.all("DatePeriod", which, "From") + version.all("DatePeriod", which, "To")
    shown = [(day.first("Year"), day.first("Month") or "1", day.first("Day") or "1") for day in days]
    return [f"{year}-{month:0>2}-{day:0>2}" for year, month, day in shown if year]
