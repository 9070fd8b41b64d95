"""Entities under `/yente` against FollowTheMoney's own model: each property is one of its schema, and each value one of its type."""

from __future__ import annotations

from typing import Any

import pytest

followthemoney = pytest.importorskip("followthemoney", reason="followthemoney is not installed: pip install followthemoney")

from aliases.entity import ENTITY_TYPES, Alias, Entity  # noqa: E402
from resolver import ftm  # noqa: E402
from resolver.resolve import Resolver  # noqa: E402

PROPERTIES = {
    "country": ["SY", "LB"], "topics": "sanction", "wikidata": "Q1", "program": "x", "birth_date": "1957-03-11", "birth_place": "Homs",
    "position": "Minister", "lei": "529900T8BM49AURSDO55", "imo": "9074729", "flag": "PA", "lat": 35.3, "lon": 40.1,
}  # fmt: skip
KINDS = ("name", "native", "acronym", "former", "weak")


def problems(entity: Entity) -> list[tuple[str, str]]:
    """Entity -> its properties that its schema does not have, or that FollowTheMoney cannot read."""
    schema: Any = followthemoney.model.get(ftm.schema_of(entity))
    found = []
    for name, values in ftm.properties_of(entity).items():
        known = schema.properties.get(name)
        found += [(name, value) for value in values if known is None or known.type.clean(value) is None]
    return found


def test_every_entity_of_the_seeds_is_one_of_its_model() -> None:
    entities, _ = Resolver.open().entities(limit=5_000)
    assert len(entities) > 2_000
    assert {entity.id: problems(entity) for entity in entities if problems(entity)} == {}


@pytest.mark.parametrize("type_", ENTITY_TYPES)
def test_all_that_an_entity_of_a_type_may_say_is_in_its_schema(type_: Any) -> None:
    aliases = tuple(Alias(f"Name {kind}", kind) for kind in KINDS)
    entity = Entity("e", type_, "Name", aliases=aliases, properties=PROPERTIES)
    assert problems(entity) == []
    assert len(ftm.properties_of(entity)) > len(KINDS)


def test_a_place_is_captioned_by_its_name_there() -> None:
    place = Entity("e", "place", "Raqqa", aliases=(Alias("الرقة", "native"),))
    data = {"id": "e", "schema": ftm.schema_of(place), "properties": ftm.properties_of(place)}
    read = followthemoney.EntityProxy.from_dict(data)
    assert read.caption == "Raqqa"
    assert sorted(read.names) == ["Raqqa", "الرقة"]


@pytest.mark.parametrize("schema", sorted(ftm.TYPES))
def test_every_schema_that_may_be_asked_for_exists_and_takes_the_names_that_are_read(schema: str) -> None:
    model: Any = followthemoney.model.get(schema)
    assert model is not None
    assert {"name", "alias", "weakAlias", "previousName"} <= set(model.properties)
