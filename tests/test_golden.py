"""The golden names and texts, asked through every door: all doors say the same, and what they say is right.

A single strong case that goes wrong fails. Medium and weak ones, and the texts, are held to shares, since the answers are those of fitted
models: FLOORS are what was measured when the models were last fitted, rounded down to whole percents.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from golden import Case, Text, cases, texts

from aliases import seeds
from aliases.export import jsonl
from resolver import Resolver
from resolver.service import create_app

CASES, TEXTS = cases(), texts()
Answer = tuple[str, float]  # entity id and score; ('', 0) for nothing
Spans = list[tuple[int, int, str]]
FLOORS = {"strong": 1.0, "medium": 0.9, "weak": 0.5}
TEXT_F1 = 0.9


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver.open()


@pytest.fixture(scope="module")
def client(resolver: Resolver) -> FlaskClient:
    return create_app(resolver).test_client()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds, written out as JSON Lines and imported as a list: another generation of the same entities."""
    directory = tmp_path_factory.mktemp("golden")
    with (directory / "seeds.jsonl").open("wb") as file:
        file.writelines(jsonl(sorted(seeds.read(), key=lambda entity: entity.id), list_name="seeds"))
    run(["import", "jsonl", str(directory / "seeds.jsonl"), "--list", "seeds", "--data", str(directory / "data")])
    return directory / "data"


def run(arguments: Sequence[str], stdin: str = "") -> list[str]:
    """Arguments of `aka` -> the lines that it prints."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "aka"), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    assert done.returncode in (0, 1), done.stderr
    return io.StringIO(done.stdout).readlines()


def first(candidates: Sequence[dict[str, object]]) -> Answer:
    return (str(candidates[0]["entity"]["id"]), float(str(candidates[0]["score"]))) if candidates else ("", 0.0)  # type: ignore[index]


def library(resolver: Resolver, case: Case) -> Answer:
    found = resolver.lookup(case.name, types=[case.type] if case.type else None, limit=1)
    return (found[0].entity.id, found[0].score) if found else ("", 0.0)


@pytest.fixture(scope="module")
def answers(resolver: Resolver) -> list[Answer]:
    return [library(resolver, case) for case in CASES]


def test_the_files_are_worth_having() -> None:
    nothings = sum(not case.entity for case in CASES)
    assert len(CASES) >= 300
    assert abs(2 * nothings - len(CASES)) <= 0.1 * len(CASES)
    assert len(TEXTS) >= 40
    assert len({text.lang for text in TEXTS}) >= 6


def test_every_entity_of_the_files_exists(resolver: Resolver) -> None:
    named = {case.entity for case in CASES if case.entity} | {entity for text in TEXTS for _, _, entity in text.mentions}
    assert sorted(name for name in named if resolver.entity(name) is None) == []


@pytest.mark.parametrize("strength", FLOORS)
def test_names_of_that_strength_are_right(answers: list[Answer], strength: str) -> None:
    rows = [(case, answer) for case, answer in zip(CASES, answers, strict=True) if case.strength == strength]
    wrong = [
        f"line {case.line}: {case.name!r} -> {answer}, not {case.entity or 'nothing'}"
        for case, answer in rows
        if answer[0] != case.entity
    ]
    assert 1 - len(wrong) / len(rows) >= FLOORS[strength], "\n".join(wrong)


def spans(resolver: Resolver, text: Text) -> Spans:
    return [(mention.start, mention.end, mention.entity.id) for mention in resolver.mentions(text.text)]


@pytest.fixture(scope="module")
def found(resolver: Resolver) -> list[Spans]:
    return [spans(resolver, text) for text in TEXTS]


def test_texts_are_marked_right(found: list[Spans]) -> None:
    right = sum(len(set(text.mentions) & set(mentions)) for text, mentions in zip(TEXTS, found, strict=True))
    wanted, given = sum(len(text.mentions) for text in TEXTS), sum(map(len, found))
    report = "\n".join(line for text, mentions in zip(TEXTS, found, strict=True) for line in differences(text, mentions))
    assert 2 * right / (wanted + given) >= TEXT_F1, report


def differences(text: Text, mentions: Spans) -> list[str]:
    missed = [f"{text.title}: missed {text.text[s:e]!r} {entity}" for s, e, entity in sorted(set(text.mentions) - set(mentions))]
    false = [f"{text.title}: false {text.text[s:e]!r} {entity}" for s, e, entity in sorted(set(mentions) - set(text.mentions))]
    return missed + false


def test_a_data_directory_made_of_the_seeds_gives_the_same_names(data: Path, answers: list[Answer]) -> None:
    other = Resolver.open(data)
    assert [library(other, case) for case in CASES] == answers


def test_a_data_directory_made_of_the_seeds_gives_the_same_mentions(data: Path, found: list[Spans]) -> None:
    other = Resolver.open(data)
    assert [spans(other, text) for text in TEXTS] == found


def by_type(ask: Callable[[str, list[str]], list[Answer]]) -> list[Answer]:
    """Names are asked in one batch a type, as a user with a table of them would."""
    told: dict[int, Answer] = {}
    for kind in sorted({case.type for case in CASES}):
        places = [place for place, case in enumerate(CASES) if case.type == kind]
        told |= dict(zip(places, ask(kind, [CASES[place].name for place in places]), strict=True))
    return [told[place] for place in range(len(CASES))]


def test_http_gives_the_same_names(client: FlaskClient, answers: list[Answer]) -> None:
    def ask(kind: str, names: list[str]) -> list[Answer]:
        told = []
        for at in range(0, len(names), 50):
            body = {"names": names[at : at + 50], "limit": 1} | ({"types": [kind]} if kind else {})
            response = client.post("/lookup", json=body)
            assert response.status_code == 200, response.text
            told += [first(result["candidates"]) for result in response.json["results"]]
        return told

    assert by_type(ask) == answers


def test_http_gives_the_same_mentions(client: FlaskClient, found: list[Spans]) -> None:
    told = [client.post("/mentions", json={"text": text.text}).json["mentions"] for text in TEXTS]
    assert [[(m["start"], m["end"], m["entity"]["id"]) for m in mentions] for mentions in told] == found


def test_a_stream_of_documents_over_http_gives_the_same_mentions(client: FlaskClient, found: list[Spans]) -> None:
    body = "".join(json.dumps({"id": str(at), "text": text.text}) + "\n" for at, text in enumerate(TEXTS))
    response = client.post("/mentions", data=body, content_type="application/x-ndjson")
    lines = [json.loads(line) for line in response.text.split("\n") if line]
    assert [[(m["start"], m["end"], m["entity"]["id"]) for m in line["mentions"]] for line in lines] == found


def test_the_command_line_gives_the_same_names(answers: list[Answer]) -> None:
    def ask(kind: str, names: list[str]) -> list[Answer]:
        lines = run(["lookup", "--json", "--limit", "1", *(["--type", kind] if kind else []), "--", *names])
        return [first(json.loads(line)["candidates"]) for line in lines]

    assert by_type(ask) == answers


def test_json_lines_through_the_command_line_give_the_same_mentions(found: list[Spans]) -> None:
    lines = run(["mentions", "--jsonl"], "".join(json.dumps({"text": text.text}) + "\n" for text in TEXTS))
    told = [json.loads(line)["mentions"] for line in lines]
    assert [[(m["start"], m["end"], m["entity"]["id"]) for m in mentions] for mentions in told] == found
