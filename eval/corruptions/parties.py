"""Wrong parties, by rule: another country, agency or company, or two of a sentence exchanged.

A party is only exchanged for one of its own class and of another family: "BIS" for "the Department
of Commerce" would leave the claim true.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from random import Random

from eval.corruptions.mentions import Mention, exchangeable
from eval.corruptions.types import Edit, Rule, Seed, replaced
from sources.text import collapse

_COUNTRIES = (
    "Afghanistan|Armenia|Australia|Austria|Belarus|Brazil|Bulgaria|Burma|Cambodia|Canada|China|"
    "Cuba|Cyprus|Denmark|Estonia|Finland|France|Georgia|Germany|Greece|Hungary|India|Indonesia|"
    "Iran|Iraq|Ireland|Israel|Italy|Japan|Kazakhstan|Kenya|Kyrgyzstan|Laos|Latvia|Lebanon|Libya|"
    "Lithuania|Malaysia|Mexico|Moldova|Nicaragua|Norway|Pakistan|Panama|Poland|Portugal|Qatar|"
    "Romania|Russia|Serbia|Singapore|Spain|Sudan|Sweden|Switzerland|Syria|Taiwan|Thailand|Turkey|"
    "Ukraine|Uzbekistan|Venezuela|Vietnam|Yemen|North Korea|South Korea|Saudi Arabia|South Sudan|"
    "the Netherlands|the Philippines|the United Kingdom|the United Arab Emirates|Hong Kong|Macau"
)
_PEOPLES: Mapping[str, str] = {
    "Chinese": "China",
    "Russian": "Russia",
    "Iranian": "Iran",
    "Japanese": "Japan",
    "Dutch": "the Netherlands",
    "Indian": "India",
    "British": "the United Kingdom",
    "German": "Germany",
    "Cuban": "Cuba",
    "Canadian": "Canada",
    "Syrian": "Syria",
    "Turkish": "Turkey",
}
_AGENCIES: Mapping[str, str] = {
    "the Bureau of Industry and Security": "commerce",
    "the Department of Commerce": "commerce",
    "the Commerce Department": "commerce",
    "BIS": "commerce",
    "the Department of State": "state",
    "the State Department": "state",
    "the Directorate of Defense Trade Controls": "state",
    "the Treasury Department": "treasury",
    "the Department of the Treasury": "treasury",
    "the Office of Foreign Assets Control": "treasury",
    "OFAC": "treasury",
    "the Department of Justice": "justice",
    "the Justice Department": "justice",
    "the Federal Bureau of Investigation": "justice",
    "FBI": "justice",
    "the Department of Energy": "energy",
    "the Nuclear Regulatory Commission": "nuclear",
    "the Department of Defense": "defense",
    "the Department of Homeland Security": "homeland",
    "the Census Bureau": "census",
}
_COMPANIES = (
    "Huawei|ZTE|Intel|Nvidia|NVIDIA|AMD|Qualcomm|Samsung|TSMC|SMIC|Kaspersky|Seagate|Micron|"
    "Google|Microsoft|Apple|ASML|YMTC|Inspur|Sugon|Hikvision|Dahua|SenseTime|Megvii|HiSilicon|"
    "Cadence|Applied Materials|Tokyo Electron|Aeroflot|UTair|Azur Air|Fujian Jinhua|DJI|Phytium|"
    "Candiru|NSO Group|Haas|SK hynix|Xiaomi|Oppo|Ericsson|Nokia|Cisco|Boeing|Lockheed Martin"
)
_LEGAL = re.compile(
    r"\b(?:[A-Z][\w&'’-]*,? (?:\([A-Z]\w+\) )?){1,6}(?:Co\., Ltd\.?|Ltd\.?|LLC|Inc\.?|Corp\.?|"
    r"Corporation|Limited|GmbH)(?!\w)"
)
_AGENCY = re.compile("|".join(rf"\b(?i:{a[0]}){a[1:]}\b" for a in _AGENCIES))
_COMMON = frozenset(
    [
        "the",
        "Department",
        "Office",
        "Bureau",
        "Limited",
        "Ltd",
        "Inc",
        "LLC",
        "Corp",
        "Corporation",
        "Technology",
        "Technologies",
        "International",
        "Trading",
        "Electronics",
        "Electronic",
        "Industry",
        "South",
        "North",
        "and",
    ]
)
_FAMILIES = (
    ("China", "Hong Kong", "Macau", "Taiwan"),
    ("North Korea", "South Korea"),
    ("Sudan", "South Sudan"),
    ("Huawei", "HiSilicon"),
)


def parties(text: str) -> list[Mention]:
    """Return countries, peoples, agencies and companies, by place; `value` is the family."""
    found = [
        *_found(text, "agency", _AGENCY, lambda name: _AGENCIES[_as_listed(name)]),
        *_found(text, "company", _LEGAL, _company),
        *_found(text, "company", re.compile(rf"\b(?:{_COMPANIES})\b(?!’s|'s)"), _company),
        *_found(text, "country", re.compile(rf"\b(?:{_COUNTRIES})\b"), _family),
        *_found(
            text, "people", re.compile(rf"\b(?:{'|'.join(_PEOPLES)})\b"), lambda p: _PEOPLES[p]
        ),
    ]
    kept: list[Mention] = []
    for mention in found:
        if not any(mention.start < m.end and m.start < mention.end for m in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def other_party(text: str, seed: Seed, random: Random) -> Edit | None:
    """Another party of the class that the document does not name beside it."""
    pools = {
        "country": [*_COUNTRIES.split("|")],
        "people": [*_PEOPLES],
        "agency": [*_AGENCIES],
        "company": [*_COMPANIES.split("|")],
    }
    found = parties(text)
    random.shuffle(found)
    for mention in found:
        edit = _put(text, mention, random.sample(pools[mention.kind], 8), seed, "another party")
        if edit is not None:
            return edit
    return None


def party_of_document(text: str, seed: Seed, random: Random) -> Edit | None:
    """A party that stands elsewhere in the document, not in the quote."""
    others = _all(seed.document.text)
    found = parties(text)
    random.shuffle(found)
    for mention in found:
        names = sorted({other.text for other in others if other.kind == mention.kind})
        random.shuffle(names)
        edit = _put(text, mention, names, seed, "a party from elsewhere")
        if edit is not None:
            return edit
    return None


def parties_exchanged(text: str, seed: Seed, random: Random) -> Edit | None:
    """Two parties of the sentence exchanged."""
    pairs = [
        (one, other)
        for one, other in exchangeable(text, parties(text))
        if not _is_one(one.text, other.text, seed)
    ]
    if not pairs:
        return None
    one, other = random.choice(pairs)
    middle = text[one.end : other.start]
    first = other.text[0].upper() + other.text[1:] if one.start == 0 else other.text
    second = one.text.replace("The ", "the ", 1) if one.start == 0 else one.text
    new = f"{text[: one.start]}{first}{middle}{second}{text[other.end :]}"
    return Edit(
        text=new,
        before=f"{one.text} … {other.text}",
        after=f"{first} … {second}",
        rule="two parties exchanged",
    )


PARTY: tuple[Rule, ...] = (other_party, party_of_document, parties_exchanged)


def _put(text: str, mention: Mention, names: list[str], seed: Seed, rule: str) -> Edit | None:
    """Return the edit with the first name that is of another family than all of the quote's."""
    quoted = parties(collapse(f"{seed.quote} {text}"))
    known = {m.value for m in quoted} | {m.text for m in quoted}
    if sum(m.value == mention.value for m in parties(text)) > 1:
        return None  # the other mention would still say the truth
    for name in names:
        there = parties(name)
        if not there or there[0].value in known or there[0].text in known:
            continue
        if any(_is_one(name, quote.text, seed) for quote in quoted):
            continue
        bare = name.removeprefix("the ").removeprefix("The ")
        has_article = mention.text[:4].lower() == "the "
        led = text[: mention.start].lower().endswith("the ")
        new = f"{mention.text[:4]}{bare}" if has_article else bare if led else name
        if mention.start == 0:
            new = new[0].upper() + new[1:]
        return replaced(text, mention.start, mention.end, new, rule)
    return None


def _is_one(name: str, other: str, seed: Seed) -> bool:
    """Whether two names may be of one party: one is in the other, or short for it."""
    names = {*re.findall(r"\w{3,}", name)}, {*re.findall(r"\w{3,}", other)}
    initials = {
        "".join(word[0] for word in each.split() if word[0].isupper()) for each in (name, other)
    }
    pairs = {frozenset(pair) for pair in seed.short}
    short = frozenset([name, other]) in pairs or bool(initials & {name, other})
    return short or bool((names[0] & names[1]) - _COMMON)


@lru_cache(maxsize=2_000)
def _all(text: str) -> tuple[Mention, ...]:
    return tuple(parties(collapse(text)))


def _found(
    text: str, kind: str, pattern: re.Pattern[str], value: Callable[[str], object]
) -> Iterator[Mention]:
    for match in pattern.finditer(text):
        yield Mention(
            start=match.start(), end=match.end(), text=match[0], kind=kind, value=value(match[0])
        )


def _as_listed(name: str) -> str:
    return name if name in _AGENCIES else name[0].lower() + name[1:]


def _company(name: str) -> str:
    return _family(name.split(" ")[0].strip(",").capitalize())


def _family(name: str) -> str:
    return next((family[0] for family in _FAMILIES if name in family), name)
