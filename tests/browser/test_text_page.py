"""The text page in Chromium: what is marked, why, what a slider and a file do, and that no text becomes anything but text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from golden import Text, texts

from resolver import Resolver

HOSTILE = [
    "<script>alert(1)</script> in Raqqa",
    "</textarea></div></main><img src=x onerror=alert(1)><svg onload=alert(1)> Raqqa",
    "Raqqa \u202egnp.exe\u202c \u2066 near \u200f دير الزور",
    "javascript:alert(1) Raqqa \" ' ` &amp; &lt;b&gt; {{7*7}}",
    '"><a href="javascript:alert(1)">Raqqa</a>',
]


def ask(page: Any, address: str, text: str) -> None:
    """Paste a text and send it."""
    page.goto(f"{address}/")
    page.fill("#text", text)
    page.click("button.primary")
    page.wait_for_selector("#result .text")


def marks(page: Any) -> list[str]:
    return page.locator(".text mark").evaluate_all("all => all.map(one => one.textContent)")


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver.open()


def test_the_golden_texts_are_marked_as_the_library_finds_them_and_nearly_all_as_they_should(scripted, seeds, resolver):
    right = wrong = 0
    for golden in texts():
        shown = compared(scripted, seeds, resolver, golden)
        wanted = [golden.text[start:end] for start, end, _ in golden.mentions]
        right += sum(min(shown.count(one), wanted.count(one)) for one in set(wanted))
        wrong += abs(len(shown) - len(wanted))
    assert right > 100
    assert wrong <= right * 0.1


def test_golden_texts_are_marked_without_script_too(page, seeds, resolver):
    for golden in texts()[::8]:
        compared(page, seeds, resolver, golden)


def compared(page: Any, address: str, resolver: Resolver, golden: Text) -> list[str]:
    """Paste a golden text -> what is marked in it, which is what the library finds, in a text that is whole."""
    ask(page, address, golden.text)
    shown = marks(page)
    assert shown == [found.surface for found in resolver.mentions(golden.text)], golden.title
    assert page.locator("#result .text").evaluate("one => one.textContent") == golden.text
    return shown


def test_a_click_on_a_mention_says_whom_it_means_and_why(page, seeds):
    ask(page, seeds, "Nobody in Dayr az-Zawr met Muamar Khadafi.")
    assert page.locator(".why:visible").count() == 0
    page.click("text=Muamar Khadafi >> visible=true")
    card = page.locator(".why:visible")
    assert card.count() == 1
    told = card.inner_text()
    assert "Muammar Gaddafi" in told
    assert "another spelling" in told
    assert "seeds/" in told  # the source of the alias that was matched
    assert "%" in told
    assert card.locator(".bars meter").count() >= 2
    page.click(".text mark >> nth=0")
    assert page.locator(".why:visible").inner_text().startswith("×\n\nDayr az-Zawr") or "Deir ez-Zor" in card.inner_text()


def test_the_panel_counts_entities_and_shows_where_they_are(page, seeds):
    ask(page, seeds, "Raqqa fell.\nIn Raqqa and دير الزور they waited.\nRaqqa!")
    first = page.locator(".entities li").first
    assert "Raqqa" in first.inner_text()
    assert "3×" in first.inner_text()
    assert "line 1" in first.inner_text()
    assert first.locator(".strip path").get_attribute("d").count("M") == 3


def test_directions_and_languages_are_said_of_the_text_and_of_its_mentions(page, seeds):
    ask(page, seeds, "قال سكان في دير الزور إن تنظيم داعش انسحب.")
    text = page.locator("#result .text")
    assert (text.get_attribute("dir"), text.get_attribute("lang")) == ("auto", "und-Arab")
    assert text.evaluate("one => getComputedStyle(one).direction") == "rtl"
    ask(page, seeds, "Near دير الזור and Deir ez-Zor, Дамаск.".replace("الזור", "الزور"))
    langs = page.locator(".text mark a").evaluate_all("all => all.map(one => one.lang)")
    assert langs == ["und-Arab", "", "und-Cyrl"]
    assert page.locator("#result .text").evaluate("one => getComputedStyle(one).direction") == "ltr"


def test_a_mention_stands_where_the_text_has_it_in_mixed_directions_too(page, seeds):
    ask(page, seeds, "They said: חיזבאללה בביירות, and left.")
    first, second = (page.locator(".text mark").nth(at).bounding_box() for at in (0, 1))
    assert marks(page) == ["חיזבאללה", "ביירות"]
    assert first["x"] > second["x"]  # a run from right to left goes on through what is marked


def test_readings_of_spans_that_overlap_a_mention_are_named_beside_it(page, seeds):
    ask(page, seeds, "They met the Syrian Democratic Forces in the Deir ez-Zor Military Council.")
    page.click(".text mark:has-text('Deir ez-Zor')")
    told = page.locator(".why:visible dl").inner_text()
    assert "Overlaps" in told
    assert "Deir ez-Zor → Deir ez-Zor" in told


def test_a_page_of_an_entity_opens_beside_the_result(page, seeds):
    ask(page, seeds, "In Raqqa.")
    with page.expect_popup() as popup:
        page.click(".entities .head a")
    popup.value.wait_for_load_state()
    assert popup.value.url.endswith("/entity/raqqa")
    assert marks(page) == ["Raqqa"]


def test_a_text_without_mentions_is_said_to_have_none(page, seeds):
    ask(page, seeds, "a quiet line of words")
    assert "0 mentions of 0 entities" in page.inner_text(".bar")
    assert "Nobody and nothing" in page.inner_text(".panel")


def test_the_result_is_printed_without_what_is_only_for_the_screen(page, seeds):
    ask(page, seeds, "In Raqqa.")
    page.emulate_media(media="print")
    assert page.locator("#ask, nav, .exports, .keys").evaluate_all("all => all.filter(one => one.checkVisibility()).length") == 0
    assert page.locator(".text mark").is_visible()
    assert page.locator(".entities").is_visible()


def test_the_slider_filters_without_leaving_the_page(scripted, seeds):
    ask(scripted, seeds, "They left Deir ez-Zor. Muamar Khadafi spoke.")
    before = marks(scripted)
    assert len(before) == 2
    scripted.evaluate("window.stayed = true")
    move(scripted, "0.99")
    wait_for_marks(scripted, 0)
    move(scripted, "0.4")
    wait_for_marks(scripted, 2)
    assert scripted.evaluate("window.stayed")


def wait_for_marks(page: Any, count: int) -> None:
    """The answer to a request that was sent comes; the page's policy lets nothing wait for it by `eval`."""
    for _ in range(300):
        if len(marks(page)) == count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(marks(page))


def move(page: Any, value: str) -> None:
    page.locator("#min_score").evaluate("(one, to) => { one.value = to; one.dispatchEvent(new Event('input')) }", value)


def test_the_slider_and_the_types_are_part_of_the_form_and_of_a_link_without_the_text(page, seeds):
    ask(page, seeds, "Deir ez-Zor and Bashar al-Assad")
    page.check("input[value=person]")
    page.click("button.primary")
    page.wait_for_selector("#permalink[href*=person]")
    assert marks(page) == ["Bashar al-Assad"]
    assert page.locator("#permalink").get_attribute("href") == "/?type=person"
    page.click("#permalink")
    assert page.is_checked("input[value=person]")
    assert page.input_value("#text") == ""


@pytest.mark.parametrize("kind", ["json", "csv", "html"])
def test_a_result_is_kept_as_a_file(page, seeds, kind):
    ask(page, seeds, "In Raqqa, دير الزور.")
    with page.expect_download() as download:
        page.click(f"button[value={kind}]")
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert download.value.suggested_filename == f"mentions.{kind}"
    if kind == "json":
        assert [one["surface"] for one in json.loads(content)["mentions"]] == ["Raqqa", "دير الزور"]
    assert "Raqqa" in content
    assert "دير الزور" in content


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_shows_as_text(page, seeds, text):
    ask(page, seeds, text)
    assert page.locator("#result .text").evaluate("one => one.textContent") == text
    assert "Raqqa" in marks(page)
    assert page.locator("#result img, #result svg:not(.strip), #result script").count() == 0


def test_a_text_of_a_megabyte_is_shown_whole(scripted, seeds):
    text = "Raqqa fell. " + "a quiet line of words\n" * 45_000
    scripted.goto(f"{seeds}/")
    scripted.locator("#text").evaluate("(one, text) => { one.value = text }", text[:990_000])  # typing it takes minutes
    scripted.click("button.primary", timeout=120_000)
    scripted.wait_for_selector("#result .text", timeout=120_000)
    assert scripted.locator("#result .text").evaluate("one => one.textContent.length") == 990_000
    assert marks(scripted)[0] == "Raqqa"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "Raqqa und دير الزور".encode()),
        ("a.txt", b"\xff\xfe" + "Raqqa دير الزور".encode("utf-16-le")),
        ("a.html", "<title>Kabul</title><script>'Kabul'</script><p>In <b>Raqqa</b></p><p>دير الزور</p>".encode()),
        ("a.htm", "<meta charset='windows-1256'><p>Raqqa دير الزور</p>".encode("cp1256")),
    ],
)
def test_a_file_is_read_in_place_of_a_paste(page, seeds, name, content):
    page.goto(f"{seeds}/")
    page.set_input_files("#file", {"name": name, "mimeType": "text/plain", "buffer": content})
    if page.locator("#result .text").count() == 0:
        page.click("button.primary", no_wait_after=True)
    page.wait_for_selector("#result .text")
    assert marks(page) == ["Raqqa", "دير الزور"]


def test_a_pdf_is_read_in_place_of_a_paste(page, seeds, printed):
    page.goto(f"{seeds}/")
    page.set_input_files("#file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": printed})
    if page.locator("#result .text").count() == 0:
        page.click("button.primary", no_wait_after=True)
    page.wait_for_selector("#result .text")
    assert marks(page) == ["Raqqa", "Дамаске"]


@pytest.mark.parametrize(("content", "says"), [(b"%PDF-1.7 cut off", "cannot be read"), (b"\x89PNG", "is not read here")])
def test_a_file_that_cannot_be_read_is_refused_on_the_page(page, seeds, content, says):
    page.goto(f"{seeds}/")
    name = "a.pdf" if content.startswith(b"%PDF") else "a.png"
    sends_itself = page.evaluate("typeof reopen === 'function'")
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    if not sends_itself:
        page.click("button.primary")
    page.wait_for_selector("[role=alert]")
    assert says in page.locator("[role=alert]").inner_text()


@pytest.fixture(scope="module")
def printed(browser: Any) -> bytes:
    """A PDF that Chromium made."""
    page = browser.new_page()
    page.set_content("<h1>Report</h1><p>They left Raqqa.</p><p>В Дамаске ждали.</p>")
    made: bytes = page.pdf()
    page.context.close()
    return made


def test_a_dropped_file_is_searched(scripted, seeds):
    scripted.goto(f"{seeds}/")
    scripted.evaluate(
        """() => {
            const carried = new DataTransfer();
            carried.items.add(new File(["They left Raqqa."], "dropped.txt", {type: "text/plain"}));
            const drop = new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true});
            document.getElementById("text").dispatchEvent(drop);
        }"""
    )
    scripted.wait_for_selector("#result .text")
    assert marks(scripted) == ["Raqqa"]


def test_keys_walk_the_mentions(scripted, seeds):
    ask(scripted, seeds, "Raqqa, then دير الزور, then Kabul.")
    for wanted in ("Raqqa", "دير الزور", "Kabul", "Raqqa"):
        scripted.keyboard.press("n")
        assert scripted.locator(".text mark.here").inner_text() == wanted
    scripted.keyboard.press("p")
    assert scripted.locator(".text mark.here").inner_text() == "Kabul"
    scripted.keyboard.press("Enter")
    assert "Kabul" in scripted.locator(".why:visible").inner_text()
    scripted.keyboard.press("Escape")
    assert scripted.locator(".why:visible").count() == 0


def test_votes_are_only_offered_where_they_are_taken_down(page, seeds):
    ask(page, seeds, "In Raqqa.")
    assert page.locator(".vote").count() == 0
