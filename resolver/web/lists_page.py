"""The pages at `/watchlists`: what is loaded, from where, how old; the history of a list, and what changed between two versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from flask import Flask, Response
from msgspec import Meta

from aliases import changes
from aliases.errors import UnknownError
from aliases.store import FILE, Store, Version
from resolver import questions
from resolver.operations import Operation
from resolver.web import chart
from resolver.web.rendering import query, shown

if TYPE_CHECKING:
    from resolver.resolve import Resolver

CHANGES = 200  # of a diff that one page shows; `aka diff` has all

Number = Annotated[int, Meta(ge=1, le=1_000_000_000, description="number of a version of the list")]


class ListQuery(questions.Asked, frozen=True, kw_only=True):
    """Query string of the page of a list: two of its versions; the last two without."""

    old: Number | None = None
    new: Number | None = None


def add(app: Flask, opened: Callable[[], Resolver]) -> None:
    """Application and the resolver's source -> the pages of lists are served."""
    app.jinja_env.globals.update(chart_size=(chart.WIDTH, chart.HEIGHT), chart_foot=chart.FOOT)
    app.jinja_env.filters.update(change=_change)

    @app.get("/watchlists")
    def watchlists() -> Response:
        return shown("watchlists.html", lambda: _lists(opened))

    @app.get("/watchlists/<the_list>")
    def watchlist(the_list: str) -> Response:
        return shown("watchlist.html", lambda: _history(opened, the_list), failed=lambda: {"list_name": the_list[:64]})


def _change(version: Version) -> str:
    """Version of a list -> what it changed, in words: `10 added, 2 removed`."""
    counts = {"added": version.added, "removed": version.removed, "changed": version.changed}
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "nothing changed"


def _lists(opened: Callable[[], Resolver]) -> dict[str, Any]:
    query(questions.NoQuery)
    resolver = opened()
    data = getattr(resolver, "data", None)
    values = {"generation": resolver.generation, "names": sorted(resolver.lists()), "rows": []}
    if data is None:
        return values
    with Store.open(Path(data) / FILE) as store:
        return values | {"rows": _status(store), "kept": True}


def _status(store: Store) -> list[dict[str, Any]]:
    """Record -> what is known of each list that is served, by name."""
    names = "list entities version source imported_at checked_at error failing_since".split()
    rows = [dict(zip(names, row, strict=True)) for row in store.rows(f"SELECT {', '.join(names)} FROM list_status", ())]  # noqa: S608
    versions = {(version.list, version.number): version for version in store.versions()}
    for row in rows:
        row["last"] = versions.get((row["list"], row["version"]))
        row["sizes"] = chart.chart([version for (name, _), version in versions.items() if name == row["list"]])
    return sorted(rows, key=lambda row: str(row["list"]))


def _history(opened: Callable[[], Resolver], list_name: str) -> dict[str, Any]:
    asked = query(ListQuery)
    resolver = opened()
    data = getattr(resolver, "data", None)
    if data is None:
        if list_name in resolver.lists():
            return {"list_name": list_name, "shipped": True}
        raise UnknownError(f"there is no list {list_name[:64]!a}: use one of {', '.join(resolver.lists())}")
    with Store.open(Path(data) / FILE) as store:
        versions = [version for version in store.versions(list_name) if version.status != "staged"]
        old, new = _compared(asked, [version.number for version in versions])
        values = {"list_name": list_name, "versions": versions, "chart": chart.chart(versions), "old": old, "new": new}
        if old is None:
            return values | {"found": [], "more": False}
        first, last = (changes.version(store, list_name, number) for number in (old, new))
        found = list(islice(changes.between(store, first, last), CHANGES + 1))
        return values | {"found": found[:CHANGES], "more": len(found) > CHANGES}


def _compared(asked: ListQuery, numbers: Sequence[int]) -> tuple[int | None, int | None]:
    """Query and numbers of the versions -> the two to compare; None where there is only one."""
    if asked.old or asked.new:
        new = asked.new or numbers[-1]
        return asked.old or max((number for number in numbers if number < new), default=new), new
    return (numbers[-2], numbers[-1]) if len(numbers) > 1 else (None, None)


OPERATIONS = (
    Operation(
        method="get", path="/watchlists", summary="The page of the lists that are loaded", answers=(("text/html", ()),),
        refuses=(400, 422, 503), pages=(400, 422, 503),
    ),
    Operation(
        method="get", path="/watchlists/{list}", summary="The page of one list: its history, and what changed", query=ListQuery,
        answers=(("text/html", ()),), refuses=(400, 404, 422, 503), pages=(400, 404, 422, 503), example=(("list", "seeds"),),
    ),
)  # fmt: skip
