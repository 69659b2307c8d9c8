"""The study of unlabelled faces: which runs it makes, what it prints, and that no label of theirs is used."""

import dataclasses
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))

from study_unlabelled import FULLY, LABELS, METHODS, VARIANTS, draw, jobs, quality, tables

from tests import tiny
from training.batches import split
from training.checkpoint import Checkpoint
from training.data import CLASSES, Faces
from training.recipe import DataChoices, Recipe, SemiSupervisedChoices
from training.train import Run, train

_CHOICES = SemiSupervisedChoices(weight=1.0, semantic=0.5, threshold=0.15, room=16)
_DATA = DataChoices(held_out=0.2, mixup=0.0, plain_epochs=1, non_faces=0.1, faces=64, batches=4)
_RECIPE = dataclasses.replace(tiny.RECIPE, semi_supervised=_CHOICES, data=_DATA)


def test_every_condition_is_run_with_every_seed_and_no_two_runs_share_a_file() -> None:
    wanted = list(jobs())
    assert len(wanted) == 3 * (len(LABELS) * len(METHODS) + 1 + len(VARIANTS))
    assert len({job.file for job in wanted}) == len(wanted)
    for job in wanted:
        assert job.recipe().data.faces == job.labels
    batches = {job.name: job.recipe().optimiser.batch for job in wanted}
    assert batches[FULLY] == 5 * batches["SIT-FER"]


def _train(folder: Path, faces: Faces, recipe: Recipe) -> Checkpoint:
    unlabelled = faces.images[split(recipe, len(faces))[1]]
    train(
        recipe, faces, tiny.words(), folder, resume=False, progress=lambda *_: None, unlabelled=unlabelled
    )  # fmt: skip
    return Checkpoint.load(folder)


def test_the_labels_of_unlabelled_faces_are_not_used(tmp_path: Path) -> None:
    faces = tiny.faces(240)
    _, rest, _ = split(_RECIPE, len(faces))
    votes = faces.votes.copy()
    votes[rest] = votes[np.random.default_rng(0).permutation(rest)]
    assert not np.array_equal(votes, faces.votes)
    one = _train(tmp_path / "one", faces, _RECIPE)
    other = _train(tmp_path / "other", Faces(faces.images, votes), _RECIPE)
    assert all(torch.equal(one.weights[name], other.weights[name]) for name in one.weights)
    assert all(torch.equal(one.unlabelled[name], other.unlabelled[name]) for name in one.unlabelled)


def test_faces_are_trained_on_left_over_or_held_out() -> None:
    parts = split(_RECIPE, 240)
    assert [len(part) for part in parts] == [64, 128, 48]
    assert sorted(np.concatenate(parts).tolist()) == list(range(240))


def test_the_quality_is_that_of_the_believed() -> None:
    faces = tiny.faces(240)
    _, rest, _ = split(_RECIPE, len(faces))
    with Run(_RECIPE, faces, tiny.words(), faces.images[rest]) as run:
        for _ in range(2):
            run.train_epoch(lambda *_: None)
        assert run.unlabelled is not None
        found = quality(run.unlabelled, run, faces[rest])
    assert 0 < found["coverage"] <= 1
    assert 1 / 8 < found["precision"] <= 1
    assert all(each["recall"] <= each["coverage"] for each in found["classes"].values())
    assert set(found["right"]) == {*_RECIPE.semi_supervised.levels, "together"}
    # Where all say the same, they say it together too.
    assert max(found["right"].values()) - min(found["right"].values()) <= 1 - found["alike"]


def _figures(name: str, labels: int, seed: int, **more: Any) -> dict[str, Any]:
    of_class = {kind: {"coverage": 0.5, "recall": 0.25, "precision": None} for kind in CLASSES}
    about = {"right": {"text": 0.5, "together": 0.75}, "alike": 0.25, "classes": of_class}
    quality: list[dict[str, Any]] = [
        about | {"coverage": 0.5, "precision": None},
        about | {"coverage": 0.6, "precision": 0.8},
    ]
    return {
        "name": name,
        "labels": labels,
        "seed": seed,
        "accuracy": 0.5,
        "macro_recall": 0.25,
        "quality": quality,
    } | more


def test_the_tables_hold_what_was_found_and_the_picture_is_drawn(tmp_path: Path) -> None:
    found = [_figures(name, labels, seed) for name in METHODS for labels in LABELS for seed in (1, 2)]
    found += [_figures(FULLY, 0, 1, quality=[]), _figures("equal thirds", 400, 1)]
    lines = tables(found).splitlines()
    assert "| labelled faces alone | 50.0 ± 0.0 | 50.0 ± 0.0 | 50.0 ± 0.0 | 50.0 ± 0.0 | 50.0 |" in lines
    assert "| FixMatch | 25.0 ± 0.0 | 25.0 ± 0.0 | 25.0 ± 0.0 | 25.0 ± 0.0 |  |" in lines
    assert "| equal thirds | 50.0 | 25.0 | 60.0 | 80.0 |" in lines
    assert "| without the text level |  |  |  |  |" in lines
    assert lines.count("| SIT-FER less FixMatch, seed by seed | 0.0 ± 0.0 | 0.0 ± 0.0 | 0.0 ± 0.0 | 0.0 ± 0.0 | |") == 2
    assert lines[-1] == "| | 50.0 ± 0.0 | 75.0 ± 0.0 | 25.0 ± 0.0 |"
    draw(found, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
