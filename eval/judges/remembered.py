"""A judge that never judges the same pair twice: verdicts kept on disk by content.

One JSON line for each verdict, keyed by the judge's name and both texts. Unscored is not kept: it
may be another time that it can be judged.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import get_args

from assistant.types import Verdict
from eval.types import Judge, Judgement, Unscored


class Remembered:
    """`judge`, asked only what `path` does not hold. `asked` counts how often it was."""

    def __init__(self, judge: Judge, path: Path) -> None:
        self.name = judge.name
        self.asked = 0
        self._judge = judge
        self._path = path
        self._known = _read(path)

    def judge(self, premise: str, claim: str) -> Judgement | Unscored:
        """Return the kept verdict, or ask and keep it."""
        key = sha256(f"{self.name}\0{premise}\0{claim}".encode()).hexdigest()[:32]
        known = self._known.get(key)
        if known is not None:
            return known
        self.asked += 1
        said = self._judge.judge(premise, claim)
        if isinstance(said, Judgement):
            self._known[key] = said
            row = {"key": key, "verdict": said.verdict, "score": said.score}
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        return said


def _read(path: Path) -> dict[str, Judgement]:
    """Return the verdicts of a file; a line cut short by a kill is asked again."""
    known: dict[str, Judgement] = {}
    if not path.exists():
        return known
    text = path.read_text(encoding="utf-8")
    if text and not text.endswith("\n"):
        path.write_text(text[: text.rfind("\n") + 1], encoding="utf-8")
    for line in text.splitlines():
        try:
            row = json.loads(line)
            if row["verdict"] in get_args(Verdict):
                known[row["key"]] = Judgement(verdict=row["verdict"], score=row["score"])
        except (ValueError, KeyError, TypeError):
            continue
    return known
