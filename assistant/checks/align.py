"""The units of a claim beside those of a quote: what is in both, in order, and what differs.

A weighted longest common subsequence: a word of content weighs more than one that only joins, and
what follows at once upon another match weighs a little more. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checks.strength import Said
from assistant.checks.units import same

_CONTENT, _LIGHT, _ADJACENT = 3.0, 0.7, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What stands between two matches next to one another: the claim's words and the quote's, these
    as far as they are in the sentence of one of the matches."""

    claimed: tuple[Said, ...]
    quoted: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """`pairs` are (claim, quote) indices that match, rising in both."""

    claimed: tuple[Said, ...]
    quoted: tuple[Said, ...]
    pairs: tuple[tuple[int, int], ...]

    def matches(self) -> tuple[tuple[Said, Said], ...]:
        """Return what is in both."""
        return tuple((self.claimed[i], self.quoted[j]) for i, j in self.pairs)

    def gaps(self) -> tuple[Gap, ...]:
        """Return what differs, in order."""
        edges = [(-1, -1), *self.pairs, (len(self.claimed), len(self.quoted))]
        found: list[Gap] = []
        for (i, j), (k, m) in zip(edges, edges[1:], strict=False):
            if k - i > 1 or m - j > 1:
                here = {self.quoted[at].sentence for at in (j, m) if 0 <= at < len(self.quoted)}
                quoted = tuple(q for q in self.quoted[j + 1 : m] if q.sentence in here)
                found.append(Gap(claimed=self.claimed[i + 1 : k], quoted=quoted))
        return tuple(found)


def align(claimed: Sequence[Said], quoted: Sequence[Said]) -> Alignment:
    """Return the heaviest alignment; of equal ones, that which matches early in the quote."""
    n, m = len(claimed), len(quoted)
    weights = [[_weight(one, other) for other in quoted] for one in claimed]
    # best[i][j]: of claimed[i:] and quoted[j:]; run[i][j]: the same when they begin with a match
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    run = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            if weights[i][j]:
                follows = run[i + 1][j + 1]
                after = max(best[i + 1][j + 1], follows + _ADJACENT if follows else 0.0)
                run[i][j] = weights[i][j] + after
            best[i][j] = max(run[i][j], best[i + 1][j], best[i][j + 1])
    return Alignment(claimed=tuple(claimed), quoted=tuple(quoted), pairs=_path(best, run, n, m))


def _path(
    best: list[list[float]], run: list[list[float]], n: int, m: int
) -> tuple[tuple[int, int], ...]:
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < n and j < m:
        if run[i][j] and (run[i][j] >= best[i][j] or _goes_on(pairs, i, j, best, run)):
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j + 1] >= best[i + 1][j]:
            j += 1
        else:
            i += 1
    return tuple(pairs)


def _goes_on(
    pairs: list[tuple[int, int]],
    i: int,
    j: int,
    best: list[list[float]],
    run: list[list[float]],
) -> bool:
    """Whether a match that follows at once upon the last one is worth its bonus."""
    return bool(pairs) and pairs[-1] == (i - 1, j - 1) and run[i][j] + _ADJACENT >= best[i][j]


def _weight(one: Said, other: Said) -> float:
    if not same(one.unit, other.unit):
        return 0.0
    return _LIGHT if one.is_light else _CONTENT
