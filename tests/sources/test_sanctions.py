"""The sanctions lists of OFAC, the UN, the EU and the UK in their real schemas, with what is odd about each; nobody is real."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from aliases.entity import Entity
from aliases.errors import AkaError, MalformedError
from aliases.sources import files
from tests.sources.reading import goes_round, taken, written

ARABIC = "سمير المثال"


def names(entity: Entity) -> list[tuple[str, str]]:
    return [(alias.form, alias.kind) for alias in entity.aliases]


# ---------------------------------------------------------------- OFAC, XML

SDN = """<?xml version="1.0" standalone="yes"?>
<sdnList xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="{namespace}">
  <publshInformation><Publish_Date>02/27/2026</Publish_Date><Record_Count>3</Record_Count></publshInformation>
  <sdnEntry>
    <uid>90001</uid><firstName>Samir Ahmad</firstName><lastName>AL-MITHAL</lastName><title>Colonel</title>
    <sdnType>Individual</sdnType><programList><program>SYRIA</program><program>SDGT</program></programList>
    <idList><id><uid>1</uid><idType>Passport</idType><idNumber>N0001</idNumber><idCountry>Syria</idCountry></id>
      <id><uid>2</uid><idType>Gender</idType></id></idList>
    <akaList>
      <aka><uid>11</uid><type>a.k.a.</type><category>strong</category><lastName>AL-METHAL</lastName><firstName>Sameer</firstName></aka>
      <aka><uid>12</uid><type>a.k.a.</type><category>weak</category><lastName>"ABU MITHAL"</lastName></aka>
      <aka><uid>13</uid><type>f.k.a.</type><category>strong</category><lastName>OLDNAME</lastName><firstName>Samir</firstName></aka>
    </akaList>
    <addressList><address><uid>3</uid><city>Tehran</city><country>Iran</country></address></addressList>
    <nationalityList><nationality><uid>4</uid><country>Syria</country><mainEntry>true</mainEntry></nationality></nationalityList>
    <dateOfBirthList><dateOfBirthItem><uid>5</uid><dateOfBirth>16 Nov 1973</dateOfBirth></dateOfBirthItem>
      <dateOfBirthItem><uid>6</uid><dateOfBirth>circa 1974</dateOfBirth></dateOfBirthItem></dateOfBirthList>
    <placeOfBirthList><placeOfBirthItem><uid>7</uid><placeOfBirth>Hama, Syria</placeOfBirth></placeOfBirthItem></placeOfBirthList>
  </sdnEntry>
  <sdnEntry><uid>90002</uid><lastName>EXAMPLE SHIPPING &amp; TRADE LLC</lastName><sdnType>Entity</sdnType></sdnEntry>
  <sdnEntry><uid>90003</uid><lastName>EXAMPLE STAR</lastName><sdnType>Vessel</sdnType>
    <vesselInfo><callSign>T3XX</callSign><vesselFlag>Panama</vesselFlag></vesselInfo></sdnEntry>
  <sdnEntry><uid>90004</uid><lastName>---</lastName><sdnType>Entity</sdnType></sdnEntry>
</sdnList>
"""


@pytest.mark.parametrize(
    "namespace",
    ["http://tempuri.org/sdnList.xsd", "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML"],
)
def test_ofac_xml_gives_names_in_order_weak_ones_and_what_is_known(tmp_path: Path, namespace: str) -> None:
    """In the old and the new namespace alike; an entry without a name is told."""
    entities, problems = taken("ofac-sdn", written(tmp_path, "sdn.xml", SDN.replace("{namespace}", namespace)))
    assert [(e.id, e.type, e.name) for e in entities] == [
        ("ofac-90001", "person", "Samir Ahmad AL-MITHAL"),
        ("ofac-90002", "organization", "EXAMPLE SHIPPING & TRADE LLC"),
        ("ofac-90003", "vessel", "EXAMPLE STAR"),
    ]
    assert names(entities[0]) == [("Sameer AL-METHAL", "alias"), ('"ABU MITHAL"', "weak"), ("Samir OLDNAME", "former")]
    assert entities[0].properties == {
        "program": ["SYRIA", "SDGT"],
        "country": ["SY"],
        "address_country": ["IR"],
        "birth_date": ["1973-11-16", "circa 1974"],
        "birth_place": ["Hama, Syria"],
        "identifiers": ["Passport: N0001"],
        "title": "Colonel",
    }
    assert entities[2].properties == {"call_sign": "T3XX", "flag": "Panama"}
    assert len(problems) == 1
    assert problems[0].startswith("line 23: name '---'")
    assert goes_round(tmp_path, entities)


# ---------------------------------------------------------------- OFAC, CSV

_SDN_CSV = (
    '90001,"AL-MITHAL, Samir Ahmad","individual","SYRIA] [SDGT","Colonel",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    "\"DOB 16 Nov 1973; alt. DOB 1974; POB Hama, Syria; nationality Syria; a.k.a. 'ABU MITHAL'; "
    'alt. name AL-MUTHAL, Samir; Linked To: X."\r\n'
    '90002,"EXAMPLE SHIPPING & TRADE, LLC",-0- ,"IRAN",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    '90003,"EXAMPLE STAR","vessel","IRAN",-0- ,"T3XX","Crude Oil Tanker",-0- ,"160,930",Panama,-0- ,'
    '"f.k.a. EXAMPLE MOON; IMO 9999999."\r\n'
    "\x1a"
)
_ALT_CSV = '90001,11,"aka","AL-METHAL, Sameer",-0- \r\n90001,13,"fka","OLDNAME, Samir",-0- \r\n90002,14,"aka","EST",-0- \r\n\x1a'
_ADD_CSV = '90001,21,-0- ,"Tehran","Iran",-0- \r\n90002,22,-0- ,-0- ,-0- ,-0- \r\n\x1a'
_COMMENTS_CSV = "90003,\"f.k.a. EXAMPLE SUN; a.k.a. 'STAR OF EX'.\"\r\n\x1a"


def _folder(tmp_path: Path, *, alt: str = _ALT_CSV, upper: bool = False) -> Path:
    contents = {"sdn": _SDN_CSV, "alt": alt, "add": _ADD_CSV, "sdn_comments": _COMMENTS_CSV}
    for name, content in contents.items():
        if content:
            written(tmp_path, f"{name.upper() if upper else name}.csv", content)
    return tmp_path / ("SDN.csv" if upper else "sdn.csv")


@pytest.mark.parametrize("upper", [False, True])
def test_ofac_csv_finds_the_names_in_three_files_and_in_the_remarks(tmp_path: Path, upper: bool) -> None:
    """`-0-` is nothing, U+001A no row, a comma turns a person's name but not a company's."""
    path = _folder(tmp_path, upper=upper)
    entities, problems = taken("ofac-csv", path)
    assert problems == []
    assert [(e.id, e.type, e.name) for e in entities] == [
        ("ofac-90001", "person", "Samir Ahmad AL-MITHAL"),
        ("ofac-90002", "organization", "EXAMPLE SHIPPING & TRADE, LLC"),
        ("ofac-90003", "vessel", "EXAMPLE STAR"),
    ]
    assert names(entities[0]) == [
        ("Sameer AL-METHAL", "alias"), ("Samir OLDNAME", "former"), ("ABU MITHAL", "weak"), ("Samir AL-MUTHAL", "alias"),
    ]  # fmt: skip
    assert names(entities[1]) == [("EST", "alias")]
    assert names(entities[2]) == [("EXAMPLE MOON", "former"), ("EXAMPLE SUN", "former"), ("STAR OF EX", "weak")]
    said = entities[0].properties
    assert (said["birth_date"], said["country"], said["program"]) == (["1973-11-16", "1974"], ["SY"], ["SYRIA", "SDGT"])
    assert (said["address_country"], said["birth_place"], said["title"]) == (["IR"], ["Hama, Syria"], "Colonel")
    assert "call_sign" not in said
    assert goes_round(tmp_path, entities)


def test_the_consolidated_list_of_ofac_has_names_of_its_own_for_its_files(tmp_path: Path) -> None:
    """What lies beside it of the SDN list is not taken for a part of it."""
    _folder(tmp_path, alt='90001,11,"aka","OTHER, Of Sdn",-0- \r\n\x1a')
    contents = {"cons_prim": _SDN_CSV, "cons_alt": _ALT_CSV, "cons_add": _ADD_CSV, "cons_comments": _COMMENTS_CSV}
    for name, content in contents.items():
        written(tmp_path, f"{name}.csv", content)
    whole, problems = taken("ofac-csv", tmp_path / "cons_prim.csv")
    assert problems == []
    assert "Of Sdn OTHER" not in {alias.form for entity in whole for alias in entity.aliases}
    assert ("Sameer AL-METHAL", "alias") in names(whole[0])
    assert ("EXAMPLE SUN", "former") in names(whole[2])


def test_ofac_csv_and_xml_give_one_person_one_id(tmp_path: Path) -> None:
    """So a user can go from one file to the other without a new list."""
    from_csv, _ = taken("ofac-csv", _folder(tmp_path))
    from_xml, _ = taken("ofac-sdn", written(tmp_path, "sdn.xml", SDN))
    assert [entity.id for entity in from_csv] == [entity.id for entity in from_xml]


def test_all_files_of_ofac_are_part_of_the_import(tmp_path: Path) -> None:
    """A change of ALT alone is a change of the list."""
    assert [path.name for path in files("ofac-csv", _folder(tmp_path))] == ["sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"]


def test_ofac_csv_without_its_aliases_is_refused(tmp_path: Path) -> None:
    """Silently it would lose most names."""
    with pytest.raises(MalformedError, match=r"no ALT\.CSV beside it"):
        taken("ofac-csv", _folder(tmp_path, alt=""))


def test_rows_of_ofac_that_fit_nowhere_are_told(tmp_path: Path) -> None:
    """A row of another width, and aliases of nobody."""
    alt = _ALT_CSV.replace("\x1a", "") + '99999,1,"aka","NOBODY",-0- \r\nx,y\r\n'
    entities, problems = taken("ofac-csv", _folder(tmp_path, alt=alt))
    assert len(entities) == 3
    assert problems == [
        "alt.csv line 5: 2 cells from 'x' on, expected 5 from a number on: is it the ALT file?",
        "alt.csv: its rows for number 99999 belong to no row of sdn.csv",
    ]


# ---------------------------------------------------------------- UN

UN = f"""<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:00Z">
 <INDIVIDUALS><INDIVIDUAL>
  <DATAID>6900001</DATAID><FIRST_NAME>SAMIR</FIRST_NAME><SECOND_NAME>AHMAD</SECOND_NAME><THIRD_NAME>AL-MITHAL</THIRD_NAME>
  <UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE><REFERENCE_NUMBER>QDi.999</REFERENCE_NUMBER><LISTED_ON>2015-01-01</LISTED_ON>
  <NAME_ORIGINAL_SCRIPT>{ARABIC}</NAME_ORIGINAL_SCRIPT><COMMENTS1>Example.</COMMENTS1>
  <DESIGNATION><VALUE>Colonel</VALUE></DESIGNATION><NATIONALITY><VALUE>Syrian Arab Republic</VALUE></NATIONALITY>
  <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Sameer al-Methal; Samir al Mithal</ALIAS_NAME></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Abu Mithal</ALIAS_NAME></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ADDRESS><COUNTRY>Iraq</COUNTRY></INDIVIDUAL_ADDRESS>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1973-11-16</DATE></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1970</FROM_YEAR><TO_YEAR>1975</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_PLACE_OF_BIRTH><CITY>Hama</CITY><COUNTRY>Syria</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
  <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>N0001</NUMBER></INDIVIDUAL_DOCUMENT>
 </INDIVIDUAL></INDIVIDUALS>
 <ENTITIES><ENTITY><DATAID>6900002</DATAID><FIRST_NAME>EXAMPLE FRONT</FIRST_NAME>
  <ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Example Brigade</ALIAS_NAME></ENTITY_ALIAS>
 </ENTITY><ENTITY><FIRST_NAME>NO NUMBER</FIRST_NAME></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>"""


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_the_un_list_gives_each_of_several_names_and_their_quality(tmp_path: Path, pack: object) -> None:
    """Names that share a field come apart, low quality is weak, the original script is native."""
    entities, problems = taken("un", written(tmp_path, "consolidated.xml", pack(UN)))  # type: ignore[operator]
    person, group = entities
    assert (person.id, person.type, person.name) == ("un-6900001", "person", "SAMIR AHMAD AL-MITHAL")
    assert names(person) == [
        (ARABIC, "native"), ("Sameer al-Methal", "alias"), ("Samir al Mithal", "alias"), ("Abu Mithal", "weak"),
    ]  # fmt: skip
    said = person.properties
    assert (said["country"], said["address_country"], said["reference"]) == (["SY"], ["IQ"], "QDi.999")
    assert (said["birth_date"], said["birth_place"]) == (["1973-11-16", "1970", "1975"], ["Hama, Syria"])
    assert (group.type, group.name, names(group)) == ("organization", "EXAMPLE FRONT", [("Example Brigade", "former")])
    assert problems == ["line 19: the entry has no DATAID: fetch the list again"]
    assert goes_round(tmp_path, entities)


# ---------------------------------------------------------------- EU

EU = f"""<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-02-27T00:00:00Z" globalFileId="1">
 <sanctionEntity designationDetails="" unitedNationId="QDi.999" euReferenceNumber="EU.1.1" logicalId="13">
  <remark>Example.</remark>
  <regulation regulationType="amendment" programme="SYR" logicalId="2"><publicationUrl>https://example.org</publicationUrl></regulation>
  <subjectType code="person" classificationCode="P"/>
  <nameAlias firstName="" lastName="" wholeName="{ARABIC}" strong="true" nameLanguage="AR"/>
  <nameAlias firstName="" middleName="" lastName="" wholeName="Abu Mithal" strong="false" nameLanguage="EN"/>
  <nameAlias firstName="Samir" middleName="Ahmad" lastName="Al-Mithal" wholeName="" function="Colonel" strong="true"
    nameLanguage=""/>
  <nameAlias wholeName="Samir Al-Mithāl" strong="true" nameLanguage="DE"/>
  <nameAlias wholeName="S. Mithal" strong="true" nameLanguage="EN"><remark>low quality alias</remark></nameAlias>
  <nameAlias wholeName="Samir Methal" strong="true" nameLanguage="EN"><remark>formerly known as</remark></nameAlias>
  <nameAlias wholeName="" firstName="" lastName="" strong="true"/>
  <citizenship countryIso2Code="SY" countryDescription="SYRIAN ARAB REPUBLIC"/><citizenship countryIso2Code="00"/>
  <birthdate circa="false" birthdate="1973-11-16" year="1973" city="Hama" countryDescription="SYRIAN ARAB REPUBLIC"/>
  <identification identificationTypeDescription="National passport" number="N0001"/>
 </sanctionEntity>
 <sanctionEntity logicalId="14"><subjectType code="enterprise" classificationCode="E"/>
  <nameAlias wholeName="Example Bank"/></sanctionEntity>
 <sanctionEntity logicalId="15"><subjectType code="enterprise"/></sanctionEntity>
</export>"""


def test_the_eu_list_is_named_by_a_strong_latin_name(tmp_path: Path) -> None:
    """Names stand in attributes, some in parts, in every language; the first one may be in another script or weak."""
    entities, problems = taken("eu", written(tmp_path, "eu.xml", EU))
    person, bank = entities
    assert (person.id, person.type, person.name) == ("eu-13", "person", "Samir Ahmad Al-Mithal")
    assert [(a.form, a.kind, a.lang) for a in person.aliases] == [
        ("Samir Al-Mithāl", "alias", "de"), (ARABIC, "native", "ar"), ("Samir Methal", "former", "en"), ("Abu Mithal", "weak", "en"),
        ("S. Mithal", "weak", "en"),
    ]  # fmt: skip
    said = person.properties
    assert (said["country"], said["birth_date"], said["program"]) == (["SY"], ["1973-11-16"], ["SYR"])
    assert (said["un_reference"], said["identifiers"], said["remarks"]) == ("QDi.999", ["National passport: N0001"], "Example.")
    assert (bank.type, bank.name) == ("organization", "Example Bank")
    assert problems == ["line 21: the entity 15 has no name: give it one"]
    assert goes_round(tmp_path, entities)


# ---------------------------------------------------------------- UK

_UK_HEAD = (
    "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,"
    "Title,Name non-latin script,Non-latin script type,Non-latin script language,Regime Name,{type},Address Country,D.O.B,"
    "Nationality(/ies),Passport number,Town of birth,IMO number"
)
_UK_ROWS = f"""12/01/2026,SYR0999,1,,AL-MITHAL,Samir,Ahmad,,,,Primary Name,,Colonel,{ARABIC},Arabic,Arabic,Syria,Individual,Iran,16/11/1973,Syria/Iraq,N0001,Hama,
12/01/2026,SYR0999,1,,AL-MITHAL,Samir,Ahmad,,,,Primary name,,Colonel,,,,Syria,Individual,Iraq,00/00/1973,Syria,,,
12/01/2026,SYR0999,1,,AL-METHAL,Sameer,,,,,Alias,Good quality a.k.a,,,,,Syria,Individual,,,,,,
12/01/2026,RUS0998,2,,EXAMPLE STAR,,,,,,Primary Name,,,,,,Russia,Ship,,,,,,9999999
12/01/2026,SYR0999,1,,ABU MITHAL,,,,,,Alias,Low quality a.k.a,,,,,Syria,Individual,,,,,,
12/01/2026,AFG0997,3,,,,,,,,Primary Name,,,{ARABIC},,,Afghanistan,Entity,,,,,,
12/01/2026,,4,,NOBODY,,,,,,Primary Name,,,,,,Russia,Entity,,,,,,
12/01/2026,RUS0996
"""  # noqa: E501 - rows as they are


UK = f"Report Date: 13-Feb-2026\n{_UK_HEAD}\n{_UK_ROWS}".replace("{type}", "Designation Type")


@pytest.mark.parametrize("type_", ["Designation Type", '"Individual, Entity, Ship"'])
@pytest.mark.parametrize("before", ["Report Date: 13-Feb-2026\n", "\ufeffReport Date: 13-Feb-2026\r\n", ""])
def test_the_uk_list_gathers_the_rows_of_an_entity(tmp_path: Path, type_: str, before: str) -> None:
    """Wherever they stand; the line before the head is no head; a name only in another script names the entity."""
    entities, problems = taken("uk", written(tmp_path, "uk.csv", before + _UK_HEAD.replace("{type}", type_) + "\n" + _UK_ROWS))
    assert [(e.id, e.type, e.name) for e in entities] == [
        ("uk-SYR0999", "person", "Samir Ahmad AL-MITHAL"),
        ("uk-RUS0998", "vessel", "EXAMPLE STAR"),
        ("uk-AFG0997", "organization", ARABIC),
    ]
    assert names(entities[0]) == [("Sameer AL-METHAL", "alias"), ("ABU MITHAL", "weak"), (ARABIC, "native")]
    said = entities[0].properties
    assert (said["birth_date"], said["country"], said["address_country"]) == (["1973-11-16", "1973"], ["SY", "IQ"], ["IR", "IQ"])
    assert (said["program"], said["identifiers"], said["title"]) == (["Syria"], ["Passport: N0001"], ["Colonel"])
    assert entities[1].properties["identifiers"] == ["IMO: 9999999"]
    first = 9 if before else 8
    assert [problem.split(":")[0] for problem in problems] == [f"line {first}", f"line {first + 1}"]
    assert goes_round(tmp_path, entities)


@pytest.mark.parametrize("format", ["ofac-sdn", "un", "eu", "uk"])
@pytest.mark.parametrize("content", ["<html>Access Denied</html>", "id,name\n1,One\n", "", SDN[:900], UN[:900], EU[:900]])
def test_another_document_or_half_of_one_is_refused(tmp_path: Path, format: str, content: str) -> None:
    """A list that is cut off parses up to the cut: none of it is taken."""
    with pytest.raises(AkaError):
        taken(format, written(tmp_path, "list", content))
