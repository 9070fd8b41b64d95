"""Words that stand for one another whatever their letters (Dick and Richard), with what it costs to say so."""

from __future__ import annotations

import json
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Indel

from aliases.keys import skeleton, symbols
from aliases.romanize import readings
from resolver import features
from resolver.prepare import family_of, prepare

LANGUAGES = ("ar", "ru", "he", "zh", "ko")
FLOOR, SLOPE = 0.35, 0.45  # cost of a pair that is always seen, and what a factor e of doubt adds
DEAREST = 2.2
LEAST_SHARE = 0.05  # of the times that a word is the odd one out
MIN_ENTITIES = 2  # that must agree on a pair seen in their names only
Seen = dict[tuple[str, str], float]


def from_parts(folder: Path, common: Mapping[str, int]) -> Seen:
    """Transliterated name parts -> pairs whose Latin word is common in names, with how much of the time they are meant."""
    seen: Seen = {}
    for language in LANGUAGES:
        for line in (folder / f"{language}.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            native = readings(row["native"] + "\u00b7" * (language == "zh"))[0].text.removeprefix("al ").replace(" ", "")
            total = sum(row["counts"])
            for latin, count in zip(row["romanizations"], row["counts"], strict=True):
                for word in (reading.text.replace(" ", "") for reading in readings(latin)[:1]):
                    if native and word and common.get(word, 0) and count / total > 0.1:
                        seen[native, word] = max(count / total, seen.get((native, word), 0.0))
    return seen


def from_aliases(entities: Sequence[dict[str, Any]]) -> Seen:
    """Entities -> pairs of words that are all that sets two names of one entity apart, in several entities."""
    agree: dict[tuple[str, str], set[str]] = defaultdict(set)
    left: Counter[str] = Counter()
    for entity in entities:
        if entity["type"] == "place":
            continue
        family = family_of(entity["type"])
        names = [p for form in [entity["name"], *entity["aliases"][:8]] for p in prepare(form, family)]
        for pair in {_odd_ones(a.words, b.words) for a, b in combinations(names, 2)} - {None}:
            assert pair
            for a, b in (pair, pair[::-1]):
                agree[a, b].add(entity["id"])
                left[a] += 1
    shares = {(a, b): len(ids) / (left[a] + 1) for (a, b), ids in agree.items() if len(ids) >= MIN_ENTITIES}
    return {pair: share for pair, share in shares.items() if share > LEAST_SHARE}


def _odd_ones(a: Sequence[str], b: Sequence[str]) -> tuple[str, str] | None:
    """Two names -> the one word of each that has no like in the other, where all others have."""
    rest_a, rest_b = list(a), list(b)
    for word in a:
        like = [other for other in rest_b if other == word or (skeleton(word) == skeleton(other) and _near(word, other))]
        if like:
            rest_a.remove(word)
            rest_b.remove(like[0])
    if len(rest_a) != 1 or len(rest_b) != 1 or len(a) < 2:
        return None
    one, two = rest_a[0], rest_b[0]
    return (one, two) if min(len(one), len(two)) > 1 and not one.isdigit() and not two.isdigit() else None


def _near(a: str, b: str) -> bool:
    return Indel.normalized_similarity(symbols(a), symbols(b)) > 0.6


def sections(*sources: Seen) -> dict[str, array[int]]:
    """Pairs with how often they are meant -> the sections of the fitted file."""
    costs: dict[int, int] = {}
    for seen in sources:
        for (a, b), share in seen.items():
            cost = min(DEAREST, FLOOR - SLOPE * math.log(share))
            for one, two in _ways(a, b):
                key = features.known_hash(symbols(one), symbols(two))
                costs[key] = min(costs.get(key, 255), round(cost / 0.05))
    ordered = sorted(costs)
    return {"costs.known": array("Q", ordered), "costs.known_costs": array("B", (costs[key] for key in ordered))}


def _ways(a: str, b: str) -> Iterable[tuple[str, str]]:
    yield a, b
    if a != b:
        yield b, a
