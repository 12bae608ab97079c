"""The Consolidated Screening List: what a row says as text, dirt in files, and the download."""

import gzip
import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from csl_makers import LISTED, SHARED, TURBINE, load, one, sentences
from csl_service import COLUMNS, as_csv, row

from sources.errors import EmptySource, ParseProblem
from sources.records import Given, Loaded
from sources.screening_list import load_screening_list
from sources.split import split
from sources.text import normalise


def test_a_row_of_the_entity_list_answers_in_sentences_that_stand_alone() -> None:
    document = one(TURBINE)
    party = "Northwind Turbine Co., Ltd. (Northwind)"
    assert sentences(document) == [
        f"{party} is on the Entity List (EL) of the Bureau of Industry and Security"
        " since May 21, 2019, according to the Consolidated Screening List.",
        f"{party} is also listed on the Entity List under other names (aliases):"
        " Nord Wind Turbine; NWT Tech.",
        f"License review policy for {party} on the Entity List: Presumption of denial.",
        f"License requirement for {party} on the Entity List: For all items subject to the EAR.",
        "(See §744.11 of the EAR).",
        f"Federal Register citations for {party} on the Entity List:"
        " 84 FR 22963, 84 FR 43495, 85 FR 29853.",
        f"Addresses of {party} on the Entity List: Mill Base, Harbour District, Dalian, 116000,"
        " China; 5 Quay St., Moscow, Russia.",
    ]
    (passage,) = split(document)
    assert {"84 FR 22963", "84 FR 43495", "85 FR 29853", "§ 744.11"} <= set(passage.identifiers)


def test_a_row_keeps_its_facts_as_metadata() -> None:
    document = one(TURBINE)
    assert document.id == f"csl:EL-{TURBINE['_id']}"
    assert document.title == (
        "Northwind Turbine Co., Ltd. (Northwind) (also Nord Wind Turbine; NWT Tech) — Entity List"
    )
    assert document.kind == "notice"
    assert document.publisher == "Consolidated Screening List, International Trade Administration"
    assert document.published == date(2019, 5, 21)
    assert document.url == "https://list.example/el"
    assert document.citation == "84 FR 22963"
    assert document.metadata == {
        "path": str(LISTED.absolute()),
        "list": "EL",
        "name": "Northwind Turbine Co., Ltd. (Northwind)",
        "entity_number": "",
        "type": "",
        "federal_register_notice": "84 FR 22963, 84 FR 43495; 85 F.R. 29853 6/1/2020, 84 FR 22963",
        "start_date": "2019-05-21",
        "end_date": "",
        "programs": [],
        "countries": ["China", "Russia"],
        "aliases": ["Nord Wind Turbine", "NWT Tech"],
        "federal_register_notices": ["84 FR 22963", "84 FR 43495", "85 FR 29853"],
    }


@pytest.mark.parametrize(
    ("name", "first_words"),
    [
        (
            "Northwind Co., Ltd. (Northwind).  Affiliated Entity:  Northwind Cables Co., Ltd.,",
            "Northwind Cables Co., Ltd., affiliated entity of Northwind Co., Ltd. (Northwind),"
            " is on the Entity List",
        ),
        (
            "Academy of Kites.  Subordinate Institution -  Second Kite Office ",
            "Second Kite Office, subordinate institution of Academy of Kites, is on the",
        ),
        (
            "Kite Commission (KC), and subordinate entity Kite Works (KW)",
            "Kite Commission (KC), and subordinate entity Kite Works (KW) is on the",
        ),
        (
            "Ministry of Kites and all units wherever located.  This includes the string office. ",
            "Ministry of Kites and all units wherever located is on the",
        ),
    ],
)
def test_a_listed_part_of_another_entity_is_named_with_its_head(
    name: str, first_words: str
) -> None:
    said = sentences(one(row("EL", name, license_policy="Presumption of denial.")))
    assert said[0].startswith(first_words)
    party = (
        first_words.split(", affiliated")[0].split(", subordinate")[0].removesuffix(" is on the")
    )
    assert f"License review policy for {party} on the Entity List: Presumption of denial." in said
    if "This includes" in name:
        assert said[1].endswith("adds: This includes the string office.")


def test_what_a_row_says_of_time_is_said_and_what_it_does_not_is_not() -> None:
    def first(code: str, **values: str) -> str:
        return sentences(one(row(code, "Ada Kite", **values)))[0]

    denied = first("DPL", start_date="2010-01-05", end_date="2020-01-05")
    assert "(DPL) of the Bureau of Industry and Security from January 5, 2010 until" in denied
    assert "until January 5, 2020, according to" in denied
    assert "until June 29, 2056," in first("DPL", end_date="2056-06-29")
    assert first("UVL").endswith("List, which gives no start date.")
    wrong = one(row("EL", "Ada Kite", start_date="0017-05-26"))
    assert sentences(wrong)[0].endswith("List, which gives no valid start date.")
    assert wrong.published is None
    assert wrong.metadata["start_date"] == "0017-05-26"
    assert one(row("UVL", "Ada Kite"), Given(published=date(2020, 1, 1))).published == date(
        2020, 1, 1
    )


def test_other_lists_say_what_they_know_of_a_party() -> None:
    ship = row(
        "SDN",
        "SEA KITE",
        entity_number="77",
        type="Vessel",
        programs="KITES; STRINGS-EO1",
        vessel_type="Crude Oil Tanker",
        vessel_flag="Panama",
        nationalities="KP",
        remarks="(Linked To: KITE LINE)",
        ids="Vessel Registration Identification, IMO 1",
    )
    text = "on the Specially Designated Nationals List"
    assert sentences(one(ship))[1:] == [
        f"Sanctions programs of SEA KITE {text}: KITES; STRINGS-EO1.",
        f"Details of SEA KITE {text}: type Vessel; nationality North Korea;"
        " vessel type Crude Oil Tanker; flag Panama.",
        f"Identifications of SEA KITE {text}: Vessel Registration Identification, IMO 1.",
        f"Remarks on SEA KITE {text}: (Linked To: KITE LINE).",
    ]
    denied = row("DPL", "ADA KITE", standard_order="Y", remarks="FR NOTICE ADDED")
    assert sentences(one(denied))[1:] == [
        "The order against ADA KITE on the Denied Persons List is a standard denial order."
    ]
    bank = one(row("NS-MBS", "KITE BANK"))
    assert bank.title == "KITE BANK — Non-SDN Menu-Based Sanctions List"
    assert bank.metadata["list"] == "MBS"
    assert "Military End User List (MEU)" in one(row("MEU", "Kite Co. Ltd.")).text


@pytest.mark.parametrize(
    "name",
    ["I. ASHLEY", "Kite Technologies Sdn. Bhd.", "Institute of Aeronautical. Kites", "No. 5 Plant",
     "OOO ?Kite?", "KITE S.A.L. OFFSHORE",
     "Kite & Sons Pvt. Ltd.", "A. B. Kite Inc. (ABK)", "§ 5.1 Kites", "# Kite"],
)  # fmt: skip
def test_no_name_makes_a_heading_or_breaks_a_sentence(name: str) -> None:
    document = one(row("UVL", name, addresses="Unit 5. Kite St. Dock 7, Dubai, AE; AE"))
    assert sentences(document) == document.text.split("\n")
    assert len(sentences(document)) == 2
    assert document.text.endswith("Dubai, United Arab Emirates; United Arab Emirates.")


def test_many_values_take_several_sentences_each_with_the_party() -> None:
    aliases = [f"Kite Number {number} Trading Company" for number in range(120)]
    document = one(row("SDN", "KITE", alt_names="; ".join(aliases)))
    lines = sentences(document)[1:]
    assert len(lines) > 4
    assert all(line.startswith("KITE is also listed on the Specially") for line in lines)
    assert all(len(line) < 900 for line in lines)
    assert [alias for alias in aliases if alias not in document.text] == []


def test_older_files_without_ids_get_stable_ones() -> None:
    rows = [TURBINE, row("EL", "Kite", start_date="2020-01-01"), row("UVL", "Kite")]
    older = as_csv(rows, columns=COLUMNS[1:])
    first = load_screening_list(older, LISTED).documents
    assert len({document.id for document in first}) == 3
    amended = [dict(row, license_policy="Policy of denial") for row in reversed(rows)]
    second = load_screening_list(as_csv(amended, columns=COLUMNS[1:]), LISTED).documents
    assert [document.id for document in second] == [document.id for document in reversed(first)]
    assert [document.text for document in first] == [
        document.text for document in load(*rows).documents
    ]


def test_quoted_files_with_a_mark_load_the_same() -> None:
    plain = load(TURBINE)
    data = b"\xef\xbb\xbf" + as_csv([TURBINE], quote_all=True).replace(b"\n", b"\r\n")
    assert load_screening_list(data, LISTED) == plain


def test_one_number_may_name_a_party_on_several_lists_and_twice_on_one() -> None:
    bank = row("CAP", "KITE BANK", _id="77")
    again = dict(bank, source_list_url="http://list.example/cap")
    loaded = load(bank, row("SDN", "KITE BANK", _id="77"), again, bank)
    ids = [document.id for document in loaded.documents]
    assert ids[:2] == ["csl:CAP-77", "csl:SDN-77"]
    assert ids[2].startswith("csl:CAP-77-")
    (problem,) = loaded.problems
    assert problem.where == "listed.csv line 5"
    assert "twice" in problem.why


def test_windows_bytes_garble_nothing_else() -> None:
    name = "Xi’an Kite – “Drachen” é"
    utf8 = as_csv([row("EL", name, license_policy="See § 744.2")])
    mixed = utf8.replace("’".encode(), b"\x92").replace("é".encode(), b"\xe9")
    control = utf8.replace("’".encode(), "\x92".encode())
    for data in (utf8, mixed, control, utf8.decode().encode("cp1252")):
        (document,) = load_screening_list(data, LISTED).documents
        assert document.title == f"{name} — Entity List"
        assert "See § 744.2." in document.text


def test_a_broken_row_is_reported_with_its_line_and_the_rest_is_loaded() -> None:
    good = as_csv([TURBINE, row("UVL", "Multi\nLine Kites"), row("UVL", "Last Kite")])
    lines = good.split(b"\n")
    broken = [
        lines[0],
        lines[1],
        b"a,b,c",
        b"",
        *lines[2:4],  # one row on two lines
        as_csv([row("UVL", " ., ")]).split(b"\n")[1],
        as_csv([dict(row("UVL", "Kite"), source="Kites")]).split(b"\n")[1],
        b'"never "closed" quote,' + b"," * 27,
        lines[4],
    ]
    loaded = load_screening_list(b"\n".join(broken), LISTED)
    names = [document.metadata["name"] for document in loaded.documents]
    assert names == ["Northwind Turbine Co., Ltd. (Northwind)", "Multi Line Kites", "Last Kite"]
    assert [problem.where.removeprefix("listed.csv ") for problem in loaded.problems] == [
        "line 3", "line 7", "line 8", "line 9",
    ]  # fmt: skip
    whys = [problem.why for problem in loaded.problems]
    assert "3 columns instead of 29" in whys[0]
    assert "no party" in whys[1]
    assert "'Kites'" in whys[2]


def test_an_open_quote_does_not_swallow_the_file() -> None:
    rows = [row("UVL", f"Kite {number}", addresses="Dubai " * 60) for number in range(1000)]
    lines = as_csv(rows).split(b"\n")
    lines[5] = lines[5].replace(b"Kite 4", b'"Kite 4')
    lines[6] = lines[6].replace(b",Kite 5", b',Kite "5')
    loaded = load_screening_list(b"\n".join(lines), LISTED)
    (problem,) = loaded.problems
    assert problem.where == "listed.csv lines 6-7"
    assert len(loaded.documents) == 998
    lines[6:] = as_csv(rows).split(b"\n")[6:]  # now nothing closes it
    loaded = load_screening_list(b"\n".join(lines), LISTED)
    assert loaded.problems[0].where.startswith("listed.csv lines 6-")
    assert "field larger than field limit" in loaded.problems[0].why
    assert loaded.documents[-1].metadata["name"] == "Kite 999"
    assert len(loaded.documents) > 500


@pytest.mark.parametrize("quote_all", [False, True])
def test_a_file_cut_short_inside_a_row_is_a_problem_wherever_it_is_cut(quote_all: bool) -> None:
    data = as_csv([row("UVL", "First Kite"), dict(TURBINE, ids="Kite, 7")], quote_all=quote_all)
    begin = data.index(b"\n", data.index(b"First Kite")) + 1
    last_cell = data.index(b"Kite, 7")
    # only a cut inside an empty or unquoted last cell cannot be seen
    for end in [*range(begin + 1, last_cell - 1), last_cell, last_cell + 3]:
        loaded = load_screening_list(data[:end], LISTED)
        assert [document.metadata["name"] for document in loaded.documents] == ["First Kite"], end
        (problem,) = loaded.problems
        assert problem.where == "listed.csv line 3"


def test_what_is_no_list_is_refused_by_the_names_of_missing_columns() -> None:
    columns = [column for column in COLUMNS if column not in ("name", "license_policy")]
    with pytest.raises(ParseProblem, match="no column name, license_policy;"):
        load_screening_list(as_csv([TURBINE], columns=columns), LISTED)
    with pytest.raises(ParseProblem, match="no column source"):
        load_screening_list(b"", LISTED)
    with pytest.raises(ParseProblem, match="PDF"):
        load_screening_list(b"%PDF-1.7 ...", LISTED)
    with pytest.raises(EmptySource, match="no rows"):
        load()


# The real files


def real(name: str) -> Loaded:
    if not (SHARED / name).exists():
        pytest.skip(f"the recorded file {name} is not there")
    data = (SHARED / name).read_bytes()
    return load_screening_list(gzip.decompress(data) if name.endswith(".gz") else data, Path(name))


def test_the_whole_list_loads_and_splits() -> None:
    loaded = real("consolidated.csv.gz")
    assert loaded.problems == ()
    assert len(loaded.documents) == 14_160
    assert len({document.id for document in loaded.documents}) == 14_160
    lists = Counter(document.metadata["list"] for document in loaded.documents)
    assert lists == {
        "SDN": 10_026, "EL": 2_001, "DTC": 727, "DPL": 462, "SSI": 290, "UVL": 201, "ISN": 163,
        "PLC": 78, "MEU": 71, "CMIC": 68, "CAP": 53, "MBS": 17, "FSE": 3,
    }  # fmt: skip
    for document in random.Random(4).sample(loaded.documents, 500):
        assert document.text == normalise(document.text)
        said = sentences(document)
        assert "".join(said).replace(" ", "") == "".join(document.text.split())
        assert document.metadata["list"] != "EL" or said[0] == document.text.split("\n")[0]


def test_the_rows_of_one_firm_are_as_the_list_has_them() -> None:
    by_name = {
        str(document.metadata["name"]): document
        for document in real("consolidated.csv.gz").documents
        if document.metadata["list"] == "EL" and "uawei" in str(document.metadata["name"])
    }
    assert len(by_name) > 120
    affiliates = [name for name in by_name if "Affiliated Entity" in name]
    assert len(affiliates) == 22
    for name in affiliates:
        assert "affiliated entity of" in by_name[name].text.split("\n")[0]
        assert "Affiliated Entity" not in by_name[name].text + by_name[name].title


@pytest.mark.parametrize(
    ("name", "rows"),
    [("csl_legacy_sample.csv", 115), ("consolidated_sample_13rows.csv", 13),
     ("csl_bis_only.csv", 2_735)],
)  # fmt: skip
def test_the_older_and_newer_layouts_load(name: str, rows: int) -> None:
    loaded = real(name)
    assert loaded.problems == ()
    assert len({document.id for document in loaded.documents}) == rows
    assert not [d.id for d in loaded.documents if "\ufffd" in d.text or "http://" in d.url]
