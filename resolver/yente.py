"""The matching API of yente under `/yente`, FollowTheMoney entities in and out: its clients need only another address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec
from flask import Blueprint, Flask, Response, request
from msgspec import Meta

from aliases.entity import Entity
from aliases.errors import MalformedError, UnknownError
from resolver import asking, ftm, limits, questions, received
from resolver.about import versions
from resolver.match import Candidate
from resolver.operations import ASKED, JSON, POSTED, Operation

if TYPE_CHECKING:
    from resolver.resolve import Resolver

Asked = TypeVar("Asked", bound=questions.Asked)

ALL = ("default", "all")  # names that clients have for every dataset at once
BATCH = 100  # entities in one request, as yente has it
THRESHOLD, CUTOFF = 0.7, 0.5  # yente's own: `match` from the one on, shown from the other on
SEARCH_SCORE = 0.3
ALGORITHM = "aka"

_Share = Annotated[float, Meta(ge=0, le=1)]
_Values = Annotated[dict[str, str | list[str]], Meta(description="properties of FollowTheMoney")]


class FtmQuery(questions.Asked, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """An example of the entity that is looked for."""

    schema: str
    properties: _Values = msgspec.field(default_factory=dict)


class MatchRequest(questions.Asked, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Examples by key; what else yente takes (weights, config) is passed over, for the score here is calibrated."""

    queries: dict[str, FtmQuery]


_Some = Annotated[list[str], Meta(max_length=limits.LISTS)]


class Filters(questions.Asked, frozen=True, kw_only=True):
    """What narrows a match or a search; the other parameters of yente are passed over."""

    include_dataset: Annotated[_Some, Meta(description="only entities of one of these")] = msgspec.field(default_factory=list)
    exclude_dataset: Annotated[_Some, Meta(description="no entities of these alone")] = msgspec.field(default_factory=list)
    exclude_schema: Annotated[_Some, Meta(description="no entities of these schemata")] = msgspec.field(default_factory=list)
    exclude_entity_ids: Annotated[_Some, Meta(description="none of these entities")] = msgspec.field(default_factory=list)

    @property
    def exclude(self) -> bool:
        """Filters -> whether any of them leaves out what was found."""
        return bool(self.exclude_dataset or self.exclude_schema or self.exclude_entity_ids)

    def allows(self, entity: Entity) -> bool:
        """Entity -> whether no exclusion meets it."""
        return (
            entity.id not in self.exclude_entity_ids
            and ftm.schema_of(entity) not in self.exclude_schema
            and not (self.exclude_dataset and set(entity.lists) <= set(self.exclude_dataset))
        )


class MatchOptions(Filters, frozen=True, kw_only=True):
    """Query string of a match."""

    limit: questions.Limit = limits.CANDIDATES_DEFAULT
    threshold: Annotated[_Share, Meta(description="lowest score of a match")] = THRESHOLD
    cutoff: Annotated[_Share, Meta(description="lowest score of an answer")] = CUTOFF


class SearchOptions(Filters, frozen=True, kw_only=True):
    """Query string of a search."""

    q: Annotated[str, Meta(max_length=limits.NAME_CHARS, description="a name; every entity when empty")] = ""
    schema: Annotated[str, Meta(description="schema of FollowTheMoney")] = "Thing"
    limit: questions.Limit = 10
    offset: Annotated[int, Meta(ge=0, le=limits.PAGE, description="entities to pass over")] = 0


class FtmEntity(msgspec.Struct, frozen=True):
    """An entity as FollowTheMoney has it."""

    id: str
    caption: str
    schema: str
    properties: dict[str, list[str]]
    datasets: tuple[str, ...]
    referents: tuple[str, ...] = ()
    target: bool = True


class Explanation(msgspec.Struct, frozen=True):
    """One reason behind a score."""

    score: float
    detail: str


class ScoredFtmEntity(FtmEntity, frozen=True, kw_only=True):
    """An entity that the example may mean."""

    score: Annotated[float, Meta(ge=0, le=1, description="calibrated")]
    match: bool
    explanations: dict[str, Explanation]


class Total(msgspec.Struct, frozen=True):
    """How many there are: exactly, or at least."""

    value: int
    relation: Literal["eq", "gte"]


class FtmMatches(msgspec.Struct, frozen=True):
    """Entities that one example may mean, best first."""

    status: int
    results: tuple[ScoredFtmEntity, ...]
    total: Total
    query: dict[str, Any]


class FtmMatchAnswer(msgspec.Struct, frozen=True):
    """Matches by the keys of the examples."""

    responses: dict[str, FtmMatches]
    limit: int


class FtmSearchAnswer(msgspec.Struct, frozen=True):
    """Entities that a search found, best first."""

    results: tuple[FtmEntity, ...]
    facets: dict[str, Any]
    total: Total
    limit: int
    offset: int


class Dataset(msgspec.Struct, frozen=True):
    """A list that is loaded, or `default`, which holds them all."""

    name: str
    title: str
    version: str
    index_version: str  # what is loaded is what is compiled: never older than its list
    load: bool = True
    index_current: bool = True
    children: tuple[str, ...] = ()


class CatalogAnswer(msgspec.Struct, frozen=True):
    """What is loaded."""

    datasets: tuple[Dataset, ...]
    current: tuple[str, ...]
    outdated: tuple[str, ...] = ()
    index_stale: bool = False


class Algorithm(msgspec.Struct, frozen=True):
    """How names are matched."""

    name: str
    description: str
    docs: dict[str, Any]


class AlgorithmsAnswer(msgspec.Struct, frozen=True):
    """There is one way to match here; whichever is asked for, it answers."""

    algorithms: tuple[Algorithm, ...]
    default: str
    best: str


class YenteStatus(msgspec.Struct, frozen=True):
    """Alive, or ready."""

    status: Literal["ok"]


def add(app: Flask, opened: Callable[[], Resolver]) -> None:
    """Application and the resolver's source -> the routes of this door are added."""
    routes = Blueprint("yente", __name__)

    @routes.post("/match/<of_dataset>")
    def match(of_dataset: str) -> Response:
        options = received.query(MatchOptions, lenient=True)
        asked = asking.body(request.get_data(cache=False), MatchRequest)
        if len(asked.queries) > BATCH:
            raise MalformedError(f"there are {len(asked.queries)} queries, at most {BATCH} are answered: send them in parts")
        resolver = opened()
        lists = _lists(resolver, of_dataset, options)
        found = {key: _matched(resolver, query, lists, options) for key, query in asked.queries.items()}
        response = _json(FtmMatchAnswer(found, options.limit))
        response.headers["X-Batch-Size"] = str(len(found))
        return response

    @routes.get("/search/<of_dataset>")
    def search(of_dataset: str) -> Response:
        resolver = opened()
        asked = received.query(SearchOptions, lenient=True)
        return _json(_searched(resolver, _lists(resolver, of_dataset, asked), asked))

    @routes.get("/entities/<entity_id>")
    def entity(entity_id: str) -> Response:
        found = opened().entity(entity_id)
        if found is None:
            raise UnknownError(f"no entity has the id {entity_id[:80]!a}: search for its name")
        return _json(_ftm(found))

    _add_state(routes, opened)
    app.register_blueprint(routes, url_prefix="/yente")


def _add_state(routes: Blueprint, opened: Callable[[], Resolver]) -> None:
    @routes.get("/catalog")
    def catalog() -> Response:
        resolver = opened()
        names, version = tuple(sorted(resolver.lists())), resolver.generation
        lists = tuple(Dataset(name, name, version, version) for name in names)
        whole = Dataset(ALL[0], "All lists", version, version, children=names)
        return _json(CatalogAnswer((whole, *lists), (whole.name, *names)))

    @routes.get("/algorithms")
    def algorithms() -> Response:
        told = f"aka {versions()['aka-resolver']}: names in any spelling and script; a score of 0.8 is right in eight of ten"
        return _json(AlgorithmsAnswer((Algorithm(ALGORITHM, told, {}),), ALGORITHM, ALGORITHM))

    @routes.get("/healthz")
    def healthz() -> Response:
        return _json(YenteStatus("ok"))

    @routes.get("/readyz")
    def readyz() -> Response:
        opened()
        return _json(YenteStatus("ok"))


def _lists(resolver: Resolver, dataset: str, asked: Filters) -> list[str] | None:
    """Name of a dataset and the filters -> lists to look on, None for all; UnknownError when one is not loaded."""
    loaded = sorted(resolver.lists())
    for name in (dataset, *asked.include_dataset, *asked.exclude_dataset):
        if name not in loaded and name not in ALL:
            raise UnknownError(f"the dataset {name[:80]!a} is not loaded: use one of {' '.join((ALL[0], *loaded))}")
    included = [name for name in asked.include_dataset if name in loaded]
    if dataset in loaded:
        return [dataset]
    return included or None


def _matched(resolver: Resolver, query: FtmQuery, lists: list[str] | None, options: MatchOptions) -> FtmMatches:
    properties = {key: [value] if isinstance(value, str) else value for key, value in query.properties.items()}
    example = ftm.example(query.schema, properties)
    limit = limits.CANDIDATES if options.exclude else options.limit
    best: dict[str, Candidate] = {}
    for name in example.names:
        for found in resolver.lookup(
            name, types=example.types, lists=lists, limit=limit, min_score=options.cutoff,
            country=example.country, birth_date=example.birth_date,
        ):  # fmt: skip
            if options.allows(found.entity) and (found.entity.id not in best or found.score > best[found.entity.id].score):
                best[found.entity.id] = found
    order = sorted(best.values(), key=lambda found: (-found.score, found.entity.id))[: options.limit]
    results = tuple(_scored(found, options.threshold) for found in order)
    return FtmMatches(200, results, Total(len(best), "eq"), {"schema": query.schema, "properties": properties})


def _searched(resolver: Resolver, lists: list[str] | None, asked: SearchOptions) -> FtmSearchAnswer:
    types = ftm.types_of(asked.schema)
    wanted = asked.offset + asked.limit
    if asked.q.strip():
        hits = resolver.lookup(asked.q, types=types, lists=lists, limit=wanted + 1, min_score=SEARCH_SCORE)
        found = [hit.entity for hit in hits if asked.allows(hit.entity)]
    else:
        found = [one for one in _some(resolver, types, lists, wanted + 1) if asked.allows(one)]
    total = Total(len(found), "gte" if len(found) > wanted else "eq")
    return FtmSearchAnswer(tuple(_ftm(one) for one in found[asked.offset : wanted]), {}, total, asked.limit, asked.offset)


def _some(resolver: Resolver, types: tuple[str, ...] | None, lists: list[str] | None, limit: int) -> list[Entity]:
    """Filters -> the first entities by id."""
    found: list[Entity] = []
    for type_ in types or (None,):
        page, _ = resolver.entities(type=type_, list=lists[0] if lists else None, limit=limit - len(found))
        found += page
        if len(found) >= limit:
            break
    return found


def _ftm(entity: Entity) -> FtmEntity:
    return FtmEntity(entity.id, entity.name, ftm.schema_of(entity), ftm.properties_of(entity), tuple(sorted(entity.lists)))


def _scored(found: Candidate, threshold: float) -> ScoredFtmEntity:
    entity = found.entity
    why: Mapping[str, Explanation] = {
        reason.feature: Explanation(round(float(reason.value), 4), reason.text) for reason in found.reasons
    }
    return ScoredFtmEntity(
        entity.id, entity.name, ftm.schema_of(entity), ftm.properties_of(entity), tuple(sorted(entity.lists)),
        score=round(found.score, 4), match=found.score >= threshold, explanations=dict(why),
    )  # fmt: skip


def _json(answer: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(answer), content_type=JSON)


_EXAMPLE = {"queries": {"q1": {"schema": "Organization", "properties": {"name": ["Islamic State"]}}}}
_ON = (("dataset", "default"),)
OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="post", path="/yente/match/{dataset}", summary="yente: who is meant by each of some entities",
        query=MatchOptions, bodies=((JSON, (MatchRequest,), _EXAMPLE),), answers=((JSON, (FtmMatchAnswer,)),), example=_ON,
        refuses=(*POSTED[:1], 404, *POSTED[1:]),
    ),
    Operation(
        method="get", path="/yente/search/{dataset}", summary="yente: entities by name", query=SearchOptions,
        answers=((JSON, (FtmSearchAnswer,)),), example=(*_ON, ("q", "Raqqa")), refuses=(400, 404, 422, 503),
    ),
    Operation(
        method="get", path="/yente/entities/{id}", summary="yente: one FollowTheMoney entity",
        answers=((JSON, (FtmEntity,)),), example=(("id", "deir-ez-zor"),), refuses=(404, 503),
    ),
    Operation(
        method="get", path="/yente/catalog", summary="yente: lists", answers=((JSON, (CatalogAnswer,)),), refuses=ASKED[-1:],
    ),
    Operation(method="get", path="/yente/algorithms", summary="yente: algorithms", answers=((JSON, (AlgorithmsAnswer,)),)),
    Operation(method="get", path="/yente/healthz", summary="yente: alive", answers=((JSON, (YenteStatus,)),)),
    Operation(method="get", path="/yente/readyz", summary="yente: ready", answers=((JSON, (YenteStatus,)),), refuses=ASKED[-1:]),
)  # fmt: skip
