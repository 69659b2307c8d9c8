"""Steps go where the loss is low all around, where a recipe says so."""

import copy
import dataclasses
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from tests import tiny
from training.checkpoint import Checkpoint
from training.optimiser import uphill
from training.train import train


def test_the_gradient_of_a_bowl_uphill_is_what_it_comes_to() -> None:
    model, curvature = nn.Linear(2, 1, bias=False), torch.tensor([1.0, 9.0])
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[4.0, 1 / 3]]))

    def gradient() -> Tensor:
        (curvature * model.weight.square() / 2).sum().backward()  # type: ignore[no-untyped-call]
        assert model.weight.grad is not None
        return model.weight.grad

    assert gradient().tolist() == [[4.0, 3.0]]
    with uphill(model, 0.5):  # by 0.4 and 0.3
        found = gradient()
    assert torch.allclose(found, torch.tensor([[4.4, 9 * (1 / 3 + 0.3)]]))
    assert model.weight.grad is found


@given(radius=st.floats(1e-3, 1.0), seed=st.integers(0, 1000))
def test_uphill_is_as_far_as_said_the_way_of_the_gradient_and_back(radius: float, seed: int) -> None:
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 1))
    faces = torch.rand(4, 1, 4, 4)
    model(faces).square().sum().backward()
    before = copy.deepcopy(model.state_dict())
    way = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    here = [parameter.detach().clone() for parameter in model.parameters()]
    with uphill(model, radius):
        assert all(parameter.grad is None for parameter in model.parameters())
        moved = [now.detach() - then for now, then in zip(model.parameters(), here, strict=True)]
        model(faces)
    moved_by, ways = (torch.cat([part.flatten() for part in parts]) for parts in (moved, way))
    assert moved_by.norm() == pytest.approx(radius, rel=1e-2)
    assert torch.cosine_similarity(moved_by, ways, dim=0) > 0.99
    after = model.state_dict()
    assert all(torch.equal(after[name], before[name]) for name in before if not name.endswith("tracked"))
    assert model[1].momentum == nn.BatchNorm2d(2).momentum


def test_where_nothing_leads_uphill_nothing_moves() -> None:
    model = nn.Linear(2, 1)
    (model(torch.zeros(3, 2)).sum() * 0).backward()
    before = copy.deepcopy(model.state_dict())
    with uphill(model, 0.5):
        assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_a_run_steps_by_the_gradients_uphill_and_goes_on_to_the_same_weights(tiny_run: Path, tmp_path: Path) -> None:
    optimiser = dataclasses.replace(tiny.RECIPE.optimiser, radius=0.3)
    recipe = dataclasses.replace(tiny.RECIPE, optimiser=optimiser)

    def run(folder: Path, *, stop: bool = False) -> Checkpoint:
        def progress(_done: int, _total: int, line: str) -> None:
            if stop and line.startswith("epoch 2"):
                raise KeyboardInterrupt

        train(recipe, tiny.faces(320), tiny.words(), folder, resume=True, progress=progress)
        return Checkpoint.load(folder)

    whole = run(tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "stopped", stop=True)
    again, plain = run(tmp_path / "stopped"), Checkpoint.load(tiny_run)
    for name, values in whole.weights.items():
        assert torch.equal(values, again.weights[name])
    assert not torch.equal(
        whole.weights["encoder.members.0.encoder.project.weight"],
        plain.weights["encoder.members.0.encoder.project.weight"],
    )
    assert whole.log[1]["loss"] < whole.log[0]["loss"]
