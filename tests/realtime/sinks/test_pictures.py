"""Annotated pictures: one file a picture, each whole."""

from pathlib import Path

import cv2
import pytest

from engines.errors import OutputError
from realtime.sinks import AnnotatedPictures
from tests.realtime.sinks.made import run


def test_each_picture_is_there_as_soon_as_it_is_read(tmp_path: Path) -> None:
    with AnnotatedPictures(tmp_path / "out") as pictures:
        for number, (frame, reading) in enumerate(run(3), start=1):
            pictures.write(frame, reading)
            assert len(list((tmp_path / "out").iterdir())) == number
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["000000.jpg", "000001.jpg", "000002.jpg"]
    height, width = next(iter(run(1)))[0].image.shape[:2]
    written = cv2.imread(str(tmp_path / "out" / names[0]))
    assert written is not None
    assert written.shape == (height, width, 3)


def test_of_an_earlier_run_nothing_is_left(tmp_path: Path) -> None:
    for count in (3, 2):
        with AnnotatedPictures(tmp_path / "out") as pictures:
            for frame, reading in run(count):
                pictures.write(frame, reading)
        (tmp_path / "out" / "mine.jpg").write_text("mine")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["000000.jpg", "000001.jpg", "mine.jpg"]


def test_after_a_failure_what_was_there_before_is_still_there(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    pictures = AnnotatedPictures(tmp_path / "out")
    for frame, reading in run(2):
        pictures.write(frame, reading)
    pictures.abort()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_after_a_failure_nothing_is_left(tmp_path: Path) -> None:
    pictures = AnnotatedPictures(tmp_path / "out")
    for frame, reading in run(2):
        pictures.write(frame, reading)
    pictures.abort()
    assert not (tmp_path / "out").exists()
    with pytest.raises(OutputError):
        pictures.write(*next(iter(run(1))))


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OutputError, match="taken"):
        AnnotatedPictures(tmp_path / "taken")
