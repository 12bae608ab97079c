"""What a claim gives in quotation marks: it must stand so in what is cited. Pure.

An ellipsis or words in square brackets leave a gap. The title of a document, whole or cut as our
introductions cut it, is no quotation.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.types import Citation
from sources.text import collapse
from sources.types import Document

_OPEN, _CLOSE = "“«", "”»"
_PAGE_MARK = re.compile(r"\( ?printed page \d+ ?\) ?")
_GAP = re.compile(r"\s*(?:…|\.\s?\.\s?\.|\[[^\]]*\])\s*")
_ENDS = ' .,;:…"'
_TERM = 4  # words up to which a quotation is a term, which may stand elsewhere in the document


def misquoted(segments: Sequence[str], citations: Sequence[Citation]) -> str | None:
    """Return the first quotation that does not stand in what is cited, or None."""
    quotes = [_plain(citation.quote) for citation in citations]
    for segment in segments:
        if not any(_stands(segment, quote) for quote in quotes):
            is_term = len(segment.split()) <= _TERM
            texts = (_plain(c.document.text) for c in citations if is_term)
            if not any(_stands(segment, text) for text in texts):
                return segment
    return None


def quotations(text: str) -> tuple[str, ...]:
    """Return what stands in quotation marks, outermost pairs only, without the marks."""
    return tuple(text[start + 1 : end] for start, end in _spans(text) if end - start > 2)


def untitled(text: str, documents: Sequence[Document]) -> str:
    """Return a claim on one line without the title of a document, in quotation marks, and without
    the publisher that our introductions put before it."""
    flat = collapse(text)
    for document in documents:
        who, title = collapse(document.publisher), collapse(document.title).rstrip(".")
        flat = flat.removeprefix(f"{who}, in ") if who else flat
        for whole in (f"“{title}”", f"“{title}.”", f'"{title}"') if title else ():
            flat = flat.replace(whole, " ", 1)
        cut = re.search(r"“([^“”]{20,}(?:“[^”]*)?)…”", flat)
        if cut and title.startswith(cut[1]):
            flat = flat.replace(cut[0], " ", 1)
    return collapse(flat)


def introduction(text: str, citations: Sequence[Citation]) -> str | None:
    """Return what stands before a quotation that ends the claim, where it stands so in a quote.

    None where the claim says something of its own, with or without words in quotation marks.
    """
    for citation in citations:
        whole = f"“{collapse(_PAGE_MARK.sub(' ', collapse(citation.quote)))}”"
        if text.endswith(whole):  # also where the quote has marks of its own that do not pair
            return text.removesuffix(whole)
    spans = list(_spans(text))
    if not spans or text[spans[-1][1] + 1 :].strip(_ENDS):
        return None
    start, end = spans[-1]
    if not re.search(r"(?::|,|\bthat)\s*$", text[:start]):
        return None
    return text[:start] if misquoted([text[start + 1 : end]], citations) is None else None


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (opening, closing mark) of outermost quotations; an unclosed one ends with the text.

    Straight marks are paired in order.
    """
    depth, start, straight = 0, 0, -1
    for at, char in enumerate(text):
        if char == '"' and depth == 0:
            if straight < 0:
                straight = at
            else:
                yield straight, at
                straight = -1
        elif char in _OPEN and straight < 0:
            start = at if depth == 0 else start
            depth += 1
        elif char in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                yield start, at
    if depth:
        yield start, len(text)


def _stands(segment: str, text: str) -> bool:
    """Whether the pieces of a quotation stand in `text`, in order."""
    at = 0
    for piece in _GAP.split(_plain(segment)):
        bare = piece.strip(_ENDS)
        found = text.find(bare, at)
        if found < 0 and bare:
            found = text.find(bare[0].swapcase() + bare[1:], at)
        if found < 0:
            return False
        at = found + len(bare)
    return True


def _plain(text: str) -> str:
    flat = collapse(_PAGE_MARK.sub(" ", collapse(text)))
    return re.sub(r"[“”«»]", '"', flat).replace("’", "'").replace("‘", "'")
