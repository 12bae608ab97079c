"""Hard checks without a model, gated at 100 %: does what an answer names exist where it cites.

Each is 1 when nothing fails in the answer, else 0, and the explanation names the first failure
(reference, 3.1). An answer without anything to check is Unscored.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant.types import Citation, Claim, Support
from assistant.verify import fault
from eval.facts import control_numbers, dates, numbers, parts_of_dates
from eval.metrics.common import nothing_to_read
from eval.questions import Case
from eval.types import Cited, Judge, Metric, Response, Result, Score, Scorer, Sentence, Unscored


def cited_id(case: Case, response: Response, judge: Judge) -> Result:
    """1 if every cited id exists, was retrieved for this question, and is of the document shown.

    Example: sources [1] and [2], an answer that cites [3]: 0.
    """
    nothing = nothing_to_read(response)
    if nothing:
        return nothing
    if not response.citations:
        return Unscored(reason="the answer cites nothing")
    for cited in response.citations:
        if cited.source is None:
            return Score(value=0.0, explanation=f"{cited.name} names no source")
        if cited.retrieved is False:
            return Score(value=0.0, explanation=f"{cited.name} was not retrieved")
        if cited.document and cited.document != cited.source.document.id:
            told = f"{cited.name} is of {cited.source.document.id}, shown as {cited.document}"
            return Score(value=0.0, explanation=told)
    return Score(value=1.0, explanation=f"{len(response.citations)} ids")


def locator(case: Case, response: Response, judge: Judge) -> Result:
    """1 if every citation's locator is that of the passage it cites.

    Example: a citation "§ 744.11" of a passage that stands at "§ 740.9": 0.
    """
    nothing = nothing_to_read(response)
    if nothing:
        return nothing
    checked = [c for c in response.citations if c.locator is not None and c.source is not None]
    if not checked:
        return Unscored(reason="no locator is given")
    for cited in checked:
        held = cited.source.locator if cited.source else None
        if cited.locator != held:
            return Score(value=0.0, explanation=f"{cited.locator!r} is at {held!r}")
    return Score(value=1.0, explanation=f"{len(checked)} locators")


def number(case: Case, response: Response, judge: Judge) -> Result:
    """1 if every number of a sentence stands in what the sentence cites ("1,200" is "1200").

    Title, publisher and dates of what is cited count as part of it; full dates are checked apart.
    Example: "a fine of 300 million [1]" over "a fine of 200 million": 0.
    """
    return _each(response, numbers, "number", lambda known: numbers(known) | parts_of_dates(known))


def full_date(case: Case, response: Response, judge: Judge) -> Result:
    """1 if every full date of a sentence stands in what the sentence cites, however written.

    Example: "on 17 May 2019 [1]" over "effective May 16, 2019": 0.
    """
    return _each(response, dates, "date", dates)


def identifier(case: Case, response: Response, judge: Judge) -> Result:
    """1 if every ECCN, section, order or Federal Register citation stands in what is cited.

    Example: "ECCN 5A002 [1]" over "ECCN 5A992": 0.
    """
    return _each(response, control_numbers, "identifier", control_numbers)


def product_check(case: Case, response: Response, judge: Judge) -> Result:
    """1 if the product's own last check (`assistant.verify`) lets every claim of the answer pass.

    The same code as in the product, over the words that the run kept, so that a guard that was
    switched off or passed by is seen. Example: a claim whose quote is not at its offset: 0.
    """
    nothing = nothing_to_read(response)
    if nothing:
        return nothing
    if not all(_checkable(cited) for cited in response.citations):
        return Unscored(reason="the answer gives no offsets")
    for sentence in response.sentences:
        why = fault(_as_claim(sentence))
        if why:
            return Score(value=0.0, explanation=why)
    return Score(value=1.0, explanation=f"{len(response.sentences)} claims")


def _each(
    response: Response,
    find: Callable[[str], frozenset[str]],
    what: str,
    known: Callable[[str], frozenset[str]],
) -> Result:
    nothing = nothing_to_read(response)
    if nothing:
        return nothing
    checked = 0
    for sentence in response.sentences:
        said = find(sentence.text)
        held = known(_all_said_of(sentence)) if said else frozenset[str]()
        checked += len(said)
        for item in sorted(said - held):
            return Score(value=0.0, explanation=f"{what} {item!r} is not in what is cited")
    if not checked:
        return Unscored(reason=f"no {what} in the answer")
    return Score(value=1.0, explanation=f"{checked} found in what is cited")


def _all_said_of(sentence: Sentence) -> str:
    return "\n".join([sentence.premise, *_facts(sentence.cited)])


def _facts(cited: tuple[Cited, ...]) -> Iterator[str]:
    for source in (c.source for c in cited if c.source):
        document = source.document
        yield f"{document.citation} {document.effective or ''} {document.id}"


def _checkable(cited: Cited) -> bool:
    return cited.start is not None and cited.source is not None


def _as_claim(sentence: Sentence) -> Claim:
    """Return the sentence as the product's value, offsets counted from its passage's start."""
    citations = [_as_citation(cited) for cited in sentence.cited]
    unchecked = Support(verdict="unsupported", score=0.0)
    return Claim(text=sentence.text, citations=tuple(citations), support=unchecked)


def _as_citation(cited: Cited) -> Citation:
    assert cited.source is not None and cited.start is not None
    start = cited.start - cited.source.start
    outside = start < 0  # a negative index would count from the end of the passage
    return Citation(
        number=1,
        evidence=cited.name,
        quote=cited.quote,
        start=start,
        end=start + len(cited.quote),
        document=replace(cited.source.document, text="" if outside else cited.source.text),
        status="unknown",
        locator="",
    )


def _hard(scorer: Scorer, title: str) -> Metric:
    return Metric(scorer=scorer, version=1, group="hard", title=title)


HARD_ID = _hard(cited_id, "Cited ids exist")
HARD_LOCATOR = _hard(locator, "Locators right")
HARD_NUMBER = _hard(number, "Numbers cited")
HARD_DATE = _hard(full_date, "Dates cited")
HARD_IDENTIFIER = _hard(identifier, "ECCNs, sections cited")
HARD_PRODUCT = _hard(product_check, "Product's own check")
