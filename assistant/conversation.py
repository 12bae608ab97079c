"""A follow-up → the question that someone would have typed who had asked nothing before.

Pure; rules of English and no model. Three ways, the first that fits:

- a fragment («What about Sudan?», «And why?», «And a year after that?») is the question before
  with something else in its place;
- a pronoun («it», «that rule», «their», «there») gives way to what it stands for;
- a question about what happened that names nothing gets the subject of the one before.

What no rule can place is asked together with the question before («…, and who signed that?»). A
question that stands by itself stays as it is: the subject has changed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.mentions import TIME
from assistant.phrases import AUXILIARY, Phrase, phrases
from assistant.pronouns import PREPOSITIONS, resolved
from assistant.terms import stop_words, terms

HISTORY = 6
"""Earlier questions that are looked back on."""

REGARDING = "regarding"
"""Stands before the subject of an earlier question; says nothing of what is asked."""

_CONTINUES = re.compile(r"^\W*(?:and|but|so|or|also|then|plus)\b[\s,]*", re.I)
_ABOUT = re.compile(r"^\W*(?:what|how) about\s+", re.I)
_ASKING = (
    r"(?:why(?: not)?|when|where|how(?: many| much| long)?(?: more| others)?|whom?|by whom|"
    rf"(?:since|until|till|by|{PREPOSITIONS}) (?:when|what|which|whom|how)(?: \w+){{0,2}})"
)
_BARE = re.compile(rf"(?P<asks>{_ASKING}) (?:is|was|were|did) (?:it|that)(?: happen)?\W*", re.I)
_FRAGMENT = re.compile(
    rf"(?P<asks>{_ASKING}\b)?[\s,]*(?:(?P<preposition>{PREPOSITIONS})\s+)?(?P<about>[^,]*?)"
    rf"(?:,\s*(?P<then>{_ASKING}))?",
    re.I,
)
_SHORT = 4  # words up to which a question without an auxiliary may be a fragment
_VERB = re.compile(rf"\b{AUXILIARY}\b", re.I)
_AFTER_PREPOSITION = re.compile(rf"\b(?:{PREPOSITIONS})\s+$", re.I)
_YEARS = {"a": 1, "one": 1, "the": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_SHIFT = re.compile(
    rf"(?:(?P<many>{'|'.join(_YEARS)}) years? (?P<way>after|later|before|earlier)(?: that| then)?"
    r"|(?:the )?(?P<next>next|following|previous) year)",
    re.I,
)
_TO_DO = re.compile(
    r"\bto [a-z]+ (?P<whom>.+?)(?P<where> (?:onto|on|off|from|into|in|under|to) .+)?$", re.I
)
_HAPPENED = re.compile(r"\b(?:was|were|did|had|could)\b", re.I)
_HAPPENS = re.compile(r"\b(?:is|are|do|does|must|can|may|should|shall|will)\b", re.I)
_OTHER_TIME = re.compile(
    r"^(?:is|are|do|does|can|may|must)\b|\b(?:now|today|currently|at present|since|later|"
    r"afterwards?)\b",
    re.I,
)
_ALSO = re.compile(
    r"\b(?:too|also|else|others?|another|either|again|instead|afterwards?|later|same|rest|latter|"
    r"former|part)\b|\bsince\W*$",
    re.I,
)
_OWN = re.compile(r"the (?!(?:new|same|final|last|latest|first|second|other|whole) )\S+ \S+")
_BY = re.compile(r"\b(?:under|by|through|after)\s+$", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question as it can be read alone, and the words of it that ask: its own, or all of them
    when it is the question before about something else."""

    standalone: str
    asks: str


def read(text: str, history: Sequence[str]) -> Reading:
    """Return how `text` is to be read after the earlier questions, oldest first."""
    last = ""
    for earlier in history[-HISTORY:]:
        last = _read(earlier, last).standalone if earlier else last
    return _read(text, last)


def _read(text: str, last: str) -> Reading:
    own = _CONTINUES.sub("", text)
    if not last or not re.search(r"\w", own):
        return Reading(standalone=text, asks=text)
    bare = _BARE.fullmatch(own)
    goes_on = own != text or _ABOUT.match(own) is not None
    fragment = not _VERB.search(own) and (goes_on or len(own.split()) <= _SHORT)
    same = _asking_instead(bare["asks"], last) if bare else None
    if fragment:
        same = _instead(_ABOUT.sub("", own).rstrip(" ?.!"), last)
    if same is not None:
        return Reading(standalone=same, asks=same)
    plain, left = resolved(own, last)
    if left or (fragment and goes_on and plain == own):
        return Reading(standalone=_together(last, own), asks=text)
    if plain == own and _leans(own, goes_on=goes_on):
        subject = next((item.text for item in phrases(last) if item.named), None)
        if subject is None:
            return Reading(standalone=_together(last, own), asks=text)
        plain = f"{own.rstrip(' ?.!')}, {REGARDING} {subject}?"
    if plain != own:
        plain = _of_its_time(plain, last)
    return Reading(standalone=_opened(plain), asks=text)


def _leans(text: str, *, goes_on: bool) -> bool:
    """Whether a whole question without a pronoun must be about what was asked before: it names
    nothing, and tells of one thing that happened, or says next to nothing («What is the fee?»)."""
    found = phrases(text)
    if TIME.search(text) or any(item.named or _OWN.match(item.text) for item in found):
        return False
    if goes_on or _ALSO.search(text) or _HAPPENED.search(text) or not _HAPPENS.search(text):
        return True
    general = any(item.sort == "agency" for item in found) or not re.search(r"\bthe\b", text, re.I)
    return len(terms(text)) < (2 if general else 3)


# -- the question before, about something else -----------------------------------------------------


def _instead(fragment: str, last: str) -> str | None:
    """Return `last` with what the fragment gives in place of what it had; None if unclear."""
    if re.match(r"to [a-z]", fragment):
        return _doing_instead(fragment, last)
    parts = _FRAGMENT.fullmatch(fragment)
    if parts is None:
        return None
    about, asks = parts["about"].strip(), parts["asks"] or parts["then"]
    changed = _about_instead(about, parts["preposition"], last) if about else last
    return _asking_instead(asks, changed) if asks and changed else changed


def _about_instead(about: str, preposition: str | None, last: str) -> str | None:
    """Return `last` about another time or another party; `preposition` stood before it."""
    times, shift = list(TIME.finditer(last)), _SHIFT.fullmatch(about)
    if shift and times:
        return _spliced(last, times[-1].span(), _years_on(times[-1][0], shift))
    if TIME.fullmatch(about):
        if not times:
            return f"{last.rstrip(' ?.!')} {preposition or 'in'} {about}?"
        start, end = times[-1].span()
        before = _AFTER_PREPOSITION.search(last[:start]) if preposition else None
        return _spliced(
            last,
            (before.start() if before else start, end),
            f"{preposition} {about}" if before else about,
        )
    given = phrases(about)
    if not given or not given[0].named or len(given[0].text) < len(about):
        return None
    old = _counterpart(given[0], preposition, last)
    return _spliced(last, (old.start, old.end), about) if old else None


def _counterpart(given: Phrase, preposition: str | None, last: str) -> Phrase | None:
    """Return the phrase of `last` in whose place `given` can stand: one of its sort, one that has a
    word of it, one after a preposition if it has one."""
    every = [item for item in phrases(last) if item.named]
    found = [item for item in every if not any(_takes_along(other, item) for other in every)]

    def likeness(item: Phrase) -> tuple[bool, bool, bool]:
        shared = {*item.text.split()} & {*given.text.split()} - stop_words()
        after = _AFTER_PREPOSITION.search(last[: item.start]) is not None
        return item.sort == given.sort, bool(shared), after == (preposition is not None)

    return max(found, key=likeness, default=None)


def _takes_along(other: Phrase, item: Phrase) -> bool:
    """Whether `other` is to be replaced and not `item`: «the drone maker DJI» and not «DJI» in it,
    but of «Huawei affiliates» only the name."""
    whole, part = (other, item) if len(other.text) > len(item.text) else (item, other)
    if whole.sort != "party" or not (whole.start <= part.start and part.end <= whole.end):
        return False
    return other != item and (other == whole) == whole.text[0].islower()


def _years_on(time: str, shift: re.Match[str]) -> str:
    years = _YEARS[shift["many"].lower()] if shift["many"] else 1
    back = (shift["way"] or shift["next"]).lower() in ("before", "earlier", "previous")
    by = -years if back else years
    return re.sub(r"(?:19|20)\d\d", lambda year: str(int(year[0]) + by), time)


def _asking_instead(asks: str, last: str) -> str | None:
    """Return `last` asked with other words, where it asks when, why or how, or whether."""
    words, opening = asks.split(), " ".join(asks.split()[:2]).lower()
    if len(words) > 2 and last.lower().startswith(f"{opening} "):  # How many … how many more
        return f"{last[: len(opening)]} {' '.join(words[2:])}{last[len(opening) :]}"
    verb = _VERB.search(last)
    if verb is None or ", and " in last:
        return None
    old = last[: verb.start()].strip()
    if old and not re.fullmatch(_ASKING, old, re.I):
        return None
    return _opened(f"{asks} {verb[0].lower()}{last[verb.end() :]}")


def _doing_instead(fragment: str, last: str) -> str | None:
    """«And to take one off?» after «What is needed to put a company on the list?»"""
    body = last.rstrip(" ?.!")
    old = _TO_DO.search(body)
    if old is None:
        return None
    new = re.sub(r"\b(?:one|it|them)\b", old["whom"], fragment)
    if old["where"] and re.search(r"\b(?:off|out|on|in|from|under)$", new):
        new += re.sub(r"^ \w+", "", old["where"])
    return f"{body[: old.start()]}{new}?"


# -- sentences -------------------------------------------------------------------------------------


def _of_its_time(text: str, last: str) -> str:
    """Add the time of `last`, and the instrument by which it happened, unless `text` asks about
    another time: about now, or about what came after."""
    body = text.rstrip(" ?.!")
    for item in phrases(last) if _HAPPENED.search(text) else ():
        by = _BY.search(last[: item.start])
        if by and item.named and item.sort == "instrument" and item.text not in body:
            body = f"{body} {by[0].strip()} {item.text}"
    times = TIME.findall(last)
    then = times and not (_OTHER_TIME.search(body) or TIME.search(body))
    return f"{body} ({times[-1]})?" if then else f"{body}?"


def _together(last: str, text: str) -> str:
    """Return the question before and this one as one question."""
    first = re.split(rf", and (?=(?:{_ASKING}|{AUXILIARY}|what|which|tell)\b)", last)[0].rstrip(
        " ?.!"
    )
    opening = text.split()[0].lower()
    plain = opening in stop_words() or re.fullmatch(rf"{AUXILIARY}|since|which", opening)
    return f"{first}, and {text[0].lower() if plain else text[0]}{text[1:]}"


def _opened(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _spliced(text: str, span: tuple[int, int], new: str) -> str:
    return f"{text[: span[0]]}{new}{text[span[1] :]}"
