"""The measurement of the window: its camera, and what it writes down."""

import sys
import time
from pathlib import Path

import pytest

from engines.errors import SourceError
from tests.gui.conftest import MakeWindow, Until
from tests.gui.fakes import FakePipeline, face
from tests.realtime.sources.helpers import write_video

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))

from measure_window import FileDevice, Watch


def test_a_file_is_a_camera_that_never_ends(tmp_path: Path) -> None:
    device = FileDevice(write_video(tmp_path / "clip.mp4", (0.0, 0.1, 0.2)))
    pictures = [device.read() for _ in range(7)]
    device.release()
    assert all(picture is not None and picture.shape == (720, 1280, 3) for picture in pictures)
    assert pictures[0] is not None
    assert tuple(pictures[0][360, 300].round(-1)) == pytest.approx((255, 0, 0), abs=12)


def test_the_figures_are_whole(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face()]))
    watch = Watch(window, window._controller, time.monotonic(), seconds=1.5)
    window.start()
    until(lambda: not window.isVisible())
    assert "failure" not in watch.figures
    assert watch.figures["engine"] == "openvino CPU bf16"
    assert watch.figures["fps"] == 29.97
    assert {"visible_s", "first_reading_s", "dropped", "reading_ms_p95", "window"} <= watch.figures.keys()


def test_a_source_that_fails_ends_it(until: Until, make_window: MakeWindow) -> None:
    window = make_window(SourceError("the camera cannot be opened"))
    watch = Watch(window, window._controller, time.monotonic(), seconds=1.5)
    window.start()
    until(lambda: not window.isVisible())
    assert watch.figures["failure"] == "the camera cannot be opened"
