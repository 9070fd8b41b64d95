"""What the files of the US Treasury's Office of Foreign Assets Control share: the words they use, and what these mean here."""

from __future__ import annotations

from aliases.entity import AliasKind

TYPES = {"individual": "person", "entity": "organization", "vessel": "vessel", "aircraft": "aircraft"}


def identifier(number: str) -> str:
    """OFAC's number of a party, the same in all its files -> id of the entity."""
    return f"ofac-{number.strip()}"


def kind(type_: str, *, weak: bool) -> AliasKind:
    """`a.k.a.`, `f.k.a.` or `n.k.a.`, and whether OFAC holds it for a weak alias (short, a nickname) -> kind of the alias."""
    if weak:
        return "weak"
    return "former" if type_.strip().lower().startswith("f.k.a") else "alias"


def in_order(name: str) -> str:
    """`LAST, First Middle` of a person -> `First Middle LAST`; a name without a comma as it is."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and first.strip() else name
