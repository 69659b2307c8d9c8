"""What is privileged stays with the teacher: the student sees less, of the same faces."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engines.errors import DataError
from tests import tiny
from training.batches import TrainingFaces
from training.checkpoint import Checkpoint
from training.data import Faces
from training.distill.views import reduced, reduced_pictures, single_votes
from training.recipe import DistillationChoices, Recipe
from training.train import Run, train

_FACES = tiny.faces(160)


def _large() -> Faces:
    """The same faces twice as large, in colour."""
    images = _FACES.images.repeat(2, axis=2).repeat(2, axis=3).repeat(3, axis=1)
    return Faces(np.ascontiguousarray(images), _FACES.votes)


def _recipe(privileged: str, **encoder: Any) -> Recipe:
    data = dataclasses.replace(tiny.RECIPE.data, privileged=privileged)
    return dataclasses.replace(tiny.RECIPE, data=data, encoder=dataclasses.replace(tiny.RECIPE.encoder, **encoder))


def test_a_pixel_is_the_mean_of_those_it_stands_for() -> None:
    faces = torch.arange(16.0).view(1, 1, 4, 4)
    assert reduced(faces, 1, 2).flatten().tolist() == [2.5, 4.5, 10.5, 12.5]
    assert reduced(faces, 1, 4) is faces


def test_colour_turns_grey_as_it_does_live() -> None:
    import cv2  # noqa: PLC0415 - for this one

    picture = np.random.default_rng(0).integers(0, 256, (1, 3, 6, 6), np.uint8)
    expected = cv2.cvtColor(np.ascontiguousarray(picture[0].transpose(1, 2, 0)), cv2.COLOR_RGB2GRAY)
    difference = reduced_pictures(picture, 1, 6)[0, 0].astype(int) - expected
    assert np.abs(difference).max() <= 1
    with pytest.raises(ValueError, match="cannot make"):
        reduced_pictures(picture, 1, 7)


def _votes(*rows: list[int]) -> NDArray[np.uint8]:
    return np.array(rows, np.uint8)


def test_one_vote_is_drawn_as_often_as_it_was_given() -> None:
    votes = np.repeat(_votes([7, 0, 0, 3, 0, 0, 0, 0, 0, 0]), 2000, axis=0)
    single = single_votes(votes, seed=1)
    assert single.sum(axis=1).tolist() == [10] * 2000
    assert (single > 0).sum(axis=1).max() == 1
    assert (single[:, 0] == 10).mean() == pytest.approx(0.7, abs=0.03)
    assert single[:, 3].any()
    assert not single[:, 1].any()


def test_a_faces_vote_is_its_own_and_its_seeds() -> None:
    votes = np.repeat(_votes([5, 5, 0, 0, 0, 0, 0, 0, 0, 0]), 50, axis=0)
    np.testing.assert_array_equal(single_votes(votes, 1)[:20], single_votes(votes[:20], 1))
    assert not np.array_equal(single_votes(votes, 1), single_votes(votes, 2))


def test_who_has_no_votes_gets_none() -> None:
    assert not single_votes(_votes([0] * 10), 1).any()


def test_a_student_has_one_vote_of_each_face() -> None:
    targets = torch.cat([batch.targets for batch in TrainingFaces(_plain("votes"), _FACES).epoch(1)])
    assert set(targets.flatten().tolist()) == {0.0, 1.0}
    targets = torch.cat([batch.targets for batch in TrainingFaces(_plain(""), _FACES).epoch(1)])
    assert len(set(targets.flatten().tolist())) > 2


def _plain(privileged: str) -> Recipe:
    recipe = _recipe(privileged)
    return dataclasses.replace(recipe, data=dataclasses.replace(recipe.data, mixup=0.0, non_faces=0.0))


def test_a_student_is_taught_by_one_who_sees_the_faces_large_and_in_colour(tmp_path: Path) -> None:
    large = _recipe("", size=2 * tiny.SIZE, channels=3)
    train(large, _large(), tiny.words(), tmp_path / "teacher", resume=False, progress=lambda *_: None)
    lessons = DistillationChoices(
        teachers=[str(tmp_path / "teacher")], weight=0.5, objective="transport", features=0.6, anchors=8
    )
    student = dataclasses.replace(_recipe("resolution"), distillation=lessons)
    train(student, _large(), tiny.words(), tmp_path / "student", resume=False, progress=lambda *_: None)
    log = Checkpoint.load(tmp_path / "student").log
    assert log[1]["loss"] < log[0]["loss"]
    with pytest.raises(DataError, match="other faces or classes"):
        Run(dataclasses.replace(tiny.RECIPE, distillation=lessons), _FACES, tiny.words())


def test_what_is_held_out_is_as_the_student_sees_it() -> None:
    faces = TrainingFaces(_recipe("resolution"), _large())
    assert faces.held.shape[1:] == (1, tiny.SIZE, tiny.SIZE)
    np.testing.assert_array_equal(faces.held, TrainingFaces(tiny.RECIPE, _FACES).held)


@pytest.mark.parametrize("privileged", ["resolution", "smell", ""])
def test_faces_that_have_nothing_to_keep_from_a_student_are_said(privileged: str) -> None:
    faces = _large() if not privileged else _FACES
    with pytest.raises(DataError, match=r"privileged|more than \[1, 24, 24\]|for faces \[1, 24, 24\]"):
        TrainingFaces(_recipe(privileged), faces)
