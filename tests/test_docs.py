"""The README cannot lie: every block of it is run, and what it shows is what comes out."""

import doctest
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SETUP = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line.startswith("python3 -m venv")]
CURLS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line.startswith("curl")]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "seeds", directory / "seeds")
    return directory


def environment() -> dict[str, str]:
    commands = str(Path(sys.executable).parent)
    return os.environ | {"PATH": commands + os.pathsep + os.environ["PATH"], "PYTHONUTF8": "1"}


def test_every_block_is_of_a_kind_that_is_run() -> None:
    assert {kind for kind, _ in BLOCKS} == {"sh", "console", "python", ""}
    shell_lines = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
    assert sorted(shell_lines) == sorted(SETUP + CURLS)


def sessions() -> Iterator[tuple[str, str]]:
    """Commands of the console blocks, each with the output that is shown for it."""
    for kind, block in BLOCKS:
        if kind == "console":
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                if "<<'END'\n" in part:
                    yield part, ""
                else:
                    command, _, output = part.partition("\n")
                    yield command, output


def test_what_the_console_shows_is_what_comes_out(workplace: Path) -> None:
    for command, shown in sessions():
        done = subprocess.run(
            ["bash", "-c", command], cwd=workplace, env=environment(), capture_output=True, text=True, check=False
        )
        pattern = re.escape(shown.strip()).replace(re.escape("..."), ".*")
        assert re.fullmatch(pattern, done.stdout.strip(), re.DOTALL), f"$ {command}\n{done.stdout}{done.stderr}"
        assert done.returncode == 0


def needs(block: str) -> str:
    """Block of Python -> the extra package that it imports, '' for none."""
    return next((extra for extra in ("spacy", "pyarrow") if f"import {extra}" in block), "")


@pytest.mark.parametrize("extra", ["", "spacy", "pyarrow"])
def test_what_the_interpreter_shows_is_what_comes_out(extra: str) -> None:
    if extra:
        pytest.importorskip(extra, reason=f"{extra} is not installed, so the README's block on it cannot be run")
    if extra == "spacy" and "aka" not in entry_points(group="spacy_factories").names:
        pytest.skip("aka was installed before it had the spaCy component: run `pip install -e '.[test]'` again")
    blocks = [block for kind, block in BLOCKS if kind == "python" and needs(block) == extra]
    text = "\n".join(blocks)
    example = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
    assert example.examples
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example).failed == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_what_is_asked_over_http_is_answered() -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed, so the README's curl lines cannot be run")
    port = free_port()
    with subprocess.Popen(["aka", "serve", "--port", str(port)], env=environment(), stderr=subprocess.DEVNULL) as service:
        try:
            retry = "curl -s --retry 60 --retry-connrefused --retry-delay 1 "
            answers = [
                subprocess.run(
                    ["bash", "-c", line.replace("curl -s ", retry).replace("8080", str(port))],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                for line in CURLS
            ]
        finally:
            service.terminate()
    assert '"surface":"Deir az-Zur"' in answers[0].stdout.replace(": ", ":")
    assert '"deir-ez-zor"' in answers[1].stdout
    assert '"match":true' in answers[2].stdout
    assert '"islamic-state"' in answers[3].stdout


def test_the_setup_lines_are_those_that_the_project_promises() -> None:
    assert len(SETUP) == 2
    assert SETUP[0].endswith("aka serve")
    assert SETUP[1].endswith("pytest")


def links() -> list[str]:
    return re.findall(r"\]\(([^)#]+)\)", README)


@pytest.mark.parametrize("link", [link for link in links() if not link.startswith("http")])
def test_a_link_into_the_project_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
