"""Names that a person wrote down must go on being found by a new version of a list, or it stays out."""

from __future__ import annotations

from pathlib import Path

import pytest

from aliases.errors import GuardError, InvalidError
from resolver import Resolver, guards, publish

LIST = "id,name\na,Samir Al-Mithal\nb,Karim Hassoun\n"
WITHOUT = "id,name\na,Samir Al-Mithal\nc,Leila Qaradaghi\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    imported(tmp_path, LIST)
    return tmp_path / "data"


def imported(directory: Path, content: str, name: str = "list", *, force: bool = False) -> publish.Summary:
    file = directory / f"{name}.csv"
    file.write_text(content)
    return publish.import_list(directory / "data", format="csv", file=file, list_name=name, force=force)


def probed(data: Path, text: str) -> None:
    (data / guards.PROBES).write_text(text, encoding="utf-8")


def test_a_version_that_loses_a_probe_stays_out_until_it_is_forced(data: Path, tmp_path: Path) -> None:
    """The probe is named with its line; nothing is left of the generation that was compiled."""
    probed(data, "# name\tid\nKareem Hasoun\tb\nSamir Al-Mithal\ta\n")
    before = Resolver.open(data).generation
    with pytest.raises(GuardError, match=r"1 of 2 names of probes.tsv .*'Kareem Hasoun' \(b\)") as caught:
        imported(tmp_path, WITHOUT)
    assert [problem.pointer for problem in caught.value.problems] == ["probes.tsv line 2"]
    assert Resolver.open(data).generation == before
    assert [path.name for path in (data / "generations").iterdir()] == [before]
    assert imported(tmp_path, WITHOUT, force=True).removed == 1


def test_a_name_that_must_find_nobody_is_a_probe_too(data: Path, tmp_path: Path) -> None:
    """A list that suddenly takes it in is stopped."""
    probed(data, "Leila Qaradaghi\t-\n")
    with pytest.raises(GuardError, match="Leila Qaradaghi"):
        imported(tmp_path, WITHOUT)
    imported(tmp_path, LIST.replace("Hassoun", "Hassun"))


def test_a_probe_that_does_not_hold_now_stops_nothing(data: Path, tmp_path: Path) -> None:
    """Its list was not imported yet, or it is on no list any more."""
    probed(data, "Leila Qaradaghi\tc\nNobody Atall\tz\n")
    imported(tmp_path, LIST.replace("Samir", "Sameer"))
    imported(tmp_path, "id,name\nc,Leila Qaradaghi\n", "other")
    with pytest.raises(GuardError, match="Leila Qaradaghi"):
        imported(tmp_path, "id,name\nd,Omar Farid\n", "other")


@pytest.mark.parametrize("text", ["one field\n", "\tid\n", "name\t\n", "name\tid\tmore\n", b"\xff\t\xfe\n"])
def test_a_line_that_is_no_probe_is_refused_by_number(data: Path, tmp_path: Path, text: str | bytes) -> None:
    """Before anything is read; an import by force does not look at it."""
    (data / guards.PROBES).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InvalidError, match=r"probes\.tsv"):
        imported(tmp_path, WITHOUT)
    assert imported(tmp_path, WITHOUT, force=True).version == 2


def test_too_many_probes_are_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import must end."""
    monkeypatch.setattr(guards, "MAX_PROBES", 2)
    probed(data, "a\ta\n\n# none\nb\tb\n")
    assert [probe.line for probe in guards.probes(data)] == [1, 4]
    probed(data, "a\ta\nb\tb\nc\tc\n")
    with pytest.raises(InvalidError, match="has 3 probes, at most 2"):
        guards.probes(data)
