"""Pronouns of a follow-up («it», «that rule», «there», «then») → what they stand for.

Pure; rules of English. What a pronoun may stand for comes from `phrases.py`.
"""

import re
from collections.abc import Sequence
from typing import Literal, cast

from assistant.mentions import TIME
from assistant.phrases import (
    AUXILIARY,
    INSTRUMENT,
    PARTY,
    Phrase,
    asked_for,
    phrases,
    singular,
)
from assistant.terms import stop_words

Sort = Literal["person", "thing", "many", "time", "place", "kind", "this"]

PREPOSITIONS = "for|in|on|to|from|with|against|under|of|at"

_REFERENCE = re.compile(
    r"\b(?:(?P<person>he|she|him|his|her)|(?P<thing>its?)|(?P<many>they|them|their)|"
    r"(?P<time>then|(?:(?:on|at|in) )?that (?:day|date|month|year|time))|(?P<place>there)|"
    r"(?P<kind>(?:this|that|these|those|the) "
    rf"(?P<noun>(?:{INSTRUMENT}|{PARTY})s?|companies|entities|policies|bodies|agencies|parties)\b"
    r"(?! (?:of|that|which|on|for|from|in|to|with|against|over)\b))|"
    r"(?P<this>this|that|these|those))\b",
    re.I,
)
_POSSESSIVE = re.compile(r"its|their|his|her(?= [a-z])", re.I)
_CLAUSE = re.compile(r"[,;:]|\b(?:and|but|that|which|when|if|because|before|after|while)\b", re.I)
_POINTED_AT = re.compile(rf"\b(?:{AUXILIARY}|{PREPOSITIONS}|about|by|since|after|before)\s+$", re.I)
_THERE_IS = re.compile(rf"\b{AUXILIARY}\s+$", re.I)
_EMPTY_IT = re.compile(r"it (?:\w+ )?(?:true|possible|correct|clear|likely|legal|lawful|illegal)\b")
_PLURAL = re.compile(r"\b(?!was|is|has|does|this|us|its|his)[a-z]{2,}s\b")
_DAY = re.compile(r"\d\D+\d\d\d\d|\d-\d+-\d")
_ON_WHAT = re.compile(r" says? ((?:about|on) [^?]+?)\W*$")
_COMPANY = re.compile(
    r"bank|chipmaker|company|developer|entity|firm|individual|maker|manufacturer|"
    r"organi[sz]ation|party|person|producer"
)
_TEXT = re.compile(
    r"rule|regulation|order|measure|control|restriction|amendment|proposal|notice|document|action|"
    r"directive"
)


def resolved(text: str, last: str) -> tuple[str, bool]:
    """Return `text` with the words of `last` in place of its pronouns, the first of each sort, and
    whether one was left for which there are no such words."""
    done: set[Sort] = set()
    out, at = "", 0
    for match in _REFERENCE.finditer(text):
        sort = cast(Sort, match.lastgroup if match.lastgroup != "noun" else "kind")
        if sort in done or not _refers_back(match, sort):
            continue
        done.add(sort)
        name = (
            _time(last) if sort == "time" else _case(match[0], _stands_for(match, sort, last), last)
        )
        if name:
            out, at = out + text[at : match.start()] + name, match.end()
        elif not match[0].lower().startswith("the "):
            return text, True
    return out + text[at:], False


def _refers_back(match: re.Match[str], sort: Sort) -> bool:
    """Whether a word refers to an earlier question, and not to its own («the rule and its annex»)
    or to nothing («is it true», «there is»)."""
    text, before, after = match.string, match.string[: match.start()], match.string[match.end() :]
    match sort:
        case "person" | "time":
            return True
        case "place":
            return not (_THERE_IS.search(before) or re.match(rf"\s+{AUXILIARY}\b", after))
        case "this":
            return match[0] != "that" or bool(_POINTED_AT.search(before)) or not after.strip(" ?.!")
        case "thing" | "many" | "kind":
            own = [item for item in phrases(text) if item.end <= match.start()]
            ends = [item.end for item in own if item.sort != "agency"]
            ends += [m.end() for m in _PLURAL.finditer(before) if sort == "many"]
            whole = any(item.end == match.end() for item in phrases(text))
    if _EMPTY_IT.match(text[match.start() :]) or (sort == "kind" and not whole):
        return False
    owner = _POSSESSIVE.fullmatch(match[0]) is not None
    return not any(owner or _CLAUSE.search(text[end : match.start()]) for end in ends)


def _stands_for(match: re.Match[str], sort: Sort, last: str) -> Phrase | None:
    """Return the phrase of `last` that fits a pronoun best; None if none does."""
    every, asked = phrases(last), asked_for(last)
    named = [item for item in ([asked] if asked else []) + [*every] if item.named]
    parties = [item for item in named if item.sort == "party"]
    found: Sequence[Phrase] = ()
    match sort:
        case "person":
            found = parties
        case "place":
            found = parties[::-1]
        case "kind":
            found = _of_kind(singular(match["noun"]), [*named, *every])
        case "this":
            noun = re.match(r" ([a-z]+)", match.string[match.end() :])
            subject = every[:1] if noun is None or noun[1] in stop_words() else ()
            found = [item for item in subject if item.named and item.sort == "instrument"]
        case "many":
            found = [item for item in named if item.plural] or parties or every
        case _:
            done_to = every and every[0].sort == "agency" and match[0].lower() == "its"
            one = [item for item in named if not item.plural]
            found = (parties if done_to else []) or one or named or every
    return found[0] if found else None


def _of_kind(noun: str, found: Sequence[Phrase]) -> Sequence[Phrase]:
    """Return the phrases that «that rule» or «the company» can mean."""
    same = [item for item in found if noun in _nouns(item)]
    if same:
        return same
    if _COMPANY.fullmatch(noun):
        return [item for item in found if item.named and item.sort == "party"]
    texts = [item for item in found if item.named and any(map(_TEXT.fullmatch, _nouns(item)))]
    return texts if _TEXT.fullmatch(noun) else ()


def _nouns(item: Phrase) -> Sequence[str]:
    return [singular(word) for word in item.text.split()]


def _time(last: str) -> str:
    times = TIME.findall(last)
    if not times:
        return ""
    return f"{'on' if _DAY.search(times[-1]) else 'in'} {times[-1]}"


def _case(pronoun: str, item: Phrase | None, last: str) -> str:
    """Return the words for a pronoun: «X», «X's», «in X», or «the rule on X» for «does the rule say
    on X»; "" for no phrase."""
    if item is None:
        return ""
    if pronoun.lower() == "there":
        return f"in {item.text}"
    more = _ON_WHAT.match(last[item.end :])
    name = f"{item.text} {more[1]}" if more else item.text
    if not _POSSESSIVE.fullmatch(pronoun):
        return name
    return f"{name}'" if name.endswith("s") else f"{name}'s"
