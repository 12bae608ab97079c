"""Names of listed parties in one normal form, so that a party that is named is found exactly.

"Huawei Device Co., Ltd." and "HUAWEI DEVICE" are one name, "Huawei Device (Shenzhen) Co., Ltd." is
another. Knows no list.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import cast

from sources.types import Document

_LEGAL_FORMS = re.compile(
    r"co|ltd|limited|inc|incorporated|llc|llp|lp|corp|corporation|company|plc|gmbh|ag|sa|srl|bv|nv|"
    r"oy|ab|as|pte|pty|pvt|bhd|sdn|fze|fzco|fzc|jsc|ojsc|ooo|pjsc|kg|spa"
)
_WORD = re.compile(r"[^\W_]+")
_ASIDE = re.compile(r"\(([^()]*)\)")
_LONGEST = 8  # words of a name that is looked for in a question


def party(name: str) -> str:
    """Return the normal form of a name, "PARTY huawei device", or "" if nothing is left of it."""
    words = _words(name)
    while words and _is_form(words[-1]):
        words = words[:-1]
    return f"PARTY {' '.join(words)}" if words else ""


def parties(names: Iterable[str]) -> tuple[str, ...]:
    """Return the normal forms of a party's names.

    What stands in brackets after a legal form is a short name: "Huawei Technologies Co., Ltd.
    (Huawei)" is also "Huawei Technologies" and "Huawei".
    """
    found: dict[str, None] = {}
    for name in names:
        found[party(name)] = None
        aside = _ASIDE.search(name)
        before = _words(name[: aside.start()]) if aside is not None else []
        if aside is not None and before and _is_form(before[-1]):
            found[party(name[: aside.start()])] = None
            found[party(aside[1])] = None
    return tuple(name for name in found if name)


def parties_of(document: Document) -> tuple[str, ...]:
    """Return the names of the party that a row of a screening list is about; else none."""
    if "list" not in document.metadata:
        return ()
    title = document.title.split(" — ")[0].split(" (also ")[0]
    aliases = cast(Sequence[str], document.metadata.get("aliases") or ())
    return parties([title, *aliases])


def parties_in(text: str) -> tuple[str, ...]:
    """Return every run of words of `text` that could be the name of a party, in normal form."""
    words = _words(text)
    runs = (
        " ".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1)
        if not _is_form(words[end - 1])
    )
    return tuple(dict.fromkeys(f"PARTY {run}" for run in runs if len(run) > 2))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ").replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower().replace("'s", "")
    return _WORD.findall(plain.replace("'", "").replace(".", ""))


def _is_form(word: str) -> bool:
    return _LEGAL_FORMS.fullmatch(word) is not None
