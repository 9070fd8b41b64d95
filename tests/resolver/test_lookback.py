"""After a list changed, the earlier texts and names that it now answers differently are told, and no others."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from aliases.errors import UnknownError
from resolver import Resolver, cli, judging, lookback, publish, segments
from resolver.lookback import Saved

FIRST = "id,name,type\na,Samir Al-Mithal,person\nb,Karim Hassoun,person\n"
SECOND = "id,name,type\na,Samir Al-Mithal,person\nc,Leila Qaradaghi,person\n"
CORPUS = [
    {"id": "t1", "text": "In 2019 Karim Hassoun met Samir Al-Mithal in Hama."},
    {"id": "t2", "text": "Nothing of the kind."},
    {"id": "t3", "text": "A report says that Leila Qaradaghi left."},
    {"id": "n1", "name": "Kareem Hassoun"},
    {"id": "n2", "name": "Samir al Mithal"},
    {"name": "Layla Qaradaghi"},
]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("AKA_DATA", raising=False)
    for content in (FIRST, SECOND):
        file = tmp_path / "list.csv"
        file.write_text(content)
        publish.import_list(tmp_path / "data", format="csv", file=file, list_name="mine")
    return tmp_path / "data"


def told(data: Path, *saved: Saved, **versions: int) -> dict[object, tuple[set[str], set[str]]]:
    with lookback.between(data, "mine", **versions) as both:
        return {
            found.id: ({one.entity for one in found.gained}, {one.entity for one in found.lost})
            for found in both.differences(saved)
        }


def questions() -> list[Saved]:
    return [one for _, one in lookback.saved(json.dumps(line).encode() for line in CORPUS) if isinstance(one, Saved)]


def test_what_came_and_went_is_told_of_each_text_and_name(data: Path) -> None:
    """In other spellings too; what is answered as before is not told."""
    assert told(data, *questions()) == {
        "t1": (set(), {"b"}), "t3": ({"c"}, set()), "n1": (set(), {"b"}), 6: ({"c"}, set()),
    }  # fmt: skip


def test_looking_the_other_way_turns_it_round_and_one_version_changes_nothing(data: Path) -> None:
    """Any two versions can be compared."""
    assert told(data, *questions(), old=2, new=1)["t1"] == ({"b"}, set())
    assert told(data, *questions(), old=1, new=1) == {}
    with pytest.raises(UnknownError, match="has no version 7"):
        told(data, old=7)


def test_filters_are_those_of_the_question(data: Path) -> None:
    """A list that the older state did not have answers nothing then."""
    assert told(data, Saved(id=1, name="Karim Hassoun", types=["place"])) == {}
    assert told(data, Saved(id=1, name="Karim Hassoun", lists=["mine"])) == {1: (set(), {"b"})}
    assert told(data, Saved(id=1, name="Karim Hassoun", lists=["other"])) == {}


def kept(data: Path) -> dict[Path, int]:
    """Data directory -> when each file in it was changed, those aside that every reader may write."""
    files = (path for path in data.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm", ".sealed")))
    return {path: path.stat().st_mtime_ns for path in files}


def test_judgements_hold_in_both_states_and_nothing_is_written(data: Path, tmp_path: Path) -> None:
    """A difference comes from the list alone."""
    (tmp_path / "o.csv").write_text("id,name,type\nx,Other Person,person\n")
    publish.import_list(data, format="csv", file=tmp_path / "o.csv", list_name="other")
    judging.judge(data, "x", ["a"], verdict="same", by="ada")
    before = kept(data)
    assert told(data, Saved(id=1, name="Samir Al-Mithal"), Saved(id=2, name="Karim Hassoun")) == {2: (set(), {"b"})}
    assert kept(data) == before
    assert Resolver.open(data).index.merged == {"a": "x"}


@pytest.mark.parametrize("there", [True, False])
def test_what_was_prepared_for_the_served_state_is_not_prepared_again(
    data: Path, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it, the entities of the older state are; the answer is the same."""
    if not there:
        for path in (data / publish.PREPARED).iterdir():
            path.unlink()
    prepared, made = segments.prepared, []

    def counted(blobs: Iterable[bytes]) -> segments.Segment:
        held = list(blobs)
        made.extend(held)
        return prepared(held)

    monkeypatch.setattr(segments, "prepared", counted)
    assert told(data, Saved(id=1, name="Karim Hassoun")) == {1: (set(), {"b"})}
    assert len(made) == (0 if there else 2)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{", "JSON"), (b"[]", "object"), (b'{"id": 1}', "a text or a name"), (b'{"text": "a", "name": "b"}', "not both"),
        (b'{"name": 5}', "str"), (b'{"name": "a", "birth_date": "x"}', "birth_date"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_question_is_told_by_number(line: bytes, says: str) -> None:
    """And the rest goes on."""
    found = list(lookback.saved([b"\n", line, b'{"name": "b"}']))
    assert [number for number, _ in found] == [2, 3]
    assert says in str(found[0][1])
    assert found[1][1] == Saved(id=3, name="b")


def test_the_command_tells_as_a_table_and_as_lines(data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With a count at the end; a bad line is exit status 65."""
    corpus = tmp_path / "texts.jsonl"
    corpus.write_text("\n".join(map(json.dumps, CORPUS)))
    where = ["--list", "mine", "--corpus", str(corpus), "--data", str(data)]
    assert cli.run(["lookback", *where]) == 0
    out, err = capfd.readouterr()
    assert out.splitlines()[0].startswith("text t1: - Karim Hassoun (b, ")
    assert "mine: version 1 -> 2: 4 of 6 are answered differently" in err
    assert cli.run(["lookback", "--json", "--from", "1", "--to", "2", *where]) == 0
    assert [json.loads(line)["id"] for line in capfd.readouterr().out.splitlines()] == ["t1", "t3", "n1", 6]
    corpus.write_text('{"name": "Karim Hassoun"}\nx\n')
    assert cli.run(["lookback", *where]) == 65
    assert "line 2: " in capfd.readouterr().err
    assert cli.run(["lookback", "--strict", *where]) == 65
    assert cli.run(["lookback", "--list", "none", "--corpus", str(corpus), "--data", str(data)]) == 2
