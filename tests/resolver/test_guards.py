"""A version that differs from the one before as only a broken file does stays out, unless it is forced."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from aliases.errors import GuardError, InvalidError
from aliases.store import FILE, Store
from resolver import publish
from tests.resolver import publish_steps as steps


@pytest.fixture(autouse=True)
def _unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    steps.step.count = steps.step.at = 0
    steps.install(monkeypatch.setattr)


def imported(directory: Path, ids: Iterable[int], *, bad: int = 0, force: bool = False) -> publish.Summary:
    """Import a table of these ids, with so many rows that cannot be taken."""
    file = directory / "list.csv"
    rows = [*(f"{number},Name {number}" for number in ids), *(f"bad{number},---" for number in range(bad))]
    file.write_text("id,name\n" + "\n".join(rows) + "\n")
    return publish.import_list(directory / "data", format="csv", file=file, list_name="list", force=force)


@pytest.mark.parametrize(
    ("ids", "bad", "says"),
    [
        (range(10), 0, "shrink from 100 entities to 10"),
        (range(89), 0, "shrink from 100 entities to 89"),
        (range(301), 0, "grow from 100 entities to 301"),
        (range(30, 130), 0, "30 of 100 ids would go and 30 come"),
        (range(101), 12, "12 of 113 records could not be taken"),
    ],
)
def test_a_suspicious_version_is_stopped_and_can_be_forced(tmp_path: Path, ids: range, bad: int, says: str) -> None:
    """The old version serves on, the message says what is odd and how to go on."""
    imported(tmp_path, range(100))
    with pytest.raises(GuardError, match=says) as caught:
        imported(tmp_path, ids, bad=bad)
    assert "--force" in caught.value.detail
    with Store.open(tmp_path / "data" / FILE) as store:
        assert [version.number for version in store.versions("list")] == [1]
        assert store.count() == 100
    assert imported(tmp_path, ids, bad=bad, force=True).entities == len(ids)


@pytest.mark.parametrize("ids", [range(90), range(300), range(20, 120), [*range(100), 500]])
def test_an_ordinary_change_goes_live(tmp_path: Path, ids: Iterable[int]) -> None:
    """At the limits and within them."""
    imported(tmp_path, range(100))
    assert imported(tmp_path, ids).version == 2


def test_a_short_list_may_change_as_it_likes(tmp_path: Path) -> None:
    """Of ten entities kept by hand, half may go."""
    imported(tmp_path, range(10))
    assert imported(tmp_path, range(3)).entities == 3


def test_an_empty_list_never_goes_live(tmp_path: Path) -> None:
    """Not even by force: nothing would be left to answer with."""
    imported(tmp_path, range(100))
    with pytest.raises(InvalidError, match="holds no entity"):
        imported(tmp_path, [], force=True)


def test_what_was_rejected_is_counted_told_and_recorded(tmp_path: Path) -> None:
    """The record has the count, the summary the lines."""
    summary = imported(tmp_path, range(100), bad=2)
    assert (summary.entities, summary.rejected) == (100, 2)
    assert [problem.pointer for problem in summary.problems] == ["line 102", "line 103"]
    with Store.open(tmp_path / "data" / FILE) as store:
        assert store.versions("list")[-1].rejected == 2
