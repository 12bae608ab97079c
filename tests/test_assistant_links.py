"""A text is linked to the stored texts that it cites."""

from assistant.links import refers_to
from sources.types import Document

NAMES = {
    "fr:2020-11111": ("85 FR 100", ""),
    "lib:lathes": ("85 FR 100", "2020-11111"),
    "ecfr:15/744.11": ("15 CFR 744.11", ""),
    "fr:2021-22222": ("86 FR 7000", ""),
    "fr:2021-33333": ("86 FR 7000", ""),
    "lib:pumps": ("87 FR 9000", "2022-44444"),
}


def linked(text: str, id: str = "x:memo") -> tuple[str, ...]:
    return refers_to(Document(id=id, title="Memo", kind="article", text=text), NAMES)


def test_citations_sections_and_numbers_link() -> None:
    text = "See § 744.11, as revised by FR Doc. 2020–11111 (85 FR 100) and 87 FR 9000."
    assert linked(text) == ("ecfr:15/744.11", "fr:2020-11111", "lib:pumps")


def test_a_page_that_two_texts_share_links_to_none() -> None:
    assert linked("See 86 FR 7000.") == ()


def test_no_text_is_linked_to_itself() -> None:
    assert linked("This rule is 85 FR 100.", id="fr:2020-11111@2") == ()
