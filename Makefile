# Two commands for a newcomer: `make demo` and `make test`. Both need Python 3.11+, a C++ compiler and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DIR ?= .
Q ?= open up camel case identifiers

# hnswlib is built from source; without this its binary would only run on processors like the one that built it.
export HNSWLIB_NO_NATIVE = 1
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test lint unit fuzz oracles endpoints quality emacs neovim vscode screenshots kills audit check format bench clean

demo: $(VENV)/core.stamp
	@$(BIN)/funcseek model install minilm
	@$(BIN)/funcseek index --headless "$(DIR)"
	@$(BIN)/funcseek search --no-service "$(Q)" "$(DIR)"

# The stages of everything that CI runs, each a target of its own.
test: lint unit fuzz oracles endpoints quality emacs neovim vscode audit

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# Two at a time: most of them wait for a service. A module stays in one process, with what it has set up.
unit: $(VENV)/dev.stamp
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --ignore tests/oracles --ignore tests/editors \
		--ignore tests/endpoints --ignore tests/quality/test_golden.py

# Emacs with eglot, from Debian, and our package for it: takes root and a minute once.
emacs: $(VENV)/dev.stamp
	tests/editors/emacs/install.sh
	$(BIN)/python -m pytest tests/editors/emacs

# What compilers find in real source; installs the compilers and the source, which takes root and some minutes once.
oracles: $(VENV)/dev.stamp
	tests/oracles/install.sh $(VENV)
	$(BIN)/python -m pytest --numprocesses 2 tests/oracles

# Servers of embeddings that are not ours: llama.cpp's, from a wheel, half a minute once, over models made here.
endpoints: $(VENV)/dev.stamp
	tests/endpoints/install.sh
	$(BIN)/python -m pytest tests/endpoints

# How well the embedded default answers, against the committed page; brings the model and some packages once, then takes
# two minutes. `make quality UPDATE=--update` rewrites the page.
quality: $(VENV)/dev.stamp
	$(BIN)/python -m pytest tests/quality/test_golden.py $(UPDATE)

# The plugin in the real Neovim; brings it and checks Lua, ten seconds once, as root on Debian. Pickers are in no registry:
# `FUNCSEEK_NVIM_PLUGINS` names a folder with their repositories, and the run says which were not tried.
neovim: $(VENV)/dev.stamp
	tests/editors/neovim/install.sh
	$(BIN)/python -m pytest tests/editors/neovim

# The extension: built, and driven in a real VS Code. Installs that, a browser and Node.js, which takes root and a minute
# once.
vscode: $(VENV)/dev.stamp
	tests/editors/vscode/install.sh
	tests/editors/vscode/run.sh

# The pictures of the README, taken anew in the real VS Code.
screenshots: $(VENV)/dev.stamp
	tests/editors/vscode/install.sh
	tests/editors/vscode/run.sh tests/editors/vscode/screenshots.ts

# Looks for inputs that break something, guided by coverage; `make fuzz SECONDS=600` is the nightly form.
SECONDS ?= 60
fuzz: $(VENV)/dev.stamp
	tests/fuzz/install.sh $(VENV)
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

# The long runs of what `unit` does with 60 kills and 10 faults of the disk: ten minutes.
kills: $(VENV)/dev.stamp
	$(BIN)/python -m pytest --kills 500 --faults 200 \
		tests/index/test_kills.py tests/index/test_switched_models.py tests/index/test_faults.py

# Holds every pinned version against the known vulnerabilities, which it asks the network for; says where it cannot.
audit:
	tests/audit.sh $(VENV)-audit

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
