"""A window on a fake pipeline, and the promise that no thread outlives a test."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.controller import Controller
from gui.language import install
from gui.playing import Opener
from gui.window import Desk, Window
from realtime.options import Options
from realtime.sources import CameraDescription
from tests.gui.fakes import FakeOpener, FakePipeline

# Before the first QApplication; a display of the person who runs the tests is left alone.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

CAMERAS = (CameraDescription(0, "Integrated Camera"), CameraDescription(2, "Desk Camera"))

Until = Callable[[Callable[[], object]], None]
MakeController = Callable[..., Controller]
MakeWindow = Callable[..., Window]


def our_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("mien-")]


def active_timers(window: Window) -> list[str]:
    """What would still tick, of ``window`` and of what works for it."""
    owners: list[QObject] = [window, window.recorder, window.words, window._controller]
    timers = [timer for owner in owners for timer in owner.findChildren(QTimer) if timer.isActive()]
    return [f"{type(timer.parent()).__name__}: {timer.interval()} ms" for timer in timers]


@pytest.fixture
def app(qtbot: QtBot) -> Iterator[QCoreApplication]:  # noqa: ARG001 - makes the application
    """The application, which speaks English again after the test."""
    app = QCoreApplication.instance()
    assert app is not None
    yield app
    install(app, "en")


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert our_threads() == []
    others = [thread for thread in threading.enumerate() if thread not in before]
    for thread in others:  # those of sources and of libraries end a moment after what they did
        thread.join(10)
    assert [thread.name for thread in others if thread.is_alive()] == []


@pytest.fixture
def until(qtbot: QtBot) -> Until:
    """Lets the window live until something is so; patient, since the machine may be busy."""
    return lambda condition: qtbot.waitUntil(lambda: bool(condition()), timeout=90_000)


@pytest.fixture
def make_controller(qtbot: QtBot) -> Iterator[MakeController]:  # noqa: ARG001 - signals need an application
    """Makes controllers on the given pipelines or opener, and shuts them down in the end."""
    made: list[Controller] = []

    def make(*given: FakePipeline | Exception | Opener, cameras: Sequence[CameraDescription] = CAMERAS) -> Controller:
        fakes = [each for each in given if isinstance(each, FakePipeline | Exception)]
        openers: list[Opener] = [each for each in given if not isinstance(each, FakePipeline | Exception)]
        controller = Controller(openers[0] if openers else FakeOpener(*fakes), lambda: cameras)
        made.append(controller)
        return controller

    yield make
    for controller in made:
        assert controller.shutdown(30)


@pytest.fixture
def make_window(qtbot: QtBot, make_controller: MakeController, tmp_path: Path) -> Iterator[MakeWindow]:
    """Makes visible windows on the given pipelines or opener; closed, they leave no timer."""
    left: list[str] = []

    def close(widget: QWidget) -> None:
        assert isinstance(widget, Window)
        widget.close()
        left.extend(active_timers(widget))

    def make(
        *given: FakePipeline | Exception | Opener,
        options: Options | None = None,
        cameras: Sequence[CameraDescription] = CAMERAS,
        **more: object,
    ) -> Window:
        controller = make_controller(*given, cameras=cameras)
        around: dict[str, Any] = {
            "neutral": tmp_path / "neutral.npz",
            "library": tmp_path / "library.sqlite",
            "words": tmp_path / "expressions",
            "show_folder": lambda _: None,
            **more,
        }
        desk = Desk(**around)
        window = Window(controller, options or Options(), desk)
        qtbot.addWidget(window, before_close_func=close)
        window.show()
        controller.refresh_cameras()
        return window

    yield make
    assert left == []
