"""What the lists say -> what is served: entities that a person judged to be one are one, and corrections by hand hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from aliases import corrections, judgements
from aliases.entity import Entity
from aliases.merge import merge
from aliases.store import Store

JOINED = "merged_ids"  # property of an entity that is several: the other ids that it is known by


def entities(store: Store, versions: Mapping[str, int]) -> Iterator[Entity]:
    """Record and list name: version id -> the entities that are served, sorted by id, in constant memory.

    Of a group that was judged one, the id is the first that still stands on a list; an entity whose list no longer has it takes
    no part. Judgements and corrections on ids that no list has are kept, and hold again when the id comes back.
    """
    fixes = corrections.by_entity(corrections.in_force(corrections.recorded(store)))
    group_of = dict(_standing(store, versions))
    for entity in store.entities_at(versions):
        group = group_of.get(entity.id, (entity.id,))
        if entity.id == group[0]:
            whole = entity if len(group) == 1 else _joined(entity, group, store, versions, fixes)
            yield corrections.corrected(whole, fixes[entity.id]) if entity.id in fixes else whole


def merged_ids(store: Store, versions: Mapping[str, int]) -> dict[str, str]:
    """Record and list name: version id -> each id that was merged away: the id that stands for it now."""
    return {member: group[0] for member, group in sorted(_standing(store, versions)) if member != group[0]}


def _standing(store: Store, versions: Mapping[str, int]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """-> each id of a group of at least two that stand on a list: that group, without those that do not."""
    groups = judgements.groups(judgements.recorded(store))
    if not groups:
        return
    there = {entity.id for entity in store.entities_at(versions, {member for group in groups for member in group})}
    for group in groups:
        standing = tuple(member for member in group if member in there)
        if len(standing) > 1:
            yield from ((member, standing) for member in standing)


def _joined(
    first: Entity,
    group: tuple[str, ...],
    store: Store,
    versions: Mapping[str, int],
    fixes: Mapping[str, list[corrections.Correction]],
) -> Entity:
    others = {entity.id: entity for entity in store.entities_at(versions, group[1:])}
    ordered = [corrections.corrected(others[member], fixes.get(member, ())) for member in group[1:]]
    whole = merge([first, *ordered])
    return msgspec.structs.replace(whole, properties={**whole.properties, JOINED: list(group[1:])})
