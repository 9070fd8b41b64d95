"""A folder of judged names -> how well aka looks them up: right at all, right above what unknown names reach, and calibrated.

The folder holds entities.jsonl (what is listed, as `aka import jsonl` reads it) and queries.jsonl, one query a line: `query`,
`type`, `kind`, `script`, `accept` (ids that are right, [] for a name of nobody), `expect` (one of them) and for unknown names
`sub`: those of sub `homonym-like` are another's very name, which no look-up can tell, and set no level.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aliases.errors import MissingDataError
from aliases.sources import jsonl
from resolver.compiling import compile_generation
from resolver.index import Index
from resolver.lookup import Lookup
from resolver.match import Candidate

CORE = ("romanization-variant", "cross-script", "acronym", "typo")  # kinds that a look-up should find
LEVELS = (0.01, 0.02)  # shares of the unknown names whose score a right answer has to pass


@dataclass(frozen=True)
class Answer:
    """A query and the best candidate for it, whatever its score."""

    query: dict[str, Any]
    best: Candidate | None
    shipped: bool  # whether the shipped operating point answers it

    @property
    def score(self) -> float:
        """Score of the best candidate, 0 without one."""
        return self.best.score if self.best else 0.0

    @property
    def right(self) -> bool:
        """Whether the best candidate is one of those that are right."""
        return self.best is not None and self.best.entity.id in self.query["accept"]

    @property
    def unknown(self) -> bool:
        """Whether the name is of nobody listed, and not the very name of another."""
        return self.query["kind"] == "negative" and self.query.get("sub") != "homonym-like"

    @property
    def script(self) -> str:
        """Script that the name is written in."""
        return self.query.get("script") or "-"


@dataclass(frozen=True)
class Row:
    """Figures of one kind of query, in percent."""

    type: str
    kind: str
    queries: int
    first: float  # R@1
    above: tuple[float, ...]  # right and above the score of each share in LEVELS


def ask(folder: Path, *, country: bool = False) -> tuple[list[Answer], float]:
    """Folder -> every query answered, and milliseconds of processor time a query; `country`: known places are asked with theirs.

    MissingDataError when the folder does not hold both files; InvalidError where a line of entities.jsonl is no entity.
    """
    for file in ("entities.jsonl", "queries.jsonl"):
        if not (folder / file).is_file():
            raise MissingDataError(f"{folder} holds no {file}: give a folder of judged names")
    entities = sorted(jsonl.read(folder / "entities.jsonl"), key=lambda entity: entity.id)
    queries = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    known = {entity.id: entity.properties.get("country") for entity in entities}
    with tempfile.TemporaryDirectory() as place:
        compile_generation(entities, Path(place) / "generation")
        lookup = Lookup(Index.open(Path(place) / "generation"))
        started = time.process_time()
        answers = []
        for query in queries:
            hint = known.get(query["expect"]) if country and query["type"] == "place" and query["expect"] else None
            found = lookup.lookup(query["query"], types=[query["type"]], limit=1, min_score=0, country=hint)
            best = found[0] if found else None
            answers.append(Answer(query, best, best is not None and lookup.passes(best)))
        return answers, 1000 * (time.process_time() - started) / max(1, len(queries))


def table(answers: Sequence[Answer]) -> list[Row]:
    """Answers -> figures of each type and kind, of each script of the cross-script ones, and of the CORE kinds together."""
    rows = []
    for type_, mine in _by_type(answers):
        levels = [level(mine, share) for share in LEVELS]
        kinds: dict[str, list[Answer]] = defaultdict(list)
        for answer in mine:
            for kind in _kinds(answer):
                kinds[kind].append(answer)
        for kind, some in sorted(kinds.items()):
            above = tuple(_percent(sum(a.right and a.score > bar for a in some), some) for bar in levels)
            rows.append(Row(type_, kind, len(some), _percent(sum(a.right for a in some), some), above))
    return rows


def _by_type(answers: Sequence[Answer]) -> Iterator[tuple[str, list[Answer]]]:
    for type_ in sorted({answer.query["type"] for answer in answers}):
        yield type_, [answer for answer in answers if answer.query["type"] == type_]


def _kinds(answer: Answer) -> Iterator[str]:
    kind = answer.query["kind"]
    if kind != "negative":
        yield kind
    if kind == "cross-script":
        yield f"{kind}:{answer.script}"
    if kind in CORE:
        yield "CORE"


def _percent(number: int, of: Sequence[object]) -> float:
    return round(100 * number / max(1, len(of)), 1)


def level(answers: Sequence[Answer], share: float) -> float:
    """Answers of a type -> the score that this share of its unknown names reach."""
    falling = sorted((answer.score for answer in answers if answer.unknown), reverse=True)
    return falling[int(len(falling) * share)] if falling else 0.0


def answered(answers: Sequence[Answer]) -> dict[str, tuple[float, float]]:
    """Answers -> of each type: percent of unknown names answered at the shipped operating point, of CORE names answered rightly."""
    found = {}
    for type_, mine in _by_type(answers):
        nobody = [answer for answer in mine if answer.unknown]
        core = [answer for answer in mine if answer.query["kind"] in CORE]
        wrongly, rightly = sum(a.shipped for a in nobody), sum(a.shipped and a.right for a in core)
        found[type_] = (_percent(wrongly, nobody), _percent(rightly, core))
    return found


def calibration(answers: Sequence[Answer]) -> float:
    """Answers -> expected calibration error over ten bins."""
    bins: dict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        if answer.best:
            bins[min(9, int(answer.score * 10))].append(answer)
    total = sum(map(len, bins.values())) or 1
    return sum(abs(sum(a.score for a in some) - sum(a.right for a in some)) for some in bins.values()) / total


def errors(answers: Sequence[Answer], most: int) -> Iterator[tuple[str, list[Answer]]]:
    """Answers -> by type and category: unknown names that score highest, known ones taken for another, known ones left unsure."""
    for type_, mine in _by_type(answers):
        bar = level(mine, LEVELS[0])
        nobody: dict[str, list[Answer]] = defaultdict(list)
        wrong: dict[str, list[Answer]] = defaultdict(list)
        unsure: dict[str, list[Answer]] = defaultdict(list)
        for answer in mine:
            kind = f"{answer.query['kind']}, {answer.script}"
            if answer.unknown and answer.best:
                nobody[f"unknown ({answer.query.get('sub', '')})"].append(answer)
            elif answer.query["kind"] in (*CORE, "partial") and not answer.right:
                wrong[f"{kind}: taken for another"].append(answer)
            elif answer.query["kind"] in CORE and answer.score <= bar:
                unsure[f"{kind}: right but not sure"].append(answer)
        for groups, sign in ((nobody, -1), (wrong, -1), (unsure, 1)):
            for title, some in sorted(groups.items(), key=lambda item: -len(item[1])):
                yield f"{type_}, {title}, {len(some)}", sorted(some, key=lambda a: sign * a.score)[:most]
