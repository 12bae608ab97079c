"""Federal Register XML: each trap of GPO's scheme, and hostile files."""

import time
from datetime import date
from pathlib import Path

import pytest

from sources.errors import EmptySource, ParseProblem
from sources.fr_facts import document_id, number_in, publisher, stated_effective
from sources.fr_xml import load_issue, read_document
from sources.split import split
from sources.text import normalise
from sources.types import Document


def rule(*, preamble: str = "", body: str = "", tag: str = "RULE", end: str = "") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{tag}><PREAMB><PRTPAGE P="1201"/><AGENCY TYPE="N">DEPARTMENT OF COMMERCE</AGENCY>
<SUBAGY>Bureau of Industry and Security</SUBAGY><CFR>15 CFR Part 744</CFR>{preamble}</PREAMB>
<SUPLINF>{body}</SUPLINF>{end}</{tag}>""".encode()


def text_of(body: str, *, preamble: str = "", tag: str = "RULE") -> str:
    """Return the text of a document after its masthead."""
    text = normalise(read_document(rule(body=body, preamble=preamble, tag=tag)).text)
    masthead = "DEPARTMENT OF COMMERCE\nBureau of Industry and Security\n15 CFR Part 744"
    assert text.startswith(masthead)
    return text.removeprefix(masthead).strip()


def sentences(text: str) -> list[str]:
    document = Document(id="d", title="t", kind="rule", text=text)
    return [text[a:b] for passage in split(document) for a, b in passage.sentences]


PRETTY = """<P>
                    A firm may send
                    <PRTPAGE P="1202"/>
                    such items (
                    <E T="03">see</E>
                     § 744.11(a) 
                    <E T="03">et seq.</E>
                    ), as amended; low-
                    <PRTPAGE P="1203"/>
                    level goods are free.
                </P>"""


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param(
            PRETTY,
            "A firm may send such items (see § 744.11(a) et seq.), as amended; low-level goods are"
            " free.",
            id="pretty-printing and page marks",
        ),
        pytest.param(
            "<P>It sets a rule.<SU>1</SU><FTREF/>The firm<SU>2</SU><FTREF/> left. <SU>3</SU>\n"
            "   <FTREF/> It came back.</P>",
            "It sets a rule. The firm left. It came back.",
            id="footnote marks",
        ),
        pytest.param(
            "<P>Look <E T='03'>e.g.,</E>here at<E T='03'>any</E>part, <!-- no --> of it.</P>",
            "Look e.g., here at any part, of it.",
            id="missing spaces and a comment",
        ),
        pytest.param(
            "<P>SO<E T='52'>2</E> at 3 km<SU>2</SU> and 10<E T='51'>6</E> m/s<E T='51'>2</E>, Mark"
            "<E T='51'>TM</E>.</P>",
            "SO2 at 3 km² and 10 m/s, Mark™.",
            id="raised and lowered",
        ),
        pytest.param(
            "<P>Up to 1<FR>1/2</FR> inches, 15\u2009U.S.C.\u200978<E T='03'>o</E>-3, etc.</P>",
            "Up to 1 1/2 inches, 15 U.S.C. 78o-3, etc.",
            id="fractions, thin spaces, letters of sections",
        ),
        pytest.param(
            "<P>They wrote that \u201cthe rule . . . applies\u201d to 5 pct .</P>",
            "They wrote that \u201cthe rule . . . applies\u201d to 5 pct.",
            id="ellipsis",
        ),
        pytest.param("<P>(a) <E T='03'>Scope\u2014</E>(1) All items; (2) none.</P>",
                     "(a) Scope\u2014(1) All items; (2) none.", id="levels of a list"),
    ],
)  # fmt: skip
def test_a_paragraph_is_one_line_of_the_words_in_print(markup: str, expected: str) -> None:
    assert text_of(markup) == expected


def test_a_page_mark_splits_no_sentence_and_gives_the_pages() -> None:
    found = read_document(rule(body=PRETTY))
    assert len(sentences(normalise(found.text))) == 4  # three lines of masthead and this one
    assert (found.metadata["start_page"], found.metadata["end_page"]) == (1201, 1203)


def test_footnotes_stand_at_the_end_of_their_section() -> None:
    text = text_of(
        "<HD SOURCE='HED'>SUPPLEMENTARY INFORMATION:</HD><HD SOURCE='HD1'>I. Past</HD>"
        "<P>It was so.<SU>1</SU><FTREF/></P>"
        "<FTNT><P><SU>1</SU>\u200996 FR 18.</P><P>More.</P></FTNT>"
        "<P>Then it was not.</P><HD SOURCE='HD2'>A. Now</HD><P>It is so.</P>"
    )
    assert text == (
        "## Supplementary information\n\n## I. Past\n\nIt was so.\n\nThen it was not.\n\n"
        "### Footnotes\n\n[1] 96 FR 18.\n\nMore.\n\n### A. Now\n\nIt is so."
    )


def test_preamble_parts_lists_of_subjects_and_signature() -> None:
    text = text_of(
        "<P>It amends.</P><LSTSUB><HD SOURCE='HED'>List of Subjects in 15 CFR Part 744</HD>"
        "<P>Exports, Terrorism.</P></LSTSUB><SIG><DATED>Dated: March 3, 2031.</DATED>"
        "<NAME>Ann Other,</NAME><TITLE>Assistant Secretary.</TITLE></SIG>",
        preamble="<SUBJECT>Title</SUBJECT><AGY><HD SOURCE='HED'>AGENCY:</HD><P>BIS.</P></AGY>"
        "<SUM><HD SOURCE='HED'>SUMMARY:</HD><P>It adds.</P></SUM>",
    )
    assert text == (
        "AGENCY: BIS.\n\n## Summary\n\nIt adds.\n\nIt amends.\n\n"
        "List of Subjects in 15 CFR Part 744: Exports, Terrorism.\n\n"
        "## Signature\n\nDated: March 3, 2031.\nAnn Other,\nAssistant Secretary."
    )


PATCH = """<P>The rule is amended as follows:</P>
<PART><HD SOURCE="HED">PART 744\u2014[AMENDED]</HD></PART>
<REGTEXT TITLE="15" PART="744"><AMDPAR>1. The authority citation reads as follows, and so on
it reads as it did before this rule came:</AMDPAR>
<AUTH><HD SOURCE="HED">Authority:</HD><P>50 U.S.C. 4801.</P></AUTH></REGTEXT>
<REGTEXT TITLE="15" PART="744"><AMDPAR>2. Section 744.99 is amended by revising paragraph (b) in
the manner that follows here:</AMDPAR>
<SECTION><SECTNO>\u00a7 744.99 </SECTNO><SUBJECT>Controls.</SUBJECT><STARS/>
<P>(b) Nobody may.</P></SECTION>
<AMDPAR>3. Section 744.98 is removed and reserved, as the preamble to this rule has already
said.</AMDPAR></REGTEXT>
<REGTEXT TITLE="15" PART="774"><AMDPAR>4. Supplement No. 1 is amended by adding what is printed
below to the end of it:</AMDPAR><HD SOURCE="HD1">Supplement No. 1</HD><P>An entry.</P></REGTEXT>
<SIG><NAME>Ann Other,</NAME></SIG>"""


def test_amendatory_text_is_shown_as_a_patch() -> None:
    lines = [line for line in text_of(PATCH).split("\n") if line]
    assert [line[:34] for line in lines] == [
        "The rule is amended as follows:",
        "## Amendments to 15 CFR Part 744",
        "### PART 744\u2014[AMENDED]",
        "1. The authority citation reads as",
        "Authority: 50 U.S.C. 4801.",
        "2. Section 744.99 is amended by re",
        "#### \u00a7 744.99 Controls.",
        "* * * * *",
        "(b) Nobody may.",
        "## Amendments to 15 CFR Part 744",  # what follows does not belong to § 744.99
        "3. Section 744.98 is removed and r",
        "## Amendments to 15 CFR Part 774",
        "4. Supplement No. 1 is amended by ",
        "#### Supplement No. 1",
        "An entry.",
        "## Signature",
        "Ann Other,",
    ]
    assert "## Proposed amendments to 15 CFR Part 744" in text_of(PATCH, tag="PRORULE")


def test_the_text_of_a_correction_may_stand_in_the_preamble() -> None:
    data = rule(preamble="<SUBJECT>T</SUBJECT>" + PATCH).replace(b"<SUPLINF></SUPLINF>", b"")
    assert "## Amendments to 15 CFR Part 774" in read_document(data).text


TABLE = """<GPOTABLE COLS="4"><TTITLE>Table 1 <E T="01">(mt)</E></TTITLE><BOXHD>
<CHED H="1">Country</CHED><CHED H="1">Entity</CHED><CHED H="1">Licence</CHED>
<CHED H="2">require-<LI>ment<SU>1</SU></LI></CHED><CHED H="2">policy</CHED></BOXHD>
<ROW><ENT I="28">*         *         *</ENT></ROW>
<ROW><ENT I="01">ZEMBLA</ENT><ENT>Kinbote Chips, a.k.a., the following:<LI>\u2014Kinbote.</LI></ENT>
<ENT>For all items, see \u00a7 734.9(e)<SU>1</SU>.<PRTPAGE P="1204"/></ENT><ENT>Denial.</ENT></ROW>
<ROW><ENT I="22"/><ENT>Shade Optics.</ENT><ENT A="01">For all items.</ENT></ROW>
<ROW><ENT I="01">RURITANIA</ENT></ROW>
<ROW><ENT/><ENT>Hentzau Ltd.</ENT></ROW>
<TNOTE><SU>1</SU>\u2009As before.</TNOTE></GPOTABLE>"""


def test_a_row_of_the_entity_list_can_be_read_alone() -> None:
    assert text_of("<P>As follows, in the table:</P>" + TABLE).split("\n")[2:] == [
        "Table 1 (mt)",
        "* * *",
        "Country: ZEMBLA | Entity: Kinbote Chips, a.k.a., the following: \u2014Kinbote. | Licence,"
        " require- ment[1]: For all items, see \u00a7 734.9(e)[1]. | Licence, policy: Denial.",
        "Country: ZEMBLA | Entity: Shade Optics. | Licence, require- ment[1]: For all items.",
        "RURITANIA",
        "Country: RURITANIA | Entity: Hentzau Ltd.",
        "[1] As before.",
    ]


def test_groups_of_rows_and_columns_without_names() -> None:
    text = text_of(
        "<GPOTABLE COLS='3'><BOXHD><CHED H='1'/><CHED H='1'>Low</CHED></BOXHD>"
        "<ROW><ENT I='22'>Costs:</ENT></ROW><ROW><ENT I='03'>Yearly</ENT><ENT>$1<LI>$2</LI></ENT>"
        "</ROW><ROW><ENT I='01'>a</ENT><ENT>b</ENT><ENT>c</ENT></ROW></GPOTABLE>"
    )
    assert text == "Costs:\nCosts: Yearly | Low: $1 / $2\na | b | c"


def test_bare_lines_are_never_taken_for_headings() -> None:
    text = text_of(
        "<P>The board met and agreed.</P><HD SOURCE='HD1'>Agenda</HD><P>Call to Order</P>"
        "<HD SOURCE='HD1'>Places</HD><FP>North Zembla</FP><FP>South Ruritania</FP>"
        "<HD SOURCE='HD1'>End</HD>"
        "<P>1. Revise the table.</P><P>It was revised by the board then.</P>"
    )
    found = sentences(text)
    assert {"- Call to Order", "North Zembla", "South Ruritania"} <= set(found)
    assert any(sentence.startswith("1. Revise the table.") for sentence in found)


def test_graphics_are_named_and_signatures_are_not() -> None:
    graphic = "<GPH SPAN='1'><GID>{}</GID></GPH>"
    assert text_of(graphic.format("ER04MR31.000")) == "[A graphic stands here in print.]"
    assert text_of("<P>Signed.</P>" + graphic.format("OB#1.EPS")) == "Signed."


def test_facts_of_one_document() -> None:
    found = read_document(
        rule(
            preamble="<DEPDOC>[Docket No. 310224\u20130007; File 9]</DEPDOC>"
            "<RIN>RIN 0694\u2013ZZ09</RIN><SUBJECT>Addition to the<E T='03'>List;</E>"
            " Correction<SU>1</SU><FTREF/></SUBJECT><ACT><HD SOURCE='HED'>ACTION:</HD>"
            "<P>Final rule.</P></ACT>",
            end="<FRDOC>[FR Doc. 2031\u201300017 Filed 3\u20133\u201331; 8:45 am]</FRDOC>"
            "<BILCOD>BILLING CODE 3510</BILCOD>",
            body="<P>Text.</P>",
        )
    )
    assert found.title == "Addition to the List; Correction"
    assert found.publisher == "Bureau of Industry and Security"
    assert "FR Doc" not in found.text and "BILLING" not in found.text
    assert found.metadata == {
        "type": "Rule",
        "action": "Final rule.",
        "docket_ids": ["Docket No. 310224-0007", "File 9"],
        "regulation_id_numbers": ["0694-ZZ09"],
        "cfr_references": [{"title": 15, "part": 744}],
        "start_page": 1201,
        "end_page": 1201,
        "document_number": "2031-00017",
    }


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("[FR Doc. 2024\u201302818 Filed 2\u20139\u201324; 8:45 am]", "2024-02818"),
        ("[FR Doc. C1-2024-13148 Filed 6-9-24; 8:45 am]", "C1-2024-13148"),
        ("[FR Doc. E9\u20131777 Filed 1\u201326\u201309]", "E9-1777"),
        ("[FR Doc. 2016-08970", "2016-08970"),
        ("[FR Doc. Filed 2-9-24; 8:45 am]", ""),
    ],
)
def test_numbers_of_documents(written: str, number: str) -> None:
    assert number_in(written) == number


def test_old_numbers_need_their_date() -> None:
    assert document_id("2031\u201300017", date(2031, 3, 4)) == "fr:2031-00017"
    assert document_id("05-17", date(2005, 3, 4)) == "fr:05-17:2005-03-04"


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("This rule is effective April 11, 2031.", date(2031, 4, 11)),
        ("Effective date: This rule is effective May 15, 2031.", date(2031, 5, 15)),
        ("EFFECTIVE DATE: May 15, 2031.", date(2031, 5, 15)),
        ("Effective May 1, 2031, through June 1, 2031.", date(2031, 5, 1)),
        ("It is effective on Monday, May 1, 2031, and applicable on June 1, 2031.",
         date(2031, 5, 1)),
        ("Effective from 10:30 a.m. until 11 a.m. on February 10, 2031.", date(2031, 2, 10)),
        ("Effective May 1, 2031, except for § 2, which is effective June 1, 2031.", None),
        ("Comments must be received by May 1, 2031.", None),
        ("The effective date is delayed until May 1, 2031.", None),
        ("Not effective until May 1, 2031.", None),
        ("Effective May 41, 2031.", None),
        ("", None),
    ],
)  # fmt: skip
def test_an_effective_date_is_taken_only_if_there_is_one(dates: str, expected: date | None) -> None:
    assert stated_effective(dates) == expected


def test_names_of_agencies() -> None:
    commerce, bureau = "DEPARTMENT OF COMMERCE", "Bureau of Industry and Security"
    assert publisher([(commerce, bureau)]) == bureau
    assert publisher([(commerce, ""), ("DEPARTMENT OF STATE", "")]) == (
        "Department of Commerce; Department of State"
    )
    assert publisher([("DEPARTMENT OF DEFENSE", "Office of the Secretary")]) == (
        "Office of the Secretary, Department of Defense"
    )
    assert publisher([("U.S.-CHINA ECONOMIC AND SECURITY REVIEW COMMISSION", "")]) == (
        "U.S.-China Economic and Security Review Commission"
    )


ENTITY = b'<!DOCTYPE RULE [<!ENTITY x SYSTEM "file:///etc/passwd">]><RULE><P>a &x; b</P></RULE>'
LAUGHS = (
    b'<!DOCTYPE RULE [<!ENTITY l0 "ha">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><RULE><P>&l11;</P></RULE>"
)
IN_ATTRIBUTE = LAUGHS.replace(b"<P>&l11;", b'<P x="&l11;">')
PARAMETER = b'<!DOCTYPE RULE [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]><RULE><P>a</P></RULE>'


@pytest.mark.parametrize("data", [ENTITY, LAUGHS, IN_ATTRIBUTE, PARAMETER])
def test_entities_are_refused_quickly(data: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(ParseProblem, match="entit"):
        read_document(data)
    with pytest.raises(ParseProblem, match="entit"):
        load_issue(data, Path("issue.xml"))
    assert time.monotonic() - started < 2


def test_a_foreign_dtd_is_not_fetched() -> None:
    data = b'<!DOCTYPE RULE SYSTEM "http://127.0.0.1:9/fr.dtd"><RULE><P>It is a rule.</P></RULE>'
    assert read_document(data).text == "It is a rule."


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"<html><body>Gone</body></html>", ParseProblem, "begins with <html>"),
        (b"<RULE><PREAMB><SUM><P>It is cut o", ParseProblem, "breaks off"),
        (b"<RULE><EXTRACT>" + b"<P>" * 5000, ParseProblem, "breaks off"),
        (b"", ParseProblem, "breaks off"),
        (b"<RULE><FRDOC>[FR Doc. 2031-1]</FRDOC></RULE>", EmptySource, "no text"),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read_document(data)
