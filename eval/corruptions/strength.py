"""Negation put in, taken out or turned into its opposite, and another modality, by rule."""

import re
from random import Random

from eval.corruptions.types import Edit, Rule, Seed, replaced

_AUX = r"is|are|was|were|has|have|had|will|must|may|can|should|shall|would|could"
_PUT_IN = re.compile(
    rf"\b({_AUX})\b(?! (?:not|no|never|only|neither|nothing|any|none)\b)(?= [a-z])"
)
_LEAD = re.compile(r"\b(?:whether|not|never|no|nor|neither|only|unless|without)\b", re.I)
_SINGULAR = {
    "applies": "apply", "requires": "require", "covers": "cover", "allows": "allow",
    "includes": "include", "contains": "contain", "prohibits": "prohibit",
    "restricts": "restrict", "permits": "permit", "adds": "add", "removes": "remove",
    "revises": "revise", "amends": "amend", "extends": "extend", "imposes": "impose",
    "defines": "define", "clarifies": "clarify", "expands": "expand", "authorizes": "authorize",
    "excludes": "exclude", "affects": "affect", "gives": "give", "makes": "make",
}  # fmt: skip
_PAST = {
    "added": "add", "removed": "remove", "published": "publish", "issued": "issue",
    "took": "take", "extended": "extend", "amended": "amend", "revised": "revise",
    "imposed": "impose", "suspended": "suspend", "announced": "announce", "required": "require",
    "allowed": "allow", "created": "create", "placed": "place", "put": "put", "moved": "move",
    "expanded": "expand", "changed": "change", "revoked": "revoke", "introduced": "introduce",
    "made": "make", "gave": "give", "lifted": "lift", "covered": "cover", "widened": "widen",
    "said": "say", "confirmed": "confirm", "paid": "pay", "received": "receive",
}  # fmt: skip
_OPPOSITES = (
    ("added to", "removed from"), ("removed from", "added to"), ("allowed", "forbidden"),
    ("permitted", "prohibited"), ("prohibited", "permitted"), ("allows", "forbids"),
    ("permits", "prohibits"), ("prohibits", "permits"), ("forbids", "allows"),
    ("eligible", "ineligible"), ("ineligible", "eligible"), ("approval", "denial"),
    ("denial", "approval"), ("approved", "denied"), ("denied", "approved"),
    ("increased", "reduced"), ("reduced", "increased"), ("more than", "less than"),
    ("less than", "more than"), ("includes", "excludes"), ("excludes", "includes"),
    ("without a license", "with a license"), ("imposed", "lifted"), ("lifted", "imposed"),
    ("tightened", "eased"), ("eased", "tightened"), ("extended", "shortened"),
    ("subject to the EAR", "exempt from the EAR"), ("suspended", "resumed"),
    ("within", "outside"), ("outside", "inside"), ("before", "after"), ("after", "before"),
    ("accepted", "rejected"), ("rejected", "accepted"), ("expanded", "narrowed"),
    ("authorizes", "prohibits"), ("authorized", "forbidden"), ("higher", "lower"),
    ("lower", "higher"), ("wider", "narrower"), ("foreign", "domestic"), ("unless", "if"),
    ("(?<!even )(?<!only )(?<!as )if(?! any| so| not| appropriate| applicable)", "unless"),
    ("except for", "including"), ("at least", "at most"), ("up to", "at least"),
    ("unlawful", "lawful"), ("voluntary", "mandatory"), ("exempt from", "subject to"),
)  # fmt: skip
_MODALITY = (
    ("must not", ("need not",)),
    ("is required to", ("is permitted to", "is advised to")),
    ("are required to", ("are permitted to", "are advised to")),
    ("is authorized to", ("is required to",)),
    ("are authorized to", ("are required to",)),
    ("is allowed to", ("is required to",)),
    ("are allowed to", ("are required to",)),
    ("is permitted to", ("is required to",)),
    ("are permitted to", ("are required to",)),
    ("has to", ("may", "should")),
    ("have to", ("may", "should")),
    ("must", ("may", "should", "can")),
    ("shall", ("may", "should")),
    ("should", ("must", "may")),
    ("may", ("must", "should", "shall")),
    ("can", ("must", "should")),
    ("requires", ("allows", "recommends")),
)


def negation_put_in(text: str, seed: Seed, random: Random) -> Edit | None:
    """A "not" where the sentence has none."""
    found = [m for m in _PUT_IN.finditer(text) if not _led(text, m.start())]
    if found:
        match = random.choice(found)
        return replaced(text, match.start(), match.end(), f"{match[0]} not", "not put in")
    return None


def verb_negated(text: str, seed: Seed, random: Random) -> Edit | None:
    """A verb without auxiliary denied: "covers" becomes "does not cover"."""
    found = [m for m in _VERB.finditer(text) if not _led(text, m.start())]
    if not found:
        return None
    match = random.choice(found)
    group = 2 if match[2] else 4
    verb = match[group]
    denied = f"did not {_PAST[verb]}" if verb in _PAST else f"does not {_SINGULAR[verb]}"
    return replaced(text, match.start(group), match.end(group), denied, "verb denied")


def negation_taken_out(text: str, seed: Seed, random: Random) -> Edit | None:
    """A negation of the sentence left out."""
    found = [(match, by) for pattern, by in _TAKEN_OUT for match in re.finditer(pattern, text)]
    if not found:
        return None
    match, by = random.choice(found)
    new = match.expand(by)
    edit = replaced(text, match.start(), match.end(), new, "not taken out")
    return Edit(
        text=edit.text[0].upper() + edit.text[1:], before=match[0], after=new, rule=edit.rule
    )


def opposite(text: str, seed: Seed, random: Random) -> Edit | None:
    """A word turned into its opposite."""
    found = [
        (match, other)
        for word, other in _OPPOSITES
        for match in re.finditer(rf"(?<![\w-]){word}(?![\w-])", text)
    ]
    if not found:
        return None
    match, other = random.choice(found)
    return replaced(text, match.start(), match.end(), other, "opposite")


def other_modality(text: str, seed: Seed, random: Random) -> Edit | None:
    """Another strength: obligation, permission, recommendation."""
    for was, becomes in random.sample(_MODALITY, len(_MODALITY)):
        pattern = rf"\b{was}\b(?! (?:not|never|only|no)\b)(?= [a-z])"
        found = [m for m in re.finditer(pattern, text) if not _is_led_by_no(text, m.start())]
        if found:
            match = random.choice(found)
            new = random.choice(becomes)
            return replaced(text, match.start(), match.end(), new, f"{was} → {new}")
    return None


NEGATION: tuple[Rule, ...] = (negation_put_in, verb_negated, negation_taken_out, opposite)
MODALITY: tuple[Rule, ...] = (other_modality,)

_VERB = re.compile(
    rf"(\b(?:[A-Z][A-Za-z]+|rule|it|they|which|who|that|EAR\)|BIS\)) )"
    rf"({'|'.join([*_SINGULAR, 'took'])})\b(?= (?!not\b)[\w“$])"
    rf"|(\b(?:BIS|it|they|who|Commerce|Huawei|China|Congress|BIS\)) )"
    rf"({'|'.join(_PAST)})\b(?= (?!not\b|on\b|in\b|by\b|under\b|for\b|at\b|from\b)[\w“$])"
)
_TAKEN_OUT = (
    (rf"\b({_AUX}) not (?!only\b|just\b|merely\b)", r"\1 "),
    (r"\bcannot\b", r"can"),
    (r"\b(does|do|did) not (?!only\b)", r"\1 "),
    (r"\b[Nn]o (license|licence|exception|permission|authorization)s? (is|are|was|were)\b",
     r"a \1 \2"),
    (r"\bwithout (?=a license|an authorization|permission|authorization)", r"with "),
    (r"\bnever\b", r"always"),
    (r"\bneither\b(.+?)\bnor\b", r"both\1and"),
)  # fmt: skip


def _led(text: str, at: int) -> bool:
    """Whether what stands before in the clause makes "not" there leave the sense as it is."""
    clause = re.split(r"[,;:]", text[:at])[-1]
    return _LEAD.search(clause) is not None


def _is_led_by_no(text: str, at: int) -> bool:
    clause = re.split(r"[,;:]", text[:at])[-1]
    return re.search(r"\b(?:no|nor|neither|whether|nothing)\b", clause, re.I) is not None
