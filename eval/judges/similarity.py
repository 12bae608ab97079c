"""The embedded judge: cosine of MiniLM sentence vectors, with rules on figures, names, negation.

It is not entailment, and is called what it is: it cannot tell a paraphrase from a neighbouring
statement in like words. In this order:

1. a claim that stands verbatim in the premise is borne out, as is one whose quote does where the
   rest only introduces it («X says: “…”»);
2. the premise's sentence nearest to the claim (cosine) must reach NEAR, else unsupported;
3. contradiction before support: a nearest sentence at SAME or above that has other figures, or
   that is negated where the claim is not (or the reverse), contradicts;
4. every figure and every name of the claim must stand in the premise, else unsupported.
"""

import re
from functools import lru_cache

import numpy as np

from assistant.embeddings import Encoder, Input, Vectors
from assistant.types import Verdict
from eval.facts import figures, is_negated, names, parts_of_dates, word_set
from eval.types import Judgement, Unscored
from sources.split import sentences
from sources.text import collapse

NEAR = 0.60
SAME = 0.80
_INTRODUCED = re.compile(r": [“\"](.{20,})[”\"][.]?$")
_LONGEST = 900  # characters: what is beyond is cut off by the encoder anyway


class Similarity:
    """A judge made of an encoder and rules; the same pair always gets the same verdict."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = f"similarity v1 ({encoder.fingerprint})"
        self._encoder = encoder
        self._vector = lru_cache(maxsize=50_000)(self._encode)

    def judge(self, premise: str, claim: str) -> Judgement | Unscored:
        """Return whether the premise bears out the claim, as the module says."""
        if not premise.strip() or not claim.strip():
            return Judgement(verdict="unsupported", score=0.0)
        stated, loose = _stated(claim, premise), bool(_missing(claim, premise))
        if not stated:
            return _verdict("unsupported" if loose else "supported", 0.5 if loose else 1.0)
        near, nearest = self._nearest(stated, premise)
        if near >= SAME and _differs(stated, nearest):
            return _verdict("contradicted", 1 - near)
        if near < NEAR or loose:
            return _verdict("unsupported", min(near, NEAR - 0.01))
        return _verdict("supported", near)

    def _nearest(self, claim: str, premise: str) -> tuple[float, str]:
        parts = _parts(premise)
        mine = self._vector(claim[:_LONGEST])
        cosines = [float(mine @ self._vector(part[:_LONGEST])) for part in parts]
        best = int(np.argmax(cosines))
        return cosines[best], parts[best]

    def _encode(self, text: str) -> Vectors:
        return next(iter(self._encoder.encode([Input(text)])))[1][0]


def _stated(claim: str, premise: str) -> str:
    """Return what of the claim must be judged: what it quotes where it only introduces a quote.

    "" when that stands verbatim in the premise.
    """
    said = collapse(claim)
    introduced = _INTRODUCED.search(said)
    stated = introduced[1] if introduced else said
    return "" if stated.strip(" .") in collapse(premise) else stated


def _missing(claim: str, premise: str) -> str:
    """Return the first figure or name of the claim that is nowhere in the premise, or ""."""
    known = figures(premise) | parts_of_dates(premise)
    for figure in sorted(figures(claim)):
        if figure not in known:
            return figure
    words = word_set(premise)
    return next((name for name in sorted(names(claim)) if name not in words), "")


def _differs(claim: str, sentence: str) -> bool:
    """Return whether a sentence much like the claim has other figures, or is negated otherwise."""
    mine, theirs = figures(claim), figures(sentence)
    return bool(mine - theirs and theirs - mine) or is_negated(claim) != is_negated(sentence)


def _parts(premise: str) -> list[str]:
    spans: list[str] = []
    for block in filter(None, map(str.strip, re.split(r"\n\s*\n|\n", premise))):
        spans += [block[a:b] for a, b in sentences(block, 0, len(block))]
    return spans or [premise]


def _verdict(verdict: Verdict, score: float) -> Judgement:
    return Judgement(verdict=verdict, score=round(max(0.0, min(1.0, score)), 4))
