"""What the library holds: entries with their faces, and the notes on them. Costs nothing to import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class State(StrEnum):
    """Whether a run came to its end; ``PARTIAL`` was stopped before it, and holds what was read until then."""

    COMPLETE = "complete"
    PARTIAL = "partial"


class Order(StrEnum):
    """In which order entries are listed: the newest first, by title, or the longest first."""

    DATE = "date"
    TITLE = "title"
    DURATION = "duration"


@dataclass(frozen=True, slots=True)
class FaceSummary:
    """One face over a whole run, as the summary has it.

    ``frames`` is in how many it was read, ``first`` and ``last`` are seconds on the table's clock, ``shares`` holds the
    mean probability of each class, and ``label`` the class with the largest.
    """

    face_id: int
    frames: int
    first: float
    last: float
    label: str
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """A recording, or a video that was analysed.

    ``source`` is what was read, as its summary names it: a file, a camera, a stream. ``video`` is what was written,
    None if nothing was; ``annotated`` says that boxes are drawn into it. ``table`` and ``summary`` are None where there
    is none. ``date`` bears a time zone; ``duration`` is in seconds. ``id`` is 0 until the library has taken it in; no
    entry ever gets the id of one before it.
    """

    title: str
    source: str
    date: datetime
    duration: float
    video: Path | None = None
    table: Path | None = None
    summary: Path | None = None
    annotated: bool = False
    classes: tuple[str, ...] = ()
    model: str = ""
    faces: tuple[FaceSummary, ...] = ()
    state: State = State.COMPLETE
    id: int = 0
    shares: Mapping[str, float] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if self.date.tzinfo is None:
            raise ValueError(f"Entry.date: expected a time zone, got {self.date.isoformat()}")
        object.__setattr__(self, "shares", _overall(self.classes, self.faces))

    @property
    def source_file(self) -> Path | None:
        """The file or folder that was read, by its absolute path; None where it was a camera, or the like."""
        path = Path(self.source)
        return path if path.is_absolute() else None

    def outputs(self) -> tuple[Path, ...]:
        """The files that Mien has written for this entry; never what was read."""
        written = (self.video, self.table, self.summary)
        return tuple(path for path in written if path is not None and path != self.source_file)

    def paths(self) -> tuple[Path, ...]:
        """Every file that belongs to this entry, what was read first."""
        read = () if self.source_file is None else (self.source_file,)
        return (*read, *self.outputs())


@dataclass(frozen=True, slots=True)
class Note:
    """What a person wrote on a moment of an entry, or on the span from ``begin`` to ``end``.

    Both are seconds on the table's clock; ``end`` is None for a moment. ``created`` bears a time zone.
    """

    id: int
    entry: int
    begin: float
    end: float | None
    text: str
    created: datetime


def _overall(classes: tuple[str, ...], faces: tuple[FaceSummary, ...]) -> dict[str, float]:
    """The mean probability of each class over all faces, each counted as often as it was read."""
    frames = sum(face.frames for face in faces)
    if not frames:
        return {}
    return {name: sum(face.frames * face.shares.get(name, 0.0) for face in faces) / frames for name in classes}
