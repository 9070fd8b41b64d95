"""The Reconciliation Service API 1.0 (draft) as values: what its clients send, what they read. Field names are the protocol's own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from resolver import limits
from resolver.questions import Asked
from resolver.reconciliation import Authentication, Named, Wanted

VERSIONS = ("1.0-draft",)

Dir = Literal["ltr", "rtl"]
Quantifier = Literal["any", "all", "none"]


class ConditionV1(Asked, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What a candidate is to be: of this name, of this id, or with this property. (`pid` and `v` are names of older drafts.)"""

    match_type: Literal["name", "id", "property"] = msgspec.field(name="matchType")
    property_id: str = msgspec.field(name="propertyId", default="")
    property_value: Any = msgspec.field(name="propertyValue", default=None)
    pid: str = ""
    v: Any = None
    required: bool = False
    quantifier: Quantifier = msgspec.field(name="matchQuantifier", default="any")

    @property
    def key(self) -> str:
        """Condition -> the id of its property."""
        return self.property_id or self.pid

    @property
    def values(self) -> list[Any]:
        """Condition -> its values, one or several."""
        value = self.v if self.property_value is None else self.property_value
        return [one for one in (value if isinstance(value, list) else [value]) if one is not None]


class QueryV1(Asked, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """One cell of a table and what is known beside it."""

    conditions: Annotated[tuple[ConditionV1, ...], Meta(min_length=1, max_length=limits.LISTS)]
    type: str | None = None
    limit: int | float | None = None


class BatchV1(Asked, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Body of POST /match."""

    queries: Annotated[list[QueryV1], Meta(max_length=limits.NAMES)]


class ExtensionV1(Asked, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Body of POST /extend: entities and the properties of them that are wanted."""

    ids: Annotated[list[str], Meta(max_length=limits.NAMES)]
    properties: Annotated[list[Wanted], Meta(max_length=limits.LISTS)]


class SuggestV1Query(Asked, frozen=True, kw_only=True):
    """Query string of a suggest service."""

    prefix: Annotated[str, Meta(max_length=limits.NAME_CHARS, description="what was typed so far")] = ""
    limit: Annotated[int, Meta(ge=1, le=limits.CANDIDATES, description="most suggestions")] = 10
    offset: Annotated[int, Meta(ge=0, le=limits.PAGE, description="how many suggestions to pass over")] = 0


class PreviewQuery(Asked, frozen=True, kw_only=True):
    """Query string of a preview."""

    id: Annotated[str, Meta(max_length=limits.DOCUMENT_ID_CHARS, description="what to show")]


class FeatureV1(msgspec.Struct, frozen=True):
    """One reason behind a score."""

    id: str
    name: str
    value: float


class CandidateV1(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entity that a query may mean; its name in the language that was asked for, where it has one."""

    id: str
    name: str
    type: tuple[Named, ...]
    score: Annotated[float, Meta(ge=0, le=100, description="calibrated: of candidates scored p, about p in a hundred are right")]
    match: bool
    features: tuple[FeatureV1, ...]
    description: str
    lang: str = ""
    dir: Dir | None = None


class CandidatesV1(msgspec.Struct, frozen=True):
    """Candidates for one query, best first."""

    candidates: tuple[CandidateV1, ...]


class ResultsV1(msgspec.Struct, frozen=True):
    """Candidates for every query, in the order of the queries."""

    results: tuple[CandidatesV1, ...]


class SuggestionV1(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entity, a type or a property that may be meant by what was typed."""

    id: str
    name: str
    description: str = ""
    notable: tuple[Named, ...] = ()
    lang: str = ""
    dir: Dir | None = None


class SuggestionsV1(msgspec.Struct, frozen=True):
    """What may be meant, best first."""

    result: tuple[SuggestionV1, ...]


class PropertyV1(msgspec.Struct, frozen=True):
    """The values of one property; a text has the direction that it is written in."""

    id: str
    values: tuple[dict[str, str | int | float], ...]


class RowV1(msgspec.Struct, frozen=True):
    """The values of one entity, in the order of the properties that were asked for."""

    id: str
    properties: tuple[PropertyV1, ...]


class ExtendedV1(msgspec.Struct, frozen=True):
    """The values that were asked for, in the order of the ids."""

    meta: tuple[Named, ...]
    rows: tuple[RowV1, ...]


class ViewV1(msgspec.Struct, frozen=True):
    """Where a person may look at an entity: a template of RFC 6570 with `id`."""

    url: str


class SuggestsV1(msgspec.Struct, frozen=True):
    """Which suggest services there are."""

    entity: bool
    property: bool
    type: bool


class PreviewV1(msgspec.Struct, frozen=True):
    """The frame that a preview is made for."""

    width: int
    height: int


class SettingV1(msgspec.Struct, frozen=True, rename="camel"):
    """What can be set for a property that is fetched."""

    id: str
    name: str
    type: Literal["number", "text"]
    default: int | str
    help_text: str


class ExtendV1(msgspec.Struct, frozen=True, rename="camel"):
    """That properties may be proposed, and what can be set for each."""

    propose_properties: bool
    property_settings: tuple[SettingV1, ...]


class ManifestV1(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What this service is; where its parts are follows from its own address."""

    versions: tuple[str, ...]
    name: str
    documentation: str
    service_version: str
    logo: str
    view: ViewV1
    default_types: tuple[Named, ...]
    batch_size: int
    suggest: SuggestsV1
    preview: PreviewV1
    extend: ExtendV1
    standardized_score: bool
    lang: str
    dir: Dir
    authentication: Authentication | None = None  # where reading wants a token
