"""The page at `/`: a pasted text or a dropped file -> its mentions marked in place, its entities beside, why, and exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from flask import Flask, Response, make_response, render_template, request
from msgspec import Meta

from aliases.entity import ENTITY_TYPES
from aliases.errors import AkaError, InvalidError, MalformedError, TooLargeError
from aliases.review import Sighting
from resolver import access, asking, limits, mention_model, questions, wire
from resolver.match import Mention
from resolver.operations import FORM, Operation
from resolver.suggesting import judge_of
from resolver.suggestions import Recorder
from resolver.web import name_page, reading, results
from resolver.web.rendering import Failure, link, query, shown

if TYPE_CHECKING:
    from resolver.resolve import Resolver

TOP = 0.99  # end of the slider: 1 asks another question, for what the lists write and nothing else
NEAR = 0.0125  # how close to the shipped operating point the slider stands at it
EXAMPLE = (
    "Fighters of the Syrian Democratic Forces (SDF) reached the outskirts of Albukamal on Tuesday. Nobody in Dayr az-Zawr could "
    "say when the road to Al-Mayadin would open again, and the Red Crescent waited in Qamishly. The SDF blamed the Islamic State."
    "\n\nقال سكان في دير الزور إن تنظيم داعش انسحب نحو البوكمال، وعبرت قوات سوريا الديمقراطية نهر الفرات."
    "\n\nБашар Асад принял в Дамаске посланника из Москвы; о Дейр-эз-Зоре не говорили."
    "\n\nThe paper still prints Ghassem Solaimani and Muamar Khadafi."
)

MinScore = Annotated[float, Meta(ge=0, le=1, description="lowest score to show")]


class PageQuery(questions.Asked, frozen=True, kw_only=True):
    """Query string of the page: how a text is searched (never the text), an example to begin with, or a name to look up."""

    name: Annotated[str, Meta(max_length=limits.NAME_CHARS, description="a name to look up")] | None = None
    min_score: MinScore | None = None
    type: questions.Types = msgspec.field(default_factory=list)
    example: Annotated[str, Meta(max_length=10, description="anything: shows a text to try")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a text is searched; the permalink holds these, and nothing else."""

    min_score: float | None = None  # None: the shipped operating point
    types: Sequence[str] = ()

    @property
    def slider(self) -> float:
        """Settings -> where the slider stands."""
        return default_score() if self.min_score is None else self.min_score

    @property
    def permalink(self) -> str:
        """Settings -> address of the page with them."""
        return link("/", min_score=self.min_score, type=list(self.types))


@dataclass(frozen=True, kw_only=True)
class View:
    """What the text page shows."""

    text: str = ""
    settings: Settings = field(default_factory=Settings)
    searched: bool = False
    pieces: Sequence[results.Piece] = ()
    entities: Sequence[results.Found] = ()
    generation: str = ""
    votes: bool = False  # whether what a reader thinks of a mention is taken down
    lists: Sequence[str] = ()  # that are searched, said before there is a text

    @property
    def count(self) -> int:
        """View -> how many mentions there are."""
        return sum(one.count for one in self.entities)

    @cached_property
    def lang(self) -> str:
        """View -> language tag of the text, '' for Latin."""
        return results.lang_of(self.text)


def default_score() -> float:
    """-> the operating point, where the slider shows it."""
    return round(mention_model.shipped().operating_point, 2)


def add(app: Flask, opened: Callable[[], Resolver]) -> None:
    """Application and the resolver's source -> the text page is served."""
    app.jinja_env.globals.update(types=ENTITY_TYPES, default_score=default_score, strip=results.STRIP, top=TOP)

    @app.get("/")
    def page() -> Response:
        if request.args.get("name") is not None:
            return name_page.looked_up(opened, lambda: (query(PageQuery).name or "", []))
        return shown("text.html", lambda: {"view": _first(opened, query(PageQuery))}, failed=lambda: {"view": View()})

    @app.post("/")
    def search() -> Response:
        try:
            view, found = _searched(opened)
            wanted = request.form.get("as", "")
            if wanted:
                return _export(wanted, view, found)
            return make_response(render_template("text.html", view=view))
        except AkaError as error:
            values = {"view": View(text=_resent()), "failure": Failure(error.detail, error.status)}
            return make_response(render_template("text.html", **values), error.status)

    @app.post("/votes")
    @access.require("write", page=True)
    def vote() -> Response:
        return shown("voted.html", lambda: _voted(opened))


def _first(opened: Callable[[], Resolver], asked: PageQuery) -> View:
    settings = Settings(min_score=asked.min_score, types=tuple(asked.type))
    if asked.example:
        return _view(opened(), EXAMPLE, settings)[0]
    resolver = opened()
    return View(settings=settings, generation=resolver.generation, lists=resolver.lists())


def _searched(opened: Callable[[], Resolver]) -> tuple[View, list[Mention]]:
    text = _sent_text()
    if len(text) > limits.TEXT_CHARS:
        raise TooLargeError(f"the text has {len(text):,} characters, at most {limits.TEXT_CHARS:,} are searched: cut it")
    return _view(opened(), text, _settings())


def _sent_text() -> str:
    """-> the text of the file that was sent, else of the form."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return reading.read(file.read(), name=file.filename)
    text = request.form.get("text")
    if text is None:
        raise InvalidError("the form has no field `text`: paste a text")
    return text.replace("\r\n", "\n")  # a form sends every line end so, whatever was pasted


def _settings() -> Settings:
    """-> how the form wants the text searched; the slider at its default is the operating point itself."""
    least = request.form.get("min_score") or ""
    try:
        number = float(least) if least else None
    except ValueError:
        raise MalformedError(f"min_score {least[:20]!a} is no number: send one from 0 to 1") from None
    if number is not None and abs(number - default_score()) < NEAR:
        number = None
    types = list(dict.fromkeys(request.form.getlist("type")))[: limits.LISTS]
    asked = asking.typed({"min_score": number, "types": types or None}, questions.MentionOptions)
    return Settings(min_score=asked.min_score, types=tuple(asked.types or ()))


def _view(resolver: Resolver, text: str, settings: Settings) -> tuple[View, list[Mention]]:
    found, every = resolver.mentions_and_overlaps(text, types=list(settings.types) or None, min_score=settings.min_score)
    view = View(
        text=text,
        settings=settings,
        searched=True,
        pieces=results.pieces(text, found),
        entities=results.found(text, found, every),
        generation=resolver.generation,
        votes=isinstance(getattr(resolver, "on_mentions", None), Recorder),
    )
    return view, found


def _resent() -> str:
    """The text that was sent, to stand in the form again; not one that was refused for its length."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    return text if len(text) <= limits.TEXT_CHARS else ""


# ---------------------------------------------------------------- exports


def _export(kind: str, view: View, found: Sequence[Mention]) -> Response:
    """Kind and result -> the file to be kept; what it holds is what the API answers."""
    answers = wire.mention_answers(view.text, found[: limits.MENTIONS])
    if kind == "json":
        counts = wire.entity_counts(found)
        whole = wire.MentionsAnswer(answers, counts, view.generation, len(answers) < len(found))
        return _file(wire.encode(whole), "application/json", "mentions.json")
    if kind == "csv":
        return _file(_csv(answers).encode("utf-8-sig"), "text/csv; charset=utf-8", "mentions.csv")
    if kind == "html":
        page = render_template("export.html", view=view)
        return _file(page.encode(), "text/html; charset=utf-8", "mentions.html")
    raise InvalidError(f"export as {kind[:20]!a} is unknown: use json, csv or html")


def _csv(answers: Sequence[wire.MentionAnswer]) -> str:
    """Mentions -> a table; a spreadsheet must not take a name for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["start", "end", "surface", "id", "name", "type", "score", "kind", "matched", "alternatives"])
    for one in answers:
        others = " ".join(other.id for other in one.alternatives)
        row = (one.surface, one.entity.id, one.entity.name, one.entity.type, one.score, one.kind, one.matched, others)
        writer.writerow([one.start, one.end, *(_no_formula(cell) for cell in row)])
    return out.getvalue()


def _no_formula(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _file(content: bytes, content_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type=content_type, headers=headers)


# ---------------------------------------------------------------- votes


class VoteForm(questions.Asked, frozen=True, kw_only=True):
    """The form of the buttons `right` and `wrong` beside a mention."""

    spelling: Annotated[str, Meta(min_length=1, max_length=limits.NAME_CHARS, description="surface form, verbatim")]
    entity: Annotated[str, Meta(max_length=limits.CURSOR_CHARS, description="id of the entity it was taken for")]
    vote: Annotated[str, Meta(pattern="^(right|wrong)$", description="right or wrong")]
    score: Annotated[str, Meta(max_length=20, description="score of the mention")] = "0"
    context: Annotated[str, Meta(max_length=1_000, description="text around it; kept only where the operator allows it")] = ""


def _voted(opened: Callable[[], Resolver]) -> dict[str, Any]:
    sent = asking.typed({key: request.form[key] for key in request.form}, VoteForm)
    resolver = opened()
    recorder = judge_of().recorder()
    if not isinstance(recorder, Recorder):
        raise InvalidError("nothing is recorded here: start the service with --suggestions")
    entity = resolver.entity(sent.entity)
    if entity is None:
        raise InvalidError(f"no entity has the id {sent.entity[:80]!a}: the lists have changed, search the text again")
    try:
        score = min(max(float(sent.score), 0.0), 1.0)
    except ValueError:
        score = 0.0
    seen = Sighting(
        spelling=sent.spelling,
        entity=entity.id,
        name=entity.name,
        type=entity.type,
        score=score if score == score else 0.0,  # not a number
        context=sent.context,
        vote=1 if sent.vote == "right" else -1,
    )
    recorder.note([seen])
    return {"vote": sent.vote, "spelling": sent.spelling, "name": entity.name}


class PageForm(msgspec.Struct, frozen=True):
    """The form of the text page."""

    text: questions.Text
    min_score: MinScore | msgspec.UnsetType = msgspec.UNSET
    type: questions.Types = msgspec.field(default_factory=list)


OPERATIONS = (
    Operation(
        method="get", path="/", summary="The page: paste a text", query=PageQuery, answers=(("text/html", ()),),
        refuses=(400, 422, 503), pages=(400, 422, 503),
    ),
    Operation(
        method="post", path="/", summary="The page with the mentions of a text marked",
        bodies=(("multipart/form-data", (PageForm,), {"text": EXAMPLE[:80]}),), answers=(("text/html", ()),),
        refuses=(400, 413, 415, 422, 503), pages=(400, 413, 422, 503),
    ),
    Operation(
        method="post", path="/votes", summary="Say of a mention that it is right or wrong",
        description="The spelling goes to the review queue, where the service records suggestions.",
        bodies=((FORM, (VoteForm,), {"spelling": "Rakka", "entity": "raqqa", "vote": "right"}),), answers=(("text/html", ()),),
        refuses=(400, 409, 413, 415, 422, 503), pages=(400, 409, 413, 422, 503), needs="write",
    ),
)  # fmt: skip
