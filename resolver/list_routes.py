"""The HTTP door to the lists: what is loaded and how it fares, its history, what changed, out again, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import msgspec
from flask import Flask, Response
from msgspec import Meta

from aliases import changes, fetches
from aliases.changes import Change
from aliases.errors import UnknownError
from aliases.store import Store, Version
from resolver import access, answered, asking, exports, limits, publish, questions, received
from resolver.operations import ASKED, JSON, POSTED, Operation
from resolver.publish import Summary

if TYPE_CHECKING:
    from resolver.resolve import Resolver

Asked = TypeVar("Asked", bound=questions.Asked)

SHOWN = 20  # rejected records of each version in a history; asked for one version, it tells all that were kept
CHANGES = 1_000  # most changes of one answer
_DAY = 86_400

Number = Annotated[int, Meta(ge=1, le=1_000_000_000, description="number of a version of the list")]
Format = Literal["jsonl", "csv", "ftm", "skos"]


# ---------------------------------------------------------------- what is asked and answered


class HistoryQuery(questions.Asked, frozen=True, kw_only=True):
    """Query string of a history."""

    version: Number | None = None


class DiffQuery(questions.Asked, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Query string of a comparison of two versions; the last two without."""

    from_: Number | None = None
    to: Number | None = None
    cursor: Annotated[str, Meta(max_length=limits.CURSOR_CHARS, description="`cursor` of the page before")] = ""
    limit: Annotated[int, Meta(ge=1, le=CHANGES, description="most changes on this page")] = limits.PAGE_DEFAULT


class ExportQuery(questions.Asked, frozen=True, kw_only=True):
    """Query string of an export."""

    format: Format = "jsonl"
    version: Number | None = None


class RollbackRequest(questions.Asked, frozen=True, kw_only=True):
    """Body of a rollback: the version to go back to; the one before the last without."""

    version: Number | None = None


class ListAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """One list that is loaded; of the shipped seeds only the name and the size are known."""

    name: str
    entities: Annotated[int, Meta(ge=0, description="on the list, before any are merged")] = 0
    version: Annotated[int, Meta(ge=0)] = 0
    source: Annotated[str, Meta(description="file or URL that it was read from")] = ""
    imported_at: Annotated[str, Meta(description="ISO 8601, UTC")] = ""
    age_days: Annotated[int, Meta(ge=0, description="whole days since its source was last found well, else since it came in")] = 0
    rejected: Annotated[int, Meta(ge=0, description="records of the source that could not be taken")] = 0
    checked_at: Annotated[str, Meta(description="when `aka update` last asked the source")] = ""
    last_error: Annotated[str, Meta(description="why that failed; empty when it did not")] = ""
    failing_since: str = ""


class ListsAnswer(msgspec.Struct, frozen=True):
    """The lists that are loaded, by name."""

    lists: tuple[ListAnswer, ...]
    generation: Annotated[str, Meta(description="id of the data generation that answers")]


class Rejected(msgspec.Struct, frozen=True):
    """A record that could not be taken, and why."""

    place: str
    reason: str


class VersionOfList(msgspec.Struct, frozen=True, kw_only=True):
    """One import of a list."""

    version: int
    status: Literal["staged", "live", "superseded"]
    source: str
    sha256: str
    imported_at: str
    tool_version: str
    generation: str
    entities: int
    added: int
    removed: int
    changed: int
    rejected: int
    rejected_records: Annotated[tuple[Rejected, ...], Meta(description=f"the first {SHOWN}; of one version, the first thousand")]


class HistoryAnswer(msgspec.Struct, frozen=True):
    """Every version of a list, oldest first."""

    list: str
    versions: tuple[VersionOfList, ...]


class DiffAnswer(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """What changed between two versions of a list, by id."""

    list: str
    from_: int
    to: int
    changes: tuple[Change, ...]
    cursor: Annotated[str, Meta(description="ask with it for the next page; empty on the last")]


OPERATIONS = (
    Operation(
        method="get", path="/lists", summary="The lists that are loaded: how large, how old, from where, the last error of the source",
        answers=((JSON, (ListsAnswer,)),), refuses=(400, 422, 503), cached=True,
    ),
    Operation(
        method="get", path="/lists/{list}/history", summary="Every version of a list: when, from where, counts, what was rejected",
        query=HistoryQuery, answers=((JSON, (HistoryAnswer,)),), refuses=(*ASKED[:1], 404, *ASKED[1:]), cached=True,
        example=(("list", "un"),),
    ),
    Operation(
        method="get", path="/lists/{list}/diff", summary="What changed between two versions of a list, entity by entity",
        query=DiffQuery, answers=((JSON, (DiffAnswer,)),), refuses=(*ASKED[:1], 404, *ASKED[1:]), cached=True,
        example=(("list", "un"), ("from", 1), ("to", 2)),
    ),
    Operation(
        method="get", path="/lists/{list}/export", summary="A list, out again: JSON Lines, CSV, FollowTheMoney or SKOS, streamed",
        query=ExportQuery, answers=tuple((kind.partition(";")[0], ()) for kind, _ in exports.FORMATS.values()),
        refuses=(*ASKED[:1], 404, *ASKED[1:]), example=(("list", "un"), ("format", "csv")),
    ),
    Operation(
        method="post", path="/lists/{list}/rollback", summary="Serve a list again as it was in an earlier version, as a new version",
        bodies=((JSON, (RollbackRequest,), {"version": 1}),), answers=((JSON, (Summary,)),),
        refuses=(*POSTED[:1], 404, 409, *POSTED[1:]), example=(("list", "un"),), needs="write",
    ),
)  # fmt: skip


# ---------------------------------------------------------------- the routes


def add(app: Flask, opened: Callable[[], Resolver]) -> None:
    """Application and the resolver's source -> the lists are told, compared, exported and rolled back."""

    @app.get("/lists")
    def lists() -> Response:
        received.query(questions.NoQuery)
        resolver = opened()
        return answered.cacheable(ListsAnswer(tuple(status(resolver)), resolver.generation))

    @app.get("/lists/<of_list>/history")
    def list_history(of_list: str) -> Response:
        asked = received.query(HistoryQuery)
        with Store.open(_record(opened(), of_list)) as store:
            chosen = store.versions(of_list) if asked.version is None else [changes.version(store, of_list, asked.version)]
            shown = SHOWN if asked.version is None else None
            return answered.cacheable(HistoryAnswer(of_list, tuple(_version(store, version, shown) for version in chosen)))

    @app.get("/lists/<of_list>/diff")
    def list_diff(of_list: str) -> Response:
        asked = received.query(DiffQuery)
        with Store.open(_record(opened(), of_list)) as store:
            return answered.cacheable(_diff(store, of_list, asked))

    @app.get("/lists/<of_list>/export")
    def list_export(of_list: str) -> Response:
        asked = received.query(ExportQuery)
        return _exported(_record(opened(), of_list), of_list, asked)

    @app.post("/lists/<of_list>/rollback")
    @access.require("write")
    def list_rollback(of_list: str) -> Response:
        received.query(questions.NoQuery)
        asked = asking.body(received.json_body(fix="a rollback needs a version at most"), RollbackRequest)
        record = _record(opened(), of_list)
        summary = publish.rollback(record.parent, list_name=of_list, number=asked.version)
        return answered.json(summary)


def status(resolver: Resolver) -> Iterator[ListAnswer]:
    """Resolver -> each of its lists by name, with what the record beside it knows; without one, names alone."""
    record = resolver.record
    if record is None:
        yield from (ListAnswer(name) for name in sorted(resolver.lists()))
        return
    with Store.open(record) as store:
        live = set(store.live_versions().values())
        looks = {look.list: look for look in fetches.recorded(store)}
        versions = {version.list: version for version in store.versions() if version.id in live}
    for name in sorted(resolver.lists()):
        yield _list_answer(name, versions.get(name), looks.get(name))


def _list_answer(name: str, version: Version | None, look: fetches.Look | None) -> ListAnswer:
    if version is None:
        return ListAnswer(name)
    good = max(version.imported_at, look.good_at if look else "")
    age = (datetime.now(UTC) - datetime.fromisoformat(good)).total_seconds()
    return ListAnswer(
        name,
        entities=version.entities,
        version=version.number,
        source=version.source,
        imported_at=version.imported_at,
        age_days=max(0, int(age // _DAY)),
        rejected=version.rejected,
        checked_at=look.checked_at if look else "",
        last_error=look.error if look else "",
        failing_since=look.failing_since if look else "",
    )


def _record(resolver: Resolver, list_name: str) -> Path:
    """Resolver and list -> its record; UnknownError when there is no such list, or it is of the shipped seeds."""
    if list_name not in resolver.lists():
        known = " ".join(sorted(resolver.lists())) or "(there is none)"
        raise UnknownError(f"there is no list {list_name[:80]!a}: use one of {known}")
    if resolver.record is None:
        raise UnknownError("the shipped seeds have no history: serve a data directory that `aka import` made")
    return resolver.record


def _version(store: Store, version: Version, shown: int | None) -> VersionOfList:
    fields = {name: getattr(version, name) for name in VersionOfList.__struct_fields__ if hasattr(version, name)}
    problems = store.rejected(version)[:shown]
    rejected = tuple(Rejected(problem.pointer, problem.detail) for problem in problems)
    return VersionOfList(**fields, version=version.number, rejected_records=rejected)


def _diff(store: Store, list_name: str, asked: DiffQuery) -> DiffAnswer:
    first = changes.version(store, list_name, asked.from_, before=1)
    last = changes.version(store, list_name, asked.to)
    after = asked.cursor.encode()
    found = (change for change in changes.between(store, first, last) if change.id.encode() > after)
    page = list(islice(found, asked.limit + 1))
    cursor = page[asked.limit - 1].id if len(page) > asked.limit else ""
    return DiffAnswer(list_name, first.number, last.number, tuple(page[: asked.limit]), cursor)


def _exported(record: Path, list_name: str, asked: ExportQuery) -> Response:
    """Record, list, format and version -> the answer, streamed; what is wrong is told before it begins."""
    with Store.open(record) as store:
        version = changes.version(store, list_name, asked.version)
    kind, ending = exports.FORMATS[asked.format]
    name = f"{list_name}-{version.number}.{ending}"
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_stream(record, version, asked.format), content_type=kind, headers=headers)


def _stream(record: Path, version: Version, format: str) -> Iterator[bytes]:
    with Store.open(record) as store:
        yield from exports.lines(format, store.entities_at({version.list: version.id}), list_name=version.list)
