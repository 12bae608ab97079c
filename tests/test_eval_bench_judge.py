"""How a judge is measured: figures by hand and beside known ones, readers, the command."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from scipy.stats import spearmanr

from eval.benches import BENCHES
from eval.benches.judge import FILES, on_pairs, on_preferences, read
from eval.benches.judge import text as text_of
from eval.benches.preference import between_people, gaps_of, parts, with_people
from eval.benches.published import PUBLISHED
from eval.errors import CasesError
from eval.judges.similarity import Similarity
from eval.labelled import SETS
from eval.labelled.pairs import Pair
from eval.labelled.ragchecker import (
    ASPECTS,
    FILE,
    OWN_FILE,
    Preference,
    read_own,
    read_preferences,
)
from eval.types import Judgement, Unscored

SHARED = Path(__file__).parents[1].parent / "shared" / "evaldata"

# -- Preferences ---------------------------------------------------------------------------------

REFERENCE = "Bees sleep at night. They wake at dawn [1]."
GOOD = "- **They wake at dawn.**\n- Bees sleep at night."
BAD = "1. Bees sing.\n2. They wake at dawn."


class Verbatim:
    """Says supported where the claim stands in the premise; knows nothing of `silent`."""

    name = "verbatim"

    def __init__(self, silent: str = "") -> None:
        self._silent = silent

    def judge(self, premise: str, claim: str) -> Judgement | Unscored:
        if self._silent and self._silent in claim:
            return Unscored(reason="it said nothing")
        held = claim.strip(" .") in premise
        return Judgement(verdict="supported" if held else "unsupported", score=float(held))


def preference(id: int, first: str, second: str, one: int, other: int) -> Preference:
    labels = (one, other)
    return Preference(
        id=id,
        reference=REFERENCE,
        first=first,
        second=second,
        labels={"correctness": labels, "completeness": labels, "overall": labels},
    )


def test_differences_between_answers() -> None:
    assert parts(GOOD) == ["They wake at dawn.", "Bees sleep at night."]
    gaps = gaps_of(preference(0, BAD, GOOD, 1, 1), Verbatim())
    # of the bad answer one sentence of two is borne out, and it bears out one of two
    assert gaps == {"correctness": 0.5, "completeness": 0.5, "overall": 0.5}
    longer = gaps_of(preference(0, f"{BAD}\n3. Bees dance.", GOOD, 1, 1), Verbatim())
    assert isinstance(longer, dict)
    assert longer["overall"] == pytest.approx(1 - 2 * (1 / 3) * (1 / 2) / (5 / 6))
    assert gaps_of(preference(0, BAD, GOOD, 1, 1), Verbatim("sing")) == Unscored(
        reason="it said nothing"
    )
    assert gaps_of(preference(0, "", "...", 1, 1), Verbatim()) == dict.fromkeys(ASPECTS, 0.0)


def test_agreement_with_people() -> None:
    rows = [
        preference(0, BAD, GOOD, 2, 1),
        preference(1, GOOD, BAD, -1, 0),
        preference(2, GOOD, GOOD, 1, -2),
        preference(3, BAD, BAD, 0, 0),
    ]
    gaps = {row.id: gaps_of(row, Verbatim()) for row in rows}
    found = with_people(rows, {k: v for k, v in gaps.items() if not isinstance(v, Unscored)})
    # labels that prefer: 2, 1 and -1 on the same side; 1 and -2 where there is no difference
    assert found["overall"]["same side"].mean == pytest.approx((3 + 0.5 + 0.5) / 5)
    values = [gap["overall"] for gap in gaps.values() for _ in "12" if isinstance(gap, dict)]
    rho = spearmanr(values, [2, 1, -1, 0, 1, -2, 0, 0]).statistic
    assert found["overall"]["Spearman"].mean == pytest.approx(float(rho))
    people = between_people(rows)["overall"]
    assert people["same side"].mean == pytest.approx((1 + 1 + 0.5 + 0 + 0) / 5)
    assert with_people(rows, {}) == {}


# -- Readers -------------------------------------------------------------------------------------

CHUNKS = [
    {
        "claim": claim,
        "evidence": ["The dam opened in 1931.", "It is 40 metres high."],
        "label": label,
        "meta": {"claim_title": f"Dam {at}", "id": at},
    }
    for at, (claim, label) in enumerate(
        [
            ("The dam opened in 1931.", "supported"),
            ("The dam opened in 1931 and was painted red.", "partially_supported"),
            ("It is 40 metres high.", "supported"),
            ("Sheep graze on the hill.", "not_supported"),
        ]
        * 3
    )
]


def expert(support: str | None, *evidence: str) -> dict[str, Any]:
    claim = {"claim_string": "It  rains [1][2].", "evidence": evidence, "support": support}
    return {"question": f"Why {support}?", "answers": {"model": {"claims": [claim]}}}


EXPERTS = [
    expert("Complete", "[1] https://rain.example/a\n\nIt rains.", "[2] https://rain.example/b"),
    expert("Partial", "[1] https://rain.example/a\n\nIt rains."),
    expert("Complete", "[1] https://rain.example/a"),
    expert("Missing"),
    expert("N/A", "[1] https://rain.example/a\n\nIt rains."),
]
CLIMATE = [
    {
        "claim_id": "7",
        "claim": "Rain is wet.",
        "evidences": [
            {"evidence": f"Text {label}.", "evidence_label": label, "article": "Rain"}
            for label in ("SUPPORTS", "REFUTES", "NOT_ENOUGH_INFO")
        ],
    }
]
FOOLS = [
    {
        "text": text,
        "label": label,
        "gold_evidence": [{"text": "One."}, {"text": "Two."}],
        "wikipedia_page": "Tower",
    }
    for text, label in (("The tower leans.", "SUPPORTS"), ("The tower is blue.", "REFUTES"))
]
HEALTH = [
    {"id": "1", "evidence": "Line one,\nline two.", "claim": f"{v} it ", "label": v, "question": q}
    for v, q in (("Supports", "a?"), ("Refutes", "a?"), ("Neutral", "b?"))
]


def compared(id: int, first: str, second: str, labels: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {
            "instance_id": id,
            "gt_answer": REFERENCE,
            "model1": {"response": first},
            "model2": {"response": second},
            "correctness_label": label,
            "completeness_label": label,
            "overall_label": label,
        }
        for label in labels
    ]


def own(id: int, first: float, second: float) -> dict[str, Any]:
    names = ("correctness_label", "completeness_label", "overall_label")
    given = [{"ragchecker": dict.fromkeys(names, value)} for value in (first, second)]
    return {"instance_id": id, "model1": given[0], "model2": given[1]}


COMPARED = [
    *compared(0, BAD, GOOD, (2, 1)),
    *compared(1, GOOD, BAD, (-1, 0)),
    *compared(2, GOOD, GOOD, (0, 1)),
]


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A folder with tiny sets of our own, in the shape of the published ones."""
    folder = tmp_path / "sets"
    for name, rows in (
        ("wice", CHUNKS),
        ("expertqa", EXPERTS),
        ("climate-fever", CLIMATE),
        ("foolmetwice", FOOLS),
    ):
        write(folder / FILES[name], "".join(json.dumps(row) + "\n" for row in rows))
    (folder / "healthver").mkdir()
    with (folder / FILES["healthver"]).open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(HEALTH[0]))
        table.writeheader()
        table.writerows(HEALTH)
    write(folder / FILE, json.dumps(COMPARED))
    write(folder / OWN_FILE, json.dumps([own(0, 0.2, 0.8), own(1, 0.8, 0.2), own(2, 0.5, 0.5)]))
    return folder


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def pairs_in(sets: Path, name: str) -> list[Pair]:
    return list(SETS[name].read(sets / SETS[name].file))


def test_each_set_is_read_with_its_labels(sets: Path) -> None:
    chunks = pairs_in(sets, "wice")
    assert [pair.verdict for pair in chunks[:4]] == ["supported", "unsupported"] * 2
    assert chunks[0].premise == "The dam opened in 1931.\nIt is 40 metres high."
    assert chunks[0].group == "Dam 0"
    experts = pairs_in(sets, "expertqa")  # of five, two have text and a label
    assert [(p.premise, p.claim, p.verdict) for p in experts] == [
        ("It rains.", "It rains.", "supported"),
        ("It rains.", "It rains.", "unsupported"),
    ]
    three = ["supported", "contradicted", "unsupported"]
    climate = pairs_in(sets, "climate-fever")
    assert [pair.verdict for pair in climate] == three
    assert {pair.group for pair in climate} == {"7"}
    health = pairs_in(sets, "healthver")
    assert [pair.verdict for pair in health] == three
    assert (health[0].premise, health[0].claim) == ("Line one,\nline two.", "Supports it")
    assert [pair.verdict for pair in pairs_in(sets, "foolmetwice")] == three[:2]
    assert pairs_in(sets, "foolmetwice")[0].premise == "One.\nTwo."
    preferences = list(read_preferences(sets / FILE))
    assert preferences[0].labels["overall"] == (2, 1)
    assert read_own(sets / OWN_FILE)[1]["overall"] == pytest.approx(-0.6)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("wice", json.dumps({**CHUNKS[0], "label": "maybe"}), "line 1 is not as published: label"),
        ("wice", json.dumps(CHUNKS[0]) + "\n{", "line 2 is not as published"),
        ("expertqa", '{"question": "Why?"}', "answers: Field required"),
        ("healthver", "id,evidence,claim\n1,a,b\n", "line 2 is not as published: label"),
        ("ragchecker", "[{}]", "instance_id: Field required"),
        ("ragchecker", json.dumps(COMPARED[:3]), "pair 1 has 1 labels and not two"),
        ("ragchecker", json.dumps(compared(0, BAD, GOOD, (3, 1))), "less than or equal to 2"),
    ],
)
def test_a_broken_file_says_where(sets: Path, name: str, content: str, fault: str) -> None:
    write(sets / FILES[name], content)
    with pytest.raises(CasesError, match=fault):
        read(sets, [name], None)


@pytest.mark.skipif(not SHARED.exists(), reason="the published sets are not here")
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("wice", {"supported": 342, "unsupported": 701}),
        ("wice-claims", {"supported": 115, "unsupported": 234}),
        ("expertqa", {"supported": 534, "unsupported": 207}),
        ("climate-fever", {"supported": 1943, "contradicted": 802, "unsupported": 4930}),
        ("healthver", {"supported": 533, "contradicted": 391, "unsupported": 993}),
        ("foolmetwice", {"supported": 596, "contradicted": 573}),
    ],
)
def test_the_published_sets_have_the_known_counts(name: str, counts: dict[str, int]) -> None:
    pairs = pairs_in(SHARED, name)
    assert Counter(pair.verdict for pair in pairs) == counts
    assert all(pair.premise.strip() and pair.claim and pair.group for pair in pairs)


@pytest.mark.skipif(not SHARED.exists(), reason="the published sets are not here")
def test_the_published_preferences_have_the_known_counts() -> None:
    preferences = list(read_preferences(SHARED / FILE))
    assert len(preferences) == len(read_own(SHARED / OWN_FILE)) == 280


# -- The command ---------------------------------------------------------------------------------


def bench(sets: Path, home: Path, *words: str) -> Result:
    return CliRunner().invoke(BENCHES["judge"], [str(sets), "--home", str(home), *words])


@pytest.fixture
def home(tmp_path: Path, encoder_home: Path) -> Path:
    """A home folder with the encoder and no verdict yet."""
    made = tmp_path / "home"
    made.mkdir()
    (made / "encoders").symlink_to(encoder_home / "encoders")
    return made


def test_the_whole_command_and_nothing_judged_twice(sets: Path, home: Path, tmp_path: Path) -> None:
    result = bench(sets, home, "--json", str(tmp_path / "out.json"))
    assert result.exit_code == 0, result.output
    assert "wice-claims is left out" in result.output
    assert "similarity v1 (all-MiniLM-L6-v2" in result.output
    assert "12 pairs, 12 groups, 6 supported, 6 unsupported" in result.output
    assert "GPT-4-0613: balanced accuracy .787" in result.output
    facts = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert facts["left_out"] == ["wice-claims"]
    figures = facts["sets"]["wice"]["figures"]
    assert figures["balanced accuracy"]["n"] == 12
    assert figures["AUROC"]["mean"] == 1.0  # verbatim against what is not there
    assert facts["sets"]["ragchecker"]["figures"]["overall, RAGChecker itself: same side"]
    assert "contradictions found" in facts["sets"]["foolmetwice"]["figures"]
    again = bench(sets, home, "--json", str(tmp_path / "again.json"))
    assert "was asked 0 times" in again.output
    assert json.loads((tmp_path / "again.json").read_text(encoding="utf-8")) == facts


def test_a_part_of_the_sets(sets: Path, home: Path) -> None:
    result = bench(sets, home, "--set", "healthver", "--limit", "2")
    assert result.exit_code == 0, result.output
    assert "2 pairs" in result.output
    assert "WiCE" not in result.output and "left out" not in result.output
    nothing = bench(sets, home, "--set", "wice-claims")
    assert nothing.exit_code == 3
    assert "nothing to measure on" in nothing.output
    write(sets / FILES["healthver"], "id\n1\n")
    broken = bench(sets, home)
    assert broken.exit_code == 3
    assert "healthver_dev.csv' line 2 is not as published" in " ".join(broken.output.split())
    assert bench(sets, home, "--judge", "chat", "--set", "wice").exit_code == 3  # no model named


def test_stopped_half_way_it_goes_on(
    sets: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, asked = Similarity.judge, list[str]()

    def until_stopped(self: Similarity, premise: str, claim: str) -> Judgement | Unscored:
        asked.append(claim)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return known(self, premise, claim)

    monkeypatch.setattr(Similarity, "judge", until_stopped)
    stopped = bench(sets, home, "--set", "foolmetwice", "--set", "healthver")
    assert stopped.exit_code == 3
    assert "Interrupted" in stopped.output
    monkeypatch.undo()
    result = bench(sets, home, "--set", "foolmetwice", "--set", "healthver")
    assert "was asked 2 times" in result.output  # of five, three were kept


def test_what_was_not_judged_is_counted_and_in_no_figure(sets: Path) -> None:
    held = read(sets, ["wice", "ragchecker"], None)
    made = on_pairs("wice", held.pairs["wice"], Verbatim("Sheep"), lambda done, total: None)
    assert made.unscored == {"it said nothing": 3}
    assert made.lines["balanced accuracy"][""].n == 9
    assert "not judged, and in no figure: 3" in text_of(made)
    silent = on_preferences(held, Verbatim("sing"), lambda done, total: None)
    assert silent.unscored == {"it said nothing": 2}
    assert silent.lines["overall, the other person"]["same side"].n == 4
    without = on_preferences(replace(held, own={}), Verbatim(), lambda done, total: None)
    assert "overall, RAGChecker itself" not in without.lines


def test_published_figures_name_sets_that_there_are() -> None:
    assert PUBLISHED.keys() <= FILES.keys()
