"""Draft → checked claims: what cannot be found in what it cites is withheld.

Deterministic, and the same for every claim, whoever wrote it. In this order: the quote stands at
its offsets; what the claim gives in quotation marks stands so in a quote; nothing in the claim says
otherwise than the quotes; everything in it is in the quotes, or is the document's own title,
publisher, date or citation. `assistant/checks/` holds the rules.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import count

from assistant.checks.align import align
from assistant.checks.faults import Beside, contradiction, is_attribution, want_of_support
from assistant.checks.names import aliases, one_form
from assistant.checks.quotations import introduction, misquoted, quotations, untitled
from assistant.checks.strength import denies, marked, said
from assistant.checks.units import Unit, names_in, units, with_names
from assistant.types import Citation, Claim, Support, Withheld
from assistant.wording import KIND_NAMES, NOT_SCREENING, STATUS_NAMES, day
from sources.text import collapse
from sources.types import Document

_ATTRIBUTED = re.compile(
    r"According to (?:[^,]|, (?=(?:19|20)\d\d))*, |"
    r".{0,150}?\b(?:says|states|said|stated|reports|reported|explains|notes|announced) that ",
    re.I,
)
_AROUND = 1500  # characters on each side in which the paragraphs around a quote may lie


def check(claims: Iterable[Claim]) -> tuple[tuple[Claim, ...], tuple[Withheld, ...]]:
    """Return the claims that hold, renumbered from 1, and those withheld with the reason."""
    kept: list[Claim] = []
    withheld: list[Withheld] = []
    for claim in claims:
        reason = fault(claim)
        if reason is None:
            kept.append(replace(claim, support=Support(verdict="supported", score=1.0)))
        else:
            withheld.append(Withheld(text=claim.text, reason=reason))
    return tuple(_numbered(kept)), tuple(withheld)


def fault(claim: Claim) -> str | None:
    """Return why a claim must not be shown, or None if it may be."""
    if not claim.citations:
        return "It cites nothing."
    for citation in claim.citations:
        if citation.document.text[citation.start : citation.end] != citation.quote:
            return f"The quote does not stand at {citation.start} in {citation.document.id}."
        if not citation.quote.strip():
            return f"The quote from {citation.document.id} is empty."
    documents = [citation.document for citation in claim.citations]
    text = _without_marks(untitled(claim.text, documents))
    before = introduction(text, claim.citations)
    false = misquoted(quotations(text if before is None else before), claim.citations)
    if false is not None:
        return f"The words {false!r} do not stand so in what it cites."
    return _fault_of_words(text, before, claim.citations)


def _fault_of_words(text: str, before: str | None, citations: tuple[Citation, ...]) -> str | None:
    """Return why the words of a claim are not borne out; `before` is all that it says itself."""
    quotes = " ".join(collapse(citation.quote) for citation in citations)
    around = " ".join(_around(citation) for citation in citations)
    facts = " ; ".join(fact for citation in citations for fact in _facts(citation.document))
    texts = [citation.document.text for citation in citations]
    names = aliases(text, f"{quotes} {around} {facts}", texts)

    named = frozenset[object]().union(*map(names_in, texts))

    def read(words: str) -> tuple[Unit, ...]:
        return with_names(units(marked(one_form(_bare(words), names))), named)

    beside = Beside(
        facts=read(facts),
        around=frozenset(unit.value for unit in read(around)),
    )
    if before is not None:  # the quote speaks for itself
        introduced = read(before)
        found = align(said(introduced), said(read(quotes)))
        denied = "It denies what it quotes." if denies(introduced) else None
        return denied or want_of_support(found, beside)
    source = _ATTRIBUTED.match(text)
    if source and is_attribution(said(read(source[0])), beside.facts):
        text = text[source.end() :]
    found = align(said(read(text)), said(read(quotes)))
    return contradiction(found) or want_of_support(found, beside)


def _facts(document: Document) -> tuple[str, ...]:
    """Return what may be said of a document without a quote."""
    dates = (document.published, document.effective)
    return (
        collapse(document.title),
        document.publisher,
        document.citation,
        document.id,
        KIND_NAMES[document.kind],
        *(day(on) for on in dates if on is not None),
    )


def _around(citation: Citation) -> str:
    """Return the paragraph that a quote stands in, with the one before it."""
    text = citation.document.text
    before = text[max(0, citation.start - _AROUND) : citation.start].split("\n\n")[-2:]
    after = text[citation.end : citation.end + _AROUND].split("\n\n")[0]
    return collapse(" ".join([*before, citation.quote, after]))


def _without_marks(text: str) -> str:
    """Return a claim without what our introductions say of a document's status."""
    text = text.replace(f"({NOT_SCREENING})", " ")
    for name in STATUS_NAMES.values():
        text = text.replace(f"[{name}]", " ")
    return text


def _bare(text: str) -> str:
    for mark in '“”«»"':
        text = text.replace(mark, "")
    return text


def _numbered(claims: Iterable[Claim]) -> Iterable[Claim]:
    number = count(1)
    for claim in claims:
        citations = tuple(replace(c, number=next(number)) for c in claim.citations)
        yield replace(claim, citations=citations)
