"""What every room's tests share."""

from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def shared_data() -> Path:
    """The folder with real clips and faces; the test is skipped where it is missing."""
    if not _SHARED.is_dir():
        pytest.skip("needs ../shared/data")
    return _SHARED
