"""What the command line has written is taken in."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.errors import LibraryError
from realtime.library import Library, State
from tests.realtime.library import made


def brightness(jpeg: bytes | None) -> float:
    assert jpeg is not None
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (120, 160, 3)
    return float(picture.mean()) / 255


def test_a_folder_of_results_is_taken_in(library: Library, tmp_path: Path) -> None:
    out = tmp_path / "mien-output"
    source = made.video(tmp_path / "talk.mp4")
    summary = made.results(out, "talk", source=str(source))
    made.results(out, "walk", table="csv", complete=False)
    (out / "other.json").write_text('{"of": "another kind"}')
    (out / "talk.annotated.mp4").write_bytes(source.read_bytes())

    talk, walk = library.import_results(out)

    assert (talk.title, talk.source_file, talk.summary, talk.table) == ("talk", source, summary, out / "talk.parquet")
    assert (talk.video, talk.annotated, talk.model, talk.classes) == (
        out / "talk.annotated.mp4",
        True,
        "tiny",
        made.CLASSES,
    )
    assert (talk.state, walk.state) == (State.COMPLETE, State.PARTIAL)
    assert (talk.duration, walk.duration) == (2.9, 2.9)
    assert [(face.face_id, face.frames, face.first, face.label) for face in talk.faces] == [(1, 20, 1.0, "happiness")]
    assert talk.shares == {"neutral": 0.25, "happiness": 0.75}
    assert (walk.source_file, walk.video, walk.table) == (None, None, out / "walk.csv")
    assert {entry.id for entry in library.entries()} == {talk.id, walk.id}


def test_the_same_folder_again_is_no_second_entry(library: Library, tmp_path: Path) -> None:
    made.results(tmp_path / "out")
    first = library.import_results(tmp_path / "out")
    assert library.import_results(tmp_path / "out") == first
    assert library.entries() == first


@pytest.mark.parametrize("name", ["talk.json", "talk.jsonl"])
def test_one_run_is_taken_in_by_its_summary_or_its_table(library: Library, tmp_path: Path, name: str) -> None:
    made.results(tmp_path / "out", table="jsonl")
    (entry,) = library.import_results(tmp_path / "out" / name)
    assert entry.table == tmp_path / "out" / "talk.jsonl"


def test_the_thumbnail_shows_a_face_a_third_after_the_first_one_came(library: Library, tmp_path: Path) -> None:
    source = made.video(tmp_path / "talk.mp4")
    (entry,) = library.import_results(made.results(tmp_path / "out", source=str(source), faces_from=15))
    # Face from 1.5 s; 2.9 s / 3 later is frame 25 of 30.
    assert brightness(library.thumbnail(entry.id)) == pytest.approx(25 / 29, abs=0.06)


def test_without_a_face_the_thumbnail_is_of_a_third(library: Library, tmp_path: Path) -> None:
    source = made.video(tmp_path / "talk.mp4")
    (entry,) = library.import_results(made.results(tmp_path / "out", source=str(source), faces_from=99))
    assert brightness(library.thumbnail(entry.id)) == pytest.approx(10 / 29, abs=0.06)


def test_a_recording_shows_its_own_video_and_a_lost_one_nothing(library: Library, tmp_path: Path) -> None:
    made.results(tmp_path / "out", "recorded")
    made.results(tmp_path / "out", "lost")
    made.video(tmp_path / "out" / "recorded.mp4")
    lost, recorded = library.import_results(tmp_path / "out")
    assert (recorded.video, recorded.annotated) == (tmp_path / "out" / "recorded.mp4", False)
    assert library.thumbnail(recorded.id) is not None
    assert library.thumbnail(lost.id) is None


@pytest.mark.parametrize("annotated", [True, False])
def test_a_recording_says_itself_whether_its_video_is_drawn_on(
    library: Library, tmp_path: Path, annotated: bool
) -> None:
    (tmp_path / "out").mkdir()
    video = made.video(tmp_path / "out" / "rec.mp4")
    (entry,) = library.import_results(made.results(tmp_path / "out", "rec", video="rec.mp4", annotated=annotated))
    assert (entry.video, entry.annotated) == (video, annotated)


def test_pictures_have_their_thumbnail_too(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(3):
        cv2.imwrite(str(folder / f"{number}.png"), np.full((480, 640, 3), 100 * number, np.uint8))
    for name, source in (("one", folder / "2.png"), ("all", folder)):
        made.results(tmp_path / "out", name, source=str(source))
    every, one = library.import_results(tmp_path / "out")
    for entry, share in ((one, 200 / 255), (every, 100 / 255)):
        jpeg = library.thumbnail(entry.id)
        assert jpeg is not None
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert picture.shape == (180, 240, 3)
        assert picture.mean() / 255 == pytest.approx(share, abs=0.02)


def test_a_damaged_video_or_table_costs_the_thumbnail_alone(library: Library, tmp_path: Path) -> None:
    (tmp_path / "talk.mp4").write_bytes(b"no video")
    made.results(tmp_path / "out", source=str(tmp_path / "talk.mp4"))
    (tmp_path / "out" / "talk.parquet").write_bytes(b"no table")
    (entry,) = library.import_results(tmp_path / "out")
    assert library.thumbnail(entry.id) is None


def test_results_beside_their_video_do_not_take_it_for_their_own(library: Library, tmp_path: Path) -> None:
    source = made.video(tmp_path / "talk.mp4")
    (entry,) = library.import_results(made.results(tmp_path, source=str(source)))
    assert entry.video is None
    assert source not in entry.outputs()


def test_where_there_are_no_results_it_says_so(library: Library, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text("[1, 2]")
    for path in (tmp_path, tmp_path / "list.json", tmp_path / "nothing.parquet", tmp_path / "nowhere"):
        with pytest.raises(LibraryError, match="results"):
            library.import_results(path)
    assert library.entries() == ()
