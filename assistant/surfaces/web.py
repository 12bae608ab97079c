"""The chat in a browser. Owner of gradio; asks the assistant and shows what `render` makes of it.

Everything the page shows of sources and persons arrives as inert HTML; gradio's sanitiser stays on.
No request leaves the machine: system fonts, no analytics, no model hub.
"""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import render
from assistant.errors import AssistantError, BadQuestion
from sources.errors import BadMetadata
from sources.heading import parse_date

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.pipeline import Assistant

TITLE = "Export-policy assistant"
ABOUT = (
    "Answers about United States export policy, every sentence pinned to the words that support "
    "it. Not legal advice."
)
EXAMPLES = (
    "Why was Kaspersky put on the Entity List?",
    "May U.S. companies work with Huawei in standards bodies?",
    "What is a deemed export?",
    "What is the de minimis threshold?",
    "What does footnote 1 on the Entity List mean?",
    "What happened to the AI diffusion rule?",
    "When did Huawei's temporary general license end?",
    "What is the penalty for export violations?",
)
_AT_ONCE = 4
_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
_MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")

_TO_ANSWER = """() => requestAnimationFrame(() => {
  const asked = document.querySelectorAll("#chat .asked");
  if (asked.length) asked[asked.length - 1].scrollIntoView({block: "start"});
})"""
"""Shows an answer from its beginning, not from its last source."""

Messages = list[dict[str, Any]]


def mount(app: "FastAPI", assistant: "Assistant") -> "FastAPI":
    """Return `app` with the chat at "/"; routes that it has already come first."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # both are read when gradio is imported
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gradio as gr
    from gradio.themes import Base

    theme = Base(primary_hue="blue", neutral_hue="slate", font=_FONTS, font_mono=_MONO).set(
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_400",
    )
    return gr.mount_gradio_app(
        app,
        _page(assistant),
        path="/",
        theme=theme,
        css_paths=Path(__file__).with_name("web.css"),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
    )


def read_date(text: str) -> date | None:
    """Return the date that was typed, None for none. Raises BadQuestion."""
    try:
        return parse_date(text) if text.strip() else None
    except BadMetadata as error:
        raise BadQuestion(f"{error}; leave the field empty for today.") from error


def _answering(assistant: "Assistant") -> Callable[..., Iterator[tuple[str, Messages, list[str]]]]:
    """Return what happens to a question: it is shown at once, then its answer."""

    def asked(
        question: str, as_of: str, messages: Messages, earlier: list[str]
    ) -> Iterator[tuple[str, Messages, list[str]]]:
        if not question.strip():
            yield "", messages, earlier
            return
        messages = [*messages, {"role": "user", "content": render.said_html(question)}]
        yield "", messages, earlier
        try:
            answer = assistant.ask(question, as_of=read_date(as_of), history=earlier)
            earlier = [*earlier, question]
            shown = render.html(answer, turn=len(earlier))
        except AssistantError as error:
            shown = render.failure_html(str(error))
        yield "", [*messages, {"role": "assistant", "content": shown}], earlier

    return asked


def _fields(gr: Any) -> tuple[Any, Any, Any]:
    """Return the question, the as-of date and the button, in one row."""
    with gr.Row(elem_id="ask"):
        question = gr.Textbox(
            label="Question",
            placeholder="Ask about a rule, a party or a date",
            elem_id="question",
            scale=6,
            min_width=280,
            max_lines=6,
            autofocus=True,
        )
        as_of = gr.Textbox(
            label="As of",
            placeholder="today or YYYY-MM-DD",
            elem_id="as-of",
            scale=2,
            min_width=180,
            max_lines=1,
        )
        return question, as_of, gr.Button("Ask", variant="primary", scale=0, min_width=96)


def _page(assistant: "Assistant") -> Any:
    import gradio as gr

    def chosen(event: gr.SelectData) -> str:
        return str(event.value["text"])

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True) as page:
        gr.HTML(f"<h1>{TITLE}</h1><p>{ABOUT}</p>", elem_id="head", padding=False)
        chat = gr.Chatbot(
            elem_id="chat",
            show_label=False,
            container=False,
            scale=1,
            autoscroll=False,
            layout="bubble",
            buttons=[],
            feedback_options=None,
            sanitize_html=True,
            allow_tags=False,
            latex_delimiters=[],
            examples=[{"text": example} for example in EXAMPLES],
        )
        question, as_of, button = _fields(gr)
        earlier = gr.State([])
        answering: dict[str, Any] = {
            "fn": _answering(assistant),
            "inputs": [question, as_of, chat, earlier],
            "outputs": [question, chat, earlier],
            "concurrency_limit": _AT_ONCE,
            "concurrency_id": "ask",
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        quick: dict[str, Any] = {"queue": False, "api_visibility": "private"}
        gr.on([question.submit, as_of.submit, button.click], **answering).then(js=_TO_ANSWER)
        picked = chat.example_select(chosen, outputs=question, **quick)
        picked.then(**answering).then(js=_TO_ANSWER)
        chat.clear(lambda: [], outputs=earlier, **quick)
    return page
