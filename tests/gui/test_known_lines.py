"""What rooms without Qt say in English is shown in the user's language."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from pytestqt.qtbot import QtBot

from engines.errors import OutputError
from gui.known_lines import known
from gui.language import install
from gui.recorded import RecordedNotice
from gui.replay.faces import FaceList
from realtime.recording import Recorder
from realtime.recording.disk import Disk
from realtime.replay import RecordedFace
from realtime.sources.base import SourceInfo
from tests.gui.conftest import MakeWindow, Until
from tests.gui.fakes import CLASSES, FakeOpener, FakePipeline, face
from tests.realtime.sinks.made import noise


@dataclass
class Usage:
    total: int = 10**12
    free: int = 12_000_000


@pytest.fixture
def german(qtbot: QtBot) -> Iterator[QCoreApplication]:  # noqa: ARG001 - makes the application
    app = QCoreApplication.instance()
    assert app is not None
    install(app, "de")
    yield app
    install(app, "en")


@pytest.mark.usefixtures("german")
def test_a_lost_camera_is_said_in_the_users_language(until: Until, make_window: MakeWindow) -> None:
    opener = FakeOpener(FakePipeline([face()], frames=2, pause=60))
    window = make_window(opener)
    window.start()
    until(lambda: window.live.view.scene is not None)
    opener.notice("camera 0 (Desk) gives no picture: waiting until it is back")
    until(lambda: window.live.view.notice == "Camera 0 (Desk) liefert kein Bild: Mien wartet, bis sie wieder da ist.")
    opener.notice("camera 0 (Desk) is back")
    until(lambda: window.live.view.notice == "Camera 0 (Desk) ist wieder da.")


@pytest.mark.usefixtures("german")
def test_why_a_recording_ended_is_said_in_the_users_language(qtbot: QtBot, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, SourceInfo("camera", live=True, width=64, height=48), ("calm",), video=None)
    (frame, reading) = next(iter(noise(1)))
    recorder.write(frame, reading)
    assert recorder.wait(60)
    notice = RecordedNotice()
    qtbot.addWidget(notice)
    notice.say_recorded(recorder.state)
    assert "Die Ausdrücke wurden geändert" in notice.text


@pytest.mark.usefixtures("german")
def test_the_lines_of_the_disk_are_known(tmp_path: Path) -> None:
    def gone(_folder: Path) -> Usage:
        raise OSError(5, "Input/output error")

    full = Disk(tmp_path, lambda _: Usage()).full
    assert known(full).startswith(f"Der Datenträger von {tmp_path} ist fast voll (12 MB frei)")
    with pytest.raises(OutputError) as lost:
        Disk(tmp_path, gone)
    more = f"{lost.value} What was recorded is kept, and finished when Mien starts the next time."
    assert known(more).startswith(f"Der Ordner {tmp_path} ist nicht mehr erreichbar")
    assert known(more).endswith("wird beim nächsten Start von Mien fertiggestellt.")
    assert known("a line of another room") == "a line of another room"


@pytest.mark.usefixtures("german")
def test_what_a_face_shows_most_is_said_in_the_users_language(qtbot: QtBot) -> None:
    faces = FaceList()
    qtbot.addWidget(faces)
    faces.show_faces([RecordedFace(1, 30, 0.5, 0.0, 1.0, "happiness")], CLASSES)
    tip = faces.view.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("Meist Freude")
