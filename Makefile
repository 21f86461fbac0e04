# Everything a developer runs. Needs python3 (3.11+), git and make; the rest installs itself.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
SPLIT ?=
ARGS ?=
ONLY ?=
SABOTEUR ?=

RUN = $(PYTHON) tools/bootstrap.py run --
DRILL = -m starscal.testing.drill --only "$(ONLY)" --saboteur "$(SABOTEUR)"
DEV = $(PYTHON) tools/bootstrap.py dev --
# Who names tests gets them, slow or not.
NAMED = $(if $(findstring -k,$(ARGS))$(findstring tests/,$(ARGS)),-m "")
# Tests wait for servers: one worker more than there are processors, who help each other in the end.
WORKERS = $(shell $(PYTHON) -c "import os; print(min(4, os.cpu_count() + 1))")
TESTS = -m pytest -n $(WORKERS) --dist worksteal $(NAMED)

.DEFAULT_GOAL := help
.PHONY: help run test test-uvicorn check format lint types contracts drift deploy-lint image-steps verify verify-docs \
	bench-access bench-astronomy bench-desk bench-languages bench-live bench-queries bench-telegram bench-titles drill drill-quick drill-controls \
	hooks clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## Start everything and print the addresses (PORT=8000, HOST=127.0.0.1, SPLIT=1 for two web roles)
	@exec $(PYTHON) tools/bootstrap.py --port "$(PORT)" run -- manage.py up --with-parent --host "$(HOST)" --port "$(PORT)" $(if $(SPLIT),--split)

test: ## Run the tests but the slowest and the drill, which `make check` adds (ARGS="-k moon -x" reaches pytest)
	@$(DEV) $(TESTS) $(ARGS)

test-uvicorn: ## Run the tests of live delivery with uvicorn in Daphne's place
	@STARSCAL_TEST_SERVER=uvicorn $(DEV) -m pytest -m "" $(ARGS) events/tests/test_live_frames.py \
		starscal/tests/test_live_delivery.py starscal/tests/test_live_people.py

check: lint types contracts drift deploy-lint ## Run all that CI runs: every check, all tests with coverage, the drill
	@$(MAKE) --no-print-directory test ARGS="--cov --cov-report= -m 'not drill' $(ARGS)"
	@$(DEV) -m tools.coverage_gate
	@$(MAKE) --no-print-directory drill-quick

format: ## Rewrite the code in the house format
	@$(DEV) -m ruff check --fix-only --quiet .
	@$(DEV) -m ruff format .

lint: ## Check format, rules and the shell and deployment scripts
	@$(DEV) -m ruff format --check .
	@$(DEV) -m ruff check .

types: ## Check types with mypy
	@$(DEV) -m mypy

contracts: ## Check who imports whom
	@$(DEV) -c "from importlinter.cli import lint_imports_command as main; main()"

drift: ## Check that migrations and message catalogues match the code
	@$(DEV) manage.py makemigrations --check --dry-run
	@$(DEV) manage.py messages check

deploy-lint: ## Check the Dockerfile, compose.yaml and YAML and shell files, without an engine
	@$(DEV) -m tools.deploy_lint

image-steps: ## Run the very steps of the Dockerfile and compose.yaml on this machine
	@$(DEV) -m tools.image_steps

bench-queries: ## Measure every read of the events in the database (fill it with compute first)
	@$(DEV) -m bench.list_queries $(ARGS)

bench-desk: ## Measure the desk's list on 600,000 events (ARGS="--events 100000 --rounds 10")
	@$(DEV) -m bench.desk $(ARGS)

bench-telegram: ## Measure the bot: 100 updates a second, a digest run of 10,000, checks of membership
	@$(DEV) -m bench.telegram.replies
	@$(DEV) -m bench.telegram.digest
	@$(DEV) -m bench.telegram.membership

bench-titles: ## Measure how long 50,000 titles take in ten languages
	@$(DEV) -m bench.titles $(ARGS)

verify: ## Compute anew and compare with every reference table (ARGS="--family transits")
	@$(RUN) manage.py verify $(ARGS)

verify-docs: ## The same, and write docs/verification.md
	@$(RUN) manage.py verify --write-docs

bench-access: ## Measure what knowing who asks costs beside the bare signature and the library
	@$(DEV) -m bench.access_check $(ARGS)

bench-languages: ## Measure loading a language and switching to it
	@$(DEV) -m bench.languages $(ARGS)

bench-astronomy: ## Measure the astronomy core against its peers (bench/README.astronomy.md)
	@$(DEV) -m bench.astronomy $(ARGS)

bench-live: ## Measure live delivery against other servers (bench/live/README.md; ARGS="--quick --only ours,raw")
	@$(DEV) -m bench.live $(ARGS)

drill: ## Hold every promise under load and attack (ONLY="T6 T7", SABOTEUR=name must fail)
	@$(DEV) $(DRILL) $(ARGS)

drill-quick: ## The same with little load, in three minutes at most
	@$(DEV) $(DRILL) --quick $(ARGS)

drill-controls: ## See that every saboteur is caught by the tests it works against
	@$(DEV) -m starscal.testing.drill --controls --quick $(ARGS)

hooks: ## Install the git hooks
	@$(DEV) -m pre_commit install

clean: ## Remove .venv, the private servers' data and all caches
	@$(PYTHON) tools/clean.py
