"""The matching API of yente: what its clients send is answered in the shapes that they read."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from aliases.entity import Alias, Entity
from aliases.errors import NotReadyError
from resolver import ftm
from resolver.resolve import Resolver
from resolver.service import create_app
from tests.resolver.fake import FakeResolver


@pytest.fixture
def client() -> FlaskClient:
    return create_app(FakeResolver()).test_client()


@pytest.fixture(scope="module")
def seeds() -> FlaskClient:
    return create_app(Resolver.open()).test_client()


def match(client, schema, dataset="default", options=None, **properties):
    body = {"queries": {"a": {"schema": schema, "properties": properties}}, "weights": {}, "config": {}}
    answer = client.post(f"/yente/match/{dataset}", json=body, query_string=options or {})
    assert answer.status_code == 200, answer.text
    return answer.json["responses"]["a"]


def ids(answer):
    return [found["id"] for found in answer["results"]]


def test_an_example_is_answered_with_all_that_clients_read(client):
    answer = match(client, "Organization", name=["isis"])
    assert answer["results"] == [
        {
            "id": "islamic-state", "caption": "Islamic State", "schema": "Organization", "datasets": ["seeds", "un"],
            "properties": {"name": ["Islamic State"], "abbreviation": ["ISIS"]}, "referents": [], "target": True, "score": 1.0,
            "match": True, "explanations": {"same_text": {"score": 1.0, "detail": "the same text"}},
        }
    ]  # fmt: skip
    assert (answer["total"], answer["status"]) == ({"value": 1, "relation": "eq"}, 200)
    assert answer["query"] == {"schema": "Organization", "properties": {"name": ["isis"]}}


def test_every_key_is_answered_and_parameters_of_yente_are_passed_over(client):
    queries = {key: {"schema": "Thing", "properties": {"name": name}} for key, name in {"x": "Raqqa", "y": ["Nobody"]}.items()}
    options = {"algorithm": "best", "fuzzy": "false", "topics": "sanction", "limit": 3}
    answer = client.post("/yente/match/all", json={"queries": queries}, query_string=options)
    assert {key: ids(found) for key, found in answer.json["responses"].items()} == {"x": ["raqqa"], "y": []}
    assert (answer.json["limit"], answer.headers["X-Batch-Size"]) == (3, "2")


@pytest.mark.parametrize(
    ("schema", "found"),
    [("Address", True), ("Thing", True), ("Person", False), ("LegalEntity", False), ("Vessel", False)],
)
def test_the_schema_says_what_may_be_meant(client, schema, found):
    assert bool(ids(match(client, schema, name=["Raqqa"]))) is found


def test_a_dataset_is_a_list_or_all_of_them(client):
    assert ids(match(client, "Thing", dataset="un", name=["Raqqa", "ISIS"])) == ["islamic-state"]
    assert ids(match(client, "Thing", dataset="all", name=["Raqqa", "ISIS"])) == ["islamic-state", "raqqa"]
    answer = client.post("/yente/match/nowhere", json={"queries": {}})
    assert (answer.status_code, "default seeds un" in answer.json["detail"]) == (404, True)


def test_all_names_of_an_example_count_and_so_do_its_country_and_its_parts(client, seeds):
    assert ids(match(client, "Thing", name=["Nobody"], alias=["Raqqa"]))
    assert not ids(match(client, "Address", full=["Deir ez-Zor"], country=["iq"]))
    assert ids(match(client, "Address", full=["Deir ez-Zor"], country=["sy"]))
    assert ids(match(seeds, "Person", firstName=["Omar"], lastName=["al-Bashir"], birthDate=["1944-01-01"])) == ["omar-al-bashir"]
    assert not ids(match(client, "Person"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["islamic-state"]), ("?include_dataset=un", ["islamic-state"]), ("?include_dataset=un&include_dataset=seeds", ["islamic-state"]),
        ("?exclude_dataset=un", ["islamic-state"]), ("?exclude_dataset=un&exclude_dataset=seeds", []),
        ("?exclude_schema=Organization", []), ("?exclude_schema=Person", ["islamic-state"]),
        ("?exclude_entity_ids=islamic-state", []), ("?exclude_entity_ids=raqqa", ["islamic-state"]),
    ],
)  # fmt: skip
def test_filters_of_yente_leave_out(client, query, found):
    body = {"queries": {"q": {"schema": "Organization", "properties": {"name": ["ISIS"]}}}}
    answer = client.post("/yente/match/default" + query, json=body)
    assert [one["id"] for one in answer.json["responses"]["q"]["results"]] == found
    search = client.get("/yente/search/default" + (query + "&" if query else "?") + "q=ISIS&schema=Organization")
    assert [one["id"] for one in search.json["results"]] == found


@pytest.mark.parametrize("name", ["include_dataset", "exclude_dataset"])
def test_a_filter_by_a_dataset_that_is_not_loaded_is_not_found(client, name):
    assert client.get(f"/yente/search/default?q=ISIS&{name}=nowhere").status_code == 404


def test_threshold_decides_what_is_a_match(seeds):
    found = match(seeds, "Address", name=["Raqa"], options={"threshold": 1, "cutoff": 0.01})["results"]
    assert found
    assert not any(one["match"] for one in found)
    assert match(seeds, "Address", name=["Raqa"], options={"threshold": 0.5})["results"][0]["match"] is True
    scores = [one["score"] for one in found]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"queries": {"a": {"schema": "Dragon", "properties": {}}}}, 422, "Person"),
        ({"queries": {"a": {"properties": {}}}}, 422, "schema"),
        ({"queries": {"a": {"schema": "Person", "properties": {"name": 5}}}}, 422, "/queries/properties"),
        ({"queries": {str(n): {"schema": "Person", "properties": {}} for n in range(101)}}, 400, "100"),
        ({}, 422, "queries"),
    ],
)
def test_what_cannot_be_matched_is_told_in_detail(client, body, status, says):
    answer = client.post("/yente/match/default", json=body)
    assert (answer.status_code, says in answer.json["detail"]) == (status, True), answer.text


def test_a_search_pages_through_names_or_through_all(client):
    assert ids(client.get("/yente/search/default?q=Raqqa&filters=x").json) == ["raqqa"]
    first = client.get("/yente/search/default?limit=2").json
    second = client.get("/yente/search/default?limit=2&offset=2").json
    assert len(set(ids(first) + ids(second))) == 4
    assert (first["total"]["relation"], first["limit"], second["offset"]) == ("gte", 2, 2)
    assert client.get("/yente/search/default?schema=Address").json["total"] == {"value": 2, "relation": "eq"}
    assert ids(client.get("/yente/search/un").json) == ["islamic-state"]
    assert client.get("/yente/search/nowhere").status_code == 404


def test_an_entity_is_fetched_by_id_and_an_unknown_one_is_not_found(client):
    answer = client.get("/yente/entities/deir-ez-zor?nested=True").json
    assert (answer["schema"], answer["properties"]["country"]) == ("Address", ["sy"])
    assert answer["properties"]["full"] == ["Deir ez-Zor", "Deir al-Zor", "دير الزور"]
    missing = client.get("/yente/entities/nobody")
    assert (missing.status_code, "nobody" in missing.json["detail"]) == (404, True)


def test_the_catalog_names_the_lists_under_one_that_holds_all(client):
    catalog = client.get("/yente/catalog").json
    assert [dataset["name"] for dataset in catalog["datasets"]] == ["default", "seeds", "un"]
    assert catalog["datasets"][0]["children"] == ["seeds", "un"]
    assert all(dataset["load"] and dataset["index_current"] for dataset in catalog["datasets"])
    assert {dataset["index_version"] for dataset in catalog["datasets"]} == {"fake-generation"}
    assert (catalog["current"], catalog["index_stale"]) == (["default", "seeds", "un"], False)


def test_state_and_algorithms_are_told(client):
    assert client.get("/yente/healthz").json == client.get("/yente/readyz").json == {"status": "ok"}
    answer = client.get("/yente/algorithms").json
    assert answer["best"] == answer["default"] == answer["algorithms"][0]["name"]


def test_without_data_it_is_alive_and_not_ready():
    def missing():
        raise NotReadyError("nothing loaded")

    client = create_app(missing).test_client()
    assert client.get("/yente/healthz").status_code == 200
    assert client.get("/yente/readyz").status_code == client.get("/yente/catalog").status_code == 503


def test_an_entity_says_only_what_its_schema_has():
    person = Entity(
        "p", "person", "A B", aliases=(Alias("A. B.", "weak"), Alias("AB", "acronym"), Alias("C", "former"), Alias("A B")),
        properties={"birth_date": "1957", "country": ["SY", "LB"], "imo": "1", "lat": 1.5},
    )  # fmt: skip
    assert ftm.properties_of(person) == {
        "name": ["A B"], "weakAlias": ["A. B."], "alias": ["AB", "A B"], "previousName": ["C"], "country": ["sy", "lb"],
        "birthDate": ["1957"],
    }  # fmt: skip
    assert ftm.schema_of(Entity("c", "organization", "C", properties={"schema": "Company"})) == "Company"
    assert ftm.schema_of(Entity("c", "organization", "C", properties={"schema": "Person"})) == "Organization"
    assert ftm.schema_of(Entity("c", "organization", "C", properties={"schema": "LegalEntity"})) == "Organization"
