"""What the lists say -> what is served: entities that a person judged to be one are one, and what persons said of names holds.

Of one entity the spellings that were accepted from texts and the corrections by hand are taken in the order in which they were made:
a name that is dropped is gone though it was accepted before, and one that is accepted after that is back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from aliases import corrections, judgements, review
from aliases.corrections import Correction
from aliases.entity import Entity
from aliases.merge import merge
from aliases.review import Accepted
from aliases.store import Store

JOINED = "merged_ids"  # property of an entity that is several: the other ids that it is known by


class Served(NamedTuple):
    """What is compiled into a generation."""

    entities: Iterator[Entity]  # sorted by id, in constant memory
    merged: dict[str, str]  # each id that was merged away: the id that stands for it now
    judged: int  # number of the last judgement of a spelling that is in it


def served(store: Store, data: Path, versions: Mapping[str, int]) -> Served:
    """Record, the directory it lies in and list name: version id -> the entities that are served with these versions.

    Of a group that was judged one, the id is the first that still stands on a list; an entity whose list no longer has it, or
    that a person removed, takes no part. Judgements and corrections on ids that no list has are kept, and hold again when the id comes back.
    """
    merged = merged_ids(store, versions)
    accepted, judged = review.read(data)
    return Served(_entities(store, versions, accepted), merged, judged)


def corrected(store: Store, data: Path, identifier: str) -> Entity | None:
    """Record, the directory it lies in and an id -> the entity as its lists and what persons said of it have it, joined with no
    other, removed or not; None when no list has it."""
    found = next(store.entities_at(store.live_versions(), {identifier}), None)
    return None if found is None else _Said(_in_force(store), review.read(data)[0]).applied(found)


def _in_force(store: Store) -> Mapping[str, list[Correction]]:
    return corrections.by_entity(corrections.in_force(corrections.recorded(store)))


def _entities(store: Store, versions: Mapping[str, int], accepted: Mapping[str, list[Accepted]]) -> Iterator[Entity]:
    said = _Said(_in_force(store), accepted)
    group_of = dict(_standing(store, versions))
    removed = _removed(store)
    for entity in store.entities_at(versions):
        group = group_of.get(entity.id, (entity.id,))
        if entity.id == group[0] and entity.id not in removed:
            yield said.applied(entity if len(group) == 1 else _joined(entity, group, store, versions, said))


class _Said(NamedTuple):
    """What persons said of the names and fields of single entities, by id."""

    corrections: Mapping[str, list[Correction]]
    spellings: Mapping[str, list[Accepted]]

    def applied(self, entity: Entity) -> Entity:
        """Entity as its lists have it -> as it is after all that was said of its id, the later going before the earlier."""
        said: list[Correction | Accepted] = [*self.spellings.get(entity.id, ()), *self.corrections.get(entity.id, ())]
        for one in sorted(said, key=_when):
            entity = review.with_spelling(entity, one) if isinstance(one, Accepted) else corrections.applied(entity, one)
        return entity


def _when(said: Correction | Accepted) -> str:
    return said.judged_at if isinstance(said, Accepted) else said.made_at


def merged_ids(store: Store, versions: Mapping[str, int]) -> dict[str, str]:
    """Record and list name: version id -> each id that was merged away: the id that stands for it now."""
    return {member: group[0] for member, group in sorted(_standing(store, versions)) if member != group[0]}


def _standing(store: Store, versions: Mapping[str, int]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """-> each id of a group of at least two that stand on a list: that group, without those that do not."""
    groups = judgements.groups(judgements.recorded(store))
    if not groups:
        return
    there = {entity.id for entity in store.entities_at(versions, {member for group in groups for member in group})}
    there -= _removed(store)
    for group in groups:
        standing = tuple(member for member in group if member in there)
        if len(standing) > 1:
            yield from ((member, standing) for member in standing)


def _removed(store: Store) -> frozenset[str]:
    return corrections.removed(corrections.in_force(corrections.recorded(store)))


def _joined(
    first: Entity,
    group: tuple[str, ...],
    store: Store,
    versions: Mapping[str, int],
    said: _Said,
) -> Entity:
    others = {entity.id: entity for entity in store.entities_at(versions, group[1:])}
    ordered = [said.applied(others[member]) for member in group[1:]]
    whole = merge([first, *ordered])
    return msgspec.structs.replace(whole, properties={**whole.properties, JOINED: list(group[1:])})
