"""The weights of mentions fit this program and the names they were fitted with, or are refused."""

import json
from importlib import resources
from typing import Any

import pytest

from aliases.errors import NotReadyError
from resolver import context
from resolver.fitted import weights
from resolver.mention_model import MentionModel


@pytest.fixture(scope="module")
def fitted() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(resources.files("resolver").joinpath("weights", "mentions.json").read_bytes())
    return read


def test_the_shipped_weights_fit_the_names_and_the_evidence(fitted: dict[str, Any]) -> None:
    assert fitted["names"] == list(context.NAMES)
    assert fitted["edit_costs"] == weights().edit_costs
    assert 0 < MentionModel(fitted).operating_point < 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"edit_costs": "0123456789abcdef"}, "after tests/fit/fit_names.py"),
        ({"names": ["exact"]}, "other evidence"),
        ({"format": 0}, "other evidence"),
    ],
    ids=["other edit costs", "other numbers", "another format"],
)
def test_weights_fitted_for_something_else_are_refused(fitted: dict[str, Any], changed: dict[str, Any], told: str) -> None:
    with pytest.raises(NotReadyError, match=told):
        MentionModel(fitted | changed)


def test_both_sorts_of_readings_have_trees_over_the_evidence(fitted: dict[str, Any]) -> None:
    *forests, starts = MentionModel(fitted).parts
    assert len(forests) == len(starts) == 2
    assert {forest["roots"] != [] for forest in (fitted["listed"], fitted["unlisted"])} == {True}
