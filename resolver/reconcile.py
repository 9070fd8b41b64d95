"""The Reconciliation Service API 0.2 over HTTP, as OpenRefine speaks it: `/reconcile` for all, `/reconcile/LIST` for one list."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import msgspec
from flask import Blueprint, Flask, Response, make_response, render_template, request

from aliases import strict_json
from aliases.entity import Entity
from aliases.errors import InvalidError, Problem, TooLargeError, UnknownError
from aliases.store import check_list_name
from resolver import access, asking, limits, questions, received
from resolver import reconciliation as said
from resolver.about import versions
from resolver.catalogue import Catalogue
from resolver.operations import ASKED, FORM, JSON, POSTED, Operation
from resolver.reconciling import SUGGESTIONS, TYPES, Reconciler, description, property_name

if TYPE_CHECKING:
    from resolver.resolve import Resolver

Asked = TypeVar("Asked", bound=questions.Asked)

BATCH = 200  # rows that a client is asked to send at once; up to `limits.NAMES` are answered
PREVIEW_WIDTH, PREVIEW_HEIGHT = 420, 260  # pixels
ALIASES_SHOWN = 12
ROOT = "/reconcile"
# The pages of this door are made to stand in frames of other programs.
FRAMED = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"

SETTINGS = (
    said.Setting("limit", "Limit", "number", 0, "most values of one entity; 0 for all"),
    said.Setting("script", "Script", "text", "", "of other names: ISO 15924 code such as Latn or Arab; empty for all"),
)


def add(app: Flask, opened: Callable[[], Resolver]) -> Door:
    """Application and the resolver's source -> the routes of this door are added, each open to pages of every origin; what answers."""
    door = Door(opened)
    app.register_blueprint(_routes(door, "reconcile"), url_prefix=ROOT)
    app.register_blueprint(_routes(door, "reconcile_list"), url_prefix=f"{ROOT}/<on_list>")
    app.after_request(_for_every_origin)
    return door


class Door:
    """Makes what answers for one list or all; the catalogue of a generation is made by the first that needs it."""

    def __init__(self, opened: Callable[[], Resolver]) -> None:
        self._opened = opened
        self._made: tuple[Resolver, Catalogue] | None = None
        self._lock = threading.Lock()

    def check(self, on_list: str | None) -> None:
        """Name of a list -> nothing; UnknownError when it is not loaded."""
        known = self._opened().lists()
        if on_list is not None and on_list not in known:
            raise UnknownError(f"the list {on_list[:80]!a} is not loaded: use one of {' '.join(sorted(known))}")

    def check_told(self, on_list: str | None) -> None:
        """As `check`; which lists there are is not told to who may not read."""
        if access.may_read():
            self.check(on_list)
        elif on_list is not None:
            check_list_name(on_list)

    def __call__(self, on_list: str | None) -> Reconciler:
        """Name of a list, None for all -> what answers for it."""
        self.check(on_list)
        resolver = self._opened()
        with self._lock:
            made = self._made
            if made is None or made[0] is not resolver:  # the first, or a generation was loaded since
                made = self._made = (resolver, Catalogue(resolver))
        return Reconciler(resolver, made[1], list_name=on_list)


def _routes(door: Door, name: str) -> Blueprint:
    routes = Blueprint(name, __name__)
    routes.add_url_rule("", "get_root", _root(door), methods=["GET"])
    routes.add_url_rule("", "post_root", _root(door), methods=["POST"])
    _add_suggest(routes, door)
    _add_flyouts(routes, door)

    @routes.get("/extend/propose")
    def propose(on_list: str | None = None) -> Response:
        return _json(door(on_list).proposal(received.query(said.ProposeQuery, lenient=True)))

    @routes.get("/preview/entity")
    def preview(on_list: str | None = None) -> Response:
        return framed(door(on_list), received.query(said.FlyoutQuery, lenient=True).id)

    return routes


def _root(door: Door) -> Callable[..., Response]:
    @access.told_to_all(when=_is_manifest)
    def root(on_list: str | None = None) -> Response:
        sent = _form() if request.method == "POST" else received.query(said.RootQuery, lenient=True)
        if sent.queries is not None:
            queries = _queries(sent.queries)
            reconciler = door(on_list)
            return _json({key: reconciler.answer(query) for key, query in queries.items()})
        if sent.extend is not None:
            asked = asking.body(sent.extend.encode(), said.Extension)
            return _json(door(on_list).extended(asked))
        if request.method == "POST":
            raise InvalidError("the form has no `queries` and no `extend`: send one of them, as JSON")
        door.check_told(on_list)
        return _json(_manifest(on_list))

    return root


def _is_manifest() -> bool:
    """Whether the request to the root asks for nothing but what this service is."""
    return request.method in ("GET", "HEAD") and not (request.args.get("queries") or request.args.get("extend"))


def _form() -> said.RootQuery:
    if request.mimetype not in (FORM, "multipart/form-data", ""):
        raise InvalidError(f"the Content-Type is {request.mimetype[:80]!a}: send a form, {FORM}")
    return said.RootQuery(queries=request.form.get("queries"), extend=request.form.get("extend"))


def _queries(written: str) -> dict[str, said.Query]:
    """JSON of a batch -> its queries by key; InvalidError with the key of the first that is wrong."""
    batch = strict_json.decode(written.encode("utf-8", "replace"))
    if not isinstance(batch, dict):
        raise InvalidError('/queries: this is no object: send {"q0": {"query": "Deir az-Zur"}}')
    if len(batch) > limits.NAMES:
        raise TooLargeError(f"the batch has {len(batch):,} queries, at most {limits.NAMES:,} are answered: send {BATCH} at once")
    return {key: _typed(key, value) for key, value in batch.items()}


def _typed(key: str, value: object) -> said.Query:
    try:
        return asking.typed(value, said.Query)
    except InvalidError as error:
        at = "/queries/" + key[:80].replace("~", "~0").replace("/", "~1")
        problems = [Problem(at + one.pointer, one.detail) for one in error.problems]
        raise InvalidError(f"{at}{error.detail if error.detail.startswith('/') else ': ' + error.detail}", problems) from None


def _add_suggest(routes: Blueprint, door: Door) -> None:
    @routes.get("/suggest/entity")
    def suggest_entity(on_list: str | None = None) -> Response:
        asked = received.query(said.SuggestQuery, lenient=True)
        return _json(said.Suggestions(door(on_list).entities(asked.prefix, cursor=int(asked.cursor))))

    @routes.get("/suggest/property")
    def suggest_property(on_list: str | None = None) -> Response:
        return _json(suggested(door(on_list).properties(), "property", received.query(said.SuggestQuery, lenient=True)))

    @routes.get("/suggest/type")
    def suggest_type(on_list: str | None = None) -> Response:
        door.check(on_list)
        return _json(suggested(TYPES, "type", received.query(said.SuggestQuery, lenient=True)))


def suggested(
    known: tuple[said.Named, ...], kind: str, asked: said.SuggestQuery, *, limit: int | None = SUGGESTIONS
) -> said.Suggestions:
    """Types or properties, and what was typed -> those whose name or id holds it, those that begin so first."""
    typed = asked.prefix.strip().casefold()
    fits = [one for one in known if typed in one.name.casefold() or typed in one.id.casefold()]
    fits.sort(key=lambda one: not one.name.casefold().startswith(typed))
    shown = fits[int(asked.cursor) :][:limit]
    return said.Suggestions(tuple(said.Suggestion(one.id, one.name, f"{kind} {one.id}") for one in shown))


def _add_flyouts(routes: Blueprint, door: Door) -> None:
    @routes.get("/flyout/entity")
    def flyout_entity(on_list: str | None = None) -> Response:
        entity = _entity(door(on_list), received.query(said.FlyoutQuery, lenient=True).id)
        return _json(said.Flyout(entity.id, _html("flyout.html", entity)))

    @routes.get("/flyout/property")
    def flyout_property(on_list: str | None = None) -> Response:
        door.check(on_list)
        asked = received.query(said.FlyoutQuery, lenient=True)
        return _json(said.Flyout(asked.id, _name_html(asked.id, property_name(asked.id), "property")))

    @routes.get("/flyout/type")
    def flyout_type(on_list: str | None = None) -> Response:
        door.check(on_list)
        asked = received.query(said.FlyoutQuery, lenient=True)
        known = {one.id: one.name for one in TYPES}
        if asked.id not in known:
            raise UnknownError(f"no type has the id {asked.id[:80]!a}: use one of {' '.join(known)}")
        return _json(said.Flyout(asked.id, _name_html(asked.id, known[asked.id], "type")))


def _entity(reconciler: Reconciler, entity_id: str) -> Entity:
    found = reconciler.entity(entity_id)
    if found is None:
        raise UnknownError(f"no entity here has the id {entity_id[:80]!a}: look it up by name")
    return found


def framed(reconciler: Reconciler, entity_id: str) -> Response:
    """Id -> the page of its entity, for a frame in a page of any origin; UnknownError when there is none."""
    response = make_response(_html("entity.html", _entity(reconciler, entity_id)))
    response.headers["Content-Security-Policy"] = FRAMED
    return response


def _html(template: str, entity: Entity) -> str:
    return render_template(template, entity=entity, told=description(entity), shown=ALIASES_SHOWN, name_of=property_name)


def _name_html(id_: str, name: str, kind: str) -> str:
    return render_template("flyout_name.html", id=id_, name=name, kind=kind)


def _manifest(on_list: str | None) -> said.Manifest:
    host = request.root_url.rstrip("/")
    root = f"{host}{ROOT}" + (f"/{on_list}" if on_list else "")
    key = key_in_address()
    shown = f"{root}/preview/entity?id={{{{id}}}}{key.replace('?', '&')}"
    return said.Manifest(
        versions=said.VERSIONS,
        name=f"aka: {on_list}" if on_list else "aka",
        identifier_space=f"{host}/entities/",
        schema_space=f"{host}/docs",
        documentation=f"{host}/docs",
        service_version=versions()["aka-resolver"],
        logo=f"{host}/static/icon.svg",
        view=said.View(shown),
        default_types=TYPES,
        batch_size=BATCH,
        suggest=said.SuggestServices(*(_suggest_service(root, kind, key) for kind in ("entity", "property", "type"))),
        preview=said.Preview(shown, PREVIEW_WIDTH, PREVIEW_HEIGHT),
        extend=said.ExtendService(said.SuggestService(root, f"/extend/propose{key}"), SETTINGS),
        authentication=said.Authentication() if access.wants_token() else None,
    )


def key_in_address() -> str:
    """The token in the address that the client was given, to stand in all addresses that it is told of: it has no other place."""
    given = request.args.get("api_key")
    return f"?api_key={quote(given, safe='')}" if given else ""


def _suggest_service(root: str, kind: str, key: str) -> said.SuggestService:
    return said.SuggestService(root, f"/suggest/{kind}{key}", root, f"/flyout/{kind}?id=${{id}}{key.replace('?', '&')}")


def _json(answer: object) -> Response:
    return Response(msgspec.json.encode(answer), content_type=JSON)


def _for_every_origin(response: Response) -> Response:
    """Clients are pages of other origins, and there is nothing here that a cookie would open: all may read."""
    if request.path == ROOT or request.path.startswith(f"{ROOT}/"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "Accept-Language, Authorization, Content-Type"
        if response.headers.get("Content-Security-Policy") == FRAMED:
            response.headers.pop("X-Frame-Options", None)
    return response


def _operations(root: str, where: str, on: tuple[tuple[str, Any], ...], *, refuses: tuple[int, ...]) -> tuple[Operation, ...]:
    def get(path: str, summary: str, query: type[questions.Asked], answer: Any, *example: tuple[str, Any]) -> Operation:
        missing = (404,) if path.startswith(("/flyout", "/preview")) else refuses
        return Operation(
            method="get", path=root + path, summary=f"{summary}{where}", query=query, example=(*on, *example),
            answers=(answer,), refuses=(*ASKED[:1], *missing, *ASKED[1:]), keyed=True,
        )  # fmt: skip

    answers = ((JSON, (dict[str, said.Results], said.Extended)),)
    suggestions, flyout = (JSON, (said.Suggestions,)), (JSON, (said.Flyout,))
    return (
        get("", "Reconciliation Service API 0.2: the manifest, or a batch of queries", said.RootQuery,
            (JSON, (said.Manifest, dict[str, said.Results], said.Extended))),
        Operation(
            method="post", path=root, summary=f"A batch of queries, or properties of entities{where}", example=on,
            bodies=((FORM, (said.RootForm,), 'queries={"q0":{"query":"Deir az-Zur","type":"place"}}'),),
            answers=answers, refuses=(*POSTED[:1], *refuses, *POSTED[1:]), keyed=True,
        ),
        get("/suggest/entity", "Entities for what is being typed", said.SuggestQuery, suggestions, ("prefix", "deir")),
        get("/suggest/property", "Properties for what is being typed", said.SuggestQuery, suggestions, ("prefix", "coun")),
        get("/suggest/type", "Types for what is being typed", said.SuggestQuery, suggestions, ("prefix", "pl")),
        get("/flyout/entity", "An entity in a few lines of HTML", said.FlyoutQuery, flyout, ("id", "deir-ez-zor")),
        get("/flyout/property", "A property in a few lines of HTML", said.FlyoutQuery, flyout, ("id", "country")),
        get("/flyout/type", "A type in a few lines of HTML", said.FlyoutQuery, flyout, ("id", "place")),
        get("/extend/propose", "Properties that may be fetched", said.ProposeQuery, (JSON, (said.Proposal,)), ("type", "place")),
        get("/preview/entity", "An entity as a page for a frame", said.FlyoutQuery, ("text/html", ()), ("id", "deir-ez-zor")),
    )  # fmt: skip


OPERATIONS: tuple[Operation, ...] = (
    *_operations(ROOT, "", (), refuses=()),
    *_operations(f"{ROOT}/{{list}}", ", of one list", (("list", "seeds"),), refuses=(404,)),
)
