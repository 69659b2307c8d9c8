"""The columns of a table: what each is called, measures and means, and how its cells come out of a reading."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engines.prompts import Prompts
from realtime.palette import UNSURE_ABOVE
from realtime.records import Face, Frame, Reading

Cell = int | float | str | NDArray[np.float32] | None

POINTS = ("right_eye", "left_eye", "nose_tip", "mouth_center", "right_ear", "left_ear")
"""The names of a face's keypoints, in their order; right and left are the person's own."""

_PIXELS, _SECONDS, _SHARE, _DEGREES, _NONE = "pixels", "seconds", "probability 0..1", "degrees", "none"

COORDINATES = "pixels of the upright picture, from its top left corner: x to the right, y down"
CLOCK = "seconds of the file's own clock, which may start elsewhere than at 0: its first frame is at first_time_s"


@dataclass(frozen=True, slots=True)
class Column:
    """``of`` takes a cell from a face of a frame's reading; ``kind`` is the cell's type in Arrow."""

    name: str
    unit: str
    description: str
    of: Callable[[Frame, Reading, Face], Cell]
    kind: Any

    @property
    def field(self) -> Any:
        """The Arrow field, which carries the unit and the description."""
        return pa.field(self.name, self.kind, metadata={"unit": self.unit, "description": self.description})


@dataclass(frozen=True, slots=True)
class Extras:
    """What a table may have beside its usual columns: the detector's ``keypoints`` with the head's roll, and the
    ``embeddings`` of so many numbers (0: none); and, of pictures, the ``files`` that they were read from.
    """

    keypoints: bool = False
    embeddings: int = 0
    files: bool = False


PLAIN = Extras()

_FILE = Column("file", _NONE, "name of the picture's file", lambda frame, _, __: frame.name, pa.string())


def columns(classes: Sequence[str], extras: Extras = PLAIN) -> tuple[Column, ...]:
    """The columns of a table of readings of ``classes``, in their order."""
    return (
        *((_FILE,) if extras.files else ()),
        *_of_the_face(still=extras.files),
        *(_probability(k, name) for k, name in enumerate(classes)),
        *(_of_the_points() if extras.keypoints else ()),
        *(_of_the_embedding(extras.embeddings) if extras.embeddings else ()),
    )


def legend(prompts: Prompts, layout: Sequence[Column]) -> dict[str, object]:
    """What a person needs to know to read a table: for its metadata, and for the summary beside it."""
    return {
        "prompts": {name: list(texts) for name, texts in zip(prompts.classes, prompts.descriptions, strict=True)},
        "coordinates": COORDINATES,
        "clock": CLOCK,
        "columns": {each.name: {"unit": each.unit, "description": each.description} for each in layout},
    }


def six_digits(value: float) -> float:
    """``value`` as it is written: no reading is known more exactly."""
    return float(f"{float(value):.6g}")  # NumPy formats its own numbers slowly


def _of_the_face(*, still: bool) -> tuple[Column, ...]:
    which = "which face of the picture, from the left" if still else "which face it is, the same from frame to frame"
    whole, real = pa.int64(), pa.float32()
    return (
        Column("frame", _NONE, "number of the frame, from 0", lambda _, reading, __: reading.index, whole),
        Column(
            "time_s", _SECONDS, "when the frame is shown", lambda _, reading, __: round(reading.time, 6), pa.float64()
        ),
        Column("face_id", _NONE, which, lambda _, __, face: face.face_id, whole),
        _side("x", "left edge of the face's box", 0),
        _side("y", "top edge of the face's box", 1),
        _side("w", "width of the face's box", 2),
        _side("h", "height of the face's box", 3),
        Column(
            "score", "0..1", "how sure the detector is of the face", lambda _, __, face: six_digits(face.score), real
        ),
        Column("label", _NONE, "the class that leads", lambda _, reading, face: reading.label(face), pa.string()),
        Column("confidence", _SHARE, "of the class that leads", lambda _, __, face: six_digits(face.confidence), real),
        Column(
            "uncertainty",
            "0..1",
            f"entropy of the probabilities over its largest value; above {UNSURE_ABOVE} Mien says unsure",
            lambda _, __, face: six_digits(face.uncertainty),
            real,
        ),
    )


def _side(name: str, description: str, place: int) -> Column:
    return Column(name, _PIXELS, description, lambda _, __, face: six_digits(face.box[place]), pa.float32())


def _probability(k: int, name: str) -> Column:
    return Column(
        f"p_{name}", _SHARE, f"of {name}", lambda _, __, face: six_digits(face.probabilities[k]), pa.float32()
    )


def _of_the_points() -> tuple[Column, ...]:
    roll = "tilt of the line through the eyes; 0 upright, positive clockwise in the picture (to the own left shoulder)"
    return (
        Column("roll_deg", _DEGREES, roll, lambda _, __, face: six_digits(face.roll), pa.float32()),
        *(_point(i, name, axis, part) for i, name in enumerate(POINTS) for axis, part in enumerate("xy")),
    )


def _point(i: int, name: str, axis: int, part: str) -> Column:
    description = f"{part} of the person's {name.replace('_', ' ')}"
    return Column(
        f"kp_{name}_{part}", _PIXELS, description, lambda _, __, face: six_digits(face.keypoints[i, axis]), pa.float32()
    )


def _of_the_embedding(dimensions: int) -> tuple[Column]:
    def of(_frame: Frame, _reading: Reading, face: Face) -> Cell:
        if face.embedding is None or len(face.embedding) != dimensions:
            raise ValueError(f"Face.embedding: expected {dimensions} numbers for the table")
        return face.embedding

    description = "the face as the encoder sees it, a vector of length 1; in CSV a column for each number, e_0 and on"
    return (Column("embedding", _NONE, description, of, pa.list_(pa.float32(), dimensions)),)


def metadata(about: Mapping[str, object]) -> dict[str, object]:
    """``about`` as a file may tell it that is handed on: the source by its name, without the folders above it."""
    return {name: _last_part(value) if name == "source" else value for name, value in about.items()}


def _last_part(source: object) -> str:
    return str(source).replace("\\", "/").rstrip("/").rpartition("/")[2]
