"""Quote exactness: are the words in quotation marks those of the cited passage."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

from assistant.write import plain
from eval.metrics.common import nothing_to_read
from eval.questions import Case
from eval.types import Cited, Judge, Metric, Response, Result, Score, Sentence, Unscored

Match = Literal["exact", "normalised", "fuzzy", "absent"]
_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|«([^«»]+)»")
_GAP = re.compile(r"\s*(?:…|\.\.\.|\[[^\]]*\])\s*")
_CLOSE = 0.98
_FROM_BEST: tuple[Match, ...] = ("exact", "normalised", "fuzzy")


def quote_exactness(case: Case, response: Response, judge: Judge) -> Result:
    """Share of quotes that stand letter for letter in the passage that their sentence cites.

    exact quotes / quotes. A quote is what a citation gives as one (it must stand at its offset) and
    what a sentence has in quotation marks (three words or more; … and [brackets] are gaps; the
    title of what is cited may be quoted too). Source: our own, against the flaws of RAGAS'
    quoted_spans_alignment (reference, 3.7): no quote is Unscored, only the cited passage counts.

    Example: of “for all items” and “for most items”, over a passage with "for all items", the first
    is exact and the second absent: 0.5.
    """
    nothing = nothing_to_read(response)
    if nothing:
        return nothing
    found = [match for sentence in response.sentences for match in _matches(sentence)]
    if not found:
        return Unscored(reason="the answer quotes nothing")
    counts = {kind: sum(k == kind for k, _ in found) for kind in dict.fromkeys(k for k, _ in found)}
    worst = next((f": “{quote}”" for kind, quote in found if kind != "exact"), "")
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return Score(value=counts.get("exact", 0) / len(found), explanation=told + worst)


def _matches(sentence: Sentence) -> Iterator[tuple[Match, str]]:
    for cited in sentence.cited:
        if cited.quote:
            yield _at_offset(cited), cited.quote
    texts = [text for c in sentence.cited if c.source for text in (c.source.text, c.source.head)]
    for match in _QUOTED.finditer(sentence.text):
        quote = next(filter(None, match.groups()))
        if len(quote.split()) >= 3:
            yield _best([_within(quote, text) for text in texts]), quote


def _at_offset(cited: Cited) -> Match:
    if cited.source is None:
        return "absent"
    if cited.start is not None:
        first = cited.start - cited.source.start
        if first >= 0 and cited.source.text[first : first + len(cited.quote)] == cited.quote:
            return "exact"
        found = _within(cited.quote, cited.source.text)
        return "normalised" if found == "exact" else found
    return _within(cited.quote, cited.source.text)


def _within(quote: str, text: str) -> Match:
    """Return how the pieces of a quote, in order, stand in a text, white space aside."""
    pieces = [piece for piece in map(plain, _GAP.split(quote)) if piece]
    if _in_order(pieces, plain(text)):
        return "exact"
    if _in_order([_normal(piece) for piece in pieces], _normal(plain(text))):
        return "normalised"
    return "fuzzy" if all(_nearly(piece, plain(text)) for piece in pieces) else "absent"


def _in_order(pieces: list[str], text: str) -> bool:
    at = 0
    for piece in pieces:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _normal(text: str) -> str:
    return re.sub(r"[^\w ]", "", text.lower())


def _nearly(piece: str, text: str) -> bool:
    block = SequenceMatcher(None, piece, text, autojunk=False).find_longest_match()
    start = max(0, block.b - block.a)
    window = text[start : start + len(piece)]
    return SequenceMatcher(None, piece, window, autojunk=False).ratio() >= _CLOSE


def _best(found: list[Match]) -> Match:
    for kind in _FROM_BEST:
        if kind in found:
            return kind
    return "absent"


QUOTE_EXACTNESS = Metric(scorer=quote_exactness, version=1, group="hard", title="Quotes exact")
