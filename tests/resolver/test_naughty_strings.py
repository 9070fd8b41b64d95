"""Strings that programs stumble over (tests/naughty.jsonl), everywhere a string can be given: answered or refused, and never obeyed."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from aliases import sources
from aliases.entity import Entity
from aliases.errors import AkaError, Problem
from resolver.compiling import compile_generation
from resolver.index import Index
from resolver.resolve import Resolver
from resolver.service import create_app
from tests.fuzz import targets

ROOT = Path(__file__).parents[1]
STRINGS = [json.loads(line) for line in (ROOT / "naughty.jsonl").read_text("utf-8").split("\n") if line]
LONGEST = 512


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A service over three entities, matched in earnest."""
    directory = tmp_path_factory.mktemp("naughty") / "generation"
    entities = (
        Entity("evil", "other", "<script>alert(1)</script>"),
        Entity("null", "person", "Jennifer Null"),
        Entity("raqqa", "place", "Raqqa"),
    )
    compile_generation(entities, directory)
    return create_app(Resolver(Index.open(directory))).test_client()


class _Tags(HTMLParser):
    """The scripts of a page that are none of its own, and handlers in its elements."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = dict(attrs).get("src") or dict(attrs).get("href") or ""
        if tag in ("script", "img", "iframe", "svg") and not source.startswith("/static/"):
            self.foreign.append(tag)
        self.foreign += [name for name, _ in attrs if name.startswith("on")]
        if source.lower().lstrip().startswith(("javascript:", "data:")):
            self.foreign.append(source)


def foreign(page: str) -> list[str]:
    parser = _Tags()
    parser.feed(page)
    parser.close()
    return parser.foreign


def test_as_a_name_each_comes_back_as_it_was_sent(client):
    for name in STRINGS:
        answer = client.get(f"/lookup?name={quote(name)}")
        assert answer.status_code == (200 if name.strip() and len(name) <= LONGEST else 422), ascii(name)
        if answer.status_code == 200:
            assert answer.json["name"] == name
        else:
            assert answer.mimetype == "application/problem+json"


def test_as_many_names_they_come_back_in_their_order(client):
    names = [name for name in STRINGS if name.strip() and len(name) <= LONGEST]
    assert [one["name"] for one in client.post("/lookup", json={"names": names}).json["results"]] == names


def test_as_a_text_each_has_mentions_where_they_stand(client):
    for text in STRINGS:
        answer = client.post("/mentions", json={"text": f"{text} Raqqa {text}", "min_score": 0})
        assert answer.status_code == 200, ascii(text)
        for found in answer.json["mentions"]:
            assert f"{text} Raqqa {text}"[found["start"] : found["end"]] == found["surface"]


def test_as_documents_they_come_back_under_their_ids(client):
    documents = [{"id": name, "text": name} for name in STRINGS if len(name) <= LONGEST]
    answer = client.post("/mentions", json={"documents": documents})
    assert [one["id"] for one in answer.json["documents"]] == [one["id"] for one in documents]


@pytest.mark.parametrize("path", ["/entities/{}", "/lists/{}/history", "/suggestions/{}", "/yente/entities/{}"])
def test_as_an_id_none_is_found_and_none_leads_elsewhere(client, path):
    for name in STRINGS:
        if name in ("null", ".", ".."):  # an entity of ours; what every client takes out of a path
            continue
        answer = client.get(path.format(quote(name, safe="")))
        assert 400 <= answer.status_code < 500, (answer.status_code, ascii(name))
        assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/entities?q={}", "/name?name={}", "/reconcile/suggest/entity?prefix={}", "/yente/search/default?q={}"]
)
def test_as_a_query_none_is_a_failure_of_the_service(client, path):
    for name in STRINGS:
        answer = client.get(path.format(quote(name)))
        assert answer.status_code in (200, 400, 422), (answer.status_code, ascii(name))


def test_as_a_header_none_breaks_out_of_it(client):
    for name in STRINGS:
        if name.isprintable() and name.isascii():
            answer = client.get("/healthz", headers={"X-Request-Id": name, "Accept-Language": name})
            assert answer.status_code == 200
            assert len(answer.headers.getlist("X-Request-Id")) == 1


def test_on_the_pages_each_is_text(client):
    for name in STRINGS:
        assert foreign(client.get(f"/name?name={quote(name)}").text) == [], ascii(name)
    targets._client.cache_clear()
    for name in STRINGS:
        targets.highlight(name.encode())


def test_in_a_list_each_is_kept_as_it_is_or_refused_with_its_line(tmp_path):
    for number, name in enumerate(STRINGS):
        path = tmp_path / f"{number}.jsonl"
        path.write_text(json.dumps({"id": "a", "type": "other", "name": "Something", "aliases": [name]}) + "\n")
        kept, refused = read(path)
        assert kept in ([name], []), ascii(name)
        assert kept or "line 1" in refused, ascii(name)


def read(path: Path) -> tuple[list[str], str]:
    """File of one entity -> its aliases, and what was said against it."""
    try:
        found = list(sources.read("jsonl", path))
    except AkaError as error:
        return [], " ".join([error.detail, *(f"{one.pointer} {one.detail}" for one in error.problems)])
    aliases = [alias.form for one in found if isinstance(one, Entity) for alias in one.aliases]
    return aliases, " ".join(f"{one.pointer} {one.detail}" for one in found if isinstance(one, Problem))
