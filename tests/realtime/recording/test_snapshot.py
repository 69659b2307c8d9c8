"""A picture kept: what was seen, as it was seen."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.errors import OutputError
from realtime.overlay import draw
from realtime.recording import save_snapshot
from tests.realtime.recording.conftest import names
from tests.realtime.sinks.made import face, full_disk, noise, pair


@pytest.mark.parametrize("annotated", [True, False])
def test_the_picture_is_kept_to_the_pixel(annotated: bool, tmp_path: Path) -> None:
    frame, reading = pair(0, 0, [face()], color=70)
    path = save_snapshot(frame, reading, tmp_path / "new", annotated=annotated)
    assert (path.parent, path.suffix) == (tmp_path / "new", ".png")
    kept = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    assert kept is not None
    assert np.array_equal(kept, draw(frame.image, reading) if annotated else frame.image)


def test_two_in_one_second_are_two(tmp_path: Path) -> None:
    paths = {save_snapshot(*pair(i, 0), tmp_path) for i in range(3)}
    assert len(paths) == len(names(tmp_path)) == 3


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    with full_disk(100), pytest.raises(OutputError, match="File too large"):
        save_snapshot(*noise(1)[0], tmp_path)
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="Cannot make the folder"):
        save_snapshot(*pair(0, 0), tmp_path / "file")
