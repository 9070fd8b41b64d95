"""`lists.toml` and a data directory -> each list fetched where it is published, and imported where it changed.

A source that fails costs nothing but its news: the last good version goes on being served, and the record says since when the
source fails and why (`aliases.fetches`; `GET /lists`).
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

import msgspec

from aliases import fetches, sources
from aliases.errors import AkaError, BusyError, InvalidError, UnknownError
from aliases.fetches import Look
from aliases.store import FILE, Store, check_list_name
from resolver import fetching, publish
from resolver.fetching import Rules
from resolver.lock import locked
from resolver.publish import Progress, Summary

CONFIG = "lists.toml"  # in the data directory, unless another is named
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")
_PERIOD = re.compile(r"(\d{1,6})(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}

Fetch = Callable[..., fetching.Fetched]


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One list of `lists.toml`: its name here, its format, and where it is published."""

    name: str
    format: str
    url: str
    beside: tuple[str, ...] = ()  # further files of the list, such as OFAC's alt.csv
    options: dict[str, Any] = {}  # of the reader of the format, such as countries
    max_megabytes: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 2_048
    max_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 15
    allow_http: bool = False
    allow_private: bool = False

    def rules(self, base: Rules) -> Rules:
        """Rules for all -> those for this list."""
        return msgspec.structs.replace(
            base,
            max_bytes=min(base.max_bytes, self.max_megabytes << 20),
            max_seconds=min(base.max_seconds, self.max_minutes * 60.0),
            allow_http=self.allow_http,
            allow_private=self.allow_private,
        )


class Updated(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one list."""

    list: str
    outcome: Literal["new", "unchanged", "failed"]
    version: int = 0  # that is served now; 0 when there is none, or it is not known
    detail: str = ""  # what changed, or why it failed
    summary: Summary | None = None  # of the import, where there was one
    exit_code: int = 0


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    list: tuple[Source, ...] = ()


def configured(path: Path) -> tuple[Source, ...]:
    """File of lists -> them, checked; UnknownError when it cannot be read, InvalidError for what is wrong in it."""
    try:
        said = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise UnknownError(
            f"{path} cannot be read ({error.strerror}): name the lists to fetch in it; docs/lists.md shows how"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidError(f"{path} is no TOML in UTF-8: {error}") from None
    try:
        found = msgspec.convert(said, _File).list
    except msgspec.ValidationError as error:
        raise InvalidError(f"{path}: {error}; docs/lists.md shows what may stand there") from None
    if not found:
        raise InvalidError(f"{path} names no list: write [[list]] with name, format and url")
    _check(found, path)
    return found


def _check(found: Sequence[Source], path: Path) -> None:
    seen: set[str] = set()
    for source in found:
        check_list_name(source.name)
        if source.name in seen:
            raise InvalidError(f"{path}: the list '{source.name}' stands twice: keep one of them")
        seen.add(source.name)
        if source.format not in sources.FORMATS:
            raise InvalidError(
                f"{path}: format {source.format[:40]!a} is unknown: use one of {' '.join(sorted(sources.FORMATS))}"
            )
        for url in (source.url, *source.beside):
            fetching.check_url(url, source.rules(Rules()))


def seconds(text: str) -> int:
    """`30m`, `6h`, `1d` -> seconds; InvalidError for another period, or one under a minute."""
    found = _PERIOD.fullmatch(text.strip())
    period = int(found[1]) * _SECONDS[found[2]] if found else 0
    if period < 60:
        raise InvalidError(f"period {text[:40]!a} is not allowed: give a minute or more, such as 30m, 6h or 1d")
    return period


def update(
    data: Path,
    wanted: Collection[Source],
    *,
    rules: Rules | None = None,
    force: bool = False,
    progress: Progress | None = None,
    fetch: Fetch = fetching.fetch,
) -> Iterator[Updated]:
    """Data directory and lists -> what becomes of each, one after the other: whatever fails stops none of the others.

    `force` takes a list that the guards would stop. Only BusyError, which meets every list alike, is raised.
    """
    for source in wanted:
        look = _last(data, source)
        try:
            yield _update(data, source, look, rules or Rules(), force=force, progress=progress, fetch=fetch)
        except BusyError:
            raise
        except AkaError as error:
            with _noted(data) as store:
                if store:
                    fetches.note_failed(store, look, error=error.detail)
            yield Updated(list=source.name, outcome="failed", detail=error.detail, exit_code=error.exit_code)


def _update(
    data: Path, source: Source, look: Look, rules: Rules, *, force: bool, progress: Progress | None, fetch: Fetch
) -> Updated:
    with tempfile.TemporaryDirectory(prefix="aka-update-") as folder:
        states = _fetched(source, look, Path(folder), source.rules(rules), fetch)
        etag, modified = ("\n".join(values) for values in zip(*((one.etag, one.last_modified) for one in states), strict=True))
        if all(state.unchanged for state in states):
            _note_good(data, look, look.etag, look.last_modified)
            return Updated(list=source.name, outcome="unchanged", detail="the source says so")
        summary = publish.import_list(
            data,
            format=source.format,
            file=Path(folder) / _file_name(source.url),
            list_name=source.name,
            options=_options(source),
            force=force,
            progress=progress,
            source=source.url,
        )
    _note_good(data, look, etag, modified)
    outcome: Literal["new", "unchanged"] = "unchanged" if summary.unchanged else "new"
    changed = f"{summary.added} added, {summary.removed} removed, {summary.changed} changed"
    detail = "the same entities" if summary.unchanged else f"{summary.entities} entities ({changed})"
    return Updated(list=source.name, outcome=outcome, version=summary.version, detail=detail, summary=summary)


def _fetched(source: Source, look: Look, folder: Path, rules: Rules, fetch: Fetch) -> list[fetching.Fetched]:
    """Source and what is known of it -> its files in a folder, or the word that none of them changed."""
    urls = (source.url, *source.beside)
    etags, dates = _known(look.etag, len(urls)), _known(look.last_modified, len(urls))
    states = [
        fetch(url, folder / _file_name(url), etag=etag, last_modified=date, rules=rules)
        for url, etag, date in zip(urls, etags, dates, strict=True)
    ]
    if all(state.unchanged for state in states) and any((*etags, *dates)):
        return states
    # One file changed: a reader wants all of them.
    return [
        fetch(url, folder / _file_name(url), rules=rules) if state.unchanged else state
        for url, state in zip(urls, states, strict=True)
    ]


def _known(kept: str, count: int) -> list[str]:
    found = kept.split("\n")
    return found if len(found) == count else [""] * count


def _options(source: Source) -> dict[str, Any]:
    """Options as TOML has them -> as readers take them: a list of codes is a set."""
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in source.options.items()}


def _file_name(url: str) -> str:
    """URL -> a name of a file that says what it says, and leads nowhere."""
    name = _NOT_IN_A_NAME.sub("_", PurePosixPath(unquote(urlsplit(url).path)).name)[-100:].lstrip(".")
    return name or "list"


def _last(data: Path, source: Source) -> Look:
    if not (data / FILE).is_file():
        return Look(list=source.name, url=source.url, format=source.format, checked_at="")
    with Store.open(data / FILE) as store:
        look = fetches.last(store, source.name, url=source.url, format=source.format)
        served = source.name in store.live_versions()
    # What the source says of its state means nothing where that state is not there (any more).
    return look if served else msgspec.structs.replace(look, etag="", last_modified="")


@contextmanager
def _noted(data: Path) -> Iterator[Store | None]:
    """Data directory -> its record, open to be written under the lock; None where no import has made one yet."""
    if not (data / FILE).is_file():
        yield None
        return
    with locked(data), Store.open(data / FILE, write=True) as store:
        yield store


def _note_good(data: Path, look: Look, etag: str, last_modified: str) -> None:
    with _noted(data) as store:
        if store:
            fetches.note_good(store, look, etag=etag, last_modified=last_modified)
