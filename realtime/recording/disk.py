"""The room on the disk that a recording goes to."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from engines.errors import OutputError

_RESERVE_BYTES = 500_000_000
_RESERVE_SHARE = 0.05
"""Of a small disk, such as a memory stick."""


class Usage(Protocol):
    """Bytes of a disk, as ``shutil.disk_usage`` gives them."""

    @property
    def total(self) -> int: ...

    @property
    def free(self) -> int: ...


DiskUsage = Callable[[Path], Usage]
"""Raises ``OSError`` where the folder is gone."""


class Disk:
    """Watches the room in ``folder`` beyond a reserve, which is the system's and everybody's."""

    def __init__(self, folder: Path, usage: DiskUsage = shutil.disk_usage) -> None:
        """Raises ``OutputError`` if the folder is not there."""
        self._folder = folder
        self._usage = usage
        self.free = 0
        self.room = 0
        self.look()

    def look(self) -> None:
        """Bring ``free`` and ``room``, in bytes, up to date. Raises ``OutputError`` if the folder is gone."""
        try:
            usage = self._usage(self._folder)
        except OSError as error:
            raise OutputError(f"The folder {self._folder} cannot be reached any more: {error.strerror}.") from error
        self.free = usage.free
        self.room = max(0, usage.free - round(min(_RESERVE_BYTES, _RESERVE_SHARE * usage.total)))

    @property
    def full(self) -> str:
        """The line that says that there is no room; empty while there is."""
        if self.room:
            return ""
        return (
            f"The disk of {self._folder} is nearly full ({self.free / 1e6:.0f} MB free): make room, or choose another."
        )
