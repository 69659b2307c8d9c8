"""A run that begins with a package reads as that does, goes on from there, and refuses another encoder's."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.errors import DataError, ModelError
from engines.package import DEFAULT_PACKAGE, ModelPackage, package_folder
from tests import tiny
from training.checkpoint import Checkpoint
from training.export import export
from training.models import GuidedModel, build_model
from training.recipe import DistillationChoices, Recipe
from training.start import load_package
from training.train import Run, embed, train

_FACES = tiny.faces(320)
_PAIR = dataclasses.replace(
    tiny.RECIPE, encoder=dataclasses.replace(tiny.RECIPE.encoder, members=2, mirrored=True, dropout=0.0)
)


def _quiet(_done: int, _total: int, _line: str) -> None:
    pass


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[GuidedModel, Path]:
    """A trained pair of encoders, and the package that was made of it."""
    run, folder = tmp_path_factory.mktemp("pair"), tmp_path_factory.mktemp("packages") / "pair"
    train(_PAIR, _FACES, tiny.words(), run, resume=False, progress=_quiet)
    checkpoint = Checkpoint.load(run)
    export(checkpoint, _FACES, tiny.words(), tiny.CROP, folder)
    model = build_model(_PAIR, tiny.words())
    model.load_state_dict(checkpoint.average)
    return model, folder


def _from(folder: Path, recipe: Recipe = _PAIR) -> Recipe:
    return dataclasses.replace(recipe, start=str(folder))


def test_it_reads_as_the_package_does(before: tuple[GuidedModel, Path]) -> None:
    model, folder = before
    with Run(_from(folder), _FACES, tiny.words()) as run:
        np.testing.assert_allclose(embed(run.average, _FACES.images), embed(model, _FACES.images), atol=1e-4)


def test_it_can_go_on_with_the_middle_of_the_face_alone(before: tuple[GuidedModel, Path]) -> None:
    model, folder = before
    recipe = dataclasses.replace(_PAIR, encoder=dataclasses.replace(_PAIR.encoder, crop=[20, 16]))
    middles = np.ascontiguousarray(_FACES.images[..., 2:-2, 4:-4])
    with Run(_from(folder, recipe), _FACES, tiny.words()) as run:
        np.testing.assert_allclose(embed(run.average, _FACES.images), embed(model, middles), atol=1e-4)


def test_it_reads_nearly_the_same_while_it_is_trained(before: tuple[GuidedModel, Path]) -> None:
    _, folder = before
    with Run(_from(folder), _FACES, tiny.words()) as run:
        images = next(run.faces.epoch(0)).images
        with torch.no_grad():
            rest, trained = run.average.eval()(images), run.average.train()(images)
    assert float((rest * trained).sum(dim=1).mean()) > 0.97


def test_the_way_to_neutral_is_the_packages(before: tuple[GuidedModel, Path]) -> None:
    _, folder = before
    neutral_map = ModelPackage.load(folder).neutral_map
    assert neutral_map is not None
    embeddings = tiny.words().vectors
    with Run(_from(folder), _FACES, tiny.words()) as run, torch.no_grad():
        steps = [
            m.to_neutral.outer(torch.relu(m.to_neutral.inner(torch.from_numpy(embeddings))))
            for m in run.average.members
        ]
    moved = embeddings + torch.stack(steps).mean(dim=0).numpy()
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    np.testing.assert_allclose(moved, neutral_map(embeddings), atol=1e-5)


def test_it_goes_on_from_there_and_can_be_broken_off(before: tuple[GuidedModel, Path], tmp_path: Path) -> None:
    _, folder = before
    slow = dataclasses.replace(_PAIR.optimiser, learning_rate=0.02)
    recipe = _from(folder, dataclasses.replace(_PAIR, optimiser=slow))
    train(recipe, _FACES, tiny.words(), tmp_path / "one", resume=False, progress=_quiet)
    with Run(recipe, _FACES, tiny.words()) as run:
        first = run.measure_held_out()
        run.train_epoch(_quiet)
        run.checkpoint().save(tmp_path / "other")
    train(recipe, _FACES, tiny.words(), tmp_path / "other", resume=True, progress=_quiet)
    one, other = (Checkpoint.load(tmp_path / name) for name in ("one", "other"))
    assert one.log[-1]["held_out_nll"] < first.nll
    assert all(torch.equal(one.weights[name], other.weights[name]) for name in one.weights)


def test_it_goes_back_as_far_as_the_recipe_says(before: tuple[GuidedModel, Path]) -> None:
    """All the way is where it began, and half of it lies between."""
    _, folder = before
    ends = {}
    for kept in (0.0, 0.5, 1.0):
        with Run(dataclasses.replace(_from(folder), kept=kept), _FACES, tiny.words()) as run:
            start = embed(run.average, _FACES.images)
            for _ in range(2):
                run.train_epoch(_quiet)
            ends[kept] = float((start * embed(run.average, _FACES.images)).sum(axis=1).mean())
    assert ends[0.0] < ends[0.5] < ends[1.0]
    assert ends[1.0] > 0.99
    with pytest.raises(DataError, match="set start"):
        Run(dataclasses.replace(_PAIR, kept=0.5), _FACES, tiny.words())


def test_a_package_can_teach(before: tuple[GuidedModel, Path]) -> None:
    """A student that is the package itself has nothing to learn from it."""
    _, folder = before
    lessons = DistillationChoices(teachers=[str(folder)], weight=1.0, temperature=1.0)
    plain = dataclasses.replace(
        _PAIR, distillation=lessons, objective=dataclasses.replace(_PAIR.objective, transformation=0.0, contrast=0.0)
    )

    def loss(recipe: Recipe) -> float:
        with Run(recipe, _FACES, tiny.words()) as run:
            run.train_epoch(_quiet)
            return float(run.log[0]["loss"])

    assert loss(_from(folder, plain)) < 0.5 * loss(plain)


def test_another_encoders_weights_are_refused(before: tuple[GuidedModel, Path], tmp_path: Path) -> None:
    _, folder = before
    for changes in ({"widths": [12, 20]}, {"depths": [1, 2]}, {"kind": "resnet18"}):
        encoder = dataclasses.replace(_PAIR.encoder, **changes)
        with pytest.raises(DataError, match="of another kind or shape"):
            load_package(build_model(dataclasses.replace(_PAIR, encoder=encoder), tiny.words()), str(folder))
    with pytest.raises(ModelError, match="nowhere"):
        Run(_from(tmp_path / "nowhere"), _FACES, tiny.words())


def test_a_package_that_ships_goes_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert package_folder("mien-s") == DEFAULT_PACKAGE
    assert package_folder("no-such") == Path("no-such")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mien-s").mkdir()
    assert package_folder("mien-s") == Path("mien-s"), "one's own folder of that name comes first"
