"""The one normalisation of text, done when a document is loaded and never again.

Offsets into a Document's text are promises; nothing may change the text after this function.
What no reader sees is taken out: it can hide words, turn them round, or order a terminal about.
"""

import re
import unicodedata
from dataclasses import replace

from sources.types import Document

_UNSEEN = re.compile(  # what Unicode calls default-ignorable beyond Cf: joiner, fillers, selectors
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\v]")
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\x85")
_TRAILING = re.compile(r" +(?=\n)")
_BLANK_LINES = re.compile(r"\n{3,}")


def normalise(text: str) -> str:
    """Return `text` in Unicode NFC, with "\\n" line ends, ordinary spaces and nothing invisible.

    Idempotent: `normalise(normalise(t)) == normalise(t)`.
    """
    text = _LINE_ENDS.sub("\n", text.replace("\u2029", "\n\n"))
    text = unicodedata.normalize("NFC", visible(_SPACES.sub(" ", text)))
    return _BLANK_LINES.sub("\n\n", _TRAILING.sub("", text)).strip()


def collapse(text: str) -> str:
    """Return `text` on one line with single spaces: to show and compare, never for offsets."""
    return re.sub(r"\s+", " ", text).strip()


def unseen(text: str) -> frozenset[str]:
    """Return the characters of `text` that no reader sees: control and format characters, fillers
    and variation selectors. Line feed and tab are among them, other spaces are not."""
    return frozenset(
        char
        for char in set(text)
        if unicodedata.category(char) in ("Cc", "Cf") or _UNSEEN.match(char)
    )


def visible(text: str) -> str:
    """Return `text` without what no reader sees; line feeds stay."""
    return text.translate(dict.fromkeys(map(ord, unseen(text) - {"\n"})))


def presentable(document: Document) -> Document:
    """Return `document` with what is said of it on one line each and as normal as its text.

    An address that holds what nobody sees leads elsewhere than it seems to: it is left out.
    """
    return replace(
        document,
        id=visible(document.id),
        title=collapse(normalise(document.title)),
        publisher=collapse(normalise(document.publisher)),
        citation=collapse(normalise(document.citation)),
        url="" if unseen(document.url) else document.url,
    )
