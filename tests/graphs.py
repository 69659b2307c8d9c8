"""Every engine that can run a detector's graph, for the contract tests of two rooms."""

from typing import Any

import pytest

from engines.base import EngineName
from engines.cuda import Cuda
from engines.errors import EngineUnavailable
from engines.graphs import GRAPHS


def graphs_to_test() -> list[Any]:
    """The parameters of a test or fixture: TensorRT is marked ``gpu``."""
    return [
        pytest.param(name, id=str(name), marks=pytest.mark.gpu if name is EngineName.TENSORRT else ())
        for name in GRAPHS
    ]


def skip_without(name: EngineName) -> None:
    """Skip the test where this machine lacks what ``name`` stands on; if it only fails to run, the test does too."""
    pytest.importorskip(str(name))
    if name is EngineName.TENSORRT:
        try:
            Cuda().close()
        except EngineUnavailable as error:
            pytest.skip(str(error))
