# Only python3 >= 3.11, git and make need to be there; everything else is installed into .venv.
# Another Python: make demo PYTHON=python3.12
PYTHON ?= python3
BIN ?= .venv/bin
# Test processes: tests wait for servers and hosts more than they compute.
WORKERS ?= 3

# What it was not written from counts most: CASES=file of labelled cases, one JSON object a line.
CASES ?= $(wildcard ../shared/cases/incidents.jsonl)

.PHONY: accuracy chaos compose-test help demo test lint lint-ruff lint-format lint-types lint-layers bench bench-replicas load guard replicas tamper hostile hostile-slack mutants lexicon field docs screenshots lock clean

help:
	@echo 'make demo    start the bot with a local Slack and three sample hosts; nothing to configure'
	@echo 'make test    install what the tests need, run every check and every test'
	@echo 'make lint    ruff, mypy and the import contracts alone'
	@echo 'make bench   judge 10,000 pasted cases; measure one round trip against ssh, parallel-ssh and Ansible'
	@echo 'make bench-replicas  what replicas on PostgreSQL cost, and how soon one takes over from another'
	@echo 'make accuracy  how often the verdict over pasted text is right'
	@echo 'make load    a hundred incidents at once; then a hundred requests about twenty hosts, by two replicas'
	@echo 'make hostile-slack  2,000 tampered clicks, a flood of 1,000 commands, 500 approvals clicked eight times at once'
	@echo 'make replicas  two replicas on PostgreSQL: one killed, stopped or frozen; how fast the other goes on'
	@echo 'make chaos   kill -9 at each named point 20 times and 200 times at random, on both databases; outages, power, failover'
	@echo 'make guard   a hundred thousand requests against the guard of a host'
	@echo 'make tamper  nine kinds of tampering at 500 places, 100,000 changed exports, 10,000 honest ledgers'
	@echo 'make hostile  10,000 command texts, 200 cut connections, every hostile host, file and output'
	@echo 'make mutants  change the policy in every small way and count what no test notices'
	@echo 'make lexicon  learn the table of words again: make lexicon FILES="files of labelled threads"'
	@echo 'make field   every shown fault under every hard circumstance, on hosts that may be broken'
	@echo 'make compose-test  build docker-compose.yml and use it, where a Docker engine is'
	@echo 'make docs    write docs/reference/ from the code'
	@echo 'make screenshots  take the pictures in docs/images/ from the demo in a browser'
	@echo 'make lock    resolve the dependencies again and write both lock files'
	@echo 'make clean   remove .venv, caches and build leftovers'

demo: .venv/installed
	@$(BIN)/runbook-bot demo $(ARGS)

# The checks of `lint` are tests too (tests/test_checks.py), so that pytest's closing line counts them.
test: .venv/installed-dev
	@tools/test-needs.sh
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: .venv/installed-dev
	@$(MAKE) --no-print-directory lint-ruff lint-format lint-types lint-layers

lint-ruff:
	$(BIN)/ruff check .

lint-format:
	$(BIN)/ruff format --check .

lint-types:
	$(BIN)/mypy

lint-layers:
	$(BIN)/lint-imports

bench: .venv/installed-dev
	@$(BIN)/python -m bench.verdicts
	@$(BIN)/python -m bench $(ARGS)

bench-replicas: .venv/installed-dev
	@$(BIN)/python -m bench.replicas

accuracy: .venv/installed-dev
	@$(BIN)/python -m tools.accuracy --own $(CASES) $(ARGS)

load: .venv/installed-dev
	@RUNBOOK_BOT_LOAD=100 $(BIN)/python -m pytest -s tests/test_many_at_once.py tests/test_load_line.py $(ARGS)

hostile-slack: .venv/installed-dev
	@RUNBOOK_BOT_TAMPERED=2000 RUNBOOK_BOT_FLOOD=1000 RUNBOOK_BOT_CLICKS=500 RUNBOOK_BOT_STRANGERS=100 \
		$(BIN)/python -m pytest -s \
		tests/slack/test_misshapen.py tests/slack/test_tampered_clicks.py tests/slack/test_who_may_click.py tests/slack/test_busy.py tests/slack/test_flood.py tests/store/test_one_winner.py $(ARGS)

replicas: .venv/installed-dev
	@RUNBOOK_BOT_REPLICAS=all $(BIN)/python -m pytest -s tests/test_replicas.py $(ARGS)

guard: .venv/installed-dev
	@RUNBOOK_BOT_GUARD=100000 $(BIN)/python -m pytest tests/hostkit/test_guard.py $(ARGS)

chaos: .venv/installed-dev
	@RUNBOOK_BOT_CHAOS=$${RUNBOOK_BOT_CHAOS:-200} $(BIN)/python -m pytest tests/chaos $(ARGS)

tamper: .venv/installed-dev
	@RUNBOOK_BOT_TAMPER=500 RUNBOOK_BOT_MUTATIONS=100000 RUNBOOK_BOT_HONEST=10000 \
		$(BIN)/python -m pytest tests/audit $(ARGS)

hostile: .venv/installed-dev
	@RUNBOOK_BOT_HOSTILE=all $(BIN)/python -m pytest tests/hostile tests/ssh tests/redact tests/parsers \
		tests/rules/test_linear.py tests/web tests/slack tests/model tests/signs/test_pattern.py \
		tests/devslack/test_validator.py tests/store/test_codec.py tests/test_audit.py tests/test_command.py \
		tests/test_diagnose.py tests/test_story.py $(ARGS)

mutants: .venv/installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group mutants
	@$(BIN)/python -m tools.mutants

lexicon: .venv/installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group lexicon
	@$(BIN)/python -m tools.lexicon $(FILES)

field: .venv/installed-dev
	@RUNBOOK_BOT_FIELD=all $(BIN)/python -m pytest tests/live/test_field.py tests/live/test_further.py $(ARGS)

compose-test: .venv/installed-dev
	@RUNBOOK_BOT_TEST_ENGINE=1 $(BIN)/python -m pytest tests/test_compose.py tests/live/test_compose.py $(ARGS)

docs: .venv/installed-dev
	@$(BIN)/python -m tools.reference

screenshots: .venv/installed-dev
	@RUNBOOK_BOT_PICTURES=docs/images $(BIN)/python -m pytest tests/test_demo_in_a_browser.py

lock: .venv/installed-dev
	@BIN=$(BIN) tools/lock.sh

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# The dev lock holds every version of the runtime lock too, so both share one environment.
.venv/installed: requirements.lock pyproject.toml
	@PYTHON=$(PYTHON) tools/environment.sh requirements.lock
	@touch $@

.venv/installed-dev: requirements-dev.lock requirements.lock pyproject.toml
	@PYTHON=$(PYTHON) tools/environment.sh requirements-dev.lock
	@touch $@ .venv/installed
