"""The same question has the same answer, byte for byte: whatever the hash seed, the worker, and however often the service was started."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.resolver.served import ROOT, serving

LIST = [
    {"id": "deir-ez-zor", "type": "place", "name": "Deir ez-Zor", "aliases": ["Deir al-Zor", "دير الزور", "Дейр-эз-Зор"]},
    {"id": "soleimani", "type": "person", "name": "Qassem Soleimani", "aliases": ["قاسم سليماني"], "properties": {"country": "IR"}},
    {"id": "solaimani", "type": "person", "name": "Qasim Sulaimani al-Hasan", "aliases": ["Q. Soleimani"]},
    {"id": "islamic-state", "type": "organization", "name": "Islamic State", "aliases": [{"form": "ISIS", "kind": "acronym"}]},
    *({"id": f"abu-{n}", "type": "place", "name": f"Tell Abu {name}"} for n, name in enumerate(("Kamal", "Kemal", "Jamal", "Hamal"))),
]  # fmt: skip
TEXT = "Qasem Soleimani went from Dayr az-Zawr to Tall Abu Kamal; ISIS did not. قاسم سلیمانی في دير الزور. " * 3
JSON = "application/json"
QUESTIONS: list[tuple[str, str, str, str]] = [
    ("GET", "/lookup?name=Ghasem+Soleymani&min_score=0&limit=20", "", ""),
    ("GET", "/lookup?name=Abu+Kamal&min_score=0&limit=20", "", ""),
    ("GET", "/entities", "", ""),
    ("GET", "/entities/soleimani", "", ""),
    ("GET", "/openapi.json", "", ""),
    ("GET", "/reconcile/suggest/entity?prefix=Tell", "", ""),
    ("GET", "/yente/search/default?q=Soleimani", "", ""),
    ("GET", "/name?name=Soleimani", "", ""),
    ("POST", "/lookup", JSON, json.dumps({"names": ["Dayr az Zawr", "ISIS", "Tel Abou Kamal"], "min_score": 0})),
    ("POST", "/mentions", JSON, json.dumps({"text": TEXT, "min_score": 0, "overlaps": "all", "offsets": "utf16"})),
    ("POST", "/mentions", JSON, json.dumps({"documents": [{"id": n, "text": TEXT[n:]} for n in range(5)]})),
    ("POST", "/mentions", "application/x-ndjson", "".join(json.dumps({"id": n, "text": TEXT[n:]}) + "\n" for n in range(5))),
    ("POST", "/yente/match/default", JSON, json.dumps({"queries": {"a": {"schema": "Person", "properties": {"name": ["Soleimani"]}}}})),
    ("POST", "/mentions", JSON, '{"text": 5, "types": ["town"]}'),
]  # fmt: skip


def asked(address: str) -> list[bytes]:
    """Service -> the bodies of its answers, each question on a connection of its own, so that every worker is asked."""
    answers = []
    for method, path, content_type, body in QUESTIONS:
        with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=600)) as connection:
            connection.request(method, path, body.encode() or None, {"Content-Type": content_type} if content_type else {})
            answers.append(connection.getresponse().read())
    return answers


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory, imported twice under different hash seeds: the generations have the same id and the same bytes."""
    folder = tmp_path_factory.mktemp("same")
    (folder / "list.jsonl").write_text("".join(json.dumps(entity) + "\n" for entity in LIST))
    for seed in ("0", "4242"):
        command = [sys.executable, "-c", "from resolver.cli import main; main()", "import", "jsonl", str(folder / "list.jsonl")]
        subprocess.run(
            [*command, "--list", "test", "--data", str(folder / seed)], cwd=ROOT, check=True, capture_output=True,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
    return folder


def test_a_list_compiles_to_the_same_bytes_whatever_the_hash_seed(data: Path) -> None:
    one, other = (next((data / seed / "generations").iterdir()) for seed in ("0", "4242"))
    assert one.name == other.name
    for name in ("arrays.bin", "manifest.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_answers_are_the_same_over_hash_seeds_workers_and_restarts(data: Path) -> None:
    """Sixteen times each under four workers, so that each of them is all but sure to have been asked."""
    with serving(data / "0", seed="0", workers=1) as (address, _):
        first = asked(address)
    assert all(first)
    with serving(data / "4242", seed="1", workers=4) as (address, _), ThreadPoolExecutor(8) as threads:
        several = list(threads.map(lambda _: asked(address), range(16)))
    with serving(data / "0", seed="random", workers=1) as (address, _):
        again = asked(address)
    for answers in (*several, again):
        for question, one, other in zip(QUESTIONS, first, answers, strict=True):
            assert one == other, question
