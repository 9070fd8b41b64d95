"""JSON is read one way only: what two parsers could read differently is refused, with the place and the fix."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliases import strict_json
from aliases.errors import MalformedError

_DEEPEST = strict_json.MAX_DEPTH


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b'{"a": 1, "a": 2}', "'a' stands twice"),
        (b'{"a": 1, "\\u0061": 2}', "'a' stands twice"),
        (b'{"x": {"a": 1, "a": 2}}', "stands twice"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": -1e999}', "too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "5000 digits"),
        (b'{"a": "\\ud800"}', "at byte 7"),
        (b'{"a": "\\udc00\\ud800"}', "at byte 7"),
        (b'{"a": "\\ud83d \\ude00"}', "surrogate"),
        (b'{"a": "\\ud83d\\ud83d\\ude00"}', "at byte 7"),
        (b'{"a": "\\ud83d", "b": "\\ude00"}', "surrogate"),
        (b'{"\\udfff": 1}', "surrogate"),
        (b'{"a": "IS\xff"}', "byte 0xFF at offset 9"),
        (b'{"a": "\xc0\xbc"}', "0xC0"),
        (b'{"a": "\xed\xa0\xbd\xed\xb8\x80"}', "0xED"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b"[" * (_DEEPEST + 1) + b"]" * (_DEEPEST + 1), "deeper"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "deeper"),
        (b"[" * 100_000, "deeper"),
        (b"{'a': 1}", "line 1, column 2"),
        (b'{"a": 1,}', "line 1"),
        (b'{"a": 1', "line 1"),
        (b'{"a"\n: 1 x', "line 2"),
        (b'{"a": "b', "line 1, column 7"),
        (b'{"a": "b\nc"}', "control character"),
        (b'{"a": "\\x"}', "escape"),
        (b'{"a": "\\u12"}', "escape"),
        (b"{} {}", "Extra data"),
        (b"\x00", "not JSON"),
        (b"True", "not JSON"),
    ],
)
def test_what_is_not_one_sound_value_is_refused_with_its_place(raw, says):
    with pytest.raises(MalformedError) as refused:
        strict_json.decode(raw)
    assert says in refused.value.detail
    assert "\n" not in refused.value.detail
    assert len(refused.value.detail) < 200


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b' \t\r\n{"a": 1}\n', {"a": 1}),
        (b'{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        (b'{"a": "\\\\ud800"}', {"a": "\\ud800"}),
        (b'{"a": "\\\\\\ud83d\\ude00"}', {"a": "\\😀"}),
        (b'{"a": "\\u0000\\ufffe"}', {"a": "\x00\ufffe"}),
        (b'{"a": "[[[[{{{{' + b"[" * 100 + b'"}', {"a": "[[[[{{{{" + "[" * 100}),
        (b'{"a": "\\"' + b"[" * 100 + b'"}', {"a": '"' + "[" * 100}),
        (b"[" * _DEEPEST + b"]" * _DEEPEST, None),
        (b"[" + b"[]," * 100 + b"[]]", [[]] * 101),
        (b"12345678901234567890", 12345678901234567890),
        (b"-0.5e-3", -0.0005),
        (b"null", None),
    ],
)
def test_what_is_sound_is_read(raw, value):
    read = strict_json.decode(raw)
    assert value is None or read == value


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(_VALUES, st.booleans())
def test_whatever_json_can_hold_is_read_as_the_standard_library_reads_it(value, escaped):
    assert strict_json.decode(json.dumps(value, ensure_ascii=escaped).encode()) == value


@given(st.text(st.characters(categories=["Cs", "L", "P"]), max_size=20))
def test_a_string_is_read_exactly_when_it_could_be_sent_as_utf8(text):
    raw = json.dumps(text).encode()
    halves = any("\ud800" <= char <= "\udfff" for char in json.loads(raw))
    if halves:
        with pytest.raises(MalformedError, match="surrogate"):
            strict_json.decode(raw)
    else:
        assert strict_json.decode(raw) == json.loads(raw)


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused_and_nothing_else_happens(raw):
    with suppress(MalformedError):
        strict_json.decode(raw)
