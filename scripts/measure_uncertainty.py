"""Measures how the uncertainty of a face answers to what spoils it.

    python scripts/measure_uncertainty.py ../shared/data/ferplus_valid.npz

Prints, for clean faces and for the same faces blurred, covered or replaced by no face, the median uncertainty and the
share that the window would call "unsure"; then the accuracy on the faces that remain when the most uncertain are set
aside; and how the uncertainty goes with the annotators' own disagreement.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.package import ModelPackage
from engines.select import open_engine
from engines.text_head import TextHead, uncertainty
from realtime.palette import UNSURE_ABOVE
from training.data import load_faces, select
from training.metrics import rank_correlation

Images = NDArray[np.uint8]
_SET_ASIDE = (0.0, 0.1, 0.2, 0.4)


def _blurred(sigma: float) -> Callable[[Images], Images]:
    def blur(faces: Images) -> Images:
        spoilt = np.empty_like(faces)
        for before, after in zip(faces[:, 0], spoilt[:, 0], strict=True):
            cv2.GaussianBlur(before, (0, 0), sigma, dst=after)
        return spoilt

    return blur


def _covered(top: float, bottom: float) -> Callable[[Images], Images]:
    """A grey band over the face between two heights, in shares of the picture's."""

    def cover(faces: Images) -> Images:
        side = faces.shape[-1]
        spoilt = faces.copy()
        spoilt[:, :, round(top * side) : round(bottom * side)] = 128
        return spoilt

    return cover


def _tiles_shuffled(faces: Images) -> Images:
    """Each face's sixteen tiles in another order: the textures of a face, and no face."""
    generator = np.random.default_rng(0)
    n, _, side, _ = faces.shape
    tile = side // 4
    tiles = faces.reshape(n, 4, tile, 4, tile).transpose(0, 1, 3, 2, 4).reshape(n, 16, tile, tile)
    shuffled = generator.permuted(np.arange(16)[None].repeat(n, 0), axis=1)
    mixed = np.take_along_axis(tiles, shuffled[:, :, None, None], axis=1)
    return np.ascontiguousarray(mixed.reshape(n, 4, 4, tile, tile).transpose(0, 1, 3, 2, 4).reshape(n, 1, side, side))


def _noise(faces: Images) -> Images:
    return np.random.default_rng(0).integers(0, 256, faces.shape, np.uint8)


def _upside_down(faces: Images) -> Images:
    return np.ascontiguousarray(faces[:, :, ::-1])


SPOILT: dict[str, Callable[[Images], Images]] = {
    "as they are": lambda faces: faces,
    "blurred, sigma 2 px of 48": _blurred(2),
    "blurred, sigma 4 px": _blurred(4),
    "eyes covered": _covered(0.28, 0.5),
    "mouth covered": _covered(0.65, 0.95),
    "lower half covered": _covered(0.5, 1.0),
    "upside down": _upside_down,
    "no face: tiles shuffled": _tiles_shuffled,
    "no face: noise": _noise,
}


def main() -> None:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="faces with votes, laid out as the FER+ files")
    parser.add_argument("--model", help="a model that ships, or the folder of a package; else the default")
    chosen = parser.parse_args()
    package = ModelPackage.load(chosen.model)
    head = TextHead(package.words, package.card.scale / package.card.temperature)
    faces = load_faces(chosen.data)
    keep, labels = select(faces.votes, "argmax")
    images, labels = faces.images[keep], labels[keep]
    with open_engine(package) as engine:
        read = {name: head.probabilities(engine.embed(spoil(images))) for name, spoil in SPOILT.items()}
    print(f"{'faces':28} {'median uncertainty':>20} {'unsure':>8}")
    for name, probabilities in read.items():
        doubt = uncertainty(probabilities)
        print(f"{name:28} {np.median(doubt):20.2f} {np.mean(doubt > UNSURE_ABOVE):8.1%}")
    clean = read["as they are"]
    surest = uncertainty(clean).argsort()
    right = (clean.argmax(axis=1) == labels)[surest]
    print(f"\n{'most uncertain set aside':28} {'accuracy on the rest':>20}")
    for share in _SET_ASIDE:
        print(f"{share:28.0%} {right[: round(len(right) * (1 - share))].mean():20.1%}")
    votes = np.maximum(faces.votes[keep] / faces.votes[keep].sum(axis=1, keepdims=True), 1e-12)
    disagreement = -(votes * np.log(votes)).sum(axis=1)
    correlation = rank_correlation(uncertainty(clean), disagreement)
    print(f"\nrank correlation of the uncertainty with the entropy of the ten votes: {correlation:.2f}")


if __name__ == "__main__":
    main()
