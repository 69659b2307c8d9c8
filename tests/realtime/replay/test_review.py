"""What a person does with a recording stays in the library."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from realtime.library import Entry, Library
from realtime.replay import Copy, Moment, Recorded, Review, copies
from realtime.replay.review import after, before
from tests.realtime.replay.made import CLASSES, face, reading, write_table


def wave(time: float, *tops: float) -> float:
    return float(max(np.exp(-(((time - top) / 0.4) ** 2)) for top in tops))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Face 1 is glad at 2 s and 8 s and startled at 5 s; face 2 is there for a second, and calm."""
    readings = []
    for i in range(200):
        time = 10 + i / 20
        glad, startled = 0.8 * wave(time - 10, 2, 8), 0.6 * wave(time - 10, 5)
        faces = [face(1, (1 - glad - startled, glad, startled))]
        faces += [face(2, (0.9, 0.05, 0.05))] if i < 20 else []
        readings.append(reading(i, time, *faces))
    return write_table(tmp_path / "talk.csv", readings)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite") as library:
        yield library


@pytest.fixture
def entry(library: Library, table: Path) -> Entry:
    return library.add(Entry("Talk", "camera 0", datetime.now(UTC), 10.0, table=table, classes=CLASSES))


@pytest.fixture
def review(library: Library, entry: Entry, table: Path) -> Review:
    return Review(Recorded.load(table), entry, library)


def test_who_was_seen_longest_is_chosen_first(review: Review) -> None:
    assert review.chosen == 1
    assert review.choose(2)
    assert review.chosen == 2
    assert not review.choose(77)
    assert review.chosen == 2


def test_moments_come_in_the_order_of_time(review: Review) -> None:
    found = review.moments(CLASSES)
    assert [moment.name for moment in found] == ["happiness", "surprise", "happiness"]
    assert [moment.time for moment in found] == pytest.approx([12, 15, 18], abs=0.06)
    assert [moment.name for moment in review.moments({"surprise"})] == ["surprise"]
    assert len(review.moments({"happiness"}, count=1)) == 1


def test_rest_has_moments_only_by_itself(review: Review) -> None:
    assert {moment.name for moment in review.moments({"neutral"})} == {"neutral"}
    assert "neutral" not in {moment.name for moment in review.moments({"neutral", "surprise"})}


def test_a_face_that_shows_nothing_has_no_moments(review: Review) -> None:
    review.choose(2)
    assert review.moments({"happiness", "surprise"}) == ()


def test_one_goes_from_moment_to_moment() -> None:
    moments = [Moment(time, 1, "surprise", 0.9) for time in (2.0, 5.0, 8.0)]
    assert [found and found.time for found in (after(moments, t) for t in (0, 2.0, 4.95, 7, 8))] == [2, 5, 8, 8, None]
    assert [found and found.time for found in (before(moments, t) for t in (9, 8.3, 5.0, 2.0))] == [8, 5, 2, None]


def test_names_are_kept(review: Review, library: Library, entry: Entry) -> None:
    review.name_face(2, "  Ann ")
    assert review.names == library.names(entry.id) == {2: "Ann"}
    review.name_face(2, "")
    assert review.names == {}


def test_notes_are_kept_and_one_that_was_removed_can_be_brought_again(
    review: Review, library: Library, entry: Entry
) -> None:
    review.add_note(15.0, None, "startled")
    review.add_note(13.0, 12.0, "laughs")
    assert [(note.begin, note.end, note.text) for note in review.notes] == [(12, 13, "laughs"), (15, None, "startled")]
    review.edit_note(review.notes[1], "a noise outside")
    review.remove_note(review.notes[0])
    assert [note.text for note in library.notes(entry.id)] == ["a noise outside"]
    assert review.can_restore
    review.restore_note()
    assert [note.text for note in review.notes] == ["laughs", "a noise outside"]
    assert not review.can_restore
    assert review.restore_note() is None


def test_a_note_without_words_is_none(review: Review) -> None:
    assert review.add_note(15.0, None, "  ") is None
    kept = review.add_note(15.0, None, "kept")
    assert kept is not None
    review.edit_note(kept, " ")
    assert [note.text for note in review.notes] == ["kept"]


def test_what_was_written_is_there_the_next_time(review: Review, library: Library, entry: Entry) -> None:
    review.name_face(1, "Ann")
    review.add_note(15.0, None, "startled")
    again = Review(review.recorded, entry, library)
    assert (again.names, again.notes) == (review.names, review.notes)


def test_notes_and_the_named_table_are_written(review: Review, tmp_path: Path) -> None:
    review.name_face(1, "Ann")
    review.add_note(15.0, None, "startled")
    assert review.export_table(tmp_path / "out.csv") == ()
    review.export_notes(tmp_path / "notes.csv")
    assert "startled" in (tmp_path / "notes.csv").read_text(encoding="utf-8")
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert sum("startled" in line for line in lines) == 1
    assert sum("Ann" in line for line in lines) == 200


def test_what_was_read_is_shown_rather_than_an_annotated_copy(tmp_path: Path) -> None:
    film, copy = tmp_path / "film.mp4", tmp_path / "film.annotated.mp4"
    analysed = Entry("Film", str(film), datetime.now(UTC), 1.0, video=copy, annotated=True)
    recording = Entry("Me", "camera 0", datetime.now(UTC), 1.0, video=copy, annotated=True)
    nothing = Entry("Me", "camera 0", datetime.now(UTC), 1.0)
    assert copies(analysed) == (Copy(film, False), Copy(copy, True))
    assert copies(recording) == (Copy(copy, True),)
    assert copies(nothing) == ()


def test_a_video_that_was_moved_is_found_again(library: Library, table: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone" / "film.mp4"
    entry = library.add(Entry("Film", str(gone), datetime.now(UTC), 10.0, table=table))
    review = Review(Recorded.load(table), entry, library)
    folder = tmp_path / "moved"
    folder.mkdir()
    for name in ("film.mp4", "other.mp4"):
        (folder / name).write_bytes(b"a video")
    assert review.locate(folder / "other.mp4")[0] == Copy(folder / "other.mp4", False)
    assert review.locate(folder / "film.mp4") == (Copy(folder / "film.mp4", False),)
    assert library.get(entry.id).source_file == folder / "film.mp4"
