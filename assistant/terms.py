"""Words → terms: the one analysis that the lexical index, the questions and the scoring share.

Lower case, accents folded, British spelling made American, stemmed with Snowball; numbers, section
numbers and control numbers kept whole ("744.11", "5a002", "50").
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"\b[A-Za-z]:\d+\b|\d+(?:[.,]\d+)+|[^\W_]+(?:'[a-z]+)?", re.UNICODE)

STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "above",
        "after",
        "again",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "below",
        "between",
        "both",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "done",
        "down",
        "during",
        "each",
        "either",
        "else",
        "ever",
        "every",
        "few",
        "for",
        "from",
        "further",
        "get",
        "gets",
        "give",
        "given",
        "got",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "hers",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "itself",
        "just",
        "let",
        "may",
        "me",
        "might",
        "more",
        "most",
        "much",
        "must",
        "my",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "per",
        "please",
        "same",
        "shall",
        "she",
        "should",
        "so",
        "some",
        "such",
        "tell",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "upon",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "say",
        "says",
        "said",
        "according",
        "really",
        "exactly",
        "take",
        "takes",
        "taken",
        "took",
        "taking",
        "happen",
        "happens",
        "happened",
    ]
)

_SPELLING = (
    (re.compile(r"licence"), "license"),
    (re.compile(r"defence"), "defense"),
    (re.compile(r"programme"), "program"),
    (re.compile(r"cheque"), "check"),
    (re.compile(r"centre"), "center"),
    (re.compile(r"fibre"), "fiber"),
    (re.compile(r"(\w{2,}[lrntdmcv])is(e|es|ed|ing|ation|ations)$"), r"\1iz\2"),
    (re.compile(r"(\w{2,})our(s|ed|ing|able)?$"), r"\1or\2"),
)
_KEEP = frozenset(
    [
        "advise",
        "otherwise",
        "rise",
        "raise",
        "precise",
        "exercise",
        "enterprise",
        "promise",
        "supervise",
        "hour",
        "four",
        "our",
        "your",
        "pour",
        "tour",
        "sour",
        "devise",
        "revise",
        "franchise",
        "merchandise",
        "surprise",
        "comprise",
        "noise",
        "wise",
        "expertise",
    ]
)


@lru_cache(maxsize=200_000)
def term(word: str) -> str:
    """Return the term of one word."""
    word = _fold(word.lower()).removesuffix("'s")
    if word[0].isdigit():
        return word.replace(",", "")
    if word not in _KEEP:
        for pattern, replacement in _SPELLING:
            word = pattern.sub(replacement, word)
    return str(_stemmer().stemWord(word))


def terms(text: str) -> list[str]:
    """Return the terms of `text` in order, stop words left out."""
    words = _WORD.findall(text.replace("’", "'"))
    return [term(word) for word in words if word.lower() not in STOP_WORDS]


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def _fold(word: str) -> str:
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c)) or word
