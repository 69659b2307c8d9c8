"""The uncertainty of the shipped weights rises where a face is spoilt, and is highest where there is none."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.assets import Assets
from engines.package import ModelPackage
from engines.select import open_engine
from engines.text_head import TextHead, uncertainty
from realtime.crops import crop_faces
from realtime.detector import make_detector
from realtime.palette import UNSURE_ABOVE
from tests.realtime.faces import portrait

Doubt = Callable[[NDArray[np.uint8]], float]


@pytest.fixture(scope="module")
def doubt() -> Doubt:
    """How unsure the shipped weights are of a crop, uint8 ``[1, 1, S, S]``."""
    package = ModelPackage.load()
    head = TextHead(package.words, package.card.scale / package.card.temperature)
    engine = open_engine(package)
    return lambda crop: float(uncertainty(head.probabilities(engine.embed(crop)))[0])


@pytest.fixture(scope="module")
def face(assets: Assets) -> NDArray[np.uint8]:
    """A real face, cropped as the pipeline does it."""
    card = ModelPackage.load().card
    picture = portrait()
    with make_detector("auto", assets=assets) as detector:
        found = detector.detect(picture, 0.0)
    return crop_faces(picture, found[:1], card.crop, card.size, card.channels)


def test_a_clear_face_is_read_without_doubt(face: NDArray[np.uint8], doubt: Doubt) -> None:
    assert doubt(face) < 0.5


def test_a_blurred_face_is_doubted(face: NDArray[np.uint8], doubt: Doubt) -> None:
    blurred = np.asarray(cv2.GaussianBlur(face[0, 0], (0, 0), 4), np.uint8)[None, None]
    assert doubt(blurred) > doubt(face) + 0.2


def test_a_covered_face_is_doubted(face: NDArray[np.uint8], doubt: Doubt) -> None:
    covered = face.copy()
    covered[:, :, 24:] = 128
    assert doubt(covered) > doubt(face) + 0.2


def test_what_is_no_face_is_unsure(face: NDArray[np.uint8], doubt: Doubt) -> None:
    noise = np.random.default_rng(0).integers(0, 256, face.shape, np.uint8)
    tiles = face.reshape(4, 12, 4, 12).transpose(0, 2, 1, 3).reshape(16, 12, 12)
    shuffled = tiles[np.random.default_rng(1).permutation(16)].reshape(4, 4, 12, 12).transpose(0, 2, 1, 3)
    for nothing in (noise, np.ascontiguousarray(shuffled.reshape(face.shape)), np.full_like(face, 128)):
        assert doubt(nothing) > UNSURE_ABOVE
