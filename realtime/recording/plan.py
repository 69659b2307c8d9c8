"""What a recording consists of, and what its files are called."""

import itertools
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from engines.errors import OutputError
from realtime.sinks import TableFormat
from realtime.sinks.base import partial_of

VideoKind = Literal["annotated", "raw"]
"""A video with the readings drawn onto it, or as it came."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A recording in ``folder``: ``NAME.mp4``, ``NAME.parquet`` (or another table) and ``NAME.json``, its summary.

    ``video`` and ``table`` are None where there is none. ``about`` is put first into the summary, as it is at the end.
    """

    folder: Path
    name: str
    classes: tuple[str, ...]
    video: VideoKind | None
    table: TableFormat | None
    about: dict[str, object]

    @property
    def video_path(self) -> Path | None:
        return self.folder / f"{self.name}.mp4" if self.video else None

    @property
    def table_path(self) -> Path | None:
        return self.folder / f"{self.name}.{self.table}" if self.table else None

    @property
    def summary_path(self) -> Path:
        return self.folder / f"{self.name}.json"

    @property
    def journal_path(self) -> Path:
        """Holds all that was read while the recording lasts, and is gone when it is finished."""
        return journal_of(self.folder, self.name)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that the recording leads to, in the order in which a person wants to know them."""
        return tuple(path for path in (self.video_path, self.table_path, self.summary_path) if path is not None)


JOURNALS = ".*.recording"
"""Matches the names of journals."""


def journal_of(folder: Path, name: str) -> Path:
    """Hidden, as are the files that are not finished."""
    return folder / f".{name}.recording"


def name_by_time() -> str:
    """The name of a recording or a snapshot that has none: date and time here, fit for every system."""
    return datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S")


def free_name(folder: Path, name: str, endings: tuple[str, ...]) -> str:
    """``name``, numbered if a file of that name with one of ``endings`` is there: nothing is ever replaced.

    Raises ``OutputError`` if ``name`` cannot be that of a file in ``folder``.
    """
    if not name or Path(name).name != name:
        raise OutputError(f"{name!r} cannot be the name of a file: give one without folders.")
    numbered = (name if number == 1 else f"{name}-{number}" for number in itertools.count(1))
    try:
        return next(each for each in numbered if not _taken(folder, each, endings))
    except OSError as error:
        raise OutputError(f"{name!r} cannot be the name of a file in {folder}: {error.strerror}.") from error


def _taken(folder: Path, name: str, endings: tuple[str, ...]) -> bool:
    files = [folder / f"{name}{ending}" for ending in endings]
    return any(path.exists() for path in (*files, *map(partial_of, files), journal_of(folder, name)))
