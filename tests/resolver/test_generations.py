"""Where data comes from: the pointer of a data directory, and the cache of the compiled seeds."""

import os
import stat
from pathlib import Path

import pytest

from aliases.errors import MissingDataError, NotReadyError
from resolver import generations
from resolver.index import Index


def test_a_missing_data_directory_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match=r"does not exist: make it with `aka import"):
        generations.current_generation(tmp_path / "nowhere")


def test_an_empty_data_directory_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match=r"holds no generation: fill it with `aka import"):
        generations.current_generation(tmp_path)


@pytest.mark.parametrize("pointer", ["", "gone\n", "../../etc\n", "\0", "a/b"])
def test_a_pointer_to_nothing_is_refused(tmp_path: Path, pointer: str) -> None:
    (tmp_path / generations.POINTER).write_text(pointer)
    with pytest.raises(NotReadyError, match="import a list again"):
        generations.current_generation(tmp_path)


def test_a_pointer_never_leads_out_of_the_data_directory(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "data" / "generations").mkdir(parents=True)
    (tmp_path / "data" / generations.POINTER).write_text("../../outside")
    with pytest.raises(NotReadyError, match="which is not there"):
        generations.current_generation(tmp_path / "data")


def test_the_seeds_are_compiled_once_and_then_taken_from_the_cache(cache: Path) -> None:
    first = generations.seeds_generation()
    made = (first / "manifest.json").stat().st_mtime_ns
    assert generations.seeds_generation() == first
    assert (first / "manifest.json").stat().st_mtime_ns == made
    assert first.is_relative_to(cache)


def test_a_damaged_cache_is_compiled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKA_CACHE", str(tmp_path / "cache"))  # its own: what others have mapped must never be written over
    directory = generations.seeds_generation()
    (directory / "arrays.bin").unlink()
    (directory / "arrays.bin").write_bytes(b"damaged")
    assert generations.seeds_generation() == directory
    assert Index.open(directory).entity_count > 450


def test_a_cache_that_cannot_be_written_gives_way_to_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("no directory")
    monkeypatch.setenv("AKA_CACHE", str(occupied / "cache"))
    monkeypatch.setattr(generations.platformdirs, "user_cache_dir", lambda _name: str(tmp_path / "user"))
    assert generations.seeds_generation().is_relative_to(tmp_path / "user")


def test_what_is_cached_is_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name != "posix":
        pytest.skip("permissions are those of POSIX")
    monkeypatch.setenv("AKA_CACHE", str(tmp_path / "cache"))
    generations.seeds_generation()
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
