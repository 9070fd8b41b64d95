"""Spellings seen in texts that are on no list -> a queue that persons judge: accepted ones become aliases of source `review`.

The queue is a database of its own beside the record (`review.db`): a text is read at any time, and must not wait for an import
that holds the record for minutes. Of a text nothing is kept but the spelling, the entity it was taken for, how often, and the
hashes of two contexts; the contexts themselves only where the operator allows it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Self, get_args

import msgspec

from aliases import review_schema
from aliases.database import explained
from aliases.entity import MAX_ALIASES, Alias, Entity, script_of
from aliases.errors import InvalidError, MissingDataError, NotReadyError, UnknownError
from aliases.fold import fold_name

FILE = "review.db"
SOURCE = "review"  # source of an alias that a person accepted
CONTEXTS = 2  # kept of one spelling: enough to judge by, too few to read a text from
MAX_OPEN = 50_000  # spellings that wait; beyond, those seen least and longest ago make room, so that no flood fills the disk
MAX_BY = 80  # characters of the name of who judges

State = Literal["open", "accepted", "rejected"]
Verdict = Literal["accept", "reject", "undo"]
STATES: tuple[State, ...] = get_args(State)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_AFTER: dict[Verdict, State] = {"accept": "accepted", "reject": "rejected", "undo": "open"}

_ACCEPTED = (
    "SELECT s.spelling, s.entity, (SELECT max(j.judged_at) FROM judgements j WHERE j.suggestion = s.id) "
    "FROM suggestions s WHERE s.state = 'accepted' ORDER BY s.id"
)
_FIRST_PAGE = 4_096  # bytes of SQLite's, which is there before any table is
_WAIT_SECONDS = 0.25  # for another writer of the queue; each holds it for one small transaction


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """One spelling in one text, taken for one entity."""

    spelling: str  # verbatim, without line breaks
    entity: str  # id
    name: str  # canonical name of the entity
    type: str
    score: float
    context: str = ""  # the text around it; hashed, and kept only where the operator allows it
    vote: Literal[-1, 0, 1] = 0  # a reader said that it is right, or wrong


class Context(msgspec.Struct, frozen=True):
    """Where a spelling was seen: a hash of the text around it, and that text where it is kept."""

    hash: str
    snippet: str


class SuggestedSpelling(msgspec.Struct, frozen=True, kw_only=True):
    """A spelling that may mean an entity, waiting for a judgement or judged."""

    id: str
    spelling: str
    entity: str
    name: str  # of the entity, when it was last seen
    type: str
    count: int
    score: float  # best of the sightings
    right: int  # readers who said so
    wrong: int
    first_seen: str  # ISO 8601, UTC
    last_seen: str
    state: State
    contexts: tuple[Context, ...] = ()


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody decided of a suggestion, and when."""

    id: int
    suggestion: str
    spelling: str
    entity: str
    name: str
    verdict: Verdict
    judged_at: str
    judged_by: str
    generation: str  # the first that was compiled with it; empty while it waits


def suggestion_id(spelling: str, entity: str) -> str:
    """Spelling and entity id -> id of the suggestion; spellings that differ in case and marks only are one."""
    key = msgspec.json.encode([fold_name(spelling), entity])
    return blake2b(key, digest_size=8).hexdigest()


class Accepted(NamedTuple):
    """A spelling that a person accepted, and when (ISO 8601, UTC)."""

    alias: Alias
    judged_at: str


class Review:
    """The queue of one data directory."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.row_factory = sqlite3.Row

    @classmethod
    def open(cls, data: Path, *, write: bool = False) -> Self:
        """Data directory -> its queue, made when `write` and absent; MissingDataError when there is none to read."""
        path = data / FILE
        if not write and not exists(data):
            raise MissingDataError(f"{data} has no suggestions yet: start `aka serve --data {data} --suggestions`")
        if not data.is_dir():
            raise MissingDataError(f"data directory '{data}' does not exist: make it with `aka import`")
        try:
            return cls(review_schema.connect(path, write=write, wait=_WAIT_SECONDS))
        except sqlite3.DatabaseError as error:
            raise _explained(error, path) from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ---------------------------------------------------------------- reading

    def suggestions(
        self, *, state: State | None = "open", q: str = "", limit: int = 50, offset: int = 0
    ) -> list[SuggestedSpelling]:
        """State (None: all) and part of a spelling or name -> suggestions, what readers doubted and what is seen most first."""
        folded = fold_name(q)
        wanted = f"%{_escaped(folded)}%" if folded or not q else None  # signs alone are in no folded spelling
        rows = self._connection.execute(
            "SELECT * FROM suggestions WHERE (? IS NULL OR state = ?) AND (folded LIKE ? ESCAPE '\\' OR name LIKE ? ESCAPE '\\') "
            "ORDER BY wrong + right DESC, count DESC, last_seen DESC, id LIMIT ? OFFSET ?",
            (state, state, wanted, f"%{_escaped(q)}%", limit, offset),
        ).fetchall()
        return [self._suggestion(row) for row in rows]

    def suggestion(self, identifier: str) -> SuggestedSpelling:
        """Id -> the suggestion; UnknownError when there is none."""
        row = self._connection.execute("SELECT * FROM suggestions WHERE id = ?", (identifier,)).fetchone()
        if row is None:
            raise UnknownError(f"no suggestion has the id {identifier[:40]!a}: see `aka review`")
        return self._suggestion(row)

    def counts(self) -> dict[State, int]:
        """Nothing -> how many suggestions are in each state."""
        found = dict(self._connection.execute("SELECT state, count(*) FROM suggestions GROUP BY state").fetchall())
        return {state: found.get(state, 0) for state in STATES}

    def judgements(self, *, limit: int = 50) -> list[Judgement]:
        """-> what was judged, by whom and when, the latest first."""
        rows = self._connection.execute(
            "SELECT j.id, j.suggestion, s.spelling, s.entity, s.name, j.verdict, j.judged_at, j.judged_by, j.generation "
            "FROM judgements j JOIN suggestions s ON s.id = j.suggestion ORDER BY j.id DESC LIMIT ?",
            (limit,),
        )
        return [Judgement(**dict(row)) for row in rows]

    def accepted(self) -> dict[str, list[Accepted]]:
        """Nothing -> entity id: its accepted spellings, in the order of their ids."""
        found: dict[str, list[Accepted]] = defaultdict(list)
        rows = self._connection.execute(_ACCEPTED)
        for spelling, entity, judged_at in rows:
            found[entity].append(Accepted(Alias(spelling, script=script_of(spelling), source=SOURCE), judged_at))
        return found

    def last_judgement(self) -> int:
        """Nothing -> number of the latest judgement, 0 when there is none."""
        (number,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM judgements").fetchone()
        return int(number)

    def waiting(self) -> int:
        """Nothing -> how many judgements no generation was compiled with yet."""
        (number,) = self._connection.execute("SELECT count(*) FROM judgements WHERE generation = ''").fetchone()
        return int(number)

    def _suggestion(self, row: sqlite3.Row) -> SuggestedSpelling:
        fields = {name: row[name] for name in SuggestedSpelling.__struct_fields__ if name != "contexts"}
        rows = self._connection.execute("SELECT hash, snippet FROM contexts WHERE suggestion = ? ORDER BY row", (row["id"],))
        return SuggestedSpelling(**fields, contexts=tuple(Context(*context) for context in rows))

    # ---------------------------------------------------------------- writing

    def note(self, sightings: Iterable[Sighting], *, snippets: bool = False) -> None:
        """Sightings -> counted; what was rejected stays rejected. BusyError when another writer holds the queue."""
        now = _now()
        with self._transaction():
            (salt,) = self._connection.execute("SELECT value FROM settings WHERE name = 'salt'").fetchone()
            for seen in sightings:
                self._note(seen, salt, now, snippets=snippets)
            self._make_room()

    def judge(self, identifier: str, verdict: Verdict, *, by: str) -> SuggestedSpelling:
        """Id, verdict and who judges -> the suggestion as it now is; a verdict that changes nothing is not written down.

        UnknownError when there is no such suggestion, InvalidError for another verdict or nobody's name, BusyError.
        """
        if verdict not in VERDICTS:
            raise InvalidError(f"judgement '{verdict}' is unknown: use one of {' '.join(VERDICTS)}")
        if not by.strip() or len(by) > MAX_BY:
            raise InvalidError(f"who judges must have a name of 1 to {MAX_BY} characters")
        with self._transaction():
            known = self.suggestion(identifier)
            state = _AFTER[verdict]
            if known.state != state:
                run = self._connection.execute
                run("UPDATE suggestions SET state = ? WHERE id = ?", (state, identifier))
                run(
                    "INSERT INTO judgements (suggestion, verdict, judged_at, judged_by, generation) VALUES (?, ?, ?, ?, ?)",
                    # A rejection changes nothing that is compiled, unless it takes an acceptance back.
                    (identifier, verdict, _now(), by, "" if "accepted" in (state, known.state) else "-"),
                )
            return self.suggestion(identifier)

    def mark_compiled(self, generation: str, *, last: int) -> None:
        """Generation and the last judgement that it was compiled with -> those before it wait no longer."""
        with self._transaction():
            self._connection.execute("UPDATE judgements SET generation = ? WHERE generation = '' AND id <= ?", (generation, last))

    def _note(self, seen: Sighting, salt: bytes, now: str, *, snippets: bool) -> None:
        run = self._connection.execute
        identifier = suggestion_id(seen.spelling, seen.entity)
        run(
            "INSERT INTO suggestions (id, spelling, folded, entity, name, type, count, score, right, wrong, first_seen, last_seen, "
            "state) VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?, 'open') ON CONFLICT (id) DO NOTHING",
            (identifier, seen.spelling, fold_name(seen.spelling), seen.entity, seen.name, seen.type, now, now),
        )
        # A vote is about a sighting that was counted when the text was read.
        run(
            "UPDATE suggestions SET count = count + ?, score = max(score, ?), right = right + ?, wrong = wrong + ?, last_seen = ?, "
            "name = ?, type = ?, spelling = CASE WHEN upper(spelling) = spelling AND upper(?) != ? THEN ? ELSE spelling END "
            "WHERE id = ?",
            (
                *(int(seen.vote == 0), round(seen.score, 4), int(seen.vote > 0), int(seen.vote < 0), now),
                *(seen.name, seen.type, *[seen.spelling] * 3, identifier),
            ),
        )
        if seen.context:
            digest = blake2b(seen.context.encode("utf-8", "surrogatepass"), digest_size=8, key=salt).hexdigest()
            run(
                "INSERT INTO contexts (suggestion, hash, snippet) SELECT ?, ?, ? WHERE "
                "(SELECT count(*) FROM contexts WHERE suggestion = ?) < ? "
                "AND NOT EXISTS (SELECT 1 FROM contexts WHERE suggestion = ? AND hash = ?)",
                (identifier, digest, seen.context if snippets else "", identifier, CONTEXTS, identifier, digest),
            )

    def _make_room(self) -> None:
        run = self._connection.execute
        (count,) = run("SELECT count(*) FROM suggestions WHERE state = 'open'").fetchone()
        if count > MAX_OPEN:
            least = (
                "SELECT id FROM suggestions WHERE state = 'open' AND id NOT IN (SELECT suggestion FROM judgements) "
                "ORDER BY right + wrong, count, last_seen, id LIMIT ?"
            )
            ids = [(identifier,) for (identifier,) in run(least, (count - MAX_OPEN,)).fetchall()]
            self._connection.executemany("DELETE FROM contexts WHERE suggestion = ?", ids)
            self._connection.executemany("DELETE FROM suggestions WHERE id = ?", ids)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise _explained(error, Path(FILE)) from error
        finally:
            if self._connection.in_transaction:
                self._connection.rollback()


def exists(data: Path) -> bool:
    """Data directory -> whether it has a queue. A file whose making was cut short, as on a full disk, is none."""
    try:
        with (data / FILE).open("rb") as file:
            head = file.read(_FIRST_PAGE + 1)
    except OSError:
        return False
    return len(head) > _FIRST_PAGE or not (head == b"" or head.startswith(b"SQLite format 3"))


def read(data: Path) -> tuple[dict[str, list[Accepted]], int]:
    """Data directory -> its accepted spellings by entity, and the number of the last judgement; nothing when it has no queue."""
    if not exists(data):
        return {}, 0
    with Review.open(data) as queue:
        last = queue.last_judgement()  # read first: a judgement that comes between is compiled, and waits for no harm
        return queue.accepted(), last


def mark_compiled(data: Path, generation: str, *, last: int) -> None:
    """Data directory and the generation that is served now -> judgements up to `last` wait no longer; BusyError."""
    if last and exists(data):
        with Review.open(data, write=True) as queue:
            queue.mark_compiled(generation, last=last)


def with_spelling(entity: Entity, accepted: Accepted) -> Entity:
    """Entity and a spelling that was accepted for it -> the entity that has it; one that a list has by now is not doubled."""
    if len(entity.aliases) >= MAX_ALIASES or accepted.alias.form in {alias.form for alias in entity.surface_forms()}:
        return entity
    return msgspec.structs.replace(entity, aliases=(*entity.aliases, accepted.alias))


def _escaped(part: str) -> str:
    """Part of a name -> the same for LIKE, with its wild cards taken as letters."""
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _explained(error: sqlite3.DatabaseError, path: Path) -> Exception:
    """What SQLite says -> what the user can do about it."""
    known = explained(error, path)
    if known is not error:
        return known
    return NotReadyError(f"{path.name} cannot be used ({error}): put a copy back, or move it away")
