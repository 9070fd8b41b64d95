"""The EU's list as CSV, the UK's as XML, OpenSanctions' table, Senzing's records, with what is odd about each; nobody is real."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aliases.entity import Entity
from aliases.errors import AkaError, MalformedError, TooLargeError
from aliases.sources import senzing
from tests.sources.reading import goes_round, taken, written

ARABIC = "سمير المثال"


def names(entity: Entity) -> list[tuple[str, str]]:
    return [(alias.form, alias.kind) for alias in entity.aliases]


# ---------------------------------------------------------------- EU as CSV

_GROUPS = {
    "Entity": "LogicalId EU_ReferenceNumber UnitedNationId DesignationDate DesignationDetails Remark SubjectType "
    "SubjectType_ClassificationCode Regulation_Type Regulation_OrganisationType Regulation_PublicationDate "
    "Regulation_EntryIntoForceDate Regulation_NumberTitle Regulation_Programme Regulation_PublicationUrl",
    "NameAlias": "LastName FirstName MiddleName WholeName NameLanguage Gender Title Function LogicalId RegulationLanguage Remark",
    "Address": "City Street PoBox ZipCode Region Place CountryIso2Code CountryDescription",
    "BirthDate": "BirthDate Day Month Year YearRangeFrom YearRangeTo Circa City CountryIso2Code CountryDescription",
    "Identification": "Number KnownExpired TypeCode TypeDescription CountryIso2Code",
    "Citizenship": "Region CountryIso2Code CountryDescription",
}
_HEAD = ["fileGenerationDate", *(f"{group}_{column}" for group, columns in _GROUPS.items() for column in columns.split())]


def eu_row(number: str, **cells: str) -> str:
    """One row: the columns of the entity, and of one other group."""
    given = {"fileGenerationDate": "27/02/2026", "Entity_LogicalId": number, **cells}
    return ";".join(given.get(column, "") for column in _HEAD)


_PERSON = {"Entity_SubjectType": "person", "Entity_SubjectType_ClassificationCode": "P", "Entity_Regulation_Programme": "SYR"}
_BANK = {"Entity_SubjectType": "enterprise", "Entity_SubjectType_ClassificationCode": "E"}
EU_CSV = "\ufeff" + "\r\n".join(
    [
        ";".join(_HEAD),
        eu_row("13", **_PERSON, Entity_Remark='"two\nlines; of it"', NameAlias_WholeName=ARABIC, NameAlias_NameLanguage="AR"),
        eu_row("13", **_PERSON, NameAlias_FirstName="Samir", NameAlias_LastName="Al-Mithal", NameAlias_Function="Colonel"),
        eu_row("13", **_PERSON, NameAlias_WholeName='Samir "Abu Mithal" Ahmad'),
        eu_row(
            "13", **_PERSON, NameAlias_WholeName="Abu Mithal", NameAlias_NameLanguage="EN", NameAlias_Remark="Low quality alias"
        ),
        eu_row(
            "13", **_PERSON, NameAlias_WholeName="Samir Mithal", NameAlias_NameLanguage="EN", NameAlias_Remark="formerly known as"
        ),
        eu_row("13", **_PERSON, NameAlias_WholeName="Samir Methal", NameAlias_Remark="Good quality alias"),
        eu_row("13", **_PERSON, BirthDate_BirthDate="1973-11-16", BirthDate_Year="1973", BirthDate_City="Hama").rstrip(";"),
        eu_row("13", **_PERSON, BirthDate_YearRangeFrom="1970", BirthDate_YearRangeTo="1975"),
        eu_row("13", **_PERSON, Citizenship_CountryIso2Code="SY"),
        eu_row("13", **_PERSON, Citizenship_CountryIso2Code="00"),
        eu_row("13", **_PERSON, Identification_Number="N0001", Identification_TypeDescription="National passport"),
        eu_row("14", **_BANK, NameAlias_WholeName='"Example ""First"" Bank"'),
        eu_row("14", **_BANK, NameAlias_WholeName='"Example Trust of the East'),
        eu_row("15", **_BANK, Address_CountryIso2Code="CH"),
        eu_row("16", NameAlias_WholeName="Too Long") + ";;one;more",
        "",
    ]
)


def test_the_eu_list_as_csv_gathers_the_rows_of_an_entity(tmp_path: Path) -> None:
    """Names graded in their remarks, rows that end early, quotes that stand alone or never close, a line end in a remark."""
    entities, problems = taken("eu", written(tmp_path, "eu.csv", EU_CSV))
    person, bank = entities
    assert (person.id, person.type, person.name) == ("eu-13", "person", "Samir Al-Mithal")
    assert names(person) == [
        ('Samir "Abu Mithal" Ahmad', "alias"), ("Samir Methal", "alias"), (ARABIC, "native"), ("Samir Mithal", "former"),
        ("Abu Mithal", "weak"),
    ]  # fmt: skip
    assert person.aliases[2].lang == "ar"
    said = person.properties
    assert (said["birth_date"], said["birth_place"], said["country"]) == (["1973-11-16", "1970", "1975"], ["Hama"], ["SY"])
    assert (said["program"], said["title"], said["identifiers"]) == (["SYR"], ["Colonel"], ["National passport: N0001"])
    assert said["remarks"] == "two lines; of it"
    assert (bank.id, bank.type, bank.name) == ("eu-14", "organization", 'Example "First" Bank')
    assert names(bank) == [('"Example Trust of the East', "alias")]
    assert [problem.split(": ")[0] for problem in problems] == ["line 16", "line 17"]
    assert goes_round(tmp_path, entities)


@pytest.mark.parametrize("content", ["a;b\n1;2\n", EU_CSV.splitlines()[0], EU_CSV.replace("NameAlias_WholeName", "Name", 1)])
def test_another_table_is_not_the_eu_list(tmp_path: Path, content: str) -> None:
    """Nor one of another version, nor a head alone."""
    with pytest.raises(AkaError):
        taken("eu", written(tmp_path, "eu.csv", content))


# ---------------------------------------------------------------- UK as XML

UK_XML = f"""<?xml version="1.0" encoding="utf-8"?>
<Designations xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><DateGenerated>13/02/2026</DateGenerated>
<Designation><LastUpdated>12/01/2026</LastUpdated><DateDesignated>25/01/2015</DateDesignated><UniqueID>SYR0999</UniqueID>
 <OFSIGroupID>1</OFSIGroupID><UNReferenceNumber>QDi.999</UNReferenceNumber>
 <Names>
  <Name><Name6>ABU MITHAL</Name6><NameType>ALias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name>
  <Name><Name1>Samir</Name1><Name2>Ahmad</Name2><Name6>AL-MITHAL</Name6><NameType>Primary name</NameType></Name>
  <Name><Name1>Sameer</Name1><Name6>AL-METHAL</Name6><NameType>Alias</NameType><AliasStrength>Good quality a.k.a</AliasStrength></Name>
  <Name><Name1>Samir</Name1><Name6>Al Mithal</Name6><NameType>Primary Name Variation</NameType></Name>
 </Names>
 <NonLatinNames><NonLatinName><NameNonLatinScript>{ARABIC}</NameNonLatinScript></NonLatinName></NonLatinNames>
 <Titles><Title>Colonel</Title></Titles><RegimeName>Syria</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>
 <OtherInformation>Example.</OtherInformation>
 <Addresses><Address><AddressLine6>Tehran</AddressLine6><AddressCountry>Iran</AddressCountry></Address></Addresses>
 <IndividualDetails><Individual><DOBs><DOB>16/11/1973</DOB><DOB>dd/mm/1974</DOB><DOB>dd/03/1975</DOB></DOBs>
  <Nationalities><Nationality>Syria</Nationality><Nationality>Iraq</Nationality></Nationalities>
  <PassportDetails><Passport><PassportNumber>N0001</PassportNumber></Passport></PassportDetails>
  <BirthDetails><Location><TownOfBirth>Hama</TownOfBirth><CountryOfBirth>Syria</CountryOfBirth></Location></BirthDetails>
 </Individual></IndividualDetails>
</Designation>
<Designation><UniqueID>RUS0998</UniqueID><Names><Name><Name6>EXAMPLE STAR</Name6><NameType>Primary Name</NameType></Name></Names>
 <IndividualEntityShip>Ship</IndividualEntityShip><ShipDetails><Ship><IMONumbers><IMONumber>IMO9999999</IMONumber></IMONumbers>
 <CurrentBelievedFlagOfShips><CurrentBelievedFlagOfShip>Panama</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips></Ship></ShipDetails>
</Designation>
<Designation><UniqueID>AFG0997</UniqueID><Names><Name><Name6>Only An Alias</Name6><NameType>Alias</NameType></Name></Names>
 <IndividualEntityShip>Entity</IndividualEntityShip></Designation>
<Designation><Names><Name><Name6>NOBODY</Name6><NameType>Primary Name</NameType></Name></Names></Designation>
</Designations>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_uk_list_as_xml_says_what_its_table_says(tmp_path: Path, encoding: str) -> None:
    """The case of name types changes; what is not known of a date is written in letters; one without primary name is named."""
    content = UK_XML.replace('encoding="utf-8"', f'encoding="{encoding}"').encode(encoding)
    entities, problems = taken("uk", written(tmp_path, "uk.xml", content))
    assert [(e.id, e.type, e.name) for e in entities] == [
        ("uk-SYR0999", "person", "Samir Ahmad AL-MITHAL"),
        ("uk-RUS0998", "vessel", "EXAMPLE STAR"),
        ("uk-AFG0997", "organization", "Only An Alias"),
    ]
    assert names(entities[0]) == [
        ("ABU MITHAL", "weak"), ("Sameer AL-METHAL", "alias"), ("Samir Al Mithal", "alias"), (ARABIC, "native"),
    ]  # fmt: skip
    said = entities[0].properties
    assert (said["birth_date"], said["country"]) == (["1973-11-16", "1974", "1975-03"], ["SY", "IQ"])
    assert (said["address_country"], said["listed_on"], said["ofsi_group"]) == (["IR"], "2015-01-25", "1")
    assert (said["title"], said["birth_place"], said["identifiers"]) == (["Colonel"], ["Hama, Syria"], ["Passport: N0001"])
    assert entities[1].properties == {"identifiers": ["IMO: IMO9999999"], "flag": "PA"}
    assert problems == ["line 27: the designation has no UniqueID: fetch the list again"]
    assert goes_round(tmp_path, entities)


@pytest.mark.parametrize("content", ["<html>Access Denied</html>", "<export/>", UK_XML[:900], "<Designations/>"])
def test_another_document_is_not_the_uk_list(tmp_path: Path, content: str) -> None:
    """Nor half of it."""
    with pytest.raises(AkaError):
        taken("uk", written(tmp_path, "uk.xml", content))


# ---------------------------------------------------------------- OpenSanctions' table

TARGETS = f'''"id","schema","name","aliases","birth_date","countries","addresses","identifiers","sanctions","phones","emails","program_ids","dataset","first_seen","last_seen","last_change"
"NK-one","Person","Samir Al-Mithal","""Mithal; Samir"";Sameer Al-Methal;{ARABIC}","1973-11-16;1974","sy;iq","","N0001","SYR - 2015","","","","Example List","2021-01-01T00:00:00","2026-01-01","2026-01-01"
"NK-two","Company","Example ""First"" Bank, Ltd","","","ch","","","","","","US-X","Example List;Other List","2021-01-01","",""
"NK-three","Vessel","Example Star","""unclosed","","pa","","","","","","","","","",""
'''  # noqa: E501 - rows as they are


def test_several_values_of_a_cell_come_apart_at_semicolons_outside_quotes(tmp_path: Path) -> None:
    """A name may hold one; a cell whose quotes do not close leaves its row out."""
    entities, problems = taken("opensanctions-csv", written(tmp_path, "targets.simple.csv", TARGETS))
    person, bank = entities
    assert (person.id, person.type, person.name) == ("NK-one", "person", "Samir Al-Mithal")
    assert names(person) == [("Mithal; Samir", "alias"), ("Sameer Al-Methal", "alias"), (ARABIC, "native")]
    assert (person.properties["birth_date"], person.properties["country"]) == (["1973-11-16", "1974"], ["SY", "IQ"])
    assert (bank.type, bank.name, bank.aliases) == ("organization", 'Example "First" Bank, Ltd', ())
    assert (bank.properties["program"], bank.properties["datasets"]) == (["US-X"], ["Example List", "Other List"])
    assert len(problems) == 1
    assert "is no row of values" in problems[0]
    assert goes_round(tmp_path, entities)
    with pytest.raises(MalformedError, match="no column 'schema'"):
        taken("opensanctions-csv", written(tmp_path, "other.csv", "id,name,aliases\na,b,c\n"))


# ---------------------------------------------------------------- Senzing

_RECORDS = [
    {
        "DATA_SOURCE": "LIST", "RECORD_ID": "1001", "RECORD_TYPE": "PERSON", "PRIMARY_NAME_FIRST": "Samir",
        "PRIMARY_NAME_LAST": "Al-Mithal", "ALIAS_NAME_FULL": "Abu Mithal", "NAME_PREFIX": "Mr", "DATE_OF_BIRTH": "16/11/1973",
        "NATIONALITY": "Syria", "PASSPORT_NUMBER": "N0001", "PHONE_NUMBER": "1", "ADDR_COUNTRY": "IR",
    },
    {
        "DATA_SOURCE": "LIST", "RECORD_ID": 1002,
        "FEATURES": [
            {"RECORD_TYPE": "ORGANIZATION"}, {"NAME_TYPE": "ALIAS", "NAME_ORG": "EB"}, {"NAME_TYPE": "PRIMARY", "NAME_ORG": "Example Bank"},
            {"TAX_ID_NUMBER": "77", "TAX_ID_COUNTRY": "CH"}, {"OTHER_ID_TYPE": "LEI", "OTHER_ID_NUMBER": "5"},
        ],
    },
    {
        "DATA_SOURCE": "OS", "RECORD_ID": "os-3", "RECORD_TYPE": "VESSEL",
        "NAMES": [{"NAME_TYPE": "PRIMARY", "NAME_ORG": "Example Star"}, {"NAME_TYPE": "ALIAS", "NAME_ORG": ARABIC}],
        "RISKS": [{"TOPIC": "sanction"}], "COUNTRIES": [{"NATIONALITY": "pa"}], "RELATIONSHIPS": [{"REL_POINTER_KEY": "x"}],
    },
    {"DATA_SOURCE": "LIST", "NAME_FULL": "No Number"},
    {"DATA_SOURCE": "LIST", "RECORD_ID": "1005"},
]  # fmt: skip
SENZING = "".join(json.dumps(record) + "\n" for record in _RECORDS)
SENZING_ARRAY = json.dumps(_RECORDS, indent=1)


@pytest.mark.parametrize("content", [SENZING, SENZING_ARRAY])
def test_senzing_records_are_read_flat_and_in_features(tmp_path: Path, content: str) -> None:
    """As lines and as one array; a name in parts is put together, the primary one names the entity."""
    entities, problems = taken("senzing", written(tmp_path, "records.json", content))
    assert [(e.id, e.type, e.name) for e in entities] == [
        ("1001", "person", "Samir Al-Mithal"),
        ("1002", "organization", "Example Bank"),
        ("os-3", "vessel", "Example Star"),
    ]
    assert [names(entity) for entity in entities] == [[("Abu Mithal", "alias")], [("EB", "weak")], [(ARABIC, "native")]]
    said = entities[0].properties
    assert (said["birth_date"], said["country"], said["address_country"]) == (["1973-11-16"], ["SY"], ["IR"])
    assert said["identifiers"] == ["passport: N0001"]
    assert entities[1].properties["identifiers"] == ["tax: 77", "LEI: 5"]
    assert (entities[2].properties["topics"], entities[2].properties["country"]) == (["sanction"], ["PA"])
    assert len(problems) == 2
    assert goes_round(tmp_path, entities)


def test_an_array_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be held whole; lines are not."""
    monkeypatch.setattr(senzing, "MAX_ARRAY", 100)
    with pytest.raises(TooLargeError, match="write a record a line"):
        taken("senzing", written(tmp_path, "records.json", SENZING_ARRAY))
    assert len(taken("senzing", written(tmp_path, "records.json", SENZING))[0]) == 3
    with pytest.raises(AkaError):
        taken("senzing", written(tmp_path, "records.json", '{"a": 1}'))
