"""Whole issues of the Federal Register: invented ones, damaged ones, and the two recorded ones."""

import gzip
import re
import time
from datetime import date
from pathlib import Path

import pytest

from sources.errors import EmptySource, ParseProblem
from sources.fr_xml import load_issue
from sources.records import Given, Loaded
from sources.split import split
from sources.text import normalise

ISSUES = Path(__file__).parents[2] / "shared" / "corpus" / "fr_xml"

NOTICE = "<NOTICE><PREAMB>{}<AGENCY>DEPARTMENT OF STATE</AGENCY><SUBJECT>Notice {}</SUBJECT>{}" \
    "<P>It is noted that all is well.</P></PREAMB>{}</NOTICE>"  # fmt: skip


def issue(*documents: str, listed: str = "") -> bytes:
    contents = f"<CNTNTS><AGCY><EAR>A<PRTPAGE P='iii'/></EAR>{listed}</AGCY></CNTNTS>"
    return (
        "<FEDREG><VOL>96</VOL><NO>43</NO><DATE>Tuesday, March 4, 2031</DATE>"
        f"<UNITNAME>Contents</UNITNAME>{contents}<NOTICES>{''.join(documents)}</NOTICES></FEDREG>"
    ).encode()


def numbered(number: str) -> str:
    return f"<FRDOC>[FR Doc. {number} Filed 3-3-31; 8:45 am]</FRDOC>"


def test_an_issue_gives_each_document_its_facts() -> None:
    first = NOTICE.format('<PRTPAGE P="1200"/>', 1, "", numbered("2031\u201300001"))
    second = NOTICE.format("", 2, "<DATE>March 1, 2031.</DATE>", "")
    third = NOTICE.format("", 3, "", numbered("2031-00003")).replace(
        "is well", 'is<PRTPAGE P="1201"/>'
    )
    president = (
        "<PRESDOCU><PROCLA><PRES>The President<PRTPAGE P='1205'/></PRES><PROC>Proclamation 9"
        "</PROC><HD SOURCE='HED'>Day of Chips</HD><FP>It is a day of chips.</FP><FRDOC>[FR Doc."
        " 2031-00005 </FRDOC><FILED>Filed 3-3-31]</FILED></PROCLA></PRESDOCU>"
    )
    loaded = load_issue(issue(first, second, third, president), Path("FR.xml"), Given())
    assert loaded.problems == ()
    assert [document.id for document in loaded.documents] == [
        "fr:2031-00001", "fr:2031-03-04:document-2", "fr:2031-00003", "fr:2031-00005",
    ]  # fmt: skip
    assert [d.citation for d in loaded.documents] == [
        "96 FR 1200", "96 FR 1200", "96 FR 1200", "96 FR 1205",
    ]  # fmt: skip
    assert {d.published for d in loaded.documents} == {date(2031, 3, 4)}
    assert [d.metadata["end_page"] for d in loaded.documents] == [1200, 1200, 1201, 1205]
    one, two, _, last = loaded.documents
    assert (one.kind, one.publisher, one.title) == ("notice", "Department of State", "Notice 1")
    assert one.url == "https://www.federalregister.gov/d/2031-00001" and two.url == ""
    assert (last.kind, last.title) == ("rule", "Day of Chips")
    assert last.text == "The President\nProclamation 9\n\n## Day of Chips\n\nIt is a day of chips."


def test_a_damaged_issue_is_never_silently_short() -> None:
    documents = [NOTICE.format("", n, "", numbered(f"2031-0000{n}")) for n in range(3)]
    listed = "".join(f"<FRDOCBP>2031\u20130000{n}</FRDOCBP>" for n in range(3))
    whole = issue(*documents, listed=listed)
    assert load_issue(whole, Path("FR.xml")).problems == ()

    cut = load_issue(whole[: whole.index(b"Notice 2")], Path("FR.xml"))
    assert [document.id for document in cut.documents] == ["fr:2031-00000", "fr:2031-00001"]
    assert [problem.where for problem in cut.problems] == ["FR.xml", "FR.xml"]
    assert "only the 2 documents before the damage" in cut.problems[0].why
    assert "lists 2031-00002, not found" in cut.problems[1].why

    with pytest.raises(ParseProblem, match="breaks off"):
        load_issue(whole[: whole.index(b"Notice 0")], Path("FR.xml"))


def test_documents_that_cannot_be_loaded_are_reported() -> None:
    good = NOTICE.format("", 1, "", numbered("2031-00001"))
    loaded = load_issue(issue(good, good, "<RULE/>"), Path("FR.xml"))
    assert [document.id for document in loaded.documents] == ["fr:2031-00001"]
    assert [(p.where, p.why[:20]) for p in loaded.problems] == [
        ("FR.xml, document 2", "fr:2031-00001 is in "),
        ("FR.xml, document 3", "there is no text in "),
    ]
    with pytest.raises(EmptySource):
        load_issue(issue(), Path("FR.xml"))
    with pytest.raises(ParseProblem, match="begins with <rss>"):
        load_issue(b"<rss/>", Path("FR.xml"))


def real(name: str) -> bytes:
    path = ISSUES / f"{name}.xml.gz"
    if not path.exists():
        pytest.skip(f"the recorded issue {name} is not on this machine")
    return gzip.decompress(path.read_bytes())


def count(loaded: Loaded) -> dict[str, int]:
    types = [str(document.metadata["type"]) for document in loaded.documents]
    return {name: types.count(name) for name in sorted(set(types))}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("FR-2024-02-12.hyphen",
         {"Notice": 75, "Presidential Document": 1, "Proposed Rule": 7, "Rule": 13}),
        ("FR-2016-04-15",
         {"Notice": 132, "Presidential Document": 1, "Proposed Rule": 4, "Rule": 9}),
    ],
)  # fmt: skip
def test_a_real_issue_loads_in_full(
    name: str, expected: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    data = real(name)
    started = time.monotonic()
    loaded = load_issue(data, Path(f"{name}.xml"))
    seconds = time.monotonic() - started
    assert loaded.problems == ()  # none that its table of contents lists is missing
    assert count(loaded) == expected
    with capsys.disabled():
        print(
            f"\n{name}: {len(loaded.documents)} documents, {len(loaded.documents) / seconds:.0f}/s"
        )
    marks = {int(page) for page in re.findall(rb'PRTPAGE P="(\d+)"', data)}
    for document in loaded.documents:
        assert document.citation.split(" FR ")[1].isdigit() and document.publisher
        assert normalise(document.text) == document.text
        assert not re.search(r"PRTPAGE|\[FR Doc\.[^\]]* Filed|BILLING CODE", document.text)
        start, end = document.metadata["start_page"], document.metadata["end_page"]
        assert isinstance(start, int) and isinstance(end, int) and start <= end
        assert start in marks and end in marks
        passages = split(document)
        for passage in passages:
            assert passage.text == document.text[passage.start : passage.end]
        body = [line for line in document.text.split("\n") if not re.match(r"#+ ", line)]
        shown = "".join(re.sub(r"\s", "", passage.text) for passage in passages)
        # split takes nothing of it for a heading, so that every sentence can be found and quoted
        assert len(shown) >= len(re.sub(r"\s", "", "".join(body))), document.id


def test_dashes_and_hyphens_give_the_same_documents() -> None:
    new, old = (
        load_issue(real(f"FR-2024-02-12.{kind}"), Path("issue.xml"))
        for kind in ("hyphen", "endash")
    )
    assert [document.id for document in new.documents] == [d.id for d in old.documents]
    for key in ("docket_ids", "regulation_id_numbers", "cfr_references", "start_page", "end_page"):
        assert [d.metadata.get(key) for d in new.documents] == [
            d.metadata.get(key) for d in old.documents
        ]
    assert [d.text for d in new.documents] != [d.text for d in old.documents]  # as printed


def test_a_page_break_inside_a_real_sentence_leaves_it_whole() -> None:
    """Every paragraph that a page mark interrupts is one line, with both its halves in it."""
    from lxml import etree

    from sources.text import collapse

    data = real("FR-2024-02-12.hyphen")
    text = "\n".join(document.text for document in load_issue(data, Path("issue.xml")).documents)
    interrupted = 0
    for mark in etree.fromstring(data).iterfind(".//P/PRTPAGE"):
        before = (
            mark.getprevious().tail if mark.getprevious() is not None else mark.getparent().text
        )
        left, right = collapse(before or "")[-15:], collapse(mark.tail or "")[:15]
        if len(left) == len(right) == 15:
            interrupted += 1
            assert re.search(re.escape(normalise(left)) + " ?" + re.escape(normalise(right)), text)
    assert interrupted > 100
