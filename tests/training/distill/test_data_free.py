"""A student is taught on pictures made from noise: it comes nearer to its teacher, and never sees a face."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from engines.errors import DataError
from tests import tiny
from training.checkpoint import Checkpoint
from training.data import Faces
from training.distill.data_free import GENERATORS, NormMoments, disagreement, wished_for
from training.distill.generator import Generator
from training.recipe import DataFreeChoices, DistillationChoices, Recipe
from training.train import Run

_FACES = tiny.faces(160)


def _quiet(_done: int, _total: int, _line: str) -> None:
    pass


def _normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def _recipe(generator: str, teacher: Path) -> Recipe:
    return dataclasses.replace(
        tiny.RECIPE,
        seed=5,
        objective=dataclasses.replace(tiny.RECIPE.objective, prior=0.0),
        distillation=DistillationChoices(teachers=[str(teacher)], weight=1.0),
        data_free=DataFreeChoices(generator=generator, noise=8, every=2, steps=2, kept=48),
    )


def test_a_generator_makes_pictures_of_the_size_that_is_asked_for() -> None:
    torch.manual_seed(0)
    pictures = Generator(8, 3, 24)(torch.randn(2, 8))
    assert pictures.shape == (2, 3, 24, 24)
    assert 0 <= float(pictures.detach().min()) <= float(pictures.detach().max()) <= 255
    with pytest.raises(ValueError, match="divide"):
        Generator(8, 3, 25)


def test_disagreement_is_the_mean_difference_and_nothing_for_a_student_that_is_its_teacher() -> None:
    ours, theirs = _normal(4, 3), _normal(4, 3, seed=1)
    assert float(disagreement(ours, theirs)) == pytest.approx(float(np.abs(ours.numpy() - theirs.numpy()).mean()))
    assert float(disagreement(ours, ours)) == 0


def test_what_is_wished_for_is_read_so_by_the_teacher_and_not_yet_by_the_student() -> None:
    labels = torch.tensor([0, 1])
    theirs = torch.tensor([[4.0, 0, 0], [0, 4.0, 0]])
    unlike = torch.tensor([[0.1, 0, 0], [0, 0.1, 0]])
    assert float(wished_for(unlike, theirs, labels)) < float(wished_for(theirs, theirs, labels))
    assert float(wished_for(theirs, theirs, labels)) < float(wished_for(theirs, theirs, labels.flip(0)))


@pytest.mark.parametrize("name", ["disagreement", "wished_for"])
def test_gradients_are_those_of_the_values(name: str) -> None:
    labels = torch.tensor([0, 1, 2, 0])
    made = {"disagreement": disagreement, "wished_for": lambda x, y: wished_for(x, y, labels)}
    assert torch.autograd.gradcheck(made[name], tuple(_normal(4, 3, seed=s).requires_grad_() for s in (1, 2)))


def test_moments_are_measured_against_what_a_normalisation_expects() -> None:
    norm = torch.nn.BatchNorm2d(2).eval()
    x = _normal(3, 2, 4, 4).float()
    with NormMoments([norm]) as moments:
        norm(x)
    values = x.numpy()
    expected = (values.mean(axis=(0, 2, 3)) ** 2).mean() + ((values.var(axis=(0, 2, 3)) - 1) ** 2).mean()
    assert float(moments.distance) == pytest.approx(float(expected), rel=1e-4)
    norm(x)
    assert float(moments.distance) == pytest.approx(float(expected), rel=1e-4), "it has stopped looking"


@pytest.mark.parametrize("generator", GENERATORS)
def test_a_run_that_is_broken_off_goes_on_to_the_same_weights(tiny_run: Path, tmp_path: Path, generator: str) -> None:
    recipe = _recipe(generator, tiny_run)
    with Run(recipe, _FACES, tiny.words()) as run:
        run.train_epoch(_quiet)
        run.checkpoint().save(tmp_path)
        run.train_epoch(_quiet)
        whole = run.checkpoint()
    with Run(recipe, _FACES, tiny.words()) as run:
        run.restore(Checkpoint.load(tmp_path))
        run.train_epoch(_quiet)
        resumed = run.checkpoint()
    for part in ("weights", "average", "imagined"):
        ours, theirs = getattr(resumed, part), getattr(whole, part)
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours), part


@pytest.mark.parametrize("generator", GENERATORS)
def test_pictures_are_made_in_half_precision_too(
    tiny_run: Path, generator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.precision._has_bfloat16", lambda: True)
    with Run(_recipe(generator, tiny_run), _FACES, tiny.words()) as run:
        run.train_epoch(_quiet)
    assert np.isfinite(run.log[0]["loss"])


@pytest.mark.parametrize("generator", GENERATORS)
def test_no_face_and_no_vote_leaves_a_trace_in_the_weights(tiny_run: Path, generator: str) -> None:
    others = tiny.faces(160, seed=77)
    unlike = Faces(255 - others.images, np.roll(others.votes, 3, axis=0))
    ends = []
    for faces in (_FACES, unlike):
        with Run(_recipe(generator, tiny_run), faces, tiny.words()) as run:
            run.train_epoch(_quiet)
            ends.append(run.checkpoint().weights)
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


@pytest.mark.parametrize(
    ("room", "changes", "said"),
    [
        ("data_free", {"generator": "magic"}, "adversarial, fast"),
        ("data_free", {"steps": 0}, "counts"),
        ("data_free", {"rate": 0.0}, "rate"),
        ("distillation", {"weight": 0.5}, "weight to 1"),
        ("distillation", {"teachers": [], "weight": 0.0}, "teacher"),
        ("objective", {"prior": 0.1}, "prior"),
        ("data", {"privileged": "votes"}, "privileged"),
    ],
)
def test_what_needs_faces_is_said(tiny_run: Path, room: str, changes: dict[str, Any], said: str) -> None:
    recipe = _recipe("fast", tiny_run)
    recipe = dataclasses.replace(recipe, **{room: dataclasses.replace(getattr(recipe, room), **changes)})
    with pytest.raises(DataError, match=said) as caught:
        Run(recipe, _FACES, tiny.words())
    assert "\n" not in str(caught.value)
