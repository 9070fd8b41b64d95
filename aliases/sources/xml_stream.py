"""Bytes of an XML list -> its records, one small tree after the other; nothing that the document refers to is ever opened.

Expat itself, without a layer over it: it never fetches anything, tells line and column, and lets entity declarations, depth
and encodings be refused as they are met. Names are compared by their local part, since publishers change namespaces.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from aliases.errors import AkaError, MalformedError, TooLargeError
from aliases.sources.drafts import tidy
from aliases.sources.packed import Unpacked

MAX_DEPTH = 64  # the deepest published schema (OFAC's advanced one) nests 12 levels
MAX_NODES = 200_000  # elements of one record: a reference table of that schema has 20,000
MAX_TAG = 8 << 20  # bytes of one tag: expat before 2.6 reads an unfinished one again with every piece

# UTF-7 and the like are ways around filters, not encodings of lists.
_ENCODINGS = re.compile(r"utf-?8|utf-?16|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]", re.IGNORECASE)
_BETWEEN = "\x01"  # no name of XML can hold it


@dataclass(slots=True)
class Element:
    """One element of a record: local name, attributes by local name, children, and the texts between them."""

    tag: str
    line: int
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    parts: list[str | Element] = field(default_factory=list)

    def text(self) -> str:
        """-> all text in it, that of its children too, with single spaces."""
        return tidy("".join(self._texts()))

    def get(self, attribute: str) -> str:
        """Local name of an attribute -> its value with single spaces, '' when it has none."""
        return tidy(self.attributes.get(attribute, ""))

    def all(self, *path: str) -> list[Element]:
        """Local names from here down -> every element at the end of that path."""
        found = [self]
        for tag in path:
            found = [child for element in found for child in element.children if child.tag == tag]
        return found

    def first(self, *path: str) -> str:
        """Local names from here down -> text of the first element there, '' when there is none."""
        return next((element.text() for element in self.all(*path)), "")

    def texts(self, *path: str) -> list[str]:
        """Local names from here down -> the texts of all elements there that have one."""
        return [text for element in self.all(*path) if (text := element.text())]

    def _texts(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            else:
                yield from part._texts()


def begins(stream: Unpacked) -> bool:
    """Bytes of a list that comes as XML or as a table -> whether it is XML, by its first character."""
    start = stream.peek(200).replace(b"\0", b"")  # in UTF-16 every other byte of a tag is 0
    return start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def records(stream: Unpacked, *, name: str, root: str, tags: Collection[str], namespace: str | None = None) -> Iterator[Element]:
    """Bytes -> every outermost element whose local name is in `tags`, as soon as it ends.

    `namespace` demands that of the root ('' for none). MalformedError with line and column for what is no sound XML of this
    root, or declares entities; TooLargeError for nesting or records beyond the limits.
    """
    gathering = _Gathering(name, root, frozenset(tags), namespace)
    parser = expat.ParserCreate(namespace_separator=_BETWEEN)
    parser.buffer_text = True
    gathering.listen(parser)
    fed = 0
    while True:
        piece = stream.read()
        fed += len(piece)
        try:
            parser.Parse(piece, not piece)
        except AkaError:
            raise
        except expat.ExpatError as error:
            raise MalformedError(f"{name} is no sound XML: {_said(error)}; fetch it again") from None
        except (LookupError, ValueError) as error:
            raise MalformedError(f"{name} is in an encoding that is not read ({error}): save it as UTF-8") from None
        if fed - parser.CurrentByteIndex > MAX_TAG:
            raise TooLargeError(f"{name} has a tag of more than {MAX_TAG:,} bytes: is it the list?")
        yield from gathering.finished()
        if not piece:
            return


def _said(error: expat.ExpatError) -> str:
    return f"{expat.ErrorString(error.code)} at line {error.lineno}, column {error.offset + 1}"


class _Gathering:
    """Takes in what expat tells and keeps only the record that is open."""

    def __init__(self, name: str, root: str, tags: frozenset[str], namespace: str | None) -> None:
        self._name = name
        self._root = root
        self._tags = tags
        self._namespace = namespace
        self._depth = 0
        self._nodes = 0
        self._open: list[Element] = []
        self._done: list[Element] = []
        self._parser: Any = None

    def listen(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def finished(self) -> list[Element]:
        """-> the records that ended since the last call."""
        done, self._done = self._done, []
        return done

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and not _ENCODINGS.fullmatch(encoding):
            raise MalformedError(f"{self._name} is in {encoding[:40]!a}, which is not read: save it as UTF-8")

    def _doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        if system or public:
            place = ascii((system or public or "")[:60])
            raise MalformedError(f"{self._name} refers to an outside document type ({place}): remove the reference")

    def _entity(self, name: str, *declared: object) -> None:
        raise MalformedError(f"{self._name} declares the entity '{name[:40]}': lists have none; remove the declaration")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, local = tag.rpartition(_BETWEEN)
        if self._depth == 0:
            self._check_root(local, namespace)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooLargeError(f"{self._name} nests deeper than {MAX_DEPTH} elements: is it the list?")
        if self._open or local in self._tags:
            self._add(Element(local, self._parser.CurrentLineNumber, _local(attributes)))

    def _add(self, element: Element) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise TooLargeError(f"{self._name} has a record of more than {MAX_NODES:,} elements: is it the list?")
        if self._open:
            self._open[-1].children.append(element)
            self._open[-1].parts.append(element)
        self._open.append(element)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._done.append(element)
                self._nodes = 0

    def _characters(self, text: str) -> None:
        if self._open:
            self._open[-1].parts.append(text)

    def _check_root(self, local: str, namespace: str) -> None:
        if local != self._root:
            raise MalformedError(f"{self._name} is not this list: its root is <{local[:40]}>, not <{self._root}>")
        if self._namespace is not None and namespace != self._namespace:
            raise MalformedError(f"{self._name}: <{local}> is in the namespace {namespace[:80]!a}, not {self._namespace!a}")


def _local(attributes: dict[str, str]) -> dict[str, str]:
    return {name.rpartition(_BETWEEN)[2]: value for name, value in attributes.items()}
