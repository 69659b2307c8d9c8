"""The questions for files that the replay page asks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QWidget

from gui.language import tr


class Ask(Protocol):
    """Asks a person for files; None is the answer of somebody who thinks better of it."""

    def video(self, parent: QWidget) -> Path | None:
        """Where a video is that was not found."""

    def save(self, parent: QWidget, suggested: Path, endings: Sequence[str]) -> Path | None:
        """Where to write a file, which has one of ``endings``, the first one unless another is given."""


class AskFiles(Ask):
    """By the dialogs of the system."""

    def video(self, parent: QWidget) -> Path | None:
        """See :class:`Ask`."""
        name, _ = QFileDialog.getOpenFileName(parent, tr("Where is the video?"), "", tr("All files") + " (*)")
        return Path(name) if name else None

    def save(self, parent: QWidget, suggested: Path, endings: Sequence[str]) -> Path | None:
        """See :class:`Ask`."""
        kinds = ";;".join(f"{ending[1:].upper()} (*{ending})" for ending in endings)
        name, kind = QFileDialog.getSaveFileName(parent, tr("Export"), str(suggested), kinds)
        if not name:
            return None
        path = Path(name)
        if path.suffix.lower() in endings:
            return path
        chosen = next((ending for ending in endings if f"*{ending}" in kind), endings[0])
        return path.with_name(path.name + chosen)
