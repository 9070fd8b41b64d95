"""The Reconciliation Service API 1.0 (draft): the answers of 0.2 in its shapes, names in the language of the asker."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from aliases.entity import Alias, Entity
from resolver.reconciling_v1 import ReconcilerV1, direction, languages
from resolver.resolve import Resolver
from resolver.service import create_app
from resolver.settings import Settings
from tests.resolver.fake import FakeResolver


@pytest.fixture
def client() -> FlaskClient:
    return create_app(FakeResolver(), settings=Settings(hosts=("names.example",))).test_client()


@pytest.fixture(scope="module")
def seeds() -> FlaskClient:
    return create_app(Resolver.open()).test_client()


def name(value, **more):
    return {"matchType": "name", "propertyValue": value, **more}


def ask(client, *queries, path="/reconcile/v1", **more):
    answer = client.post(f"{path}/match", json={"queries": list(queries)}, **more)
    assert answer.status_code == 200, answer.text
    assert set(answer.json) == {"results"}
    assert len(answer.json["results"]) == len(queries)
    return [one["candidates"] for one in answer.json["results"]]


def ids(candidates):
    return [one["id"] for one in candidates]


def test_the_manifest_is_of_this_version_only(client):
    manifest = client.get("/reconcile/seeds/v1", base_url="https://names.example/").json
    assert manifest["versions"] == ["1.0-draft"]
    assert manifest["view"]["url"] == "https://names.example/reconcile/seeds/v1/preview?id={id}"
    assert manifest["suggest"] == {"entity": True, "property": True, "type": True}
    assert manifest["standardizedScore"] is True
    assert manifest["batchSize"] >= 100
    assert all({"id", "name", "type"} <= set(one) for one in manifest["extend"]["propertySettings"])
    assert "identifierSpace" not in manifest


@pytest.mark.parametrize("root", ["/reconcile/v1", "/reconcile/seeds/v1"])
@pytest.mark.parametrize(
    "path", ["", "/suggest/entity", "/suggest/property", "/suggest/type", "/extend/propose", "/preview?id=raqqa"]
)
def test_every_part_is_where_the_protocol_has_it_and_open_to_every_origin(client, root, path):
    answer = client.get(root + path)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/match", "/extend"])
def test_a_preflight_is_answered(client, path):
    answer = client.options("/reconcile/v1" + path, headers={"Origin": "https://a.example"})
    assert answer.status_code == 200
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


def test_a_name_is_answered_with_all_that_clients_read(client):
    ((found,),) = ask(client, {"conditions": [name("deir al-zor")]})
    assert found == {
        "id": "deir-ez-zor",
        "name": "Deir ez-Zor",
        "type": [{"id": "place", "name": "Place"}],
        "score": 100.0,
        "match": True,
        "features": [{"id": "same_text", "name": "Same text", "value": 1.0}],
        "description": "place, SY; listed as Deir al-Zor",
    }


def test_answers_come_in_the_order_of_the_queries_an_empty_one_where_nothing_fits(client):
    found = ask(client, {"conditions": [name("Raqqa")]}, {"conditions": [name("Nobody")]}, {"conditions": [name("ISIS")]})
    assert [ids(one) for one in found] == [["raqqa"], [], ["islamic-state"]]


def test_several_names_of_one_entity_find_it_once_and_of_two_find_both(client):
    found = ask(client, {"conditions": [name(["ISIS", "Islamic State"])]}, {"conditions": [name("Raqqa"), name("ISIS")]})
    assert ids(found[0]) == ["islamic-state"]
    assert sorted(ids(found[1])) == ["islamic-state", "raqqa"]
    assert not any(one["match"] for one in found[1]), "two sure candidates are left to the person"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"matchType": "id", "propertyValue": "raqqa"}, ["raqqa"]),
        ({"matchType": "id", "propertyValue": {"id": "raqqa", "name": "x"}}, ["raqqa"]),
        ({"matchType": "id", "propertyValue": "Raqqa"}, []),
        ({"matchType": "id", "propertyValue": "nobody"}, []),
        ({"matchType": "name", "propertyValue": "raqqa"}, ["raqqa"]),
        ({"matchType": "name", "v": "Raqqa"}, ["raqqa"]),
        ({"matchType": "name", "propertyValue": 5}, []),
        ({"matchType": "property", "propertyId": "geonames", "propertyValue": 170794}, ["deir-ez-zor"]),
        ({"matchType": "property", "propertyId": "geonames", "propertyValue": ["1", "2"]}, []),
        ({"matchType": "property", "propertyId": "country", "propertyValue": "SY"}, ["deir-ez-zor"]),
        ({"matchType": "property", "propertyId": "country", "propertyValue": "SY", "matchQuantifier": "none"}, []),
    ],
)
def test_conditions_select(client, condition, expected):
    assert [ids(one) for one in ask(client, {"conditions": [condition]})] == [expected]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"propertyValue": "SY"}, True), ({"propertyValue": "IQ"}, False), ({"propertyValue": ["IQ", "SY"]}, True),
        ({"propertyValue": ["IQ", "sy"], "matchQuantifier": "any"}, True),
        ({"propertyValue": ["SY", "SY"], "matchQuantifier": "all"}, True),
        ({"propertyValue": ["SY", "IQ"], "matchQuantifier": "all"}, False),
        ({"propertyValue": "IQ", "matchQuantifier": "none"}, True),
        ({"propertyValue": "SY", "matchQuantifier": "none"}, False),
    ],
)  # fmt: skip
def test_what_is_required_must_hold(client, condition, found):
    required = {"matchType": "property", "propertyId": "country", "required": True, **condition}
    assert bool(ask(client, {"conditions": [name("Deir ez-Zor"), required]})[0]) is found


def test_a_required_property_of_another_kind_is_compared_folded(client):
    def geonames(value):
        return {"matchType": "property", "propertyId": "geonames", "propertyValue": value, "required": True}

    found = ask(client, *({"conditions": [name("Deir ez-Zor"), geonames(value)]} for value in (170794, "170794", 1)))
    assert [bool(one) for one in found] == [True, True, False]


@pytest.mark.parametrize(("type_", "found"), [("place", True), ("person", False), ("city", False)])
def test_a_type_restricts(client, type_, found):
    assert bool(ask(client, {"type": type_, "conditions": [name("Raqqa")]})[0]) is found


def test_one_list_answers_for_its_own_entities_only(client):
    found = ask(client, {"conditions": [name("ISIS")]}, {"conditions": [name("Raqqa")]}, path="/reconcile/un/v1")
    assert [ids(one) for one in found] == [["islamic-state"], []]


def test_the_name_comes_in_the_language_that_was_asked_for_with_its_direction(client):
    def named(header):
        ((found,),) = ask(client, {"conditions": [name("deir-ez-zor")]}, headers={"Accept-Language": header})
        return found["name"], found.get("lang"), found.get("dir")

    assert named("ar") == ("دير الزور", "ar", "rtl")
    assert named("de, ar-SY;q=0.5, en;q=0.1") == ("دير الزور", "ar", "rtl")
    assert named("en, ar;q=0.5") == ("Deir ez-Zor", "en", None)
    assert named("ku") == ("Deir ez-Zor", None, None)
    suggested = client.get("/reconcile/v1/suggest/entity?prefix=deir", headers={"Accept-Language": "ar"}).json["result"][0]
    assert (suggested["id"], suggested["name"], suggested["dir"]) == ("deir-ez-zor", "دير الزور", "rtl")
    assert client.get("/reconcile/v1/suggest/entity?prefix=deir").headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ()), ("ar", ("ar",)), ("en;q=0.2, ar;q=0.9", ("ar", "en")), ("ar-SY,ar;q=0.9", ("ar",)), ("*", ()), ("ar;q=0", ()),
        ("ar;q=no", ()), (";;;,,,q=1", ()), ("x" * 10_000, ()),
    ],
)  # fmt: skip
def test_the_header_is_read_as_far_as_it_can_be(header, expected):
    assert languages(header) == expected


def test_the_direction_is_that_of_the_script():
    assert [direction(text) for text in ("Raqqa", "الرقة", "רקה", "Ракка", "")] == [None, "rtl", "rtl", None, None]


def test_an_acronym_is_no_name_in_a_language():
    class One:
        def entity(self, _):
            return Entity("a", "organization", "Name", aliases=(Alias("داعش", "acronym", lang="ar"),))

    assert ReconcilerV1(One(), languages=["ar"])._name(One().entity("a")) == ("Name", "")


def test_suggestions_are_paged_and_all_are_offered_where_nothing_is_typed(client):
    every = client.get("/reconcile/v1/suggest/entity").json["result"]
    assert ids(every) == ["deir-ez-zor", "evil", "islamic-state", "raqqa", "state"]
    assert client.get("/reconcile/v1/suggest/entity?offset=1&limit=2").json["result"] == every[1:3]
    assert ids(client.get("/reconcile/v1/suggest/entity?prefix=raqqa").json["result"])[0] == "raqqa"
    assert len(client.get("/reconcile/v1/suggest/type").json["result"]) == 7
    assert ids(client.get("/reconcile/v1/suggest/type?prefix=pl").json["result"]) == ["place"]
    assert ids(client.get("/reconcile/v1/suggest/property?prefix=coun&limit=1").json["result"]) == ["country"]


def test_values_come_in_rows_in_the_order_that_was_asked_for_texts_with_their_direction(client):
    asked = {"ids": ["raqqa", "deir-ez-zor", "nobody"], "properties": [{"id": "country"}, {"id": "aliases"}, {"id": "geonames"}]}
    answer = client.post("/reconcile/v1/extend", json=asked).json
    assert [one["id"] for one in answer["meta"]] == ["country", "aliases", "geonames"]
    assert [row["id"] for row in answer["rows"]] == asked["ids"]
    assert answer["rows"][1]["properties"] == [
        {"id": "country", "values": [{"str": "SY"}]},
        {"id": "aliases", "values": [{"str": "Deir al-Zor"}, {"str": "دير الزور", "dir": "rtl"}]},
        {"id": "geonames", "values": [{"int": 170794}]},
    ]
    assert [one["values"] for one in answer["rows"][2]["properties"]] == [[], [], []]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"queries": [{"conditions": []}]}, 422, "/queries/0/conditions"),
        ({"queries": [{}]}, 422, "conditions"),
        ({"queries": {"q0": {}}}, 422, "/queries"),
        ({"queries": [{"conditions": [{"propertyValue": "x"}]}]}, 422, "matchType"),
        ({"queries": [{"conditions": [{"matchType": "guess"}]}]}, 422, "matchType"),
        ({"queries": [{"type": ["place"], "conditions": [{"matchType": "name"}]}]}, 422, "type"),
        ([], 422, "body"),
        ({"queries": [{"conditions": [{"matchType": "name", "propertyValue": "x"}]}] * 1001}, 422, "1,001"),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused_and_says_where(client, body, status, says):
    answer = client.post("/reconcile/v1/match", json=body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert says in answer.text


def test_a_body_that_is_no_json_is_refused(client):
    assert client.post("/reconcile/v1/match", data={"queries": "{}"}).status_code == 415
    assert client.post("/reconcile/v1/match", data="{", content_type="application/json").status_code == 400
    assert client.get("/reconcile/nowhere/v1").status_code == 404
    assert client.post("/reconcile/nowhere/v1/match", json={"queries": []}).status_code == 404


def test_both_versions_give_the_same_candidates(seeds):
    import json

    names = ["Deir az-Zur", "Daesch", "Tripoli", "حلب", "Khamenei", "Nobody At All Here"]
    old = seeds.post("/reconcile", data={"queries": json.dumps({str(n): {"query": one} for n, one in enumerate(names)})}).json
    new = ask(seeds, *({"conditions": [name(one)]} for one in names))
    for number, candidates in enumerate(new):
        expected = old[str(number)]["result"]
        assert sorted((one["id"], one["score"], one["match"]) for one in candidates) == sorted(
            (one["id"], one["score"], one["match"]) for one in expected
        )
