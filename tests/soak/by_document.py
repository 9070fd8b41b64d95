"""The test by the OpenAPI document with many examples of each operation: `python -m tests.soak.by_document --examples 2000`.

The operations are dealt out to processes; one line of JSON says how many passed and failed, what failed is told above it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEST = "tests/resolver/test_by_document.py"


def main() -> None:
    """Arguments -> the report on standard output; exit status 1 when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    environment = {**os.environ, "AKA_EXAMPLES": str(chosen.examples)}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", TEST],
            cwd=ROOT, env={**environment, "AKA_EXAMPLES_SHARE": f"{number}/{chosen.processes}"}, text=True, stdout=subprocess.PIPE,
        )
        for number in range(chosen.processes)
    ]  # fmt: skip
    found: Counter[str] = Counter()
    for process in started:
        said = process.communicate()[0]
        for count, what in re.findall(r"(\d+) (passed|failed|error)", said.splitlines()[-1]):
            found[what] += int(count)
        if process.returncode:
            print(said)
    print(json.dumps({"examples": chosen.examples, **found}))
    sys.exit(any(process.returncode for process in started))


if __name__ == "__main__":
    main()
