# Everything that a person or CI runs. `make` alone lists the targets.
PYTHON ?= python3
BIN := .venv/bin
VARS ?= {}
EVENTS ?= 1000000

.PHONY: help check score backfill explain what-if rule-docs demo test lint test-python test-dbt test-dialects spark-for-tests test-postgres test-spark test-long prove benchmark benchmark-spark clean
FROM ?=
MINUTES ?= 60
SEED ?= 0
TO ?=
RULES ?=
LEAD ?=
SCORECARD ?=
HTML ?=
BASE ?=
FAIL_IF ?=
LAST ?=
export VARS FROM TO RULES LEAD SCORECARD HTML BASE FAIL_IF LAST

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

.venv/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "[lead_scoring] Python: expected 3.11 or newer, found $$($(PYTHON) --version). Name another one: make score PYTHON=python3.12"; exit 1; }
	@echo "Installing into .venv (once) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@echo "Installing what the tests need into .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.benchmark: requirements-benchmark.txt .venv/.runtime
	@echo "Installing what the benchmark compares with into .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-benchmark.txt
	@touch $@

.venv/.postgres: requirements-postgres.txt .venv/.runtime
	@echo "Installing the client of Postgres into .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-postgres.txt
	@touch $@

# What talks to the warehouses is left out, so that what is here needs nothing that is not.
.venv-dialects/.done: requirements-dialects.txt
	@echo "Installing the adapters whose SQL is parsed into .venv-dialects (once) ..."
	@$(PYTHON) -m venv .venv-dialects
	@.venv-dialects/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dialects.txt
	@touch $@

.venv/.spark: requirements-spark.txt $(wildcard scripts/lead_scoring_tools/spark_conf/*) .venv/.runtime
	@echo "Installing Spark into .venv (once, 0.5 GB) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.txt
	@conf="$$($(BIN)/python -c 'import pyspark; print(*pyspark.__path__)')/conf" && \
		mkdir -p "$$conf" && cp scripts/lead_scoring_tools/spark_conf/* "$$conf"
	@touch $@

check: .venv/.runtime ## Check the rule files: every mistake with its file and line (RULES=folder)
	@$(BIN)/python scripts/check_rules.py $${RULES:+--rules "$$RULES"} --vars "$$VARS"

score: .venv/.runtime $(addprefix .venv/.,$(filter postgres spark,$(LEAD_SCORING_TARGET))) ## Score the leads and show whom to call and why
	@$(BIN)/python scripts/score.py --vars "$$VARS"

backfill: .venv/.runtime ## Record past dates in the history: FROM=2025-02-01 TO=2026-01-31
	@$(BIN)/python scripts/backfill.py --from "$$FROM" $${TO:+--to "$$TO"} --vars "$$VARS"

explain: .venv/.runtime ## Explain one lead: LEAD=L10004440, and if you like SCORECARD=b2b_saas HTML=lead.html
	@$(BIN)/python scripts/explain_lead.py $${SCORECARD:+--scorecard "$$SCORECARD"} $${HTML:+--html "$$HTML"} -- "$$LEAD"

rule-docs: .venv/.runtime ## Write docs/rules.md and docs/rules_schema anew, after a change of the rules
	@$(BIN)/python scripts/write_rule_docs.py

what-if: .venv/.runtime ## Who would move with the edited rules: RULES=folder BASE=HEAD FAIL_IF='band_moves > 10%'
	@$(BIN)/python scripts/what_if.py $${RULES:+--rules "$$RULES"} $${BASE:+--base "$$BASE"} $${FAIL_IF:+--fail-if "$$FAIL_IF"} --vars "$$VARS"

demo: .venv/.runtime ## Write the demo data anew into data/demo
	@$(BIN)/python scripts/generate_demo.py

# What leaves a core idle runs beside something else; only what reads .venv waits until all is installed there.
test: ## Run every check
	@$(MAKE) --no-print-directory -j 2 .venv-dialects/.done spark-for-tests
	@$(MAKE) --no-print-directory -j 3 lint test-dbt test-dialects
	@$(MAKE) --no-print-directory test-python

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python scripts/check_sql.py
	$(BIN)/python scripts/write_rule_docs.py --check

test-dbt: .venv/.dev
	$(BIN)/python scripts/check_dbt.py

test-dialects: .venv-dialects/.done ## Compile every model for Snowflake, BigQuery and Databricks, and parse its SQL
	.venv-dialects/bin/python scripts/check_dialects.py

# Where it can't be installed, that is said, and its tests are skipped with what they lack, unless they are required.
spark-for-tests: .venv/.dev
	@$(MAKE) --no-print-directory .venv/.spark || case " $$LEAD_SCORING_REQUIRE_ENGINES " in \
		*" spark "*) echo "[lead_scoring] Spark: expected to be installed, found the problem above. LEAD_SCORING_REQUIRE_ENGINES asks for it."; exit 1;; \
		*) echo "[lead_scoring] Spark: expected to be installed, found the problem above. Its tests are skipped.";; \
	esac

test-python: .venv/.dev spark-for-tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not long" -rs

test-postgres: .venv/.dev .venv/.postgres ## Build and test on a throw-away Postgres, and compare its tables with DuckDB's
	@$(BIN)/python scripts/check_postgres.py
	$(BIN)/python -m pytest tests/pytest/test_postgres.py tests/pytest/test_engines.py tests/pytest/test_engines_demo.py -k "not many and not spark" -rs

test-spark: .venv/.dev .venv/.spark ## Build and test on a throw-away cluster of Spark, and compare its tables with DuckDB's
	@$(BIN)/python scripts/check_spark.py
	$(BIN)/python -m pytest tests/pytest/test_spark.py -rs
	$(BIN)/python -m pytest tests/pytest/test_engines_demo.py tests/pytest/test_package.py -rs \
		-k "on_spark or spark and (the_demo and two or edge_cases or random_worlds)"

test-long: .venv/.dev spark-for-tests ## Compare the models with the reference on thousands of random worlds, and engines after killed runs
	$(BIN)/python -m pytest -m long -rs

prove: .venv/.dev ## Compare runs on kept events with full refreshes and the reference: MINUTES=60 SEED=0
	@LEAD_SCORING_PROOF_MINUTES=$(MINUTES) LEAD_SCORING_PROOF_SEED=$(SEED) $(BIN)/python -m pytest \
		tests/pytest/test_incremental.py -m long -k many_runs -s -q

benchmark: .venv/.benchmark ## Measure runs beside what people do instead: EVENTS="1000000 10000000" LAST="full build"
	$(BIN)/python scripts/benchmark.py --events $(EVENTS) --out target/benchmark $${LAST:+--last "$$LAST"}

benchmark-spark: .venv/.dev .venv/.spark ## Measure one worker and two of a cluster of Spark on this machine: EVENTS=1000000
	$(BIN)/python scripts/benchmark_spark.py --events $(firstword $(EVENTS)) --out target/benchmark_spark

clean: ## Remove what runs have written, but for .venv and data
	rm -rf target logs lead_scoring*.duckdb lead_scoring*.duckdb.wal lead_scoring.duckdb.tmp lead_scoring_spark
