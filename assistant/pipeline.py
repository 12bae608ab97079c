"""The story of one question, from words to a recorded answer. Read this file first.

    understand → retrieve → rank → decide → write → cite → verify → record

Every arrow passes frozen values; nothing later changes anything earlier.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime

from assistant import notices, wire
from assistant.afterwards import published_later, standing_first, successors
from assistant.cite import cite
from assistant.clock import Clock
from assistant.decide import decide
from assistant.library import Library
from assistant.question import understand
from assistant.rank import rank
from assistant.retrieve import retrieve
from assistant.settings import Settings
from assistant.status import status_of
from assistant.types import Answer, Evidence, Provenance
from assistant.verify import check
from assistant.write import draft
from sources.types import Kind


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
        clock, limit = Clock(), self._settings.max_question_chars
        question = understand(text, history=history, as_of=as_of or today(), max_chars=limit)
        found = retrieve(self.library, question, kinds)
        clock.lap("retrieve")
        ranked = rank(question, found, self.library)
        clock.lap("rank")
        outcome, chosen = decide(question, ranked, self.library)
        past = self.library.history()
        after = successors(chosen, found, past, self.library, question)
        quotes = standing_first((*after.quotes, *chosen), past, question)
        claims = cite(draft(quotes, lambda d: status_of(d, past, question.as_of)))
        clock.lap("write")
        kept, withheld = check(claims)
        clock.lap("verify")
        days, store = self._settings.stale_after_days, self.library.store
        told = notices.about(question, kept, past, outcome, days, store.synced(), store.current)
        evidence = (*found.evidence, *after.evidence)
        answer = Answer(
            id=f"a-{uuid.uuid4().hex[:12]}",
            question=question.text,
            standalone_question=question.standalone,
            as_of=question.as_of,
            outcome=outcome if kept else "not_in_sources",
            claims=kept,
            withheld=withheld,
            notices=(*told, *published_later(question, ranked, self.library, today())),
            evidence=evidence,
            provenance=self._provenance(evidence, clock),
        )
        self.library.store.answers.record(wire.record(answer, asker=asker, at=datetime.now(UTC)))
        return answer

    def _provenance(self, evidence: Sequence[Evidence], clock: Clock) -> Provenance:
        dates = [item.document.published for item in evidence if item.document.published]
        return Provenance(
            model="extractive",
            encoder=self.library.encoder.fingerprint,
            index=self.library.index_name,
            newest_source=max(dates, default=None),
            synced=self.library.store.meta("synced"),
            seconds=clock.seconds(),
        )


def today() -> date:
    """Return the date that a question without an as-of date is asked about."""
    return datetime.now(UTC).date()
