"""Names of listed parties in one form: found by any of their names, and never for another."""

import pytest

from sources.parties import parties, parties_in, parties_of, party
from sources.types import Document


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("Huawei Device Co., Ltd.", "PARTY huawei device"),
        ("HUAWEI DEVICE", "PARTY huawei device"),
        ("Huawei Device (Shenzhen) Co., Ltd.", "PARTY huawei device shenzhen"),
        ("Müller & Söhne GmbH", "PARTY muller and sohne"),
        ("A.B.C. S.A.", "PARTY abc"),
        ("Co., Ltd.", ""),
        ("", ""),
    ],
)
def test_the_normal_form_of_a_name(name: str, normal: str) -> None:
    assert party(name) == normal


def test_a_short_name_stands_in_brackets_after_a_legal_form() -> None:
    assert "PARTY zell" in parties(["Zell Works Co., Ltd. (Zell)"])
    assert "PARTY zell works" in parties(["Zell Works Co., Ltd. (Zell), Hill District"])
    assert parties(["Zell Works (North) Co., Ltd."]) == ("PARTY zell works north",)


def test_a_question_holds_the_names_it_may_mean() -> None:
    found = parties_in("Is Zell Works Co., Ltd. on the Entity List?")
    assert "PARTY zell works" in found
    assert all("ltd" not in name.split()[-1] for name in found)


def test_only_rows_of_lists_have_parties() -> None:
    row = Document(
        id="csl:EL-1",
        title="Zell Works Co., Ltd. (also Zellwerk) — Entity List",
        kind="notice",
        text="…",
        metadata={"list": "EL", "aliases": ["Zellwerk AG"]},
    )
    assert set(parties_of(row)) == {"PARTY zell works", "PARTY zellwerk"}
    assert parties_of(Document(id="x", title="Zell Works", kind="notice", text="…")) == ()
