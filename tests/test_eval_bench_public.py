"""Benchmarks on published sets: tiny data of our own in their shape, real indexes and encoder."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from pydantic import TypeAdapter

from eval.benches import BENCHES, retrievers
from eval.benches.obliqa import (
    DOCUMENTS,
    Asked,
    documents_of,
    figures_of,
    gold_by_place,
    gold_by_qrels,
    read_rows,
)
from eval.benches.okapi import Okapi
from eval.benches.policyqa import DataSet, drawn, exact, holds, tasks_of, token_f1
from eval.benches.public_data import read_json, sample
from eval.benches.retrievers import fused, stocked
from eval.benches.side_by_side import as_json, side_by_side, table
from eval.errors import CasesError, EvalError

SHARED = Path(__file__).parents[1].parent / "shared" / "evaldata"

TEXTS = (
    (1, "1.", "BEEKEEPING"),
    (1, "1.1", ""),
    (1, "1.2", "A Keeper must register every hive with the Bee Board within thirty days."),
    (1, "1.3", "A hive may not be moved between valleys in winter without a permit."),
    (1, "1.4", "The Bee Board may inspect the honey store of a Keeper at any time."),
    (1, "1.5", "A Keeper who loses a swarm shall tell the neighbours on the same day."),
    (2, "1.", "FERRIES"),
    (2, "2.1", "A ferry shall carry one life jacket for each passenger and two for the crew."),
    (2, "2.2", "The harbour master may stop a ferry whose lamps are broken."),
    (2, "2.2", "Guidance: lamps are broken when they cannot be seen from the shore."),
    (2, "2.3", "Tickets for the ferry are valid for one month from the day of sale."),
    (2, "2.4", "Dogs travel free of charge if they are kept on the upper deck."),
    (2, "2.5", "The master keeps a log of every crossing for seven years."),
    (2, "2.6", "Fuel is taken on board only while no passenger is on the ferry."),
)
QUESTIONS = (
    ("q1", "When must a Keeper register a hive with the Bee Board?", ((1, "1.2"),)),
    ("q2", "When are the lamps of a ferry broken, as seen from the shore?", ((2, "2.2"),)),
    ("q3", "What may the Bee Board inspect and what about a lost swarm?", ((1, "1.4"), (1, "1.5"))),
)
WORDS = {(d, p): text for d, p, text in TEXTS}  # of "2.2" the second: the guidance


@pytest.fixture(scope="module")
def obliqa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in the shape of ObliQA and of ObliQA-MP."""
    folder = tmp_path_factory.mktemp("obliqa")
    (folder / DOCUMENTS).mkdir()
    rows = [
        {"ID": f"id-{at}", "DocumentID": d, "PassageID": p, "Passage": text}
        for at, (d, p, text) in enumerate(TEXTS)
    ]
    for number in (1, 2):
        own = [row for row in rows if row["DocumentID"] == number]
        write(folder / DOCUMENTS / f"{number}.json", own)
    asked = [
        {
            "QuestionID": id,
            "Question": text,
            "Passages": [
                {"DocumentID": d, "PassageID": p, "Passage": WORDS[d, p]} for d, p in gold
            ],
        }
        for id, text, gold in QUESTIONS
    ]
    write(folder / "ObliQA_dev.json", asked)
    write(folder / "ObliQA_MultiPassage_val.json", asked)
    qrels = "q1 0 id-2 1\nq2 0 id-9 1\nq2 0 id-8 0\nq3 0 id-4 1\nq3 0 id-5 1\n"
    (folder / "qrels_val.txt").write_text(qrels, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def home(encoder_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of indexes that the tests of this file share."""
    return with_encoder(tmp_path_factory.mktemp("home"), encoder_home)


def with_encoder(folder: Path, encoder_home: Path) -> Path:
    (folder / "encoders").symlink_to(encoder_home / "encoders")
    return folder


def write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def bench(name: str, *words: str | Path) -> Result:
    command: click.Command = BENCHES[name]
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)


# -- figures ---------------------------------------------------------------------------------------


def test_recall_map_and_ndcg_are_the_worked_example() -> None:
    found = figures_of(["a", "b", "c", "d"], frozenset("bd"))
    assert found == pytest.approx({"Recall@10": 1.0, "MAP@10": 0.5, "nDCG@10": 0.6509}, abs=1e-4)


def test_what_stands_after_the_tenth_place_or_is_not_found_counts_against_a_ranking() -> None:
    found = figures_of([*"0123456789", "a"], frozenset(["0", "a", "never"]))
    assert found["Recall@10"] == pytest.approx(1 / 3)
    assert found["MAP@10"] == pytest.approx(1 / 3)  # divided by all three, as pytrec_eval does


@pytest.mark.parametrize(
    ("answer", "span", "figures"),
    [
        ("We keep the logs", "keep logs for a year", (0, 4 / 7, 0)),
        ("The Logs.", "logs", (1, 1, 1)),
        ("We keep the logs for a year.", "logs for a year", (0, 2 * 3 / 8, 1)),
        ("catalogs", "logs", (0, 0, 0)),
        ("", "logs", (0, 0, 0)),
    ],
)
def test_words_are_compared_as_squad_does(
    answer: str, span: str, figures: tuple[float, float, float]
) -> None:
    found = exact(answer, span), token_f1(answer, span), holds(answer, span)
    assert found == pytest.approx(figures)


def test_okapi_is_rank_bm25s_formula() -> None:
    bm25 = Okapi([["bee", "hive"], ["bee", "bee", "log", "log"], ["ferry"], ["dog"], ["deck"]])
    # "hive": idf ln(4.5 / 1.5) = 1.0986; length 2 of mean 1.8: 1 · 2.5 / (1 + 1.5 (.25 + .8333))
    assert bm25.scores(["hive"]).tolist() == pytest.approx([1.0463, 0, 0, 0, 0], abs=1e-4)
    # twice in the query counts twice; a word that no text has counts nothing
    assert bm25.scores(["hive", "hive", "sea"])[0] == pytest.approx(2 * 1.0463, abs=1e-4)
    assert bm25.best(["log"], 3) == [1, 0, 2]


def test_a_word_of_most_texts_gets_a_share_of_the_mean_idf() -> None:
    bm25 = Okapi([["bee", "hive"], ["bee", "log"], ["bee", "ferry"]])
    rare, common = 0.5108, -1.9459  # ln(2.5 / 1.5), ln(.5 / 3.5)
    floor = 0.25 * (3 * rare + common) / 4
    assert bm25.scores(["bee"]) == pytest.approx([floor] * 3, abs=1e-4)


def test_rankings_are_fused_as_the_ensemble_retriever_does() -> None:
    assert fused(["a", "b"], ["c", "b"]) == ["b", "a", "c"]


def test_the_first_system_is_compared_with_each_other_and_p_is_corrected() -> None:
    ours, theirs = [1.0, 1.0, 0.0, 1.0, 1.0, 1.0], [0.0] * 6
    values = {"ours": {"hit": ours}, "theirs": {"hit": theirs}, "same": {"hit": ours}}
    made = side_by_side(values, range(6))
    assert made.means["ours"]["hit"].mean == pytest.approx(5 / 6)
    gap, p = made.gaps["theirs"]["hit"]
    assert gap.difference.mean == pytest.approx(5 / 6)
    assert (gap.wins, gap.ties, gap.losses) == (5, 1, 0)
    assert gap.p == pytest.approx(2 / 32)  # McNemar, exact
    assert p == pytest.approx(4 / 32)  # of two differences
    assert made.gaps["same"]["hit"][1] == 1.0
    assert "+0.833" in table(made)
    assert json.dumps(as_json(side_by_side(values, ["one"] * 6)), allow_nan=False)


def test_a_sample_is_always_the_same_and_in_order() -> None:
    rows = list(range(100))
    assert sample(rows, 7) == sample(rows, 7)
    assert list(sample(rows, 7)) == sorted(sample(rows, 7))
    assert sample(rows, 7) != tuple(range(7))
    assert sample(rows, None) == sample(rows, 500) == tuple(rows)


# -- ObliQA ----------------------------------------------------------------------------------------


def questions(folder: Path) -> tuple[Asked, ...]:
    return read_json(folder / "ObliQA_dev.json", TypeAdapter(tuple[Asked, ...]))


def test_gold_is_found_by_place_and_by_words_where_a_place_stands_twice(obliqa: Path) -> None:
    queries = gold_by_place(questions(obliqa), read_rows(obliqa / DOCUMENTS))
    assert [sorted(query.gold) for query in queries] == [
        ["obliqa:id-2"],
        ["obliqa:id-9"],
        ["obliqa:id-4", "obliqa:id-5"],
    ]
    assert [query.document for query in queries] == [1, 2, 1]


def test_qrels_give_the_same_gold_and_relevance_0_is_none(obliqa: Path) -> None:
    rows = read_rows(obliqa / DOCUMENTS)
    by_file = gold_by_qrels(questions(obliqa), obliqa / "qrels_val.txt", rows)
    assert by_file == gold_by_place(questions(obliqa), rows)


def test_passages_without_words_are_not_stored(obliqa: Path) -> None:
    documents = documents_of(read_rows(obliqa / DOCUMENTS))
    assert len(documents) == len(TEXTS) - 1
    assert all(document.text for document in documents)


def test_obliqa_measures_the_product_beside_the_usual_ways(
    obliqa: Path, home: Path, tmp_path: Path
) -> None:
    result = bench("obliqa", obliqa, "--home", home, "--json", tmp_path / "out.json")
    assert result.exit_code == 0, result.output
    assert "3 of 3 questions, 13 passages" in result.stdout
    made = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert list(made["systems"]) == [
        "assistant",
        "BM25 alone",
        "vectors alone",
        "LangChain ensemble",
    ]
    for figures in made["systems"].values():
        assert figures["Recall@10"]["mean"] == 1.0  # ten of thirteen
        assert figures["MAP@10"]["mean"] > 0.5
    assert list(made["differences"]) == list(made["systems"])[1:]

    again = bench("obliqa", obliqa, "--home", home, "--limit", "2")
    assert again.exit_code == 0, again.output
    assert "2 of 3 questions" in again.stdout
    assert vectors(home) == 13


def test_obliqa_mp_reads_its_qrels(obliqa: Path, home: Path) -> None:
    result = bench("obliqa-mp", obliqa, "--home", home)
    assert result.exit_code == 0, result.output
    assert "ObliQA-MP" in result.stdout
    assert "3 of 3 questions" in result.stdout


def vectors(home: Path) -> int:
    connection = sqlite3.connect(home / "store.sqlite")
    try:
        return int(connection.execute("SELECT count(*) FROM vectors").fetchone()[0])
    finally:
        connection.close()


def test_an_interrupted_index_goes_on_and_a_library_of_other_texts_is_refused(
    obliqa: Path, encoder_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = with_encoder(tmp_path, encoder_home)
    documents = documents_of(read_rows(obliqa / DOCUMENTS))
    monkeypatch.setattr(retrievers, "_DOCUMENTS", 5)

    def stop(done: int, total: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stocked(where, documents, print, stop)
    seen: list[int] = []
    library = stocked(where, documents, print, lambda done, total: seen.append(total))
    assert seen == [3]
    assert library.store.counts()[0] == len(documents)
    library.close()

    with pytest.raises(EvalError, match="1 texts that are not of this data set.*obliqa:id-0"):
        stocked(where, documents[1:], print, stop)
    changed = replace(documents[0], text="Something else.")
    with pytest.raises(EvalError, match="a folder of its own"):
        stocked(where, [changed, *documents[1:]], print, stop)


def test_what_is_missing_or_broken_is_said(obliqa: Path, tmp_path: Path) -> None:
    nothing = bench("obliqa", tmp_path)
    assert nothing.exit_code == 3
    assert "No documents in" in nothing.stderr

    rows = read_rows(obliqa / DOCUMENTS)
    write(tmp_path / "broken.json", [{"QuestionID": "q", "Question": "?"}])
    with pytest.raises(CasesError, match=r"broken\.json.*0\.Passages: Field required"):
        read_json(tmp_path / "broken.json", TypeAdapter(tuple[Asked, ...]))
    (tmp_path / "broken.json").write_text("[{", encoding="utf-8")
    with pytest.raises(CasesError, match="Invalid JSON"):
        read_json(tmp_path / "broken.json", TypeAdapter(tuple[Asked, ...]))
    missing = bench("obliqa", obliqa, "--questions", tmp_path / "ObliQA_test.json")
    assert missing.exit_code == 3
    assert "ObliQA_test.json" in missing.stderr

    with pytest.raises(CasesError, match="'1.2' of document 1"):
        gold_by_place(questions(obliqa), [row for row in rows if row.PassageID != "1.2"])
    (tmp_path / "qrels.txt").write_text("q1 0 id-2\n", encoding="utf-8")
    with pytest.raises(CasesError, match="line 1"):
        gold_by_qrels(questions(obliqa), tmp_path / "qrels.txt", rows)
    (tmp_path / "qrels.txt").write_text("q1 0 id-2 1\n", encoding="utf-8")
    with pytest.raises(CasesError, match="2 questions have no gold passage, 'q2'"):
        gold_by_qrels(questions(obliqa), tmp_path / "qrels.txt", rows)
    (tmp_path / "qrels.txt").write_text("q1 0 id-77 1\n", encoding="utf-8")
    with pytest.raises(CasesError, match="id-77"):
        gold_by_qrels(questions(obliqa), tmp_path / "qrels.txt", rows)


# -- PolicyQA --------------------------------------------------------------------------------------

LOGS = "Brook Bakery sells bread. We keep the access logs for ninety days. Come and visit us."
MAIL = "We send a letter each spring. You can unsubscribe by writing to the mill. Thank you."


def policy(*pairs: tuple[str, Mapping[str, list[str]]]) -> dict[str, object]:
    """Return a file in the shape of PolicyQA: paragraphs with question → spans."""
    sites: list[dict[str, object]] = []
    for at, (context, asked) in enumerate(pairs):
        qas = [
            {"id": f"p{at}-{n}", "question": question, "answers": [{"text": s} for s in spans]}
            for n, (question, spans) in enumerate(asked.items())
        ]
        paragraph = {"context": context, "qas": qas, "index": 0}
        sites.append({"title": f"site-{at}.example", "paragraphs": [paragraph]})
    return {"version": "1", "data": sites}


TASKS = policy(
    (LOGS, {"How long are the access logs kept?": ["ninety days", "access logs for ninety days"]}),
    (
        MAIL,
        {
            "How can I unsubscribe?": ["by writing to the mill"],
            "When is a letter sent?": ["We send a letter each spring."],
        },
    ),
)


def test_policyqa_compares_sentences_and_answers_with_spans(
    encoder_home: Path, tmp_path: Path
) -> None:
    write(tmp_path / "dev.json", TASKS)
    out = tmp_path / "out.json"
    result = bench("policyqa", tmp_path, "--home", encoder_home, "--json", out)
    assert result.exit_code == 0, result.output
    assert "3 of 3 questions on 2 paragraphs" in result.stdout
    systems = json.loads(out.read_text(encoding="utf-8"))["systems"]
    best, first = systems["best possible sentence"], systems["first sentence"]
    # articles aside: 5 of 7 words are the longer span, 4 of 7 the other, all of the third
    assert best["token F1"]["mean"] == pytest.approx((10 / 12 + 8 / 11 + 1) / 3)
    assert best["exact match"]["mean"] == first["exact match"]["mean"] == pytest.approx(1 / 3)
    assert best["holds the span"]["mean"] == 1.0
    for system in ("assistant, best sentence", "MiniLM sentence", "BM25 sentence"):
        assert systems[system]["token F1"]["mean"] == pytest.approx(best["token F1"]["mean"])


def test_drawn_questions_keep_their_paragraph(tmp_path: Path) -> None:
    tasks = tasks_of(DataSet.model_validate(TASKS), tmp_path)
    some = drawn(tasks, 2)
    asked = [question.id for task in some for question in task.questions]
    assert len(asked) == 2
    assert all(
        question.id.startswith(f"p{task.document.id.split(':')[1]}")
        for task in some
        for question in task.questions
    )
    assert drawn(tasks, None) == tasks


def test_a_question_without_answer_is_said(tmp_path: Path) -> None:
    write(tmp_path / "dev.json", policy((LOGS, {"What?": []})))
    result = bench("policyqa", tmp_path)
    assert result.exit_code == 3
    assert "question 'p0-0' has no answer" in result.stderr


# -- the published files ---------------------------------------------------------------------------

NEEDS_SHARED = pytest.mark.skipif(not SHARED.exists(), reason="the published sets are not here")


@NEEDS_SHARED
def test_the_published_files_are_read_whole() -> None:
    rows = read_rows(SHARED / "obliqa" / DOCUMENTS)
    assert (len(rows), len(documents_of(rows))) == (13732, 13012)
    assert len(gold_by_place(questions(SHARED / "obliqa"), rows)) == 2788
    folder = SHARED / "obliqa_mp"
    path = folder / "ObliQA_MultiPassage_val.json"
    asked = read_json(path, TypeAdapter(tuple[Asked, ...]))
    queries = gold_by_qrels(asked, folder / "qrels_val.txt", rows)
    assert (len(queries), sum(len(query.gold) for query in queries)) == (446, 1068)
    path = SHARED / "policyqa" / "dev.json"
    tasks = tasks_of(read_json(path, TypeAdapter(DataSet)), path)
    assert (len(tasks), sum(len(task.questions) for task in tasks)) == (574, 3809)
