"""Pages of entities: the same that reading every entity would give, found without reading any."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliases.entity import Alias, Entity
from aliases.errors import UnknownError
from aliases.fold import fold_name
from resolver import Resolver
from resolver.compiling import compile_generation
from resolver.index import Index

_NAMES = ["Deir ez-Zor", "دير الزور", "Raqqa", "Ar Raqqah", "José", "JOSE", "IS", "Zor", "St. Zor", "北京", "Σ"]
_TYPES = ["place", "person", "organization"]


def _entities() -> list[Entity]:
    return [
        Entity(
            f"e{number:03}",
            _TYPES[number % 3],  # type: ignore[arg-type]
            _NAMES[number % len(_NAMES)],
            tuple(Alias(_NAMES[number * k % len(_NAMES)]) for k in range(2, 2 + number % 4)),
            (("a",), ("b",), ("a", "b"), ())[number % 4],
        )
        for number in range(60)
    ]


@pytest.fixture(scope="module")
def resolver(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    directory = tmp_path_factory.mktemp("listing") / "generation"
    compile_generation(_entities(), directory)
    return Resolver(Index.open(directory))


def _read_through(part: str, type_: str | None, list_: str | None) -> list[str]:
    wanted = fold_name(part)
    return [
        entity.id
        for entity in _entities()
        if (not type_ or entity.type == type_)
        and (not list_ or list_ in entity.lists)
        and (not wanted or any(wanted in fold_name(alias.form) for alias in entity.surface_forms()))
    ]


@settings(max_examples=200, deadline=None)
@given(
    part=st.sampled_from(["", "-", "zor", "r ez", "JOSÉ", "ز", "الزور", "京", "is", "e", "zor\nraqqa", "nothing", "\ud800", "a"]),
    type_=st.sampled_from([None, *_TYPES, "vessel"]),
    list_=st.sampled_from([None, "a", "b"]),
    limit=st.integers(1, 70),
)
def test_pages_hold_what_reading_every_entity_gives(
    resolver: Resolver, part: str, type_: str | None, list_: str | None, limit: int
) -> None:
    """Page by page, each of the asked size but the last, whatever the filters."""
    found, cursor = [], ""
    while True:
        page, cursor = resolver.entities(part, type=type_, list=list_, cursor=cursor, limit=limit)
        found += [entity.id for entity in page]
        if not cursor:
            break
        assert len(page) == limit
        assert cursor == page[-1].id
    assert found == _read_through(part, type_, list_)


def test_a_cursor_of_no_entity_is_refused(resolver: Resolver) -> None:
    with pytest.raises(UnknownError, match="start again without a cursor"):
        resolver.entities(cursor="nobody")


def test_a_name_is_not_found_across_two_names(resolver: Resolver) -> None:
    """`IS` of one name and `Zor` of the next are no `is zor`."""
    assert resolver.entities("is zor") == ([], "")
