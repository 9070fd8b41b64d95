"""The fitted file `weights/names.fit` -> edit costs, word counts and trees; written by `tests/fit/fit_names.py`.

The file: one line of JSON (format, what it was made with, the sections, SHA-256 of the body), then the body, compressed, with
the sections one behind the other. It is refused where it was fitted for other rules of romanizing, keying or preparing.
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from aliases import keys, romanize
from aliases.errors import NotReadyError
from resolver import edits, features, prepare, trees
from resolver.features import Counts

FORMAT = 3
FILE = "names.fit"
_NO_WORDS, _NO_COSTS = memoryview(array("Q")), memoryview(array("B"))


def made_with() -> dict[str, object]:
    """-> what a fitted file must have been fitted with to be usable by this program."""
    return {
        "format": FORMAT,
        "romanize": romanize.VERSION,
        "keys": keys.VERSION,
        "prepare": prepare.VERSION,
        "features": zlib.crc32(" ".join(features.NAMES).encode()),
    }


@dataclass(frozen=True, slots=True)
class Steps:
    """A rising step function: at `at[k]` and beyond the value is `value[k]`, straight lines between."""

    at: tuple[float, ...]
    value: tuple[float, ...]

    def of(self, x: float) -> float:
        """Number -> value of the function there."""
        if x <= self.at[0]:
            return self.value[0]
        if x >= self.at[-1]:
            return self.value[-1]
        high = bisect_right(self.at, x)
        low = high - 1
        part = (x - self.at[low]) / (self.at[high] - self.at[low])
        return self.value[low] + part * (self.value[high] - self.value[low])


@dataclass(frozen=True)
class Model:
    """What was fitted for one family."""

    pair: trees.Forest  # numbers of one pair of names -> log odds that they name one entity
    first: trees.Forest  # numbers of the best answer among its rivals -> log odds that it is right, ...
    first_slope: memoryview  # ... to which this line of the same numbers is added
    first_start: float
    pair_line: tuple[float, float]  # start and slope: log odds of a pair alone -> calibrated log odds
    probability: Steps  # log odds of an answer -> probability
    threshold: float  # probability under which `min_score=None` gives no answer


@dataclass(frozen=True)
class Weights:
    """Everything in the fitted file."""

    costs: edits.Costs  # of edits between spellings of one word
    contrast: edits.Costs  # how much likelier an edit is between different words
    counts: Mapping[str, Counts]
    models: Mapping[str, Model]
    edit_costs: str  # digest of both costs: what is fitted upon them is stamped with it


_instead: list[Weights] = []  # put here by `use`


def use(given: Weights) -> None:
    """Weights -> those that this process uses from now on, instead of the shipped ones; for fitting."""
    _instead[:] = [given]
    weights.cache_clear()


@functools.cache
def weights() -> Weights:
    """-> the Weights in use, the shipped ones; NotReadyError when the file is missing, damaged or of another version."""
    return _instead[0] if _instead else read(resources.files("resolver").joinpath("weights", FILE).read_bytes())


def at_large(family: str) -> Counts:
    """Family -> how many names at large hold the words that are common in it."""
    return weights().counts.get(family, Counts())


def write(sections: Mapping[str, array[Any] | bytes], plain: Mapping[str, object]) -> bytes:
    """Sections and plain values -> the bytes of a fitted file."""
    body = b"".join(bytes(values) if isinstance(values, bytes) else values.tobytes() for values in sections.values())
    packed = zlib.compress(body, 9)
    places = [[name, "B" if isinstance(v, bytes) else v.typecode, len(v)] for name, v in sections.items()]
    header = {
        "made_with": made_with(), "byteorder": sys.byteorder, "sections": places, "plain": plain,
        "sha256": hashlib.sha256(packed).hexdigest(),
    }  # fmt: skip
    return json.dumps(header, separators=(",", ":")).encode() + b"\n" + packed


def read(content: bytes) -> Weights:
    """Bytes of a fitted file -> Weights; NotReadyError when it is damaged or of another version."""
    sections, plain = unpack(content)
    counts = {
        family: Counts(total, *(json.loads(bytes(sections[f"counts.{family}.{kind}"])) for kind in ("words", "skeletons")))
        for family, total in plain["totals"].items()
    }
    models = {family: _model(sections, family, values) for family, values in plain["models"].items()}
    models |= {family: models[source] for family, source in plain.get("borrowed", {}).items()}
    costs, contrast = (edits.Costs(*cost_tables(sections, prefix)) for prefix in ("costs.", "contrast."))
    return Weights(costs, contrast, counts, models, _digest(sections))


def _digest(sections: Mapping[str, memoryview]) -> str:
    """Sections -> digest of the edit costs and of what they are between different words, the same on any machine."""
    digest = hashlib.sha256()
    for name in sorted(name for name in sections if name.startswith(("costs.", "contrast."))):
        values = array(sections[name].format, sections[name].tobytes())
        if sys.byteorder == "big":
            values.byteswap()
        digest.update(name.encode() + values.tobytes())
    return digest.hexdigest()[:16]


def unpack(content: bytes, *, any_version: bool = False) -> tuple[dict[str, memoryview], dict[str, Any]]:
    """Bytes of a fitted file -> its sections and its plain values; NotReadyError as for `read` (`any_version`: when it is damaged)."""
    line, _, packed = content.partition(b"\n")
    try:
        header = json.loads(line)
        theirs, digest, places, plain = header["made_with"], header["sha256"], header["sections"], header["plain"]
    except (ValueError, KeyError, TypeError) as error:
        raise NotReadyError(f"{FILE} has no readable header ({error!r}): install aka again") from error
    if theirs != made_with() and not any_version:
        raise NotReadyError(f"{FILE} was fitted with {theirs}, this is {made_with()}: run tests/fit/fit_names.py")
    if hashlib.sha256(packed).hexdigest() != digest:
        raise NotReadyError(f"{FILE} is damaged (its SHA-256 is not the one in its header): install aka again")
    body, offset = memoryview(zlib.decompress(packed)), 0
    sections: dict[str, memoryview] = {}
    for name, typecode, count in places:
        values = array(typecode)
        size = count * values.itemsize
        values.frombytes(body[offset : offset + size])
        if header["byteorder"] != sys.byteorder:
            values.byteswap()
        sections[name] = memoryview(values)
        offset += size
    return sections, plain


def cost_tables(sections: Mapping[str, memoryview], prefix: str) -> tuple[memoryview, ...]:
    """Sections and `costs.` or `contrast.` -> what an `edits.Costs` is made of."""
    tables = (sections[prefix + name] for name in ("swap", "left_gap", "right_gap"))
    return (*tables, sections.get(prefix + "known", _NO_WORDS), sections.get(prefix + "known_costs", _NO_COSTS))


def _model(sections: Mapping[str, memoryview], family: str, values: Mapping[str, Any]) -> Model:
    return Model(
        pair=_forest(sections, f"{family}.pair.", values["pair_width"]),
        first=_forest(sections, f"{family}.first.", values["first_width"]),
        first_slope=memoryview(array("d", sections[f"{family}.first.slope"])),
        first_start=values["first_start"],
        pair_line=(values["pair_line"][0], values["pair_line"][1]),
        probability=Steps(*map(tuple, values["probability"])),
        threshold=values["threshold"],
    )


def _forest(sections: Mapping[str, memoryview], prefix: str, width: int) -> trees.Forest:
    names = ("feature", "threshold", "lower", "upper", "value", "roots")
    return trees.Forest(*(sections[prefix + name] for name in names), width=width)
