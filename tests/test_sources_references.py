"""Citations in a text: their normal forms and places; none of the indexes' citations is lost."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.identifiers import identifiers
from sources.references import mark, references
from sources.text import normalise

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.mark.parametrize(
    ("text", "kind", "normal"),
    [
        ("see 85 FR 36719, June", "federal_register", "85 FR 36719"),
        ("see 85 Fed. Reg. 36,719 (2020)", "federal_register", "85 FR 36719"),
        ("Update, 89 FR 80 , 080 (Oct.", "federal_register", "89 FR 80080"),
        ("under 15 CFR 744.11(a)", "cfr", "15 CFR 744.11"),
        ("under 15 C.F.R. § 744.11", "cfr", "15 CFR 744.11"),
        ("in 15 CFR part 744 of", "cfr", "15 CFR 744"),
        ("in § 734.10 of", "section", "§ 734.10"),
        ("Section 746.8(c) is amended", "section", "§ 746.8"),
        ("ECCN 5A002.a", "eccn", "ECCN 5A002"),
        ("Executive Order 13873 of", "executive_order", "EO 13873"),
        ("E.O. 13873 , 84 FR", "executive_order", "EO 13873"),
        ("50 U.S.C. 4801-4852", "usc", "50 USC 4801"),
        ("50 U.S.C. § 4801", "usc", "50 USC 4801"),
        ("42 U.S.C. 2139a ;", "usc", "42 USC 2139a"),
        ("RIN 0694–AH99", "rin", "RIN 0694-AH99"),
        ("FR Doc. 2023–24184 Filed", "fr_document", "FR Doc 2023-24184"),
        ("[FR Doc No: 2019-17920]", "fr_document", "FR Doc 2019-17920"),
        ("[Docket No. 240712–0190]", "docket", "Docket 240712-0190"),
        ("docket number BTP-2030-0017 or", "docket", "Docket BTP-2030-0017"),
        ("EPA–HQ–OAR–2021–0317", "docket", "Docket EPA-HQ-OAR-2021-0317"),
        ("[Docket No. FDA-2023-D-5303]", "docket", "Docket FDA-2023-D-5303"),
    ],
)
def test_a_citation_has_one_normal_form_and_its_place(text: str, kind: str, normal: str) -> None:
    first = references(text)[0]
    assert (first.kind, first.normal) == (kind, normal)
    found = text[first.start : first.end]
    assert found.strip() == found and found.split()[-1] in text
    assert references(found)[:1] == () or references(found)[0].normal == normal


@pytest.mark.parametrize(
    ("text", "normals"),
    [
        ("§§ 744.11, 744.16(b)(2), and 744.21 of", ["§ 744.11", "§ 744.16", "§ 744.21"]),
        ("Sections 766.23 and 766.25 of", ["§ 766.23", "§ 766.25"]),
        ("Executive Orders 12866, 13563, and 14094 direct", ["EO 12866", "EO 13563", "EO 14094"]),
        ("(84 FR 23468) and (84 FR 43487)", ["84 FR 23468", "84 FR 43487"]),
    ],
)
def test_every_item_of_a_list_counts(text: str, normals: list[str]) -> None:
    assert [reference.normal for reference in references(text)] == normals


@pytest.mark.parametrize(
    "text",
    [
        "call 202-482-2440 in 2024",
        "the sum of 12345-67890",
        "section 7 of the Act",
        "COVID-19 in 2021-22",
        "Docket Operations, M-30, Room W12-140",
        "",
    ],
)
def test_what_is_no_citation(text: str) -> None:
    assert references(text) == ()


def test_citations_do_not_overlap_and_the_longer_one_counts() -> None:
    found = references("Docket XY-2024-00055, 15 CFR § 744.11 and § 740.2")
    assert [r.normal for r in found] == ["Docket XY-2024-00055", "15 CFR 744.11", "§ 740.2"]


def test_mark_replaces_only_the_kinds_asked_for() -> None:
    text = "The rule (95 FR 1,234) changed § 744.11; see FR Doc. 2030–00007."
    assert mark(text, "federal_register", "fr_document") == (
        "The rule (⟦95 FR 1234⟧) changed § 744.11; see FR Doc. ⟦FR Doc 2030-00007⟧."
    )
    assert mark(text) == text


@given(st.text(alphabet="0123456789 FRCU.S§,-–()ADEOocket\n", max_size=80))
def test_places_are_in_order_and_inside_the_text(text: str) -> None:
    end = 0
    for reference in references(text):
        assert end <= reference.start < reference.end <= len(text)
        end = reference.end


def test_eyecite_finds_no_such_citation_that_is_not_found_here() -> None:
    """Why eyecite is not used: of the kinds that link documents here, it knows no other form."""
    eyecite = pytest.importorskip("eyecite")
    text = (
        "See 85 FR 36719; 85 Fed. Reg. 36,719 (June 18, 2020); 15 C.F.R. § 744.11; "
        "15 CFR § 744.11; and 50 U.S.C. § 4801."
    )
    theirs = [c.span() for c in eyecite.get_citations(text)]
    ours = [(r.start, r.end) for r in references(text)]
    assert len(theirs) == 5
    for start, end in theirs:
        assert any(a < end and start < b for a, b in ours)


def test_no_citation_of_the_indexes_is_lost_in_real_texts() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the recorded documents are not here")
    for name in ("federal_register.jsonl", "government_pages.jsonl"):
        with (CORPUS / name).open(encoding="utf-8") as lines:
            for line in lines:
                text = normalise(json.loads(line)["text"])
                assert set(identifiers(text)) <= {r.normal for r in references(text)}
