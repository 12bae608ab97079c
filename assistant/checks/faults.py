"""Why a claim must not be shown: what it cites says otherwise, or does not say it.

Contradiction comes before want of support. Works on a claim's words beside those of its quotes;
knows no document.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.checks.align import Alignment, Gap
from assistant.checks.opposites import are_opposite, same_act
from assistant.checks.strength import Force, Said
from assistant.checks.units import Unit, is_figure, same
from assistant.synonyms import synonyms
from assistant.terms import term

_SUPPORTED = 0.6  # share of a claim's words that what it cites must have
_NEAR = 4  # matches within which a "not" may stand on another word and deny the same
_SMALL = (
    6,
    8,
)  # words of content of a claim and of a quote up to which one takes the place of the other
_NEXT = 2  # words next to a match that are looked at where the quote goes on for long
_ABOUT = 3  # words that a clause of a claim has of a clause of the quote when it is about that
_TIGHT = 4  # words of the quote, for what the quote says elsewhere
_KEPT = 3  # words before an exception that a claim keeps when it keeps what is excepted from
_FORCES: dict[str, Force] = {
    term(word): force
    for force, words in (
        ("must", "require requires required oblige obliges need needs mandate compel mandatory"),
        ("may", "allow allows permit permits authorize authorizes let enable entitle eligible"),
        ("should", "recommend recommends advise advises encourage encourages urge suggest"),
        ("forbidden", "prohibit prohibits forbid forbids ban bans bar bars"),
        ("free", "exempt exempts waive waives"),
    )
    for word in words.split()
}  # type: ignore[assignment]
_FORCE_NAMES: dict[Force, str] = {
    "must": "must be", "may": "may be", "can": "can be", "should": "should be",
    "forbidden": "may not be", "free": "need not be",
}  # fmt: skip
_EXCEPTIONS = frozenset(["unless", "except", "excluding"])
_LIMITS = _EXCEPTIONS | {"if", "only", "apart", "other", "but", "save", "excludes", "excluded"}
_FRAME = frozenset(
    map(
        term,
        [
            "say",
            "says",
            "said",
            "state",
            "states",
            "stated",
            "report",
            "reports",
            "reported",
            "according",
            "explain",
            "explains",
            "announce",
            "announced",
            "describe",
            "describes",
            "note",
            "notes",
            "put",
            "puts",
            "wording",
            "words",
            "part",
            "summary",
            "rule",
            "notice",
            "article",
            "statement",
            "guidance",
            "regulation",
            "document",
            "text",
            "source",
            "written",
            "library",
            "proposed",
            "undated",
        ],
    )
)
_DEMONYMS = {
    "american": "us", "british": "uk", "dutch": "netherlands", "french": "france",
    "german": "germany", "swiss": "switzerland", "spanish": "spain", "turkish": "turkey",
    "polish": "poland", "danish": "denmark", "swedish": "sweden", "greek": "greece",
    "emirati": "uae", "burmese": "burma",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a claim may draw on beside its quotes: the document's own facts (title, publisher,
    dates, citation), and the names in the paragraphs around the quotes."""

    facts: tuple[Unit, ...]
    around: frozenset[object]


def contradiction(found: Alignment) -> str | None:
    """Return how a claim says otherwise than its quotes, or None."""
    return next(_contradictions(found), None)


def want_of_support(found: Alignment, beside: Beside) -> str | None:
    """Return what of a claim its quotes do not say, or None."""
    return next(_unsupported(found, beside), None)


def is_attribution(words: Sequence[Said], facts: Sequence[Unit]) -> bool:
    """Whether words before what is said ("the rule of 16 May 2019") are facts of the document."""
    return not any(one.denied for one in words) and all(
        one.is_light or one.unit.value in _FRAME or any(same(one.unit, fact) for fact in facts)
        for one in words
    )


def _contradictions(found: Alignment) -> Iterator[str]:
    for gap in found.gaps():
        yield from _otherwise(gap, found.quoted)
    yield from _misplaced(found)
    yield from _denials(found)
    yield from _forces(found)
    yield from _quantities(found)
    yield from _exceptions(found)
    for one, other in found.matches():
        if {one.bound, other.bound} in ({"floor", "ceiling"}, {"before", "after"}):
            yield f"It gives {one.unit.text!r} as another limit than what it cites."


def _otherwise(gap: Gap, quoted: Sequence[Said]) -> Iterator[str]:
    """Yield where a claim has one figure, name or word in the place of another or its opposite."""
    mine = [one for one in gap.claimed if not one.is_light and one.unit.value not in _FRAME]
    theirs = [other for other in gap.quoted if not other.is_light]
    if len(mine) > _SMALL[0]:
        return
    if len(theirs) > _SMALL[1]:
        theirs = [*theirs[:_NEXT], *theirs[-_NEXT:]]
    for one in gap.claimed:
        elsewhere = any(same(one.unit, held.unit) for held in quoted)
        if elsewhere and len(theirs) > _TIGHT:
            continue  # said in other words and another order, not put in another's place
        for other in gap.quoted if len(theirs) <= _SMALL[1] else theirs:
            if _in_place(one.unit, other.unit) or _is_contrary(one, other):
                yield f"It says {one.unit.text!r} where what it cites says {other.unit.text!r}."


def _misplaced(found: Alignment) -> Iterator[str]:
    """Yield figures that the quote gives in another clause than the one that a clause of the claim
    is about: "Acme paid in 2020" of "Acme paid in 2018, and Borduria paid in 2020"."""
    for clause in {one.clause for one in found.claimed}:
        mine = [one.unit for one in found.claimed if one.clause == clause]
        about = Counter(
            found.quoted[j].clause
            for i, j in found.pairs
            if found.claimed[i].clause == clause and not found.claimed[i].is_light
        )
        if not about:
            continue
        best = max(about, key=lambda at: about[at])
        there = [other.unit for other in found.quoted if other.clause == best]
        for one in mine:
            rivals = [u for u in there if is_figure(one) and u.kind == one.kind]
            if any(same(one, rival) for rival in rivals) or about[best] < _ABOUT:
                continue
            for rival in rivals:
                if not any(same(unit, rival) for unit in mine):
                    yield f"It says {one.text!r} where what it cites says {rival.text!r}."


def _is_contrary(one: Said, other: Said) -> bool:
    if one.denied != other.denied or not one.unit.kind == other.unit.kind == "word":
        return False
    mine, theirs = _force_word(one), _force_word(other)
    return are_opposite(one.unit.low, other.unit.low) or bool(mine and theirs and mine != theirs)


def _in_place(one: Unit, other: Unit) -> bool:
    if "name" in (one.kind, other.kind) and _may_name(one) and _may_name(other):
        return not _related(one, other)
    return is_figure(one) and one.kind == other.kind and not same(one, other)


def _may_name(unit: Unit) -> bool:
    """Whether a unit is a name, or a word with a capital that opens a sentence and may be one."""
    if unit.kind == "name":
        return True
    opens = unit.kind == "word" and unit.opens and unit.text[0].isupper()
    inflected = unit.low.endswith(("s", "ed", "ing", "ly"))
    return opens and not inflected and not Said(unit=unit).is_light


def _denials(found: Alignment) -> Iterator[str]:
    """Yield negations on one side only. "No license is required" denies the same as "a license is
    not required": two that stand near one another cancel out."""
    matches = found.matches()
    held = {j for _, j in found.pairs}
    free = [other for j, other in enumerate(found.quoted) if j not in held and other.denied]
    mine = [at for at, (one, other) in enumerate(matches) if one.denied > other.denied]
    theirs = [at for at, (one, other) in enumerate(matches) if one.denied < other.denied]
    for at in mine:
        one, other = matches[at]
        moved = any(abs(at - there) <= _NEAR for there in theirs)
        if not moved and not any(other.sentence == denied.sentence for denied in free):
            yield f"It denies {one.unit.text!r}, which what it cites does not."
    loose = [one for gap in found.gaps() for one in gap.claimed if one.denied]
    for at in theirs:
        if not loose and not any(abs(at - there) <= _NEAR for there in mine):
            yield f"It affirms {matches[at][0].unit.text!r}, which what it cites denies."
    for gap in found.gaps():
        for one in gap.claimed:
            near = (*gap.quoted, *free, *(q for _, q in matches if q.denied))
            if one.denied and not any(_denies(one, other) for other in near):
                yield f"It denies {one.unit.text!r}, which what it cites does not."


def _denies(one: Said, other: Said) -> bool:
    """Whether a word of a quote denies what a denied word of a claim says."""
    return other.denied or are_opposite(one.unit.low, other.unit.low)


def _forces(found: Alignment) -> Iterator[str]:
    """Yield obligation said as permission, and the like."""
    matches = found.matches()
    loose = [one for gap in found.gaps() for one in gap.claimed]
    for at, (one, other) in enumerate(matches):
        if one.denied != other.denied or _are_alike(one.force, other.force):
            continue  # a denial is looked at as such
        near = matches[max(0, at - _NEAR) : at + _NEAR + 1]
        if one.force is None:
            said = any(mine.force == "may" for mine in (*(mine for mine, _ in near), *loose))
            if other.force == "may" and other.unit.kind == "word" and not said:
                yield f"It leaves out that {one.unit.text!r} is only possible or allowed."
        elif other.force is None:
            if not _has_force(found.quoted, one.force):
                yield _not_said(one)
        elif not any(_are_alike(one.force, theirs.force) for _, theirs in near):
            yield _not_said(one)
    for one in loose:
        if one.force is not None and not _has_force(found.quoted, one.force):
            yield _not_said(one)


def _are_alike(mine: Force | None, theirs: Force | None) -> bool:
    """Whether two forces say the same. "Can" may be left out: what can be done is done by some."""
    return (
        mine == theirs
        or (theirs == "can" and mine in ("may", None))
        or (mine, theirs) == ("can", "may")
    )


def _not_said(one: Said) -> str:
    force = _FORCE_NAMES[one.force or "must"]
    return f"What it cites does not say of {one.unit.text!r} that it {force}."


def _has_force(quoted: Sequence[Said], force: Force) -> bool:
    if force in ("forbidden", "free") and any(held.denied for held in quoted):
        return True
    return any(
        _are_alike(force, there)
        for held in quoted
        for there in (held.force, _force_word(held))
        if there is not None
    )


def _force_word(one: Said) -> Force | None:
    return _FORCES.get(str(one.unit.value)) if one.unit.kind == "word" else None


def _quantities(found: Alignment) -> Iterator[str]:
    for one, other in found.matches():
        if one.quantity == other.quantity:
            continue
        if one.quantity == "only" and one.unit.kind != "date":
            if not any(held.quantity == "only" for held in found.quoted):
                yield f"It says only {one.unit.text!r}, which what it cites does not."
        elif other.quantity == "some":
            yield f"It says of all {one.unit.text!r} what the source says of some."


def _exceptions(found: Alignment) -> Iterator[str]:
    """Yield an exception left out of a statement that the claim keeps."""
    held = {j for _, j in found.pairs}
    if any(one.unit.low in _LIMITS or one.quantity == "only" for one in found.claimed):
        return
    for at, other in enumerate(found.quoted):
        if other.unit.low in _EXCEPTIONS and at not in held:
            before = [
                j
                for j in range(at)
                if found.quoted[j].sentence == other.sentence and not found.quoted[j].is_light
            ]
            if len(before) >= _KEPT and set(before[-_KEPT:]) <= held:
                yield f"It leaves out the exception that what it cites makes ({other.unit.text!r})."


def _unsupported(found: Alignment, beside: Beside) -> Iterator[str]:
    quoted = [q.unit for q in found.quoted]
    for one in found.claimed:
        unit = one.unit
        if is_figure(unit) and not any(same(unit, held) for held in (*quoted, *beside.facts)):
            yield f"The {unit.kind} {unit.text!r} is not in what it cites."
        if unit.kind == "name" and not _is_named(unit, quoted, beside):
            yield f"{unit.text!r} is not named in what it cites."
    facts = {str(fact.value) for fact in beside.facts}
    held = {unit.value for unit in quoted}
    words = [one.unit for one in found.claimed if _counts(one)]
    words = [word for word in words if word.value in held or str(word.value) not in facts]
    told = {str(value) for value in held} | facts
    told |= {"not"} if any(q.denied for q in found.quoted) else set()
    for word in words:
        acts = same_act(str(word.value))
        if acts and word.kind == "word" and not acts & told:
            yield f"{word.text!r} is not what it cites tells of."
    known = [word for word in words if _is_said(word, held)]
    if len(known) < _SUPPORTED * len(words):
        missing = [word.text for word in words if not _is_said(word, held)]
        yield f"What it cites does not say this: {', '.join(missing[:4])}."


def _counts(one: Said) -> bool:
    return not one.is_light and not is_figure(one.unit) and one.unit.value not in _FRAME


def _is_said(unit: Unit, held: Iterable[object]) -> bool:
    return unit.value in held or bool(synonyms().get(str(unit.value), frozenset()) & set(held))


def _is_named(unit: Unit, quoted: Sequence[Unit], beside: Beside) -> bool:
    if unit.value in beside.around or any(unit.value == fact.value for fact in beside.facts):
        return True
    return any(unit.value == held.value or _related(unit, held) for held in quoted)


def _related(one: Unit, other: Unit) -> bool:
    """Whether two names go together: "China" and "Chinese", "American" and "US"."""
    a, b = sorted((one.low.strip("."), other.low.strip(".")), key=len)
    if a == b or (len(a) > 3 and b.startswith(a[: max(4, len(a) - 2)])):
        return True
    return _DEMONYMS.get(a) == b or _DEMONYMS.get(b) == a
