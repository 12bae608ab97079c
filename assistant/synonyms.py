"""Words of the field that mean the same, as terms. Data in `data/synonyms.txt`; no legal fact."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from assistant.terms import term


@lru_cache(maxsize=1)
def synonyms() -> Mapping[str, frozenset[str]]:
    """Return, for each term in a group, the other terms of its groups."""
    found: dict[str, set[str]] = {}
    text = files("assistant").joinpath("data/synonyms.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        group = {term(word) for word in line.split()}
        for member in group:
            found.setdefault(member, set()).update(group - {member})
    return {member: frozenset(others) for member, others in found.items()}
