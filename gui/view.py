"""The live picture, with a box and a label at every face."""

import time

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from gui import theme
from gui.language import tr
from gui.message import Message
from gui.meter import Meter
from gui.scene import Scene, ShownFace, fitted

_CROWD = 6
"""From this many faces on, labels are smaller."""
_NOTICE_WIDTH = 480


class View(QWidget):
    """Shows the newest scene, as large as it fits; without one, only words.

    The picture comes at its size on screen already, so that painting only copies it; boxes and labels are drawn on top
    as vectors, sharp on every display.
    """

    picked = Signal(int)
    """The id of a face that was clicked."""
    resized = Signal(int, int)
    """Width and height, in device pixels, that pictures should now fit."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(480, 270)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(tr("Live picture"))
        self.scene: Scene | None = None
        self.meter = Meter()
        self._measured: float | None = None
        self._selected: int | None = None
        self._stale = False
        self.message = Message(self)
        self._notice = QLabel(self)
        self._notice.setTextFormat(Qt.TextFormat.PlainText)
        self._notice.setWordWrap(True)
        self._notice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._notice.setProperty("role", "notice")
        self._notice.hide()
        self._layout = QGridLayout(self)
        self._layout.addWidget(self.message, 0, 0, Qt.AlignmentFlag.AlignCenter)
        self._foot = QVBoxLayout()
        self._layout.addLayout(self._foot, 0, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        self.lay_at_foot(self._notice)

    def lay_at_foot(self, notice: QWidget) -> None:
        """Lay ``notice`` over the foot of the picture, whenever it is shown, under those that are there."""
        notice.setMinimumWidth(_NOTICE_WIDTH)
        self._foot.addWidget(notice, 0, Qt.AlignmentFlag.AlignHCenter)

    @property
    def notice(self) -> str:
        """The line at the foot of the picture; empty while there is none."""
        return self._notice.text() if self._notice.isVisibleTo(self) else ""

    @property
    def notice_area(self) -> QRect:
        """Where that line lies."""
        return self._notice.geometry()

    def show_notice(self, line: str, *, stale: bool = True) -> None:
        """Say ``line`` at the foot of the picture, which if ``stale`` is dimmed until the next one.

        An empty line takes it away.
        """
        self._notice.setText(line)
        self._notice.setVisible(bool(line))
        self._stale = stale and bool(line)
        self.update()

    def show_scene(self, scene: Scene | None, selected: int | None = None) -> None:
        """Show ``scene`` from the next repaint on, the face with the id ``selected`` a little stronger."""
        self.scene = scene
        self._selected = selected
        self._stale = False
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(854, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        ratio = self.devicePixelRatioF()
        self.resized.emit(round(self.width() * ratio), round(self.height() * ratio))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        super().mousePressEvent(event)
        hit = [face for face in self._faces() if self.box_of(face).contains(event.position())]
        if hit:  # of boxes that overlap, the smallest is the hardest to hit otherwise
            self.picked.emit(min(hit, key=lambda face: face.box.width() * face.box.height()).face_id)

    def box_of(self, face: ShownFace) -> QRectF:
        """Where the box of ``face`` lies in the view, in logical pixels."""
        picture = self._picture_rect()
        return QRectF(
            picture.x() + face.box.x() * picture.width(),
            picture.y() + face.box.y() * picture.height(),
            face.box.width() * picture.width(),
            face.box.height() * picture.height(),
        )

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.look().stage)
        if self.scene is None:
            return
        self._paint_picture(painter, self.scene)
        if self._stale:
            painter.fillRect(self._picture_rect(), theme.look().shade)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._picture_rect())
        for face in self.scene.faces:
            self._paint_box(painter, face)
        self._paint_labels(painter, self.scene)
        self._measure(self.scene)

    def _measure(self, scene: Scene) -> None:
        if scene.captured is not None and scene.captured != self._measured:
            self._measured = scene.captured
            self.meter.add(time.monotonic() - scene.captured)

    def _faces(self) -> tuple[ShownFace, ...]:
        return self.scene.faces if self.scene is not None else ()

    def _picture_rect(self) -> QRectF:
        """The picture in logical pixels, its corner on a device pixel so that it is copied and not resampled."""
        if self.scene is None:
            return QRectF()
        ratio = self.devicePixelRatioF()
        within = (round(self.width() * ratio), round(self.height() * ratio))
        width, height = fitted(self.scene.image.width(), self.scene.image.height(), within)
        left, top = (within[0] - width) // 2, (within[1] - height) // 2
        return QRectF(left / ratio, top / ratio, width / ratio, height / ratio)

    def _paint_picture(self, painter: QPainter, scene: Scene) -> None:
        target = self._picture_rect()
        ratio = self.devicePixelRatioF()
        if round(target.width() * ratio) == scene.image.width():
            image = scene.image
            image.setDevicePixelRatio(ratio)
            painter.drawImage(target.topLeft(), image)
        else:  # only until the next picture, after the view has changed its size
            painter.drawImage(target, scene.image)

    def _paint_box(self, painter: QPainter, face: ShownFace) -> None:
        box = self.box_of(face)
        radius = min(box.width(), box.height()) * 0.08
        width = 3.0 if face.face_id == self._selected and len(self._faces()) > 1 else 2.0
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.look().shade, width + 2))
        painter.drawRoundedRect(box, radius, radius)
        pen = QPen(face.color, width)
        if face.unsure:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawRoundedRect(box, radius, radius)

    def _paint_labels(self, painter: QPainter, scene: Scene) -> None:
        font = QFont(self.font())
        font.setPixelSize(12 if len(scene.faces) >= _CROWD else 14)
        font.setWeight(QFont.Weight.Medium)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        taken: list[QRectF] = []
        for face in scene.faces:
            who = face.called or (str(face.face_id) if len(scene.faces) > 1 else "")
            text = f"{who}  {face.label}".strip()
            size = QSize(round(metrics.horizontalAdvance(text)) + 30, round(metrics.height()) + 8)
            chip = self._place(self.box_of(face), size, taken)
            taken.append(chip)
            _paint_chip(painter, chip, text, face.color)

    def _place(self, box: QRectF, size: QSize, taken: list[QRectF]) -> QRectF:
        """Above the box, else below, else inside, where it covers no other label; above if nothing helps."""
        picture = self._picture_rect()
        left = max(picture.left(), min(box.left() - 1, picture.right() - size.width()))
        tops = (box.top() - size.height() - 4, box.bottom() + 4, box.top() + 4)
        places = [QRectF(left, top, size.width(), size.height()) for top in tops]
        free = [p for p in places if picture.contains(p) and not any(p.intersects(other) for other in taken)]
        if free:
            return free[0]
        top = max(picture.top(), min(tops[0], picture.bottom() - size.height()))
        return QRectF(left, top, size.width(), size.height())


def _paint_chip(painter: QPainter, chip: QRectF, text: str, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.look().shade)
    painter.drawRoundedRect(chip, 6, 6)
    painter.setBrush(color)
    painter.drawEllipse(QPointF(chip.left() + 12, chip.center().y()), 4, 4)
    painter.setPen(theme.look().on_shade)
    painter.drawText(chip.adjusted(22, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
