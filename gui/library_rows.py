"""Paints the rows of the library's list."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui import theme
from gui.language import tr
from gui.library_list import ENTRY, EntryModel, facts, leading
from realtime.palette import colors

if TYPE_CHECKING:
    from realtime.library import Entry

HEIGHT = 92
_PICTURE = QSize(128, 72)
_MARGIN = 10
_GAP = 16
_BAR = QSize(168, 8)
_NARROW = 560
"""In a row of less, the words need the place of the bar."""

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class EntryDelegate(QStyledItemDelegate):
    """A picture, the title over date, length and faces, and to the right how the faces looked on the whole."""

    def __init__(self, model: EntryModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 - Qt's name
        return QSize(320, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry | None = index.data(ENTRY)
        if entry is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        row = QRectF(option.rect)
        self._paint_ground(painter, row, option)
        _paint_picture(painter, _picture_in(row), self._model.image(entry))
        self._paint_words(painter, row, entry)
        if row.width() >= _NARROW and entry.shares:
            _paint_shares(painter, row, entry)
        painter.restore()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:  # noqa: N802
        editor = QLineEdit(parent)
        editor.setAccessibleName(tr("Title"))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:  # noqa: N802
        words = _words_in(QRectF(option.rect)).toRect()
        editor.setGeometry(QRect(words.left() - 9, words.top() + 2, words.width(), 34))

    def _paint_ground(self, painter: QPainter, row: QRectF, option: QStyleOptionViewItem) -> None:
        state = option.state
        look = theme.look()
        painter.fillRect(row, look.background)
        if state & QStyle.StateFlag.State_Selected:
            _rounded(painter, row.adjusted(2, 2, -2, -2), look.track)
        elif state & QStyle.StateFlag.State_MouseOver:
            _rounded(painter, row.adjusted(2, 2, -2, -2), look.raised)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(look.accent)
            painter.drawRoundedRect(row.adjusted(2.5, 2.5, -2.5, -2.5), 8, 8)

    def _paint_words(self, painter: QPainter, row: QRectF, entry: "Entry") -> None:
        look = theme.look()
        words = _words_in(row)
        line = QRectF(words.left(), words.top() + 8, words.width(), 22)
        _text(painter, line, entry.title, look.ink, _font(painter, 15, QFont.Weight.DemiBold))
        line.translate(0, 25)
        _text(painter, line, " · ".join(facts(entry)), look.dim, _font(painter, 13))
        if self._model.is_missing(entry):
            line.translate(0, 21)
            _text(painter, line, tr("A file is missing"), look.warning, _font(painter, 12))


def _picture_in(row: QRectF) -> QRectF:
    return QRectF(row.left() + _MARGIN, row.top() + _MARGIN, _PICTURE.width(), _PICTURE.height())


def _words_in(row: QRectF) -> QRectF:
    left = _picture_in(row).right() + _GAP
    right = row.right() - _MARGIN - (_BAR.width() + _GAP if row.width() >= _NARROW else 0)
    return QRectF(left, row.top() + _MARGIN, right - left, _PICTURE.height())


def _paint_picture(painter: QPainter, frame: QRectF, image: QImage | None) -> None:
    outline = QPainterPath()
    outline.addRoundedRect(frame, 6, 6)
    painter.fillPath(outline, theme.look().stage)
    if image is None:
        return
    # It fills the frame; what stands out is cut off, evenly.
    scale = max(frame.width() / image.width(), frame.height() / image.height())
    shown = QRectF(0, 0, frame.width() / scale, frame.height() / scale)
    shown.moveCenter(QRectF(image.rect()).center())
    painter.save()
    painter.setClipPath(outline)
    painter.drawImage(frame, image, shown)
    painter.restore()


def _paint_shares(painter: QPainter, row: QRectF, entry: "Entry") -> None:
    """The mean probability of each class, side by side, and the name of the largest over it."""
    look = theme.look()
    bar = QRectF(row.right() - _MARGIN - _BAR.width(), row.center().y() + 4, _BAR.width(), _BAR.height())
    _text(painter, QRectF(bar.left(), bar.top() - 25, bar.width(), 20), leading(entry), look.dim, _font(painter, 13))
    outline = QPainterPath()
    outline.addRoundedRect(bar, bar.height() / 2, bar.height() / 2)
    painter.save()
    painter.setClipPath(outline)
    painter.fillRect(bar, look.track)
    left = bar.left()
    for name, color in zip(entry.classes, colors(entry.classes), strict=True):
        width = bar.width() * entry.shares[name]
        painter.fillRect(QRectF(left, bar.top(), width, bar.height()), QColor(*color))
        left += width
    painter.restore()


def _rounded(painter: QPainter, area: QRectF, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(area, 8, 8)


def _font(painter: QPainter, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont(painter.font())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def _text(painter: QPainter, area: QRectF, text: str, color: QColor, font: QFont) -> None:
    painter.setFont(font)
    painter.setPen(color)
    elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, _LEFT, elided)
