"""The page on lists cannot lie: its commands are run one after the other, and what it shows is what comes out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from resolver import change_routes, list_routes, updating

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "lists.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def sessions() -> Iterator[tuple[str, str]]:
    """Commands, each with the output that is shown for it."""
    for kind, block in BLOCKS:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:] if kind == "console" else ():
            command, _, shown = part.partition("\n")
            yield (part, "") if "<<'END'\n" in part else (command, shown)


def test_what_the_page_shows_is_what_comes_out(tmp_path: Path) -> None:
    commands = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": commands + os.pathsep + os.environ["PATH"], "PYTHONUTF8": "1"}
    environment.pop("AKA_DATA", None)
    for command, shown in sessions():
        done = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        pattern = re.escape(shown.strip()).replace(re.escape("..."), ".*")
        assert re.fullmatch(pattern, done.stdout.strip(), re.DOTALL), f"$ {command}\n{done.stdout}{done.stderr}"
        assert done.returncode == 0, f"$ {command}\n{done.stderr}"


def test_the_lists_to_fetch_are_read_as_they_stand(tmp_path: Path) -> None:
    (block,) = (block for kind, block in BLOCKS if kind == "toml")
    (tmp_path / "lists.toml").write_text(block)
    assert [source.name for source in updating.configured(tmp_path / "lists.toml")] == ["ofac", "un"]


def test_every_block_is_of_a_kind_that_is_run() -> None:
    assert {kind for kind, _ in BLOCKS} == {"console", "toml"}


def test_every_route_that_is_named_is_there() -> None:
    found = re.findall(r"`(?:GET |POST\s|PATCH )?(/(?:lists|judgements|entities)[^`]*)`", PAGE)
    named = {path.partition("?")[0].replace("NAME", "{list}").replace("ID", "{id}") for path in found}
    assert named == {operation.path for operation in (*list_routes.OPERATIONS, *change_routes.OPERATIONS)}
