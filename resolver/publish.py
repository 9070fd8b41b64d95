"""A published list -> a new version in the record and a new generation that is served: all of it, or nothing.

The order of steps makes every moment safe to be killed in (aliases.store says how the rest of a killed run is settled): the
rows are staged in one transaction; the generation is compiled from them beside the others, synced and verified; the rows are
committed, naming that generation; the pointer is switched by a rename; the rows are marked live. Readers see the switch only.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from aliases import changes, joined, review, sources
from aliases.entity import Entity
from aliases.errors import AkaError, DiskError, GuardError, InvalidError, MissingDataError, NotReadyError, Problem, UnknownError
from aliases.sources.drafts import Record
from aliases.store import FILE, POINTER, Store, Version, check_list_name, current_generation
from resolver import compiling, guards, index
from resolver.disk import Disk
from resolver.lock import LOCK, locked

Amended = TypeVar("Amended")
Progress = Callable[[int, int | None, str], None]  # done, of how many (None: unknown), phase

GENERATIONS = "generations"
PREPARED = "prepared"  # what was worked out for each entity, for the next generation; may be removed at any time
_DRAFT = ".draft"  # a generation that is being compiled; only the holder of the lock makes one
MERGED = "merged"  # in the manifest of a generation: id that was merged away -> id that stands for it
_PROBLEMS_KEPT = 1_000  # of the records that were rejected; all are counted


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What an import came to."""

    list: str
    version: int  # number within the list
    generation: str  # that answers now
    unchanged: bool  # the list is as it was: nothing was written
    entities: int
    added: int
    removed: int
    changed: int
    rejected: int
    sha256: str
    problems: tuple[Problem, ...] = ()  # the first records that were rejected, each with its line and why
    notes: tuple[str, ...] = ()  # what could not be tidied up afterwards; the import stands


def import_list(
    data: Path,
    *,
    format: str,
    file: Path,
    list_name: str,
    options: Mapping[str, Any] | None = None,
    force: bool = False,
    source: str = "",
    progress: Progress | None = None,
    disk: Disk | None = None,
) -> Summary:
    """Published list -> its next version in the data directory, served; the counts of what changed.

    `options` are keywords of the format's reader; `source` is where the file came from, its path without. BusyError when another
    writer holds the directory; InvalidError, MalformedError, TooLargeError or UnknownError for what is wrong with the file;
    GuardError, unless `force`, when it differs too much from the version before; DiskError when the disk failed. After any error
    everything is as it was.
    """
    check_list_name(list_name)
    records = sources.read(format, file, options=options)
    files = sources.files(format, file)
    sha256 = _digest(files)
    probes = [] if force else guards.probes(data)
    with _publishing(data, disk or Disk()) as (store, publication):
        sieve = _Sieve(records)
        version = store.stage(list_name, sieve, source=source or str(file), sha256=sha256, progress=_read_progress(progress))
        if sieve.rejected:
            version = store.note_rejected(version, count=sieve.rejected, problems=sieve.problems)
        if _digest(files) != sha256:
            raise InvalidError(f"{file} changed while it was read: try again when it is complete")
        old = current_generation(data)
        if version.unchanged and publication.usable(old) and not store.waiting():
            store.undo()
            return _summary(store.versions(list_name)[-1], old, unchanged=True, problems=sieve.problems)
        if not force:
            guards.check(version, store.version_before(version))
        generation = publication.compile(store, {**store.live_versions(), list_name: version.id}, progress)
        publication.probe(store, probes, generation)
        notes = publication.publish(store, version, generation)
        return _summary(version, generation, problems=sieve.problems, notes=notes)


def rollback(
    data: Path, *, list_name: str, number: int | None = None, progress: Progress | None = None, disk: Disk | None = None
) -> Summary:
    """List and number of one of its versions (the one before the last without) -> what it held then, served as a new version.

    The history only grows: going back is a version of its own. UnknownError when there is no such list or version.
    """

    def as_it_was(past: Store) -> Content:
        wanted = changes.version(past, list_name, number, before=1)
        source = f"rollback to version {wanted.number}: {wanted.source}"
        return Content(past.entities_at({list_name: wanted.id}), source, wanted.sha256)

    return restage(data, list_name, as_it_was, action="rollback", progress=progress, disk=disk)


class Content(NamedTuple):
    """What a version of a list is to hold, and where that comes from."""

    entities: Iterable[Entity]
    source: str
    sha256: str


def restage(
    data: Path,
    list_name: str,
    content: Callable[[Store], Content],
    *,
    action: str,
    progress: Progress | None = None,
    disk: Disk | None = None,
) -> Summary:
    """List, and what it is to hold by what the record says -> its next version, served; `action` is what the record notes.

    `content` gets the record as it was, on a connection that does not see what is staged meanwhile.
    """
    with _publishing(data, disk or Disk()) as (store, publication), Store.open(data / FILE) as past:
        entities, source, sha256 = content(past)
        version = store.stage(list_name, entities, source=source, sha256=sha256, progress=_read_progress(progress))
        old = current_generation(data)
        if version.unchanged and publication.usable(old):
            store.undo()
            return _summary(store.versions(list_name)[-1], old, unchanged=True, problems=())
        generation = publication.compile(store, {**store.live_versions(), list_name: version.id}, progress)
        notes = publication.publish(store, version, generation, action=action)
        return _summary(version, generation, problems=(), notes=notes)


class _Sieve:
    """Records -> their entities; the others are counted, and the first of them kept to be told."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = records
        self.rejected = 0
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[Entity]:
        for record in self._records:
            if isinstance(record, Entity):
                yield record
                continue
            self.rejected += 1
            if self.rejected <= _PROBLEMS_KEPT:
                self.problems.append(record)


def rebuild(data: Path, *, progress: Progress | None = None, disk: Disk | None = None) -> str:
    """Data directory -> id of its generation, compiled anew from the record: after an update of aka, or when it is damaged."""
    with _publishing(data, disk or Disk()) as (store, publication):
        generation = publication.compile(store, store.live_versions(), progress)
        publication.publish(store, None, generation)
        return generation


def amend(
    data: Path,
    change: Callable[[Store], Amended],
    *,
    serve: bool = True,
    progress: Progress | None = None,
    disk: Disk | None = None,
) -> tuple[Amended, str]:
    """Data directory and what commits a change to its record -> what that returns, and the generation that answers now.

    With `serve` the generation is compiled anew with the change. The change is kept even when that fails (DiskError) or is cut
    short: it then waits in the record, which says so, for the next import or `rebuild`.
    """
    if not (data / FILE).is_file():
        raise MissingDataError(f"there is no {FILE} in {data}: read a list in with aka import --data {data}")
    with _publishing(data, disk or Disk()) as (store, publication):
        amended = change(store)
        if not serve:
            return amended, current_generation(data)
        try:
            generation = publication.compile(store, store.live_versions(), progress)
            publication.publish(store, None, generation)
        except (OSError, sqlite3.OperationalError) as error:
            message = f"the change is recorded, but {data} could not be written ({error}), so it is not served yet"
            raise DiskError(f"{message}: make room, then run `aka rebuild`") from error
        return amended, generation


def digest_of(file: Path) -> str:
    """File, or folder of seeds -> SHA-256 of its content; UnknownError when there is none."""
    whole = hashlib.sha256()
    if file.is_dir():
        for path in sorted(file.rglob("*.toml")):
            whole.update(f"{path.relative_to(file).as_posix()}\0{digest_of(path)}\n".encode())
        return whole.hexdigest()
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                whole.update(chunk)
    except OSError as error:
        raise UnknownError(f"{file} cannot be read ({error.strerror}): check the path") from None
    return whole.hexdigest()


def _digest(files: Sequence[Path]) -> str:
    """The files that a list comes in -> one SHA-256; that of the file itself when it is only one."""
    digests = [digest_of(file) for file in files]
    return digests[0] if len(digests) == 1 else hashlib.sha256(" ".join(digests).encode()).hexdigest()


def _summary(
    version: Version, generation: str, *, problems: Sequence[Problem], unchanged: bool = False, notes: tuple[str, ...] = ()
) -> Summary:
    added, removed, changed = (0, 0, 0) if unchanged else (version.added, version.removed, version.changed)
    return Summary(
        list=version.list,
        version=version.number,
        generation=generation,
        unchanged=unchanged,
        entities=version.entities,
        added=added,
        removed=removed,
        changed=changed,
        rejected=version.rejected,
        sha256=version.sha256,
        problems=tuple(problems),
        notes=notes,
    )


def _read_progress(progress: Progress | None) -> Callable[[int], None] | None:
    return None if progress is None else lambda done: progress(done, None, "read")


@contextmanager
def _publishing(data: Path, disk: Disk) -> Iterator[tuple[Store, _Publication]]:
    """Data directory -> its record and a publication, under the lock; what a first import that failed had made is removed."""
    made_directory = not data.exists()
    with locked(data):
        made_record = not (data / FILE).exists()
        try:
            publication = _Publication(data, disk)
            publication.sweep()
            store = Store.open(data / FILE, write=True)
            try:
                yield store, publication
            finally:
                with suppress(OSError, sqlite3.Error):  # all that counts was committed, or is to be forgotten
                    store.close()
        except BaseException as error:
            if made_record and not current_generation(data):
                _remove_all(data, with_directory=made_directory)
            if isinstance(error, (OSError, sqlite3.OperationalError)):
                message = f"{data} could not be written ({error}), so nothing was changed: make room, then try again"
                raise DiskError(message) from error
            raise


def _remove_all(data: Path, *, with_directory: bool) -> None:
    """Undo the making of a data directory. The lock goes last: whoever waits for it looks whether it is still there."""
    with suppress(OSError):
        for suffix in ("", "-wal", "-shm", "-journal"):
            (data / f"{FILE}{suffix}").unlink(missing_ok=True)
        shutil.rmtree(data / PREPARED, ignore_errors=True)
        (data / GENERATIONS).rmdir()
    if with_directory:
        with suppress(OSError):
            (data / LOCK).unlink()
            data.rmdir()


class _Publication:
    """The steps from staged rows to a generation that is served, in one data directory that is locked."""

    def __init__(self, data: Path, disk: Disk) -> None:
        self._data = data
        self._disk = disk
        self._generations = data / GENERATIONS
        self._judged = 0  # the last judgement of a spelling that the generation was compiled with

    def sweep(self) -> None:
        """Remove what a run that was killed left half-made."""
        self._disk.remove(self._generations / _DRAFT)
        self._disk.remove(self._data / f"{POINTER}.tmp")

    def usable(self, generation: str) -> bool:
        """Name of a generation -> whether it is there, whole, and of this version of aka."""
        try:
            return bool(generation) and index.Index.open(self._generations / generation, trusting=False).generation == generation
        except NotReadyError:
            return False

    def compile(self, store: Store, versions: Mapping[str, int], progress: Progress | None) -> str:
        """List name: version id -> name of the verified generation that holds these versions."""
        self._generations.mkdir(exist_ok=True)
        draft = self._generations / _DRAFT
        try:
            served = joined.served(store, self._data, versions)
            self._judged = served.judged
            name = compiling.compile_generation(
                served.entities,
                draft,
                progress=_compile_progress(progress, store.count(versions)),
                prepared=self._data / PREPARED,
                stamp_more={MERGED: served.merged} if served.merged else {},
            )
            if self.usable(name):
                self._disk.remove(draft)  # the same content was compiled before
                return name
            self._disk.remove(self._generations / name)
            self._disk.replace(draft, self._generations / name)
            self._disk.sync(self._generations)
            if not self.usable(name):
                raise DiskError(f"the generation {name} does not read back as it was written: check the disk of {self._data}")
        except BaseException:
            with suppress(OSError):
                self._disk.remove(draft)
            raise
        return name

    def probe(self, store: Store, probes: Sequence[guards.Probe], generation: str) -> None:
        """Compiled generation -> nothing; GuardError, and it is removed, when names that must be found no longer are."""
        served = current_generation(self._data)
        try:
            guards.check_probes(probes, self._generations / served, self._generations / generation)
        except GuardError:
            if generation != served and generation not in store.generations():
                self._disk.remove(self._generations / generation)
            raise

    def publish(self, store: Store, version: Version | None, generation: str, *, action: str = "import") -> tuple[str, ...]:
        """Generation (and the staged version in it) -> served; what could not be tidied up after it is said, not raised.

        `action` is what the record notes as done to the list.
        """
        old = current_generation(self._data)
        try:
            if version:
                store.commit(version, generation=generation, action=action)
            self._switch(generation)
        except BaseException:
            if current_generation(self._data) != generation or generation == old:
                self._give_up(store, version, generation, old)
                raise
        return self._settle(store, version, generation, old)

    def _switch(self, generation: str) -> None:
        draft = self._data / f"{POINTER}.tmp"
        self._disk.write(draft, generation + "\n")
        self._disk.replace(draft, self._data / POINTER)

    def _give_up(self, store: Store, version: Version | None, generation: str, old: str) -> None:
        """The switch failed: take the staged version back. What cannot be done now, the next writer does."""
        with suppress(OSError, sqlite3.Error):
            self._disk.remove(self._data / f"{POINTER}.tmp")
            store.undo()
            if version:
                store.discard(version)
            if generation != old and generation not in store.generations():
                self._disk.remove(self._generations / generation)

    def _settle(self, store: Store, version: Version | None, generation: str, old: str) -> tuple[str, ...]:
        """The pointer is switched: make it last, say so in the record, drop generations older than the one before."""
        try:
            self._disk.sync(self._data)  # before the record says `live`, which must never be ahead of the pointer
            if version:
                store.mark_live(version)
            store.mark_served(generation)
            review.mark_compiled(self._data, generation, last=self._judged)
            if generation != old:
                for path in sorted(self._generations.iterdir()):
                    if path.name not in (generation, old):
                        self._disk.remove(path)
        except (OSError, sqlite3.Error, AkaError) as error:
            return (f"the import stands, but was not tidied up ({error}); the next one will do it",)
        return ()


def _compile_progress(progress: Progress | None, total: int) -> Progress | None:
    """The entities that are compiled are counted beforehand, so this phase has an end to show."""
    if progress is None:
        return None
    return lambda done, of, phase: progress(done, total, "compile") if of is None else progress(done, of, phase)
