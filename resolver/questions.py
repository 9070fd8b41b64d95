"""What may be asked over the wire: a struct for every query string and body, with the limits of each field.

The OpenAPI document is made from these structs, so a field that is added here is documented and checked.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from aliases.entity import EntityType
from resolver import limits

Offsets = Literal["codepoint", "utf16", "utf8"]
Overlaps = Literal["longest", "all"]

LISTS_MARK = "x-loaded-lists"
# What `str.strip` leaves something of; `\S` is not the same letters in every dialect of regular expressions.
_NOT_BLANK = r"[^\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"

Name = Annotated[
    str,
    # That it is not blank is checked by `asking.check_name`, whose message is for a person.
    Meta(
        max_length=limits.NAME_CHARS,
        description="a name in any spelling and script",
        extra_json_schema={"minLength": 1, "pattern": _NOT_BLANK},
    ),
]
Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS, description="the text to search, any script")]
Types = Annotated[list[EntityType], Meta(max_length=limits.LISTS, description="only entities of these types")]
# Which names there are depends on the generation: `openapi` puts them where the mark stands.
ListName = Annotated[str, Meta(extra_json_schema={LISTS_MARK: True})]
Lists = Annotated[list[ListName], Meta(max_length=limits.LISTS, description="only entities on these lists")]
MinScore = Annotated[float, Meta(ge=0, le=1, description="lowest score to answer with; the shipped operating point when absent")]
Limit = Annotated[int, Meta(ge=1, le=limits.CANDIDATES, description="most candidates for one name")]
Country = Annotated[str, Meta(pattern="^[A-Za-z]{2}$", description="ISO 3166-1 alpha-2 code that the entity may have")]
# Days that a month has; 29 February in every year, for records hold it.
_DAY = "02-(0[1-9]|[12][0-9])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
BirthDate = Annotated[
    str,
    Meta(
        pattern=f"^([1-9][0-9]{{3}}|0[1-9][0-9]{{2}})(-(0[1-9]|1[0-2])|-({_DAY}))?$",
        description="YYYY, YYYY-MM or YYYY-MM-DD",
    ),
]
DocumentId = Annotated[str, Meta(max_length=limits.DOCUMENT_ID_CHARS)] | int


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request: values that its type allows and no field that it does not know."""


class LookupQuery(Asked, frozen=True, kw_only=True):
    """Query string of GET /lookup; `type` and `list` may stand several times."""

    name: Name
    type: Types = []
    list: Lists = []
    limit: Limit = limits.CANDIDATES_DEFAULT
    min_score: MinScore | None = None
    country: Country | None = None
    birth_date: BirthDate | None = None


class LookupRequest(Asked, frozen=True, kw_only=True):
    """Body of POST /lookup: many names under one set of filters."""

    names: Annotated[list[Name], Meta(max_length=limits.NAMES)]
    types: Types | None = None
    lists: Lists | None = None
    limit: Limit = limits.CANDIDATES_DEFAULT
    min_score: MinScore | None = None
    country: Country | None = None
    birth_date: BirthDate | None = None


class MentionOptions(Asked, frozen=True, kw_only=True):
    """How a text is searched."""

    types: Types | None = None
    lists: Lists | None = None
    min_score: MinScore | None = None
    overlaps: Annotated[Overlaps, Meta(description="leftmost-longest, or every mention even inside another")] = "longest"
    offsets: Annotated[Offsets, Meta(description="unit that `start` and `end` count in")] = "codepoint"


class MentionsRequest(MentionOptions, frozen=True, kw_only=True):
    """Body of POST /mentions for one text."""

    text: Text


class Document(Asked, frozen=True, kw_only=True):
    """A text with the caller's own id, which comes back with the answer."""

    id: DocumentId
    text: Text


class DocumentsRequest(MentionOptions, frozen=True, kw_only=True):
    """Body of POST /mentions for several texts under one set of options."""

    documents: Annotated[list[Document], Meta(max_length=limits.DOCUMENTS)]


class MentionsQuery(Asked, frozen=True, kw_only=True):
    """Query string of POST /mentions: the options of a stream, and of a JSON body those that it does not name itself."""

    type: Types = []
    list: Lists = []
    min_score: MinScore | None = None
    overlaps: Overlaps = "longest"
    offsets: Offsets = "codepoint"


class EntitiesQuery(Asked, frozen=True, kw_only=True):
    """Query string of GET /entities."""

    q: Annotated[str, Meta(max_length=limits.NAME_CHARS, description="part of a name; every entity when empty")] = ""
    type: EntityType | None = None
    list: ListName | None = None
    cursor: Annotated[str, Meta(max_length=limits.CURSOR_CHARS, description="`cursor` of the page before")] = ""
    limit: Annotated[int, Meta(ge=1, le=limits.PAGE, description="most entities on this page")] = limits.PAGE_DEFAULT


class NoQuery(Asked, frozen=True, kw_only=True):
    """Query string of a route that takes none."""
