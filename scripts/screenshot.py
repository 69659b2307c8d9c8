"""Renders the window in its main states, three of which the README shows: screenshot.py [FOLDER], docs unless named.

The portrait is Rear Admiral Grace Hopper's, in the public domain, from matplotlib; all that is seen around it is real.
"""

import argparse
import importlib.util
import itertools
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.app import open_at_its_own_speed
from gui.controller import Controller
from gui.rail import Page
from gui.settings import Loaded, Settings
from gui.window import Desk, Window
from realtime.opening import open_pipeline
from realtime.options import Options
from realtime.pipeline import Pipeline
from realtime.playback import Playback
from realtime.records import Frame
from realtime.sources import SourceInfo
from realtime.sources.base import Closable
from realtime.wording import DraftClass

_SECONDS = 6
"""Long enough for a timeline to be seen."""
Condition = Callable[[], bool]
_WIDTH, _HEIGHT = 1280, 720
_FOLDER = Path(__file__).resolve().parents[1] / "docs"
_PORTRAIT = "Grace Hopper"
_NO_CAMERA = 0
_BORED = DraftClass("a bored face", ("a bored face", "tired eyes that look at nothing"))


def _portrait() -> NDArray[np.uint8]:
    """uint8 ``[h, w, 3]`` RGB."""
    package = importlib.util.find_spec("matplotlib")
    if package is None or package.origin is None:
        sys.exit("The portrait comes with matplotlib, which is not installed.")
    file = Path(package.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"
    return np.asarray(cv2.imread(str(file), cv2.IMREAD_COLOR_RGB), np.uint8)


class _Sitting(Closable):
    """The portrait before a blurred copy of itself, swaying a little, at 30 frames a second without end."""

    info = SourceInfo("portrait", live=False, width=_WIDTH, height=_HEIGHT, fps=30.0)

    def __iter__(self) -> Iterator[Frame]:
        portrait = _portrait()
        tall = cv2.resize(portrait, None, fx=_HEIGHT / len(portrait), fy=_HEIGHT / len(portrait))
        behind = cv2.GaussianBlur(cv2.resize(portrait, (_WIDTH, _HEIGHT)), (0, 0), 40) // 2
        for index in itertools.count():
            image = behind.copy()
            left = (_WIDTH - tall.shape[1]) // 2 + round(12 * math.sin(index / 20))
            image[:, left : left + tall.shape[1]] = tall
            yield Frame(np.asarray(image, np.uint8), index, index / 30)


def _open(options: Options, *, notice: Callable[[str], None]) -> Pipeline:
    if str(options.source) == _PORTRAIT:
        return open_pipeline(options, notice=notice, source=Playback(_Sitting()))
    return open_at_its_own_speed(options, notice=notice)


def _states(window: Window) -> Iterator[Condition | str]:
    """Leads the window from state to state: what to wait for, or as what to keep what is seen."""
    live = window.live
    yield lambda: len(live.faces) == 1
    yield after(_SECONDS)
    yield "window"
    live.timeline.toggle_pause()
    yield after(1)
    yield "timeline-paused"
    live.timeline.toggle_pause()
    window.record.record_button.click()
    yield lambda: window.record.text == "0:03"
    yield "recording"
    window.record.record_button.click()
    yield lambda: bool(window.recorded.text)
    window.recorded.hide()
    window.change(replace(window.settings, theme="light"))
    yield after(1)
    yield "light"
    window.change(replace(window.settings, theme="dark"))
    live.side.turn()
    yield lambda: window.prompts.draft is not None
    if window.prompts.draft is not None:
        window.prompts.preset(window.prompts.draft.added(_BORED))
    yield lambda: live.view.scene is not None and len(live.view.scene.classes) == 9
    yield after(_SECONDS)
    yield "expressions"
    live.side.turn()
    live.choose("synthetic:12")
    yield lambda: len(live.faces) == 12
    yield after(2)
    yield "twelve-faces"
    window.show_page(Page.LIBRARY)
    yield lambda: window.archive.library is not None and window.archive.library.model.rowCount() > 0
    yield after(2)
    yield "library"
    window.archive.replay_entry(1)
    yield lambda: window.archive.replaying
    yield after(3)
    yield "replay"
    window.show_page(Page.LIVE)
    live.choose(_NO_CAMERA)
    yield lambda: not live.running
    yield "no-camera"


def after(seconds: float) -> Condition:
    """So many seconds from now."""
    due = time.monotonic() + seconds
    return lambda: time.monotonic() >= due


def main(folder: Path) -> int:
    """Let the window pass through its states, and keep pictures of them in ``folder``."""
    app = QApplication(sys.argv[:1])
    theme.apply(app)
    controller = Controller(_open, lambda: ())
    with TemporaryDirectory() as own:
        settings = Settings(recording_folder=str(Path(own) / "Videos"))
        neutral, library = Path(own) / "neutral.npz", Path(own) / "library.sqlite"
        desk = Desk(Loaded(settings), neutral=neutral, library=library, show_folder=lambda _: None)
        window = Window(controller, Options(source=_PORTRAIT), desk)
        states = _states(window)

        waits: list[Condition] = []

        def go_on() -> None:
            if waits and not waits[0]():
                return
            waits.clear()
            match next(states, None):
                case None:
                    app.exit(0)
                case str(name):
                    if not window.grab().save(str(folder / f"{name}.png")):
                        app.exit(1)
                case condition:
                    waits.append(condition)

        timer = QTimer(interval=100)
        timer.timeout.connect(go_on)
        folder.mkdir(parents=True, exist_ok=True)
        window.resize(1100, 660)  # the files stay small, and legible in the width of a README
        window.show()
        window.start()
        timer.start()
        code = app.exec()
        window.close()
        controller.shutdown(10)
    return code


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=_FOLDER, help="where the pictures go")
    sys.exit(main(parser.parse_args().folder))
