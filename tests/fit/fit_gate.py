"""Fits the gate of `resolver/weights/mentions.json`; PYTHONPATH=.:tests python tests/fit/fit_gate.py --data FOLDER [--names FOLDER]

The gate says of a proposed spelling, by what is cheaply seen of it, that the whole model would not take it for a mention, so that
the model is not asked. It learns that from the model: each proposal in annotated and unannotated texts is a row, and right when
the model gives its entity at its span LIKELY or more. Nothing else of the texts is used. Cross-validated over texts: the table
shows what share of the model's mentions a gate would lose, and how many proposals it lets through. Run it after every fit of the
model (tests/fit/fit_mentions.py, which writes a file without a gate).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

import lightgbm
import numpy as np
from fit.fit_mentions import FOLDS, finder, folds_of, forest, golden_documents, read, seeds_finder

from aliases.fold import undisguise
from resolver.gating import GATE_NAMES
from resolver.mention_model import FILE, MentionModel
from resolver.mentions import MentionFinder

LIKELY = 0.15  # probability by the model from which on a proposal should pass
LOST = 0.003  # share of the mentions at the operating point that a gate may lose, out of fold
TEXTS = 2500  # of each kind
PARAMETERS = {
    "objective": "binary", "learning_rate": 0.12, "num_leaves": 16, "min_data_in_leaf": 60, "lambda_l2": 5.0, "verbosity": -1,
    "num_threads": 1, "seed": 7, "deterministic": True, "feature_fraction": 0.8,
}  # fmt: skip
ROUNDS = 60
MONOTONE = {"mean_cost": -1, "worst_cost": -1, "form_left": -1, "text_left": -1}
CONSTRAINTS = [MONOTONE.get(name, 0) for name in GATE_NAMES]

Row = tuple[list[float], float, str]  # what the gate looks at, what the model says, the text


def texts(data: Path, names: Path | None, model: MentionModel) -> Iterator[tuple[str, MentionFinder, list[str]]]:
    """-> kind of text, a finder over a list, and texts that are read by it."""
    chance = random.Random(7)
    documents = [row for row in read(data / "docs.jsonl") if row["split"] == "dev"]
    for space in sorted({row["space"] for row in documents}):
        entries = [row for row in read(data / "watchlist.jsonl") if row["split"] == "both" and row["space"] == space]
        mine = [row["text"] for row in documents if row["space"] == space]
        yield space, finder(entries, model)[0], chance.sample(mine, min(TEXTS, len(mine)))
    yield "seeds", seeds_finder(model)[0], [row["text"] for row in golden_documents()]
    if names:
        cases = [row["text"] for row in read(data / "variants.jsonl")]
        yield "variants", finder(read(names / "entities.jsonl"), model)[0], chance.sample(cases, min(TEXTS, len(cases)))


def rows(kind: str, seeker: MentionFinder, some: list[str]) -> Iterator[Row]:
    """Texts -> every proposal in them."""
    for number, raw in enumerate(some):
        text = undisguise(raw).text
        said = {(found.end, found.alias): found.score for found in seeker.consider(text)}
        for _, end, alias, look in seeker.proposed(text):
            yield look, said.get((end, alias), 0.0), f"{kind}{number}"


def train(x: np.ndarray, said: np.ndarray) -> lightgbm.Booster:
    return lightgbm.train(PARAMETERS | {"monotone_constraints": CONSTRAINTS}, lightgbm.Dataset(x, said >= LIKELY), ROUNDS)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--names", type=Path, help="folder with the entities.jsonl that variants.jsonl is about")
    parser.add_argument("--weights", type=Path, default=Path("resolver") / "weights" / FILE, help="the file that gets a gate")
    options = parser.parse_args(arguments)
    fitted = json.loads(options.weights.read_bytes())
    fitted.pop("gate", None)
    model = MentionModel(fitted)
    gathered = [row for kind, seeker, some in texts(options.data, options.names, model) for row in rows(kind, seeker, some)]
    x = np.array([look for look, _, _ in gathered], dtype=np.float32)
    said = np.array([score for _, score, _ in gathered])
    least = cross_validated(x, said, folds_of([text for _, _, text in gathered]), model.operating_point)
    fitted["gate"] = {"names": list(GATE_NAMES), "least": round(least, 4), **forest(train(x, said))}
    options.weights.write_text(json.dumps(fitted, separators=(",", ":")) + "\n", encoding="utf-8")


def cross_validated(x: np.ndarray, said: np.ndarray, folds: np.ndarray, operating_point: float) -> float:
    """Rows -> the log odds that loses LOST of the mentions out of fold; prints how much is let through then."""
    odds = np.zeros(len(said))
    for fold in range(FOLDS):
        odds[folds == fold] = train(x[folds != fold], said[folds != fold]).predict(x[folds == fold], raw_score=True)
    mentions = odds[said >= operating_point]
    least = float(np.quantile(mentions, LOST))
    print(
        f"{len(said)} proposals, {len(mentions)} mentions; log odds {least:.3f} let {np.mean(odds >= least):.4f} of them through"
    )
    for fold in range(FOLDS):
        mine = folds == fold
        lost = np.mean(odds[mine & (said >= operating_point)] < least)
        print(f"  fold {fold}: loses {lost:.4f} of the mentions, lets {np.mean(odds[mine] >= least):.4f} through")
    return least


if __name__ == "__main__":
    main()
