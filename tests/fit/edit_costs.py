"""Pairs of spellings of one word -> what each edit of a symbol costs, by hard expectation-maximisation."""

from __future__ import annotations

import json
import random
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import Indel

from aliases.keys import SYMBOLS, skeleton, symbols
from aliases.romanize import ORIGINS, readings
from resolver.prepare import family_of, prepare

CODES = 64
ROUNDS = 5
PRIOR = 15.0  # pseudo-counts of every symbol
MAX_PAIRS = 30_000  # of one origin
OWN_WEIGHT = 3  # of pairs from the list in other scripts, against name parts, which are mostly foreign names written out
LIMITS = (9.0, 9.0, 1.6, 1.3, 1.2)  # cost per symbol above which a pair is no pair, by round
LANGUAGES = {"ar": "Arab", "ru": "Cyrl", "he": "Hebr", "zh": "West", "ko": "Kore"}
VOWELS = "aeiouyUEOIAV"
DIGITS = slice(SYMBOLS.index("0") + 1, SYMBOLS.index("9") + 2)
Pairs = dict[str, list[tuple[bytes, bytes]]]
Tables = tuple[np.ndarray, np.ndarray, np.ndarray]


def part_pairs(folder: Path) -> Iterable[tuple[str, str, str]]:
    """Folder of transliterated name parts -> (origin, romanized, Latin) words."""
    for language in LANGUAGES:
        for line in (folder / f"{language}.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            written_out = row["native"] + "·" * (language == "zh")  # the dot says that it is no Chinese name
            for reading in readings(written_out)[:2]:
                native = reading.text.removeprefix("al ").replace(" ", "")
                for latin in row["romanizations"][:2]:
                    for other in readings(latin)[:1]:
                        yield reading.origin, native, other.text.replace(" ", "")


def alias_pairs(entities: Sequence[dict[str, Any]]) -> Iterable[tuple[str, str, str]]:
    """Entities -> pairs of words that stand for one another in two names of one entity."""
    random.seed(0)
    for entity in entities:
        family = family_of(entity["type"])
        names = [p for form in [entity["name"], *entity["aliases"][:6]] for p in prepare(form, family)]
        chosen = list(combinations(names, 2))
        random.shuffle(chosen)
        for one, two in chosen[:5]:
            if two.origin and not one.origin:
                one, two = two, one
            if two.origin:
                continue
            for a in one.words:
                for b in two.words:
                    if a != b and min(len(a), len(b)) > 2 and not a.isdigit() and not b.isdigit() and _alike(a, b):
                        for _ in range(OWN_WEIGHT if one.origin else 1):
                            yield ORIGINS[one.origin], a, b


def _alike(a: str, b: str) -> bool:
    return skeleton(a) == skeleton(b) or Indel.normalized_similarity(symbols(a), symbols(b)) >= 0.6


def learn(pairs: Iterable[tuple[str, str, str]], words: Sequence[str]) -> dict[str, array[Any]]:
    """(origin, romanized, Latin) words, and Latin words of many names -> the cost sections of the fitted file."""
    found: Pairs = defaultdict(list)
    for origin, a, b in pairs:
        if a and b and len(a) < 25 and len(b) < 25:
            found[origin].append((symbols(a), symbols(b)))
    shape = (len(ORIGINS), CODES)
    costs = [np.zeros((*shape, CODES), np.float32), np.zeros(shape, np.float32), np.zeros(shape, np.float32)]
    contrast = [table.copy() for table in costs]
    near = _near_words(words)
    for number, origin in enumerate(ORIGINS):
        chosen = found[origin]
        random.Random(1).shuffle(chosen)
        usable = len(chosen) >= 300
        tables, counts = _learn_one(chosen[:MAX_PAIRS], same=origin == "Latn") if usable else (None, None)
        for place in range(3):
            costs[place][number] = tables[place] if tables else costs[place][0]
        if tables and counts:
            different = list(_different(chosen[:MAX_PAIRS], near))
            others = _expect(different, *(t.astype(float) for t in tables), 1.2)
            print(f"  {origin}: {len(chosen)} pairs, {len(different)} of different words; {_cheapest(tables[0], number == 0)}")
            for place, table in enumerate(_contrast(counts, others, same=origin == "Latn")):
                contrast[place][number] = table
        else:
            for place in range(3):
                contrast[place][number] = contrast[place][0]
    made: dict[str, array[Any]] = {}
    for prefix, tables in (("costs.", costs), ("contrast.", contrast)):
        _settle_digits(*tables)
        for name, table in zip(("swap", "left_gap", "right_gap"), tables, strict=True):
            made[prefix + name] = array("f", table.round(2).ravel().tolist())
    return made


def _settle_digits(swap: np.ndarray, left_gap: np.ndarray, right_gap: np.ndarray) -> None:
    left_gap[:, DIGITS] = right_gap[:, DIGITS] = 4.0
    swap[:, DIGITS, :] = swap[:, :, DIGITS] = 4.0
    for digit in range(DIGITS.start, DIGITS.stop):
        swap[:, digit, digit] = 0.0


def _near_words(words: Sequence[str]) -> dict[str, list[bytes]]:
    """Latin words -> by skeleton, and by skeleton less one letter, the words that share it."""
    near: dict[str, list[bytes]] = defaultdict(list)
    for word in dict.fromkeys(words):
        if len(word) > 2 and not word.isdigit():
            for key in _bones(word):
                near[key].append(symbols(word))
    return near


def _bones(word: str) -> list[str]:
    whole = skeleton(word)
    return [whole, *(f"{whole[:k]}_{whole[k + 1 :]}" for k in range(len(whole)) if len(whole) > 2)]


def _different(pairs: list[tuple[bytes, bytes]], near: dict[str, list[bytes]]) -> Iterable[tuple[bytes, bytes]]:
    """True pairs -> for each left word up to two other Latin words that are nearly as close."""
    chance = random.Random(2)
    right: dict[bytes, set[bytes]] = defaultdict(set)
    for a, b in pairs:
        right[a].add(b)
    for a, mine in right.items():
        word = "".join(SYMBOLS[code - 1] for code in min(mine)).lower()
        pool = [other for key in _bones(word) for other in near.get(key, ()) if other not in mine and other != a]
        for other in chance.sample(pool, min(2, len(pool))):
            yield a, other


def _contrast(true: Tables, different: Tables, *, same: bool) -> Tables:
    """Counts of edits between spellings of one word and between different words -> log ratio of each, 0.05 at least."""
    (swaps, drops, adds), (other_swaps, other_drops, other_adds) = true, different
    if same:
        swaps, drops = swaps + swaps.T, drops + adds
        other_swaps, other_drops = other_swaps + other_swaps.T, other_drops + other_adds
        adds, other_adds = drops, other_drops
    likely = _share_of(swaps, drops, adds)
    unlike = _share_of(other_swaps, other_drops, other_adds)
    swap, left_gap, right_gap = (np.clip(np.log(u / p), 0.05, 5) for u, p in zip(unlike, likely, strict=True))
    np.fill_diagonal(swap, 0.0)
    return swap, left_gap, right_gap


def _share_of(swaps: np.ndarray, drops: np.ndarray, adds: np.ndarray) -> Tables:
    """Counts -> how likely each edit is, given the symbols in it."""
    rows, columns = swaps.sum(1) + drops, swaps.sum(0) + adds
    base = (swaps.sum() - np.trace(swaps)) / swaps.sum() / 20
    given = np.sqrt((swaps + PRIOR * base) / (rows + PRIOR)[:, None] * (swaps + PRIOR * base) / (columns + PRIOR)[None, :])
    gone = (drops + PRIOR * drops.sum() / rows.sum()) / (rows + PRIOR)
    come = (adds + PRIOR * adds.sum() / columns.sum()) / (columns + PRIOR)
    return given, gone, come


def _cheapest(swap: np.ndarray, same: bool) -> str:
    named = [
        (float(swap[i + 1, j + 1]), a + b)
        for i, a in enumerate(SYMBOLS[:42])
        for j, b in enumerate(SYMBOLS[:42])
        if a != b and (not same or a < b)
    ]
    return " ".join(f"{pair}{cost:.1f}" for cost, pair in sorted(named)[:20])


def _learn_one(pairs: list[tuple[bytes, bytes]], *, same: bool) -> tuple[Tables, Tables]:
    """True pairs -> cost tables, and the counts of edits that they come from."""
    swap = np.full((CODES, CODES), 2.0)
    np.fill_diagonal(swap, 0.0)
    left_gap, right_gap = np.full(CODES, 1.6), np.full(CODES, 1.6)
    for vowel in VOWELS:
        left_gap[SYMBOLS.index(vowel) + 1] = right_gap[SYMBOLS.index(vowel) + 1] = 0.8
    counts = None
    for limit in LIMITS:
        counts = _expect(pairs, swap, left_gap, right_gap, limit)
        swap, left_gap, right_gap = _maximise(*counts, same=same)
    return (swap.astype(np.float32), left_gap.astype(np.float32), right_gap.astype(np.float32)), counts


def _expect(
    pairs: list[tuple[bytes, bytes]], swap: np.ndarray, left_gap: np.ndarray, right_gap: np.ndarray, limit: float
) -> Tables:
    """Pairs and costs -> how often the cheapest edits swap, drop and add each symbol."""
    cost, gap_a, gap_b = swap.tolist(), left_gap.tolist(), right_gap.tolist()
    swaps, drops, adds = np.zeros((CODES, CODES)), np.zeros(CODES), np.zeros(CODES)
    for a, b in pairs:
        total, edits = _cheapest_edits(a, b, cost, gap_a, gap_b)
        if total > limit * max(len(a), len(b)):
            continue
        for x, y in edits:
            if x and y:
                swaps[x, y] += 1
            elif x:
                drops[x] += 1
            else:
                adds[y] += 1
    return swaps, drops, adds


def _cheapest_edits(
    a: bytes, b: bytes, cost: list[list[float]], gap_a: list[float], gap_b: list[float]
) -> tuple[float, list[tuple[int, int]]]:
    n, m = len(a), len(b)
    table = [[0.0] * (m + 1) for _ in range(n + 1)]
    for j in range(m):
        table[0][j + 1] = table[0][j] + gap_b[b[j]]
    for i in range(n):
        above, row, swap, gap = table[i], table[i + 1], cost[a[i]], gap_a[a[i]]
        row[0] = above[0] + gap
        for j in range(m):
            row[j + 1] = min(above[j] + swap[b[j]], above[j + 1] + gap, row[j] + gap_b[b[j]])
    edits = []
    i, j = n, m
    while i or j:
        here = table[i][j]
        if i and j and here == table[i - 1][j - 1] + cost[a[i - 1]][b[j - 1]]:
            i, j = i - 1, j - 1
            edits.append((a[i], b[j]))
        elif i and here == table[i - 1][j] + gap_a[a[i - 1]]:
            i -= 1
            edits.append((a[i], 0))
        else:
            j -= 1
            edits.append((0, b[j]))
    return table[n][m], edits


def _maximise(swaps: np.ndarray, drops: np.ndarray, adds: np.ndarray, *, same: bool) -> Tables:
    """Counts of edits -> costs: minus log of how likely, the likeliest counterpart of a symbol being free."""
    if same:
        swaps, drops = swaps + swaps.T, drops + adds
        adds = drops
    rows, columns = swaps.sum(1) + drops, swaps.sum(0) + adds
    other = (swaps.sum() - np.trace(swaps)) / swaps.sum() / 12
    prior = PRIOR * other + PRIOR * 0.5 * np.eye(CODES)
    given_left = (swaps + prior) / (rows + PRIOR)[:, None]
    given_right = (swaps + prior) / (columns + PRIOR)[None, :]
    likely = np.sqrt(given_left * given_right)
    best = np.sqrt(likely.max(1)[:, None] * likely.max(0)[None, :])
    swap = np.clip(-np.log(likely / best), 0, 6)
    left_gap = -np.log((drops + PRIOR * drops.sum() / rows.sum()) / (rows + PRIOR))
    right_gap = -np.log((adds + PRIOR * adds.sum() / columns.sum()) / (columns + PRIOR))
    return swap, np.clip(left_gap, 0.15, 5), np.clip(right_gap, 0.15, 5)
