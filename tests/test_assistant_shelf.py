"""`assistant sources` and `assistant doctor`: what is withdrawn, known until when, out of date."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from command import make_home
from few_texts import RULE, STATEMENT

from assistant import wording
from assistant.pipeline import today
from assistant.settings import Settings
from assistant.store import Store, open_store
from assistant.surfaces import checkup, shelf, terminal
from sources.split import split
from sources.types import Document

CODE = replace(RULE, id="ecfr:15/744.1", kind="regulation", title="Section 744.1", citation="")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(terminal.out, "width", 200)
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield store
    store.close()


def add(store: Store, *documents: Document) -> None:
    for document in documents:
        store.add(document, split)


def listed(store: Store, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Return the status of each version in the list, by id."""
    shelf.list_documents(store)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()[1:-1]]
    return {line[0]: line[3] for line in lines}


def status(store: Store, id: str, capsys: pytest.CaptureFixture[str]) -> str:
    shelf.show_document(store, id)
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    return next(line[1] for line in lines if line and line[0] == "status")


def test_withdrawn_is_told_from_replaced(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    changed = replace(RULE, text=f"{RULE.text} Or not.", published=date(2024, 8, 1))
    add(store, RULE, changed, STATEMENT)
    second = f"{RULE.id}@2"
    assert listed(store, capsys)[RULE.id] == "replaced"
    assert listed(store, capsys)[second] == "in"  # force
    store.retire([RULE.id, STATEMENT.id], date(2024, 9, 1))
    ended = {RULE.id: "replaced", second: "withdrawn", STATEMENT.id: "withdrawn"}
    assert listed(store, capsys) == ended
    add(store, replace(changed, text="It is back with other words."))
    assert listed(store, capsys)[second] == "replaced"


def test_a_past_text_that_was_loaded_late_is_not_withdrawn(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    past = replace(CODE, text="What was said before.", published=date(2019, 1, 2))
    add(store, CODE, past)
    assert listed(store, capsys) == {CODE.id: "in", f"{CODE.id}@2": "replaced"}
    store.retire([CODE.id], today())
    assert listed(store, capsys) == {CODE.id: "withdrawn", f"{CODE.id}@2": "replaced"}


def test_a_status_is_shown_as_of_the_last_day_on_which_it_is_known(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {"of_kind": "rule", "made": "2024-11-05"}
    summary = replace(RULE, id="lib:lathes", kind="summary", metadata=made)
    proposal = replace(RULE, id="fr:2024-00009", kind="proposed_rule", effective=None)
    undated = Document(id="x:memo", title="A memo", kind="rule", text="Lathes are blue.")
    add(store, RULE, STATEMENT, summary, proposal, undated)
    assert status(store, RULE.id, capsys) == "in force as known on 18 July 2024"
    assert status(store, summary.id, capsys) == "in force as known on 5 November 2024"
    assert status(store, proposal.id, capsys) == "proposed, not law as known on 18 July 2024"
    assert status(store, STATEMENT.id, capsys) == "informational"
    store.set_meta("synced", "2024-10-01T06:00:00+00:00")
    assert status(store, RULE.id, capsys) == "in force as known on 1 October 2024"
    assert status(store, summary.id, capsys) == "in force as known on 5 November 2024"
    assert status(store, undated.id, capsys) == "status not known"
    store.set_meta("synced", f"{today()}T00:00:00+00:00")
    assert status(store, RULE.id, capsys) == "in force"


def test_known_on_is_nothing_without_any_day() -> None:
    undated = Document(id="x:memo", title="A memo", kind="rule", text="Lathes are blue.")
    assert wording.known_on(undated, None) is None
    assert wording.known_on(undated, date(2024, 1, 2)) == date(2024, 1, 2)


def found(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Sequence[str]:
    """Return what doctor says of subscriptions."""
    checkup.run(settings)
    lines = capsys.readouterr().out.splitlines()
    return [" ".join(line.split()) for line in lines if line.split()[1] == "sync"]


def test_doctor_says_when_each_subscription_was_synced(
    tmp_path: Path,
    encoder_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(terminal.out, "width", 2000)
    home = make_home(tmp_path / "home", encoder_home)
    settings = Settings(_env_file=None, home=home, database_url="", stale_after_days=30)  # type: ignore[call-arg]
    assert found(settings, capsys) == []
    file = home / "subscriptions.toml"
    assert not file.exists()

    file.write_text("".join(f'[{name}]\nsource = "ecfr"\n' for name in ("a", "b", "c")))
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    edge, old = (today() - timedelta(days=age) for age in (30, 31))
    store.set_meta("synced:a", f"{edge}T10:00:00+00:00")
    store.set_meta("synced:b", f"{old}T10:00:00+00:00")
    store.close()
    assert found(settings, capsys) == [
        f"ok sync a: {edge}, 30 days ago",
        f"look sync b: {old}, 31 days ago",
        "look sync c: never; `assistant sync` does it",
    ]
    assert not checkup.run(settings)

    capsys.readouterr()
    file.write_text("[a", encoding="utf-8")
    (line,) = found(settings, capsys)
    assert line.startswith("look sync") and "is not TOML" in line
