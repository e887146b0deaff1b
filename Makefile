# What a newcomer needs: `make run` and `make test`. The rest is listed by `make help`.

venv   := .venv
python := $(venv)/bin/python

# The first of these that is Python 3.11 or newer makes the virtual environment.
# `make run PYTHON=/path/to/python3` names another.
candidates := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)

.PHONY: help run test lint bench proof chaos fuzz pictures check-dependencies install install-dev clean

help:
	@echo "make run      install what is missing and start the helpline with its pretend phone network"
	@echo "make test     install what is missing and run the tests"
	@echo "make lint     check style, types and the direction of imports"
	@echo "make bench    measure the webhooks beside the floor they stand on"
	@echo "make proof    the long version of the rota's proof, a million moments"
	@echo "make chaos    kill, fill and cut off everything while a thousand people ring; audit it"
	@echo "make fuzz     feed every parser, and every door, ten million inputs that nobody would think of"
	@echo "make pictures make the README's pictures anew (needs Chromium)"
	@echo "make check-dependencies  are they as pinned, and have they known holes? (ARGS=--offline)"
	@echo "make clean    remove the virtual environment (var/, with all the data, is kept)"
	@echo
	@echo "PORT=8000 SIMULATOR_PORT=8001 PYTHON=python3 may be given to any of them."

run: $(venv)/installed
	@exec $(venv)/bin/helpline run

# Containers like to forbid bytecode: then each of these processes would compile everything anew.
test: $(venv)/installed-dev
	@env -u PYTHONDONTWRITEBYTECODE $(python) -m pytest -n 3 --dist loadfile \
	  --no-loadscope-reorder $(ARGS)

lint: $(venv)/installed-dev
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -m mypy
	@$(venv)/bin/lint-imports

bench: $(venv)/installed-dev
	@$(python) -m benchmarks $(ARGS)

proof: $(venv)/installed-dev
	@$(python) -m tests.rota.proof 1000000 $(ARGS)

chaos: $(venv)/installed-dev
	@$(python) -m tests.chaos $(ARGS)

fuzz: $(venv)/installed-dev
	@$(python) -m tests.fuzz $(ARGS)

pictures: $(venv)/installed-dev
	@$(python) -m tests.browser.pictures $(ARGS)

check-dependencies: $(venv)/installed-dev
	@$(python) -m tests.dependencies $(ARGS)

install: $(venv)/installed

install-dev: $(venv)/installed-dev

clean:
	rm -rf $(venv)

# The stamps lie inside the virtual environment, so that they go when it goes.
$(venv)/installed: requirements.txt helpline/running/installed_command.py | $(python)
	@echo "Installing what the helpline stands on (once; a minute or so)."
	@$(python) -m pip install --disable-pip-version-check --require-hashes -r requirements.txt
	@$(python) helpline/running/installed_command.py
	@$(python) -m compileall -q app.py helpline ivr queue_workers simulator
	@touch $@

$(venv)/installed-dev: requirements-dev.txt $(venv)/installed
	@echo "Installing what the tests stand on (once; a minute or so)."
	@$(python) -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Debian and Ubuntu ship Python without what makes a virtual environment: say which package has it.
$(python):
	@for candidate in $(candidates); do \
	  "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  if "$$candidate" -c 'import ensurepip, sqlite3, ssl, venv' 2>/dev/null; then \
	    echo "Making $(venv) with $$("$$candidate" --version)."; \
	    "$$candidate" -m venv --clear $(venv) && exit 0; \
	    rm -rf $(venv); exit 1; \
	  fi; \
	  lacking=$$("$$candidate" -c 'import sys; print("python%d.%d" % sys.version_info[:2])'); \
	done; \
	if [ -n "$$lacking" ]; then \
	  echo "$$lacking cannot make a virtual environment. On Debian or Ubuntu: sudo apt install $$lacking-venv" >&2; \
	else \
	  echo "Python 3.11 or newer is needed, and none of these is: $(candidates). Install one, or name it: make run PYTHON=/path/to/python3" >&2; \
	fi; \
	exit 1
