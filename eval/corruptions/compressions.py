"""True claims that say less: what is left out changes nothing of what is still said."""

import re
from random import Random

from eval.corruptions.types import Edit, Rule, Seed, replaced

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_LIMITS = re.compile(
    r"\b(?:except|other than|unless|only|excluding|not|no|without|if|when|where|whether|until)\b",
    re.I,
)
_LIMITING = re.compile(r"[a-z-]+(?: [a-z-]+)?")  # "transfers (in-country)"
_CONNECTIVE = re.compile(
    r"^(?:In addition|Additionally|However|Specifically|As a result|Accordingly|Moreover|"
    r"Furthermore|Therefore|Further|Also|Finally|For example|For instance|Consequently|Second|"
    r"First|Third|Fourth|Fifth|Sixth|In particular|In sum|Conversely|Similarly|Likewise), "
)
_WHEN = re.compile(
    rf"^(?:On (?:{_MONTH}) \d{{1,2}}, \d{{4}}|In (?:{_MONTH}) \d{{4}}|In (?:19|20)\d\d), "
    r"(?=[A-Z]|the |it |a )"
)
_ASIDE = re.compile(r" \((?!\w{1,4}\)|\w{1,4}\)\()([^()]{3,120})\)(?! [A-Z])")
_ADDRESS = re.compile(r"(?<=[A-Z]{3}), \d\d CFR [\d.]+(?:\([a-z0-9]\))*,(?= [a-z])")
_FINITE = (
    r"(?:is|are|was|were|has|have|had|must|may|can|will|should|does|did|applies|apply|took|"
    r"covers|requires|allows|includes|said|added|published|issued|removed|remains|remain)"
)
_CLOSED = rf"(?:(?=, (?:also |then )?{_FINITE}\b)|(?=\.$))"
_RELATIVE = re.compile(rf", (?:which|who) [^,;.:()]{{8,120}}{_CLOSED}")
_EXAMPLES = re.compile(
    rf", (?:such as|including|for example|among them|in particular) [^,;.:()]{{3,60}}{_CLOSED}"
)
_SECOND = re.compile(
    rf", (?:and|but|while) (?:the|it|they|BIS|an?|its|their|this|these|those|that|exports|items|"
    rf"[A-Z]\w+) (?:[\w’'-]+ ){{0,6}}?{_FINITE}\b[^;:]*\.$"
)
_AFTER_SEMICOLON = re.compile(r"; [^;]+\.$")
_FIRST = re.compile(rf"\b{_FINITE}\b")
_OPEN = re.compile(
    r"^(?:If|When|Where|Unless|While|Although|Because|Since|Until|Before|After|Under|For|Both)\b"
    r"|\b(?:either|both|neither|between|whether)\b|: "
)


def aside_dropped(text: str, seed: Seed, random: Random) -> Edit | None:
    """A parenthesis left out that limits nothing."""
    found = [
        m
        for m in _ASIDE.finditer(text)
        if not _LIMITS.search(m[1]) and not _LIMITING.fullmatch(m[1])
    ]
    return _without(text, random.choice(found), "aside dropped") if found else None


def connective_dropped(text: str, seed: Seed, random: Random) -> Edit | None:
    """A word that joins a sentence to the one before left out."""
    match = _CONNECTIVE.search(text)
    return _without(text, match, "connective dropped") if match else None


def date_dropped(text: str, seed: Seed, random: Random) -> Edit | None:
    """When something happened left out, from a sentence that tells what happened."""
    match = _WHEN.search(text)
    return _without(text, match, "date dropped") if match else None


def relative_dropped(text: str, seed: Seed, random: Random) -> Edit | None:
    """A clause between commas that only adds something left out."""
    found = [m for m in _RELATIVE.finditer(text) if not _LIMITS.search(m[0])]
    return _between(text, random.choice(found), "relative clause dropped") if found else None


def examples_dropped(text: str, seed: Seed, random: Random) -> Edit | None:
    """Examples between commas left out."""
    found = list(_EXAMPLES.finditer(text))
    return _between(text, random.choice(found), "examples dropped") if found else None


def address_dropped(text: str, seed: Seed, random: Random) -> Edit | None:
    """Where a licence exception stands left out."""
    match = _ADDRESS.search(text)
    return _without(text, match, "address dropped") if match else None


def second_clause_dropped(text: str, seed: Seed, random: Random) -> Edit | None:
    """The second of two statements left out, where the first stands on its own."""
    match = _SECOND.search(text) or _AFTER_SEMICOLON.search(text)
    if match is None:
        return None
    first = text[: match.start()]
    if len(first) < 40 or _OPEN.search(first) or not _FIRST.search(first):
        return None
    if first.count("(") != first.count(")") or first.count("“") != first.count("”"):
        return None
    if re.search(r"\b(?:not|nor)\b", first) and match[0].startswith(", but"):
        return None  # "not this, but that"
    if match[0].startswith(", and") and re.search(r",[^,]{0,80}$", first):
        return None  # the last of a list, not a second statement
    return replaced(text, match.start(), match.end(), ".", "second clause dropped")


COMPRESSIONS: tuple[Rule, ...] = (
    aside_dropped,
    connective_dropped,
    date_dropped,
    relative_dropped,
    examples_dropped,
    address_dropped,
    second_clause_dropped,
)


def _without(text: str, match: re.Match[str], rule: str) -> Edit | None:
    edit = replaced(text, match.start(), match.end(), "", rule)
    new = edit.text[0].upper() + edit.text[1:]
    ended = new if new.endswith(".") else f"{new}."
    return Edit(text=ended, before=edit.before, after="", rule=rule) if len(new) > 30 else None


def _between(text: str, match: re.Match[str], rule: str) -> Edit | None:
    """Leave out what stands between two commas, and the second of them."""
    end = match.end() + (1 if text[match.end()] == "," else 0)
    return replaced(text, match.start(), end, "", rule)
