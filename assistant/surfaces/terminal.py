"""Answers, progress and errors on a terminal, with rich. Knows no store and no question.

Nothing that is printed through `out` and `err` can order the terminal about.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from assistant import wording
from assistant.render import facts, supported
from assistant.types import Answer
from sources.text import collapse, visible


class _Harmless(RenderHook):
    """Rich lets escape sequences in texts through; this lets them through from rich only."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """Return what is to be printed so that its texts are printed without what is not seen."""
        return [_Visible(each) for each in renderables]


@dataclass(frozen=True, slots=True)
class _Visible:
    renderable: ConsoleRenderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self.renderable, options):
            yield segment if segment.control else segment._replace(text=visible(segment.text))


out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
out.push_render_hook(_Harmless())
err.push_render_hook(_Harmless())


def say(message: str) -> None:
    """Tell the person something that is not part of the result."""
    err.print(Text(message, style="dim"), soft_wrap=not err.is_terminal)


def complain(message: str) -> None:
    """Tell the person what went wrong."""
    text = Text(f"Error: {message}", style="bold red")
    err.print(text, soft_wrap=not err.is_terminal)  # in a file, one line is one error


@contextmanager
def progress(label: str) -> Generator["Bar"]:
    """Show a bar on stderr while the block runs; nothing where that is no terminal."""
    columns = (
        TextColumn("{task.description}", markup=False),  # a file may be called "[bold]"
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, disable=not sys.stderr.isatty()) as bar:
        yield Bar(bar, label)


class Bar:
    """One line of progress: call it with (done, total)."""

    def __init__(self, bar: Progress, label: str) -> None:
        self._bar, self._label = bar, label
        self._task = bar.add_task(label, total=None)

    def __call__(self, done: int, total: int | None, name: str = "") -> None:
        """Show that `done` of `total` are done, now at `name`."""
        label = f"{self._label} {wording.shorten(visible(name), 40)}".rstrip()
        self._bar.update(self._task, completed=done, total=total, description=label)


def show(answer: Answer) -> None:
    """Print an answer to be read: notices, claims, numbered sources beneath."""
    for notice in answer.notices:
        out.print(Text(f"! {notice.text}", style="yellow"))
        out.print()
    if not answer.claims:
        out.print(
            Text(wording.NOT_IN_SOURCES if answer.evidence else wording.NO_SOURCES, style="bold")
        )
        if answer.evidence:
            out.print("The closest texts, which do not answer it:")
        for document in answer.closest:
            when = wording.day(document.published) if document.published else "undated"
            title = wording.shorten(collapse(document.title), 100)
            out.print(Text(f"  - {title} ({wording.KIND_NAMES[document.kind]}, {when})"))
        return
    for claim in answer.claims:
        numbers = " ".join(f"[{citation.number}]" for citation in claim.citations)
        out.print(Text.assemble(claim.text, " ", (numbers, "cyan")))
        out.print()
    out.print(Text(f"As of {wording.day(answer.as_of)} · {supported(answer)}", style="dim"))
    out.print()
    for citation in (c for claim in answer.claims for c in claim.citations):
        title = collapse(citation.document.title) or citation.document.id
        out.print(Text.assemble((f"[{citation.number}] ", "cyan"), (title, "bold")))
        lines = [facts(citation, answer), citation.document.url, f"“{collapse(citation.quote)}”"]
        for line in filter(None, lines):
            out.print(Padding(Text(line), (0, 0, 0, 4)))
