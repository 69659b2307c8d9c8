"""From crops to the probabilities of each face."""

import numpy as np
import pytest

from engines.errors import EngineUnavailable
from engines.neutral import NeutralGuide
from engines.package import ModelPackage
from engines.select import open_engine
from engines.text_head import TextHead, uncertainty
from realtime.neutral import OwnNeutrals
from realtime.recognizer import Recognizer
from realtime.smoothing import Smoother
from tests import tiny
from tests.realtime.fakes import frame, recognizer, tracks


def test_crops_are_as_the_encoder_was_trained() -> None:
    reader = recognizer(tiny.BrightnessEngine(tiny.package()))
    assert reader.crop(frame(0), tracks(10, 60)).shape == (2, 1, tiny.SIZE, tiny.SIZE)
    assert reader.crop(frame(0), []).shape == (0, 1, tiny.SIZE, tiny.SIZE)


def test_each_face_is_read_from_its_own_crop() -> None:
    reader = recognizer(tiny.BrightnessEngine(tiny.package()))
    crops = np.stack([np.full((1, tiny.SIZE, tiny.SIZE), level, np.uint8) for level in (16, 240, 112)])
    found = tracks(10, 60, 100)
    reading = reader.read(7, 1.5, found, reader.embed(crops))
    assert (reading.index, reading.time, reading.classes) == (7, 1.5, tiny.CLASSES)
    assert [reading.label(face) for face in reading.faces] == [tiny.CLASSES[k] for k in (0, 7, 3)]
    for face, track in zip(reading.faces, found, strict=True):
        assert face.face_id == track.face_id
        assert face.score == track.detection.score
        np.testing.assert_array_equal(face.box, track.detection.box)
        np.testing.assert_array_equal(face.keypoints, track.detection.keypoints)
        assert face.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert face.uncertainty == pytest.approx(float(uncertainty(face.probabilities)))


def test_a_face_carries_the_embedding_that_was_classified() -> None:
    package = tiny.package()
    neutrals = OwnNeutrals(NeutralGuide(package.words, 14.0), 0.5)
    head = TextHead(package.words, 14.0)
    reader = Recognizer(package, tiny.BrightnessEngine(package), head, Smoother(0), neutrals)
    crops = np.full((1, 1, tiny.SIZE, tiny.SIZE), 144, np.uint8)
    for index in range(20):
        (face,) = reader.read(index, index / 10, tracks(10), reader.embed(crops)).faces
        assert face.embedding is not None
        assert len(face.embedding) == reader.dimensions
        np.testing.assert_allclose(head.probabilities(face.embedding[None])[0], face.probabilities, atol=1e-6)
        assert np.linalg.norm(face.embedding) == pytest.approx(1, abs=1e-5)


def test_a_frame_without_faces_reads_as_one() -> None:
    reader = recognizer(tiny.BrightnessEngine(tiny.package()))
    assert reader.read(0, 0.0, [], reader.embed(np.empty((0, 1, tiny.SIZE, tiny.SIZE), np.uint8))).faces == ()


def test_a_face_is_steadied_by_its_id() -> None:
    reader = recognizer(tiny.BrightnessEngine(tiny.package()), smoothing=10.0)
    dark, light = (np.full((1, 1, tiny.SIZE, tiny.SIZE), level, np.uint8) for level in (16, 240))
    reader.read(0, 0.0, tracks(10), reader.embed(dark))
    assert reader.read(1, 0.03, tracks(10), reader.embed(light)).faces[0].best == 0


def test_a_face_is_read_against_its_own_neutral() -> None:
    package = tiny.package()
    neutrals = OwnNeutrals(NeutralGuide(package.words, 14.0), 1.0)
    reader = Recognizer(package, tiny.BrightnessEngine(package), TextHead(package.words, 14.0), Smoother(0), neutrals)
    resting, smiling = (np.full((1, 1, tiny.SIZE, tiny.SIZE), level, np.uint8) for level in (4 * 32 + 16, 48))
    labels = []
    for index, crops in enumerate([resting] * 12 + [smiling] * 2):
        reading = reader.read(index, index / 10, tracks(10), reader.embed(crops))
        labels.append(reading.label(reading.faces[0]))
    assert labels == ["anger"] * 10 + ["neutral"] * 2 + ["happiness"] * 2


def test_it_gives_back_its_engine() -> None:
    reader = recognizer(tiny.BrightnessEngine(tiny.package()))
    reader.close()
    with pytest.raises(EngineUnavailable):
        reader.embed(np.zeros((1, 1, tiny.SIZE, tiny.SIZE), np.uint8))


def test_a_trained_package_reads_what_it_was_trained_on(tiny_package: ModelPackage) -> None:
    with open_engine(tiny_package) as engine:
        head = TextHead(tiny_package.words, tiny_package.card.scale)
        reader = Recognizer(tiny_package, engine, head, Smoother(0))
        labels = np.arange(64) % 8
        found = tracks(*range(64))
        reading = reader.read(0, 0.0, found, reader.embed(tiny.pictures(labels, seed=5)))
    right = sum(face.best == label for face, label in zip(reading.faces, labels, strict=True))
    assert right > 64 / 4, "no better than twice the chance of one in eight"
