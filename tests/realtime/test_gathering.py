"""The faces of a folder: found, framed, counted, and nothing stopped by what is broken."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.errors import SourceError
from engines.package import CropGeometry
from realtime.gathering import Cutter, gather
from realtime.records import KEYPOINTS, Detection

_CROP = CropGeometry(box=0.8, center_x=0.5, center_y=0.5)


class _BrightIsAFace:
    """Finds a face of 60 pixels in every picture that is not dark, with a score as bright as it is."""

    name = engine = "fake"

    def detect(self, image: NDArray[np.uint8], time: float) -> list[Detection]:  # noqa: ARG002
        if image.mean() < 50:
            return []
        box = np.array([10, 10, 60, 60], np.float32)
        points = np.linspace(20, 60, KEYPOINTS * 2, dtype=np.float32).reshape(KEYPOINTS, 2)
        return [Detection(box, points, float(image.mean()) / 255)]

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        pass


def bright_faces(lines: list[str] | None = None, told: list[tuple[int, int]] | None = None) -> Cutter:
    """Cuts out what is bright, grey and of 24 pixels."""
    return Cutter(
        _BrightIsAFace(),
        _CROP,
        24,
        1,
        notice=(lines if lines is not None else []).append,
        told=lambda *done: (told if told is not None else []).append(done),
    )


def _picture(path: Path, grey: int) -> None:
    path.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(path), np.full((90, 90, 3), grey, np.uint8))


def _video(path: Path, greys: Sequence[int], fps: int) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=fps)
        stream.width = stream.height = 96
        stream.pix_fmt = "yuv420p"
        for grey in greys:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((96, 96, 3), grey, np.uint8), "rgb24")))
        container.mux(stream.encode(None))


def test_faces_of_pictures_and_videos_are_found_at_any_depth(tmp_path: Path) -> None:
    _picture(tmp_path / "a.png", 230)
    _picture(tmp_path / "deep" / "b.jpg", 230)
    _picture(tmp_path / "deep" / "dark.jpg", 10)
    _picture(tmp_path / ".hidden.png", 230)
    _video(tmp_path / "deep" / "c.mp4", [230] * 25, fps=10)  # at 0, 1 and 2 s
    told: list[tuple[int, int]] = []
    gathered = gather(tmp_path, bright_faces(told=told))
    assert gathered.images.shape == (5, 1, 24, 24)
    assert gathered.images.dtype == np.uint8
    assert gathered.counts == {"files": 4, "pictures": 6, "without a face": 1}
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_what_is_broken_is_counted_and_named_and_stops_nothing(tmp_path: Path) -> None:
    _picture(tmp_path / "good.png", 230)
    (tmp_path / "broken.png").write_bytes(b"\x89PNG broken")
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "empty.mp4").touch()
    lines: list[str] = []
    gathered = gather(tmp_path, bright_faces(lines))
    assert len(gathered.images) == 1
    assert gathered.counts["unreadable"] == 3
    assert {name for name in ("broken.png", "notes.txt", "empty.mp4") if any(name in line for line in lines)} == {
        "broken.png", "notes.txt", "empty.mp4",
    }  # fmt: skip
    assert "3 unreadable" in str(gathered)


def test_what_is_hardly_a_face_is_not_learned_from(tmp_path: Path) -> None:
    _picture(tmp_path / "good.png", 230)
    _picture(tmp_path / "doubtful.png", 100)
    assert len(gather(tmp_path, bright_faces()).images) == 1


def test_a_folder_without_faces_or_none_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no face"):
        gather(tmp_path, bright_faces())
    _picture(tmp_path / "dark.png", 10)
    with pytest.raises(SourceError, match="no face"):
        gather(tmp_path, bright_faces())
    with pytest.raises(SourceError, match="no folder"):
        gather(tmp_path / "dark.png", bright_faces())
