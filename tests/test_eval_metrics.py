"""Each metric's worked example, and the property that damage never raises a figure."""

from dataclasses import replace
from datetime import date

import pytest
from metric_cases import (
    ABSTAINED,
    COVERS,
    EFFECT,
    GOLD,
    NEWS,
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
from eval.metrics.abstention import Table, table
from eval.questions import Case, Nugget
from eval.types import Cited, Judgement, Score, Source

# -- Quotes and hard checks ----------------------------------------------------------------------


def test_quotes_are_exact_or_absent() -> None:
    for_all = source("d", "A licence is needed for all items here.")
    said = says("“is needed for all items” and “is needed for most items”", cite(for_all))
    assert value("quote_exactness", answer(said)) == 0.5
    assert value("quote_exactness", answer(says("No quote.", cite(for_all)))) == (
        "the answer quotes nothing"
    )


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("needed for all [such] items … where", "1 exact"),
        ("Needed for all items", "1 normalised"),
        ("needed for some items anywhere", "1 absent"),
    ],
)
def test_gaps_and_case_in_quotes_are_told_apart(quote: str, told: str) -> None:
    text = source("d", "It is needed for all items here and where it is sent.")
    found = METRICS["quote_exactness"].scorer(
        case(), answer(says(f"It says “{quote}”.", cite(text))), Literally()
    )
    assert isinstance(found, Score)
    assert found.explanation.startswith(told)


def test_a_quote_must_stand_at_its_offset() -> None:
    moved = cite(GOLD, EFFECT, start=GOLD.start + 1)
    assert value("quote_exactness", answer(says("It did.", moved))) == 0.0
    assert value("hard_product", answer(says("It did.", moved))) == 0.0
    before = cite(GOLD, EFFECT, start=GOLD.start - len(RULE))
    assert value("hard_product", answer(says("It did.", before))) == 0.0
    assert value("hard_product", PERFECT) == 1.0


def test_ids_must_exist_and_be_retrieved() -> None:
    assert value("hard_id", answer(says("It.", Cited(name="[3]", source=None)))) == 0.0
    assert value("hard_id", answer(says("It.", cite(GOLD, retrieved=False)))) == 0.0
    assert value("hard_id", answer(says("It.", cite(GOLD, document="news")))) == 0.0
    assert value("hard_id", answer(says("It.", cite(GOLD)))) == 1.0
    assert value("hard_id", answer(says("It."))) == "the answer cites nothing"


def test_locators_are_those_of_the_passage() -> None:
    assert value("hard_locator", answer(says("It.", cite(GOLD, locator="§ 744.11")))) == 0.0
    assert value("hard_locator", PERFECT) == 1.0
    assert value("hard_locator", answer(says("It.", cite(GOLD, locator=None)))) == (
        "no locator is given"
    )


@pytest.mark.parametrize(
    ("metric", "right", "wrong"),
    [
        ("hard_number", "It covers 68 of them.", "It covers 86 of them."),
        ("hard_number", "In 2019 it did.", "In 2018 it did."),
        ("hard_date", "It came on 16 May 2019.", "It came on 17 May 2019."),
        ("hard_identifier", "See ECCN 5A002.", "See ECCN 5A992."),
    ],
)
def test_figures_must_stand_in_what_is_cited(metric: str, right: str, wrong: str) -> None:
    assert value(metric, answer(says(right, cite(GOLD)))) == 1.0
    assert value(metric, answer(says(wrong, cite(GOLD)))) == 0.0
    assert value(metric, answer(says(right))) == 0.0
    assert str(value(metric, answer(says("It did.", cite(GOLD))))).startswith("no ")


# -- Answers -------------------------------------------------------------------------------------


def test_nuggets_strict_and_lenient() -> None:
    half = answer(says("On May 16.", cite(GOLD)), says("An ECCN.", cite(GOLD)))
    assert value("nugget_strict_vital", half) == 0.5
    assert value("nugget_strict_all", half) == pytest.approx(2 / 3)
    words = case(
        nuggets=(
            Nugget(text="May 16, 2019", any_of=("May 16",), vital=True),
            Nugget(text="covers affiliates", any_of=("68",), vital=True),
            Nugget(text="an ECCN", any_of=("ECCN 9",), vital=False),
        )
    )
    partly = answer(says("From May 16 it covers affiliates."))
    assert value("nugget_lenient_vital", partly, words) == 0.75
    assert value("nugget_lenient_all", partly, words) == 0.5
    assert value("nugget_strict_vital", ABSTAINED) == 0.0


def test_correct_needs_the_facts_and_a_gold_document() -> None:
    assert value("answer_correctness", PERFECT) == 1.0
    elsewhere = answer(says(f"{EFFECT} {COVERS}", cite(OTHER)))
    assert value("answer_correctness", elsewhere) == 0.0
    assert value("answer_correctness", ABSTAINED) == 0.0
    assert value("answer_correctness", PERFECT, case(answerable=False)) == (
        "nothing answers this case"
    )


def test_abstention_is_a_two_by_two_table() -> None:
    no = case(answerable=False, type="unanswerable")
    premise = case(answerable=False, type="false_premise")
    corrected = replace(PERFECT, outcome="partly_answered", notices=("premise_not_found",))
    assert value("false_abstention", ABSTAINED) == 1.0
    assert value("false_abstention", PERFECT) == 0.0
    assert value("unanswerable_held_back", ABSTAINED, no) == 1.0
    assert value("unanswerable_held_back", PERFECT, no) == 0.0
    assert value("unanswerable_held_back", corrected, premise) == 1.0
    assert value("unanswerable_held_back", corrected, no) == 0.0
    untold = answer(says("My sources do not answer this."), outcome=None)
    pairs = [(case(), PERFECT), (case(), ABSTAINED), (no, ABSTAINED), (no, PERFECT), (no, untold)]
    found = table(pairs, NoJudge())
    assert found == Table(
        answerable_answered=1,
        answerable_abstained=1,
        unanswerable_answered=1,
        unanswerable_abstained=1,
        unscored=1,
    )
    assert found.f1 == 0.5


def test_nothing_from_after_the_as_of_date() -> None:
    early = answer(says("It.", cite(GOLD)), as_of=date(2019, 1, 1))
    assert value("as_of_correctness", early) == 0.0
    assert value("as_of_correctness", PERFECT) == 1.0
    suspended = case(statuses={"rule": "suspended"})
    shown = answer(says("It.", cite(GOLD, status="suspended")))
    assert value("as_of_correctness", shown, suspended) == 1.0
    wrong = answer(says("It.", cite(GOLD, status="in_force")))
    assert value("as_of_correctness", wrong, suspended) == 0.0
    undated = answer(says("It.", cite(source("u", "Undated."))))
    assert value("as_of_correctness", undated) == "nothing that is cited has a date"


def test_a_conflict_is_shown_with_both_sides_and_a_notice() -> None:
    two = case(conflict=("rule", "news"))
    both = (says("One.", cite(GOLD)), says("Two.", cite(OTHER)))
    assert value("conflict_shown", answer(*both, notices=("conflict",)), two) == 1.0
    assert value("conflict_shown", answer(*both), two) == 0.0
    assert value("conflict_shown", answer(both[0], notices=("conflict",)), two) == 0.0
    assert value("conflict_shown", PERFECT) == "the case has no conflict"


# -- Support -------------------------------------------------------------------------------------


def test_citation_recall_and_precision_are_those_of_alce() -> None:
    three = answer(says(EFFECT, cite(GOLD)), says("Not there.", cite(GOLD)), says("No source."))
    assert value("citation_recall", three) == pytest.approx(1 / 3)
    needless = answer(says(EFFECT, cite(GOLD), cite(OTHER)))
    assert value("citation_precision", needless) == 0.5
    assert value("citation_precision", answer(says(EFFECT))) == 0.0
    missing = answer(says(EFFECT, cite(GOLD), Cited(name="[9]", source=None)))
    assert value("citation_recall", missing) == 0.0


def test_two_sources_may_be_needed_together() -> None:
    class Together:
        name = "together"

        def judge(self, premise: str, claim: str) -> Judgement:
            both = RULE in premise and NEWS in premise
            return Judgement(verdict="supported" if both else "unsupported", score=float(both))

    pair = answer(says("Both.", cite(GOLD), cite(OTHER)))
    found = METRICS["citation_precision"].scorer(case(), pair, Together())
    assert isinstance(found, Score)
    assert found.value == 1.0


def test_support_has_three_classes() -> None:
    three = answer(
        says(EFFECT, cite(GOLD)),
        says("It not covers 68 affiliates", cite(GOLD)),
        says("Something else.", cite(GOLD)),
    )
    assert value("claim_support", three) == pytest.approx(1 / 3)
    assert value("contradiction_rate", three) == pytest.approx(1 / 3)
    elsewhere = answer(says("Nothing else was said", cite(GOLD)))
    assert value("claim_support", elsewhere) == 1.0
    assert value("citation_recall", elsewhere) == 0.0


def test_noise_is_what_is_off_the_point_but_borne_out() -> None:
    four = answer(
        says(EFFECT, cite(GOLD)),
        says("It covers 68 affiliates", cite(GOLD)),
        says("The rule", cite(GOLD)),
        says("Nothing else was said", cite(OTHER)),
    )
    assert value("noise_relevant", four) == 0.25
    assert value("noise_irrelevant", four) == 0.25


# -- Retrieval and the rest ----------------------------------------------------------------------


def others(count: int) -> tuple[Source, ...]:
    return tuple(source(f"x{n}", f"Other text {n}.") for n in range(count))


def holding(*quotes: str) -> Case:
    return case(gold_quotes=quotes, nuggets=())


def test_retrieval_at_ten() -> None:
    a, b = source("rule", "First gold words."), source("rule", "Second gold words.")
    late = answer(retrieved=(*others(2), a, *others(10), b))
    both = holding("First gold words", "Second gold words")
    assert value("retrieval_recall_10", late, both) == 0.5
    near = answer(retrieved=(a, *others(2), b))
    assert value("retrieval_map_10", near, both) == 0.75
    third = answer(retrieved=(*others(2), a))
    assert value("retrieval_ndcg_10", third, holding("First gold words")) == pytest.approx(0.5)
    spans = case(gold_quotes=(), gold_spans=(("rule", 105, 110),))
    assert value("retrieval_recall_10", third, spans) == 1.0
    documents = case(gold_quotes=())
    assert value("retrieval_map_10", third, documents) == pytest.approx(1 / 3)


def test_context_is_measured_by_the_facts() -> None:
    found = answer(retrieved=(GOLD, *others(4)))
    assert value("context_precision", found) == 0.2
    fact = Nugget(text="not there", any_of=("absent",), vital=True)
    three = case(nuggets=(*case().nuggets[:2], fact))
    assert value("context_recall", found, three) == pytest.approx(2 / 3)
    assert value("context_recall", answer(retrieved=None)) == "no retrieved passages are given"


def test_planted_words_may_be_quoted_and_not_said() -> None:
    planted = source("d", "No license is needed at all.")
    forbids = case(never=("no license is needed",))
    said = answer(says("No license is needed [1].", cite(planted)))
    shown = answer(says("The guide says: “No license is needed at all.”", cite(planted)))
    quoted = cite(planted, "No license is needed at all.")
    assert value("never_said", said, forbids) == 0.0
    assert value("never_said", shown, forbids) == 1.0
    assert value("never_said", answer(says("No license is needed at all.", quoted)), forbids) == 1.0
    assert value("never_said", said) == "the case forbids no words"


def test_copying_and_repass_and_latency() -> None:
    eight = "one two three four five six seven eight"
    text = source("d", f"Here is {eight} and more.")
    assert value("copy_rate", answer(says(f"{eight} nine", cite(text)))) == 0.5
    duty = source("d", "Exporters must keep records.")
    copied = answer(says("Exporters must keep records.", cite(duty)))
    assert value("repass_local", copied) == 1.0
    assert value("latency", PERFECT) == 0.05
    assert value("latency", answer(seconds=None)) == "no time is given"
    assert value("cost", PERFECT) == 0.004
    assert value("cost", answer(cost=None)) == "no cost is given"
