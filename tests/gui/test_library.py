"""The library's page, used as a person would."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.library import LibraryPage
from realtime.library import AnalysisQueue, Entry, Library, Progress
from realtime.options import Options
from tests.gui.conftest import Until
from tests.realtime.library import made
from tests.realtime.library.analysts import FakeAnalyst

CENTRE = QPoint()


@dataclass
class Person:
    """Answers what the page asks, and notes what it was asked."""

    videos: list[Path] = field(default_factory=list)
    folder: Path | None = None
    agrees: bool = True
    asked: list[str] = field(default_factory=list)
    shown: list[Path] = field(default_factory=list)

    def ask(self, _parent: QWidget, question: str, detail: str) -> bool:
        self.asked.append(f"{question} {detail}")
        return self.agrees


@dataclass
class Room:
    """A page with all that it stands on; ``opened`` and ``failed`` are what it has told."""

    page: LibraryPage
    library: Library
    queue: AnalysisQueue
    analyst: FakeAnalyst
    person: Person
    opened: list[int] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def titles(self) -> list[str]:
        return [entry.title for entry in self.page.model.entries]

    def add(self, *entries: Entry, thumbnail: bytes | None = None) -> list[Entry]:
        added = [self.library.add(entry, thumbnail) for entry in entries]
        self.page.refresh()
        return added

    def place(self, row: int) -> QPoint:
        return self.page.view.visualRect(self.page.model.index(row)).center()


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    library = Library(tmp_path / "library.sqlite", notice=pytest.fail)
    analyst, person = FakeAnalyst(), Person()
    queue = AnalysisQueue(library, tmp_path / "out", analyst=analyst)
    page = LibraryPage(
        library,
        queue,
        lambda: Options(smoothing=0.7),
        ask_videos=lambda _: person.videos,
        ask_folder=lambda *_: person.folder,
        ask=person.ask,
        show_folder=person.shown.append,
    )
    made_room = Room(page, library, queue, analyst, person)
    page.opened.connect(made_room.opened.append)
    page.failed.connect(made_room.failed.append)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    yield made_room
    assert page.shutdown(30)
    assert queue.close(30)
    library.close()


def drop(page: LibraryPage, *paths: Path) -> None:
    """Drag files over the page and let them go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(page, QDragEnterEvent(QPoint(50, 90), copy, data, left, none))
    QApplication.sendEvent(page, QDropEvent(QPointF(50, 90), copy, data, left, none))


def jpeg(level: int) -> bytes:
    return cv2.imencode(".jpg", np.full((90, 160, 3), level, np.uint8))[1].tobytes()


def test_a_damaged_entry_leaves_the_rest_of_the_library(room: Room) -> None:
    damaged, _ = room.add(made.entry("Bad"), made.entry("Good"))
    with room.library.database.change() as change:
        change.execute("UPDATE entries SET faces = '{bad' WHERE id = ?", (damaged.id,))
    room.page.refresh()
    assert room.titles == ["Good"]


def test_an_empty_library_says_what_to_do_next(room: Room, tmp_path: Path) -> None:
    assert room.page.empty.isVisible()
    assert not room.page.queue_panel.isVisible()
    room.person.videos = [tmp_path / "talk.mp4"]
    QTest.mouseClick(room.page.empty.add_button, Qt.MouseButton.LeftButton)
    assert [job.title for job in room.queue.jobs] == ["talk.mp4"]
    assert room.queue.jobs[0].request.options.smoothing == 0.7


def test_entries_are_listed_searched_and_ordered(room: Room) -> None:
    room.add(made.entry("beta", day=1, duration=9), made.entry("Alpha", day=2, duration=5))
    assert room.page.view.isVisible()
    assert room.titles == ["Alpha", "beta"]

    QTest.keyClicks(room.page.order, "Longest")
    assert room.titles == ["beta", "Alpha"]

    QTest.keyClicks(room.page.search, "alp")
    assert room.titles == ["Alpha"]
    QTest.keyClicks(room.page.search, "x")
    assert room.page.empty.isVisible()
    assert "alpx" in room.page.empty.detail.text()
    QTest.mouseClick(room.page.empty.clear_button, Qt.MouseButton.LeftButton)
    assert room.titles == ["beta", "Alpha"]


def test_ctrl_f_goes_to_the_search(room: Room, until: Until) -> None:
    room.add(made.entry("one"))
    room.page.activateWindow()
    room.page.view.setFocus()
    until(room.page.view.hasFocus)
    QTest.keyClick(room.page.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert room.page.search.hasFocus()


def test_a_double_click_or_enter_opens(room: Room) -> None:
    one, two = room.add(made.entry("one", day=2), made.entry("two", day=1))
    QTest.mouseClick(room.page.view.viewport(), Qt.MouseButton.LeftButton, pos=room.place(0))
    QTest.mouseDClick(room.page.view.viewport(), Qt.MouseButton.LeftButton, pos=room.place(0))
    QTest.keyClick(room.page.view, Qt.Key.Key_Down)
    QTest.keyClick(room.page.view, Qt.Key.Key_Return)
    assert room.opened == [one.id, two.id]


def test_f2_renames_in_place_and_opens_nothing(room: Room, until: Until) -> None:
    (entry,) = room.add(made.entry("one"))
    QTest.mouseClick(room.page.view.viewport(), Qt.MouseButton.LeftButton, pos=room.place(0))
    QTest.keyClick(room.page.view, Qt.Key.Key_F2)
    editor = room.page.view.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "Interview")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    until(lambda: room.titles == ["Interview"])
    assert room.library.get(entry.id).title == "Interview"
    assert room.opened == []
    assert [each.id for each in room.page.view.selected()] == [entry.id]


def test_del_removes_what_is_selected_once_that_is_confirmed(room: Room, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("rows")
    room.add(made.entry("one", day=3, table=table), made.entry("two", day=2), made.entry("three", day=1))
    view = room.page.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=room.place(0))
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    room.person.agrees = False
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert len(room.titles) == 3
    room.person.agrees = True
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert room.titles == ["three"]
    assert "2 entries" in room.person.asked[-1]
    assert table.exists()


def test_files_are_deleted_by_their_own_command_which_names_them(room: Room, tmp_path: Path) -> None:
    source, table = tmp_path / "talk.mp4", tmp_path / "talk.csv"
    for path in (source, table):
        path.write_text("content")
    room.add(replace(made.entry("one"), source=str(source), table=table))
    room.page.view.select_ids([room.page.model.entries[0].id])
    choose(room, "Delete files…")
    assert str(table) in room.person.asked[0]
    assert str(source) not in room.person.asked[0]
    assert (source.exists(), table.exists(), room.titles) == (True, False, [])


def choose(room: Room, text: str) -> None:
    """Take a command of the menu that the right button shows."""
    action = next(action for action in room.page.menu().actions() if action.text() == text)
    action.trigger()


def test_the_menu_opens_the_folder_and_finds_missing_files_again(room: Room, tmp_path: Path, until: Until) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "talk.csv").write_text("rows")
    (entry,) = room.add(made.entry("one", table=tmp_path / "old" / "talk.csv"))
    room.page.view.select_ids([entry.id])
    until(lambda: room.page.grab() and room.page.model.is_missing(entry))

    room.person.folder = tmp_path
    choose(room, "Find again…")
    assert room.failed == [f"talk.csv is not in {tmp_path}."]
    room.person.folder = tmp_path / "new"
    choose(room, "Find again…")
    assert len(room.failed) == 1
    assert room.library.get(entry.id).table == tmp_path / "new" / "talk.csv"
    until(lambda: room.page.grab() and not room.page.model.is_missing(room.page.model.entries[0]))
    choose(room, "Open folder")
    assert room.person.shown == [tmp_path / "new"]
    assert "Find again…" not in [action.text() for action in room.page.menu().actions()]


def test_the_right_button_shows_the_menu(room: Room, qtbot: QtBot) -> None:
    room.add(made.entry("one"))
    view = room.page.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=room.place(0))
    with qtbot.waitSignal(view.menu_wanted):
        at = view.viewport().mapToGlobal(room.place(0))
        QApplication.sendEvent(view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, room.place(0), at))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()


def test_thumbnails_are_loaded_for_the_rows_that_are_seen(
    room: Room, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    original = room.library.thumbnail

    def thumbnail(entry: int) -> bytes | None:
        read.append(entry)
        return original(entry)

    monkeypatch.setattr(room.library, "thumbnail", thumbnail)
    entries = [made.entry(f"entry {number}", day=1 + number % 27) for number in range(300)]
    room.add(*entries, thumbnail=jpeg(200))
    model = room.page.model
    until(lambda: room.page.grab() and model.image(model.entries[0]) is not None)
    image = model.image(model.entries[0])
    assert image is not None
    assert abs(image.pixelColor(80, 45).red() - 200) < 4
    last = model.entries[-1].id
    assert last not in read
    room.page.view.scrollToBottom()
    until(lambda: room.page.grab() and last in read)
    assert len(set(read)) < 100


def test_what_another_window_adds_appears_by_itself(room: Room, until: Until) -> None:
    with Library(room.library.path) as other:
        other.add(made.entry("from elsewhere"))
    until(lambda: room.titles == ["from elsewhere"])


def test_dropped_videos_are_queued_and_dropped_results_taken_in(room: Room, tmp_path: Path, until: Until) -> None:
    folder = tmp_path / "videos"
    made.results(tmp_path / "results", "talk")
    folder.mkdir()
    for name in ("b.mov", "a.mp4", "notes.txt"):
        (folder / name).touch()
    drop(room.page, folder, tmp_path / "results", tmp_path / "c.mp4", tmp_path / "list.txt")
    until(lambda: room.titles == ["talk"])
    assert [job.title for job in room.queue.jobs] == ["a.mp4", "b.mov", "c.mp4"]
    assert len(room.failed) == 1
    assert room.failed[0].startswith("list.txt is neither a video nor results of Mien")


def test_results_are_imported_by_the_button_and_a_wrong_folder_is_said(
    room: Room, tmp_path: Path, until: Until
) -> None:
    made.results(tmp_path / "results", "talk")
    room.person.folder = tmp_path / "results"
    QTest.mouseClick(room.page.import_button, Qt.MouseButton.LeftButton)
    until(lambda: room.titles == ["talk"])
    room.person.folder = tmp_path / "nothing"
    QTest.mouseClick(room.page.import_button, Qt.MouseButton.LeftButton)
    until(lambda: room.failed)
    assert "no results" in room.failed[0]


def test_the_queue_shows_progress_and_its_end_an_entry(room: Room, tmp_path: Path, until: Until) -> None:
    room.analyst.says = (Progress(0.25, 41.7, 192.0),)
    room.queue.add([tmp_path / "talk.mp4", tmp_path / "walk.mp4"], Options())
    panel = room.page.queue_panel
    talk, walk = (job.id for job in room.queue.jobs)
    until(lambda: talk in panel.rows and panel.rows[talk].bar.value() == 250)
    assert panel.rows[talk].detail.text() == "42 frames a second · 3:12 left"
    assert panel.rows[walk].detail.text() == "waiting"
    assert panel.heading.text() == "Analysing, 2 to go"
    room.analyst.gate.set()
    until(lambda: sorted(room.titles) == ["talk", "walk"])
    until(lambda: not panel.isVisible())


def test_analyses_are_cancelled_and_moved_forward(room: Room, tmp_path: Path, until: Until) -> None:
    jobs = room.queue.add([tmp_path / f"{name}.mp4" for name in ("run", "a", "b", "c")], Options())
    run, a, b, c = (job.id for job in jobs)
    panel = room.page.queue_panel
    until(lambda: c in panel.rows and panel.rows[run].bar.isVisible())
    assert not panel.rows[a].first.isVisible()  # it is the next one already
    QTest.mouseClick(panel.rows[c].first, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.rows[b].cancel, Qt.MouseButton.LeftButton)
    until(lambda: b not in panel.rows and not panel.rows[c].first.isVisible())
    QTest.mouseClick(panel.rows[run].cancel, Qt.MouseButton.LeftButton)
    until(lambda: run not in panel.rows and panel.rows[c].bar.isVisible())
    QTest.mouseClick(panel.cancel_all, Qt.MouseButton.LeftButton)
    until(lambda: not panel.isVisible())
    assert room.analyst.names == ["run.mp4", "c.mp4"]


def test_a_failure_stays_until_it_is_tried_again_or_dismissed(room: Room, tmp_path: Path, until: Until) -> None:
    room.analyst.gate.set()
    room.queue.add([tmp_path / "bad.mp4"], Options())
    panel = room.page.queue_panel
    until(lambda: [row.failed for row in panel.rows.values()] == [True])
    ((first, row),) = panel.rows.items()
    assert row.detail.text() == "bad.mp4 is damaged"
    QTest.mouseClick(row.retry, Qt.MouseButton.LeftButton)
    until(lambda: first not in panel.rows and [each.failed for each in panel.rows.values()] == [True])
    assert len(room.analyst.asked) == 2
    (row,) = panel.rows.values()
    QTest.mouseClick(row.cancel, Qt.MouseButton.LeftButton)
    until(lambda: not panel.isVisible())


@pytest.mark.parametrize("button", ["resume", "forget"])
def test_what_an_earlier_run_left_is_offered(qtbot: QtBot, tmp_path: Path, until: Until, button: str) -> None:
    library = Library(tmp_path / "library.sqlite")
    before = AnalysisQueue(library, tmp_path / "out", analyst=FakeAnalyst())
    before.add([tmp_path / "a.mp4", tmp_path / "b.mp4"], Options())
    assert before.close(30)
    analyst = FakeAnalyst()
    analyst.gate.set()
    queue = AnalysisQueue(library, tmp_path / "out", analyst=analyst)
    page = LibraryPage(library, queue, Options)
    qtbot.addWidget(page)
    page.show()
    panel = page.queue_panel
    assert panel.left.text() == "2 analyses were not finished last time."
    assert analyst.asked == []
    QTest.mouseClick(getattr(panel, button), Qt.MouseButton.LeftButton)
    until(lambda: not panel.isVisible())
    assert len(page.model.entries) == (2 if button == "resume" else 0)
    assert page.shutdown(30)
    assert queue.close(30)
    library.close()


def test_a_library_that_cannot_be_read_is_said_once(room: Room) -> None:
    room.add(made.entry("one"))
    room.library.close()
    room.page.refresh()
    assert len(room.failed) == 1
    assert room.titles == ["one"]
    room.page.view.select_ids([room.page.model.entries[0].id])
    QTest.keyClick(room.page.view, Qt.Key.Key_Delete)
    assert all(line.startswith("Cannot use the library") for line in room.failed)


def test_everything_has_a_name_for_those_who_do_not_see_it(room: Room, tmp_path: Path, until: Until) -> None:
    (entry,) = room.add(made.entry("one", duration=3725))
    room.queue.add([tmp_path / "talk.mp4"], Options())
    until(lambda: room.page.queue_panel.rows)
    (row,) = room.page.queue_panel.rows.values()
    widgets: list[QWidget] = [room.page, room.page.view, room.page.search, room.page.order, row.cancel, row.bar]
    assert all(widget.accessibleName() for widget in widgets)
    index = room.page.model.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("one, 1 May 2026")
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).endswith("1:02:05, 1 face")
    assert entry.title in index.data(Qt.ItemDataRole.DisplayRole)
