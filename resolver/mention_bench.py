"""A folder of annotated texts -> how well aka finds the mentions in them, and what it misses and wrongly finds most, by category.

The folder holds entities.jsonl (what is listed, as `aka import jsonl` reads it) and documents.jsonl, one text a line: `text`, `gold`
(spans with `start`, `end` in code points and the `entity` id), and optionally `ignore` (spans that are neither right nor wrong),
`exhaustive` (true unless said otherwise: every mention is annotated) and `types` (entity types that are annotated; all by default).
A mention is right when it overlaps a gold span of its entity.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aliases.errors import MissingDataError
from aliases.fold import fold_name
from aliases.sources import jsonl
from resolver.compiling import compile_generation
from resolver.index import Index
from resolver.match import Mention
from resolver.mentions import MentionFinder

FILES = ("entities.jsonl", "documents.jsonl")
_CONTEXT = 30  # characters on each side that are shown

Document = Mapping[str, Any]
Span = Mapping[str, Any]


@dataclass(frozen=True)
class Error:
    """One miss or false alarm."""

    category: str
    surface: str
    entity: str
    score: float  # of a false alarm; of a miss the best score that the right reading got, 0 when it was not considered
    context: str


@dataclass
class Result:
    """What was counted."""

    gold: int = 0
    found: int = 0  # gold spans that a right mention overlaps
    right: int = 0  # right mentions in texts that are annotated exhaustively
    wrong: int = 0
    seconds: float = 0.0  # of processor time
    characters: int = 0
    misses: list[Error] = field(default_factory=list)
    alarms: list[Error] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the mentions that are right, where everything is annotated."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of the gold spans that were found."""
        return self.found / max(1, self.gold)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def measure(folder: Path, *, min_score: float | None = None) -> Result:
    """Folder -> what was counted over all its texts; MissingDataError when it does not hold both files."""
    for file in FILES:
        if not (folder / file).is_file():
            raise MissingDataError(f"{folder} holds no {file}: give a folder of annotated texts")
    entities = sorted(jsonl.read(folder / "entities.jsonl"), key=lambda entity: entity.id)
    forms = {entity.id: {fold_name(alias.form) for alias in entity.surface_forms()} for entity in entities}
    result = Result()
    with tempfile.TemporaryDirectory() as place:
        compile_generation(entities, Path(place) / "generation")
        finder = MentionFinder(Index.open(Path(place) / "generation"))
        with (folder / "documents.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                _add(result, json.loads(line), finder, forms, min_score)
    return result


def _add(
    result: Result, document: Document, finder: MentionFinder, forms: Mapping[str, set[str]], min_score: float | None
) -> None:
    text = document["text"]
    started = time.process_time()
    mentions = finder.find(text, min_score=min_score)
    result.seconds += time.process_time() - started
    result.characters += len(text)
    used: set[int] = set()
    missed = []
    for gold in document["gold"]:
        hit = next(
            (n for n, m in enumerate(mentions) if n not in used and _overlap(m, gold) and m.entity.id == gold["entity"]), None
        )
        result.gold += 1
        if hit is None:
            missed.append(gold)
        else:
            result.found += 1
            used.add(hit)
    if missed:
        result.misses += _misses(text, missed, mentions, finder, forms)
    if document.get("exhaustive", True):
        result.right += len(used)
        alarms = list(_alarms(document, [m for n, m in enumerate(mentions) if n not in used]))
        result.wrong += len(alarms)
        result.alarms += alarms


def _overlap(mention: Mention, span: Span) -> bool:
    return bool(mention.start < span["end"] and span["start"] < mention.end)


def _misses(
    text: str, missed: Sequence[Span], mentions: Sequence[Mention], finder: MentionFinder, forms: Mapping[str, set[str]]
) -> Iterator[Error]:
    """Gold spans that were not found -> why: the listed form or another spelling, and how far it came."""
    considered = finder.find(text, min_score=0.0, overlaps="all")
    for gold in missed:
        surface = text[gold["start"] : gold["end"]]
        listed = fold_name(surface) in forms.get(gold["entity"], ())
        scores = [m.score for m in considered if _overlap(m, gold) and m.entity.id == gold["entity"]]
        taken = any(_overlap(m, gold) for m in mentions)
        why = "another entity was preferred" if taken else "its score was too low" if scores else "it was not considered"
        category = f"{'listed form' if listed else 'other spelling'}: {why}"
        yield Error(category, surface, gold["entity"], max(scores, default=0.0), _shown(text, gold["start"], gold["end"]))


def _alarms(document: Document, others: Sequence[Mention]) -> Iterator[Error]:
    text, ignored, types = document["text"], document.get("ignore", ()), document.get("types")
    for mention in others:
        if (types and mention.entity.type not in types) or any(_overlap(mention, span) for span in ignored):
            continue
        on_gold = any(_overlap(mention, span) for span in document["gold"])
        category = "on a mention of another entity" if on_gold else _category(text, mention)
        shown = _shown(text, mention.start, mention.end)
        yield Error(category, mention.surface, mention.entity.id, mention.score, shown)


def _category(text: str, mention: Mention) -> str:
    """Text and a false alarm -> what it looks like."""
    if mention.kind in ("fuzzy", "variant"):
        return "an unlisted spelling"
    if mention.surface[:1].islower():
        return "a word in lower case"
    before, behind = text[: mention.start], text[mention.end :]
    left, right = before.rstrip(" -").rsplit(None, 1)[-1:], behind.lstrip(" -").split(None, 1)[:1]
    if before[-1:] in (" ", "-") and left and left[0][:1].isupper() and left[0][-1:] not in ".,;:!?)":
        return "in a longer capitalised name"
    if behind[:1] in (" ", "-") and right and right[0][:1].isupper():
        return "in a longer capitalised name"
    if not before.strip() or before.rstrip()[-1:] in '.!?:\n“"':
        return "at the start of a sentence"
    return "elsewhere"


def _shown(text: str, start: int, end: int) -> str:
    before, behind = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    return " ".join(f"{before}[{text[start:end]}]{behind}".split())


def most_frequent(errors: Sequence[Error], most: int) -> Iterator[tuple[str, int, list[tuple[Error, int]]]]:
    """Errors -> category, its size, and its most frequent surfaces and entities (one error of each, and how many); largest first."""
    by_category: dict[str, list[Error]] = defaultdict(list)
    for error in errors:
        by_category[error.category].append(error)
    for category, some in sorted(by_category.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        counts = Counter((error.surface, error.entity) for error in some)
        first = {(error.surface, error.entity): error for error in reversed(some)}
        order = sorted(counts, key=lambda key: (-counts[key], key))[:most]
        yield category, len(some), [(first[key], counts[key]) for key in order]
