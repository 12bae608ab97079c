"""The values of the harness, from an answer under evaluation to its scores. Pure data.

A Response is what a system said to a case, whichever system it was: `eval.answers` reads our Answer
JSON and the plain form of others into it. A Score is a record, and what could not be judged is
Unscored with a reason, so that no figure can take a missing judgement for a bad answer.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from assistant.types import NoticeKind, Outcome, Verdict
from eval.questions import Case
from sources.types import Document, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A retrieved or cited passage: its words, where known, and the document it is from.

    `document.text` is the passage's text and `start` its place in the real document, so that
    offsets of quotes can be checked without the whole document.
    """

    id: str
    document: Document
    start: int = 0
    locator: str | None = None

    @property
    def text(self) -> str:
        """The passage's words; "" when the file of answers does not give them."""
        return self.document.text

    @property
    def head(self) -> str:
        """What its document is: title, publisher and date on one line."""
        document, on = self.document, self.document.published
        day = f"{on:%B} {on.day}, {on.year}" if on else ""
        return " · ".join(filter(None, [document.title, document.publisher, day]))

    @property
    def premise(self) -> str:
        """What a judge reads: the words under their title, publisher and date, as in ALCE."""
        return f"{self.head}\n{self.text}" if self.head else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """One citation of a sentence. `source` is None when what it names is nowhere in the answer.

    `document` is the id that the reader is shown, "" when that is the source's own.
    """

    name: str
    source: Source | None
    document: str = ""
    retrieved: bool | None = None
    quote: str = ""
    start: int | None = None
    status: Status | None = None
    locator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an answer, citation marks taken off, with what it cites."""

    text: str
    cited: tuple[Cited, ...] = ()

    @property
    def premise(self) -> str:
        """The joined words of what it cites: concat(R_i)."""
        return premise_of(self.cited)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a system said to a case; None stands for what its file does not tell.

    `error` says why there is no answer at all.
    """

    case: str
    question: str
    as_of: date | None
    outcome: Outcome | None
    sentences: tuple[Sentence, ...]
    notices: tuple[NoticeKind, ...] | None = None
    retrieved: tuple[Source, ...] | None = None
    seconds: float | None = None
    cost: float | None = None
    error: str = ""

    @property
    def text(self) -> str:
        """The whole answer without citation marks."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def citations(self) -> tuple[Cited, ...]:
        """Every citation, in order."""
        return tuple(cited for sentence in self.sentences for cited in sentence.cited)

    @property
    def abstained(self) -> bool | None:
        """Whether it declined to answer, from a field and never from phrases."""
        if self.outcome is None:
            return None
        return self.outcome in ("not_in_sources", "out_of_scope")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A figure for one answer and why it is that."""

    value: float
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscored:
    """No figure, and why. Counted and shown, never 0."""

    reason: str


Result = Score | Unscored


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether a premise bears out a claim; `score` in [0, 1] is how far it does."""

    verdict: Verdict
    score: float


class Judge(Protocol):
    """Anything that says whether `premise` bears out `claim`: the φ of reference and formulas.

    `name` tells what it is and its version: it stands beside every figure and keys the cache.
    """

    name: str

    def judge(self, premise: str, claim: str) -> Judgement | Unscored:
        """Return the verdict, contradiction looked for before support."""
        ...


class Scorer(Protocol):
    """What a metric does with one answer. Never raises on an abstention or an empty answer."""

    def __call__(self, case: Case, response: Response, judge: Judge) -> Result:
        """Return the figure of this answer."""
        ...


Better = Literal["higher", "lower", "neither"]
Group = Literal["hard", "answer", "support", "retrieval", "advisory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A scorer with what must be known to read its figure.

    `version` changes when the same answer would get another value.
    """

    scorer: Scorer
    version: int
    group: Group
    title: str
    better: Better = "higher"
    judged: bool = False
    unit: Literal["share", "seconds", "dollars"] = "share"


def premise_of(cited: tuple[Cited, ...]) -> str:
    """Return the joined words of the sources of some citations, each source once."""
    sources = {c.source.id: c.source for c in cited if c.source is not None}
    return "\n\n".join(source.premise for source in sources.values())
