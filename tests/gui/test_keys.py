"""The keys of the whole window, which whatever has the focus gets first."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.app import open_at_its_own_speed
from gui.rail import Page
from gui.settings import Loaded, Settings
from gui.window import Window
from realtime.options import Options
from tests.gui.conftest import MakeWindow, Until
from tests.gui.fakes import FakePipeline, face
from tests.gui.hands import press
from tests.realtime.sources.helpers import write_video


@pytest.fixture
def playing(until: Until, make_window: MakeWindow, tmp_path: Path) -> Window:
    """A window that plays a file."""
    clip = write_video(tmp_path / "clip.mp4", tuple(np.arange(0, 12, 0.1).tolist()))
    window = make_window(open_at_its_own_speed, options=Options(source=clip))
    window.start()
    until(lambda: window.live.view.scene is not None)
    until(lambda: window.live.transport.isVisible() and window.isActiveWindow())
    return window


@pytest.mark.usefixtures("assets")
def test_space_pauses_a_file_also_after_a_look_at_the_library(until: Until, playing: Window) -> None:
    playing.show_page(Page.LIBRARY)
    playing.show_page(Page.LIVE)
    press(Qt.Key.Key_Space)
    until(lambda: playing.live.transport.paused)
    assert playing.live.running


@pytest.mark.usefixtures("assets")
def test_when_the_file_is_gone_space_starts_again(until: Until, playing: Window) -> None:
    QTest.mouseClick(playing.live.toggle_button, Qt.MouseButton.LeftButton)
    assert not playing.live.running
    press(Qt.Key.Key_Space)
    until(lambda: playing.live.running and playing.live.transport.isVisible())
    playing.live.transport.play_button.setFocus()
    playing.live.stop()
    press(Qt.Key.Key_Space)
    assert playing.live.running


@pytest.mark.parametrize("full", [False, True])
def test_a_recording_and_a_picture_are_made_by_keys_also_in_full_screen(
    until: Until, make_window: MakeWindow, tmp_path: Path, full: bool
) -> None:
    kept = Loaded(Settings(recording_folder=str(tmp_path), recording_kind="table"))
    window = make_window(FakePipeline([face()]), settings=kept)
    window.start()
    until(lambda: window.record.record_button.isEnabled() and window.isActiveWindow())
    if full:
        press(Qt.Key.Key_F11)
        until(lambda: window.isFullScreen() and window.live.bar.isHidden() and window.isActiveWindow())
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    until(lambda: list(tmp_path.glob("*.png")))
    press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    until(lambda: window.record.text not in {"Record", "0:00"})
    press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    until(lambda: window.recorded.text.startswith("Recorded"))
