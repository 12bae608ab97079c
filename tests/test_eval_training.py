"""Training of the answer model: what a group is, what is held out, and that a model learns."""

import json
import random
from pathlib import Path

import numpy as np

from eval.questions import read_cases
from eval.training.answer_groups import READERS, Collection, Group, groups
from eval.training.own_groups import taught
from sources import starter
from sources.text import collapse

OWN = Path(__file__).parents[1] / "eval" / "data" / "training.jsonl"
TOPICS = ("pumps", "lathes", "mills", "kilns", "looms", "boats", "cranes", "drills")


def small_set(folder: Path) -> None:
    """Write articles of six sentences, each asked one question, in the form of SelQA."""
    rows = [
        {
            "article": f"The {topic} rule {number}",
            "section": "Dates",
            "question": f"When did the {topic} rule {number} take effect?",
            "candidates": [
                f"The {topic} rule {number} took effect on May {number + 1}, 2019.",
                *(f"The {topic} office {number} keeps paper {line}." for line in range(5)),
            ],
            "answers": [0],
        }
        for topic in TOPICS
        for number in range(5)
    ]
    (folder / "selqa-ass-dev.json").write_text(json.dumps(rows), encoding="utf-8")


def test_a_group_has_the_answer_first_and_what_is_held_out_is_not_taught(tmp_path: Path) -> None:
    small_set(tmp_path)
    collection = Collection([], [])
    READERS["selqa"](tmp_path, collection)
    training, measured = groups(collection, 1000, 3, random.Random(1))
    assert measured and len(training) + len(measured) == 40
    assert not {g.question for g in training} & {g.question for g in measured}
    for group in training:
        assert group.right == 1 and len(group.contexts) == 4
        assert ["took effect" in text for text in group.contexts[:1]] == [True]
        own = group.question.removeprefix("When did t").removesuffix(" take effect?")
        assert own in group.contexts[0]


def test_a_model_learns_the_groups_it_is_shown() -> None:
    import torch

    from eval.training.cross_encoder import CrossEncoder, Pairs, optimise, outputs
    from eval.training.train_answers import loss_of

    torch.manual_seed(3)
    batch = [
        Group(
            question=f"When does the {topic} rule end?",
            contexts=(
                f"The {topic} rule ends in May.",
                f"The {topic} office is small.",
                "Paper burns well.",
            ),
            right=1,
        )
        for topic in TOPICS[:4]
    ]
    model, pairs = CrossEncoder(1, 1), Pairs(32)
    done = optimise(model, [batch] * 25, lambda some: loss_of(model, pairs, some), 5e-4)
    assert done["steps"] == 25
    for group in batch:
        assert int(np.argmax(outputs(model, pairs, group.pairs)[:, 0])) == 0, group.question


def test_our_own_questions_are_answered_by_the_library_they_are_about() -> None:
    texts = {document.id: collapse(document.text) for document in starter.documents()}
    cases = read_cases(OWN)
    share = sum(map(taught, cases)) / len(cases)
    assert len(cases) > 1000 and 0.5 < share < 0.7
    for case in cases:
        assert bool(case.gold_quotes) == case.answerable, case.id
        for quote in case.gold_quotes:
            assert any(collapse(quote) in texts[id] for id in case.gold_docs), (case.id, quote)
