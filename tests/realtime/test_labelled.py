"""Faces with labels, out of folders or by a table; what is laid out otherwise gives one line."""

from pathlib import Path

import numpy as np
import pytest

from engines.errors import DataError
from realtime.labelled import TABLE, Labelled, cut_films, gather_labelled
from tests.realtime.test_gathering import _picture, _video, bright_faces

_CLASSES = ("neutral", "happiness")


def _gather(folder: Path, lines: list[str] | None = None) -> Labelled:
    return gather_labelled(folder, bright_faces(lines), classes=_CLASSES)


def test_the_folder_is_the_label(tmp_path: Path) -> None:
    for name, grey in (("neutral", 200), ("happiness", 220)):
        for number in range(2):
            _picture(tmp_path / name / f"{number}.png", grey)
    (tmp_path / "happiness" / "broken.png").write_bytes(b"no picture")
    lines: list[str] = []
    found = _gather(tmp_path, lines)
    assert found.labels.tolist() == [1, 1, 0, 0]
    assert found.images.shape == (4, 1, 24, 24)
    assert found.images.dtype == np.uint8
    assert "1 unreadable" in str(found)
    assert len(lines) == 1
    assert "broken.png" in lines[0]


def test_a_small_square_picture_is_a_face_that_was_cut_out_before(tmp_path: Path) -> None:
    _picture(tmp_path / "neutral" / "a.png", 20)  # the detector finds nothing in the dark
    found = _gather(tmp_path)
    assert found.images.tolist() == np.full((1, 1, 24, 24), 20).tolist()


def test_the_table_says_what_a_video_shows_when(tmp_path: Path) -> None:
    _video(tmp_path / "a.mp4", [200] * 40 + [10] * 20, 10)
    (tmp_path / TABLE).write_text("file,start,end,label\na.mp4,0,2,neutral\na.mp4,2,,happiness\nnone.mp4,,,neutral\n")
    lines: list[str] = []
    found = _gather(tmp_path, lines)
    assert found.labels.tolist() == [0, 0, 1, 1]
    assert found.counts["unreadable"] == 1
    assert found.counts["without a face"] == 2  # a dark frame is no face that was cut out
    assert "none.mp4" in lines[0]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("file,label\na.mp4,neutral\n", "lacks a column: its first line is file,start,end,label"),
        ("file,start,end,label\n", "has no line"),
        ("file,start,end,label\na.mp4,0,1,joy\n", "line 2: 'joy' is none of neutral, happiness"),
        ("file,start,end,label\na.mp4,zero,1,neutral\n", "start and end are seconds"),
        ("file,start,end,label\na.mp4,2,1,neutral\n", "an end after its start"),
        ("file,start,end,label\na.mp4\n", "'' is none of"),
    ],
)
def test_a_table_that_is_laid_out_otherwise_gives_one_line(tmp_path: Path, table: str, says: str) -> None:
    (tmp_path / TABLE).write_text(table)
    with pytest.raises(DataError, match=says) as error:
        _gather(tmp_path)
    assert "\n" not in str(error.value)


def test_a_folder_that_is_laid_out_otherwise_gives_one_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is no folder"):
        _gather(tmp_path / "none")
    with pytest.raises(DataError, match="has no folder for any expression: name its folders neutral, happiness"):
        _gather(tmp_path)
    (tmp_path / "neutral").mkdir()
    with pytest.raises(DataError, match="are empty"):
        _gather(tmp_path)
    (tmp_path / "neutral" / "a.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match="shows no face to learn from"):
        _gather(tmp_path)
    (tmp_path / "Joy").mkdir()
    with pytest.raises(DataError, match="has a folder Joy"):
        _gather(tmp_path)


def test_faces_of_films_know_which_film_they_are_of(tmp_path: Path) -> None:
    for name, grey in (("a", 200), ("b", 10), ("c", 220)):  # in the dark the detector finds nothing
        _video(tmp_path / f"{name}.mp4", [grey] * 20, 10)
    films = [tmp_path / f"{name}.mp4" for name in ("c", "none", "b", "a")]
    lines: list[str] = []
    found = cut_films(films, bright_faces(lines))
    assert found.labels.tolist() == [0, 0, 3, 3]
    assert found.images.shape == (4, 1, 24, 24)
    assert found.counts["without a face"] == 2
    assert "none.mp4" in lines[0]
    with pytest.raises(DataError, match="show no face"):
        cut_films(films[1:3], bright_faces(lines))
