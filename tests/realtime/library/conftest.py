"""A library of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from realtime.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "index" / "library.sqlite", notice=pytest.fail) as made:
        yield made
