"""Temperature and shift: what is known to be wrong with embeddings is found, and no more than that."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.vectors import Floats, softmax, unit
from training.calibration import calibrate

_SCALE = 14.0
_CLASSES, _DIMENSIONS = 5, 12


def _world(count: int, seed: int = 3) -> tuple[Floats, Floats]:
    """Classes around zero, as centred words are, and embeddings among them."""
    chance = np.random.default_rng(seed)
    classes = chance.normal(size=(_CLASSES, _DIMENSIONS)).astype(np.float32)
    classes = unit(classes - classes.mean(axis=0))
    shares = chance.dirichlet(np.full(_CLASSES, 0.7), count).astype(np.float32)
    return unit(shares @ classes + 0.1 * chance.normal(size=(count, _DIMENSIONS)).astype(np.float32)), classes


def _labels(probabilities: Floats, seed: int = 4) -> NDArray[np.intp]:
    chance = np.random.default_rng(seed).random((len(probabilities), 1))
    labels: NDArray[np.intp] = (probabilities.cumsum(axis=1) > chance).argmax(axis=1)
    return labels


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_a_known_temperature_is_found(temperature: float) -> None:
    embeddings, classes = _world(20_000)
    labels = _labels(softmax((_SCALE / temperature * embeddings @ classes.T).astype(np.float32)))
    found, shift = calibrate(embeddings, classes, _SCALE, labels)
    assert found == pytest.approx(temperature, rel=0.08)
    assert np.linalg.norm(shift) < 0.03


def test_a_class_that_was_slighted_gets_its_due() -> None:
    embeddings, classes = _world(20_000)
    away = 0.05 * classes[2]
    labels = _labels(softmax((_SCALE * unit(embeddings + away) @ classes.T).astype(np.float32)))
    temperature, shift = calibrate(embeddings, classes, _SCALE, labels)
    logits = _SCALE / np.float32(temperature) * unit(embeddings + shift) @ classes.T
    named = np.bincount(logits.argmax(axis=1), minlength=_CLASSES)
    wanted = np.bincount((embeddings + away).dot(classes.T).argmax(axis=1), minlength=_CLASSES)
    before = np.bincount((embeddings @ classes.T).argmax(axis=1), minlength=_CLASSES)
    assert abs(named[2] - wanted[2]) < 0.7 * abs(before[2] - wanted[2])
    assert shift.dtype == np.float32


def test_the_shift_lies_among_the_classes() -> None:
    embeddings, classes = _world(200)
    _, shift = calibrate(embeddings, classes, _SCALE, _labels(softmax(embeddings @ classes.T)))
    assert np.linalg.norm(shift) > 0
    among, *_ = np.linalg.lstsq(classes.T, shift, rcond=None)
    np.testing.assert_allclose(classes.T @ among, shift, atol=1e-5)


def test_faces_that_are_all_read_rightly_do_not_make_it_boundlessly_sure() -> None:
    embeddings, classes = _world(50)
    temperature, shift = calibrate(embeddings, classes, _SCALE, (embeddings @ classes.T).argmax(axis=1))
    assert temperature == pytest.approx(0.2, rel=0.01)
    assert np.isfinite(shift).all()


def test_it_is_the_same_every_time() -> None:
    embeddings, classes = _world(300)
    labels = _labels(softmax(embeddings @ classes.T))
    one, other = (calibrate(embeddings, classes, _SCALE, labels) for _ in range(2))
    assert one[0] == other[0]
    np.testing.assert_array_equal(one[1], other[1])
