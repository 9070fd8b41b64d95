"""What a process of a pipe does with one chunk of it: opened once, then asked for every chunk; see `workers.each`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from resolver import columns, pipeline, questions
from resolver.pipeline import Bad, Lines

if TYPE_CHECKING:
    from aliases.errors import AkaError
    from resolver.match import Candidate
    from resolver.resolve import Resolver

Answer = list[bytes | Bad]  # lines to write and lines that could not be answered, in order


@dataclass(frozen=True, kw_only=True)
class _Task:
    data: str | None = None  # data directory, None for the shipped seeds
    asked: dict[str, Any] = field(default_factory=dict)  # what the library is asked with beside the name or text

    def _open(self) -> Resolver:
        from resolver.resolve import Resolver

        return Resolver.open(self.data)


@dataclass(frozen=True, kw_only=True)
class MentionLines(_Task):
    """JSON Lines -> the same with mentions."""

    field: str
    offsets: questions.Offsets = "codepoint"

    def __call__(self) -> Callable[[Lines], Answer]:
        """Nothing -> what answers a chunk."""
        resolver = self._open()

        def task(chunk: Lines) -> Answer:
            out: Answer = []
            found = pipeline.annotate(
                chunk.lines,
                lambda text: resolver.mentions(text, **self.asked),
                field=self.field,
                offsets=self.offsets,
                bad=_into(out),
                first=chunk.first,
            )
            out.extend(found)
            return out

        return task


@dataclass(frozen=True, kw_only=True)
class NameLines(_Task):
    """JSON Lines -> the same with candidates."""

    field: str

    def __call__(self) -> Callable[[Lines], Answer]:
        """Nothing -> what answers a chunk."""
        resolver = self._open()

        def find(found: dict[str, Any]) -> list[Candidate]:
            return resolver.lookup(pipeline.text_of(found, field=self.field), **self.asked)

        def task(chunk: Lines) -> Answer:
            out: Answer = []
            out.extend(pipeline.look_up(chunk.lines, find, bad=_into(out), first=chunk.first))
            return out

        return task


@dataclass(frozen=True, kw_only=True)
class MentionRows(_Task):
    """Rows of a table -> each once for every mention in one of its cells."""

    shape: columns.Shape
    place: int  # of the column that holds the text

    def __call__(self) -> Callable[[columns.Rows], Answer]:
        """Nothing -> what answers a chunk."""
        resolver = self._open()

        def find(cells: Sequence[str]) -> list[tuple[str, ...]]:
            return [columns.mention_cells(found) for found in resolver.mentions(cells[self.place], **self.asked)]

        return lambda chunk: columns.extended(chunk, self.shape, find, width=len(columns.MENTION))


@dataclass(frozen=True, kw_only=True)
class NameRows(_Task):
    """Rows of a table -> each once for every candidate of one of its cells, a blank cell having none."""

    shape: columns.Shape
    place: int  # of the column that holds the name

    def __call__(self) -> Callable[[columns.Rows], Answer]:
        """Nothing -> what answers a chunk."""
        resolver = self._open()

        def find(cells: Sequence[str]) -> list[tuple[str, ...]]:
            name = cells[self.place]
            return [columns.candidate_cells(found) for found in resolver.lookup(name, **self.asked)] if name.strip() else []

        return lambda chunk: columns.extended(chunk, self.shape, find, width=len(columns.CANDIDATE))


def _into(out: Answer) -> Callable[[int, AkaError], None]:
    return lambda number, error: out.append(Bad(number, error.detail))
