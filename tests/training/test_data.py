"""Faces with votes, and the FER+ protocols on votes made by hand."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from engines.errors import DataError
from training.data import CLASSES, Faces, denoised, hold_out, load_faces, select, vote_targets

_NEUTRAL, _HAPPY, _SAD, _UNKNOWN, _NO_FACE = 0, 1, 3, 8, 9
_any_votes = hnp.arrays(np.uint8, st.tuples(st.integers(1, 20), st.just(10)), elements=st.integers(0, 10))


def _votes(**counts: int) -> NDArray[np.uint8]:
    names = (*CLASSES, "unknown", "no_face")
    return np.array([[counts.get(name, 0) for name in names]], np.uint8)


@pytest.mark.parametrize(
    ("votes", "argmax", "majority", "label"),
    [
        (_votes(happiness=10), True, True, _HAPPY),
        (_votes(happiness=6, sadness=4), True, True, _HAPPY),
        (_votes(happiness=5, sadness=5), True, False, _HAPPY),
        (_votes(happiness=5, neutral=5), True, False, _NEUTRAL),
        (_votes(happiness=5, sadness=3, neutral=2), True, False, _HAPPY),
        (_votes(sadness=5, neutral=4, fear=1), True, True, _SAD),
        (_votes(sadness=3, neutral=3, fear=2, anger=2), True, False, _NEUTRAL),
        (_votes(unknown=6, sadness=4), False, False, None),
        (_votes(no_face=9, sadness=1), False, False, None),
        (_votes(sadness=5, unknown=5), True, False, _SAD),
        (_votes(sadness=1, neutral=1, fear=1), False, False, None),
        (_votes(), False, False, None),
    ],
)
def test_a_face_is_kept_as_its_votes_say(
    votes: NDArray[np.uint8], argmax: bool, majority: bool, label: int | None
) -> None:
    for protocol, kept in (("argmax", argmax), ("majority", majority)):
        keep, labels = select(votes, protocol)  # type: ignore[arg-type]
        assert keep.tolist() == [kept]
        assert not kept or labels.tolist() == [label]


def test_a_single_vote_is_a_slip() -> None:
    votes = _votes(happiness=4, sadness=1, unknown=1, fear=2)
    np.testing.assert_array_equal(denoised(votes), _votes(happiness=4, fear=2))


def test_votes_for_no_expression_are_spread_over_all() -> None:
    targets = vote_targets(_votes(happiness=6, unknown=2, no_face=2))
    expected = np.full(8, 4 / 8 / 10)
    expected[_HAPPY] += 6 / 10
    np.testing.assert_allclose(targets, [expected], atol=1e-6)


@pytest.mark.parametrize("votes", [_votes(), _votes(unknown=10), _votes(sadness=1, neutral=1)])
def test_votes_that_say_nothing_speak_for_none(votes: NDArray[np.uint8]) -> None:
    np.testing.assert_allclose(vote_targets(votes), np.full((1, 8), 1 / 8))


@given(_any_votes)
def test_targets_are_distributions(votes: NDArray[np.uint8]) -> None:
    targets = vote_targets(votes)
    assert targets.dtype == np.float32
    assert (targets >= 0).all()
    np.testing.assert_allclose(targets.sum(axis=1), 1, atol=1e-5)


@given(_any_votes)
def test_majority_keeps_no_face_that_argmax_drops_and_names_it_alike(votes: NDArray[np.uint8]) -> None:
    (broad, names), (strict, same) = select(votes, "argmax"), select(votes, "majority")
    assert not (strict & ~broad).any()
    np.testing.assert_array_equal(names[strict], same[strict])
    assert (vote_targets(votes)[broad].argmax(axis=1) == names[broad]).all()


@given(st.integers(0, 500), st.floats(0, 1), st.integers(0, 99))
def test_every_face_is_either_trained_on_or_held_out(count: int, share: float, seed: int) -> None:
    train, held = hold_out(count, share, seed)
    assert sorted([*train, *held]) == list(range(count))
    assert len(held) == round(count * share)
    np.testing.assert_array_equal(hold_out(count, share, seed)[1], held)


def test_a_file_of_faces_loads(faces_file: Path) -> None:
    faces = load_faces(faces_file)
    assert len(faces) == 80
    assert faces.images.shape == (80, 1, 24, 24)
    assert faces.images.flags["C_CONTIGUOUS"]
    assert isinstance(faces[np.arange(3)], Faces)
    assert len(faces[5:9]) == 4


def test_faces_in_colour_load(tmp_path: Path) -> None:
    images = np.zeros((2, 24, 24, 3), np.uint8)
    images[..., 2] = 7
    np.savez(tmp_path / "colour.npz", images=images, votes=np.zeros((2, 10), np.uint8))
    loaded = load_faces(tmp_path / "colour.npz").images
    assert loaded.shape == (2, 3, 24, 24)
    assert (loaded[:, 2] == 7).all()


def _refused(path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load_faces(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


_IMAGES, _VOTES = np.zeros((4, 24, 24), np.uint8), np.zeros((4, 10), np.uint8)


@pytest.mark.parametrize(
    "arrays",
    [
        {"images": _IMAGES},
        {"votes": _VOTES},
        {"images": _IMAGES, "votes": _VOTES[:3]},
        {"images": _IMAGES, "votes": _VOTES[:, :8]},
        {"images": _IMAGES, "votes": _VOTES[:, :, None]},
        {"images": _IMAGES, "votes": _VOTES.astype(str)},
        {"images": _IMAGES[:, :20], "votes": _VOTES},
        {"images": _IMAGES[0], "votes": _VOTES},
        {"images": _IMAGES.astype(np.float32), "votes": _VOTES},
        {"images": np.array([{}] * 4), "votes": _VOTES},
        {"images": np.uint8(3), "votes": _VOTES},
    ],
)
def test_another_layout_is_said(tmp_path: Path, arrays: dict[str, NDArray[np.generic]]) -> None:
    np.savez(tmp_path / "faces.npz", **arrays)  # type: ignore[arg-type]
    _refused(tmp_path / "faces.npz")


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda data: data[: len(data) // 2], lambda _: b"text", lambda data: data[:900] + data[950:]],
    ids=["empty", "cut", "text", "gap"],
)
def test_a_damaged_file_is_said(faces_file: Path, damage: Callable[[bytes], bytes]) -> None:
    faces_file.write_bytes(damage(faces_file.read_bytes()))
    _refused(faces_file)


def test_damage_inside_a_packed_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "packed.npz"
    np.savez_compressed(path, images=np.random.default_rng(0).integers(0, 9, (4, 24, 24), np.uint8), votes=_VOTES)
    data = bytearray(path.read_bytes())
    data[200:260] = bytes(60)
    path.write_bytes(data)
    _refused(path)


def test_one_bare_array_is_said(tmp_path: Path) -> None:
    np.save(tmp_path / "faces.npy", _IMAGES)
    _refused(tmp_path / "faces.npy")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    _refused(tmp_path / "nowhere.npz")
    _refused(tmp_path)


def test_the_real_faces_are_as_many_as_published(shared_data: Path) -> None:
    faces = load_faces(shared_data / "ferplus_valid.npz")
    assert len(faces) == 3579
    assert select(faces.votes, "majority")[0].sum() == 3199
    assert select(faces.votes, "argmax")[0].sum() == 3553
