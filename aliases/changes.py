"""Two versions of a list -> what changed between them, entity by entity, in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec

from aliases.entity import Alias, Entity
from aliases.errors import UnknownError
from aliases.store import Store, Version


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one entity from one version to the other."""

    id: str
    change: Literal["added", "removed", "changed"]
    name: str  # canonical, as of the later version that has it
    aliases_added: tuple[str, ...] = ()
    aliases_removed: tuple[str, ...] = ()
    fields: dict[str, tuple[Any, Any]] = {}  # type, name or a property: value before, value after; null when there is none


def version(store: Store, list_name: str, number: int | None, *, before: int = 0) -> Version:
    """List and number of a version (without one: the live one, or the `before`-th before it) -> that version.

    UnknownError when there is no such list or version.
    """
    versions = [
        one for one in store.versions(list_name) if one.status != "staged" or one.id == store.live_versions().get(list_name)
    ]
    wanted = number if number is not None else versions[-1].number - before if versions else 0
    for one in versions:
        if one.number == wanted:
            return one
    known = f"{versions[0].number} to {versions[-1].number}" if versions else "none"
    raise UnknownError(f"list '{list_name}' has no version {wanted}: it has {known}")


def between(store: Store, old: Version, new: Version) -> Iterator[Change]:
    """Two versions of one list -> its changes, sorted by id."""
    for before, after in _pairs(store.entities_at({old.list: old.id}), store.entities_at({new.list: new.id})):
        if change := _change(before, after):
            yield change


def _pairs(old: Iterable[Entity], new: Iterable[Entity]) -> Iterator[tuple[Entity | None, Entity | None]]:
    """Two streams sorted by id -> the two states of each id; None where it is not there."""
    lefts, rights = iter(old), iter(new)
    left, right = next(lefts, None), next(rights, None)
    while left or right:
        # Ids are compared as SQLite sorts them: by their UTF-8.
        if left and (right is None or left.id.encode() < right.id.encode()):
            yield left, None
            left = next(lefts, None)
        elif right and (left is None or right.id.encode() < left.id.encode()):
            yield None, right
            right = next(rights, None)
        else:
            yield left, right
            left, right = next(lefts, None), next(rights, None)


def _change(before: Entity | None, after: Entity | None) -> Change | None:
    if before is None or after is None:
        one = after or before
        if one is None:
            return None
        forms = tuple(dict.fromkeys(alias.form for alias in one.aliases))
        if after is None:
            return Change(one.id, "removed", one.name, aliases_removed=forms)
        return Change(one.id, "added", one.name, aliases_added=forms)
    fields = _fields(before, after)
    gone = [_told(alias) for alias in before.aliases if alias not in after.aliases]
    come = [_told(alias) for alias in after.aliases if alias not in before.aliases]
    if not (fields or gone or come):
        return None
    return Change(after.id, "changed", after.name, aliases_added=tuple(come), aliases_removed=tuple(gone), fields=fields)


def _told(alias: Alias) -> str:
    """Alias -> its form, with its kind where that is not the usual one: a strong alias that became weak has changed."""
    return alias.form if alias.kind == "alias" else f"{alias.form} ({alias.kind})"


def _fields(before: Entity, after: Entity) -> dict[str, tuple[Any, Any]]:
    pairs: dict[str, tuple[Any, Any]] = {"type": (before.type, after.type), "name": (before.name, after.name)}
    for key in sorted(before.properties.keys() | after.properties.keys()):
        pairs[key] = (before.properties.get(key), after.properties.get(key))
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
