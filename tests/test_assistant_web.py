"""The chat in a real browser: answers, citations, hostile text, history; no request elsewhere."""

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from conftest import MakeAssistant
from few_texts import DOCUMENTS, RULE
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from assistant.errors import BadQuestion
from assistant.pipeline import Assistant
from assistant.surfaces import rest, server, web

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WHY = "Why did the Office of Widget Security control the export of widget lathes?"
TARIFF = "How high is the Zorblax tariff on imported moon cheese?"

needs_browser = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"needs the browser {str(CHROMIUM)!r}"
)


@pytest.fixture(scope="module")
def assistant(make_assistant: MakeAssistant) -> Assistant:
    return make_assistant(DOCUMENTS)


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    listening = server.listen("127.0.0.1", 0)
    app = web.mount(rest.api(assistant), assistant)
    running = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    while not running.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join(timeout=20)
    listening.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A fresh page of the chat; fails if it asked anything of another host or ran into an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    elsewhere: list[str] = []
    errors: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            elsewhere.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: errors.append(f"dialog: {dialog.message}"))
    page.goto(address)
    page.wait_for_selector("#question textarea")
    yield page
    page.wait_for_timeout(200)
    context.close()
    assert elsewhere == []
    assert errors == []


def ask(page: Page, question: str) -> Any:
    """Ask and return the answer's element."""
    before = page.locator(".answer").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    expect(page.locator(".answer")).to_have_count(before + 1, timeout=20_000)
    return page.locator(".answer").nth(before)


@needs_browser
def test_a_citation_leads_to_its_quote(page: Page) -> None:
    answer = ask(page, WHY)
    expect(answer).to_contain_text("make military gears")
    expect(answer).to_contain_text("claims supported by verbatim quotes")
    mark = answer.locator(".cite").first
    expect(mark).to_have_text("[1]")
    assert mark.get_attribute("href") == "#src-1-1"
    mark.click()
    quote = page.locator("#src-1-1")
    expect(quote).to_be_in_viewport()
    assert quote.evaluate("element => element.matches(':target')")
    expect(quote).to_contain_text("[1] “")


@needs_browser
def test_a_source_shows_what_is_known_of_it(page: Page) -> None:
    source = ask(page, WHY).locator(".source").first
    title = source.locator("a.title")
    expect(title).to_have_text(RULE.title)
    assert title.get_attribute("href") == RULE.url
    assert title.get_attribute("target") == "_blank"
    expect(source).to_contain_text("Office of Widget Security · rule · 18 July 2024 · 89 FR 1")
    expect(source.locator(".status")).to_have_text(re.compile("^in force as known on "))


@needs_browser
def test_an_answer_is_read_from_its_beginning(page: Page) -> None:
    for _ in range(3):
        ask(page, WHY)
    expect(page.locator(".asked").nth(2)).to_be_in_viewport()
    ids = page.locator("[id^=src-]").evaluate_all("found => found.map(e => e.id)")
    assert len(ids) == len(set(ids)) >= 3


@needs_browser
def test_an_abstention_names_the_closest_texts(page: Page) -> None:
    answer = ask(page, "Who won the chess championship of 1972?")
    expect(answer).to_have_class(re.compile(r"\babstained\b"))
    expect(answer).to_contain_text("My sources do not answer this question.")
    expect(answer).to_contain_text("The closest texts, which do not answer it:")
    assert answer.locator(".closest li").count() >= 1
    expect(answer.locator(".cite")).to_have_count(0)


@needs_browser
def test_hostile_sources_stay_text(page: Page) -> None:
    answer = ask(page, TARIFF)
    source = answer.locator(".source", has_text="Zorblax").first
    expect(source).to_contain_text("<script>alert(6)</script> ![t](http://evil.example/t.png) **b")
    expect(source).to_contain_text("![c](http://evil.example/c.png)")
    expect(source).to_contain_text("<img src=http://evil.example/i.png onerror=alert(5)> [m](http")
    expect(source).to_contain_text("$x^2$ **b**")
    for forbidden in (
        "img",
        "script",
        "a[href*=evil]",
        "a[href^=javascript]",
        ".katex",
        "strong em",
    ):
        expect(page.locator(f"#chat .message-wrap {forbidden}")).to_have_count(0)
    expect(source.locator("a")).to_have_count(0)


@needs_browser
def test_a_hostile_question_stays_text(page: Page) -> None:
    question = "Why ![x](http://evil.example/q.png) <img src=http://evil.example/q2.png> **a** `b`?"
    ask(page, question)
    expect(page.locator(".asked")).to_have_text(question)
    expect(page.locator("#chat .message-wrap img")).to_have_count(0)


@needs_browser
def test_earlier_questions_are_passed_on(page: Page, assistant: Assistant) -> None:
    ask(page, "Are widget lathes controlled?")
    answer = ask(page, "And what is required for it?")
    expect(answer.locator(".read-as")).to_contain_text("Are widget lathes controlled, and what")
    kept = assistant.library.store.answers.all()[-1]["answer"]
    assert kept["question"] == "And what is required for it?"
    assert "Are widget lathes controlled, and what" in kept["standalone_question"]


@needs_browser
def test_a_cleared_chat_forgets(page: Page, assistant: Assistant) -> None:
    ask(page, WHY)
    page.get_by_label("Clear").click()
    expect(page.locator(".answer")).to_have_count(0)
    answer = ask(page, "And what is required for it?")
    expect(answer.locator(".read-as")).to_have_count(0)


@needs_browser
def test_the_date_counts_and_a_wrong_one_is_explained(page: Page) -> None:
    page.fill("#as-of input, #as-of textarea", "2021-01-01")
    expect(ask(page, WHY)).to_contain_text("As of 1 January 2021")
    expect(page.locator(".source", has_text=RULE.title)).to_have_count(0)
    page.fill("#as-of input, #as-of textarea", "next week")
    failed = ask(page, WHY)
    expect(failed).to_contain_text("No answer 'next week' is not a date; use YYYY-MM-DD")
    expect(page.get_by_text("Traceback")).to_have_count(0)


@needs_browser
def test_a_question_without_words_is_explained(page: Page) -> None:
    expect(ask(page, "?!")).to_contain_text("has no words. Ask in a sentence.")


@needs_browser
def test_an_old_source_is_noted(page: Page) -> None:
    question = "Is a license required to export a widget lathe to Ruritania?"
    notice = ask(page, question).locator(".notice").first
    expect(notice).to_contain_text("Note")
    expect(notice).to_contain_text("later changes are not known here")


@needs_browser
def test_an_example_is_asked_with_one_click(page: Page) -> None:
    expect(page.locator(".example")).to_have_count(8)
    page.get_by_text(web.EXAMPLES[0]).click()
    expect(page.locator(".asked")).to_have_text(web.EXAMPLES[0])
    expect(page.locator(".answer")).to_have_count(1, timeout=20_000)


@needs_browser
def test_there_is_no_footer_and_nothing_is_cut_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, WHY)
    expect(page.locator("footer")).to_be_hidden()
    expect(page.get_by_label("Share")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@needs_browser
def test_the_documentation_asks_nothing_of_another_host(page: Page, address: str) -> None:
    page.goto(f"{address}/docs")
    expect(page.locator("h1")).to_have_text("Export-policy assistant")


def test_a_date_is_read_or_refused() -> None:
    assert web.read_date("  ") is None
    assert str(web.read_date(" 2024-07-18 ")) == "2024-07-18"
    with pytest.raises(BadQuestion, match=r"'18\.7\.2024' is not a date"):
        web.read_date("18.7.2024")
