"""Fits everything in resolver/weights/names.fit. Rerun: python tests/fit/fit_names.py --data FOLDER [--check] [--keep-costs]

FOLDER is a names evaluation folder: entities.jsonl, queries.jsonl, nameparts/*.jsonl. What is printed as unseen is of queries that
neither set of trees was fitted on (four folds by entity); `--check` cross-validates everything once more, in two halves. Needs
numpy, scikit-learn and lightgbm, which aka itself does not.
"""

from __future__ import annotations

import argparse
import json
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import numpy as np  # noqa: E402
from fit import data_set, edit_costs, made_up, models, more_names, same_words  # noqa: E402

from resolver import features, fitted, rank  # noqa: E402
from resolver.prepare import FAMILIES, family_of, prepare  # noqa: E402

TARGET = ROOT / "resolver" / "weights" / fitted.FILE
FITTED = ("organization", "person", "place")
BORROWED = {"vessel": "organization", "other": "organization"}  # too few examples of their own
MIN_NAMES = 4  # a word in fewer names than that is not called common
UNKNOWN_ANSWERED = 0.0135  # share of unknown names that the shipped operating point answers; the contract allows 0.015
Sections = dict[str, "array[Any] | bytes"]


def evidence(folder: Path, costs: Sections | None = None) -> tuple[Sections, dict[str, Any]]:
    """Folder -> sections of the edit costs (learned unless given) and of the words of names, and the totals."""
    entities = [json.loads(line) for line in (folder / "entities.jsonl").open(encoding="utf-8")]
    prepared = {
        family: [
            name
            for entity in entities
            if family_of(entity["type"]) == family
            for form in [entity["name"], *entity["aliases"]]
            for name in prepare(form, family)
        ]
        for family in FAMILIES
    }
    latin = [word for names in prepared.values() for name in names if not name.origin for word in name.words]
    sections: Sections = costs or learned_costs(folder, entities, latin)
    parts = same_words.from_parts(folder / "nameparts", Counter(latin))
    sections |= same_words.sections(parts, same_words.from_aliases(entities))
    print(f"words that stand for one another: {len(sections['costs.known'])}", flush=True)
    totals = {}
    for family in FAMILIES:
        counts = features.count_words(prepared[family])
        totals[family] = counts.total
        for kind, table in (("words", counts.words), ("skeletons", counts.skeletons)):
            common = {word: number for word, number in sorted(table.items()) if number >= MIN_NAMES}
            sections[f"counts.{family}.{kind}"] = json.dumps(common, separators=(",", ":")).encode()
    return sections, {"totals": totals, "models": {}}


def learned_costs(folder: Path, entities: list[dict[str, Any]], latin: list[str]) -> Sections:
    """Folder, its entities and the Latin words of their names -> sections of the edit costs."""
    queries = [json.loads(line) for line in (folder / "queries.jsonl").open(encoding="utf-8")]
    pairs = [
        *edit_costs.part_pairs(folder / "nameparts"),
        *edit_costs.alias_pairs(entities),
        *more_names.word_pairs(entities, queries),
    ]
    return dict(edit_costs.learn(pairs, latin))


def kept_costs() -> Sections:
    """-> the sections of the edit costs in the fitted file as it stands."""
    sections, _ = fitted.unpack(TARGET.read_bytes(), any_version=True)
    tables = [prefix + name for prefix in ("costs.", "contrast.") for name in ("swap", "left_gap", "right_gap")]
    return {name: array(sections[name].format, sections[name].tolist()) for name in tables}


def family_model(pairs: data_set.Pairs, made: models.Fitted) -> tuple[Sections, dict[str, Any]]:
    """Pairs of a family and what was fitted on them -> the sections of its trees, and its calibration."""
    good = models.judged(pairs.queries)
    for fold in range(models.INNER):
        show(f"unseen {fold}", pairs, made.unseen, made.right, models.inner_folds(pairs) == fold)
    show("unseen", pairs, made.unseen, made.right, np.ones(len(pairs.queries), bool))
    at, value = models.steps(made.unseen[good], made.right[good])
    pair_line = models.line(*models.pair_examples(pairs, made.pair_odds))
    unknown = models.unknown(pairs.queries)
    allowed = np.sort(made.unseen[unknown])[::-1][int(unknown.sum() * UNKNOWN_ANSWERED)]
    sections: Sections = {}
    for name, boosters, start in (("pair", made.pair.trees, made.pair.start), ("first", made.first.trees, 0.0)):
        sections |= {f"{name}.{column}": values for column, values in models.forest(boosters, start).items()}
    sections["first.slope"] = array("f", made.first.slope.tolist())
    plain = {
        "pair_width": rank.WIDTH, "first_width": rank.FIRST_WIDTH, "first_start": made.first.start,
        "pair_line": pair_line, "probability": [at, value],
        "threshold": round(float(np.interp(allowed, at, value)) + 1e-4, 6),
    }  # fmt: skip
    return sections, plain


def check(pairs: data_set.Pairs) -> None:
    """Pairs of a family -> figures of each of two folds, the trees and the calibration being made on the other."""
    fold = np.array([data_set.fold_of(group, "check", 2) for group in pairs.group])
    for held in (0, 1):
        made = models.fit(pairs, fold != held)
        scores, right, _ = models.answer(made, pairs, fold == held)
        show(f"fold {held}", pairs, scores, right, fold == held)


KINDS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "core": lambda q: q["kind"] in data_set.CORE,
    "Arabic": lambda q: q["kind"] == "cross-script" and q["script"] == "Arab",
    "partial": lambda q: q["kind"] == "partial",
    "acronym": lambda q: q["kind"] == "acronym",
    "made up": lambda q: q["kind"] == made_up.TRUE,
}


def show(title: str, pairs: data_set.Pairs, scores: np.ndarray, right: np.ndarray, chosen: np.ndarray) -> None:
    """Scores of the best answers and whether they are right -> R@1, and right above what 1 and 2 % of unknown names reach."""
    falling = np.sort(scores[models.unknown(pairs.queries) & chosen])[::-1]
    for label, belongs in KINDS.items():
        mine = np.array([belongs(query) for query in pairs.queries]) & chosen
        if mine.any():
            kept = [100 * (right & (scores > falling[int(len(falling) * share)]))[mine].mean() for share in (0.01, 0.02)]
            first = 100 * right[mine].mean()
            print(f"  {title:8} {label:8} {mine.sum():5}  R@1 {first:.1f}  1% {kept[0]:.1f}  2% {kept[1]:.1f}", flush=True)


def save(sections: Sections, plain: Mapping[str, Any]) -> None:
    """Sections -> the fitted file, which every later import reads."""
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(fitted.write(sections, plain))


def main() -> None:
    """Arguments -> the fitted file on disk."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--check", action="store_true")
    arguments.add_argument("--keep-costs", action="store_true", help="leave edit costs as they stand")
    options = arguments.parse_args()
    sections, plain = evidence(options.data, kept_costs() if options.keep_costs else None)
    fitted.use(fitted.read(fitted.write(sections, plain)))
    names = data_set.load(options.data)
    for family in FITTED:
        pairs = data_set.pairs_of(names, family)
        print(f"{family}: {len(pairs.queries)} queries, {len(pairs.right)} pairs", flush=True)
        if options.check:
            check(pairs)
        made, values = family_model(pairs, models.fit(pairs, np.ones(len(pairs.queries), bool)))
        plain["models"][family] = values
        sections |= {f"{family}.{name}": column for name, column in made.items()}
        del pairs
    plain["borrowed"] = BORROWED
    save(sections, plain)
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
