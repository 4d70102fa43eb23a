# Every target sets up .venv by itself: Python 3.11 to 3.14, pip and make are all it needs.
# make test PYTHON=/path/to/python3.12 chooses the interpreter; make test JOBS=4 the number of processes.

JOBS ?= 2
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n $(JOBS)

export PYTHON
export MPLBACKEND := Agg
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint format docs bench clean environment environment-dev

help:
	@echo "make demo      three days of one person's life, two ways, into out/"
	@echo "make test      lint, layers and the fast tests"
	@echo "make test-all  the slow tests too"
	@echo "make lint      ruff, pyright, layers, spelling"
	@echo "make format    lay out the code (the science files keep their columns)"
	@echo "make docs      the documentation, into site/"
	@echo "make bench     the benchmarks"
	@echo "make clean     remove .venv and all that the other targets left"

environment:
	@./tools/environment.sh

environment-dev:
	@./tools/environment.sh dev

demo: environment
	$(BIN)/neurohumor run examples/everyday/person.toml examples/everyday/office_day.toml \
		--against examples/everyday/short_sleep_high_threat.toml --days 3 --out out/

test: lint
	$(PYTEST) -m "not slow" --hypothesis-profile=ci

test-all: lint
	$(PYTEST) --hypothesis-profile=thorough

lint: environment-dev
	$(BIN)/ruff check
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/codespell -D- -D tools/american_spelling.txt

format: environment-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs:
	@./tools/environment.sh docs
	$(BIN)/mkdocs build --strict

bench:
	@./tools/environment.sh bench interop
	@for each in benchmarks/bench_*.py; do echo "== $$each"; $(BIN)/python "$$each" || exit 1; done
	@mkdir -p out/benchmarks && rm -f out/benchmarks/*.json
	@for each in peers ours limit; do echo "== benchmarks/$$each.py"; $(BIN)/python benchmarks/$$each.py --json >out/benchmarks/$$each.json || exit 1; done
	@$(BIN)/python benchmarks/report.py

clean:
	rm -rf .venv out site build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests benchmarks tools docs -name __pycache__ -type d -prune -exec rm -rf {} +
