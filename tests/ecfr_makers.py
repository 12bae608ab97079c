"""What the tests of eCFR XML share: parts, sections and tables that were made up."""

from pathlib import Path

from sources.ecfr_xml import Level, Parsed, parse
from sources.types import Document

CORPUS = Path(__file__).parents[2] / "shared/corpus/ecfr"
ABOVE = (
    Level(type="title", id="15", heading="Title 15—Widgets"),
    Level(type="subtitle", id="B"),
    Level(type="chapter", id="VII"),
    Level(type="subchapter", id="C"),
)
HEADS = "".join(
    f"<TH>{name}</TH>"
    for name in (
        "Country",
        "Entity",
        "License requirement",
        "License review policy",
        "Federal Register citation",
    )
)


def part(content: str, more: str = "") -> bytes:
    return f'<?xml version="1.0"?>\n<DIV5 N="744" TYPE="PART"{more}>{content}</DIV5>'.encode()


def section(content: str, head: str = "§ 744.11 Widgets.", n: str = "744.11") -> bytes:
    return part(f'<DIV8 N="{n}" TYPE="SECTION"><HEAD>{head}</HEAD>{content}</DIV8>')


def appendix(content: str) -> bytes:
    name = "Supplement No. 4 to Part 744"
    return part(
        f'<DIV9 N="{name}" TYPE="APPENDIX"><HEAD>{name}—Entity List\n</HEAD>{content}</DIV9>'
    )


def table(*rows: str, heads: str = f"<TR>{HEADS}</TR>") -> str:
    body = "".join(f"<TR>{row}</TR>" for row in rows)
    return (
        '<DIV width="100%"><DIV class="gpotbl_div"><TABLE>'
        f"<THEAD>{heads}</THEAD><TBODY>{body}</TBODY></TABLE></DIV></DIV>"
    )


def row(*cells: str) -> str:
    return "".join(f"<TD>{cell}</TD>" if cell else "<TD/>" for cell in cells)


def read(data: bytes) -> Parsed:
    return parse(data, above=ABOVE)


def one(data: bytes) -> Document:
    (document,) = read(data).documents.values()
    return document


def text(content: str) -> str:
    return one(section(content)).text
