"""Who is in a recording: a line for each face, who was seen longest first."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QIcon

from gui.language import class_name, tr
from gui.replay.lists import Rows, RowsView, Section, dot
from realtime.palette import colors
from realtime.replay import RecordedFace

_ROWS = 6
"""Of more faces, the others are scrolled to."""


def called(face_id: int, names: Mapping[int, str]) -> str:
    """How a face is spoken of: by its name, else by its number."""
    return names.get(face_id) or tr("Face {number}", number=face_id)


class _Faces(Rows):
    columns = 2
    editable = 0
    numbers = (1,)

    def __init__(self) -> None:
        super().__init__()
        self.faces: Sequence[RecordedFace] = ()
        self.names: Mapping[int, str] = {}
        self.dots: Mapping[str, QIcon] = {}

    def cell(self, row: int, column: int, role: Qt.ItemDataRole) -> Any:
        face = self.faces[row]
        if role == Qt.ItemDataRole.ToolTipRole:
            share = round(100 * face.share)
            label = class_name(face.label)
            return tr("Mostly {label}, in {share} % of the pictures (F2 to name)", label=label, share=share)
        if column == 1:
            return f"{round(100 * face.share)} %" if role == Qt.ItemDataRole.DisplayRole else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return called(face.face_id, self.names)
            case Qt.ItemDataRole.EditRole:
                return self.names.get(face.face_id, "")
            case Qt.ItemDataRole.DecorationRole:
                return self.dots[face.label]
        return None


class FaceList(Section):
    """The faces with their names, how long each was seen, and in the colour of what each shows most.

    A click, or the arrow keys, choose one; F2 or a double click names it.
    """

    chosen = Signal(int)
    """The id of the face that was chosen."""
    named = Signal(int, str)
    """The id of a face, and the name that was written for it."""

    def __init__(self) -> None:
        self._rows = _Faces()
        self.view = RowsView(self._rows, tr("Faces"), wide=0, empty=tr("No face was seen."))
        super().__init__(tr("Faces"), self.view)
        self._rows.edited.connect(self._name, Qt.ConnectionType.QueuedConnection)
        self.view.selectionModel().currentRowChanged.connect(self._choose)

    def show_faces(self, faces: Sequence[RecordedFace], classes: Sequence[str]) -> None:
        """List ``faces``, which show some of ``classes``."""
        paint = (QColor(*rgb) for rgb in colors(classes))
        self._rows.faces, self._rows.names = faces, {}
        self._rows.dots = dict(zip(classes, map(dot, paint), strict=True))
        self._rows.begin(len(faces))
        self.view.show_at_most(_ROWS)

    def show_names(self, names: Mapping[int, str]) -> None:
        """Call the faces by ``names``."""
        self._rows.names = names
        self._rows.changed()

    def select(self, face_id: int | None) -> None:
        """Mark this face."""
        ids = [face.face_id for face in self._rows.faces]
        self.view.mark(ids.index(face_id) if face_id in ids else -1)

    def _name(self, row: int, name: str) -> None:
        if row < len(self._rows.faces):
            self.named.emit(self._rows.faces[row].face_id, name)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self._rows.faces[index.row()].face_id)
