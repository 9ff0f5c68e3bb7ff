# Every command of the project. `make` alone lists them.
# GNU make 3.81 (macOS) is enough; what takes more than a line is in dev/.

PYTHON ?= python3
export PYTHON
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

dev := dev/run.sh
python := .venv/bin/python
bin := node_modules/.bin
# The images have their own Python; a command for a stack that is running needs none either.
installs_for_up := $(if $(filter compose,$(MODE)),node,node python)

.PHONY: help up down status logs psql backup admin seed doctor import rehearse schema migrate reset check test test-unit test-e2e test-browser test-compose test-failover staleness fuzz bench bench-short lock docs-style settings-page format hooks clean install wheel test-wheel

##@ Run

up: ## start everything until it is ready; MODE=compose|embedded
	@dev/install.sh $(installs_for_up)
	@$(dev) up

down: ## stop everything, keep the data
	@dev/install.sh node
	@$(dev) down

status: ## each service and its port; fails unless all are ready
	@dev/install.sh node
	@$(dev) status

logs: ## follow the logs of the services; SERVICE=backend for one
	@dev/install.sh node
	@$(dev) logs

##@ Data

seed: ## sign up the demo account, if it does not exist
	@dev/install.sh node
	@$(dev) seed

admin: ## make a user the first administrator: EMAIL=ann@example.com
	@dev/install.sh node
	@$(dev) admin

psql: ## the database, as superuser; SQL="SELECT 1" for one query
	@dev/install.sh node
	@$(dev) psql

backup: ## write the database into a file; FILE=name.dump chooses it
	@dev/install.sh node
	@$(dev) backup

import: ## users of another system; ARGS="--from django dump.sql"
	@dev/install.sh node
	@CALLER_FOLDER="$(PWD)" $(dev) import $(ARGS)

doctor: ## what is wrong, and how to end it; ARGS="--try EMAIL"
	@dev/install.sh node
	@$(dev) doctor $(ARGS)

schema: ## auth tables for your ORM; ARGS="export --format prisma"
	@dev/install.sh node
	@CALLER_FOLDER="$(PWD)" $(dev) schema $(ARGS)

rehearse: ## migrate a copy of the database, and ARGS="--from …" import
	@dev/install.sh node
	@CALLER_FOLDER="$(PWD)" $(dev) rehearse $(ARGS)

migrate: ## migrate the tables of both services
	@dev/install.sh $(installs_for_up)
	@$(dev) migrate

reset: ## stop everything and delete the data; YES=1 does not ask
	@dev/install.sh node
	@$(dev) reset

##@ Test

check: ## format, lint, types, dead code, lock files, repository
	@dev/install.sh node python bench
	@node --import tsx dev/src/check/main.ts

test: test-unit test-e2e test-browser ## every test, beside a running stack if there is one

test-unit: install ## the tests beside the code, on a real, empty PostgreSQL
	@$(dev) with-postgres -- dev/test-unit.sh

test-e2e: ## tests on a running stack; ARGS="tests/notes -k cursor"
	@dev/install.sh node python clients orms
	@$(if $(ARGS),$(dev) with-stack -- $(python) -m pytest $(ARGS),tests/in-stacks.sh $(dev) with-stack --)

# As in tests/in-stacks.sh: a check that is slow on a busy machine is no outage.
test-browser: install ## in a real Chromium, and the JavaScript clients
	@CHROMIUM_PATH="$$(dev/chromium.sh)" || exit 1; export CHROMIUM_PATH; \
	SIDECAR_TIMEOUT_SECONDS=5 $(dev) with-stack -- $(bin)/vitest run --root tests/browser $(ARGS)

test-compose: ## the tests against a stack in Docker Compose
	@dev/install.sh node python clients
	@$(if $(ARGS),$(dev) with-stack --mode compose -- $(python) -m pytest $(ARGS),\
		$(dev) with-stack --mode compose -- true && tests/in-stacks.sh $(dev) with-stack --mode compose --)

test-failover: ## PostgreSQL fails over under both services; Linux only
	@dev/failover.sh
	@dev/install.sh node python failover
	@$(python) -m pytest tests/failover $(ARGS)

test-wheel: wheel ## the packages, installed where there is no Node
	@$(python) -m pytest tests/wheel $(ARGS)

staleness: install ## end sessions under 1,000,000 requests; REQUESTS=50000
	@$(dev) with-stack -- $(python) -m pytest tests/staleness/test_staleness.py \
		--staleness-requests $(or $(REQUESTS),1000000)
	@$(python) -m pytest tests/session_model --session-model-whole

fuzz: ## send both services random requests; SECONDS=600
	@dev/install.sh node python clients
	@$(dev) with-stack -- $(python) -m pytest tests/clients/test_schemathesis.py --fuzz-seconds $(or $(SECONDS),120)

bench: ## measure everything, 5 minutes; writes docs/benchmarks.md
	@dev/install.sh node python bench
	@$(dev) with-stack -- node --import tsx bench/main.ts

bench-short: ## the CPU ratios that must hold, in half a minute
	@dev/install.sh node python bench
	@$(dev) with-stack -- node --import tsx bench/short.ts

##@ Develop

install: ## install what the lock files name; every command does so
	@dev/install.sh node python

format: install ## format every file as check demands
	@$(bin)/biome check --write --log-level=warn .
	@.venv/bin/ruff check --quiet --fix backend-fastapi tests bench; .venv/bin/ruff format --quiet backend-fastapi tests bench

hooks: install ## before each commit, format and lint what is staged
	@$(bin)/lefthook install

lock: install ## write the lock files again after a change of dependencies
	@npm install --package-lock-only --no-progress --loglevel=error
	@cd tests/orms && npm install --package-lock-only --no-progress --loglevel=error
	@dev/lock-python.sh .

docs-style: install ## give /docs of the API the colours of brand/
	@node --import tsx dev/src/docs-style/main.ts

settings-page: install ## write docs/settings.md after a change of a setting
	@node --import tsx dev/src/settings-page/main.ts

wheel: install ## both Python packages into dist/, with the auth server
	@node --import tsx dev/src/wheel/main.ts

clean: ## delete what was built and installed, not the data
	@rm -rf node_modules .venv .local/bench-venv .local/clients-venv .local/failover-venv .local/orms-venv tests/orms/node_modules auth-server/dist dev/dist frontend/dist dist .local/builds .local/last-failure
	@find backend-fastapi tests bench \( -name __pycache__ -o -name .pytest_cache -o -name .ruff_cache -o -name '*.egg-info' \) \
		-prune -exec rm -rf {} +

help: ## list these commands
	@dev/help.sh
