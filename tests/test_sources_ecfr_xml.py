"""eCFR XML: sections and appendices as text, tables by row, and files that must be refused."""

from datetime import date
from pathlib import Path

import pytest
from ecfr_makers import CORPUS, appendix, one, part, read, section, text

from sources.ecfr_xml import is_ecfr, load_ecfr, parse
from sources.errors import EmptySource, ParseProblem
from sources.records import Given
from sources.split import split
from sources.text import normalise

# what a section is


def test_a_section_has_its_names_its_link_and_its_metadata() -> None:
    data = part(
        "<HEAD>PART 744—CONTROL OF WIDGETS\n</HEAD>"
        "<AUTH>\n<HED>Authority:</HED><PSPACE>1 U.S.C. 1 <I>et seq.</I>\n</PSPACE></AUTH>"
        "<SOURCE><HED>Source:</HED><PSPACE>1 FR 2, Jan. 3, 1991.</PSPACE></SOURCE>"
        '<DIV6 N="B" TYPE="SUBPART"><HEAD>Subpart B—Some</HEAD>'
        '<DIV8 N="744.11" TYPE="SECTION"><HEAD>§ 744.11   Rules that apply to <I>makers</I>.</HEAD>'
        '<P>(a) One.</P><CITA TYPE="N">[9 FR 8, May 7, 2016]\n</CITA></DIV8></DIV6>'
    )
    document = one(data)
    assert document.id == "ecfr:15/744.11"
    assert document.kind == "regulation"
    assert document.title == "15 CFR § 744.11 Rules that apply to makers"
    assert document.publisher == "Code of Federal Regulations"
    assert document.citation == "15 CFR 744.11"
    assert document.url == (
        "https://www.ecfr.gov/current/title-15/subtitle-B/chapter-VII/subchapter-C"
        "/part-744/subpart-B/section-744.11"
    )
    assert document.published is None
    assert document.text == "(a) One."  # no AUTH, SOURCE, CITA (trap 9) and no HEAD
    assert document.metadata == {
        "part": "744",
        "subpart": "B",
        "hierarchy": ["Title 15—Widgets", "PART 744—CONTROL OF WIDGETS", "Subpart B—Some"],
        "authority": "1 U.S.C. 1 et seq.",
        "source": "1 FR 2, Jan. 3, 1991.",
        "cita": "[9 FR 8, May 7, 2016]",
        "reserved": False,
    }


def test_a_supplement_beside_the_sections_is_a_document() -> None:  # trap 2
    parsed = read(
        part(
            '<DIV8 N="744.1" TYPE="SECTION"><HEAD>§ 744.1 One.</HEAD><P>One.</P></DIV8>'
            '<DIV9 N="Supplement No. 4 to Part 744" TYPE="APPENDIX">'
            "<HEAD>Supplement No. 4 to Part 744—Entity List\n</HEAD><P>Two.</P></DIV9>"
        )
    )
    assert list(parsed.documents) == [
        "ecfr:15/744.1",
        "ecfr:15/744/supplement-no-4-to-part-744",
    ]
    supplement = parsed.documents["ecfr:15/744/supplement-no-4-to-part-744"]
    assert supplement.title == "15 CFR Supplement No. 4 to Part 744—Entity List"
    assert supplement.citation == "Supplement No. 4 to 15 CFR Part 744"
    assert supplement.url.endswith("/part-744/appendix-Supplement%20No.%204%20to%20Part%20744")


def test_levels_are_told_by_type_and_not_by_the_digit() -> None:  # trap 1
    document = one(
        b'<DIV1 N="15" TYPE="TITLE"><DIV2 N="A" TYPE="SUBTITLE"><DIV4 N="9" TYPE="PART">'
        b'<DIV7 N="9.1" TYPE="SECTION"><HEAD>\xc2\xa7 9.1 One.</HEAD><P>Before.</P>'
        b"<DIV8><TABLE><TR><TD>a</TD><TD>b</TD></TR></TABLE></DIV8></DIV7></DIV4></DIV2></DIV1>"
    )
    assert document.id == "ecfr:15/9.1"
    assert document.text == "Before.\n\na | b"


def test_a_chapter_in_two_volumes_is_read_in_both() -> None:  # trap 3
    chapter = (
        '<DIV3 N="VII" TYPE="CHAPTER"><HEAD>CHAPTER VII{0}</HEAD><DIV5 N="{1}" TYPE="PART">'
        '<DIV8 N="{1}.1" TYPE="SECTION"><HEAD>§ {1}.1 One.</HEAD><P>One.</P></DIV8></DIV5></DIV3>'
    )
    title = (
        f'<DIV1 N="15" TYPE="TITLE">{chapter.format("", 744)}{chapter.format(" (CONTINUED)", 774)}'
    )
    assert list(read(f"{title}</DIV1>".encode()).documents) == ["ecfr:15/744.1", "ecfr:15/774.1"]


def test_a_bulk_file_counts_volumes_in_div1_and_names_the_title_in_node() -> None:
    document = one(
        '<?xml version="1.0" encoding="ISO-8859-1"?><DLPSTEXTCLASS><TEXT><BODY><ECFRBRWS>'
        '<DIV1 N="2" NODE="7:2" TYPE="TITLE"><HEAD>Title 7-Widgets--Volume 2</HEAD>'
        '<DIV5 N="52" NODE="7:2.1" TYPE="PART"><DIV8 N="§ 52.1" NODE="7:2.1.1" TYPE="SECTION">'
        "<HEAD>§ 52.1   Café.</HEAD><P>Cafés.</P></DIV8></DIV5></DIV1>"
        "</ECFRBRWS></BODY></TEXT></DLPSTEXTCLASS>".encode("latin-1")
    )
    assert (document.id, document.title) == ("ecfr:7/52.1", "7 CFR § 52.1 Café")
    assert document.text == "Cafés."


@pytest.mark.parametrize("quote", ["&quot;", "&amp;quot;"])  # escaped once, and twice
def test_a_slice_says_in_its_attributes_where_it_is_from(quote: str) -> None:
    said = (
        f"{{{quote}path{quote}:{quote}/on/_SUBSTITUTE_DATE_/title-40/part-50/appendix-A 1{quote}}}"
    )
    data = (
        f'<DIV9 N="A 1" TYPE="APPENDIX" hierarchy_metadata="{said}"><HEAD>A 1</HEAD>'
        "<P>One.</P></DIV9>"
    ).encode()
    document = parse(data, on=date(2024, 5, 17)).documents["ecfr:40/50/a-1"]
    assert document.url == "https://www.ecfr.gov/on/2024-05-17/title-40/part-50/appendix-A%201"
    assert (document.metadata["part"], document.metadata["as_of"]) == ("50", "2024-05-17")
    misnamed = load_ecfr(data, Path("title-15.xml")).documents
    assert [document.id for document in misnamed] == ["ecfr:40/50/a-1"]


def test_a_slice_that_names_no_title_is_refused_unless_the_file_does() -> None:
    with pytest.raises(ParseProblem, match="title-15-part-744.xml"):
        parse(section("<P>One.</P>"))
    loaded = load_ecfr(section("<P>One.</P>"), Path("title-15-part-744.xml"))
    assert loaded.documents[0].id == "ecfr:15/744.11"


def test_reserved_sections_give_no_document_and_no_problem() -> None:
    parsed = read(section("", head="§§ 744.12-744.14   [Reserved]", n="744.12-744.14"))
    assert parsed.documents == {}
    assert parsed.problems == ()
    assert parsed.empty == {"ecfr:15/744.12-744.14"}
    noted = one(section("<P>It moved.</P>", head="§ 744.12 [Reserved]", n="744.12"))
    assert noted.metadata["reserved"] is True


def test_a_section_without_text_and_one_that_is_there_twice_are_reported() -> None:
    (problem,) = read(section("")).problems
    assert (problem.where, problem.why) == ("15 CFR 744.11", "there is no text in it")
    unit = '<DIV8 N="744.11" TYPE="SECTION"><HEAD>§ 744.11 A.</HEAD><P>One.</P></DIV8>'
    twice = read(part(unit + unit.replace("One", "Two")))
    assert twice.documents["ecfr:15/744.11"].text == "One."
    assert "twice" in twice.problems[0].why


# text


def test_inline_tags_are_text() -> None:  # trap 4
    assert text(
        '<P>(a) <I>Captions</I>—(1) <E T="03">Sub.</E> A <E T="04">Register</E>\n  <B>term</B> '
        "( see <XREF>§ 744.2</XREF> ) .</P>"
    ) == ("(a) Captions—(1) Sub. A Register term (see § 744.2) .")


def test_exponents_subscripts_and_fractions_do_not_join_numbers() -> None:
    assert text('<P>10<SU>6</SU>, 10<E T="51">-3</E>, CO<E T="52">2</E>, 2<FR>1/2</FR>.</P>') == (
        "10^6, 10^-3, CO2, 2 1/2."
    )
    assert text("<P>P<sub>Net</sub>, the 5<sup>th</sup>, <SU>235</SU>U.</P>") == (
        "P_Net, the 5th, ^235U."
    )


def test_footnotes_are_marked_and_stand_at_the_end() -> None:
    content = (
        "<P>Every rule.<SU>1</SU><FTREF/> The next.</P><FTNT><P><SU>1</SU> A note.</P></FTNT>"
        "<P>Another.</P>"
    )
    assert text(content) == "Every rule.[^1] The next.\n\nAnother.\n\n[^1]: A note."


def test_headings_notes_lines_and_images_are_kept() -> None:
    content = (
        "<HD1>General\n</HD1><P>One.</P><HD2>Less</HD2><FP>Two.</FP><HD3>Least</HD3>"
        "<NOTE><HED>Note 1 to paragraph (a):</HED><P>Three.</P><P>Four.</P></NOTE>"
        "<EDNOTE><HED>Editorial Note:</HED><PSPACE>Five.</PSPACE></EDNOTE>"
        "<EFFDNOT><HED>Effective Date Note:</HED><PSPACE>Six.</PSPACE></EFFDNOT>"
        "<EXTRACT><P>Seven<br/>Eight</P></EXTRACT><STARS/>"
        '<P><img src="x.gif"/></P>Loose <UNKNOWN>words</UNKNOWN>.<NOTE><HED/></NOTE>'
    )
    assert text(content).split("\n\n") == [
        "# General",
        "One.",
        "### Less",
        "Two.",
        "#### Least",
        "Note 1 to paragraph (a): Three.",
        "Four.",
        "Editorial Note: Five.",
        "Effective Date Note: Six.",
        "Seven\nEight",
        "* * *",
        "[image]",
        "Loose words.",
    ]


def test_an_eccn_in_bold_at_the_beginning_opens_an_entry_and_others_do_not() -> None:  # trap 6
    document = one(
        appendix(
            "<HD1>Category 3—Widgets</HD1>"
            "<P><B>3A090 Spinning widgets, as follows (see List).</B></P>"
            "<HD2>License Requirements</HD2><P>Also <B>3A001</B>; see 4A003.</P>"
            "<P><B>3A001.a</B> is not an entry.</P>"
            "<FP><B>3A991</B> Other widgets.</FP><P>Text.</P>"
        )
    )
    headings = [line for line in document.text.split("\n") if line.startswith("#")]
    assert headings == [
        "# Category 3—Widgets",
        "## 3A090 Spinning widgets, as follows (see List)",
        "### License Requirements",
        "## 3A991 Other widgets",
    ]
    first, *_, last = split(document)
    assert first.text == "3A090 Spinning widgets, as follows (see List)."
    assert first.identifiers == ("ECCN 3A090",)
    assert last.locator.startswith("Category 3—Widgets > 3A991 Other widgets, ")


# damaged and hostile files


def test_html_that_leaves_br_and_img_open_is_read() -> None:  # trap 8
    data = section('<P>One<br>Two <img src="a.gif"> three.</P><P>Four.</P>')
    assert one(data).text == "One\nTwo [image] three.\n\nFour."


@pytest.mark.parametrize("keep", [0, 40, 200, 300, -1, -8])
def test_a_file_that_was_cut_off_is_never_silently_shortened(keep: int) -> None:
    data = section("<P>One<br>two.</P>" + "<P>Some more text.</P>" * 10)
    with pytest.raises(ParseProblem, match="damaged or was cut off"):
        read(data[:keep])


def test_other_xml_and_other_files_are_refused() -> None:
    for data in (b"<html><body><p>Sorry</p></body></html>", b"<RULE><P>x</P></RULE>"):
        with pytest.raises(ParseProblem, match="no eCFR XML"):
            read(data)
    for data in (b"", b"not xml", b"%PDF-1.7 \0\1", b"\xff\xfe\0"):
        with pytest.raises(ParseProblem):
            read(data)
    with pytest.raises(EmptySource):
        load_ecfr(part(""), Path("title-15.xml"))


def test_external_entities_are_refused_and_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("s3cret", encoding="utf-8")
    for dtd, reference in (
        (f'<!ENTITY x SYSTEM "{secret.as_uri()}">', "&x;"),
        (f'<!ENTITY % x SYSTEM "{secret.as_uri()}"> %x;', ""),
        ('<!ENTITY a "lol"><!ENTITY b "&a;&a;">', "&b;"),
    ):
        body = section(f"<P>One {reference} two.</P>").replace(
            b"?>", f"?><!DOCTYPE DIV5 [{dtd}]>".encode(), 1
        )
        with pytest.raises(ParseProblem):
            read(body)
    outside = f'?><!DOCTYPE DIV5 SYSTEM "{secret.as_uri()}">'.encode()
    with pytest.raises(ParseProblem):
        read(section("<P>One &x; two.</P>").replace(b"?>", outside, 1))
    assert one(section("<P>One.</P>").replace(b"?>", outside, 1)).text == "One."


def test_billion_laughs_are_refused_quickly() -> None:
    levels = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(12)
    )
    for place in ("<P>&l11;</P>", '<P N="&l11;">x</P>'):
        data = section(place).replace(b"?>", f"?><!DOCTYPE DIV5 [{levels}]>".encode(), 1)
        with pytest.raises(ParseProblem):
            read(data)


# files on disk


def test_the_date_is_the_given_one_then_the_files_then_the_names() -> None:
    unit = (
        '<ECFR>{0}<DIV1 N="15" TYPE="TITLE"><DIV8 N="744.1" TYPE="SECTION">'
        "<HEAD>§ 744.1 A.</HEAD><P>One.</P></DIV8></DIV1></ECFR>"
    )
    plain = unit.format("").encode()
    amended = unit.format(
        "<AMDDATE>March 17, 2015\n</AMDDATE><AMDDATE>Dec. 29, 2022(fm)</AMDDATE>"
    ).encode()
    named = Path("title-15-2024-05-17.xml")

    def dated(data: bytes, path: Path, given: Given | None = None) -> date | None:
        return load_ecfr(data, path, given or Given()).documents[0].published

    assert dated(plain, Path("title-15.xml")) is None
    assert dated(plain, Path("title-15-2024-99-99.xml")) is None
    assert dated(plain, named) == date(2024, 5, 17)
    assert dated(amended, named) == date(2022, 12, 29)
    assert dated(amended, named, Given(published=date(2021, 1, 1))) == date(2021, 1, 1)


def test_what_is_given_counts_and_a_title_only_for_a_single_text() -> None:
    given = Given(kind="notice", publisher="Me", title="Mine", url="https://widgets.invalid/")
    path = Path("title-15.xml")
    (document,) = load_ecfr(section("<P>One.</P>"), path, given).documents
    assert (document.kind, document.publisher) == ("notice", "Me")
    assert (document.title, document.url) == ("Mine", "https://widgets.invalid/")
    unit = '<DIV8 N="744.{0}" TYPE="SECTION"><HEAD>§ 744.{0} A.</HEAD><P>One.</P></DIV8>'
    loaded = load_ecfr(part(unit.format(1) + unit.format(2)), path, given)
    assert [document.title for document in loaded.documents] == [
        "15 CFR § 744.1 A",
        "15 CFR § 744.2 A",
    ]


def test_ecfr_files_are_recognised() -> None:
    assert is_ecfr(section(""))
    assert is_ecfr(b'<?xml version="1.0"?><DLPSTEXTCLASS><HEADER/>')
    assert not is_ecfr(b"<FEDREG><DIVIDER/></FEDREG>")


@pytest.mark.skipif(not CORPUS.exists(), reason="the recorded eCFR files are not here")
def test_recorded_files_are_read_whole_with_true_offsets() -> None:
    expected = {
        "title-1-part-51-2024-05-17.xml": (6, date(2024, 5, 17)),
        "title-3-part-101-2024-05-17.xml": (7, date(2024, 5, 17)),
        "title-3-full-2024-05-17.xml": (20, date(2015, 3, 17)),
    }
    for name, (count, published) in expected.items():
        data = (CORPUS / name).read_bytes()
        loaded = load_ecfr(data, CORPUS / name)
        assert (len(loaded.documents), loaded.problems) == (count, ())
        for document in loaded.documents:
            assert document.published == published
            assert document.text == normalise(document.text)
            assert "  " not in document.text
            for passage in split(document):
                assert passage.text == document.text[passage.start : passage.end]
    part = load_ecfr(*_named("title-3-part-101-2024-05-17.xml")).documents
    whole = load_ecfr(*_named("title-3-full-2024-05-17.xml")).documents
    texts = {document.id: document.text for document in whole}
    assert all(texts[document.id] == document.text for document in part)


def _named(name: str) -> tuple[bytes, Path]:
    return (CORPUS / name).read_bytes(), CORPUS / name
