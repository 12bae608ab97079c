"""Web pages, PDF and Word: their words and structure are kept, damage is named, nothing leaks."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from sources.errors import EmptySource, ParseProblem, SourceError
from sources.files import load_file
from sources.readers import read_docx, read_html, read_pdf, read_text
from sources.types import Document

MB = 1024 * 1024
PROSE = "The office told makers of widgets that nothing changes before the summer of next year."


def one(path: Path, data: bytes) -> Document:
    path.write_bytes(data)
    (document,) = load_file(path, max_bytes=MB).documents
    return document


def pdf(*pages: list[str], **info: str) -> bytes:
    """Return a PDF with one text line per item, written by hand, as small as the format allows."""
    font, count = 3 + 2 * len(pages), len(pages)
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown}ET" if lines else "0 0 1 RG"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {4 + 2 * number} 0 R"
            f" /Resources << /Font << /F1 {font} 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    objects.append("<< " + " ".join(f"/{name} ({value})" for name, value in info.items()) + " >>")
    out, offsets = b"%PDF-1.4\n", list[int]()
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return out + (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size "
        f"{len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n"
        f"{len(out)}\n%%EOF\n"
    ).encode("latin-1")


def word(fill: Callable[..., object] = lambda document: None) -> bytes:
    document = docx.Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def html(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


# --- web pages

PAGE = html(
    f"""<nav><a href="/">Home page</a><a href="/about">About the office</a></nav>
    <main><article><h1>New rule on widgets</h1>
    <p>{PROSE} See <a href="/rule">the\n rule</a> on <b>snake_case</b> &amp; 5*3.</p>
    <h2>What changes</h2>
    <p>Under § 744.11<sup>1</sup> the office answers <del>never</del>
    within <em>thirty</em> days.</p>
    <ul><li>Small widgets</li><li>Large <i>widgets</i><ul><li>of steel</li></ul></li></ul>
    <h3>Limits</h3>
    <table><tr><th>Class</th><th>Limit</th></tr><tr><td>A</td><td>10 kg</td></tr></table>
    <p>{PROSE} The end of it.</p></article>
    <section class="comments" id="comments"><div class="comment"><p>Reader says: a bad rule, and
    here are enough words to be taken for a paragraph of it.</p></div></section></main>
    <footer>Copyright 2024</footer>""",
    """<title>New rule on widgets | Widget Office</title>
    <link rel="canonical" href="https://widgets.example/rule-1">
    <meta property="og:site_name" content="Widget Office">
    <meta property="article:published_time" content="2021-03-04T10:00:00Z">""",
)


def test_a_web_page_keeps_its_words_and_structure(tmp_path: Path) -> None:
    document = one(tmp_path / "page.html", PAGE)
    assert document.text == (
        f"# New rule on widgets\n\n{PROSE} See the rule on snake_case & 5*3.\n\n"
        "## What changes\n\nUnder § 744.11^1 the office answers within thirty days.\n\n"
        "- Small widgets\n- Large widgets\n- of steel\n\n"
        f"### Limits\n\nClass | Limit\nA | 10 kg\n\n{PROSE} The end of it."
    )
    assert document.title == "New rule on widgets"
    assert document.publisher == "Widget Office"
    assert document.published == date(2021, 3, 4)
    assert document.url == "https://widgets.example/rule-1"


def test_line_ends_of_a_page_show_only_where_a_browser_shows_them() -> None:
    pre = "<pre>\nAGENCY:   Office.\n\n  Class    Limit\n</pre>"
    body = (
        f"<p>{PROSE}\n   One\n<b>two\n three</b>\n four.<br>\n Five.</p>{pre}<p>The end of it.</p>"
    )
    assert read_html(html(body)).text == (
        f"{PROSE} One two three four.\nFive.\n\nAGENCY:   Office.\n\n  Class    Limit\n\n"
        "The end of it."
    )


def test_a_web_page_without_metadata(tmp_path: Path) -> None:
    document = one(tmp_path / "page.htm", html(f"<p>{PROSE}</p><footer>© 2024</footer>"))
    assert document.title == PROSE.rstrip(".")
    assert (document.publisher, document.published) == ("", None)
    assert document.url == (tmp_path / "page.htm").as_uri()


def test_a_page_with_an_address_but_no_name_is_published_by_its_host(tmp_path: Path) -> None:
    head = '<link rel="canonical" href="https://widgets.example/rule-1">'
    assert one(tmp_path / "a.html", html(f"<p>{PROSE}</p>", head)).publisher == ("widgets.example")


def test_the_declared_encoding_of_a_page_is_used() -> None:
    body = f"<p>{PROSE} Это правило.</p>"
    data = html(body, '<meta charset="windows-1251">').decode().encode("cp1251")
    assert "Это правило." in read_html(data).text
    xml = f"<?xml version='1.0' encoding='utf-8'?><html><body>{body}</body></html>"
    assert "Это правило." in read_html(xml.encode()).text


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<div id=root></div><script>start()</script>", "a script fills in"),
        ("<noscript>Please turn on JavaScript.</noscript>", "a script fills in"),
        ("<p>Not found.</p>", "beyond 'Not found.'"),
        ("", "no text of an article"),
    ],
)
def test_a_page_with_too_little_text_says_why(body: str, reason: str) -> None:
    with pytest.raises(EmptySource, match=reason):
        read_html(html(body))


def test_no_page_makes_reading_slow() -> None:
    start = time.perf_counter()
    with pytest.raises(EmptySource):
        read_html(b"<pre" * 100_000)
    assert time.perf_counter() - start < 5  # a tenth of that here; backtracking takes minutes


# --- PDF


def test_a_pdf_keeps_its_lines_and_pages(tmp_path: Path) -> None:
    data = pdf(
        ["Rule on Widgets", "The tech-", "nology is controlled, and the regu-", "lation stands."],
        ["An export-", "controlled widget is an export-controlled technology."],
        ["Post-", "Office and post-", "office: a postoffice."],
        [],
        Title="Rule on widgets, final",
        Author="Office of Widgets",
    )
    document = one(tmp_path / "rule.pdf", data)
    assert document.text == (
        "Rule on Widgets\nThe technology\nis controlled, and the regu-\nlation stands.\n\n"
        "An export-controlled\nwidget is an export-controlled technology."
        "\n\nPost-\nOffice and postoffice:\na postoffice."
    )
    assert document.title == "Rule on widgets, final"
    assert document.metadata["author"] == "Office of Widgets"
    assert document.metadata["pages_without_text"] == [4]


@pytest.mark.parametrize("title", ["Microsoft Word - rule.doc", "untitled", "2024-15810_v2", " "])
def test_a_title_that_a_program_wrote_is_not_used(title: str) -> None:
    assert read_pdf(pdf(["Rule on Widgets"], Title=title)).title == ""


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([PROSE]))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_encrypted_pdf_is_refused_unless_anyone_may_open_it() -> None:
    with pytest.raises(ParseProblem, match="encrypted; save a copy that needs no password"):
        read_pdf(encrypted("secret"))
    assert read_pdf(encrypted("")).text == PROSE


def test_a_scanned_pdf_is_empty_and_asks_for_ocr() -> None:
    with pytest.raises(EmptySource, match=r"2 page\(s\).*scanned; run OCR"):
        read_pdf(pdf([], []))


@pytest.mark.parametrize(
    "data",
    [b"", b"Only words", word(), b"%PDF-1.4\n", pdf([PROSE])[:120], b"%PDF-1.4\n" + b"\xff" * 999],
)
def test_a_damaged_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(ParseProblem, match="PDF document"):
        read_pdf(data)


# --- Word


def _memo(document: Any) -> None:
    document.add_heading("Memo on widgets", 0)
    document.add_heading("Scope", 1)
    document.add_paragraph("First words.").add_run(" And more.")
    document.add_paragraph("Small widgets", style="List Bullet")
    document.add_paragraph("Large widgets", style="List Number")
    table = document.add_table(2, 2)
    for cell, words in zip(table._cells, ["Class", "Limit", "A", "10 kg"], strict=True):
        cell.text = words
    document.add_paragraph("")
    document.add_heading("Deep", 6)
    document.add_paragraph("Last\twords.")
    document.core_properties.title = "Memo on widgets, final"
    document.core_properties.created = datetime(2021, 5, 6, 7, 8, tzinfo=UTC)


def test_a_word_document_keeps_its_order(tmp_path: Path) -> None:
    document = one(tmp_path / "memo.docx", word(_memo))
    assert document.text == (
        "# Memo on widgets\n\n# Scope\n\nFirst words. And more.\n\n- Small widgets\n"
        "- Large widgets\n\nClass | Limit\nA | 10 kg\n\n#### Deep\n\nLast words."
    )
    assert document.title == "Memo on widgets, final"
    assert document.published == date(2021, 5, 6)


def test_a_date_in_the_text_counts_before_the_day_the_file_was_made(tmp_path: Path) -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("Rule on widgets")
        document.add_paragraph("16 June 2020")
        document.core_properties.created = datetime(2021, 5, 6, tzinfo=UTC)

    assert one(tmp_path / "a.docx", word(fill)).published == date(2020, 6, 16)


def test_the_day_of_the_template_is_no_date(tmp_path: Path) -> None:
    data = word(lambda document: document.add_paragraph("Rule on widgets"))
    document = one(tmp_path / "a.docx", data)
    assert (document.title, document.published) == ("Rule on widgets", None)


def test_a_word_document_shows_insertions_controls_and_no_deletions() -> None:
    inner = (
        "<w:p><w:r><w:t>Kept</w:t></w:r><w:ins><w:r><w:t> added</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> gone</w:delText></w:r></w:del></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a control</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert read_docx(_with_body(inner)).text == "Kept added\n\nIn a control"


def _with_body(inner: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = re.sub(rb"<w:body>", b"<w:body>" + inner.encode(), data)
            new.writestr(name, data)
    return out.getvalue()


def _bomb() -> bytes:
    data = bytearray(word(_memo))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (600 * MB).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (word(_memo)[:9000], "Word document is damaged"),
        (b"Only words", "not a Word document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or password-protected"),
        (b"PK\x05\x06" + b"\0" * 18, "Word document is damaged"),
        (_bomb(), "would unpack to .* over the limit of 524,288,000"),
    ],
    ids=["truncated", "text", "old", "empty zip", "bomb"],
)
def test_what_is_no_word_document_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ParseProblem, match=reason):
        read_docx(data)


def test_an_empty_word_document_is_empty() -> None:
    with pytest.raises(EmptySource):
        read_docx(word())


# --- no reader raises anything but a SourceError

SEEDS = {read_text: b"Words.", read_html: PAGE, read_pdf: pdf([PROSE]), read_docx: word(_memo)}


@pytest.mark.parametrize("reader", SEEDS, ids=lambda reader: reader.__name__)
@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damage_never_shows_as_another_error(
    reader: Callable[..., object], data: st.DataObject
) -> None:
    seed = SEEDS[reader]
    at = data.draw(st.integers(0, len(seed)))
    patch = data.draw(st.binary(max_size=40))
    keep = data.draw(st.booleans())
    damaged = seed[:at] + patch + (seed[at + len(patch) :] if keep else b"")
    try:
        reader(damaged)
    except SourceError as error:
        assert len(str(error)) > 20
