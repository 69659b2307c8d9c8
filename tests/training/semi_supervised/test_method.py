"""Training with unlabelled faces: it helps, it resumes, and it never sees a label."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engines.errors import DataError
from tests import tiny
from training.batches import Batch
from training.checkpoint import Checkpoint
from training.recipe import DataChoices, Recipe, SemiSupervisedChoices
from training.semi_supervised.unlabelled import UnlabelledFaces, Views
from training.semi_supervised.views import strong, weak
from training.train import Progress, Run, train

_FACES = tiny.faces(160)
_UNLABELLED = tiny.pictures(np.arange(256) % 8, seed=4)
_SIT_FER = SemiSupervisedChoices(weight=1.0, semantic=0.5, threshold=0.3, room=16)


def _recipe(**changes: Any) -> Recipe:
    choices = dataclasses.replace(_SIT_FER, **changes)
    data = DataChoices(held_out=0.25, mixup=0.0, plain_epochs=1, non_faces=0.1, batches=15)
    return dataclasses.replace(tiny.RECIPE, semi_supervised=choices, data=data)


def _quiet(_done: int, _total: int, _line: str) -> None:
    pass


def _train(
    folder: Path, recipe: Recipe, unlabelled: NDArray[np.uint8] = _UNLABELLED, *, resume: bool = False,
    progress: Progress = _quiet,
) -> Checkpoint:  # fmt: skip
    train(recipe, _FACES, tiny.words(), folder, resume=resume, progress=progress, unlabelled=unlabelled)
    return Checkpoint.load(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aggregation": "schedule", "instance": "mean", "adaptive": True},
        {"levels": ["text"], "semantic": 0.0, "averaged": False, "hard": True},
        {"levels": ["instance"], "aggregation": "schedule"},
    ],
)
def test_every_variant_trains_and_says_what_it_believes(tmp_path: Path, changes: dict[str, Any]) -> None:
    lines: list[str] = []
    log = _train(tmp_path, _recipe(**changes), progress=lambda _done, _total, line: lines.append(line)).log
    assert log[-1]["held_out_nll"] < np.log(8)
    assert 0 < log[-1]["accepted"] <= 1
    assert sum(log[-1]["accepted_classes"].values()) == pytest.approx(1, abs=0.01)
    assert re.search(r"unlabelled \d+% \(\w+ \d+", lines[-1])


def test_a_run_that_is_broken_off_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    class Killed(Exception):
        pass

    def kill(_done: int, _total: int, line: str) -> None:
        if line.startswith("epoch 2/2"):
            raise Killed

    recipe = _recipe(adaptive=True)
    whole = _train(tmp_path / "whole", recipe)
    with pytest.raises(Killed):
        _train(tmp_path / "broken", recipe, progress=kill)
    resumed = _train(tmp_path / "broken", recipe, resume=True)
    for part in ("weights", "average", "unlabelled"):
        ours, theirs = getattr(resumed, part), getattr(whole, part)
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours), part


def test_what_is_believed_carries_no_gradient_and_only_the_sure_counts() -> None:
    with Run(_recipe(), _FACES, tiny.words(), _UNLABELLED) as run:
        assert run.unlabelled is not None
        model = run.average
        batch = Batch(
            torch.from_numpy(_FACES.images[:32]).float(), torch.eye(8)[torch.arange(32) % 8], torch.ones(32, 1)
        )
        views = Views(*(torch.from_numpy(_UNLABELLED[:64]).float() for _ in range(2)))
        lesson = run.unlabelled.lesson(model, views, batch, epoch=0)
        assert not lesson.targets.requires_grad
        embeddings = model.embed_at_rest(lesson.strong)
        unsure = lesson._replace(accepted=torch.zeros(64))
        assert float(run.unlabelled.loss(embeddings, unsure, model).detach()) == 0
        sure = lesson._replace(accepted=torch.ones(64), targets=torch.eye(8)[torch.arange(64) % 8])
        wrong = sure._replace(targets=sure.targets.roll(1, dims=1))
        losses = [float(run.unlabelled.loss(embeddings, each, model).detach()) for each in (sure, wrong)]
        assert losses[0] != losses[1]


def test_asking_the_weights_themselves_leaves_them_as_they_are() -> None:
    with Run(_recipe(averaged=False), _FACES, tiny.words(), _UNLABELLED) as run:
        before = {name: tensor.clone() for name, tensor in run.average.state_dict().items()}
        run.average.train()
        run.average.embed_at_rest(torch.from_numpy(_UNLABELLED[:8]).float())
        assert run.average.training
        assert all(torch.equal(tensor, before[name]) for name, tensor in run.average.state_dict().items())


def test_each_unlabelled_face_comes_as_often_as_any_other() -> None:
    recipe = dataclasses.replace(_recipe(), optimiser=dataclasses.replace(tiny.RECIPE.optimiser, batch=16))
    marked = np.zeros((40, 1, tiny.SIZE, tiny.SIZE), np.uint8) + np.arange(40, dtype=np.uint8)[:, None, None, None]
    faces = UnlabelledFaces(recipe, marked)
    seen = torch.cat([views.weak[:, 0, 0, 0] for views in faces.epoch(0, 5)]).round().long()
    assert seen.bincount().tolist() == [4] * 40
    again = torch.cat([views.weak[:, 0, 0, 0] for views in faces.epoch(0, 5)]).round().long()
    assert torch.equal(seen, again)


def test_views_keep_shape_and_range_and_differ() -> None:
    faces = torch.from_numpy(_UNLABELLED[:32]).float() / 255
    for view in (weak, strong):
        one, other = (view(faces, torch.Generator().manual_seed(seed)) for seed in (0, 1))
        assert one.shape == faces.shape
        assert one.min() >= 0
        assert one.max() <= 1
        assert not torch.equal(one, other)


def test_a_weak_view_only_moves_and_mirrors() -> None:
    """A row of a face that is the same all along its width is still a row of it."""
    faces = torch.linspace(0, 1, 24).view(1, 1, 24, 1).expand(8, 1, 24, 24)
    moved = weak(faces, torch.Generator().manual_seed(0))
    assert torch.equal(moved, moved[..., :1].expand_as(moved))
    assert set(moved.flatten().tolist()) <= set(faces.flatten().tolist())


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"levels": ["taste"]}, "levels"),
        ({"levels": []}, "levels"),
        ({"semantic": 0.0}, "linear layer"),
        ({"aggregation": "sum"}, "aggregation"),
        ({"ratio": 100.0}, "do not fill"),
    ],
)
def test_choices_that_are_not_sound_are_said(tmp_path: Path, changes: dict[str, Any], line: str) -> None:
    with pytest.raises(DataError, match=line):
        _train(tmp_path, _recipe(**changes))


def test_unlabelled_faces_that_are_missing_or_of_another_size_are_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="unlabelled faces too"):
        train(_recipe(), _FACES, tiny.words(), tmp_path, resume=False, progress=_quiet)
    with pytest.raises(DataError, match=r"\[1, 24, 24\].*\[1, 8, 8\]"):
        _train(tmp_path, _recipe(), np.zeros((256, 1, 8, 8), np.uint8))
