"""What is done to training faces leaves them faces, each its own, the same at every run."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from tests import tiny
from training.augment import augment, compress, non_faces

Make = Callable[[Tensor, torch.Generator], Tensor]


@pytest.fixture
def faces() -> Tensor:
    return torch.from_numpy(tiny.pictures(np.arange(96) % 8)).float() / 255


def _chance(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("make", [augment, non_faces])
def test_pictures_stay_pictures(make: Make, faces: Tensor) -> None:
    made = make(faces, _chance())
    assert made.shape == faces.shape
    assert made.dtype == torch.float32
    assert bool(((made >= 0) & (made <= 1)).all())


@pytest.mark.parametrize("make", [augment, non_faces])
def test_the_same_chance_makes_the_same_pictures_and_another_makes_others(make: Make, faces: Tensor) -> None:
    assert torch.equal(make(faces, _chance()), make(faces, _chance()))
    assert not torch.equal(make(faces, _chance()), make(faces, _chance(2)))


@pytest.mark.parametrize("make", [augment, non_faces])
def test_the_faces_themselves_are_left_alone(make: Make, faces: Tensor) -> None:
    kept = faces.clone()
    make(faces, _chance())
    assert torch.equal(faces, kept)


@pytest.mark.parametrize("make", [augment, non_faces])
@pytest.mark.parametrize("shape", [(1, 1, 24, 24), (3, 3, 48, 48), (2, 1, 64, 64)])
def test_any_size_and_colour_will_do(make: Make, shape: tuple[int, ...]) -> None:
    assert make(torch.rand(shape, generator=_chance()), _chance()).shape == shape


def test_each_face_is_changed_in_its_own_way(faces: Tensor) -> None:
    made = augment(faces[:1].expand(16, -1, -1, -1), _chance())
    assert len(torch.unique(made, dim=0)) == 16


def test_an_augmented_face_is_nearer_to_its_own_kind_than_a_non_face(faces: Tensor) -> None:
    def distance(made: Tensor) -> float:
        return float((made - faces).square().mean())

    assert distance(augment(faces, _chance())) < distance(non_faces(faces, _chance()))


@pytest.mark.parametrize("size", [24, 47, 48])
def test_compression_keeps_the_picture_and_loses_its_finest_grain(size: int) -> None:
    ramp = torch.linspace(0.2, 0.8, size).expand(4, 1, size, size)
    grain = 0.05 * torch.rand(4, 1, size, size, generator=_chance())
    made = compress(ramp + grain, _chance())
    assert made.shape == ramp.shape
    assert float((made - ramp).abs().mean()) < 0.05
    assert float((made[..., 1:] - made[..., :-1]).std()) < float((grain[..., 1:] - grain[..., :-1]).std())


def test_a_colour_face_gets_another_light_and_is_sometimes_grey() -> None:
    faces = torch.rand(200, 3, 24, 24, generator=_chance())
    made = augment(faces, _chance())
    spread = made.mean(dim=(2, 3)).std(dim=1)
    grey = (made.amax(dim=1) - made.amin(dim=1)).mean(dim=(1, 2)) < 0.1
    assert 10 < int(grey.sum()) < 80
    assert float(spread[~grey].median()) > 0.01
