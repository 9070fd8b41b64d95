"""Tables: what is sound comes in, a bad row is left out with its line, and a file that cannot be trusted is refused whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aliases.entity import Alias
from aliases.errors import AkaError, InvalidError
from aliases.sources import tables
from tests.sources.reading import goes_round, taken, written

HEAD = "id,name,aliases\n"
TOWN = "دير الزور"


def test_a_row_is_an_entity_with_its_aliases_and_properties(tmp_path: Path) -> None:
    """Columns that are no field of ours become properties; empty ones say nothing."""
    path = written(
        tmp_path, "a.csv", f"id,name,type,aliases,country,note\ndz,Deir ez-Zor,place,Deir al-Zor|{TOWN},SY,\nx,Ex Group,,,,\n"
    )
    entities, problems = taken("csv", path)
    assert problems == []
    assert [(e.id, e.type, e.name, e.properties) for e in entities] == [
        ("dz", "place", "Deir ez-Zor", {"country": "SY"}),
        ("x", "other", "Ex Group", {}),
    ]
    assert entities[0].aliases == (Alias("Deir al-Zor", script="Latn"), Alias(TOWN, script="Arab"))
    assert goes_round(tmp_path, entities)


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("\ufeff" + HEAD + "1,One,\n", ["One"]),
        (("\ufeff" + HEAD + f"1,{TOWN},\n").encode("utf-16-le"), [TOWN]),
        ((HEAD + "1,One,\n2,Two,").replace("\n", "\r\n"), ["One", "Two"]),
        ((HEAD + "1,One,\n").replace("\n", "\r"), ["One"]),
        ("id,name,aliases\r\n1,One,\n2,Two,\r3,Three,\n", ["One", "Two", "Three"]),
        (HEAD + '1,"Deir\r\nal-Zor",\n', ["Deir al-Zor"]),
        (HEAD + "1,One,-0-\n\x1a", ["One"]),
        (HEAD + '\n1,One,\n , ,\n2,"A ""B"" C",\n', ["One", 'A "B" C']),
        ((HEAD + "1,One,\n").replace(",", "\t"), ["One"]),
        (HEAD + "1,=HYPERLINK(1),\n2,<script>alert(1)</script>,\n3,a\x1b[31mred,\n", None),
        (HEAD + "1,José,\n2,Jose\u0301,\n3,Ｊosé,\n", ["José", "Jose\u0301", "Ｊosé"]),
    ],
    ids=[
        "byte order mark", "UTF-16", "CRLF", "CR", "mixed", "line end in a cell", "null and tail", "blank", "tabs", "hostile",
        "NFKC",
    ],
)  # fmt: skip
def test_what_only_looks_odd_is_read(tmp_path: Path, content: bytes | str, names: list[str] | None) -> None:
    """Spreadsheets and old systems write so; names are kept as they stand."""
    entities, problems = taken("csv", written(tmp_path, "a.csv", content))
    assert problems == []
    assert not any(entity.aliases and "-0-" in entity.aliases[0].form for entity in entities)
    expected = names or ["=HYPERLINK(1)", "<script>alert(1)</script>", "a\x1b[31mred"]
    assert [entity.name for entity in entities] == expected


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (HEAD + '1,One,\n2,"Two is cut he', "no sound table from line 3"),
        (HEAD + '1,"One,\n' + "".join(f"{i},N{i},\n" for i in range(2, 2_000)), "no sound table from line 2"),
        (HEAD + '1,"One,\n' + "".join(f"{i},N{i},\n" for i in range(2, 20_000)), "no sound table from line 2"),
        (HEAD + '1,"One" x,\n', "no sound table from line 2"),
        ("1,One,a\n2,Two,b\n", "no column 'id': expected id, name"),
        ("id,name,name\n1,One,Uno\n", "the column 'name' twice"),
        ("ID,Full Name,AKA\n1,One,a\n", "found 'ID', 'Full Name', 'AKA'"),
        (HEAD.replace(",", ";") + "1;One;a\n", "name the delimiter"),
        ((HEAD + f"1,{TOWN},\n").encode("cp1256"), "byte 0xCF at offset 18"),
        ((HEAD + "1,José,\n").encode("latin-1"), "byte 0xE9 at offset 21"),
        (",".join(f"c{i}" for i in range(20_000)) + "\n", "20000 columns, at most 1000"),
        (HEAD + "1,One,\n1,Other,\n", "id '1' on line 3 is already that of another entity on line 2"),
        (HEAD, "holds no entity"),
        ("", "is empty"),
        ("x" * 5_000_000, "a line of more than"),
    ],
)
def test_a_table_that_cannot_be_trusted_is_refused_whole(tmp_path: Path, content: bytes | str, says: str) -> None:
    """A cut, a wrong head, a wrong encoding or one id for two entities: the next step would be a guess."""
    with pytest.raises(AkaError, match=says):
        taken("csv", written(tmp_path, "a.csv", content))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("1,One", "2 cells under 3 columns"),
        ("1,One,a,b", "4 cells under 3 columns"),
        ("1,,", "no letter or digit"),
        ("1,\u200b\u200e,", "no letter or digit"),
        ("1,\u0301\u0301,", "no letter or digit"),
        ("1,---,", "no letter or digit"),
        ("1,A,", "in every text"),
        ("1,\u0645,", "in every text"),
        ("1,12,", "in every text"),
        ("1,the,", "in every text"),
        ("1,N/A,", "stands for a name that is not known"),
        ("1,unknown,", "stands for a name that is not known"),
        (f"1,{TOWN.encode().decode('latin-1')},", "UTF-8 that was read as Latin-1"),
        ("1,Jos\ufffd,", "U+FFFD"),
        ("1,O\x00ne,", "U+0000"),
        ("1\x00,One,", "is not allowed"),
        (f"1,{'Abd al-Rahman ' * 50},", "at most 512"),
        ("1,One," + "|".join(f"alias {i}" for i in range(6_000)), "6000 aliases are too many"),
        (f'1,One,"{"x" * 200_000}"', "a cell has more than 131,072"),
        ("../../x,One,", "id '../../x' is not allowed"),
        ('"a\nb",One,', "is not allowed"),
        (f"{'x' * 5_000},One,", "is not allowed"),
        ("<b>,One,", "is not allowed"),
    ],
)
def test_a_bad_row_is_left_out_and_the_rest_is_taken(tmp_path: Path, row: str, says: str) -> None:
    """The problem names the line that the row ends on, shortly."""
    entities, (problem,) = taken("csv", written(tmp_path, "a.csv", f"{HEAD}{row}\nlast,Last One,\n"))
    assert [entity.id for entity in entities] == ["last"]
    assert problem.startswith("line 3: " if "\n" in row else "line 2: ")
    assert len(problem) < 250
    assert says in problem


def test_a_property_that_is_no_text_leaves_its_row_out(tmp_path: Path) -> None:
    """It could be stored, but not exported and imported again."""
    path = written(tmp_path, "a.csv", "id,name,country\n1,One,S\x00Y\n2,Two,SY\n")
    (entity,), problems = taken("csv", path)
    assert (entity.id, problems) == ("2", ["line 2: 'S\\x00Y' holds U+0000, which is not text: remove it"])


def test_a_file_of_bad_rows_only_is_refused_with_each(tmp_path: Path) -> None:
    """Nothing was taken, so nothing goes live, and the user sees why."""
    with pytest.raises(InvalidError, match="holds no entity") as caught:
        taken("csv", written(tmp_path, "a.csv", HEAD + "1,---,\n2,,\n"))
    assert [problem.pointer for problem in caught.value.problems] == ["line 2", "line 3"]


def test_a_name_that_cannot_be_taken_costs_its_entity_nothing_else(tmp_path: Path) -> None:
    """An alias of one letter is told and left out, the entity stays."""
    (entity,), (problem,) = taken("csv", written(tmp_path, "a.csv", HEAD + "1,Good Name,x|Better Name\n"))
    assert [alias.form for alias in entity.aliases] == ["Better Name"]
    assert "a name of '1' was left out" in problem


def test_the_same_row_twice_is_one_entity_and_is_told(tmp_path: Path) -> None:
    """Only a difference puts the file in doubt."""
    entities, (problem,) = taken("csv", written(tmp_path, "a.csv", HEAD + "1,One,\n1,One,\n"))
    assert len(entities) == 1
    assert problem == "line 3: id '1' says again what line 2 says: it was taken once"


@pytest.mark.parametrize(
    ("name", "weak"), [("AL", True), ("Hope", True), ("=1+1", True), ("Al-Mayadin", False), ("北京", False), ("Hope Star", False)]
)
def test_a_name_that_any_text_has_is_weak_and_only_meant_in_its_own_case(tmp_path: Path, name: str, weak: bool) -> None:
    """Two letters, numbers and everyday words; never a name of two Chinese characters."""
    (entity,), _ = taken("csv", written(tmp_path, "a.csv", f"{HEAD}1,{name},\n"))
    assert [(alias.kind, alias.case) for alias in entity.aliases] == ([("weak", True)] if weak else [])


def test_columns_encoding_delimiter_and_separator_can_be_named(tmp_path: Path) -> None:
    """A table of another office comes in without being edited."""
    path = written(tmp_path, "a.csv", f"Ref;Full Name;AKA;Land\n1;{TOWN};داعش / One Name;SY\n".encode("cp1256"))
    columns = {"id": "Ref", "name": "Full Name", "aliases": "AKA"}
    options = {"columns": columns, "encoding": "cp1256", "delimiter": ";", "separator": "/"}
    (entity,), problems = taken("csv", path, options)
    assert (entity.id, entity.name, [alias.form for alias in entity.aliases]) == ("1", TOWN, ["داعش", "One Name"])
    assert (entity.properties, problems) == ({"Land": "SY"}, [])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"columns": {"id": "Nr"}}, "no column 'Nr'"),
        ({"columns": {"title": "name"}}, "cannot be mapped to 'title'"),
        ({"delimiter": "::"}, "use one character"),
        ({"encoding": "latin-99"}, "encoding 'latin-99' is unknown"),
        ({"encoding": "rot13"}, "encoding 'rot13' is unknown"),
        ({"countries": frozenset()}, "format 'csv' has no option 'countries': it has columns"),
    ],
)
def test_a_wrong_option_is_explained(tmp_path: Path, options: dict[str, object], says: str) -> None:
    """What was said, and what may be said."""
    with pytest.raises(InvalidError, match=says):
        taken("csv", written(tmp_path, "a.csv", HEAD + "1,One,\n"), options)


@settings(max_examples=100)
@given(st.lists(st.text(st.sampled_from("a\r\n\x1aé")), max_size=8))
def test_lines_do_not_depend_on_where_the_pieces_are_cut(pieces: list[str]) -> None:
    """A CR and its LF may come in two pieces."""
    assert list(tables.lines(iter(pieces), name="x")) == list(tables.lines(iter(["".join(pieces)]), name="x"))


_NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="|\ufffd", exclude_categories=("Cc", "Cs", "Z")), min_size=3, max_size=40
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(_NAMES, st.lists(_NAMES, max_size=3)), min_size=1, max_size=5))
def test_what_was_taken_goes_round_through_export(tmp_path: Path, rows: list[tuple[str, list[str]]]) -> None:
    """Whatever the names are: what a table brings in, the interchange lines give back."""
    quoted = [
        f'{number},"{name.replace(chr(34), "")}","{"|".join(aliases).replace(chr(34), "")}"'
        for number, (name, aliases) in enumerate(rows)
    ]
    path = written(tmp_path, "a.csv", HEAD + "\n".join(quoted) + "\nlast,Last One,\n")
    entities, _ = taken("csv", path)
    assert entities[-1].id == "last"
    assert goes_round(tmp_path, entities)
