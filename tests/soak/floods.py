"""Texts that are made to be slow, at one, two and four times their length: what reads them takes so many times longer, and no more.

`python -m tests.soak.floods` -> one line of JSON a text, over the shipped seeds; the time is of the processor, not of the clock.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable

from resolver import Resolver

TIMES = (1, 2, 4)
ROUNDS = 3  # of each length, of which the fastest counts
FLOODS: dict[str, Callable[[int], str]] = {
    "sentences": lambda n: "".join(
        f"The committee of ward {k} met and said that nothing new was found. " for k in range(n // 66)
    ),
    "one mark": lambda n: "a" + "\u0301" * n,
    "marks that change places": lambda n: "a" + "\u0301\u0323" * (n // 2),
    "one long word": lambda n: "A" * n,
    "one letter of eighteen": lambda n: "\ufdfa" * n,
    "invisible characters": lambda n: "a\u200b" * (n // 2),
    "changes of direction": lambda n: "\u202ea\u202c" * (n // 3),
    "articles": lambda n: "al-" * (n // 3),
    "hyphens": lambda n: "a-" * (n // 2),
    "initials": lambda n: "A. " * (n // 3),
    "digits": lambda n: "9" * n,
    "brackets": lambda n: "([" * (n // 2),
    "escapes": lambda n: "&amp;" * (n // 5),
    "one listed name": lambda n: "ISIS " * (n // 5),
    "names that are nearly listed": lambda n: "Deir al Zoq Islamic Stat Hezbolla " * (n // 34),
    "names that nobody has": lambda n: "".join(f"Marduk Velion{k % 97} Torbag " for k in range(n // 24)),
}


def seconds(resolver: Resolver, text: str) -> float:
    """Text -> seconds of the processor to find its mentions, in the best of some rounds."""
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        resolver.mentions(text)
        took.append(time.process_time() - began)
    return min(took)


def measured(resolver: Resolver, make: Callable[[int], str], *, length: int) -> dict[str, float]:
    """How a text is made, and its length -> milliseconds a thousand characters, and the power of the length that time grows with."""
    times = [seconds(resolver, make(length * more)) for more in TIMES]
    return {
        "ms_per_1000_characters": round(times[-1] * 1e6 / (length * TIMES[-1]), 3),
        "slope": round(math.log(times[-1] / times[0]) / math.log(TIMES[-1] / TIMES[0]), 2),
    }


def main() -> None:
    """Arguments -> a line for each flood."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--length", type=int, default=20_000)
    chosen = parser.parse_args()
    resolver = Resolver.open().warmed()
    for name, make in FLOODS.items():
        print(json.dumps({"flood": name, **measured(resolver, make, length=chosen.length)}), flush=True)


if __name__ == "__main__":
    main()
