"""The story of one question, from words to a recorded answer. Read this file first.

    understand → retrieve → rank → write → verify → record

Every arrow passes frozen values; nothing later changes anything earlier.
"""

import time
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

from assistant import notices, wire
from assistant.features import candidates
from assistant.library import Library
from assistant.premise import contradicted
from assistant.question import Question, understand
from assistant.rank import Ranked, answerable, rank
from assistant.retrieve import Found, retrieve
from assistant.settings import Settings
from assistant.status import by_instrument, status_of
from assistant.types import Answer, Citation, Claim, Outcome, Provenance, Support
from assistant.verify import check
from assistant.write import DraftClaim, choose, draft
from sources.types import Kind, Status

MODEL = "extractive"


def today() -> date:
    """Return the date that a question without an as-of date is asked about."""
    return datetime.now(UTC).date()


class Assistant:
    """Answers questions from one library."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self.library = library
        self._settings = settings

    def ask(
        self,
        text: str,
        *,
        as_of: date | None = None,
        history: Sequence[str] = (),
        kinds: Sequence[Kind] = (),
        asker: str = "",
    ) -> Answer:
        """Return the answer to `text` as of a date (today), after recording it.

        Raises BadQuestion when there is nothing to answer.
        """
        clock = _Clock()
        question = understand(
            text,
            history=history,
            as_of=as_of or today(),
            max_chars=self._settings.max_question_chars,
        )
        found = retrieve(self.library, question, kinds)
        clock.lap("retrieve")
        ranked = self._rank(question, found)
        clock.lap("rank")
        events = by_instrument(self.library.store.events())
        outcome, claims, premise_failed = self._write(question, ranked, events)
        clock.lap("write")
        kept, withheld = check(claims)
        if not kept:
            outcome = "not_in_sources"
        clock.lap("verify")
        answer = Answer(
            id=f"a-{uuid.uuid4().hex[:12]}",
            question=question.text,
            standalone_question=question.standalone,
            as_of=question.as_of,
            outcome=outcome,
            claims=kept,
            withheld=withheld,
            notices=notices.about(
                question,
                kept,
                events,
                premise_failed=premise_failed,
                stale_after_days=self._settings.stale_after_days,
            ),
            evidence=found.evidence,
            provenance=self._provenance(found, clock),
        )
        self.library.store.record(wire.record(answer, asker=asker, at=datetime.now(UTC)))
        return answer

    def _rank(self, question: Question, found: Found) -> tuple[Ranked, ...]:
        pairs = [(item.document, item.passage) for item in found.evidence]
        pool = candidates(found.evidence, self.library.sentence_vectors(pairs), found.vector)
        return rank(question, pool, lru_cache(maxsize=None)(self.library.rarity))

    def _write(
        self, question: Question, ranked: Sequence[Ranked], events: notices.Events
    ) -> tuple[Outcome, tuple[Claim, ...], bool]:
        """Return outcome, unchecked claims, and whether the question's premise failed."""
        rarity = self.library.rarity
        against = contradicted(question, ranked, {word: rarity(word) for word in question.terms})
        if against:
            chosen, outcome = choose(against, limit=2), "partly_answered"
        elif answerable(question, ranked, rarity) >= 0:
            chosen, outcome = choose(ranked), "answered"
        else:
            return "not_in_sources", (), False
        documents = [item.candidate.evidence.document for item in chosen]
        statuses: list[Status] = [status_of(d, events, question.as_of) for d in documents]
        claims = tuple(_claim(item) for item in draft(chosen, statuses))
        return outcome, claims, bool(against)

    def _provenance(self, found: Found, clock: "_Clock") -> Provenance:
        dates = [item.document.published for item in found.evidence if item.document.published]
        return Provenance(
            model=MODEL,
            encoder=self.library.encoder.fingerprint,
            index=self.library.index_name,
            newest_source=max(dates, default=None),
            synced=self.library.store.meta("synced"),
            seconds=clock.total(),
        )


def _claim(item: DraftClaim) -> Claim:
    candidate = item.source.candidate
    start, end = candidate.span
    citation = Citation(
        number=0,
        evidence=candidate.evidence.id,
        quote=candidate.text,
        start=start,
        end=end,
        document=candidate.evidence.document,
        status=item.status,
        locator=candidate.evidence.passage.locator,
    )
    return Claim(
        text=item.text,
        citations=(citation,),
        support=Support(verdict="supported", score=1.0),
    )


class _Clock:
    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: list[tuple[str, float]] = []

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps.append((name, round(now - self._last, 4)))
        self._last = now

    def total(self) -> tuple[tuple[str, float], ...]:
        return (*self._laps, ("total", round(time.perf_counter() - self._start, 4)))
