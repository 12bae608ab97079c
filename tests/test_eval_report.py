"""The report: plots, marked passages, changes by case, and nothing from outside."""

import json
import re
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, sync_playwright

from eval.__main__ import main
from eval.report_calibration import reliability
from eval.report_plots import calibration, latency

CHROMIUM = Path("/usr/bin/chromium")
CASES = [
    {
        "id": "c1",
        "question": "When did the widget rule take effect?",
        "type": "date",
        "answerable": True,
        "as_of": "2020-01-01",
        "gold_docs": ["rule"],
        "nuggets": [{"text": "May 16, 2019", "any_of": ["May 16, 2019"], "vital": True}],
    },
    {
        "id": "c2",
        "question": "Which day ends the pause?",
        "type": "conflict",
        "answerable": True,
        "gold_docs": ["rule"],
        "conflict": ["rule", "press"],
        "nuggets": [{"text": "June 1", "any_of": ["June 1"], "vital": True}],
    },
    {"id": "c3", "question": "How tall is a giraffe?", "type": "unanswerable", "answerable": False},
]
RULE = {
    "id": "rule",
    "title": "Widget Rule",
    "published": "2019-05-10",
    "text": "The Office of Widgets made a rule. The widget rule took effect on May 16, 2019. "
    "Fees are paid in copper.",
}
PRESS = {"id": "press", "title": "Press", "published": "2019-06-01", "text": "It ends on June 2."}


def answers(first: str) -> list[dict[str, object]]:
    return [
        {"case": "c1", "question": "q", "text": first, "cited": [RULE], "seconds": 0.2},
        {
            "case": "c2",
            "question": "q",
            "text": "The pause ends on June 1 [1]. It ends on June 2 [2].",
            "cited": [{**RULE, "text": "The pause ends on June 1."}, PRESS],
            "notices": ["conflict"],
            "retrieved": [PRESS],
            "seconds": 0.5,
        },
        {"case": "c3", "question": "q", "text": "", "cited": [], "abstained": True, "seconds": 0.1},
    ]


def lines(rows: Sequence[object], path: Path) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def command(*words: object) -> None:
    result = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run in which the first case got worse than in an older one."""
    folder = tmp_path_factory.mktemp("report")
    cases = lines(CASES, folder / "cases.jsonl")
    for name, text in (
        ("old", "The widget rule took effect on May 16, 2019 [1]."),
        ("new", "The widget rule took effect in spring [1]."),
    ):
        theirs = lines(answers(text), folder / f"{name}.jsonl")
        words = ("--cases", cases, "--answers", theirs, "--judge", "none")
        command("score", folder / name, *words)
    command("report", folder / "new", "--against", folder / "old")
    return folder / "new" / "report.html"


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def case_of(page: Path, id: str) -> str:
    text = page.read_text("utf-8")
    return text[text.index(f'<details id="{id}"') :].split("</details>")[0]


def test_without_a_quote_the_nearest_sentence_is_marked(page: Path) -> None:
    marked = re.findall(r"<mark>(.*?)</mark>", case_of(page, "c1"))
    assert [text.strip() for text in marked] == ["The widget rule took effect on May 16, 2019."]


def test_a_case_shows_what_changed_since_the_other_run(page: Path) -> None:
    html = case_of(page, "c1")
    told = words_of(html)
    assert "worse · date" in told
    assert "− The widget rule took effect on May 16, 2019." in told
    assert "+ The widget rule took effect in spring." in told
    assert "Answer correct 1.00 0.00" in told
    assert "Against old" not in case_of(page, "c2")


def test_the_worst_case_comes_first_and_conflicts_show_by_type(page: Path) -> None:
    text = page.read_text("utf-8")
    assert re.findall(r'<details id="(c\d)"', text)[0] == "c1"
    by_type = text[text.index("By type of question</h2>") : text.index("first source cited</h2>")]
    head = [words_of(cell) for cell in re.findall(r"<th[^>]*>(.*?)</th>", by_type)]
    row = next(r for r in by_type.split("<tr>") if r.startswith("<td>conflict"))
    cells = [words_of(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
    assert cells[head.index("Conflict shown")] == "100 % n 1"
    assert cells[head.index("As-of date kept")] == "–"


def test_the_top_says_it_in_words(page: Path) -> None:
    told = words_of(page.read_text("utf-8"))
    assert "Of 2 questions that the library answers, 1 got a right answer, 0 were declined" in told
    assert "Of 1 that nothing in it answers, 1 were held back or corrected." in told


# -- Plots ---------------------------------------------------------------------------------------


def test_groups_keep_like_scores_together_and_the_figures_are_worked_out() -> None:
    pairs = [(0.2, False), (0.8, True), (0.8, True), (0.8, False)]
    found = reliability("score", True, pairs)
    assert [(g.score, g.right.mean, g.right.n) for g in found.groups] == [
        (0.2, 0.0, 1),
        (pytest.approx(0.8), pytest.approx(2 / 3), 3),
    ]
    assert found.auroc == pytest.approx((2 + 0.5 * 2) / 4)
    assert found.error == pytest.approx((1 * 0.2 + 3 * (0.8 - 2 / 3)) / 4)
    many = reliability("score", True, [(at / 100, at % 2 == 0) for at in range(100)])
    assert [group.right.n for group in many.groups] == [20] * 5
    assert reliability("score", True, [(0.5, True)]).auroc is None


def test_plots_are_whole_and_point_where_the_data_are() -> None:
    found = reliability("A <b> score", True, [(0.1, False), (0.9, True)])
    (svg,) = re.findall(r"<svg.*?</svg>", calibration([found]), re.S)
    dots = [dot.attrib for dot in ElementTree.fromstring(svg).iter("circle")]
    assert float(dots[0]["cx"]) < float(dots[1]["cx"])
    assert float(dots[0]["cy"]) > float(dots[1]["cy"])  # up is more often right
    one = calibration([reliability("score", True, [(1.0, True), (1.0, False)])])
    assert "All 2 answers have the score 1.00, and 50% of them are right" in one
    assert "<svg" not in one


@pytest.mark.parametrize("seconds", [(0.0,), (0.2, 0.1, 0.3), (1e-5, 40.0), tuple(range(1, 50))])
def test_every_time_is_in_the_histogram(seconds: tuple[float, ...]) -> None:
    (svg,) = re.findall(r"<svg.*?</svg>", latency(seconds))
    drawn = ElementTree.fromstring(svg)
    assert sum(int(title.text or 0) for title in drawn.iter("title")) == len(seconds)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs the browser {str(CHROMIUM)!r}")
@pytest.mark.parametrize("wide", [1280, 400])
def test_the_page_asks_for_nothing_and_fits_the_window(
    browser: Browser, page: Path, wide: int
) -> None:
    asked: list[str] = []
    tab = browser.new_page(viewport={"width": wide, "height": 900})
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page.as_uri())
    tab.locator("#c1 summary").click()
    assert tab.locator("#c1 mark").is_visible()
    assert asked == [page.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") <= wide
    tab.close()
