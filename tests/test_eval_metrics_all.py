"""What holds for every metric: no crash, no score without a judgement, no reward for damage."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_cases import (
    ABSTAINED,
    EMPTY,
    GOLD,
    LOST,
    OTHER,
    PERFECT,
    RULE,
    Literally,
    answer,
    case,
    cite,
    says,
    source,
    value,
)

from eval.judges import NoJudge
from eval.metrics import METRICS
from eval.types import Cited, Response, Score, Sentence, Source, Unscored

# -- What holds for all --------------------------------------------------------------------------


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("response", [ABSTAINED, EMPTY, LOST], ids=["abstained", "empty", "lost"])
def test_no_metric_fails_without_an_answer(name: str, response: Response) -> None:
    for on in (case(), case(answerable=False, gold_docs=(), gold_quotes=(), nuggets=())):
        found = METRICS[name].scorer(on, response, Literally())
        if isinstance(found, Unscored):
            assert found.reason
        else:
            assert METRICS[name].group != "support"


@pytest.mark.parametrize("name", [name for name, metric in METRICS.items() if metric.judged])
def test_what_nobody_judged_is_unscored(name: str) -> None:
    off = answer(says("Something entirely else is said here.", cite(GOLD)))
    assert isinstance(METRICS[name].scorer(case(), off, NoJudge()), Unscored)


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_tells_formula_and_example_and_is_documented(name: str) -> None:
    told = METRICS[name].scorer.__doc__ or ""
    assert "Example:" in told
    page = Path(__file__).parents[1].joinpath("docs/evaluation.md").read_text(encoding="utf-8")
    assert f"`{name}`" in page


def other_number(text: str) -> str:
    return re.sub(r"\d", lambda digit: str((int(digit[0]) + 3) % 10), text)


def without_citation(sentence: Sentence) -> Sentence:
    return replace(sentence, cited=())


def with_wrong_source(sentence: Sentence) -> Sentence:
    return replace(sentence, cited=tuple(replace(c, source=OTHER) for c in sentence.cited))


def with_unknown_id(sentence: Sentence) -> Sentence:
    return replace(sentence, cited=(Cited(name="[99]", source=None),))


def with_late_source(sentence: Sentence) -> Sentence:
    late = source("late", RULE, on=date(2021, 1, 1))
    return replace(sentence, cited=tuple(replace(c, source=late) for c in sentence.cited))


def with_altered_quote(sentence: Sentence) -> Sentence:
    cited = tuple(replace(c, quote=f"{c.quote[:8]}ever {c.quote[9:]}") for c in sentence.cited)
    return replace(sentence, text=sentence.text.replace("effect", "force"), cited=cited)


def with_other_numbers(sentence: Sentence) -> Sentence:
    return replace(sentence, text=other_number(sentence.text))


def negated(sentence: Sentence) -> Sentence:
    return replace(sentence, text=sentence.text.replace("It covers", "It not covers"))


DAMAGE = (
    without_citation,
    with_wrong_source,
    with_unknown_id,
    with_late_source,
    with_altered_quote,
    with_other_numbers,
    negated,
)


@st.composite
def damaged(draw: st.DrawFn) -> Response:
    """The perfect answer with some sentences damaged, dropped, made up, or all retrieval worse."""
    sentences: list[Sentence] = []
    for sentence in PERFECT.sentences:
        for change in draw(st.lists(st.sampled_from(DAMAGE), max_size=2)):
            sentence = change(sentence)
        if draw(st.booleans()):
            sentences.append(sentence)
    if draw(st.booleans()):
        sentences.append(says("Nothing else was said", cite(OTHER)))
    retrieved: Sequence[Source] = draw(st.sampled_from([(GOLD,), (OTHER, GOLD), (OTHER,), ()]))
    outcome = draw(st.sampled_from(["answered", "not_in_sources"]))
    kept = tuple(sentences) if outcome == "answered" else ()
    return replace(PERFECT, sentences=kept, outcome=outcome, retrieved=tuple(retrieved))


@settings(deadline=None, max_examples=200)
@given(damaged())
def test_a_perfect_answer_is_never_below_a_damaged_one(worse: Response) -> None:
    on = case(statuses={}, conflict=())
    for name, metric in METRICS.items():
        best = metric.scorer(on, PERFECT, Literally())
        found = metric.scorer(on, worse, Literally())
        if isinstance(best, Score) and isinstance(found, Score) and metric.better != "neither":
            gap = best.value - found.value
            assert gap >= -1e-9 if metric.better == "higher" else gap <= 1e-9, (name, found)


@pytest.mark.parametrize(
    ("change", "metric"),
    [
        (without_citation, "citation_recall"),
        (with_wrong_source, "citation_recall"),
        (with_wrong_source, "answer_correctness"),
        (with_unknown_id, "hard_id"),
        (with_late_source, "as_of_correctness"),
        (with_altered_quote, "quote_exactness"),
        (with_other_numbers, "hard_number"),
        (with_other_numbers, "hard_date"),
        (with_other_numbers, "hard_product"),
        (with_other_numbers, "claim_support"),
        (negated, "contradiction_rate"),
    ],
)
def test_damage_is_seen_by_the_metric_that_is_there_for_it(change: object, metric: str) -> None:
    assert callable(change)
    worse = replace(PERFECT, sentences=tuple(change(s) for s in PERFECT.sentences))
    assert value(metric, worse) != value(metric, PERFECT)
