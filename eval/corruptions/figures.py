"""Wrong numbers, dates and identifiers, by rule.

Three ways each: another value near the true one, one that stands elsewhere in the document, and two
values of the sentence exchanged. No rule makes a claim that the true one implies ("more than 60" of
"more than 70").
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from random import Random

from eval.corruptions import mentions
from eval.corruptions.mentions import MONTHS, SMALL, Mention
from eval.corruptions.types import Edit, Rule, Seed, replaced
from sources.text import collapse

_Find = Callable[[str], list[Mention]]
_FLOOR = re.compile(
    r"\b(?:more than|over|above|at least|exceed\w*|minimum of|after|since)\s+\$?$", re.I
)
_CEILING = re.compile(
    r"\b(?:less than|fewer than|under|below|up to|at most|no more than|maximum of|within|before|by|"
    r"until|through|nearly|almost)\s+\$?$",
    re.I,
)


def other_number(text: str, seed: Seed, random: Random) -> Edit | None:
    """Another number, near the true one."""
    return _other(text, seed, random, mentions.numbers, _near_number, "another number")


def number_of_document(text: str, seed: Seed, random: Random) -> Edit | None:
    """A number that stands elsewhere in the document, not in the quote."""
    return _elsewhere(text, seed, random, mentions.numbers, "a number from elsewhere")


def numbers_exchanged(text: str, seed: Seed, random: Random) -> Edit | None:
    """Two numbers of the sentence exchanged."""
    return _exchanged(text, random, mentions.numbers, "two numbers exchanged")


def other_date(text: str, seed: Seed, random: Random) -> Edit | None:
    """Another day, month or year."""
    return _other(text, seed, random, mentions.dates, _near_date, "another date")


def date_of_document(text: str, seed: Seed, random: Random) -> Edit | None:
    """A date that stands elsewhere in the document, not in the quote."""
    return _elsewhere(text, seed, random, mentions.dates, "a date from elsewhere")


def dates_exchanged(text: str, seed: Seed, random: Random) -> Edit | None:
    """Two dates of the sentence exchanged."""
    return _exchanged(text, random, mentions.dates, "two dates exchanged")


def other_identifier(text: str, seed: Seed, random: Random) -> Edit | None:
    """Another ECCN, section, part, group, exception, order or citation."""
    find = mentions.identifiers
    return _other(text, seed, random, find, _near_identifier, "another identifier")


def identifier_of_document(text: str, seed: Seed, random: Random) -> Edit | None:
    """An identifier of the same kind that stands elsewhere in the document, not in the quote."""
    return _elsewhere(text, seed, random, mentions.identifiers, "an identifier from elsewhere")


def identifiers_exchanged(text: str, seed: Seed, random: Random) -> Edit | None:
    """Two identifiers of one kind exchanged."""
    return _exchanged(text, random, mentions.identifiers, "two identifiers exchanged")


NUMBER: tuple[Rule, ...] = (other_number, number_of_document, numbers_exchanged)
DATE: tuple[Rule, ...] = (other_date, date_of_document, dates_exchanged)
IDENTIFIER: tuple[Rule, ...] = (other_identifier, identifier_of_document, identifiers_exchanged)


def _other(
    text: str,
    seed: Seed,
    random: Random,
    find: _Find,
    near: Callable[[Mention, Random], str],
    rule: str,
) -> Edit | None:
    known = _values(find, seed.quote)
    found = find(text)
    random.shuffle(found)
    for mention in found:
        for _ in range(8):
            edit = _put(text, mention, near(mention, random), find, known, rule)
            if edit is not None:
                return edit
    return None


def _elsewhere(text: str, seed: Seed, random: Random, find: _Find, rule: str) -> Edit | None:
    known = _values(find, seed.quote)
    others = [m for m in _all(find, seed.document.text) if m.value not in known]
    found = find(text)
    random.shuffle(found)
    for mention in found:
        same = [other.text for other in others if other.kind == mention.kind]
        for new in random.sample(same, min(8, len(same))):
            edit = _put(text, mention, new, find, known, rule)
            if edit is not None:
                return edit
    return None


def _put(
    text: str, mention: Mention, new: str, find: _Find, known: frozenset[object], rule: str
) -> Edit | None:
    """Return the edit, if it says another thing of the same kind, not implied by the true one."""
    edit = replaced(text, mention.start, mention.end, new, rule)
    now = [m for m in find(edit.text) if m.start == mention.start and m.text == new]
    if len(now) != 1 or now[0].kind != mention.kind or _is_held(now[0].value, known):
        return None
    if _is_implied(text[: mention.start], mention.value, now[0].value):
        return None
    return edit


def _is_held(value: object, known: frozenset[object]) -> bool:
    """Whether a value, or one more or less exact ("734.9" of "734.9(e)"), is among `known`."""
    if not isinstance(value, str):
        return value in known
    return any(value.startswith(str(one)) or str(one).startswith(value) for one in known)


def _is_implied(before: str, old: object, new: object) -> bool:
    lower = new < old  # type: ignore[operator]
    floor, ceiling = _FLOOR.search(before), _CEILING.search(before)
    return bool((floor and lower) or (ceiling and not lower))


def _exchanged(text: str, random: Random, find: _Find, rule: str) -> Edit | None:
    pairs = [
        (one, other)
        for one, other in mentions.exchangeable(text, find(text))
        if not _is_held(one.value, frozenset([other.value]))
    ]
    if not pairs:
        return None
    one, other = random.choice(pairs)
    middle = text[one.end : other.start]
    new = f"{text[: one.start]}{other.text}{middle}{one.text}{text[other.end :]}"
    before, after = f"{one.text} … {other.text}", f"{other.text} … {one.text}"
    return Edit(text=new, before=before, after=after, rule=rule)


@lru_cache(maxsize=2_000)
def _all(find: _Find, text: str) -> tuple[Mention, ...]:
    return tuple(find(collapse(text)))


def _values(find: _Find, text: str) -> frozenset[object]:
    return frozenset(mention.value for mention in find(collapse(text)))


def _near_number(mention: Mention, random: Random) -> str:
    value = float(str(mention.value))
    if mention.kind == "word":
        return random.choice([word for word in SMALL[2:] if word != mention.text])
    if "." in mention.text:
        return f"{value + random.choice([-0.3, -0.1, 0.1, 0.2, 0.5, 1.0]):.1f}"
    steps: Sequence[float] = (1, 2, 5, 10, value, -value / 2, -1, -2)
    new = max(2, round(value + random.choice(steps)))
    return f"{new:,}" if "," in mention.text else str(new)


def _near_date(mention: Mention, random: Random) -> str:
    step = random.choice([-3, -2, -1, 1, 2, 3])
    value = mention.value
    if isinstance(value, date):
        part = random.choice(["day", "month", "year"])
        year = value.year + (step if part == "year" else 0)
        month = (value.month - 1 + (step if part == "month" else 0)) % 12 + 1
        last = monthrange(year, month)[1]
        moved = value.day + random.choice([-9, -4, -1, 1, 3, 8]) if part == "day" else value.day
        new = date(year, month, min(max(1, moved), last))
        if mention.text[0].isdigit():
            return f"{new.day} {MONTHS[new.month - 1]} {new.year}"
        return f"{MONTHS[new.month - 1]} {new.day}, {new.year}"
    year = int(mention.text[-4:])
    if mention.kind == "year" or random.random() < 0.5:
        return f"{mention.text[:-4]}{year + step}"
    return f"{random.choice(MONTHS)} {year}"


def _near_identifier(mention: Mention, random: Random) -> str:
    text = mention.text
    if mention.kind == "exception":
        return random.choice(["ENC", "STA", "TMP", "RPL", "GOV", "TSR", "LVS", "GBS", "APR", "TSU"])
    if mention.kind == "group":
        return random.choice(["A:1", "A:5", "A:6", "B:1", "D:1", "D:3", "D:4", "D:5", "E:1", "E:2"])
    if mention.kind == "ECCN" and random.random() < 0.4:
        return text[0] + random.choice([c for c in "ABCDE" if c != text[1]]) + text[2:]
    if text.endswith(")") and random.random() < 0.5:
        inner = re.search(r"\((\w+)\)$", text)
        other = random.choice("12345" if inner and inner[1].isdigit() else "abcdef")
        return re.sub(r"\(\w+\)$", f"({other})", text)
    places = [at for at, char in enumerate(text) if char.isdigit() and at > 0] or [0]
    at = random.choice(places)
    return text[:at] + random.choice([d for d in "123456789" if d != text[at]]) + text[at + 1 :]
