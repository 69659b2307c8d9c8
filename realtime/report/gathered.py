"""Everything that the page of a report is made of."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from realtime.report.bins import Bins
from realtime.report.moments import Moments

UNSURE = "unsure"
"""In the place of a class, of what is none for sure."""
SMALL_PX = 48.0
"""Width of a face's box under which it has less in it than the encoder looks at."""
SHOWN = 12
"""Faces that have a timeline of their own: those that were seen longest."""


@dataclass(slots=True)
class Seen:
    """One face: its timeline, and when it was seen first and last (seconds)."""

    face_id: int
    bins: Bins
    first: float
    last: float


@dataclass(slots=True)
class Gathered:
    """Everything that the page is made of. Of ``faces`` only the longest seen; ``people`` counts all.

    ``readings`` counts faces over all frames, of which ``small`` and ``unsure`` are; ``led`` says which class is in the
    lead in how many, or :data:`UNSURE`. Of pictures that is all: they have no time, and an id means nothing in two.
    """

    classes: tuple[str, ...]
    about: Mapping[str, object]
    still: bool
    moments: Moments
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faces: dict[int, Seen] = field(default_factory=dict)
    people: int = 0
    frames: int = 0
    with_faces: int = 0
    readings: int = 0
    led: Counter[str] = field(default_factory=Counter)
    small: int = 0
    unsure: int = 0
    first: float = 0.0
    last: float = 0.0
    complete: bool = True

    def longest_seen(self) -> list[Seen]:
        """The faces to be shown, the longest seen first."""
        return sorted(self.faces.values(), key=lambda seen: -seen.bins.frames)[:SHOWN]
