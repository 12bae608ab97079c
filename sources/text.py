"""The one normalisation of text, done when a document is loaded and never again.

Offsets into a Document's text are promises; nothing may change the text after this function.
"""

import re
import unicodedata

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x180E]  # soft hyphen, zero-width, BOM
    + [0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069]  # bidi controls
)
_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\v]")
_CONTROLS = re.compile(r"[\x00-\x08\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\x85")
_TRAILING = re.compile(r" +(?=\n)")
_BLANK_LINES = re.compile(r"\n{3,}")


def normalise(text: str) -> str:
    """Return `text` in Unicode NFC, with "\\n" line ends, ordinary spaces and nothing invisible.

    Idempotent: `normalise(normalise(t)) == normalise(t)`.
    """
    text = _LINE_ENDS.sub("\n", text.replace("\u2029", "\n\n"))
    text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    text = _CONTROLS.sub("", _SPACES.sub(" ", text))
    return _BLANK_LINES.sub("\n\n", _TRAILING.sub("", text)).strip()


def collapse(text: str) -> str:
    """Return `text` on one line with single spaces: to show and compare, never for offsets."""
    return re.sub(r"\s+", " ", text).strip()
