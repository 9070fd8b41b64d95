"""axe-core finds nothing to complain of on any page, light and dark, on a desk and on a telephone; nothing is wider than it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aliases.review import Review, Sighting
from resolver import judging
from tests.browser.conftest import PEOPLE, TEXT, listed, recording, serving

PLACES = (
    "/", "/?example=1", "/name", "/name?name=Ghasem+Solimani", "/name?name=Nobody+Atall", "/entity/gaddafi", "/watchlists",
    "/watchlists/watch", "/review", "/review?show=history", "/review?show=merges", "/review?show=merges&done=gaddafi&other=third", "/entity/none",
)  # fmt: skip


@pytest.fixture(scope="module")
def filled(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service in which every part of the pages has something to show."""
    data = Path(shutil.copytree(imported, tmp_path_factory.mktemp("filled") / "data", symlinks=True))
    _fill(data)
    with serving(recording(data)) as address:
        yield address


@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_no_violation_and_nothing_overflows(browser, filled, place):
    page = browser.new_page()
    page.goto(filled + place)
    assert _complaints(page) == []
    page.context.close()


def test_axe_finds_no_violation_where_a_mention_is_open(browser, filled):
    page = browser.new_page()
    page.goto(f"{filled}/")
    page.fill("#text", f"{TEXT} In دير الزور, Muammar Gaddafi.")
    page.click("button.primary")
    page.click(".text mark >> nth=0")
    page.wait_for_selector(".why:visible")
    assert _complaints(page) == []
    page.context.close()


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
    listed(data, [{"id": "third", "type": "person", "name": "Muammar Khaddafi"}], name="wire")
    judging.judge(data, "gaddafi", ["third"], verdict="same", by="ann", serve=False)


def _complaints(page: Any) -> list[str]:
    """Page -> what axe-core finds and what is wider than the screen, light and dark, on a desk and on a telephone."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python").Axe()
    found: list[str] = []
    for scheme in ("light", "dark"):
        for width in (1280, 360):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            violations = axe.run(page).response["violations"]
            found += [f"{scheme} {width}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{scheme} {width}: wider than the screen")
    return found
