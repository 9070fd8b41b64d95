"""Spellings on no list: the compiled proposals of `resolver.proposing` over the arrays of one index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aliases.entity import ENTITY_TYPES
from aliases.romanize import ORIGINS, origin_of
from resolver import proposing, trie
from resolver.entries import PASSED_OVER, PREFIX, latin_words
from resolver.fitted import weights
from resolver.tokenizer import Room
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

    @property
    def distance(self) -> float:
        """How far the spelling is from the form, all told: only to put proposals for one span in order."""
        return self.mean_cost + 0.5 * self.form_left + 0.25 * self.text_left


class Variants:
    """Proposes unlisted spellings of the forms of one index."""

    def __init__(self, arrays: Mapping[str, memoryview]) -> None:
        automaton = trie.automaton(arrays, trie.letters(arrays), PREFIX)
        person, passed = ENTITY_TYPES.index("person"), proposing.passed_codes(PASSED_OVER)
        self._made_with = (automaton, weights().costs, arrays, person, passed)
        self._free: list[proposing.Proposer] = []

    def propose(self, room: Room, text: str, taken: Sequence[tuple[int, int]]) -> list[Proposal]:
        """Undisguised text, tokenized in the room, and the spans of listed forms in it, by start -> proposals outside of these."""
        proposer = self._take()
        found = proposing.propose(proposer, room, text, taken)
        self._free.append(proposer)
        return [Proposal(*row) for row in found]

    def _take(self) -> proposing.Proposer:
        """-> working memory that no other thread has."""
        try:
            return self._free.pop()
        except IndexError:
            automaton, costs, arrays, person, passed = self._made_with
            return proposing.Proposer(automaton, Words(automaton, word_readings), costs, arrays, person, passed)


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
