"""What the tests of metrics share: a judge that reads literally, cases and answers."""

from dataclasses import replace
from datetime import date

from eval.metrics import METRICS
from eval.questions import Case, Nugget
from eval.types import Cited, Judgement, Response, Result, Score, Sentence, Source
from sources.types import Document

RULE = "The rule took effect on May 16, 2019. It covers 68 affiliates under ECCN 5A002."
NEWS = "A newspaper wrote on July 1, 2019 about exports. Nothing else was said of it there."


class Literally:
    """A judge for tests: borne out is what stands there, contradicted what stands there negated."""

    name = "literally"

    def judge(self, premise: str, claim: str) -> Judgement:
        bare = claim.strip(" .")
        if " not " in f" {bare} " and bare.replace("not ", "") in premise:
            return Judgement(verdict="contradicted", score=0.0)
        held = bool(bare) and bare in premise
        return Judgement(verdict="supported" if held else "unsupported", score=float(held))


def source(name: str, text: str, *, on: date | None = None, start: int = 100) -> Source:
    document = Document(
        id=name, title=f"On {name}", kind="rule", text=text, published=on, url=f"https://x/{name}"
    )
    return Source(id=f"e-{name}", document=document, start=start, locator="¶ 1")


GOLD = source("rule", RULE, on=date(2019, 5, 21))
OTHER = source("news", NEWS, on=date(2019, 7, 2))


def cite(of: Source, quote: str = "", **changes: object) -> Cited:
    start = of.start + of.text.find(quote) if quote else None
    whole = Cited(
        name=of.id, source=of, retrieved=True, quote=quote, start=start, locator=of.locator
    )
    return replace(whole, **changes)


def says(text: str, *cited: Cited) -> Sentence:
    return Sentence(text=text, cited=cited)


def answer(*sentences: Sentence, **changes: object) -> Response:
    whole = Response(
        case="c",
        question="When?",
        as_of=date(2020, 1, 1),
        outcome="answered",
        sentences=sentences,
        notices=(),
        retrieved=(GOLD, OTHER),
        seconds=0.05,
        cost=0.004,
    )
    return replace(whole, **changes)


ABSTAINED = answer(outcome="not_in_sources")
EMPTY = answer()
LOST = answer(outcome=None, error="no answer in the file")


def case(**changes: object) -> Case:
    fields = {
        "id": "c",
        "question": "When?",
        "type": "date",
        "answerable": True,
        "gold_docs": ("rule",),
        "gold_quotes": ("took effect on May 16, 2019",),
        "nuggets": (
            Nugget(text="May 16, 2019", any_of=(r"May\s+16",), vital=True),
            Nugget(text="68 affiliates", any_of=(r"\b68\b",), vital=True),
            Nugget(text="an ECCN", any_of=("ECCN",), vital=False),
        ),
    }
    return Case.model_validate({**fields, **changes})


def value(metric: str, of: Response, on: Case | None = None) -> float | str:
    """Return the figure, or why there is none."""
    found: Result = METRICS[metric].scorer(on or case(), of, Literally())
    return found.value if isinstance(found, Score) else found.reason


EFFECT = "The rule took effect on May 16, 2019."
COVERS = "It covers 68 affiliates under ECCN 5A002."
PERFECT = answer(
    says(EFFECT, cite(GOLD, EFFECT)),
    says(COVERS, cite(GOLD, COVERS)),
    retrieved=(GOLD,),
)
