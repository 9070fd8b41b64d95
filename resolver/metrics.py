"""What the service counts, as Prometheus reads it: over all workers, whichever of them is asked."""

from __future__ import annotations

import functools
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from aliases.errors import AkaError
from resolver.runtime import Runtime, WorkerState
from resolver.serving import Opened

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_DAY = 86_400  # seconds
_AGES = (
    "SELECT s.list, s.age_days, julianday('now') - julianday(max(s.imported_at, coalesce(f.good_at, ''))) "
    "FROM list_status s LEFT JOIN fetches f ON f.list = s.list ORDER BY s.list"
)
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

if (
    os.environ.get("PROMETHEUS_MULTIPROC_DIR") and Runtime.number is not None
):  # otherwise counters have their process id, and are never taken up
    values.ValueClass = values.MultiProcessValue(lambda: Runtime.number)  # type: ignore[no-untyped-call]
_REGISTRY = CollectorRegistry()
REQUESTS = Counter("aka_requests", "Requests answered.", ("route", "method", "status"), registry=_REGISTRY)
SECONDS = Histogram(
    "aka_request_seconds", "Time from a request to the start of its answer.", ("route",), buckets=_BUCKETS, registry=_REGISTRY
)
MENTIONS = Counter("aka_mentions", "Mentions found in texts.", registry=_REGISTRY)
CHARACTERS = Counter("aka_text_characters", "Characters of texts that were searched.", registry=_REGISTRY)
NAMES = Counter("aka_names", "Names that were looked up.", registry=_REGISTRY)
REFUSED = Counter(
    "aka_requests_refused", "Requests refused for their rate, or because too many were under way.", registry=_REGISTRY
)


@functools.cache  # of the routes, methods and statuses that there are; to find a child takes longer than to count in it
def _counted(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """What was answered -> where it is counted."""
    return REQUESTS.labels(route, method, str(status)), SECONDS.labels(route)


def answered(route: str, method: str, status: int, seconds: float) -> None:
    """An answer, and how long it took to begin -> counted."""
    requests, taken = _counted(route, method, status)
    requests.inc()
    taken.observe(seconds)


def exposition(opened: Opened) -> bytes:
    """Resolver's source -> all metrics in the text format of Prometheus."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        for counter in (REQUESTS, SECONDS, MENTIONS, CHARACTERS, NAMES, REFUSED):
            registry.register(counter)
    registry.register(_State(opened))
    return generate_latest(registry)


class _State(Collector):
    """What is, rather than what was counted: generations, lists, workers."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def collect(self) -> Iterator[Metric]:
        """-> gauges of this moment."""
        states = self._opened.runtime.workers() or [self._opened.state()]
        yield from _workers(states)
        yield from self._generation()
        yield from self._lists()

    def _generation(self) -> Iterator[Metric]:
        with suppress(AkaError, OSError, AttributeError):  # no generation, or one that is nowhere on a disk
            resolver = self._opened()
            compiled = (resolver.index.directory / "manifest.json").stat().st_mtime
            yield _gauge("aka_generation_age_seconds", "Since the generation that answers was compiled.", time.time() - compiled)
            yield _gauge("aka_entities", "Entities in it.", resolver.index.entity_count)
            yield _gauge("aka_names_listed", "Names in it.", resolver.index.alias_count)

    def _lists(self) -> Iterator[Metric]:
        from aliases import fetches
        from aliases.store import FILE, Store

        age = GaugeMetricFamily("aka_list_age_seconds", "Since the version that is served was imported.", labels=["list"])
        good = GaugeMetricFamily(
            "aka_list_good_age_seconds", "Since its source was last found well, or it came in.", labels=["list"]
        )
        failing = GaugeMetricFamily(
            "aka_list_failing", "1 while the source of the list cannot be fetched, also when it never came in.", labels=["list"]
        )
        data: Path | None = None
        with suppress(AkaError, AttributeError):
            data = self._opened().data
        if data is not None:
            with suppress(AkaError), Store.open(data / FILE) as store:
                for name, days, good_days in store.rows(_AGES):
                    age.add_metric([name], float(days) * _DAY)
                    good.add_metric([name], float(good_days) * _DAY)
                errors = {look.list: look.error for look in fetches.recorded(store)}
                for name in sorted({*errors, *store.live_versions()}):
                    failing.add_metric([name], 1.0 if errors.get(name) else 0.0)
        yield from (age, good, failing)


def _workers(states: list[WorkerState]) -> Iterator[Metric]:
    loaded = GaugeMetricFamily("aka_generation_info", "The generation that a worker answers from.", labels=["pid", "generation"])
    since = GaugeMetricFamily("aka_generation_loaded_seconds", "When it was loaded (seconds since 1970).", labels=["pid"])
    refused = GaugeMetricFamily("aka_generation_refused", "1 while a newer generation is refused.", labels=["pid"])
    memory = GaugeMetricFamily("aka_worker_resident_bytes", "Memory of a worker, the mapped index included.", labels=["pid"])
    files = GaugeMetricFamily("aka_worker_open_files", "Open files and connections of a worker.", labels=["pid"])
    for state in states:
        pid = str(state.pid)
        loaded.add_metric([pid, state.generation], 1.0)
        since.add_metric([pid], state.loaded_at)
        refused.add_metric([pid], 1.0 if state.refused else 0.0)
        with suppress(OSError, ValueError, IndexError):  # only where there is /proc
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            memory.add_metric([pid], pages * os.sysconf("SC_PAGE_SIZE"))
            files.add_metric([pid], len(os.listdir(f"/proc/{pid}/fd")))
    yield from (loaded, since, refused, memory, files)
    yield _gauge("aka_threads", "Threads of the worker that answers this.", threading.active_count())


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=value)
