"""Labelled photographs become faces with votes, or it is said why not."""

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.errors import DataError
from training.data import CLASSES, load_faces, save_faces
from training.distill.photographs import load_photographs


def _archive(folder: Path, labels: dict[str, str]) -> Path:
    """A zip with a red photograph, twice as wide as high, for each label."""
    picture = np.zeros((40, 80, 3), np.uint8)
    picture[..., 2] = 200
    path = folder / "photographs.zip"
    with zipfile.ZipFile(path, "w") as files:
        files.writestr("labels.csv", "file,label\n" + "".join(f"{name},{label}\n" for name, label in labels.items()))
        for name in labels:
            files.writestr(f"images/{name}", cv2.imencode(".jpg", picture)[1].tobytes())
    return path


def test_photographs_are_square_in_colour_and_surely_labelled(tmp_path: Path) -> None:
    archive = _archive(tmp_path, {"a.jpg": "happiness", "b.jpg": "bewilderment", "c.jpg": "fear"})
    faces = load_photographs(archive, 32)
    assert faces.images.shape == (2, 3, 32, 32)
    assert np.abs(faces.images[:, 0].astype(int) - 200).max() <= 3, "red comes first"
    assert faces.votes.argmax(axis=1).tolist() == [CLASSES.index("happiness"), CLASSES.index("fear")]
    assert faces.votes.sum(axis=1).tolist() == [10, 10]
    save_faces(faces, tmp_path / "faces.npz")
    again = load_faces(tmp_path / "faces.npz")
    np.testing.assert_array_equal(again.images, faces.images)
    np.testing.assert_array_equal(again.votes, faces.votes)


def test_what_is_no_archive_of_photographs_is_said(tmp_path: Path) -> None:
    def said(path: Path) -> str:
        with pytest.raises(DataError) as caught:
            load_photographs(path, 32)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    assert "Cannot read" in said(tmp_path / "nowhere.zip")
    (tmp_path / "bare.zip").write_bytes(b"no zip")
    assert "no archive" in said(tmp_path / "bare.zip")
    assert "no photograph" in said(_archive(tmp_path, {"a.jpg": "bewilderment"}))
    with zipfile.ZipFile(tmp_path / "lacking.zip", "w") as files:
        files.writestr("labels.csv", "file,label\na.jpg,fear\n")
    assert "no archive" in said(tmp_path / "lacking.zip")
    with zipfile.ZipFile(tmp_path / "lacking.zip", "a") as files:
        files.writestr("images/a.jpg", b"no picture")
    assert "decoded" in said(tmp_path / "lacking.zip")
