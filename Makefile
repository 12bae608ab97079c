# Set-up and daily work. `make chat` is all a new user needs; everything installs into .venv.

PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
FIND    := $(if $(PIP_FIND_LINKS),--find-links "$(PIP_FIND_LINKS)")
INSTALL := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python \
           -c constraints.txt $(FIND) -e '.[dev]'

export ANONYMIZED_TELEMETRY := False
export GRADIO_ANALYTICS_ENABLED := False
export HF_HUB_OFFLINE := 1

GATE  := $(VENV)/gate
EVAL  := $(BIN)/python -m eval
CASES := eval/data/library.jsonl $(sort $(wildcard eval/data/cases/*.jsonl))
# After every summary was added, since those without a date count from that day; and always the same
# day, since answers depend on it.
AS_OF := 2030-01-01

.PHONY: help setup chat test check measured gate baseline format bench clean
help:  ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

setup: $(VENV)/.done  ## Install into .venv; does nothing when that is done

# torch comes from the wheel folder if there is one, else from uv's CPU index; where that cannot be
# reached the registry's default build is taken, which brings several GB of CUDA on Linux.
$(VENV)/.done: constraints.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(if $(PIP_FIND_LINKS),$(INSTALL),$(INSTALL) --torch-backend cpu || \
	  { echo "The CPU index of torch cannot be reached: taking the registry's default build."; \
	    $(INSTALL); })
	touch $@

chat: setup  ## Build the starter index and serve the chat on http://127.0.0.1:7860
	$(BIN)/assistant serve

test: setup  ## Run the tests
	$(BIN)/python -m pytest

check: setup  ## Format, lint and type check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright

# The shipped cases, answered over a starter library made anew, with the texts that lie and give
# orders which some cases need, and scored without a judge.
measured: setup
	rm -rf $(GATE)/run $(GATE)/home/index $(GATE)/home/store.sqlite*
	$(EVAL) run $(CASES) -o $(GATE)/run --home $(GATE)/home --documents eval/data/documents \
	  --as-of $(AS_OF)
	$(EVAL) score $(GATE)/run --judge none --home $(GATE)/home

gate: measured  ## Hold the answers to eval/gates.toml and to eval/baseline; fails when one is broken
	$(EVAL) report $(GATE)/run --against eval/baseline --gate eval/gates.toml

baseline: measured  ## Make eval/baseline anew: after a change of cases, library or figures
	$(EVAL) baseline $(GATE)/run eval/baseline

format: setup  ## Put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup  ## Print speed, as ratios measured in one run (CORPUS=folder or files to measure on)
	$(BIN)/python -m eval bench speed $(CORPUS)

clean:  ## Remove what set-up made
	rm -rf $(VENV)
