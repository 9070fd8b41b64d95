"""Mentions -> the spellings among them that are on no list and very probably right, recorded for `aka review`."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from aliases.entity import MAX_NAME, Entity
from aliases.errors import AkaError
from aliases.fold import fold_name
from aliases.review import Review, Sighting
from resolver.match import Mention

log = logging.getLogger(__name__)

SURE = 0.75  # least score of a mention for its spelling to be suggested: three in four are right, a person sees which
LETTERS = 4  # shorter spellings are judged by eye only: they stand for too much
AROUND = 60  # characters of a context on either side
MOST = 200  # spellings recorded of one text: a text made to fill the queue cannot


class Recorder:
    """Records unlisted spellings into the review queue of one data directory; made by whoever wants it, off otherwise."""

    def __init__(self, data: Path, *, snippets: bool = False) -> None:
        self._data = data
        self._snippets = snippets

    @property
    def snippets(self) -> bool:
        """Whether the text around a spelling is kept beside its hash."""
        return self._snippets

    def __call__(self, text: str, mentions: Sequence[Mention]) -> None:
        """Text and its mentions -> the unlisted spellings noted. What cannot be written is logged: the answer goes on."""
        found = list(unlisted(text, mentions))[:MOST]
        if found:
            self.tried(found)

    def tried(self, sightings: Iterable[Sighting]) -> bool:
        """Sightings -> whether they were written down; the log says why not."""
        try:
            self.note(sightings)
        except (AkaError, OSError, sqlite3.Error) as error:
            log.warning("suggestions were not recorded: %s", error)
            return False
        return True

    def note(self, sightings: Iterable[Sighting]) -> None:
        """Sightings -> written down; BusyError when another writes the queue, DiskError when there is no room for it."""
        with Review.open(self._data, write=True) as queue:
            queue.note(sightings, snippets=self._snippets)


def unlisted(text: str, mentions: Iterable[Mention]) -> Iterator[Sighting]:
    """Text and its mentions -> sightings of spellings that no list has, of score SURE or more."""
    for found in mentions:
        if found.kind in ("variant", "fuzzy") and found.score >= SURE and is_new(found.surface, found.entity):
            yield sighting(text, found)


def sighting(text: str, found: Mention) -> Sighting:
    """Text and a mention in it -> its sighting, on one line, with the text around it."""
    return Sighting(
        spelling=one_line(found.surface),
        entity=found.entity.id,
        name=found.entity.name,
        type=found.entity.type,
        score=found.score,
        context=context(text, found.start, found.end),
    )


def context(text: str, start: int, end: int) -> str:
    """Text and a span of it -> what stands around it, at most AROUND characters on either side and none of another line."""
    before = text[max(start - AROUND, 0) : start].rpartition("\n")[2]
    after = text[end : end + AROUND].partition("\n")[0]
    return one_line(before + text[start:end] + after)


def one_line(text: str) -> str:
    """Text -> the same with every run of blanks and line breaks as one blank."""
    return re.sub(r"\s+", " ", text).strip()


def is_new(spelling: str, entity: Entity) -> bool:
    """Whether a spelling could become an alias: long enough, and neither a listed form nor some words of one (`Assad`)."""
    folded = fold_name(spelling)
    if sum(char.isalnum() for char in folded) < LETTERS or len(spelling) > MAX_NAME:
        return False
    words = set(folded.split())
    return not any(words <= set(fold_name(alias.form).split()) for alias in entity.surface_forms())
