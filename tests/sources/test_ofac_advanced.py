"""OFAC's advanced XML in its real schema: words by ID, names by script and part; nobody in it is real."""

from __future__ import annotations

from pathlib import Path

import pytest

from aliases.errors import AkaError
from tests.sources.reading import goes_round, taken, written

ARABIC = ("المثال", "سمير")


def name(script: str, *parts: tuple[str, str]) -> str:
    """One DocumentedName; each part is its group and text."""
    values = [f'<NamePartValue NamePartGroupID="{group}" ScriptID="{script}">{text}</NamePartValue>' for group, text in parts]
    shown = "".join(f"<DocumentedNamePart>{value}</DocumentedNamePart>" for value in values)
    return f'<DocumentedName ID="1" FixedRef="90001" DocNameStatusID="1">{shown}</DocumentedName>'


def alias(type_: str, *names: str, primary: bool = False, low: bool = False) -> str:
    flags = f'Primary="{str(primary).lower()}" LowQuality="{str(low).lower()}"'
    return f'<Alias FixedRef="1" AliasTypeID="{type_}" {flags}>{"".join(names)}</Alias>'


def day(year: int, month: int, day_: int) -> str:
    return f"<Year>{year}</Year><Month>{month}</Month><Day>{day_}</Day>"


def born(first: str, last: str) -> str:
    return (
        '<Feature ID="1" FeatureTypeID="8"><FeatureVersion ID="1" ReliabilityID="1"><DatePeriod CalendarTypeID="1">'
        f"<Start><From>{first}</From><To>{first}</To></Start><End><From>{last}</From><To>{last}</To></End></DatePeriod>"
        "</FeatureVersion></Feature>"
    )


LIST = f"""<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="{{namespace}}" Version="3"><DateOfIssue CalendarTypeID="1">{day(2026, 2, 27)}</DateOfIssue>
<ReferenceValueSets>
<AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1401">F.K.A.</AliasType><AliasType ID="1403">Name</AliasType></AliasTypeValues>
<CountryValues><Country ID="11" ISO2="SY">Syria</Country><Country ID="12" ISO2="IR">Iran</Country></CountryValues>
<FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="10">Nationality Country</FeatureType>
<FeatureType ID="25">Location</FeatureType></FeatureTypeValues>
<NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType>
<NamePartType ID="1525">Entity Name</NamePartType></NamePartTypeValues>
<PartySubTypeValues><PartySubType ID="3" PartyTypeID="2">Entity</PartySubType><PartySubType ID="4" PartyTypeID="1">Individual</PartySubType></PartySubTypeValues>
<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="2">Block</SanctionsType></SanctionsTypeValues>
<ScriptValues><Script ID="215" ScriptCode="Latn">Latin</Script><Script ID="160" ScriptCode="Arab">Arabic</Script>
<Script ID="212" ScriptCode="Hans">Chinese Simplified</Script></ScriptValues>
</ReferenceValueSets>
<Locations><Location ID="501"><LocationCountry CountryID="11"/></Location><Location ID="502"><LocationCountry CountryID="12"/></Location></Locations>
<DistinctParties>
<DistinctParty FixedRef="90001"><Comment/><Profile ID="70001" PartySubTypeID="4"><Identity ID="1" FixedRef="90001" Primary="true">
{alias("1400", name("215", ("1", "AL-METHAL"), ("2", "Sameer")))}
{alias("1400", name("215", ("1", "ABU MITHAL")), low=True)}
{alias("1401", name("215", ("1", "OLDNAME"), ("2", "Samir")))}
{alias("1403", name("215", ("1", "AL-MITHAL"), ("2", "Samir")), name("160", ("1", ARABIC[0]), ("2", ARABIC[1])), primary=True)}
<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="1" NamePartTypeID="1520"/></MasterNamePartGroup>
<MasterNamePartGroup><NamePartGroup ID="2" NamePartTypeID="1521"/></MasterNamePartGroup></NamePartGroups></Identity>
{born(day(1973, 11, 16), day(1973, 11, 16))}{born(day(1974, 1, 1), day(1974, 12, 31))}{born(day(1975, 1, 1), day(1977, 12, 31))}
<Feature ID="2" FeatureTypeID="10"><FeatureVersion ID="2"><VersionLocation LocationID="501"/></FeatureVersion></Feature>
<Feature ID="3" FeatureTypeID="25"><FeatureVersion ID="3"><VersionLocation LocationID="502"/></FeatureVersion></Feature>
</Profile></DistinctParty>
<DistinctParty FixedRef="90002"><Profile ID="70002" PartySubTypeID="3"><Identity ID="2">
{alias("1403", name("215", ("9", "EXAMPLE TRADE")), name("212", ("9", "示例"), ("8", "贸易")), primary=True)}
</Identity></Profile></DistinctParty>
<DistinctParty FixedRef="90003"><Profile ID="70003" PartySubTypeID="3"><Identity ID="3"/></Profile></DistinctParty>
<DistinctParty FixedRef="90004"/>
</DistinctParties>
<SanctionsEntries>
<SanctionsEntry ID="1" ProfileID="70001" ListID="1550"><SanctionsMeasure ID="1" SanctionsTypeID="2"><Comment/></SanctionsMeasure>
<SanctionsMeasure ID="2" SanctionsTypeID="1"><Comment>SYRIA</Comment></SanctionsMeasure></SanctionsEntry>
</SanctionsEntries></Sanctions>
"""  # noqa: E501 - as it is published


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.un.org/sanctions/1.0",
        "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML",
    ],
)
def test_names_come_in_every_script_in_order(tmp_path: Path, namespace: str) -> None:
    """The primary name names the party wherever it stands; low quality is weak; Chinese is written in one piece."""
    entities, problems = taken("ofac-sdn", written(tmp_path, "sdn_advanced.xml", LIST.replace("{namespace}", namespace)))
    person, company = entities
    assert (person.id, person.type, person.name) == ("ofac-90001", "person", "Samir AL-MITHAL")
    assert [(a.form, a.kind, a.script) for a in person.aliases] == [
        (" ".join(reversed(ARABIC)), "native", "Arab"),
        ("Sameer AL-METHAL", "alias", "Latn"),
        ("ABU MITHAL", "weak", "Latn"),
        ("Samir OLDNAME", "former", "Latn"),
    ]
    assert person.properties == {
        "birth_date": ["1973-11-16", "1974", "1975-1977"],
        "country": ["SY"],
        "address_country": ["IR"],
        "program": ["SYRIA"],
    }
    assert (company.type, company.name, [a.form for a in company.aliases]) == ("organization", "EXAMPLE TRADE", ["示例贸易"])
    assert len(problems) == 2
    assert "no letter or digit" in problems[0]
    assert "no FixedRef or no Profile" in problems[1]
    assert goes_round(tmp_path, entities)


@pytest.mark.parametrize(
    "content", [LIST[: len(LIST) // 2], LIST[:-20], LIST.replace("DistinctParty ", "Party "), "<Sanctions/>"]
)
def test_a_list_that_is_cut_off_or_empty_is_refused(tmp_path: Path, content: str) -> None:
    """Also when what is missing stands behind all parties."""
    with pytest.raises(AkaError):
        taken("ofac-sdn", written(tmp_path, "sdn_advanced.xml", content))
