"""The Model Context Protocol: tools by which a language model asks who is meant; it may read, and changes nothing.

Needs the extra `mcp`; the rest of aka does not import it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from aliases.entity import Entity, EntityType
from aliases.errors import AkaError, UnknownError
from resolver import asking, limits, wire
from resolver.about import versions
from resolver.resolve import Resolver

try:
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.types import ToolAnnotations
    from pydantic import Field
except ImportError as error:
    raise ImportError("the MCP server needs its SDK: pip install 'aka-resolver[mcp]'") from error

INSTRUCTIONS = (
    "aka knows watched persons, organizations, places, vessels and aircraft by all their names, in any spelling and script. "
    "Scores are probabilities: of answers scored 0.8 about eight in ten are right. An empty answer means that none is known."
)
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_TEXT_CHARS = 200_000  # of one text: a model's whole context is hardly longer

_Name = Annotated[str, Field(description="a name in any spelling and script", max_length=limits.NAME_CHARS)]
_Types = Annotated[list[EntityType] | None, Field(description="only entities of these types")]
_Lists = Annotated[list[str] | None, Field(description="only entities on these lists")]
_Score = Annotated[
    float | None, Field(description="lowest score to answer with; none: where one unknown name in 100 gets an answer")
]


def server(resolver: Resolver) -> MCPServer[Any]:
    """Resolver -> the server with its four tools; `run("stdio")` on it answers until its input ends."""
    made: MCPServer[Any] = MCPServer("aka", instructions=INSTRUCTIONS, version=versions()["aka-resolver"], log_level="ERROR")
    _add_names(made, resolver)
    _add_texts(made, resolver)
    return made


def _add_names(made: MCPServer[Any], resolver: Resolver) -> None:
    @made.tool(annotations=_READS, title="Who is meant by a name")
    def resolve_name(
        name: _Name,
        types: _Types = None,
        lists: _Lists = None,
        limit: Annotated[int, Field(ge=1, le=limits.CANDIDATES, description="most candidates")] = limits.CANDIDATES_DEFAULT,
        min_score: _Score = None,
        country: Annotated[
            str | None, Field(description="ISO 3166 code of a country that it may have", pattern="^[A-Za-z]{2}$")
        ] = None,
        birth_date: Annotated[str | None, Field(description="YYYY, YYYY-MM or YYYY-MM-DD")] = None,
    ) -> dict[str, Any]:
        """Find the entities that a name may mean, best first, each with a score and the reasons for it; none when nothing fits."""
        with _Told():
            asking.check_name(name)
            found = resolver.lookup(
                name, types=types, lists=lists, limit=limit, min_score=min_score, country=country and country.upper(),
                birth_date=birth_date,
            )  # fmt: skip
            return _plain(wire.LookupAnswer(name, wire.candidate_answers(found), resolver.generation))

    @made.tool(annotations=_READS, title="Whether two names mean one entity")
    def compare_names(
        a: _Name, b: _Name, type: Annotated[EntityType | None, Field(description="what both are names of")] = None
    ) -> dict[str, Any]:
        """Tell how likely it is that two names mean the same entity, with the reasons; no list is asked."""
        with _Told():
            found = resolver.compare(a, b, type=type)
            return {"score": round(found.score, 4), "reasons": [why.text for why in found.reasons]}


def _add_texts(made: MCPServer[Any], resolver: Resolver) -> None:
    @made.tool(annotations=_READS, title="Watched entities in a text")
    def find_mentions(
        text: Annotated[str, Field(description="the text to search, any script", max_length=_TEXT_CHARS)],
        types: _Types = None,
        lists: _Lists = None,
        min_score: _Score = None,
        overlaps: Annotated[
            Literal["longest", "all"], Field(description="leftmost-longest, or every mention even inside another")
        ] = "longest",
    ) -> dict[str, Any]:
        """Find every mention of a watched entity in a text: where it stands (code points, half-open), what it means, how sure."""
        with _Told():
            found = resolver.mentions(text, types=types, lists=lists, min_score=min_score, overlaps=overlaps)
            shown = wire.mention_answers(text, found[: limits.MENTIONS])
            counts = wire.entity_counts(found)
            return _plain(wire.MentionsAnswer(shown, counts, resolver.generation, len(shown) < len(found)))

    @made.tool(annotations=_READS, title="All that is known of one entity")
    def get_entity(
        id: Annotated[str, Field(description="id of an entity, as the other tools give it", max_length=256)],
    ) -> dict[str, Any]:
        """Give one entity with all its names, where each came from, the lists it is on and its properties."""
        with _Told():
            return _plain(wire.entity_answer(_entity(resolver, id)))


def _entity(resolver: Resolver, entity_id: str) -> Entity:
    found = resolver.entity(entity_id)
    if found is None:
        raise UnknownError(f"no entity has the id {entity_id[:80]!a}: find it by name with resolve_name")
    return found


class _Told:
    """Failures of ours -> told to the model, which may mend its question; others stay with the server."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> Literal[False]:
        if isinstance(error, AkaError):
            raise ToolError(error.detail) from None
        return False


def _plain(answer: msgspec.Struct) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(answer)
    return found
