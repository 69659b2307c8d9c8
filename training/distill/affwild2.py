"""Aff-Wild2 as its authors hand it out: a valence and an arousal for each frame of a video (arXiv 1811.07770).

Below the data's folder, as in the competitions on affective behaviour in the wild::

    annotations/VA_Estimation_Challenge/Train_Set/<video>.txt      (Validation_Set likewise)
    cropped_aligned/<video>/00001.jpg, 00002.jpg, ...

A text file begins with the line ``valence,arousal``; its n-th line after that is the n-th frame's, each in -1..1, or -5
where nobody said anything. The n-th frame's face is ``<n>.jpg``, in five digits, and missing where none was found. A
video with a second person has files of its own for them, named alike but for an ending (``_left``, ``_right``).

The data is to be had from its authors for research; nothing of Mien's was trained or measured on it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engines.errors import DataError

Part = Literal["Train_Set", "Validation_Set"]

_ANNOTATIONS = Path("annotations") / "VA_Estimation_Challenge"
_FACES = "cropped_aligned"
_HEADER = "valence,arousal"
_UNSAID = -5.0


@dataclass(frozen=True, slots=True, eq=False)
class AffectFrames:
    """Frames with a face and an annotation, in the order of the videos' names and of time.

    ``pictures`` ``[N]`` are JPEG files, ``affect`` float32 ``[N, 2]`` valence and arousal in -1..1, ``videos`` int
    ``[N]`` places in ``names``: frames of one video are alike, and belong on one side of a split.
    """

    pictures: tuple[Path, ...]
    affect: NDArray[np.float32]
    videos: NDArray[np.intp]
    names: tuple[str, ...]


def load_affwild2(folder: Path, part: Part) -> AffectFrames:
    """Index one part. Raises ``DataError`` if it is not there, or laid out otherwise."""
    annotations = folder / _ANNOTATIONS / part
    files = sorted(annotations.glob("*.txt"))
    if not files:
        raise DataError(
            f"{folder} holds no Aff-Wild2: there is no {_ANNOTATIONS / part}/*.txt in it; ask its authors for the data."
        )
    pictures: list[Path] = []
    affect, videos = [], []
    for video, file in enumerate(files):
        faces = folder / _FACES / file.stem
        if not faces.is_dir():
            raise DataError(f"{folder} lacks the faces of {file.stem}: unpack its {_FACES} beside the annotations.")
        for frame, row in enumerate(_read(file), 1):
            picture = faces / f"{frame:05}.jpg"
            if _UNSAID not in row and picture.exists():
                pictures.append(picture)
                affect.append(row)
                videos.append(video)
    if not pictures:
        raise DataError(f"No frame of {annotations} has both a face and an annotation: unpack the data again.")
    names = tuple(file.stem for file in files)
    return AffectFrames(tuple(pictures), np.array(affect, np.float32), np.array(videos, np.intp), names)


def _read(file: Path) -> list[tuple[float, float]]:
    try:
        header, *lines = file.read_text(encoding="utf-8").split()
        rows = [tuple(float(part) for part in line.split(",")) for line in lines]
    except (OSError, ValueError) as error:
        raise DataError(f"{file} is not an annotation of Aff-Wild2: {error}.") from error
    if header != _HEADER:
        raise DataError(f"{file} is not an annotation of Aff-Wild2: it does not begin with {_HEADER}.")
    checked = []
    for number, row in enumerate(rows, 2):
        if len(row) != 2 or not all(part == _UNSAID or -1 <= part <= 1 for part in row):
            raise DataError(
                f"{file}, line {number}: expected a valence and an arousal in -1..1, or {_UNSAID:g} for none."
            )
        checked.append((row[0], row[1]))
    return checked
