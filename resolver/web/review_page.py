"""The page at `/review`: spellings and merges that wait for a judgement, who judged what, and the buttons that judge."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from flask import Flask, Response, redirect, request
from msgspec import Meta

from aliases.errors import AkaError
from aliases.review import Review, State, Verdict
from resolver import access, asking, judging, limits, questions
from resolver.explaining import bars
from resolver.operations import FORM, Operation
from resolver.side_by_side import side_by_side
from resolver.suggesting import judge_of
from resolver.suggestions import Recorder
from resolver.web.rendering import link, query, shown

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from resolver.resolve import Resolver

PAGE = 25  # suggestions a page; one sitting
MERGES = 25
MERGE_ENTITIES = 1_000  # of lists that are compared while the reader waits, some 10 ms each; `aka suggest-merges` does more
JUDGED = 50  # judgements in the history

States = Literal["open", "accepted", "rejected"]
Show = Literal["spellings", "merges", "history"]


class ReviewQuery(questions.Asked, frozen=True, kw_only=True):
    """Query string of the review page."""

    show: Annotated[Show, Meta(description="what to look at")] = "spellings"
    state: Annotated[States, Meta(description="which spellings")] = "open"
    q: Annotated[str, Meta(max_length=limits.NAME_CHARS, description="part of a spelling or a name")] = ""
    offset: Annotated[int, Meta(ge=0, le=1_000_000, description="how many to pass over")] = 0
    done: Annotated[str, Meta(max_length=40, description="id of the suggestion that was just judged")] = ""


class ReviewForm(questions.Asked, frozen=True, kw_only=True):
    """The form of the buttons of the review page."""

    id: Annotated[str, Meta(max_length=limits.CURSOR_CHARS, description="id of the suggestion, or of the entity that is kept")]
    judgement: Annotated[
        Literal["accept", "reject", "undo", "same", "different", "publish"],
        Meta(description="accept, reject, undo a spelling; same or different for two entities; publish what waits"),
    ]
    other: Annotated[str, Meta(max_length=limits.CURSOR_CHARS, description="id of the other entity of a merge")] = ""
    score: Annotated[str, Meta(max_length=20, description="score that the merge was suggested with")] = ""
    state: States = "open"


def add(app: Flask, opened: Callable[[], Resolver]) -> None:
    """Application and the resolver's source -> the review page is served."""

    @app.get("/review")
    def review() -> Response:
        return shown("review.html", lambda: _seen(opened()), failed=lambda: {"asked": ReviewQuery()})

    @app.post("/review")
    @access.require("write", page=True)
    def judge_on_page() -> AnyResponse:
        try:
            sent = asking.typed({key: request.form[key] for key in request.form}, ReviewForm)
            return redirect(_judged(sent), code=303)
        except AkaError as error:
            return _refused(opened, error)


def _refused(opened: Callable[[], Resolver], error: AkaError) -> Response:
    def fail() -> dict[str, Any]:
        raise error

    return shown("review.html", fail, failed=lambda: {"asked": ReviewQuery()})


def _seen(resolver: Resolver) -> dict[str, Any]:
    asked = query(ReviewQuery)
    judge = judge_of()
    values: dict[str, Any] = {
        "asked": asked,
        "kept": getattr(resolver, "data", None) is not None,
        "recording": isinstance(judge.recorder(), Recorder),
        "trouble": judge.trouble,
        "counts": {"open": 0, "accepted": 0, "rejected": 0},
        "waiting": 0,
    }
    if judge.has_queue():
        with Review.open(judge.data()) as queue:
            values |= {"counts": queue.counts(), "waiting": queue.waiting(), **_queue(queue, asked)}
    if values["kept"] and asked.show == "merges":
        values |= _merges(resolver)
    return values


def _queue(queue: Review, asked: ReviewQuery) -> dict[str, Any]:
    if asked.show == "history":
        return {"judgements": queue.judgements(limit=JUDGED)}
    if asked.show == "merges":
        return {}
    found = queue.suggestions(state=asked.state, q=asked.q, limit=PAGE + 1, offset=asked.offset)
    values: dict[str, Any] = {"suggestions": [(one, side_by_side(one.spelling, one.name)) for one in found[:PAGE]]}
    if len(found) > PAGE:
        values["following"] = link("/review", state=asked.state, q=asked.q, offset=asked.offset + PAGE)
    if asked.done:
        known = [one for one in queue.judgements(limit=1) if one.suggestion == asked.done]
        values["done"] = queue.suggestion(asked.done) if known else None
    return values


def _merges(resolver: Resolver) -> dict[str, Any]:
    if resolver.index.entity_count > MERGE_ENTITIES or resolver.data is None:
        return {"too_many": resolver.index.entity_count}
    found = judging.suggestions(resolver.data, limit=MERGES)
    return {"merges": [(one, side_by_side(one.keep.name, one.other.name), bars(one.reasons)) for one in found]}


def _judged(sent: ReviewForm) -> str:
    """Form -> address of the page to go on with."""
    judge = judge_of()
    if sent.judgement == "publish":
        judge.republish()
        return "/review"
    if sent.judgement in ("same", "different"):
        verdict: Literal["same", "different"] = "same" if sent.judgement == "same" else "different"
        score = float(sent.score) if sent.score.replace(".", "", 1).isdigit() else None
        judging.judge(judge.data(), sent.id, [sent.other], verdict=verdict, by=access.caller().who, score=score, serve=False)
        judge.republish()
        return link("/review", show="merges")
    spelling: Verdict = sent.judgement  # type: ignore[assignment]  # one of the three that are left
    found, _ = judge.judge(sent.id, spelling, by=access.caller().who)
    state: State = sent.state
    return link("/review", state=state if state != "open" else "", done=found.id)


OPERATIONS = (
    Operation(
        method="get", path="/review", summary="The page of spellings and merges that wait for a judgement", query=ReviewQuery,
        answers=(("text/html", ()),), refuses=(400, 404, 422, 503), pages=(400, 404, 422, 503),
    ),
    Operation(
        method="post", path="/review", summary="Judge on the page", description="Answers with a redirection to the page.",
        bodies=((FORM, (ReviewForm,), {"id": "0123456789abcdef", "judgement": "accept"}),), answers=(("text/html", ()),),
        refuses=(400, 404, 409, 413, 415, 422, 503), pages=(400, 404, 409, 413, 422, 503), needs="write", leads_on=True,
    ),
)  # fmt: skip
