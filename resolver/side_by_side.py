"""Two names -> which letters of one stand for which of the other, to be shown; the score is made in `resolver.align`.

The costs are those of the score: what it costs to turn one sound into another was learned from pairs of spellings, so that the
picture says why `q` and `k` are the same to it.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from aliases.fold import clean
from aliases.keys import symbols
from aliases.romanize import ORIGINS, origin_of, romanize
from resolver import fitted

Relation = Literal["same", "alike", "differs", "left", "right"]

ALIKE = 0.75  # share of the cost of leaving both out, under which two letters are said to stand for one sound
TRANSLITERATED = 0.5  # cost under which letters of two scripts are the same one, written in each
PAIRED = 1.3  # relative cost of two words above which they are not shown against one another
MAX_LETTERS = 80  # of a name that is shown; the pairing of words is quadratic, and nobody compares more by eye
MAX_SYLLABLES = 40  # of a name without blanks, which is paired as one word
_WITHOUT_SPACES = frozenset({"Kore", "Kana", "Hani", "West"})  # origins whose names have no blanks, or other ones
_ARTICLE = re.compile("(?<![\\w])(ال)(?=\\w{3})")
# Units taken of either side in one step; a syllable against the two to five letters that write it.
_STEPS = ((1, 1), (1, 0), (0, 1), *((1, n) for n in range(2, 6)), *((n, 1) for n in range(2, 6)))
_VOWELS, _VOWEL_LETTERS = frozenset("aeiou"), frozenset("aeiouwy")
_CODES = 64  # as in `resolver.align`
# Latin letters that are written together for one sound; what `aliases.keys` takes for one symbol.
_TOGETHER = re.compile(
    "shch|tsch|sch|tch|dzh|sh|ch|zh|kh|gh|th|dh|dj|ts|tz|ph|ou|oo|ei|ai|ay|ey|aw|au|iy|yi|ee|ii|ya|ia|yu|iu|ck|(.)\\1+|.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Letters of the left name against letters of the right one; one side is empty where nothing stands against them."""

    left: str
    right: str
    relation: Relation
    cost: float  # learned: 0 the same sound, 6 never seen for one another

    @property
    def told(self) -> str:
        """Pair -> what it says, in words."""
        if self.relation == "same":
            return f"{self.left} = {self.right}"
        if self.relation == "alike":
            return f"{self.left} and {self.right}: written for one another"
        if self.relation == "differs":
            return f"{self.left} against {self.right}: another sound"
        return f"{self.left or self.right} {'is only asked' if self.left else 'is only listed'}"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of each name (or of one of them, when the other has no such word), letter by letter."""

    pairs: tuple[Pair, ...]

    @property
    def alone(self) -> bool:
        """Whether the other name has no such word."""
        return all(not pair.left for pair in self.pairs) or all(not pair.right for pair in self.pairs)


@dataclass(frozen=True, slots=True)
class _Unit:
    """Letters that belong together, as written, and the symbols of their sound."""

    text: str
    plain: str  # folded letters, to see what is the same
    codes: bytes


class _Costs:
    """The learned costs for a pair of names, as functions of symbol codes; 0 stands for nothing."""

    def __init__(self, left: str, right: str) -> None:
        one, two = origin_of(left), origin_of(right)
        self._turned = one == "Latn" and two != "Latn"
        foreign = {one, two} - {"Latn"}
        self._base = _CODES * (ORIGINS.index(foreign.pop()) if one != two and len(foreign) == 1 else 0)
        self._swap, self._left, self._right = _tables()

    def of(self, a: int, b: int) -> float:
        """Codes of the left and the right name -> cost of standing against one another."""
        if self._turned:
            a, b = b, a
        if not b:
            return self._left[self._base + a]
        if not a:
            return self._right[self._base + b]
        return self._swap[(self._base + a) * _CODES + b]


@functools.cache
def _tables() -> tuple[memoryview, memoryview, memoryview]:
    sections, _ = fitted.unpack(resources.files("resolver").joinpath("weights", fitted.FILE).read_bytes())
    swap, left, right, *_ = fitted.cost_tables(sections, "costs.")
    return swap, left, right


def side_by_side(left: str, right: str) -> tuple[Word, ...]:
    """Two names -> their words, the left name's in its order, then those that only the right one has; letters are verbatim."""
    whole = not _WITHOUT_SPACES.isdisjoint((origin_of(left), origin_of(right)))
    ones, twos = (_words(name, whole=whole) for name in (left, right))
    costs = _Costs(left, right)
    shares = {
        (i, j): _cost(_aligned(one, two, costs)) / (1.0 + 0.5 * (len(one) + len(two)))
        for i, one in enumerate(ones)
        for j, two in enumerate(twos)
    }
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for (i, j), share in sorted(shares.items(), key=lambda item: (item[1], abs(item[0][0] - item[0][1]), item[0])):
        if (whole or share < PAIRED) and i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    found = [_aligned(one, twos[partner[i]] if i in partner else (), costs) for i, one in enumerate(ones)]
    found += [_aligned((), two, costs) for j, two in enumerate(twos) if j not in taken]
    return tuple(Word(pairs) for pairs in found if pairs)


def _cost(pairs: Sequence[Pair]) -> float:
    return sum(pair.cost for pair in pairs)


def _words(name: str, *, whole: bool) -> list[tuple[_Unit, ...]]:
    """Name -> its words as units; a hyphen and the Arabic article part words as a blank does. `whole`: it is one word."""
    shown = _ARTICLE.sub(r"\1 ", clean(name)[: MAX_SYLLABLES if whole else MAX_LETTERS])
    parts = [re.sub(r"[\s\-]+", "", shown)] if whole else re.split(r"[\s\-‐‑–_/]+", shown)
    return [units for part in parts if (units := tuple(_units(part)))]


def _units(word: str) -> list[_Unit]:
    """Word -> its letters; Latin ones that make one sound together, others one by one with their marks."""
    clusters: list[str] = []
    for char in word:
        if clusters and unicodedata.combining(char):
            clusters[-1] += char
        elif char.isalnum():
            clusters.append(char)
    plain = [_plain(cluster) for cluster in clusters]
    # A letter that is none of a to z parts what is left of it from what is right of it; one sign for each cluster.
    letters = "".join(one if len(one) == 1 and one.isascii() else chr(0xE000 + place) for place, one in enumerate(plain))
    units = []
    for found in _TOGETHER.finditer(letters):
        text = "".join(clusters[found.start() : found.end()])
        whole = "".join(plain[found.start() : found.end()])
        codes = b"".join(map(symbols, romanize(whole).split()))
        units.append(_Unit(text, whole, codes))
    return units


def _plain(cluster: str) -> str:
    """Letter with its marks -> the letter for comparing: lower case, Latin marks dropped."""
    base = unicodedata.normalize("NFD", cluster.casefold())
    bare = "".join(char for char in base if not unicodedata.combining(char))
    return bare if bare.isascii() and bare else unicodedata.normalize("NFC", cluster.casefold())


def _aligned(left: Sequence[_Unit], right: Sequence[_Unit], costs: _Costs) -> tuple[Pair, ...]:
    """Units of two words -> them against one another at the least cost; a syllable may stand against several letters."""
    best: dict[tuple[int, int], tuple[float, int, int]] = {(0, 0): (0.0, 0, 0)}  # place -> cost, units taken on either side
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            for a, b in _STEPS:
                if a <= i and b <= j and (max(a, b) == 1 or _is_syllable(left[i - 1] if b > a else right[j - 1])):
                    cost = best[i - a, j - b][0] + _cost_of(left[i - a : i], right[j - b : j], costs)
                    if (i, j) not in best or cost < best[i, j][0]:
                        best[i, j] = (cost, a, b)
    pairs: list[Pair] = []
    i, j = len(left), len(right)
    while i or j:
        _, a, b = best[i, j]
        pairs.append(_pair(_joined(left[i - a : i]), _joined(right[j - b : j]), costs))
        i, j = i - a, j - b
    return tuple(reversed(pairs))


def _is_syllable(unit: _Unit) -> bool:
    return len(unit.codes) > 1 and not unit.plain.isascii()


def _cost_of(ones: Sequence[_Unit], twos: Sequence[_Unit], costs: _Costs) -> float:
    one, two = _joined(ones), _joined(twos)
    if one and two:
        return _swap(one, two, costs)
    alone = one or two
    return _gap(alone, costs, left=one is not None) if alone else 0.0


def _joined(units: Sequence[_Unit]) -> _Unit | None:
    """Units -> one of them all, None of none."""
    if len(units) < 2:
        return units[0] if units else None
    text, plain = ("".join(part) for part in zip(*((unit.text, unit.plain) for unit in units), strict=True))
    return _Unit(text, plain, b"".join(unit.codes for unit in units))


def _pair(one: _Unit | None, two: _Unit | None, costs: _Costs) -> Pair:
    if one is None or two is None:
        alone = one or two
        cost = _gap(alone, costs, left=one is not None) if alone else 0.0
        return Pair(one.text if one else "", two.text if two else "", "left" if one else "right", round(cost, 3))
    cost = _swap(one, two, costs)
    relation: Relation = "differs"
    transliterated = one.plain.isascii() != two.plain.isascii() and cost < TRANSLITERATED
    if _undoubled(one.plain) == _undoubled(two.plain) or transliterated:
        relation = "same"
    elif (_is_vowel(one) and _is_vowel(two)) or cost < ALIKE * (_gap(one, costs, left=True) + _gap(two, costs, left=False)):
        relation = "alike"
    return Pair(one.text, two.text, relation, round(cost, 3))


def _undoubled(plain: str) -> str:
    return re.sub(r"(.)\1+", r"\1", plain)


def _is_vowel(unit: _Unit) -> bool:
    letters = set(romanize(unit.plain))
    return letters <= _VOWEL_LETTERS and (not letters.isdisjoint(_VOWELS) or letters == {"y"})


def _gap(unit: _Unit, costs: _Costs, *, left: bool) -> float:
    return sum(costs.of(code, 0) if left else costs.of(0, code) for code in unit.codes)


def _swap(one: _Unit, two: _Unit, costs: _Costs) -> float:
    """Cost of one unit against another; units of several symbols (a syllable) are compared symbol by symbol."""
    if one.plain == two.plain:
        return 0.0
    line = [0.0]
    for b in two.codes:
        line.append(line[-1] + costs.of(0, b))
    for a in one.codes:
        before, line[0] = line[0], line[0] + costs.of(a, 0)
        for place, b in enumerate(two.codes, 1):
            best = min(before + costs.of(a, b), line[place] + costs.of(a, 0), line[place - 1] + costs.of(0, b))
            before, line[place] = line[place], best
    return line[-1]
