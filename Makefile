# Everything a checkout is for: `make help`. Each target sets up what it needs, and nothing twice.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON_VENV := .venv/bin/python
SETTINGS := pyproject.toml constraints.txt hatch_build.py scripts/setup.sh
# A .venv whose Python is gone (moved checkout, upgraded machine) is no set-up at all.
ifeq ($(shell $(PYTHON_VENV) -c '' 2>/dev/null && echo yes),)
  $(shell rm -f .venv/.demo .venv/.dev)
endif

.venv/.demo: $(SETTINGS)
	@scripts/setup.sh demo

.venv/.dev: $(SETTINGS)
	@scripts/setup.sh dev

.venv/.engines: .venv/.dev
	@echo "Installing the extras postgres and spark into .venv (the first time takes a minute)"
	@$(PYTHON_VENV) -m pip --disable-pip-version-check install --quiet --constraint constraints.txt \
	    --no-build-isolation --editable '.[postgres,spark]'
	@touch .venv/.engines

.PHONY: help demo test test-engines check format schema docs notebooks bench wheel dev lock clean

help: ## explain every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  Python 3.11 or newer is all that has to be there. PYTHON=/path/to/python names another one."

demo: .venv/.demo ## run the first example notebook and open it in JupyterLab (HEADLESS=1: only run it)
	@$(PYTHON_VENV) hatch_build.py
	@$(PYTHON_VENV) scripts/demo.py

test: .venv/.dev ## run every test: JS, Python, docstrings, notebooks, real browser (ARGS="…" goes to pytest)
	@scripts/test.sh $(ARGS)

test-engines: .venv/.engines ## event logs on PostgreSQL and Spark: a server and a session of the tests' own, where the machine has them
	@$(PYTHON_VENV) -m pytest -m engines tests/engines $(ARGS)

check: .venv/.dev ## lint, format, strict types in both languages, and that the generated schema is current
	@status=0; for step in "-m ruff check ." "-m ruff format --check ." "-m mypy" \
	    "scripts/generate_schema.py --check" "hatch_build.py npm run check"; do \
	    echo "→ python $$step"; $(PYTHON_VENV) $$step || status=1; \
	done; exit $$status

format: .venv/.dev ## put both languages into the common form, and fix what the linters can
	$(PYTHON_VENV) -m ruff check --fix .
	$(PYTHON_VENV) -m ruff format .
	$(PYTHON_VENV) hatch_build.py npm run format

schema: .venv/.dev ## write the TypeScript types and the golden wire scripts anew from the Python sources
	$(PYTHON_VENV) scripts/generate_schema.py
	$(PYTHON_VENV) scripts/record_wire.py

docs: .venv/.dev ## build the documentation as a site into build/docs, to be opened from there; a warning is an error
	@$(PYTHON_VENV) scripts/build_docs.py

notebooks: .venv/.dev ## run the example notebooks and store what they put out
	@$(PYTHON_VENV) hatch_build.py
	@$(PYTHON_VENV) scripts/store_notebooks.py

bench: .venv/.dev ## measure the budgets, and print each as a ratio against its peer or limit
	@$(PYTHON_VENV) hatch_build.py
	@CRMWIDGET_CHROMIUM="$$($(PYTHON_VENV) scripts/browser.py)" && export CRMWIDGET_CHROMIUM && \
	if [ -f benchmarks/__main__.py ]; then $(PYTHON_VENV) -m benchmarks $(ARGS); else \
	    for file in benchmarks/[!_]*.py; do echo "→ $$file"; $(PYTHON_VENV) "$$file" $(ARGS) || exit 1; done; fi

wheel: .venv/.dev ## build the wheel and the source distribution into dist/
	@rm -rf dist
	$(PYTHON_VENV) -m build --no-isolation --outdir dist

dev: .venv/.dev ## JupyterLab with hot reload: each saved TypeScript file shows at once in open notebooks
	@scripts/dev.sh

lock: ## resolve constraints.txt anew (PYTHONS="python3.11 python3.12 …": one of each minor version)
	"$$(scripts/python.sh)" scripts/lock.py $(PYTHONS)

clean: ## remove what was built or installed here: .venv, node_modules, bundle, dist, caches
	rm -rf .venv build dist js/node_modules crmwidget/static .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
