"""Steers the video that plays: ties the bar below the picture and the play-head of the plot to it."""

from PySide6.QtCore import QObject, QTimer

from gui.plot import ProbabilityPlot
from gui.replay.player import Film
from gui.transport import Transport

_LOOK_MS = 100
"""Between two looks at where the video is."""
_PAGE = 0.05
"""Where in the view the play-head is after the page was turned, as a share of its width."""


class Deck(QObject):
    """Plays, seeks and shows where the video is. Without a video there is still the play-head, which can be moved.

    ``start`` is the time of the beginning on the table's clock, in seconds.
    """

    def __init__(self, transport: Transport, plot: ProbabilityPlot) -> None:
        super().__init__()
        self._transport = transport
        self._plot = plot
        self._film: Film | None = None
        self.start = 0.0
        # The end comes without a picture.
        self._clockwork = QTimer(self, interval=_LOOK_MS)
        self._clockwork.timeout.connect(self.look)
        plot.play_head_moved.connect(self.go_to)
        transport.play_toggled.connect(self.toggle)
        transport.seeked.connect(lambda seconds: self.go_to(self.start + seconds))
        transport.stepped.connect(self._step)
        transport.speed_chosen.connect(self._set_speed)

    @property
    def film(self) -> Film | None:
        """What plays."""
        return self._film

    @property
    def now(self) -> float:
        """Where the play-head stands, on the table's clock."""
        head = self._plot.play_head
        return self.start if head is None else head

    def take(self, film: Film) -> None:
        """Steer ``film`` from now on."""
        self._film = film
        self.start = film.start
        self._transport.setEnabled(True)
        self._clockwork.start()
        self.look()

    def empty(self) -> None:
        """Steer nothing, and show no play-head."""
        self._film = None
        self.start = 0.0
        self._clockwork.stop()
        self._transport.show_position(0.0, None, paused=True, speed=1.0)
        self._transport.setEnabled(False)
        self._plot.play_head = None

    def toggle(self) -> None:
        """Play, or stand still."""
        if self._film is not None:
            playback = self._film.playback
            (playback.resume if playback.paused else playback.pause)()
            self.look()

    def pause(self) -> None:
        """Stand still."""
        if self._film is not None:
            self._film.playback.pause()
            self.look()

    def go_to(self, time: float) -> None:
        """Put the play-head at ``time`` (on the table's clock), and the picture with it."""
        first, last = self._plot.bounds
        time = min(max(time, first), last)
        self._put_head(time)
        if self._film is not None:
            self._film.playback.seek(max(0.0, time - self.start))
            self.look()

    def show_again(self) -> None:
        """Have the picture that is shown made anew, unless another comes anyway."""
        if self._film is not None and self._film.playback.paused:
            self._film.playback.seek(self._film.playback.position)

    def look(self) -> None:
        """Show where the video is, and whether it plays."""
        if self._film is None:
            return
        playback = self._film.playback
        self._transport.show_position(
            playback.position, playback.duration, paused=playback.paused, speed=playback.speed
        )
        self._put_head(self.start + playback.position)

    def _step(self, pictures: int) -> None:
        if self._film is not None:
            self._film.playback.step(pictures)
            self.look()

    def _set_speed(self, speed: float) -> None:
        if self._film is not None:
            self._film.playback.speed = speed
            self.look()

    def _put_head(self, time: float) -> None:
        """Where that leaves the view, the view turns the page."""
        plot = self._plot
        plot.play_head = time
        left, right = plot.view
        if not left <= time <= right:
            first, last = plot.bounds
            begin = max(first, min(time - _PAGE * (right - left), last - (right - left)))
            plot.set_view(begin, begin + right - left)
