"""Public sets of questions with answering sentences → groups to train and measure a ranker on.

Each set is read into one shape: sentences where they stand, and for each question which of them are
right and which stand near. A group is a question, a right sentence and hard negatives.
"""

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

HELD_OUT = 0.05
CAPS = {
    "selqa": 1600,
    "clapnq_dev": 1600,
    "doc2dial_val": 2200,
    "policyqa": 1000,
    "obliqa": 2200,
}
"""Groups per set at most: the government pages and regulations weigh most, no set dominates."""
HELD_OUT_POOL, HELD_OUT_MEASURED = 30, 60


def shown(title: str, before: str, sentence: str) -> str:
    """Return a sentence as the model reads it: under its title, after the sentence before it."""
    return f"{title[:70]} | {before[-100:]} | {sentence[:420]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence where it stands."""

    text: str
    before: str
    title: str

    @property
    def context(self) -> str:
        """What the model reads of it."""
        return shown(self.title, self.before, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question of a set; `unit` is what is held out together, the rest are sentence numbers."""

    text: str
    unit: str
    right: tuple[int, ...]
    near: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """One set: its sentences and the questions over them."""

    sentences: list[Sentence]
    asks: list[Ask]

    def add(self, texts: Sequence[str], title: str) -> list[int]:
        """Add the sentences of one passage; return their numbers."""
        first = len(self.sentences)
        for before, text in zip(["", *texts], texts, strict=False):
            self.sentences.append(Sentence(text=text, before=before, title=title))
        return list(range(first, len(self.sentences)))

    def ask(self, text: str, unit: str, right: Sequence[int], near: Sequence[int]) -> None:
        """Add a question, unless it has no answer or nothing to tell the answer from."""
        if right and len(re.findall(r"\w{2,}", text)) >= 3:
            others = tuple(at for at in near if at not in set(right))
            self.asks.append(
                Ask(text=" ".join(text.split()), unit=unit, right=tuple(right), near=others)
            )


def _split(text: str) -> list[str]:
    from nupunkt import sent_tokenize

    lines = (line.strip() for line in text.split("\n"))
    return [
        s.strip()
        for line in lines
        if line
        for s in map(str, sent_tokenize(line))
        if len(s.strip()) > 3
    ]


def _rows(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return (
        [json.loads(row) for row in text.splitlines()]
        if path.suffix == ".jsonl"
        else json.loads(text)
    )


def _selqa(folder: Path, into: Collection) -> None:
    known: dict[str, list[int]] = {}
    for row in _rows(folder / "selqa-ass-dev.json"):
        unit = f"{row['article']}: {row['section']}"
        if (key := unit + row["candidates"][0]) not in known:
            known[key] = into.add(row["candidates"], unit)
        into.ask(row["question"], unit, [known[key][at] for at in row["answers"]], known[key])


def _clapnq(folder: Path, into: Collection) -> None:
    def plain(text: str) -> str:
        return re.sub(
            r" (?=[.,;:?!)%']|n't)|(?<=\() ", "", text.replace("``", '"').replace("''", '"')
        )

    for row in _rows(folder / "clapnq_dev_answerable.jsonl"):
        passage, chosen = row["passages"][0], set(row["output"][0]["selected_sentences"])
        own = into.add([plain(text) for text in passage["sentences"]], passage["title"])
        right = [at for at, text in zip(own, passage["sentences"], strict=True) if text in chosen]
        into.ask(row["input"].rstrip("?") + "?", passage["title"], right, own)


def _doc2dial(folder: Path, into: Collection) -> None:
    place: dict[str, dict[str, int]] = {}
    for row in _rows(folder / "docs.jsonl"):
        merged: list[str] = []
        at_span: dict[str, int] = {}
        for span in row["spans"]:  # clauses: joined up to the end of their sentence
            if (
                merged
                and not re.search(r"[.?!:]\W*$", merged[-1])
                and len(merged[-1]) < 300
                and merged[-1][-1:] == ","
            ):
                merged[-1] += " " + span["text"]
            else:
                merged.append(span["text"].strip())
            at_span[span["id"]] = len(merged) - 1
        own = into.add(merged, row["doc"].split("#")[0])
        place[row["doc"]] = {name: own[at] for name, at in at_span.items()}
    for row in _rows(folder / "questions.jsonl"):
        spans = place[row["doc"]]
        earlier = [turn[5:].strip() for turn in row["history"] if turn.startswith("user:")]
        text = (
            f"{row['question']} (Earlier question: {earlier[-1]})" if earlier else row["question"]
        )
        right = sorted({spans[name] for name in row["answer_spans"] if name in spans})
        if len(re.findall(r"\w{2,}", row["question"])) >= 5:
            into.ask(text, row["doc"], right, sorted(set(spans.values())))


def _policyqa(folder: Path, into: Collection) -> None:
    for policy in _rows(folder / "dev.json")["data"]:
        asked: dict[str, set[int]] = defaultdict(set)
        near: dict[str, list[int]] = {}
        for paragraph in policy["paragraphs"]:
            own = into.add(_split(paragraph["context"]), policy["title"])
            for row in paragraph["qas"]:
                answers = [answer["text"].strip() for answer in row["answers"]]
                asked[row["question"]].update(
                    at
                    for at in own
                    if any(
                        a in into.sentences[at].text or into.sentences[at].text in a
                        for a in answers
                    )
                )
                near.setdefault(row["question"], []).extend(own)
        for question, right in asked.items():
            into.ask(question, policy["title"], sorted(right), near[question])


def _obliqa(folder: Path, into: Collection) -> None:
    rows = _rows(folder / "ObliQA_dev.json")
    passages: dict[tuple[int, str], list[int]] = {}
    documents: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        for item in row["Passages"]:
            key = (item["DocumentID"], item["PassageID"])
            if key not in passages:
                passages[key] = into.add(_split(item["Passage"]), f"Rule {item['PassageID']}")
                documents[key[0]] += passages[key]
    for row in rows:
        keys = [(item["DocumentID"], item["PassageID"]) for item in row["Passages"]]
        near = [at for document in {key[0] for key in keys} for at in documents[document]]
        into.ask(
            row["Question"], row["Question"], [at for key in keys for at in passages[key]], near
        )


READERS: dict[str, Callable[[Path, Collection], None]] = {
    "selqa": _selqa,
    "clapnq_dev": _clapnq,
    "doc2dial_val": _doc2dial,
    "policyqa": _policyqa,
    "obliqa": _obliqa,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A question and the contexts to score, of which the first `right` answer it."""

    question: str
    contexts: tuple[str, ...]
    right: int

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The pairs to score."""
        return [(self.question, context) for context in self.contexts]


def groups(
    collection: Collection, cap: int, negatives: int, rng: random.Random
) -> tuple[list[Group], list[Group]]:
    """Return training groups, and held-out pools with the number of right ones, put first."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    matrix = words.fit_transform([f"{s.text} {s.title}" for s in collection.sentences]).T.tocsc()
    training: list[Group] = []
    measured: list[Group] = []
    asks = rng.sample(collection.asks, len(collection.asks))
    held = _held_out(collection.asks)
    for turn in range(4):  # a further pass takes another right sentence of the same questions
        for ask in asks:
            if ask.unit in held and turn or ask.unit not in held and len(training) >= cap:
                continue
            similar: np.ndarray = (words.transform([ask.text]) @ matrix).toarray()[0]
            right = sorted(ask.right, key=lambda at: -similar[at])
            near = sorted(ask.near, key=lambda at: -similar[at])
            known = {*ask.right, *ask.near}
            far = [int(at) for at in np.argsort(-similar)[:40] if at not in known][:12]
            if ask.unit in held:
                pool = [*right, *(near + far)[:HELD_OUT_POOL]]
                measured.append(_group(collection, ask, pool, len(right)))
            elif turn < min(len(right), 4):
                hard = rng.sample(near[:8], min(negatives - 2, len(near[:8])))
                rest = [at for at in near if at not in hard]
                hard += rng.sample(rest, min(1, len(rest)))
                hard += rng.sample(far, min(negatives - len(hard), len(far)))
                if len(hard) == negatives:
                    training.append(_group(collection, ask, [right[turn], *hard], 1))
    return training, measured[:HELD_OUT_MEASURED]


def _held_out(asks: Sequence[Ask]) -> set[str]:
    """Return units, in an order that only their names decide, that hold 5 % of the questions."""
    sizes = Counter(ask.unit for ask in asks)
    held: set[str] = set()
    for unit in sorted(sizes, key=lambda name: sha256(name.encode()).hexdigest()):
        if sum(sizes[name] for name in held) >= HELD_OUT * len(asks):
            break
        held.add(unit)
    return held


def _group(collection: Collection, ask: Ask, numbers: Sequence[int], right: int) -> Group:
    contexts = tuple(collection.sentences[at].context for at in numbers)
    return Group(question=ask.text, contexts=contexts, right=right)
