"""Fits `resolver/weights/mentions.json` on annotated documents: python tests/fit/fit_mentions.py --data FOLDER [--write]

FOLDER holds `docs.jsonl` (text, gold and ignored spans), `watchlist.jsonl`, `distractors.jsonl`, `distractor_watchlist.jsonl` and
`variants.jsonl`; the texts of tests/texts.md over the shipped seeds are added.
Every reading that the finder considers is a row: right when a gold mention of its entity overlaps it, wrong in an exhaustively
annotated document, left out where an annotation is to be ignored. Boosted trees (LightGBM) are cross-validated by document;
the table shows each fold, so that the spread is seen. Nothing of the data goes into the file but the trees.
"""

import argparse
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from golden import texts

from aliases import seeds
from aliases.entity import ENTITY_TYPES, Alias, Entity
from aliases.fold import undisguise
from resolver import context
from resolver.index import Index, compile_generation
from resolver.mention_model import FORMAT
from resolver.mentions import Considered, MentionFinder

TYPES = {"org": "organization"}
FOLDS = 4
GOLDEN_WEIGHT = 4
PARAMETERS = {
    "objective": "binary", "learning_rate": 0.08, "num_leaves": 15, "min_data_in_leaf": 40, "feature_fraction": 0.7,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "verbosity": -1, "num_threads": 1, "seed": 7,
    "deterministic": True,
}  # fmt: skip
ROUNDS = 200
# More of it never makes a mention less likely (1), or never more likely (-1).
MONOTONE = {
    "exact": 1, "listed": 1, "common_words": -1, "lower": -1, "mean_cost": -1, "worst_cost": -1, "cost_lead": 1, "inside": -1,
    "weak": -1, "also_lower": -1, "skeleton": 1, "ending": -1, "alike": 1, "form_left": -1, "text_left": -1, "alike_lead": 1,
    "english_words": -1, "part_of": -1,
}  # fmt: skip
Row = tuple[list[float], bool, str]  # evidence, right or wrong, document


def read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def finder(entries: Iterable[dict[str, Any]]) -> tuple[MentionFinder, Index]:
    """Watch list -> a finder over a fresh generation of it."""
    entities = sorted((_entity(entry) for entry in entries), key=lambda entity: entity.id)
    directory = Path(tempfile.mkdtemp()) / "generation"
    compile_generation(entities, directory)
    index = Index.open(directory)
    return MentionFinder(index, model=None), index


def _entity(entry: dict[str, Any]) -> Entity:
    forms = dict.fromkeys(form for form in entry["aliases"] if form != entry["name"])
    kind = TYPES.get(entry["type"], entry["type"])
    return Entity(entry["id"], kind, entry["name"], tuple(map(_alias, forms)), ("fit",))


def _alias(form: str) -> Alias:
    """Form -> Alias; short forms in capitals match in their case only, as a careful editor marks them."""
    short = form.isupper() and len(form) <= 5
    return Alias(form, kind="acronym", case=True) if short else Alias(form)


def overlaps(found: Considered, span: dict[str, Any]) -> bool:
    return found.start < span["end"] and span["start"] < found.end


def label(found: Considered, entity_id: str, kind: str, document: dict[str, Any]) -> bool | None:
    """A considered reading and its document -> right, wrong, or None when the annotation does not say."""
    if any(overlaps(found, gold) and gold.get("entity", entity_id) == entity_id for gold in document["gold"]):
        return True
    ignored = any(overlaps(found, span) for span in document["ignore"])
    if ignored or not document["exhaustive"] or kind not in document["types"]:
        return None
    return False


def rows(documents: Iterable[dict[str, Any]], finders: dict[str, tuple[MentionFinder, Index]]) -> Iterator[Row]:
    for number, document in enumerate(documents):
        text = document["text"]
        if undisguise(text).text != text:
            continue  # offsets of the annotation are those of the plain text
        seeker, index = finders[document["space"]]
        for found in seeker.consider(text):
            right = label(found, index.entity_id(found.reading.entity), found.reading.type, document)
            if right is not None:
                yield found.evidence, right, f"{document['space']}{document.get('id', number)}"


def gather(data: Path, names: Path | None) -> list[Row]:
    lists = defaultdict(list)
    for entry in read(data / "watchlist.jsonl"):
        if entry["split"] == "both":
            lists[entry["space"]].append(entry)
    lists["distractors"] = read(data / "distractor_watchlist.jsonl")
    finders = {space: finder(entries) for space, entries in lists.items()}
    finders["seeds"] = seeds_finder()
    documents = [document for document in read(data / "docs.jsonl") if document["split"] == "dev"]
    for document in documents:
        document["types"] = [TYPES.get(name, name) for name in document["types"]]
    for number, document in enumerate(read(data / "distractors.jsonl")):
        gold = [{"start": span["start"], "end": span["end"]} for span in document["gold"]]
        documents.append(document | {"gold": gold, "space": "distractors", "exhaustive": True, "types": ["place"], "id": number})
    documents += golden_documents()
    gathered = list(rows(disguised(documents), finders))
    return gathered + list(replaced_rows(names, data / "variants.jsonl")) if names else gathered


def replaced_rows(names: Path, cases: Path) -> Iterator[Row]:
    """Sentences in which one name was replaced by an unlisted spelling of a listed entity, or by a name of nobody on the list."""
    seeker, index = finder(read(names / "entities.jsonl"))
    for number, case in enumerate(read(cases)):
        if undisguise(case["text"]).text != case["text"]:
            continue
        for found in seeker.consider(case["text"]):
            if overlaps(found, case):
                yield found.evidence, index.entity_id(found.reading.entity) in case["accept"], f"variants{number}"


def seeds_finder() -> tuple[MentionFinder, Index]:
    directory = Path(tempfile.mkdtemp()) / "generation"
    compile_generation(sorted(seeds.read(), key=lambda entity: entity.id), directory)
    index = Index.open(directory)
    return MentionFinder(index, model=None), index


def golden_documents() -> list[dict[str, Any]]:
    """-> the texts that the project ships, several times over: they are few, and the only ones over hand-kept lists."""
    documents = []
    for text in texts():
        gold = [{"start": start, "end": end, "entity": entity} for start, end, entity in text.mentions]
        document = {"text": text.text, "gold": gold, "ignore": [], "space": "seeds", "exhaustive": True, "types": ENTITY_TYPES}
        documents += [document | {"id": text.title}] * GOLDEN_WEIGHT
    return documents


def disguised(documents: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Documents -> the same, and some again as people also write: in lower case, in capitals, with only the names so."""
    chance = random.Random(7)
    for document in documents:
        yield document
        text = document["text"]
        drawn = chance.random()
        if drawn < 0.06:
            again = text.lower()
        elif drawn < 0.10:
            again = text.upper()
        elif drawn < 0.22:
            again = _names_in(text, document["gold"], str.lower)
        elif drawn < 0.28:
            again = _names_in(text, document["gold"], str.upper)
        else:
            continue
        if len(again) == len(text) and again != text:
            yield document | {"text": again}


def _names_in(text: str, gold: Iterable[dict[str, Any]], case: Callable[[str], str]) -> str:
    for span in gold:
        text = text[: span["start"]] + case(text[span["start"] : span["end"]]) + text[span["end"] :]
    return text


def forest(booster: lightgbm.Booster) -> dict[str, list[float]]:
    """Booster -> its trees as the flat arrays of `resolver.trees.Forest`."""
    flat: dict[str, list[float]] = {name: [] for name in ("feature", "threshold", "lower", "upper", "value", "roots")}
    for tree in booster.dump_model()["tree_info"]:
        flat["roots"].append(_flatten(tree["tree_structure"], flat))
    return flat


def _flatten(node: dict[str, Any], flat: dict[str, list[float]]) -> int:
    at = len(flat["feature"])
    leaf = "leaf_value" in node
    values = (255, 0.0, 0, 0, round(node["leaf_value"], 5)) if leaf else (node["split_feature"], node["threshold"], 0, 0, 0.0)
    for name, value in zip(("feature", "threshold", "lower", "upper", "value"), values, strict=True):
        flat[name].append(value)
    if not leaf:
        flat["lower"][at] = _flatten(node["left_child"], flat)
        flat["upper"][at] = _flatten(node["right_child"], flat)
    return at


def train(x: np.ndarray, y: np.ndarray) -> lightgbm.Booster:
    constraints = {"monotone_constraints": [MONOTONE.get(name, 0) for name in context.NAMES]}
    return lightgbm.train(PARAMETERS | constraints, lightgbm.Dataset(x, y), ROUNDS)


def cross_validate(x: np.ndarray, y: np.ndarray, groups: list[str]) -> np.ndarray:
    """-> out-of-fold probabilities, folds by document."""
    names = sorted(set(groups))
    fold_of = {name: number % FOLDS for number, name in enumerate(np.random.default_rng(7).permutation(names))}
    folds = np.array([fold_of[name] for name in groups])
    out = np.zeros(len(y))
    for fold in range(FOLDS):
        held = folds == fold
        out[held] = train(x[~held], y[~held]).predict(x[held])
        _show(f"fold {fold}", y[held], out[held])
    return out


def _show(title: str, y: np.ndarray, p: np.ndarray) -> None:
    bins = np.minimum((p * 10).astype(int), 9)
    error = sum(abs(p[bins == b].sum() - y[bins == b].sum()) for b in range(10)) / len(y)
    cells = []
    for least in (0.3, 0.4, 0.5, 0.6):
        taken = p >= least
        cells.append(f"{least}: P {y[taken].mean():.3f} R {y[taken].sum() / y.sum():.3f}")
    print(f"{title}: rows {len(y)}, right {y.mean():.3f}, calibration error {error:.4f}; " + "; ".join(cells), flush=True)


def main(arguments: list[str] | None = None, *, say: Callable[[str], None] = print) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--names", type=Path, help="folder with the entities.jsonl that variants.jsonl is about")
    parser.add_argument("--write", type=Path, help="where to write the fitted file; without it only the table is printed")
    parser.add_argument("--operating-point", type=float, default=0.4)
    options = parser.parse_args(arguments)
    gathered = gather(options.data, options.names)
    x, y = np.array([row[0] for row in gathered], dtype=np.float32), np.array([row[1] for row in gathered], dtype=float)
    documents = [row[2] for row in gathered]
    held_out = cross_validate(x, y, documents)
    _show("all folds", y, held_out)
    for space in ("gn", "wd", "bs", "distractors", "seeds", "variants"):
        mine = np.array([name.startswith(space) for name in documents])
        if mine.any():
            _show(space, y[mine], held_out[mine])
    booster = train(x, y)
    gain = sorted(zip(booster.feature_importance("gain"), context.NAMES, strict=True), reverse=True)
    say("gain: " + ", ".join(f"{name} {value:.0f}" for value, name in gain[:20]))
    if options.write:
        fitted = {"format": FORMAT, "names": list(context.NAMES), "operating_point": options.operating_point, "start": 0.0}
        options.write.write_text(json.dumps(fitted | forest(booster), separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
