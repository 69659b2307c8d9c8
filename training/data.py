"""Faces with votes, in the layout of the FER+ files, and the two ways to read the votes.

Barsoum et al., Training Deep Networks for Facial Expression Recognition with Crowd-Sourced Label Distribution
(arXiv 1608.01041).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engines.arrays import read_arrays
from engines.errors import DataError
from engines.package import CropGeometry
from engines.prompts import EXPRESSIONS

Protocol = Literal["majority", "argmax"]

CLASSES = tuple(EXPRESSIONS)
FER_CROP = CropGeometry(box=0.83, center_x=0.50, center_y=0.57)
"""How FER+ frames its faces: medians over 2,876 training faces, by ``scripts/measure_framing.py``."""
_COLUMNS = len(CLASSES) + 2  # the expressions, then unknown and not-a-face


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Faces and what ten annotators said of each.

    ``images`` is uint8 ``[N, C, S, S]``; ``votes`` uint8 ``[N, 10]``: the eight expressions, unknown, not a face.
    """

    images: NDArray[np.uint8]
    votes: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, rows: NDArray[np.integer] | NDArray[np.bool_] | slice) -> "Faces":
        return Faces(self.images[rows], self.votes[rows])


def load_faces(path: Path) -> Faces:
    """Read an npz with ``images`` uint8 ``[N, S, S]`` (grey) or ``[N, S, S, 3]`` and ``votes`` uint8 ``[N, 10]``.

    Raises ``DataError`` if it cannot be read or is laid out otherwise.
    """
    try:
        images, votes = read_arrays(path, "images", "votes")
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror or error}.") from error
    except KeyError as error:
        raise DataError(f"{path} is not a file of faces: it lacks the array {error}.") from error
    except ValueError as error:
        raise DataError(f"{path} is not an npz archive of arrays, or is damaged: copy it again.") from error
    if images.ndim == 3:
        images = images[..., None]
    square = images.ndim == 4 and images.shape[1] == images.shape[2] and images.shape[3] in {1, 3}
    whole = images.dtype == votes.dtype == np.uint8
    if not whole or not square or votes.shape != (len(images), _COLUMNS):
        raise DataError(
            f"{path}: expected uint8 images [N, S, S] and uint8 votes [N, {_COLUMNS}], "
            f"got {images.dtype} {list(images.shape)} and {votes.dtype} {list(votes.shape)}."
        )
    return Faces(np.ascontiguousarray(images.transpose(0, 3, 1, 2)), votes)


def save_faces(faces: Faces, path: Path) -> None:
    """Write ``faces`` in the layout that :func:`load_faces` reads."""
    images = faces.images.transpose(0, 2, 3, 1)
    np.savez(path, images=images[..., 0] if images.shape[3] == 1 else images, votes=faces.votes)


def with_labels(images: NDArray[np.uint8], labels: NDArray[np.integer]) -> Faces:
    """Faces uint8 ``[N, C, S, S]`` on whose ``labels`` int ``[N]``, places in ``CLASSES``, all annotators agree."""
    votes = np.zeros((len(images), _COLUMNS), np.uint8)
    votes[np.arange(len(images)), labels] = 10
    return Faces(images, votes)


def denoised(votes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A single vote is taken as a slip, as the authors of FER+ do."""
    return np.where(votes == 1, np.uint8(0), votes)


def select(votes: NDArray[np.uint8], protocol: Protocol) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which faces a protocol keeps, bool ``[N]``, and the expression of each, int ``[N]`` (meaningless where not kept).

    *majority*: the top entry is an expression with more than half of the votes; *argmax*: the top entry is an
    expression, ties going to the first.
    """
    counts = denoised(votes).astype(np.int64)
    top = counts.argmax(axis=1)
    keep = (top < len(CLASSES)) & (counts.sum(axis=1) > 0)
    if protocol == "majority":
        keep &= 2 * counts.max(axis=1) > counts.sum(axis=1)
    return keep, top


def vote_targets(votes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Votes as a distribution over the expressions, float32 ``[N, 8]``.

    A vote for "unknown" or "not a face" speaks for no expression more than for another, and is spread evenly.
    """
    counts = denoised(votes).astype(np.float32)
    counts[counts.sum(axis=1) == 0, len(CLASSES)] = 1
    expressions, rest = np.split(counts, [len(CLASSES)], axis=1)
    targets = expressions + rest.sum(axis=1, keepdims=True) / len(CLASSES)
    normalised: NDArray[np.float32] = targets / targets.sum(axis=1, keepdims=True)
    return normalised


def hold_out(count: int, share: float, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Split ``range(count)`` at random into the rows to train on and the rows to hold out, both sorted."""
    order = np.random.default_rng(seed).permutation(count)
    held = round(count * share)
    return np.sort(order[held:]), np.sort(order[:held])
