"""The registry of files that hold many documents: one line for each suffix. Knows no other file."""

import gzip
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

from sources.ecfr_xml import is_ecfr, load_ecfr
from sources.errors import FileProblem, ParseProblem
from sources.fr_xml import load_issue
from sources.records import Given, Loaded, load_records
from sources.screening_list import load_screening_list

Bundle = Callable[[bytes, Path, Given], Loaded]

PACKED = ".gz"


def _load_xml(data: bytes, path: Path, given: Given) -> Loaded:
    """Read the XML of an eCFR part or title, or of the Federal Register, whichever it is."""
    if is_ecfr(data):
        return load_ecfr(data, path, given)
    return load_issue(data, path, given)


BUNDLES: Mapping[str, Bundle] = {
    ".jsonl": load_records,
    ".xml": _load_xml,
    ".csv": load_screening_list,
}


def unpack(data: bytes, limit: int) -> bytes:
    """Return the bytes that gzip packed in `data`. Raises FileProblem over `limit` of them."""
    try:
        with gzip.open(BytesIO(data)) as packed:
            unpacked = packed.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ParseProblem(
            f"it is no complete gzip file ({error}); download it again, or unpack it first"
        ) from error
    if len(unpacked) > limit:
        raise FileProblem(f"it unpacks to more than {limit:,} bytes; unpack and split it")
    return unpacked
