"""From a text to a judgement to an alias, by mouse and by keys, with JavaScript and without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from aliases.review import Review, Sighting
from resolver.credentials import Tokens
from resolver.web import review_page
from tests.browser.conftest import PEOPLE, TEXT, listed, recording, serving


def read(page: Any, address: str) -> None:
    page.goto(f"{address}/")
    page.fill("#text", TEXT)
    page.click("button.primary")
    page.wait_for_selector("#result .text")


def lookup(address: str, name: str) -> dict[str, Any]:
    from urllib.parse import quote

    with urlopen(f"{address}/lookup?name={quote(name)}") as answer:  # noqa: S310 - loopback
        found = json.load(answer)["candidates"]
    return found[0] if found else {}


def spellings(page: Any) -> list[str]:
    return page.locator(".queue .card h2").all_inner_texts()


def test_a_spelling_is_read_judged_and_known_at_the_next_lookup(page, served):
    read(page, served)
    page.goto(f"{served}/review")
    assert spellings(page) == ["Ghassem Solaimani", "Muamar Khadafi"]
    assert "regime fell" in page.locator(".card blockquote").last.inner_text()
    assert lookup(served, "Muamar Khadafi")["kind"] != "exact"
    page.locator(".card", has_text="Muamar").get_by_role("button", name="Accept").click()
    page.wait_for_selector("text=accepted")
    assert wait_for(page, served, "Muamar Khadafi")["matched"] == "Muamar Khadafi"
    page.goto(f"{served}/entity/gaddafi")
    assert "from review" in page.inner_text("main")
    page.goto(f"{served}/review")
    assert spellings(page) == ["Ghassem Solaimani"]


def wait_for(page: Any, address: str, name: str, kind: str = "exact") -> dict[str, Any]:
    """The next lookup once the generation with the alias is served; it was asked for, so it comes."""
    for _ in range(200):
        if (found := lookup(address, name)).get("kind") == kind:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(found)


def test_a_rejected_spelling_does_not_come_back(page, served):
    read(page, served)
    page.goto(f"{served}/review")
    page.locator(".card", has_text="Muamar").get_by_role("button", name="Reject").click()
    page.wait_for_selector("text=rejected")
    read(page, served)
    page.goto(f"{served}/review")
    assert spellings(page) == ["Ghassem Solaimani"]
    page.goto(f"{served}/review?show=history")
    assert "reject" in page.inner_text("table")
    assert "page" in page.inner_text("table")


def test_a_judgement_is_taken_back(page, served, data):
    read(page, served)
    page.goto(f"{served}/review")
    page.locator(".card", has_text="Muamar").get_by_role("button", name="Reject").click()
    page.get_by_role("button", name="Undo").first.click()
    page.wait_for_selector("#status:has-text('open')")
    page.goto(f"{served}/review")
    assert spellings(page) == ["Ghassem Solaimani", "Muamar Khadafi"]


def test_the_queue_is_judged_by_keys_alone(scripted, served):
    read(scripted, served)
    scripted.goto(f"{served}/review")
    scripted.keyboard.press("j")
    assert scripted.evaluate("document.activeElement.querySelector('h2').innerText") == "Ghassem Solaimani"
    scripted.keyboard.press("r")
    scripted.wait_for_selector("output:has-text('rejected')")
    assert scripted.evaluate("document.activeElement.querySelector('h2').innerText") == "Muamar Khadafi"
    scripted.keyboard.press("u")
    scripted.wait_for_selector("output:has-text('waits again')")
    scripted.keyboard.press("k")
    scripted.keyboard.press("a")
    scripted.wait_for_selector("output:has-text('accepted')")
    assert wait_for(scripted, served, "Ghassem Solaimani")["entity"]["id"] == "soleimani"


def test_keys_do_nothing_while_something_is_typed(scripted, served):
    read(scripted, served)
    scripted.goto(f"{served}/review")
    scripted.fill("#q", "")
    scripted.press("#q", "a")
    scripted.press("#q", "r")
    assert scripted.input_value("#q") == "ar"
    assert scripted.locator(".card.judged").count() == 0


def test_a_reader_says_wrong_and_the_queue_shows_it_first(page, served):
    read(page, served)
    page.click("text=Muamar Khadafi >> visible=true")
    card = page.locator(".why:visible")
    if page.evaluate("typeof reopen === 'function'"):
        card.get_by_role("button", name="Wrong").click()
        card.locator("output", has_text="Noted").wait_for()
    else:
        with page.expect_popup() as popup:
            card.get_by_role("button", name="Wrong").click()
        popup.value.wait_for_selector("#noted")
    page.goto(f"{served}/review")
    assert spellings(page)[0] == "Muamar Khadafi"
    assert "says wrong" in page.locator(".card").first.inner_text()


def test_two_entities_that_are_one_are_merged_on_the_page(page, data, tmp_path):
    listed(data, [{"id": "other", "type": "person", "name": "Qasem Soleimani"}], name="press")
    with serving(recording(data)) as address:
        page.goto(f"{address}/review?show=merges")
        assert "Qasem Soleimani" in page.locator(".card").first.inner_text()
        page.locator(".card").first.get_by_role("button", name="The same").click()
        page.wait_for_selector("text=/No two entities|the same/")
        for _ in range(200):
            if set(lookup(address, "Qasem Soleimani")["entity"]["lists"]) == {"watch", "press"}:
                break
            page.wait_for_timeout(100)
        else:
            raise AssertionError("not merged")


@pytest.fixture
def alike(data: Path) -> Iterator[str]:
    """Address of a service over two lists that both have one person."""
    listed(data, [{"id": "other", "type": "person", "name": "Qasem Soleimani"}], name="press")
    with serving(recording(data)) as address:
        yield address


def test_what_was_said_of_two_entities_is_taken_back_and_told_with_who_said_it(page, alike):
    page.goto(f"{alike}/review?show=merges")
    for button in ("Different", "Undo"):  # the page shows both before they are answered
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.get_by_role("button", name=button).first.click()
    page.wait_for_selector("output:has-text('waits again'), .card:not(.judged)")
    page.goto(f"{alike}/review?show=history")
    rows = page.locator("tbody tr").all_inner_texts()
    assert ["undo" in rows[0], "different" in rows[1]] == [True, True]
    assert all("Qasem Soleimani" in row and "other" in row and "page" in row for row in rows)
    page.goto(f"{alike}/review?show=merges")
    assert page.locator(".card").count() == 1


def test_merges_are_judged_by_keys_alone(scripted, alike):
    scripted.goto(f"{alike}/review?show=merges")
    scripted.keyboard.press("j")
    scripted.keyboard.press("r")
    scripted.wait_for_selector("output:has-text('different')")
    scripted.keyboard.press("u")
    scripted.wait_for_selector("output:has-text('waits again')")
    scripted.keyboard.press("a")
    scripted.wait_for_selector("output:has-text('the same')")


def test_merges_are_compared_stretch_by_stretch_to_the_last_entity(page, alike, monkeypatch):
    monkeypatch.setattr(review_page, "MERGE_SECONDS", 0.0)
    page.goto(f"{alike}/review?show=merges")
    seen, pairs = [], 0
    for _ in range(4):
        seen.append(page.inner_text(".compared"))
        pairs += page.locator(".card").count()
        if page.locator(".more").count():
            page.click(".more")
    assert [f"entities {at} to {at} of 4" in told for at, told in enumerate(seen, 1)] == [True] * 4
    assert pairs == 2  # each of the two leads to the other
    page.select_option("#list", "press")
    page.click("button:has-text('Compare')")
    assert "list=press" in page.url


def test_with_tokens_the_page_asks_for_one_and_says_whose_judgement_it_was(browser, data, tmp_path):
    tokens = Tokens(tmp_path / "tokens.json")
    secret = tokens.create("ann", scope="write")
    with Review.open(data, write=True) as queue:
        queue.note([Sighting(spelling="Muamar Khadafi", entity="gaddafi", name="Muammar Gaddafi", type="person", score=0.9)])
    with serving(recording(data, tokens)) as address:
        stranger = browser.new_context(java_script_enabled=False)
        page = stranger.new_page()
        page.goto(f"{address}/review")
        answer = page.request.post(f"{address}/review", form={"id": "x", "judgement": "accept"})
        assert answer.status == 401
        stranger.close()
        context = browser.new_context(http_credentials={"username": "", "password": secret})
        page = context.new_page()
        page.goto(f"{address}/review")
        page.locator(".card").get_by_role("button", name="Reject").click()
        page.wait_for_selector("output:has-text('rejected')")
        page.goto(f"{address}/review?show=history")
        assert "token:ann" in page.inner_text("table")
        context.close()


@pytest.mark.parametrize("spelling", ["<img src=x onerror=alert(1)>", "\u202eifadahK ramauM"])
def test_a_hostile_spelling_shows_as_text(page, served, data, spelling):
    with Review.open(data, write=True) as queue:
        queue.note(
            [Sighting(spelling=spelling, entity="gaddafi", name=PEOPLE[0]["name"], type="person", score=0.9, context=spelling)]
        )
    page.goto(f"{served}/review")
    assert page.locator(".card h2").evaluate("one => one.textContent") == spelling
    assert page.locator("main img").count() == 0
