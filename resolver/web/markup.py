"""Small parts of pages that stand many times on one: a name, an entity, its type, a score, reasons -> HTML, escaped.

Each is remembered: a page of a thousand mentions says the same few things of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup

from aliases.entity import Entity
from resolver.explaining import Bar
from resolver.web.results import SHORT, lang_of

_KEPT = 8192


def tag(text: object) -> Markup:
    """Text -> it, apart from the direction of what stands around it, with the language that its script tells."""
    text = str(text)
    return _kept_tag(text) if len(text) <= SHORT else _tag(text)


def _tag(text: str) -> Markup:
    code = lang_of(text)
    return Markup('<bdi lang="%s">%s</bdi>') % (code, text) if code else Markup("<bdi>%s</bdi>") % text


_kept_tag = lru_cache(maxsize=_KEPT)(_tag)


def named(one: Entity, *, apart: bool = False) -> Markup:
    """Entity -> its name, which leads to its page; `apart`: in another tab, beside a result that going back would lose."""
    return entity_link(one.id, one.name, apart=apart)


@lru_cache(maxsize=_KEPT)
def entity_link(identifier: str, name: str, *, apart: bool = False) -> Markup:
    """Id and name of an entity -> the name, which leads to its page."""
    target = Markup(' target="_blank"') if apart else ""
    return Markup('<a href="/entity/%s"%s>%s</a>') % (quote(identifier), target, tag(name))


@lru_cache(maxsize=64)
def type_of(kind: str) -> Markup:
    """Type of an entity -> it as a coloured word."""
    return Markup('<span class="type %s">%s</span>') % (kind, kind)


@lru_cache(maxsize=512)
def percent(value: int, label: str = "Score") -> Markup:
    """Score of a hundred -> a bar and the number."""
    return Markup(
        '<span class="score"><meter min="0" max="100" value="%s" aria-label="%s">%s %%</meter> <span class="number">%s %%</span></span>'
    ) % (value, label, value, value)


def reasons(bars: Sequence[Bar]) -> Markup:
    """Reasons -> a list of them, each behind a bar of its strength where it has one."""
    return _reasons(tuple(bars))


@lru_cache(maxsize=_KEPT)
def _reasons(bars: tuple[Bar, ...]) -> Markup:
    return Markup('<ul class="bars">%s</ul>') % Markup("").join(map(_reason, bars))


def _reason(bar: Bar) -> Markup:
    drawn = (
        Markup('<span class="nobar"></span>')
        if bar.strength is None
        else Markup('<meter min="0" max="1" value="%s" aria-label="Strength of this reason">%s</meter>')
        % (bar.strength, bar.strength)
    )
    return Markup("<li>%s<span>%s</span></li>") % (drawn, bar.text)
