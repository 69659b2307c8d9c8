"""The bar under a picture that is played: play and pause, where it is, how fast it goes."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from gui import theme
from gui.clock import elapsed
from gui.controls import draw_arrow
from gui.language import tr
from gui.marks import Mark
from gui.time_slider import TimeSlider

SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0)
"""What can be chosen, in seconds of the film a second."""

_JUMP_S = 5.0
_HOUR_S = 3600.0
_JUMPS: dict[int, float] = {Qt.Key.Key_Left: -_JUMP_S, Qt.Key.Key_Right: _JUMP_S}
_STEPS: dict[int, int] = {Qt.Key.Key_Comma: -1, Qt.Key.Key_Period: 1}


class _PlayButton(QToolButton):
    """Shows what a click does: a triangle to play, two bars to pause."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(40, 32)
        self.plays = False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.look().ink)
        x, y = self.width() / 2, self.height() / 2
        if self.plays:
            painter.drawRoundedRect(QRectF(x - 5.5, y - 6.5, 4, 13), 1, 1)
            painter.drawRoundedRect(QRectF(x + 1.5, y - 6.5, 4, 13), 1, 1)
        else:
            painter.drawPolygon(QPolygonF([QPointF(x - 4.5, y - 7), QPointF(x + 7.5, y), QPointF(x - 4.5, y + 7)]))


class _MenuButton(QToolButton):
    """Opens a menu, and shows by an arrow that there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(76, 32)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        draw_arrow(self, self.width() - 14.0, theme.look().dim)


class Transport(QWidget):
    """Shows the state that it is given, and tells what the user wants; it changes nothing by itself.

    Keys: Left and Right jump by 5 seconds; comma and full stop go picture by picture while it is paused.
    """

    play_toggled = Signal()
    """It should go on if it is paused, and pause if not."""
    seeked = Signal(float)
    """The moment to go to, in seconds from the beginning; again and again while the slider is dragged."""
    stepped = Signal(int)
    """One picture on (1) or back (-1)."""
    speed_chosen = Signal(float)
    """How fast to go, one of ``SPEEDS``."""

    def __init__(self) -> None:
        super().__init__()
        self.play_button = _PlayButton()
        self.slider = TimeSlider()
        self.speed_button = _MenuButton()
        self._elapsed, self._total = QLabel(), QLabel()
        self._position, self._speed, self._paused = 0.0, 1.0, True
        self._duration: float | None = None
        self._actions: dict[float, QAction] = {}
        self._build()
        self._say()
        self.show_position(0.0, None, paused=True, speed=1.0)

    @property
    def elapsed(self) -> str:
        """Where it is, in words."""
        return self._elapsed.text()

    @property
    def total(self) -> str:
        """How long it is, in words; empty as long as that is not known."""
        return self._total.text()

    @property
    def paused(self) -> bool:
        """Whether it was last said to stand still."""
        return self._paused

    @property
    def speed(self) -> float:
        """The speed that was last said."""
        return self._speed

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The moments that are drawn above the slider."""
        return self.slider.marks

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Draw ``marks`` above the slider, instead of those before."""
        self.slider.show_marks(marks)

    def show_position(self, position: float, duration: float | None, *, paused: bool, speed: float) -> None:
        """Show that it is at ``position`` of ``duration`` seconds, and whether and how fast it goes.

        What the user is dragging stays in his hand.
        """
        if duration != self._duration:
            self._duration = duration
            self._total.setText(elapsed(duration) if duration else "")
            self._make_room()
        self.slider.show_at(position, duration)
        if not self.slider.isSliderDown():
            self._show_elapsed(position)
        if (paused, speed) != (self._paused, self._speed):
            self._paused, self._speed = paused, speed
            self._say()

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what the key of ``event`` stands for; whether it stands for anything here."""
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return False
        key = event.key()
        if key in _JUMPS:
            self._go_to(self._position + _JUMPS[key])
            return True
        if key in _STEPS and self._paused:
            self.stepped.emit(_STEPS[key])
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if not self.take_key(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        # Buttons would take the arrows to move the focus.
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and self.take_key(event):
            return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.LanguageChange:
            self._say()
        elif event.type() is QEvent.Type.FontChange:
            self._make_room()
        super().changeEvent(event)

    def _build(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._elapsed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.setSpacing(8)
        for part in (self.play_button, self._elapsed, self.slider, self._total, self.speed_button):
            layout.addWidget(part, 1 if part is self.slider else 0)
        for label in (self._elapsed, self._total):
            label.setProperty("role", "detail")
        self._make_room()
        for button in (self.play_button, self.speed_button):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.installEventFilter(self)
        self.play_button.clicked.connect(self.play_toggled)
        self.slider.moved.connect(self._go_to)
        self.speed_button.setMenu(self._speed_menu())

    def _speed_menu(self) -> QMenu:
        menu, group = QMenu(self.speed_button), QActionGroup(self)
        for speed in SPEEDS:
            action = QAction(_speed_text(speed), group, checkable=True)
            action.triggered.connect(lambda _=False, speed=speed: self.speed_chosen.emit(speed))
            self._actions[speed] = action
            menu.addAction(action)
        return menu

    def _say(self) -> None:
        """Everything that is in words."""
        self.play_button.plays = not self._paused
        self.play_button.setAccessibleName(tr("Play") if self._paused else tr("Pause"))
        self.play_button.setToolTip(tr("Play (Space)") if self._paused else tr("Pause (Space)"))
        self.play_button.update()
        self.slider.setAccessibleName(tr("Position"))
        self.slider.setAccessibleDescription(
            tr("Left and Right jump by 5 seconds; comma and full stop go picture by picture while paused")
        )
        self._elapsed.setAccessibleName(tr("Elapsed time"))
        self._total.setAccessibleName(tr("Duration"))
        self.speed_button.setText(_speed_text(self._speed))
        self.speed_button.setAccessibleName(tr("Speed"))
        self.speed_button.setToolTip(tr("Speed"))
        for speed, action in self._actions.items():
            action.setChecked(speed == self._speed)

    def _make_room(self) -> None:
        """As much as the times may need, so that nothing moves when they change."""
        widest = "0:00:00" if self._has_hours() else "00:00"
        for label in (self._elapsed, self._total):
            label.ensurePolished()
            label.setFixedWidth(label.fontMetrics().horizontalAdvance(widest) + 4)

    def _has_hours(self) -> bool:
        return self._duration is not None and self._duration >= _HOUR_S

    def _show_elapsed(self, position: float) -> None:
        self._position = position
        self._elapsed.setText(elapsed(position, hours=self._has_hours()))

    def _go_to(self, position: float) -> None:
        position = max(0.0, position if self._duration is None else min(position, self._duration))
        self.slider.show_at(position, self._duration)  # at once, so that keys that follow quickly add up
        self._show_elapsed(position)
        self.seeked.emit(position)


def _speed_text(speed: float) -> str:
    return f"{speed:g}\N{MULTIPLICATION SIGN}"
