# Thin over the commands that README shows.
JOBS ?= 4
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: report test bench simulations cluster-test fuzz torture reproduce isolated lock lint

report: $(VENV)/.locked
	$(BIN)/snakemake --cores $(JOBS)
	@echo "The report: results/report/report_en.pdf and results/report/report_nl.pdf (also .html, .docx), summary_*.pdf, slides_*"

test: $(VENV)/.locked-dev
	$(BIN)/python -m pytest -n auto --dist loadfile

# Builds, readers and large surveys as ratios within one run, in benchmarks/results.md; nothing here is a test.
bench: $(VENV)/.locked-dev
	$(BIN)/python benchmarks/run.py

# How often intervals hold the truth and findings come out supported, in worlds that are known: docs/methods/simulations.md.
simulations: $(VENV)/.locked
	$(BIN)/python benchmarks/simulations.py

# Builds a small round on a Slurm of its own on this machine (Debian, as root): same bytes, also when a job or the node is lost.
cluster-test: $(VENV)/.locked-dev
	$(BIN)/python tests/cluster.py

# Readers, questionnaire, config and expressions on damaged and hostile input, so many cases of each; docs/evidence/hostile-input.md has a run.
fuzz: $(VENV)/.locked-dev
	$(BIN)/python tests/fuzz.py 1000 1

# Builds killed at random and other faults, at most 15 minutes; as root full and read-only disks too. docs/evidence/torture.txt has a run.
torture: $(VENV)/.locked-dev
	$(BIN)/python tests/torture.py --write docs/evidence/torture.txt

# Builds what is committed in surroundings that differ in all that must not matter, and compares the bytes: docs/evidence/reproducibility.txt has a run.
reproduce: $(VENV)/.locked-dev
	$(BIN)/python tests/byte_matrix.py

# As root: a build without rights, network or writable files but its own, with the same bytes.
isolated: $(VENV)/.locked-dev
	$(BIN)/python tests/isolated.py

lint: $(VENV)/.locked-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow/rules

$(BIN)/python:
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)

$(VENV)/.locked: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.locked-dev: requirements-dev.txt $(VENV)/.locked
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

# Rewrites both locks from pyproject.toml and requirements-dev.in, with hashes and without index addresses.
lock: $(BIN)/python
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --no-header --allow-unsafe --all-build-deps -o requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --no-header --allow-unsafe -o requirements-dev.txt requirements-dev.in
