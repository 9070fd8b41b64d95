"""How well names are looked up: python tests/bench/names/measure.py --data FOLDER [--errors 15] [--record] [--country]

FOLDER holds entities.jsonl (what is listed) and queries.jsonl (`query`, `type`, `kind`, `accept`, and for unknown names `sub`).
Prints for each type and kind: right at all (R@1), right above the score that 1 % and 2 % of the unknown names reach, and the
calibration error. `--errors` prints the worst misses and false alarms by kind; `--record` writes a dated file beside this one.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2]))

from aliases.sources import jsonl  # noqa: E402
from resolver.index import Index, compile_generation  # noqa: E402
from resolver.lookup import Lookup  # noqa: E402
from resolver.match import Candidate  # noqa: E402

CORE = ("romanization-variant", "cross-script", "acronym", "typo")


@dataclass(frozen=True)
class Answer:
    """A query and the best candidate for it."""

    query: dict[str, Any]
    best: Candidate | None

    @property
    def score(self) -> float:
        return self.best.score if self.best else 0.0

    @property
    def right(self) -> bool:
        return self.best is not None and self.best.entity.id in self.query["accept"]

    @property
    def unknown(self) -> bool:
        return self.query["kind"] == "negative" and self.query.get("sub") != "homonym-like"


def ask(folder: Path, *, country: bool) -> tuple[list[Answer], float]:
    """Folder -> every query answered, and milliseconds of processor time a query."""
    entities = sorted(jsonl.read(folder / "entities.jsonl"), key=lambda entity: entity.id)
    queries = [json.loads(line) for line in (folder / "queries.jsonl").open(encoding="utf-8")]
    known = {entity.id: entity.properties.get("country") for entity in entities}
    with tempfile.TemporaryDirectory() as place:
        compile_generation(entities, Path(place) / "generation")
        lookup = Lookup(Index.open(Path(place) / "generation"))
        started = time.process_time()
        answers = []
        for query in queries:
            hint = known.get(query["expect"]) if country and query["type"] == "place" and query["expect"] else None
            found = lookup.lookup(query["query"], types=[query["type"]], limit=1, min_score=0, country=hint)
            answers.append(Answer(query, found[0] if found else None))
        return answers, 1000 * (time.process_time() - started) / max(1, len(queries))


def level(answers: list[Answer], share: float) -> float:
    """Answers of a type -> the score that this share of its unknown names reach."""
    falling = sorted((answer.score for answer in answers if answer.unknown), reverse=True)
    return falling[int(len(falling) * share)] if falling else 0.0


def table(answers: list[Answer]) -> list[dict[str, Any]]:
    """Answers -> one row for each type and kind."""
    rows = []
    for type_ in sorted({answer.query["type"] for answer in answers}):
        mine = [answer for answer in answers if answer.query["type"] == type_]
        levels = [level(mine, share) for share in (0.01, 0.02)]
        kinds: dict[str, list[Answer]] = defaultdict(list)
        for answer in mine:
            kind = answer.query["kind"]
            if kind == "negative":
                continue
            kinds[kind].append(answer)
            if kind == "cross-script":
                kinds[f"{kind}:{answer.query['script']}"].append(answer)
            if kind in CORE:
                kinds["CORE"].append(answer)
        for kind, some in sorted(kinds.items()):
            kept = [100 * sum(a.right and a.score > bar for a in some) / len(some) for bar in levels]
            right = 100 * sum(a.right for a in some) / len(some)
            figures = {"R@1": round(right, 1), "R@1%FP": round(kept[0], 1), "R@2%FP": round(kept[1], 1)}
            rows.append({"type": type_, "kind": kind, "n": len(some), **figures})
    return rows


def calibration(answers: list[Answer]) -> float:
    """Answers -> expected calibration error over ten bins."""
    bins: dict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        if answer.best:
            bins[min(9, int(answer.score * 10))].append(answer)
    total = sum(map(len, bins.values())) or 1
    return sum(abs(sum(a.score for a in some) - sum(a.right for a in some)) for some in bins.values()) / total


def errors(answers: list[Answer], most: int) -> None:
    """Print for each type the unknown names that score highest, and for each kind the known names that come out worst."""
    for type_ in sorted({answer.query["type"] for answer in answers}):
        mine = [answer for answer in answers if answer.query["type"] == type_]
        alarms = sorted((a for a in mine if a.unknown and a.best), key=lambda a: -a.score)[:most]
        print(f"\n{type_}: unknown names that score highest")
        for answer in alarms:
            assert answer.best
            print(f"  {answer.score:.3f} {answer.query['query']} -> {answer.best.matched} ({answer.best.entity.id})")
        for kind in CORE:
            wrong = sorted((a for a in mine if a.query["kind"] == kind and not a.right), key=lambda a: -a.score)[:most]
            if wrong:
                print(f"{type_}, {kind}: known names taken for another")
            for answer in wrong:
                got = f"{answer.best.matched} ({answer.best.entity.id})" if answer.best else "nothing"
                print(f"  {answer.score:.3f} {answer.query['query']} -> {got}, wanted {answer.query['expect']}")


def main() -> None:
    """Arguments -> the table on standard output."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--errors", type=int, default=0, metavar="N")
    arguments.add_argument("--record", action="store_true")
    arguments.add_argument("--country", action="store_true", help="give the country of every known place as a hint")
    options = arguments.parse_args()
    answers, spent = ask(options.data, country=options.country)
    rows = table(answers)
    for row in rows:
        print(f"{row['type']:13} {row['kind']:24} {row['n']:6} {row['R@1']:6} {row['R@1%FP']:6} {row['R@2%FP']:6}")
    error = calibration(answers)
    print(f"calibration error {error:.4f}; {spent:.2f} ms of processor time a name")
    errors(answers, options.errors)
    if options.record:
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        made = {"date": today, "calibration_error": round(error, 4), "ms_per_name": round(spent, 2), "rows": rows}
        (HERE / f"{today}.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
