"""Where an engine is missing, its tests are skipped by a person, and fail in CI."""

import re

import conftest
import pytest
from engines import BUILT_ENGINES, REQUIRE, need_spark, running_engine
from lead_scoring_tools import postgres_server
from pipeline import PROJECT

NO_JAVA = "[lead_scoring] JAVA_HOME=/nowhere: expected version 17 or newer, found none."
NO_POSTGRES = "[lead_scoring] PostgreSQL: expected a server of version 15 or newer on this machine,"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine with neither Java nor a server of Postgres, on which no engine is required."""
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(postgres_server, "PLACES", ("/nowhere/*",))
    monkeypatch.delenv(REQUIRE, raising=False)
    return monkeypatch


def start(name: str) -> None:
    with running_engine(name):
        raise AssertionError(f"{name} runs")


@pytest.mark.parametrize(
    ("name", "told"), [("postgres", NO_POSTGRES), ("spark", NO_JAVA)], ids=BUILT_ENGINES
)
def test_a_missing_engine(bare: pytest.MonkeyPatch, name: str, told: str) -> None:
    """Skipped, also if another one is required; failed if it is the one, in one line."""
    others = [other for other in BUILT_ENGINES if other != name]
    for required in ("", *others):
        bare.setenv(REQUIRE, required)
        with pytest.raises(pytest.skip.Exception, match=re.escape(told)):
            start(name)
    bare.setenv(REQUIRE, " ".join(BUILT_ENGINES))
    with pytest.raises(pytest.fail.Exception) as failed:
        start(name)
    (line,) = str(failed.value).splitlines()
    assert line.startswith(told)
    assert line.endswith(f"{REQUIRE}, which asks for {name}, is set.")
    assert not failed.value.pytrace


def test_tests_that_start_spark_by_themselves(bare: pytest.MonkeyPatch) -> None:
    with pytest.raises(pytest.skip.Exception, match=re.escape(NO_JAVA)):
        need_spark()
    bare.setenv(REQUIRE, "spark")
    with pytest.raises(pytest.fail.Exception, match="which asks for spark, is set"):
        need_spark()


def test_a_misspelled_name_is_refused(
    bare: pytest.MonkeyPatch,
) -> None:
    bare.setenv(REQUIRE, "postgres sparc")
    message = f"[lead_scoring] {REQUIRE}: expected names out of postgres spark, found sparc."
    with pytest.raises(pytest.UsageError, match=re.escape(message)):
        conftest.pytest_configure()


def test_ci_requires_every_engine() -> None:
    assert f'export {REQUIRE}="{" ".join(BUILT_ENGINES)}"' in (
        (PROJECT / ".ci" / "run").read_text().splitlines()
    )
