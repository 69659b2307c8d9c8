"""One class in the prompts panel: whether it is looked for, its name, and its descriptions, a sentence a line."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.language import tr
from realtime.wording import DraftClass, Field

_BOX = 16
_INDENT = 28
_FEWEST_LINES, _MOST_LINES = 2, 9
_EXAMPLE = "a bored face"
"""Not to be translated: descriptions are in English, which is all that the text encoder knows."""


class ColorCheck(QCheckBox):
    """A check box in the colour of a class; hollow where that is off."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_BOX + 8, _BOX + 8)
        self._color = QColor()

    def show_color(self, color: QColor) -> None:
        """Be of this colour while on."""
        self._color = color
        self.update()

    def hitButton(self, _position: QPointF) -> bool:  # type: ignore[override]  # noqa: N802 - Qt's name
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0, 0, _BOX, _BOX)
        box.moveCenter(QRectF(self.rect()).center())
        if self.hasFocus():
            painter.setPen(QPen(theme.look().accent, 1.5))
            painter.drawRoundedRect(box.adjusted(-2.5, -2.5, 2.5, 2.5), 6, 6)
        if not self.isChecked():
            painter.setPen(QPen(theme.look().dim, 1))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color)
        painter.drawRoundedRect(box, 4, 4)
        ink = Qt.GlobalColor.black if self._color.lightnessF() > 0.4 else Qt.GlobalColor.white
        painter.setPen(QPen(ink, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline([box.topLeft() + QPointF(*point) for point in ((4, 8.5), (7, 11.5), (12, 5))])


class _Chevron(QToolButton):
    """Opens and closes a row; points down while that is open."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFixedSize(28, 30)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        painter = QPainter(self)  # a style sheet's arrow would have to be a file
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.look().dim, 1.5))
        painter.translate(QRectF(self.rect()).center())
        if not self.isChecked():
            painter.rotate(-90)
        painter.drawPolyline([QPointF(-4, -2), QPointF(0, 2), QPointF(4, -2)])


class _Cross(QToolButton):
    """Takes a row away."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(28, 30)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.look().dim, 1.5))
        painter.translate(QRectF(self.rect()).center())
        painter.drawLine(QPointF(-3.5, -3.5), QPointF(3.5, 3.5))
        painter.drawLine(QPointF(-3.5, 3.5), QPointF(3.5, -3.5))


class _Summary(QLabel):
    """The first of some sentences, cut off where it does not fit, and how many more; a click opens them."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._more = 0
        self.setProperty("role", "detail")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sum_up(self, sentences: tuple[str, ...]) -> None:
        """Be about these."""
        self._more = max(0, len(sentences) - 1)
        self.setText(sentences[0] if sentences else tr("No description yet"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setPen(theme.look().dim)
        more = f"+{self._more}" if self._more else ""
        room = self.width() - self.fontMetrics().horizontalAdvance(f"  {more}")
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, more)

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self.clicked.emit()


class _Sentences(QPlainTextEdit):
    """As high as what is in it, within limits."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setPlaceholderText(_EXAMPLE)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        lines = min(max(self.document().size().height(), _FEWEST_LINES), _MOST_LINES)  # a plain document counts lines
        around = 2 * self.document().documentMargin() + 2 * self.frameWidth() + 12
        return QSize(100, math.ceil(lines * self.fontMetrics().lineSpacing() + around))

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusOutEvent(event)
        self.left.emit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()


class PromptRow(QWidget):
    """A class that can be edited in place; it tells of every change.

    What a person has not come to yet is not called wrong: a new class is empty, and its fields are still to be filled.
    """

    edited = Signal()
    removed = Signal()
    opened = Signal()

    def __init__(self, given: DraftClass) -> None:
        super().__init__()
        self._given = given
        self._touched = {Field.NAME: given != DraftClass(), Field.DESCRIPTIONS: given != DraftClass()}
        self._lines = {Field.NAME: "", Field.DESCRIPTIONS: ""}
        self._given_text = "\n".join(" ".join(text.split()) for text in given.descriptions)
        self.check = ColorCheck()
        self.name = QLineEdit(given.name)
        self.chevron = _Chevron()
        self.remove = _Cross()
        self.name_problem = _problem_label()
        self.summary = _Summary()
        self.sentences = _Sentences()
        self.sentences_problem = _problem_label()
        self.check.setChecked(given.on)
        self.sentences.setPlainText(self._given_text)
        self._say()
        self._build()
        self._sum_up()
        self.open(False)
        self.check.toggled.connect(self.edited)
        self.name.textChanged.connect(lambda: self._edit(Field.NAME))
        self.name.editingFinished.connect(lambda: self._touch(Field.NAME))
        self.name.returnPressed.connect(self.open_and_describe)
        self.sentences.textChanged.connect(lambda: self._edit(Field.DESCRIPTIONS))
        self.sentences.left.connect(lambda: self._touch(Field.DESCRIPTIONS))
        self.summary.clicked.connect(self.open_and_describe)
        self.chevron.toggled.connect(self.open)
        self.remove.clicked.connect(self.removed)

    @property
    def content(self) -> DraftClass:
        """The class as it stands in the fields; where its words were not touched, exactly as they were given."""
        text = self.sentences.toPlainText()
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())
        descriptions = self._given.descriptions if text == self._given_text else lines
        return DraftClass(self.name.text().strip(), descriptions, self.check.isChecked())

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What Tab goes through, in order."""
        return self.check, self.name, self.chevron, self.remove, self.sentences

    @property
    def is_open(self) -> bool:
        """Whether the descriptions can be edited."""
        return self.chevron.isChecked()

    def open(self, whether: bool = True) -> None:
        """Show all descriptions, or the beginning of the first alone."""
        self.chevron.setChecked(whether)
        self.sentences.setVisible(whether)
        self.summary.setVisible(not whether)
        if whether:
            self.opened.emit()

    def open_and_describe(self) -> None:
        """Show all descriptions, ready for more of them."""
        self.open()
        self.sentences.setFocus()

    def show_color(self, color: QColor) -> None:
        """The colour of the class, everywhere the same."""
        self.check.show_color(color)

    def show_problems(self, name: str, sentences: str) -> None:
        """Say what is wrong under each of the fields; nothing where that is empty."""
        self._lines = {Field.NAME: name, Field.DESCRIPTIONS: sentences}
        self._show_lines()

    def _show_lines(self) -> None:
        for field, label, widget in (
            (Field.NAME, self.name_problem, self.name),
            (Field.DESCRIPTIONS, self.sentences_problem, self.sentences),
        ):
            line = self._lines[field] if self._touched[field] else ""
            label.setText(line)
            label.setVisible(bool(line))
            widget.setAccessibleDescription(line)

    def _touch(self, field: Field) -> None:
        self._touched[field] = True
        self._show_lines()

    def _edit(self, field: Field) -> None:
        self._touched[field] = True
        self._sum_up()
        self.edited.emit()

    def _sum_up(self) -> None:
        name = self.name.text().strip()
        self.summary.sum_up(self.content.descriptions)
        self.check.setAccessibleName(tr("Look for {name}", name=name))
        self.remove.setAccessibleName(tr("Remove {name}", name=name))
        self.chevron.setAccessibleName(tr("Describe {name}", name=name))

    def _say(self) -> None:
        self.name.setPlaceholderText(tr("Name, such as “bored”"))
        self.name.setAccessibleName(tr("Name of the expression"))
        self.name.setToolTip(tr("What it is called beside a face and in tables (Return: describe it)"))
        self.sentences.setAccessibleName(tr("Descriptions, a sentence a line"))
        self.sentences.setToolTip(tr("In English, a sentence a line"))
        self.check.setToolTip(tr("Look for it, or not (Space)"))
        self.chevron.setToolTip(tr("Show its descriptions (Enter in its name)"))
        self.remove.setToolTip(tr("Remove it (Space)"))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        for widget in (self.check, self.name, self.chevron, self.remove):
            head.addWidget(widget)
        under = QVBoxLayout()
        under.setContentsMargins(_INDENT, 0, 0, 0)
        under.setSpacing(4)
        for below in (self.name_problem, self.summary, self.sentences, self.sentences_problem):
            under.addWidget(below)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 6)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addLayout(under)


def _problem_label() -> QLabel:
    label = QLabel()
    label.setProperty("role", "problem")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.hide()
    return label
