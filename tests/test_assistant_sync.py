"""`assistant sync` against services that answer as the real ones do: complete, once, resumed."""

import json
import random
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from command import count, done, finish, make_home, opened, rows, run, start, wait_for
from csl_service import PATH, Row, as_csv, row
from ecfr_service import text
from loopback import Loopback
from services import (
    ACME,
    COUNTS,
    KINDS,
    KITE,
    MILL,
    NO_STARTER,
    PARTIES,
    Services,
    bodies,
    bring,
    kinds,
    rule,
    subscribe,
)

from assistant.index import VectorIndex
from assistant.lexical import LexicalIndex
from assistant.pipeline import Assistant
from assistant.types import Answer

MANY = 150


@pytest.fixture
def home(tmp_path: Path, encoder_home: Path) -> Path:
    return make_home(tmp_path / "home", encoder_home)


@pytest.fixture
def assistant(home: Path, server: Loopback) -> Iterator[Assistant]:
    """An assistant on a home that subscribes to everything and has nothing yet."""
    subscribe(home, server.url)
    assistant = opened(home)
    yield assistant
    assistant.library.close()


def parties(number: int) -> list[Row]:
    return [row("EL", f"Firm {n} of Atlantis", start_date="2020-02-03") for n in range(number)]


def line(name: str, offered: int, new: int, unchanged: int = 0, refused: int = 0) -> str:
    """Return what the command prints of a subscription."""
    return (
        f"{name}: {offered} offered, {new} new, 0 new versions, {unchanged} unchanged, "
        f"0 gone, {refused} refused, 0 failed."
    )


def versions(home: Path) -> dict[object, tuple[object, ...]]:
    """Return (version, digest of the text, last day exclusive) of every version, by id."""
    query = "SELECT id, version, sha256, replaced_on FROM documents"
    return {id: rest for id, *rest in map(tuple, rows(home, query))}


def seen_in(answer: Answer) -> set[str]:
    return {evidence.document.id for evidence in answer.evidence}


def all_is_there_once(home: Path, documents: int) -> None:
    """Check that nothing is missing and nothing is twice, in the store and in both indexes."""
    assert count(home, "documents") == documents
    assert rows(home, "SELECT id FROM documents WHERE version > 1 OR replaced_on NOTNULL") == []
    passages = count(home, "passages")
    assert rows(home, "SELECT count(DISTINCT document || start) FROM passages") == [(passages,)]
    assert count(home, "indexed") == documents
    for index in (VectorIndex(home / "index" / "vectors"), LexicalIndex(home / "index" / "words")):
        assert index.count() == passages


def test_a_first_sync_brings_everything_and_a_second_asks_only_what_there_is(
    home: Path, server: Loopback, services: Services
) -> None:
    subscribe(home, server.url)
    first = run(home, "sync", **NO_STARTER)
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[:3] == [line(name, n, n) for name, n in COUNTS.items()][:3]
    assert line("news", 2, 1, refused=1) in first.stdout
    assert "/news/secret" in first.stderr and "not free to read" in first.stderr
    all_is_there_once(home, len(KINDS))
    assert len(bodies(services.sent)) == 8  # 3 of the register, 2 parts, a list, 2 articles

    before, vectors, asked = versions(home), count(home, "vectors"), len(server.requests)
    services.sent.clear()
    second = done(home, "sync", **NO_STARTER)
    assert second.splitlines()[:4] == [
        line("rules", 3, 0, unchanged=3),
        line("ear", 4, 0, unchanged=4),
        line("parties", 0, 0),
        line("news", 0, 0),
    ]
    assert [request.path.split("/")[-1] for request in server.requests[asked:]] == [
        *("documents.json", "titles.json", "title-15.json", "consolidated.csv", "feed")
    ]
    assert bodies(services.sent) == []
    assert (versions(home), count(home, "vectors")) == (before, vectors)

    shown = json.loads(done(home, "ask", "Is Acme Trading on the Entity List?", "--json"))
    assert shown["outcome"] == "answered"
    assert shown["claims"][0]["citations"][0]["document"]["id"] == f"csl:EL-{ACME['_id']}"
    assert shown["provenance"]["synced"][:10] == datetime.now(UTC).date().isoformat()


def test_each_document_is_what_its_service_says_despite_dashes_and_nulls(
    assistant: Assistant, home: Path
) -> None:
    bring(assistant.library, home)
    assert kinds(assistant.library) == KINDS
    store = assistant.library.store
    dashed = store.document("fr:2024-00101").document
    assert (dashed.published, dashed.effective) == (date(2024, 3, 4), date(2024, 3, 10))
    assert "2024\u201300101" in dashed.text or "2024-00101" in dashed.text
    nulls = store.document("fr:2024-00102").document
    assert nulls.effective is None
    assert "null" not in nulls.citation + nulls.title + nulls.publisher + str(nulls.metadata)
    assert store.document("ecfr:15/744.11").document.published == date(2022, 9, 9)
    assert store.document(f"csl:EL-{KITE['_id']}").document.published == date(2022, 2, 3)


def test_only_what_changed_is_fetched_stored_and_embedded(
    assistant: Assistant, home: Path, services: Services
) -> None:
    library = assistant.library
    bring(library, home)
    library.sync()
    before, vectors = versions(home), count(home, "vectors")
    services.code.amend(
        text("744.11", "<P>(a) A license is required, always.</P>", "2024-06-03", head="Listed."),
        text("744.1", "", "2024-06-03", head="General.", removed=True),
    )
    services.register.entries.append(rule("2024-00104", "2024-03-07"))
    stricter = dict(ACME, license_policy="Policy of denial")
    services.parties.publish(as_csv([stricter, MILL, PARTIES[3]]))
    services.sent.clear()

    done = bring(library, home)
    acme, kite = f"csl:EL-{ACME['_id']}", f"csl:EL-{KITE['_id']}"
    assert done["rules"].stored.new == ("fr:2024-00104",)
    assert done["ear"].stored.new_versions == ("ecfr:15/744.11@2",)
    assert done["parties"].stored.new_versions == (f"{acme}@2",)
    assert {name: each.gone for name, each in done.items() if each.gone} == {"ear": 1, "parties": 1}
    assert [done[name].known for name in ("rules", "ear", "parties")] == [3, 2, 1]
    assert [path.split("/")[-1] for path in bodies(services.sent)] == [
        *("2024-00104.xml", "title-15.xml", "consolidated.csv")
    ]

    after, today = versions(home), datetime.now(UTC).date()
    assert after.keys() - before.keys() == {"fr:2024-00104", "ecfr:15/744.11@2", f"{acme}@2"}
    assert {id: after[id][2] for id in before if after[id] != before[id]} == {
        "ecfr:15/744.11": "2024-06-03",
        "ecfr:15/744.1": today.isoformat(),
        acme: "2019-05-21",
        kite: today.isoformat(),
    }
    library.sync()
    new = "'" + "', '".join(map(str, after.keys() - before.keys())) + "'"
    assert vectors < count(home, "vectors")
    assert rows(
        home, f"SELECT count(*) <= (SELECT count(*) FROM passages WHERE document IN ({new})) + "
        f"{vectors} FROM vectors"
    ) == [(1,)]  # fmt: skip

    assert all(not each.stored.new for each in bring(library, home).values())
    assert versions(home) == after


def test_a_delisted_party_was_on_the_list_until_yesterday(
    assistant: Assistant, home: Path, services: Services
) -> None:
    bring(assistant.library, home, "parties")
    services.parties.publish(as_csv([ACME, MILL]))
    assert bring(assistant.library, home, "parties")["parties"].gone == 1
    assistant.library.sync()
    today, asked = datetime.now(UTC).date(), "Is Kite Optics on the Entity List?"
    kite = f"csl:EL-{KITE['_id']}"
    assert kite not in seen_in(assistant.ask(asked, as_of=today))
    yesterday = assistant.ask(asked, as_of=today - timedelta(days=1))
    cited = {each.document.id for claim in yesterday.claims for each in claim.citations}
    assert kite in cited


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"license_policy": "Policy of denial"},
    ],
)
def test_a_party_that_is_listed_again_is_found_again(
    assistant: Assistant, home: Path, services: Services, change: dict[str, str]
) -> None:
    for listed in (PARTIES, [ACME, MILL], [ACME, dict(KITE, **change), MILL]):
        services.parties.publish(as_csv(listed))
        done = bring(assistant.library, home, "parties")["parties"]
        assert done.complete
    assistant.library.sync()
    today, asked = datetime.now(UTC).date(), "Is Kite Optics on the Entity List?"
    found = {id.split("@")[0] for id in seen_in(assistant.ask(asked, as_of=today))}
    assert f"csl:EL-{KITE['_id']}" in found


def test_killed_again_and_again_it_goes_on_and_nothing_is_twice(
    home: Path, server: Loopback, services: Services
) -> None:
    services.parties.publish(as_csv(parties(MANY)))
    subscribe(home, server.url, "parties", "ear", ear={"parts": [744]})
    texts = MANY + COUNTS["ear"] - 1
    chance = random.Random()
    first, second = chance.randrange(5, 45), chance.randrange(75, 115)
    points: list[Callable[[], bool]] = [
        lambda: count(home, "documents") >= first,
        lambda: count(home, "documents") >= second,
        lambda: any("/full/" in path for path in server.paths()),
        lambda: count(home, "vectors") > 0,
    ]
    reached: list[tuple[int, ...]] = []
    for point in points:
        process = start(home, "sync", **NO_STARTER)
        wait_for(process, point)
        process.kill()
        finish(process)
        assert process.returncode == -signal.SIGKILL, "it was done before it was killed"
        reached.append(tuple(count(home, t) for t in ("documents", "marks", "vectors", "indexed")))
    print(f"killed at {first} and {second}; documents, marks, vectors, indexed: {reached}")
    assert 0 < reached[0][0] < reached[1][0] < MANY <= reached[2][0], "no kill met a part of a list"
    assert any(marks < stored for stored, marks, *_ in reached), "no kill met an unnoted document"
    assert 0 == reached[2][3] <= reached[3][3] < texts, "no kill met indexes behind the store"
    done(home, "sync", **NO_STARTER)
    all_is_there_once(home, texts)
    services.sent.clear()
    assistant = opened(home)
    again = bring(assistant.library, home)
    assert not assistant.library.pending()
    assistant.library.close()
    assert all(each.complete and not each.stored.new for each in again.values())
    assert bodies(services.sent) == []


def test_interrupted_it_says_that_the_same_command_goes_on(
    home: Path, server: Loopback, services: Services
) -> None:
    services.parties.publish(as_csv(parties(MANY)))
    subscribe(home, server.url, "parties")
    process = start(home, "sync", **NO_STARTER)
    wait_for(process, lambda: count(home, "documents") >= 20)
    process.send_signal(signal.SIGINT)
    _, err = finish(process)
    assert process.returncode == 1
    assert "the same command goes on" in err and "Traceback" not in err
    kept = count(home, "documents")
    assert 20 <= kept < MANY
    assert count(home, "marks") == kept, "what is stored was not noted"
    assistant = opened(home)
    done = bring(assistant.library, home)["parties"]
    assistant.library.close()
    assert (done.complete, done.known, len(done.stored.new)) == (True, kept, MANY - kept)


def test_what_was_not_yet_retired_when_it_stopped_is_retired_next_time(
    assistant: Assistant, home: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> int:
        raise KeyboardInterrupt

    bring(assistant.library, home, "parties")
    services.parties.publish(as_csv([ACME, MILL]))
    with monkeypatch.context() as patched:
        patched.setattr(assistant.library.store, "retire", stop)
        with pytest.raises(KeyboardInterrupt):
            bring(assistant.library, home, "parties")
    assert bring(assistant.library, home, "parties")["parties"].gone == 1


def test_every_waits_for_the_next_round_and_ends_on_ctrl_c(home: Path, server: Loopback) -> None:
    subscribe(home, server.url, "parties")
    process = start(home, "sync", "--every", "1m", **NO_STARTER)
    assert process.stderr is not None
    heard = next((words for words in process.stderr if "Next sync at" in words), "")
    then = datetime.strptime(heard.split("at ")[1][:16], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert timedelta(0) <= then - datetime.now(UTC) + timedelta(minutes=1) <= timedelta(minutes=2)
    assert server.paths() == [PATH]
    assert count(home, "documents") == count(home, "indexed") == COUNTS["parties"]
    process.send_signal(signal.SIGINT)
    _, err = finish(process)
    assert process.returncode == 1
    assert "the same command goes on" in err and "Traceback" not in err
