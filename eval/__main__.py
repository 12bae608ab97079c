"""`python -m eval`: run, score, report, compare, bench. Reads words, calls, renders errors.

Exit status: 0 done, 1 a regression with --fail-on-regression or a broken gate, 2 wrong usage or
runs that cannot be compared, 3 the harness failed.
"""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eval.benches import BENCHES
from eval.failures import failures
from eval.judges import JUDGES, Means
from eval.judges.options import JUDGE_MODEL, JUDGE_URL
from eval.mutations import MUTATIONS
from sources.types import KINDS, Kind

if TYPE_CHECKING:
    from eval.folder import Folder

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_HOME = click.option(
    "--home", type=_FOLDER, help="Folder of the library and the encoder; default: ASSISTANT_HOME."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Measure how grounded answers are: of this assistant, or of any other system.

    \b
    python -m eval run eval/data/library.jsonl -o runs/base    cases → answers
    python -m eval score runs/base                             answers → scores
    python -m eval report runs/base                            scores → report.html, .md, .json
    python -m eval compare runs/base runs/new                  what changed, and is it chance

    docs/evaluation.md says what every figure means and what other systems' answers look like.
    """


@main.command()
@click.argument("cases", type=_FILE, nargs=-1, required=True)
@click.option("-o", "--out", type=_FOLDER, required=True, help="Folder of this run.")
@_HOME
@click.option(
    "--documents",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="Files or folders to add to the library of --home first.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="For cases without; today.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these kinds.")
@click.option(
    "--workers",
    type=click.IntRange(1, 32),
    default=2,
    show_default=True,
    help="Questions asked at a time.",
)
@click.option(
    "--mutate",
    "mutation",
    type=click.Choice(list(MUTATIONS)),
    default=None,
    help="Put this fault into the assistant first, to see which figures fall.",
)
def run(
    cases: tuple[Path, ...],
    out: Path,
    home: Path | None,
    documents: tuple[Path, ...],
    as_of: datetime | None,
    kinds: tuple[Kind, ...],
    workers: int,
    mutation: str | None,
) -> None:
    """Answer the cases of one or more files with this assistant.

    Stopped half-way, the same command goes on from there.
    """
    from assistant.pipeline import today
    from assistant.surfaces import terminal
    from eval.folder import Folder, open_folder, read_all
    from eval.run import describe, ready, unfindable
    from eval.run import run as answer

    with failures():
        questions = read_all(cases)
        assistant = ready(_home(home), terminal.say, documents)
        lost = unfindable(assistant, questions)
        if lost:
            terminal.say(
                f"{len(lost)} cases name gold documents that this library does not hold "
                f"({', '.join(lost[:5])} …): they cannot be answered right."
            )
        day = as_of.date() if as_of else _as_of(Folder(out)) or today()
        was = describe(assistant, questions, day, kinds, mutation or "")
        folder = open_folder(out, questions, was)
        asked = MUTATIONS[mutation](assistant) if mutation else assistant
        with terminal.progress("Answering") as bar:
            made = answer(asked, questions, folder, workers, bar)
        assistant.library.close()
    terminal.say(f"{len(questions)} answers in {folder.answers}, {made} of them new.")


@main.command()
@click.argument("folder", type=_FOLDER)
@click.option("--cases", type=_FILE, help="With --answers: the cases they answer.")
@click.option("--answers", type=_FILE, help="Answers of another system (docs/evaluation.md).")
@click.option("--judge", type=click.Choice(list(JUDGES)), default="similarity", show_default=True)
@click.option("--labels", type=_FILE, help="Labels of people, for --judge human.")
@JUDGE_MODEL
@JUDGE_URL
@click.option("--verdicts", type=click.Path(path_type=Path), help="Where verdicts are kept.")
@_HOME
def score(
    folder: Path,
    cases: Path | None,
    answers: Path | None,
    judge: str,
    labels: Path | None,
    judge_model: str,
    judge_url: str,
    verdicts: Path | None,
    home: Path | None,
) -> None:
    """Score the answers in FOLDER, or those of another system, taken into FOLDER.

    Verdicts are kept beside FOLDER by content: nothing is judged twice.
    """
    from assistant.surfaces import terminal
    from eval.answers import read_answers
    from eval.claims import rows, write_claims
    from eval.folder import Folder, take_answers
    from eval.judges.remembered import Remembered
    from eval.score import score as score_all
    from eval.score import write_scores

    if (cases is None) != (answers is None):
        raise click.UsageError("--cases and --answers belong together.")
    with failures():
        if cases is not None and answers is not None:
            take_answers(folder, cases, answers)
        where = Folder(folder)
        where.run()
        questions = where.questions()
        responses = read_answers(where.answers, questions)
        means = Means(home=_home(home), labels=labels, model=judge_model, url=judge_url)
        asked = JUDGES[judge](means)
        known = Remembered(asked, verdicts or folder.resolve().parent / "verdicts.jsonl")
        with terminal.progress("Scoring") as bar:
            write_scores(where.scores, score_all(questions, responses, known, bar))
        write_claims(where.claims, rows(responses, known))
    terminal.say(f"Scores in {where.scores}; judge: {known.name}, asked {known.asked} times.")


@main.command()
@click.argument("folder", type=_FOLDER)
@click.option("--against", type=_FOLDER, help="An older run, to show what changed.")
@click.option("--gate", type=_FILE, help="gates.toml: exit status 1 when one of them is broken.")
def report(folder: Path, against: Path | None, gate: Path | None) -> None:
    """Write summary.json, report.md and report.html (one file, no outside request) into FOLDER.

    With --gate also junit.xml; margins of a gate are those to the run given with --against.
    """
    from assistant.surfaces import terminal
    from eval.compare import compare as compare_runs
    from eval.folder import Folder, replace_text
    from eval.gate import check, junit, read_gates
    from eval.report import as_json
    from eval.report import report as make
    from eval.report_html import page
    from eval.report_text import report_markdown

    with failures():
        made = make(Folder(folder))
        changed = compare_runs(Folder(against), Folder(folder)) if against else None
        summary = json.dumps(as_json(made), ensure_ascii=False, indent=1) + "\n"
        replace_text(folder / "summary.json", summary)
        replace_text(folder / "report.md", report_markdown(made))
        checks = check(read_gates(gate), made, changed) if gate else ()
        replace_text(folder / "report.html", page(made, changed, checks))
        if checks:
            replace_text(folder / "junit.xml", junit(checks, made.run))
    terminal.say(f"Report in {folder / 'report.html'}.")
    broken = [line for item in checks for line in item.broken]
    for line in broken:
        terminal.complain(line)
    if broken:
        sys.exit(1)


@main.command()
@click.argument("old", type=_FOLDER)
@click.argument("new", type=_FOLDER)
@click.option("--fail-on-regression", is_flag=True, help="Exit 1 if a metric is worse.")
def compare(old: Path, new: Path, fail_on_regression: bool) -> None:
    """Print what changed from run OLD to run NEW, as Markdown.

    Refuses (exit status 2) runs whose cases, library, as-of date or judge differ.
    """
    from eval.compare import compare as compare_runs
    from eval.folder import Folder
    from eval.report_text import comparison_markdown

    with failures():
        found = compare_runs(Folder(old), Folder(new))
    click.echo(comparison_markdown(found), nl=False)
    if fail_on_regression and any(row.worse for row in found.compared):
        sys.exit(1)


@main.command()
@click.argument("folder", type=_FOLDER)
@click.argument("out", type=_FOLDER)
def baseline(folder: Path, out: Path) -> None:
    """Keep in OUT what `compare` needs of the scored run in FOLDER: values, and no text."""
    from assistant.surfaces import terminal
    from eval.folder import Folder, keep_run
    from eval.score import read_scores, write_values

    with failures():
        was, scored = Folder(folder).run(), read_scores(Folder(folder).scores)
        kept = keep_run(out, was)
        write_values(kept.scores, scored)
    terminal.say(f"Kept {kept.scores.stat().st_size // 1024} kB in {out}.")


@main.group()
def bench() -> None:
    """Measure speed, or a part against labelled data."""


for _name, _bench in BENCHES.items():
    bench.add_command(_bench, _name)


def _home(home: Path | None) -> Path:
    from assistant.settings import Settings

    return (home or Settings().home).expanduser().resolve()


def _as_of(folder: "Folder") -> date | None:
    """Return the as-of date of a run that is there already, so that it goes on with the same."""
    if not (folder.path / "run.json").exists():
        return None
    return date.fromisoformat(folder.run().as_of)


if __name__ == "__main__":
    main()
