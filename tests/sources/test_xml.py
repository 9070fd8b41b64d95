"""XML: sound lists are read as a stream of records; what attacks the parser, or is another document, is refused."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from aliases.errors import AkaError, TooLargeError
from aliases.sources import xml_stream
from aliases.sources.packed import opened
from tests.sources.reading import goes_round, taken, written

TOWN = "دير الزور"
_opened: list[tuple[str, Any]] = []


def _audit(event: str, values: tuple[Any, ...]) -> None:
    if event in ("open", "socket.connect", "socket.getaddrinfo"):
        _opened.append((event, values[0]))


sys.addaudithook(_audit)


def listed(*names: str, head: str = "", encoding: str = "UTF-8", namespace: str = "") -> str:
    entries = "".join(f'<entry id="{number}"><name>{name}</name></entry>' for number, name in enumerate(names, 1))
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{head}<list{namespace}>{entries}</list>\n'


def test_an_entry_is_an_entity_with_aliases_and_properties(tmp_path: Path) -> None:
    """Children that are no name become properties; several of one kind are kept."""
    content = (
        '<list><entry id="dz" type="place"><name>Deir ez-Zor</name><alias>Deir al-Zor</alias>'
        f'<alias kind="native" lang="ar">{TOWN}</alias><country>SY</country></entry></list>'
    )
    (entity,), problems = taken("xml", written(tmp_path, "a.xml", content))
    assert (entity.id, entity.type, entity.name, problems) == ("dz", "place", "Deir ez-Zor", [])
    assert [(a.form, a.kind, a.lang) for a in entity.aliases] == [("Deir al-Zor", "alias", ""), (TOWN, "native", "ar")]
    assert entity.properties == {"country": ["SY"]}
    assert goes_round(tmp_path, [entity])


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (listed("Good Name", head="<!DOCTYPE list>\n"), ["Good Name"]),
        (("\ufeff" + listed(TOWN, encoding="UTF-16")).encode("utf-16-le"), [TOWN]),
        (listed(TOWN, encoding="windows-1256").encode("cp1256"), [TOWN]),
        (listed("Al<!-- x -->Qaida"), ["AlQaida"]),
        (listed("<![CDATA[Tariq & Sons]]>", "Tariq &amp; Sons"), ["Tariq & Sons"] * 2),
        (listed("\n    Deir\n    al-Zor  \n"), ["Deir al-Zor"]),
        (listed("Deir <b>al-Zor</b>"), ["Deir al-Zor"]),
    ],
)
def test_a_name_is_all_the_text_of_its_element(tmp_path: Path, content: bytes | str, names: list[str]) -> None:
    """A comment, a section or an element inside does not end it."""
    entities, problems = taken("xml", written(tmp_path, "a.xml", content))
    assert ([entity.name for entity in entities], problems) == (names, [])


LAUGHS = '<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (listed("&l9;", head=f"<!DOCTYPE list [{LAUGHS}]>"), "declares the entity 'l0'"),
        (listed("&a;" * 2_000, head=f'<!DOCTYPE list [<!ENTITY a "{"B" * 50_000}">]>'), "declares the entity"),
        (listed("&a;", head='<!DOCTYPE list [<!ENTITY a "1&b;"><!ENTITY b "&a;">]>'), "declares the entity"),
        (listed("&x;", head='<!DOCTYPE list [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "declares the entity"),
        (listed("&x;", head='<!DOCTYPE list [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>'), "declares the entity"),
        (listed("a", head='<!DOCTYPE list [<!ENTITY % p SYSTEM "http://127.0.0.1:9/e"> %p;]>'), "declares the entity"),
        (listed("a", head='<!DOCTYPE list SYSTEM "http://127.0.0.1:9/list.dtd">'), "outside document type"),
        ("<list>" + "<a>" * 100_000 + "</a>" * 100_000 + "</list>", "deeper than 64"),
        (listed("One", "Two", "Three")[:-40], "no sound XML"),
        (listed(TOWN).encode()[:-35], "no sound XML"),
        (listed("One") + "<html>proxy footer</html>", "junk after document element at line 3, column 1"),
        ('<list><entry id="1" id="2"><name>x</name></entry></list>', "duplicate attribute at line 1"),
        (listed("Bad\x00Name"), "no sound XML"),
        (listed("Bad&#1;Name"), "no sound XML"),
        (listed("Bad&#xD800;Name"), "no sound XML"),
        (listed("Bad&unknown;Name"), "undefined entity"),
        (listed("Bad@Name").encode().replace(b"@", b"\xff\xfe\xc0\xaf"), "no sound XML"),
        (listed(TOWN).encode("utf-16-le"), "no sound XML"),
        (listed("José").encode("latin-1"), "no sound XML"),
        (b'<?xml version="1.0" encoding="UTF-7"?>\n+ADw-list+AD4APA-/list+AD4-', "'UTF-7', which is not read"),
        (listed("x", encoding="no-such"), "'no-such', which is not read"),
        ("<html><head><title>Access Denied</title></head></html>", "its root is <html>, not <list>"),
        ("<!doctype html><html></html>", "no sound XML"),
        ('{"error":"rate limited"}', "no sound XML"),
        (listed("One", "Two", namespace=' xmlns="urn:new"'), "in the namespace 'urn:new'"),
        (listed(), "holds no entity"),
        ('<list><entry id="7"><name>One</name></entry><entry id="7"><name>Two</name></entry></list>', "already that of another"),
    ],
)
def test_a_document_that_attacks_or_is_no_list_is_refused(tmp_path: Path, content: bytes | str, says: str) -> None:
    """Whole, at once, and without opening anything that it refers to."""
    path = written(tmp_path, "a.xml", content)
    del _opened[:]
    with pytest.raises(AkaError, match=says):
        taken("xml", path)
    assert [place for _, place in _opened if str(place) != str(path)] == []


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ('<entry id="1"><name><i href="file:///etc/passwd"/></name></entry>', "no letter or digit"),
        (f'<entry id="{"9" * 2_000_000}"><name>Ex</name></entry>', "is not allowed"),
        ("<entry " + " ".join(f'a{i}="1"' for i in range(20_000)) + "><name>Ex</name></entry>", "has no id"),
        ('<entry id="1" type="ship"><name>Ex</name></entry>', "type 'ship' is unknown"),
        ('<entry id="1"><name>Ex</name><alias kind="nick">y</alias></entry>', "kind 'nick' is unknown"),
    ],
)
def test_a_bad_entry_is_left_out_and_the_rest_is_taken(tmp_path: Path, entry: str, says: str) -> None:
    """With its line, and its values shortened."""
    path = written(tmp_path, "a.xml", f'<list>\n{entry}\n<entry id="last"><name>Last One</name></entry></list>')
    entities, (problem,) = taken("xml", path)
    assert [entity.id for entity in entities] == ["last"]
    assert problem.startswith("line 2: ")
    assert says in problem
    assert len(problem) < 250


def test_a_record_without_end_and_a_tag_without_end_are_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory holds one record, so one record has a limit."""
    monkeypatch.setattr(xml_stream, "MAX_NODES", 100)
    monkeypatch.setattr(xml_stream, "MAX_TAG", 200_000)
    with pytest.raises(TooLargeError, match="more than 100 elements"):
        taken("xml", written(tmp_path, "a.xml", "<list><entry>" + "<a/>" * 200 + "</entry></list>"))
    with pytest.raises(TooLargeError, match="a tag of more than"):
        taken("xml", written(tmp_path, "a.xml", '<list><entry id="' + "9" * 500_000))


def test_only_the_open_record_is_held(tmp_path: Path) -> None:
    """Records come as they end, not when the document does."""
    with opened(written(tmp_path, "a.xml", listed(*map(str, range(100_000))))) as stream:
        first = next(xml_stream.records(stream, name="a", root="list", tags={"entry"}))
        assert first.first("name") == "0"
        assert stream.read() != b""
