"""JSON Lines through the pipe: what stood in a line stays, mentions are added, bad lines are told and passed over."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliases.errors import AkaError, InvalidError
from resolver import pipeline
from tests.resolver.fake import FakeResolver

FIND = FakeResolver().mentions


def annotate(*lines: bytes, field: str = "text", **options) -> tuple[list[bytes], list[tuple[int, str]]]:
    bad: list[tuple[int, str]] = []
    found = list(
        pipeline.annotate(lines, FIND, field=field, bad=lambda number, error: bad.append((number, error.detail)), **options)
    )
    return found, bad


def test_an_object_comes_back_as_it_was_written_with_mentions_added():
    (line,), bad = annotate(b'{ "b" : 1.10, "text": "in Raqqa",  "big": 123456789012345678901234567890 }\n')
    assert line.startswith(b'{ "b" : 1.10, "text": "in Raqqa",  "big": 123456789012345678901234567890 ,"mentions":[{')
    assert line.endswith(b"]}\n")
    assert [found["surface"] for found in json.loads(line)["mentions"]] == ["Raqqa"]
    assert bad == []


def test_lines_keep_their_order_and_a_text_without_mentions_keeps_its_line():
    found, _ = annotate(*(f'{{"id": {number}, "text": "x"}}\n'.encode() for number in range(50)))
    assert [json.loads(line) for line in found] == [{"id": number, "text": "x", "mentions": []} for number in range(50)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{broken\n", "not JSON"),
        (b"[1]\n", "no object"),
        (b'"text"\n', "no object"),
        (b"null\n", "no object"),
        (b'{"body": "Raqqa"}\n', "it has body; name the field with --field"),
        (b'{"text": null}\n', "no text"),
        (b'{"text": ["Raqqa"]}\n', "no text"),
        (b'{"text": "a", "text": "b"}\n', "stands twice"),
        (b'{"text": "\\ud800"}\n', "surrogate"),
        (b'{"text": "\xff"}\n', "not UTF-8"),
        (b'{"text": NaN}\n', "NaN"),
        (b'{"text": ' + b"[" * 40 + b"]" * 40 + b"}\n", "deeper"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_the_rest_goes_on(line, says):
    found, bad = annotate(b'{"text": "Raqqa"}\n', line, b'{"text": "ISIS"}\n')
    assert [json.loads(kept)["text"] for kept in found] == ["Raqqa", "ISIS"]
    assert [number for number, _ in bad] == [2]
    assert says in bad[0][1]


def test_a_bad_line_stops_everything_when_the_caller_raises():
    def stop(number: int, error: AkaError) -> None:
        raise InvalidError(f"line {number}")

    lines = pipeline.annotate([b'{"text": "a"}', b"bad", b'{"text": "b"}'], FIND, bad=stop)
    assert next(lines)
    with pytest.raises(InvalidError, match="line 2"):
        next(lines)


def test_blank_lines_are_passed_over_but_counted():
    found, bad = annotate(b"\n", b'{"text": ""}\n', b"  \r\n", b"bad\n")
    assert len(found) == 1
    assert [number for number, _ in bad] == [4]


def test_a_byte_order_mark_and_carriage_returns_do_no_harm():
    found, bad = annotate(b'\xef\xbb\xbf{"text": "Raqqa"}\r\n')
    assert json.loads(found[0])["mentions"][0]["start"] == 0
    assert bad == []


def test_mentions_of_an_earlier_run_are_replaced():
    once, _ = annotate(b'{"text": "Raqqa", "big": 123456789012345678901234567890}')
    twice, bad = annotate(*once)
    assert [json.loads(line) for line in twice] == [json.loads(line) for line in once]
    assert bad == []


def test_the_text_may_stand_in_another_field_and_offsets_in_another_unit():
    (line,), _ = annotate(b'{"body": "\xf0\x9f\x98\x80 Raqqa", "text": 5}', field="body", offsets="utf16")
    assert json.loads(line)["mentions"][0]["start"] == 3


def test_a_line_separator_of_unicode_does_not_end_a_line():
    (line,), bad = annotate('{"text": "a\u2028Raqqa"}\n'.encode())
    assert json.loads(line)["text"] == "a\u2028Raqqa"
    assert bad == []


@given(
    st.dictionaries(
        st.text(), st.none() | st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False), max_size=5
    )
)
def test_whatever_an_object_holds_comes_back(other):
    row = {**other, "text": "in Raqqa", "mentions": 1}
    found, bad = annotate(json.dumps(row).encode() + b"\n")
    assert bad == []
    (line,) = found
    back = json.loads(line)
    assert [mention["surface"] for mention in back.pop("mentions")] == ["Raqqa"]
    row.pop("mentions")
    assert back == row
