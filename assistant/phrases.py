"""Phrases of a question that name an instrument, a party or an agency: what «it» may stand for.

Pure. A shallow reading: each word gets one letter for what it can be, and a phrase is a run of
letters. Holds nouns of the trade; holds no fact about the law.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.mentions import COMMON_NAMES, TIME
from assistant.terms import stop_words
from sources.identifiers import PATTERNS

Sort = Literal["instrument", "party", "agency"]

AUXILIARY = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|"
    r"would)"
)
INSTRUMENT = (
    r"(?:act|action|addition|agreement|amendment|article|control|designation|directive|document|"
    r"entry|exception|exclusion|extension|guidance|letter|licen[cs]e|list|listing|measure|notice|"
    r"order|policy|program|proposal|regulation|requirement|restriction|rule|ruling|sanction|"
    r"settlement|standard|statement|suspension|test)"
)
PARTY = (
    r"(?:affiliate|agency|bank|body|carrier|chipmaker|city|company|country|destination|developer|"
    r"distributor|entity|exporter|firm|foundry|individual|laboratory|maker|manufacturer|"
    r"organi[sz]ation|parent|party|person|producer|seller|shipper|subsidiary|supplier|university|"
    r"vendor)"
)
_OF_GOVERNMENT = re.compile(
    rf"{INSTRUMENT}|{'|'.join(COMMON_NAMES)}|committee|congress|court|council|end-user|enforcement|"
    r"entity|justice|ofac|president|review|service|state|supplement|treasury|u\.s|unverified"
)
_IDENTIFIER = "|".join(re.sub(r"\((?!\?)", "(?:", each.pattern) for _, each, _ in PATTERNS)
_TOKEN = re.compile(
    rf"(?P<time>{TIME.pattern})|(?P<identifier>(?:{_IDENTIFIER})(?:\(\w+\))*)|"
    r"[^\W_](?:[\w&'/:+.-]*\w)?|[^\w\s]",
    re.I,
)
_LETTERS = {
    **dict.fromkeys(("the", "a", "an"), "d"),
    **dict.fromkeys(("on", "for", "against", "over", "about"), "p"),
    **dict.fromkeys(("that", "which"), "r"),
    **dict.fromkeys(("since", "among", "within", "via"), "x"),
    **{"and": "a", "&": "a", "of": "o", "from": "f", "in": "n", "did": "s", "does": "s", "do": "s"},
}
_OPENING = re.compile(
    r"compare|describe|explain|exports?|interesting|list|name|oh|ok|okay|summari[sz]e|thanks|yes"
)
_PHRASE = re.compile(
    r"(?P<core>d[wNITica]*[NIic]|[NIic](?:[wNITica]*[NIic])?)"  # the broad BIS export controls
    r"(?P<about>(?:[ofp]d?[wNITica]*[NITic]|r[wx]d?[wNI]*[NI])*)"  # on Russia; that listed Huawei
    r"(?P<where>n[wNITica]*[NIic])?"  # in group E:1
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A phrase at [start, end) of a question; `named` when it names one thing and not a kind."""

    text: str
    start: int
    end: int
    sort: Sort
    named: bool
    plural: bool


@dataclass(frozen=True, slots=True)
class _Word:
    letter: str
    text: str
    start: int
    end: int


def phrases(text: str) -> tuple[Phrase, ...]:
    """Return the phrases of `text` that name an instrument, a party or an agency, in order.

    The names within a longer phrase («Russia» in «the controls on Russia») follow it.
    """
    words = _words(text)
    letters = "".join(word.letter for word in words)
    found: list[Phrase] = []
    at = 0
    while match := _PHRASE.search(letters, at):
        start, end = match.start(), match.end("core") + _attached(match)
        if letters[:start].endswith("s") and letters[end : end + 1] not in tuple("wxvs"):
            verb = re.match(r"[NI](?:[NIoaT]*[NI])?", letters[start:end])
            end = start + verb.end() if verb else end  # «did BIS list in October»: no other verb
        whole = _phrase(text, words[start:end], letters[start : min(end, match.end("core"))])
        inner = (
            _phrase(text, words[start + run.start() : start + run.end()], run[0])
            for run in re.finditer(r"[NI]+", letters[start:end])
        )
        found += [whole, *(part for part in inner if part.text != whole.text)]
        at = end + 1
    return tuple(found)


def singular(word: str) -> str:
    """Return the singular of a regular noun, in lower case."""
    word = word.lower()
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s") if not word.endswith("ss") else word


def is_instrument(noun: str) -> bool:
    """Whether a noun, singular or plural, means a text or what one does: rule, license, list."""
    return re.fullmatch(INSTRUMENT, singular(noun)) is not None


def is_party(noun: str) -> bool:
    """Whether a noun, singular or plural, means someone or somewhere: company, country."""
    return re.fullmatch(PARTY, singular(noun)) is not None


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    for match in _TOKEN.finditer(text):
        letter = _letter(match, found[-1].letter if found else "")
        found.append(_Word(letter, match[0], match.start(), match.end()))
    return found


def _letter(match: re.Match[str], before: str) -> str:
    """Return what a word can be, by its form: T time, N name, I name of an instrument, i and c
    nouns for instruments and parties, v auxiliary, x word that ends a phrase, w any other; the
    rest as in _LETTERS. `before` is the letter of the word before."""
    word = match[0]
    plain, opens = word.lower().removesuffix("'s"), before in ("", ".")
    if match["time"] or match["identifier"]:
        return "T" if match["time"] else "I"
    if plain in _LETTERS:
        return "q" if plain == "which" and opens else _LETTERS[plain]
    if re.fullmatch(AUXILIARY, plain):
        return "v"
    if not word[0].isalnum():
        return "." if word in ".?!" else ","
    if plain in stop_words() and not (word.isupper() and not opens and len(word) > 1):
        return "x"
    if word[0].isupper() and not (opens and _OPENING.fullmatch(plain)):
        return "I" if is_instrument(word) else "N"
    if re.fullmatch(r"[a-z]:\d+", word) or (word.isdigit() and before in ("N", "I")):
        return "N"
    if is_instrument(word) or is_party(word):
        return "i" if is_instrument(word) else "c"
    return "x" if re.fullmatch(r"[a-z]+ed", word) and before != "d" and not opens else "w"


def _attached(match: re.Match[str]) -> int:
    """Return how many words after the core belong to it: an instrument takes all that it is about,
    a kind of party what it is of or where it is, an office what it is of."""
    core, about, where = match["core"], match["about"], match["where"] or ""
    if "i" in core or "I" in core:
        return len(about)
    if "c" in core and not about:
        return len(where)
    of = re.match(
        r"(?:[of]d?[wNITica]*[NITic])*" if "c" in core else r"(?:o[NI]+(?:a[NI]+)?)?", about
    )
    return of.end() if of else 0


def _phrase(text: str, words: list[_Word], core: str) -> Phrase:
    """Return the phrase of `words`; `core` has the letters of the first of them."""
    names = {part for word in words if word.letter in "NIT" for part in _parts(word.text)}
    own = [word.text for word, letter in zip(words, core, strict=False) if letter in "NIic"]
    nouns = any(word.letter in "ic" for word in words)
    named = any(not _OF_GOVERNMENT.fullmatch(name) for name in names)
    kind: Sort = "instrument" if "i" in core or "I" in core else "party"
    whole = text[words[0].start : words[-1].end].removesuffix("'s")
    return Phrase(
        text=whole,
        start=words[0].start,
        end=words[0].start + len(whole),
        sort="agency" if names and not named and not nouns else kind,
        named=named,
        plural=_plural(own[-1]) if own else False,
    )


def _parts(name: str) -> Iterable[str]:
    return name.lower().removesuffix("'s").rstrip(".").split()


def _plural(noun: str) -> bool:
    return singular(noun) != noun.lower() and (is_instrument(noun) or is_party(noun))


_ASKED_FOR = re.compile(
    rf"(?:which|what)\s+(?P<noun>(?!of\b)[^,?]+?)\s+(?P<verb>{AUXILIARY})\s+(?P<rest>[^?]+?)\W*$",
    re.I,
)
_IRREGULAR = {
    **{verb: verb for verb in ("put", "set", "cut", "let")},
    **{"make": "made", "give": "gave", "take": "took", "bring": "brought", "find": "found"},
    **{"hold": "held", "say": "said", "begin": "began", "get": "got", "leave": "left"},
    **{"pay": "paid", "send": "sent", "sell": "sold", "tell": "told", "write": "wrote"},
    **{"withdraw": "withdrew", "ban": "banned", "drop": "dropped", "strike": "struck"},
}


def asked_for(question: str) -> Phrase | None:
    """Return what a question with «which» asks for, as the next one may name it: «Which bodies did
    BIS list?» → «the bodies that BIS listed». None if it asks otherwise."""
    match = _ASKED_FOR.match(question)
    if match is None:
        return None
    noun, verb, rest = match["noun"], match["verb"].lower(), match["rest"]
    head = noun.split()[-1]
    subject = next((item for item in phrases(question) if item.start == match.start("rest")), None)
    if not (is_instrument(head) or is_party(head)) or (subject is None) == (verb in _DO):
        return None
    if subject is not None and verb not in _DO:
        return None
    if subject is not None:
        does, _, more = question[subject.end : match.end("rest")].strip().partition(" ")
        rest = f"{subject.text} {_past(does) if verb == 'did' else does} {more}".strip()
    else:
        rest = f"{verb} {rest}"
    return Phrase(
        text=f"the {noun} that {rest}",
        start=0,
        end=len(question),
        sort="instrument" if is_instrument(head) else "party",
        named=True,
        plural=_plural(head),
    )


_DO = ("do", "does", "did")


def _past(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ied"
    return f"{verb}d" if verb.endswith("e") else f"{verb}ed"
