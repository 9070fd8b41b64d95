"""Real Chromium before the real service, on loopback: what a person sees, clicks and types."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from resolver import Resolver, publish
from resolver.access import Access
from resolver.credentials import Tokens
from resolver.service import create_app
from resolver.suggestions import Recorder

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PEOPLE = [
    {"id": "gaddafi", "type": "person", "name": "Muammar Gaddafi", "aliases": ["Muammar Khaddafi", "معمر القذافي"]},
    {"id": "soleimani", "type": "person", "name": "Qasem Soleimani", "aliases": ["قاسم سليماني"]},
    {"id": "deir-ez-zor", "type": "place", "name": "Deir ez-Zor", "properties": {"country": "SY", "lat": 35.3, "lon": 40.1}},
]
TEXT = "General Ghassem Solaimani was seen in Deir ez-Zor.\nThe Muamar Khadafi regime fell."


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests; each opens windows of its own."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install '.[test]'")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield opened
        opened.close()


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page, once with JavaScript and once without."""
    yield from _page(browser, java_script_enabled=request.param)


@pytest.fixture
def scripted(browser: Any) -> Iterator[Any]:
    """A page with JavaScript."""
    yield from _page(browser)


def _page(browser: Any, **options: Any) -> Iterator[Any]:
    """A page of its own; a script that fails, or that the policy stops, fails the test."""
    context = browser.new_context(**options)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    opened.on(
        "console", lambda said: faults.append(said.text) if said.type == "error" and "policy" in said.text.lower() else None
    )
    yield opened
    context.close()
    assert faults == []


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Application -> its address while inside."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def seeds() -> Iterator[str]:
    """Address of a service over the shipped seeds."""
    with serving(create_app(Resolver.open().warmed())) as address:
        yield address


def listed(data: Path, rows: list[dict[str, Any]], *, name: str = "watch") -> None:
    """Rows -> the newest version of a list in the data directory."""
    file = data.with_name(f"{name}.jsonl")
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    publish.import_list(data, format="jsonl", file=file, list_name=name, force=True)


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with one list, to be copied."""
    data = tmp_path_factory.mktemp("imported") / "data"
    listed(data, PEOPLE)
    return data


@pytest.fixture
def data(imported: Path, tmp_path: Path) -> Path:
    """A data directory with one list, which the test may change."""
    return Path(shutil.copytree(imported, tmp_path / "data", symlinks=True))


@pytest.fixture
def served(data: Path) -> Iterator[str]:
    """Address of a service over it that records suggestions with their snippets."""
    with serving(recording(data)) as address:
        yield address


def recording(data: Path, tokens: Tokens | None = None) -> Flask:
    """Data directory -> the application over it, which records suggestions."""

    def opened() -> Resolver:
        resolver = Resolver.open(data)
        resolver.on_mentions = Recorder(data, snippets=True)
        return resolver

    return create_app(opened, rules=Access(tokens or Tokens(None)))


Opener = Callable[[], Resolver]
