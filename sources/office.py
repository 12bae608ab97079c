"""PDF and Word documents → their text.

A PDF keeps its lines; the footnotes of a Word document are not read. Knows nothing of paths,
sizes, document ids or kinds.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sources.errors import EmptySource, ParseProblem
from sources.extracted import Extracted, joined, looks_like, reading
from sources.text import collapse

_MAX_UNZIPPED = 500 * 1024 * 1024
_TEMPLATE_MADE = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)  # in every file python-docx makes

_NO_NAME = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b|untitled|(?:word )?document ?\d*$|title$|slide \d|print"
    r"|powerpoint presentation|.*\.(?:docx?|pdf|rtf|indd|qxd|txt|wpd|fm|dvi|html?|tmp)$|[\W\d_]*$",
    re.IGNORECASE,
)
_BROKEN_WORD = re.compile(
    r"(?<![^\W\d_])([^\W\d_]+)(-|\u00ad|\u2010)[ \t]*\n[ \t]*([^\W\d_]+)([^\s\w]*)[ \t]*\n?"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ENDING = re.compile(  # no word by itself, so what stands before it is no whole word either
    r"ably|al|ances?|ations?|ed|ences?|ers?|ibl[ey]|icals?|ied|ies|ified|ings?|ists?|ity|ities"
    r"|ive|i[sz]ed|i[sz]ing|i[sz]ations?|ly|ments?|n?olog(?:y|ies|ical)|ous|sions?|tions?|tional"
    r"|tive|tures?|ty|uations?"
)

_INLINE = {"r", "hyperlink", "ins", "moveTo", "smartTag", "fldSimple", "customXml", "sdt"}
_CONTAINERS = {"sdt", "sdtContent", "customXml", "ins", "moveTo"}
_SPACING = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_pdf(data: bytes) -> Extracted:
    """Read the text layer of a PDF, page by page, lines as they are set."""
    if b"%PDF-" not in data[:1024]:
        raise ParseProblem(f"the content is not a PDF document{looks_like(data)}")
    with reading("PDF document"):
        pages, title, author = _pdf_parts(data)
    text = _rejoined("\n\n".join(page.strip() for page in pages if page.strip()))
    if not re.search(r"[^\W_]", text):
        raise EmptySource(
            f"no text on its {len(pages)} page(s), so it is probably scanned; run OCR on it"
            " (for example with ocrmypdf) and add the result"
        )
    metadata: dict[str, object] = {"pages": len(pages)}
    if blank := [number for number, page in enumerate(pages, 1) if not page.strip()]:
        metadata["pages_without_text"] = blank
    if name := _real_name(author):
        metadata["author"] = name
    # half a surrogate pair, which a broken font map gives, could not be stored
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Extracted(text=text, title=_real_name(title), metadata=metadata)


def _pdf_parts(data: bytes) -> tuple[list[str], str | None, str | None]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    try:
        reader = PdfReader(io.BytesIO(data))
        # many published PDFs are encrypted with an empty password: every viewer opens those
        if reader.is_encrypted and not reader.decrypt(""):
            raise ParseProblem("the PDF is encrypted; save a copy that needs no password")
        pages = [page.extract_text() for page in reader.pages]
    except DependencyError as error:
        raise ParseProblem("the PDF is encrypted; save a copy that needs no password") from error
    info = reader.metadata
    return pages, info.title if info else None, info.author if info else None


def _rejoined(text: str) -> str:
    """Rejoin words that a line end broke, where the document itself or an ending shows how."""
    known = {word.lower() for word in _WORD.findall(text)}

    def whole(match: re.Match[str]) -> str:
        start, hyphen, rest, after = match.groups()
        if rest[0].islower():
            if hyphen == "\u00ad" or _ENDING.fullmatch(rest) or (start + rest).lower() in known:
                return f"{start}{rest}{after}\n"
            if f"{start}-{rest}".lower() in known:
                return f"{start}-{rest}{after}\n"
        return match[0]

    return _BROKEN_WORD.sub(whole, text)


def read_docx(data: bytes) -> Extracted:
    """Read a Word document in its order: headings, paragraphs, list items, tables."""
    if not data.startswith(b"PK"):
        raise ParseProblem(f"the content is not a Word document (.docx){looks_like(data)}")
    with reading("Word document"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unzipped = sum(entry.file_size for entry in archive.infolist())
        if unzipped > _MAX_UNZIPPED:
            raise ParseProblem(
                f"it would unpack to {unzipped:,} bytes, over the limit of {_MAX_UNZIPPED:,};"
                " remove its images or save its text as .txt"
            )
        text, title, created = _docx_parts(data)
    if not text:
        raise EmptySource("there is no text in the Word document; add one that has some")
    # when a file was made is a weak hint of when its text was published: no more than metadata
    return Extracted(
        text=text, title=_real_name(title), metadata={"created": created} if created else {}
    )


def _docx_parts(data: bytes) -> tuple[str, str | None, str]:
    import docx

    document = docx.Document(io.BytesIO(data))
    styles = {style.style_id: style.name or "" for style in document.styles}
    text = joined(_docx_blocks(cast(Any, document.element).body, styles))
    properties = document.core_properties
    return text, properties.title, _real_day(properties.created)


def _docx_blocks(node: Any, styles: Mapping[str, str]) -> Iterator[str]:
    for child in node:
        name = _local(child)
        if name == "p":
            yield _docx_paragraph(child, styles)
            boxes = ".//*[local-name()='txbxContent'][not(ancestor::*[local-name()='Fallback'])]"
            for box in child.xpath(boxes):
                yield from _docx_blocks(box, styles)
        elif name == "tbl":
            rows = child.xpath("./w:tr | ./w:sdt/w:sdtContent/w:tr")
            yield "\n".join(filter(str.strip, (_docx_row(row, styles) for row in rows)))
        elif name in _CONTAINERS:
            yield from _docx_blocks(child, styles)


def _docx_row(row: Any, styles: Mapping[str, str]) -> str:
    cells = row.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc")
    texts = [collapse(" ".join(_docx_blocks(cell, styles))) for cell in cells]
    return " | ".join(texts) if any(texts) else ""


def _docx_paragraph(paragraph: Any, styles: Mapping[str, str]) -> str:
    words = _docx_words(paragraph).strip()
    style = styles.get("".join(paragraph.xpath("./w:pPr/w:pStyle/@w:val")[:1]), "")
    if not words:
        return ""
    if heading := re.match(r"heading (\d)", style, re.IGNORECASE):
        return "#" * min(int(heading[1]) or 1, 4) + " " + collapse(words)
    if style == "Title":
        return "# " + collapse(words)
    if re.match(r"List (?:Bullet|Number)", style) or paragraph.xpath("./w:pPr/w:numPr"):
        return "- " + words
    return words


def _docx_words(node: Any) -> str:
    """Return the words of a paragraph as they now stand: insertions kept, deletions left out."""
    words = ""
    for child in node:
        name = _local(child)
        if name == "t":
            words += child.text or ""
        elif name in _INLINE or name == "sdtContent":
            words += _docx_words(child)
        else:
            words += _SPACING.get(name, "")
    return words


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _real_name(value: str | None) -> str:
    """Return a title or author that a person wrote; what programs fill in becomes ""."""
    name = collapse(str(value or ""))
    is_code = " " not in name and re.search(r"[\d_/\\]", name)
    return "" if not 3 < len(name) <= 300 or is_code or _NO_NAME.match(name) else name


def _real_day(made: datetime | None) -> str:
    if made is None:
        return ""
    made = made.replace(tzinfo=made.tzinfo or UTC)
    real = made.year >= 1990 and made <= datetime.now(UTC) + timedelta(days=1)
    return made.date().isoformat() if real and made != _TEMPLATE_MADE else ""
