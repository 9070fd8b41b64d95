"""Spellings on no list: the compiled proposals of `resolver.proposing` over the arrays of one index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
from resolver.wording import Words


@dataclass(frozen=True, slots=True)
class Proposal:
    """A span that may be a spelling of a listed form."""

    start: int
    end: int
    alias: int
    entered: int  # WHOLE, SURNAME, INITIALS, ...
    mean_cost: float  # of its words, each as a share of its length
    worst_cost: float
    words: int
    skeleton: int  # letters of all skeletons: how much the agreement says
    ending: bool  # a case ending was taken off
    form_left: float = 0.0  # share of the letters of the form that the text does not give
    text_left: int = 0  # words inside the span that the form has not


class Gate(NamedTuple):
    """Trees over `proposing.GATE_NAMES`, and the log odds from which on a proposal is weighed."""

    forest: Forest
    least: float


class Variants:
    """Proposes unlisted spellings of the forms of one index."""

    def __init__(self, arrays: Mapping[str, memoryview], forms: Forms, gate: Gate | None) -> None:
        """`gate`: what lets a proposal through to be weighed; None lets all through."""
        self._arrays, self._forms, self._gate = arrays, forms, gate
        self._automaton = trie.automaton(arrays, trie.letters(arrays), PREFIX)
        self._passed = proposer.passed_codes(PASSED_OVER)
        self._free: list[proposer.Proposer] = []

    def propose(
        self, room: Room, found: Found, text: str, types: int, sets: bytes | None
    ) -> list[tuple[int, int, list[Proposal]]]:
        """Undisguised text, tokenized in the room, and listed forms in it -> spans outside of these that may be mentions, and of what.

        Each with the nearest forms of the nearest entities. `types` and `sets` are those that are wanted, as in `resolver.readings`.
        """
        working = self._take()
        spans = proposing.propose(working, room, found, text, types, sets)
        self._free.append(working)
        return [(start, end, [Proposal(*row) for row in rows]) for start, end, rows in spans]

    def looks(self, room: Room, found: Found, text: str) -> list[tuple[int, int, int, list[float]]]:
        """As `propose`, all of them -> start, end, alias, and what the gate looks at, by `proposing.GATE_NAMES`: for its fit."""
        return proposing.looks(self._take(), room, found, text)

    def _take(self) -> proposer.Proposer:
        """-> working memory that no other thread has."""
        try:
            return self._free.pop()
        except IndexError:
            words = Words(self._automaton, self._forms, word_readings)
            gate, least = (self._gate.forest, self._gate.least) if self._gate else (None, 0.0)
            return proposer.Proposer(
                self._automaton,
                self._forms,
                words,
                weights().costs,
                self._arrays,
                ENTITY_TYPES.index("person"),
                self._passed,
                gate,
                least,
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
