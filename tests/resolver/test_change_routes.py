"""Changes over HTTP: only with a token that may write, all or nothing, noted with who made them, and answered at the next look-up."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from aliases import corrections
from aliases.entity import Entity
from aliases.errors import DiskError, GuardError
from aliases.store import FILE, Store
from resolver import Resolver, budget, by_hand, judging, publish
from resolver.access import Access
from resolver.credentials import Tokens
from resolver.disk import Disk
from resolver.service import create_app

LIST = "id,name,type\na,Samir Al-Mithal,person\nb,Karim Hassoun,person\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "list.csv").write_text(LIST)
    publish.import_list(tmp_path / "data", format="csv", file=tmp_path / "list.csv", list_name="mine")
    return tmp_path / "data"


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "tokens.json")


@pytest.fixture
def client(data: Path, tokens: Tokens) -> FlaskClient:
    return create_app(lambda: Resolver.open(data), rules=Access(tokens)).test_client()


@pytest.fixture
def writer(tokens: Tokens) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.create('writer', scope='write')}"}


def test_a_list_is_sent_in_as_a_version_of_it(client: FlaskClient, data: Path, writer: dict[str, str]) -> None:
    """The same again is unchanged; who sent it is its source."""
    body = b'{"id": "z", "name": "Zeta Group"}\n'
    answer = client.post("/lists/sent", data=body, content_type="application/x-ndjson", headers=writer)
    assert (answer.status_code, answer.json["version"], answer.json["entities"]) == (200, 1, 1)
    assert client.post("/lists/sent", data=body, headers=writer).json["unchanged"]
    with Store.open(data / FILE) as store:
        assert store.versions("sent")[0].source == "sent by token:writer"
    assert client.post("/lists/mine?format=csv", data=LIST.encode(), headers=writer).json["unchanged"]
    assert [found.entity.id for found in Resolver.open(data).lookup("Zeta Group")] == ["z"]


def test_an_entity_is_corrected(client: FlaskClient, data: Path, writer: dict[str, str]) -> None:
    """All that one request wants, with one compilation."""
    body = {"add": [{"form": "Abu Mithal", "kind": "weak"}], "set": {"country": "SY", "name": "Samir al-Mithal"}, "note": "seen"}
    answer = client.patch("/entities/a", json=body, headers=writer)
    assert answer.status_code == 200
    assert [one["action"] for one in answer.json["corrections"]] == ["add", "set", "set"]
    entity = Resolver.open(data).entity("a")
    assert entity is not None
    assert (entity.name, entity.properties["country"], entity.aliases[-1].source) == (
        "Samir al-Mithal",
        "SY",
        "by hand: token:writer",
    )
    with Store.open(data / FILE) as store:
        assert {entry.who for entry in store.audit(entity="a")} == {"token:writer"}


NEW = {"name": "Zeta Group", "type": "organization", "aliases": ["ZG Holding", {"form": "مجموعة زيتا", "kind": "native", "lang": "ar"}],
       "properties": {"country": "LB"}, "note": "from the register"}  # fmt: skip


def test_an_entity_that_no_list_has_is_put_on_a_list_by_hand(client: FlaskClient, data: Path, writer: dict[str, str]) -> None:
    """One after the other; each is found, and the list has a history like any other."""
    answer = client.put("/entities/z", json=NEW, headers=writer)
    assert (answer.status_code, answer.json["created"], answer.json["corrections"]) == (200, True, [])
    assert client.put("/entities/y", json={"name": "Ypsilon Trust"}, headers=writer).json["created"]
    resolver = Resolver.open(data)
    entity = resolver.entity("z")
    assert entity is not None
    assert (entity.name, entity.type, entity.lists, entity.properties) == (
        "Zeta Group",
        "organization",
        ("by-hand",),
        {"country": "LB"},
    )
    assert [(one.form, one.kind, one.source) for one in entity.aliases] == [
        ("ZG Holding", "alias", "by hand: token:writer"), ("مجموعة زيتا", "native", "by hand: token:writer"),
    ]  # fmt: skip
    assert [found.entity.id for found in resolver.lookup("Ypsilon Trust")] == ["y"]
    with Store.open(data / FILE) as store:
        assert [version.source for version in store.versions("by-hand")] == [
            "by hand: token:writer: from the register", "by hand: token:writer",
        ]  # fmt: skip


def test_an_entity_that_a_list_has_becomes_what_is_put(client: FlaskClient, data: Path, writer: dict[str, str]) -> None:
    """Name, type, names and properties, over the next version of its list too; the same again changes nothing."""
    body = {**NEW, "properties": {"country": "LB", "birth_date": None}}
    answer = client.put("/entities/a", json=body, headers=writer)
    assert (answer.status_code, answer.json["created"]) == (200, False)
    assert client.put("/entities/a", json=body, headers=writer).json["corrections"] == []
    client.post("/lists/mine?format=csv&force=1", data=LIST.replace("Karim", "Kareem").encode(), headers=writer)
    entity = Resolver.open(data).entity("a")
    assert entity is not None
    assert (entity.name, entity.type, entity.lists, entity.properties) == (
        "Zeta Group",
        "organization",
        ("mine",),
        {"country": "LB"},
    )
    assert sorted(one.form for one in entity.aliases) == ["ZG Holding", "مجموعة زيتا"]
    again = client.put("/entities/a", json={"name": "Samir Al-Mithal", "type": "person"}, headers=writer)
    assert {one["action"] for one in again.json["corrections"]} == {"set", "drop"}
    assert (entity := Resolver.open(data).entity("a")) is not None
    assert (entity.name, entity.aliases, entity.properties) == ("Samir Al-Mithal", (), {})


def test_a_removed_entity_is_not_found_until_it_is_put_again(client: FlaskClient, data: Path, writer: dict[str, str]) -> None:
    """Not after a new version of its list either; removing it twice is refused."""
    assert client.get("/entities/a").status_code == 200
    assert client.delete("/entities/a?note=closed", headers=writer).json["corrections"][0]["note"] == "closed"
    client.post("/lists/mine?format=csv&force=1", data=LIST.replace("Karim", "Kareem").encode(), headers=writer)
    assert Resolver.open(data).entity("a") is None
    assert Resolver.open(data).lookup("Samir Al-Mithal", min_score=0.9) == []
    assert client.delete("/entities/a", headers=writer).status_code == 404
    assert client.put("/entities/a", json={"name": "Samir Al-Mithal", "type": "person"}, headers=writer).status_code == 200
    assert [found.entity.id for found in Resolver.open(data).lookup("Samir Al-Mithal")] == ["a"]


def test_the_last_entity_can_be_removed_and_one_of_two_that_are_one(
    client: FlaskClient, data: Path, writer: dict[str, str]
) -> None:
    """What is left is served."""
    client.post("/judgements", json={"keep": "a", "others": ["b"]}, headers=writer)
    client.delete("/entities/a", headers=writer)
    resolver = Resolver.open(data)
    assert (resolver.index.merged, [found.entity.id for found in resolver.lookup("Karim Hassoun")]) == ({}, ["b"])
    assert client.delete("/entities/b", headers=writer).status_code == 200
    assert Resolver.open(data).lookup("Karim Hassoun") == []


def test_two_are_judged_to_be_one_and_that_is_taken_back(client: FlaskClient, data: Path, writer: dict[str, str]) -> None:
    """What holds is told to whoever may read."""
    answer = client.post("/judgements", json={"keep": "a", "others": ["b"], "note": "twins"}, headers=writer)
    assert (answer.status_code, answer.json["served"]) == (200, True)
    assert Resolver.open(data).index.merged == {"b": "a"}
    (held,) = client.get("/judgements").json["judgements"]
    assert (held["keep"], held["other"], held["verdict"], held["judged_by"]) == ("a", "b", "same", "token:writer")
    assert client.post("/judgements", json={"keep": "a", "others": ["b"], "verdict": "open"}, headers=writer).status_code == 200
    assert client.get("/judgements").json["judgements"] == []


def test_a_change_is_answered_however_long_it_is_compiled(data: Path) -> None:
    """The time that an answer may take is that of questions: what was changed must be told."""
    (data / "probes.tsv").write_text("Karim Hassoun\tb\n")
    shorter = data / "list.csv"
    shorter.write_text("id,name,type\na,Samir Al-Mithal,person\n")
    with budget.limited(0):
        put = by_hand.put(data, Entity("z", "organization", "Zeta Group"), by="ada")
        judging.judge(data, "a", ["b"], verdict="same", by="ada")
        publish.rollback(data, list_name="mine", number=1)
        with pytest.raises(GuardError, match="Karim Hassoun"):
            publish.import_list(data, format="csv", file=shorter, list_name="mine")
        _, generation = by_hand.remove(data, "z", by="ada")
    served = Resolver.open(data)
    assert (put.created, generation, served.entity("z")) == (True, served.generation, None)


def test_a_change_that_cannot_be_served_says_that_it_is_recorded(data: Path) -> None:
    """The next one that can be written serves it."""

    class Full(Disk):
        def replace(self, old: Path, new: Path) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    before = Resolver.open(data).generation
    with pytest.raises(DiskError, match=r"the change is recorded, but .* not served yet"):
        publish.amend(data, lambda store: corrections.remove(store, "b", by="ada"), disk=Full())
    assert Resolver.open(data).generation == before
    publish.rebuild(data)
    assert Resolver.open(data).entity("b") is None


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/lists/sent?format=xls", {}, 422),
        ("POST", "/lists/sent?format=seeds", {}, 422),
        ("POST", "/lists/a%20b", {}, 422),
        ("POST", "/lists/sent", {"id": "x"}, 422),
        ("POST", "/lists/mine?force=2", {}, 422),
        ("PATCH", "/entities/nobody", {"drop": ["x1"]}, 404),
        ("PATCH", "/entities/a", {}, 422),
        ("PATCH", "/entities/a", {"add": [{"form": "---"}]}, 422),
        ("PATCH", "/entities/a", {"add": [{"form": "ok", "kind": "nick"}]}, 422),
        ("PATCH", "/entities/a", {"set": {"type": "ship"}}, 422),
        ("PATCH", "/entities/a", {"set": {"lists": []}}, 422),
        ("PATCH", "/entities/a", {"add": [{"form": "Good Name"}], "set": {"type": "ship"}}, 422),
        ("PATCH", "/entities/a", {"remove": True}, 422),
        ("PUT", "/entities/a", {}, 422),
        ("PUT", "/entities/a", {"name": "---"}, 422),
        ("PUT", "/entities/a", {"name": "Good", "type": "ship"}, 422),
        ("PUT", "/entities/a", {"name": "Good", "aliases": ["Fine", {"form": "ok", "kind": "nick"}]}, 422),
        ("PUT", "/entities/a", {"name": "Good", "properties": {"lists": ["un"]}}, 422),
        ("PUT", "/entities/a", {"name": "Good", "properties": {"x": "\0"}}, 422),
        ("PUT", "/entities/new", {"name": "Good", "properties": {"x": "\0"}}, 422),
        ("PUT", "/entities/%20", {"name": "Good"}, 422),
        ("DELETE", "/entities/nobody", None, 404),
        ("DELETE", "/entities/a?why=x", None, 422),
        ("POST", "/judgements", {"keep": "a", "others": ["nobody"]}, 404),
        ("POST", "/judgements", {"keep": "a", "others": ["a"]}, 422),
        ("POST", "/judgements", {"keep": "a", "others": []}, 422),
        ("POST", "/judgements", {"keep": "a", "others": ["b"], "verdict": "open"}, 404),
    ],
)
def test_a_wrong_change_changes_nothing(
    client: FlaskClient, data: Path, writer: dict[str, str], method: str, path: str, body: object, status: int
) -> None:
    """And is told why; without a token nothing is even looked at."""
    before = Resolver.open(data).generation
    assert client.open(path, method=method, json=body).status_code == 401
    answer = client.open(path, method=method, json=body, headers=writer)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.text
    assert Resolver.open(data).generation == before
    with Store.open(data / FILE) as store:
        assert len(store.versions()) == 1
        assert not store.waiting()


def test_the_seeds_are_not_changed_over_http(tokens: Tokens, writer: dict[str, str]) -> None:
    """They have no record to write to."""
    client = create_app(Resolver.open, rules=Access(tokens)).test_client()
    assert client.patch("/entities/deir-ez-zor", json={"drop": ["x1"]}, headers=writer).status_code == 503
