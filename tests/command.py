"""The `assistant` command as a person runs it: a process with a home folder of its own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from assistant.build import build
from assistant.pipeline import Assistant
from assistant.settings import Settings

COMMAND = str(Path(sys.executable).with_name("assistant"))
PATIENCE = 180.0
"""Seconds that one command may take on a busy machine."""

MEMO = """Orion Widgets added to the Control Register

Posted: March 3, 2024

The Bureau of Example Affairs added Orion Widgets to the Control Register on March 3, 2024.
The Bureau acted because Orion Widgets shipped 42 restricted lathes to Ruritania without a license.
"""
WHY = "Why was Orion Widgets added to the Control Register?"
BECAUSE = "because Orion Widgets shipped 42 restricted lathes"


def make_home(folder: Path, encoder_home: Path) -> Path:
    """Return a new home folder that shares the exported encoder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoders").symlink_to(encoder_home / "encoders")
    return folder


def environment(home: Path, given: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    return {**kept, "ASSISTANT_HOME": str(home), "COLUMNS": "2000", **given}


def start(home: Path, *words: str | Path, **given: str) -> subprocess.Popen[str]:
    """Start a command. Its folder is empty of settings, and Ctrl-C reaches it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # else an ignored one is inherited
    return subprocess.Popen(
        [COMMAND, *map(str, words)],
        env=environment(home, given),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(home: Path, *words: str | Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    process = start(home, *words, **given)
    out, err = finish(process)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    try:
        return process.communicate(timeout=PATIENCE)
    finally:
        process.kill()


def done(home: Path, *words: str | Path, **given: str) -> str:
    """Run a command that must succeed; returns what it printed."""
    result = run(home, *words, **given)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def wait_for(process: subprocess.Popen[str], seen: Callable[[], bool]) -> None:
    """Wait until `seen`, or until the process ends."""
    limit = time.monotonic() + PATIENCE
    while process.poll() is None and not seen():
        assert time.monotonic() < limit, "nothing happened"
        time.sleep(0.005)


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    """Return rows of the store of a home, none while there is no store."""
    if not (home / "store.sqlite").exists():
        return []
    connection = sqlite3.connect(home / "store.sqlite", timeout=30)
    try:
        return connection.execute(query).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []
        raise
    finally:
        connection.close()


def count(home: Path, table: str) -> int:
    found = rows(home, f"SELECT count(*) FROM {table}")
    return int(str(found[0][0])) if found else 0


def opened(home: Path, say: Callable[[str], None] = lambda message: None) -> Assistant:
    """Return an assistant in this process, on the home of the commands."""
    return build(Settings(_env_file=None, home=home, database_url=""), say)  # type: ignore[call-arg]


def still_answers(home: Path) -> None:
    """Check that what MEMO says is answered."""
    assistant = opened(home)
    try:
        said = [claim.text for claim in assistant.ask(WHY).claims]
    finally:
        assistant.library.close()
    assert any(BECAUSE in text for text in said), said


def firms(folder: Path, numbers: Iterable[int], words: str = "") -> None:
    """Write one short text about each of some made-up firms into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        name = firm(number)
        text = (
            f"{name} named in a notice\n\n"
            f"The Bureau of Example Affairs placed {name} on the Control Register because {name} "
            f"sold {number + 100} turbines to Ruritania. {words}\n\n"
            f"Every export of turbines to {name} needs a permit from the Bureau. {words}\n"
        )
        (folder / f"firm-{number:02}.txt").write_text(text, encoding="utf-8")


def firm(number: int) -> str:
    """Return a name that no other number has."""
    first = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel")
    second = ("Foundry", "Harbor", "Mill", "Quarry", "Smelter", "Tannery")
    return f"{first[number % 8]} {second[number // 8]}"
