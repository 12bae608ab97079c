"""How well a judge agrees with people, set by set, beside published figures.

The sets are those of `eval.labelled`, in one folder that is given. Supported pairs stand against
all others; what the figures mean is said in `eval.benches.agreement` and
`eval.benches.preference`. A set that the judge was trained on tells nothing of it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

import click

from assistant.types import Verdict
from eval.benches.agreement import agreement
from eval.benches.preference import Gaps, between_people, gaps_of, with_people
from eval.benches.public_data import sample, write_json
from eval.benches.published import PUBLISHED
from eval.errors import EvalError
from eval.failures import failures
from eval.judges import JUDGES, Means
from eval.judges.options import JUDGE_MODEL, JUDGE_URL
from eval.labelled import SETS
from eval.labelled.pairs import Pair
from eval.labelled.ragchecker import (
    ASPECTS,
    FILE,
    OWN_FILE,
    Preference,
    read_own,
    read_preferences,
)
from eval.stats import Estimate
from eval.types import Judge, Judgement, Unscored

PREFERENCES = "ragchecker"
FILES = {name: labelled.file for name, labelled in SETS.items()} | {PREFERENCES: FILE}
_JUDGES = [name for name in JUDGES if name not in ("human", "none")]
_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_NOTE = """\
balanced accuracy: by the judge's own verdicts, one threshold for every set
*: threshold or calibration fitted on the other half of the groups
intervals: 95 %, bootstrap over groups
published: V read in the project's own files, S quoted by others"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a judge did on a set: line → figure → value, and why some could not be judged.

    A line with one figure only calls it "".
    """

    name: str
    title: str
    size: Mapping[str, int]
    lines: Mapping[str, Mapping[str, Estimate]]
    unscored: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is read of the folder, before anything is judged; `own` is RAGChecker's own figures."""

    pairs: Mapping[str, Sequence[Pair]]
    preferences: Sequence[Preference]
    own: Mapping[int, Gaps]


Tell = Callable[[int, int], None]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--judge", "kind", type=click.Choice(_JUDGES), default="similarity", show_default=True
)
@JUDGE_MODEL
@JUDGE_URL
@click.option("--set", "wanted", multiple=True, type=click.Choice(list(FILES)), help="Only these.")
@click.option("--limit", type=click.IntRange(1), help="So many of each set, drawn, always alike.")
@click.option("--verdicts", type=_FILE, help="Where verdicts are kept: verdicts.jsonl in --home.")
@click.option("--home", type=_FOLDER, help="Folder of the encoder; default: ASSISTANT_HOME.")
@click.option("--json", "out", type=_FILE, help="Write the figures here too.")
def judge(
    folder: Path,
    kind: str,
    judge_model: str,
    judge_url: str,
    wanted: tuple[str, ...],
    limit: int | None,
    verdicts: Path | None,
    home: Path | None,
    out: Path | None,
) -> None:
    """A judge beside people's labels: the folders of WiCE, ExpertQA and others are in FOLDER.

    Verdicts are kept by content: stopped half-way, the same command goes on from there.
    """
    from assistant.settings import Settings
    from assistant.surfaces.terminal import progress, say
    from eval.judges.remembered import Remembered

    with failures():
        asked = [name for name in FILES if name in (wanted or FILES)]
        names = [name for name in asked if (folder / FILES[name]).exists()]
        left_out = [name for name in asked if name not in names]
        for name in left_out:
            say(f"{name} is left out: {str(folder)!r} holds no {FILES[name]}.")
        if not names:
            raise EvalError(f"None of the sets is in {str(folder)!r}: nothing to measure on.")
        held = read(folder, names, limit)
        where = (home or Settings().home).expanduser().resolve()
        made = JUDGES[kind](Means(home=where, model=judge_model, url=judge_url))
        kept = verdicts or where / "verdicts.jsonl"
        kept.parent.mkdir(parents=True, exist_ok=True)
        known = Remembered(made, kept)
        click.echo(f"Judge: {known.name}")
        results: list[Measured] = []
        for name in names:
            with progress(f"Judging {name}") as bar:
                results.append(measure(name, held, known, bar))
            click.echo(f"\n{text(results[-1])}")
        click.echo(f"\n{_NOTE}")
        say(f"The judge was asked {known.asked} times; verdicts are in {str(kept)!r}.")
        if out is not None:
            facts = {"judge": known.name, "limit": limit, "left_out": left_out}
            write_json(out, {**facts, "sets": {item.name: as_json(item) for item in results}})


def read(folder: Path, names: Sequence[str], limit: int | None) -> Held:
    """Return the sets, or `limit` rows of each. Raises CasesError for the first bad row."""
    preferences, own = (), {}
    if PREFERENCES in names:
        preferences = tuple(read_preferences(folder / FILE))
        own = read_own(folder / OWN_FILE) if (folder / OWN_FILE).exists() else {}
    pairs = {name: tuple(SETS[name].read(folder / FILES[name])) for name in names if name in SETS}
    return Held(
        pairs={name: sample(rows, limit) for name, rows in pairs.items()},
        preferences=sample(preferences, limit),
        own=own,
    )


def measure(name: str, held: Held, judge: Judge, tell: Tell) -> Measured:
    """Return the judge's figures on a set."""
    if name == PREFERENCES:
        return on_preferences(held, judge, tell)
    return on_pairs(name, held.pairs[name], judge, tell)


def on_pairs(name: str, pairs: Sequence[Pair], judge: Judge, tell: Tell) -> Measured:
    """Return the agreement with labels; what could not be judged is counted and left out."""
    kept: list[tuple[Pair, Judgement]] = []
    reasons: Counter[str] = Counter()
    for at, pair in enumerate(pairs):
        tell(at, len(pairs))
        said = judge.judge(pair.premise, pair.claim)
        if isinstance(said, Unscored):
            reasons[said.reason] += 1
        else:
            kept.append((pair, said))
    figures = agreement([pair for pair, _ in kept], [said for _, said in kept])
    counted = Counter(pair.verdict for pair in pairs)
    labels = {verdict: counted[verdict] for verdict in get_args(Verdict) if counted[verdict]}
    return Measured(
        name=name,
        title=SETS[name].title,
        size={"pairs": len(pairs), "groups": len({pair.group for pair in pairs}), **labels},
        lines={figure: {"": value} for figure, value in figures.items()},
        unscored=reasons,
    )


def on_preferences(held: Held, judge: Judge, tell: Tell) -> Measured:
    """Return the agreement with preferences, of RAGChecker and of the other person beside it."""
    gaps: dict[int, Gaps] = {}
    reasons: Counter[str] = Counter()
    for at, preference in enumerate(held.preferences):
        tell(at, len(held.preferences))
        gap = gaps_of(preference, judge)
        if isinstance(gap, Unscored):
            reasons[gap.reason] += 1
        else:
            gaps[preference.id] = gap
    found = {
        "this judge": with_people(held.preferences, gaps),
        "RAGChecker itself": with_people(held.preferences, held.own),
        "the other person": between_people(held.preferences),
    }
    return Measured(
        name=PREFERENCES,
        title="RAGChecker's human preferences",
        size={"pairs of answers": len(held.preferences)},
        lines={
            f"{aspect}, {who}": figures[aspect]
            for aspect in ASPECTS
            for who, figures in found.items()
            if aspect in figures
        },
        unscored=reasons,
    )


def text(made: Measured) -> str:
    """Return a set's figures to be read, with what others published."""
    size = ", ".join(f"{count:,} {what}" for what, count in made.size.items())
    lines = [f"{made.title} ({made.name}): {size}"]
    for line, figures in made.lines.items():
        cells = (f"{name} {_figure(value)}".strip() for name, value in figures.items())
        lines.append(f"  {line:<32}{'   '.join(cells)}")
    if made.unscored:
        lines.append(f"  not judged, and in no figure: {made.unscored.total()}")
        lines += [f"    {count}: {reason}" for reason, count in made.unscored.most_common(5)]
    others = PUBLISHED.get(made.name)
    if others:
        lines.append(f"  published [{others.tag}], {others.protocol}: {others.why}")
        lines += [f"    {name}: {figures}" for name, figures in others.systems.items()]
    return "\n".join(lines)


def as_json(made: Measured) -> dict[str, Any]:
    """Return the same for a program."""
    others = PUBLISHED.get(made.name)
    return {
        "title": made.title,
        **made.size,
        "figures": {
            f"{line}: {name}" if name else line: asdict(value)
            for line, figures in made.lines.items()
            for name, value in figures.items()
        },
        "unscored": dict(made.unscored),
        "published": asdict(others) if others else None,
    }


def _figure(value: Estimate) -> str:
    return f"{value.mean:.3f} [{value.low:.3f}, {value.high:.3f}]"
