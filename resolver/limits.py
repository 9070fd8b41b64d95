"""Every limit that a door holds, with its reason; `/version` shows them and a refusal names the one it met."""

from __future__ import annotations

from typing import Final

from aliases.entity import MAX_NAME
from aliases.strict_json import MAX_DEPTH

NAME_CHARS: Final = MAX_NAME  # longer names feed quadratic scorers; no published list holds one
TEXT_CHARS: Final = 1_000_000  # code points of one text over HTTP: a long book; the library has no such limit
BODY_BYTES: Final = 8_000_000  # one million characters of any script fit: 4 bytes each in UTF-8, and the JSON around them
LINE_BYTES: Final = BODY_BYTES  # one line of a stream is one document; the stream itself has no end
PIPE_LINE_BYTES: Final = (
    64_000_000  # one line of a pipe; no document is longer, and a file without line ends must not fill memory
)
NAMES: Final = 1_000  # names in one POST /lookup; at some milliseconds each an answer still comes within seconds
DOCUMENTS: Final = 1_000  # documents in one POST /mentions; more belong in a stream
DOCUMENT_ID_CHARS: Final = 512  # an id is given back with its answer, so it must not be a way to make answers grow
MENTIONS: Final = 50_000  # in one answer: a book of a million characters has about 10,000; more is made to swell answers
LISTS: Final = 50  # lists or types named in one question
CANDIDATES: Final = 100  # candidates a name; who needs more wants another question
CANDIDATES_DEFAULT: Final = 5
PAGE: Final = 500  # entities a page
PAGE_DEFAULT: Final = 50
CURSOR_CHARS: Final = 512  # a cursor is an entity id, which has 256 at most, with room for what it may become
QUERY_BYTES: Final = 8_192  # 512 characters of any script, percent-encoded, are 6,144 bytes; the rest is for the filters
HEADER_BYTES: Final = 65_536  # request line and headers; the query has its own limit, and nothing else here is long
STREAM_SPOOL_BYTES: Final = 1_000_000_000  # answers of a stream that wait on disk for their reader, who may be sending still
STREAM_PAUSE_SECONDS: Final = 300  # in which a stream brings no line; a client that waits for its answer has it long before
IN_FLIGHT: Final = 128  # requests of one client that a worker takes up at once: half of its threads
IN_FLIGHT_ALL: Final = 224  # requests of all clients that a worker takes up at once; its other threads are for what watches it
RATE_BYTES: Final = 65_536  # of a body; each further piece of this size counts as one more request against the rate
PARAMETERS: Final = 120  # name=value pairs in a query string: filters may repeat, a flood may not
JSON_DEPTH: Final = MAX_DEPTH  # no request nests deeper than 4; parsers recurse, and a stack ends


def shown() -> dict[str, int]:
    """Nothing -> the limits by the names that `/version` shows them under."""
    return {
        "body_bytes": BODY_BYTES,
        "candidates": CANDIDATES,
        "documents": DOCUMENTS,
        "entities_page": PAGE,
        "in_flight": IN_FLIGHT,
        "in_flight_all": IN_FLIGHT_ALL,
        "json_depth": JSON_DEPTH,
        "line_bytes": LINE_BYTES,
        "mentions": MENTIONS,
        "name_chars": NAME_CHARS,
        "names": NAMES,
        "parameters": PARAMETERS,
        "query_bytes": QUERY_BYTES,
        "rate_bytes": RATE_BYTES,
        "stream_pause_seconds": STREAM_PAUSE_SECONDS,
        "text_chars": TEXT_CHARS,
    }
