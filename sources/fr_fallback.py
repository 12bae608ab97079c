"""Federal Register documents without XML: the HTML of their body, or GPO's plain text → text.

Takes out what only the web page or the printed page has: page marks inside sentences, markers of
the document's parts, the explanation of document headings. Knows no address and no facts.
"""

import html
import re
from collections.abc import Iterator

from sources.errors import EmptySource
from sources.extracted import decode, reading
from sources.readers import read_html

_PAGE_MARK = re.compile(r"\s*(?:\(\s*printed page [\d,]+\s*\)|Start Printed Page [\d,]+)")
_PART_MARK = re.compile(
    r"\b(?:Start|End) (?:Preamble|Supplemental Information|Further Info(?:rmation)?"
    r"|List of Subjects|Amendment Part|Part|Authority|Signature|Footnotes?)\b(?! [a-z])"
)
_EXPLANATION = re.compile(
    r"(?:^#* ?Document Headings\s+)?Document headings vary by document type"
    r"(?:.{0,2000}?Document Drafting Handbook for more details\.?|[^\n]*)",
    re.MULTILINE | re.DOTALL,
)
_BODY = re.compile(rb"<body\b", re.IGNORECASE)
_BACK = re.compile(r"\s*\bBack to Citation\b")
_NOTE_MARK = re.compile(r"(?<=[\w.,;:!?)\"”’]) ?\[ ?\d{1,3} ?\](?![(\w])")

_PRE = re.compile(r"<pre\b[^>]*>(.*?)(?:</pre>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^>]*>")
_PLAIN_PAGE = re.compile(r"\s*\[\[Page [A-Z]?[\d,]+\]\]\s*")
_MASTHEAD = re.compile(
    r"\A\s*\[Federal Register (?:Volume|Vol\.)[^\]]*\](?:\s*\[[^\]\n]*\]|\s*From the Federal"
    r" Register Online[^\n]*(?:\n *\[www[^\]]*\])?)*"
)
_TAIL = re.compile(r"\s*\[FR Doc\.[^\]]*Filed[^\]]*\](?:\s*BILLING CODE \S+)?\s*\Z", re.IGNORECASE)
_RULE = re.compile(r"^[ \t]*[-=_]{5,}[ \t]*$", re.MULTILINE)
_PLAIN_NOTE = re.compile(r"\s?\\(\d{1,3})\\")
_PLAIN_NOTE_ITSELF = re.compile(r"^ *\\(\d{1,3})\\ *", re.MULTILINE)
_COLUMNS = re.compile(r"\S {3,}\S|\.{5,}")


def html_text(data: bytes) -> str:
    """Return the text of the body of a document's web page; raises ParseProblem, EmptySource."""
    if not _BODY.search(data):  # headings of a mere piece of a page would be lost
        data = b"<html><body><article>" + data + b"</article></body></html>"
    text = _EXPLANATION.sub("", read_html(data).text)
    text = _BACK.sub("", _PART_MARK.sub("", _PAGE_MARK.sub("", text)))
    return _NOTE_MARK.sub("", re.sub(r"[ \t]{2,}", " ", text))


def plain_text(data: bytes) -> str:
    """Return GPO's plain text, which comes inside <pre>, with its paragraphs on one line each.

    Raises ParseProblem, EmptySource.
    """
    text, _ = decode(data)
    with reading("text of the Federal Register"):
        inside = _PRE.search(text)
        text = html.unescape(_TAG.sub("", inside[1])) if inside else text
        text = _TAIL.sub("", _MASTHEAD.sub("", text.replace("\r\n", "\n")))
        # a page ends in the middle of a sentence more often than not
        text = _RULE.sub("", _PLAIN_PAGE.sub(_joint, text))
        text = _PLAIN_NOTE.sub("", _PLAIN_NOTE_ITSELF.sub(r"\n[\1] ", text))
        text = text.replace("``", "“").replace("''", "”")
        paragraphs = [line for block in re.split(r"\n\s*\n", text) for line in _unwrapped(block)]
    if not paragraphs:
        raise EmptySource("there is no text in it; get the document as PDF")
    return "\n\n".join(paragraphs)


def _joint(mark: re.Match[str]) -> str:
    before = mark.string[: mark.start()].rstrip()
    return "\n\n" if not before or before[-1] in ".:?!”'-" else "\n"


def _unwrapped(block: str) -> Iterator[str]:
    """Yield the paragraphs of `block`, which begin with spaces; a table keeps its lines."""
    if len(_COLUMNS.findall(block)) > 1:
        yield "\n".join(re.sub(r" {2,}", " | ", line.strip()) for line in block.splitlines())
        return
    for paragraph in re.split(r"\n(?= {4,}\S)", block):
        if line := re.sub(r"\s+", " ", paragraph).strip():
            yield line
