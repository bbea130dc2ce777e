# Guildhall: `make up` serves, `make test` tests; both set everything up first. Python 3.11 to 3.14 and make are enough.
.DEFAULT_GOAL := help
.PHONY: help setup up cluster demo test check bench clean generate contracts

export PYTEST_DISABLE_PLUGIN_AUTOLOAD := 1
# Compiled modules are kept, whatever the environment says: a start without them takes three times as long.
export PYTHONDONTWRITEBYTECODE :=
BIN := .venv/bin
GUILDHALL := $(BIN)/guildhall
UP_OPTIONS := $(if $(DATA),--data $(DATA)) $(if $(PORT),--port $(PORT))
# What the environment calls NAME is not ours.
BENCH := $(if $(filter command,$(origin NAME)),$(NAME),gateway)
# A group of packages, brought where its program is not there: $(call GROUP,group,program).
GROUP = test -x $(BIN)/$(2) || PYTHON="$(PYTHON)" scripts/setup $(1)
CODE := guildhall services gateway events chassis bench chain tests

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' Makefile | while IFS=: read -r name text; do printf '  make %-10s%s\n' "$$name" "$$text"; done

setup: .venv/.set-up ## install everything, serve nothing

.venv/.set-up: uv.lock pyproject.toml scripts/setup
	@PYTHON="$(PYTHON)" scripts/setup

up: setup ## serve at http://localhost:8080 (PORT=8090 and DATA=folder choose others)
	@$(GUILDHALL) up $(UP_OPTIONS)

cluster: setup ## serve docker-compose.yml as processes of this machine (Java and Maven bring Kafka)
	@$(call GROUP,cluster,caddy)
	@$(GUILDHALL) cluster $(UP_OPTIONS)

demo: setup ## run the story: a union of 1,000 members, from the first sign-in to the last payment
	@$(GUILDHALL) demo $(if $(DATA),--data $(DATA))

test: setup ## the fast tests
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow"
	@echo "Left out: the slow tests (crashes, kills, soaks, Kafka), format, lint, types and imports."
	@echo "Everything: make check"

check: setup ## format, lint, types, imports, generated files, every test: what CI runs
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/pyright --pythonpath $(BIN)/python
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory generate CHECK=--check
	@$(call GROUP,cluster,caddy)
	@$(call GROUP,bucket,moto_server)
	@$(call GROUP,bookkeeping,bean-check)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --ignore tests/chain
	@$(MAKE) --no-print-directory contracts CHECK=--check

contracts: setup ## bring the contracts' compiler, compile what is checked in, test it
	@$(call GROUP,contracts,vyper)
	@$(BIN)/python -m chain.compiler $(CHECK)
	@$(BIN)/python -m tests.chain.compiler $(CHECK)
	@$(BIN)/python -m pytest -q -n 0 tests/chain

generate: setup ## write the generated files anew
	@$(GUILDHALL) settings $(CHECK)
	@$(BIN)/python -m events.schemas_generator $(CHECK)
	@$(BIN)/python -m events.asyncapi $(CHECK)

bench: setup ## measure the gateway, or NAME=bus, identity, ledger, page, picture
	@$(if $(filter bus,$(BENCH)),$(call GROUP,bench,nats-server))
	@$(if $(filter identity,$(BENCH)),$(call GROUP,cluster,caddy))
	@$(if $(filter ledger,$(BENCH)),$(call GROUP,hordak,django-admin))
	@$(GUILDHALL) bench $(BENCH)

clean: ## remove what setup and tests made; your data stays
	@rm -rf .venv .tools .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
