"""The application as a whole: on the real pipeline, and how it ends."""

import signal
import subprocess
import sys
from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pytest

from engines.errors import MienError
from gui.app import list_cameras, open_at_its_own_speed, run
from realtime.options import Options
from tests.gui.conftest import MakeWindow, Until

_ROOT = Path(__file__).resolve().parents[2]
_APP = """
import sys
from gui.app import run
from gui.window import Window
from realtime.options import Options

started = Window.start

def start(window):
    started(window)
    print("started", flush=True)

Window.start = start
sys.exit(run(Options(source=sys.argv[1])))
"""


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """A picture of Rear Admiral Grace Hopper, 512 x 600, in the public domain."""
    file = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    picture = cv2.imread(str(file))
    assert picture is not None
    wide = np.zeros((600, 1024, 3), np.uint8)
    wide[:, :512] = picture
    path = tmp_path / "portrait.png"
    assert cv2.imwrite(str(path), wide)
    return path


@pytest.mark.usefixtures("assets")
def test_a_real_face_is_found_and_read(until: Until, make_window: MakeWindow, portrait: Path) -> None:
    window = make_window(open_at_its_own_speed, options=Options(source=portrait), cameras=list_cameras())
    window.start()
    until(lambda: window.live.view.scene is not None)
    assert window.live.view.scene is not None
    (found,) = window.live.view.scene.faces
    assert 0.1 < found.box.center().x() < 0.4  # in the left half, as in the file: not mirrored
    assert found.name in {*window.live.view.scene.classes, "unsure"}
    assert sum(found.probabilities) == pytest.approx(1, abs=1e-4)
    assert window.live.panel.bars.heading.lower() == found.name
    assert window.live.status.source == "portrait.png · 1024 x 600"
    assert window.live.status.engine


@pytest.mark.usefixtures("assets")
def test_a_real_pipeline_is_closed_in_the_middle(until: Until, make_window: MakeWindow) -> None:
    window = make_window(open_at_its_own_speed, options=Options(source="synthetic:2"))
    window.start()
    until(lambda: window.live.view.scene is not None and len(window.live.view.scene.faces) == 2)
    window.close()


def test_a_wrong_file_is_one_line(until: Until, make_window: MakeWindow, tmp_path: Path) -> None:
    file = tmp_path / "notes.mp4"
    file.write_text("not a film")
    window = make_window(open_at_its_own_speed, options=Options(source=file))
    window.start()
    until(lambda: window.live.view.message.title == "Cannot start")
    assert "notes.mp4" in window.live.view.message.detail


def test_without_a_display_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(MienError, match="no display"):
        run(Options())


@pytest.mark.usefixtures("assets")
def test_ctrl_c_ends_it_at_once_even_while_it_starts(child_environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", _APP, "synthetic"]
    with subprocess.Popen(
        command, cwd=_ROOT, env=child_environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in errors
