"""Text → units that can be compared: dates, numbers, identifiers, names and words. Pure.

Knows no claim and no document.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from assistant.checks.figures import (
    DATES,
    FURTHER,
    IDENTIFIERS,
    LABELLED,
    NUMBERS,
    Value,
    compatible,
    covers,
    label_of,
)
from assistant.terms import term

UnitKind = Literal["date", "number", "identifier", "name", "word", "break"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit of a text. `value` is equal where two units mean the same; of words it is the term.

    `opens` is true of the first unit of a sentence.
    """

    kind: UnitKind
    value: Value
    text: str
    opens: bool = False

    @property
    def low(self) -> str:
        """The text in lower case."""
        return self.text.lower()


_Reader = Callable[[re.Match[str]], Value]
_FIGURES: tuple[tuple[UnitKind, re.Pattern[str], _Reader], ...] = tuple(
    (kind, re.compile(pattern), read)
    for kind, ways in (("identifier", IDENTIFIERS), ("date", DATES), ("number", NUMBERS))
    for pattern, read in ways
)  # type: ignore[assignment]
_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_][\w'’]*(?:&\w+)?|⟨\w+⟩|%|\$")
_BREAK = re.compile(r"[,;:()\[\]–—.?!]")
_SIGNS = {"%": "percent", "$": "dollars"}


@lru_cache(maxsize=2_000)
def units(text: str) -> tuple[Unit, ...]:
    """Return the units of a text on one line, in order."""
    taken = sorted(_figures(text), key=lambda found: found[0])
    found: list[Unit] = []
    at, opens = 0, True
    for start, end, unit in [*taken, (len(text), len(text), None)]:
        for word in _words(text[at:start], opens):
            found.append(word)
            opens = word.kind == "break" and word.text in ".?!:"
        if unit is not None:
            found.extend(_with_sign(unit))
            opens = False
        at = end
    return tuple(found)


def with_names(found: Sequence[Unit], names: frozenset[object]) -> tuple[Unit, ...]:
    """Return the units, those that open a sentence as names where they are among `names`."""
    return tuple(
        replace(unit, kind="name") if unit.opens and unit.value in names else unit for unit in found
    )


@lru_cache(maxsize=256)
def names_in(text: str) -> frozenset[object]:
    """Return the values of the names of a text that it has within a sentence, never as words."""
    found = [unit for line in text.split("\n") for unit in units(line)]
    words = {unit.value for unit in found if unit.kind == "word" and not unit.text[0].isupper()}
    return frozenset(unit.value for unit in found if unit.kind == "name") - words


def same(claimed: Unit, held: Unit) -> bool:
    """Whether what a claim says is what a text says: equal, or less exact than the text."""
    if claimed.kind == "date" or held.kind == "date":
        return claimed.kind == held.kind and _same_date(claimed.value, held.value)
    if claimed.kind == "identifier" or held.kind == "identifier":
        return claimed.kind == held.kind and covers(str(claimed.value), str(held.value))
    if claimed.kind == "number" or held.kind == "number":
        return claimed.kind == held.kind and claimed.value == held.value
    return claimed.value == held.value and "break" not in (claimed.kind, held.kind)


def is_figure(unit: Unit) -> bool:
    """Whether a unit is a date, a number or an identifier."""
    return unit.kind in ("date", "number", "identifier")


def _same_date(claimed: Value, held: Value) -> bool:
    assert isinstance(claimed, tuple) and isinstance(held, tuple)
    less_exact = all(b is not None for a, b in zip(claimed, held, strict=True) if a is not None)
    return less_exact and compatible(claimed, held)


def _figures(text: str) -> Iterator[tuple[int, int, Unit]]:
    """Yield (start, end, unit) of dates, numbers and identifiers; the first way that reads wins."""
    taken: list[tuple[int, int]] = []

    def is_free(match: re.Match[str]) -> bool:
        return not any(match.start() < end and start < match.end() for start, end in taken)

    for kind, pattern, read in _FIGURES:
        for match in pattern.finditer(text):
            if not is_free(match):
                continue
            taken.append(match.span())
            yield *match.span(), Unit(kind=kind, value=read(match), text=match[0])
            more = FURTHER.match(text, match.end()) if pattern.pattern == LABELLED else None
            while more is not None and is_free(more):  # "footnotes 1, 4 and 5"
                taken.append(more.span(1))
                value = f"{label_of(match[1])} {more[1].lower()}"
                yield *more.span(1), Unit(kind=kind, value=value, text=more[1])
                more = FURTHER.match(text, more.end())


def _words(text: str, opens: bool) -> Iterator[Unit]:
    """Yield the words and the marks between them; names are words written with a capital."""
    for match in re.finditer(f"{_WORD.pattern}|{_BREAK.pattern}", text):
        written = match[0]
        if _BREAK.fullmatch(written):
            yield Unit(kind="break", value=written, text=written)
            opens = written in ".?!:"
            continue
        word = _SIGNS.get(written, written)
        bare = word.replace(".", "").replace("’", "'")
        named = word[0].isupper() and (not opens or any(c.isupper() for c in word[1:]))
        named = named or (any(c.isdigit() for c in word) and not word.startswith("⟨"))
        value = word if word.startswith("⟨") else term(bare)
        yield Unit(kind="name" if named else "word", value=value, text=word, opens=opens)
        opens = False


def _with_sign(unit: Unit) -> Iterator[Unit]:
    yield unit
    if unit.text.startswith("$"):
        yield Unit(kind="word", value=term("dollars"), text="dollars")
