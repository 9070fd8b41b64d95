"""What several test files share: one compiled generation of the shipped seeds, and a guard against stale compiled modules."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from resolver.hot import HOT

# Where many are judged by one run, the same examples are tried in every run; elsewhere new ones are.
settings.register_profile("same", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("same")

ROOT = Path(__file__).parent.parent


def stale() -> list[str]:
    """-> compiled modules that are older than their source: they would be tested in its place."""
    found = []
    for name in HOT:
        spec = importlib.util.find_spec(name)
        source = ROOT / f"{name.replace('.', '/')}.py"
        if (
            spec
            and spec.origin
            and spec.origin.endswith((".so", ".pyd"))
            and Path(spec.origin).stat().st_mtime < source.stat().st_mtime
        ):
            found.append(name)
    return found


def pytest_configure(config: pytest.Config) -> None:
    if stale():
        pytest.exit(
            f"compiled modules are older than their sources ({' '.join(stale())}): run `pip install -e '.[test]'` again", 1
        )


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The seeds are compiled once for the whole run, into a directory of its own."""
    directory = tmp_path_factory.mktemp("cache")
    before = os.environ.get("AKA_CACHE")
    os.environ["AKA_CACHE"] = str(directory)
    yield directory
    os.environ.pop("AKA_CACHE") if before is None else os.environ.update(AKA_CACHE=before)
