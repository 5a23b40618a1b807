# Two commands for a newcomer: `make demo` and `make test`. Both need Python 3.11+, a C++ compiler and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DIR ?= .
Q ?= open up camel case identifiers

# hnswlib is built from source; without this its binary would only run on processors like the one that built it.
export HNSWLIB_NO_NATIVE = 1
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test lint unit emacs oracles quality kills check format bench clean

demo: $(VENV)/core.stamp
	@$(BIN)/funcseek model install minilm
	@$(BIN)/funcseek index --headless "$(DIR)"
	@$(BIN)/funcseek search --no-service "$(Q)" "$(DIR)"

# The stages of everything that CI runs, each a target of its own.
test: lint unit emacs oracles quality

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/dev.stamp
	$(BIN)/python -m pytest --ignore tests/oracles --ignore tests/editors --ignore tests/quality/test_golden.py

# Emacs with eglot, from Debian, and our package for it: takes root and a minute once.
emacs: $(VENV)/dev.stamp
	tests/editors/emacs/install.sh
	$(BIN)/python -m pytest tests/editors/emacs

# What compilers find in real source; installs the compilers and the source, which takes root and some minutes once.
oracles: $(VENV)/dev.stamp
	tests/oracles/install.sh $(VENV)
	$(BIN)/python -m pytest tests/oracles

# How well the embedded default answers, against the committed page; brings the model and some packages once, then takes
# two minutes. `make quality UPDATE=--update` rewrites the page.
quality: $(VENV)/dev.stamp
	$(BIN)/python -m pytest tests/quality/test_golden.py $(UPDATE)

# The long run of what `unit` does with 60 kills: five minutes.
kills: $(VENV)/dev.stamp
	$(BIN)/python -m pytest tests/index/test_kills.py --kills 500

check: $(VENV)/dev.stamp
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/python -m pytest -x -q tests/parsers tests/index

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench.spine
	$(BIN)/python -m bench.lsp
	$(BIN)/python -m bench.parsing
	$(PIP) --editable '.[bench]'
	$(BIN)/python -m bench.index --checkout 5000

$(VENV)/core.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(VENV)/dev.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/core.stamp

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
