"""The desktop application: one window, on the screen before anything slow is loaded."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from engines.errors import MienError
from gui import theme
from gui.controller import Controller
from gui.language import install
from gui.playing import Opener
from gui.settings import for_start, load, save, settings_file
from gui.window import Desk, Window
from realtime.options import DEMO

if TYPE_CHECKING:  # these rooms load OpenCV and the engines, which the window does not wait for
    from realtime.options import Options
    from realtime.pipeline import Pipeline
    from realtime.sources import CameraDescription

_WAKE_MS = 200


Watch = Callable[[Window, Controller], None]


def _look_away(_window: Window, _controller: Controller) -> None:
    pass


def open_at_its_own_speed(options: "Options", *, notice: Callable[[str], None]) -> "Pipeline":
    """The pipeline of ``options``; a file is played by its own times, and not as fast as it can be read.

    The demo goes on without end. Raises ``MienError``.
    """
    import gui.plot  # noqa: F401, PLC0415 - or the first face would wait for it, in the Qt thread
    from realtime.opening import open_pipeline  # noqa: PLC0415 - slow to load: called from the controller's thread
    from realtime.playback import Playback  # noqa: PLC0415
    from realtime.sources import SyntheticSource, open_source  # noqa: PLC0415

    if options.source == DEMO:
        return open_pipeline(options, notice=notice, source=SyntheticSource(frames=None, live=True))
    source = open_source(options.source, notice=notice, camera_format=options.camera_format)
    return open_pipeline(options, notice=notice, source=source if source.info.live else Playback(source))


def list_cameras() -> "Sequence[CameraDescription]":
    """The cameras of this machine."""
    from realtime.sources import list_cameras as look  # noqa: PLC0415 - slow to load: called from a thread of its own

    return look()


def run(
    options: "Options",
    *,
    open_pipeline: Opener = open_at_its_own_speed,
    look_for_cameras: "Callable[[], Sequence[CameraDescription]]" = list_cameras,
    watch: Watch = _look_away,
) -> int:
    """Show the window on the source of ``options`` until it is closed; the exit code.

    ``watch`` is given the window and its controller once it is shown, to measure them. Raises ``MienError`` where there
    is no display.
    """
    _expect_display()
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Mien")
    file = settings_file()
    kept = load(file)
    install(app, kept.settings.language)
    theme.apply(app, theme.Theme(kept.settings.theme))
    controller = Controller(open_pipeline, look_for_cameras)
    window = Window(controller, for_start(options, kept.settings), Desk(kept, lambda settings: save(settings, file)))

    def follow() -> None:
        """Change with the desktop, where its look is what the user wants."""
        theme.apply(app, theme.Theme(window.settings.theme))

    app.styleHints().colorSchemeChanged.connect(follow)
    window.show()
    watch(window, controller)
    QTimer.singleShot(0, window.start)
    QTimer.singleShot(0, controller.refresh_cameras)
    with _Interruptible(app.quit):
        code = app.exec()
    window.close()
    app.styleHints().colorSchemeChanged.disconnect(follow)
    if not (controller.shutdown(window.patience_left()) and window.ended_whole):
        # A camera's driver, or a library that loads, can hold a thread for seconds; nothing of ours is unfinished.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _expect_display() -> None:
    """Qt itself would abort the process."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise MienError("There is no display to open the window on: use the video command, or start it from a desktop.")


class _Interruptible:
    """Ctrl-C in the terminal ends Qt's loop, too, which otherwise never lets Python look at signals."""

    def __init__(self, quit_loop: Callable[[], None]) -> None:
        self._quit_loop = quit_loop
        self._timer = QTimer()
        self._timer.timeout.connect(lambda: None)

    def __enter__(self) -> None:
        self._before = signal.signal(signal.SIGINT, lambda *_: self._quit_loop())
        self._timer.start(_WAKE_MS)

    def __exit__(self, *_exc: object) -> None:
        self._timer.stop()
        signal.signal(signal.SIGINT, self._before)
