"""Abbreviations and full names made one, so that "BIS" and its full name are the same party. Pure.

What stands for what is taken from the texts ("Full Name (FN)"), from initials ("FN" where the text
has "Full Name"), and, for a few bodies that texts seldom spell out, from a list.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from sources.text import collapse

_KNOWN: Mapping[str, str] = {
    "Bureau of Industry and Security": "BIS",
    "Bureau of Industry & Security": "BIS",
    "Export Administration Regulations": "EAR",
    "Office of Foreign Assets Control": "OFAC",
    "Federal Register": "FR",
    "United States of America": "US",
    "United States": "US",
    "United Kingdom": "UK",
    "United Arab Emirates": "UAE",
    "European Union": "EU",
    "People's Republic of China": "China",
    "PRC": "China",
    "USA": "US",
}
_DEFINED = re.compile(r" \([“\"]?([A-Z][A-Za-z]{0,7}[A-Z]s?)[”\"]?\)")
_SHORT = re.compile(r"\b([A-Z]{3,7})s?\b")
_NAME_WORD = re.compile(r"[A-Za-z][\w'’&-]*")
_SMALL = frozenset(["of", "and", "the", "for", "to", "on", "in", "&"])
_DEPARTMENT = re.compile(r"\bDepartments? of (?:the )?([A-Z][a-z]+)\b(?! and [A-Z])")
_REACH = 150  # characters before an abbreviation in which its full name stands


def one_form(text: str, aliases: Mapping[str, str]) -> str:
    """Return `text` with full names as their abbreviations: "Full Name (FN)" becomes "FN"."""
    low = text.lower()
    for full, short in aliases.items():
        if full.lower() in low:
            pattern = rf"(?:\bthe )?(?<!\w){re.escape(full)}(?!\w)(?: \([“\"]?{short}[”\"]?\))?"
            text = re.sub(pattern, short, text, flags=re.I)
    text = _DEPARTMENT.sub(r"\1 Department", text)
    return re.sub(r"\bU\.\s?S\.(?:A\.)?(?!\s?C\.?\b)", "US", text)


def aliases(claim: str, premise: str, documents: Iterable[str]) -> Mapping[str, str]:
    """Return full name → abbreviation for a claim and what it cites, the longest names first.

    `premise` are the words cited with their surroundings, `documents` the whole texts.
    """
    found = dict(_KNOWN)
    for text in documents:
        found.update(_defined(text))
    found.update(_spelled(claim, premise))
    found.update(_spelled(premise, claim))
    return {full: found[full] for full in sorted(found, key=len, reverse=True)}


@lru_cache(maxsize=256)
def _defined(text: str) -> Mapping[str, str]:
    """Return the names that a text gives with their abbreviation in brackets."""
    flat = collapse(text)
    found: dict[str, str] = {}
    for match in _DEFINED.finditer(flat):
        full = _ending_in(flat[max(0, match.start() - _REACH) : match.start()], match[1])
        if full:
            found.setdefault(full, match[1])
    return found


def _ending_in(text: str, short: str) -> str:
    """Return the words at the end of `text` whose first letters spell `short`, or ""."""
    left = [c for c in short.removesuffix("s") if c.isupper()]
    for word in reversed(list(_NAME_WORD.finditer(text))):
        if left and word[0][0].upper() == left[-1] and word[0] not in _SMALL:
            left.pop()
        elif word[0] not in _SMALL:
            return ""
        if not left:
            full = text[word.start() :]
            return full if re.fullmatch(r"[\w'’&/ -]+", full) else ""
    return ""


def _spelled(text: str, other: str) -> Mapping[str, str]:
    """Return names of `other` that an abbreviation of `text` spells, where `other` lacks it."""
    found: dict[str, str] = {}
    for short in set(_SHORT.findall(text)):
        if re.search(rf"\b{short}s?\b", other):
            continue
        words = list(_NAME_WORD.finditer(other))
        capitals = [word for word in words if word[0][0].isupper()]
        for at in range(len(capitals) - len(short) + 1):
            run = capitals[at : at + len(short)]
            full = other[run[0].start() : run[-1].end()]
            small = {w[0] for w in _NAME_WORD.finditer(full) if w[0][0].islower()} <= _SMALL
            if (
                "".join(w[0][0] for w in run) == short
                and small
                and re.fullmatch(r"[\w'’& -]+", full)
            ):
                found[full] = short
    return found
