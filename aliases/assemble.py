"""Fields as a source gives them -> a checked Entity. Every reader (seeds, JSON Lines, published lists) ends here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from aliases.entity import MAX_ALIASES, Alias, Entity, check_form, check_id, check_kind, check_type, script_of
from aliases.errors import InvalidError

MAX_LANG = 35  # the longest language tag that RFC 5646 section 4.4.1 asks readers to keep room for


def assemble(
    identifier: str,
    *,
    entity_type: str,
    name: str,
    aliases: Iterable[Alias] = (),
    properties: Mapping[str, Any] | None = None,
    lists: tuple[str, ...] = (),
) -> Entity:
    """Fields of one record -> Entity whose aliases know their script and occur once; InvalidError names the wrong field."""
    forms = distinct(check_form(name), (checked(alias) for alias in aliases))
    if len(forms) > MAX_ALIASES:
        raise InvalidError(f"{len(forms)} aliases are too many: at most {MAX_ALIASES} fit one entity; split the record")
    return Entity(
        id=check_id(identifier),
        type=check_type(entity_type),
        name=name,
        aliases=forms,
        lists=tuple(sorted(lists)),
        properties=dict(properties or {}),
    )


def checked(alias: Alias) -> Alias:
    """Alias -> the same one with its script filled in; InvalidError when its form, kind or language is not allowed."""
    check_form(alias.form)
    check_kind(alias.kind)
    if len(alias.lang) > MAX_LANG:
        raise InvalidError(f"lang of {len(alias.lang)} characters is too long: give an ISO 639 code such as ar")
    return alias if alias.script else msgspec.structs.replace(alias, script=script_of(alias.form))


def distinct(name: str, aliases: Iterable[Alias]) -> tuple[Alias, ...]:
    """Aliases -> each once, in order, without those that only repeat the canonical name.

    One that repeats the name but says more (it matches only in its case, or it is weak) is kept.
    """
    return tuple(dict.fromkeys(alias for alias in aliases if alias.form != name or alias.case or alias.kind == "weak"))
