"""Sentences that tell, of a date asked about, what came only later. Pure.

A summary is written after the fact: beside what an instrument did stands what became of it. Asked
as of an earlier date, such a sentence must not answer. A day up to which something lasts is no
hindsight: it was known at the time.
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


def tells_later(text: str, as_of: date) -> bool:
    """Whether `text` names a time after `as_of` at which something happened."""
    rest = _LASTS.sub(" ", text)
    return any(_first_day(when.year, when.months, when.day) > as_of for when in times(rest))


def _first_day(year: int, months: tuple[int, ...], day: int | None) -> date:
    try:
        return date(year, min(months, default=1), day or 1)
    except ValueError:  # "February 30"
        return date(year, min(months, default=1), 1)
