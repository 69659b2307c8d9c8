"""A recording is looked at again, as a person would."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.replay import ReplayPage
from realtime.library import Entry, Library
from tests.gui.conftest import Until
from tests.gui.replay.conftest import START, Answers, OpenPage


def boxes(page: ReplayPage) -> list[int]:
    """The left edges of the boxes that are shown, in pixels of the film."""
    scene = page.parts.view.scene
    assert scene is not None
    return [round(face.box.x() * 160) for face in scene.faces]


def at(page: ReplayPage, seconds: float) -> bool:
    return abs(page.position - seconds) < 0.06


def test_it_opens_on_the_first_picture_and_waits(open_page: OpenPage, entry: Entry) -> None:
    page = open_page(entry)
    assert page.parts.title.text() == "A film"
    assert at(page, 0)
    assert boxes(page) == []
    assert page.parts.faces.view.texts == ("Face 1 97 %", "Face 2 25 %")
    assert page.parts.moments.view.texts == ("happiness 0:02.0 73 %", "surprise 0:06.0 60 %")
    assert page.parts.plot.classes == ("neutral", "happiness", "surprise")
    assert page.parts.plot.bounds[0] == pytest.approx(START)


def test_space_plays_it_and_the_play_head_goes_with_the_picture(
    open_page: OpenPage, entry: Entry, until: Until
) -> None:
    page = open_page(entry)
    QTest.keyClick(page, Qt.Key.Key_Space)
    until(lambda: page.position > 0.5)
    QTest.keyClick(page, Qt.Key.Key_Space)
    until(lambda: boxes(page) and boxes(page) == [10 + 2 * round(page.position * 20)])


def test_the_play_head_takes_the_picture_with_it(open_page: OpenPage, entry: Entry, until: Until) -> None:
    page = open_page(entry)
    plot = page.parts.plot
    point = plot.viewport.rect().center()
    point.setX(round(plot.x_of(START + 1.0) - plot.viewport.x()))
    QTest.mouseClick(plot.viewport, Qt.MouseButton.LeftButton, pos=point)
    until(lambda: len(boxes(page)) == 2)
    assert at(page, 1.0)


def test_a_click_on_a_moment_jumps_there_and_n_goes_on(open_page: OpenPage, entry: Entry, until: Until) -> None:
    page = open_page(entry)
    view = page.parts.moments.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(1, 0)).center())
    until(lambda: at(page, 6.0))
    QTest.keyClick(view, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    until(lambda: at(page, 2.0))
    QTest.keyClick(view, Qt.Key.Key_N)
    until(lambda: at(page, 6.0))
    assert view.row == 1


def test_a_face_is_chosen_in_the_list_or_in_the_picture(open_page: OpenPage, entry: Entry, until: Until) -> None:
    page = open_page(entry)
    view = page.parts.faces.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(1, 0)).center())
    assert page.review is not None
    assert page.review.chosen == 2
    assert page.parts.moments.view.texts == ()
    page.go_to(START + 1.5)
    until(lambda: len(boxes(page)) == 2)
    shown = page.parts.view
    scene = shown.scene
    assert scene is not None
    first = scene.face(1)
    assert first is not None
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=shown.box_of(first).center().toPoint())
    assert page.review.chosen == 1
    assert view.row == 0
    assert len(page.parts.moments.view.texts) == 2


def test_expressions_are_switched_by_their_chips(open_page: OpenPage, entry: Entry) -> None:
    page = open_page(entry)
    chip = next(chip for chip in page.parts.plot.legend.chips if chip.name == "happiness")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert page.parts.plot.shown == {"neutral", "surprise"}
    assert page.parts.moments.view.texts == ("surprise 0:06.0 60 %",)


def test_a_face_is_named_in_its_place(open_page: OpenPage, entry: Entry, library: Library, until: Until) -> None:
    page = open_page(entry)
    view = page.parts.faces.view
    page.go_to(START + 0.5)
    until(lambda: boxes(page))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_F2)
    editor = view.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "Ann")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    until(lambda: library.names(entry.id) == {1: "Ann"})
    assert view.texts[0] == "Ann 97 %"
    scene = page.parts.view.scene
    assert scene is not None
    assert [face.called for face in scene.faces] == ["Ann"]


def test_escape_closes(open_page: OpenPage, entry: Entry, qtbot: QtBot) -> None:
    page = open_page(entry)
    with qtbot.waitSignal(page.closed):
        QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.entry is None
    assert page.parts.view.scene is None
    assert page.parts.faces.view.texts == ()


def test_one_recording_after_the_other(open_page: OpenPage, entry: Entry, library: Library, until: Until) -> None:
    page = open_page(entry)
    second = library.add(Entry("Another", entry.source, entry.date, 1.0, table=entry.table, summary=Path("/x.json")))
    page.open(second)
    page.open(entry)
    page.open(second)
    until(lambda: page.parts.view.scene is not None)
    assert page.parts.title.text() == "Another"


def test_closing_while_it_opens_leaves_nothing(page: ReplayPage, entry: Entry) -> None:
    page.open(entry)
    assert page.shutdown(30)


def test_a_video_that_is_gone_is_said_to_be_and_can_be_located(
    page: ReplayPage, entry: Entry, library: Library, answers: Answers, made: Path, until: Until
) -> None:
    gone = library.add(Entry("Gone", "/nowhere/film.mkv", entry.date, 8.0, table=entry.table, summary=Path("/g.json")))
    page.open(gone)
    until(page.parts.missing.isVisible)
    assert "/nowhere/film.mkv is not there" in page.parts.missing.line.text()
    assert page.parts.faces.view.texts[0] == "Face 1 97 %"
    page.go_to(START + 2.0)
    assert at(page, 2.0)
    answers.files = [None, made / "film.mkv"]
    QTest.mouseClick(page.parts.missing.button, Qt.MouseButton.LeftButton)
    assert page.parts.missing.isVisible()
    QTest.mouseClick(page.parts.missing.button, Qt.MouseButton.LeftButton)
    until(lambda: page.parts.view.scene is not None)
    assert not page.parts.missing.isVisible()
    assert library.get(gone.id).source_file == made / "film.mkv"


def test_a_video_that_cannot_be_played_leaves_the_plot(
    page: ReplayPage, entry: Entry, library: Library, tmp_path: Path, until: Until
) -> None:
    (tmp_path / "film.mkv").write_bytes(b"no video")
    broken = library.add(Entry("B", str(tmp_path / "film.mkv"), entry.date, 8.0, table=entry.table, summary=Path("/b")))
    page.open(broken)
    until(page.parts.missing.isVisible)
    assert "film.mkv cannot be read as a video" in page.parts.missing.line.text()
    assert page.parts.moments.view.texts


def test_a_damaged_table_is_one_line(
    page: ReplayPage, entry: Entry, library: Library, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "film.parquet").write_bytes(b"PAR1")
    broken = library.add(Entry("B", entry.source, entry.date, 8.0, table=tmp_path / "film.parquet"))
    with qtbot.waitSignal(page.failed, timeout=90_000) as told:
        page.open(broken)
    assert told.args is not None
    assert "damaged or cut off" in told.args[0]
    assert page.parts.view.message.title == "Cannot open"


def test_an_entry_without_a_table_is_said_to_be_one(page: ReplayPage, entry: Entry, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.failed):
        page.open(Entry("Bare", entry.source, entry.date, 8.0))
    assert "Bare has no table" in page.parts.view.message.detail


def test_the_bar_below_the_picture_steers_it(open_page: OpenPage, entry: Entry, until: Until) -> None:
    page = open_page(entry)
    transport = page.parts.transport
    QTest.mouseClick(transport.play_button, Qt.MouseButton.LeftButton)
    assert not transport.paused
    QTest.mouseClick(transport.play_button, Qt.MouseButton.LeftButton)
    assert transport.paused
    transport.slider.setValue(3000)
    until(lambda: at(page, 3.0))
    QTest.keyClick(page, Qt.Key.Key_Period)
    until(lambda: at(page, 3.05))
    QTest.keyClick(page, Qt.Key.Key_Left)
    until(lambda: at(page, 0.0))
    transport.speed_chosen.emit(2.0)
    assert transport.speed == 2.0


def test_at_the_end_it_stands_still_and_space_begins_anew(open_page: OpenPage, entry: Entry, until: Until) -> None:
    page = open_page(entry)
    page.go_to(START + 7.8)
    QTest.keyClick(page, Qt.Key.Key_Space)
    until(lambda: page.parts.transport.paused)
    assert at(page, 8.0)
    QTest.keyClick(page, Qt.Key.Key_Space)
    until(lambda: page.position < 7)


def test_the_plot_turns_the_page_with_the_play_head(open_page: OpenPage, entry: Entry) -> None:
    page = open_page(entry)
    page.parts.plot.set_view(START, START + 2)
    page.go_to(START + 5)
    left, right = page.parts.plot.view
    assert left < START + 5 < right
    assert right - left == pytest.approx(2)


def test_hidden_it_stands_still(open_page: OpenPage, entry: Entry) -> None:
    page = open_page(entry)
    QTest.keyClick(page, Qt.Key.Key_Space)
    assert not page.parts.transport.paused
    page.hide()
    assert page.parts.transport.paused


def test_the_picture_is_made_anew_for_another_size(open_page: OpenPage, entry: Entry, until: Until) -> None:
    page = open_page(entry)
    page.go_to(START + 1.5)
    until(lambda: len(boxes(page)) == 2)
    page.resize(1400, 900)
    view = page.parts.view
    until(lambda: view.scene is not None and view.scene.image.height() in (view.height(), round(view.width() * 0.6)))
    assert at(page, 1.5)
