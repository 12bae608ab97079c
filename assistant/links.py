"""Which stored texts a text refers to, by citation, section or document number. Pure."""

from collections.abc import Mapping

from assistant.history import Names, names_of
from sources.references import references
from sources.starter import PREFIX as SUMMARIES
from sources.types import Document


def refers_to(document: Document, names: Names) -> tuple[str, ...]:
    """Return the ids of the sources that `document` cites, in order of first mention.

    A rule counts before our summary of it; a citation that several texts share links to none.
    """
    source = document.id.split("@")[0]
    known = _by_name(names)
    found = (known.get(reference.normal, "") for reference in references(document.text))
    return tuple(dict.fromkeys(id for id in found if id and id != source))


def _by_name(names: Names) -> Mapping[str, str]:
    holders: dict[str, list[str]] = {}
    for source, (citation, number) in names.items():
        for name in names_of(source, citation, number):
            holders.setdefault(name, []).append(source)
            if name.startswith("15 CFR "):  # within the EAR sections are cited without the title
                holders.setdefault(f"§ {name.removeprefix('15 CFR ')}", []).append(source)
    one: dict[str, str] = {}
    for name, sources in holders.items():
        originals = [source for source in sources if not source.startswith(SUMMARIES)]
        if len(originals or sources) == 1:
            one[name] = (originals or sources)[0]
    return one
