"""BM25 as the Python world usually has it: rank_bm25's BM25Okapi, with its formula and defaults.

Stands in for that package, which is not among the dependencies. Knows no text: words come in.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

K1, B, EPSILON = 1.5, 0.75, 0.25


class Okapi:
    """Scores of texts, given as their words, for a query.

    score = Σ_q idf(q) · f (k1 + 1) / (f + k1 (1 − b + b · length / mean length)), with
    idf(q) = ln((N − n + .5) / (n + .5)), and EPSILON times the mean idf where that is negative.
    """

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        postings: dict[str, list[tuple[int, int]]] = {}
        sizes: list[int] = []
        for at, words in enumerate(texts):
            sizes.append(len(words))
            for word, times in Counter(words).items():
                postings.setdefault(word, []).append((at, times))
        self._postings = {word: np.array(found) for word, found in postings.items()}
        count = len(sizes)
        idf = {w: math.log((count - len(p) + 0.5) / (len(p) + 0.5)) for w, p in postings.items()}
        floor = EPSILON * sum(idf.values()) / max(1, len(idf))
        self._idf = {word: floor if value < 0 else value for word, value in idf.items()}
        length = np.array(sizes, dtype=np.float64)
        self._norm: Array = K1 * (1 - B + B * length / max(length.mean(), 1e-12))

    def scores(self, query: Iterable[str]) -> Array:
        """Return one score per text; a word that stands twice in the query counts twice."""
        total = np.zeros(len(self._norm))
        for word in query:
            if word in self._postings:
                at, times = self._postings[word].T
                total[at] += self._idf[word] * times * (K1 + 1) / (times + self._norm[at])
        return total

    def best(self, query: Iterable[str], limit: int) -> list[int]:
        """Return the places of the best texts, best first, earlier ones first where equal."""
        return [int(at) for at in np.argsort(-self.scores(query), kind="stable")[:limit]]
