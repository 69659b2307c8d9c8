"""The settings, to be looked at and changed; each change applies at once."""

import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engines.base import EngineName
from engines.errors import MienError
from gui.controls import CheckBox, Combo
from gui.language import LANGUAGES, tr
from gui.settings import CAMERA_RATES, CAMERA_SIZES, Loaded, Settings, recordings_folder

if TYPE_CHECKING:  # loads the engines' rooms
    from engines.listing import Unavailable

    Probe = Callable[[], Mapping[EngineName, Unavailable]]
    """Which engines cannot run here, and why; may take long."""

_SMOOTHINGS = (0.0, 0.1, 0.3, 0.6, 1.0)
_LONGEST_WAIT_S = 0.5
"""For the thread that looks at the engines, when the dialogue closes."""

Lines = Sequence[tuple[object, str]]
"""Values, and what each is called."""


def look_at_engines() -> "Mapping[EngineName, Unavailable]":
    """Which engines cannot run the model that ships, and why."""
    from engines.listing import unavailable  # noqa: PLC0415 - slow to load: called from a thread
    from engines.package import ModelPackage  # noqa: PLC0415

    return unavailable(ModelPackage.load(None))


def ask_for_folder(parent: QWidget, folder: str) -> str:
    """Let the user choose a folder; "" for none."""
    return QFileDialog.getExistingDirectory(parent, tr("Folder for recordings"), folder)


def damage_line(loaded: Loaded) -> str:
    """What to say where the settings could not be read; "" where they could."""
    if loaded.replaced:
        names = ", ".join(loaded.replaced)
        return tr("Some settings could not be used, and have their defaults: {names}.", names=names)
    if not loaded.damaged:
        return ""
    if loaded.kept is None:
        return tr("The settings could not be read: the defaults are used.")
    return tr("The settings could not be read: the defaults are used, and the old file is {file}.", file=loaded.kept)


class SettingsDialog(QDialog):
    """Shows :class:`~gui.settings.Settings` and tells every change at once; what it does not show stays as it is.

    Which engines cannot run here is looked up by a thread of its own, and shown when it is known.
    """

    changed = Signal(object)
    """The :class:`~gui.settings.Settings` from now on."""

    _looked = Signal(object)

    def __init__(
        self,
        settings: Settings,
        *,
        probe: "Probe" = look_at_engines,
        ask: Callable[[QWidget, str], str] = ask_for_folder,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._probe = probe
        self._ask = ask
        self._looker: threading.Thread | None = None
        self._values: dict[str, list[Any]] = {}
        self.lists: dict[str, Combo] = {}
        self.mirror = CheckBox(tr("Show it as a mirror does"))
        self.folder = QLineEdit()
        self.defaults = QPushButton(tr("Defaults"))
        self.setWindowTitle(tr("Settings"))
        self._build()
        self._looked.connect(self._show_unavailable, Qt.ConnectionType.QueuedConnection)
        self.show_settings(settings)

    @property
    def settings(self) -> Settings:
        """As they are shown."""
        return self._settings

    def show_settings(self, settings: Settings) -> None:
        """Show ``settings``, which came from elsewhere; tells no change."""
        self._settings = settings
        for name, combo in self.lists.items():
            self._select(combo, name, getattr(settings, name))
        self.mirror.setChecked(settings.mirror)
        self.folder.setText(settings.recording_folder)
        self.folder.setPlaceholderText(str(recordings_folder(Settings())))

    def choose(self, name: str, value: object) -> None:
        """Set the setting ``name``, as the user does, and tell it if it is another."""
        after = replace(self._settings, **{name: value})  # type: ignore[arg-type]
        if after != self._settings:
            self._settings = after
            self.changed.emit(after)

    def done(self, result: int) -> None:
        """Close; what looks at the engines is not left behind."""
        if self._looker is not None:
            self._looker.join(_LONGEST_WAIT_S)
        super().done(result)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        if self._looker is None:
            self._looker = threading.Thread(target=self._look, name="mien-look-at-engines", daemon=True)
            self._looker.start()

    def _build(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(40)
        for groups in ((self._reading, self._camera), (self._appearance, self._recording)):
            column = QVBoxLayout()
            column.setSpacing(24)
            for group in groups:
                column.addLayout(group())
            column.addStretch()
            columns.addLayout(column, 1)
        self.defaults.setToolTip(tr("Set everything on this page back"))
        self.defaults.setAutoDefault(False)
        self.defaults.clicked.connect(self._restore)
        close = QPushButton(tr("Close"))
        close.setToolTip(tr("Close (Esc)"))
        close.setProperty("primary", True)
        close.setAutoDefault(False)  # Enter in the folder's line must not close
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(self.defaults)
        foot.addStretch()
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 24, 28, 20)
        layout.setSpacing(24)
        layout.addLayout(columns)
        layout.addLayout(foot)

    def _reading(self) -> QGridLayout:
        grid = _group(tr("Reading"), tr("A change starts the source anew."))
        self._add(grid, "engine", tr("Engine"), _engines(), tr("What runs the face encoder"))
        self._add(grid, "detector", tr("Faces"), _detectors(), tr("How faces are looked for"))
        self._add(
            grid, "smoothing", tr("Smoothing"), _smoothings(), tr("Longer is calmer, and slower to show a quick smile")
        )
        return grid

    def _camera(self) -> QGridLayout:
        grid = _group(tr("Camera"), tr("A camera gives what it can; a change starts it anew."))
        self._add(grid, "camera_size", tr("Size"), _sizes(), tr("Width and height of the picture, in pixels"))
        self._add(grid, "camera_fps", tr("Rate"), _rates(), tr("Pictures in a second"))
        self.mirror.setToolTip(tr("People look into their own camera as into a mirror (Ctrl+M)"))
        self.mirror.toggled.connect(lambda on: self.choose("mirror", on))
        grid.addWidget(self.mirror, grid.rowCount(), 1)
        return grid

    def _appearance(self) -> QGridLayout:
        grid = _group(tr("Appearance"), tr("Another language takes effect at the next start."))
        self._add(grid, "theme", tr("Theme"), _themes(), tr("Colours of the window"))
        self._add(grid, "language", tr("Language"), _languages(), tr("Language of the window"))
        return grid

    def _recording(self) -> QGridLayout:
        grid = _group(tr("Recording"), "")
        kinds = tr("Whether boxes and labels are drawn into the video")
        self._add(grid, "recording_kind", tr("Video"), _recordings(), kinds)
        self.folder.setAccessibleName(tr("Folder for recordings"))
        self.folder.setToolTip(tr("Where recordings go"))
        self.folder.editingFinished.connect(lambda: self.choose("recording_folder", self.folder.text().strip()))
        browse = QPushButton("…")
        browse.setAccessibleName(tr("Choose a folder"))
        browse.setToolTip(tr("Choose a folder"))
        browse.setAutoDefault(False)
        browse.setFixedWidth(44)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(browse)
        number = grid.rowCount()
        grid.addWidget(_name(tr("Folder"), self.folder), number, 0)
        grid.addLayout(row, number, 1)
        return grid

    def _add(self, grid: QGridLayout, name: str, called: str, lines: Lines, tip: str) -> None:
        combo = Combo()
        combo.addItems([text for _, text in lines])
        combo.setAccessibleName(called)
        combo.setToolTip(tip)
        combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        combo.activated.connect(lambda index: self.choose(name, self._values[name][index]))
        self._values[name] = [value for value, _ in lines]
        self.lists[name] = combo
        row = grid.rowCount()
        grid.addWidget(_name(called, combo), row, 0)
        grid.addWidget(combo, row, 1)

    def _select(self, combo: Combo, name: str, value: object) -> None:
        if value not in self._values[name]:  # a smoothing that was written by hand
            self._values[name].append(value)
            combo.addItem(tr("{seconds} s", seconds=value))
        combo.setCurrentIndex(self._values[name].index(value))

    def _restore(self) -> None:
        usual = Settings()
        shown = (*self.lists, "mirror", "recording_folder")
        after = replace(self._settings, **{name: getattr(usual, name) for name in shown})
        if after != self._settings:
            self.show_settings(after)
            self.changed.emit(after)

    def _browse(self) -> None:
        chosen = self._ask(self, str(recordings_folder(self._settings)))
        if chosen:
            self.folder.setText(chosen)
            self.choose("recording_folder", chosen)

    def _look(self) -> None:
        """In a thread of its own."""
        try:
            found = self._probe()
        except (MienError, OSError) as error:
            sys.stderr.write(f"Cannot look at the engines: {error}\n")
            return
        with suppress(RuntimeError):  # the dialogue has gone meanwhile
            self._looked.emit(found)

    def _show_unavailable(self, found: "Mapping[EngineName, Unavailable]") -> None:
        model = self.lists["engine"].model()
        for row, name in enumerate(self._values["engine"]):
            item = cast("QStandardItemModel", model).item(row)  # what a combo box has unless it is given another
            item.setEnabled(name not in found)
            item.setToolTip(_why(found[name]) if name in found else "")


def _group(title: str, hint: str) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    grid.setColumnMinimumWidth(0, 88)
    grid.setColumnMinimumWidth(1, 220)
    grid.setColumnStretch(1, 1)
    for row, (text, role) in enumerate(((title, "heading"), (hint, "small"))):
        if text:
            label = QLabel(text)
            label.setProperty("role", role)
            grid.addWidget(label, row, 0, 1, 2)
    return grid


def _name(text: str, of: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(of)
    return label


def _why(reason: "Unavailable") -> str:
    if reason.lacks == "card":
        return tr("Needs an NVIDIA card, and none is here.")
    if reason.lacks == "library":
        return tr("Is not installed: {command}", command=reason.detail)
    return reason.detail


def _engines() -> Lines:
    names = {
        EngineName.AUTO: tr("Automatic"),
        EngineName.OPENVINO: "OpenVINO",
        EngineName.ONNXRUNTIME: "ONNX Runtime",
        EngineName.TENSORRT: "TensorRT",
        EngineName.TORCH: "PyTorch",
    }
    return list(names.items())


def _detectors() -> Lines:
    return [
        ("auto", tr("Automatic")),
        ("short", tr("At the desk")),
        ("full", tr("In the room")),
        ("tiled", tr("Small ones in large pictures")),
    ]


def _smoothings() -> Lines:
    return [(seconds, tr("{seconds} s", seconds=seconds) if seconds else tr("Off")) for seconds in _SMOOTHINGS]


def _sizes() -> Lines:
    return [(size, tr("As the camera has it") if size == "auto" else size.replace("x", " x ")) for size in CAMERA_SIZES]


def _rates() -> Lines:
    return [(rate, tr("{rate} per second", rate=rate)) for rate in CAMERA_RATES]


def _themes() -> Lines:
    return [("dark", tr("Dark")), ("light", tr("Light")), ("system", tr("As the system"))]


def _languages() -> Lines:
    return [("system", tr("As the system")), *LANGUAGES.items()]


def _recordings() -> Lines:
    return [
        ("annotated", tr("With boxes and labels")),
        ("raw", tr("As the camera gives it")),
        ("table", tr("None, the table alone")),
    ]
