"""Steers the file that is played by the bar under the picture."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QKeyEvent

from gui.transport import Transport

if TYPE_CHECKING:  # loads OpenCV, which the window does not wait for
    from realtime.playback import Playback

_LOOK_MS = 100


class Film(QObject):
    """Shows ``transport`` while there is a file to be steered, and does what it says."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport)
        self._transport = transport
        self._playback: Playback | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        transport.play_toggled.connect(self.toggle)
        transport.seeked.connect(self._seek)
        transport.stepped.connect(self._step)
        transport.speed_chosen.connect(self._set_speed)
        transport.hide()

    @property
    def playing(self) -> bool:
        """Whether there is a file to be steered."""
        return self._playback is not None

    def show(self, playback: "Playback | None") -> None:
        """Steer ``playback`` from now on; None where there is nothing to be steered."""
        self._playback = playback
        self._transport.setVisible(playback is not None)
        if playback is None:
            self._timer.stop()
        else:
            self._look()
            self._timer.start()

    def toggle(self) -> None:
        """Pause, or go on."""
        if self._playback is not None:
            if self._playback.paused:
                self._playback.resume()
            else:
                self._playback.pause()
            self._look()

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what the key of ``event`` stands for; whether it stands for anything here."""
        return self._playback is not None and self._transport.take_key(event)

    def _seek(self, seconds: float) -> None:
        if self._playback is not None:
            self._playback.seek(seconds)

    def _step(self, frames: int) -> None:
        if self._playback is not None:
            self._playback.step(frames)

    def _set_speed(self, speed: float) -> None:
        if self._playback is not None:
            self._playback.speed = speed

    def _look(self) -> None:
        if (film := self._playback) is not None:
            duration = film.duration if film.can_seek else None
            self._transport.show_position(film.position, duration, paused=film.paused, speed=film.speed)
