"""Document → Passages at section, paragraph and sentence boundaries. Pure; knows no model.

A passage never crosses a heading, and its text is exactly the document's text between its offsets.
Sentences come from nupunkt, which was made for legal text ("85 FR 36719.", "Co., Ltd.", "§ 734.3").
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sources.identifiers import identifiers
from sources.parties import parties_of
from sources.types import Document, Passage, Span

SPLITTER = "sections-900-v2"
"""Changes whenever the passages of an unchanged text would change; part of an index's identity."""

TARGET_CHARS = 900
"""About 200 tokens of legal English: with title and heading it fits an encoder that reads 256."""
SENTENCE_LIMIT = 1600

_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_MARKDOWN = re.compile(r"(#{1,6}) +(.+)")
_NUMBERED = re.compile(
    r"(?:§+ ?\d+\.\d+|[IVXL]+\.|[A-Z]\.|\d+\.|Supplement No\. \d+|PART \d+)[ \t]"
)
_MARKER = re.compile(r"(?:[(\[]?(?:[A-Za-z]{1,2}|\d{1,3})[)\].]*+)++")  # "y.12.", "(a)(1)", "B."
_REMNANT = re.compile(r"[^A-Za-z]{1,8}|Id\.|\[?Reserved\]?[.;]?")  # "[ 3 ]", "* *", ";"
_ENDS_SENTENCE = re.compile(r"[.!?;:,…]['\"”’)»]*$")


@dataclass(frozen=True, slots=True)
class _Section:
    path: tuple[str, ...]
    units: tuple[tuple[int, Span], ...]  # (paragraph number, sentence span)


def split(document: Document) -> tuple[Passage, ...]:
    """Return the passages of `document`, in order; together they hold every sentence of it."""
    return tuple(
        _passage(document, section, group)
        for section in _sections(document.text)
        for group in _groups(section.units)
    )


def _passage(document: Document, section: _Section, group: list[tuple[int, Span]]) -> Passage:
    start, end = group[0][1][0], group[-1][1][1]
    text = document.text[start:end]
    first, last = group[0][0], group[-1][0]
    paragraphs = f"¶ {first}" if first == last else f"¶ {first}–{last}"
    digest = hashlib.sha256(f"{document.id}\0{start}\0{text}".encode()).hexdigest()
    return Passage(
        id=f"p-{digest[:20]}",
        document=document.id,
        start=start,
        end=end,
        text=text,
        locator=", ".join(filter(None, [" > ".join(section.path), paragraphs])),
        sentences=tuple(span for _, span in group),
        identifiers=(*identifiers(text), *parties_of(document)),
    )


def _groups(units: tuple[tuple[int, Span], ...]) -> Iterator[list[tuple[int, Span]]]:
    """Group sentences in a row to about TARGET_CHARS, broken between paragraphs if possible."""
    group: list[tuple[int, Span]] = []
    for position, (paragraph, (start, end)) in enumerate(units):
        if group:
            begin = group[0][1][0]
            new_paragraph = paragraph != group[-1][0]
            reach = _paragraph_end(units, position) if new_paragraph else end
            full = end - begin > TARGET_CHARS
            better_here = (
                new_paragraph and reach - begin > TARGET_CHARS and start - begin > TARGET_CHARS // 2
            )
            if full or better_here:
                yield group
                group = []
        group.append((paragraph, (start, end)))
    if group:
        yield group


def _paragraph_end(units: tuple[tuple[int, Span], ...], position: int) -> int:
    paragraph, (_, end) = units[position]
    for other, (_, other_end) in units[position + 1 :]:
        if other != paragraph:
            break
        end = other_end
    return end


def _sections(text: str) -> Iterator[_Section]:
    path: list[tuple[int, str]] = []
    units: list[tuple[int, Span]] = []
    blocks = [match.span() for match in _BLOCK.finditer(text)]
    for number, (start, end) in enumerate(blocks, start=1):
        heading = _heading(text[start:end], is_last=number == len(blocks))
        if heading is None:
            units.extend((number, span) for span in sentences(text, start, end))
            continue
        if units:
            yield _Section(tuple(name for _, name in path), tuple(units))
            units = []
        level, name = heading
        path = [(at, above) for at, above in path if at < level] + [(level, name)]
    if units or not path:
        yield _Section(tuple(name for _, name in path), tuple(units))
    elif path:  # a document that ends in headings only: keep them as text
        yield _Section((), tuple((len(blocks), span) for span in sentences(text, *blocks[-1])))


def _heading(block: str, *, is_last: bool) -> tuple[int, str] | None:
    """Return (level, name) if the block is a heading: markdown, numbered, or a short bare line."""
    if match := _MARKDOWN.fullmatch(block):
        return len(match[1]), match[2].strip(" #*")
    words = block.split()
    if "\n" in block or is_last or len(block) > 90 or len(words) > 12 or "|" in block:
        return None
    if _ENDS_SENTENCE.search(block) or block[0] in '-*•«"“(' or not block[0].isupper():
        return (7, block.rstrip(".")) if _NUMBERED.match(block) and len(words) > 1 else None
    return 7, block


def sentences(text: str, start: int, end: int) -> list[Span]:
    """Return the sentence spans of one paragraph, as offsets into `text`.

    Lines that were wrapped by hand are read through; other lines (table rows, lists, addresses)
    each stand alone. A sentence beyond SENTENCE_LIMIT characters is divided between clauses.
    """
    from nupunkt import sent_spans

    spans: list[Span] = []
    for line_start, line_end in _lines(text, start, end):
        for a, b in sent_spans(text[line_start:line_end]):
            raw = text[line_start + a : line_start + b]
            left = line_start + a + len(raw) - len(raw.lstrip())
            right = left + len(raw.strip())
            spans.extend(_bounded(text, left, right))
    return _rejoin(text, spans)


def _lines(text: str, start: int, end: int) -> list[Span]:
    lines: list[Span] = []
    at = start
    for line in text[start:end].split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    lengths = [b - a for a, b in lines]
    wrapped = len(lines) > 1 and max(lengths) <= 100 and sum(lengths[:-1]) / len(lines[:-1]) >= 45
    if wrapped and not any(" | " in text[a:b] for a, b in lines):
        return [(start, end)]
    return [(a, b) for a, b in lines if text[a:b].strip()]


def _bounded(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > SENTENCE_LIMIT:
        cut = start + SENTENCE_LIMIT
        for mark in ("; ", ", ", " "):
            at = text.rfind(mark, start + SENTENCE_LIMIT // 2, start + SENTENCE_LIMIT)
            if at > 0:
                cut = at + len(mark)
                break
        yield start, start + len(text[start:cut].rstrip())
        start = cut
    if start < end:
        yield start, end


def _rejoin(text: str, spans: list[Span]) -> list[Span]:
    """Join what the tokenizer cut off: list markers to what follows, remnants to what precedes."""
    joined: list[Span] = []
    marker: int | None = None
    for start, end in spans:
        begin = start if marker is None else marker
        fragment = text[start:end]
        follows = joined and "\n" not in text[joined[-1][1] : begin]
        fits = joined and end - joined[-1][0] <= SENTENCE_LIMIT
        marker = None
        if follows and fits and (fragment[0].islower() or _REMNANT.fullmatch(fragment)):
            joined[-1] = (joined[-1][0], end)
        elif _MARKER.fullmatch(fragment):
            marker = begin
        else:
            joined.append((begin, end))
    if marker is not None:
        joined.append((marker, spans[-1][1]))
    return joined
