"""Whatever the OpenAPI document allows, and much that it does not, is answered as the document says.

`AKA_EXAMPLES=2000 pytest tests/soak/by_document.py`; it needs `pip install schemathesis` and minutes, so it is no part of the ordinary run.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from resolver.access import Access
from resolver.credentials import Tokens
from resolver.service import create_app
from tests.resolver.fake import FakeResolver

schemathesis = pytest.importorskip(
    "schemathesis", reason="schemathesis is not installed, so the API is not tried by its document"
)

checks = pytest.importorskip("schemathesis.specs.openapi.checks")

EXAMPLES = int(os.environ.get("AKA_EXAMPLES", "2"))
TOKENS = Tokens(Path(tempfile.mkdtemp()) / "tokens.json")
HEADERS = {"Authorization": f"Bearer {TOKENS.create('tester', scope='admin')}"}
FOREIGN = ("/reconcile", "/yente")  # protocols of others: they pass over what they do not know, and put JSON into strings
schema = schemathesis.openapi.from_wsgi("/openapi.json", create_app(FakeResolver(), rules=Access(TOKENS)))


def excused(path: str, status: int) -> list[object]:
    """Path and status -> the checks that say nothing here; that no answer is a 5xx, and each as documented, holds everywhere."""
    found = []
    if path.startswith(FOREIGN):
        found += [checks.negative_data_rejection, checks.positive_data_acceptance]
    if path.startswith("/reconcile/"):
        found += [
            checks.unsupported_method,
            checks.allow_header_conformance,
        ]  # `v1` could be the name of a list, whose route has more methods
    if status == 413:
        found.append(checks.negative_data_rejection)  # refused, but with a status that the check does not know
    return found


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
    derandomize=EXAMPLES < 100,
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files of requests that are only built
def test_the_service_is_what_its_document_says(case):
    answer = case.call(headers=HEADERS)
    case.validate_response(answer, excluded_checks=excused(case.path, answer.status_code), headers=HEADERS)
