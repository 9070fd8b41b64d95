"""The EU's consolidated financial sanctions list, xmlFullSanctionsList_1_1 -> entities.

Schema: the XSD 20171012-FULL-schema-1_1 that the Commission publishes (root `export`). Everything stands in attributes: a
`sanctionEntity` (logicalId, euReferenceNumber, unitedNationId) has a `subjectType` (person, enterprise) and a `nameAlias` for
each name (wholeName, else firstName, middleName, lastName; nameLanguage, which may be empty; strong; a `remark` that may grade it as
well), in every language that a regulation wrote it in; `citizenship`, `birthdate` (a day, a year, or a range of years),
`identification`, `address`, `regulation` (programme), `remark`. The list as CSV is known by its first character and read by `eu_csv`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aliases.entity import AliasKind
from aliases.errors import InvalidError
from aliases.sources import dates, eu_csv, eu_names, xml_stream
from aliases.sources.drafts import Draft, Record, each, entities
from aliases.sources.packed import opened
from aliases.sources.xml_stream import Element

_TYPES = {"person": "person", "p": "person", "enterprise": "organization", "e": "organization", "entity": "organization"}
_TABLE, _LOOKED_AT = b"Entity_LogicalId", 4_000  # a column of the list as CSV, in so many first bytes
_UNKNOWN = "00"  # what stands for a country that is not known


def read(path: Path) -> Iterator[Record]:
    """EU list -> its entities and the problems of single entries; MalformedError or InvalidError refuses the file."""
    with opened(path) as stream:
        if not xml_stream.begins(stream) and _TABLE in stream.peek(_LOOKED_AT):
            yield from eu_csv.read(path)
            return
        found = xml_stream.records(stream, name=path.name, root="export", tags={"sanctionEntity"})
        yield from entities(each(((entry.line, entry) for entry in found), _draft), file=path.name)


def _draft(line: int, entry: Element) -> Draft:
    if not entry.get("logicalId"):
        raise InvalidError("the entity has no logicalId: fetch the list again")
    named = [(name, _kind(name, alias), alias.get("nameLanguage")) for alias in entry.all("nameAlias") if (name := _name(alias))]
    if not named:
        raise InvalidError(f"the entity {entry.get('logicalId')[:40]} has no name: give it one")
    named.sort(key=lambda one: eu_names.rank(*one))
    said = next((subject.get("code") or subject.get("classificationCode") for subject in entry.all("subjectType")), "")
    draft = Draft(line, f"eu-{entry.get('logicalId')}", _TYPES.get(said.lower(), "other"), named[0][0])
    for name, kind, language in named[1:]:
        draft.add(name, kind, lang=language.lower())
    _add_properties(draft, entry)
    return draft


def _name(alias: Element) -> str:
    parts = (alias.get("firstName"), alias.get("middleName"), alias.get("lastName"))
    return alias.get("wholeName") or " ".join(filter(None, parts))


def _kind(name: str, alias: Element) -> AliasKind:
    return eu_names.kind(name, " ".join(alias.texts("remark")), strong=alias.get("strong").lower() != "false")


def _add_properties(draft: Draft, entry: Element) -> None:
    for tag, key in (("citizenship", "country"), ("address", "address_country")):
        for element in entry.all(tag):
            country = element.get("countryIso2Code")
            draft.say(key, country if country != _UNKNOWN else "")
    for born in entry.all("birthdate"):
        draft.say("birth_date", dates.iso(born.get("birthdate") or born.get("year")))
        for edge in ("yearRangeFrom", "yearRangeTo"):
            draft.say("birth_date", dates.iso(born.get(edge)))
        draft.say("birth_place", ", ".join(filter(None, (born.get("city") or born.get("place"), born.get("countryDescription")))))
    for alias in entry.all("nameAlias"):
        draft.say("title", alias.get("function"))
    for paper in entry.all("identification"):
        kind = paper.get("identificationTypeDescription") or paper.get("identificationTypeCode") or "Document"
        draft.say("identifiers", f"{kind}: {paper.get('number')}" if paper.get("number") else "")
    for regulation in entry.all("regulation"):
        draft.say("program", regulation.get("programme"))
    draft.properties |= {"reference": entry.get("euReferenceNumber"), "un_reference": entry.get("unitedNationId")}
    draft.properties["remarks"] = " ".join(entry.texts("remark"))
