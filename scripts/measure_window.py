"""Measures the window on a video played as a camera, and prints the figures as JSON.

    xvfb-run -a -s "-screen 0 1920x1080x24" python scripts/measure_window.py clip.mp4

The window is the real one, in a process of its own, and so are the pipeline and the way of a camera's pictures; only
the camera is a file, given as 1280 x 720 in real time, over and over. Without a display Qt draws in memory.

``visible_s`` and ``first_reading_s`` are from the start of the process; ``grown_mb`` is what the memory has grown since
ten seconds after the first reading; the rest is over the last ten seconds. A short run that is not counted comes first,
so that files are in the system's cache. With ``--seconds 3600`` it is an hour's soak.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import main as _program  # noqa: F401 - what the program itself loads before it opens the window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gui.controller import Controller
    from gui.scene import Scene
    from gui.window import Window
    from realtime.options import Options
    from realtime.pipeline import Pipeline
    from realtime.stats import Snapshot

_SIZE = (1280, 720)
_FPS = 30.0
_SECONDS = 20.0
_WARM_UP_S = 2.0
_SETTLED_MS = 10_000
"""Until models are warm and the last minute fills up."""
_PATIENCE_S = 60.0
"""For the first reading, on a machine that has other things to do."""


class FileDevice:
    """A camera that sees a video over and over: ``_FPS`` pictures a second of ``_SIZE``, as an opened device."""

    fps = _FPS

    def __init__(self, file: Path) -> None:
        self._pictures = _endless(file)
        self._due = time.monotonic()

    def read(self) -> "NDArray[np.uint8] | None":
        """The next picture, when it is due; one that comes late is not made up for."""
        picture = next(self._pictures)
        self._due = max(self._due + 1 / _FPS, time.monotonic())
        time.sleep(max(0.0, self._due - time.monotonic()))
        return picture

    def release(self) -> None:
        """Close the file."""
        self._pictures.close()  # type: ignore[attr-defined]


def _endless(file: Path) -> "Iterator[NDArray[np.uint8]]":
    import cv2  # noqa: PLC0415 - loaded with the pipeline, as in the program

    from realtime.sources import VideoSource  # noqa: PLC0415

    while True:
        with VideoSource(file) as source:
            for frame in source:
                yield cv2.resize(frame.image, _SIZE, interpolation=cv2.INTER_LINEAR).astype("uint8", copy=False)


def opener(file: Path) -> "Callable[..., Pipeline]":
    """Opens pipelines on a camera that sees ``file``."""

    def open_camera(options: "Options", *, notice: Callable[[str], None]) -> "Pipeline":
        from realtime.opening import open_pipeline  # noqa: PLC0415
        from realtime.sources import CameraSource  # noqa: PLC0415

        source = CameraSource("camera 0", lambda: FileDevice(file), notice=notice)
        return open_pipeline(options, notice=notice, source=source)

    return open_camera


class Watch:
    """Looks at a window from its start until ``seconds`` after the first reading, and then closes it."""

    def __init__(self, window: "Window", controller: "Controller", began: float, seconds: float) -> None:
        from PySide6.QtCore import QTimer  # noqa: PLC0415

        self._window = window
        self._began = began
        self._seconds = seconds
        self._settled = math.nan
        self.figures: dict[str, object] = {}
        self._sampler = QTimer(interval=1000)
        self._sampler.timeout.connect(window.live.view.meter.sample)
        self._sampler.start()
        self._poll = QTimer(interval=0)  # until the window is exposed
        self._poll.timeout.connect(self._look)
        self._poll.start()
        controller.shown.connect(self._reading)
        controller.started.connect(lambda started: self.figures.update(engine=started.engine))
        controller.figures.connect(self._count)
        controller.failed.connect(self._give_up)
        self._patience = QTimer(singleShot=True, interval=int(1000 * (_PATIENCE_S + seconds)))
        self._patience.timeout.connect(self._close)
        self._patience.start()

    def _look(self) -> None:
        handle = self._window.windowHandle()
        if handle is not None and handle.isExposed():
            self.figures["visible_s"] = self._since()
            self._poll.stop()

    def _reading(self, scene: "Scene") -> None:
        from PySide6.QtCore import QTimer  # noqa: PLC0415

        if "first_reading_s" not in self.figures and scene.faces:
            self.figures["first_reading_s"] = self._since()
            QTimer.singleShot(_SETTLED_MS, self._settle)
            QTimer.singleShot(int(1000 * self._seconds), self._end)

    def _settle(self) -> None:
        self._settled = self._window.live.view.meter.sample().memory_mb

    def _count(self, snapshot: "Snapshot") -> None:
        self.figures["fps"] = round(snapshot.fps, 2)
        self.figures["dropped"] = snapshot.dropped
        self.figures["reading_ms_p95"] = round(snapshot.latency_ms.p95, 2)

    def _end(self) -> None:
        if not math.isnan(self._settled):
            self.figures["grown_mb"] = round(self._window.live.view.meter.sample().memory_mb - self._settled, 1)
        self.figures["window"] = self._window.live.view.meter.report()
        self._close()

    def _give_up(self, line: str) -> None:
        self.figures["failure"] = line
        self._close()

    def _close(self) -> None:
        for timer in (self._sampler, self._poll, self._patience):
            timer.stop()
        self._window.close()

    def _since(self) -> float:
        return round(time.monotonic() - self._began, 3)


def show(file: Path, began: float, seconds: float) -> dict[str, object]:
    """The figures of a window in this process, which began at ``began`` (monotonic seconds)."""
    from gui.app import run  # noqa: PLC0415
    from realtime.options import Options  # noqa: PLC0415

    watches: list[Watch] = []

    def watch(window: "Window", controller: "Controller") -> None:
        watches.append(Watch(window, controller, began, seconds))

    run(Options(source=0), open_pipeline=opener(file), look_for_cameras=lambda: (), watch=watch)
    return watches[0].figures


def measure(file: Path, seconds: float) -> dict[str, object]:
    """The figures of a window in a process of its own."""
    command = [sys.executable, __file__, str(file), "--seconds", str(seconds), "--began", str(time.monotonic())]
    with TemporaryDirectory() as folder:  # the settings as they come, and not this user's
        environment = os.environ | {"XDG_CONFIG_HOME": folder}
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    figures: dict[str, object] = json.loads(done.stdout)
    return figures


def main() -> int:
    """Measure what the command line names; 1 where there were no figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="a video with a face")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="after the first reading (default: 20)")
    parser.add_argument("--began", type=float, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if given.began is not None:
        figures = show(given.file, given.began, given.seconds)
    else:
        measure(given.file, _WARM_UP_S)
        figures = {"file": given.file.name, "seconds": given.seconds, **measure(given.file, given.seconds)}
    print(json.dumps(figures, indent=2))
    return 1 if "failure" in figures or "first_reading_s" not in figures else 0


if __name__ == "__main__":
    sys.exit(main())
