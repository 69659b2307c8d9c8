"""What the tests of training share."""

from pathlib import Path

import pytest

from tests import tiny
from training.data import save_faces


@pytest.fixture
def faces_file(tmp_path: Path) -> Path:
    """A file of 80 faces in the layout of the FER+ files."""
    save_faces(tiny.faces(80, seed=9), tmp_path / "faces.npz")
    return tmp_path / "faces.npz"
