"""Entities -> a generation directory: names are prepared in segments, by several processes, and then put together.

What was prepared for a build before is taken from its segments when the entity has not changed; the same entities give the same
bytes, whatever was prepared when and by how many processes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from aliases.entity import Entity
from aliases.errors import TooLargeError
from resolver import assemble, entries, name_tables, segments, traits, trie
from resolver.gathering import Whole
from resolver.index import check_of, stamp
from resolver.preparers import Preparers

ALIGNMENT = 64  # a cache line; every array begins on one
CHUNK = 10_000  # names that are prepared together
PARALLEL = 5 * CHUNK  # names from which on worker processes pay for their start
MAX_JOBS = 8
KEEP = 0.5  # share of a segment that must still be in use for it to be kept for the next build

Progress = Callable[[int, int | None, str], None]
Arrays = Mapping[str, "memoryview | array[int] | array[float]"]
_STEPS = 12  # in which a generation is put together


def compile_generation(
    entities: Iterable[Entity],
    directory: Path,
    *,
    stamp_more: Mapping[str, object] | None = None,
    progress: Progress | None = None,
    prepared: Path | None = None,
    jobs: int | None = None,
) -> str:
    """Entities sorted by id -> a complete generation in `directory`, which must not exist yet; returns its id, a digest.

    `prepared`: a directory where what was prepared is kept for the next build. `jobs`: processes that prepare names, at most;
    one for each core without.
    """
    report = progress or (lambda done, total, phase: None)
    directory.mkdir(parents=True)
    with _room(directory, prepared) as room:
        gathered = _Gathered(room, jobs=_cores() if jobs is None else jobs)
        whole = gathered.whole(entities, report)
        with _Writer(directory / "arrays.bin") as writer:
            counts = _put_together(whole, writer, report)
        manifest = {**stamp(), **(stamp_more or {}), **counts, "list_sets": whole.list_sets[0]}
        gathered.tidy()
    identity = _finish(directory, writer, manifest)
    report(counts["aliases"], counts["aliases"], "done")
    return identity


def _cores() -> int:
    return min(MAX_JOBS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@contextmanager
def _room(directory: Path, prepared: Path | None) -> Iterator[Path]:
    """-> the directory of segments: the one that is kept, or one that is removed at the end."""
    if prepared is not None:
        prepared.mkdir(parents=True, exist_ok=True)
        yield prepared
        return
    room = directory / "preparing"
    room.mkdir()
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


class _Gathered:
    """Segments in a directory: those that are there, and those that are made for entities that no segment has."""

    def __init__(self, room: Path, *, jobs: int) -> None:
        self._room, self._jobs = room, jobs
        self._paths = sorted(room.glob("*.segment"))
        self._segments: list[segments.Segment] = []
        self._known: dict[bytes, int] = {}  # digest of an entity -> its number in all segments, one behind the other
        for path in room.glob("*.chunk"):  # of a build that was cut short
            path.unlink()
        self._read_kept()
        self._kept = len(self._known)

    def _read_kept(self) -> None:
        usable = []
        for path in self._paths:
            segment = segments.read(path)
            if segment is None:
                path.unlink()
            else:
                usable.append(path)
                self._add(segment)
        self._paths = usable

    def _add(self, segment: segments.Segment) -> None:
        first = self._count
        self._segments.append(segment)
        self._known.update((digest, first + at) for at, digest in enumerate(segment.digests()))

    @property
    def _count(self) -> int:
        return sum(segment.count for segment in self._segments)

    def whole(self, entities: Iterable[Entity], report: Progress) -> Whole:
        """Entities -> their columns, from the segments that are there and from new ones."""
        order = array("I")
        next_number = self._count
        for number, (known, new) in enumerate(self._prepared(entities), 1):
            order.append(next_number if known is None else known)
            next_number += new
            if number % 1000 == 0:
                report(number, None, "read")
        for path in self._paths[len(self._segments) :]:
            segment = segments.read(path)
            if segment is None:
                raise TooLargeError(
                    f"{path} does not read back as it was written: is there room on the disk, and was aka left as it is meanwhile?"
                )
            self._segments.append(segment)
        self._order = memoryview(order)
        return Whole(self._segments, self._order)

    def _prepared(self, entities: Iterable[Entity]) -> Iterator[tuple[int | None, bool]]:
        """Entities -> for each its number among what was prepared before (None: it is prepared now), and whether it is new."""
        encode = msgspec.msgpack.Encoder().encode
        waiting: list[bytes] = []
        names = total = 0
        with _Line(self._room, self._paths, jobs=self._jobs) as line:
            for entity in entities:
                blob = encode(entity)
                known = self._known.get(segments.digest_of(blob)) if self._kept else None
                if known is None:
                    waiting.append(blob)
                    names += 1 + len(entity.aliases)
                    if names >= CHUNK:
                        total += names
                        line.add(waiting)
                        waiting, names = [], 0
                yield known, known is None
            if waiting:
                line.add(waiting)
            line.finish()

    def tidy(self) -> None:
        """Drop segments that are hardly used any more."""
        used = [0] * len(self._segments)
        numbers = sorted(self._order)
        at = 0
        first = 0
        for place, segment in enumerate(self._segments):
            first += segment.count
            start = at
            while at < len(numbers) and numbers[at] < first:
                at += 1
            used[place] = at - start
        for path, segment, count in zip(self._paths, self._segments, used, strict=True):
            if count < KEEP * segment.count:
                path.unlink(missing_ok=True)


class _Line:
    """Chunks of new entities on their way to segments; worker processes are started when there is enough for them."""

    def __init__(self, room: Path, paths: list[Path], *, jobs: int) -> None:
        self._room, self._paths, self._jobs = room, paths, jobs
        self._held: list[tuple[list[bytes], Path]] = []
        self._preparers: Preparers | None = None

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *failure: object) -> None:
        if self._preparers:
            self._preparers.__exit__(*failure)  # type: ignore[arg-type]

    def add(self, blobs: list[bytes]) -> None:
        """Encoded entities -> one more segment."""
        path = self._room / f"{hashlib.blake2b(b''.join(blobs), digest_size=12).hexdigest()}.segment"
        self._paths.append(path)
        if self._preparers:
            self._preparers.prepare(blobs, path)
            return
        self._held.append((blobs, path))
        if self._jobs > 1 and len(self._held) * CHUNK >= PARALLEL:
            self._start(jobs=self._jobs)

    def _start(self, *, jobs: int) -> None:
        self._preparers = Preparers(jobs=jobs)
        for blobs, path in self._held:
            self._preparers.prepare(blobs, path)
        self._held.clear()

    def finish(self) -> None:
        """Until every segment is there."""
        if self._preparers is None:
            self._start(jobs=0)
        assert self._preparers  # noqa: S101
        self._preparers.finish()


# ---------------------------------------------------------------- put together


def _put_together(whole: Whole, writer: _Writer, report: Progress) -> dict[str, int]:
    """Columns of all entities -> the arrays of the generation, written one after the other; how many entities and aliases."""
    step = iter(range(1, _STEPS + 1))

    def write(arrays: Arrays) -> None:
        writer.add(arrays)
        report(next(step, _STEPS), _STEPS, "assemble")

    flags, first_alias = whole.spans("flags", "alias_at")
    count = len(flags)
    if count >= 1 << (32 - entries.ENTERED_BITS):
        raise TooLargeError(f"{count} names are too many for one index, at most {(1 << (32 - entries.ENTERED_BITS)) - 1}")
    owner = assemble.room("I", count)
    assemble.owners(first_alias, owner)
    write(_entity_arrays(whole) | {"alias_flags": flags, "alias_entity": owner, "entity_first_alias": first_alias[:-1]})
    write(_exact_arrays(whole))
    write({name: whole.spans(name, "alias_at")[0] for name in traits.NAMES})
    write(trie.letter_arrays())
    for prefix in ("scan_", entries.PREFIX):
        write(_trie_arrays(whole, prefix, first_alias))
    rows, words = name_tables.rows_of(whole, first_alias), name_tables.words_of(whole)
    writer.add(name_tables.form_arrays(whole, words, entries.PREFIX))
    for arrays in name_tables.build(rows, words):
        writer.add(arrays)
    report(_STEPS, _STEPS, "assemble")
    return {"entities": whole.count, "aliases": count}


def _entity_arrays(whole: Whole) -> dict[str, memoryview]:
    blob, blob_at = whole.spans("blob", "blob_at")
    ids, id_at = whole.spans("id", "id_at")
    folded, folded_at = whole.spans("folded", "folded_at")
    return {
        "entity_blob": blob, "entity_blob_at": blob_at, "entity_ids": ids, "entity_id_at": id_at, "folded": folded,
        "folded_at": folded_at, "entity_type": whole.items("type"), "entity_list_set": whole.list_sets[1],
    }  # fmt: skip


def _exact_arrays(whole: Whole) -> dict[str, memoryview]:
    """Keys of the folded names, sorted, and the alias of each; names without a letter have none."""
    keys, _ = whole.spans("exact", "alias_at")
    numbers = memoryview(array("I", range(len(keys))))
    assemble.sort_wide(keys, numbers, assemble.room("Q", len(keys)), assemble.room("I", len(keys)))
    empty = next((at for at, key in enumerate(keys) if key), len(keys))
    return {"exact_hash": keys[empty:], "exact_alias": numbers[empty:]}


def _trie_arrays(whole: Whole, prefix: str, first_alias: memoryview) -> Mapping[str, trie.Array]:
    keys, _ = whole.spans(prefix + "keys", prefix + "keys_at")
    sizes, _ = whole.spans(prefix + "size", prefix + "at")
    numbers, at = whole.spans(prefix + "alias", prefix + "at")
    owner = assemble.room("I", len(numbers))
    assemble.owners(at, owner)
    assemble.add_starts(numbers, owner, first_alias)
    if prefix == entries.PREFIX:
        assemble.tag_all(numbers, entries.ENTERED_BITS, whole.spans(prefix + "entered", prefix + "at")[0])
        return trie.assembled(prefix, keys, sizes, numbers)
    return trie.assembled(prefix, keys, sizes, numbers, whole.spans("alias_traits", "alias_at")[0])


# ---------------------------------------------------------------- write


class _Writer:
    """Arrays -> one file, one behind the other, with the SHA-256 of all of it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._digest = hashlib.sha256()
        self._size = 0
        self.places: dict[str, list[object]] = {}

    def add(self, arrays: Arrays) -> None:
        """Arrays by their names -> the end of the file."""
        for name in sorted(arrays):
            values = memoryview(arrays[name])
            raw = values.cast("B")
            self.places[name] = [values.format, self._size, len(raw)]
            self._put(raw)
            self._put(bytes(-len(raw) % ALIGNMENT))

    def _put(self, raw: bytes | memoryview) -> None:
        self._file.write(raw)
        self._digest.update(raw)
        self._size += len(raw)

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *failure: object) -> None:
        with self._file:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())

    @property
    def sha256(self) -> str:
        """-> that of all that was written."""
        return self._digest.hexdigest()


def _finish(directory: Path, writer: _Writer, manifest: Mapping[str, object]) -> str:
    """Written arrays -> the manifest beside them; returns the id of the generation."""
    identity = hashlib.sha256(f"{writer.sha256} {json.dumps(stamp(), sort_keys=True)}".encode()).hexdigest()[:16]
    whole = {**manifest, "id": identity, "arrays": writer.places, "sha256": writer.sha256}
    whole["check"] = check_of(whole)
    with (directory / "manifest.json").open("wb") as file:
        file.write(json.dumps(whole, indent=1, sort_keys=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    _sync_directory(directory)
    return identity


def _sync_directory(directory: Path) -> None:
    if os.name == "posix":
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
