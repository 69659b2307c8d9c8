"""Video files whose headers lie."""

from pathlib import Path

import pytest
from PIL import Image

from engines.errors import SourceError
from realtime.sources import VideoSource
from tests.realtime.sources.helpers import red_and_blue, write_video


def _patched(path: Path, old: bytes, new: bytes) -> Path:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    return path


def test_pictures_that_would_fill_the_memory_are_refused_before_one_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_video(tmp_path / "large.mp4", (0.0, 0.04))
    monkeypatch.setattr("realtime.sources.video._MOST_PIXELS", 160 * 120 - 1)
    with pytest.raises(SourceError, match="announces pictures of 160x120, more than Mien reads"):
        VideoSource(path)


def test_pictures_that_turn_out_larger_than_announced_are_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_video(tmp_path / "liar.mp4", (0.0, 0.04))
    monkeypatch.setattr("realtime.sources.video._LIMITS", {"max_pixels": str(160 * 120 - 1)})
    with pytest.raises(SourceError, match="holds no readable picture"):
        VideoSource(path)


def test_video_of_an_unknown_kind_is_called_that(tmp_path: Path) -> None:
    path = _patched(write_video(tmp_path / "new.mp4", (0.0, 0.04)), b"avc1", b"xyz1")
    with pytest.raises(SourceError, match="in a format that Mien does not know: convert it"):
        VideoSource(path)


def test_what_comes_with_a_picture_and_has_no_name_here_is_passed_over(tmp_path: Path) -> None:
    """A photograph with the camera's notes, which is called a video."""
    path, notes = tmp_path / "photo.mp4", Image.Exif()
    notes[271] = "a camera"
    Image.fromarray(red_and_blue()).save(path, "JPEG", exif=notes)
    with VideoSource(path) as source:
        assert [frame.image.shape for frame in source] == [(120, 160, 3)]
