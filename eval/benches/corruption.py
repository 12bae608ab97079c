"""The product's own verifier on claims known to be wrong or true: what it withholds, by kind.

Claims are made by rule from the sentences of a library (`eval.corruptions`) and judged by
`assistant.verify.fault`, the check that every answer goes through. No model, no encoder, no index.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import click

from assistant.build import store_url
from assistant.settings import Settings
from assistant.store import open_store
from assistant.verify import fault
from eval.corruptions import corrupted, true
from eval.corruptions.seeds import seeds
from eval.corruptions.types import CORRUPTIONS, Item
from eval.failures import failures
from eval.folder import replace_text
from eval.stats import wilson
from sources import starter
from sources.files import discover, load_file
from sources.split import split
from sources.types import Document, Passage

HALVES = ("development", "held-out")
_Library = Sequence[tuple[Document, Sequence[Passage]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An item and why the verifier withholds its claim; None when it lets it pass."""

    item: Item
    reason: str | None

    @property
    def is_right(self) -> bool:
        """Whether a wrong claim was withheld, or a true one was not."""
        return (self.reason is None) == (self.item.kind == "true")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), help="Library to take instead."
)
@click.option("--seed", default=1, show_default=True, help="Other seeds make other claims.")
@click.option(
    "--half", type=click.Choice(HALVES), help="Only one half of the documents, by hash of their id."
)
@click.option("--per-kind", default=90, show_default=True, type=click.IntRange(1))
@click.option("--true", "true_claims", default=300, show_default=True, type=click.IntRange(1))
@click.option("--show", default=0, help="Print so many wrong verdicts of each kind.")
@click.option("--json", "out", type=click.Path(path_type=Path, dir_okay=False), help="Write all.")
def corruption(
    files: tuple[Path, ...],
    home: Path | None,
    seed: int,
    half: str | None,
    per_kind: int,
    true_claims: int,
    show: int,
    out: Path | None,
) -> None:
    """Which wrong claims the verifier withholds, and which true ones.

    Over FILES, the library in --home, or the starter library. Claims of eight kinds are made wrong
    by rule, others are compressed and paraphrased and stay true.
    """
    with failures():
        library = [pair for pair in _library(files, home) if half in (None, half_of(pair[0]))]
        drafts = seeds(library, Random(seed))
        found = [draft for draft in drafts if fault(draft.claim) is None]
        items = (*corrupted(found, seed, per_kind), *true(found, seed, true_claims))
        judged = [Judged(item=item, reason=fault(item.claim)) for item in items]
    of = f", the {half} half" if half else ""
    print(f"{len(library)} documents{of}, {len(drafts):,} sentences, seed {seed}")
    print(f"withheld of the product's own extractive claims: {len(drafts) - len(found)}\n")
    print("\n".join(_table(judged)))
    for one in _wrong(judged, show):
        print("\n" + _shown(one))
    if out:
        replace_text(out, json.dumps(_summary(judged, seed, half), ensure_ascii=False, indent=1))
        print(f"\n{len(judged)} claims in {out}")


def half_of(document: Document) -> str:
    """Return which half a document is in: rules were written on one, figures are the other's."""
    return HALVES[sha256(document.id.encode()).digest()[0] % 2]


def _library(files: Sequence[Path], home: Path | None) -> _Library:
    if home is not None:
        store = open_store(store_url(Settings(home=home, database_url="")))
        try:
            return [(s.document, store.passages(s.document)) for s in store.documents()]
        finally:
            store.close()
    documents = _read(files) if files else starter.documents()
    return [(document, split(document)) for document in documents]


def _read(files: Sequence[Path]) -> Iterable[Document]:
    for file in discover(files):
        yield from load_file(file, max_bytes=1_000_000_000).documents


def _rates(judged: Sequence[Judged]) -> Mapping[str, tuple[int, int]]:
    """Return (withheld, claims) of every kind, of all corruptions, and of the true claims."""
    groups = {kind: [j for j in judged if j.item.kind == kind] for kind in CORRUPTIONS}
    groups["all corruptions"] = [j for j in judged if j.item.kind != "true"]
    groups["true (false alarms)"] = [j for j in judged if j.item.kind == "true"]
    return {
        name: (sum(j.reason is not None for j in group), len(group))
        for name, group in groups.items()
    }


def _table(judged: Sequence[Judged]) -> Iterable[str]:
    yield f"{'kind':<22}{'claims':>8}{'withheld':>10}{'rate':>8}   95 % interval"
    for name, (withheld, n) in _rates(judged).items():
        low, high = wilson(withheld, n)
        rate = f"{withheld / n:8.1%}" if n else f"{'–':>8}"
        yield f"{name:<22}{n:>8}{withheld:>10}{rate}   {low:.1%} to {high:.1%}"


def _wrong(judged: Sequence[Judged], show: int) -> Iterable[Judged]:
    for kind in (*CORRUPTIONS, "true"):
        yield from [j for j in judged if j.item.kind == kind and not j.is_right][:show]


def _shown(judged: Judged) -> str:
    item = judged.item
    before, after = item.changed[-1]
    lines = [
        f"{item.id} ({item.rule}): {before!r} → {after!r}",
        f"  claim: {item.claim.text}",
        f"  cited: {' '.join(item.claim.citations[0].quote.split())}",
    ]
    return "\n".join(lines + ([f"  why: {judged.reason}"] if judged.reason else []))


def _summary(judged: Sequence[Judged], seed: int, half: str | None) -> dict[str, Any]:
    rates = _rates(judged)
    return {
        "seed": seed,
        "half": half,
        "kinds": {
            name: {"claims": n, "withheld": withheld, "interval": wilson(withheld, n)}
            for name, (withheld, n) in rates.items()
        },
        "claims": [_row(one) for one in judged],
    }


def _row(judged: Judged) -> dict[str, Any]:
    item, citation = judged.item, judged.item.claim.citations[0]
    return {
        "id": item.id,
        "kind": item.kind,
        "rule": item.rule,
        "original": item.original,
        "changed": item.changed,
        "claim": item.claim.text,
        "document": citation.document.id,
        "start": citation.start,
        "quote": citation.quote,
        "withheld": judged.reason,
    }
