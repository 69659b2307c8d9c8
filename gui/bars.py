"""One face's reading, large: its label, how sure it is, and a bar for each class."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.language import class_name, tr
from gui.scene import ShownFace

_HEAD = 90
_ROW = 25
_FOOT = 4
_MARGIN = 16
_NAME = 92
_PERCENT = 46
_BAR = 10

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Bars(QWidget):
    """Every class has its row, always the same one, so that the eye finds it; only the bars move."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Expression of the selected face"))
        self.face: ShownFace | None = None
        self.classes: tuple[str, ...] = ()
        self._colors: tuple[QColor, ...] = ()

    def show_face(self, face: ShownFace | None, classes: tuple[str, ...], colors: tuple[QColor, ...]) -> None:
        """Show ``face``, or the empty rows of ``classes`` where it is None."""
        if classes != self.classes:
            self.classes = classes
            self.updateGeometry()
        if (face and face.name) != (self.face and self.face.name):
            self.setAccessibleDescription(face.name if face else "")
        self.face = face
        self._colors = colors
        self.update()

    @property
    def heading(self) -> str:
        """The large words: the label, or that there is none."""
        return self.face.name.capitalize() if self.face else tr("No face in view")

    @property
    def caption(self) -> str:
        """The small words over the heading."""
        return tr("Face {number}", number=self.face.face_id) if self.face else ""

    @property
    def certainty(self) -> str:
        """The small words under the heading."""
        return tr("uncertainty {percent} %", percent=round(100 * self.face.uncertainty)) if self.face else ""

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(300, _HEAD + _ROW * len(self.classes) + _FOOT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.look().background)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_head(painter)
        for row in range(len(self.classes)):
            self._paint_row(painter, row)

    def _paint_head(self, painter: QPainter) -> None:
        width = self.width() - 2 * _MARGIN
        small = (theme.look().dim, self._font(12))
        sure = self.face is not None and not self.face.unsure
        large = (theme.look().ink if sure else theme.look().dim, self._font(22, QFont.Weight.DemiBold))
        _text(painter, QRectF(_MARGIN, 8, width, 18), self.caption, small)
        _text(painter, QRectF(_MARGIN, 26, width, 32), self.heading, large)
        _text(painter, QRectF(_MARGIN, 58, width, 20), self.certainty, small)
        if self.face is not None and sure:
            _text(painter, QRectF(_MARGIN, 26, width, 32), f"{self.face.percent} %", large, align=_RIGHT)

    def _font(self, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        font.setWeight(weight)
        return font

    def _paint_row(self, painter: QPainter, row: int) -> None:
        top = _HEAD + row * _ROW
        probability = self.face.probabilities[row] if self.face else 0.0
        leads = self.face is not None and not self.face.unsure and row == self.face.best
        style = (theme.look().ink if leads else theme.look().dim, self._font(13))
        name = QFontMetrics(style[1]).elidedText(class_name(self.classes[row]), Qt.TextElideMode.ElideRight, _NAME)
        _text(painter, QRectF(_MARGIN, top, _NAME, _ROW), name, style)
        if self.face is not None:
            area = QRectF(self.width() - _MARGIN - _PERCENT, top, _PERCENT, _ROW)
            _text(painter, area, f"{round(100 * probability)} %", style, align=_RIGHT)
        left = _MARGIN + _NAME + 4
        length = self.width() - left - _MARGIN - _PERCENT
        track = QRectF(left, top + (_ROW - _BAR) / 2, length, _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.look().track)
        painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        filled = QRectF(track.left(), track.top(), length * probability, _BAR)
        painter.setBrush(self._colors[row])
        radius = min(_BAR, filled.width()) / 2
        painter.drawRoundedRect(filled, radius, radius)


def _text(
    painter: QPainter, area: QRectF, text: str, style: tuple[QColor, QFont], *, align: Qt.AlignmentFlag = _LEFT
) -> None:
    color, font = style
    painter.setPen(color)
    painter.setFont(font)
    painter.drawText(area, align, text)
