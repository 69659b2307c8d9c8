"""Pictures and folders of them."""

import struct
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.errors import SourceError
from realtime.sources import PictureSource, open_source
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


def _folder(folder: Path, readable: str) -> Path:
    """A folder with a picture for each letter, readable where that is r."""
    for number, letter in enumerate(readable):
        path = write_picture(folder / f"{number}.png", red_and_blue())
        if letter != "r":
            path.write_text("not a picture")
    return folder


def test_an_unreadable_picture_is_left_out_and_said(tmp_path: Path) -> None:
    lines: list[str] = []
    source = PictureSource(_folder(tmp_path, "xrxr"), notice=lines.append)
    for _ in range(2):
        assert [(frame.index, frame.name) for frame in source] == [(1, "1.png"), (3, "3.png")]
        assert [skipped["file"] for skipped in source.skipped] == ["0.png", "2.png"]
    assert source.skipped[0]["why"].startswith("is not a readable picture")
    assert "0.png is not a readable picture" in lines[0]
    assert lines[0].endswith("it is left out")


def test_a_show_ends_with_the_last_picture_that_can_be_read(tmp_path: Path) -> None:
    source = PictureSource(_folder(tmp_path, "rrx"), notice=lambda _: None)
    assert [frame.index for frame in source.frames(2 * STILL_S)] == [1]


def test_pictures_of_which_none_can_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none of the 2 pictures in .* can be read: .*0\.png"):
        PictureSource(_folder(tmp_path, "xx"))


def test_some_files_are_pictures_under_their_whole_names(tmp_path: Path) -> None:
    paths = [_folder(tmp_path, "rrr") / name for name in ("2.png", "0.png")]
    assert [frame.name for frame in PictureSource("some", paths)] == [str(path) for path in paths]


@pytest.mark.parametrize(("kind", "depth"), [(".png", np.uint8), (".png", np.uint16), (".webp", np.uint8)])
def test_what_is_transparent_is_seen_on_white(tmp_path: Path, kind: str, depth: type[np.unsignedinteger]) -> None:
    blue = np.zeros((40, 60, 4), np.uint8)
    blue[..., 0] = 255
    blue[:, 20:, 3], blue[:, 40:, 3] = 128, 255
    scale = np.iinfo(depth).max // 255
    path = tmp_path / f"blue{kind}"
    cv2.imencode(kind, blue.astype(depth) * depth(scale), [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tofile(path)
    np.testing.assert_allclose(read_picture(path)[20, [10, 30, 50]], [[255] * 3, [127, 127, 255], [0, 0, 255]], atol=2)


def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "huge.jpg", red_and_blue())
    data = bytearray(path.read_bytes())
    place = data.find(b"\xff\xc0") + 5  # the height and the width of a JPEG
    data[place : place + 4] = struct.pack(">HH", 20_000, 20_000)
    path.write_bytes(data)
    # In a program of its own: OpenCV, which the tests have loaded long since, is told the limit before it is loaded.
    code = f"from realtime.sources import open_source; open_source({str(path)!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "SourceError" in done.stderr
    assert "huge.jpg announces more pixels than Mien reads" in done.stderr


def test_a_picture_too_long_to_be_cut_is_refused(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "long.png", np.zeros((2, 40_000, 3), np.uint8))
    with pytest.raises(SourceError, match="more pixels than Mien reads: scale it down"):
        read_picture(path)


def test_an_iphones_picture_is_not_taken_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "1.HEIC").write_bytes(b"\0\0\0\x18ftypheic")
    with pytest.raises(SourceError, match="HEIC picture, which Mien cannot read: save it as JPEG"):
        open_source(tmp_path / "1.HEIC")
    write_picture(tmp_path / "2.jpg", red_and_blue())
    source = PictureSource(tmp_path, notice=lambda _: None)
    assert [frame.name for frame in source] == ["2.jpg"]
    assert [skipped["file"] for skipped in source.skipped] == ["1.HEIC"]


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
