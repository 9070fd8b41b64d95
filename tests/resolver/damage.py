"""Ways in which a file of a generation can be damaged: its bytes and a place in them -> the damaged bytes.

`python -m tests.resolver.damage 400` damages both files of a generation so often in each way, opens it each time in a process of its
own, and counts what came of it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from aliases.errors import AkaError
from resolver import Resolver, publish
from resolver.generations import current_generation
from resolver.index import Index

PAGE = 4096


def flip(data: bytearray, at: int) -> bytearray:
    """One bit is another."""
    data[at] ^= 1 << at % 8
    return data


DAMAGE: dict[str, Callable[[bytearray, int], bytes | bytearray]] = {
    "cut short": lambda data, at: data[:at],
    "one bit flipped": flip,
    "a page of zeros": lambda data, at: data[:at] + bytes(max(1, min(PAGE, len(data) - at))) + data[at + PAGE :],
    "a byte too many": lambda data, at: data + b"\0",
    "another page in its place": lambda data, at: data[PAGE : 2 * PAGE] + data[PAGE:] if len(data) > PAGE else data[:at] + data,
}


def _opened(directory: Path) -> str:
    """Generation -> what opening it came to, tried in a process that may crash."""
    child = os.fork()
    if child == 0:
        status = 0
        try:
            index = Index.open(directory)
            Resolver(index).lookup("Zubayda Marker", min_score=0)
        except AkaError as told:
            status = 10 if "import" in told.detail else 11
        except BaseException:
            status = 12
        os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        return f"CRASH by signal {os.WTERMSIG(ended)}"
    return {0: "OPENED", 10: "refused with the fix", 11: "REFUSED WITHOUT A FIX"}.get(os.WEXITSTATUS(ended), "EXCEPTION")


def main(times: int, *, seed: int = 0) -> Counter[str]:
    """How often in each way -> outcomes, by file, way and what came of it."""
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="aka-damage-") as folder:
        scratch = Path(folder)
        lines = (json.dumps({"id": f"p{n}", "type": "place", "name": f"Zubayda {n} Marker"}) for n in range(300))
        (scratch / "list.jsonl").write_text("\n".join(lines))
        publish.import_list(scratch / "data", format="jsonl", file=scratch / "list.jsonl", list_name="list")
        whole = current_generation(scratch / "data")
        for name in ("arrays.bin", "manifest.json"):
            good = (whole / name).read_bytes()
            for way, damage in DAMAGE.items():
                for _ in range(times):
                    damaged = bytes(damage(bytearray(good), chance.randrange(len(good))))
                    if damaged == good:
                        damaged = bytes(flip(bytearray(good), chance.randrange(len(good))))
                    copy = scratch / "copy"
                    shutil.copytree(whole, copy)
                    (copy / name).write_bytes(damaged)
                    found[f"{name}, {way}: {_opened(copy)}"] += 1
                    shutil.rmtree(copy)
    return found


if __name__ == "__main__":
    outcome = main(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    for line, count in sorted(outcome.items()):
        print(count, line)
    sys.exit(any(not line.endswith("refused with the fix") for line in outcome))
