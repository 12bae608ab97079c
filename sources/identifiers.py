"""Citations found in text, in one normal form, so that they can be matched exactly.

Forms (after normalising dashes and spaces): "85 FR 36719", "15 CFR 744.11", "§ 734.10",
"ECCN 5A002", "EO 13873", "50 USC 4801", "RIN 0694-AH99", "FR Doc 2024-15810".
"""

import re
from typing import Literal

ReferenceKind = Literal[
    "federal_register",
    "cfr",
    "section",
    "eccn",
    "executive_order",
    "usc",
    "rin",
    "fr_document",
    "docket",
]

DASH = "[-\u2010-\u2015]"
PATTERNS: tuple[tuple[ReferenceKind, re.Pattern[str], str], ...] = (
    (
        "federal_register",
        re.compile(r"\b(\d{1,3})\s+(?:FR|Fed\.\s?Reg\.)\s+(\d{1,3},\d{3}|\d{3,6})\b"),
        "{0} FR {1}",
    ),
    (
        "cfr",
        re.compile(r"\b(\d{1,2})\s+C\.?F\.?R\.?\s+(?:parts?\s+|§+\s*)?(\d{1,4}(?:\.\d+)?)\b", re.I),
        "{0} CFR {1}",
    ),
    ("section", re.compile(r"§+\s*(\d{3,4}\.\d{1,4})\b"), "§ {0}"),
    ("eccn", re.compile(r"\b(\d[A-E]\s?\d{3})\b"), "ECCN {0}"),
    (
        "executive_order",
        re.compile(r"\b(?:Executive Order|E\.O\.|EO)\s+(?:No\.\s*)?(\d{4,5})\b", re.I),
        "EO {0}",
    ),
    ("usc", re.compile(r"\b(\d{1,2})\s+U\.?S\.?C\.?\s+(\d{1,5})\b"), "{0} USC {1}"),
    ("rin", re.compile(rf"\bRIN:?\s+(\d{{4}}){DASH}([A-Z]{{2}}\d{{2}})\b"), "RIN {0}-{1}"),
    (
        "fr_document",
        re.compile(rf"\b(?:C\d{DASH})?((?:19|20)\d{{2}}){DASH}(\d{{5}})\b"),
        "FR Doc {0}-{1}",
    ),
)


def identifiers(text: str) -> tuple[str, ...]:
    """Return the citations in `text`, in normal form, in order of first appearance by kind."""
    found: dict[str, None] = {}
    for _, pattern, form in PATTERNS:
        for match in pattern.finditer(text):
            found[normal(form, match)] = None
    return tuple(found)


def normal(form: str, match: re.Match[str]) -> str:
    """Return what `match` cites, in the normal form `form`, without the spaces and commas in it."""
    return form.format(*(re.sub(r"[\s,]", "", part) for part in match.groups()))
