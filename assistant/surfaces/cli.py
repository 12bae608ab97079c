"""The `assistant` command. Reads words, calls the core, renders results and errors.

Exit status: 0 done, 1 the work failed, 2 wrong usage. Heavy imports happen inside the commands.
"""

import json
import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.errors import AssistantError, BadQuestion
from sources.errors import BadMetadata, SourceError
from sources.heading import parse_date
from sources.types import KINDS, Kind

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from assistant.settings import Settings


class Day(click.ParamType):
    """A date on the command line."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Return the date, or fail with the form that is wanted."""
        try:
            return value if isinstance(value, date) else parse_date(value)
        except BadMetadata as error:
            self.fail(str(error), param, ctx)


class Every(click.ParamType):
    """A length of time on the command line: 30m, 6h, 1d."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> timedelta:
        """Return the length, or fail with the form that is wanted."""
        match = re.fullmatch(r"([1-9]\d{0,3})([mhd])", str(value))
        if match is None:
            self.fail(f"{value!r} is not a time; write it as 30m, 6h or 1d.", param, ctx)
        unit = {"m": "minutes", "h": "hours", "d": "days"}[match[2]]
        return timedelta(**{unit: int(match[1])})


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="export-policy-assistant")
def main() -> None:
    """Ask about United States export policy; every answer quotes its sources.

    \b
    assistant add memo.pdf articles/     give it sources (files and folders)
    assistant ask "Is Huawei on the Entity List?"
    assistant serve                      the same in a browser, on http://127.0.0.1:7860

    State lives in one folder: set ASSISTANT_HOME to choose it. `assistant doctor` shows it.
    """


@main.command()
@click.argument("question")
@click.option("--as-of", type=Day(), help="Answer as of this date (YYYY-MM-DD); today if left out.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these kinds.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON and nothing else.")
def ask(question: str, as_of: date | None, kinds: tuple[Kind, ...], as_json: bool) -> None:
    """Answer one QUESTION, with its sources beneath.

    \b
    assistant ask "Why was Kaspersky put on the Entity List?"
    assistant ask "Is the affiliates rule in force?" --as-of 2025-10-15
    """
    with _failures():
        answer = _ready().ask(question, as_of=as_of, kinds=kinds)
        if as_json:
            from assistant.wire import as_json as wire_json

            click.echo(json.dumps(wire_json(answer), ensure_ascii=False, indent=1))
        else:
            from assistant.surfaces import terminal

            terminal.show(answer)


@main.command()
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="Answers, JSONL.")
def answer(questions: Path, out: Path) -> None:
    """Answer a file of QUESTIONS (JSON lines), in order, into another.

    A line is {"id", "question", "as_of": null or "YYYY-MM-DD", "history": [earlier questions]}.
    Stopped half-way, the same command goes on where it was.
    """
    from assistant.surfaces import batch, terminal

    with _failures():
        asked = batch.read_questions(questions, _settings().max_question_chars)
        done = batch.answers_so_far(out, asked)
        assistant = _ready()
        with terminal.progress("Answering") as bar:
            batch.run(assistant, asked, out, done, bar)
    terminal.say(f"{len(asked)} answers in {out}, {done} of them from before.")


@main.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--kind", type=click.Choice(KINDS), help="What kind of text this is.")
@click.option("--publisher", default="", help="Who published it.")
@click.option("--published", type=Day(), help="When it was published (YYYY-MM-DD).")
@click.option("--title", default="", help="Its title.")
@click.option("--url", default="", help="Where the original is.")
def add(
    paths: tuple[str, ...],
    kind: Kind | None,
    publisher: str,
    published: date | None,
    title: str,
    url: str,
) -> None:
    """Add files, folders and pages: .txt .md .html .pdf .docx, .jsonl records, Federal Register and
    eCFR .xml, screening list .csv, and web addresses.

    \b
    assistant add rules/ statement.html
    assistant add https://www.bis.gov/press-release/…
    assistant add memo.pdf --kind guidance --publisher BIS --published 2024-07-18

    Adding the same text again changes nothing; changed text becomes a new version. Stopped
    half-way, the same command goes on where it was.
    """
    from assistant.ingest import add_files, add_pages, joined
    from assistant.surfaces import terminal
    from sources.files import Given
    from sources.web import Web

    given = Given(kind=kind, publisher=publisher, published=published, title=title, url=url)
    with _failures():
        settings = _settings()
        assistant = _build(settings)
        with terminal.progress("Reading") as bar:
            library, max_bytes = assistant.library, settings.max_file_mb * 1_000_000
            web = [path for path in paths if path.startswith(("http://", "https://"))]
            files = [Path(path) for path in paths if path not in web]
            report = add_files(library, files, given, max_bytes=max_bytes, progress=bar)
            with Web(contact=settings.contact, max_bytes=max_bytes) as client:
                report = joined(report, add_pages(library, web, given, client, progress=bar))
        _sync(assistant)
        for where, why in report.problems:
            terminal.complain(why if where in why else f"{where}: {why}")
        click.echo(
            f"{len(report.new)} new, {len(report.new_versions)} new versions, "
            f"{len(report.unchanged)} unchanged, {len(report.problems)} not read."
        )
        if report.problems:
            sys.exit(1)


@main.command()
@click.argument("subscriptions", nargs=-1)
@click.option("--every", type=Every(), help="Go on, starting anew after this long: 6h, 30m, 1d.")
def sync(subscriptions: tuple[str, ...], every: timedelta | None) -> None:
    """Bring SUBSCRIPTIONS (all, if none is named) up to date.

    They stand in subscriptions.toml in the home folder; the first sync writes that file, with BIS
    rules and notices, the EAR and the screening list. What is unchanged is not fetched again.
    Stopped half-way, the same command goes on where it was.
    """
    from assistant.subscriptions import read_subscriptions
    from assistant.surfaces import syncing
    from assistant.sync import note_synced

    with _failures():
        settings = _settings()
        assistant = _build(settings)
        _load_starter(assistant, settings)
        while True:
            well = syncing.run(assistant, settings, subscriptions)
            home = settings.home.expanduser().resolve()
            note_synced(assistant.library, read_subscriptions(home))
            if every is None:
                break
            syncing.wait(every)
    if not well:
        sys.exit(1)


@main.group(invoke_without_command=True)
@click.pass_context
def sources(context: click.Context) -> None:
    """Show what the assistant knows: list (default), show ID, remove ID."""
    if context.invoked_subcommand is None:
        context.invoke(list_sources)


@sources.command("list")
def list_sources() -> None:
    """List all documents with kind, date and status today."""
    from assistant.surfaces import shelf

    with _failures():
        shelf.list_documents(_open_store())


@sources.command()
@click.argument("id")
def show(id: str) -> None:
    """Print one document with its status today and its history."""
    from assistant.surfaces import shelf

    with _failures():
        shelf.show_document(_open_store(), id)


@sources.command()
@click.argument("id")
def remove(id: str) -> None:
    """Remove a document, all versions, from answers."""
    with _failures():
        assistant = _build(_settings())
        gone = assistant.library.store.remove(id)
        _sync(assistant)
        click.echo(f"Removed {', '.join(gone)}.")


@main.command()
def rebuild() -> None:
    """Make both indexes anew from the store."""
    from assistant.surfaces import terminal

    with _failures():
        assistant = _build(_settings())
        with terminal.progress("Indexing") as bar:
            assistant.library.rebuild(bar)
        documents, passages = assistant.library.store.counts()
        click.echo(f"Indexed {passages} passages of {documents} documents.")


@main.command()
def doctor() -> None:
    """Say what is configured, reachable and out of date. Prints no secret."""
    from assistant.surfaces import checkup

    with _failures():
        if not checkup.run(_settings()):
            sys.exit(1)


@main.command()
@click.option("--host", help="Address to listen on [default: 127.0.0.1].")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on [default: 7860].")
def serve(host: str | None, port: int | None) -> None:
    """Serve the chat, REST and their documentation in one process."""
    from assistant.surfaces import server

    with _failures():
        settings = _settings()
        assistant = _build(settings)
        _load_starter(assistant, settings)
        _sync(assistant)
        server.run(assistant, host or settings.host, settings.port if port is None else port)


# -- what the commands share ---------------------------------------------------------------------


def _settings() -> "Settings":
    from pydantic import ValidationError

    from assistant.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"ASSISTANT_{first['loc'][0]}".upper()
        raise click.UsageError(f"{name} is {first['input']!r}: {first['msg']}.") from error


def _build(settings: "Settings") -> "Assistant":
    from assistant.build import build
    from assistant.surfaces import terminal

    return build(settings, terminal.say)


def _ready() -> "Assistant":
    """Return an assistant with its indexes up to date; an empty one gets the starter library."""
    settings = _settings()
    assistant = _build(settings)
    if assistant.library.store.counts() == (0, 0):
        _load_starter(assistant, settings)
    _sync(assistant)
    return assistant


def _load_starter(assistant: "Assistant", settings: "Settings") -> None:
    from assistant.starter import load_starter
    from assistant.surfaces import terminal

    if settings.starter_library and load_starter(assistant.library):
        terminal.say("Loaded the starter library.")


def _sync(assistant: "Assistant") -> None:
    from assistant.surfaces import terminal

    if assistant.library.pending():
        with terminal.progress("Indexing") as bar:
            assistant.library.sync(bar)


def _open_store() -> Any:
    from assistant.build import store_url
    from assistant.store import open_store

    return open_store(store_url(_settings()))


@contextmanager
def _failures() -> Generator[None]:
    from assistant.surfaces import terminal

    try:
        yield
    except BadQuestion as error:
        raise click.UsageError(str(error)) from error
    except (AssistantError, SourceError) as error:
        terminal.complain(str(error))
        sys.exit(2 if isinstance(error, BadMetadata) else 1)
    except KeyboardInterrupt:
        terminal.complain(
            "Interrupted. What was done is kept; the same command goes on from there."
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
