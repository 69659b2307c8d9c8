"""What the tests of training share."""

from pathlib import Path

import numpy as np
import pytest

from tests import tiny


@pytest.fixture
def faces_file(tmp_path: Path) -> Path:
    """A file of 80 faces in the layout of the FER+ files."""
    faces = tiny.faces(80, seed=9)
    np.savez(tmp_path / "faces.npz", images=faces.images[:, 0], votes=faces.votes)
    return tmp_path / "faces.npz"
