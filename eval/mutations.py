"""Faults put into the product on purpose, one part each, to see that the figures fall.

A mutation takes an assistant and returns what answers in its place, through the product's own
seams: the library that is searched, the question that is asked, the answer that comes back. Each
draws lots from the question's words, so that the same fault is there every time. Knows no metric.
"""

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any, cast

from assistant.cite import cite
from assistant.embeddings import encode_question
from assistant.library import Library
from assistant.pipeline import Assistant
from assistant.question import understand
from assistant.rank import rank
from assistant.retrieve import Found
from assistant.status import status_of
from assistant.types import Answer, Citation, Claim, Evidence
from assistant.verify import check
from assistant.write import choose, draft
from eval.run import Asks
from sources.types import Kind

_NUMBER = re.compile(r"\d+")


def random_passages(assistant: Assistant) -> Asks:
    """Return an assistant whose two indexes name passages by lot."""
    other = copy.copy(assistant)
    other.library = cast(Library, _Lottery(assistant.library))
    return other


def verifier_off(assistant: Assistant) -> Asks:
    """Return an assistant whose writer now and then alters a figure or a quote, unchecked."""

    def careless(answer: Answer) -> Answer:
        lots = Random(answer.question)
        return replace(answer, claims=tuple(_careless(claim, lots) for claim in answer.claims))

    return _Altered(assistant, careless)


def as_of_ignored(assistant: Assistant) -> Asks:
    """Return an assistant that searches what is known today, whatever day it is asked about."""
    return _Timeless(assistant)


def abstention_off(assistant: Assistant) -> Asks:
    """Return an assistant that quotes the best it found where the product says nothing."""
    return _Altered(
        assistant, lambda answer: answer if answer.claims else _forced(assistant, answer)
    )


def citations_shuffled(assistant: Assistant) -> Asks:
    """Return an assistant whose claims cite what another claim or another document says."""
    return _Altered(assistant, _shuffled)


MUTATIONS: Mapping[str, Callable[[Assistant], Asks]] = {
    "random_passages": random_passages,
    "verifier_off": verifier_off,
    "as_of_ignored": as_of_ignored,
    "abstention_off": abstention_off,
    "citations_shuffled": citations_shuffled,
}


class _Lottery:
    """A library in all but `search`, which draws lots among the passages of the day."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._pool = tuple(
            (passage.id, stored.document.published or date.min)
            for stored in library.store.documents()
            for passage in library.store.passages(stored.document)
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def search(
        self,
        vector: object,
        words: Mapping[str, float],
        identifiers: Sequence[str],
        *,
        on: date,
        kinds: Sequence[str],
        limit: int,
    ) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        held = [id for id, since in self._pool if since <= on]
        drawn = Random(" ".join(sorted(words))).sample(held, min(limit, len(held)))
        return [(id, 0.0) for id in drawn], [(id, 0.0) for id in drawn]


class _Altered:
    """An assistant whose answers are altered after everything else was done."""

    def __init__(self, assistant: Assistant, alter: Callable[[Answer], Answer]) -> None:
        self._assistant, self._alter = assistant, alter

    def ask(
        self,
        text: str,
        *,
        as_of: date | None = None,
        history: Sequence[str] = (),
        kinds: Sequence[Kind] = (),
    ) -> Answer:
        return self._alter(self._assistant.ask(text, as_of=as_of, history=history, kinds=kinds))


class _Timeless:
    """An assistant asked about today, whose answers claim the day that was asked about."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def ask(
        self,
        text: str,
        *,
        as_of: date | None = None,
        history: Sequence[str] = (),
        kinds: Sequence[Kind] = (),
    ) -> Answer:
        answer = self._assistant.ask(text, history=history, kinds=kinds)
        return replace(answer, as_of=as_of or answer.as_of)


def _careless(claim: Claim, lots: Random) -> Claim:
    """Return one claim in three altered: its last number, or its quote by a word."""
    lot = lots.random()
    numbers = list(_NUMBER.finditer(claim.text))
    if lot < 1 / 6 and numbers:
        at = numbers[-1]
        other = "".join(str((int(digit) + 5) % 10) for digit in at[0])
        return replace(claim, text=claim.text[: at.start()] + other + claim.text[at.end() :])
    if lot < 1 / 3:
        first = claim.citations[0]
        quote = first.quote.replace(" ", " not ", 1)
        return replace(claim, citations=(replace(first, quote=quote), *claim.citations[1:]))
    return claim


def _forced(assistant: Assistant, answer: Answer) -> Answer:
    """Return the answer that the product's own parts give when `decide` is left out."""
    library, past = assistant.library, assistant.library.history()
    asked = answer.standalone_question
    question = understand(asked, history=(), as_of=answer.as_of, max_chars=len(asked))
    found = Found(evidence=answer.evidence, vector=encode_question(library.encoder, asked))
    quotes = choose(rank(question, found, library))
    claims = cite(draft(quotes, lambda document: status_of(document, past, answer.as_of)))
    kept, withheld = check(claims)
    return replace(
        answer,
        outcome="answered" if kept else answer.outcome,
        claims=kept,
        withheld=withheld,
    )


def _shuffled(answer: Answer) -> Answer:
    """Return each claim with the citations of the next; a lone one with another document's."""
    if len(answer.claims) > 1:
        moved = [claim.citations for claim in (*answer.claims[1:], answer.claims[0])]
    else:
        moved = [tuple(_elsewhere(claim, answer.evidence)) for claim in answer.claims]
    pairs = zip(answer.claims, moved, strict=True)
    return replace(answer, claims=tuple(replace(c, citations=cited) for c, cited in pairs))


def _elsewhere(claim: Claim, evidence: Sequence[Evidence]) -> Iterator[Citation]:
    """Yield the opening sentence of the first passage found that is of another document."""
    own = {citation.document.id for citation in claim.citations}
    for item in (item for item in evidence if item.document.id not in own):
        start, end = item.passage.sentences[0]
        yield replace(
            claim.citations[0],
            evidence=item.id,
            quote=item.document.text[start:end],
            start=start,
            end=end,
            document=item.document,
            locator=item.passage.locator,
        )
        return
