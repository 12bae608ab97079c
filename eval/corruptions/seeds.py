"""Documents → seeds: whole sentences, each cited as the product's own extractive claim cites it."""

import re
from collections.abc import Iterable, Sequence
from random import Random

import numpy as np

from assistant.cite import cite
from assistant.features import Candidate, leans_back
from assistant.rank import Ranked
from assistant.types import Evidence
from assistant.write import Quote, draft
from eval.corruptions.mentions import short_forms
from eval.corruptions.types import Seed
from sources.text import collapse
from sources.types import Document, Passage, Span

_SHORTEST, _LONGEST = 60, 420
_NO_ROW = np.zeros(0)  # features are for ranking, and nothing is ranked here
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|must|may|can|shall|should|does|do|did|"
    r"(?:add|appl|amend|announc|allow|cover|caus|chang|clos|contain|concern|deni|den|extend|exempt|"
    r"expir|follow|forbid|impos|includ|issu|limit|list|made|mak|mean|need|permit|plac|prohibit|"
    r"publish|remov|report|requir|restrict|revis|said|say|stat|suspend|took|tak|tell|us)"
    r"(?:s|es|ies|ed|ied)?)\b"
)
_NOT_PROSE = re.compile(
    r"[|*#_?`\[\]{}]|\( ?printed page|https?:|www\.|@|\bis amended\b|\bare amended\b|"
    r"\bto read as follows|^(?:Adding|Revising|Removing|Authority|Note|See)\b|"
    r"paperwork reduction|regulatory flexibility|billing code|e-mail|:$",
    re.I,
)
_NAMES_AND_FIGURES = re.compile(r"(?<!^)\b[A-Z][\w’'.-]*|\d[\d.,]*")


def seeds(documents: Iterable[tuple[Document, Sequence[Passage]]], random: Random) -> list[Seed]:
    """Return the seeds of the documents, in random order; sentences that differ only in names and
    figures (orders after one pattern) once.

    One in four cites the next sentence of its passage too, as the product's own answers do.
    """
    found: dict[str, Seed] = {}
    for document, passages in documents:
        short = short_forms(collapse(document.text))
        for passage in passages:
            for at, span in enumerate(passage.sentences):
                sentence = collapse(document.text[slice(*span)])
                form = _NAMES_AND_FIGURES.sub("·", sentence)
                if form in found or not _is_prose(sentence):
                    continue
                wide = _widened(passage, at) if random.random() < 0.25 else span
                found[form] = _seed(document, passage, at, wide, sentence, short)
    made = list(found.values())
    random.shuffle(made)
    return made


def _seed(
    document: Document,
    passage: Passage,
    at: int,
    span: Span,
    sentence: str,
    short: tuple[tuple[str, str], ...],
) -> Seed:
    evidence = Evidence(
        id=f"e-{passage.id.removeprefix('p-')[:10]}",
        passage=passage,
        document=document,
        score=1.0,
        dense=1.0,
        found_by=("dense",),
    )
    ranked = Ranked(
        candidate=Candidate(evidence=evidence, rank=0, at=at, span=span, cosine=1.0),
        row=_NO_ROW,
        score=0.0,
    )
    claim = cite(draft([Quote(source=ranked, span=span)], lambda d: "informational"))[0]
    return Seed(claim=claim, sentence=sentence, passage=passage, short=short)


def _is_prose(sentence: str) -> bool:
    return (
        _SHORTEST <= len(sentence) <= _LONGEST
        and sentence[0].isupper()
        and sentence.endswith(".")
        and sentence.count("(") == sentence.count(")")
        and sentence.count("“") == sentence.count("”")
        and sentence.count('"') % 2 == 0
        and not _NOT_PROSE.search(sentence)
        and _VERB.search(sentence) is not None
        and not leans_back(sentence)
        and not sentence.isupper()
    )


def _widened(passage: Passage, at: int) -> Span:
    start, end = passage.sentences[at]
    return (start, passage.sentences[at + 1][1] if at + 1 < len(passage.sentences) else end)
