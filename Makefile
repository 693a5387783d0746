# Works with POSIX make: GNU make 3.81 (macOS) and later, bmake.
# PYTHONPATH is unset, so that only the lock's packages count. DATABASE_URL and REDIS_URL pass through. The tests
# compile what they load once and keep it, whatever the environment says of that: many processes load it.

BIN = .venv/bin
BOOTSTRAP = set -e; unset PYTHONPATH; \
	for python in "$${PYTHON:-python3.14}" python3.14 python3.13 python3.12 python3.11 python3 none; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && break || true; \
	done; \
	if [ "$$python" = none ]; then \
		echo "lead-intake needs Python 3.11 or later: install one (apt, brew, uv, pyenv), or set PYTHON." >&2; \
		exit 1; \
	fi; \
	"$$python" bootstrap.py

help: ## Show this help
	@echo "make <target>:"
	@sed -n 's/^\([a-z]*\):.*## /  \1	/p' Makefile | expand -t 12
	@echo "run takes PORT=8000 DATA=var; all take PYTHON=python3.x."

install: ## Make .venv from the lock
	@$(BOOTSTRAP) run

install-dev:
	@$(BOOTSTRAP) dev

run: install ## Start everything on this machine and say where it is
	@unset PYTHONPATH; exec $(BIN)/intake up $${PORT:+--port "$$PORT"} $${DATA:+--data "$$DATA"}

test: install-dev ## Lint, types, import contracts and all tests
	@$(MAKE) -j 2 lint compiled
	unset PYTHONPATH PYTHONDONTWRITEBYTECODE; $(BIN)/python -m pytest -n 4 --dist worksteal $${PYTEST:-}

# The tests themselves, while mypy has but one core to work on: else each of four processes would do it. What is
# wrong with them is told when they run.
compiled: install-dev
	@unset PYTHONPATH PYTHONDONTWRITEBYTECODE; $(BIN)/python -m pytest --collect-only -q >/dev/null 2>&1 || :

lint: install-dev ## Lint, types and import contracts alone
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	unset PYTHONPATH; $(BIN)/lint-imports

bench: install-dev ## Measure; takes some minutes
	unset PYTHONPATH; $(BIN)/python -m bench $${BENCH:-}

clean: ## Remove .venv and caches; data in var stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help install install-dev run test compiled lint bench clean
