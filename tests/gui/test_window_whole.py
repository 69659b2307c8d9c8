"""The window as a whole: what passes between its parts, and what it leaves behind."""

import gc
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pyarrow.parquet as pq
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engines.errors import OutputError, SourceError
from gui import theme
from gui.app import open_at_its_own_speed
from gui.first_steps import Action
from gui.rail import Page
from gui.settings import Loaded, Settings
from gui.window import Window
from realtime.library import AnalysisQueue, Library
from realtime.neutral import NeutralState
from realtime.options import DEMO, Options
from realtime.recording import Recorder
from realtime.sources import CameraDescription
from realtime.sources.base import SourceInfo
from tests.gui.conftest import MakeWindow, Until, our_threads
from tests.gui.fakes import CLASSES, FakeOpener, FakePipeline, face
from tests.gui.hands import press
from tests.realtime.library import made
from tests.realtime.library.analysts import FakeAnalyst
from tests.realtime.sources.helpers import write_video


@pytest.fixture(autouse=True)
def _dark_again() -> Iterator[None]:
    yield
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)


def start(until: Until, window: Window) -> None:
    window.start()
    until(lambda: window.live.view.scene is not None)


def drop(window: Window, *files: Path) -> None:
    """Let ``files`` go over the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(9, 9), copy, data, left, none))


def recorded(until: Until, make_window: MakeWindow, folder: Path) -> Window:
    """A window that has made a recording."""
    kept = Loaded(Settings(recording_folder=str(folder)))
    window = make_window(FakePipeline([face()], pause=0.02), settings=kept, library=folder / "library.sqlite")
    start(until, window)
    until(window.record.record_button.isEnabled)
    QTest.mouseClick(window.record.record_button, Qt.MouseButton.LeftButton)
    until(lambda: window.record.text not in {"Record", "0:00"})
    return window


def test_a_recording_is_made_listed_and_looked_at_again(until: Until, make_window: MakeWindow, tmp_path: Path) -> None:
    window = recorded(until, make_window, tmp_path)
    QTest.mouseClick(window.record.record_button, Qt.MouseButton.LeftButton)
    until(lambda: window.recorded.text.startswith("Recorded"))
    assert window.record.text == "Record"
    (table,) = tmp_path.glob("*.parquet")
    assert pq.read_table(table).num_rows > 20
    window.show_page(Page.LIBRARY)
    until(lambda: window.archive.library is not None)
    library = window.archive.library
    assert library is not None
    until(lambda: library.model.rowCount() == 1)
    library.view.setFocus()
    library.view.setCurrentIndex(library.model.index(0))
    QTest.keyClick(library.view, Qt.Key.Key_Return)
    until(lambda: window.archive.replaying)
    window.close()


def test_closing_while_it_records_leaves_a_whole_recording_and_no_thread(
    until: Until, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = recorded(until, make_window, tmp_path)
    window.close()
    until(lambda: list(tmp_path.glob("*.json")))
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".partial")]
    (table,) = tmp_path.glob("*.parquet")
    assert pq.read_table(table).num_rows > 10
    until(lambda: our_threads() == ["mien-play"])
    with Library(tmp_path / "library.sqlite") as library:
        assert [entry.table for entry in library.entries()] == [table]


def test_a_recording_that_a_crash_cut_off_is_whole_and_listed_at_the_next_start(
    until: Until, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    info = SourceInfo("camera 0 (Fake)", live=True, width=640, height=360)
    crashed = Recorder(tmp_path, info, ("calm",), name="talk", video=None)
    journal = tmp_path / ".talk.recording"
    left = journal.read_text(encoding="utf-8")
    crashed.abort()
    assert crashed.wait(60)
    journal.write_text(left + "[0, 0.0, [[1, [1, 2, 3, 4], 0.9, 0.1, [1.0]]]]\n", encoding="utf-8")
    monkeypatch.setattr("realtime.recording.journal.Past.under_way", False)
    kept = Loaded(Settings(recording_folder=str(tmp_path)))
    window = make_window(FakePipeline([face()]), settings=kept, library=tmp_path / "library.sqlite")
    window.start()
    until(lambda: "whole again" in window.recorded.text)
    window.show_page(Page.LIBRARY)
    until(lambda: window.archive.library is not None)
    library = window.archive.library
    assert library is not None
    until(lambda: [entry.table for entry in library.model.entries] == [tmp_path / "talk.parquet"])
    window.close()


def test_an_expression_that_is_switched_off_is_not_read_any_more(until: Until, make_window: MakeWindow) -> None:
    kept: list[Settings] = []
    pipeline = FakePipeline([face()])
    window = make_window(pipeline, save=kept.append)
    start(until, window)
    window.live.side.turn()
    until(lambda: window.prompts.draft is not None)
    draft = window.prompts.draft
    assert draft is not None
    window.prompts.preset(draft.changed(CLASSES.index("contempt"), on=False))
    until(lambda: pipeline.heads)
    assert pipeline.heads[-1].classes == CLASSES[:-1]
    until(lambda: kept and "contempt" in kept[-1].prompts)
    again = make_window(other := FakePipeline([face()]), settings=Loaded(Settings(prompts=kept[-1].prompts)))
    start(until, again)
    until(lambda: other.heads and other.heads[-1].classes == CLASSES[:-1])


def test_a_picture_is_kept(until: Until, make_window: MakeWindow, tmp_path: Path) -> None:
    kept = Loaded(Settings(recording_folder=str(tmp_path)))
    window = make_window(FakePipeline([face()]), settings=kept)
    start(until, window)
    until(window.record.snapshot_button.isEnabled)
    QTest.mouseClick(window.record.snapshot_button, Qt.MouseButton.LeftButton)
    until(lambda: window.recorded.text.startswith("Kept"))
    (picture,) = tmp_path.glob("*.png")
    assert picture.stat().st_size > 1000


def test_expressions_wait_while_something_is_recorded(until: Until, make_window: MakeWindow, tmp_path: Path) -> None:
    window = recorded(until, make_window, tmp_path)
    pipeline = window._controller.pipeline
    assert isinstance(pipeline, FakePipeline)
    window.live.side.turn()
    until(lambda: window.prompts.draft is not None)
    draft = window.prompts.draft
    assert draft is not None
    window.prompts.preset(draft.changed(0, on=False))
    QTest.mouseClick(window.record.record_button, Qt.MouseButton.LeftButton)
    until(lambda: window.recorded.text.startswith("Recorded"))
    (table,) = tmp_path.glob("*.parquet")
    assert {f"p_{name}" for name in CLASSES} <= set(pq.read_table(table).column_names)
    until(lambda: pipeline.heads and pipeline.heads[-1].classes == CLASSES[1:])


def test_an_own_neutral_is_taken_kept_undone_and_used_again(
    until: Until, make_window: MakeWindow, tmp_path: Path
) -> None:
    file = tmp_path / "own" / "neutral.npz"
    window = make_window(FakePipeline([face()], can_take_neutral=True), neutral=file)
    start(until, window)
    row = window.live.panel.neutral
    until(row.isVisible)
    QTest.mouseClick(row.main_button, Qt.MouseButton.LeftButton)
    until(lambda: row.state is NeutralState.TAKEN)
    assert not file.exists(), "it was not asked for"
    QTest.mouseClick(row.side_button, Qt.MouseButton.LeftButton)
    assert file.exists()
    QTest.mouseClick(row.main_button, Qt.MouseButton.LeftButton)
    until(lambda: row.state is NeutralState.NONE)
    QTest.mouseClick(row.side_button, Qt.MouseButton.LeftButton)
    until(lambda: row.state is NeutralState.TAKEN)
    QTest.mouseClick(row.side_button, Qt.MouseButton.LeftButton)
    assert not file.exists()


@pytest.mark.usefixtures("assets")
def test_a_file_is_paused_sent_elsewhere_and_slowed_down(until: Until, make_window: MakeWindow, tmp_path: Path) -> None:
    clip = write_video(tmp_path / "clip.mp4", tuple(np.arange(0, 12, 0.1).tolist()))
    window = make_window(open_at_its_own_speed, options=Options(source=clip))
    start(until, window)
    transport = window.live.transport
    until(lambda: transport.isVisible() and window.isActiveWindow())
    press(Qt.Key.Key_Space)
    until(lambda: transport.paused)
    assert window.live.running
    press(Qt.Key.Key_Right)
    until(lambda: transport.elapsed in {"0:05", "0:06", "0:07", "0:08"})
    assert window.live.running
    transport.speed_chosen.emit(2.0)
    until(lambda: transport.speed == 2.0)
    press(Qt.Key.Key_Space)
    until(lambda: transport.elapsed in {"0:11", "0:12"} and transport.paused)


def test_a_camera_that_is_plugged_in_appears(until: Until, make_window: MakeWindow) -> None:
    cameras = [CameraDescription(0, "Integrated Camera")]
    window = make_window(FakePipeline([face()]), cameras=cameras)
    until(lambda: [choice.text for choice in window.live.chooser.choices] == ["Integrated Camera"])
    cameras.append(CameraDescription(1, "Plugged In"))
    until(lambda: [choice.text for choice in window.live.chooser.choices] == ["Integrated Camera", "Plugged In"])


def test_a_file_is_dropped_and_an_address_is_typed(until: Until, make_window: MakeWindow, tmp_path: Path) -> None:
    opener = FakeOpener(FakePipeline([face()]), FakePipeline([face()]))
    window = make_window(opener, ask_address=lambda _: "rtsp://camera.example/1")
    drop(window, tmp_path / "clip.mp4")
    until(lambda: len(opener.asked) == 1)
    window.live.open_button.open_stream()
    until(lambda: len(opener.asked) == 2)
    assert [options.source for options in opener.asked] == [tmp_path / "clip.mp4", "rtsp://camera.example/1"]


def test_of_several_files_that_are_dropped_each_is_taken_for_what_it_is(
    until: Until, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    analyst = FakeAnalyst()
    queue = partial(AnalysisQueue, folder=tmp_path / "out", analyst=analyst)
    monkeypatch.setattr("realtime.library.AnalysisQueue", queue)
    results = made.results(tmp_path, "read", source=str(tmp_path / "read.mp4"), frames=12)
    window = make_window(FakePipeline([face()]))
    drop(window, tmp_path / "one.mp4", results, tmp_path / "notes.txt")
    until(analyst.begun.is_set)
    assert analyst.names == ["one.mp4"]
    library = window.archive.library
    assert library is not None
    until(lambda: library.model.rowCount() == 1)
    assert "notes.txt is neither" in window.statusBar().currentMessage()
    window.close()


def test_without_a_camera_the_demo_is_one_click_away(until: Until, make_window: MakeWindow) -> None:
    opener = FakeOpener(SourceError("camera 0 cannot be opened"), FakePipeline([face()]))
    window = make_window(opener, cameras=())
    window.start()
    until(lambda: window.live.view.message.title == "No camera found")
    QTest.mouseClick(window.live.view.message.button(Action.DEMO), Qt.MouseButton.LeftButton)
    until(lambda: window.live.view.scene is not None)
    assert opener.asked[-1].source == DEMO
    until(lambda: "drawn" in window.live.view.notice)


def test_settings_apply_at_once_and_are_kept(until: Until, make_window: MakeWindow) -> None:
    kept: list[Settings] = []
    opener = FakeOpener(FakePipeline([face(box=(0, 80, 160, 160))]))
    window = make_window(opener, save=kept.append)
    start(until, window)
    assert window.live.faces[0].box.right() == pytest.approx(1), "as a mirror shows it"
    window.change(Settings(theme="light", mirror=False, smoothing=1.0))
    assert theme.look() is theme.LIGHT
    until(lambda: len(opener.asked) == 2 and window.live.faces and window.live.faces[0].box.left() < 0.01)
    assert opener.asked[-1].smoothing == 1.0
    assert kept[-1].theme == "light"
    window.close()
    assert kept[-1].geometry


def test_settings_that_cannot_be_kept_are_a_line_and_no_more(until: Until, make_window: MakeWindow) -> None:
    def full(_settings: Settings) -> None:
        raise OutputError("Cannot write settings.json: No space left on device; check its folder and the free space.")

    window = make_window(FakePipeline([face()]), save=full)
    start(until, window)
    window.change(Settings(mirror=False))
    until(lambda: "No space left" in window.live.view.notice)
    assert window.close()


def test_the_words_of_a_file_are_for_this_time_alone(until: Until, make_window: MakeWindow, tmp_path: Path) -> None:
    kept: list[Settings] = []
    file = tmp_path / "words.toml"
    _write(file)
    pipeline = FakePipeline([face()])
    window = make_window(pipeline, save=kept.append, options=Options(prompts=file))
    start(until, window)
    until(lambda: window.prompts.draft is not None and window.prompts.draft.names == ("neutral", "happiness"))
    window.close()
    assert {settings.prompts for settings in kept} == {""}


def _write(file: Path) -> Path:
    file.write_text('[classes]\nneutral = "a person with a neutral face"\nhappiness = "a happy face"\n')
    return file


def test_keys_of_the_live_picture_are_free_in_the_library(make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window(FakePipeline([face()]), library=tmp_path / "library.sqlite")
    keys = {action.shortcut().toString(): action for action in window.actions()}
    window.show_page(Page.LIBRARY)
    assert not keys["Ctrl+N"].isEnabled()
    assert keys["Ctrl+Q"].isEnabled()
    window.show_page(Page.LIVE)
    assert keys["Ctrl+N"].isEnabled()


def test_the_hidden_statistics_and_the_keys_come_and_go(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face()]))
    start(until, window)
    until(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert window.live.statistics.isVisible()
    until(lambda: window.live.statistics.lines["engine"] == ("openvino CPU bf16",))
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert window.live.statistics.isHidden()


def test_memory_stays_flat(until: Until, make_window: MakeWindow) -> None:
    pipeline = FakePipeline([face(n, (40 * n, 100, 60, 60)) for n in range(1, 5)], pause=0.001)
    window = make_window(pipeline)
    start(until, window)
    until(lambda: pipeline.yielded > 300)
    gc.collect()
    before = psutil.Process().memory_info().rss
    until(lambda: pipeline.yielded > 1300)
    gc.collect()
    # A thousand pictures of 640x360 would be 700 MB.
    assert psutil.Process().memory_info().rss - before < 60e6
