"""Arrow record batches of texts -> record batches of mentions: the kernel that Spark, Dask, Ray, DuckDB and Polars run.

Needs the extra `arrow`; the rest of aka does not import it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aliases.errors import AkaError, InvalidError
from resolver.match import Mention
from resolver.resolve import Resolver

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError as error:
    raise ImportError("Arrow batches need pyarrow: pip install 'aka-resolver[arrow]'") from error

if TYPE_CHECKING:
    from resolver.mentions import Overlaps

ROWS = 1_000  # texts in memory at once: at some kilobytes each a few megabytes, and a bar that moves
OPEN_RESOLVERS = 4  # data directories that one process keeps mapped
PART = ".part"  # ending of a file that is being written

# One row a mention. `row` is the place of the text among all that went in, from 0, or the value of the id column.
SCHEMA = pa.schema(
    [
        pa.field("start", pa.int32(), nullable=False),  # code points of the text, half-open
        pa.field("end", pa.int32(), nullable=False),
        pa.field("surface", pa.string(), nullable=False),  # the text from start to end, verbatim
        pa.field("entity_id", pa.string(), nullable=False),
        pa.field("entity_name", pa.string(), nullable=False),
        pa.field("entity_type", pa.string(), nullable=False),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("matched", pa.string(), nullable=False),  # the listed form that won
        pa.field("kind", pa.string(), nullable=False),
        pa.field("alternatives", pa.list_(pa.string()), nullable=False),  # ids of other entities that it could mean, best first
    ]
)


def output_schema(schema: pa.Schema, *, id: str | None = None) -> pa.Schema:
    """Schema of the texts -> schema of the mentions: `row` (or the id column, in its own type), then SCHEMA."""
    if id in SCHEMA.names:
        raise InvalidError(f"the id column '{id}' has the name of a column of the answer: rename it")
    first = pa.field("row", pa.int64(), nullable=False) if id is None else schema.field(_place(schema, id))
    return pa.schema([first, *SCHEMA])


def mention_batches(
    batches: Iterable[pa.RecordBatch],
    *,
    column: str = "text",
    data: str | PathLike[str] | Resolver | None = None,
    id: str | None = None,
    types: Iterable[str] | None = None,
    lists: Iterable[str] | None = None,
    min_score: float | None = None,
    overlaps: Overlaps = "longest",
) -> Iterator[pa.RecordBatch]:
    """Batches with a column of texts -> for each a batch of its mentions (`output_schema`), in order; null texts have none.

    `data` is a data directory, None for the shipped seeds; each process opens it once. `id` names a column whose value
    tells the texts apart in place of their number. Raises InvalidError when a column is missing or no text.
    """
    resolver = _opened(_resolved(data)) if data is None or isinstance(data, str | PathLike) else data
    asked: dict[str, Any] = {
        "types": types and list(types), "lists": lists and list(lists), "min_score": min_score, "overlaps": overlaps,
    }  # fmt: skip

    def find(text: str) -> list[Mention]:
        return resolver.mentions(text, **asked)

    first = 0
    for batch in batches:
        schema = output_schema(batch.schema, id=id)
        rows = range(first, first + batch.num_rows) if id is None else batch.column(_place(batch.schema, id))
        yield _mentions_of(batch, column, rows, schema, find)
        first += batch.num_rows


def _resolved(data: str | PathLike[str] | None) -> str | None:
    return None if data is None else str(Path(data).resolve())


@lru_cache(maxsize=OPEN_RESOLVERS)
def _opened(data: str | None) -> Resolver:
    """Data directory -> its Resolver; a worker process gets many batches of one job and opens the data once."""
    return Resolver.open(data)


def _mentions_of(
    batch: pa.RecordBatch, column: str, rows: Any, schema: pa.Schema, find: Callable[[str], list[Mention]]
) -> pa.RecordBatch:
    texts = batch.column(_place(batch.schema, column))
    if pa.types.is_dictionary(texts.type):
        texts = texts.dictionary_decode()
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type) or pa.types.is_string_view(texts.type)):
        raise InvalidError(f"the column '{column}' has the type {texts.type}: name a column of strings")
    places: list[int] = []
    found: list[Mention] = []
    for place, text in enumerate(texts.to_pylist()):
        mentions = find(text) if text else []
        places += [place] * len(mentions)
        found += mentions
    first = pa.array(places, pa.int64())
    first = pa.array([rows[place] for place in places], pa.int64()) if isinstance(rows, range) else rows.take(first)
    values = zip(*(_values(mention) for mention in found), strict=True) if found else ([] for _ in SCHEMA)
    arrays = [pa.array(list(column_values), field.type) for column_values, field in zip(values, SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays([first, *arrays], schema=schema)


def _values(mention: Mention) -> tuple[Any, ...]:
    """Mention -> its values in the order of SCHEMA."""
    entity = mention.entity
    return (
        mention.start, mention.end, mention.surface, entity.id, entity.name, entity.type, round(mention.score, 4),
        mention.matched, mention.kind, [other.id for other in mention.alternatives],
    )  # fmt: skip


def _place(schema: pa.Schema, column: str) -> int:
    places: list[int] = schema.get_all_field_indices(column)
    if len(places) != 1:
        what = "stands twice" if places else "is not there"
        raise InvalidError(f"the column '{column}' {what}: there are {', '.join(schema.names) or 'none'}")
    return places[0]


# ---------------------------------------------------------------- files


def mention_files(
    source: Path, out: Path, *, progress: Callable[[int, int | None, str], None] | None = None, **asked: Any
) -> tuple[int, int]:
    """Directory of Parquet files -> one file of mentions in `out` for each, under the same name; (made, were there).

    `asked` is what `mention_batches` takes. A file that is there already is left: a run that was stopped goes on where it
    was, since each file is written beside its place and renamed when it is whole. `out` remembers what it was made with;
    InvalidError when that differs, when `source` holds no Parquet file, or when `out` lies in it.
    """
    resolver, left, there = plan(source, out, asked)
    asked = {**asked, "data": resolver}
    for done, (file, target) in enumerate(left):
        if progress is not None:
            progress(there + done, there + len(left), "files")
        write(file, target, asked)
    if progress is not None:
        progress(there + len(left), there + len(left), "files")
    return len(left), there


def plan(source: Path, out: Path, asked: dict[str, Any]) -> tuple[Resolver, list[tuple[Path, Path]], int]:
    """What `mention_files` takes -> the resolver that answers, files and targets still to be made, how many are there."""
    if out.resolve().is_relative_to(source.resolve()):
        raise InvalidError(f"{out} lies in {source}, where it would be read as well: give a directory beside it")
    files = sorted(source.rglob("*.parquet")) if source.is_dir() else []
    if not files:
        raise InvalidError(f"there is no Parquet file in {source}: name a directory with files that end in .parquet")
    resolver = _opened(_resolved(asked.get("data")))
    _remember(out, resolver, asked)
    pairs = [(file, out / file.relative_to(source)) for file in files]
    left = [(file, target) for file, target in pairs if not target.exists()]
    return resolver, left, len(pairs) - len(left)


def _remember(out: Path, resolver: Resolver, asked: dict[str, Any]) -> None:
    """What the mentions are made with -> noted in `out`, or compared with what is noted there."""
    options = " ".join(f"{name}={asked[name]!r}" for name in sorted(asked) if name != "data" and asked[name] is not None)
    now = f"generation={resolver.generation} {options}\n"
    note = out / "_aka"  # readers of Parquet directories pass over names with an underscore
    out.mkdir(parents=True, exist_ok=True)
    if not note.exists():
        note.write_text(now, encoding="utf-8")
    before = note.read_text(encoding="utf-8")
    if before != now:
        raise InvalidError(f"{out} was made with {before.strip()}, now it is {now.strip()}: give another --out, or empty it")


def write(file: Path, target: Path, asked: dict[str, Any]) -> None:
    """File of texts and what is asked -> its mentions in `target`, whole or not at all; InvalidError names the file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + PART)
    try:
        with pq.ParquetFile(file) as texts:
            schema = output_schema(texts.schema_arrow, id=asked.get("id"))
            with pq.ParquetWriter(part, schema, compression="zstd") as writer:
                for batch in mention_batches(texts.iter_batches(batch_size=ROWS), **asked):
                    writer.write_batch(batch)
        with part.open("rb") as written:
            os.fsync(written.fileno())  # what has its name must be whole, also after the power went
        part.replace(target)
    except (AkaError, pa.ArrowException, OSError) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        detail = error.detail if isinstance(error, AkaError) else str(error).splitlines()[0]
        raise InvalidError(f"{file}: {detail}") from error
