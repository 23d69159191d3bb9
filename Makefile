# Everything a person types. Each target sets up what it needs first; a second time that takes no time.
.DEFAULT_GOAL := help
.PHONY: help demo test test-faults serve check bench stop setup setup-tests lock

python := .venv/bin/python
uv := $(shell command -v uv || echo .venv/bin/uv)
compile := $(uv) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--only-binary :all: --no-header --no-annotate --no-emit-index-url --no-emit-find-links

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## From the order stream to PDF invoices, on real data
	@$(python) manage.py demo

test: setup-tests ## Run all tests, and print which branches none of them took
	@$(python) -m pytest -n 2 --dist loadfile --cov

test-faults: setup-tests ## Kill worker, web server, PostgreSQL and broker at random moments; nothing may differ
	@$(python) -m tests.faults $(if $(SEED),--seed $(SEED))

serve: setup ## Run web server, worker and schedule together; prints the demo logins
	@$(python) manage.py serve

check: setup ## Format, lint, types, contracts between the apps, migrations, production settings
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	$(python) -m mypy .
	.venv/bin/lint-imports
	$(python) manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=billing_site.settings.production \
	SECRET_KEY=only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz \
	ALLOWED_HOSTS=billing.example.com \
	DATABASE_URL=postgresql://nobody@localhost/none \
	BROKER_URL=redis://localhost/0 \
	$(python) manage.py check --deploy --fail-level WARNING

bench: setup ## Measure throughput on this machine
	@$(python) manage.py bench

stop: ## End the embedded servers of this checkout
	@$$(command -v $(python) || command -v python3) -m billing_site.local.stop

setup: ## Install all that is needed into .venv
	@sh billing_site/local/bootstrap.sh

setup-tests:
	@sh billing_site/local/bootstrap.sh tests

lock: setup ## Resolve the dependencies of pyproject.toml anew, within what is locked (UPGRADE=1: newest)
	@$(compile) $(if $(UPGRADE),--upgrade) --output-file requirements.lock
	@$(compile) $(if $(UPGRADE),--upgrade) --group dev --constraint requirements.lock \
		--output-file requirements-dev.lock
	@echo "requirements.lock and requirements-dev.lock are up to date; the next make installs them."
