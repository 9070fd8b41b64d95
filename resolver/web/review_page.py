"""The page at `/review`: spellings and merges that wait for a judgement, who judged what, and the buttons that judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from flask import Flask, Response, redirect, request
from msgspec import Meta

from aliases.errors import AkaError, InvalidError
from aliases.judgements import Judgement, Verdict, recorded
from aliases.review import Judgement as SpellingJudgement
from aliases.review import Review, State
from aliases.store import FILE, Store
from resolver import access, asking, judging, limits, questions
from resolver.explaining import bars
from resolver.operations import FORM, Operation
from resolver.side_by_side import side_by_side
from resolver.suggesting import Judge, judge_of
from resolver.suggestions import Recorder
from resolver.web.rendering import link, query, shown

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from resolver.resolve import Resolver

PAGE = 25  # suggestions a page; one sitting
MERGES = 25
MERGE_SECONDS = 1.5  # of computing, some 200 entities, while the reader waits; the next page goes on from there
JUDGED = 50  # judgements in the history

States = Literal["open", "accepted", "rejected"]
Show = Literal["spellings", "merges", "history"]


class ReviewQuery(questions.Asked, frozen=True, kw_only=True):
    """Query string of the review page."""

    show: Annotated[Show, Meta(description="what to look at")] = "spellings"
    state: Annotated[States, Meta(description="which spellings")] = "open"
    q: Annotated[str, Meta(max_length=limits.NAME_CHARS, description="part of a spelling or a name")] = ""
    offset: Annotated[int, Meta(ge=0, le=1_000_000_000, description="how many spellings, or entities, to pass over")] = 0
    list: Annotated[str, Meta(max_length=64, description="merges of entities of this list only")] = ""
    done: Annotated[
        str, Meta(max_length=limits.CURSOR_CHARS, description="id of what was just judged: a suggestion, or the one kept")
    ] = ""
    other: Annotated[str, Meta(max_length=limits.CURSOR_CHARS, description="id of the other of a merge that was just judged")] = (
        ""
    )


class ReviewForm(questions.Asked, frozen=True, kw_only=True):
    """The form of the buttons of the review page."""

    id: Annotated[str, Meta(max_length=limits.CURSOR_CHARS, description="id of the suggestion, or of the entity that is kept")]
    judgement: Annotated[
        Literal["accept", "reject", "undo", "same", "different", "publish"],
        Meta(description="accept, reject a spelling; same or different for two entities; undo either; publish what waits"),
    ]
    other: Annotated[str, Meta(max_length=limits.CURSOR_CHARS, description="id of the other entity of a merge")] = ""
    score: Annotated[str, Meta(max_length=20, description="score that the merge was suggested with")] = ""
    list: Annotated[str, Meta(max_length=64, description="merges of this list are gone on with")] = ""
    offset: Annotated[str, Meta(max_length=10, description="how many entities are passed over then")] = ""
    state: States = "open"


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody said of a spelling, or of two entities."""

    judged_at: str  # ISO 8601, UTC
    judged_by: str
    verdict: str
    what: str  # the spelling, or the name of the other entity
    of: tuple[str, str]  # id and name of the entity
    other: str = ""  # id of the other entity


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
        values |= _merges(resolver, asked)
    if values["kept"] and asked.show == "history":
        values["judgements"] = _history(resolver, values.get("spellings", ()))
    return values


def _queue(queue: Review, asked: ReviewQuery) -> dict[str, Any]:
    if asked.show == "history":
        return {"spellings": queue.judgements(limit=JUDGED)}
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


def _merges(resolver: Resolver, asked: ReviewQuery) -> dict[str, Any]:
    if resolver.data is None:
        return {}
    found = judging.stretch(
        resolver, resolver.data, begin=asked.offset, list_name=asked.list or None, seconds=MERGE_SECONDS, most=MERGES
    )
    values = {"merges": [(one, side_by_side(*one.names), bars(one.reasons)) for one in found.found], "stretch": found}
    if found.end < found.total:
        values["following"] = link("/review", show="merges", list=asked.list, offset=found.end)
    if asked.done and asked.other:
        values["decided"] = _decided(resolver, resolver.data, asked.done, asked.other)
    return values | {"lists": resolver.lists(), "waiting": len(judging.pending(resolver.data))}


def _decided(resolver: Resolver, data: Path, keep: str, other: str) -> Decided | None:
    """Ids of two entities -> what was said of them last, as long as it holds."""
    for one in reversed(_recorded(data)):
        if {one.keep, one.other} == {keep, other}:
            return None if one.verdict == "open" else _of_two(resolver, one)
    return None


def _recorded(data: Path) -> list[Judgement]:
    with Store.open(data / FILE) as store:
        return recorded(store)


def _history(resolver: Resolver, spellings: Sequence[SpellingJudgement]) -> list[Decided]:
    """What was said of spellings -> that and what was said of two entities, the latest first."""
    merges = [_of_two(resolver, one) for one in _recorded(judge_of().data())[-JUDGED:]]
    said = [Decided(one.judged_at, one.judged_by, one.verdict, one.spelling, (one.entity, one.name)) for one in spellings]
    return sorted([*said, *reversed(merges)], key=lambda one: one.judged_at, reverse=True)[:JUDGED]


def _of_two(resolver: Resolver, said: Judgement) -> Decided:
    keep, other = (resolver.entity(one) for one in (said.keep, said.other))
    # when they are one by now, both are found under one name: the id tells them apart
    name = other.name if other is not None and (keep is None or other.id != keep.id) else said.other
    kept = (said.keep, keep.name if keep is not None else said.keep)
    verdict = "undo" if said.verdict == "open" else said.verdict
    return Decided(said.judged_at, said.judged_by, verdict, name, kept, other=said.other)


def _judged(sent: ReviewForm) -> str:
    """Form -> address of the page to go on with."""
    judge = judge_of()
    if sent.judgement == "publish":
        judge.republish()
        return "/review"
    if sent.other:
        return _judged_two(judge, sent)
    if sent.judgement == "same" or sent.judgement == "different":  # each by itself: mypy narrows it
        raise InvalidError("two entities are judged: send the id of the other one too")
    found, _ = judge.judge(sent.id, sent.judgement, by=access.caller().who)
    state: State = sent.state
    return link("/review", state=state if state != "open" else "", done=found.id)


def _judged_two(judge: Judge, sent: ReviewForm) -> str:
    """Form about two entities -> address of the page to go on with."""
    verdicts: dict[str, Verdict] = {"same": "same", "different": "different", "undo": "open"}
    if sent.judgement not in verdicts:
        raise InvalidError(f"two entities cannot be judged {sent.judgement}: use same, different or undo")
    score = float(sent.score) if sent.score.replace(".", "", 1).isdigit() else None
    verdict = verdicts[sent.judgement]
    judging.judge(judge.data(), sent.id, [sent.other], verdict=verdict, by=access.caller().who, score=score, serve=False)
    judge.republish()
    offset = sent.offset if sent.offset.isdecimal() else ""
    return link("/review", show="merges", list=sent.list, offset=offset, done=sent.id, other=sent.other)


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
