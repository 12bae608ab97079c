"""Citations in a text with the place of each: what links one document to another. Pure.

The patterns of `sources.identifiers`, which the indexes depend on, and forms that only links need:
dockets, every section of a list ("§§ 744.11, 744.16 and 744.21", "section 746.8"), every order of a
list, U.S. Code sections with a letter or "§", and pages broken by the web ("89 FR 80 , 080").

eyecite 2.7.8 is not used, because it adds nothing here. It knows "85 FR 36719", "15 CFR § 744.11"
and "50 U.S.C. § 4801" (all found by our patterns too), but not "15 CFR 744.11" or "50 U.S.C. 4801"
without "§", as the Federal Register writes them, nor orders, RINs, dockets, document numbers or
ECCNs. Only public laws and Statutes at Large would be new, and no document here is one of those.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sources.identifiers import DASH, PATTERNS, ReferenceKind, normal

_NUMBER = r"\d{3,4}\.\d{1,4}\b"
_NEXT = r"(?:\([\w.]+\))*(?:,? (?:and|or|through|to) |, | ?; )(?:§+ ?)?"

_MORE: tuple[tuple[ReferenceKind, re.Pattern[str], str], ...] = (
    (
        "federal_register",  # as web pages break it: "89 FR 80 , 080"
        re.compile(r"\b(\d{1,3})\s+(?:FR|Fed\.\s?Reg\.)\s+(\d{1,3} ?, ?\d{3})\b"),
        "{0} FR {1}",
    ),
    ("section", re.compile(rf"\b[Ss]ections?\s+({_NUMBER})"), "§ {0}"),
    (
        "usc",
        re.compile(r"\b(\d{1,2})\s+U\.?\s?S\.?\s?C\.?\s+(?:§+\s*)?(\d{1,5}[a-z]{0,2})\b"),
        "{0} USC {1}",
    ),
    (
        "docket",  # "[Docket No. 240712–0190]"
        re.compile(
            rf"\bDocket\s+(?:(?:No|Number|ID)s?\.?:?\s+)?(\d{{6}}){DASH}(\d{{3,4}})\b", re.I
        ),
        "Docket {0}-{1}",
    ),
    (
        "docket",  # of regulations.gov: "BIS-2020-0017", "EPA-HQ-OAR-2021-0317"
        re.compile(
            rf"\b([A-Z]{{2,8}}(?:{DASH}(?!(?:19|20)\d\d{DASH})[A-Z0-9]{{1,6}}){{0,3}})"
            rf"{DASH}((?:19|20)\d{{2}}){DASH}((?:[A-Z]{DASH})?\d{{4,5}})\b"
        ),
        "Docket {0}-{1}-{2}",
    ),
)
_LISTS: tuple[tuple[ReferenceKind, re.Pattern[str], re.Pattern[str], str], ...] = (
    (
        "section",
        re.compile(rf"(?:§§\s*|\b[Ss]ections\s+){_NUMBER}(?:{_NEXT}{_NUMBER})+"),
        re.compile(rf"({_NUMBER})"),
        "§ {0}",
    ),
    (
        "executive_order",
        re.compile(r"\bExecutive Orders\s+\d{4,5}(?:,? and \d{4,5}|, \d{4,5})*"),
        re.compile(r"(\d{4,5})"),
        "EO {0}",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A citation at `text[start:end]`; `normal` is its normal form, equal for equal citations."""

    kind: ReferenceKind
    normal: str
    start: int
    end: int


def references(text: str) -> tuple[Reference, ...]:
    """Return the citations in `text` by place; of two that overlap, the longer one.

    Dashes of any kind are read ("2023–24184" before March 2024) and normal forms have hyphens.
    """
    found = sorted(_found(text), key=lambda r: (r.start, -r.end))
    kept: list[Reference] = []
    for reference in found:
        if not kept or reference.start >= kept[-1].end:
            kept.append(reference)
        elif reference.end - reference.start > kept[-1].end - kept[-1].start:
            kept[-1] = reference
    return tuple(kept)


def mark(text: str, *kinds: ReferenceKind) -> str:
    """Return `text` with each citation of these kinds as ⟦its normal form⟧."""
    pieces: list[str] = []
    at = 0
    for reference in references(text):
        if reference.kind in kinds:
            pieces += text[at : reference.start], f"⟦{reference.normal}⟧"
            at = reference.end
    return "".join(pieces) + text[at:]


def _found(text: str) -> Iterator[Reference]:
    for kind, pattern, form in (*PATTERNS, *_MORE):
        for match in pattern.finditer(text):
            yield _reference(kind, form, match, 0)
    for kind, many, one, form in _LISTS:
        for found in many.finditer(text):
            for match in one.finditer(found[0]):
                yield _reference(kind, form, match, found.start())


def _reference(kind: ReferenceKind, form: str, match: re.Match[str], offset: int) -> Reference:
    name = re.sub(DASH, "-", normal(form, match))
    return Reference(kind=kind, normal=name, start=match.start() + offset, end=match.end() + offset)
