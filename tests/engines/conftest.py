"""What the tests of the engines share."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.vectors import unit
from tests import tiny

if TYPE_CHECKING:
    from tests.engines.bindings.cuda_runtime import Card


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


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Iterator[Card]":
    """The card behind the stand-ins, which are what the engines import; nothing is cached yet."""
    from tests.engines.bindings import cuda_runtime, tensorrt  # noqa: PLC0415 - few tests need a card

    bindings = ModuleType("cuda.bindings")
    bindings.runtime = cuda_runtime  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cuda", ModuleType("cuda"))
    monkeypatch.setitem(sys.modules, "cuda.bindings", bindings)
    monkeypatch.setitem(sys.modules, "tensorrt", tensorrt)
    monkeypatch.setattr(cuda_runtime, "card", cuda_runtime.Card())
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
    sys.modules.pop("engines.tensorrt_build", None)
    yield cuda_runtime.card
    sys.modules.pop("engines.tensorrt_build", None)
