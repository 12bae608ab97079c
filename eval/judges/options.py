"""The options of commands that may ask a chat model to judge. Keys are never options."""

import click

JUDGE_MODEL = click.option(
    "--judge-model",
    envvar="EVAL_JUDGE_MODEL",
    default="",
    help="For --judge chat: provider:model, as LangChain names them (EVAL_JUDGE_MODEL).",
)
JUDGE_URL = click.option(
    "--judge-url",
    envvar="EVAL_JUDGE_URL",
    default="",
    help="For --judge chat: base address of an OpenAI-compatible server (EVAL_JUDGE_URL).",
)
