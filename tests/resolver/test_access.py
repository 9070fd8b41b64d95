"""Nobody changes anything without a token that allows it, and nobody reads from afar without one."""

from __future__ import annotations

import base64
import re

import pytest
from flask import Flask

from aliases import audit
from aliases.errors import InvalidError
from resolver import access, openapi, server
from resolver.access import Access
from resolver.credentials import SCOPES, Tokens
from resolver.service import create_app
from resolver.settings import Settings, is_loopback
from tests.resolver.fake import FakeResolver

READ_BY_POST = {
    "/", "/lookup", "/mentions", "/reconcile", "/reconcile/<on_list>", "/yente/match/<of_dataset>",
    "/reconcile/v1/match", "/reconcile/v1/extend", "/reconcile/<on_list>/v1/match", "/reconcile/<on_list>/v1/extend",
}  # fmt: skip
FORM = "application/x-www-form-urlencoded"
OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


def service(tokens: Tokens, *, open_reading: bool = True) -> Flask:
    """A service with a route that changes something, one that our page may use, and one for admins."""
    app = create_app(FakeResolver(), rules=Access(tokens, open_reading=open_reading))

    @app.put("/changed")
    @access.require("write")
    def changed():
        return audit.actor().who

    @app.post("/page-changed")
    @access.require("write", page=True)
    def page_changed():
        return audit.actor().who

    @app.post("/administered")
    @access.require("admin")
    def administered():
        return access.caller().who

    return app


@pytest.fixture
def tokens(tmp_path) -> Tokens:
    return Tokens(tmp_path / "tokens.json")


@pytest.fixture
def secrets(tokens) -> dict[str, str]:
    return {scope: tokens.create(f"{scope}er", scope=scope) for scope in SCOPES}


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"any:{secret}".encode()).decode()}


def test_every_route_that_is_not_safe_asks_for_a_token_or_only_reads():
    app = create_app(FakeResolver())
    for rule in app.url_map.iter_rules():
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            scope, _ = access.needs(app.view_functions[rule.endpoint])
            assert (scope == "read") == (rule.rule in READ_BY_POST), rule.rule


def test_no_route_that_changes_something_lets_no_short_wrong_or_narrow_token_in(tokens, secrets):
    app = create_app(FakeResolver(), rules=Access(tokens))
    changing = [rule for rule in app.url_map.iter_rules() if access.needs(app.view_functions[rule.endpoint])[0] != "read"]
    assert len(changing) >= 7
    for rule in changing:
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            for wrong in ("", "a", secrets["admin"][:-1], secrets["admin"] + "a", secrets["admin"].swapcase(), "aka_" + "x" * 43):
                headers = bearer(wrong) if wrong else {}
                assert app.test_client().open(path, method=method, headers=headers).status_code == 401, path
            assert app.test_client().open(path, method=method, headers=bearer(secrets["read"])).status_code == 403, path


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"Authorization": ""}, {"Authorization": "Bearer"}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"},
        {"Authorization": "Bearer aka_"}, {"Authorization": "Digest a=b"}, {"Authorization": "aka_x"}, {"Authorization": "Basic !"},
        {"Authorization": "Basic " + base64.b64encode(b"a:b").decode()}, {"Authorization": "Bearer " + "x" * 5_000},
        {"X-Api-Key": "x"}, {"Cookie": "token=x"},
    ],
)  # fmt: skip
def test_without_a_token_or_with_a_wrong_one_nothing_is_changed(tokens, secrets, headers):
    client = service(tokens).test_client()
    for method, path in (("PUT", "/changed"), ("POST", "/page-changed"), ("POST", "/administered")):
        answer = client.open(path, method=method, headers=headers)
        assert answer.status_code == 401, answer.text
        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="aka"'


def test_a_token_in_the_address_or_the_body_is_not_looked_at(tokens, secrets):
    client = service(tokens).test_client()
    assert client.put(f"/changed?api_key={secrets['admin']}").status_code == 401
    assert client.post("/page-changed", data={"api_key": secrets["admin"], "token": secrets["admin"]}).status_code == 401
    closed = service(tokens, open_reading=False).test_client()
    assert closed.get(f"/lists?api_key={secrets['read']}").status_code == 401


def test_a_token_does_what_its_scope_says_and_no_more(tokens, secrets):
    client = service(tokens).test_client()
    allowed = {
        scope: [client.put("/changed", headers=bearer(secret)).status_code,
                client.post("/administered", headers=bearer(secret)).status_code]
        for scope, secret in secrets.items()
    }  # fmt: skip
    assert allowed == {"read": [403, 403], "write": [200, 403], "admin": [200, 200]}


def test_a_change_is_noted_as_its_token_s_and_the_next_is_not(tokens, secrets):
    client = service(tokens).test_client()
    assert client.put("/changed", headers=bearer(secrets["write"])).text == "token:writeer"
    assert client.put("/changed", headers=bearer(secrets["admin"])).text == "token:adminer"
    assert audit.actor().who.startswith("user:")


def test_without_tokens_changes_are_off(tokens):
    client = service(tokens).test_client()
    for headers in ({}, OUR_PAGE, {"Origin": "http://localhost"}):
        answer = client.put("/changed", headers=headers)
        assert answer.status_code == 403
        assert "aka token create" in answer.json["detail"]
    assert client.put("/changed", headers=bearer("aka_x")).status_code == 401


@pytest.mark.parametrize(
    ("headers", "content_type", "where", "status"),
    [
        (OUR_PAGE, FORM, {}, 200),
        (OUR_PAGE, "multipart/form-data", {}, 200),
        ({"Origin": "http://localhost"}, FORM, {}, 200),
        ({}, FORM, {}, 403),  # not from a browser: it should bring a token
        ({"Sec-Fetch-Site": "cross-site"}, FORM, {}, 403),
        ({"Sec-Fetch-Site": "same-site"}, FORM, {}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, FORM, {}, 403),
        ({"Origin": "http://evil.example"}, FORM, {}, 403),
        ({"Origin": "http://localhost.evil.example"}, FORM, {}, 403),
        ({"Origin": "http://localhost:81"}, FORM, {}, 403),
        ({"Origin": "null"}, FORM, {}, 403),
        (OUR_PAGE, "application/json", {}, 403),
        (OUR_PAGE, "text/plain", {}, 403),
        (OUR_PAGE, FORM, {"REMOTE_ADDR": "192.0.2.7"}, 403),
        (OUR_PAGE, FORM, {"HTTP_HOST": "rebound.example"}, 400),
        (OUR_PAGE, FORM, {"HTTP_HOST": "127.0.0.1:8080"}, 200),
        (OUR_PAGE, FORM, {"HTTP_HOST": "[::1]:8080", "REMOTE_ADDR": "::1"}, 200),
    ],
)
def test_without_tokens_only_our_own_page_on_this_machine_changes_things(tokens, headers, content_type, where, status):
    answer = (
        service(tokens).test_client().post("/page-changed", headers=headers, content_type=content_type, environ_overrides=where)
    )
    assert answer.status_code == status
    assert status != 200 or answer.text == "page"


def test_with_tokens_our_own_page_needs_one_too_and_a_browser_can_ask_for_it(tokens, secrets):
    client = service(tokens).test_client()
    refused = client.post("/page-changed", data={}, headers={**OUR_PAGE, "Accept": "text/html"})
    assert refused.status_code == 401
    assert 'Basic realm="aka", charset="UTF-8"' in refused.headers.getlist("WWW-Authenticate")
    assert client.post("/page-changed", data={}, headers={**OUR_PAGE, **basic(secrets["write"])}).text == "token:writeer"
    assert client.post("/page-changed", data={}, headers={**OUR_PAGE, **basic(secrets["read"])}).status_code == 403


def test_what_a_browser_sends_by_itself_counts_only_from_our_own_page(tokens, secrets):
    client = service(tokens).test_client()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
        assert client.put("/changed", headers={**headers, **basic(secrets["write"])}).status_code == 403
        assert client.put("/changed", headers={**headers, **bearer(secrets["write"])}).status_code == 200
    assert client.put("/changed", headers=basic(secrets["write"])).status_code == 200


MANIFESTS = {"/reconcile", "/reconcile/{list}", "/reconcile/v1", "/reconcile/{list}/v1"}


def test_where_reading_is_closed_every_route_but_those_of_watchers_and_manifests_wants_a_token(tokens, secrets):
    client = service(tokens, open_reading=False).test_client()
    for operation in openapi.OPERATIONS:
        path = operation.path.replace("{id}", "raqqa").replace("{list}", "un").replace("{dataset}", "un")
        status = client.open(path, method=operation.method.upper()).status_code
        told = operation.method == "get" and operation.path in MANIFESTS
        assert (status == 401) == (bool(operation.needs) and not told), path
    for way in (bearer, basic):
        assert client.get("/lookup?name=Raqqa", headers=way(secrets["read"])).status_code == 200
    assert client.get("/lookup?name=Raqqa", headers=bearer("wrong")).status_code == 401
    assert client.options("/lookup").status_code == 200


def test_a_wrong_token_is_refused_where_none_is_needed(tokens):
    assert service(tokens).test_client().get("/lookup?name=Raqqa", headers=bearer("wrong")).status_code == 401


def test_openrefine_brings_its_token_in_the_address_and_gets_it_back_in_all_others(tokens, secrets):
    client = service(tokens, open_reading=False).test_client()
    for path in ("/reconcile", "/reconcile/un"):
        assert client.get(f"{path}?api_key=wrong").status_code == 401
        manifest = client.get(path, query_string={"api_key": secrets["read"]}).json
        key = f"api_key={secrets['read']}"
        assert key in manifest["view"]["url"]
        assert key in manifest["suggest"]["entity"]["service_path"]
        assert key in manifest["suggest"]["entity"]["flyout_service_path"]
        suggested = client.get(f"{path}{manifest['suggest']['type']['service_path']}", query_string=None)
        assert suggested.status_code in (200, 422)
        assert client.post(f"{path}?{key}", data={"queries": '{"q0": {"query": "ISIS"}}'}).json["q0"]["result"]
    assert "api_key=" not in client.get("/reconcile", headers=bearer(secrets["read"])).text


def test_a_manifest_is_told_without_a_token_and_says_how_to_bring_one(tokens, secrets):
    """And nothing else: not which lists there are, and no answer to a question that stands in the address."""
    closed = service(tokens, open_reading=False).test_client()
    way = {"type": "apiKey", "name": "api_key", "in": "query"}
    for path in ("/reconcile", "/reconcile/un", "/reconcile/no-such-list", "/reconcile/v1", "/reconcile/no-such-list/v1"):
        answer = closed.get(path)
        assert (answer.status_code, answer.json["authentication"]) == (200, way), path
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    for path in ("/reconcile/no-such-list", "/reconcile/no-such-list/v1"):
        assert closed.get(path, headers=bearer(secrets["read"])).status_code == 404
    for query in ({"queries": '{"q0": {"query": "ISIS"}}'}, {"extend": '{"ids": [], "properties": []}'}):
        assert closed.get("/reconcile", query_string=query).status_code == 401
        assert closed.post("/reconcile", data=query).status_code == 401
    assert closed.get("/reconcile", headers=bearer("wrong")).status_code == 401
    assert closed.get("/reconcile/a%20b").status_code == 422
    assert "authentication" not in service(tokens).test_client().get("/reconcile").json


def test_damaged_tokens_open_nothing(tokens):
    tokens.path.write_text("{")
    client = service(tokens).test_client()
    assert client.put("/changed", headers=bearer("aka_x")).status_code == 503
    assert client.put("/changed").status_code == 503
    assert client.get("/lookup?name=Raqqa").status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104 - that is the test
def test_a_service_without_tokens_does_not_listen_to_other_machines(tmp_path, host):
    with pytest.raises(InvalidError, match="aka token create"):
        server.serve(Settings(data=str(tmp_path), host=host, port=0), say=print)


@pytest.mark.parametrize(
    ("host", "private"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.1.2.3", True), ("::ffff:127.0.0.1", True), ("0.0.0.0", False),  # noqa: S104
     ("::", False), ("10.0.0.1", False), ("localhost.example", False), ("", False), ("127.0.0.1.example", False)],
)  # fmt: skip
def test_only_names_of_this_machine_are_private(host, private):
    assert is_loopback(host) is private


def test_the_document_says_what_every_route_needs():
    document = openapi.document()
    assert document["paths"]["/healthz"]["get"]["security"] == []
    assert document["paths"]["/lookup"]["get"]["security"] == [{}, {"bearer": []}, {"basic": []}]
    assert {"api_key": []} in document["paths"]["/reconcile"]["get"]["security"]
    assert {"401", "403"} <= set(document["paths"]["/lookup"]["get"]["responses"])
