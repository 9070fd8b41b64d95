"""The fitted weights of mentions: numbers of `resolver.context` -> probability that the span means the entity.

`weights/mentions.json` is written by `tests/fit/fit_mentions.py`; it is refused where its numbers are not those of this program.
"""

from __future__ import annotations

import functools
import json
from array import array
from collections.abc import Mapping
from importlib import resources
from typing import Any

from aliases.errors import NotReadyError
from resolver import context, trees
from resolver import fitted as fitted_names
from resolver.fitted import weights
from resolver.gating import GATE_NAMES
from resolver.variants import Gate

FORMAT = 3
FILE = "mentions.json"


class MentionModel:
    """Boosted trees over the numbers of `resolver.context`: some for listed forms, others for unlisted spellings."""

    def __init__(self, fitted: Mapping[str, Any]) -> None:
        """What `weights/mentions.json` holds -> the model; NotReadyError when it was fitted for other evidence or other names."""
        if fitted.get("format") != FORMAT or fitted.get("names") != list(context.NAMES):
            raise NotReadyError(f"{FILE} was fitted for other evidence than this program gives: run tests/fit/fit_mentions.py")
        theirs, ours = fitted.get("edit_costs"), weights().edit_costs
        if theirs != ours:
            raise NotReadyError(
                f"{FILE} was fitted with edit costs {theirs}, {fitted_names.FILE} holds {ours}: "
                "run tests/fit/fit_mentions.py after tests/fit/fit_names.py"
            )
        self.gate = _gate(fitted.get("gate"))
        self.operating_point = float(fitted["operating_point"])
        listed, unlisted = (fitted[sort] for sort in ("listed", "unlisted"))
        width = len(context.NAMES)
        # what `resolver.weighing.Weigher` takes: both sorts of trees, and what their sums start from
        self.parts = (forest(listed, width), forest(unlisted, width), (float(listed["start"]), float(unlisted["start"])))


def forest(flat: Mapping[str, Any], width: int) -> trees.Forest:
    """Trees as lists of numbers -> a Forest over rows of that width."""
    columns = zip("BfIIfI", ("feature", "threshold", "lower", "upper", "value", "roots"), strict=True)
    return trees.Forest(*(memoryview(array(code, flat[name])) for code, name in columns), width=width)


def _gate(fitted: Mapping[str, Any] | None) -> Gate | None:
    """What `tests/fit/fit_gate.py` wrote -> the gate; None, so that everything is weighed, while the weights are being fitted."""
    if fitted is None:
        return None
    if fitted["names"] != list(GATE_NAMES):
        raise NotReadyError(f"the gate of {FILE} was fitted for other numbers than this program gives: run tests/fit/fit_gate.py")
    return Gate(forest(fitted, len(GATE_NAMES)), float(fitted["least"]))


@functools.cache
def shipped() -> MentionModel:
    """-> the model of the shipped weights; NotReadyError when they do not fit this program."""
    return MentionModel(json.loads(resources.files("resolver").joinpath("weights", FILE).read_bytes()))
