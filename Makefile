# Thin over the commands that README shows.
JOBS ?= 4
BIN := .venv/bin

.PHONY: setup setup-dev report test bench simulations cluster-test fuzz attack torture reproduce isolated lock lint

# .venv with the locked packages, made anew where it cannot be used: PYTHON=python3.12 chooses the Python.
setup:
	@./setup.sh

setup-dev:
	@./setup.sh dev

report: setup
	$(BIN)/snakemake --cores $(JOBS)
	@echo "The report: results/report/report_en.pdf and results/report/report_nl.pdf (also .html, .docx), summary_*.pdf, slides_*"

test: setup-dev
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# Builds, readers and large surveys as ratios within one run, in benchmarks/results.md; nothing here is a test.
bench: setup-dev
	$(BIN)/python benchmarks/run.py

# How often intervals hold the truth and findings come out supported, in worlds that are known: docs/methods/simulations.md.
simulations: setup
	$(BIN)/python benchmarks/simulations.py

# Builds a small round on a Slurm of its own on this machine (Debian, as root): same bytes, also when a job or the node is lost.
cluster-test: setup-dev
	$(BIN)/python tests/cluster.py

# Readers, questionnaire, config and expressions on damaged and hostile input, so many cases of each; docs/evidence/hostile-input.md has a run.
# The second program reads answers back from every tool, at least CASES submissions a variant: CASES=43500 is a million over all.
CASES ?= 10000
fuzz: setup-dev
	$(BIN)/python tests/fuzz.py 1000 1
	$(BIN)/python tests/right_or_refused.py $(CASES) 1

# What is hidden is sought with a pencil, the register and the published files: in results/, which must be built, and in ATTACKS random surveys (a
# second or two each); builds without one defence are to be caught. docs/evidence/attacks.txt has a run.
ATTACKS ?= 1000
attack: setup-dev
	$(BIN)/python tests/attack.py $(ATTACKS) --write docs/evidence/attacks.txt

# Builds killed at random and other faults, at most 15 minutes; as root full and read-only disks too. docs/evidence/torture.txt has a run.
torture: setup-dev
	$(BIN)/python tests/torture.py --write docs/evidence/torture.txt

# Builds what is committed in surroundings that differ in all that must not matter, and compares the bytes: docs/evidence/reproducibility.txt has a run.
reproduce: setup-dev
	$(BIN)/python tests/byte_matrix.py

# As root: a build without rights, network or writable files but its own, with the same bytes.
isolated: setup-dev
	$(BIN)/python tests/isolated.py

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow/rules
	$(BIN)/mypy

# Rewrites both locks from pyproject.toml and requirements-dev.in, with hashes and without index addresses. Under Python 3.11: what only
# that needs, the others pass over.
lock: setup
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --no-header --allow-unsafe --all-build-deps -o requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --no-header --allow-unsafe -o requirements-dev.txt requirements-dev.in
