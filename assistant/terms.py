"""Words → terms: the one analysis that the lexical index, the questions and the scoring share.

Lower case, accents folded, British spelling made American, stemmed with Snowball; numbers, section
numbers and control numbers kept whole ("744.11", "5a002", "50").
"""

import re
import threading
import unicodedata
from functools import lru_cache
from importlib.resources import files

_WORD = re.compile(r"\b[A-Za-z]:\d+\b|\d+(?:[.,]\d+)+|[^\W_]+(?:'[a-z]+)?", re.UNICODE)

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
    return stem(word)


def words(text: str) -> list[str]:
    """Return the words of `text` as they stand, in lower case and in order, stop words left out."""
    found = (word.lower() for word in _WORD.findall(text.replace("’", "'")))
    return [word for word in found if word not in stop_words()]


def terms(text: str) -> list[str]:
    """Return the terms of `text` in order, stop words left out."""
    return [term(word) for word in words(text)]


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Return the words that say nothing of what a text is about (`data/stop_words.txt`)."""
    text = files("assistant").joinpath("data/stop_words.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


_MINE = threading.local()


def stem(word: str) -> str:
    """Return the stem of a word. A stemmer keeps state while it works: each thread has its own."""
    if not hasattr(_MINE, "stemmer"):
        import snowballstemmer

        _MINE.stemmer = snowballstemmer.stemmer("english")
    return str(_MINE.stemmer.stemWord(word))


def _fold(word: str) -> str:
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c)) or word
