"""What stood on a list when, what changed and how its source fares is told over HTTP; going back wants a token."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from aliases import fetches
from aliases.store import FILE, Store
from resolver import Resolver, publish
from resolver.access import Access
from resolver.credentials import Tokens
from resolver.service import create_app

HEAD = "id,name,type,aliases,country\n"
FIRST = HEAD + "a,Alpha Group,organization,=Alfa,SY\nb,Beta Group,organization,,\ne,Epsilon,other,,\n-,---,other,,\n"
SECOND = HEAD + "a,Alpha Front,organization,=Alfa,IQ\nc,Gamma Group,other,,\ne,Epsilon,other,,\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for content in (FIRST, SECOND):
        (tmp_path / "list.csv").write_text(content)
        publish.import_list(tmp_path / "data", format="csv", file=tmp_path / "list.csv", list_name="mine", force=True)
    return tmp_path / "data"


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "tokens.json")


@pytest.fixture
def client(data: Path, tokens: Tokens) -> FlaskClient:
    return create_app(lambda: Resolver.open(data), rules=Access(tokens)).test_client()


def test_lists_tell_size_version_source_age_and_the_last_error(client: FlaskClient, data: Path) -> None:
    """A source that fails is visible, and the list goes on."""
    (found,) = client.get("/lists").json["lists"]
    assert (found["name"], found["entities"], found["version"]) == ("mine", 3, 2)
    assert found["source"].endswith("list.csv")
    assert "last_error" not in found
    with Store.open(data / FILE, write=True) as store:
        look = fetches.note_failed(store, fetches.last(store, "mine", url="https://x.example", format="csv"), error="HTTP 404")
        fetches.note_failed(store, look, error="HTTP 503")
    (found,) = client.get("/lists").json["lists"]
    assert (found["last_error"], bool(found["failing_since"]), found["entities"]) == ("HTTP 503", True, 3)


def test_metrics_tell_of_each_list_how_old_it_is_and_whether_its_source_fails(client: FlaskClient, data: Path) -> None:
    """Also of one that never came in; a source that answers that nothing changed makes its list no older."""
    assert gauges(client, "aka_list_failing") == {"mine": 0}
    with Store.open(data / FILE, write=True) as store:
        store.rows("UPDATE versions SET imported_at = '2020-01-01T00:00:00+00:00'")
        look = fetches.last(store, "mine", url="https://x.example", format="csv")
        fetches.note_failed(store, fetches.note_good(store, look, etag="", last_modified=""), error="HTTP 503")
        never = fetches.last(store, "never", url="https://y.example", format="csv")
        fetches.note_failed(store, never, error="HTTP 404")
    year = 365 * 86_400
    assert gauges(client, "aka_list_failing") == {"mine": 1, "never": 1}
    assert gauges(client, "aka_list_age_seconds")["mine"] > year > gauges(client, "aka_list_good_age_seconds")["mine"]


def gauges(client: FlaskClient, name: str) -> dict[str, float]:
    """Name of a metric -> its values by list."""
    return {
        labels["list"]: value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for found, labels, value, *_ in family.samples
        if found == name
    }


def test_a_history_has_each_version_and_what_it_rejected(client: FlaskClient) -> None:
    """With the place and the reason."""
    first, second = client.get("/lists/mine/history").json["versions"]
    assert (first["version"], first["status"], first["rejected"]) == (1, "superseded", 1)
    assert first["rejected_records"][0]["place"] == "line 5"
    assert "no letter or digit" in first["rejected_records"][0]["reason"]
    assert (second["status"], second["added"], second["removed"], second["changed"]) == ("live", 1, 1, 1)
    assert client.get("/lists/mine/history?version=1").json["versions"] == [first]


def test_a_diff_comes_in_pages(client: FlaskClient) -> None:
    """Each change once, in the order of ids."""
    whole = client.get("/lists/mine/diff").json
    assert (whole["from"], whole["to"], whole["cursor"]) == (1, 2, "")
    assert [(change["id"], change["change"]) for change in whole["changes"]] == [
        ("a", "changed"),
        ("b", "removed"),
        ("c", "added"),
    ]
    seen, cursor = [], ""
    while True:
        page = client.get(f"/lists/mine/diff?from=1&to=2&limit=1&cursor={cursor}").json
        seen += page["changes"]
        cursor = page["cursor"]
        if not cursor:
            break
    assert seen == whole["changes"]
    assert client.get("/lists/mine/diff?from=2&to=2").json["changes"] == []


@pytest.mark.parametrize(
    ("format", "kind"),
    [("jsonl", "application/x-ndjson"), ("csv", "text/csv"), ("ftm", "application/json+ftm"), ("skos", "application/n-triples")],
)
def test_an_export_is_a_file_in_each_format(client: FlaskClient, format: str, kind: str) -> None:
    """Of the last version, or of an earlier one."""
    answer = client.get(f"/lists/mine/export?format={format}")
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="mine-2.')
    assert "Alpha Front" in answer.text
    assert "Beta Group" not in answer.text
    assert "Beta Group" in client.get(f"/lists/mine/export?format={format}&version=1").text
    if format == "csv":
        assert ",'=Alfa," in answer.text


def test_answers_are_cached_by_their_etag(client: FlaskClient) -> None:
    """What did not change is not sent again."""
    for path in ("/lists", "/lists/mine/history", "/lists/mine/diff"):
        etag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_going_back_wants_a_token_and_makes_a_version(client: FlaskClient, data: Path, tokens: Tokens) -> None:
    """Whose name stands in the record."""
    assert client.post("/lists/mine/rollback", json={}).status_code == 403
    reader = {"Authorization": f"Bearer {tokens.create('reader', scope='read')}"}
    writer = {"Authorization": f"Bearer {tokens.create('writer', scope='write')}"}
    assert client.post("/lists/mine/rollback", json={}, headers=reader).status_code == 403
    assert client.post("/lists/mine/rollback", json={}).status_code == 401
    answer = client.post("/lists/mine/rollback", json={"version": 1}, headers=writer)
    assert (answer.status_code, answer.json["version"], answer.json["entities"]) == (200, 3, 3)
    with Store.open(data / FILE) as store:
        assert [entity.name for entity in store.live_entities()] == ["Alpha Group", "Beta Group", "Epsilon"]
        assert store.audit(list_name="mine")[0].who == "token:writer"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/lists/other/history", 404),
        ("/lists/mine/history?version=9", 404),
        ("/lists/mine/history?version=0", 422),
        ("/lists/mine/diff?from=7", 404),
        ("/lists/mine/diff?from=x", 422),
        ("/lists/mine/diff?limit=0", 422),
        ("/lists/mine/diff?old=1", 422),
        ("/lists/mine/export?format=xls", 422),
        ("/lists/mine/export?version=99", 404),
        ("/lists/%2e%2e/export", 404),
        ("/lists/mine/rollback", 405),
    ],
)
def test_what_is_not_there_is_a_problem(client: FlaskClient, path: str, status: int) -> None:
    """With what there is."""
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"version": "x"}', "application/json", 422),
        (b"{}", "text/plain", 415),
        (b'{"version": 9}', "application/json", 404),
    ],
)
def test_a_wrong_rollback_changes_nothing(
    client: FlaskClient, tokens: Tokens, data: Path, body: bytes, kind: str, status: int
) -> None:
    """And is told why."""
    writer = {"Authorization": f"Bearer {tokens.create('writer', scope='write')}"}
    assert client.post("/lists/mine/rollback", data=body, content_type=kind, headers=writer).status_code == status
    with Store.open(data / FILE) as store:
        assert len(store.versions("mine")) == 2


def test_the_seeds_have_names_but_no_history() -> None:
    """They come with the program."""
    client = create_app(Resolver.open).test_client()
    names = [found["name"] for found in client.get("/lists").json["lists"]]
    assert names
    answer = client.get(f"/lists/{names[0]}/history")
    assert (answer.status_code, "have no history" in answer.json["detail"]) == (404, True)


def test_history_on_the_command_line_tells_what_was_rejected(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Of one version, each record with its reason."""
    from resolver import cli

    assert cli.run(["history", "mine", "--version", "1", "--data", str(data)]) == 0
    assert "line 5  name '---'" in capfd.readouterr().out
    assert cli.run(["history", "mine", "--version", "1", "--json", "--data", str(data)]) == 0
    assert json.loads(capfd.readouterr().out)["rejected_records"][0]["place"] == "line 5"
    assert cli.run(["history", "--version", "1", "--data", str(data)]) == 2
