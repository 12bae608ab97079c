"""Sentences that tell, of a date asked about, what came only later. Pure.

A summary is written after the fact: beside what an instrument did stands what became of it. Asked
as of an earlier date, such a sentence must not answer. A day up to which something lasts, and the
day from which a text takes effect, are no hindsight: the text that was there already said them. It
is hindsight again where the sentence is about a later change.
"""

import re
from datetime import date

from assistant.question import MONTHS, times

_MONTH = "|".join(MONTHS)
_DAY = rf"(?:{_MONTH})\s+(?:\d{{1,2}},?\s+)?\d{{4}}|\d{{1,2}}\s+(?:{_MONTH})\s+\d{{4}}"
_LASTS = re.compile(
    rf"\b(?:until|till|through|to|by|before|ends?(?: on)?|expires?(?: on)?|and)\s+"
    rf"(?:the end of\s+)?(?:{_DAY})",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    rf"(?:\beffective(?:\s+date)?\b[^.;]{{0,60}}?|\b(?:takes?|took|taking|comes?|came)\s+"
    rf"(?:into\s+)?(?:effect|force)\s+(?:on|from)|\bappl(?:y|ies|ied)\s+(?:from|since|as of)|"
    rf"\bcompliance\b[^.;]{{0,40}}?|^\W*(?:from|since|as of))\s+(?:{_DAY})",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:extend|extension|renew|amend|replac|supersed|rescind|rescission|remov|revok|suspend|"
    r"suspension|resum|expir|later|again)",
    re.IGNORECASE,
)


def tells_later(text: str, as_of: date) -> bool:
    """Whether `text` names a time after `as_of` at which something happened."""
    rest = _LASTS.sub(" ", text)
    if not _CHANGES.search(rest):
        rest = _BEGINS.sub(" ", rest)
    return any(_first_day(when.year, when.months, when.day) > as_of for when in times(rest))


def _first_day(year: int, months: tuple[int, ...], day: int | None) -> date:
    try:
        return date(year, min(months, default=1), day or 1)
    except ValueError:  # "February 30"
        return date(year, min(months, default=1), 1)
