"""A box lies on its face, whichever copy of the video is shown."""

from pathlib import Path

import numpy as np
import pytest

from engines.errors import SourceError
from realtime.records import Frame, Reading
from realtime.replay import Clock, Recorded
from realtime.sources import VideoSource
from tests.realtime.replay.made import DARK_FRAMES, film, inside, reading, write_annotated, write_film, write_table

FRAMES = 14
UNEVEN = np.cumsum([0, 0.04, 0.04, 0.1, 0.04, 0.06, 0.04, 0.2, 0.04, 0.04, 0.05, 0.04, 0.3, 0.04]).round(3)


def boxes_lie_on_faces(recorded: Recorded, video: Path) -> bool:
    clock = Clock.between(recorded, video)
    seen = 0
    with VideoSource(video) as source:
        for frame in source:
            faces = recorded.at(clock.to_table(frame.time)).faces
            assert bool(faces) == (frame.index >= DARK_FRAMES), frame.index
            assert all(inside(frame.image, face.box) > 200 for face in faces), frame.index
            # The square moves by two pixels a frame: the neighbours' boxes are other ones.
            assert all(face.box[0] == 10 + 2 * frame.index for face in faces)
            seen += len(faces)
    return seen == FRAMES - DARK_FRAMES


@pytest.fixture
def pairs(request: pytest.FixtureRequest) -> list[tuple[Frame, Reading]]:
    return film(request.param + UNEVEN)


@pytest.mark.parametrize("pairs", [0.0, 1.4], indirect=True)
@pytest.mark.parametrize("sound", [False, True])
@pytest.mark.parametrize("kind", ["mkv", "mp4"])
@pytest.mark.parametrize("told", [True, False])
def test_a_box_lies_on_the_face(
    pairs: list[tuple[Frame, Reading]], sound: bool, kind: str, told: bool, tmp_path: Path
) -> None:
    source = write_film(tmp_path / f"film.{kind}", pairs, sound=sound)
    with VideoSource(source) as opened:  # the clock that the table has is the file's
        read = [(frame, Reading(i, frame.time, each.classes, each.faces))
                for i, (frame, (_, each)) in enumerate(zip(opened, pairs, strict=True))]  # fmt: skip
    table = write_table(tmp_path / "film.parquet", [each for _, each in read])
    annotated = write_annotated(tmp_path / "film.annotated.mp4", read, source)
    if not told:
        table.with_suffix(".json").unlink()
    recorded = Recorded.load(table)
    assert Clock.between(recorded, source).offset == 0.0
    assert boxes_lie_on_faces(recorded, source)
    assert boxes_lie_on_faces(recorded, annotated)


def test_a_table_without_rows_or_a_summary_has_the_video_s_clock(tmp_path: Path) -> None:
    source = write_film(tmp_path / "film.mp4", film(UNEVEN))
    table = write_table(tmp_path / "film.csv", [reading(0, 0.0)])
    table.with_suffix(".json").unlink()
    assert Clock.between(Recorded.load(table), source) == Clock(0.0)


@pytest.mark.parametrize("told", [True, False])
def test_a_video_that_is_none_is_said_to_be(told: bool, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"no video")
    table = write_table(tmp_path / "film.csv", [each for _, each in film(UNEVEN)])
    if not told:
        table.with_suffix(".json").unlink()
    with pytest.raises(SourceError, match=r"film\.mp4"):
        Clock.between(Recorded.load(table), tmp_path / "film.mp4")
