"""Words of which one denies the other, and words of one act, as terms. No legal fact.

Data in `data/opposites.txt` and `data/acts.txt`.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

from assistant.terms import term

_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis", "mis")


def are_opposite(one: str, other: str) -> bool:
    """Whether one word in lower case denies the other: "added", "removed"; "lawful", "unlawful"."""
    if term(other) in _opposites().get(term(one), ()):
        return True
    short, long = sorted((one, other), key=len)
    return len(short) > 3 and any(long == prefix + short for prefix in _PREFIXES)


def same_act(word: str) -> frozenset[str]:
    """Return the terms that tell of what the term `word` tells; empty if it tells of no act."""
    return _acts().get(word, frozenset())


@lru_cache(maxsize=1)
def _opposites() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _lines("opposites.txt"):
        left, right = (frozenset(map(term, side.split())) for side in line.split("|"))
        _relate(found, left, right)
        _relate(found, right, left)
    return {word: frozenset(others) for word, others in found.items()}


@lru_cache(maxsize=1)
def _acts() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _lines("acts.txt"):
        group = frozenset(map(term, line.split()))
        _relate(found, group, group)
    return {word: frozenset(others) for word, others in found.items()}


def _relate(found: dict[str, set[str]], words: Iterable[str], others: Iterable[str]) -> None:
    for word in words:
        found.setdefault(word, set()).update(others)


def _lines(name: str) -> Iterator[str]:
    text = files("assistant").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
