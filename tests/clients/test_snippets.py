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
RUN = re.findall(r"^```(sh|python|js|r)\n(.*?)^```\n\n```output\n(.*?)^```", CLIENTS, re.MULTILINE | re.DOTALL)
PROGRAMS = {"sh": ("bash", ".sh"), "python": (sys.executable, ".py"), "js": ("node", ".mjs"), "r": ("Rscript", ".R")}
JSONLITE = ["Rscript", "-e", 'quit(status = !requireNamespace("jsonlite", quietly = TRUE))']


def test_every_program_is_run() -> None:
    kinds = re.findall(r"^```(\w+)\n", CLIENTS, re.MULTILINE)
    assert len(RUN) == len([kind for kind in kinds if kind != "output"]) > 3


@pytest.mark.parametrize(("kind", "program", "shown"), RUN, ids=[f"{kind}-{place}" for place, (kind, *_) in enumerate(RUN)])
def test_a_program_prints_what_stands_under_it(kind: str, program: str, shown: str, service: str, tmp_path: Path) -> None:
    interpreter, ending = PROGRAMS[kind]
    for needed in (interpreter, *(["curl"] if kind == "sh" else [])):
        if shutil.which(needed) is None:
            pytest.skip(f"{needed} is not installed, so the program in docs/clients.md cannot be run")
    if kind == "r" and subprocess.run(JSONLITE, check=False).returncode != 0:
        pytest.skip("jsonlite for R is not installed, so the program in docs/clients.md cannot be run")
    file = tmp_path / f"program{ending}"
    file.write_text(program.replace("http://127.0.0.1:8080", service), encoding="utf-8")
    environment = os.environ | {"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}  # R reads its program in the encoding of the locale
    done = subprocess.run(
        [interpreter, str(file)], capture_output=True, text=True, check=False, env=environment, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    pattern = re.escape(shown.strip()).replace(re.escape("..."), ".*")
    assert re.fullmatch(pattern, done.stdout.strip(), re.DOTALL), done.stdout


ENGINES = re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", (DOCS / "engines.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

# Engines that start processes and threads of their own, which would outlive their test.
OF_THEIR_OWN = {"Ray": {"RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0", "RAY_USAGE_STATS_ENABLED": "0"}}
DOCTEST = """
import doctest, sys
example = doctest.DocTestParser().get_doctest(sys.argv[1], {}, "engines.md", "engines.md", 0)
print(doctest.DocTestRunner().run(example))
"""


@pytest.mark.parametrize(("name", "section"), [one for one in ENGINES if "```python" in one[1]], ids=lambda one: one[:6])
def test_an_engine_gives_what_is_shown(name: str, section: str) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'aka-resolver[arrow]'")
    pytest.importorskip(name.lower(), reason=f"{name} is not installed: pip install {name.lower()}")
    (block,) = re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert block.count(">>>") > 3
    if name in OF_THEIR_OWN:
        command = [sys.executable, "-c", DOCTEST, block]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **OF_THEIR_OWN[name]})
        assert done.stdout.splitlines()[-1:] == ["TestResults(failed=0, attempted=6)"], done.stdout + done.stderr
    else:
        example = doctest.DocTestParser().get_doctest(block, {}, "engines.md", "engines.md", 0)
        assert doctest.DocTestRunner().run(example).failed == 0
