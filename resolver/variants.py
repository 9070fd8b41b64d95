"""Spellings on no list: the compiled proposals of `resolver.proposing` over the arrays of one index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from aliases.entity import ENTITY_TYPES
from aliases.romanize import ORIGINS, origin_of
from resolver import proposer, proposing, trie
from resolver.entries import PASSED_OVER, PREFIX, latin_words
from resolver.fitted import weights
from resolver.forms import Forms
from resolver.readings import Found
from resolver.tokenizer import Room
from resolver.trees import Forest
from resolver.vocabulary import Words


class Gate(NamedTuple):
    """Trees over `gating.GATE_NAMES`, and the log odds from which on a proposal is weighed."""

    forest: Forest
    least: float


class Variants:
    """Proposes unlisted spellings of the forms of one index."""

    def __init__(self, arrays: Mapping[str, memoryview], forms: Forms, gate: Gate | None) -> None:
        """`gate`: what lets a proposal through to be weighed; None lets all through."""
        self._arrays, self._forms, self._gate = arrays, forms, gate
        self._automaton = trie.automaton(arrays, trie.letters(arrays), PREFIX)
        self._passed = proposer.passed_codes(PASSED_OVER)

    def looks(self, room: Room, found: Found, text: str) -> list[tuple[int, int, int, list[float]]]:
        """Undisguised text, tokenized in the room, and listed forms in it -> start, end and alias of all proposals outside of these,
        and what the gate looks at, by `gating.GATE_NAMES`: for its fit."""
        return proposing.looks(self.proposer(), room, found, text)

    def proposer(self) -> proposer.Proposer:
        """-> working memory for one text at a time."""
        words = Words(self._automaton, self._forms, word_readings)
        gate, least = (self._gate.forest, self._gate.least) if self._gate else (None, 0.0)
        person = ENTITY_TYPES.index("person")
        return proposer.Proposer(
            self._automaton, self._forms, words, weights().costs, self._arrays, person, self._passed, gate, least
        )


def word_readings(surface: str) -> list[tuple[int, bytes, int]]:
    """Word -> the ways to read it: where its name begins within it, its Latin letters, and the place of its origin in ORIGINS.

    The first is the word as it stands; behind it follow those of Arabic script without their proclitics.
    """
    origin = ORIGINS.index(origin_of(surface))
    cuts = [0, *(_proclitics(surface) if ORIGINS[origin] == "Arab" else ())]
    return [(cut, "".join(latin_words(surface[cut:])).encode("ascii"), origin) for cut in cuts]


def _proclitics(surface: str) -> Iterator[int]:
    """Token of Arabic script -> how many letters its proclitics may take: wa- or fa-, then bi-, ka- or li-."""
    cut = 0
    for allowed in ("وف", "بكل"):
        if len(surface) - cut >= 5 and surface[cut] in allowed:
            cut += 1
            yield cut
