"""Mentions on a Spark cluster: the generation is shipped to each executor once, and the answers are those of one machine.

Needs the extra `spark` and Java 17 on every machine, and aka itself in the Python of the executors.
"""

from __future__ import annotations

import os
import sys
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from aliases.errors import AkaError, InvalidError
from resolver import arrow
from resolver.index import Index
from resolver.resolve import Resolver

try:
    from pyspark import SparkContext, SparkFiles
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql import types as sql
except ImportError as error:
    raise ImportError("mentions on Spark need PySpark: pip install 'aka-resolver[spark]'") from error

if TYPE_CHECKING:
    import pyarrow as pa

    from resolver.mentions import Overlaps

FILES = ("manifest.json", "arrays.bin")  # of a generation
_POLL_SECONDS = 0.5  # between two looks at how far a job is

_shipped: dict[tuple[str, str], TemporaryDirectory[str]] = {}  # application and generation -> the archive on the driver


def mentions(
    frame: DataFrame,
    *,
    column: str = "text",
    id: str = "id",
    data: str | PathLike[str] | None = None,
    types: Iterable[str] | None = None,
    lists: Iterable[str] | None = None,
    min_score: float | None = None,
    overlaps: Overlaps = "longest",
) -> DataFrame:
    """DataFrame with a column of texts and one that tells them apart -> DataFrame of mentions, with `arrow.SCHEMA` behind the id.

    `data` is a data directory of the driver, None for the shipped seeds. Raises InvalidError when a column is missing or no text.
    """
    schema = output_schema(frame.schema, column=column, id=id)
    name = ship(frame.sparkSession.sparkContext, Resolver.open(data))
    asked: dict[str, Any] = {
        "types": types and list(types), "lists": lists and list(lists), "min_score": min_score, "overlaps": overlaps,
    }  # fmt: skip

    def find(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return arrow.mention_batches(batches, column=column, id=id, data=_opened(name), **asked)

    return frame.select(id, column).mapInArrow(find, schema)


def output_schema(schema: sql.StructType, *, column: str, id: str) -> sql.StructType:
    """Schema of the texts -> that of the mentions; InvalidError when a column cannot be used."""
    for name in (column, id):
        if name not in schema.names:
            raise InvalidError(f"the column '{name}' is not there: there are {', '.join(schema.names) or 'none'}")
    if not isinstance(schema[column].dataType, sql.StringType):
        raise InvalidError(f"the column '{column}' has the type {schema[column].dataType.simpleString()}: name one of strings")
    if id in arrow.SCHEMA.names:
        raise InvalidError(f"the id column '{id}' has the name of a column of the answer: rename it")
    kinds = {"int32": sql.IntegerType(), "double": sql.DoubleType(), "string": sql.StringType()}
    fields = [
        sql.StructField(field.name, kinds.get(str(field.type), sql.ArrayType(sql.StringType())), nullable=False)
        for field in arrow.SCHEMA
    ]
    return sql.StructType([schema[id], *fields])


def ship(context: SparkContext, resolver: Resolver) -> str:
    """Resolver -> its generation goes to each executor once, as one file that Spark unpacks there; the name it has there."""
    name = f"aka-{resolver.generation}"
    key = (context.applicationId, name)
    if key not in _shipped:
        directory = TemporaryDirectory(prefix="aka-spark-")
        archive = Path(directory.name) / f"{name}.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
            for file in FILES:
                packed.write(resolver.index.directory / file, file)
        context.addArchive(f"{archive}#{name}")
        _shipped[key] = directory
    return name


@lru_cache(maxsize=arrow.OPEN_RESOLVERS)
def _opened(name: str) -> Resolver:
    """Name of a shipped generation -> its Resolver: each worker process maps the one copy of its executor, and once."""
    return Resolver(Index.open(Path(SparkFiles.get(name))))


# ---------------------------------------------------------------- files


def mention_files(
    source: Path, out: Path, *, progress: Callable[[int, int | None, str], None] | None = None, **asked: Any
) -> tuple[int, int]:
    """As `arrow.mention_files`, and the same files, each made by a task of Spark; both directories must be reachable from all.

    The session is the one there is (that of `spark-submit`), else a local one over all processors.
    """
    resolver, left, there = arrow.plan(source, out, asked)
    if left:
        with _session() as session:
            _run(session.sparkContext, resolver, left, there=there, asked=asked, progress=progress)
    if progress is not None:
        progress(there + len(left), there + len(left), "files")
    return len(left), there


def _session() -> SparkSession:
    if "PYSPARK_GATEWAY_PORT" not in os.environ and "SPARK_HOME" not in os.environ:
        # Neither spark-submit nor a Spark of its own: the workers start on this machine, and aka is in this very Python.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("aka mentions").config("spark.ui.showConsoleProgress", "false")
    session: SparkSession = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _run(
    context: SparkContext,
    resolver: Resolver,
    left: list[tuple[Path, Path]],
    *,
    there: int,
    asked: dict[str, Any],
    progress: Callable[[int, int | None, str], None] | None,
) -> None:
    name = ship(context, resolver)
    options = {key: value for key, value in asked.items() if key != "data"}

    def make(pair: tuple[str, str]) -> str:
        try:
            arrow.write(Path(pair[0]), Path(pair[1]), {**options, "data": _opened(name)})
        except AkaError as error:
            return error.detail
        return ""

    pairs = [(str(file.resolve()), str(target.resolve())) for file, target in left]
    tasks = context.parallelize(pairs, len(pairs)).map(make)
    told: list[str] = []
    failed: list[Exception] = []

    def collect() -> None:
        try:
            context.setJobGroup(name, "aka mentions")
            told.extend(tasks.collect())
        except Exception as error:
            failed.append(error)

    job = threading.Thread(target=collect, daemon=True)
    job.start()
    while job.is_alive():
        job.join(_POLL_SECONDS)
        if progress is not None:
            progress(there + _done(context, name), there + len(left), "files")
    if failed:
        raise failed[0]
    wrong = [detail for detail in told if detail]
    if wrong:
        raise InvalidError(wrong[0])


def _done(context: SparkContext, group: str) -> int:
    """Context and a job group -> how many of its tasks are done."""
    tracker = context.statusTracker()
    jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
    stages = [tracker.getStageInfo(stage) for job in jobs if job is not None for stage in job.stageIds]
    return sum(stage.numCompletedTasks for stage in stages if stage is not None)
