"""What tests share: the definitions and figures that ship, loaded once, and the data beside."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from waymark.compact.framework import Framework
from waymark.compact.loading import load_framework
from waymark.coverage.standing import Standing, standing
from waymark.indicators.evidence import Evidence, open_evidence
from waymark.indicators.series import Series, load_series

SHARED = Path(__file__).parents[2] / "shared" / "data"
AS_OF = date(2026, 11, 23)

settings.register_profile(  # a busy machine is no counterexample
    "unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in the browser first: they are the longest, and start a server and a browser.

    So one worker has them all, and what is left for two at the end is short.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


@pytest.fixture(scope="session")
def framework() -> Framework:
    return load_framework()


@pytest.fixture(scope="session")
def series() -> dict[str, Series]:
    return load_series()


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    return open_evidence()


@pytest.fixture(scope="session")
def stands(framework: Framework, series: dict[str, Series], evidence: Evidence) -> Standing:
    return standing(framework, series, evidence, as_of=AS_OF, baseline=2018)


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/data, which is not here")
    return SHARED
