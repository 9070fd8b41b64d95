"""The scripts that fit the weights need packages that aka does not: here it is held that what they take from aka is there."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "fit"


def taken(path: Path) -> list[tuple[str, str]]:
    """Script -> (module, name) of everything that it imports from aka."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    imports = [
        node
        for node in nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("aliases", "resolver")
    ]
    return [(str(node.module), alias.name) for node in imports for alias in node.names]


def is_there(module: str, name: str) -> bool:
    found = importlib.import_module(module)
    return hasattr(found, name) or (hasattr(found, "__path__") and importlib.util.find_spec(f"{module}.{name}") is not None)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_fitting_script_takes_from_aka_what_is_there(path: Path) -> None:
    assert [pair for pair in taken(path) if not is_there(*pair)] == []


def test_some_script_takes_something_and_a_missing_name_would_be_told() -> None:
    assert ("resolver.index", "Index") in taken(FOLDER / "data_set.py")
    assert not is_there("resolver.retrieve", "build")
