"""The names of the classes, each a chip in its colour that switches it on and off."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy, QWidget

from gui import theme
from gui.language import class_name, tr

_HEIGHT = 26
_GAP = 4
_DOT = 4.5
_TEXT = 24
_WIDEST = 180
_STROKE_CONTRAST = 1.9
"""Between a thin line and what it lies on, as WCAG 2 takes it. More would make yellow and orange alike on white."""


def stroke(color: QColor) -> QColor:
    """``color`` for thin lines: as it is where it stands out from the background, else as dark as it must be."""
    background = _luminance(theme.look().background)
    darker = QColor(color)
    while background > 0.5 and (background + 0.05) / (_luminance(darker) + 0.05) < _STROKE_CONTRAST:
        darker = darker.darker(104)
    return darker


def _luminance(color: QColor) -> float:
    """Relative luminance in 0..1 (WCAG 2)."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (color.redF(), color.greenF(), color.blueF())
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


class Chip(QAbstractButton):
    """A class's name behind a dot in its colour; a ring is in the dot's place while it is switched off."""

    def __init__(self, name: str, color: QColor, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self._said = class_name(name)
        self.color = color
        self.setText(self._said)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self._said)
        self.setToolTip(tr("Show or hide {name} (Space); with Shift, only this one", name=self._said))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(min(_WIDEST, QFontMetrics(self._font()).horizontalAdvance(self._said) + _TEXT + 10), _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        look = theme.look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.setPen(QPen(look.accent, 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(look.raised if self.isChecked() or self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, 6, 6)
        paint = stroke(self.color)
        painter.setPen(QPen(paint, 1.5))
        painter.setBrush(paint if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(_TEXT / 2, area.center().y()), _DOT - 0.5, _DOT - 0.5)
        painter.setPen(look.ink if self.isChecked() else look.dim)
        font = self._font()
        painter.setFont(font)
        text = QFontMetrics(font).elidedText(self._said, Qt.TextElideMode.ElideRight, self.width() - _TEXT - 4)
        painter.drawText(area.adjusted(_TEXT - 2, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(13)
        return font


class Legend(QWidget):
    """A chip for each class, in as many lines as the width needs."""

    changed = Signal()
    """The user has switched classes on or off."""

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(tr("Expressions in the plot"))
        self.chips: tuple[Chip, ...] = ()

    @property
    def shown(self) -> frozenset[str]:
        """The classes that are switched on."""
        return frozenset(chip.name for chip in self.chips if chip.isChecked())

    def set_classes(self, classes: Sequence[str], colors: Sequence[QColor]) -> None:
        """A chip for each; those that were there before stay on or off."""
        off = {chip.name for chip in self.chips if not chip.isChecked()}
        for chip in self.chips:
            chip.deleteLater()
            chip.hide()
        self.chips = tuple(Chip(name, color, self) for name, color in zip(classes, colors, strict=True))
        for chip in self.chips:
            chip.setChecked(chip.name not in off)
            chip.clicked.connect(lambda _=False, chip=chip: self._clicked(chip))
            chip.show()
        self._arrange(self.width())
        self.updateGeometry()

    def show_classes(self, names: Iterable[str]) -> None:
        """Switch these on, and the others off."""
        wanted = set(names)
        for chip in self.chips:
            chip.setChecked(chip.name in wanted)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        return self._places(width)[1]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(sum(chip.sizeHint().width() + _GAP for chip in self.chips), _HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(_WIDEST, _HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _clicked(self, chip: Chip) -> None:
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            was_alone = not self.shown
            self.show_classes(each.name for each in self.chips if was_alone or each is chip)
        self.changed.emit()

    def _arrange(self, width: int) -> None:
        for chip, place in zip(self.chips, self._places(width)[0], strict=True):
            chip.setGeometry(place)

    def _places(self, width: int) -> tuple[list[QRect], int]:
        """Where each chip lies, and how high all are."""
        places: list[QRect] = []
        corner = QPoint(0, 0)
        for chip in self.chips:
            size = chip.sizeHint()
            if corner.x() and corner.x() + size.width() > width:
                corner = QPoint(0, corner.y() + _HEIGHT + _GAP)
            places.append(QRect(corner, size))
            corner += QPoint(size.width() + _GAP, 0)
        return places, corner.y() + _HEIGHT
