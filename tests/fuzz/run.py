"""`python -m tests.fuzz.run TARGET --seconds 600`: atheris looks for bytes that a target does not stand; needs CPython and Linux.

What it finds is written to tests/fuzz/found; mend it, and keep the bytes in tests/fuzz/corpus/TARGET, which a test replays.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Arguments -> the fuzzer runs until its time is over or something is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=600)
    chosen = parser.parse_args()

    import atheris

    with atheris.instrument_imports(include=["aliases", "resolver"]):
        from tests.fuzz import targets

    targets.tried(chosen.target, b"warm")  # what is loaded once is not held against the first input
    (HERE / "found").mkdir(exist_ok=True)
    work = HERE / "found" / f"corpus-{chosen.target}"
    work.mkdir(exist_ok=True)
    seeds = HERE / "corpus" / chosen.target
    flags = [
        f"-max_total_time={chosen.seconds}",
        "-max_len=4096",
        "-timeout=600",  # of a clock, which stands for nothing on a busy machine: `targets.SLOW` is of the processor
        "-rss_limit_mb=1024",
        f"-artifact_prefix={HERE}/found/",
    ]
    atheris.Setup(
        [sys.argv[0], *flags, str(work), *([str(seeds)] if seeds.exists() else [])],
        lambda data: targets.tried(chosen.target, data, seconds=targets.SLOW),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
