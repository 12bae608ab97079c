"""True claims in other words: names, dates, numbers, verbs and voice, by rule."""

import re
from collections.abc import Callable
from datetime import date
from random import Random

from eval.corruptions import mentions
from eval.corruptions.citing import who
from eval.corruptions.mentions import MONTHS, SMALL
from eval.corruptions.types import Edit, Rule, Seed, replaced

_COMMON = re.compile(
    r"(?:The|A|An|This|These|Those|Such|Some|Many|Most|All|Both|Each|Every|No|Any|Other|Certain|"
    r"Two|Three|Four|Five|Six|Under(?! Secretary)|In|On|For|From|At|By|With|Without|To|Since|"
    r"Before|After|If|"
    r"When|Where|While|Although|Because|As|It|They|There|Items|Exports|Parties|Companies|"
    r"Applications|Licenses|Users|Information|Goods|Rules|Comments)(?= )"
)
_SYNONYMS = (
    (r"\babout (?=\$?\d)", "approximately "), (r"\bapproximately\b", "about"),
    (r"\bprior to\b", "before"), (r"\bin order to\b", "to"), (r"\bobtain\b", "get"),
    (r"\bobtained\b", "got"), (r"\bmore than (?=\$?\d)", "over "),
    (r"\bat least (?=\$?\d)", "no less than "), (r"\bin force\b", "in effect"),
    (r"\btook effect\b", "became effective"), (r"\btakes effect\b", "becomes effective"),
    (r"\bpursuant to\b", "under"), (r"\bsuch as\b", "like"), (r"\bcommenced?\b", "began"),
    (r"\bbegins\b", "starts"), (r"\bbegan\b", "started"), (r"\bpurchase\b", "buy"),
    (r"\bassist\b", "help"), (r"\bsubsequent to\b", "after"), (r"\bregarding\b", "about"),
    (r"\bconcerning\b", "about"), (r"\bneeds a license\b", "requires a license"),
    (r"\bneed a license\b", "require a license"), (r"\bis needed\b", "is required"),
    (r"\bforbids\b", "prohibits"), (r"\bprohibits\b", "forbids"), (r"\ballows\b", "permits"),
    (r"\bpermits\b(?! (?:for|of|issued))", "allows"), (r"\ballowed\b", "permitted"),
    (r"\blicense\b", "licence"), (r"\blicenses\b", "licences"),
    (r"\bput on the Entity List\b", "added to the Entity List"),
    (r"\badded to the Entity List\b", "placed on the Entity List"),
    (r"\bplaced on the Entity List\b", "put on the Entity List"),
    (r"\bhas to\b", "must"), (r"\bhave to\b", "must"), (r"\bwhile\b", "whereas"),
    (r"\bfirms\b", "companies"), (r"\bcompanies\b", "firms"), (r"\bin the event that\b", "if"),
    (r"\bdue to\b", "because of"), (r"\bgives\b", "provides"), (r"\bshows\b", "demonstrates"),
    (r"\balso \b", ""), (r"\bfor example\b", "for instance"), (r"\bseveral\b", "a number of"),
    (r"\bwith respect to\b", "with regard to"), (r"\bnearly\b", "almost"),
    (r"\btherefore\b", "thus"), (r"\bwidened\b", "broadened"), (r"\bbroadens\b", "widens"),
)  # fmt: skip
_DUTIES = (
    "apply|be|check|comply|contain|describe|file|get|give|have|identify|include|inform|keep|"
    "make|meet|notify|obtain|provide|report|review|send|show|submit|take|tell|use"
)
_FREEDOMS = (
    "apply|ask|export|extend|file|grant|impose|issue|refuse|release|request|revoke|ship|"
    "submit|use|appeal"
)
_ACTIVE = re.compile(
    r"^(?P<who>BIS|The Bureau of Industry and Security(?: \(BIS\))?|Commerce|Congress|OFAC) "
    r"(?P<verb>published|issued|imposed|extended|amended|suspended|removed|added|revoked|announced|"
    r"widened|revised) "
    r"(?P<what>(?:an?|the|two|three|its|\d+|temporary|additional|new) (?:[\w’'-]+ ){0,5}?[\w’'-]+)"
    r"(?P<rest> (?:on|in|to|from|for|by|under|effective|at) .*|)\.$"
)
_TWO_VERBS = re.compile(r"\b(?:and|but) (?:\w+ed|kept|made|took|gave|set|put|left|did)\b")
_PASSIVE = re.compile(
    r"^(?P<what>(?:[\w’',.-]+ ){1,8}?)(?:was|were) "
    r"(?P<verb>published|issued|imposed|extended|amended|suspended|removed|added|revoked|announced|"
    r"widened|revised|listed|created) by (?P<who>BIS|the Bureau of Industry and Security|Commerce|"
    r"Congress|the Department of Commerce)(?P<rest>(?: on [^.]*)?)\.$"
)


def name_written_out(text: str, seed: Seed, random: Random) -> Edit | None:
    """An abbreviation that the document defines, written out."""
    found = [
        (m, full)
        for short, full in seed.short
        for m in re.finditer(rf"(?<![(“\w-])\b{short}\b(?![\w)”-])", text)
        if full not in text
    ]
    if not found:
        return None
    match, full = random.choice(found)
    lone = not re.search(r"\b(?:the|an?|this|each|its|all|these) $", text[: match.start()], re.I)
    single = full.split(" ")[0] in ("Bureau", "Department", "Office", "Export", "Commerce")
    article = ("The " if match.start() == 0 else "the ") if lone and single else ""
    return replaced(text, match.start(), match.end(), article + full, "abbreviation written out")


def name_abbreviated(text: str, seed: Seed, random: Random) -> Edit | None:
    """A name written as the abbreviation that the document defines."""
    for short, full in random.sample(seed.short, len(seed.short)):
        article = "(?:[Tt]he )?" if short in ("BIS", "OFAC", "OEE") else ""
        match = re.search(rf"\b{article}{re.escape(full)}\b(?: \({short}\))?", text)
        if match:
            return replaced(text, match.start(), match.end(), short, "name abbreviated")
    return None


def date_rewritten(text: str, seed: Seed, random: Random) -> Edit | None:
    """A full date in another form."""
    found = [m for m in mentions.dates(text) if isinstance(m.value, date)]
    if not found:
        return None
    mention = random.choice(found)
    day = mention.value
    assert isinstance(day, date)
    month = MONTHS[day.month - 1]
    forms = [
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        day.isoformat(),
        f"{month[:3]}{'.' if month != 'May' else ''} {day.day}, {day.year}",
    ]
    new = random.choice([form for form in forms if form != mention.text])
    return replaced(text, mention.start, mention.end, new, "date rewritten")


def number_rewritten(text: str, seed: Seed, random: Random) -> Edit | None:
    """A number as digits or as a word, a percentage or a sum of money in its other form."""
    ways: list[tuple[re.Match[str], str]] = []
    for match in re.finditer(r"(?<=\d) percent\b", text):
        ways.append((match, "%"))
    for match in re.finditer(r"(?<=\d)%", text):
        ways.append((match, " percent"))
    for match in re.finditer(r"\b(\d[\d,.]*\d?(?: [mb]illion)?) dollars\b", text):
        ways.append((match, f"${match[1]}"))
    for match in re.finditer(r"\$(\d[\d,.]*\d(?: [mb]illion)?)(?= )", text):
        ways.append((match, f"{match[1]} dollars"))
    if ways and random.random() < 0.5:
        match, new = random.choice(ways)
        return replaced(text, match.start(), match.end(), new, "number rewritten")
    found = [
        m
        for m in mentions.numbers(text)
        if m.kind == "word" or (m.text.isdigit() and 2 <= int(m.text) <= 20)
    ]
    if not found:
        return None
    mention = random.choice(found)
    number = int(float(str(mention.value)))
    new = str(number) if mention.kind == "word" else SMALL[number]
    new = new if mention.start else new[0].upper() + new[1:]
    return replaced(text, mention.start, mention.end, new, "number rewritten")


def duty_rewritten(text: str, seed: Seed, random: Random) -> Edit | None:
    """ "must" as "is required to", "may" as "is allowed to", and back."""
    ways: list[tuple[re.Match[str], str]] = []
    for match in re.finditer(rf"\b(\w+) must (?=(?:{_DUTIES})\b)", text):
        ways.append((match, f"{match[1]} {_be(match[1])} required to "))
    for match in re.finditer(rf"\b(\w+) may (?=(?:{_FREEDOMS})\b)", text):
        ways.append((match, f"{match[1]} {_be(match[1])} allowed to "))
    for match in re.finditer(r"\b(\w+) (?:is|are) required to ", text):
        ways.append((match, f"{match[1]} must "))
    for match in re.finditer(r"\b(\w+) (?:is|are) (?:permitted|allowed|authorized) to ", text):
        ways.append((match, f"{match[1]} may "))
    if not ways:
        return None
    match, new = random.choice(ways)
    return replaced(text, match.start(), match.end(), new, "duty rewritten")


def synonym(text: str, seed: Seed, random: Random) -> Edit | None:
    """One word or phrase for another that says the same."""
    found = [
        (m, new)
        for old, new in _SYNONYMS
        for m in re.finditer(old, text)
        if not _in_quotes(text, m.start())
    ]
    if not found:
        return None
    match, new = random.choice(found)
    return replaced(text, match.start(), match.end(), new, "synonym")


def voice_turned(text: str, seed: Seed, random: Random) -> Edit | None:
    """An active sentence of an agency made passive, or the reverse."""
    match = _ACTIVE.match(text)
    if match and not _TWO_VERBS.search(match["rest"]):
        what = match["what"]
        plural = re.search(r"s$", what) and not re.search(r"(?:ss|us|is)$", what)
        agent = match["who"].replace("The ", "the ", 1)
        new = (
            f"{what[0].upper()}{what[1:]} {'were' if plural else 'was'} {match['verb']} by "
            f"{agent}{match['rest']}."
        )
        return Edit(text=new, before=match[0], after=new, rule="voice turned")
    match = _PASSIVE.match(text)
    if match and "," not in match["what"]:
        what = match["what"].strip()
        object_ = _lowered(what)
        agent = match["who"][0].upper() + match["who"][1:]
        new = f"{agent} {match['verb']} {object_}{match['rest']}."
        return Edit(text=new, before=match[0], after=new, rule="voice turned")
    return None


def attributed(text: str, seed: Seed, random: Random) -> Edit:
    """Who says it, put before."""
    said = _lowered(text)
    document = seed.document
    forms: list[Callable[[], str]] = [
        lambda: f"According to {who(seed)}, {said}",
        lambda: f"{who(seed)[0].upper()}{who(seed)[1:]} says that {said}",
    ]
    if document.published:
        on = document.published
        day = random.choice(
            [
                f"{on.day} {MONTHS[on.month - 1]} {on.year}",
                f"{MONTHS[on.month - 1]} {on.day}, {on.year}",
            ]
        )
        kind = document.kind.replace("_", " ")
        forms.append(lambda: f"The {kind} of {day} says that {said}")
    new = random.choice(forms)()
    return Edit(text=new, before="", after=new[: len(new) - len(said)], rule="attributed")


PARAPHRASES: tuple[Rule, ...] = (
    name_written_out,
    name_abbreviated,
    date_rewritten,
    number_rewritten,
    duty_rewritten,
    synonym,
    voice_turned,
    attributed,
)


def _be(subject: str) -> str:
    plural = subject.endswith("s") and not subject.endswith(("ss", "is", "us"))
    plural = plural and subject[0].islower()
    return "are" if plural or subject in ("they", "parties", "persons", "people") else "is"


def _lowered(text: str) -> str:
    """Return a sentence as it stands after "says that": names keep their capital."""
    return text[0].lower() + text[1:] if _COMMON.match(text) else text


def _in_quotes(text: str, at: int) -> bool:
    return text[:at].count("“") > text[:at].count("”") or text[:at].count('"') % 2 == 1
