"""An independent parser (PyPI: inoutlists) finds the same entities, names and programmes in the same file as our readers do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from aliases.entity import Entity
from tests.sources.reading import taken, written

inoutlists = pytest.importorskip("inoutlists", reason="inoutlists is not installed, so there is nothing to compare with")

_GIVEN = ("Samir", "Karim Nadir", "Leila", "Omar Farid", "Nadia")
_FAMILY = ("AL-MITHAL", "HASSOUN", "QARADAGHI", "EL-SAYEGH", "O'EXAMPLE")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def _sdn(count: int) -> str:
    """A list in OFAC's schema, made by rule: persons and companies in turn, with strong and weak aliases, programmes and dates."""
    entries = []
    for number in range(count):
        given, family = _GIVEN[number % 5], _FAMILY[number // 5 % 5]
        person = number % 3
        first = f"<firstName>{given}</firstName>" if person else ""
        last = f"{family} {number}" if person else f"EXAMPLE &amp; {family} TRADING {number} LLC"
        akas = "".join(
            f"<aka><uid>{number * 10 + at}</uid><type>a.k.a.</type><category>{category}</category>"
            f"<lastName>{family} {name} {number}</lastName>{first if at else ''}</aka>"
            for at, (category, name) in enumerate((("strong", "Brothers"), ("weak", "Abu"), ("strong", "Sons"))[: number % 4])
        )
        entries.append(
            f"<sdnEntry><uid>{number + 1}</uid>{first}<lastName>{last}</lastName><sdnType>{'Individual' if person else 'Entity'}</sdnType>"
            f"<programList><program>SYRIA</program><program>PROGRAM-{number % 7}</program></programList>"
            + (f"<akaList>{akas}</akaList>" if akas else "")
            + (
                f"<dateOfBirthList><dateOfBirthItem><uid>{number}</uid><dateOfBirth>{number % 27 + 1:02} {_MONTHS[number % 12]} "
                f"{1950 + number % 40}</dateOfBirth><mainEntry>true</mainEntry></dateOfBirthItem></dateOfBirthList>"
                if person
                else ""
            )
            + "</sdnEntry>"
        )
    return (
        '<?xml version="1.0" standalone="yes"?>\n<sdnList xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">\n<publshInformation><Publish_Date>'
        f"02/27/2026</Publish_Date><Record_Count>{count}</Record_Count></publshInformation>\n"
        + "\n".join(entries)
        + "\n</sdnList>"
    )


def _un(count: int) -> str:
    entries: dict[str, list[str]] = {"INDIVIDUAL": [], "ENTITY": []}
    for number in range(count):
        tag = "INDIVIDUAL" if number % 3 else "ENTITY"
        names = f"<FIRST_NAME>{_GIVEN[number % 5]} {number}</FIRST_NAME>"
        if tag == "INDIVIDUAL":
            names += f"<SECOND_NAME>{_FAMILY[number % 5]}</SECOND_NAME>"
        aliases = "".join(
            f"<{tag}_ALIAS><QUALITY>{quality}</QUALITY><ALIAS_NAME>{name} {number}</ALIAS_NAME></{tag}_ALIAS>"
            for quality, name in (("Good", "Abu Example"), ("Low", "The Tall"), ("a.k.a.", "Sameer"))[: number % 4]
        )
        original = f"<NAME_ORIGINAL_SCRIPT>سمير {number}</NAME_ORIGINAL_SCRIPT>" if number % 2 else ""
        entries[tag].append(
            f"<{tag}><DATAID>{number + 1}</DATAID><VERSIONNUM>1</VERSIONNUM>{names}<UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>"
            f"<REFERENCE_NUMBER>QDi.{number}</REFERENCE_NUMBER><LISTED_ON>2015-01-01</LISTED_ON>{original}{aliases}</{tag}>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<CONSOLIDATED_LIST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:noNamespaceSchemaLocation="https://scsanctions.un.org/resources/xml/consolidated.xsd" dateGenerated="2026-02-27T00:00:00Z">'
        f"<INDIVIDUALS>{''.join(entries['INDIVIDUAL'])}</INDIVIDUALS><ENTITIES>{''.join(entries['ENTITY'])}</ENTITIES></CONSOLIDATED_LIST>"
    )


def _theirs(path: Path, loader: Any) -> dict[str, dict[str, Any]]:
    """File -> id: what the other parser says of it."""
    found = loader.load(str(path))["list_entries"]
    return {entry["id"]: entry for entry in found}


def _plain(name: str) -> str:
    return " ".join(re.sub(r"\s+", " ", name).upper().split())


def _forms(entity: Entity) -> set[str]:
    return {_plain(alias.form) for alias in entity.surface_forms()}


def _weak(entity: Entity) -> set[str]:
    return {_plain(alias.form) for alias in entity.aliases if alias.kind == "weak"}


@pytest.mark.parametrize("count", [200])
def test_ofac_xml_holds_what_the_other_parser_finds(tmp_path: Path, count: int) -> None:
    """Ids, types, every name with its strength, programmes, days of birth."""
    path = written(tmp_path, "sdn.xml", _sdn(count))
    theirs = _theirs(path, _loader("LoaderOFACXML"))
    entities, problems = taken("ofac-sdn", path)
    assert problems == []
    assert {entity.id.removeprefix("ofac-") for entity in entities} == set(theirs)
    for entity in entities:
        other = theirs[entity.id.removeprefix("ofac-")]
        assert {"I": "person", "O": "organization"}[other["type"]] == entity.type
        assert {name["whole_name"] for name in other["names"]} == _forms(entity)
        assert {name["whole_name"] for name in other["names"] if not name["strong"]} == _weak(entity)
        assert other["programs"] == entity.properties["program"]
        born = [date["date_of_birth"] for date in other.get("dates_of_birth", ())]
        assert born == entity.properties.get("birth_date", [])


@pytest.mark.parametrize("count", [200])
def test_the_un_list_holds_what_the_other_parser_finds(tmp_path: Path, count: int) -> None:
    """Ids, types and every name, also in the original script."""
    path = written(tmp_path, "consolidated.xml", _un(count))
    theirs = _theirs(path, _loader("LoaderUNXML"))
    entities, problems = taken("un", path)
    assert problems == []
    ours = {str(entity.properties["reference"]): entity for entity in entities}
    by_number = {entity.id.removeprefix("un-"): entity for entity in entities}
    assert len(theirs) == len(entities) == count
    for number, other in theirs.items():
        entity = ours.get(number) or by_number[number]
        assert {"I": "person", "O": "organization"}[other["type"]] == entity.type
        assert {_plain(name["whole_name"]) for name in other["names"]} == _forms(entity)


def _loader(name: str) -> Any:
    """Class of a loader of inoutlists, without its check against a schema whose namespace has changed since -> one of it."""
    kind = type(name, (getattr(inoutlists, name),), {"schemaValidation": lambda loader, xsd: True})
    return kind(description="list")


@pytest.fixture(autouse=True)
def _there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser asks for one of its own files by a name in the wrong case, and for a list over the network if it is given a URL."""

    def refused(*values: object, **named: object) -> None:
        raise AssertionError("a test asked for something over the network")

    home = tmp_path / "inoutlists"
    shutil.copytree(Path(inoutlists.__file__).parent, home)
    shutil.copy(home / "OFAC_Id_Types.csv", home / "OFAC_id_Types.csv")
    monkeypatch.setattr("inoutlists.loaders._modulePath", home)
    monkeypatch.setattr("requests.get", refused)
