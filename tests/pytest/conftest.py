"""Fixtures that more than one test file uses."""

import pytest
from comparison import Comparison
from engines import required_engines
from hypothesis import HealthCheck, settings
from lead_scoring_tools.errors import UserMistakeError

settings.register_profile(
    "default",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("default")

# Files are handed to workers one by one; short ones last, so that all end at about the same time.
LONG_FILES = (
    "test_history",
    "test_engines",
    "test_incremental",
    "test_what_if",
    "test_examples",
    "test_parity",
    "test_bad_input",
    "test_score",
    "test_memory",
    "test_raw_files",
    "test_mutated_rules",
    "test_package",
    "test_serving_copy",
    "test_spark",
    "test_dialects",
    "test_postgres",
    "test_worked",
)


def pytest_configure() -> None:
    """Refuse a name that would require nothing."""
    try:
        required_engines()
    except UserMistakeError as problem:
        raise pytest.UsageError(str(problem)) from problem


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take long first, in the order of the list above."""

    def place(item: pytest.Item) -> int:
        starts = [item.path.name.startswith(name) for name in LONG_FILES]
        return starts.index(True) if any(starts) else len(LONG_FILES)

    items.sort(key=place)


@pytest.fixture(scope="session")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Scores worlds by the models and by the reference, and tells where they differ."""
    return Comparison(tmp_path_factory.mktemp("compiled"))
