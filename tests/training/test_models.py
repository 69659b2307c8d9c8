"""A recipe leads to the model that it describes; an ensemble is the direction of its members' sum."""

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from engines.errors import DataError
from tests import tiny
from training.encoders import SeededDropout
from training.models import KINDS, GuidedModel, build_model, reseed
from training.recipe import Recipe
from training.words import HEADS, directions


def _recipe(**encoder: Any) -> Recipe:
    return dataclasses.replace(tiny.RECIPE, encoder=dataclasses.replace(tiny.RECIPE.encoder, **encoder))


def _with_head(head: str, **encoder: Any) -> Recipe:
    recipe = _recipe(**encoder)
    return dataclasses.replace(recipe, objective=dataclasses.replace(recipe.objective, head=head))


def _model(recipe: Recipe) -> GuidedModel:
    torch.manual_seed(0)
    return build_model(recipe, tiny.words()).eval()


@pytest.fixture
def faces() -> torch.Tensor:
    return torch.from_numpy(tiny.pictures(np.arange(5))).float()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_points_of_unit_length(kind: str, faces: torch.Tensor) -> None:
    embeddings = _model(_recipe(kind=kind))(faces)
    assert embeddings.shape == (5, 384)
    torch.testing.assert_close(embeddings.norm(dim=1), torch.ones(5))


def test_an_ensemble_is_the_direction_of_its_members_sum(faces: torch.Tensor) -> None:
    model = _model(_recipe(members=3))
    total = sum(member.encoder(faces) for member in model.members)
    assert isinstance(total, torch.Tensor)
    torch.testing.assert_close(model(faces), total / total.norm(dim=1, keepdim=True))


def test_mirrored_a_face_and_its_mirror_image_are_one(faces: torch.Tensor) -> None:
    plain, mirrored = _model(_recipe(members=2)), _model(_recipe(members=2, mirrored=True))
    mirrored.load_state_dict(plain.state_dict())
    torch.testing.assert_close(mirrored(faces), mirrored(faces.flip(-1)))
    total = plain(faces) * 0 + sum(m.encoder(view) for m in plain.members for view in (faces, faces.flip(-1)))
    torch.testing.assert_close(mirrored(faces), total / total.norm(dim=1, keepdim=True))


def test_what_lies_outside_of_the_crop_does_not_count(faces: torch.Tensor) -> None:
    whole, cropped = _model(_recipe()), _model(_recipe(crop=[20, 16]))
    cropped.load_state_dict(whole.state_dict())
    framed = faces.clone()
    framed[..., :2, :] = framed[..., -2:, :] = 255
    framed[..., :4] = framed[..., -4:] = 255
    torch.testing.assert_close(cropped(framed), cropped(faces))
    torch.testing.assert_close(cropped(faces), whole(faces[..., 2:-2, 4:-4]))
    assert not torch.allclose(whole(framed), whole(faces), atol=1e-3)


@pytest.mark.parametrize("head", HEADS)
def test_only_a_linear_head_learns_its_classes(head: str) -> None:
    words = _model(_with_head(head)).words
    assert words.requires_grad == (head == "linear")
    torch.testing.assert_close(words.detach().norm(dim=1), torch.ones(8))


def test_shuffled_words_are_all_there_and_none_in_its_place() -> None:
    words = tiny.words()
    shuffled = directions("shuffled", words, 3).vectors
    assert not (shuffled == words.vectors).all(axis=1).any()
    assert sorted(map(tuple, shuffled)) == sorted(map(tuple, words.vectors))


def test_random_directions_are_orthonormal_and_the_seeds() -> None:
    one, other = (directions("random", tiny.words(), seed).vectors for seed in (1, 2))
    np.testing.assert_allclose(one @ one.T, np.eye(8), atol=1e-6)
    assert np.abs(one - other).max() > 0.01
    np.testing.assert_array_equal(one, directions("random", tiny.words(), 1).vectors)


@pytest.mark.parametrize(
    ("recipe", "named"),
    [
        (_recipe(kind="vgg"), "residual"),
        (_recipe(members=0), "members"),
        (_recipe(crop=[20]), "rows and columns"),
        (_recipe(crop=[20, 25]), "from 1 to 24"),
        (_recipe(crop=[0, 20]), "from 1 to 24"),
        (_with_head("cosmic"), "shuffled"),
        (_with_head("linear", members=2), "members"),
    ],
)
def test_what_is_no_model_is_said(recipe: Recipe, named: str) -> None:
    with pytest.raises(DataError, match=named):
        _model(recipe)


def test_dropouts_chance_is_its_own() -> None:
    dropout, faces = SeededDropout(0.5).train(), torch.ones(4, 1000)
    dropout.reseed(1, torch.device("cpu"))
    first = dropout(faces)
    torch.rand(7)  # somebody else's
    dropout.reseed(1, torch.device("cpu"))
    assert torch.equal(dropout(faces), first)
    assert not torch.equal(dropout(faces), first)
    assert float(first.mean()) == pytest.approx(1, abs=0.1)
    assert torch.equal(dropout.eval()(faces), faces)


def test_no_two_dropouts_of_a_model_drop_alike() -> None:
    model = _model(_recipe(members=2))
    reseed(model, 5, torch.device("cpu"))
    one, other = (m for m in model.modules() if isinstance(m, SeededDropout))
    ones = torch.ones(1, 1000)
    assert not torch.equal(one.train()(ones), other.train()(ones))
