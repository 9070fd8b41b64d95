"""One entity as a person says that it is, or that it is not to be: kept apart from the lists, so that no new version undoes it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import msgspec

from aliases import corrections, joined
from aliases.corrections import Correction
from aliases.entity import Entity
from aliases.errors import UnknownError
from aliases.store import Store
from resolver import publish
from resolver.publish import Content

LIST = "by-hand"  # of the entities that a person brought and no other list had


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """How an entity came to be as it was given, and the generation that answers now."""

    created: bool  # no list had it: it stands on the list `by-hand`
    corrections: tuple[Correction, ...]  # of what its lists say
    generation: str


def put(data: Path, entity: Entity, *, by: str, note: str = "") -> Put:
    """Data directory and an entity -> it is served as it is given: corrected where a list has it, else on a list of its own."""

    def change(store: Store) -> list[Correction]:
        held = joined.corrected(store, data, entity.id)
        if held is None:
            raise UnknownError(f"no list has the id {entity.id[:80]!a}")
        return corrections.replace(store, held, entity, by=by, note=note)

    try:
        made, generation = publish.amend(data, change)
    except UnknownError:
        source = f"by hand: {by}" + (f": {note}" if note else "")
        summary = publish.restage(data, LIST, lambda past: _with(past, entity, source), action="edit")
        return Put(created=True, corrections=(), generation=summary.generation)
    return Put(created=False, corrections=tuple(made), generation=generation)


def _with(past: Store, entity: Entity, source: str) -> Content:
    """Record as it was -> the list of what persons brought, with one entity more."""
    live = past.live_versions().get(LIST)
    before: Iterable[Entity] = () if live is None else past.entities_at({LIST: live})
    others = (one for one in before if one.id != entity.id)
    return Content(chain(others, [entity]), source, hashlib.sha256(msgspec.json.encode(entity)).hexdigest())


def remove(data: Path, identifier: str, *, by: str, note: str = "") -> tuple[Correction, str]:
    """Data directory and the id of an entity -> the correction by which it is not served, the generation that answers.

    UnknownError when no list has it, or it was removed before.
    """

    def change(store: Store) -> Correction:
        gone = corrections.removed(corrections.in_force(corrections.recorded(store)))
        if joined.corrected(store, data, identifier) is None or identifier in gone:
            raise UnknownError(f"no entity has the id {identifier[:80]!a}: aka lookup finds ids by name")
        return corrections.remove(store, identifier, by=by, note=note)

    return publish.amend(data, change)
