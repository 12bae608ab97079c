"""A stand-in for the download service of the Consolidated Screening List, with invented parties."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from email.utils import formatdate, parsedate_to_datetime

from loopback import Loopback, Reply, Request

PATH = "/downloadable_consolidated_screening_list/v1/consolidated.csv"
COLUMNS = (
    "_id", "source", "entity_number", "type", "programs", "name", "title", "addresses",
    "federal_register_notice", "start_date", "end_date", "standard_order", "license_requirement",
    "license_policy", "call_sign", "vessel_type", "gross_tonnage", "gross_registered_tonnage",
    "vessel_flag", "vessel_owner", "remarks", "source_list_url", "alt_names", "citizenships",
    "dates_of_birth", "nationalities", "places_of_birth", "source_information_url", "ids",
)  # fmt: skip
SOURCES = {
    "EL": "Entity List (EL) - Bureau of Industry and Security",
    "UVL": "Unverified List (UVL) - Bureau of Industry and Security",
    "MEU": "Military End User (MEU) List - Bureau of Industry and Security",
    "DPL": "Denied Persons List (DPL) - Bureau of Industry and Security",
    "SDN": "Specially Designated Nationals (SDN) - Treasury Department",
    "CAP": "Capta List (CAP) - Treasury Department",
    "NS-MBS": "Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department",
}

Row = Mapping[str, str]


def row(code: str, name: str, **values: str) -> Row:
    """Return a row of the list `code`, with an `_id` of its own unless one is given."""
    made = {"source": SOURCES[code], "name": name, **values}
    digest = hashlib.sha1(repr(sorted(made.items())).encode()).hexdigest()
    return dict.fromkeys(COLUMNS, "") | {"_id": digest} | made


def as_csv(
    rows: Sequence[Row], *, columns: Sequence[str] = COLUMNS, quote_all: bool = False
) -> bytes:
    """Return the file of `rows`; newer files quote every cell, older ones have no `_id`."""
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(text, lineterminator="\n", quoting=quoting)
    writer.writerows([columns, *([row[column] for column in columns] for row in rows)])
    return text.getvalue().encode("utf-8")


class ListService:
    """Serves one file with ETag and Last-Modified, and 304 to who has it already.

    `publish` puts up another file; `cut` ends a body early, `status` and `content_type` are sent.
    """

    def __init__(self, body: bytes, *, etags: bool = True) -> None:
        self.cut: int | None = None
        self.status = 200
        self.content_type = "text/csv"
        self._etags = etags
        self._edition = 0
        self.publish(body)

    def publish(self, body: bytes) -> None:
        self.body = body
        self._edition += 1
        digest = hashlib.sha256(body).hexdigest()[:16]
        self.etag = f'"{digest}"'
        self.modified = formatdate(1_700_000_000 + 86_400 * self._edition, usegmt=True)

    def serve(self) -> Loopback:
        """Return a server that answers so; its `requests` list what was asked."""
        return Loopback(self.answer)

    def answer(self, request: Request) -> Reply:
        if request.path != PATH:
            return Reply(status=404, body=b"no such list")
        headers = {"Content-Type": self.content_type, "Last-Modified": self.modified}
        if self._etags:
            headers["ETag"] = self.etag
        if self.status == 200 and self._is_known(request.headers):
            return Reply(status=304, headers=headers)
        return Reply(status=self.status, headers=headers, body=self.body, cut=self.cut)

    def _is_known(self, headers: Mapping[str, str]) -> bool:
        if "if-none-match" in headers:  # then the date does not count (RFC 9110, 13.1.3)
            return self._etags and self.etag in headers["if-none-match"]
        since = headers.get("if-modified-since", "")
        return bool(since) and parsedate_to_datetime(since) >= parsedate_to_datetime(self.modified)
