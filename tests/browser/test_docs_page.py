"""The API description in Chromium: what it describes can be tried on it, from this service alone."""

from __future__ import annotations

import json


def test_an_operation_is_tried_with_its_example(scripted, seeds):
    asked: list[str] = []
    scripted.on("request", lambda request: asked.append(request.url))
    scripted.goto(f"{seeds}/docs")
    form = scripted.locator('form.try[data-method="GET"][data-path="/lookup"]')
    form.locator("summary").click()
    form.locator('input[name="name"]').fill("Ghasem Solimani")
    form.locator('input[name="type"]').fill("person")
    form.locator("button").click()
    form.locator("pre").wait_for()
    assert json.loads(form.locator("pre").inner_text())["candidates"][0]["entity"]["id"] == "qasem-soleimani"
    assert form.locator("output").inner_text().startswith("200 application/json")
    assert {url.partition("/")[2].split("/")[1] for url in asked} == {seeds.partition("/")[2].split("/")[1]}


def test_a_body_is_sent_as_it_is_written_and_a_refusal_is_shown(scripted, seeds):
    scripted.goto(f"{seeds}/docs")
    form = scripted.locator('form.try[data-method="POST"][data-path="/mentions"]')
    form.locator("summary").click()
    assert "Deir al-Zor" in form.locator("textarea").input_value()
    form.locator("textarea").fill('{"txt": 1}')
    form.locator("button").click()
    form.locator("pre").wait_for()
    assert form.locator("output").inner_text().startswith("422 application/problem+json")
    form.locator("select").select_option("application/x-ndjson")
    assert "الرقة" in form.locator("textarea").input_value()


def test_a_change_wants_the_token(scripted, seeds):
    scripted.goto(f"{seeds}/docs")
    form = scripted.locator('form.try[data-method="POST"][data-path="/admin/reload"]')
    form.locator("summary").click()
    form.locator("button").click()
    form.locator("pre").wait_for()
    assert form.locator("output").inner_text().startswith("403 ")
    scripted.fill("#token input", "wrong")
    form.locator("button").click()
    scripted.wait_for_function(
        "() => document.querySelector('form.try[data-path=\"/admin/reload\"] output').textContent.startsWith('401')"
    )


def test_without_script_it_is_there_to_read(page, seeds):
    page.goto(f"{seeds}/docs")
    assert page.locator("h2#get_lookup").count() == 1
