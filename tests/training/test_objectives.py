"""Each objective is what its formula says, face by face, and its gradients are those of its values."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as nnf

from engines.errors import DataError
from tests import tiny
from training.batches import Batch
from training.distill.stages import Seen
from training.encoders import ToNeutral
from training.objectives import Evidence, Objective, self_contrast, similarity, transformation

_SCALE = 14.0
_NEUTRAL = 0


def _unit(rows: int, seed: int, dimensions: int = 6) -> Tensor:
    chance = torch.Generator().manual_seed(seed)
    return nnf.normalize(torch.randn(rows, dimensions, generator=chance, dtype=torch.float64), dim=1)


@pytest.fixture
def faces() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Embeddings, their neutrals, votes and words."""
    votes = torch.rand(5, 4, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    return _unit(5, 0), _unit(5, 1), votes / votes.sum(dim=1, keepdim=True), _unit(4, 2)


def _cosine(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def _by_hand(faces: tuple[Tensor, ...], loss: Callable[..., float]) -> float:
    """The mean of ``loss(f, n, words, y)`` over faces and expressions but neutral, weighted by the votes."""
    embeddings, neutrals, votes, words = (part.numpy() for part in faces)
    total = weights = 0.0
    for f, n, vote in zip(embeddings, neutrals, votes, strict=True):
        for y in range(1, len(words)):
            total += vote[y] * loss(f, n, words, y)
            weights += vote[y]
    return total / weights


def test_similarity_is_the_cross_entropy_of_the_votes(faces: tuple[Tensor, ...]) -> None:
    embeddings, _, votes, words = faces
    expected = 0.0
    for f, vote in zip(embeddings.numpy(), votes.numpy(), strict=True):
        raised = [math.exp(_SCALE * float(f @ t)) for t in words.numpy()]
        expected -= sum(v * math.log(r / sum(raised)) for v, r in zip(vote, raised, strict=True)) / len(embeddings)
    assert float(similarity(_SCALE * embeddings @ words.T, votes)) == pytest.approx(expected)


def test_frequent_classes_are_expected_of_faces_alone() -> None:
    frequencies = torch.tensor([0.7, 0.2, 0.1], dtype=torch.float64)
    words, embeddings = _unit(3, 0), _unit(2, 1)
    objective = dataclasses.replace(tiny.RECIPE.objective, prior=0.5)
    evidence = Evidence(dataclasses.replace(tiny.RECIPE, objective=objective), frequencies)
    logits = evidence(embeddings, words, torch.tensor([[1.0], [0.0]], dtype=torch.float64))
    plain = objective.scale * embeddings @ words.T
    torch.testing.assert_close(logits[1], plain[1])
    torch.testing.assert_close(logits[0] - plain[0], 0.5 * frequencies.log())


def test_a_class_that_no_face_shows_leaves_the_loss_finite() -> None:
    for prior in (0.0, 0.5):
        objective = dataclasses.replace(tiny.RECIPE.objective, prior=prior)
        evidence = Evidence(dataclasses.replace(tiny.RECIPE, objective=objective), torch.tensor([0.6, 0.4, 0.0]))
        logits = evidence(_unit(2, 1).float(), _unit(3, 0).float(), torch.ones(2, 1))
        assert similarity(logits, torch.tensor([[1.0, 0, 0], [0, 1, 0]])).isfinite()


def test_transformation_is_the_angle_between_the_two_ways(faces: tuple[Tensor, ...]) -> None:
    expected = _by_hand(faces, lambda f, n, words, y: 1 - _cosine(n - f, words[_NEUTRAL] - words[y]))
    assert float(transformation(*faces, neutral=_NEUTRAL)) == pytest.approx(expected)


def test_self_contrast_is_its_formula(faces: tuple[Tensor, ...]) -> None:
    def loss(f, n, words, y) -> float:  # type: ignore[no-untyped-def]
        towards, away = math.exp(_SCALE * f @ words[y]), math.exp(_SCALE * f @ n)
        return -math.log(towards / (towards + away))

    assert float(self_contrast(*faces, neutral=_NEUTRAL, scale=_SCALE)) == pytest.approx(_by_hand(faces, loss))


def test_a_face_that_goes_the_words_way_has_nothing_to_transform(faces: tuple[Tensor, ...]) -> None:
    embeddings, _, _, words = faces
    votes = torch.zeros(5, 4, dtype=torch.float64)
    votes[:, 2] = 1
    neutrals = embeddings + 0.1 * (words[_NEUTRAL] - words[2])
    assert float(transformation(embeddings, neutrals, votes, words, neutral=_NEUTRAL)) == pytest.approx(0, abs=1e-9)


def test_neutral_faces_have_no_way_to_go(faces: tuple[Tensor, ...]) -> None:
    embeddings, neutrals, _, words = faces
    votes = torch.zeros(5, 4, dtype=torch.float64)
    votes[:, _NEUTRAL] = 1
    assert float(transformation(embeddings, neutrals, votes, words, neutral=_NEUTRAL)) == 0
    assert float(self_contrast(embeddings, neutrals, votes, words, neutral=_NEUTRAL, scale=_SCALE)) == 0


@pytest.mark.parametrize("name", ["similarity", "transformation", "self_contrast"])
def test_gradients_are_those_of_the_values(faces: tuple[Tensor, ...], name: str) -> None:
    _, _, votes, words = faces
    made: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
        "similarity": lambda f, _: similarity(_SCALE * f @ words.T, votes),
        "transformation": lambda f, n: transformation(f, n, votes, words, neutral=_NEUTRAL),
        "self_contrast": lambda f, n: self_contrast(f, n, votes, words, neutral=_NEUTRAL, scale=_SCALE),
    }
    given = tuple(part.clone().requires_grad_() for part in faces[:2])
    assert torch.autograd.gradcheck(made[name], given)


def _objective(**weights: Any) -> Objective:
    recipe = dataclasses.replace(tiny.RECIPE, objective=dataclasses.replace(tiny.RECIPE.objective, **weights))
    return Objective(recipe, tiny.CLASSES, torch.full((8,), 1 / 8))


def _loss(**weights: float) -> float:
    chance = torch.Generator().manual_seed(0)
    embeddings = nnf.normalize(torch.randn(6, 384, generator=chance), dim=1)
    votes = torch.eye(8)[:6]
    torch.manual_seed(0)
    batch = Batch(torch.zeros(6, 1, 4, 4), votes, torch.ones(6, 1))
    words = torch.from_numpy(tiny.words().vectors)
    return float(_objective(**weights)(Seen(embeddings), ToNeutral(384), batch, words).detach())


def test_each_objective_can_be_switched_off_and_they_add_up() -> None:
    off = {"similarity": 0.0, "transformation": 0.0, "contrast": 0.0, "prior": 0.0}
    alone = [_loss(**{**off, name: 1.0}) for name in ("similarity", "transformation", "contrast")]
    assert min(alone) > 0.1
    assert _loss(**off) == 0
    assert _loss(**{**off, "similarity": 1.0, "transformation": 0.5, "contrast": 2.0}) == pytest.approx(
        alone[0] + 0.5 * alone[1] + 2 * alone[2], rel=1e-5
    )


def test_the_way_to_neutral_needs_a_neutral() -> None:
    with pytest.raises(DataError, match="neutral"):
        Objective(tiny.RECIPE, tiny.CLASSES[1:], torch.full((7,), 1 / 7))
