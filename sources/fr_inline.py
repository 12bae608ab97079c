"""Inline markup of Federal Register XML → one line of text; and parsing that XML safely.

Undoes what GPO's pretty-printing adds, keeps every word, leaves out page marks and the raised
numbers that point to footnotes. Knows the tags inside a paragraph, no larger structure.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

from sources.errors import ParseProblem

_NO_TEXT = frozenset({"PRTPAGE", "FTREF", "GID", "GPH", "MATH", "FTNT"})
_RAISED = frozenset({"SU", "51"})
_LOWERED = re.compile(r"52|54|8145|\d\d3[25]")  # values of E's attribute T
_SUPERSCRIPTS = str.maketrans("0123456789-\u2013\u2212", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻")
_UNIT = re.compile(r"(?:(?<![A-Za-z])[kcmnµuμ]?[mg]|(?<![A-Za-z])(?:ft|mi|yd|in)|[×x] ?10)$")
_BREAKS = re.compile(r"\s*\n\s*")
_BEFORE_MARK = re.compile(r" (?=[,;:)\]])|(?<!\.) (?=\.(?:\s|$)(?! ?\.))")  # but not in ". . ."
_AFTER_BRACKET = re.compile(r"(?<=[(\[]) +")
_FIGURES = re.compile(r"[\s$£€\d.,()%\u2013\u2212-]*\d[\s$£€\d.,()%\u2013\u2212-]*")


def parse(data: bytes) -> Any:
    """Return the root of `data`: no entity is expanded, nothing outside it is read.

    Raises ParseProblem for damaged XML, saying where, and for XML that declares entities.
    """
    root: Any = None
    for _, element in events(data):
        root = element  # the last element to end is the outermost
    return root


def events(data: bytes) -> Iterator[tuple[str, Any]]:
    """Yield ("start" or "end", element) for each element of `data`; raises as `parse` does."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    try:
        walker = etree.iterparse(
            io.BytesIO(data),
            events=("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            dtd_validation=False,
        )
        for number, (event, element) in enumerate(walker):
            if number == 0:
                _refuse_entities(element)
            yield event, element
    except etree.XMLSyntaxError as error:
        raise ParseProblem(
            f"the XML is damaged or breaks off ({str(error)[:200]}); download it again"
        ) from error


def _refuse_entities(element: Any) -> None:
    """Raise ParseProblem if the document of `element` declares entities: GPO's never do."""
    dtd = element.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise ParseProblem(
            "the XML declares entities of its own, which can make it read other files or grow"
            " without end; get the file from govinfo.gov or federalregister.gov"
        )


def line(node: Any, *, in_table: bool = False) -> str:
    """Return the text of `node` on one line, with single spaces.

    A number that refers to a footnote is left out in running text and written "[1]" in a table and
    at the start of a note, where it is the only link to what it means.
    """
    text = re.sub(r"\s+", " ", _inline(node, in_table)).strip()
    return _AFTER_BRACKET.sub("", _BEFORE_MARK.sub("", text))


def _inline(node: Any, in_table: bool) -> str:
    indent = _indent(node)
    text = _outdented(node.text, indent)
    for child in node:
        text = _with(text, child, in_table)
        tail = _outdented(child.tail, indent)
        text += _gap(text, tail, child) + tail
    return text


def _with(text: str, child: Any, in_table: bool) -> str:
    """Return `text` with what `child` adds to it."""
    if not isinstance(child.tag, str) or child.tag in _NO_TEXT:  # comments have functions as tags
        return text
    inner = _inline(child, in_table)
    if child.tag in _RAISED or child.get("T") in _RAISED:
        return _with_raised(text, inner.strip(), in_table)
    if child.tag == "LI":  # a line break in a cell
        both = _FIGURES.fullmatch(text) and _FIGURES.fullmatch(inner)
        return f"{text} / {inner}" if both else f"{text} {inner}"
    if child.tag == "FR" and text[-1:].isdigit():  # 1 and 1/2 is not 11/2
        return f"{text} {inner}"
    return text + _gap(text, inner, child) + inner


def _with_raised(text: str, raised: str, in_table: bool) -> str:
    if not any(character.isdigit() for character in raised) and len(raised) > 1:
        return text + ("™" if raised == "TM" else raised)  # "20th"
    if _UNIT.search(text):
        return text + raised.translate(_SUPERSCRIPTS)
    if not text.strip():
        return f"[{raised}] " if raised else text
    return f"{text.rstrip()}[{raised}]" if in_table and raised else text


def _gap(left: str, right: str, child: Any) -> str:
    """Return the space that is missing between `left` and `right`, one of which is `child`'s."""
    if not left or not right or _LOWERED.fullmatch(child.get("T") or ""):
        return ""
    if child.tag in ("FTREF", "SU") and right[0].isalnum():  # "rule.1 The" → "rule. The"
        return " " if re.match(r"[\w.,;:!?)\]”\"]", left[-1]) else ""
    words = left[-1].isalpha() and right[0].isalpha()
    clauses = left[-1] in ",;:" and right[0].isalnum()
    return " " if words or clauses else ""


def _indent(node: Any) -> int:
    """Return by how many spaces pretty-printing has indented the children of `node`."""
    before = [node.text, *(child.tail for child in node)][:-1]
    for text in before:
        if match := re.search(r"\n( *)\Z", text or ""):
            return len(match[1])
    return 0


def _outdented(text: str | None, indent: int) -> str:
    """Return `text` without the line breaks that pretty-printing put at its two ends."""
    text = re.sub(rf"\A(?:[ \t]*\r?\n)+ {{0,{indent}}}", "", text or "")
    return _BREAKS.sub(" ", re.sub(r"(?:\r?\n[ \t]*)+\Z", "", text))
