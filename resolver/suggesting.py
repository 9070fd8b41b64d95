"""The review queue over HTTP: `/suggestions` -> what waits for a judgement, and the judgements themselves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from flask import Flask, Response, current_app
from msgspec import Meta

from aliases.errors import AkaError, NotReadyError
from aliases.review import MAX_BY, Judgement, Review, State, SuggestedSpelling, Verdict, exists
from resolver import access, answered, asking, limits, received
from resolver.operations import JSON, Operation
from resolver.questions import Asked
from resolver.republishing import Republisher

if TYPE_CHECKING:
    from resolver.resolve import Resolver
    from resolver.suggestions import Recorder


class SuggestionsQuery(Asked, frozen=True, kw_only=True):
    """Query string of GET /suggestions."""

    state: Annotated[Literal["open", "accepted", "rejected", "all"], Meta(description="which suggestions")] = "open"
    q: Annotated[str, Meta(max_length=limits.NAME_CHARS, description="part of a spelling or a name")] = ""
    limit: Annotated[int, Meta(ge=1, le=limits.PAGE, description="most suggestions to answer with")] = limits.PAGE_DEFAULT
    offset: Annotated[int, Meta(ge=0, le=1_000_000, description="how many to pass over")] = 0


class SpellingVerdict(Asked, frozen=True, kw_only=True):
    """Body of POST /suggestions/{id}."""

    judgement: Annotated[Verdict, Meta(description="accept: an alias. reject: never again. undo: it waits once more")]


class SuggestionsAnswer(msgspec.Struct, frozen=True):
    """Suggestions, what readers doubted and what is seen most first."""

    suggestions: tuple[SuggestedSpelling, ...]
    counts: Annotated[dict[str, int], Meta(description="how many there are in each state")]
    waiting: Annotated[int, Meta(ge=0, description="judgements that no generation was compiled with yet")]


class JudgedAnswer(msgspec.Struct, frozen=True):
    """A suggestion after its judgement."""

    suggestion: SuggestedSpelling
    served: Annotated[bool, Meta(description="whether what is served knows of it; else it is being compiled")]


class Judge:
    """The review queue of the data directory that is served, with what a judgement sets going."""

    def __init__(self, opened: Callable[[], Resolver]) -> None:
        self._opened = opened
        self._republisher: Republisher | None = None

    def data(self) -> Path:
        """-> the data directory; NotReadyError where the shipped seeds are served, which cannot be changed."""
        data = getattr(self._opened(), "data", None)
        if data is None:
            raise NotReadyError("the shipped seeds have no review queue: import a list and serve it with --data")
        return Path(data)

    def recorder(self) -> Recorder | None:
        """-> what records the spellings of texts, None where that is off."""
        return getattr(self._opened(), "on_mentions", None)

    def has_queue(self) -> bool:
        """-> whether there is a queue to look at."""
        data = getattr(self._opened(), "data", None)
        return data is not None and exists(Path(data))

    def judge(self, identifier: str, verdict: Verdict, *, by: str) -> tuple[SuggestedSpelling, bool]:
        """Id, verdict and who judges -> the suggestion as it is now, and whether what is served knows of it."""
        with Review.open(self.data(), write=True) as queue:
            found = queue.judge(identifier, verdict, by=by[:MAX_BY])
            waiting = queue.waiting()
        return found, not waiting or self.republish()

    def republish(self) -> bool:
        """Compile what waits -> whether it is served already."""
        if self._republisher is None:
            self._republisher = Republisher(self.data(), done=self._served)
        return self._republisher.request()

    @property
    def trouble(self) -> str:
        """Why accepted spellings are not served yet, '' when nothing is wrong."""
        return self._republisher.error if self._republisher else ""

    def _served(self) -> None:
        reload = getattr(self._opened, "reload", None)
        if reload is not None:
            with suppress(AkaError):  # loaded already, or refused: the service says which, and looks at the pointer itself
                reload()


def add(app: Flask, opened: Callable[[], Resolver]) -> Judge:
    """Application and the resolver's source -> its queue; the routes of it are added."""
    judge = Judge(opened)
    app.extensions["aka.judge"] = judge

    @app.get("/suggestions")
    def suggestions() -> Response:
        asked = received.query(SuggestionsQuery)
        if not judge.has_queue():
            return answered.json(SuggestionsAnswer((), {"open": 0, "accepted": 0, "rejected": 0}, 0))
        state: State | None = None if asked.state == "all" else asked.state
        with Review.open(judge.data()) as queue:
            found = queue.suggestions(state=state, q=asked.q, limit=asked.limit, offset=asked.offset)
            return answered.json(
                SuggestionsAnswer(tuple(found), {str(name): count for name, count in queue.counts().items()}, queue.waiting())
            )

    @app.post("/suggestions/<suggestion_id>")
    @access.require("write")
    def judge_spelling(suggestion_id: str) -> Response:
        found, served = judge.judge(
            suggestion_id, asking.body(received.json_body(), SpellingVerdict).judgement, by=access.caller().who
        )
        return answered.json(JudgedAnswer(found, served))

    return judge


def judge_of() -> Judge:
    """-> the queue of the application that answers now."""
    found: Judge = current_app.extensions["aka.judge"]
    return found


OPERATIONS = (
    Operation(
        method="get", path="/suggestions", summary="Spellings seen in texts that are on no list",
        description="They wait for a judgement; recorded where the service runs with --suggestions.",
        query=SuggestionsQuery, answers=((JSON, (SuggestionsAnswer,)),), refuses=(400, 422, 503),
    ),
    Operation(
        method="post", path="/suggestions/{id}", summary="Judge a suggestion",
        description="An accepted spelling becomes an alias of source `review`; a rejected one is never suggested again.",
        bodies=((JSON, (SpellingVerdict,), {"judgement": "accept"}),), answers=((JSON, (JudgedAnswer,)),),
        example=(("id", "0123456789abcdef"),), refuses=(400, 404, 409, 413, 415, 422, 503), needs="write",
    ),
)  # fmt: skip

__all__ = ["OPERATIONS", "Judge", "Judgement", "add", "judge_of"]
