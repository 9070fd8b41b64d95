"""Values only: what the resolver answers with."""

from __future__ import annotations

from typing import Literal

import msgspec

from aliases.entity import Entity

MatchKind = Literal["exact", "folded", "variant", "acronym", "fuzzy"]


class Reason(msgspec.Struct, frozen=True):
    """One piece of evidence behind a score."""

    feature: str  # stable name, e.g. `same_folded`
    value: float
    text: str  # one readable sentence


class Candidate(msgspec.Struct, frozen=True):
    """An entity that a name may mean."""

    entity: Entity
    score: float  # 0..1, calibrated: of candidates scored p, about p are right
    matched: str  # the alias form that won
    kind: MatchKind
    reasons: tuple[Reason, ...] = ()


class Comparison(msgspec.Struct, frozen=True):
    """How likely it is that two names mean one entity."""

    score: float
    reasons: tuple[Reason, ...] = ()


class Mention(msgspec.Struct, frozen=True, gc=False):
    """A surface form in a text, with the entity that it means."""

    start: int  # code points of the submitted text, half-open
    end: int
    surface: str  # == text[start:end]
    entity: Entity
    score: float
    matched: str
    kind: MatchKind
    alternatives: tuple[Entity, ...] = ()  # other entities that this span could mean, best first
