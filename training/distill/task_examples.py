"""The samples that a task is learned from and measured on, of Aff-Wild2 or BioVid."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import Tensor

from engines.arrays import read_arrays
from engines.errors import DataError
from engines.files import written_whole
from training.data import hold_out
from training.distill.affwild2 import AffectFrames, load_affwild2
from training.distill.biovid import PainSamples, load_biovid, read_signals
from training.distill.photographs import square_picture
from training.distill.tasks import AFFECT
from training.distill.views import reduced_pictures
from training.recipe import Recipe

Rows = NDArray[np.intp]
Cut = Callable[[Sequence[Path], int, int], tuple[NDArray[np.uint8], Rows]]
"""Cuts faces out of films, with so many channels and pixels: uint8 ``[N, C, S, S]``, and which film each is of."""

_MOMENTS = 256
"""In which a sample's signals are told, means of what was between: 5.5 s of them are 47 a second."""


class View(NamedTuple):
    """What is loaded of each sample: faces with so many ``channels`` of ``size`` pixels, and perhaps the signals."""

    channels: int
    size: int
    signals: bool

    @classmethod
    def of(cls, recipe: Recipe) -> "View":
        """What the encoder of ``recipe`` sees."""
        return cls(recipe.encoder.channels, recipe.encoder.size, recipe.task.signals)


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Faces, one or several a sample.

    ``pictures`` gives those of rows int ``[B]`` as uint8 ``[B, C, S, S]``; ``samples`` int ``[N]`` says which sample
    each face is of. A row a sample have ``truth``, float ``[M, 2]`` valence and arousal or int ``[M]`` levels of pain,
    and ``signals`` float ``[M, 3, T]``, where they are seen.
    """

    pictures: Callable[[Rows], NDArray[np.uint8]]
    samples: Rows
    truth: Tensor
    signals: Tensor | None = None

    def __len__(self) -> int:
        return len(self.samples)

    def signals_of(self, rows: Rows) -> Tensor | None:
        """Those beside the faces of ``rows`` int ``[B]``: float ``[B, 3, T]``."""
        return None if self.signals is None else self.signals[self.samples[rows]]


def load_examples(recipe: Recipe, folder: Path, view: View, cut: Cut) -> tuple[Examples, Examples]:
    """What ``recipe`` trains on, and what it is measured on: the ``Validation_Set``, or subjects that are held out.

    Samples in which no face was found are neither. Raises ``DataError`` if ``folder`` lacks the data or is laid out
    otherwise, or if one side has nothing to learn or to measure.
    """
    if recipe.task.name == AFFECT:
        parts = [_affect(load_affwild2(folder, part), view) for part in ("Train_Set", "Validation_Set")]
    else:
        parts = _pain(recipe, load_biovid(folder), view, cut)
    for examples, side in zip(parts, ("train on", "measure on"), strict=True):
        if not len(examples):
            raise DataError(
                f"{folder} shows no face of those to {side}: change data.held_out, or unpack the data again."
            )
        if bool((examples.truth == examples.truth[0]).all(dim=0).any()):
            raise DataError(f"{folder} has one level only in what there is to {side}: give the whole of the data.")
    train, measured = parts
    return train, measured


def remembered(cut: Cut, file: Path) -> Cut:
    """``cut`` that keeps what it found in ``file``: films take long to look through.

    Raises ``OutputError`` if it cannot be written.
    """

    def cut_once(films: Sequence[Path], channels: int, size: int) -> tuple[NDArray[np.uint8], Rows]:
        names = np.array([film.name for film in films])
        try:
            images, of, known = read_arrays(file, "images", "films", "names")
            if np.array_equal(known, names) and images.shape[1:] == (channels, size, size):
                return images, of
        except (OSError, KeyError, ValueError):
            pass  # there is none yet, or it is of no use
        images, of = cut(films, channels, size)
        with written_whole(file) as partial:
            file.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as opened:
                np.savez(opened, images=images, films=of, names=names)
        return images, of

    return cut_once


def _affect(frames: AffectFrames, view: View) -> Examples:
    """Each frame is a sample, and read when its turn comes: all of them would fill any memory."""

    def pictures(rows: Rows) -> NDArray[np.uint8]:
        squares = np.stack([_picture(frames.pictures[row], view.size) for row in rows])
        return reduced_pictures(squares, view.channels, view.size)

    return Examples(pictures, np.arange(len(frames.pictures)), torch.from_numpy(frames.affect))


def _picture(path: Path, size: int) -> NDArray[np.uint8]:
    try:
        return square_picture(path.read_bytes(), size)
    except (OSError, ValueError) as error:
        raise DataError(f"Cannot read {path} ({error}): unpack the data again.") from error


def _pain(recipe: Recipe, samples: PainSamples, view: View, cut: Cut) -> list[Examples]:
    sides = hold_out(len(samples.names), recipe.data.held_out, recipe.seed)
    images, films = cut(samples.films, view.channels, view.size)
    return [_of_people(samples, images, films, people, view) for people in sides]


def _of_people(samples: PainSamples, images: NDArray[np.uint8], films: Rows, people: Rows, view: View) -> Examples:
    """The faces of some ``people``, places among the samples' names, cut out of ``films``."""
    rows = np.flatnonzero(np.isin(samples.subjects[films], people))
    shown, places = np.unique(films[rows], return_inverse=True)
    told = [_moments(samples.signals[film]) for film in shown] if view.signals else []
    levels = torch.from_numpy(samples.levels[shown])
    return Examples(lambda wanted: images[rows[wanted]], places, levels, torch.stack(told) if told else None)


def _moments(path: Path) -> Tensor:
    return nnf.adaptive_avg_pool1d(torch.from_numpy(read_signals(path).T), _MOMENTS)
