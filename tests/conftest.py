"""Common to all tests: folder to marker, fixed seeds, Hypothesis profiles, the shared reference folder."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

# Two processes on two cores: no library may start threads of its own, and no window may open.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("MPLBACKEND", "Agg")
if "PYTEST_XDIST_WORKER" not in os.environ:  # nothing a test computes comes from, or stays in, the user's cache: each session has its own
    os.environ["NEUROHUMOR_CACHE"] = tempfile.mkdtemp(prefix="neurohumor-tests-")
    atexit.register(shutil.rmtree, os.environ["NEUROHUMOR_CACHE"], ignore_errors=True)

import random
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
SLOW_LIMIT_S = 1200

settings.register_profile("ci", derandomize=True, max_examples=25, deadline=None, database=None, print_blob=True)
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile(
    "thorough", max_examples=500, deadline=None, database=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def _folders(path: Path) -> tuple[str, ...]:
    """The folders between `tests/` and a test file."""
    return path.relative_to(TESTS).parts[:-1] if path.is_relative_to(TESTS) else ()


def pytest_configure(config: pytest.Config) -> None:
    for folder in sorted(TESTS.iterdir()):
        if folder.is_dir() and folder.name.isidentifier() and folder.name != "slow":
            config.addinivalue_line("markers", f"{folder.name}: everything in tests/{folder.name}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folders = _folders(item.path)
        if folders:
            item.add_marker(folders[0])
        if "slow" in folders:
            item.add_marker("slow")
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_LIMIT_S))


@pytest.fixture(autouse=True)
def _fixed_seeds() -> None:
    """Every test starts from the same random state, whatever ran before it and in whichever process."""
    random.seed(0)
    np.random.seed(0)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """A generator of its own for each test, seeded by the test's name."""
    return np.random.default_rng(zlib.crc32(request.node.nodeid.encode()))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the checkout; the test is skipped where there is none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the reference folder 'shared' does not lie beside the checkout")
    return folder
