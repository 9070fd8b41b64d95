"""Compared pairs -> the two sets of trees of a family, their calibration, and honest figures from cross-validation."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from fit import made_up, more_names
from fit.data_set import CORE, Pairs, fold_of
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from resolver import rank
from resolver.features import DIRECTION, NAMES, PLACE

PAIR = {"num_leaves": 31, "min_data_in_leaf": 60, "lambda_l2": 5.0, "feature_fraction": 0.6}
STEP = {"person": 0.06, "place": 0.08, "organization": 0.08}  # learning rate, ...
PAIR_ROUNDS = {"person": 260, "place": 180, "organization": 180}  # ... and how many trees
# What it counts that the right row stands before the others of its query, against whether each row is right or wrong.
ORDER_WEIGHT = {"person": 1.0, "place": 0.25, "organization": 1.0}
FIRST = {"learning_rate": 0.05, "num_leaves": 8, "min_data_in_leaf": 60, "lambda_l2": 20.0, "feature_fraction": 0.3}
FIRST_ROUNDS = 160
PAIR_SEEDS = (7, 11)  # fits whose mean is taken: one alone differs from the next by chance, by .3 in R@1 and 1 to 2 at 1 % ...
FIRST_SEEDS = (7, 11, 13)  # ... more of those that look at one row of a look-up only
LOOK_ALIKES = 15  # nearest wrong rows of a name, of which one is compared with it: half of what a look-up weighs
INNER = 4  # folds that make log odds of pairs the first set of trees has not seen
MADE_UP_WEIGHT = 0.5
WRONG_TOP_WEIGHT = 0.5  # of known names whose best answer is wrong, against unknown names


class First:
    """The second look: boosted trees and a line, added; together they are surer than either alone."""

    def __init__(self, x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> None:
        direction = {**DIRECTION, **rank.FIRST_DIRECTION}
        self.trees = [
            _train(x, y, rank.FIRST_NAMES, FIRST | {"seed": seed}, FIRST_ROUNDS, direction, weight) for seed in FIRST_SEEDS
        ]
        centre, scale = x.mean(0), np.maximum(x.std(0), 1e-6)
        line = LogisticRegression(C=0.1, max_iter=400).fit((x - centre) / scale, y, sample_weight=weight)
        self.slope = line.coef_[0] / scale
        self.start = float(line.intercept_[0] - (self.slope * centre).sum())

    def odds(self, x: np.ndarray) -> np.ndarray:
        """Inputs -> log odds that the best answer is right, not yet calibrated."""
        return _mean(self.trees, x) + x @ self.slope + self.start


@dataclass
class Pair:
    """The first look: boosted trees of a pair, fitted several times, and the log odds that they start from."""

    trees: list[lightgbm.Booster]
    start: float

    def odds(self, x: np.ndarray) -> np.ndarray:
        """Numbers of pairs -> log odds of each that both names are of one entity."""
        return _mean(self.trees, x) + self.start


@dataclass
class Fitted:
    """What is fitted for one family, and what it said of the names that it had not seen."""

    pair: Pair
    first: First
    unseen: np.ndarray  # query -> log odds of its best answer
    right: np.ndarray  # query -> is its best answer right
    pair_odds: np.ndarray  # pair -> log odds


def _mean(boosters: Sequence[lightgbm.Booster], x: np.ndarray) -> np.ndarray:
    """Boosters and rows -> the mean of what they say of each."""
    return np.mean([booster.predict(x, raw_score=True) for booster in boosters], axis=0)


def _train(x: np.ndarray, y: np.ndarray, names: tuple[str, ...], settings: dict[str, Any], rounds: int,
           direction: dict[str, int], weight: np.ndarray | None = None, start: float = 0.0) -> lightgbm.Booster:  # fmt: skip
    parameters = {
        "objective": "binary", "verbosity": -1, "num_threads": 1, "seed": 7, "deterministic": True, "force_row_wise": True,
        "bagging_fraction": 0.8, "bagging_freq": 1, "max_bin": 255, "boost_from_average": True,
        "monotone_constraints": [direction.get(name, 0) for name in names], "monotone_constraints_method": "basic",
        **settings,
    }  # fmt: skip
    first = np.full(len(y), start) if start else None
    return lightgbm.train(parameters, lightgbm.Dataset(x, y, weight=weight, init_score=first), rounds)


def usable(queries: list[dict[str, Any]]) -> np.ndarray:
    """Queries -> which are fitted on: all but names that share nothing and unknown names equal to listed ones."""
    good = (*CORE, "partial", made_up.TRUE, more_names.KIND)
    return np.array([q["kind"] in good or (q["kind"] == "negative" and q["sub"] != "homonym-like") for q in queries])


def judged(queries: list[dict[str, Any]]) -> np.ndarray:
    """Queries -> which are measured and calibrated on: the usable ones that were neither made up nor added."""
    added = (made_up.TRUE, more_names.KIND)
    return usable(queries) & np.array([q["kind"] not in added and q.get("sub") != made_up.FALSE for q in queries])


def unknown(queries: list[dict[str, Any]]) -> np.ndarray:
    """Queries -> which are judged names of nobody listed."""
    return judged(queries) & np.array([q["kind"] == "negative" for q in queries])


def fit_pair(pairs: Pairs, chosen: np.ndarray) -> Pair:
    """Pairs and which queries to use -> trees of the pair."""
    of_query = np.repeat(chosen, np.diff(pairs.start))
    weight = np.repeat(weights_of(pairs.queries), np.diff(pairs.start))[of_query]
    right, family = pairs.right[of_query].astype(float), pairs.family
    settings = PAIR | {
        "learning_rate": STEP[family],
        "objective": _both(right, np.diff(pairs.start)[chosen], weight, ORDER_WEIGHT[family]),
    }
    start = float(np.log(right.mean() / (1 - right.mean())))
    rows, rounds = pairs.numbers[of_query], PAIR_ROUNDS[family]
    trees = [_train(rows, right, NAMES, settings | {"seed": seed}, rounds, DIRECTION, start=start) for seed in PAIR_SEEDS]
    return Pair(trees, start)


def _both(right: np.ndarray, sizes: np.ndarray, weight: np.ndarray, order_weight: float) -> Callable[..., Any]:
    """Which rows are right, rows of each query, weights -> what trees are to lessen, as slope and bend for each row.

    The log loss of each row for itself, and `order_weight` times that of which row of the query is right (a softmax over its rows;
    where several are right, any of them; where none is, nothing).
    """
    query = np.repeat(np.arange(len(sizes)), sizes)
    known = (np.bincount(query, right, len(sizes)) > 0)[query]

    def slopes(odds: np.ndarray, _data: Any) -> tuple[np.ndarray, np.ndarray]:
        alone = 1 / (1 + np.exp(-odds))
        most = np.full(len(sizes), -np.inf)
        np.maximum.at(most, query, odds)
        mass = np.exp(odds - most[query])
        share = mass / np.bincount(query, mass, len(sizes))[query]
        mine = mass * right / np.maximum(np.bincount(query, mass * right, len(sizes)), 1e-30)[query]
        slope = alone - right + order_weight * known * (share - mine)
        bend = alone * (1 - alone) + order_weight * known * share * (1 - share)
        return weight * slope, weight * bend + 1e-9

    return slopes


def weights_of(queries: list[dict[str, Any]]) -> np.ndarray:
    """Queries -> what each counts: those that were made up or added less."""
    return np.where(judged(queries), 1.0, MADE_UP_WEIGHT)


def odds_of(pair: Pair, pairs: Pairs, chosen: np.ndarray, out: np.ndarray) -> None:
    """Trees and queries -> log odds of their pairs written to `out`."""
    of_query = np.repeat(chosen, np.diff(pairs.start))
    over = pairs.numbers[of_query][:, PLACE["numbers_over"]]
    known = np.where(over > 1, rank.OTHER_NUMBER, np.where(over > 0, rank.MISSING_NUMBER, 0.0))
    out[of_query] = pair.odds(pairs.numbers[of_query]) + known


def first_of(pairs: Pairs, odds: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Log odds -> of each chosen query: input of the second trees, whether its best answer is right, its entity number."""
    inputs = np.zeros((len(pairs.queries), rank.FIRST_WIDTH), np.float32)
    right = np.zeros(len(pairs.queries), bool)
    entity = [-1] * len(pairs.queries)
    for number in np.flatnonzero(chosen):
        first, last = pairs.start[number], pairs.start[number + 1]
        if first == last:
            continue
        ranked = rank.rank(pairs.considered[number], array("f", odds[first:last]), pairs.owners[number])
        inputs[number] = ranked.first
        right[number] = pairs.right[first + ranked.places[0]]
        entity[number] = ranked.entities[0]
    return inputs, right, entity


def fit(pairs: Pairs, train: np.ndarray) -> Fitted:
    """Pairs and training queries -> everything that is fitted, each part on what the part before it had not seen."""
    good = usable(pairs.queries) & train
    first = good & np.array([q["kind"] != more_names.KIND for q in pairs.queries])
    inner = inner_folds(pairs)
    odds = np.zeros(len(pairs.right), np.float32)
    for fold in range(INNER):
        odds_of(fit_pair(pairs, good & (inner != fold)), pairs, train & (inner == fold), odds)
    inputs, right, _ = first_of(pairs, odds, train)
    negative = np.array([not q["accept"] for q in pairs.queries])
    weight = np.where(negative | right, 1.0, WRONG_TOP_WEIGHT) * weights_of(pairs.queries)
    unseen = np.zeros(len(pairs.queries))
    for fold in range(INNER):
        some, held = first & (inner != fold), train & (inner == fold)
        if held.any():
            unseen[held] = First(inputs[some], right[some], weight[some]).odds(inputs[held])
    return Fitted(fit_pair(pairs, good), First(inputs[first], right[first], weight[first]), unseen, right, odds)


def inner_folds(pairs: Pairs) -> np.ndarray:
    """Pairs -> of each query its fold, which no entity straddles."""
    return np.array([fold_of(group, "inner", INNER) for group in pairs.group])


def pair_examples(pairs: Pairs, odds: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log odds of pairs -> those of true pairs and of as many look-alikes, whether true, and their weights: half of each.

    True pairs are those that look-up puts first: the others are, read by hand, mostly no spellings of one another.
    """
    chance = np.random.default_rng(5)
    true, other = [], []
    for number in np.flatnonzero(judged(pairs.queries)):
        here = slice(pairs.start[number], pairs.start[number + 1])
        mine, right = odds[here], pairs.right[here]
        if right.any() and right[mine.argmax()]:
            true.append(mine.max())
        if (~right).any():
            other.append(chance.choice(np.sort(mine[~right])[::-1][:LOOK_ALIKES]))
    values = np.array(true + other)
    weight = np.concatenate([np.full(len(true), 1 / len(true)), np.full(len(other), 1 / len(other))])
    return values, np.arange(len(values)) < len(true), weight


def line(odds: np.ndarray, right: np.ndarray, weight: np.ndarray) -> list[float]:
    """Log odds, outcomes and weights -> start and slope of the line to calibrated log odds (Platt's)."""
    made = LogisticRegression(C=1e6, max_iter=400).fit(odds.reshape(-1, 1), right, sample_weight=weight * len(odds) / 2)
    return [round(float(made.intercept_[0]), 4), round(float(made.coef_[0][0]), 4)]


def answer(fitted: Fitted, pairs: Pairs, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Trees and queries -> log odds of the best answer, whether it is right, its entity number."""
    odds = np.zeros(len(pairs.right), np.float32)
    odds_of(fitted.pair, pairs, chosen, odds)
    inputs, right, entity = first_of(pairs, odds, chosen)
    scores = np.full(len(pairs.queries), -99.0)
    scores[chosen] = fitted.first.odds(inputs[chosen])
    return scores, right, entity


def steps(odds: np.ndarray, right: np.ndarray) -> tuple[list[float], list[float]]:
    """Log odds and outcomes -> points of a rising function to probabilities (isotonic regression, 0.002 to 0.97)."""
    curve = IsotonicRegression(out_of_bounds="clip", y_min=0.002, y_max=0.97).fit(odds, right)
    at, value = curve.X_thresholds_, curve.y_thresholds_
    keep = np.concatenate([[True], np.diff(value) > 0.004])
    keep[-1] = True
    return _rising(at[keep].tolist(), value[keep].tolist())


def _rising(at: list[float], value: list[float]) -> tuple[list[float], list[float]]:
    """A tiny slope everywhere, so that of two different log odds the greater one always gets the greater probability."""
    return [round(x, 4) for x in at], [round(y + 1e-5 * k, 6) for k, y in enumerate(value)]


def forest(boosters: Sequence[lightgbm.Booster], start: float = 0.0) -> dict[str, array[Any]]:
    """Boosters -> the arrays of a `trees.Forest` of their mean; `start` is added to the leaves of the first tree."""
    names = ("feature", "threshold", "lower", "upper", "value", "roots")
    made = {name: array(code) for name, code in zip(names, "BfIIfI", strict=True)}
    for tree in itertools.chain.from_iterable(booster.dump_model()["tree_info"] for booster in boosters):
        made["roots"].append(len(made["feature"]))
        _grow(tree["tree_structure"], made, 0.0 if len(made["roots"]) > 1 else start, 1 / len(boosters))
    return made


def _grow(node: dict[str, Any], made: dict[str, array[Any]], start: float, share: float) -> int:
    place = len(made["feature"])
    leaf = "split_feature" not in node
    made["feature"].append(255 if leaf else node["split_feature"])
    made["threshold"].append(0.0 if leaf else node["threshold"])
    made["value"].append(node["leaf_value"] * share + start if leaf else 0.0)
    made["lower"].append(0)
    made["upper"].append(0)
    if not leaf:
        made["lower"][place] = _grow(node["left_child"], made, start, share)
        made["upper"][place] = _grow(node["right_child"], made, start, share)
    return place
