"""What a document says happened to other texts, and to itself: Document → Events. Pure.

Looks nothing up: an instrument is named as the text names it ("89 FR 58265", "FR Doc 2024-13148"),
in the normal forms of `sources.references`; whoever stores events finds the document. One wrong
event makes a wrong legal status, so a sentence counts only if it is plain:

* its subject is this document or its agency, in the present tense ("this rule suspends …"), or the
  text acted on ("the effective date of the rule published … (81 FR 10477) is delayed …");
* its object is a whole rule, notice, order or licence, named by a Federal Register citation or
  document number, or by a title or short name for which this document gives exactly one;
* nothing makes it a proposal, a question, a condition or somebody's view.

Only Federal Register rules and notices act; a proposed rule acts on proposals. What a statement or
article says that an agency does or will do is "announced", and their metadata correct nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, cast

from sources.identifiers import ReferenceKind
from sources.references import mark, references
from sources.split import sentences
from sources.text import collapse
from sources.types import Document, Event, EventKind

_Act = Literal["corrected", "delayed", "extended", "rescinded", "superseded", "suspended"]

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = rf"(?:{_MONTHS}) \d{{1,2}}[,.]? \d{{4}}"  # some are printed "January 13. 2025"
_OPENING = 6_000  # characters that hold the preamble of a rule

# A sentence is read with citations of documents as ⟦89 FR 58265⟧ and long quotations as «», so that
# no word inside them is taken for the sentence's own.
_DOCUMENTS: tuple[ReferenceKind, ...] = ("federal_register", "fr_document")
_MARK = re.compile(r"⟦([^⟧]+)⟧")
_QUOTED = re.compile(r"[“\"]((?:[^\s“”\"]+\s+){3,40}[^\s“”\"]+)[”\"]")
_SHORT = {"rule": "rule", "ifr": "rule", "notice": "notice", "order": "order", "tgl": "license"}
_PAGE = re.compile(r"\( ?printed page \d+ ?\) ?")
_LABEL = re.compile(r"^(?:#+ |[A-Z][A-Za-z ]{2,30}: ?)+")  # "DATES: ", "Effective date: "

_NOUN = r"(?i:rule|regulation|notice|order|document|licen[cs]e|notification|determination)"
# the whole of a text: "the final rule published …", not "the license requirement published …"
_OBJECT = (
    r"(?:the|its|our|an?|this|prior|previous|earlier) (?:(?!(?:of|in|on|from|to|under|that|which"
    r"|for|by|with|and|or|as|portions?|parts?|provisions?|amendments?|paragraphs?|sections?"
    rf"|comments?|period)\b)[\w’'.-]+,? ){{0,6}}?{_NOUN}(?=,? ?(?:[(«⟦]|(?:that |which )?(?:was "
    rf"|were )?(?:publish|appear|issued)|(?:en)?titled|amending|at |in the |in which |on |for "
    rf"|dated|of (?:{_MONTHS})))"
)
# what may stand between it and its citation: where, when and how it was published
_GAP = (
    r"(?:(?!\b(?:that|which|who|whose|where|when|because|to|by|under|with|and)\b"
    r"(?! (?:was |were )?(?:published|appear|issued)))[^⟦;:]){0,160}?"
)
_NAMED = rf"{_OBJECT}{_GAP}⟦[^⟧]+⟧"
_OBJECTS = (
    r"(?P<of>(?:the )?(?:effectiveness|effective dates?|expiration dates?|validity|term"
    r"|effective period|suspension) (?:of|for) |(?:an? |the )?(?:inadvertent |technical "
    r"|typographical |clerical )*errors? in (?:which )?)?"
    rf"(?P<named>{_NAMED}(?:[)\]]*,? (?:and|as well as) {_NAMED})*)"
)
_BEFORE = (
    r"^(?P<before>(?:(?:Accordingly|Therefore|Thus|Also|In|By|With|Through|Under|Pursuant to|To|As"
    r"|Consistent with|For th|Effective|Beginning|Finally|Lastly|Second|Third)\b[^⟦;]{0,120}, )?)"
)
_THIS = (
    r"[Tt]his (?:[\w-]+ ){0,4}?(?:rule|action|document|notice|order|notification|correction"
    r"|amendment)|[Ww]e"
)
_SUBJECT = rf"(?P<subject>{_THIS}|(?:[Tt]he )?[A-Z][^,;⟦]{{1,80}}?)"
_ACTOR = (
    r"\b(?:Commerce|BIS|OFAC|[A-Z][\w ]*(?:Bureau|Department|Commission|Office)[\w ]*)[^;⟦]{0,60}?"
)

_WORDS: Mapping[_Act, tuple[str, str, str]] = {  # present, -ing, participle
    "corrected": ("correct", "correcting", "corrected"),
    "delayed": (
        "delay|postpone|defer|extend",
        "delaying|postponing|deferring|extending",
        "delayed|postponed|deferred|extended",
    ),
    "extended": ("extend", "extending", "extended"),
    "rescinded": (
        "rescind|revoke|withdraw|repeal|remove",
        "rescinding|revoking|withdrawing|repealing|removing",
        "rescinded|revoked|withdrawn|repealed|removed",
    ),
    "superseded": ("supersede|replace", "superseding|replacing", "superseded|replaced"),
    "suspended": (
        r"suspend|stay|impose an? [\w-]+ suspension of|imposes an? [\w-]+ suspension of",
        r"suspending|staying|imposing an? [\w-]+ suspension of",
        "suspended|stayed",
    ),
}
_ACTED_ON: Mapping[_Act, str] = {  # what of the object, in each act; "" is the whole
    "corrected": r"(?:.*errors? in .*)?",
    "delayed": r".*effective (?:date|ness).*",
    "extended": r"(?:.*(?:expiration|validity|term|period|suspension|ness) .*)?",
    "rescinded": "",
    "superseded": "",
    "suspended": r"(?:.*effective.*)?",
}
_ACTIVE: Mapping[_Act, re.Pattern[str]] = {
    act: re.compile(
        rf"{_BEFORE}{_SUBJECT}(?: also| hereby)? (?:\w+s and )?(?:(?:{present})s?"
        rf"|(?:is|are)(?: hereby)? (?:{going_on})|publishes this document to (?:{present}))"
        rf" {_OBJECTS}(?P<rest>.*)"
    )
    for act, (present, going_on, _) in _WORDS.items()
}
_PASSIVE: Mapping[_Act, re.Pattern[str]] = {
    act: re.compile(
        rf"{_BEFORE}{_OBJECTS}(?:[)\],]|,? (?:on |of |dated )?{_DATE}| \([^()⟦]{{0,60}}\))*"
        rf" (?:is|are)(?: hereby)? (?:{participle})\b(?P<rest>.*)",
        re.IGNORECASE,
    )
    for act, (_, _, participle) in _WORDS.items()
}
_ANNOUNCED: Mapping[_Act, re.Pattern[str]] = {
    act: re.compile(
        rf"^(?P<before>.{{0,200}}?{_ACTOR}\b(?:announce[sd]?|plans?|intends?|will)\b[^;⟦]{{0,60}}?)"
        rf"\b(?:(?:{present})s?|{going_on}) {_OBJECTS}(?P<rest>.*)"
    )
    for act, (present, going_on, _) in _WORDS.items()
    if act in ("rescinded", "superseded", "suspended")
}
_ANY_ACT = re.compile(
    r"\b(?:correct|delay|postpon|defer|exten[ds]|rescin|revo[ck]|withdr|repeal|remov|supersed"
    r"|replac|suspen|stay)",
    re.IGNORECASE,
)
_NOT_AN_ACT = re.compile(
    r"\b(?:would|could|may|might|can|propos\w+|consider\w*|whether|should|must|if|not|never|seek\w*"
    r"|comment\w*|do|does|did|previously|had|has|have|was|were|urge[sd]?|ask(?:s|ed)?)\b",
    re.IGNORECASE,
)
_OTHER_MATTER = re.compile(r"\bcomments? |\bcomment-|\bdeadline|\bhearing|\bmeeting", re.IGNORECASE)
_PARTIAL = re.compile(
    r"\bin part\b|\bexcept|\bpartial|\bportions?\b|\binsofar\b|\bonly\b|\bas (?:applied )?to\b"
    r"|\bwith respect to\b|\bto the extent\b|\bfor (?:certain|exports?|items|persons|transactions)"
    r"|\bcertain (?:provisions|sections|paragraphs|requirements)\b",
    re.IGNORECASE,
)
_NOT_SO = re.compile(r"^ by (?!this\b)|\b(?:if|provided that|upon|once)\b")
# after an object: not "the Permit Rule's definition" or "the Permit Rule requirements"
_OBJECT_ENDS = re.compile(
    r"[)\]]*(?:$|[,.;:]| [(«]| (?:from|until|through|for|on|in|to|effective|beginning|and|as|at"
    r"|because|due|with|without|that was|which was|published|dated|of)\b)"
)
_TEMPORARY = re.compile(r"\bone-\w+\b|\bfor \w+ (?:day|month|year)s?\b|\btempor")

# "In FR Doc. 2024-00998, on page 3677, … make the following correction:"
_CORRECTION = re.compile(
    r"^(?:In|On)\b[^⟦]{0,120}⟦(FR Doc [^⟧]+)⟧(?=.*(?:\bmake the following\b|\b(?:is|are|and)"
    r" corrected\b|\bfollowing corrections? (?:is|are) made\b|, correct the\b))"
)
_OWN_DATES = re.compile(
    rf"^(?:[A-Z][A-Za-z ]{{2,30}}: ?)*?(?:(?:This|The) (?:[\w-]+ ){{0,4}}?(?:{_NOUN}|action|AD"
    r"|correction)s? (?:is|are) effective|Effective(?: [Dd]ates?)?)(?: on| from)?:?"
    rf" (?P<on>{_DATE})(?:,? (?:through|until|to) (?P<until>{_DATE}))?"
)
_FROM = re.compile(rf"\b(?:from|[Ee]ffective|[Bb]eginning|starting)(?: on)? ({_DATE})")
_UNTIL = re.compile(rf"\b(?:until|through|to)(?: and including)? ({_DATE})")
_SUSPENSION_ENDS = re.compile(
    rf"\b[Tt]he suspension (?:is (?:set|scheduled) to end|ends|will end|expires|will expire)"
    rf"(?: on)? ({_DATE})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A document, and what its sentences are read against."""

    document: Document
    acts: bool  # whether it can change law
    own: frozenset[str]  # how others would cite this document
    agencies: frozenset[str]  # names of who issued it, in small letters
    names: Mapping[str, str]  # titles and short names in small letters: their one citation
    dates: tuple[date | None, date | None]  # first and last day of effect, as its text says
    on: date | None  # when what it does takes effect


def happenings(document: Document) -> tuple[Event, ...]:
    """Return what `document` says happened, to other texts and to itself; `note` is the sentence.

    A delayed effective date is two events: `suspended` to the day before the new one, `effective`
    on it. An act on a part of a text is `amended`. Where the text says when it takes effect or ends
    and `document.effective` does not, that is an event of the document itself.
    """
    if document.kind in ("regulation", "summary"):
        return ()
    said = _read(document)
    found: dict[tuple[str, EventKind], Event] = {}
    for event in (*_own(said), *_of_text(said), *(_of_metadata(said) if said.acts else ())):
        key = event.instrument, event.kind
        if key not in found or (event.until and not found[key].until):
            found[key] = event
    return tuple(found.values())


def _read(document: Document) -> _Said:
    number = " ".join(re.findall(r"\[ ?FR Doc\.?[^\]]{0,40}\]", document.text))
    cited = f"{document.id} {document.url} {document.citation} {number}"
    in_register = any(reference.kind == "fr_document" for reference in references(cited))
    if re.search(r"\bC\d-\d{4}", document.id):
        cited = document.citation  # without its "C1-", the number is that of the corrected document
    dates = _own_dates(document)
    acts = document.kind in ("rule", "proposed_rule") or document.kind == "notice" and in_register
    return _Said(
        document=document,
        acts=acts,
        own=frozenset(reference.normal for reference in references(cited)),
        agencies=_agencies(document),
        names=_names(mark(document.text, *_DOCUMENTS)),
        dates=dates,
        on=(acts and (document.effective or dates[0])) or document.published,
    )


def _own_dates(document: Document) -> tuple[date | None, date | None]:
    """Return the first and the last day of effect as the document's preamble states them."""
    for block in _blocks(document, _OPENING):
        for sentence in _sentences(block):
            if match := _OWN_DATES.match(sentence):
                # "through May 15, 2020, except for …": then not the whole of it ends
                return _day(match["on"]), None if "except" in sentence else _day(match["until"])
    return None, None


def _agencies(document: Document) -> frozenset[str]:
    """Return the publisher, its initials, and the first agency that the text defines."""
    names = {document.publisher, "".join(re.findall(r"\b[A-Z]", document.publisher))}
    defined = re.search(
        r"\b((?:[A-Z][\w.’']+ )(?:(?:of|and|for|the|[A-Z][\w.’']+) )*)\(([A-Z]{2,8})\)",
        collapse(document.text[:_OPENING]),
    )
    if defined and re.search(r"Bureau|Department|Agency|Commission|Admin|Office|Corp", defined[1]):
        names |= {defined[1].strip().removeprefix("The "), defined[2]}
    return frozenset(name.lower() for name in names if len(name) > 1)


def _names(marked: str) -> Mapping[str, str]:
    """Return the titles and short names in a text to which it gives exactly one citation."""
    titled = rf"{_QUOTED.pattern},?[^“\"⟦;]{{0,60}}{_MARK.pattern}(?!,? (?:and|;) ⟦)"
    defined = (
        rf"{_MARK.pattern}[^⟦“\"()]{{0,40}}\)?,? ?\((?:hereinafter |hereafter )?(?:the )?[“\"]?"
        r"([A-Z][^()“”\"⟦]{1,40} (?:[Rr]ule|IFR|[Nn]otice|[Oo]rder|TGL))[”\"]?\)"
    )
    found: dict[str, set[str]] = {}
    cited = [(match[1], match[2]) for match in re.finditer(titled, marked)]
    cited += [(match[2], match[1]) for match in re.finditer(defined, marked)]
    for name, cite in cited:
        found.setdefault(collapse(name).strip(" ,.;").lower(), set()).add(cite)
    return {name: next(iter(cites)) for name, cites in found.items() if len(cites) == 1}


def _own(said: _Said) -> Iterator[Event]:
    document, (on, until) = said.document, said.dates
    if on is None or not said.acts or document.kind == "proposed_rule":
        return
    if document.effective is None or (document.effective == on and until is not None):
        yield _event(document, document.id, "effective", on, until)


def _of_metadata(said: _Said) -> Iterator[Event]:
    """Corrections, as the API lists them; "C1-2024-13148" corrects 2024-13148 by its number."""
    document = said.document
    number = re.search(r"\bC\d-\d{4}-\d{5}\b", document.id)
    for value in (document.metadata.get("correction_of") or "", number[0] if number else ""):
        for reference in references(str(value)):
            if reference.kind == "fr_document" and said.on:
                yield _event(document, reference.normal, "corrected", said.on)
    corrections = document.metadata.get("corrections")
    for value in cast(list[object], corrections) if isinstance(corrections, list) else []:
        address = re.search(r"/([^/?]+?)(?:\.json)?\?.*\b(\d{4}-\d\d-\d\d)\b", str(value))
        if address and (on := _day(address[2], "%Y-%m-%d")):
            yield replace(_event(document, document.id, "corrected", on), by=f"fr:{address[1]}")


def _of_text(said: _Said) -> Iterator[Event]:
    for block in _blocks(said.document):
        if _ANY_ACT.search(block):
            for sentence in _sentences(block):
                marked = _with_names(mark(_LABEL.sub("", sentence), *_DOCUMENTS), said.names)
                other_matter = _OTHER_MATTER.search(marked) or marked.endswith("?")
                if "⟦" in marked and _ANY_ACT.search(marked) and not other_matter:
                    yield from _of_sentence(said, marked, sentence)


def _blocks(document: Document, limit: int | None = None) -> Iterator[str]:
    dates = document.metadata.get("dates")  # as the API gives the DATES of the preamble
    if isinstance(dates, str):
        yield dates
    yield from _PAGE.sub("", document.text[:limit]).split("\n\n")


def _sentences(block: str) -> Iterator[str]:
    for start, end in sentences(block, 0, len(block)):
        yield collapse(block[start:end])


def _with_names(marked: str, names: Mapping[str, str]) -> str:
    """Put the citation after a title or a short name that stands without it."""

    def quoted(match: re.Match[str]) -> str:
        cite = names.get(match[1].strip(" ,.;").lower())
        return f"«» ⟦{cite}⟧" if cite and "⟦" not in marked[match.end() :][:80] else "«»"

    marked = _QUOTED.sub(quoted, marked)
    for name, cite in names.items():
        if noun := _SHORT.get(name.rsplit(" ", 1)[-1]):
            words = re.compile(rf"\b{re.escape(name)}\b(?![^⟦]{{0,60}}⟦)", re.IGNORECASE)
            marked = words.sub(f"{noun} ⟦{cite}⟧", marked)
    return marked


def _of_sentence(said: _Said, marked: str, sentence: str) -> Iterator[Event]:
    if said.acts and (lead := _CORRECTION.match(marked)):
        if said.on and lead[1] not in said.own:
            yield replace(_event(said.document, lead[1], "corrected", said.on), note=sentence)
        return
    for patterns in (_ACTIVE, _PASSIVE) if said.acts else (_ACTIVE, _ANNOUNCED):
        for act, words in patterns.items():
            match = words.match(marked)
            if match and _is_act(said, act, match):
                for cite in dict.fromkeys(_MARK.findall(match["named"])):
                    for event in _events(said, act, cite, match):
                        certainty = event.certainty if said.acts else "announced"
                        yield replace(event, certainty=certainty, note=sentence)
                return


def _is_act(said: _Said, act: _Act, match: re.Match[str]) -> bool:
    proposal = said.document.kind == "proposed_rule"
    if proposal and (act not in ("corrected", "rescinded") or "propos" not in match["named"]):
        return False
    subject = match.groupdict().get("subject") or ""
    if _NOT_AN_ACT.search(match["before"] + subject) or _NOT_SO.search(match["rest"]):
        return False
    if not re.fullmatch(_ACTED_ON[act], (match["of"] or "").lower()):
        return False
    if subject and act != "corrected" and not _OBJECT_ENDS.match(match["rest"]):
        return False
    if not subject:
        return True
    name = re.sub(r" \([A-Z]+\)$", "", subject.removeprefix("the ").removeprefix("The "))
    return bool(re.fullmatch(_THIS, name)) or name.lower() in said.agencies


def _events(said: _Said, act: _Act, cite: str, match: re.Match[str]) -> Iterator[Event]:
    document, rest = said.document, match["rest"]
    begins, ends = _FROM.search(match["before"] + rest), _UNTIL.search(rest)
    until = _day(ends[1]) if ends else None
    on = (_day(begins[1]) if begins and act != "delayed" else None) or said.on
    if on is None or cite in said.own:
        return
    if act == "corrected":
        yield _event(document, cite, act, on)
    elif _PARTIAL.search(match[0]):
        yield _event(document, cite, "amended", on)
    elif act == "delayed":
        yield from _delay(document, cite, document.published or on, until, rest)
    elif act == "extended":
        if until and until > on and (match["of"] or re.search("tempor|licen|order", match[0])):
            yield _event(document, cite, act, on, until)
    elif act == "suspended":
        ends = _SUSPENSION_ENDS.search(collapse(document.text[:_OPENING]))
        until = until or (_day(ends[1]) if ends else None) or said.dates[1]
        if until and until < on:
            return
        # "for one year", and no day: to say "suspended" for ever would be wrong
        unsure = until is None and _TEMPORARY.search(match[0])
        event = _event(document, cite, act, on, until)
        yield replace(event, certainty="inferred") if unsure else event
    else:
        yield _event(document, cite, act, on)


def _delay(document: Document, cite: str, on: date, new: date | None, rest: str) -> Iterator[Event]:
    if new is not None and new > on:
        yield _event(document, cite, "suspended", on, new - timedelta(days=1))
        yield _event(document, cite, "effective", new)
    elif new is None and "indefinite" in rest:
        yield _event(document, cite, "suspended", on)


def _event(
    document: Document, instrument: str, kind: EventKind, on: date, until: date | None = None
) -> Event:
    return Event(instrument=instrument, kind=kind, on=on, by=document.id, until=until)


def _day(written: str | None, form: str = "%B %d %Y") -> date | None:
    try:
        return datetime.strptime(re.sub(r"[,.]", "", written or ""), form).date()
    except ValueError:  # no date, or one that no calendar has
        return None
