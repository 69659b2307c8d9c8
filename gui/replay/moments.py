"""The strongest moments of a face, to jump to."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon

from gui.clock import clock
from gui.language import class_name, tr
from gui.replay.lists import Rows, RowsView, Section, dot
from realtime.palette import colors
from realtime.replay import Moment


class _Moments(Rows):
    columns = 3
    numbers = (1, 2)

    def __init__(self) -> None:
        super().__init__()
        self.moments: Sequence[Moment] = ()
        self.dots: dict[str, QIcon] = {}
        self.start = 0.0

    def cell(self, row: int, column: int, role: Qt.ItemDataRole) -> Any:
        moment = self.moments[row]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                at = clock(moment.time - self.start, 0.1)
                return (class_name(moment.name), at, f"{round(100 * moment.probability)} %")[column]
            case Qt.ItemDataRole.DecorationRole:
                return self.dots.get(moment.name) if column == 0 else None
            case Qt.ItemDataRole.ToolTipRole:
                return tr("Go there (Return); next moment (N), the one before (Shift+N)")
        return None


class MomentList(Section):
    """Expression, time and probability of each moment, in the order of time. A click goes there."""

    picked = Signal(object)
    """The :class:`~realtime.replay.Moment` to go to."""

    def __init__(self) -> None:
        self._rows = _Moments()
        self.view = RowsView(self._rows, tr("Strongest moments"), wide=0, empty=tr("None stands out."))
        super().__init__(tr("Strongest moments"), self.view)
        self.view.picked.connect(lambda row: self.picked.emit(self._rows.moments[row]))

    @property
    def moments(self) -> Sequence[Moment]:
        """Those that are listed."""
        return self._rows.moments

    def show_moments(self, moments: Sequence[Moment], classes: Sequence[str], start: float) -> None:
        """List ``moments``, of some of ``classes``, with their times counted from ``start``."""
        paint = (QColor(*rgb) for rgb in colors(classes))
        self._rows.moments, self._rows.start = moments, start
        self._rows.dots = dict(zip(classes, map(dot, paint), strict=True))
        self._rows.begin(len(moments))

    def mark(self, moment: Moment) -> None:
        """Mark this one."""
        self.view.mark(self._rows.moments.index(moment) if moment in self._rows.moments else -1)
