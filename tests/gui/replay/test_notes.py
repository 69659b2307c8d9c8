"""Notes are written, found again, changed, taken back, and go out with the table."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.replay import ReplayPage
from realtime.library import Entry, Library
from tests.gui.conftest import Until
from tests.gui.replay.conftest import START, Answers, OpenPage

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(open_page: OpenPage, entry: Entry) -> ReplayPage:
    return open_page(entry)


def note(page: ReplayPage, text: str) -> None:
    """As a person writes one."""
    QTest.keyClick(page, Qt.Key.Key_N, CONTROL)
    QTest.keyClicks(page.parts.notes.line, text)
    QTest.keyClick(page.parts.notes.line, Qt.Key.Key_Return)


def kept(library: Library, entry: Entry) -> list[tuple[float, float | None, str]]:
    """What the library has, its times counted from the beginning of the film."""
    return [
        (round(each.begin - START, 2), None if each.end is None else round(each.end - START, 2), each.text)
        for each in library.notes(entry.id)
    ]


def row_of(page: ReplayPage, row: int) -> tuple[QWidget, QPoint]:
    view = page.parts.notes.view
    return view.viewport(), view.visualRect(view.model().index(row, 1)).center()


def test_a_note_is_on_the_moment_of_the_play_head(opened: ReplayPage, entry: Entry, library: Library) -> None:
    opened.go_to(START + 2.0)
    note(opened, "laughs")
    assert kept(library, entry) == [(2.0, None, "laughs")]
    assert opened.parts.notes.view.texts == ("0:02.0 laughs",)
    assert opened.parts.notes.line.text() == ""
    assert opened.hasFocus()
    assert "laughs" in opened.parts.plot.tip_at(opened.parts.plot.x_of(START + 2.0))


def test_a_note_stays_on_the_moment_at_which_it_was_begun(opened: ReplayPage, entry: Entry, library: Library) -> None:
    opened.go_to(START + 2.0)
    QTest.keyClick(opened, Qt.Key.Key_N, CONTROL)
    opened.go_to(START + 5.0)
    QTest.keyClicks(opened.parts.notes.line, "laughs")
    QTest.keyClick(opened.parts.notes.line, Qt.Key.Key_Return)
    assert kept(library, entry) == [(2.0, None, "laughs")]


def test_one_may_also_just_write(opened: ReplayPage, entry: Entry, library: Library) -> None:
    opened.go_to(START + 3.0)
    line = opened.parts.notes.line
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    QTest.keyClicks(line, "n [here] N")  # none of these letters is a key of the page now
    opened.go_to(START + 5.0)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert kept(library, entry) == [(3.0, None, "n [here] N")]


def test_a_span_is_marked_with_brackets(opened: ReplayPage, entry: Entry, library: Library) -> None:
    opened.go_to(START + 2.0)
    QTest.keyClick(opened, Qt.Key.Key_BracketLeft)
    opened.go_to(START + 3.5)
    QTest.keyClick(opened, Qt.Key.Key_BracketRight)
    assert opened.notebook.span == pytest.approx((START + 2.0, START + 3.5))
    note(opened, "a long laugh")
    assert kept(library, entry) == [(2.0, 3.5, "a long laugh")]
    assert opened.notebook.span is None
    assert "a long laugh" in opened.parts.plot.tip_at(opened.parts.plot.x_of(START + 3.0))


def test_a_span_is_marked_with_buttons_and_left_with_escape(opened: ReplayPage) -> None:
    notes = opened.parts.notes
    opened.go_to(START + 3.0)
    QTest.mouseClick(notes.end_button, Qt.MouseButton.LeftButton)
    assert opened.notebook.span == pytest.approx((START, START + 3.0))
    opened.go_to(START + 1.0)
    QTest.mouseClick(notes.begin_button, Qt.MouseButton.LeftButton)
    assert opened.notebook.span == pytest.approx((START + 1.0, START + 3.0))
    opened.go_to(START + 5.0)
    QTest.mouseClick(notes.begin_button, Qt.MouseButton.LeftButton)
    begun = opened.notebook.span
    assert begun is not None
    assert (round(begun[0] - START, 2), begun[1]) == (5.0, None)
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert opened.notebook.span is None
    assert opened.entry is not None


def test_a_span_is_dragged_over_the_plot_with_shift(opened: ReplayPage) -> None:
    plot = opened.parts.plot
    inside, shift = plot.viewport, Qt.KeyboardModifier.ShiftModifier
    places = [inside.mapFrom(plot, QPoint(round(plot.x_of(START + time)), plot.height() // 2)) for time in (4.0, 2.0)]
    before = plot.view
    QTest.mousePress(inside, Qt.MouseButton.LeftButton, shift, places[0])
    QTest.mouseMove(inside, places[1])
    QTest.mouseRelease(inside, Qt.MouseButton.LeftButton, shift, places[1])
    assert opened.notebook.span == pytest.approx((START + 2.0, START + 4.0), abs=0.02)
    assert plot.view == before
    assert opened.position == pytest.approx(0)


def test_escape_leaves_a_note_unwritten(opened: ReplayPage, entry: Entry, library: Library) -> None:
    QTest.keyClick(opened, Qt.Key.Key_N, CONTROL)
    QTest.keyClicks(opened.parts.notes.line, "nothing")
    QTest.keyClick(opened.parts.notes.line, Qt.Key.Key_Escape)
    assert kept(library, entry) == []
    assert opened.entry is not None
    assert opened.hasFocus()


def test_a_click_on_a_note_goes_there(opened: ReplayPage, until: Until) -> None:
    opened.go_to(START + 2.0)
    note(opened, "laughs")
    opened.go_to(START + 5.0)
    viewport, place = row_of(opened, 0)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    until(lambda: abs(opened.position - 2.0) < 0.06)


def test_a_note_is_changed_in_its_place(opened: ReplayPage, entry: Entry, library: Library, until: Until) -> None:
    note(opened, "laughs")
    viewport, place = row_of(opened, 0)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(opened.parts.notes.view, Qt.Key.Key_F2)
    editor = opened.parts.notes.view.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "smiles")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    until(lambda: kept(library, entry) == [(0.0, None, "smiles")])
    assert opened.parts.notes.view.texts == ("0:00.0 smiles",)


def test_a_note_is_removed_and_brought_back(opened: ReplayPage, entry: Entry, library: Library) -> None:
    note(opened, "laughs")
    undo = opened.parts.notes.undo_button
    assert not undo.isVisible()
    viewport, place = row_of(opened, 0)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(opened.parts.notes.view, Qt.Key.Key_Delete)
    assert kept(library, entry) == []
    assert undo.isVisible()
    QTest.keyClick(opened, Qt.Key.Key_Z, CONTROL)
    assert kept(library, entry) == [(0.0, None, "laughs")]
    assert not undo.isVisible()


def test_notes_are_there_when_the_recording_is_opened_again(opened: ReplayPage, entry: Entry, until: Until) -> None:
    note(opened, "laughs")
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert opened.parts.notes.view.texts == ()
    opened.open(entry)
    until(lambda: opened.parts.notes.view.texts == ("0:00.0 laughs",))


def test_a_note_that_another_window_removed_is_one_line(
    opened: ReplayPage, library: Library, entry: Entry, qtbot: QtBot
) -> None:
    note(opened, "laughs")
    library.remove_note(library.notes(entry.id)[0].id)
    viewport, place = row_of(opened, 0)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(opened.failed) as told:
        QTest.keyClick(opened.parts.notes.view, Qt.Key.Key_Delete)
    assert told.args is not None
    assert "removed" in told.args[0]


def test_notes_and_the_named_table_are_exported(opened: ReplayPage, answers: Answers, tmp_path: Path) -> None:
    opened.go_to(START + 2.0)
    note(opened, "laughs")
    opened.parts.faces.named.emit(1, "Ann")
    answers.files = [tmp_path / "table.csv", tmp_path / "notes.csv", None]
    said: list[str] = []
    opened.notice.connect(said.append)
    opened.parts.export_table.trigger()
    opened.parts.export_notes.trigger()
    opened.parts.export_notes.trigger()
    table = (tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()
    assert sum("Ann" in line for line in table) == 155
    assert next(line for line in table if "laughs" in line).startswith("40,")
    assert "laughs" in (tmp_path / "notes.csv").read_text(encoding="utf-8")
    assert [path.name for path in answers.suggested] == ["film.notes.csv"] * 3
    assert said == [f"Written: {tmp_path / 'table.csv'}", f"Written: {tmp_path / 'notes.csv'}"]


def test_an_export_that_cannot_be_written_is_one_line(
    opened: ReplayPage, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.files = [tmp_path / "no folder" / "notes.csv"]
    with qtbot.waitSignal(opened.failed) as told:
        opened.parts.export_notes.trigger()
    assert told.args is not None
    assert "notes.csv" in told.args[0]
