"""The corruption suite over the starter library: eight kinds, what is caught, and false alarms."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.__main__ import main
from eval.corruptions.types import CORRUPTIONS

AIMS = {"party": 0.95, "negation": 0.9, "modality": 0.9, "citation": 0.9}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """Every judged claim of one run, as the file of the benchmark gives them."""
    out = tmp_path_factory.mktemp("corruption") / "all.json"
    told = CliRunner().invoke(
        main, ["bench", "corruption", "--half", "held-out", "--seed", "3", "--json", str(out)]
    )
    assert told.exit_code == 0, told.output
    assert "withheld of the product's own extractive claims: 0" in told.output
    rows: list[dict[str, object]] = json.loads(out.read_text(encoding="utf-8"))["claims"]
    return rows


def test_wrong_claims_are_withheld_and_true_ones_shown(made: list[dict[str, object]]) -> None:
    kinds = {kind: [row for row in made if row["kind"] == kind] for kind in (*CORRUPTIONS, "true")}
    assert len(made) - len(kinds["true"]) >= 600 and len(kinds["true"]) >= 300
    for kind in CORRUPTIONS:
        caught = sum(row["withheld"] is not None for row in kinds[kind]) / len(kinds[kind])
        assert caught >= AIMS.get(kind, 0.99), (kind, caught)
    alarms = sum(row["withheld"] is not None for row in kinds["true"]) / len(kinds["true"])
    assert alarms <= 0.05


def test_the_same_seed_makes_the_same_claims(made: list[dict[str, object]], tmp_path: Path) -> None:
    out = tmp_path / "again.json"
    CliRunner().invoke(
        main, ["bench", "corruption", "--half", "held-out", "--seed", "3", "--json", str(out)]
    )
    assert json.loads(out.read_text(encoding="utf-8"))["claims"] == made
