"""The name page, the pages of entities and of lists in Chromium."""

from __future__ import annotations

from aliases import fetches
from aliases.store import FILE, Store
from tests.browser.conftest import PEOPLE, listed


def test_a_name_is_set_against_its_candidate_letter_by_letter(page, seeds):
    page.goto(f"{seeds}/name")
    page.fill("#name", "Ghasem Solimani")
    page.click("button.primary")
    page.wait_for_selector(".card")
    card = page.locator(".card").first
    assert "Qasem Soleimani" in card.inner_text()
    first = card.locator(".letters table").first
    assert first.locator("tr").first.locator("td").first.inner_text() == "Gh"
    assert first.locator("td.alike").count() >= 2  # gh over q
    assert card.locator(".bars li").count() >= 2


def test_a_name_in_arabic_is_set_against_latin(page, seeds):
    page.goto(f"{seeds}/name?name=قاسم سليماني")
    assert page.input_value("#name") == "قاسم سليماني"
    assert page.locator(".card .letters td.same, .card .letters td.alike").count() >= 8


def test_a_name_that_fits_nobody_is_said_to_fit_nobody(page, seeds):
    page.goto(f"{seeds}/name?name=Xqwertz Yuiopz")
    assert "Nobody and nothing" in page.inner_text("main")
    page.goto(f"{seeds}/name?name=" + "a" * 600)
    assert page.locator("[role=alert]").count() == 1


def test_entities_are_offered_while_a_name_is_typed_in_any_script(scripted, seeds):
    scripted.goto(f"{seeds}/name")
    scripted.locator("#name").press_sequentially("دير الز")
    scripted.wait_for_selector("[role=option]:has-text('Deir ez-Zor')", timeout=60_000)
    assert scripted.get_attribute("#name", "aria-expanded") == "true"
    scripted.press("#name", "ArrowDown")
    active = scripted.get_attribute("#name", "aria-activedescendant")
    assert scripted.get_attribute(f"#{active}", "aria-selected") == "true"
    scripted.press("#name", "Enter")
    scripted.wait_for_url("**/entity/*")
    assert scripted.locator("h1").inner_text()


def test_escape_closes_what_is_offered_and_enter_looks_up_what_was_typed(scripted, seeds):
    scripted.goto(f"{seeds}/name")
    scripted.locator("#name").press_sequentially("Raqq")
    scripted.wait_for_selector("[role=option]", timeout=60_000)
    scripted.press("#name", "Escape")
    assert scripted.locator("[role=option]:visible").count() == 0
    scripted.press("#name", "Enter")
    scripted.wait_for_url("**/name?name=Raqq*")


def test_an_entity_shows_its_names_by_script_and_source_and_where_it_is(page, seeds):
    page.goto(f"{seeds}/entity/deir-ez-zor")
    assert {"Latin", "Arabic", "Cyrillic"} <= {text.split()[0] for text in page.locator("section h3").all_inner_texts()}
    assert "from seeds/" in page.inner_text("main")
    assert "openstreetmap.org" in page.locator(".outside a").first.get_attribute("href")
    assert page.locator("[dir=rtl] bdi[lang=ar]").count() >= 1
    assert page.goto(f"{seeds}/entity/nobody").status == 404


def test_a_list_shows_its_history_its_chart_and_what_changed(page, data, served):
    listed(data, [{**PEOPLE[0], "aliases": ["Qaddafi"]}, *PEOPLE[1:], {"id": "new", "type": "place", "name": "Raqqa"}])
    listed(data, [{**PEOPLE[0], "aliases": ["Qaddafi"]}, *PEOPLE[2:]])
    page.goto(f"{served}/watchlists")
    page.click("table a:has-text('watch')")
    assert page.locator(".chart circle").count() == 3
    assert page.locator(".chart .version").all_text_contents() == ["1", "2", "3"]
    assert "removed" in page.inner_text("main")
    page.select_option("#old", "1")
    page.select_option("#new", "2")
    page.click("button:has-text('Compare')")
    told = page.locator("table").first.inner_text()
    assert "Raqqa" in told
    assert "+ Qaddafi" in told
    assert "− معمر القذافي" in told


def test_a_list_that_could_not_be_fetched_says_since_when_and_why(page, data, served):
    with Store.open(data / FILE, write=True) as store:
        look = fetches.last(store, "watch", url="https://lists.example/watch.jsonl", format="jsonl")
        fetches.note_failed(store, look, error="the server answered 503")
    page.goto(f"{served}/watchlists")
    assert "failing since just now: the server answered 503" in page.inner_text("td .bad")


def test_shipped_lists_say_that_they_keep_no_history(page, seeds):
    page.goto(f"{seeds}/watchlists")
    assert "shipped" in page.inner_text("main")
    page.click("main a:has-text('seeds')")
    assert "no history" in page.inner_text("main")
    assert page.goto(f"{seeds}/watchlists/none").status == 404
