"""Fits `resolver/weights/mentions.json` on annotated documents; PYTHONPATH=.:tests python tests/fit/fit_mentions.py --data FOLDER

FOLDER holds `docs.jsonl` (text, gold and ignored spans), `watchlist.jsonl`, `distractors.jsonl`, `distractor_watchlist.jsonl` and
`variants.jsonl`; the texts of tests/texts.md over the shipped seeds are added.
Every reading that the finder considers is a row: right when a gold mention of its entity overlaps it, wrong in an exhaustively
annotated document, left out where an annotation is to be ignored. Boosted trees (LightGBM) are cross-validated by document:
the table shows precision and recall over the mentions that remain when overlaps are settled, by kind of document, with the spread
over the folds. Nothing of the data goes into the file but the trees. The file is stamped with the edit costs it was fitted with
and refused beside others: run this after every tests/fit/fit_names.py, and tests/fit/fit_gate.py after this. `--rows FILE` keeps
the rows, so that another run with it only fits.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import pickle
import random
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm
import numpy as np
from golden import texts

from aliases import seeds
from aliases.entity import ENTITY_TYPES, Alias, Entity
from aliases.fold import undisguise
from resolver import context, mention_model
from resolver.compiling import compile_generation
from resolver.fitted import weights
from resolver.index import Index
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
ROUNDS = 150
# More of it never makes a mention less likely (1), or never more likely (-1).
MONOTONE = {
    "exact": 1, "listed": 1, "common_words": -1, "lower": -1, "mean_cost": -1, "worst_cost": -1, "cost_lead": 1, "inside": -1,
    "weak": -1, "also_lower": -1, "skeleton": 1, "ending": -1, "alike": 1, "form_left": -1, "text_left": -1, "alike_lead": 1,
    "english_words": -1, "part_of": -1,
}  # fmt: skip
WHOLE_SHARE = (
    0.6  # of a gold span that an unlisted spelling must cover: a surname inside the full name is neither right nor wrong
)
ARABIC_LIFT = 0.6  # log odds that an unlisted spelling in Arabic or Hebrew letters is given: its point was raised for namesakes in English texts
ARABIC = 2  # of `script`, see `resolver.context`
POINTS = (0.25, 0.3, 0.35, 0.4, 0.5)  # that the table shows


# What a row counts: in sentences full of names that are also words a miss weighs more than a false alarm, names put in the place of
# others hold few listed forms that were chosen for it, and a near namesake of a listed person is the dearest false alarm.
AMBIGUOUS_WEIGHT = 4.0
REPLACED_WEIGHT = 0.5
NAMESAKE_WEIGHT = 1.4


class Row(NamedTuple):
    """A considered reading."""

    evidence: array[float]
    right: bool | None  # None where the annotation does not say: it takes part in settling overlaps only
    document: str
    place: int  # number of the document in the order of reading
    start: int
    end: int
    entity: str


class Gold(NamedTuple):
    """What a document should give: its golden spans, each with the entities that are right (any, when there are none)."""

    kind: str
    spans: list[tuple[int, int, tuple[str, ...]]]
    exhaustive: bool


NO_TREES: dict[str, list[float]] = {name: [] for name in ("feature", "threshold", "lower", "upper", "value", "roots")}


class Unfitted:
    """Stands for the weights while they are made: what is considered does not depend on them."""

    operating_point = 0.0
    gate = None
    parts = (mention_model.forest(NO_TREES, len(context.NAMES)),) * 2 + ((0.0, 0.0),)


UNFITTED: Any = Unfitted()


def read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def finder(entries: Iterable[dict[str, Any]], model: Any = UNFITTED) -> tuple[MentionFinder, Index]:
    """Watch list -> a finder over a fresh generation of it."""
    entities = sorted((_entity(entry) for entry in entries), key=lambda entity: entity.id)
    directory = Path(tempfile.mkdtemp()) / "generation"
    compile_generation(entities, directory)
    index = Index.open(directory)
    return MentionFinder(index, model=model), index


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
    mine = [gold for gold in document["gold"] if overlaps(found, gold) and gold.get("entity", entity_id) == entity_id]
    if mine:
        share = max(
            (min(found.end, gold["end"]) - max(found.start, gold["start"])) / (gold["end"] - gold["start"]) for gold in mine
        )
        return True if found.listed or share >= WHOLE_SHARE else None
    ignored = any(overlaps(found, span) for span in document["ignore"])
    if ignored or not document["exhaustive"] or kind not in document["types"]:
        return None
    return False


def rows(documents: Iterable[dict[str, Any]], finders: dict[str, tuple[MentionFinder, Index]], gold: list[Gold]) -> Iterator[Row]:
    """Documents -> every reading considered in them; what each should give is added to `gold`."""
    for number, document in enumerate(documents):
        text = document["text"]
        if undisguise(text).text != text:
            continue  # offsets of the annotation are those of the plain text
        seeker, index = finders[document["space"]]
        spans = [(span["start"], span["end"], tuple(filter(None, [span.get("entity")]))) for span in document["gold"]]
        gold.append(Gold(document["space"], spans, document["exhaustive"]))
        name = str(document.get("id", number)).split("#")[0]  # sentences of one text are in one fold
        for found in seeker.consider(text):
            entity = index.entity_id(found.entity)
            right = label(found, entity, ENTITY_TYPES[index.entity_type[found.entity]], document)
            yield Row(array("f", found.evidence), right, name, len(gold) - 1, found.start, found.end, entity)


def gather(data: Path, names: Path | None) -> tuple[list[Row], list[Gold]]:
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
    for document in read(data / "distractors.jsonl"):
        gold = [{"start": span["start"], "end": span["end"]} for span in document["gold"]]
        documents.append(document | {"gold": gold, "space": "distractors", "exhaustive": True, "types": ["place"]})
    documents += golden_documents()
    expected: list[Gold] = []
    gathered = list(rows(disguised(documents), finders, expected))
    if names:
        gathered += replaced_rows(names, data / "variants.jsonl", expected)
    return gathered, expected


def replaced_rows(names: Path, cases: Path, gold: list[Gold]) -> Iterator[Row]:
    """Sentences in which one name was replaced by an unlisted spelling of a listed entity, or by a name of nobody on the list."""
    seeker, index = finder(read(names / "entities.jsonl"))
    for number, case in enumerate(read(cases)):
        if undisguise(case["text"]).text != case["text"]:
            continue
        kind = f"{'variants' if case['accept'] else 'unknown'} {case['type']}"
        gold.append(Gold(kind, [(case["start"], case["end"], tuple(case["accept"]))], exhaustive=False))
        for found in seeker.consider(case["text"]):
            entity = index.entity_id(found.entity)
            right = _right_in_case(found, entity, case)
            yield Row(array("f", found.evidence), right, f"variants{number}", len(gold) - 1, found.start, found.end, entity)


def _right_in_case(found: Considered, entity: str, case: dict[str, Any]) -> bool | None:
    if not overlaps(found, case):
        return None
    share = (min(found.end, case["end"]) - max(found.start, case["start"])) / (case["end"] - case["start"])
    return None if entity in case["accept"] and share < WHOLE_SHARE else entity in case["accept"]


def seeds_finder(model: Any = UNFITTED) -> tuple[MentionFinder, Index]:
    directory = Path(tempfile.mkdtemp()) / "generation"
    compile_generation(sorted(seeds.read(), key=lambda entity: entity.id), directory)
    index = Index.open(directory)
    return MentionFinder(index, model=model), index


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


def _lift_arabic(flat: dict[str, Any]) -> None:
    """Trees as flat arrays -> one tree more, which gives ARABIC_LIFT to what is written in Arabic or Hebrew letters."""
    root = len(flat["feature"])
    flat["roots"].append(root)
    rows = (
        (context.NAMES.index("script"), ARABIC - 0.5, root + 1, root + 2, 0.0),
        (255, 0.0, 0, 0, 0.0),
        (255, 0.0, 0, 0, ARABIC_LIFT),
    )
    for row in rows:
        for name, value in zip(("feature", "threshold", "lower", "upper", "value"), row, strict=True):
            flat[name].append(value)


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


def train(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> lightgbm.Booster:
    constraints = {"monotone_constraints": [MONOTONE.get(name, 0) for name in context.NAMES]}
    return lightgbm.train(PARAMETERS | constraints, lightgbm.Dataset(x, y, weight=weights), ROUNDS)


def weights_of(gathered: Sequence[Row], expected: Sequence[Gold]) -> np.ndarray:
    """Rows and what their documents should give -> how much each row counts."""
    return np.array([_weight(expected[row.place].kind, row) for row in gathered], dtype=float)


def _weight(kind: str, row: Row) -> float:
    listed = bool(row.evidence[context.LISTED])
    if kind == "distractors" and row.right:
        return AMBIGUOUS_WEIGHT
    if kind.startswith(("variants", "unknown")) and listed:
        return REPLACED_WEIGHT
    return NAMESAKE_WEIGHT if kind == "unknown person" else 1.0


class Rows(NamedTuple):
    """The rows as arrays: evidence, labels (NaN: unknown), and what each counts."""

    x: np.ndarray
    y: np.ndarray
    weights: np.ndarray

    def some(self, chosen: np.ndarray) -> Rows:
        """Which rows -> these."""
        return Rows(self.x[chosen], self.y[chosen], self.weights[chosen])


def boosters(rows: Rows) -> dict[str, lightgbm.Booster]:
    """Rows -> the trees of listed forms and of unlisted spellings."""
    listed, known = rows.x[:, context.LISTED] == 1, ~np.isnan(rows.y)
    return {sort: train(*rows.some(known & chosen)) for sort, chosen in (("listed", listed), ("unlisted", ~listed))}


def predicted(trees: dict[str, lightgbm.Booster], x: np.ndarray, starts: dict[str, float]) -> np.ndarray:
    """Trees, evidence, and what each sum starts from -> probabilities, as the program gives them."""
    raw = {sort: booster.predict(x, raw_score=True) + starts[sort] for sort, booster in trees.items()}
    return 1 / (1 + np.exp(-np.where(x[:, context.LISTED] == 1, raw["listed"], raw["unlisted"])))


def starts_for(point: float, points: dict[str, float]) -> dict[str, float]:
    """The one operating point, and that of each sort -> what the sums start from, so that one point serves both."""
    return {sort: math.log(point / (1 - point)) - math.log(own / (1 - own)) for sort, own in points.items()}


def folds_of(groups: Sequence[str]) -> np.ndarray:
    """Documents of rows -> the fold of each row; all rows of a document are in one."""
    names = sorted(set(groups))
    fold_of = {name: number % FOLDS for number, name in enumerate(np.random.default_rng(7).permutation(names))}
    return np.array([fold_of[name] for name in groups])


def cross_validate(rows: Rows, folds: np.ndarray, starts: dict[str, float]) -> np.ndarray:
    """Rows, their folds and what sums start from -> out-of-fold probabilities."""
    out = np.zeros(len(folds))
    for fold in range(FOLDS):
        held = folds == fold
        out[held] = predicted(boosters(rows.some(~held)), rows.x[held], starts)
    return out


def settled(gathered: Sequence[Row], scores: Sequence[float], least: float) -> Iterator[Row]:
    """Rows of one document by start and end, and their scores -> the best row of every span that remains, as the finder settles."""
    best: list[tuple[Row, float]] = []
    for row, score in zip(gathered, scores, strict=True):
        if score < least:
            continue
        if best and (best[-1][0].start, best[-1][0].end) == (row.start, row.end):
            best[-1] = max(best[-1], (row, score), key=lambda pair: pair[1])
        elif not best or row.start >= best[-1][0].end:
            best.append((row, score))
        elif row.start == best[-1][0].start:
            best[-1] = (row, score)
    return (row for row, _ in best)


class Count:
    """Gold spans and mentions of one kind of document."""

    def __init__(self) -> None:
        self.gold = self.found = self.wrong = self.touched = self.texts = 0

    def add(self, gold: Gold, mentions: Sequence[Row]) -> None:
        """One document -> counted."""
        self.texts += 1
        used: set[int] = set()
        for start, end, right in gold.spans:
            over = [n for n, row in enumerate(mentions) if n not in used and row.start < end and start < row.end]
            self.touched += bool(over)
            hit = next((n for n in over if not right or mentions[n].entity in right), None)
            self.gold += 1
            if hit is not None and not (gold.kind.startswith("unknown")):
                self.found += 1
                used.add(hit)
        self.wrong += sum(row.right is False for n, row in enumerate(mentions) if n not in used) if gold.exhaustive else 0

    def told(self) -> str:
        """-> precision and recall, or the share of names that were touched where there is nothing to be right about."""
        if not self.gold:
            return "-"
        if not self.found or not self.wrong:
            return f"found {self.found / self.gold:.3f} touched {self.touched / self.gold:.3f}"
        return f"P {self.found / (self.found + self.wrong):.3f} R {self.found / self.gold:.3f}"


def show(gathered: Sequence[Row], expected: Sequence[Gold], scores: np.ndarray, folds: np.ndarray) -> None:
    """Prints, by kind of document and operating point, what is found and wrong after settling; then the spread over the folds."""
    first: dict[int, int] = {}
    for at, row in enumerate(gathered):
        first.setdefault(row.place, at)
    starts = [*sorted(first.values()), len(gathered)]
    for least in POINTS:
        kinds: dict[str, Count] = defaultdict(Count)
        by_fold: dict[int, Count] = defaultdict(Count)
        seen: set[int] = set()
        for begin, end in itertools.pairwise(starts):
            place = gathered[begin].place
            seen.add(place)
            mentions = list(settled(gathered[begin:end], scores[begin:end].tolist(), least))
            kinds[expected[place].kind].add(expected[place], mentions)
            if expected[place].exhaustive:
                by_fold[int(folds[begin])].add(expected[place], mentions)
        for place in set(range(len(expected))) - seen:
            kinds[expected[place].kind].add(expected[place], [])
        f1 = [2 * c.found / max(1, c.gold + c.found + c.wrong) for c in by_fold.values()]
        spread = f"F1 of exhaustive documents {np.mean(f1):.4f}, {min(f1):.4f} to {max(f1):.4f} over {FOLDS} folds"
        print(
            f"at {least}: {spread}\n  " + "\n  ".join(f"{kind}: {count.told()}" for kind, count in sorted(kinds.items())),
            flush=True,
        )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--names", type=Path, help="folder with the entities.jsonl that variants.jsonl is about")
    parser.add_argument("--rows", type=Path, help="where the rows are kept; read from there when the file exists")
    parser.add_argument("--write", type=Path, help="where to write the fitted file; without it only the table is printed")
    parser.add_argument("--operating-point", type=float, default=0.35, help="that the file states, for both sorts")
    parser.add_argument("--listed-point", type=float, default=0.3, help="probability from which a listed form is a mention")
    parser.add_argument("--unlisted-point", type=float, default=0.42, help="and from which an unlisted spelling is one")
    parser.add_argument("--no-table", action="store_true", help="fit and write only")
    options = parser.parse_args(arguments)
    if options.rows and options.rows.exists():
        gathered, expected = pickle.loads(options.rows.read_bytes())  # noqa: S301 - written by this script
    else:
        gathered, expected = gather(options.data, options.names)
        if options.rows:
            options.rows.write_bytes(pickle.dumps((gathered, expected)))
    x = np.array([row.evidence for row in gathered], dtype=np.float32)
    y = np.array([np.nan if row.right is None else row.right for row in gathered], dtype=float)
    together = Rows(x, y, weights_of(gathered, expected))
    point = options.operating_point
    starts = starts_for(point, {"listed": options.listed_point, "unlisted": options.unlisted_point})
    if options.write:
        write(options.write, boosters(together), point, starts)
    if not options.no_table:
        folds = folds_of([row.document for row in gathered])
        show(gathered, expected, cross_validate(together, folds, starts), folds)


def write(path: Path, trees: dict[str, lightgbm.Booster], point: float, starts: dict[str, float]) -> None:
    """Trees of both sorts -> the fitted file; what they look at most is printed."""
    fitted: dict[str, Any] = {"format": FORMAT, "names": list(context.NAMES), "operating_point": point}
    fitted["edit_costs"] = weights().edit_costs
    for sort, booster in trees.items():
        fitted[sort] = {"start": round(starts[sort], 5)} | forest(booster)
        if sort == "unlisted":
            _lift_arabic(fitted[sort])
        gain = sorted(zip(booster.feature_importance("gain"), context.NAMES, strict=True), reverse=True)
        print(f"gain, {sort}: " + ", ".join(f"{name} {value:.0f}" for value, name in gain), flush=True)
    path.write_text(json.dumps(fitted, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
