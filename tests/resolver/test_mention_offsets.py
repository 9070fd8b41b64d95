"""Offsets of mentions in the units of other languages: UTF-16 as JavaScript counts, UTF-8 as bytes do."""

import json
import shutil
import subprocess

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolver import Resolver
from resolver.wire import mention_answers

TEXTS = [
    "Fighting in Aleppo goes on.",
    "🔥🔥 Fighting in Aleppo 🇸🇾 and in Damascus 𝗨𝗽𝗱𝗮𝘁𝗲.",
    "وصلت القوات إلى دير الزور أمس ثم حلب",
    "É́tat: 𝐃𝐚𝐦𝐚𝐬𝐜𝐮𝐬, &#65;leppo and A\u200bl\u200beppo, twice.",
    "Бои за Алеппо 🤖 в Сирии; 大马士革和阿勒颇",
    "Nothing here but 🔥.",
]


@pytest.fixture(scope="module")
def seeds_resolver() -> Resolver:
    return Resolver.open()


_SLICES = """
const rows = JSON.parse(require('fs').readFileSync(0, 'utf8'));
for (const { text, mentions } of rows)
  for (const m of mentions)
    if (text.slice(m.start, m.end) !== m.surface)
      throw new Error(JSON.stringify([text, m, text.slice(m.start, m.end)]));
console.log(rows.reduce((sum, row) => sum + row.mentions.length, 0));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: nobody counts as JavaScript does")
def test_javascript_slices_the_surface_at_utf16_offsets(seeds_resolver: Resolver) -> None:
    rows = []
    for text in TEXTS:
        found = mention_answers(text, seeds_resolver.mentions(text, min_score=0.0), offsets="utf16")
        rows.append({"text": text, "mentions": msgspec.to_builtins(found)})
    asked = json.dumps(rows).encode()
    answered = subprocess.run(["node", "-e", _SLICES], input=asked, capture_output=True, check=False)
    assert answered.returncode == 0, answered.stderr.decode()
    assert int(answered.stdout) >= 9


PIECES = ["Aleppo", "دمشق", "Damascus", "🔥", "&#65;leppo", "said", "ﬁ", "é", "\u200b", " ", "\n", ". ", "大马士革"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join))
def test_bytes_sliced_at_utf8_offsets_are_the_surface(seeds_resolver: Resolver, text: str) -> None:
    found = seeds_resolver.mentions(text, min_score=0.0)
    for offsets, encoding, size in (("utf8", "utf-8", 1), ("utf16", "utf-16-le", 2)):
        encoded = text.encode(encoding)
        for mention in mention_answers(text, found, offsets=offsets):  # type: ignore[arg-type]
            assert encoded[mention.start * size : mention.end * size].decode(encoding) == mention.surface
    marked = text
    for mine in reversed(found):
        marked = f"{marked[: mine.start]}<m>{mine.surface}</m>{marked[mine.end :]}"
    assert marked.replace("<m>", "").replace("</m>", "") == text
