"""The programs in docs/ do what they are said to do: each is run, and what it prints is what stands under it."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"
CLIENTS = (DOCS / "clients.md").read_text(encoding="utf-8")
RUN = re.findall(r"^```(sh|python|js)\n(.*?)^```\n\n```output\n(.*?)^```", CLIENTS, re.MULTILINE | re.DOTALL)
PROGRAMS = {"sh": ("bash", ".sh"), "python": (sys.executable, ".py"), "js": ("node", ".mjs")}


def test_every_program_is_run() -> None:
    kinds = re.findall(r"^```(\w+)\n", CLIENTS, re.MULTILINE)
    assert len(RUN) == len([kind for kind in kinds if kind != "output"]) > 3


@pytest.mark.parametrize(("kind", "program", "shown"), RUN, ids=[f"{kind}-{place}" for place, (kind, *_) in enumerate(RUN)])
def test_a_program_prints_what_stands_under_it(kind: str, program: str, shown: str, service: str, tmp_path: Path) -> None:
    interpreter, ending = PROGRAMS[kind]
    for needed in (interpreter, *(["curl"] if kind == "sh" else [])):
        if shutil.which(needed) is None:
            pytest.skip(f"{needed} is not installed, so the program in docs/clients.md cannot be run")
    file = tmp_path / f"program{ending}"
    file.write_text(program.replace("http://127.0.0.1:8080", service), encoding="utf-8")
    environment = os.environ | {"PYTHONUTF8": "1"}
    done = subprocess.run(
        [interpreter, str(file)], capture_output=True, text=True, check=False, env=environment, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    pattern = re.escape(shown.strip()).replace(re.escape("..."), ".*")
    assert re.fullmatch(pattern, done.stdout.strip(), re.DOTALL), done.stdout


ENGINES = re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", (DOCS / "engines.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("name", "section"), [one for one in ENGINES if "```python" in one[1]], ids=lambda one: one[:6])
def test_an_engine_gives_what_is_shown(name: str, section: str) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'aka-resolver[arrow]'")
    pytest.importorskip(name.lower(), reason=f"{name} is not installed: pip install {name.lower()}")
    (block,) = re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    example = doctest.DocTestParser().get_doctest(block, {}, "engines.md", "engines.md", 0)
    assert len(example.examples) > 3
    assert doctest.DocTestRunner().run(example).failed == 0
