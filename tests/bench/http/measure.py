"""Look-ups over HTTP beside the bare JSON answer of the same server: python -m tests.bench.http.measure [options] -> a table.

Needs wrk (https://github.com/wg/wrk). Three runs against one `aka serve`: names that nobody listed, as fast as it answers; the same at
half that rate; and /healthz, which answers `{"status":"ok"}` by the same road without looking anything up. `cpu_ms` is processor time
of the server for one answer, which other work on the machine leaves nearly alone; rates and latencies are those of a clock.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from resolver import bench_data, measuring
from resolver.resolve import Resolver
from tests.resolver.served import answering

SCRIPT = Path(__file__).parent / "names.lua"
AKA = (sys.executable, "-c", "from resolver.cli import main; main()")
CONNECTIONS = 16
TICK = os.sysconf("SC_CLK_TCK")  # of the processor times in /proc, a second


@contextmanager
def serving(data: str, workers: int) -> Iterator[tuple[str, int]]:
    """Data directory ('' for the seeds) -> host:port of a service that answers, and the process that began it."""
    command = [*AKA, "serve", "--port", "0", "--workers", str(workers), *(("--data", data) if data else ())]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        try:
            for line in process.stderr:
                if found := re.search(r"http://\S+", line):
                    address = answering(found[0], process).removeprefix("http://")
                    ask(address, ["/lookup?name=Aleppo"], seconds=2)  # every worker has opened the generation
                    yield address, process.pid
                    return
            raise SystemExit("aka serve did not start")
        finally:
            process.terminate()


def ask(address: str, paths: Sequence[str], *, seconds: float, pause_ms: int = 0) -> dict[str, float]:
    """Paths -> what wrk tells of asking for them over CONNECTIONS connections, each with a pause before every question."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.write("\n".join(paths))
        file.flush()
        command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", str(SCRIPT), f"http://{address}/"]
        done = subprocess.run([*command, "--", file.name, str(pause_ms)], check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if told["failed"]:
        raise SystemExit(f"{told['failed']} questions failed: {done.stdout}")
    return told


def busy(pid: int) -> float:
    """Process -> seconds of processor time that it and its children used."""
    pids, used = [pid], 0
    for some in pids:
        pids += [int(child) for path in Path(f"/proc/{some}/task").glob("*/children") for child in path.read_text().split()]
        fields = Path(f"/proc/{some}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / TICK


def row(what: str, address: str, pid: int, paths: Sequence[str], *, seconds: float, pause_ms: int = 0) -> measuring.Row:
    """What is asked -> how many answers a second, how soon, and what they cost."""
    before = busy(pid)
    told = ask(address, paths, seconds=seconds, pause_ms=pause_ms)
    return {
        "asked": what, "per_s": round(told["answers"] / told["seconds"], 1), "p50_ms": told["p50_ms"], "p99_ms": told["p99_ms"],
        "cpu_ms": round(1000 * (busy(pid) - before) / told["answers"], 3),
    }  # fmt: skip


def questions(resolver: Resolver, count: int) -> list[str]:
    """Resolver -> paths of look-ups of names that nobody listed, but each a spelling of one that somebody did."""
    listed = [resolver.index.entity(number) for number in range(resolver.index.entity_count)]
    return [f"/lookup?name={quote(name)}" for name, _ in islice(bench_data.queries(listed, count), count) if name.strip()]


def measure(data: str, *, workers: int, seconds: float) -> list[measuring.Row]:
    """Data directory, workers and how long each run lasts -> one row a run, with its rate against that of the bare answer."""
    resolver = Resolver.open(data or None)
    paths, names = questions(resolver, 20_000), resolver.index.alias_count
    with serving(data, workers) as (address, pid):
        bare = row("bare answer", address, pid, ["/healthz"], seconds=seconds)
        full = row("look-ups", address, pid, paths, seconds=seconds)
        pause = round(1000 * 2 * CONNECTIONS / float(str(full["per_s"])) - float(str(full["p50_ms"])) / 2)
        half = row("look-ups, half the rate", address, pid, paths, seconds=seconds, pause_ms=max(1, pause))
    about: measuring.Row = {"names": names, "workers": workers, "connections": CONNECTIONS}
    return [
        about | some | {
            "of_bare": round(float(str(some["per_s"])) / float(str(bare["per_s"])), 3),
            "cpu_of_bare": round(float(str(some["cpu_ms"])) / float(str(bare["cpu_ms"])), 2),
        }
        for some in (bare, full, half)
    ]  # fmt: skip


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Look-ups over HTTP, measured with wrk.")
    parser.add_argument("--data", default="", help="a data directory instead of the seeds")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=15, help="of each run [default: 15]")
    parser.add_argument("--record", help="directory for a dated CSV file")
    asked = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not installed: https://github.com/wg/wrk")
    print(measuring.record(measure(asked.data, workers=asked.workers, seconds=asked.seconds), asked.record, "http"))


if __name__ == "__main__":
    main()
