"""Renders the window as the README shows it: screenshot.py [FILE], docs/window.png unless named.

The portrait is Rear Admiral Grace Hopper's, in the public domain, from matplotlib; all that is seen around it is real.
"""

import importlib.util
import itertools
import math
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.controller import Controller
from gui.window import Window
from realtime.opening import open_pipeline
from realtime.options import Options
from realtime.pipeline import Pipeline
from realtime.playback import Playback
from realtime.records import Frame
from realtime.sources import SourceInfo
from realtime.sources.base import Closable

_SECONDS = 6
_WIDTH, _HEIGHT = 1280, 720
_FILE = Path(__file__).resolve().parents[1] / "docs" / "window.png"


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
    return open_pipeline(options, notice=notice, source=Playback(_Sitting()))


def main(file: Path) -> int:
    """Let the window run for some seconds, and keep what it shows in ``file``."""
    app = QApplication(sys.argv[:1])
    theme.apply(app)
    controller = Controller(_open, lambda: ())
    window = Window(controller, Options(source="Grace Hopper"))

    def keep() -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        app.exit(0 if window.live.view.scene is not None and window.grab().save(str(file)) else 1)

    controller.failed.connect(lambda line: (print(line, file=sys.stderr), app.exit(1)))
    controller.started.connect(lambda _: QTimer.singleShot(_SECONDS * 1000, keep))
    window.resize(1100, 600)  # the file stays small, and legible in the width of a README
    window.show()
    window.start()
    code = app.exec()
    controller.shutdown(10)
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else _FILE))
