"""What the readers of all formats share: their result, decoding, and refusing what is no text.

Knows no single format beyond how its first bytes look, and nothing of paths or documents.
"""

import re
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date

from sources.errors import ParseProblem, SourceError

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SIGNATURES = (
    (rb"%PDF-", "a PDF document: rename it to .pdf"),
    (rb"PK\x03\x04", "a zip archive or Office document: rename a Word document to .docx"),
    (rb"\xd0\xcf\x11\xe0", "an old or password-protected Office document: save it as plain .docx"),
    (rb"\{\\rtf", "an RTF document: save it as .docx or .txt"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*", "an image: run OCR on it and add the text"),
    (rb"\x1f\x8b|BZh9|\xfd7zXZ|7z\xbc\xaf|Rar!\x1a", "a packed archive: unpack it first"),
    (rb"MZ[^\n]?\0|\x7fELF", "a program: there is no text to add"),
    (rb"SQLite format 3\0", "a database: export its text"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a reader found: the text as it stands in the file, and what the format says of it."""

    text: str
    title: str = ""
    publisher: str = ""
    published: date | None = None
    url: str = ""
    metadata: Mapping[str, object] = field(default_factory=dict[str, object])


Reader = Callable[[bytes], Extracted]


def looks_like(data: bytes) -> str:
    """Return ", it looks like a PDF document: rename it to .pdf" and the like, or nothing."""
    for signature, kind in _SIGNATURES:
        if re.match(signature, data):
            return f", it looks like {kind}"
    return ""


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """Return the text of `data` and its encoding: by its mark, as declared, UTF-8, Windows-1252."""
    if looks := looks_like(data):
        raise ParseProblem(f"the content is not text{looks}")
    attempts = [encoding for mark, encoding in _MARKS if data.startswith(mark)][:1]
    if not attempts and b"\0" in data:
        raise ParseProblem("the content has NUL bytes, so it is not text; export it as UTF-8 text")
    for encoding in attempts or [declared, "utf-8", "cp1252"]:
        with suppress(UnicodeError, LookupError):
            text = data.decode(encoding)
            if len(_CONTROL.findall(text)) > len(text) // 50:
                raise ParseProblem("the content is mostly control characters; export it as text")
            return text, encoding.removesuffix("-sig")
    raise ParseProblem("the text is damaged or in an unknown encoding; save it as UTF-8")


@contextmanager
def reading(kind: str) -> Generator[None, None, None]:
    """Turn whatever a parser raises into a ParseProblem; on damaged files it may be anything."""
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        raise ParseProblem(
            f"the {kind} is damaged or is none ({type(error).__name__}: {str(error)[:200]});"
            " open it in its own program, save a fresh copy and add that"
        ) from error


def joined(blocks: Iterable[str]) -> str:
    """Return `blocks` with a blank line between them, except between the items of a list."""
    text, previous = "", ""
    for block in blocks:
        if block := block.strip():
            together = block.startswith("- ") and previous.startswith("- ")
            text += ("\n" if together else "\n\n") + block if text else block
            previous = block
    return text
