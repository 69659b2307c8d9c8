"""The panel beside the picture: one face large, and below it, where there are several, a line for each."""

import time
from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.bars import Bars
from gui.language import tr
from gui.neutral import NeutralRow
from gui.scene import Scene, ShownFace

_WIDTH = 300
_ROW = 26
_MARGIN = 16
_COLUMN = 6
_GAP = 2
_BLINK_S = 0.5
"""A chosen face that is away for less stays chosen, and the panel as it is: one picture without it is no farewell."""


class FaceList(QWidget):
    """A line for each face in the order of their ids: id, label and small upright bars. A click selects."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Faces in the picture"))
        self.setToolTip(tr("Click a face to see its bars (Up, Down)"))
        self._scene: Scene | None = None
        self._selected: int | None = None

    @property
    def rows(self) -> tuple[str, ...]:
        """What each line says."""
        return tuple(f"{face.face_id} {face.label}" for face in self._faces())

    def show_scene(self, scene: Scene | None, selected: int | None) -> None:
        """List the faces of ``scene``, that with the id ``selected`` marked."""
        before = len(self._faces())
        self._scene = scene
        self._selected = selected
        if len(self._faces()) != before:
            self.updateGeometry()
        self.update()

    def area_of(self, face_id: int) -> QRect | None:
        """Where the line of this face lies, if it is listed."""
        ids = [face.face_id for face in self._faces()]
        return QRect(0, ids.index(face_id) * _ROW, self.width(), _ROW) if face_id in ids else None

    def _faces(self) -> tuple[ShownFace, ...]:
        return self._scene.faces if self._scene else ()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(_WIDTH, len(self._faces()) * _ROW + 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        row = int(event.position().y() // _ROW)
        if 0 <= row < len(self._faces()):
            self.picked.emit(self._faces()[row].face_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        ids = [face.face_id for face in self._faces()]
        if step is None or self._selected not in ids:
            super().keyPressEvent(event)
            return
        row = ids.index(self._selected) + step
        self.picked.emit(ids[max(0, min(row, len(ids) - 1))])

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.look().background)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(13)
        painter.setFont(font)
        for row, face in enumerate(self._faces()):
            self._paint_row(painter, QRectF(8, row * _ROW, self.width() - 16, _ROW), face)

    def _paint_row(self, painter: QPainter, area: QRectF, face: ShownFace) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if face.face_id == self._selected:
            painter.setBrush(theme.look().raised)
            painter.drawRoundedRect(area, 6, 6)
            if self.hasFocus():
                painter.setBrush(theme.look().accent)
                painter.drawRoundedRect(QRectF(area.left(), area.top() + 6, 3, area.height() - 12), 1.5, 1.5)
        inner = area.adjusted(8, 0, -8, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.look().dim)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | middle, str(face.face_id))
        painter.setPen(theme.look().dim if face.unsure else theme.look().ink)
        painter.drawText(inner.adjusted(36, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | middle, face.name)
        columns = len(face.probabilities) * (_COLUMN + _GAP)
        if not face.unsure:
            before = inner.adjusted(0, 0, -columns - 10, 0)
            painter.drawText(before, Qt.AlignmentFlag.AlignRight | middle, f"{face.percent} %")
        self._paint_columns(painter, QRectF(inner.right() - columns, area.top() + 5, columns, _ROW - 10), face)

    def _paint_columns(self, painter: QPainter, area: QRectF, face: ShownFace) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        colors = self._scene.colors if self._scene else ()
        for i, (probability, color) in enumerate(zip(face.probabilities, colors, strict=True)):
            left = area.left() + i * (_COLUMN + _GAP)
            painter.setBrush(theme.look().track)
            painter.drawRect(QRectF(left, area.bottom() - 1, _COLUMN, 1))
            painter.setBrush(color)
            height = area.height() * probability
            painter.drawRect(QRectF(left, area.bottom() - height, _COLUMN, height))


class FacePanel(QScrollArea):
    """Shows the selected face large: the one that was clicked, else the largest, for as long as it is there."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bars = Bars()
        self.neutral = NeutralRow()
        self.list = FaceList()
        self.selected: int | None = None
        self._scene: Scene | None = None
        self._neutral_offered = self._neutral_kept = False
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(8)
        layout.addWidget(self.bars)
        layout.addWidget(self.neutral)
        layout.addWidget(self.list)
        layout.addStretch()
        self.setWidget(inside)
        self.list.picked.connect(self.select)
        self.list.picked.connect(self._follow)
        self.clear()

    def clear(self) -> None:
        """Forget everything, for a source that starts or has been stopped."""
        self.selected = None
        self._scene = None
        self._last_seen = float("-inf")
        self.bars.hide()
        self.neutral.hide()
        self.list.hide()

    def offer_neutral(self, offered: bool, *, kept: bool = False) -> None:
        """Whether a face's own neutral can be taken here, and whether one was kept."""
        self._neutral_offered, self._neutral_kept = offered, kept
        if self._scene is not None:
            self._show(self._scene)

    def select(self, face_id: int) -> None:
        """Show this face large from now on."""
        self.selected = face_id
        self._last_seen = self._clock()
        if self._scene is not None:
            self._show(self._scene)

    def show_scene(self, scene: Scene) -> None:
        """Show the faces of ``scene``."""
        now = self._clock()
        if scene.face(self.selected) is None:
            if now - self._last_seen < _BLINK_S:
                return
            if scene.faces:
                self.selected = max(scene.faces, key=lambda face: face.box.width() * face.box.height()).face_id
        if scene.faces:
            self._last_seen = now
        self._scene = scene
        self._show(scene)

    def _follow(self, face_id: int) -> None:
        """Scroll to the line of this face: keys can go where no line is seen."""
        area = self.list.area_of(face_id)
        if area is not None:
            middle = self.list.pos() + area.center()
            self.ensureVisible(middle.x(), middle.y(), 0, area.height())

    def _show(self, scene: Scene) -> None:
        face = scene.face(self.selected)
        self.bars.show_face(face, scene.classes, scene.colors)
        self.bars.show()
        self.neutral.setVisible(self._neutral_offered)
        self.neutral.setEnabled(face is not None)
        if face is not None:
            self.neutral.show_state(face.neutral, kept=self._neutral_kept)
        self.list.show_scene(scene, self.selected)
        self.list.setVisible(len(scene.faces) > 1)
