"""Pictures and folders of them."""

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.errors import SourceError
from realtime.sources import PictureSource
from realtime.sources.pictures import STILL_S, read_picture
from tests.realtime.sources.helpers import HEIGHT, WIDTH, red_and_blue, write_picture


def _with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """``jpeg`` with an EXIF block that says how the camera was held."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    exif = b"Exif\0\0" + b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def test_a_picture_taken_with_a_turned_camera_comes_upright(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "turned.jpg", np.ascontiguousarray(np.rot90(red_and_blue())))
    path.write_bytes(_with_orientation(path.read_bytes(), 6))  # 6: turn right by 90 degrees
    image = read_picture(path)
    assert image.shape == (HEIGHT, WIDTH, 3)
    np.testing.assert_allclose(image[HEIGHT // 2, 20], (255, 0, 0), atol=12)


def test_a_folder_is_read_in_natural_order_and_other_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("face10.png", "face2.PNG", "Face1.png"):
        write_picture(tmp_path / name, red_and_blue())
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / "sub.png").mkdir()
    source = PictureSource(tmp_path)
    assert [path.name for path in source.paths] == ["Face1.png", "face2.PNG", "face10.png"]
    assert source.info.still
    assert [frame.time for frame in source] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("start", "first"), [(-1.0, 0), (0.0, 0), (STILL_S - 0.1, 0), (STILL_S, 1), (2.5 * STILL_S, 2), (100.0, 2)]
)
def test_a_show_goes_on_from_the_picture_of_that_moment(tmp_path: Path, start: float, first: int) -> None:
    for name in ("a.png", "b.png", "c.png"):
        write_picture(tmp_path / name, red_and_blue())
    assert [frame.index for frame in PictureSource(tmp_path).frames(start)] == list(range(first, 3))


def test_pictures_of_a_folder_keep_their_own_sizes(tmp_path: Path) -> None:
    write_picture(tmp_path / "1.png", red_and_blue(30, 20))
    write_picture(tmp_path / "2.png", red_and_blue(40, 50))
    assert [frame.image.shape for frame in PictureSource(tmp_path)] == [(20, 30, 3), (50, 40, 3)]


def test_names_outside_ascii_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "Gesichter-été-顔"
    folder.mkdir()
    write_picture(folder / "Übung 顔.png", red_and_blue())
    assert len(list(PictureSource(folder))) == 1


def test_a_grey_picture_has_three_channels(tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    cv2.imencode(".png", np.full((HEIGHT, WIDTH), 80, np.uint16))[1].tofile(path)
    assert read_picture(path).shape == (HEIGHT, WIDTH, 3)


def test_an_unreadable_picture_is_named_after_those_before_it(tmp_path: Path) -> None:
    write_picture(tmp_path / "1.png", red_and_blue())
    (tmp_path / "2.png").write_text("not a picture")
    frames = iter(PictureSource(tmp_path))
    next(frames)
    with pytest.raises(SourceError, match=r"2\.png is not a readable picture"):
        next(frames)


@pytest.mark.parametrize("content", [b"", b"A letter", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "face.png"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="not a readable picture"):
        PictureSource(path)
    assert capfd.readouterr() == ("", "")


def test_a_missing_picture_and_a_folder_without_pictures_are_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"missing\.png cannot be read"):
        PictureSource(tmp_path / "missing.png")
    with pytest.raises(SourceError, match="holds no pictures"):
        PictureSource(tmp_path)
