"""Fixtures that more than one test file uses."""

import pytest
from comparison import Comparison
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("default")


@pytest.fixture(scope="session")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Scores worlds by the models and by the reference, and tells where they differ."""
    return Comparison(tmp_path_factory.mktemp("compiled"))
