"""The page: what a person pastes is shown as text, never as markup, and mentions are marked where they stand."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from aliases.entity import Entity
from resolver.explaining import Bar
from resolver.service import create_app
from resolver.web.markup import named, percent, reasons, tag, type_of
from resolver.web.results import lang_of, pieces
from tests.resolver.fake import FakeResolver

HOSTILE = [
    "<script>alert(1)</script> in Raqqa",
    "</div></main><img src=x onerror=alert(1)> Raqqa",
    "Raqqa{{7*7}}{% raise %} &amp; &lt;b&gt; \" ' `",
    "\u202egnp.exe Raqqa\u2066 \u200f دير الزور",
    "\n\nRaqqa\r\n\tISIS\n",
    "\x00\x1b[31m Raqqa",
]


class Page(HTMLParser):
    """The page as a browser reads it: the text of the result, the marks, every tag and attribute."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.inside: list[str] = []
        self.scripts: list[str | None] = []  # where each comes from; None for one that stands in the page
        self.text, self.area, self.marks, self.tags = "", "", [], []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "script":
            self.scripts.append(dict(attrs).get("src"))
        if tag not in ("meta", "link", "input", "br"):
            self.inside.append("text" if ("class", "text") in attrs else tag)
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag):
        self.inside.pop()

    def handle_data(self, data):
        if "text" in self.inside:
            self.text += data
        if "mark" in self.inside:
            self.marks[-1] += data
        if "textarea" in self.inside:
            self.area += data


@pytest.fixture
def client() -> FlaskClient:
    return create_app(FakeResolver()).test_client()


def send(client: FlaskClient, text: str) -> TestResponse:
    """Text -> the answer to the form that a browser would send."""
    body = f'--edge\r\nContent-Disposition: form-data; name="text"\r\n\r\n{text}\r\n--edge--\r\n'.encode()
    return client.post("/", data=body, content_type="multipart/form-data; boundary=edge")


def post(client: FlaskClient, text: str) -> Page:
    answer = send(client, text)
    assert answer.status_code == 200
    return Page(answer.text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_shown_letter_for_letter_as_text(client, text):
    page = post(client, text)
    assert page.text == text.replace("\r\n", "\n")
    assert page.scripts == ["/static/text.js"]
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]


def test_mentions_are_marked_and_nothing_else(client):
    assert post(client, "ISIS left دير الزور for Raqqa.").marks == ["ISIS", "دير الزور", "Raqqa"]
    assert post(client, "Nothing here.").marks == []


def test_the_text_stands_in_the_form_again_with_its_first_line_break(client):
    assert post(client, "\nRaqqa").area == "\n\nRaqqa"  # a browser drops the first line break of a text area


def test_a_name_of_an_entity_cannot_become_markup(client):
    answer = client.get("/", query_string={"name": "<script>alert(1)</script>"})
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_a_name_that_nothing_fits_is_said_to_fit_nothing(client):
    assert "Nobody and nothing" in client.get("/?name=Unheard").text
    assert "Nobody and nothing" not in client.get("/?name=Raqqa").text


def test_a_text_that_is_too_long_is_refused_on_the_page(client):
    answer = send(client, "a" * 1_000_001)
    assert (answer.status_code, answer.mimetype) == (413, "text/html")
    assert "1,000,001" in answer.text


def test_a_form_without_a_text_is_refused_and_an_empty_name_asks_nothing(client):
    assert client.post("/").status_code == 422
    assert client.get("/?name=+").status_code == 200
    assert "null" in client.get("/?name=null").text


@pytest.mark.parametrize(("least", "said"), [("1", True), ("0.99", False), ("", False)])
def test_that_only_what_the_lists_write_is_looked_for_at_1_is_said(client, least, said):
    answer = client.post("/", data={"text": "Raqqa", "min_score": least}, content_type="multipart/form-data")
    assert ("nothing else is looked for at 1" in answer.text) == said


def test_before_there_is_a_text_the_lists_that_are_searched_are_named(client):
    assert "Searched" in client.get("/").text
    assert "Searched" not in send(client, "Raqqa").text


def test_the_language_of_a_name_is_told_by_its_script():
    assert [lang_of(one) for one in ("Raqqa", "Évry", "دير الزور", "Дамаск", "ירושלים", "東京", "さいたま", "서울", "12")] == [
        "", "", "und-Arab", "und-Cyrl", "he", "und-Hani", "ja", "ko", "",
    ]  # fmt: skip
    assert lang_of("دير " * 100_000) == "und-Arab"


def test_parts_that_stand_many_times_are_escaped():
    hostile = "<img src=x onerror=alert(1)>\"'&"
    entity = Entity(hostile.replace("<", "").replace(">", ""), "place", hostile)
    for made in (
        tag(hostile),
        tag(hostile * 50),
        named(entity),
        type_of(hostile),
        percent(9, hostile),
        reasons([Bar(hostile, 0.5)]),
    ):
        assert "<img" not in made
        assert "\"'" not in made


def test_a_text_of_the_greatest_length_is_searched(client):
    answer = send(client, "Raqqa " + "a" * 999_994)
    assert answer.status_code == 200


@pytest.mark.parametrize(("query", "status"), [("?name=" + "a" * 513, 422), ("?other=1", 422), ("?name=%ff", 400)])
def test_a_bad_question_is_explained_on_the_page(client, query, status):
    answer = client.get("/" + query)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert 'role="alert"' in answer.text


def test_no_page_loads_anything_from_elsewhere_or_runs_script_of_its_own(client):
    for path in ("/", "/docs", "/?name=Raqqa", "/name", "/watchlists", "/watchlists/seeds", "/review", "/?example=1"):
        page = Page(client.get(path).text)
        links = [value for name, value in page.attributes if name in ("src", "href", "action")]
        assert links
        assert all(value.startswith(("/", "#")) and not value.startswith("//") for value in links)
        assert all(source and source.startswith("/static/") for source in page.scripts)
        assert "style" not in page.tags
        assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]


def test_the_sheet_and_the_icon_are_served_with_their_types(client):
    assert client.get("/static/page.css").mimetype == "text/css"
    assert client.get("/static/icon.svg").mimetype == "image/svg+xml"


def test_pieces_joined_are_the_text():
    text = "in Raqqa and Raqqa"
    found = FakeResolver().mentions(text)
    cut = pieces(text, found)
    assert "".join(piece.text for piece in cut) == text
    assert [piece.text for piece in cut if piece.mention] == ["Raqqa", "Raqqa"]
    assert pieces("", []) == []
