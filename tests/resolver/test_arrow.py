"""Arrow batches and Parquet files: the answers of the library, row for row, and a run that can be stopped and gone on with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'aka-resolver[arrow]'")

import pyarrow.parquet as pq  # noqa: E402

from aliases.errors import InvalidError  # noqa: E402
from resolver import arrow, cli  # noqa: E402
from resolver.resolve import Resolver  # noqa: E402
from tests.resolver.fake import FakeResolver  # noqa: E402

TEXTS = ["ISIS left دير الزور 😀 for Raqqa", None, "", "nothing", "Islamic State"]


def batch(texts=TEXTS, **columns):
    return pa.RecordBatch.from_pydict({"body": pa.array(texts, pa.string()), **columns})


def rows(batches, **asked):
    return [
        row for found in arrow.mention_batches(batches, column="body", data=FakeResolver(), **asked) for row in found.to_pylist()
    ]


def test_every_mention_is_a_row_with_the_number_of_its_text():
    found = rows([batch()])
    assert [(row["row"], row["surface"], row["entity_id"]) for row in found] == [
        (0, "ISIS", "islamic-state"),
        (0, "دير الزور", "deir-ez-zor"),
        (0, "Raqqa", "raqqa"),
        (4, "Islamic State", "islamic-state"),
    ]
    assert all(TEXTS[row["row"]][row["start"] : row["end"]] == row["surface"] for row in found)
    assert (
        found[0] | {"entity_name": "Islamic State", "entity_type": "organization", "score": 0.9877, "matched": "ISIS"} == found[0]
    )
    assert (found[0]["kind"], found[0]["alternatives"]) == ("exact", ["state"])


def test_rows_are_counted_through_all_batches():
    assert [row["row"] for row in rows([batch(["Raqqa"]), batch([]), batch(["x", "Raqqa"])])] == [0, 2]


def test_an_id_column_comes_back_in_its_own_type():
    (found,) = arrow.mention_batches([batch(doc=["a", "b", "c", "d", "e"])], column="body", id="doc", data=FakeResolver())
    assert found.schema.names == ["doc", *arrow.SCHEMA.names]
    assert found.column("doc").to_pylist() == ["a", "a", "a", "e"]
    (empty,) = arrow.mention_batches([batch([], doc=pa.array([], pa.int8()))], column="body", id="doc", data=FakeResolver())
    assert (empty.num_rows, empty.schema.field("doc").type) == (0, pa.int8())


def test_every_batch_has_the_documented_schema_also_without_mentions():
    for texts in (TEXTS, [], ["nothing"], [None]):
        (found,) = arrow.mention_batches([batch(texts)], column="body", data=FakeResolver())
        assert found.schema == arrow.output_schema(batch(texts).schema)


@pytest.mark.parametrize("kind", [pa.large_string(), pa.dictionary(pa.int8(), pa.string())])
def test_strings_of_every_arrow_kind_are_read(kind):
    texts = (
        pa.array(["Raqqa", None]).cast(kind)
        if not pa.types.is_dictionary(kind)
        else pa.array(["Raqqa", None]).dictionary_encode()
    )
    assert len(rows([pa.RecordBatch.from_pydict({"body": texts})])) == 1


def test_options_are_those_of_the_library():
    assert {row["entity_type"] for row in rows([batch()], types=["place"])} == {"place"}
    assert {row["entity_id"] for row in rows([batch()], lists=["un"])} == {"islamic-state"}
    assert len(rows([batch()], overlaps="all")) > len(rows([batch()]))


def test_the_answers_are_those_of_the_library():
    texts = ["ISIS lost Deir az-Zur, then Raqqa and Abu Kamal.", "Die Stadt Homs in Syrien.", "القوات في دير الزور"] * 3
    resolver = Resolver.open()
    expected = [(row, m.start, m.end, m.entity.id) for row, text in enumerate(texts) for m in resolver.mentions(text)]
    found = [row for part in arrow.mention_batches([batch(texts)], column="body") for row in part.to_pylist()]
    assert [(row["row"], row["start"], row["end"], row["entity_id"]) for row in found] == expected
    assert expected


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"column": "text"}, "'text' is not there: there are body, n"),
        ({"column": "n"}, "type int64"),
        ({"column": "body", "id": "doc"}, "'doc' is not there"),
        ({"column": "body", "id": "score"}, "rename"),
    ],
)
def test_a_column_that_cannot_be_used_is_told(asked, says):
    with pytest.raises(InvalidError, match=says):
        list(arrow.mention_batches([batch(n=[1, 2, 3, 4, 5])], data=FakeResolver(), **asked))


# ---------------------------------------------------------------- files


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    source = tmp_path / "texts"
    (source / "deep").mkdir(parents=True)
    for name, texts in {"a": ["ISIS lost Raqqa", None], "deep/b": ["nothing"], "c": ["In Homs."]}.items():
        pq.write_table(pa.table({"id": [f"{name}{n}" for n in range(len(texts))], "text": texts}), source / f"{name}.parquet")
    return source


def run(texts: Path, out: Path, *more: str) -> int:
    return cli.run(["mentions", "--parquet", str(texts), "--out", str(out), "--id", "id", *more])


def read(out: Path) -> list[dict]:
    return pq.read_table(out).to_pylist()


def test_every_file_gets_a_file_of_mentions_under_its_name(texts, tmp_path, capsys):
    assert run(texts, tmp_path / "out") == 0
    assert "3 files made, 0 were there" in capsys.readouterr().err
    made = sorted(str(file.relative_to(tmp_path / "out")) for file in (tmp_path / "out").rglob("*.parquet"))
    assert made == ["a.parquet", "c.parquet", "deep/b.parquet"]
    assert {row["entity_id"] for row in read(tmp_path / "out")} >= {"islamic-state", "homs"}
    assert {row["id"] for row in read(tmp_path / "out")} == {"a0", "c0"}


def test_a_run_that_was_stopped_goes_on_and_leaves_what_is_there(texts, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(texts, out) == 0
    whole = read(out)
    kept = (out / "a.parquet").stat().st_mtime_ns
    (out / "c.parquet").rename(out / "c.parquet.part")  # stopped while it was written
    assert run(texts, out) == 0
    assert "1 files made, 2 were there" in capsys.readouterr().err
    assert (out / "a.parquet").stat().st_mtime_ns == kept
    assert read(out) == whole
    assert not list(out.rglob("*.part"))


def test_a_run_with_other_options_does_not_mix_into_an_earlier_one(texts, tmp_path, capsys):
    assert run(texts, tmp_path / "out") == 0
    assert run(texts, tmp_path / "out", "--type", "place") == 65
    assert "give another --out" in capsys.readouterr().err


def test_a_file_that_is_broken_is_named_and_leaves_nothing(texts, tmp_path, capsys):
    (texts / "b.parquet").write_bytes(b"PAR1 not really")
    assert run(texts, tmp_path / "out") == 65
    assert "b.parquet" in capsys.readouterr().err
    assert not list((tmp_path / "out").glob("b.parquet*"))
    (texts / "b.parquet").unlink()
    assert run(texts, tmp_path / "out") == 0


def test_directories_that_cannot_be_used_are_told(texts, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty", tmp_path / "out") == 65
    assert "no Parquet file" in capsys.readouterr().err
    assert run(texts, texts / "out") == 65
    assert "beside it" in capsys.readouterr().err
    assert run(texts, tmp_path / "out2", "--field", "body") == 65
    assert "'body' is not there" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--jsonl"], ["--json"], ["--offsets", "utf8"], [__file__]])
def test_options_of_other_roads_are_refused(texts, tmp_path, more):
    assert run(texts, tmp_path / "out", *more) == 2
    assert cli.run(["mentions", "--out", str(tmp_path / "out")]) == 2


def test_without_pyarrow_the_message_says_what_to_install():
    program = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "import resolver\ntry:\n    import resolver.arrow\nexcept ImportError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'aka-resolver[arrow]'" in done.stdout


def test_without_pyspark_the_message_says_what_to_install(texts, tmp_path):
    program = (
        "import sys; sys.modules['pyspark'] = None\nfrom resolver.cli import run\n"
        f"sys.exit(run(['mentions', '--parquet', {str(texts)!r}, '--out', {str(tmp_path / 'out')!r}, '--engine', 'spark']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 65
    assert "pip install 'aka-resolver[spark]'" in done.stderr


def test_an_engine_goes_with_files_only(capfd):
    assert cli.run(["mentions", "--engine", "spark"]) == 2
    assert "--parquet" in capfd.readouterr().err
