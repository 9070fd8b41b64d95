"""The interchange JSON Lines: what is good comes in as it is, what is not is named with its line, and then nothing comes in."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aliases import export
from aliases.assemble import assemble
from aliases.entity import ALIAS_KINDS, ENTITY_TYPES, MAX_NAME, Alias, Entity
from aliases.errors import InvalidError, MalformedError, UnknownError
from aliases.sources import FORMATS, jsonl


def _written(directory: Path, content: bytes | str) -> Path:
    path = directory / "list.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def _read(directory: Path, content: bytes | str) -> list[Entity]:
    return list(jsonl.read(_written(directory, content)))


def _problems(directory: Path, content: bytes | str) -> list[str]:
    with pytest.raises(InvalidError) as caught:
        _read(directory, content)
    return [str(problem) for problem in caught.value.problems]


def test_the_line_of_the_contract_is_read_as_it_says(tmp_path: Path) -> None:
    """Strings and objects are both aliases, a script is worked out, and the rest goes where the contract puts it."""
    line = (
        '{"id": "deir-ez-zor", "type": "place", "name": "Deir ez-Zor", "aliases": ["Deir al-Zor", '
        '{"form": "دير الزور", "kind": "native", "lang": "ar"}], "properties": {"country": "SY"}}'
    )
    assert _read(tmp_path, line) == [
        Entity(
            id="deir-ez-zor",
            type="place",
            name="Deir ez-Zor",
            aliases=(Alias("Deir al-Zor", script="Latn"), Alias("دير الزور", kind="native", lang="ar", script="Arab")),
            properties={"country": "SY"},
        )
    ]


def test_unknown_keys_go_to_properties(tmp_path: Path) -> None:
    """A key that the schema does not name is kept, beside those of `properties`."""
    (entity,) = _read(tmp_path, '{"id":"a","name":"A","program":["X"],"properties":{"country":"SY"}}')
    assert entity.properties == {"country": "SY", "program": ["X"]}


def test_a_type_that_is_not_given_is_other(tmp_path: Path) -> None:
    """Lists of bare names say no type."""
    (entity,) = _read(tmp_path, '{"id":"a","name":"A"}')
    assert entity.type == "other"


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ('{"id":"a","name":"One"}\n{"id":"b","name":"Two"}', ["One", "Two"]),
        ('\ufeff{"id":"a","name":"One"}\n', ["One"]),
        ('\ufeff\n{"id":"a","name":"One"}\n\n  \r\n', ["One"]),
        ('{"id":"a","name":"One"}\r\n{"id":"b","name":"Two"}\r\n', ["One", "Two"]),
        ('{"id":"a","name":"One\u2028Two\x85Three"}\n', ["One\u2028Two\x85Three"]),
        ('{"id":"a","name":"\\ud83d\\ude80 One"}\n', ["\U0001f680 One"]),
        ('{"id":"a","name":"A","aliases":["A","B","B"]}', ["A"]),
    ],
    ids=["no final line feed", "byte order mark", "blank lines", "carriage returns", "U+2028 inside", "a pair", "repeats"],
)
def test_what_only_looks_broken_is_read(tmp_path: Path, content: str, names: list[str]) -> None:
    """Lines end at line feeds only; marks and blank lines around them mean nothing."""
    assert [entity.name for entity in _read(tmp_path, content)] == names


def test_an_alias_that_repeats_is_taken_once_and_the_name_not_at_all(tmp_path: Path) -> None:
    """Aliases are the other forms, each once; one that restricts the name's case says more and stays."""
    (entity,) = _read(tmp_path, '{"id":"a","name":"US","aliases":["U.S.","US","U.S.",{"form":"US","case":true}]}')
    assert entity.aliases == (Alias("U.S.", script="Latn"), Alias("US", script="Latn", case=True))


_WRONG = [
    ('{"id":"a","name":', "not JSON"),
    ('{"id":"a","name":"A"}{"id":"b","name":"B"}', "Extra data at column 22"),
    ('["a"]', "the line is a list, not an object"),
    ("null", "the line is null"),
    ('{"name":"A"}', "'id' is missing"),
    ('{"id":1,"name":"A"}', "'id' is a number"),
    ('{"id":"","name":"A"}', "id '' is not allowed"),
    ('{"id":"a/b","name":"A"}', "id 'a/b' is not allowed"),
    ('{"id":"../a","name":"A"}', "is not allowed"),
    ('{"id":"a"}', "'name' is missing"),
    ('{"id":"a","name":null}', "'name' is null"),
    ('{"id":"a","name":""}', "no letter or digit"),
    ('{"id":"a","name":"\u200b"}', "no letter or digit"),
    ('{"id":"a","name":"A\\u0000B"}', "U+0000"),
    ('{"id":"a","name":"A","note":"x\\u0000"}', "U+0000"),
    ('{"id":"a","name":"' + "A" * (MAX_NAME + 1) + '"}', f"at most {MAX_NAME}"),
    ('{"id":"a","name":"\\ud800"}', "surrogate"),
    ('{"id":"a","name":"A","note":["\\udc00"]}', "surrogate"),
    ('{"id":"a","id":"b","name":"A"}', "stands twice"),
    ('{"id":"a","name":"A","note":NaN}', "NaN"),
    ('{"id":"a","name":"A","note":1e999}', "too large"),
    ('{"id":"a","name":"A","note":' + "[" * 33 + "]" * 33 + "}", "deeper than 32"),
    ('{"id":"a","name":"A","note":' + "[" * 100_000 + "]" * 100_000 + "}", "deeper than 32"),
    ('{"id":"a","name":"A","type":"city"}', "type 'city' is unknown"),
    ('{"id":"a","name":"A","type":null}', "'type' is null"),
    ('{"id":"a","name":"A","aliases":"B"}', "'aliases' is a text, not a list"),
    ('{"id":"a","name":"A","aliases":[""]}', "no letter or digit"),
    ('{"id":"a","name":"A","aliases":[7]}', "an alias is a number"),
    ('{"id":"a","name":"A","aliases":[{"kind":"weak"}]}', "no 'form'"),
    ('{"id":"a","name":"A","aliases":[{"form":"B","kind":"aka"}]}', "kind 'aka' is unknown"),
    ('{"id":"a","name":"A","aliases":[{"form":"B","case":1}]}', "'case' of an alias is a number, not true or false"),
    ('{"id":"a","name":"A","aliases":[{"form":"B","strength":"weak"}]}', "unknown field 'strength'"),
    ('{"id":"a","name":"A","properties":[]}', "'properties' is a list, not an object"),
    ('{"id":"a","name":"A","country":"SY","properties":{"country":"SY"}}', "both in 'properties' and beside it"),
]


@pytest.mark.parametrize(("line", "says"), _WRONG, ids=[says for _, says in _WRONG])
def test_a_wrong_line_is_named_and_explained(tmp_path: Path, line: str, says: str) -> None:
    """The message has the number of the line in the file and what is wrong with it."""
    (problem,) = _problems(tmp_path, f'{{"id":"first","name":"First"}}\n\n{line}\n{{"id":"last","name":"Last"}}\n')
    assert problem.startswith("line 3: ")
    assert says in problem


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    """Nothing is decoded with replacement characters."""
    assert "not UTF-8" in _problems(tmp_path, b'{"id":"a","name":"Caf\xe9"}\n')[0]


def test_every_bad_line_is_named_and_ids_given_twice_with_both_lines(tmp_path: Path) -> None:
    """A list can be corrected in one go."""
    content = '{"id":"a","name":"A"}\n{"id":"b"}\n{"id":"a","name":"C"}\n{"id":"d","name":"D"}\nx\n'
    problems = _problems(tmp_path, content)
    assert [problem.split(":")[0] for problem in problems] == ["line 2", "line 3", "line 5"]
    assert "id 'a' is already on line 1" in problems[1]


def test_after_a_bad_line_nothing_more_is_given_out(tmp_path: Path) -> None:
    """Whoever reads as it streams gets nothing behind the first problem, and the error at the end."""
    stream = jsonl.read(_written(tmp_path, '{"id":"a","name":"A"}\nx\n{"id":"b","name":"B"}\n'))
    assert next(stream).id == "a"
    with pytest.raises(InvalidError):
        next(stream)


def test_a_thousand_problems_are_enough(tmp_path: Path) -> None:
    """A file of another format does not fill the memory with messages."""
    with pytest.raises(InvalidError, match="at least 1000 lines are wrong") as caught:
        _read(tmp_path, "x\n" * 5_000)
    assert len(caught.value.problems) == jsonl.MAX_PROBLEMS


def test_a_line_that_never_ends_is_one_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of an overlong line is passed over, and the next line is read as itself."""
    monkeypatch.setattr(jsonl, "MAX_LINE", 100)
    (problem,) = _problems(tmp_path, '{"id":"a","name":"' + "A" * 1_000 + '"}\n{"id":"b","name":"B"}\n')
    assert problem.startswith("line 1: the line is longer than 100 bytes")


@pytest.mark.parametrize("size", [99, 100, 101, 200, 201, 202])
def test_lines_around_the_limit_are_told_apart_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """The limit counts the bytes of a line with its line feed."""
    monkeypatch.setattr(jsonl, "MAX_LINE", 100)
    start = '{"id":"a","name":"A"}'
    content = f'{start}{" " * (size - len(start) - 1)}\n{{"id":"b","name":"B"}}\n'
    if size <= 100:
        assert [entity.id for entity in _read(tmp_path, content)] == ["a", "b"]
    else:
        assert len(_problems(tmp_path, content)) == 1


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", "  \r\n"])
def test_a_file_without_entities_is_refused(tmp_path: Path, content: str) -> None:
    """An empty download must not empty a list."""
    with pytest.raises(InvalidError, match="holds no entity"):
        _read(tmp_path, content)


@pytest.mark.parametrize(
    ("start", "says"),
    [(b"\x1f\x8b\x08", "is damaged"), (b"PK\x03\x04", "is damaged"), (b"BZh9", "bzip2"), (b"\xff\xfe{\x00", "UTF-16")],
)
def test_packed_files_and_other_encodings_are_called_by_name(tmp_path: Path, start: bytes, says: str) -> None:
    """The message says what to do, instead of naming every line of a binary file."""
    with pytest.raises(MalformedError, match=says):
        _read(tmp_path, start + bytes(20))


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_packed_file_is_read_as_it_is(tmp_path: Path, mark: str) -> None:
    """With gzip, or alone in a zip: the same entities, the same line numbers."""
    content = (mark + '{"id":"a","name":"Alpha"}\n\n{"id":"b","name":"Beta"}').encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("list.jsonl", content)
    for raw in (gzip.compress(content), packed.getvalue()):
        assert [entity.id for entity in _read(tmp_path, raw)] == ["a", "b"]
        with pytest.raises(InvalidError) as caught:
            _read(tmp_path, gzip.compress(content + b"\nx"))
        assert caught.value.problems[0].pointer == "line 4"


def test_a_file_that_cannot_be_opened_is_said_to_be_so(tmp_path: Path) -> None:
    """A missing file and a folder are mistakes of the caller, with the path in the message."""
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(UnknownError, match="cannot be read"):
            list(jsonl.read(path))


def test_the_registry_knows_the_format() -> None:
    """`aka import jsonl` finds this reader."""
    assert FORMATS["jsonl"] is jsonl.read


_TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
_FORMS = _TEXTS.map(lambda text: text + "x")
_ALIASES = st.builds(Alias, form=_FORMS, kind=st.sampled_from(ALIAS_KINDS), lang=_TEXTS, source=_TEXTS, case=st.booleans())
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=5,
)
_ENTITIES = st.builds(
    assemble,
    st.from_regex(r"\A[A-Za-z0-9._:-]{1,20}\Z"),
    entity_type=st.sampled_from(ENTITY_TYPES),
    name=_FORMS,
    aliases=st.lists(_ALIASES, max_size=4),
    properties=st.dictionaries(_TEXTS, _VALUES, max_size=3),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(_ENTITIES, min_size=1, max_size=4, unique_by=lambda entity: entity.id))
def test_what_is_exported_is_read_back_the_same(tmp_path: Path, entities: list[Entity]) -> None:
    """Export and import are inverse, whatever the names and properties hold."""
    assert _read(tmp_path, b"".join(export.jsonl(entities))) == entities


def test_an_export_of_one_list_says_only_what_an_import_does_not_know(tmp_path: Path) -> None:
    """Source and script are left out where they are told by the list and by the letters."""
    entity = assemble("a", entity_type="other", name="A", aliases=[Alias("B", source="un"), Alias("C", source="press")])
    (line,) = export.jsonl([entity], list_name="un")
    assert json.loads(line)["aliases"] == ["B", {"form": "C", "source": "press"}]
