"""What is checked of the packages that the container is built from, before a release."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "deploy" / "requirements.txt").read_text("utf-8")
SCRIPT = (ROOT / ".ci" / "supply").read_text("utf-8")


@pytest.fixture(scope="module")
def bill() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bill", ROOT / ".ci" / "bill.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def good(bill) -> dict[str, Any]:
    """A bill of just what is locked."""
    licences = [{"license": {"id": "MIT"}}]
    parts = [
        {"name": name.replace("-", "_").title(), "version": version, "licenses": licences}
        for name, version in bill.locked(LOCK).items()
    ]
    return {"metadata": {"component": {"name": "aka-resolver", "licenses": licences}}, "components": parts}


def test_every_package_is_read_from_the_lock(bill):
    assert set(bill.locked(LOCK)) == {bill.plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", LOCK, re.MULTILINE)}


def test_a_package_that_is_locked_for_another_python_is_not_wanted_here(bill):
    assert bill.locked("old==1 ; python_full_version < '3' \\\nnew==2.1 ; python_full_version >= '3' \\\nAny_One==3 \\\n") == {
        "new": "2.1",
        "any-one": "3",
    }


def test_a_bill_of_what_is_locked_is_right(bill, good):
    assert bill.wrong(good, bill.locked(LOCK)) == []


def test_every_file_of_seeds_is_in_the_bill_with_the_licence_that_it_names(bill, good):
    found = bill.seeds(ROOT / "seeds")
    assert [one["name"] for one in found] == [f"seeds/{path.name}" for path in sorted((ROOT / "seeds").glob("*.toml"))]
    assert {one["licenses"][0]["expression"].split(" ")[0] for one in found} == {"CC0-1.0"}
    assert bill.wrong({**good, "components": good["components"] + found}, bill.locked(LOCK)) == []


def test_a_package_that_is_not_locked_or_of_another_version_or_missing_or_without_a_licence_is_told(bill, good):
    found = deepcopy(good)
    first, second, third, *_ = found["components"]
    second["version"] = "0.0.1"
    third["licenses"] = []
    found["components"] = [{**first, "name": "left-pad", "version": "1"}, *found["components"][1:]]
    del found["metadata"]["component"]["licenses"]
    name, other, bare = (bill.plain(one["name"]) for one in (first, second, third))
    assert bill.wrong(found, bill.locked(LOCK)) == [
        *sorted([f"{other} 0.0.1 is installed and not locked", "left-pad 1 is installed and not locked"]),
        *sorted(f"{one} {bill.locked(LOCK)[one]} is locked and not installed" for one in (name, other)),
        f"{bare} says no licence: read it, and write it down in .ci/bill.py",
        "the bill does not say the licence of aka",
    ]


def test_the_script_installs_what_the_container_does_and_lets_no_package_pass_that_nobody_looked_up():
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "supply"], check=False).returncode == 0
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    installed = re.findall(r"aka/bin/pip install (.*)$", dockerfile, re.MULTILINE)
    assert re.findall(r'aka/bin/pip" install -q (.*)$', SCRIPT, re.MULTILINE) == installed
    assert 'pip-audit" --strict --disable-pip --require-hashes -r deploy/requirements.txt' in SCRIPT
