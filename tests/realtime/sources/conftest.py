"""Every test of a source fails on a thread that is left behind."""

from collections.abc import Iterator

import pytest

from tests.realtime.sources.helpers import no_thread_left


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    with no_thread_left():
        yield
