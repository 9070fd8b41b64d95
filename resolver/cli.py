"""The command line: `aka lookup`, `aka mentions`, `aka serve`, ... Each command is a few lines over the library.

Exit status: 0 fine, 1 nothing found, 2 usage, 65 bad input, 70 our fault, 75 try again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeVar

import click
import msgspec

from aliases import strict_json
from aliases.entity import ENTITY_TYPES
from aliases.errors import AkaError, InvalidError, MalformedError, UnknownError
from resolver import about, console, importing, limits, pipeline, questions, versions, wire
from resolver.match import Candidate, Mention
from resolver.resolve import Resolver

Command = TypeVar("Command", bound=Callable[..., Any])

NOTHING_FOUND = 1
USAGE = 2
BAD_INPUT = 65  # EX_DATAERR of sysexits.h
OUR_FAULT = 70  # EX_SOFTWARE
STOPPED = 130  # what shells report for Ctrl-C


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Arguments of the command line (those of the process without) -> the process ends with the exit status."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Arguments -> exit status; whatever goes wrong is one message on standard error, never a traceback."""
    try:
        _check_arguments(arguments)
        status = cli.main(args=list(arguments), prog_name="aka", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except AkaError as error:
        return _failed(error)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return STOPPED
    except BrokenPipeError:  # the reader, such as `head`, has what it wants
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("AKA_DEBUG"):
            raise
        _say(f"failed: {type(error).__name__}: {error} (an error of ours; AKA_DEBUG=1 shows where)")
        return OUR_FAULT


def _failed(error: AkaError) -> int:
    _say(error.detail)
    for problem in error.problems:
        if str(problem) != error.detail:
            _say(str(problem))
    return error.exit_code


def _say(message: str) -> None:
    click.echo(f"aka: {console.plain(message)}", err=True)


def _check_arguments(arguments: Sequence[str]) -> None:
    """A byte that is not UTF-8 arrives as half a surrogate pair, which nothing further on could print or store."""
    for place, argument in enumerate(arguments, 1):
        try:
            strict_json.utf8(argument.encode("utf-8", "surrogateescape"), what=f"argument {place}")
        except UnicodeEncodeError:
            raise MalformedError(f"argument {place} holds half a surrogate pair: give whole characters") from None


def _data(command: Command) -> Command:
    return click.option(
        "--data", envvar="AKA_DATA", metavar="DIR", type=click.Path(),
        help="Data directory made by `aka import` [default: $AKA_DATA, then the shipped seeds].",
    )(command)  # fmt: skip


def _json(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of a table.")(command)


def _filters(command: Command) -> Command:
    for option in (
        click.option("--min-score", type=click.FloatRange(0, 1), metavar="0..1", help="Lowest score to show."),
        click.option("--list", "lists", multiple=True, metavar="NAME", help="Only entities on this list (repeatable)."),
        click.option(
            "--type", "types", multiple=True, type=click.Choice(ENTITY_TYPES), help="Only entities of this type (repeatable)."
        ),
    ):
        command = option(command)
    return command


def _needed(data: str | None) -> Path:
    if not data:
        raise click.UsageError("Name the data directory: --data DIR, or AKA_DATA in the environment.")
    return Path(data)


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
def cli() -> None:
    """Who is meant by this name, and which entities does this text mention - in any spelling and script."""


@cli.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@_data
@_filters
@click.option("--limit", type=click.IntRange(1, limits.CANDIDATES), default=limits.CANDIDATES_DEFAULT, show_default=True)
@click.option("--country", metavar="CC", help="ISO 3166 country that the entity may have.")
@click.option("--birth-date", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD.")
@_json
def lookup(names: tuple[str, ...], data: str | None, as_json: bool, **asked: Any) -> int:
    """Who is meant by NAME; exit status 1 when nothing fits any."""
    checked = _asked(names, asked)
    resolver = Resolver.open(data)
    found = resolver.lookup_many(checked.names, **asked)
    for name, candidates in zip(names, found, strict=True):
        if as_json:
            _write(wire.LookupAnswer(name, wire.candidate_answers(candidates), resolver.generation))
        else:
            click.echo(_candidates_table(name, candidates))
    return 0 if any(found) else NOTHING_FOUND


def _asked(names: tuple[str, ...], asked: dict[str, Any]) -> questions.LookupRequest:
    """Options -> the same question as over HTTP, with the same checks; empty filters become None in place."""
    from resolver import asking

    asked.update({key: list(asked[key]) or None for key in ("types", "lists")})
    asked["country"] = asked["country"].upper() if asked["country"] else None
    for name in names:
        asking.check_name(name)
    return asking.typed({"names": list(names), **asked}, questions.LookupRequest)


def _candidates_table(name: str, candidates: Sequence[Candidate]) -> str:
    if not candidates:
        return f"{console.plain(name)}: nothing found"
    rows = [
        (f"{found.score:.2f}", found.entity.type, found.entity.id, found.entity.name, found.matched, found.kind)
        for found in candidates
    ]
    head = ("score", "type", "id", "name", "matched", "kind")
    return f"{console.plain(name)}\n{console.table(head, rows)}\n"


@cli.command()
@click.argument("files", metavar="[FILE...]", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@_data
@_filters
@click.option("--overlaps", type=click.Choice(["longest", "all"]), default="longest", show_default=True)
@click.option(
    "--offsets",
    type=click.Choice(["codepoint", "utf16", "utf8"]),
    default="codepoint",
    show_default=True,
    help="Unit of offsets.",
)
@click.option("--jsonl", is_flag=True, help="Each input line is an object; it comes back with `mentions` added.")
@click.option("--field", default="text", show_default=True, help="With --jsonl, --parquet: the field that holds the text.")
@click.option("--strict", is_flag=True, help="With --jsonl: stop at the first bad line.")
@click.option("--parquet", type=click.Path(exists=True, file_okay=False), help="Directory of Parquet files, instead of FILE.")
@click.option("--out", type=click.Path(file_okay=False), help="With --parquet: directory for the mentions of each file.")
@click.option(
    "--id", "id_column", metavar="NAME", help="With --parquet: the column that tells the texts apart [default: row number]."
)
@_json
def mentions(
    files: tuple[str, ...],
    data: str | None,
    jsonl: bool,
    field: str,
    strict: bool,
    as_json: bool,
    offsets: questions.Offsets,
    parquet: str | None,
    out: str | None,
    id_column: str | None,
    **asked: Any,
) -> int:
    """Which entities the texts mention, and where (standard input without FILE)."""
    asked.update({key: list(asked[key]) or None for key in ("types", "lists")})
    if parquet or out:
        if not (parquet and out) or files or jsonl or as_json or offsets != "codepoint":
            raise click.UsageError("--parquet DIR and --out DIR go together, without FILE, --jsonl, --json and --offsets.")
        return _mention_files(Path(parquet), Path(out), column=field, id=id_column, data=data, **asked)
    resolver = Resolver.open(data)

    def find(text: str) -> list[Mention]:
        return resolver.mentions(text, **asked)

    bad = 0
    for file in files or ("-",):
        if jsonl:
            bad += _annotate(file, find, field=field, strict=strict, offsets=offsets)
        else:
            _show_mentions(file, find, generation=resolver.generation, as_json=as_json, offsets=offsets)
    return BAD_INPUT if bad else 0


def _mention_files(source: Path, out: Path, **asked: Any) -> int:
    try:
        from resolver import arrow
    except ImportError as error:
        raise InvalidError(str(error)) from None
    with console.progress() as progress:
        made, there = arrow.mention_files(source, out, progress=progress, **asked)
    _say(f"{out}: {made} files made, {there} were there")
    return 0


def _show_mentions(
    file: str, find: Callable[[str], list[Mention]], *, generation: str, as_json: bool, offsets: questions.Offsets
) -> None:
    with _opened(file) as stream:
        text = strict_json.utf8(stream.read(), what=_shown_file(file))
    found = find(text)
    answers = wire.mention_answers(text, found, offsets=offsets)
    if as_json:
        _write(wire.FileAnswer(file, answers, wire.entity_counts(found), generation))
        return
    rows = [
        (answer.start, answer.end, f"{answer.score:.2f}", answer.entity.type, answer.entity.id, answer.surface)
        for answer in answers
    ]
    head = ("start", "end", "score", "type", "id", "surface")
    click.echo(console.table(head, rows) if rows else f"{_shown_file(file)}: no mentions")


def _annotate(file: str, find: Callable[[str], list[Mention]], *, field: str, strict: bool, offsets: questions.Offsets) -> int:
    """JSON Lines file -> the number of its bad lines; the others are written with their mentions as they come."""
    count = 0

    def bad(number: int, error: AkaError) -> None:
        nonlocal count
        count += 1
        message = f"{_shown_file(file)}: line {number}: {error.detail}"
        if strict:
            raise InvalidError(message)
        _say(message)

    out = sys.stdout.buffer
    with _opened(file) as stream:
        for line in pipeline.annotate(stream, find, field=field, offsets=offsets, bad=bad):
            out.write(line)
            out.flush()  # whoever reads the pipe may be waiting for this line
    return count


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = open(file, "rb")  # noqa: SIM115 - closed below; only the opening is guarded
    except OSError as error:
        raise InvalidError(f"cannot read {file}: {error.strerror}") from None
    with stream:
        yield stream


def _shown_file(file: str) -> str:
    return "standard input" if file == "-" else file


def _write(answer: msgspec.Struct) -> None:
    sys.stdout.buffer.write(wire.encode(answer) + b"\n")


@cli.command()
@_data
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65_535), default=8080, show_default=True, help="0 takes a free one.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes [default: one a processor, at most 4].")
def serve(data: str | None, host: str, port: int, workers: int | None) -> None:
    """The HTTP service and its page, until Ctrl-C."""
    from resolver import server

    server.serve(data, host=host, port=port, workers=workers or min(os.cpu_count() or 1, 4), say=_say)


@cli.command("import")
@click.argument("format", metavar="FORMAT")
@click.argument("file", metavar="FILE", type=click.Path(exists=True), required=False)
@click.option("--list", "list_name", required=True, metavar="NAME", help="The list that the file is the newest state of.")
@_data
@importing.choices
@_json
def import_(format: str, file: str | None, list_name: str, data: str | None, force: bool, as_json: bool, **chosen: Any) -> None:
    """Read a published list into the data directory: all of it, or nothing. FILE may be packed (gzip, zip)."""
    from resolver import publish

    options = importing.options(**chosen)
    path = Path(file) if file else publish.bundled(format)
    with console.progress() as progress:
        summary = publish.import_list(
            _needed(data), format=format, file=path, list_name=list_name, options=options, force=force, progress=progress
        )
    for warning in importing.warnings(summary):
        _say(warning)
    if as_json:
        _write(summary)
    else:
        click.echo(importing.line(summary))


for command in (versions.history, versions.diff, versions.rollback):
    cli.add_command(command)


@cli.command()
@_data
@_json
def lists(data: str | None, as_json: bool) -> None:
    """What is on the lists, when and from where it came."""
    rows = _live_versions(Path(data)) if data else [{"list": name} for name in Resolver.open().lists()]
    if as_json:
        for row in rows:
            sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
    elif rows:
        click.echo(console.table(tuple(rows[0]), [["" if cell is None else cell for cell in row.values()] for row in rows]))
    else:
        click.echo("no lists: import one with `aka import FORMAT FILE --list NAME --data DIR`")


def _live_versions(data: Path) -> list[dict[str, Any]]:
    from aliases.store import FILE, Store

    with Store.open(data / FILE) as store:
        live = set(store.live_versions().values())
        versions = [version for version in store.versions() if version.id in live]
    shown = ("list", "entities", "number", "imported_at", "source", "generation")
    return sorted(({name: getattr(version, name) for name in shown} for version in versions), key=lambda row: str(row["list"]))


@cli.command()
@_data
@click.option("--list", "list_name", metavar="NAME", help="Only this list.")
@click.option("--format", "format", type=click.Choice(["jsonl"]), default="jsonl", show_default=True)
def export(data: str | None, list_name: str | None, format: str) -> None:
    """The entities of a data directory, out again, one a line; `aka import jsonl` reads them back."""
    from aliases import export as exporting
    from aliases.store import FILE, Store

    with Store.open(_needed(data) / FILE) as store:
        live = store.live_versions()
        if list_name is not None and list_name not in live:
            raise UnknownError(f"there is no list '{list_name}': use one of {' '.join(sorted(live)) or '(there is none)'}")
        wanted = live if list_name is None else {list_name: live[list_name]}
        for line in exporting.jsonl(store.entities_at(wanted), list_name=list_name or ""):
            sys.stdout.buffer.write(line)


@cli.command()
@click.argument("path", metavar="PATH", type=click.Path(exists=True))
def lint(path: str) -> int:
    """Check hand-kept seed files; exit status 65 when something is wrong."""
    from aliases.lint import lint as findings_of

    findings = findings_of(Path(path))
    for found in findings:
        click.echo(console.plain(f"{found.file}:{found.line}: {found.message}"))
    return BAD_INPUT if findings else 0


@cli.command()
@_json
def version(as_json: bool) -> None:
    """Versions of aka and of the parts that an answer depends on."""
    parts = {**about.versions(), "road": about.road()}
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(parts) + b"\n")
    else:
        click.echo(console.table(("part", "version"), list(parts.items())))
