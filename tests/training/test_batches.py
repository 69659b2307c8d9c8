"""What a run is fed: its share of the faces, mixed as the recipe says, and never what is left out."""

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from engines.errors import DataError
from tests import tiny
from training.batches import TrainingFaces
from training.data import hold_out
from training.recipe import Recipe


def _recipe(**data: Any) -> Recipe:
    return dataclasses.replace(tiny.RECIPE, data=dataclasses.replace(tiny.RECIPE.data, **data))


def test_an_epoch_is_the_same_at_every_run_and_no_two_are_alike() -> None:
    once, again = (list(TrainingFaces(_recipe(), tiny.faces(320)).epoch(0)) for _ in range(2))
    other = list(TrainingFaces(_recipe(), tiny.faces(320)).epoch(1))
    assert len(once) == len(other) == 7
    assert all(torch.equal(a.images, b.images) for a, b in zip(once, again, strict=True))
    assert not torch.equal(once[0].images, other[0].images)


def test_targets_are_distributions_and_non_faces_are_like_no_class() -> None:
    batch = next(TrainingFaces(_recipe(mixup=0.0, non_faces=0.25), tiny.faces(320)).epoch(0))
    assert batch.images.shape == (32, 1, tiny.SIZE, tiny.SIZE)
    assert batch.images.max() > 1
    torch.testing.assert_close(batch.targets.sum(dim=1), torch.ones(32))
    assert batch.face_share.flatten().tolist() == [0.0] * 8 + [1.0] * 24
    torch.testing.assert_close(batch.targets[:8], torch.full((8, 8), 1 / 8))


def test_a_mixed_face_counts_for_its_shares() -> None:
    batch = next(TrainingFaces(_recipe(mixup=5.0, non_faces=0.5), tiny.faces(320)).epoch(0))
    share = float(batch.face_share[0])
    assert 0 < share < 1
    torch.testing.assert_close(batch.face_share[:16], torch.full((16, 1), share))
    torch.testing.assert_close(batch.face_share[16:], torch.full((16, 1), 1 - share))


def test_a_class_that_is_left_out_is_nowhere() -> None:
    faces = TrainingFaces(_recipe(left_out="anger", mixup=0.0, non_faces=0.0), tiny.faces(320))
    assert "anger" not in faces.classes
    held = hold_out(320, tiny.RECIPE.data.held_out, tiny.RECIPE.seed)[1]
    assert len(faces.held) == len(faces.held_labels) == (held % 8 != 4).sum()
    labels = np.delete(np.arange(8), 4)[faces.held_labels]
    np.testing.assert_array_equal(labels, held[held % 8 != 4] % 8)
    targets = torch.cat([batch.targets for batch in faces.epoch(0)])
    assert targets.shape[1] == 7
    torch.testing.assert_close(targets.sum(dim=1), torch.ones(len(targets)))
    # A fifth of sadness is voted anger in this little world, and is shared out among the others.
    assert float(targets[:, 3].max()) == 1


def test_fewer_faces_are_drawn_from_the_same() -> None:
    every, some = (TrainingFaces(_recipe(faces=count), tiny.faces(320)) for count in (0, 100))
    assert (every.batches_per_epoch, some.batches_per_epoch) == (7, 3)
    np.testing.assert_array_equal(every.held, some.held)


def test_what_is_no_class_cannot_be_left_out() -> None:
    with pytest.raises(DataError, match="happiness"):
        TrainingFaces(_recipe(left_out="joy"), tiny.faces(320))


@pytest.mark.parametrize("data", [{"faces": 20}, {"held_out": 0.0}])
def test_too_few_faces_are_said(data: dict[str, Any]) -> None:
    with pytest.raises(DataError):
        TrainingFaces(_recipe(**data), tiny.faces(320))
