"""Writes aliases/han.txt: what a Chinese character is read as in names.

Rerun: python tests/fit/fit_han.py --unihan DIR --pairs FILE

DIR holds Unihan_Readings.txt.bz2, Unihan_OtherMappings.txt.bz2 and Unihan_Variants.txt.bz2 of the Unicode Character
Database (Debian's package unicode-data).
FILE holds {"native", "romanizations"} a line: Western name parts in Chinese transcription, from which the last column is learned.
"""

from __future__ import annotations

import argparse
import bz2
import collections
import json
import math
import re
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from aliases.letters import hangul  # noqa: E402
from aliases.romanize import romanize  # noqa: E402

COMMON = ("kGB0", "kJis0", "kKSC0", "kBigFive", "kHKSCS")
MAX_PIECE = 5  # Latin letters that one character stands for: 斯 s, 尚 chan
ROUNDS = 8
MIN_COUNT = 3
Costs = dict[str, dict[str, float]]


def unihan(folder: Path, file: str, fields: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Unihan file -> for each field, character to value."""
    out: dict[str, dict[str, str]] = {field: {} for field in fields}
    with bz2.open(folder / f"Unihan_{file}.txt.bz2", "rt", encoding="utf-8") as lines:
        for line in lines:
            parts = line.rstrip("\n").split("\t")
            if len(parts) == 3 and parts[1] in out:
                out[parts[1]][chr(int(parts[0][2:], 16))] = parts[2]
    return out


def plain(text: str) -> str:
    """Reading with tones -> bare letters; ü is written v, as on keyboards."""
    text = text.lower().replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v").replace("ǚ", "v").replace("ǜ", "v")
    return re.sub("[^a-z]", "", unicodedata.normalize("NFD", text))


def korean(value: str) -> str:
    """kHangul value -> romanized reading; the one marked for names (N) where there is one."""
    readings = [part.split(":") for part in value.split()]
    named = [text for text, tags in readings if "N" in tags]
    return hangul((named or [readings[0][0]])[0][0])


def best_split(native: str, latin: str, costs: Costs) -> list[str] | None:
    """Characters and the Latin name -> the piece of Latin that each character stands for, cheapest in all."""
    table: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for char in native:
        row: dict[int, tuple[float, int]] = {}
        for at, (cost, _) in table[-1].items():
            for size in range(1, min(MAX_PIECE, len(latin) - at) + 1):
                piece = latin[at : at + size]
                total = cost + costs.get(char, {}).get(piece, 4.0 + 1.5 * abs(size - 2))
                if at + size not in row or total < row[at + size][0]:
                    row[at + size] = (total, at)
        table.append(row)
    at = len(latin)
    if at not in table[-1]:
        return None
    pieces = []
    for row in reversed(table[1:]):
        before = row[at][1]
        pieces.append(latin[before:at])
        at = before
    return pieces[::-1]


def learn(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Transcribed pairs -> character to its commonest Latin value, by hard expectation-maximisation over the splits."""
    costs: Costs = {}
    counts: dict[str, collections.Counter[str]] = {}
    for _ in range(ROUNDS):
        counts = collections.defaultdict(collections.Counter)
        for native, latin in pairs:
            for char, piece in zip(native, best_split(native, latin, costs) or (), strict=False):
                counts[char][piece] += 1
        costs = {char: {p: math.log((sum(c.values()) + 5) / n) for p, n in c.items()} for char, c in counts.items()}
    return {char: c.most_common(1)[0][0] for char, c in counts.items() if sum(c.values()) >= MIN_COUNT}


def main() -> None:
    """Arguments -> the table on disk."""
    args = argparse.ArgumentParser()
    args.add_argument("--unihan", type=Path, required=True)
    args.add_argument("--pairs", type=Path, required=True)
    options = args.parse_args()
    read = unihan(options.unihan, "Readings", ("kMandarin", "kCantonese", "kHangul", "kJapaneseOn"))
    common = unihan(options.unihan, "OtherMappings", COMMON)
    rows = [json.loads(line) for line in options.pairs.open(encoding="utf-8")]
    pairs = [(row["native"], re.sub("[^a-z]", "", romanize(r))) for row in rows for r in row["romanizations"][:2]]
    simple = unihan(options.unihan, "Variants", ("kSimplifiedVariant",))["kSimplifiedVariant"]
    same = {char: chr(int(value.split()[0][2:], 16)) for char, value in simple.items()}
    pairs = [("".join(same.get(char, char) for char in native), latin) for native, latin in pairs]
    values = learn([(native, latin) for native, latin in pairs if latin and len(latin) < 4 * len(native) + 4])
    wanted = sorted(set().union(*common.values()) & set(read["kMandarin"]))
    with (ROOT / "aliases" / "han.txt").open("w", encoding="utf-8") as out:
        out.write("# character, Mandarin (pinyin), Cantonese (Jyutping), Korean, Japanese on, Western value; - = none.\n")
        out.write("# Columns 2-5: Unihan 15.0, (c) Unicode, Inc., Unicode License v3. Column 6: learned, CC0.\n")
        for char in wanted:
            columns = (
                plain(read["kMandarin"][char].split()[0]),
                plain(read["kCantonese"].get(char, "").split(" ")[0]),
                korean(read["kHangul"][char]) if char in read["kHangul"] else "",
                plain(read["kJapaneseOn"].get(char, "").split(" ")[0]),
                values.get(same.get(char, char), ""),
            )
            out.write(" ".join([char, *(column or "-" for column in columns)]) + "\n")


if __name__ == "__main__":
    main()
