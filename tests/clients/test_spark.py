"""Spark itself: in one process, and with two worker processes that get the generation; the answers of one machine each time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

if shutil.which("java") is None:
    pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless", allow_module_level=True)
pytest.importorskip("pyspark", reason="PySpark is not installed: pip install 'aka-resolver[spark]'")
pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: pip install 'aka-resolver[arrow]'")

import pyarrow as pa  # noqa: E402

from resolver import arrow  # noqa: E402

ROOT = Path(__file__).parent.parent.parent
TEXTS = [
    "ISIS left دير الزور 😀 for Raqqa.", None, "", "Nothing here.", "Fighters of Daesch in Deir Ezzor", "القوات في دير الزور",
]  # fmt: skip
ROWS = 600

# A session lives in a process of its own: it changes signal handlers and threads of the one that starts it.
PROGRAM = """
import sys
from pyspark.sql import SparkSession
from resolver import spark
source, out = sys.argv[1:]
for master in ("local[2]", "local-cluster[2,1,1024]"):
    session = (
        SparkSession.builder.master(master).appName("test").config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2").config("spark.sql.execution.arrow.maxRecordsPerBatch", "100").getOrCreate()
    )
    assert session.sparkContext.master == master
    texts = session.read.parquet(source).repartition(4)
    spark.mentions(texts, column="body", id="doc").write.parquet(f"{out}/{master}")
    for asked in ({"column": "nobody", "id": "doc"}, {"column": "doc", "id": "body"}):
        try:
            spark.mentions(texts, **asked)
        except spark.InvalidError as error:
            print(error)
    session.stop()
"""


def environment(cache: Path) -> dict[str, str]:
    python = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    return {**os.environ, **python, "AKA_CACHE": str(cache), "PYTHONPATH": str(ROOT), "SPARK_LOCAL_IP": "127.0.0.1"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("spark") / "texts"
    directory.mkdir()
    for name in ("a", "b"):
        docs = [row if name == "a" else ROWS + row for row in range(ROWS)]
        table = pa.table({"doc": pa.array(docs, pa.int64()), "body": [TEXTS[doc % len(TEXTS)] for doc in docs]})
        pq.write_table(table, directory / f"{name}.parquet")
    return directory


@pytest.fixture(scope="module")
def expected(source: Path) -> list[dict[str, Any]]:
    batches = [batch for file in sorted(source.glob("*.parquet")) for batch in pq.read_table(file).to_batches()]
    return [row for found in arrow.mention_batches(batches, column="body", id="doc") for row in found.to_pylist()]


def ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["doc"], row["start"]))


def test_one_process_and_a_cluster_of_two_give_the_answers_of_one_machine(
    source: Path, expected: list[dict[str, Any]], cache: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", PROGRAM, str(source), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(cache), cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-3_000:]
    assert len(expected) > ROWS
    for master in ("local[2]", "local-cluster[2,1,1024]"):
        found = pq.read_table(tmp_path / master)
        assert found.schema.names == ["doc", *arrow.SCHEMA.names]
        assert ordered(found.to_pylist()) == ordered(expected)
    assert "the column 'nobody' is not there: there are doc, body" in done.stdout
    assert "the column 'doc' has the type bigint" in done.stdout


def command(source: Path, out: Path, *more: str) -> list[str]:
    program = "from resolver.cli import main; main()"
    return [
        sys.executable, "-c", program, "mentions", "--parquet", str(source), "--out", str(out), "--field", "body", "--id", "doc", *more
    ]  # fmt: skip


def test_the_command_makes_the_files_of_the_local_one_goes_on_where_it_was_and_names_a_broken_one(
    source: Path, cache: Path, tmp_path: Path
) -> None:
    def run(engine: str) -> subprocess.CompletedProcess[str]:
        line = command(source, tmp_path / engine, "--engine", engine)
        return subprocess.run(line, capture_output=True, text=True, check=False, env=environment(cache))

    assert "2 files made, 0 were there" in run("local").stderr
    shutil.copytree(tmp_path / "local", tmp_path / "spark")
    (tmp_path / "spark" / "b.parquet").unlink()
    there = (tmp_path / "spark" / "a.parquet").stat().st_mtime_ns
    (source / "c.parquet").write_bytes(b"PAR1 not really")
    done = run("spark")
    (source / "c.parquet").unlink()
    assert done.returncode == 65
    assert "c.parquet" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(file.name for file in (tmp_path / "spark").glob("*.parquet")) == ["a.parquet", "b.parquet"]
    assert (tmp_path / "spark" / "a.parquet").stat().st_mtime_ns == there
    assert pq.read_table(tmp_path / "local" / "b.parquet") == pq.read_table(tmp_path / "spark" / "b.parquet")
