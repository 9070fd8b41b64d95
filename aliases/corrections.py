"""What persons change by hand of what the lists say: kept apart from the lists, so that no new version of them undoes it.

A correction is never changed: undoing it is a correction of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from aliases import audit
from aliases.assemble import checked, distinct
from aliases.entity import MAX_ALIASES, MAX_ID, Alias, Entity, check_form, check_type
from aliases.errors import InvalidError, UnknownError
from aliases.store import Store

Action = Literal["add", "drop", "set", "remove", "undo"]

MAX_TEXT = 2_000  # characters of a note or a name
MAX_VALUE = 20_000  # bytes of JSON of a value
_FIELDS = "id, entity, action, field, value, made_at, made_by, note, generation"


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """One change that a person made to one entity."""

    id: int  # in the order of making
    entity: str
    action: Action
    field: str  # for `set`: name, type or the name of a property
    value: (
        Any  # `add`: the alias; `drop`: the form; `set`: the value, None takes a property away; `undo`: number of the correction
    )
    made_at: str  # ISO 8601, UTC
    made_by: str
    note: str
    generation: str  # the first that was compiled with it; '' while it waits for the next one


def add_name(store: Store, entity: str, alias: Alias, *, by: str, note: str = "") -> Correction:
    """Entity id and one more name for it -> the correction, committed; InvalidError when the name is none."""
    value = msgspec.to_builtins(checked(alias))
    return _record(store, entity, "add", value=value, by=by, note=note)


def drop_name(store: Store, entity: str, form: str, *, by: str, note: str = "") -> Correction:
    """Entity id and a form that a list has for it -> the correction by which it is not used, committed."""
    return _record(store, entity, "drop", value=check_form(form), by=by, note=note)


def set_field(store: Store, entity: str, field: str, value: Any, *, by: str, note: str = "") -> Correction:
    """Entity id, `name`, `type` or a property, and its value (None removes a property) -> the correction, committed."""
    if field in ("name", "type"):
        if not isinstance(value, str):
            raise InvalidError(f"'{field}' must be a text: it was {type(value).__name__}")
        (check_form if field == "name" else check_type)(value)
    else:
        check_property(field, value)
    return _record(store, entity, "set", field=field, value=value, by=by, note=note)


def check_property(name: str, value: Any) -> None:
    """Name and value of a property -> nothing; InvalidError when a person cannot give an entity one such."""
    if not name or len(name) > MAX_ID or not name.isprintable() or name in ("id", "name", "type", "aliases", "lists"):
        raise InvalidError(f"field {name[:60]!a} cannot be set: use name, type or a property")
    _encoded(value)


def remove(store: Store, entity: str, *, by: str, note: str = "") -> Correction:
    """Entity id -> the correction by which it is not served, whatever lists have it, committed."""
    return _record(store, entity, "remove", value=None, by=by, note=note)


def replace(store: Store, held: Entity, wanted: Entity, *, by: str, note: str = "") -> list[Correction]:
    """Entity as its lists and earlier corrections have it, and as it shall be -> the corrections that do it, committed together.

    One that was removed is served again. What a list newly says of it later comes on top.
    """
    who = {"by": by, "note": note}
    now, made = held, list[Correction]()

    def make(one: Correction) -> None:
        nonlocal now
        now = applied(now, one)
        made.append(one)

    with store.transaction():
        for one in in_force(recorded(store)):
            if one.entity == held.id and one.action == "remove":
                make(undo(store, one.id, **who))
        for field, value in _differing(now, wanted):
            make(set_field(store, held.id, field, value, **who))
        kept = set(map(_said, wanted.aliases))
        for form in dict.fromkeys(alias.form for alias in now.aliases if _said(alias) not in kept):
            make(drop_name(store, held.id, form, **who))
        there = set(map(_said, now.aliases))
        for alias in wanted.aliases:
            if _said(alias) not in there:
                make(add_name(store, held.id, alias, **who))
    return made


def _differing(held: Entity, wanted: Entity) -> list[tuple[str, Any]]:
    """Two states of an entity -> each field and property that differs, with its value in the second, None for none."""
    found: list[tuple[str, Any]] = [(name, getattr(wanted, name)) for name in ("name", "type")]
    found = [(name, value) for name, value in found if value != getattr(held, name)]
    names = dict.fromkeys([*held.properties, *wanted.properties])
    return found + [
        (name, wanted.properties.get(name)) for name in names if held.properties.get(name) != wanted.properties.get(name)
    ]


def _said(alias: Alias) -> tuple[str, str, str, bool]:
    """Alias -> what is said by it, whoever says so."""
    return alias.form, alias.kind, alias.lang, alias.case


def undo(store: Store, number: int, *, by: str, note: str = "") -> Correction:
    """Number of a correction -> the correction by which it no longer holds, committed; UnknownError when it does not."""
    held = {one.id: one for one in in_force(recorded(store))}
    if number not in held:
        known = " ".join(map(str, held)) or "none"
        raise UnknownError(f"there is no correction {number} in force: those are {known[:200]}")
    return _record(store, held[number].entity, "undo", value=number, by=by, note=note)


def _record(store: Store, entity: str, action: Action, *, value: Any, by: str, note: str, field: str = "") -> Correction:
    for what, text in [("note", note), ("name of who corrects", by)]:
        if len(text) > MAX_TEXT or "\0" in text:
            raise InvalidError(f"the {what} has {len(text)} characters or holds U+0000, at most {MAX_TEXT} are allowed")
    if not by.strip():
        raise InvalidError("it is not said who corrects: give a name")
    encoded = _encoded(value)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with store.transaction() as connection:
        number = connection.execute(
            "INSERT INTO corrections (entity, action, field, value, made_at, made_by, note, generation) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, '')",
            (entity, action, field, encoded, now, by, note),
        ).lastrowid
        audit.note(connection, action="correct", entity=entity, after={"action": action, "field": field, "value": value})
    return next(one for one in recorded(store) if one.id == number)


def _encoded(value: Any) -> str:
    """Value -> its JSON; InvalidError when it is too long or holds what is no text."""
    encoded = msgspec.json.encode(value).decode()
    if len(encoded) > MAX_VALUE or "\\u0000" in encoded:
        raise InvalidError(f"the value has {len(encoded):,} bytes or holds U+0000, at most {MAX_VALUE:,} are kept: shorten it")
    return encoded


def recorded(store: Store) -> list[Correction]:
    """Record -> every correction that was ever made, oldest first."""
    rows = store.rows(f"SELECT {_FIELDS} FROM corrections ORDER BY id")  # noqa: S608
    found = (dict(zip(Correction.__struct_fields__, row, strict=True)) for row in rows)
    return [Correction(**{**fields, "value": msgspec.json.decode(fields["value"])}) for fields in found]


def in_force(corrections: Iterable[Correction]) -> list[Correction]:
    """Corrections -> those that change something: not undone, and not undoing."""
    made = list(corrections)
    undone = {one.value for one in made if one.action == "undo"}
    return [one for one in made if one.action != "undo" and one.id not in undone]


def removed(corrections: Iterable[Correction]) -> frozenset[str]:
    """Corrections in force -> ids of the entities that are not served."""
    return frozenset(one.entity for one in corrections if one.action == "remove")


def by_entity(corrections: Iterable[Correction]) -> Mapping[str, list[Correction]]:
    """Corrections in force -> entity id: its own, oldest first."""
    found: dict[str, list[Correction]] = {}
    for one in corrections:
        found.setdefault(one.entity, []).append(one)
    return found


def applied(entity: Entity, one: Correction) -> Entity:
    """Entity -> as it is after a correction; whether it is served at all is told by `removed`."""
    if one.action in ("remove", "undo"):
        return entity
    if one.action == "add":
        alias = msgspec.convert(one.value, Alias)
        known = {(known.form, known.kind, known.case) for known in entity.surface_forms()}
        full = len(entity.aliases) >= MAX_ALIASES or (alias.form, alias.kind, alias.case) in known
        return entity if full else _with(entity, aliases=distinct(entity.name, [*entity.aliases, alias]))
    if one.action == "drop":
        return _with(entity, aliases=tuple(alias for alias in entity.aliases if alias.form != one.value))
    if one.field == "name":
        former = Alias(entity.name, kind="name")
        aliases = distinct(one.value, [checked(former), *entity.aliases])
        return _with(entity, name=one.value, aliases=aliases)
    if one.field == "type":
        return _with(entity, type=one.value)
    properties = {key: value for key, value in entity.properties.items() if key != one.field}
    return _with(entity, properties=properties if one.value is None else {**properties, one.field: one.value})


def _with(entity: Entity, **fields: Any) -> Entity:
    return msgspec.structs.replace(entity, **fields)
