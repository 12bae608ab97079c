"""The rules of the code base, as tests: imports, owners of libraries, sizes, documentation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.settings import Settings
from sources.readers import READERS

ROOT = Path(__file__).parents[1]
PACKAGES = ("sources", "assistant", "eval")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
OWNERS = {
    "sqlalchemy": {
        "store.py",
        "rows.py",
        "tables.py",
        "database.py",
        "checkup.py",
        "marks.py",
        "vector_cache.py",
        "answers.py",
        "index_notes.py",
        "meta.py",
    },
    "chromadb": {"index.py"},
    "tantivy": {"lexical.py"},
    "onnxruntime": {"embeddings.py", "encoder_export.py"},
    "torch": {"encoder_export.py", "cross_encoder.py", "train_answers.py"},
    "sentence_transformers": {"encoder_export.py"},
    "gradio": {"web.py"},
    "fastapi": {"rest.py", "web.py", "server.py"},
    "rich": {"terminal.py", "shelf.py", "checkup.py"},
    "trafilatura": {"readers.py"},
    "httpx": {"web.py", "response.py", "addresses.py"},
    "feedparser": {"feed_entries.py"},
    "langchain_chroma": {"speed.py", "retrievers.py"},
    "sklearn": {"fit_ranking.py", "answer_groups.py"},
}
NOT_BELOW = {"sources": ("assistant", "eval"), "assistant": ("eval",), "eval": ()}


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield (module, at module level) of every import in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = set(tree.body)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node in top
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node in top


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way_and_libraries_have_owners(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    for module, _ in imports(path):
        root = module.split(".")[0]
        assert root not in NOT_BELOW[package], f"{path.name} imports {module}"
        if root in OWNERS:
            assert path.name in OWNERS[root], f"{path.name} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} in {path.name}"


def test_the_story_of_a_question_fits_a_page() -> None:
    assert (ROOT / "assistant/pipeline.py").read_text(encoding="utf-8").count("\n") <= 100


def test_surfaces_do_not_import_one_another_but_the_command_line_and_the_server() -> None:
    for path in (ROOT / "assistant/surfaces").glob("*.py"):
        others = {m for m, _ in imports(path) if m.startswith("assistant.surfaces")}
        if path.name not in ("cli.py", "server.py"):
            assert others <= {"assistant.surfaces.terminal"}, path.name


def test_the_builtin_eval_is_never_shadowed() -> None:
    for path in [*FILES, *(ROOT / "tests").glob("*.py")]:
        assert not any(
            module == "eval" or module.endswith(".eval") for module, _ in imports(path)
        ), path.name
    assert not any((ROOT / "tests" / name).exists() for name in PACKAGES)


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`ASSISTANT_{name.upper()}`" in page
        assert field.description
        assert field.description in page


def test_every_readable_suffix_is_in_the_readme() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    main = {".txt", ".md", ".html", ".pdf", ".docx"}
    assert main <= READERS.keys()
    assert all(f"`{suffix}`" in page for suffix in main)


def test_constraints_are_exact_pins_without_addresses() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9._]+", line), line
