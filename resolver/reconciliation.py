"""The Reconciliation Service API 0.2 as values: what its clients send, what they read. Field names are the protocol's own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from resolver import limits
from resolver.questions import Asked

VERSIONS = ("0.2",)

_Type = Annotated[str, Meta(max_length=limits.DOCUMENT_ID_CHARS, description="only of this type")]
_Cursor = Annotated[str, Meta(pattern="^[0-9]{1,3}$", description="how many suggestions to pass over")]


class Condition(Asked, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What the asker knows of the entity: a property and its value or values."""

    pid: str
    v: Any = None


_Conditions = Annotated[tuple[Condition, ...], Meta(description="what is known beside the name")]


class Query(Asked, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """One cell of a table: a name (or an id), and what is known beside it. Fields that are not read here are passed over."""

    query: str | None = None
    type: str | list[str] | None = None
    type_strict: Literal["any", "all", "should"] | None = None
    limit: int | float | None = None
    properties: _Conditions = ()


class Wanted(Asked, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A property to fetch."""

    id: str
    settings: dict[str, Any] | None = None


class Extension(Asked, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Entities and the properties of them that are wanted."""

    ids: Annotated[list[str], Meta(max_length=limits.NAMES)]
    properties: Annotated[list[Wanted], Meta(max_length=limits.LISTS)]


class RootQuery(Asked, frozen=True, kw_only=True):
    """Query string of the service's root: nothing for the manifest, or what else goes into its form."""

    queries: Annotated[str, Meta(description="JSON object of queries by key")] | None = None
    extend: Annotated[str, Meta(description="JSON object of `ids` and `properties`")] | None = None


class RootForm(msgspec.Struct, frozen=True):
    """Form that is posted to the service's root: one of the two."""

    queries: Annotated[str, Meta(description="JSON object of queries by key")] | None = None
    extend: Annotated[str, Meta(description="JSON object of `ids` and `properties`")] | None = None


class SuggestQuery(Asked, frozen=True, kw_only=True):
    """Query string of a suggest service."""

    prefix: Annotated[str, Meta(max_length=limits.NAME_CHARS, description="what was typed so far")] = ""
    cursor: _Cursor = "0"


class FlyoutQuery(Asked, frozen=True, kw_only=True):
    """Query string of a flyout or a preview."""

    id: Annotated[str, Meta(max_length=limits.DOCUMENT_ID_CHARS, description="what to show")]


class ProposeQuery(Asked, frozen=True, kw_only=True):
    """Query string of the properties that may be fetched."""

    type: _Type | None = None
    limit: Annotated[int, Meta(ge=1, le=limits.PAGE, description="most properties")] = limits.PAGE_DEFAULT


class Named(msgspec.Struct, frozen=True):
    """A type or a property."""

    id: str
    name: str


class Feature(msgspec.Struct, frozen=True):
    """One reason behind a score."""

    id: str
    value: float


class Result(msgspec.Struct, frozen=True):
    """An entity that a query may mean."""

    id: str
    name: str
    type: tuple[Named, ...]
    score: Annotated[float, Meta(ge=0, le=100, description="calibrated: of candidates scored p, about p in a hundred are right")]
    match: Annotated[bool, Meta(description="it alone is sure enough to be taken without a look")]
    features: tuple[Feature, ...]
    description: str


class Results(msgspec.Struct, frozen=True):
    """Candidates for one query, best first."""

    result: tuple[Result, ...]


class Suggestion(msgspec.Struct, frozen=True):
    """An entity, a type or a property that may be meant by what was typed."""

    id: str
    name: str
    description: str
    notable: tuple[Named, ...] = ()


class Suggestions(msgspec.Struct, frozen=True):
    """What may be meant, best first."""

    result: tuple[Suggestion, ...]


class Flyout(msgspec.Struct, frozen=True):
    """A few lines of HTML on one thing."""

    id: str
    html: str


class Proposal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Properties that may be fetched for entities of a type."""

    properties: tuple[Named, ...]
    limit: int
    type: str | None = None


class Extended(msgspec.Struct, frozen=True):
    """Values of the properties that were asked for: entity id -> property id -> values."""

    meta: tuple[Named, ...]
    rows: dict[str, dict[str, tuple[dict[str, str | int | float], ...]]]


class View(msgspec.Struct, frozen=True):
    """Where a person may look at an entity; `{{id}}` is to be replaced."""

    url: str


class Preview(msgspec.Struct, frozen=True):
    """A page for a small frame."""

    url: str
    width: int
    height: int


class SuggestService(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a service is: its address is url + path."""

    service_url: str
    service_path: str
    flyout_service_url: str = ""
    flyout_service_path: str = ""


class SuggestServices(msgspec.Struct, frozen=True):
    """The services that complete what is being typed."""

    entity: SuggestService
    property: SuggestService
    type: SuggestService


class Setting(msgspec.Struct, frozen=True):
    """What can be set for a property that is fetched."""

    name: str
    label: str
    type: Literal["number", "text"]
    default: int | str
    help_text: str


class ExtendService(msgspec.Struct, frozen=True):
    """Where properties that may be fetched are proposed, and what can be set for each."""

    propose_properties: SuggestService
    property_settings: tuple[Setting, ...]


class Authentication(msgspec.Struct, frozen=True, rename={"in_": "in"}):
    """How a token is brought: a security scheme of OpenAPI 2, as the protocol wants it."""

    type: Literal["apiKey"] = "apiKey"
    name: Literal["api_key"] = "api_key"
    in_: Literal["query"] = "query"


class Manifest(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What this service is and where its parts are."""

    versions: tuple[str, ...]
    name: str
    identifier_space: str
    schema_space: str
    documentation: str
    service_version: str
    logo: str
    view: View
    default_types: tuple[Named, ...]
    batch_size: int
    suggest: SuggestServices
    preview: Preview
    extend: ExtendService
    authentication: Authentication | None = None  # where reading wants a token
