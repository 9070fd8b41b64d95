"""New generations under open-loop load: no question fails, none is answered from two generations, none waits long.

The first part of the time is without a switch, so that what the machine itself does to latency is known: figures of the same run
are compared. `python -m tests.soak.swap --swaps 50 --rate 75 --seconds 1500` -> one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path

from tests.soak.service import VERSIONED, Answer, Load, percentile, post, publish, resources, serving, workers, write_list

WINDOW = 1.5  # seconds after a switch that count as during it
CALM = 0.15  # of the time, at its beginning, that has no switch
QUESTION = post("/lookup", {"names": ["Zubayda Marker", "Zubayda Marker"], "limit": 1, "min_score": 0})


def main() -> None:
    """Arguments -> the report on standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--swaps", type=int, default=50)
    parser.add_argument("--rate", type=float, default=300)
    parser.add_argument("--seconds", type=float, default=340)
    parser.add_argument("--size", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    print(json.dumps(measured(**vars(parser.parse_args()))))


def measured(*, swaps: int, rate: float, seconds: float, size: int = 200, workers: int = 2) -> dict[str, object]:
    """How many switches under how much load -> counts of what must not be, and latencies in milliseconds."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        data = folder / "data"
        publish(data, write_list(folder / "list.jsonl", version=0, size=size))
        with serving(data, "--workers", str(workers)) as (address, process):
            return _under_load(Load(address, rate, question=lambda _: QUESTION), process, folder, swaps, seconds, size)


def _under_load(load, process, folder: Path, swaps: int, seconds: float, size: int) -> dict[str, object]:
    switched: list[float] = []
    known: dict[str, int] = {(folder / "data" / "current").read_text().strip(): 0}
    began = time.perf_counter() + 0.2

    def switch() -> None:
        for number in range(1, swaps + 1):
            calm = seconds * CALM
            pause = began + calm + (number - 1) * (seconds - calm) / (swaps + 1) - time.perf_counter()
            time.sleep(max(0.0, pause))
            generation = publish(folder / "data", write_list(folder / "list.jsonl", version=number, size=size))
            switched.append(time.perf_counter() - began)
            known[generation] = number

    thread = threading.Thread(target=switch)
    thread.start()
    before = [resources(pid) for pid in workers(process)]
    answers = load.run(seconds)
    thread.join()
    after = [resources(pid) for pid in workers(process)]
    calm = [answer for answer in answers if answer.due < seconds * CALM]
    alone = percentile([answer.done - answer.due for answer in calm if answer.status == 200], 0.99)
    return {**judged(answers, switched, known), "p99_calm_ms": round(alone, 2), "longest_gap_calm_ms": _longest_gap(calm),
            "before": before, "after": after}  # fmt: skip


def judged(answers: list[Answer], switched: list[float], known: dict[str, int]) -> dict[str, object]:
    """Answers, times of the switches, generation -> version of the list in it -> what there was to count."""
    good = [answer for answer in answers if answer.status == 200]
    versions = [(answer, *_told(answer)) for answer in good]
    mixed = [told for told in versions if told[1] != {known.get(told[2])}]
    steady, during = [], []
    for answer in good:
        near = any(0 <= answer.done - at <= WINDOW for at in switched)
        (during if near else steady).append(answer.done - answer.due)
    lines = {answer.connection for answer in good}
    back = sum(_back_steps([(known[g], a.done) for a, _, g in versions if a.connection == line and g in known]) for line in lines)
    p99_steady, p99_during = percentile(steady, 0.99), percentile(during, 0.99)
    return {
        "requests": len(answers), "failed": len(answers) - len(good), "mixed": len(mixed), "swaps": len(switched),
        "generations_seen": len({generation for _, _, generation in versions}), "back_steps_on_a_connection": back,
        "under_load": sum(at < max((answer.done for answer in good), default=0) for at in switched),
        "longest_gap_ms": _longest_gap(good),
        "p50_ms": round(percentile(steady + during, 0.5), 2), "p99_steady_ms": round(p99_steady, 2),
        "p99_during_ms": round(p99_during, 2), "p99_ratio": round(p99_during / p99_steady, 2) if p99_steady else None,
        "max_ms": round(percentile(steady + during, 1.0), 1),
    }  # fmt: skip


def _longest_gap(answers: list[Answer]) -> float:
    """Answers -> the longest time in which none came, in milliseconds."""
    done = sorted(answer.done for answer in answers)
    return round(max((after - before for before, after in pairwise(done)), default=0) * 1_000, 1)


def _told(answer: Answer) -> tuple[set[int], str]:
    """Answer -> versions that its candidates are of, and the generation that it names."""
    value = json.loads(answer.body)
    found = {int(version) for version in re.findall(rf"{VERSIONED} (\d+)", answer.body.decode())}
    return found, value["generation"]


def _back_steps(seen: list[tuple[int, float]]) -> int:
    ordered = [version for version, _ in sorted(seen, key=lambda pair: pair[1])]
    return sum(after < before for before, after in pairwise(ordered))


if __name__ == "__main__":
    main()
