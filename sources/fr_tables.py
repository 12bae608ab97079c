"""GPO's tables → lines, one a row, each cell with the name of its column, so that a row can be read
and quoted alone. Knows no other markup than a table's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sources.fr_inline import line

_STARS = re.compile(r"[*\s]*\*[*\s]*")
_GROUPS = frozenset({"21", "22", "25", "28"})  # values of ENT's attribute I: heads of groups
_INDENTED = "03"
_CARRIED = re.compile(r"country\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells by column; `code` is the I of the first one."""

    cells: tuple[str, ...]
    code: str


def rows(table: Any) -> Iterator[str]:
    """Yield the lines of `table` (a GPOTABLE): its title, its rows, its notes.

    A row reads "Country: BRAZIL | Entity: …". A country stands in each row that it holds for; rows
    of asterisks, which stand for rows that an amendment leaves alone, are one "* * *".
    """
    heading = " ".join(filter(None, (line(node) for node in table.iterchildren("TTITLE", "TDESC"))))
    if heading:
        yield heading
    names = _names(table)
    country = group = ""
    for row in map(_row, table.iterchildren("ROW")):
        filled = [cell for cell in row.cells if cell]
        if filled and _STARS.fullmatch(" ".join(filled)):
            yield "* * *"
            continue
        first, *others = row.cells or ("",)
        if names and _CARRIED.match(names[0]):
            country = first or country
            first = country if filled else first
        elif len(filled) == 1 and row.code in _GROUPS:
            group = first.rstrip(": ")
        elif row.code == _INDENTED and group and first:
            first = f"{group}: {first}"
        if text := _named((first, *others), names):
            yield text
    yield from filter(None, (line(node, in_table=True) for node in table.iterchildren("TNOTE")))


def _row(row: Any) -> _Row:
    """Return the cells of `row` by column: a cell that spans several leaves the next ones empty."""
    cells: list[str] = []
    entries = list(row.iterchildren("ENT"))
    for entry in entries:
        cells.append(line(entry, in_table=True))
        spanned = re.search(r"\d+", entry.get("A") or "")
        cells.extend([""] * int(spanned[0] if spanned else 0))
    return _Row(tuple(cells), entries[0].get("I", "") if entries else "")


def _named(cells: tuple[str, ...], names: tuple[str, ...]) -> str:
    """Return the cells that hold something, each after the name of its column if that is known."""
    filled = [(at, cell) for at, cell in enumerate(cells) if cell]
    if len(filled) <= 1 or len(cells) > len(names):
        return " | ".join(cell for _, cell in filled)
    return " | ".join(f"{names[at]}: {cell}" if names[at] else cell for at, cell in filled)


def _names(table: Any) -> tuple[str, ...]:
    """Return the names of the columns: heads of several columns stand before those under them."""
    heads = [(int(head.get("H") or 1), _head(head)) for head in table.iterfind("BOXHD/CHED")]
    names: list[str] = []
    above: list[str] = []
    for at, (level, name) in enumerate(heads):
        above = [*above[: level - 1], name]
        if at + 1 == len(heads) or heads[at + 1][0] <= level:
            names.append(", ".join(filter(None, above)))
    return tuple(names)


def _head(node: Any) -> str:
    return line(node, in_table=True).rstrip(": ")
