"""Where a text belongs among the versions of its source. Pure; knows no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sources.types import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What storing a document comes to.

    `same` is the id of the version that says the same, or else the document becomes `version` with
    this `id`, valid before `until` (None: still). `replaced` has the new end of other versions.
    """

    id: str
    version: int
    same: str | None = None
    until: date | None = None
    replaced: Mapping[str, date | None] = field(default_factory=dict[str, date | None])


def plan(document: Document, digest: str, known: Sequence[Any]) -> Plan:
    """Return where `document` belongs among `known`, rows of its source by version.

    The last one added counts, with one exception: regulations are dated by their amendments, so an
    older text of one that comes later is a past version. What was withdrawn and comes back as it
    was is current again.
    """
    number, day = len(known) + 1, document.published
    id = document.id if number == 1 else f"{document.id}@{number}"
    here = [row for row in known if not row.removed]
    if document.kind == "regulation" and day is not None:
        same = next((row for row in here if row.sha256 == digest), None)
        if same is not None:
            back = same.replaced_on is not None and _newest(same, here)
            return Plan(
                id=id, version=number, same=same.id, replaced={same.id: None} if back else {}
            )
        later = [row for row in here if row.published and row.published > day]
        if later:
            earlier = [row for row in here if row not in later]
            open_then = [r for r in earlier if r.replaced_on is None or r.replaced_on > day]
            until = min(row.published for row in later)
            replaced = {row.id: day for row in open_then}
            return Plan(id=id, version=number, until=until, replaced=replaced)
    last = known[-1] if known else None
    if last is None or last.removed:
        return Plan(id=id, version=number)
    if last.sha256 == digest:
        back = {last.id: None} if last.replaced_on is not None else {}
        return Plan(id=id, version=number, same=last.id, replaced=back)
    end = document.published or last.published or date.min
    end = end if last.replaced_on is None else min(end, last.replaced_on)
    return Plan(id=id, version=number, replaced={last.id: end})


def _newest(row: Any, others: Sequence[Any]) -> bool:
    return all(other.published is None or other.published <= row.published for other in others)
