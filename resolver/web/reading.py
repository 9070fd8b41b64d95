"""A file that a person dropped on the page (.txt, .html, .pdf) -> its text."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

from aliases.errors import InvalidError, MalformedError
from resolver import limits

TYPES = (".txt", ".html", ".pdf")
_PAGES = 1_000  # of a PDF: more text than is searched stands on fewer
_SILENT = frozenset({"script", "style", "template", "noscript", "svg", "head", "title"})
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p "
    "pre section table td th tr ul".split()
)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([A-Za-z0-9_-]{1,40})""", re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read(raw: bytes, *, name: str) -> str:
    """Bytes and name of a file -> its text.

    InvalidError for a file of another kind, or a PDF where nothing reads one; MalformedError for one that cannot be read.
    """
    kind = name.lower().rpartition(".")[2]
    if raw.startswith(b"%PDF-") or kind == "pdf":
        return _of_pdf(raw)
    if kind in ("html", "htm", "xhtml"):
        return of_html(_decoded(raw, declared=_CHARSET.search(raw[:4096])))
    if kind in ("txt", "text", "md", "csv", "tsv", "log", "eml", "srt"):
        return _decoded(raw, declared=None)
    raise InvalidError(f"a file {name[-60:]!a} is not read here: give .txt, .html or .pdf, or paste its text")


def _decoded(raw: bytes, *, declared: re.Match[bytes] | None) -> str:
    encoding = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "")
    encoding = encoding or (declared[1].decode("ascii") if declared else "utf-8")
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise MalformedError(f"the file is not {encoding.upper()}: save it as UTF-8, or paste its text") from None


class _Text(HTMLParser):
    """What a browser would show of a page, in lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def of_html(page: str) -> str:
    """HTML -> its text, a line for each block; scripts and styles are left out."""
    parser = _Text()
    parser.feed(page)
    parser.close()
    lines = (line.strip() for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _of_pdf(raw: bytes) -> str:
    try:
        import pypdf
    except ImportError:
        raise InvalidError("nothing here reads PDF: install it with pip install 'aka-resolver[pdf]', or paste the text") from None
    parts: list[str] = []
    length = 0
    try:
        for page in pypdf.PdfReader(io.BytesIO(raw)).pages[:_PAGES]:
            parts.append(page.extract_text())
            length += len(parts[-1])
            if length > limits.TEXT_CHARS:
                break
    except Exception as error:  # what a broken PDF raises is not written down anywhere
        raise MalformedError(f"the PDF cannot be read ({type(error).__name__}): paste its text") from None
    text = "\n\n".join(part.strip() for part in parts if part.strip())
    if not text:
        raise InvalidError("the PDF holds no text, only pictures: recognise its text first, or paste it")
    return text.encode("utf-8", "replace").decode("utf-8")
