"""Every kind of answer of `/reconcile` and `/reconcile/v1` against the official JSON schemas of the Reconciliation Service API.

An optional job: the schemas are W3C documents of their own and not part of this project. It runs where a copy is,

    git clone https://github.com/reconciliation-api/specs
    AKA_RECONCILIATION_SPECS=specs python -m pytest tests/clients/test_reconciliation_schemas.py

Last output, over the schemas of 0.2 (76328a4) and of 1.0-draft (8a5822f, e9d3e52; the batch of queries of 5d2a95c), jsonschema 4.26.0,
referencing 0.37.0: 31 passed
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from resolver.access import Access
from resolver.credentials import Tokens
from resolver.resolve import Resolver
from resolver.service import create_app

SPECS = os.environ.get("AKA_RECONCILIATION_SPECS", "")
if not SPECS:
    pytest.skip(
        "there is no copy of the official schemas: git clone https://github.com/reconciliation-api/specs, "
        "and set AKA_RECONCILIATION_SPECS to it",
        allow_module_level=True,
    )
jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed: pip install 'aka-resolver[test]'")
referencing = pytest.importorskip("referencing", reason="referencing is not installed: pip install 'aka-resolver[test]'")

from referencing.jsonschema import DRAFT7  # noqa: E402

Check = Callable[[str, str, Any], None]

NAMES = ("Deir az-Zur", "Daesch", "دير الزور", "Tripoli", "islamic-state", "Nobody At All Here", "", "Сирия")
IDS = ("deir-ez-zor", "islamic-state", "qasem-soleimani", "nobody")
PROPERTIES = ("name", "aliases", "type", "lists", "country", "lat", "geonames", "birth_date", "nothing")
ROOTS = ("/reconcile", "/reconcile/seeds")
# What the schemas of manifests refer to: of OpenAPI 2, the one way to bring a token that a manifest of ours names.
SWAGGER = "http://swagger.io/v2/schema.json"
API_KEY = {
    "type": "object", "required": ["type", "name", "in"], "additionalProperties": False,
    "properties": {"type": {"enum": ["apiKey"]}, "name": {"type": "string"}, "in": {"enum": ["header", "query"]}},
}  # fmt: skip


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Resolver.open()).test_client()


@pytest.fixture(scope="module")
def check() -> Check:
    """-> what compares a value with the schema of a name in a version, and raises where they differ."""
    known = {}
    for version in ("0.2", "1.0-draft"):
        for file in sorted((Path(SPECS) / version / "schemas").glob("*.json")):
            schema = json.loads(file.read_text(encoding="utf-8"))
            if "$id" in schema:
                known[version, file.stem] = schema
    known["", "swagger"] = {"$id": SWAGGER, "definitions": {"securityDefinitions": {"additionalProperties": API_KEY}}}
    resources = [(schema["$id"], DRAFT7.create_resource(schema)) for schema in known.values()]
    registry = referencing.Registry().with_resources(resources)

    def compare(version: str, name: str, value: Any) -> None:
        validator = jsonschema.Draft7Validator(known[version, name], registry=registry)
        wrong = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
        assert not wrong, f"{version} {name}: {wrong[:3]}"

    return compare


def test_the_schemas_refuse_what_is_wrong(check: Check, client: FlaskClient) -> None:
    manifest = client.get("/reconcile").json
    for version, name, value in (
        ("0.2", "manifest", {**manifest, "versions": ["0.1"]}),
        ("0.2", "manifest", {**manifest, "preview": {"url": "no place for an id", "width": 1, "height": 1}}),
        ("0.2", "manifest", {key: value for key, value in manifest.items() if key != "schemaSpace"}),
        ("0.2", "reconciliation-result-batch", {"q0": {"result": [{"id": "a", "name": "b"}]}}),
        ("1.0-draft", "manifest", manifest),
        ("1.0-draft", "reconciliation-result-batch", {"results": [{"candidates": [{"id": "a"}]}]}),
    ):
        with pytest.raises(AssertionError, match=name):
            check(version, name, value)


# ---------------------------------------------------------------- 0.2


@pytest.mark.parametrize("root", ROOTS)
def test_manifests_also_with_a_key_in_the_address(check: Check, client: FlaskClient, root: str, tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "tokens.json")
    key = {"api_key": tokens.create("reader", scope="read")}
    closed = create_app(Resolver.open(), rules=Access(tokens, open_reading=False)).test_client()
    for asked, query in ((client, {}), (closed, {}), (closed, key)):
        check("0.2", "manifest", asked.get(root, query_string=query).json)
        check("1.0-draft", "manifest", asked.get(f"{root}/v1", query_string=query).json)


@pytest.mark.parametrize("root", ROOTS)
def test_batches_of_queries(check: Check, client: FlaskClient, root: str) -> None:
    queries: dict[str, Any] = {f"q{place}": {"query": name} for place, name in enumerate(NAMES)}
    queries["typed"] = {"query": "Raqqa", "type": ["place", "person"], "type_strict": "any", "limit": 3}
    country = {"pid": "country", "v": ["Lebanon", {"id": "LB"}]}
    queries["known"] = {"query": "Tripoli", "type": "place", "properties": [country, {"pid": "lat", "v": 34.4}]}
    queries["unnamed"] = {"properties": [{"pid": "geonames", "v": 170794}]}
    check("0.2", "reconciliation-query-batch", queries)
    for answer in (
        client.post(root, data={"queries": json.dumps(queries)}), client.get(root, query_string={"queries": json.dumps(queries)})
    ):  # fmt: skip
        assert set(answer.json) == set(queries)
        check("0.2", "reconciliation-result-batch", answer.json)


@pytest.mark.parametrize("kind", ["entity", "property", "type"])
@pytest.mark.parametrize("prefix", ["", "co", "deir", "pl", "داع", "zzz"])
def test_suggestions(check: Check, client: FlaskClient, kind: str, prefix: str) -> None:
    name = {"entity": "suggest-entities-response", "property": "suggest-properties-response", "type": "suggest-types-response"}
    query = {"prefix": prefix}
    check("0.2", name[kind], client.get(f"/reconcile/suggest/{kind}", query_string=query).json)
    answer = client.get(f"/reconcile/v1/suggest/{kind}", query_string=query, headers={"Accept-Language": "ar, fr;q=0.5"}).json
    if kind == "type":  # copies of the drafts differ in what holds the types, not in what a type is
        assert set(answer) == {"result"}
        for one in answer["result"]:
            check("1.0-draft", "type", one)
    else:
        check("1.0-draft", name[kind], answer)


def test_values(check: Check, client: FlaskClient) -> None:
    asked = {"ids": list(IDS), "properties": [{"id": key} for key in PROPERTIES]}
    asked["properties"].append({"id": "aliases", "settings": {"limit": 2, "script": "Arab"}})
    check("0.2", "data-extension-query", asked)
    check("0.2", "data-extension-response", client.post("/reconcile", data={"extend": json.dumps(asked)}).json)
    check("1.0-draft", "data-extension-response", client.post("/reconcile/v1/extend", json=asked).json)


def test_properties_that_may_be_fetched(check: Check, client: FlaskClient) -> None:
    for query in ("", "?type=place", "?type=nothing&limit=2"):
        check("1.0-draft", "data-extension-property-proposal", client.get(f"/reconcile/v1/extend/propose{query}").json)
        found = client.get(f"/reconcile/extend/propose{query}").json["properties"]  # 0.2 has the schema of what is suggested
        check("0.2", "suggest-properties-response", {"result": found})


# ---------------------------------------------------------------- 1.0-draft


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("language", ["", "ar", "fr, en;q=0.5"])
def test_batches_of_conditions(check: Check, client: FlaskClient, root: str, language: str) -> None:
    queries: list[dict[str, Any]] = [{"conditions": [{"matchType": "name", "propertyValue": name}]} for name in NAMES]
    country = {"matchType": "property", "propertyId": "country", "propertyValue": ["LB", "SY"], "required": True}
    geonames = {"matchType": "property", "propertyId": "geonames", "propertyValue": 170794, "matchQuantifier": "any"}
    queries.append({"type": "place", "limit": 2, "lang": "en", "conditions": [*queries[3]["conditions"], country]})
    queries.append({"conditions": [geonames]})
    check("1.0-draft", "reconciliation-query-batch", {"queries": queries})
    answer = client.post(f"{root}/v1/match", json={"queries": queries}, headers={"Accept-Language": language})
    assert len(answer.json["results"]) == len(queries)
    check("1.0-draft", "reconciliation-result-batch", answer.json)
