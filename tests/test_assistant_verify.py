"""The last check of every claim: prose of all kinds against the quote it cites, true and false."""

from datetime import date

import pytest

from assistant.types import Citation, Claim, Support
from assistant.verify import fault
from sources.types import Document, Status

LATHES = (
    "The Office of Widget Security (OWS) published a final rule on May 16, 2019, that requires "
    "exporters to obtain a license for widget lathes with a precision of 3 microns or better, "
    "unless the lathe is returned to Ruritania within 30 days."
)
FINES = (
    "Acme Gears paid a fine of $1.5 million to the Ruritanian Customs Service in 2018, and "
    "Borduria Tools paid 300,000 dollars to the Office of Widget Security in 2020."
)
REVIEW = (
    "Applications for items in ECCN 2B350.a are reviewed under a presumption of denial, and the "
    "Director may revoke a license that was granted under § 734.9(e)(1)."
)
RECORDS = (
    "Exporters must keep records for five years and are not required to file them; a record may "
    "not be destroyed while an inquiry is open."
)
LIST = (
    "Some lathes of the older kind are not subject to the regulation, but no license exception is "
    "available for Elbonia, Freedonia or Borduria."
)
DOCUMENT = Document(
    id="fr:2019-10616",
    title="Control of Widget Lathes",
    kind="rule",
    publisher="Office of Widget Security",
    published=date(2019, 5, 21),
    effective=date(2019, 5, 16),
    citation="84 FR 22961",
    text="\n\n".join(
        [LATHES, FINES, REVIEW, RECORDS, LIST, "The Zenda Institute of Gears met in July 2017."]
    ),
)


def citation(quote: str, document: Document = DOCUMENT, status: Status = "in_force") -> Citation:
    start = document.text.index(quote)
    return Citation(
        number=1, evidence="e-1", quote=quote, start=start, end=start + len(quote),
        document=document, status=status, locator="",
    )  # fmt: skip


def claim(text: str, *quotes: str) -> Claim:
    support = Support(verdict="unsupported", score=0.0)
    return Claim(text=text, citations=tuple(map(citation, quotes)), support=support)


TRUE = [
    (LATHES, LATHES),
    (LATHES, "OWS published a final rule on 16 May 2019."),
    (LATHES, "The Office of Widget Security published the rule in May 2019."),
    (LATHES, "A license is required for widget lathes of 3 microns or better unless the lathe is "
             "returned within 30 days."),
    (LATHES, "Exporters must obtain a licence for such lathes unless they are returned within "
             "thirty days."),
    (LATHES, "According to the rule “Control of Widget Lathes” of 21 May 2019 (84 FR 22961), "
             "exporters are required to get a license for widget lathes, unless the lathe is "
             "returned to Ruritania within 30 days."),
    (LATHES, "The rule of May 21, 2019 says that exporters of widget lathes need a license unless "
             "the lathe is returned within 30 days."),
    (LATHES, "OWS “requires exporters to obtain a license for widget lathes with a precision of "
             "3 microns or better”, unless the lathe is returned within 30 days."),
    (LATHES, "OWS “requires exporters to obtain a license … unless the lathe is returned”."),
    (FINES, "Acme Gears paid a fine of 1,500,000 dollars in 2018."),
    (FINES, "Acme Gears paid $1.5 million to the Ruritanian Customs Service."),
    (FINES, "$300,000 was paid by Borduria Tools to the Office of Widget Security in 2020."),
    (REVIEW, "Items in ECCN 2B350.a meet a presumption of denial."),
    (REVIEW, "Licenses granted under 734.9(e)(1) may be revoked by the Director."),
    (REVIEW, "The Director is allowed to revoke a license granted under section 734.9(e)."),
    (REVIEW, "No, applications for ECCN 2B350.a are reviewed under a presumption of denial."),
    (RECORDS, "Records must be kept for 5 years."),
    (RECORDS, "Exporters have to keep records for five years but need not file them."),
    (RECORDS, "Exporters do not have to file the records."),
    (RECORDS, "A record must not be destroyed while an inquiry is open."),
    (RECORDS, "Records cannot be destroyed while an inquiry is open."),
    (LIST, "Some older lathes are not subject to the regulation."),
    (LIST, "A license exception is not available for Freedonia."),
    (LIST, "No license exception is available for Borduria."),
]  # fmt: skip

FALSE = [
    # numbers and dates, also where another of the same text takes their place
    (LATHES, "OWS published a final rule on May 17, 2019."),
    (LATHES, "OWS published a final rule on 16 May 2018."),
    (LATHES, "OWS published a final rule on May 21, 2019."),
    (LATHES, "OWS published a final rule in June 2019."),
    (LATHES, "A license is required for widget lathes of 4 microns or better unless the lathe is "
             "returned within 30 days."),
    (LATHES, "A license is required for widget lathes of 30 microns or better unless the lathe is "
             "returned within 3 days."),
    (LATHES, "Exporters must obtain a license for such lathes unless they are returned within "
             "three days."),
    (FINES, "Acme Gears paid a fine of $1.5 billion in 2018."),
    (FINES, "Acme Gears paid a fine of 300,000 dollars to the Ruritanian Customs Service in 2018, "
            "and Borduria Tools paid $1.5 million to the Office of Widget Security in 2020."),
    (FINES, "Acme Gears paid a fine of $1.5 million to the Ruritanian Customs Service in 2020."),
    (RECORDS, "Records must be kept for at most five hundred years."),
    # parties
    (FINES, "Zenda Gears paid a fine of $1.5 million to the Ruritanian Customs Service in 2018."),
    (FINES, "Borduria Tools paid a fine of $1.5 million to the Ruritanian Customs Service in "
            "2018."),
    (FINES, "The Zenda Institute paid $1.5 million to the Ruritanian Customs Service."),
    (LIST, "No license exception is available for Ruritania."),
    (LATHES, "The Zenda Institute published a final rule on May 16, 2019."),
    # identifiers
    (REVIEW, "Applications for items in ECCN 2B351.a are reviewed under a presumption of denial."),
    (REVIEW, "Applications for items in ECCN 2B350.b are reviewed under a presumption of denial."),
    (REVIEW, "The Director may revoke a license that was granted under § 734.9(e)(2)."),
    (REVIEW, "The Director may revoke a license that was granted under 22 CFR 734.9(e)(1)."),
    # negation and opposites
    (REVIEW, "Applications for items in ECCN 2B350.a are not reviewed under a presumption of "
             "denial."),
    (REVIEW, "Applications for items in ECCN 2B350.a are reviewed under a presumption of "
             "approval."),
    (RECORDS, "A record may be destroyed while an inquiry is open."),
    (RECORDS, "Exporters are required to file records."),
    (LIST, "Some lathes of the older kind are subject to the regulation."),
    (LIST, "A license exception is available for Freedonia."),
    (LATHES, "OWS did not publish a final rule on May 16, 2019."),
    # obligation and permission
    (REVIEW, "The Director must revoke a license that was granted under § 734.9(e)(1)."),
    (REVIEW, "The Director should revoke a license that was granted under § 734.9(e)(1)."),
    (REVIEW, "The Director revoked a license that was granted under § 734.9(e)(1)."),
    (RECORDS, "Exporters may keep records for five years."),
    (RECORDS, "Exporters should keep records for five years."),
    (RECORDS, "Exporters must not file the records."),
    (LATHES, "The rule allows exporters to obtain a license for widget lathes unless the lathe is "
             "returned within 30 days."),
    # quantity, exceptions, limits
    (LIST, "All lathes of the older kind are not subject to the regulation."),
    (LIST, "Lathes of the older kind are not subject to the regulation."),
    (LIST, "Only lathes of the older kind are not subject to the regulation."),
    (LATHES, "OWS requires exporters to obtain a license for widget lathes with a precision of "
             "3 microns or better."),
    (LATHES, "A license is required if the lathe is returned to Ruritania within 30 days."),
    # another act, another matter
    (LATHES, "OWS withdrew a final rule on widget lathes on May 16, 2019."),
    (LATHES, "OWS suspended the license of exporters of widget lathes."),
    (LATHES, "Bribery of customs officers led to the arrest of several traders."),
    (REVIEW, LATHES),
    (RECORDS, REVIEW),
    # quotations
    (LATHES, "OWS says that it “obliges exporters to obtain a license for widget lathes”."),
    (LATHES, "The rule says: “requires exporters to obtain a license for all widget lathes”."),
    (LATHES, f"The rule says: “{REVIEW}”"),
    (LATHES, f"The rule never said: “{LATHES}”"),
]  # fmt: skip


@pytest.mark.parametrize(("quote", "text"), TRUE)
def test_what_the_quote_bears_out_is_shown(quote: str, text: str) -> None:
    assert fault(claim(text, quote)) is None


@pytest.mark.parametrize(("quote", "text"), FALSE)
def test_what_the_quote_denies_or_does_not_say_is_withheld(quote: str, text: str) -> None:
    assert fault(claim(text, quote)) is not None
