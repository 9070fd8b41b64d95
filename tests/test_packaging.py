"""What is shipped works where it lands: wheel and sdist hold seeds and weights, and a bare environment needs nothing else."""

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the project keeps, without what earlier builds left beside them."""
    directory = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout, so the files that are kept cannot be told from those that a build left")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_bytes((ROOT / name).read_bytes())
    return directory


@pytest.fixture(scope="module")
def built(checkout: Path) -> dict[str, Path]:
    """Source distribution, and the wheel made from it without a compiler."""
    run([sys.executable, "-m", "build", "--outdir", "dist"], cwd=checkout, env=os.environ | {"AKA_COMPILE": "never"})
    return {path.suffix: path for path in (checkout / "dist").iterdir()}


def run(command: list[str], **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


def test_the_wheel_holds_seeds_weights_and_templates(built: dict[str, Path]) -> None:
    names = set(zipfile.ZipFile(built[".whl"]).namelist())
    seeds = {f"aliases/_seeds/{path.name}" for path in (ROOT / "seeds").glob("*.toml")}
    data = {f"resolver/weights/{path.name}" for path in (ROOT / "resolver" / "weights").glob("*")}
    pages = {
        f"resolver/web/{path.relative_to(ROOT / 'resolver' / 'web')}"
        for path in (ROOT / "resolver" / "web").rglob("*")
        if path.suffix in (".html", ".css")
    }
    words = {f"aliases/{path.name}" for path in (ROOT / "aliases").glob("*.txt")}
    assert seeds | data | pages | words <= names


def test_without_a_compiler_the_wheel_is_for_every_machine(built: dict[str, Path]) -> None:
    assert built[".whl"].name.endswith("-py3-none-any.whl")


def test_the_source_distribution_holds_what_a_build_needs(built: dict[str, Path]) -> None:
    with tarfile.open(built[".gz"]) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert {"pyproject.toml", "setup.py", "LICENSE", "README.md", "seeds/countries.toml", "resolver/scan.py"} <= names


def test_a_bare_environment_installs_the_wheel_and_answers(built: dict[str, Path], tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=True)
    commands = tmp_path / "bare" / ("Scripts" if os.name == "nt" else "bin")
    environment = os.environ | {"AKA_CACHE": str(tmp_path / "cache")}
    run([str(commands / "python"), "-m", "pip", "install", "--quiet", str(built[".whl"])])
    answer = run([str(commands / "aka"), "lookup", "Dayr az-Zawr", "--json"], cwd=tmp_path, env=environment)
    assert '"deir-ez-zor"' in answer
    assert "interpreted" in run([str(commands / "aka"), "version"], cwd=tmp_path, env=environment)
