"""Words become the same terms whoever asks, and however many ask at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.terms import stem, stop_words, terms

STEMS = [f"{first}{last}" for first in "bcdfgklmnprst" for last in ("orat", "ulat", "enic", "ison")]
WORDS = [f"{each}{end}" for each in STEMS for end in ("ing", "ations", "ed", "es", "ly")]


def test_words_are_stemmed_alike_in_every_thread() -> None:
    alone = [stem(word) for word in WORDS]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: [stem(word) for word in WORDS], range(24)))
    assert all(stems == alone for stems in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the licences of Huawei's", ["licens", "huawei"]),
        ("ECCN 5A002 and § 744.11", ["eccn", "5a002", "744.11"]),
        ("Country Group D:5", ["countri", "group", "d:5"]),
        ("1,250 São Paulo firms", ["1250", "sao", "paulo", "firm"]),
    ],
)
def test_terms(text: str, found: list[str]) -> None:
    assert terms(text) == found


def test_stop_words_are_data() -> None:
    assert {"the", "of", "what"} <= stop_words()
    assert "license" not in stop_words()
