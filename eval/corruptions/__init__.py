"""Claims that are known to be wrong, and claims that are known to be true, made by rule.

From sentences that the product may show (`seeds`): corruptions of eight kinds, and true
compressions and paraphrases. The text of a claim is prose, as a chat model would write it; half of
the corruptions are made of a sentence that was compressed or paraphrased before. Deterministic
under a seed. No rule here knows what the verifier checks.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random

from assistant.types import Citation
from eval.corruptions.citing import altered, part, quoted, requoted, shifted, wrong_places
from eval.corruptions.compressions import COMPRESSIONS
from eval.corruptions.figures import DATE, IDENTIFIER, NUMBER
from eval.corruptions.paraphrases import PARAPHRASES, attributed
from eval.corruptions.parties import PARTY
from eval.corruptions.strength import MODALITY, NEGATION
from eval.corruptions.types import CORRUPTIONS, Corruption, Edit, Item, Kind, Rule, Seed

_RULES: dict[Corruption, tuple[Rule, ...]] = {
    "number": NUMBER,
    "date": DATE,
    "party": PARTY,
    "identifier": IDENTIFIER,
    "negation": NEGATION,
    "modality": MODALITY,
}

_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_ATTRIBUTED = 0.2  # of the corruptions that are prefixed with who says it

_Made = tuple[str, tuple[Edit, ...], tuple[Citation, ...]]
"""A claim's text, the edits that led to it (the last names the item's rule) and its citations."""
_Maker = Callable[[Seed, Random, Counter[str]], _Made | None]


def corrupted(seeds: Sequence[Seed], seed: int, per_kind: int) -> tuple[Item, ...]:
    """Return up to `per_kind` wrong claims of each kind; fewer where a library has no more."""
    return tuple(
        item
        for kind in CORRUPTIONS
        for item in _items(kind, seeds, Random(f"{seed} {kind}"), per_kind, _maker(kind, seeds), 3)
    )


def true(seeds: Sequence[Seed], seed: int, count: int) -> tuple[Item, ...]:
    """Return up to `count` true claims: a fifth verbatim, the others changed once or twice."""
    return tuple(_items("true", seeds, Random(f"{seed} true"), count, _true, 10))


def _items(
    kind: Kind, seeds: Sequence[Seed], random: Random, count: int, make: _Maker, shares: int
) -> Iterator[Item]:
    """Yield items, spread evenly over documents and, as far as they apply, over the rules."""
    pool = list(seeds)
    random.shuffle(pool)
    used: set[str] = set()
    rules: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for limit, cap in (*((n, count // shares) for n in (2, 8)), (len(pool), count)):
        for seed in pool:
            if len(used) == count:
                return
            if seed.sentence in used or documents[seed.document.id] >= limit:
                continue
            made = make(seed, random, rules)
            if made is None or rules[made[1][-1].rule] >= cap:
                continue
            text, edits, citations = made
            used.add(seed.sentence)
            documents[seed.document.id] += 1
            rules[edits[-1].rule] += 1
            yield Item(
                id=f"{kind}-{len(used):03}",
                kind=kind,
                rule=" + ".join(edit.rule for edit in edits),
                original=seed.sentence,
                changed=tuple((edit.before, edit.after) for edit in edits),
                claim=replace(seed.claim, text=text, citations=citations),
            )


def _maker(kind: Corruption, seeds: Sequence[Seed]) -> _Maker:
    if kind == "citation":
        return lambda seed, random, used: _wrongly_cited(seed, seeds, random, used)
    if kind == "quote":
        return lambda seed, random, used: _wrongly_quoted(seed, random)
    return lambda seed, random, used: _wrong(_RULES[kind], seed, random, used)


def _wrong(rules: Sequence[Rule], seed: Seed, random: Random, used: Counter[str]) -> _Made | None:
    text, edits = _reworded(seed, random)
    edit = _first(rules, text, seed, random, used)
    if edit is None:
        return None
    said = attributed(edit.text, seed, random) if random.random() < _ATTRIBUTED else edit
    return said.text, (*edits, edit), seed.claim.citations


def _wrongly_cited(
    seed: Seed, seeds: Sequence[Seed], random: Random, used: Counter[str]
) -> _Made | None:
    text, edits = _reworded(seed, random)
    places = dict(wrong_places(text, seed, seeds, random))
    if not places:
        return None
    rule = min(places, key=lambda name: used[name])
    edit = Edit(text=text, before=seed.quote, after=places[rule].quote, rule=rule)
    return text, (*edits, edit), (places[rule],)


def _wrongly_quoted(seed: Seed, random: Random) -> _Made | None:
    """Return a claim whose quotation is not what the text says, or a citation that is not."""
    citation = seed.claim.citations[0]
    way = random.random()
    if way < 0.1:
        edit = Edit(text="", before=str(citation.start), after="moved", rule="offsets moved")
        return quoted(seed.sentence, seed, random), (edit,), (shifted(seed, random),)
    recited = way < 0.3
    edit = altered(seed.sentence if recited else part(seed.sentence, random), seed, random)
    if edit is None:
        return None
    text = quoted(edit.text, seed, random)
    if recited:
        edit = replace(edit, rule=f"cited quote: {edit.rule}")
        return text, (edit,), (requoted(seed, edit),)
    return text, (edit,), (citation,)


def _true(seed: Seed, random: Random, used: Counter[str]) -> _Made | None:
    citations = seed.claim.citations
    if random.random() < 0.2:
        forms = {
            "verbatim": seed.sentence,
            "introduced by the product": seed.claim.text,
            "quoted": quoted(part(seed.sentence, random), seed, random),
        }
        rule = random.choice(list(forms))
        edit = Edit(text=forms[rule], before="", after="", rule=rule)
        return edit.text, (edit,), citations
    text, edits = seed.sentence, tuple[Edit, ...]()
    steps = random.choice([(COMPRESSIONS,), (PARAPHRASES,), (COMPRESSIONS, PARAPHRASES)])
    for rules in steps:
        edit = _first(rules, text, seed, random, used)
        if edit is None:
            return None
        text, edits = edit.text, (*edits, edit)
    return text, edits, citations


def _reworded(seed: Seed, random: Random) -> tuple[str, tuple[Edit, ...]]:
    """Return the sentence, in half of the cases after a true change."""
    if random.random() < 0.5:
        return seed.sentence, ()
    rules = [rule for rule in (*COMPRESSIONS, *PARAPHRASES) if rule is not attributed]
    edit = _first(rules, seed.sentence, seed, random, Counter())
    return (seed.sentence, ()) if edit is None else (edit.text, (edit,))


def _first(
    rules: Sequence[Rule], text: str, seed: Seed, random: Random, used: Counter[str]
) -> Edit | None:
    """Return the edit of the rule used least so far among those that apply."""
    edits = [rule(text, seed, random) for rule in random.sample(rules, len(rules))]
    made = [edit for edit in edits if edit is not None and _changes(text, edit)]
    return min(made, key=lambda edit: used[edit.rule], default=None)


def _changes(text: str, edit: Edit) -> bool:
    """Whether an edit changes the text, and no words in quotation marks, which would be misquoted
    ("attributed" puts a title in quotation marks before the text)."""
    kept = set(_QUOTED.findall(edit.text)) <= set(_QUOTED.findall(text))
    return edit.text != text and (kept or edit.rule == "attributed")
