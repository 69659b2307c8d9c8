"""The controls of recording under a person's hands, and the notice that follows."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui import recorded
from gui.clock import elapsed
from gui.recorded import RecordedNotice
from gui.recording import RecordControls
from realtime.recording import Phase, RecorderState
from tests.gui.conftest import Until

FOLDER = Path("videos") / "Mien"
VIDEO = FOLDER / "2026-11-22_10-30-00.mp4"
RECORDING = RecorderState(
    Phase.RECORDING,
    seconds=42.9,
    frames=1287,
    dropped=0,
    bytes_written=10**7,
    free_bytes=10**12,
    minutes_left=900.0,
    reason="",
    paths=(VIDEO, VIDEO.with_suffix(".parquet")),
)
FINISHED = replace(RECORDING, phase=Phase.FINISHED)

MakeControls = Callable[..., RecordControls]


@pytest.fixture
def make(qtbot: QtBot) -> MakeControls:
    """Makes visible controls, which have something to record."""

    def make_one(chosen: Path | None = None, **choices: str) -> RecordControls:
        controls = RecordControls(FOLDER, **choices, ask=lambda *_: chosen)
        qtbot.addWidget(controls)
        controls.show()
        controls.set_available(True)
        qtbot.waitUntil(controls.isActiveWindow)
        return controls

    return make_one

    return make


@pytest.fixture
def opened() -> list[Path]:
    return []


@pytest.fixture
def notice(qtbot: QtBot, opened: list[Path]) -> RecordedNotice:
    notice = RecordedNotice(opener=opened.append)
    qtbot.addWidget(notice)
    return notice


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (42.9, "0:42"), (60, "1:00"), (3599.99, "59:59"), (3725, "1:02:05")]
)
def test_lengths_are_read_at_a_glance(seconds: float, text: str) -> None:
    assert elapsed(seconds) == text


def test_the_button_asks_for_a_recording(qtbot: QtBot, make: MakeControls) -> None:
    controls = make()
    assert controls.text == "Record"
    with qtbot.waitSignal(controls.record_toggled):
        QTest.mouseClick(controls.record_button, Qt.MouseButton.LeftButton)


def test_a_picture_is_asked_for(qtbot: QtBot, make: MakeControls) -> None:
    controls = make()
    with qtbot.waitSignal(controls.snapshot_requested):
        QTest.mouseClick(controls.snapshot_button, Qt.MouseButton.LeftButton)


def test_without_a_source_there_is_nothing_to_record(qtbot: QtBot, make: MakeControls) -> None:
    controls = make()
    controls.set_available(False)
    assert not controls.record_button.isEnabled()
    with qtbot.assertNotEmitted(controls.record_toggled), qtbot.assertNotEmitted(controls.snapshot_requested):
        controls.record_button.click()
        controls.snapshot_button.click()


def test_it_shows_how_long_it_records_and_nothing_jumps(make: MakeControls) -> None:
    controls = make()
    width = controls.record_button.width()
    for seconds, text in ((0.0, "0:00"), (42.9, "0:42"), (3725.0, "1:02:05")):
        controls.show_state(replace(RECORDING, seconds=seconds))
        assert (controls.text, controls.detail) == (text, "")
        assert controls.record_button.sizeHint().width() <= width
    assert "Stop" in controls.record_button.toolTip()
    assert controls.record_button.accessibleName() == "Recording 1:02:05"
    controls.show_state(None)
    assert controls.text == "Record"


@pytest.mark.parametrize(
    ("dropped", "minutes", "words"),
    [
        (0, None, ""),
        (0, 31.0, ""),
        (1, 31.0, "1 picture left out"),
        (17, 12.9, "17 pictures left out · disk full in 12 min"),
        (0, 0.5, "disk full within a minute"),
    ],
)
def test_what_is_lost_or_short_is_said(dropped: int, minutes: float | None, words: str, make: MakeControls) -> None:
    controls = make()
    controls.show_state(replace(RECORDING, dropped=dropped, minutes_left=minutes))
    assert controls.detail == words


def test_while_it_saves_it_cannot_be_pressed(make: MakeControls) -> None:
    controls = make()
    controls.show_state(replace(RECORDING, phase=Phase.FINISHING))
    assert controls.text == "Saving…"
    assert not controls.record_button.isEnabled()
    controls.show_state(FINISHED)
    assert controls.text == "Record"
    assert controls.record_button.isEnabled()


def test_a_recording_can_be_stopped_though_the_source_is_gone(make: MakeControls) -> None:
    controls = make()
    controls.show_state(RECORDING)
    controls.set_available(False)
    assert controls.record_button.isEnabled()


def test_the_menu_chooses_what_is_recorded(qtbot: QtBot, make: MakeControls) -> None:
    controls = make(kind="raw")
    assert controls.kind == "raw"
    menu = controls.menu_button.menu()
    with qtbot.waitSignal(controls.kind_chosen) as chosen:
        menu.popup(controls.rect().topLeft())
        QTest.keyClick(menu, Qt.Key.Key_Up)  # the last
        for _ in range(2):
            QTest.keyClick(menu, Qt.Key.Key_Up)
        QTest.keyClick(menu, Qt.Key.Key_Return)
    assert chosen.args == ["table"]
    assert controls.kind == "table"
    controls.show_state(RECORDING)
    assert not controls.menu_button.isEnabled()


def test_the_menu_chooses_the_folder(qtbot: QtBot, make: MakeControls) -> None:
    controls = make(chosen=Path("elsewhere"))
    with qtbot.waitSignal(controls.folder_chosen) as chosen:
        controls.choose_action.trigger()
    assert chosen.args == [Path("elsewhere")]
    assert controls.folder == Path("elsewhere")
    assert controls.open_action.toolTip() == "elsewhere"
    with qtbot.waitSignal(controls.folder_opened):
        controls.open_action.trigger()


def test_choosing_no_folder_changes_nothing(qtbot: QtBot, make: MakeControls) -> None:
    controls = make(chosen=None)
    with qtbot.assertNotEmitted(controls.folder_chosen):
        controls.choose_action.trigger()
    assert controls.folder == FOLDER


def test_another_language_leaves_the_recording_alone(make: MakeControls) -> None:
    controls = make()
    controls.show_state(RECORDING)
    controls.changeEvent(QEvent(QEvent.Type.LanguageChange))
    assert controls.text == "0:42"


def test_a_finished_recording_opens_its_folder(notice: RecordedNotice, opened: list[Path]) -> None:
    assert notice.text == ""
    notice.say_recorded(FINISHED)
    assert notice.text == "Recorded 0:42 to 2026-11-22_10-30-00.mp4"
    QTest.mouseClick(notice.open_button, Qt.MouseButton.LeftButton)
    assert opened == [FOLDER]
    QTest.mouseClick(notice.close_button, Qt.MouseButton.LeftButton)
    assert notice.text == ""


def test_why_it_ended_by_itself_is_said(notice: RecordedNotice) -> None:
    notice.say_recorded(replace(FINISHED, reason="The disk is nearly full."))
    assert notice.text == "Recorded 0:42 to 2026-11-22_10-30-00.mp4. The disk is nearly full."
    notice.say_recorded(replace(FINISHED, reason="The folder cannot be reached any more.", paths=()))
    assert notice.text == "The folder cannot be reached any more."
    assert notice.open_button.isHidden()


def test_of_an_empty_recording_nothing_is_said(notice: RecordedNotice) -> None:
    notice.say_recorded(replace(FINISHED, phase=Phase.DISCARDED, paths=()))
    assert notice.text == ""


def test_pictures_rescues_and_failures_are_said(notice: RecordedNotice, opened: list[Path]) -> None:
    notice.say_kept(VIDEO.with_suffix(".png"))
    assert notice.text == "Kept the picture as 2026-11-22_10-30-00.png"
    notice.say_recovered(VIDEO)
    assert notice.text.endswith("is whole again: 2026-11-22_10-30-00.mp4")
    QTest.mouseClick(notice.open_button, Qt.MouseButton.LeftButton)
    assert opened == [FOLDER]
    notice.say_failed("Cannot write there.")
    assert notice.text == "Cannot write there."
    assert notice.open_button.isHidden()


def test_it_goes_away_by_itself_but_not_from_under_a_hand(
    until: Until, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, opened: list[Path]
) -> None:
    monkeypatch.setattr(recorded, "_SHOWN_MS", 10)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    button = QPushButton(window)
    notice = RecordedNotice(window, opener=opened.append)
    notice.move(400, 400)  # away from the pointer
    window.show()
    notice.say_recorded(FINISHED)
    notice.open_button.setFocus()
    qtbot.wait(100)
    assert notice.text
    button.setFocus()
    until(lambda: notice.text == "")
