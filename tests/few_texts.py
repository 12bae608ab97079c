"""A few short texts about a made-up agency, for tests that need an assistant that knows little."""

from datetime import date

from sources.types import Document

RULE = Document(
    id="fr:2024-00001",
    title="Control of Widget Lathes",
    kind="rule",
    publisher="Office of Widget Security",
    published=date(2024, 7, 18),
    effective=date(2024, 7, 18),
    url="https://rules.example/2024-00001",
    citation="89 FR 1",
    text=(
        "The Office of Widget Security controls the export of widget lathes to Ruritania.\n\n"
        "A license is required to export a widget lathe with a precision of 3 microns or better. "
        "Applications are reviewed under a presumption of denial.\n\n"
        "The control of widget lathes was put in place because Ruritania used widget lathes to "
        "make military gears."
    ),
)
STATEMENT = Document(
    id="statement:2020-06-16",
    title="Office Clarifies Work in Standards Bodies",
    kind="statement",
    publisher="Office of Widget Security",
    published=date(2020, 6, 16),
    url="https://office.example/2020/standards",
    text=(
        "The Office of Widget Security said on June 16, 2020 that companies may share gear "
        "technology with Acme Gears in standards bodies without a license."
    ),
)
HOSTILE = Document(
    id="file:hostile <b>.txt",
    title="Zorblax <script>alert(6)</script> ![t](http://evil.example/t.png) **bold**",
    kind="article",
    publisher='Evil" onmouseover="alert(2) <img src=x onerror=alert(3)>',
    published=date(2024, 1, 2),
    url="javascript:alert(4)",
    citation="![c](http://evil.example/c.png)",
    text=(
        "The Zorblax tariff on imported moon cheese is 42 percent "
        "<img src=http://evil.example/i.png onerror=alert(5)> [m](http://evil.example/m) $x^2$ "
        "**b**.\n\nMoon cheese is imported from Zorblax."
    ),
)

_PLACES = ("Arden", "Borduria", "Cockaigne", "Dorimare", "Elbonia", "Freedonia", "Grenyarnia")
_SUBJECTS = ("harbour dues", "rail fares", "school meals", "river levels", "street lamps", "bees")
FILLER = tuple(
    Document(
        id=f"filler:{place.lower()}-{subject.replace(' ', '-')}",
        title=f"Minutes on {subject} in {place}",
        kind="notice",
        publisher=f"Town council of {place}",
        published=date(2019, 1 + at % 12, 1 + at),
        text=f"The council of {place} met to talk about {subject} and adjourned until the spring.",
    )
    for at, (place, subject) in enumerate((p, s) for p in _PLACES for s in _SUBJECTS if p[0] < "F")
)
"""Unrelated texts, so that a word can be rare."""

DOCUMENTS = (RULE, STATEMENT, HOSTILE, *FILLER)
