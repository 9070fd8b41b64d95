"""Imports flow one way: `resolver` -> `aliases`; only doors know the web; only those whose job it is open files."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "aliases").rglob("*.py")) + sorted((ROOT / "resolver").rglob("*.py"))
WEB_DOORS = {
    "resolver.access",
    "resolver.answered",
    "resolver.gate",
    "resolver.change_routes",
    "resolver.list_routes",
    "resolver.operating",
    "resolver.processes",
    "resolver.serving",
    "resolver.tracing",
    "resolver.wearing",
    "resolver.service",
    "resolver.unparsed",
    "resolver.openapi",
    "resolver.problems",
    "resolver.received",
    "resolver.asking",
    "resolver.reconcile",
    "resolver.reconcile_v1",
    "resolver.yente",
    "resolver.server",
    "resolver.streaming",
    "resolver.suggesting",
    "resolver.web.pages",
    "resolver.web.rendering",
    "resolver.web.text_page",
    "resolver.web.name_page",
    "resolver.web.lists_page",
    "resolver.web.review_page",
}
COMMAND_DOORS = {"resolver.cli", "resolver.console"}
WEB = {"flask", "werkzeug", "granian", "waitress"}
FIT_TIME = {"numpy", "scipy", "sklearn", "lightgbm"}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a reader must see the room, import by the full path"
            yield node.module or ""


def breaches(name: str, imported: set[str]) -> list[str]:
    tops = {module.split(".")[0] for module in imported}
    found = []
    if name.startswith("aliases") and "resolver" in tops:
        found.append("aliases must not import resolver")
    if tops & WEB and name not in WEB_DOORS:
        found.append(f"only doors import {tops & WEB}")
    if "click" in tops and name not in COMMAND_DOORS and not name.startswith("resolver.commands."):
        found.append("only the command line imports click")
    if tops & FIT_TIME and name != "resolver.retrieve":
        found.append(f"nothing that answers imports {tops & FIT_TIME}")
    return found


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 20


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_module_stays_in_its_room(path: Path) -> None:
    assert breaches(module_name(path), set(imports(path))) == []


@pytest.mark.parametrize(
    ("name", "imported"),
    [("aliases.fold", "resolver.index"), ("aliases.keys", "flask"), ("resolver.index", "flask"), ("resolver.lookup", "click")],
)
def test_a_breach_would_be_seen(name: str, imported: str) -> None:
    assert breaches(name, {imported})


def test_the_library_loads_no_web_and_no_command_line() -> None:
    optional = (
        "flask",
        "click",
        "granian",
        "numpy",
        "spacy",
        "pyarrow",
        "pyspark",
        "mcp",
        "pydantic",
        "waitress",
        "dask",
        "duckdb",
        "polars",
        "ray",
    )
    program = f"import sys, resolver; print(sorted(set({optional!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_no_file_outgrows_its_reader(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= (800 if path.name == "align.py" else 400), f"{path.name} has {lines} lines: split it by what it knows"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and path.name not in (
            "align.py",
            "tokenizer.py",
            "grams.py",
        ):  # typed for the C compiler
            assert (node.end_lineno or 0) - node.lineno <= 60, f"{path.name}:{node.lineno} {node.name} is too long"
