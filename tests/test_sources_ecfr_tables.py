"""Tables of the eCFR: the Entity List, charts and others, row by row."""

from ecfr_makers import appendix, one, read, row, table, text

from sources.split import split

# tables


def test_each_row_of_the_entity_list_is_a_passage_with_its_country() -> None:  # trap 5
    document = one(
        appendix(
            "<P>The list.</P>"
            + table(
                row(
                    "ATLANTIS",
                    "Acme Widgets Co., Ltd., a.k.a., the following two aliases:"
                    "<br/>—Acme; <I>and</I><br/>—Acme Trading.<br/>1 Sea Road, Atlantis.",
                    "For all items, see § 744.11.<SU>1</SU>",
                    "Presumption of denial",
                    "84 FR 1, 5/21/19; 85 FR 2, 5/19/20.",
                ),
                row("", "Beta Corp; and", "All items.", "Case-by-case.", "84 FR 1, 5/21/19."),
                row("", "[Reserved]", "", "", ""),
                row("LEMURIA", "[Reserved]", "", "", ""),
                row("", "Gamma LLC", "All items.", "", "86 FR 3, 1/2/21."),
            )
            + '<DIV class="gpotbl_div"><P><SU>1</SU> For this entity, more.</P></DIV>'
        )
    )
    passages = {passage.locator.split(", ¶")[0]: passage.text for passage in split(document)}
    assert passages == {
        "¶ 1": "The list.",
        "ATLANTIS > Acme Widgets Co., Ltd": (
            "Acme Widgets Co., Ltd., a.k.a., the following two aliases: —Acme; and —Acme Trading. "
            "1 Sea Road, Atlantis. Country: ATLANTIS. "
            "License requirement: For all items, see § 744.11.[^1] "
            "License review policy: Presumption of denial. "
            "Federal Register citation: 84 FR 1, 5/21/19; 85 FR 2, 5/19/20."
        ),
        "ATLANTIS > Beta Corp": (
            "Beta Corp. Country: ATLANTIS. License requirement: All items. "
            "License review policy: Case-by-case. Federal Register citation: 84 FR 1, 5/21/19."
        ),
        "LEMURIA > Gamma LLC": (
            "Gamma LLC. Country: LEMURIA. License requirement: All items. "
            "Federal Register citation: 86 FR 3, 1/2/21."
        ),
        "Notes": "[^1]: For this entity, more.",
    }


def test_a_row_that_does_not_fit_is_reported_and_gives_no_other_row_its_country() -> None:
    parsed = read(
        appendix(
            table(
                row("ATLANTIS", "Acme", "All.", "Denial.", "84 FR 1, 5/21/19."),
                row("LEMURIA", "Beta", "All.", "84 FR 1, 5/21/19."),
                row("", "Gamma", "All.", "Denial.", "84 FR 1, 5/21/19."),
            )
        )
    )
    (document,) = parsed.documents.values()
    assert "Gamma. Country: LEMURIA." in document.text
    assert "Beta" not in document.text
    (problem,) = parsed.problems
    assert "Supplement No. 4 to 15 CFR Part 744" in problem.where
    assert "LEMURIA | Beta" in problem.where
    assert "4 cells under 5 columns" in problem.why
    assert document.metadata["left_out"] == ["the row 'LEMURIA | Beta | All. | 84 FR 1, 5/21/19.'"]


def test_rows_across_the_whole_list_are_countries_or_notes() -> None:
    content = table(
        row("ATLANTIS", "Acme", "All.", "Denial.", "84 FR 1."),
        '<TD colspan="5">LEMURIA</TD>',
        row("", "Beta", "All.", "Denial.", "84 FR 1."),
        '<TD colspan="5"><SU>1</SU> For these, more.</TD>',
    )
    assert [
        line for line in one(appendix(content)).text.split("\n\n") if "Country" not in line
    ] == [
        "## ATLANTIS",
        "### Acme",
        "## LEMURIA",
        "### Beta",
        "## Notes",
        "[^1]: For these, more.",
    ]


def test_a_country_that_spans_rows_is_the_country_of_each() -> None:
    content = table(
        '<TD rowspan="2">ATLANTIS</TD>' + row("Acme", "All.", "Denial.", "84 FR 1."),
        row("Beta", "All.", "Denial.", "84 FR 1."),
        row("", "Gamma", "All.", "Denial.", "84 FR 1."),
    )
    document = one(appendix(content))
    assert document.text.count("Country: ATLANTIS.") == 3
    assert document.text.count("## ATLANTIS\n") == 1


def test_a_wide_chart_names_its_columns_and_takes_only_rows_that_fit() -> None:  # trap 6
    heads = (
        '<TR><TH rowspan="2">Countries</TH><TH colspan="2">Chemical</TH><TH>Nuclear</TH></TR>'
        "<TR><TH>CB 1</TH><TH>CB 2</TH><TH>NP 1</TH></TR>"
    )
    parsed = read(
        appendix(
            table(
                row("Atlantis", "X", "", "X"),
                row("Lemuria", "X", "X"),
                "<TD>Mu</TD><TD colspan='3'>See § 746.1.</TD>",
                row("Thule", "", "", ""),
                heads=heads,
            )
        )
    )
    (document,) = parsed.documents.values()
    assert document.text.split("\n") == [
        "Atlantis | Chemical CB 1: X | Nuclear NP 1: X",
        "Mu | See § 746.1.",
        "Thule",
    ]
    assert len(parsed.problems) == 1
    assert "Lemuria" in parsed.problems[0].where


def test_other_tables_are_one_line_a_row_in_upper_and_lower_case() -> None:
    rows = "<TR><TH>Item</TH><TH>Limit</TH></TR><TR><TD>Widget<br/>small</TD><TD>5</TD></TR>"
    wrapped = f'<DIV class="gpotbl_div"><TABLE><CAPTION>Limits</CAPTION>{rows}</TABLE></DIV>'
    upper = text(f"<P>Before.</P>{wrapped}<P>After.</P>")
    assert upper == "Before.\n\nLimits\n\nItem | Limit\nWidget small | 5\n\nAfter."
    lower = wrapped
    for tag in ("DIV", "TABLE", "CAPTION", "TR", "TH", "TD"):
        lower = lower.replace(f"{tag}>", f"{tag.lower()}>").replace(f"<{tag} ", f"<{tag.lower()} ")
    assert text(f"<P>Before.</P>{lower}<P>After.</P>") == upper


def test_a_table_with_absurd_spans_stays_small() -> None:
    assert len(text('<TABLE><TR><TD colspan="99999999" rowspan="²">a</TD></TR></TABLE>')) < 10
