"""axe-core finds nothing to complain of on any page, light and dark, on a desk and on a telephone; nothing is wider than it."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.review import Review, Sighting
from tests.browser.conftest import PEOPLE, TEXT, listed

PLACES = (
    "/", "/?example=1", "/name", "/name?name=Ghasem+Solimani", "/name?name=Nobody+Atall", "/entity/gaddafi", "/watchlists",
    "/watchlists/watch", "/review", "/review?show=history", "/review?show=merges", "/entity/none",
)  # fmt: skip


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_and_nothing_overflows(browser, served, data, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python").Axe()
    _fill(data)
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    found: list[str] = []
    for place in PLACES:
        page.goto(served + place)
        found += _complaints(axe, page, place)
    page.goto(f"{served}/")
    page.fill("#text", f"{TEXT} In دير الزور, Muammar Gaddafi.")
    page.click("button.primary")
    page.click(".text mark >> nth=0")
    page.wait_for_selector(".why:visible")
    found += _complaints(axe, page, "text, a mention open")
    context.close()
    assert found == []


def _fill(data: Any) -> None:
    """Two suggestions, one judged, a second version of the list, and a pair to merge: every part of the pages is shown."""
    fields = {"entity": "gaddafi", "name": "Muammar Gaddafi", "type": "person", "score": 0.9}
    with Review.open(data, write=True) as queue:
        queue.note(
            [Sighting(spelling=one, context=f"then {one} spoke", **fields) for one in ("Qadhafi", "Kadafi")], snippets=True
        )
        queue.judge(queue.suggestions()[0].id, "reject", by="ann")
    listed(data, [*PEOPLE[:2], {**PEOPLE[2], "aliases": ["دير الزور"]}])
    listed(data, [{"id": "other", "type": "person", "name": "Qasem Soleimani"}], name="press")


def _complaints(axe: Any, page: Any, place: str) -> list[str]:
    results = axe.run(page)
    found = [f"{place}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in results.response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{place}: wider than the screen")
    return found
