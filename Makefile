# make chat   set up, build the library from data/reports, open the chat
# make test   set up what tests need, run them
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
HOST ?= 127.0.0.1
PORT ?= 7860
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: help chat test lint check evaluate benchmark bench bench-scale bench-peers torture clean browser

help: ## show the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/'

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it and run make again." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The venv module is missing: on Debian and Ubuntu, apt install python3-venv." >&2; exit 1; }

$(VENV)/.run: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

chat: $(VENV)/.run ## open the chat at http://127.0.0.1:7860
	$(BIN)/report-chat serve --host $(HOST) --port $(PORT)

browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
	  command -v apt-get >/dev/null && $$sudo true 2>/dev/null \
	  && $$sudo apt-get update -q && $$sudo apt-get install -q -y --no-install-recommends chromium fonts-noto-cjk \
	  || echo "No Chromium here: tests in a browser are skipped."; }
	@command -v npm >/dev/null || { sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
	  command -v apt-get >/dev/null && $$sudo true 2>/dev/null \
	  && $$sudo apt-get install -q -y --no-install-recommends npm \
	  || echo "No npm here: the page is not checked with axe-core."; }

test: $(VENV)/.dev browser ## run the tests
	$(BIN)/pytest

lint: $(VENV)/.dev ## lint and format check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check: lint ## lint, format and types
	$(BIN)/mypy

evaluate: $(VENV)/.dev ## score the answers to the questions of tests/eval
	$(BIN)/python -m tests.eval

benchmark: $(VENV)/.dev ## measure retrieval, reading and loading on public and own cases
	$(BIN)/python -m tests.benchmark

torture: $(VENV)/.dev ## kill writers of a library 200 times, and look whether it lost anything
	$(BIN)/python -m tests.torture --kills 200

bench: $(VENV)/.dev ## time questions, ingest and memory
	$(BIN)/python -m tests.bench

TEXTS ?=

bench-scale: $(VENV)/.dev ## measure libraries of 1,000 to 1,000,000 chunks made of TEXTS=FILE.jsonl, and plot it
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m tests.bench.scale --texts $(TEXTS) --plot docs/scale.svg

bench-peers: $(BIN)/python ## time other engines with the same texts and model, in an environment of their own
	@test -d .venv-peers || $(BIN)/python -m venv .venv-peers
	.venv-peers/bin/pip install -q --disable-pip-version-check -e . $$(grep ^torch== constraints.txt) txtai llama-index-core llama-index-vector-stores-faiss langchain-community langchain-huggingface haystack-ai chromadb
	.venv-peers/bin/python -m tests.bench.peers $(if $(TEXTS),--texts $(TEXTS))

clean: ## remove what was built
	rm -rf $(VENV) .venv-peers build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis data/library
