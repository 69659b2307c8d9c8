"""What the tests of the engines share."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture(scope="session")
def trained_embeddings(tiny_run: Path) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
    """The encoder of ``tiny_package`` as it was trained, before any export."""
    from training.checkpoint import Checkpoint  # noqa: PLC0415 - torch, which few tests need
    from training.train import build_encoder, embed  # noqa: PLC0415

    checkpoint = Checkpoint.load(tiny_run)
    encoder = build_encoder(checkpoint.recipe)
    encoder.load_state_dict(checkpoint.average)
    return lambda faces: embed(encoder, faces)
