"""A person's own neutral, taken live, and kept in a file of the user's if they ask for it."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, Signal

from engines.errors import MienError
from engines.neutral import OwnNeutral
from gui.controller import Controller
from gui.faces import FacePanel
from gui.neutral import SECONDS


def neutral_file() -> Path:
    """Where a neutral is kept, by the customs of the system."""
    return Path(platformdirs.user_config_dir("mien", appauthor=False)) / "neutral.npz"


class OwnNeutrals(QObject):
    """Does what the row under the bars of ``panel`` asks for, with the pipeline that ``controller`` runs."""

    failed = Signal(str)
    """The one line that says why a neutral cannot be kept or used."""

    def __init__(self, controller: Controller, panel: FacePanel, file: Path) -> None:
        super().__init__()
        self._controller = controller
        self._panel = panel
        self._file = file
        row = panel.neutral
        row.take_asked.connect(self._take)
        row.undo_asked.connect(self._undo)
        row.keep_asked.connect(self._keep)
        row.give_asked.connect(self._give)
        row.drop_asked.connect(self._drop)
        controller.started.connect(self.offer)

    def offer(self) -> None:
        """Show what can be done with what runs now."""
        pipeline = self._controller.pipeline
        offered = pipeline is not None and pipeline.can_take_neutral
        self._panel.offer_neutral(offered, kept=self._file.exists())

    def toggle(self) -> None:
        """Take the selected face's neutral, or undo it."""
        if self._panel.neutral.isVisible() and self._panel.neutral.isEnabled():
            self._panel.neutral.main_button.click()

    def _take(self) -> None:
        if (pipeline := self._controller.pipeline) is not None and (face := self._panel.selected) is not None:
            pipeline.take_neutral(face, SECONDS)

    def _undo(self) -> None:
        if (pipeline := self._controller.pipeline) is not None and (face := self._panel.selected) is not None:
            pipeline.forget_neutral(face)

    def _keep(self) -> None:
        if (pipeline := self._controller.pipeline) is None or (face := self._panel.selected) is None:
            return
        neutral = pipeline.own_neutral(face)
        if neutral is not None:
            with suppress(OSError):  # what is wrong with the folder, writing says
                self._file.parent.mkdir(parents=True, exist_ok=True)
            self._try(lambda: neutral.save(self._file, pipeline.encoder))

    def _give(self) -> None:
        if (pipeline := self._controller.pipeline) is None or (face := self._panel.selected) is None:
            return
        self._try(lambda: pipeline.give_neutral(face, OwnNeutral.read(self._file, pipeline.encoder)))

    def _drop(self) -> None:
        with suppress(OSError):
            self._file.unlink()
        self.offer()

    def _try(self, what: Callable[[], object]) -> None:
        try:
            what()
        except MienError as error:
            self.failed.emit(str(error))
        self.offer()
