"""The Reconciliation Service API 0.2: what its clients send is answered in the shapes that they read."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from resolver.reconcile import BATCH
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


def ask(client: FlaskClient, *, path: str = "/reconcile", **queries):
    answer = client.post(path, data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    assert set(answer.json) == set(queries), "every key that was asked comes back, and no other"
    return {key: answer.json[key]["result"] for key in queries}


def ids(results):
    return [found["id"] for found in results]


# ---------------------------------------------------------------- manifest


def test_the_manifest_names_the_version_and_every_part_under_the_address_that_was_asked(client):
    manifest = client.get("/reconcile", base_url="https://names.example:8443/").json
    root = "https://names.example:8443/reconcile"
    assert manifest["versions"] == ["0.2"]
    assert {"name", "identifierSpace", "schemaSpace", "defaultTypes"} <= set(manifest)
    assert manifest["batchSize"] == BATCH >= 100
    assert manifest["view"]["url"] == manifest["preview"]["url"] == root + "/preview/entity?id={{id}}"
    for kind in ("entity", "property", "type"):
        service = manifest["suggest"][kind]
        assert service["service_url"] + service["service_path"] == f"{root}/suggest/{kind}"
        assert service["flyout_service_path"] == f"/flyout/{kind}?id=${{id}}"
    assert manifest["extend"]["propose_properties"] == {"service_url": root, "service_path": "/extend/propose"}
    assert {setting["type"] for setting in manifest["extend"]["property_settings"]} == {"number", "text"}


def test_every_address_of_the_manifest_answers(client):
    manifest = client.get("/reconcile/seeds").json
    addresses = [manifest["preview"]["url"].replace("{{id}}", "raqqa")]
    extend = manifest["extend"]["propose_properties"]
    addresses.append(extend["service_url"] + extend["service_path"])
    for kind, id_ in (("entity", "raqqa"), ("property", "country"), ("type", "place")):
        service = manifest["suggest"][kind]
        addresses.append(service["service_url"] + service["service_path"] + "?prefix=p")
        addresses.append(service["flyout_service_url"] + service["flyout_service_path"].replace("${id}", id_))
    for address in addresses:
        assert client.get(address.removeprefix("http://localhost")).status_code == 200, address


def test_a_list_that_is_not_loaded_is_not_found(client):
    for path in ("/reconcile/nowhere", "/reconcile/nowhere/suggest/type", "/reconcile/nowhere/flyout/type?id=place"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        assert "seeds un" in answer.json["detail"]


# ---------------------------------------------------------------- queries


def test_a_name_is_answered_with_all_that_clients_read(client):
    (found,) = ask(client, q0={"query": "deir al-zor"})["q0"]
    assert found == {
        "id": "deir-ez-zor",
        "name": "Deir ez-Zor",
        "type": [{"id": "place", "name": "Place"}],
        "score": 100.0,
        "match": True,
        "features": [{"id": "same_text", "value": 1.0}],
        "description": "place, SY; listed as Deir al-Zor",
    }


def test_a_batch_by_get_is_answered_as_by_post(client):
    queries = json.dumps({"0": {"query": "Raqqa"}, "قديم": {"query": "الرقة"}})
    by_get = client.get("/reconcile", query_string={"queries": queries})
    assert by_get.json == client.post("/reconcile", data={"queries": queries}).json
    assert ids(by_get.json["قديم"]["result"]) == ["raqqa"]


@pytest.mark.parametrize("query", ["", "  ", "x" * 600, "Nobody"])
def test_a_cell_that_names_nothing_has_an_empty_result_and_spoils_no_other(client, query):
    found = ask(client, blank={"query": query}, good={"query": "Raqqa"})
    assert found["blank"] == []
    assert ids(found["good"]) == ["raqqa"]


def test_an_id_as_query_finds_its_entity_first_and_once(client):
    found = ask(client, q0={"query": "islamic-state"}, q1={"query": "raqqa"}, q2={"query": "raqqa", "type": "person"})
    assert found["q0"][0]["features"] == [{"id": "same_id", "value": 1.0}]
    assert ids(found["q1"]) == ["raqqa"]
    assert found["q2"] == []


@pytest.mark.parametrize(
    ("type_", "strict", "expected"),
    [
        ("place", None, ["raqqa"]), ("person", None, []), (["person", "place"], "any", ["raqqa"]), (["place"], "all", ["raqqa"]),
        (["person", "place"], "all", []), ("/location/city", "should", ["raqqa"]), ("/location/city", "any", []),
        ([], "any", ["raqqa"]),
    ],
)  # fmt: skip
def test_types_restrict_as_strictly_as_was_asked(client, type_, strict, expected):
    query = {"query": "Raqqa", "type": type_} | ({"type_strict": strict} if strict else {})
    assert ids(ask(client, q0=query)["q0"]) == expected


def test_one_list_answers_for_its_own_entities_only(client):
    assert ids(ask(client, path="/reconcile/un", q0={"query": "ISIS"})["q0"]) == ["islamic-state"]
    assert ask(client, path="/reconcile/un", q0={"query": "Raqqa"}, q1={"query": "raqqa"}) == {"q0": [], "q1": []}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("sy", True), ("IQ", False), ("دير الزور", True), ({"id": "deir-ez-zor", "name": "x"}, True), (["", "IQ"], False),
        ("Nowhere", True), (None, True), (5.5, True), ("", True),
    ],
)  # fmt: skip
def test_a_country_column_is_evidence_as_a_code_a_name_or_a_reconciled_cell(client, value, found):
    query = {"query": "Deir ez-Zor", "properties": [{"pid": "nationality", "v": value}, {"pid": "colour", "v": "red"}]}
    assert bool(ask(client, q0=query)["q0"]) is found


@pytest.mark.parametrize(
    ("properties", "type_", "expected"),
    [
        ([("geonames", 170794)], None, [("deir-ez-zor", 100.0, True)]), ([("geonames", "170794")], "place", [("deir-ez-zor", 100.0, True)]),
        ([("geonames", 170794)], "person", []), ([("geonames", 1)], None, []), ([("nothing", "x")], None, []), ([], None, []),
        ([("nationality", "sy")], None, [("deir-ez-zor", 100.0, True)]), ([("country", "Nowhere At All")], None, []),
        ([("geonames", 170794), ("country", "IQ")], None, [("deir-ez-zor", 50.0, False)]),
        ([("geonames", [1, 170794]), ("country", {"id": "deir-ez-zor"})], None, [("deir-ez-zor", 100.0, True)]),
    ],
)  # fmt: skip
def test_without_a_name_entities_are_found_by_what_is_known_of_them(client, properties, type_, expected):
    query = {"properties": [{"pid": pid, "v": v} for pid, v in properties]} | ({"type": type_} if type_ else {})
    found = ask(client, q0=query)["q0"]
    assert [(one["id"], one["score"], one["match"]) for one in found] == expected
    assert all({feature["id"] for feature in one["features"]} == {pid for pid, _ in properties} for one in found)


def test_what_many_have_makes_none_of_them_sure(seeds):
    found = ask(seeds, q0={"properties": [{"pid": "country", "v": "Syria"}], "limit": 3}, q1={"query": "", "properties": []})
    assert len(found["q0"]) == 3
    assert all(one["score"] < 5 and not one["match"] for one in found["q0"])
    assert found["q1"] == []


def test_two_sure_candidates_are_left_to_the_person(seeds):
    found = ask(seeds, one={"query": "Deir az-Zur", "type": "place"}, two={"query": "Tripoli", "type": "place"})
    assert found["one"][0]["match"] is True
    assert len(found["two"]) >= 2
    assert not any(one["match"] for one in found["two"])
    assert ask(seeds, two={"query": "Tripoli", "properties": [{"pid": "country", "v": "Lebanon"}]})["two"][0]["match"] is True


def test_one_that_is_listed_as_it_was_asked_for_is_sure_beside_others_that_only_resemble_it(seeds):
    first, second, *_ = ask(seeds, q0={"query": "Deir az-Zur"})["q0"]
    assert (first["id"], first["match"], second["match"]) == ("deir-ez-zor", True, False)
    assert second["score"] >= 90


def test_scores_fall_and_every_candidate_has_a_type_and_a_feature(seeds):
    queries = {f"q{number}": {"query": name} for number, name in enumerate(("Homs", "ISIS", "Dimashq", "Khamenei", "حلب"))}
    for results in ask(seeds, **queries).values():
        scores = [found["score"] for found in results]
        assert scores == sorted(scores, reverse=True)
        assert all(found["type"] and found["features"] for found in results)
        assert all(0 <= score <= 100 for score in scores)


def test_a_birth_date_is_read_also_with_a_time_behind_it(seeds):
    def query(value):
        return {"query": "Omar al-Bashir", "type": "person", "properties": [{"pid": "birth_date", "v": value}]}

    found = ask(seeds, a=query("1944-01-01T00:00:00Z"), b=query("1944"), c=query("no date"))
    assert {"birth_date"} <= {feature["id"] for feature in found["a"][0]["features"]}
    assert {"birth_date"} <= {feature["id"] for feature in found["b"][0]["features"]}
    assert "birth_date" not in {feature["id"] for feature in found["c"][0]["features"]}


@pytest.mark.parametrize(
    ("form", "status", "where"),
    [
        ({}, 422, "queries"),
        ({"queries": "[]"}, 422, "no object"),
        ({"queries": "{broken"}, 400, "not JSON"),
        ({"queries": '{"q0": {"query": 5}}'}, 422, "/queries/q0/query"),
        ({"queries": '{"q0": {"query": "a", "type_strict": "maybe"}}'}, 422, "/queries/q0/type_strict"),
        ({"queries": '{"q0": "Raqqa"}'}, 422, "/queries/q0"),
        ({"queries": json.dumps({str(number): {"query": "a"} for number in range(1001)})}, 413, "1,001 queries"),
        ({"extend": '{"ids": "raqqa", "properties": []}'}, 422, "/ids"),
        ({"extend": '{"ids": []}'}, 422, "/properties"),
    ],
)
def test_what_cannot_be_read_is_a_problem_that_says_where(client, form, status, where):
    answer = client.post("/reconcile", data=form)
    assert answer.status_code == status
    assert where in answer.json["detail"]


def test_a_body_that_is_no_form_is_refused(client):
    answer = client.post("/reconcile", json={"queries": {}})
    assert (answer.status_code, "form" in answer.json["detail"]) == (422, True)


# ---------------------------------------------------------------- suggest, flyout, preview


def test_typing_offers_beginnings_of_names_ids_and_then_similar_names(seeds):
    def typed(prefix, **more):
        return ids(seeds.get("/reconcile/suggest/entity", query_string={"prefix": prefix, **more}).json["result"])

    assert typed("Damas")[0] == "damascus"
    assert "deir-ez-zor" in typed("deir ez")
    assert "deir-ez-zor" in typed("دير الز")
    assert typed("deir-ez-zor")[0] == "deir-ez-zor"
    assert typed("Daesch")[0] == "islamic-state"
    assert typed(" ") == []
    assert not set(typed("al")) & set(typed("al", cursor=10)), "the second page holds others"
    assert len(typed("al")) == len(typed("al", cursor=10)) == 10


def test_a_suggestion_says_what_it_is(client):
    (found,) = client.get("/reconcile/suggest/entity?prefix=raq&type=place&callback=x&exact=").json["result"]
    assert found == {"id": "raqqa", "name": "Raqqa", "description": "place", "notable": [{"id": "place", "name": "Place"}]}


def test_suggestions_of_one_list_hold_no_others(client):
    assert client.get("/reconcile/un/suggest/entity?prefix=raqqa").json["result"] == []


def test_properties_and_types_are_suggested_by_part_of_their_name(client):
    assert "country" in ids(client.get("/reconcile/suggest/property?prefix=coun").json["result"])
    assert ids(client.get("/reconcile/suggest/type?prefix=pl").json["result"]) == ["place"]
    assert client.get("/reconcile/suggest/type?prefix=zzz").json["result"] == []


def test_html_of_a_name_is_escaped(client):
    html = client.get("/reconcile/flyout/entity?id=evil").json["html"]
    page = client.get("/reconcile/preview/entity?id=evil").text
    assert "&lt;script&gt;" in html
    assert "&lt;script&gt;" in page
    assert "<script" not in html + page
    assert "<b>" not in client.get("/reconcile/flyout/property?id=<b>").json["html"]


def test_a_preview_may_stand_in_a_frame_and_nothing_else_may(client):
    preview = client.get("/reconcile/preview/entity?id=deir-ez-zor")
    assert "frame-ancestors *" in preview.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in preview.headers
    assert "دير الزور" in preview.text
    assert client.get("/").headers["X-Frame-Options"] == "DENY"
    assert client.get("/reconcile").headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["preview/entity?id=nobody", "flyout/entity?id=nobody", "flyout/type?id=city"])
def test_what_is_not_there_is_not_shown(client, path):
    assert client.get(f"/reconcile/{path}").status_code == 404


# ---------------------------------------------------------------- extension


def extend(client, ids_, *properties):
    asked = {"ids": ids_, "properties": [p if isinstance(p, dict) else {"id": p} for p in properties]}
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)})
    assert answer.status_code == 200, answer.text
    return answer.json


def test_values_come_in_a_row_for_every_id_with_their_own_types(client):
    answer = extend(client, ["deir-ez-zor", "nobody"], "name", "country", "geonames", "lat", "lists", "nothing")
    assert answer["meta"][1] == {"id": "country", "name": "Country"}
    assert answer["rows"]["deir-ez-zor"] == {
        "name": [{"str": "Deir ez-Zor"}], "country": [{"str": "SY"}], "geonames": [{"int": 170794}], "lat": [{"float": 35.33588}],
        "lists": [{"str": "seeds"}], "nothing": [],
    }  # fmt: skip
    assert set(answer["rows"]["nobody"]) == set(answer["rows"]["deir-ez-zor"])
    assert not any(answer["rows"]["nobody"].values())


def test_settings_choose_among_other_names(client):
    def aliases(**settings):
        return extend(client, ["deir-ez-zor"], {"id": "aliases", "settings": settings})["rows"]["deir-ez-zor"]["aliases"]

    assert aliases(limit=0) == [{"str": "Deir al-Zor"}, {"str": "دير الزور"}]
    assert aliases(script="arab") == [{"str": "دير الزور"}]
    assert aliases(limit=1) == [{"str": "Deir al-Zor"}]


def test_properties_that_entities_have_are_proposed(client):
    proposal = client.get("/reconcile/extend/propose?type=place&limit=6").json
    assert (proposal["type"], proposal["limit"]) == ("place", 6)
    assert ids(proposal["properties"]) == ["name", "aliases", "type", "lists", "country", "geonames"]
    assert "country" not in ids(client.get("/reconcile/extend/propose?type=organization").json["properties"])


# ---------------------------------------------------------------- other origins


@pytest.mark.parametrize(
    "path", ["/reconcile", "/reconcile/un", "/reconcile/suggest/entity?prefix=r", "/reconcile/nowhere", "/reconcile/a/b/c"]
)
def test_pages_of_every_origin_may_ask_also_where_it_fails(client, path):
    answer = client.get("/reconcile" + path)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_preflight_is_answered(client):
    answer = client.options("/reconcile", headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 200
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("path", ["/", "/lookup?name=a", "/reconciled", "/entities"])
def test_other_doors_stay_closed_to_other_origins(client, path):
    assert "Access-Control-Allow-Origin" not in client.get(path).headers
