"""The keys of the whole window, which whatever has the focus gets first."""

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gui.app import open_at_its_own_speed
from gui.language import CATALOGUES, read_catalogue
from gui.rail import Page
from gui.settings import Loaded, Settings
from gui.shortcuts import ShortcutsDialog
from gui.window import Window
from realtime.neutral import NeutralState
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


def test_f1_lists_every_key(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face()]))
    until(window.isActiveWindow)
    press(Qt.Key.Key_F1)
    (page,) = window.findChildren(ShortcutsDialog)
    keys = {keys for _, keys in page.lines}
    assert {"Space", "← →", ", .", "P", "Esc", "N, Shift+N", "[ ]", "Ctrl+Z", "F2", "Del", "Ctrl+F"} <= keys
    assert {"Ctrl+R", "Ctrl+S", "Ctrl+N", "Ctrl+E", "F11", "F12"} <= keys
    for label in page.findChildren(QLabel):
        assert label.width() >= label.sizeHint().width()
    page.close()


def test_the_key_that_the_neutral_is_said_to_have_takes_it(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face()], can_take_neutral=True))
    window.start()
    row = window.live.panel.neutral
    until(lambda: row.isVisible() and row.isEnabled() and window.isActiveWindow())
    assert row.main_button.toolTip().endswith("(Ctrl+N)")
    press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    until(lambda: row.state is NeutralState.TAKEN)
    assert row.main_button.toolTip().endswith("(Ctrl+N)")


@pytest.mark.parametrize("language", ["de", "zh"])
def test_no_two_buttons_of_the_expressions_share_a_letter(language: str) -> None:
    texts = read_catalogue(CATALOGUES / f"{language}.ts")
    shown = [text for source, text in texts.items() if re.search(r"&\w", source)]
    assert len(shown) > 5
    letters = [text[text.index("&") + 1].lower() for text in shown]
    assert len(set(letters)) == len(letters)
