"""Whatever a service or subscriptions.toml does wrong: it is said, and the next sync completes."""

import re
import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn, cast

import pytest
from click.testing import CliRunner
from command import count, make_home, run
from conftest import ENCODER
from loopback import Loopback, Reply
from services import (
    COUNTS,
    KINDS,
    NO_STARTER,
    RULES,
    Services,
    bodies,
    bring,
    kinds,
    rule,
    subscribe,
)

from assistant.embeddings import Encoder, load_encoder
from assistant.errors import BadSubscription
from assistant.library import Library
from assistant.store import open_store
from assistant.subscriptions import read_subscriptions
from assistant.surfaces.cli import main
from assistant.sync import note_synced
from sources import fr_api
from sources.registry import LOADERS
from sources.web import Web

PAGE = Reply(body=b"<!doctype html><html><p>Sorry, maintenance.</p></html>")
BUSY = Reply(status=429, body=b"<html>slow down</html>")  # no Retry-After
GATEWAY = Reply(status=504, body=b"<html><h1>504 Gateway Time-out</h1></html>")
CUT = None  # the true body is cut off

LISTINGS = {
    "rules": "/documents.json",
    "ear": "/titles.json",
    "parties": "/consolidated.csv",
    "news": "/feed",
}
BODIES = {"rules": "/full_text/", "ear": "/full/", "news": "/news/lathes"}
"""What of a path tells that it is of a subscription: what there is to load, and what is loaded."""


@pytest.fixture(scope="module")
def encoder(encoder_home: Path) -> Encoder:
    return load_encoder(ENCODER, encoder_home)


@pytest.fixture
def home(tmp_path: Path, encoder_home: Path, server: Loopback) -> Path:
    """A home that subscribes to everything."""
    home = make_home(tmp_path / "home", encoder_home)
    subscribe(home, server.url)
    return home


@pytest.fixture
def library(home: Path, encoder: Encoder) -> Iterator[Library]:
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    library = Library(home, store, encoder, lambda message: None)
    yield library
    library.close()


def all_but(name: str) -> dict[str, int]:
    return {other: number for other, number in COUNTS.items() if other != name}


def completes(library: Library, home: Path) -> None:
    """Check that a sync now brings what is missing, and that the one after it has nothing to do."""
    assert all(each.complete for each in bring(library, home).values())
    assert kinds(library) == KINDS
    assert all(library.store.meta(f"synced:{name}") for name in COUNTS)
    again = bring(library, home)
    assert all(each.complete and not each.stored.new for each in again.values())


# Services that fail


@pytest.mark.parametrize("reply", [BUSY, GATEWAY, CUT], ids=["429", "504", "cut off"])
def test_what_fails_twice_and_then_goes_well_is_no_failure(
    library: Library, home: Path, services: Services, reply: Reply | None
) -> None:
    asked = [*LISTINGS.values(), *BODIES.values(), "/structure/", "/versions/"]
    if reply is not None:
        asked.append("/robots.txt")  # there is none: nothing to cut off
    for path in asked:
        services.fail(path, reply, times=2)
    slept: list[float] = []
    done = bring(library, home, sleep=slept.append)
    assert services.left() == 0
    assert all(each.complete for each in done.values())
    assert {name: len(each.stored.new) for name, each in done.items()} == COUNTS
    assert kinds(library) == KINDS
    assert sum(seconds > 0.4 for seconds in slept) >= 2 * len(asked), "it did not back off"


@pytest.mark.parametrize("reply", [BUSY, GATEWAY, CUT, PAGE], ids=["429", "504", "cut off", "HTML"])
@pytest.mark.parametrize("name", LISTINGS)
def test_a_list_that_cannot_be_had_is_said_and_does_not_stop_the_others(
    library: Library, home: Path, services: Services, name: str, reply: Reply | None
) -> None:
    services.down(LISTINGS[name], reply)
    done = bring(library, home)
    assert {other: len(done[other].stored.new) for other in all_but(name)} == all_but(name)
    assert all(done[other].complete for other in all_but(name))
    failed = done[name]
    assert (failed.complete, failed.offered, failed.refused) == (False, 0, 0)
    ((where, why),) = failed.stored.problems
    assert where.startswith(name) and LISTINGS[name] in why
    assert library.store.meta(f"synced:{name}") is None
    services.recover()
    completes(library, home)


@pytest.mark.parametrize("reply", [BUSY, GATEWAY, CUT], ids=["429", "504", "cut off"])
@pytest.mark.parametrize("name", BODIES)
def test_a_text_that_cannot_be_had_is_had_next_time_without_what_is_there(
    library: Library, home: Path, services: Services, name: str, reply: Reply | None
) -> None:
    lost = {"rules": "/2024-00102", "ear": "/full/", "news": "/news/lathes"}[name]
    services.down(lost, reply)
    failed = bring(library, home)[name]
    assert not failed.complete
    assert all(where.startswith(f"{name}: ") for where, _ in failed.stored.problems)
    assert any(lost in why for _, why in failed.stored.problems)
    assert library.store.meta(f"synced:{name}") is None
    stored = len(failed.stored.new)
    assert stored == {"rules": 2, "ear": 0, "news": 0}[name]
    services.recover()
    services.sent.clear()
    done = bring(library, home)[name]
    assert (done.complete, done.known) == (True, stored)
    assert len(done.stored.new) == COUNTS[name] - stored
    assert all(lost in path or "/secret" in path for path in bodies(services.sent))
    completes(library, home)


def test_a_list_that_ends_half_way_keeps_what_it_brought(
    library: Library, home: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fr_api, "PER_PAGE", 2)
    services.down("/api/v1/documents?", GATEWAY)  # the pages after the first have no ".json"
    failed = bring(library, home, "rules")["rules"]
    assert (failed.complete, failed.offered, len(failed.stored.new)) == (False, 2, 2)
    services.recover()
    done = bring(library, home, "rules")["rules"]
    assert (done.complete, done.known, len(done.stored.new)) == (True, 2, 1)
    completes(library, home)


def test_a_service_that_is_gone_is_said_and_found_again(
    library: Library, home: Path, server: Loopback
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    subscribe(home, nobody)
    for name, failed in bring(library, home).items():
        ((where, why),) = failed.stored.problems
        assert name in where and nobody in why and "again later" in why
        assert not failed.complete
    assert library.store.meta("synced") is None
    subscribe(home, server.url)
    completes(library, home)


def test_the_command_reports_a_service_that_stays_down_and_does_the_others(
    home: Path, server: Loopback, services: Services, library: Library
) -> None:
    elsewhere = server.url.replace("127.0.0.1", "localhost")  # a host of its own waits alone
    changes = {"rules": {"base_url": f"{elsewhere}/api/v1"}}
    subscribe(home, server.url, "rules", "parties", **changes)
    services.down("/documents.json", GATEWAY)
    shown = run(home, "sync", **NO_STARTER)
    assert shown.returncode == 1
    assert re.search(r"Error: rules: http.*documents\.json.*504.*4 times", shown.stderr)
    assert "rules: 0 offered, 0 new" in shown.stdout and "1 failed." in shown.stdout
    assert "parties: 3 offered, 3 new" in shown.stdout
    assert "Traceback" not in shown.stderr
    assert count(home, "indexed") == COUNTS["parties"]
    services.recover()
    done = bring(library, home)
    assert done["rules"].complete and len(done["rules"].stored.new) == COUNTS["rules"]


# The register's own oddities


def test_a_list_over_the_services_limit_comes_in_full(
    library: Library, home: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fr_api, "MOST", 20)
    monkeypatch.setattr(fr_api, "PER_PAGE", 5)
    register = services.register
    register.most = 20
    register.entries += [rule(f"2024-{n:05}", f"2024-{n % 9 + 1:02}-07") for n in range(50)]
    assert len(bring(library, home, "rules")["rules"].stored.new) == 50 + len(RULES)
    again = bring(library, home, "rules")["rules"]
    assert (again.complete, again.known, again.offered) == (True, 53, 53)


def test_pages_that_begin_again_are_not_taken_for_a_full_list(
    library: Library, home: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fr_api, "PER_PAGE", 2)
    services.register.endless = True
    services.register.entries += [rule(f"2024-{n:05}", "2024-04-07") for n in range(101)]
    failed = bring(library, home, "rules")["rules"]
    assert not failed.complete
    assert "lists again" in failed.stored.problems[-1][1]
    assert len(failed.stored.new) == 100, "page 51 is page 1"
    monkeypatch.setattr(fr_api, "PER_PAGE", 1000)
    services.register.endless = False
    done = bring(library, home, "rules")["rules"]
    assert (done.complete, done.known, len(done.stored.new)) == (True, 100, 4)


def test_a_search_without_a_hit_is_complete(library: Library, home: Path, server: Loopback) -> None:
    subscribe(home, server.url, "rules", rules={"term": "nothing is called so"})
    done = bring(library, home)["rules"]
    assert (done.complete, done.offered, done.stored.problems) == (True, 0, ())
    assert library.store.meta("synced:rules")


def test_a_refused_page_is_said_once_and_does_not_keep_its_feed_from_being_complete(
    library: Library, home: Path, services: Services
) -> None:
    news = bring(library, home, "news")["news"]
    assert (news.complete, news.offered, news.refused, len(news.stored.new)) == (True, 2, 1, 1)
    ((where, why),) = news.stored.problems
    assert where.startswith("news: ") and "/news/secret" in where and "not free to read" in why
    times = {name: library.store.meta(f"synced:{name}") for name in ("news", "rules")}
    assert times["news"] and times["rules"] is None
    subscriptions = read_subscriptions(home)
    note_synced(library, subscriptions)
    assert library.store.synced() is None, "the others were never synced"
    note_synced(library, [each for each in subscriptions if each.name == "news"])
    assert library.store.meta("synced") == times["news"]
    again = bring(library, home, "news")["news"]
    assert (again.complete, again.offered, again.stored.problems) == (True, 0, ())
    services.site.articles = {"/news/turbines": True, **services.site.articles}
    third = bring(library, home, "news")["news"]
    assert (third.complete, third.known, third.refused, len(third.stored.new)) == (True, 1, 1, 1)


# Subscriptions that cannot be used


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[ear\nsource = 1", r"is not TOML: .*line 1"),
        ('source = "ecfr"', r"'source' in .* is not a table"),
        ("[[ear]]\nsource = 'ecfr'", r"'ear' in .* is not a table"),
        ("[mine]\nsource = 'the moon'", r"'mine' has source = 'the moon'; use .*ecfr"),
        ("[mine]\nsource = ['ecfr']", r"'mine' has source = \['ecfr'\]; use one of"),
        ("[mine]\nparts = ['744']", r"'mine' has source = None; use one of .*feed"),
        ("[mine]\nsource = 'ecfr'", r"No subscription 'ear' .*; there are: mine"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(
    tmp_path: Path, written: str, told: str
) -> None:
    file = tmp_path / "subscriptions.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(BadSubscription, match=told) as raised:
        read_subscriptions(tmp_path, ["ear"])
    assert "subscriptions.toml" in str(raised.value) or "mine" in str(raised.value)
    assert file.read_text(encoding="utf-8") == written


def test_bytes_that_are_no_text_are_said_to_be_no_toml(tmp_path: Path) -> None:
    (tmp_path / "subscriptions.toml").write_bytes(b"[ear]\nsource = '\xff'")
    with pytest.raises(BadSubscription, match="is not TOML"):
        read_subscriptions(tmp_path)


@pytest.mark.parametrize("name", COUNTS)
def test_an_unknown_option_is_named_and_the_other_subscriptions_are_done(
    library: Library, home: Path, server: Loopback, name: str
) -> None:
    subscribe(home, server.url, **{name: {"colour": "green"}})
    done = bring(library, home)
    ((where, why),) = done[name].stored.problems
    assert name in where and "colour" in why
    assert not done[name].complete
    assert {other: len(done[other].stored.new) for other in all_but(name)} == all_but(name)


def test_the_command_says_what_is_wrong_with_the_file_and_loses_nothing(
    home: Path, library: Library
) -> None:
    bring(library, home, "parties")
    file = home / "subscriptions.toml"
    kept = file.read_text(encoding="utf-8")
    file.write_text(f"{kept}[ear", encoding="utf-8")
    shown = run(home, "sync", **NO_STARTER)
    assert shown.returncode == 1
    assert "is not TOML" in shown.stderr and str(file) in shown.stderr
    assert "Traceback" not in shown.stderr
    assert file.read_text(encoding="utf-8") == f"{kept}[ear"
    file.write_text(kept, encoding="utf-8")
    completes(library, home)


def test_a_name_that_is_not_subscribed_is_said_with_those_that_are(
    home: Path, library: Library
) -> None:
    bring(library, home, "parties")
    shown = CliRunner().invoke(
        main, ["sync", "moon"], env={"ASSISTANT_HOME": str(home), **NO_STARTER}
    )
    assert (shown.exit_code, shown.exception.__class__) == (1, SystemExit)
    assert "No subscription 'moon'" in shown.stderr and "rules, ear, parties, news" in shown.stderr
    assert count(home, "documents") == COUNTS["parties"]


@pytest.mark.parametrize("every", ["", "0m", "6", "6w", "-1h", "1.5h", "99999h"])
def test_a_time_between_rounds_that_is_none_is_wrong_usage(every: str) -> None:
    shown = CliRunner().invoke(main, ["sync", "--every", every])
    assert shown.exit_code == 2
    assert "write it as 30m, 6h or 1d" in shown.output and repr(every) in shown.output


class Asked(Exception):
    """What a loader has asked for: its options are good."""


class Nobody:
    """A client that is never answered."""

    def get(self, url: str, **_: object) -> NoReturn:
        raise Asked(url)


def test_the_file_written_on_first_use_names_sources_and_options_that_there_are(
    tmp_path: Path,
) -> None:
    home = tmp_path / "new" / "home"
    first = read_subscriptions(home)
    written = (home / "subscriptions.toml").read_text(encoding="utf-8")
    assert {each.name for each in first} == set(tomllib.loads(written)) != set()
    assert {each.source for each in first} >= {"federal_register", "ecfr", "screening_list"}
    for each in first:
        with pytest.raises(Asked, match="^https://"):
            list(LOADERS[each.source](each.options, cast(Web, Nobody()), {}))
    assert read_subscriptions(home) == first
    commented = " ".join(line for line in written.splitlines() if line.startswith("#"))
    assert all(name in commented for name in LOADERS)
    (home / "subscriptions.toml").write_text("[mine]\nsource = 'ecfr'\n", encoding="utf-8")
    assert [each.name for each in read_subscriptions(home)] == ["mine"]
