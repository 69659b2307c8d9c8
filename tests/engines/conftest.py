"""What the tests of the engines share."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.vectors import unit
from tests import tiny


@pytest.fixture(scope="session")
def trained_embeddings(tiny_run: Path) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
    """The encoder of ``tiny_package`` as it was trained and calibrated, before any export."""
    from training.batches import TrainingFaces  # noqa: PLC0415 - torch, which few tests need
    from training.calibration import calibrate  # noqa: PLC0415
    from training.checkpoint import Checkpoint  # noqa: PLC0415
    from training.models import build_model  # noqa: PLC0415
    from training.train import embed  # noqa: PLC0415

    checkpoint = Checkpoint.load(tiny_run)
    model = build_model(checkpoint.recipe, tiny.words())
    model.load_state_dict(checkpoint.average)
    held = TrainingFaces(checkpoint.recipe, tiny.faces(320))
    scale = checkpoint.recipe.objective.scale
    _, shift = calibrate(embed(model, held.held), tiny.words().vectors, scale, held.held_labels)
    return lambda faces: unit(embed(model, faces) + shift)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where this test remembers what it measured; nothing is there yet."""
    path = tmp_path / "cache" / "engines.json"
    monkeypatch.setattr("engines.choice.memory_file", lambda: path)
    return path
