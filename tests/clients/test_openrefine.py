"""OpenRefine itself, without a window: it reconciles a column against the service, guesses its type and fetches values."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.conftest import ready

requests = pytest.importorskip("requests", reason="requests is not installed: pip install 'aka-resolver[test]'")

if shutil.which("openrefine") is None or shutil.which("java") is None:
    pytest.skip("OpenRefine is not installed: apt-get install openrefine", allow_module_level=True)

TABLE = "name,country\nDeir az-Zur,Syria\nDayr az-Zawr,SY\nالرقة,Syria\nNobody At All Here,\nTripoli,Lebanon\n"
ENGINE = {"facets": [], "mode": "row-based"}


class OpenRefine:
    """Its HTTP commands, as its own pages send them."""

    def __init__(self, address: str) -> None:
        self.address = f"{address}/command/core/"
        self.session = requests.Session()

    def post(self, command: str, *, query: dict[str, Any], data: Any = None, files: Any = None) -> Any:
        token = self.session.get(self.address + "get-csrf-token").json()["token"]
        answer = self.session.post(self.address + command, params={**query, "csrf_token": token}, data=data, files=files)
        assert answer.status_code == 200, answer.text
        return answer

    def project(self, table: str) -> str:
        files = {"project-file": ("names.csv", table.encode(), "text/csv")}
        options = {"encoding": "UTF-8", "separator": ",", "headerLines": 1, "guessCellValueTypes": False}
        answer = self.post(
            "create-project-from-upload",
            query={"project-name": "names", "format": "text/line-based/*sv", "options": json.dumps(options)},
            files=files,
        )
        return answer.url.rpartition("project=")[2]

    def apply(self, project: str, **operation: Any) -> None:
        """Project and an operation -> done, and everything that it set going ended."""
        operations = json.dumps([{**operation, "engineConfig": ENGINE}])
        answer = self.post("apply-operations", query={"project": project}, data={"operations": operations}).json()
        assert answer["code"] in ("ok", "pending"), answer
        end = time.monotonic() + 120
        while self.session.get(self.address + "get-processes", params={"project": project}).json()["processes"]:
            assert time.monotonic() < end, "OpenRefine is still at it after two minutes"
            time.sleep(0.05)

    def rows(self, project: str) -> list[list[dict[str, Any] | None]]:
        query = {"project": project, "start": 0, "limit": 100}
        answer = self.post("get-rows", query=query, data={"engine": json.dumps(ENGINE)}).json()
        return [row["cells"] for row in answer["rows"]]

    def recon(self, project: str, row: int) -> dict[str, Any]:
        """Project and row -> what its first cell was reconciled to."""
        query = {"project": project, "start": 0, "limit": 100}
        answer = self.post("get-rows", query=query, data={"engine": json.dumps(ENGINE)}).json()
        return answer["pool"]["recons"][str(answer["rows"][row]["cells"][0]["r"])]

    def export(self, project: str) -> list[dict[str, str]]:
        data = {"project": project, "format": "csv", "engine": json.dumps(ENGINE)}
        answer = self.post("export-rows/names.csv", query={}, data=data)
        return list(csv.DictReader(io.StringIO(answer.content.decode())))


@pytest.fixture(scope="module")
def refine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRefine]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("openrefine")
    environment = {**os.environ, "JAVA_OPTIONS": "-Drefine.headless=true", "HOME": str(home)}
    command = ["openrefine", "-p", str(port), "-i", "127.0.0.1", "-d", str(home / "projects"), "-m", "512M"]
    (home / "projects").mkdir()
    with (home / "log").open("wb") as log:
        started = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        try:
            ready(f"http://127.0.0.1:{port}", path="/command/core/get-version")
            yield OpenRefine(f"http://127.0.0.1:{port}")
        finally:
            os.killpg(started.pid, signal.SIGKILL)  # the script that starts it leaves its Java behind
            started.wait(60)


@pytest.fixture(scope="module")
def reconciled(refine: OpenRefine, service: str) -> tuple[OpenRefine, str, str]:
    """A project whose names were reconciled -> OpenRefine, its id, the address of the service in it."""
    address = f"{service}/reconcile"
    manifest = requests.get(address).json()
    project = refine.project(TABLE)
    config = {
        "mode": "standard-service", "service": address, "identifierSpace": manifest["identifierSpace"],
        "schemaSpace": manifest["schemaSpace"], "type": {"id": "place", "name": "Place"}, "autoMatch": True, "limit": 0,
        "columnDetails": [{"column": "country", "propertyName": "Country", "propertyID": "country"}],
    }  # fmt: skip
    refine.apply(project, op="core/recon", columnName="name", config=config)
    return refine, project, address


def test_names_are_reconciled_in_every_spelling_and_what_is_sure_is_matched(reconciled: tuple[OpenRefine, str, str]) -> None:
    refine, project, _ = reconciled
    recons = [refine.recon(project, row) for row in range(5)]
    assert [recon["j"] for recon in recons] == ["matched", "matched", "matched", "none", "matched"]
    matched = [recon["m"]["id"] for recon in recons if recon["j"] == "matched"]
    assert matched[:3] == ["deir-ez-zor", "deir-ez-zor", "raqqa"]
    assert recons[0]["m"]["name"] == "Deir ez-Zor"
    assert recons[0]["m"]["types"] == ["place"]
    assert recons[0]["m"]["score"] >= 90


def test_a_column_beside_it_decides_between_namesakes(reconciled: tuple[OpenRefine, str, str]) -> None:
    refine, project, address = reconciled
    tripoli = refine.recon(project, 4)["m"]["id"]
    answer = requests.post(address, data={"queries": json.dumps({"q0": {"query": "Tripoli", "type": "place"}})}).json()
    assert len(answer["q0"]["result"]) > 1
    extend = {"ids": [tripoli], "properties": [{"id": "country"}]}
    (country,) = requests.post(address, data={"extend": json.dumps(extend)}).json()["rows"][tripoli]["country"]
    assert country == {"str": "LB"}


def test_the_type_of_a_column_is_guessed(reconciled: tuple[OpenRefine, str, str]) -> None:
    refine, project, address = reconciled
    query = {"project": project, "columnName": "name", "service": address}
    guessed = refine.post("guess-types-of-column", query=query).json()
    assert guessed["code"] == "ok"
    best = max(guessed["types"], key=lambda guess: guess["score"])
    assert (best["id"], best["name"]) == ("place", "Place")


def test_values_are_fetched_into_new_columns(reconciled: tuple[OpenRefine, str, str]) -> None:
    refine, project, address = reconciled
    wanted = {"properties": [{"id": "type", "name": "Type"}, {"id": "country", "name": "Country"}]}
    query = {"project": project, "columnName": "name"}
    data = {"extension": json.dumps(wanted), "rowIndices": "[0, 3]"}
    previewed = refine.post("preview-extend-data", query=query, data=data).json()
    assert previewed["code"] == "ok", previewed
    assert previewed["rows"] == [["Deir ez-Zor", "place", "SY"], ["<not reconciled>"]]
    manifest = requests.get(address).json()
    refine.apply(
        project, op="core/extend-reconciled-data", baseColumnName="name", endpoint=address, extension=wanted,
        identifierSpace=manifest["identifierSpace"], schemaSpace=manifest["schemaSpace"], columnInsertIndex=1,
    )  # fmt: skip
    found = refine.export(project)
    assert [row["name"] for row in found][:2] == ["Deir ez-Zor", "Deir ez-Zor"]
    assert [(row["Type"], row["Country"]) for row in found] == [
        ("place", "SY"), ("place", "SY"), ("place", "SY"), ("", ""), ("place", "LB"),
    ]  # fmt: skip
