"""`aka bench build`, `latency`, `speed` and `text`: what lists of any size cost, over made-up names that are the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

LENGTHS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)  # characters of a text
SHORT = 100_000  # characters that are tagged in all where a text is shorter
Command = TypeVar("Command", bound=Callable[..., Any])

_OPEN = """
import json, time
from pathlib import Path
from resolver.index import Index
from resolver.resolve import Resolver
began = time.perf_counter()
resolver = Resolver(Index.open(Path(sys.argv[1])))
opened = 1000 * (time.perf_counter() - began)
resolver.warmed().lookup("Aleppo")
try:
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    private = round(sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")) / 1000, 1)
except OSError:
    private = None
print(json.dumps({"open_ms": round(opened, 1), "private_mb": private}))
"""


class _Size(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """`10k`, `1M` -> a number of names."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from resolver.measuring import size_of

        try:
            return value if isinstance(value, int) else size_of(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _choices(command: Command) -> Command:
    for option in (
        click.option(
            "--size", "sizes", multiple=True, type=_Size(), default=(10_000, 100_000), help="Names [default: 10k 100k]."
        ),
        click.option("--keep", metavar="DIR", type=click.Path(file_okay=False), help="Where to leave the compiled lists."),
        click.option("--record", metavar="DIR", type=click.Path(file_okay=False), help="Write a dated CSV file there."),
    ):
        command = option(command)
    return command


@click.command()
@_choices
def build(sizes: Sequence[int], keep: str | None, record: str | None) -> None:
    """Compiling a list, compiling it again when one of twenty lists has changed, its size on the disk, opening it.

    `peak_mb`: memory of all processes that compile; `private_mb`: of one that answers, beside the mapped index that all share.
    """
    from resolver import bench_data, measuring
    from resolver.index import Index

    rows = []
    with measuring.place(keep) as directory:
        for names in sizes:
            generation, full = measuring.compiled(directory, names)
            changed, again = measuring.compiled(directory, names, upon=True)
            index, other = Index.open(generation), Index.open(changed)
            if index.entity_count != names // bench_data.NAMES_PER_ENTITY or other.entity_count != index.entity_count:
                raise click.ClickException(
                    f"{index.entity_count} and {other.entity_count} entities were compiled of {names} names"
                )
            size = (generation / "arrays.bin").stat().st_size
            rows.append(
                {"names": index.alias_count, "build_s": full["seconds"], "build_cpu_s": full["cpu_seconds"], "peak_mb": full["peak_mb"],
                 "changed_s": again["seconds"], "changed_cpu_s": again["cpu_seconds"], "bytes_a_name": size // index.alias_count}
                | measuring.apart(_OPEN, str(generation))
            )  # fmt: skip
    rows = measuring.with_slopes(rows, along="names", of=("build_cpu_s", "peak_mb", "open_ms", "private_mb"))
    click.echo(measuring.record(rows, record, "build"))


@click.command()
@_choices
@click.option("--queries", type=click.IntRange(10), default=1000, help="Names that are looked up [default: 1000].")
def latency(sizes: Sequence[int], keep: str | None, record: str | None, queries: int) -> None:
    """One look-up in process: names that nobody listed, and names that are made to be slow."""
    from resolver import bench_data, bench_finders, measuring
    from resolver.index import Index
    from resolver.resolve import Resolver

    rows = []
    with measuring.place(keep) as directory:
        for names in sizes:
            generation, _ = measuring.compiled(directory, names)
            resolver = Resolver(Index.open(generation)).warmed()
            listed = list(resolver.index.entities())
            asked = bench_data.queries(listed, queries)
            first = [found[0].entity.id if found else "" for found in resolver.lookup_many([name for name, _ in asked], limit=1)]
            right = sum(found == meant for found, (_, meant) in zip(first, asked, strict=True))
            taken = measuring.milliseconds([_call(resolver.lookup, name) for name, _ in asked])
            slow = {
                what: measuring.milliseconds([_call(resolver.lookup, name)] * 5)[2]
                for what, name in bench_data.adversarial().items()
            }
            worst = max(slow, key=lambda what: slow[what])
            rows.append(
                {"names": resolver.index.alias_count, "finder": "aka", "queries": queries, "first_is_right": round(right / queries, 3),
                 "p50_ms": measuring.share(taken, 0.5), "p99_ms": measuring.share(taken, 0.99), "worst_ms": round(slow[worst], 1),
                 "worst": worst}
            )  # fmt: skip
            rows += bench_finders.measure(listed, asked)
    click.echo(measuring.record(rows, record, "latency"))


def _call(function: Callable[[str], object], value: str) -> Callable[[], object]:
    return lambda: function(value)


@click.command()
@_choices
@click.option("--characters", type=click.IntRange(1000), default=1_000_000, help="Length of the text [default: 1000000].")
def speed(sizes: Sequence[int], keep: str | None, record: str | None, characters: int) -> None:
    """Finding listed names in a text, beside ahocorasick_rs and flashtext2 where they are installed: characters a second."""
    from resolver import bench_taggers, measuring

    rows = []
    with measuring.place(keep) as directory:
        for names in sizes:
            generation, _ = measuring.compiled(directory, names)
            rows += bench_taggers.measure(generation, characters)
    click.echo(measuring.record(rows, record, "speed"))


@click.command()
@_choices
def text(sizes: Sequence[int], keep: str | None, record: str | None) -> None:
    """Finding listed names in one text of a thousand to ten million characters: processor time, and how it grows."""
    from resolver import bench_data, measuring
    from resolver.index import Index
    from resolver.resolve import Resolver

    rows = []
    with measuring.place(keep) as directory:
        for names in sizes:
            generation, _ = measuring.compiled(directory, names)
            resolver = Resolver(Index.open(generation)).warmed()
            long, _ = bench_data.text(list(resolver.index.entities()), LENGTHS[-1])
            some = [{"names": names, "characters": length} | _tagged(resolver, long[:length]) for length in LENGTHS]
            rows += measuring.with_slopes(some, along="characters", of=("cpu_s",))
    click.echo(measuring.record(rows, record, "text"))


def _tagged(resolver: Any, some: str) -> dict[str, object]:
    """Text -> processor seconds to find its mentions; short texts are tagged several times, and each is counted once."""
    import time

    times = max(1, SHORT // len(some))
    started = time.process_time()
    for _ in range(times):
        found = len(resolver.mentions(some))
    seconds = (time.process_time() - started) / times
    return {"mentions": found, "cpu_s": round(seconds, 6), "mchar_per_s": round(len(some) / 1e6 / max(seconds, 1e-9), 2)}


@click.command()
@click.option(
    "--records", required=True, metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Dated CSV files."
)
@click.option("--out", required=True, metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="The SVG to write.")
def picture(records: Path, out: Path) -> None:
    """The newest records of `speed` and `latency`, drawn against the size of the list."""
    from resolver import bench_picture

    out.write_text(bench_picture.picture(records), encoding="utf-8")
