"""From embeddings to probabilities, and how unsure they are."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from engines.assets import Assets
from engines.errors import AssetError, ModelError
from engines.package import ModelPackage
from engines.prompts import DEFAULT, Prompts
from engines.text_head import TextHead, fair_offsets, uncertainty
from engines.vectors import softmax, unit
from tests import tiny

_OTHERS = Prompts(("boredom", "interest"), (("a bored person",), ("an interested person",)))

_logits = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=9),
    elements=st.floats(-1000, 1000, width=32),
)


def _points(count: int) -> NDArray[np.float32]:
    raw = np.random.default_rng(1).normal(size=(count, tiny.words().vectors.shape[1])).astype(np.float32)
    unit: NDArray[np.float32] = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    return unit


@given(_logits)
def test_shares_add_up_to_one_however_large_the_numbers(logits: NDArray[np.float32]) -> None:
    shares = softmax(logits)
    assert shares.dtype == np.float32
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)


@given(_logits, st.floats(-50, 50, width=32))
def test_shares_depend_on_differences_alone(logits: NDArray[np.float32], shift: float) -> None:
    np.testing.assert_allclose(softmax(logits + np.float32(shift)), softmax(logits), atol=1e-3)


@given(_logits)
def test_uncertainty_lies_between_sure_and_anything(logits: NDArray[np.float32]) -> None:
    doubt = uncertainty(softmax(logits))
    assert doubt.shape == (len(logits),)
    assert ((doubt >= 0) & (doubt <= 1)).all()


@pytest.mark.parametrize("classes", [2, 8, 50])
def test_uncertainty_is_nothing_for_one_class_and_all_for_every_class(classes: int) -> None:
    assert uncertainty(np.eye(classes, dtype=np.float32)) == pytest.approx(0, abs=1e-5)
    assert uncertainty(np.full((1, classes), 1 / classes, np.float32)) == pytest.approx(1, abs=1e-5)


def test_uncertainty_rises_as_the_classes_draw_level() -> None:
    leads = np.linspace(1, 1 / 8, 20, dtype=np.float32)[:, None]
    doubt = uncertainty(np.concatenate([leads, np.repeat((1 - leads) / 7, 7, axis=1)], axis=1))
    assert (np.diff(doubt) > 0).all()


@pytest.mark.parametrize("faces", [0, 1, 5])
def test_each_face_gets_a_share_of_each_class(faces: int) -> None:
    probabilities = TextHead(tiny.words(), 14.0).probabilities(_points(faces))
    assert probabilities.shape == (faces, 8)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_a_face_that_lies_on_its_words_is_of_that_class() -> None:
    words = tiny.words()
    head = TextHead(words, 14.0)
    assert head.classes == words.classes
    assert head.probabilities(words.vectors).argmax(axis=1).tolist() == list(range(8))


def test_probabilities_are_the_softmax_of_scaled_cosines() -> None:
    words, points = tiny.words(), _points(3)
    cosines = points @ words.vectors.T
    expected = np.exp(5 * cosines) / np.exp(5 * cosines).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(TextHead(words, 5.0).probabilities(points), expected, rtol=1e-4)


def test_a_package_reads_at_its_own_scale_and_temperature() -> None:
    package = ModelPackage(Path("nowhere"), tiny.card(scale=12.0, temperature=1.5), tiny.words())
    head = TextHead.of(package, None, Assets(offline=True))
    assert head.classes == package.card.classes
    points = _points(4)
    np.testing.assert_allclose(head.probabilities(points), TextHead(tiny.words(), 8.0).probabilities(points), rtol=1e-4)


def test_a_package_asks_for_no_model_files_while_its_own_words_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engines.assets.cache_directory", lambda: tmp_path)
    TextHead.of(tiny.package(), None, Assets(offline=True))
    with pytest.raises(AssetError):
        TextHead.of(tiny.package(), _OTHERS, Assets(offline=True))


def test_words_of_the_users_own_take_the_place_of_the_classes(assets: Assets) -> None:
    head = TextHead.of(tiny.package(), _OTHERS, assets)
    assert head.classes == ("boredom", "interest")
    assert head.probabilities(_points(3)).shape == (3, 2)


def test_words_of_the_users_own_need_the_text_encoder_of_the_training(tmp_path: Path) -> None:
    package = ModelPackage(tmp_path, tiny.card(text_encoder="another", text_encoder_sha256="0" * 64), tiny.words())
    with pytest.raises(ModelError, match="trained with another"):
        TextHead.of(package, _OTHERS, Assets(offline=True))


def test_the_packages_own_classes_are_taken_in_any_order_and_by_any_name_without_the_text_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engines.assets.cache_directory", lambda: tmp_path)
    package, points = tiny.package(), _points(5)
    some = Prompts(("fright", "joy"), (DEFAULT.descriptions[6], DEFAULT.descriptions[1]))
    head = TextHead.of(package, some, Assets(offline=True))
    assert head.classes == ("fright", "joy")
    expected = softmax(14 * points @ package.words.vectors[[6, 1]].T)
    np.testing.assert_allclose(head.probabilities(points), expected, rtol=1e-4)


def test_one_class_of_the_users_own_among_the_packages_needs_the_text_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engines.assets.cache_directory", lambda: tmp_path)
    mixed = Prompts((*DEFAULT.classes, "boredom"), (*DEFAULT.descriptions, ("a bored person",)))
    with pytest.raises(AssetError):
        TextHead.of(tiny.package(), mixed, Assets(offline=True))


class _Sentences:
    """Places every sentence of a class at one of the trained classes, or between two of them."""

    def __init__(self, package: ModelPackage, *rows: int) -> None:
        self._point = package.words.centre + package.words.vectors[list(rows)].mean(axis=0)

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        return np.repeat(self._point[None], len(sentences), axis=0).astype(np.float32)


def _faces(package: ModelPackage, count: int = 400) -> NDArray[np.float32]:
    """Each lies about one of the classes, unit-length ``[N, D]``."""
    chance = np.random.default_rng(5)
    faces = package.words.vectors[chance.integers(0, 8, count)]
    return unit(faces + chance.normal(0, 0.03, faces.shape).astype(np.float32))


def _known(package: ModelPackage) -> ModelPackage:
    """The same, which remembers these faces."""
    return dataclasses.replace(package, known=_faces(package) @ package.words.vectors.T)


_WITH_BOREDOM = Prompts(("boredom", *DEFAULT.classes), (("a bored person",), *DEFAULT.descriptions))


def test_the_packages_own_classes_stay_where_they_are_beside_a_new_one() -> None:
    package, points = tiny.package(), _points(6)
    head = TextHead.described(package, _WITH_BOREDOM, lambda: _Sentences(package, 3, 4))
    logits = np.log(head.probabilities(points))
    own = 14 * points @ package.words.vectors.T
    np.testing.assert_allclose(logits[:, 2:] - logits[:, 1:2], own[:, 1:] - own[:, :1], atol=1e-3)


def test_a_new_class_among_the_packages_own_has_a_fair_share_of_the_faces_that_it_knows() -> None:
    package = _known(tiny.package())
    sentences = _Sentences(package, 3, 4)

    def named(model: ModelPackage, faces: NDArray[np.float32]) -> NDArray[np.intp]:
        head = TextHead.described(model, _WITH_BOREDOM, lambda: sentences)
        return np.flatnonzero(head.probabilities(faces).argmax(axis=1) == 0)

    faces = _faces(package)
    nearest = (faces @ package.words.vectors.T).argmax(axis=1)
    assert not len(named(tiny.package(), faces))
    bored = named(package, faces)
    assert len(bored) == pytest.approx(len(faces) / 9, abs=1)
    assert set(nearest[bored]) == {3, 4}  # what it lies between


def test_a_trained_class_in_other_words_is_raised_by_nothing() -> None:
    package = _known(tiny.package())
    others = [row for row in range(8) if row != 4]
    prompts = Prompts(
        (*(DEFAULT.classes[row] for row in others), "rage"),
        (*(DEFAULT.descriptions[row] for row in others), ("a person in a rage",)),
    )

    def rage(model: ModelPackage) -> NDArray[np.float32]:
        head = TextHead.described(model, prompts, lambda: _Sentences(package, 4))
        return head.probabilities(package.words.vectors)

    np.testing.assert_array_equal(rage(package), rage(tiny.package()))
    assert rage(package)[4].argmax() == 7


_cosines = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 40), st.integers(2, 9)),
    elements=st.floats(-1, 1, width=32),
)


@given(_cosines, st.data())
def test_one_known_face_in_k_is_nearer_to_a_new_class_and_nothing_is_lowered(
    cosines: NDArray[np.float32], data: st.DataObject
) -> None:
    count, classes = cosines.shape
    new = data.draw(st.integers(0, classes - 1))
    offsets = fair_offsets(14 * cosines, [new])
    assert (offsets >= 0).all()
    assert not np.delete(offsets, new).any()
    raised = 14 * cosines + offsets
    lead = raised[:, new] - np.delete(raised, new, axis=1).max(axis=1)
    assert (lead > -1e-4).sum() >= count // classes
    assert offsets[new] == 0 or (lead > 1e-4).sum() <= -(-count // classes)


def test_a_package_without_descriptions_has_none_of_its_own_to_be_asked_for(assets: Assets) -> None:
    package = ModelPackage(Path("nowhere"), tiny.card(prompts={}), tiny.words())
    assert TextHead.of(package, _OTHERS, assets).classes == _OTHERS.classes


def test_a_head_says_how_long_its_embeddings_are() -> None:
    assert TextHead(tiny.words(), 14.0).dimensions == tiny.words().vectors.shape[1]


def test_a_head_knows_how_its_classes_are_described() -> None:
    package = tiny.package()
    assert TextHead.of(package, None, Assets(offline=True)).prompts == package.prompts
    chosen = Prompts(("glad", "calm"), tuple(package.prompts.descriptions[i] for i in (1, 0)))
    assert TextHead.of(package, chosen, Assets(offline=True)).prompts == chosen
    assert TextHead(package.words, 14.0).prompts.descriptions[0] == (package.words.classes[0],)
