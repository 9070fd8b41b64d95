"""The OpenAPI document says what the service does: every route, every field, every refusal, and examples that work."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import msgspec
import pytest

from aliases.errors import NotReadyError
from resolver import list_routes, openapi, wire
from resolver.access import Access
from resolver.credentials import Tokens
from resolver.service import create_app
from tests.resolver.fake import FakeResolver

TOKENS = Tokens(Path(tempfile.mkdtemp()) / "tokens.json")
TOKEN = {"Authorization": f"Bearer {TOKENS.create('tester', scope='admin')}"}
APP = create_app(FakeResolver(), rules=Access(TOKENS))
UNDOCUMENTED = {"/static/<name>"}  # files of the page


def documented() -> set[tuple[str, str]]:
    return {(method, path) for path, methods in openapi.document()["paths"].items() for method in methods}


def test_every_route_is_documented_and_every_documented_route_exists():
    served = {
        (method.lower(), re.sub(r"<(?:\w+:)?[a-z]+_([a-z]+)>", r"{\1}", rule.rule))
        for rule in APP.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule not in UNDOCUMENTED
    }
    assert served == documented()


def test_every_reference_leads_somewhere_and_every_schema_is_used():
    text = msgspec.json.encode(openapi.document()).decode()
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert referred == set(openapi.document()["components"]["schemas"])


def test_operation_ids_are_unique():
    ids = [operation.id for operation in openapi.OPERATIONS]
    assert len(set(ids)) == len(ids)


def test_a_name_that_the_document_calls_blank_is_one_that_is_refused_whatever_letters_a_dialect_calls_space():
    pattern = openapi.document()["components"]["schemas"]["LookupRequest"]["properties"]["names"]["items"]["pattern"]
    assert not re.search(r"\\[sSwWbB]|\[:", pattern)  # which each dialect reads as it likes
    letters = [chr(code) for code in range(0x11_0000)]
    assert [letter for letter in letters if bool(letter.strip()) != bool(re.search(pattern, letter))] == []


QUEUE = ("/suggestions/{id}", "/review", "/votes")  # judgements need a queue: they are tested with one, in a browser
EXAMPLES = [operation for operation in openapi.OPERATIONS if operation.needs == "read" or operation.path not in QUEUE]


@pytest.mark.parametrize("operation", EXAMPLES, ids=lambda operation: operation.id)
def test_the_example_of_every_operation_is_answered_as_documented(operation):
    client = APP.test_client()
    examples = dict(operation.example)
    path = operation.path.format(**{name: examples.pop(name) for name in operation.path_names})
    described = openapi.document()["paths"][operation.path][operation.method]["responses"]["200"]["content"]
    bodies = [(kind, example) for kind, _, example in operation.bodies] or [(None, None)]
    for content_type, example in bodies:
        if content_type == "multipart/form-data":
            assert client.post(path, data=example, content_type=content_type).status_code == 200
            continue
        data = None if example is None else example.encode() if isinstance(example, str) else msgspec.json.encode(example)
        answer = client.open(path, method=operation.method.upper(), query_string=examples, data=data, content_type=content_type,
                             headers=TOKEN)  # fmt: skip
        assert answer.status_code == 200, answer.text
        assert answer.mimetype in described


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/lookup?name=Raqqa", wire.LookupAnswer),
        ("/entities", wire.EntitiesAnswer),
        ("/entities/raqqa", wire.EntityAnswer),
        ("/lists", list_routes.ListsAnswer),
        ("/readyz", wire.StatusAnswer),
        ("/version", wire.VersionAnswer),
    ],
)
def test_an_answer_decodes_as_the_struct_that_documents_it(path, kind):
    answer = APP.test_client().get(path)
    assert wire.encode(msgspec.json.decode(answer.data, type=kind)) == answer.data


@pytest.mark.parametrize("path", ["/lookup", "/nowhere", "/lookup?name=a&type=x", "/lookup?name=%ff"])
def test_a_problem_decodes_as_the_struct_that_documents_it(path):
    answer = APP.test_client().get(path)
    problem = msgspec.json.decode(answer.data, type=wire.ProblemAnswer)
    assert problem.status == answer.status_code
    assert f'id="{problem.type.partition("#")[2]}"' in APP.test_client().get("/docs").text


def test_the_readable_page_names_every_operation_and_value():
    page = APP.test_client().get("/docs").text
    for operation in openapi.OPERATIONS:
        assert f'id="{operation.id}"' in page
    for name in openapi.document()["components"]["schemas"]:
        assert f'id="{name}"' in page


def test_lists_that_may_be_asked_for_are_the_loaded_ones():
    loaded = APP.test_client().get("/openapi.json").json
    parameter = next(one for one in loaded["paths"]["/lookup"]["get"]["parameters"] if one["name"] == "list")
    assert parameter["schema"]["items"]["enum"] == ["seeds", "un"]
    assert "x-loaded-lists" not in msgspec.json.encode(openapi.document()).decode()


def test_without_a_generation_the_document_is_there_too():
    def missing():
        raise NotReadyError("nothing loaded")

    assert create_app(missing).test_client().get("/openapi.json").status_code == 200


def test_limits_stand_in_the_schema():
    schema = openapi.document()["components"]["schemas"]["MentionsRequest"]["properties"]["text"]
    assert schema["maxLength"] == 1_000_000
    assert openapi.document()["components"]["schemas"]["LookupRequest"]["additionalProperties"] is False


def test_the_document_is_valid_openapi():
    validator = pytest.importorskip("openapi_spec_validator", reason="openapi-spec-validator is not installed")
    validator.validate(msgspec.json.decode(msgspec.json.encode(openapi.document())))
    validator.validate(APP.test_client().get("/openapi.json").json)
