"""What `assistant sync` prints where nobody watches: one line for each thing, nothing twice."""

from pathlib import Path

import pytest
from command import done, make_home, run
from loopback import Loopback
from services import NO_STARTER, Services, subscribe

from assistant.surfaces import terminal

NARROW = {**NO_STARTER, "COLUMNS": "80"}


def test_each_problem_is_one_line_with_each_name_once(tmp_path: Path, encoder_home: Path) -> None:
    home = make_home(tmp_path / "home", encoder_home)
    with Loopback(Services().answer) as server:
        long = f"{server.url}/{'very-' * 60}long/end.html"
        subscribe(home, server.url, "parties", "ear", "news", ear={"colour": "green"})
        with (home / "subscriptions.toml").open("a", encoding="utf-8") as file:
            file.write(f'[mine]\nsource = "page"\nurls = ["{long}"]\n')
        shown = run(home, "sync", **NARROW)
        secret = f"{server.url}/news/secret"
    assert shown.returncode == 1
    ear, news, mine = shown.stderr.splitlines()
    assert ear.startswith("Error: ear: ") and ear.count("ear:") == 1 and "colour" in ear
    assert news.startswith(f"Error: news: {secret}: ") and news.count(secret) == 1
    assert mine.startswith(f"Error: mine: {server.url}/very-") and mine.count("http") == 1
    assert "…" in mine and "long/end.html: the server answered 404" in mine and len(mine) < 200
    assert [line.split(":")[0] for line in shown.stdout.splitlines()] == [
        *("parties", "ear", "news", "mine")
    ]
    assert all(line.endswith(" failed.") for line in shown.stdout.splitlines())


def test_an_empty_list_of_subscriptions_is_said_with_what_to_do(
    tmp_path: Path, encoder_home: Path
) -> None:
    home = make_home(tmp_path / "home", encoder_home)
    file = home / "subscriptions.toml"
    file.write_text("# nothing yet\n", encoding="utf-8")
    shown = done(home, "sync", **NARROW)
    (line,) = shown.splitlines()
    assert str(file) in line and "Add a table" in line and "delete the file" in line


def test_a_bar_prints_nothing_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with terminal.progress("Reading") as bar:
        bar(1, 2, "memo.txt")
    terminal.complain("word " * 40)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [f"Error: {'word ' * 40}"]
