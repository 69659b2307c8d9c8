"""A person's own neutral: who rests in a frown is put right, and nobody else is changed."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engines.errors import ModelError
from engines.neutral import ENOUGH, NeutralGuide, NeutralMap, OwnNeutral
from tests import tiny

Floats = NDArray[np.float32]

_WORDS = tiny.words()
_VECTORS = _WORDS.vectors
_DIMENSIONS = _VECTORS.shape[1]
_NEUTRAL, _HAPPY, _ANGRY = (tiny.CLASSES.index(name) for name in ("neutral", "happiness", "anger"))
_SCALE = 14.0


def _unit(vectors: Floats) -> Floats:
    scaled: Floats = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled


def _near(vector: Floats, count: int = 6, spread: float = 0.01, seed: int = 0) -> Floats:
    noise = np.random.default_rng(seed).normal(0, spread, (count, _DIMENSIONS)).astype(np.float32)
    return _unit(vector + noise)


def _map(hidden: int = 5, size: float = 0.05, seed: int = 0) -> NeutralMap:
    chance = np.random.default_rng(seed)
    shapes = ((hidden, _DIMENSIONS), (hidden,), (_DIMENSIONS, hidden), (_DIMENSIONS,))
    return NeutralMap(*(chance.normal(0, size, shape).astype(np.float32) for shape in shapes))


def _constant_map(way: Floats) -> NeutralMap:
    """Leads every face the same way."""
    none = np.zeros((1, _DIMENSIONS), np.float32)
    return NeutralMap(none, np.zeros(1, np.float32), none.T.copy(), way.astype(np.float32))


def _guide(neutral_map: NeutralMap | None = None) -> NeutralGuide:
    return NeutralGuide(_WORDS, _SCALE, neutral_map)


def _read(embeddings: Floats) -> list[int]:
    labels: list[int] = (embeddings @ _VECTORS.T).argmax(axis=1).tolist()
    return labels


@pytest.mark.parametrize("neutral_map", [None, _constant_map(_VECTORS[_NEUTRAL])], ids=["words", "map"])
def test_who_rests_in_a_frown_is_read_as_neutral(neutral_map: NeutralMap | None) -> None:
    guide, frown = _guide(neutral_map), _near(_VECTORS[_ANGRY])
    own = guide.own(frown)
    after = own.correct(_near(_VECTORS[_ANGRY], seed=1))
    assert set(_read(frown)) == {_ANGRY}
    assert set(_read(after)) == {_NEUTRAL}
    np.testing.assert_allclose(np.linalg.norm(after, axis=1), 1, atol=1e-5)
    assert after.dtype == np.float32


def test_their_other_expressions_stay() -> None:
    own = _guide().own(_near(_VECTORS[_ANGRY]))
    assert set(_read(own.correct(_near(_VECTORS[_HAPPY])))) == {_HAPPY}


def test_the_correction_goes_no_further_than_it_must() -> None:
    frown = _near(_VECTORS[_ANGRY])
    for enough in (0.4, 0.6, 0.8):
        own = _guide().own(frown, enough)
        after = float(_guide().share(own.correct(_unit(frown.mean(axis=0, keepdims=True))))[0])
        assert enough <= after < enough + 0.05


@given(st.floats(0, 0.3), st.integers(2, 7))
def test_who_reads_as_neutral_is_not_touched(lean: float, towards: int) -> None:
    resting = _unit(_VECTORS[[_NEUTRAL]] + np.float32(lean) * _VECTORS[[towards]])
    assert _guide().share(resting)[0] > ENOUGH
    for neutral_map in (None, _map()):
        assert not _guide(neutral_map).own(resting).shift.any()


def test_a_map_that_leads_astray_changes_nothing() -> None:
    guide = _guide(_constant_map(-_VECTORS[_NEUTRAL]))
    assert not guide.own(_near(_VECTORS[_ANGRY])).shift.any()


def test_a_map_that_leads_part_of_the_way_is_followed_as_far_as_it_goes() -> None:
    frown, halfway = _VECTORS[[_ANGRY]], _constant_map(0.3 * _VECTORS[_NEUTRAL])
    own = _guide(halfway).own(frown)
    np.testing.assert_allclose(own.correct(frown), halfway(frown), atol=1e-5)


def test_a_neutral_needs_a_face() -> None:
    with pytest.raises(ValueError, match="at least one"):
        _guide().own(np.empty((0, _DIMENSIONS), np.float32))


def test_no_face_is_corrected_to_none() -> None:
    shift = np.ones(_DIMENSIONS, np.float32)
    assert OwnNeutral(shift).correct(np.empty((0, _DIMENSIONS), np.float32)).shape == (0, _DIMENSIONS)


def test_a_model_without_a_neutral_says_so() -> None:
    with pytest.raises(ModelError, match=r"no class 'neutral' \(joy, rage\)"):
        NeutralGuide(tiny.words(("joy", "rage")), _SCALE)


def test_the_map_is_the_formula() -> None:
    phi, faces = _map(), _near(_VECTORS[_HAPPY], 3)
    for face, neutral in zip(faces, phi(faces), strict=True):
        moved = face + phi.w2 @ np.maximum(phi.w1 @ face + phi.b1, 0) + phi.b2
        np.testing.assert_allclose(neutral, moved / np.linalg.norm(moved), atol=1e-5)
    assert phi(faces).dtype == np.float32
    assert phi.dimensions == _DIMENSIONS


def test_a_map_survives_its_file(tmp_path: Path) -> None:
    phi, path = _map(), tmp_path / "neutral.npz"
    phi.save(path)
    again = NeutralMap.read(path)
    for name in ("w1", "b1", "w2", "b2"):
        np.testing.assert_array_equal(getattr(again, name), getattr(phi, name))


def _arrays(**changes: NDArray[np.generic]) -> dict[str, NDArray[np.generic]]:
    phi = _map()
    return {"w1": phi.w1, "b1": phi.b1, "w2": phi.w2, "b2": phi.b2, **changes}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"w1": np.zeros(5, np.float32)}, r"w1: expected \[H, D\]"),
        ({"w2": np.zeros((5, _DIMENSIONS), np.float32)}, "w2: expected float32"),
        ({"b1": np.zeros(4, np.float32)}, "b1: expected float32"),
        ({"b2": np.zeros(_DIMENSIONS)}, "b2: expected float32"),
        ({"b2": np.full(_DIMENSIONS, np.nan, np.float32)}, "finite"),
    ],
)
def test_arrays_that_are_no_map_are_refused(tmp_path: Path, changes: dict[str, NDArray[np.generic]], said: str) -> None:
    path = tmp_path / "neutral.npz"
    with path.open("wb") as file:
        np.savez(file, **_arrays(**changes))  # type: ignore[arg-type]
    with pytest.raises(ModelError, match=said) as caught:
        NeutralMap.read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "neutral.npz"
    with pytest.raises(ModelError, match="No such file"):
        NeutralMap.read(path)
    path.write_bytes(b"no archive")
    with pytest.raises(ModelError, match="is damaged"):
        NeutralMap.read(path)
    np.savez(path, w1=np.zeros((2, 3), np.float32))
    with pytest.raises(ModelError, match="lacks an array"):
        NeutralMap.read(path)


def test_an_own_neutral_is_kept_for_its_encoder_alone(tmp_path: Path) -> None:
    file = tmp_path / "neutral.npz"
    shift = np.linspace(-1, 1, 24, dtype=np.float32)
    OwnNeutral(shift).save(file, "sum")
    np.testing.assert_array_equal(OwnNeutral.read(file, "sum").shift, shift)
    with pytest.raises(ModelError, match="another model: take it again"):
        OwnNeutral.read(file, "another sum")
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(ModelError, match="take it again"):
        OwnNeutral.read(file, "sum")
    with pytest.raises(ModelError, match="take it again"):
        OwnNeutral.read(tmp_path / "none.npz", "sum")
