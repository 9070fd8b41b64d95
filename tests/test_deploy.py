"""What is shipped to run the service elsewhere is sound: Dockerfile, compose file, systemd unit, and the settings they give."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest

from resolver.settings import Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"


def tool(name: str) -> str:
    """Name of a checker -> where it is: beside this Python, or on the path; a skip that says so where there is none."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed, so what it checks is not checked")
    return found


def checked(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dockerfile_is_clean():
    # DL3008: Debian's own compiler, of whatever version the base image has; it stays in the first stage.
    checked(tool("hadolint"), "--ignore", "DL3008", "deploy/Dockerfile")


def test_the_compose_file_is_of_its_schema():
    checked(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "deploy/compose.yaml")


def test_the_unit_is_clean(tmp_path):
    analyze = tool("systemd-analyze")
    unit = (DEPLOY / "aka.service").read_text("utf-8").replace("/opt/aka/bin/aka", sys.executable)
    (tmp_path / "aka.service").write_text(unit, "utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(tmp_path / "aka.service")], capture_output=True, text=True, check=False
    )
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "aka.service" in line]
    assert ours == []


def test_the_container_is_not_root_and_its_root_cannot_be_written():
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert re.findall(r"^USER (.*)$", dockerfile, re.MULTILINE) == ["10001:10001"]
    assert "HEALTHCHECK" in dockerfile
    compose = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert "read_only: true" in compose
    assert "cap_drop: [ALL]" in compose
    assert "127.0.0.1:8080:8080" in compose


def test_variables_and_flags_that_are_given_exist():
    text = "".join(path.read_text("utf-8") for path in DEPLOY.iterdir())
    known = {f"AKA_{name.upper()}" for name in Settings.__struct_fields__} | {"AKA_CACHE", "AKA_COMPILE"}
    assert set(re.findall(r"AKA_[A-Z]+", text)) <= known
    flags = set(re.findall(r"--([a-z-]+) ", (DEPLOY / "aka.service").read_text("utf-8")))
    assert flags <= {name.replace("_", "-") for name in (*Settings.__struct_fields__, "config")}


def test_the_container_is_built_from_packages_whose_every_file_is_known():
    locked = (DEPLOY / "requirements.txt").read_text("utf-8")
    packages = re.findall(r"^([a-z0-9-]+)==\S+.*\\\n((?: +--hash=sha256:[0-9a-f]{64}.*\n)+)", locked, re.MULTILINE)
    names = {re.sub(r"[-_.]+", "-", name) for name, _ in packages}
    assert len(packages) == len(re.findall(r"^[^\s#]", locked, re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    assert {re.match(r"[A-Za-z0-9-]+", one)[0].lower() for one in wanted} <= names
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert re.findall(r"pip install (.*)$", dockerfile, re.MULTILINE) == [
        "--require-hashes -r deploy/requirements.txt", "--no-deps --no-build-isolation .",
    ]  # fmt: skip


def test_what_the_lock_is_made_from_is_what_the_build_wants():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lines = (DEPLOY / "build.in").read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == project["build-system"]["requires"]


def test_the_settings_shown_on_operation_are_settings():
    page = (ROOT / "docs" / "operation.md").read_text("utf-8")
    [shown] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert msgspec.convert(tomllib.loads(shown), Settings)
    for name in Settings.__struct_fields__:
        assert f"`{name}`" in page, f"docs/operation.md does not say what `{name}` is"
