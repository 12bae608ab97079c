"""Faults put into the product: the figure that should fall does, beyond chance, and a gate breaks.

Over the part of the starter library that the chosen cases need, and made-up fees that were raised.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from conftest import MakeAssistant

from assistant.pipeline import Assistant
from assistant.verify import check
from eval.answers import read_answers
from eval.compare import Compared, compare
from eval.folder import Folder, open_folder
from eval.gate import Gates, read_gates
from eval.gate import check as check_gates
from eval.mutations import MUTATIONS
from eval.questions import Case, read_cases
from eval.report import report
from eval.run import Asks, describe, run
from eval.score import score, write_scores
from eval.types import Judgement, Unscored
from sources import starter
from sources.text import collapse
from sources.types import Document

ROOT = Path(__file__).parents[1]
LATER = date(2030, 1, 1)
THINGS = (
    *("widget lathe", "gear cutter", "lens polisher", "copper kiln", "steam whistle"),
    *("paper press", "glass furnace", "rope winder", "wool carder", "bell mould"),
    *("clock spring", "salt boiler", "brass hinge", "cork borer"),
)
NOTHING = tuple(
    f"{asked} {thing}?"
    for thing in ("the Zorblax lighthouse", "a Kenyan giraffe")
    for asked in ("How tall is", "Who painted", "What does it cost to insure", "Who sang about")
    + ("How do I cook for", "When was the first photograph taken of", "Which poet feared")
)

Run = Callable[[str], Folder]


class Verbatim:
    """A judge for verbatim quotes: is what stands in quotation marks in the premise?"""

    name = "verbatim"

    def judge(self, premise: str, claim: str) -> Judgement | Unscored:
        stands = collapse(claim.partition(": “")[2].rstrip("”")) in collapse(premise)
        return Judgement(verdict="supported" if stands else "unsupported", score=float(stands))


def fee(thing: str, on: date, dollars: int) -> Document:
    return Document(
        id=f"fee:{thing.replace(' ', '-')}:{on.year}",
        title=f"Fee for a {thing}, {on.year}",
        kind="notice",
        publisher="Office of Widget Security",
        published=on,
        text=f"From {on.year} the fee for a license to export a {thing} is {dollars} dollars. "
        "It is paid with the application.",
    )


FEES = [
    fee(thing, on, 10 * at + on.year % 100)
    for at, thing in enumerate(THINGS, start=3)
    for on in (date(2019, 3, 4), date(2022, 5, 6))
]


def chosen() -> tuple[Case, ...]:
    """Every fourth answerable case of the library, fees as they were, and what nothing answers."""
    answerable = [c for c in read_cases(ROOT / "eval/data/library.jsonl") if c.answerable][::4]
    fees = [
        Case(
            id=f"f{at}",
            question=f"What is the fee for a license to export a {thing}?",
            type="number",
            as_of=date(2020, 6, 1),
            answerable=True,
            gold_docs=(f"fee:{thing.replace(' ', '-')}:2019",),
        )
        for at, thing in enumerate(THINGS)
    ]
    nothing = [
        Case(id=f"n{at}", question=asked, type="unanswerable", answerable=False)
        for at, asked in enumerate(NOTHING)
    ]
    return (*answerable, *fees, *nothing)


@pytest.fixture(scope="module")
def assistant(make_assistant: MakeAssistant) -> Assistant:
    cases = chosen()
    held = [d for d in starter.documents() if any(case.is_gold(d) for case in cases)]
    return make_assistant([*held, *FEES])


@pytest.fixture(scope="module")
def measured(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run and score the chosen cases with a mutation, or with none."""
    made: dict[str, Folder] = {}
    cases = chosen()

    def measure(name: str) -> Folder:
        if name not in made:
            path = tmp_path_factory.mktemp("runs") / (name or "base")
            folder = open_folder(path, cases, describe(assistant, cases, LATER, (), name))
            asked: Asks = MUTATIONS[name](assistant) if name else assistant
            run(asked, cases, folder, 2, lambda done, total: None)
            responses = read_answers(folder.answers, cases)
            write_scores(folder.scores, score(cases, responses, Verbatim()))
            made[name] = folder
        return made[name]

    return measure


@dataclass(frozen=True)
class Found:
    """What a run shows against the one without a fault, and the shipped gates that it breaks."""

    rows: Mapping[str, Compared]
    broken: tuple[str, ...]


@pytest.fixture(scope="module")
def found(measured: Run) -> Callable[[str], Found]:
    shipped = read_gates(ROOT / "eval/gates.toml")
    seen: dict[str, Found] = {}

    def find(name: str) -> Found:
        if name not in seen:
            changed = compare(measured(""), measured(name))
            there = {row.metric for row in compare(measured(""), measured("")).compared}
            zero = [metric for metric in shipped.zero_tolerance.metrics if metric in there]
            gates = Gates.model_validate(  # floors are for the shipped cases, not for these few
                {
                    "zero_tolerance": {"metrics": zero},
                    "margins": {name: m for name, m in shipped.margins.items() if name in there},
                }
            )
            checks = check_gates(gates, report(measured(name)), changed)
            seen[name] = Found(
                rows={row.metric: row for row in changed.compared},
                broken=tuple(item.name for item in checks if item.broken),
            )
        return seen[name]

    return find


def test_without_a_fault_every_gate_holds(found: Callable[[str], Found]) -> None:
    assert found("").broken == ()


@pytest.mark.parametrize(
    ("name", "falls", "gate"),
    [
        ("random_passages", "retrieval_recall_10", "regression: retrieval_recall_10"),
        ("random_passages", "answer_correctness", "regression: answer_correctness"),
        ("verifier_off", "quote_exactness", "zero tolerance: quote_exactness"),
        ("verifier_off", "hard_product", "zero tolerance: hard_product"),
        ("as_of_ignored", "as_of_correctness", "zero tolerance: as_of_correctness"),
        ("abstention_off", "unanswerable_held_back", "regression: unanswerable_held_back"),
        ("citations_shuffled", "citation_recall", ""),
        ("citations_shuffled", "hard_product", "zero tolerance: hard_product"),
    ],
)
def test_what_should_fall_falls(
    name: str, falls: str, gate: str, found: Callable[[str], Found]
) -> None:
    rows = found(name).rows
    assert rows[falls].worse, {row.metric: (row.old, row.new, row.p) for row in rows.values()}
    assert not gate or gate in found(name).broken


def test_every_mutation_is_told_of_and_breaks_a_gate(
    measured: Run, found: Callable[[str], Found]
) -> None:
    for name in MUTATIONS:
        assert f"mutated: {name}" in measured(name).run().system
        assert found(name).broken


def test_the_verifier_would_withhold_what_the_careless_writer_alters(assistant: Assistant) -> None:
    careless = MUTATIONS["verifier_off"](assistant)
    altered = 0
    for case in chosen()[:8]:
        claims = careless.ask(case.question, as_of=case.as_of or LATER).claims
        right = assistant.ask(case.question, as_of=case.as_of or LATER).claims
        wrong = [a for a, b in zip(claims, right, strict=True) if a != b]
        assert check(wrong)[0] == ()
        altered += len(wrong)
    assert altered > 2
