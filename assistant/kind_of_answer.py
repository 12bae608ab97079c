"""Is what is to be quoted of the kind that is asked for: a figure, a time, a name?

A sentence beside the answer resembles the question as much as the answer does and yet says neither
how many nor who. What stands in the question itself does not count. Pure; holds the words of
English that ask for a kind and the forms that show one, no fact about the law.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from assistant.features import NUMBER_WORDS, stems
from assistant.question import MONTHS, Question
from assistant.rank import Ranked
from assistant.synonyms import synonyms
from assistant.terms import stop_words, term, terms
from assistant.write import Quote
from sources.identifiers import PATTERNS

Kind = Literal[
    "share", "money", "span", "until", "count", "figure", "code", "name", "person", "date"
]

_FEW = r"(?:[\w'-]+ ){0,4}?"
_UNIT = r"(?:minute|hour|day|week|month|year)s?"
_COIN = (
    r"(?:dollar|euro|yuan|renminbi|yen|pound|cent|franc|ro?uble|won|rupee|krona|crown|lira|peso)s?"
)
_SIZE = r"(?:performance|bandwidth|speed|size|threshold|ceiling|volume|(?<!in what )capacity)"
_FIRM = r"(?:company|firm|(?:chip)?maker|bank|carrier|airline|university|port)"
_NUMBERED = r"(?:tail|serial|phone|docket|case|registration|account|patent|hull)"
_DID = r"(?:was|were|did|had|\w+ed|wrote|led|made)"
_ASKS: tuple[tuple[Kind, str], ...] = (
    ("share", rf"\b(?:what|which) {_FEW}(?:percentage|percent|proportion)\b"),
    ("share", r"\b(?:what|which) (?:ownership |market )?share\b"),
    ("money", rf"\bhow many (?:\w+ )?(?:{_COIN}|[mb]illion)\b"),
    ("money", rf"\bwhat {_FEW}(?:fee|fine|salary|price|budget|sum)s?\b"),
    ("money", r"\bdollar (?:limit|threshold|value|amount)\b"),
    ("money", r"\bhow much\b.{0,60}\b(?:pay|paid|costs?|earn|earned|fined|spend|spent)\b"),
    ("span", rf"\bhow many (?:\w+ )?{_UNIT}\b"),
    ("until", rf"\bhow long\b|\bwhat {_FEW}(?:period|time)\b"),
    ("count", r"\bhow many\b(?! times\b)|\bwhat (?:is|was) the (?:total )?number of\b"),
    ("figure", rf"\bwhat {_FEW}{_SIZE}\b|\bhow (?:high|large|big|fast|heavy)\b"),
    ("code", rf"\b{_NUMBERED} numbers?\b"),
    ("name", rf"\bwhat (?:is|are|was|were) the names? of\b|\bwhich {_FEW}{_FIRM}\b"),
    ("person", rf"(?:^|[,;.?!] |\b(?:and|but|so) )whom? {_DID}\b"),
    ("person", rf"\bwhich {_FEW}(?:person|official|lawyer|senator|judge|minister)\b"),
    ("date", r"\bwhen (?:did|was|were|had)\b|\b(?:what|which) (?:date|day|month|year)\b"),
)

_NUMBER = rf"(?<![\w.,-])(?:\d[\d,]*(?:\.\d+)?|(?:{NUMBER_WORDS.replace(' ', '|')})\b)"
_SCALE = r"\b(?:hundred|thousand|million|billion|trillion|dozen)s?\b"
_MONTH = "|".join(MONTHS)
_WHEN = rf"\b(?-i:{'|'.join(month.title() for month in MONTHS)})\b|\b(?:19|20)\d\d\b"
_SPAN = rf"{_NUMBER}[\s-]+(?:(?:calendar|business|working|full)[\s-]+)?{_UNIT}\b"
_MONEY = rf"[$€£]\s*\d|{_NUMBER}\s+(?:{_SCALE}\s+)?(?:U\.?S\.?\s+)?{_COIN}\b"
_SHARE = rf"{_NUMBER}\s*(?:%|percent\b|per cent\b)|\b(?:half|(?:one|two)[ -](?:third|quarter)s?)\b"
_SHOWS: Mapping[Kind, str] = {
    "share": _SHARE,
    "money": _MONEY,
    "span": _SPAN,
    "until": rf"{_SPAN}|{_WHEN}",
    "count": rf"{_NUMBER}|{_SCALE}|\b(?:both|none|pair)\b",
    "figure": rf"{_NUMBER}|{_SCALE}",
    "code": r"\b[\w-]*\d[\w-]*\b",
    "date": rf"{_WHEN}|\b\d\d/\d\d/\d{{4}}\b|{_SPAN}",
}
_ADDRESS = re.compile(
    rf"\b(?:{_MONTH})\s+(?:\d{{1,2}},?\s+)?(?:19|20)\d\d\b|\b\d{{1,2}} (?:{_MONTH})\b|"
    rf"\b(?:{_MONTH})\s+\d{{1,2}}\b|\b(?:19|20)\d\d(?:-\d+)*\b|\b\d\d/\d\d/\d{{4}}\b|"
    r"(?:\b(?:sections?|parts?|paragraphs?|footnotes?|titles?|notes?|groups?|column|category|annex|"
    r"document|docket|no\.)|§+)\s*(?:[A-Z]:)?\(?\d[\w.:-]*(?:\(\w+\))*|\b[A-Z]:\d\b|\b\d+ CFR\b",
    re.I,
)
_ONE = re.compile(r"(?<!only )(?<!just )\bone\b(?! hundred| thousand| million| billion)", re.I)
_NOT_A_COUNT = re.compile(rf"{_SPAN}|{_MONEY}|{_SHARE}", re.I)
_COUNTED = re.compile(
    r"\bhow many (?:(?:kinds|types|sorts) )?(?:of )?(?!\w+ed\b)(.+?)(?: (?:did|do|does|was|were|is|"
    r"are|has|have|had|can|could|may|must|will|would|should|of|in|on|to|at|for|from|under|per|that|"
    r"which|who|and|the|an?)\b|[?,.;]|$)",
    re.I,
)
_LEFT_UNSAID = re.compile(
    r"\s*(?:[,.;:)(]|(?:of|are|were|is|was|have|had|has|under|in|for|on|from|and|to|at)\b|$)"
)
_WITHIN = 7  # words after a number in which what it counts is named
_LISTED = frozenset(
    terms("party entity company firm organization person individual name entry addition affiliate")
)
_NONE_OF = re.compile(r"\b(?:no|zero|without)(?: any?)? (\w+)", re.I)
_PAYS = re.compile(
    r"\b(?:pa(?:y|id)|fine|penalt|cost|fee|settle|price|charge|sum|deposit|salar|budget|escrow)",
    re.I,
)
_AVERAGE = re.compile(r"\b(?:average|mean|median|typical)\b", re.I)
_SAYS_AVERAGE = re.compile(r"\b(?:averag|mean|median|typical|usual|normal|as a rule)", re.I)
_NAME = re.compile(r"[A-Z][\w&.'-]*(?:(?: of| for| the| de)* [A-Z][\w&.'-]*)*")
_GOVERNMENT = frozenset(
    re.findall(
        r"\w+",
        "us u s bis ear united states american bureau industry security commerce department office "
        "treasury congress secretary under assistant deputy committee federal register list rule "
        "government export administration regulations act license exception group section part",
    )
)
_SECTION = re.compile(r"\b\d{3}\.\d{1,4}\b")
_BODY = re.compile(
    r"\b([A-Z]\w+)['’]s? ((?:[\w-]+ ){0,3}?(?:ministry|government|parliament|law|act|agency|"
    r"authority|customs|court|regulator|list))\b"
)


def kind_asked(text: str) -> Kind | None:
    """Return the kind of answer without which a question is not answered, None if it is open."""
    return next((kind for kind, pattern in _ASKS if re.search(pattern, text, re.I)), None)


def of_kind(question: Question, quotes: Sequence[Quote]) -> bool:
    """Whether one of the quotes holds what is asked for; True for a question that is open."""
    kind = kind_asked(question.text)
    return kind is None or any(_holds(kind, question, quote) for quote in quotes)


def cites_unknown(question: Question, ranked: Sequence[Ranked]) -> bool:
    """Whether the question cites something by number that no text found mentions: a document, a
    section, a control number. Search by number is exact, so that none in the library does."""
    cited = [each.split()[-1] for each in question.identifiers]
    cited += _SECTION.findall(question.standalone)
    documents = {item.candidate.evidence.document.id: item for item in ranked}
    texts = [item.candidate.evidence.document for item in documents.values()]
    known = [f"{text.id} {text.citation} {text.title} {text.text}" for text in texts]
    return any(not any(number in text for text in known) for number in cited)


def names_body(question: Question, quotes: Sequence[Quote]) -> bool:
    """Whether one of the quotes names the body or the list of another that the question is about:
    «China's commerce ministry». A sentence about the country alone says nothing of it."""
    found = _BODY.search(question.text)
    if found is None or found[1].lower() in _GOVERNMENT:
        return True
    owner = term(found[1])
    owners, body = {owner, *synonyms().get(owner, ())}, set(terms(found[2]))
    said = [stems(quote.text) for quote in quotes]
    return any(owners & each and body <= each for each in said)


def _holds(kind: Kind, question: Question, quote: Quote) -> bool:
    text = quote.text
    if _AVERAGE.search(question.text):  # of the figure itself, not of another in the sentence
        parts = re.split(r"[,;]|\.\s", text)
        text = ";".join(part for part in parts if _SAYS_AVERAGE.search(part))
    if kind in ("name", "person"):
        return _names_another(question, quote, person=kind == "person")
    if kind == "money" and not _PAYS.search(text):
        return False
    if any(term(match[1]) in question.focus for match in _NONE_OF.finditer(text)):
        return True  # "costs no fee"
    if kind not in ("date", "span", "until"):
        text = _without_addresses(question, text)
    if kind == "count":
        return _counts(question, _ONE.sub(" ", _NOT_A_COUNT.sub(" ", text)))
    return bool(re.search(_SHOWS[kind], text, re.I))


def _counts(question: Question, text: str) -> bool:
    """Whether `text` numbers what "how many …" asks for; "35 are listed" leaves it unsaid."""
    found = _COUNTED.search(question.text)
    nouns = set(terms(found[1])) if found else set[str]()
    same = nouns.union(*(synonyms().get(noun, ()) for noun in nouns))
    same |= _LISTED if same & _LISTED else set()
    for match in re.finditer(_SHOWS["count"], text, re.I):
        after = text[match.end() :]
        near = set(terms(" ".join(after.split()[:_WITHIN])))
        unsaid = _LEFT_UNSAID.match(after) or re.match(r"\s*(?:\w+ )?ones\b", after)
        if not same or same & near or (unsaid and same & stems(text)):
            return True
    return False


def _without_addresses(question: Question, text: str) -> str:
    """Return `text` without its dates and references and without the question's own figures."""
    for _, pattern, _ in PATTERNS:
        text = pattern.sub(" ", text)
    text = _ADDRESS.sub(" ", text)
    own = {word.lower() for word in re.findall(rf"{_NUMBER}|\b\w*\d\w*", question.standalone, re.I)}
    return re.sub(r"[\w.,]*\w", lambda match: " " if match[0].lower() in own else match[0], text)


def _names_another(question: Question, quote: Quote, *, person: bool) -> bool:
    """Whether a quote names somebody, or something, whom the question does not name. Of the
    government only an agency that acts answers who did something."""
    document, text = quote.source.candidate.evidence.document.text, quote.text
    asked = set(re.findall(r"\w+", question.standalone.lower()))
    for match in _NAME.finditer(text):
        words = [word.lower() for word in re.findall(r"\w[\w&-]*", match[0])]
        words = [word for word in words if word not in stop_words() and word not in MONTHS]
        before = text[: match.start()].removesuffix("The ").rstrip()
        opens = before[-1:] in ("", ".", "?", "!", "“")
        if opens and len(words) == 1 and f" {words[0]}" in document:
            continue  # an ordinary word that opens a sentence
        if person:
            known = bool(
                asked & set(words)
            )  # "Under Secretary …" and the name that was asked about
            agency = opens and bool(words)  # one that acts, at the head of a sentence
            if not known and (agency or set(words) - _GOVERNMENT):
                return True
        elif set(words) - asked - _GOVERNMENT:
            return True
    return False
