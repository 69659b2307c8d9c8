"""A recipe chooses how it is distilled; each way trains, resumes and exports, and what makes no sense is said."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engines.errors import DataError
from engines.package import ModelPackage
from tests import tiny
from training.batches import Batch
from training.checkpoint import Checkpoint
from training.distill.method import METHODS, Step, distillation_method
from training.distill.stages import look
from training.export import export
from training.models import build_model
from training.recipe import DistillationChoices, Recipe
from training.start import encoder_of
from training.teacher import Teacher
from training.train import Run, train

_FACES = tiny.faces(160)


def _quiet(_done: int, _total: int, _line: str) -> None:
    pass


def _recipe(objective: str, teacher: Path | None, **changes: Any) -> Recipe:
    features = 0.0 if objective == "plain" else 0.6
    teachers = [] if teacher is None or objective == "online" else [str(teacher)]
    choices = DistillationChoices(
        teachers=teachers, weight=0.5, temperature=2.0, objective=objective, features=features, anchors=8
    )
    encoder = dataclasses.replace(tiny.RECIPE.encoder, stem=4, widths=[6, 8])
    return dataclasses.replace(
        tiny.RECIPE, encoder=encoder, distillation=dataclasses.replace(choices, **changes), seed=5
    )


def _train(recipe: Recipe, folder: Path) -> Checkpoint:
    train(recipe, _FACES, tiny.words(), folder, resume=False, progress=_quiet)
    return Checkpoint.load(folder)


@pytest.mark.parametrize("objective", METHODS)
def test_a_run_that_is_broken_off_goes_on_to_the_same_weights(tiny_run: Path, tmp_path: Path, objective: str) -> None:
    recipe = _recipe(objective, tiny_run)
    with Run(recipe, _FACES, tiny.words()) as run:
        run.train_epoch(_quiet)
        run.checkpoint().save(tmp_path)
        run.train_epoch(_quiet)
        whole = run.checkpoint()
    assert whole.log[1]["loss"] < whole.log[0]["loss"]
    with Run(recipe, _FACES, tiny.words()) as run:
        run.restore(Checkpoint.load(tmp_path))
        run.train_epoch(_quiet)
        resumed = run.checkpoint()
    assert bool(resumed.companions) == (objective in {"online", "spots"})
    for part in ("weights", "average", "momentum", "companions"):
        ours, theirs = getattr(resumed, part), getattr(whole, part)
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours), part


@pytest.mark.parametrize("objective", METHODS)
def test_every_way_is_gone_in_half_precision_too(
    tiny_run: Path, objective: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever this processor is best at."""
    monkeypatch.setattr("training.precision._has_bfloat16", lambda: True)
    with Run(_recipe(objective, tiny_run), _FACES, tiny.words()) as run:
        run.train_epoch(_quiet)
    assert np.isfinite(run.log[0]["loss"])


@pytest.mark.parametrize("objective", ["online", "transport"])
def test_what_is_shipped_needs_nothing_but_the_encoder(tiny_run: Path, tmp_path: Path, objective: str) -> None:
    checkpoint = _train(_recipe(objective, tiny_run), tmp_path / "run")
    package = export(checkpoint, _FACES, tiny.words(), tiny.CROP, tmp_path / "package")
    assert package.card.classes == tiny.CLASSES


def test_members_side_by_side_have_companions_of_their_own(tmp_path: Path) -> None:
    recipe = _recipe("online", None)
    pair = dataclasses.replace(recipe, encoder=dataclasses.replace(recipe.encoder, members=2))
    companions = _train(pair, tmp_path).companions
    gates = [companions[f"{place}.gate.weight"] for place in range(2)]
    assert not torch.equal(*gates)


def _step(recipe: Recipe, teacher: Teacher) -> Step:
    """What a student would be judged by that is its teacher."""
    batch = Batch(torch.from_numpy(_FACES.images[:16]).float(), torch.eye(8).repeat(2, 1), torch.ones(16, 1))
    mapped = recipe.distillation.objective == "spots"
    taught = teacher(batch, mapped=mapped)
    seen = look(teacher.encoders[0], batch.images, mapped=mapped)._replace(hallucinated=taught.embeddings)
    method = distillation_method(recipe, teacher)
    assert method is not None
    companion = method.companion(teacher.encoders[0])
    return Step(seen, taught.logits, batch.targets, taught, taught.evidence, companion)


@pytest.mark.parametrize("objective", ["plain", "cka", "transport", "rows"])
def test_a_student_that_is_its_teacher_has_nothing_to_learn(tiny_run: Path, objective: str) -> None:
    recipe = _recipe(objective, tiny_run)
    teacher = Teacher(recipe, tiny.words(), torch.full((8,), 1 / 8))
    method = distillation_method(recipe, teacher)
    assert method is not None
    answers, features = method(_step(recipe, teacher))
    assert float(answers) == pytest.approx(0, abs=1e-5)
    assert float(features) == pytest.approx(0, abs=1e-4)


def test_spots_ask_of_a_student_that_is_its_teacher_only_that_the_policy_reads_well(tiny_run: Path) -> None:
    recipe = _recipe("spots", tiny_run)
    teacher = Teacher(recipe, tiny.words(), torch.full((8,), 1 / 8))
    method = distillation_method(recipe, teacher)
    assert method is not None
    step = _step(recipe, teacher)
    answers, features = method(step)
    features.backward()  # type: ignore[no-untyped-call]
    assert float(answers) == pytest.approx(0, abs=1e-5)
    assert step.companion is not None
    assert all(parameter.grad is not None for parameter in step.companion.parameters())
    assert all(parameter.grad is None for parameter in teacher.encoders[0].parameters())


def test_a_package_of_another_shape_can_teach(tiny_package: ModelPackage, tmp_path: Path) -> None:
    recipe = _recipe("cka", tiny_package.folder)
    log = _train(recipe, tmp_path).log
    assert log[1]["loss"] < log[0]["loss"]


def test_a_package_says_what_its_encoder_is(tiny_package: ModelPackage, tmp_path: Path) -> None:
    own = dataclasses.replace(tiny.RECIPE.encoder, dropout=0.0)
    assert encoder_of(tiny_package) == own
    encoder = dataclasses.replace(
        own, members=2, mirrored=True, widths=[4, 6, 8], depths=[2, 1, 2], stem=4, crop=[20, 16]
    )
    checkpoint = _train(dataclasses.replace(tiny.RECIPE, encoder=encoder), tmp_path / "run")
    assert encoder_of(export(checkpoint, _FACES, tiny.words(), tiny.CROP, tmp_path / "package")) == encoder


def test_a_package_that_teaches_reads_as_it_does_elsewhere(tiny_package: ModelPackage) -> None:
    from engines.onnxruntime import OnnxRuntimeEngine  # noqa: PLC0415 - for this one

    recipe = _recipe("plain", tiny_package.folder)
    taught = Teacher(recipe, tiny.words(), torch.full((8,), 1 / 8))(
        Batch(torch.from_numpy(_FACES.images[:8]).float(), torch.empty(0), torch.ones(8, 1))
    )
    with OnnxRuntimeEngine(tiny_package) as engine:
        read = engine.embed(_FACES.images[:8])
    # The shift of the calibration apart, which is small, and half precision.
    assert float((taught.embeddings.numpy() * read).sum(axis=1).min()) > 0.9


def test_the_smaller_one_is_small_and_taught_by_the_one_that_ships() -> None:
    recipe = Recipe.load(Path(__file__).resolve().parents[3] / "training" / "recipes" / "mien-xs.toml")
    (member,) = build_model(recipe, tiny.words()).members
    assert sum(parameter.numel() for parameter in member.encoder.parameters()) <= 1_000_000
    taught = Teacher(recipe, tiny.words(), torch.full((8,), 1 / 8))(
        Batch(torch.zeros(2, 1, 48, 48), torch.empty(0), torch.ones(2, 1))
    )
    assert taught.logits.shape == (2, 8)


@pytest.mark.parametrize(
    ("objective", "changes", "said"),
    [
        ("plain", {"objective": "magic"}, "magic.*plain, cka"),
        ("plain", {"features": 1.0}, "plain"),
        ("plain", {"weight": 1.5}, "from 0 to 1"),
        ("plain", {"weight": -0.5}, "from 0 to 1"),
        ("cka", {"features": -1.0}, "not below 0"),
        ("cka", {"temperature": 0.0}, "temperature"),
        ("cka", {"teachers": []}, "teachers are missing"),
        ("plain", {"weight": 0.0}, "no say"),
        ("online", {"teachers": ["mien-s"]}, "name no teachers"),
        ("online", {"branches": 0}, "branches"),
        ("online", {"features": 0.0}, "features is 0"),
        ("spots", {"features": 0.0}, "features is 0"),
        ("rows", {"anchors": 33}, "32 faces"),
        ("transport", {"blur": 0.0}, "blur"),
    ],
)
def test_choices_that_contradict_each_other_are_said(
    tiny_run: Path, objective: str, changes: dict[str, Any], said: str
) -> None:
    recipe = _recipe(objective, tiny_run)
    recipe = dataclasses.replace(recipe, distillation=dataclasses.replace(recipe.distillation, **changes))
    with pytest.raises(DataError, match=said) as caught:
        Run(recipe, _FACES, tiny.words())
    assert "\n" not in str(caught.value)


def test_spots_and_branches_need_stages(tiny_run: Path) -> None:
    recipe = _recipe("spots", tiny_run)
    for encoder, said in (({"widths": [6], "depths": [1]}, "stages"), ({"kind": "swin-t"}, "stages")):
        changed = dataclasses.replace(recipe, encoder=dataclasses.replace(recipe.encoder, **encoder))
        with pytest.raises(DataError, match=said):
            Run(changed, _FACES, tiny.words())
    online = _recipe("online", None)
    one = dataclasses.replace(online, encoder=dataclasses.replace(online.encoder, widths=[6], depths=[1]))
    with pytest.raises(DataError, match="widths"):
        Run(one, _FACES, tiny.words())


def test_the_same_net_can_be_trained_without_a_teacher(tmp_path: Path) -> None:
    alone = _train(_recipe("rows", None, weight=0.0, features=0.0), tmp_path)
    assert any("transformation" in name for name in alone.weights)
    assert np.isfinite(alone.log[-1]["held_out_nll"])
