"""Right claims on a wrong citation, and quotes that are not what the text says, by rule."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random

from assistant.types import Citation
from eval.corruptions.mentions import dates, identifiers, numbers
from eval.corruptions.types import Edit, Seed, replaced
from sources.text import collapse

_ABSENT = 0.4  # share of a claim's words that a passage lacks where it cannot bear the claim out
_WORD = re.compile(r"[A-Za-z][A-Za-z-]{3,}")
_SAYS = (
    "{Who} says: “{quote}”",
    "As {who} puts it, “{quote}”",
    "According to {who}, “{quote}”",
    "{Who} states that “{quote}”",
)
_ALTERED = {
    "license": "permit", "requires": "demands", "companies": "firms", "rule": "regulation",
    "items": "goods", "added": "listed", "published": "released", "effective": "operative",
    "foreign": "overseas", "persons": "people", "applies": "extends", "exports": "shipments",
    "requirements": "obligations", "restrictions": "limits", "entities": "companies",
    "provides": "gives", "includes": "comprises", "described": "set out", "certain": "some",
    "controls": "restrictions", "technology": "know-how", "purposes": "aims", "also": "likewise",
    "because": "since", "under": "according to", "covers": "reaches", "needed": "necessary",
}  # fmt: skip


def wrong_places(
    text: str, seed: Seed, others: Sequence[Seed], random: Random
) -> Iterator[tuple[str, Citation]]:
    """Yield citations that do not bear `text` out: the nearest in words of the same document, the
    nearest of another, and any of another, as far as there are such."""
    foreign = [other for other in others if other.document.id != seed.document.id]
    pools = {
        "near, same document": [o for o in others if o.document.id == seed.document.id],
        "near, other document": foreign,
        "any document": random.sample(foreign, min(5, len(foreign))),
    }
    words = _words(text)
    for name, pool in pools.items():
        near = sorted(pool, key=lambda o: (-len(words & _words(o.passage.text)), o.sentence))
        for other in near[:200]:
            if _far(other, seed) and not _may_bear_out(text, words, other):
                yield name, other.claim.citations[0]
                break


def altered(quote: str, seed: Seed, random: Random) -> Edit | None:
    """Return `quote` with one word changed, left out or moved, or a figure changed."""
    ways = [_word_changed, _word_left_out, _words_moved, _figure_changed]
    for way in random.sample(ways, len(ways)):
        edit = way(quote, random)
        if edit is not None and edit.text not in collapse(seed.quote):
            return edit
    return None


def quoted(quote: str, seed: Seed, random: Random) -> str:
    """Return a claim that gives `quote` in quotation marks, with who says it."""
    name = who(seed)
    if not quote.endswith("."):
        return f"The wording of {name} is, in part, “{quote}”."
    form = random.choice(_SAYS)
    return form.format(who=name, Who=name[0].upper() + name[1:], quote=quote)


def part(sentence: str, random: Random) -> str:
    """Return the sentence, or a run of eight to sixteen of its words."""
    words = sentence.removesuffix(".").split(" ")
    if random.random() < 0.6 or len(words) < 12:
        return sentence
    start = random.randrange(len(words) - 8)
    return " ".join(words[start : start + random.randint(8, 16)]).rstrip(",;:")


def shifted(seed: Seed, random: Random) -> Citation:
    """Return the citation with its offsets moved by a few characters."""
    citation = seed.claim.citations[0]
    by = random.choice([-7, -3, -1, 1, 2, 5])
    return replace(citation, start=citation.start + by, end=citation.end + by)


def requoted(seed: Seed, edit: Edit) -> Citation:
    """Return the citation with an altered quote at the old place."""
    return replace(seed.claim.citations[0], quote=edit.text)


def who(seed: Seed) -> str:
    """Return a name for what is cited, as a writer would give it within a sentence."""
    document = seed.document
    kind = document.kind.replace("_", " ")
    return f"the {kind}" if not document.title else f"the {kind} “{collapse(document.title)}”"


def _far(other: Seed, seed: Seed) -> bool:
    """Whether two passages neither overlap nor follow one another in one document."""
    if other.document.id != seed.document.id:
        return True
    gap = max(other.passage.start - seed.passage.end, seed.passage.start - other.passage.end)
    return gap > 50


def _may_bear_out(text: str, words: frozenset[str], other: Seed) -> bool:
    """Whether a passage has so much of a claim that it might bear it out."""
    held = _words(f"{other.passage.text} {other.document.title}")
    absent = len(words - held) / max(1, len(words))
    if absent >= _ABSENT:
        return False
    said = {m.value for find in (dates, numbers, identifiers) for m in find(text)}
    known = {
        m.value
        for find in (dates, numbers, identifiers)
        for m in find(collapse(other.passage.text))
    }
    return absent < _ABSENT / 2 or not said - known


@lru_cache(maxsize=20_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower()[:6] for word in _WORD.findall(text))


def _word_changed(quote: str, random: Random) -> Edit | None:
    found = [m for w in _ALTERED for m in re.finditer(rf"\b{w}\b", quote)]
    if not found:
        return None
    match = random.choice(found)
    return replaced(quote, match.start(), match.end(), _ALTERED[match[0]], "word changed")


def _word_left_out(quote: str, random: Random) -> Edit | None:
    found = list(re.finditer(r"(?<=[a-z] )[a-z]{4,} (?=[a-z])", quote))
    if not found:
        return None
    match = random.choice(found)
    return replaced(quote, match.start(), match.end(), "", "word left out")


def _words_moved(quote: str, random: Random) -> Edit | None:
    found = list(re.finditer(r"\b([A-Za-z]{4,}) (and|or|of|for|in|to) ([A-Za-z]{4,})\b", quote))
    if not found:
        return None
    match = random.choice(found)
    moved = f"{match[3]} {match[2]} {match[1]}"
    return replaced(quote, match.start(), match.end(), moved, "words moved")


def _figure_changed(quote: str, random: Random) -> Edit | None:
    found = [m for m in re.finditer(r"\d", quote)]
    if not found:
        return None
    match = random.choice(found)
    digit = random.choice([d for d in "123456789" if d != match[0]])
    return replaced(quote, match.start(), match.end(), digit, "figure changed")
