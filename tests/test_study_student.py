"""The study of what a teacher is worth: which runs it makes, what it measures them on, and what it prints."""

import dataclasses
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))

from study_student import ALONE, RECIPE, TAUGHT, Job, jobs, run, table

from tests import tiny
from training.data import save_faces
from training.distill.method import check
from training.recipe import DistillationChoices, Recipe
from training.train import Run, finish


def test_with_the_teacher_and_without_differ_in_nothing_else() -> None:
    recipes = {(job.name, job.seed): job.recipe(Recipe.load(RECIPE), 12) for job in jobs()}
    assert len({job.file for job in jobs()}) == len(recipes) == 6
    for seed in (1, 2, 3):
        taught, alone = recipes[TAUGHT, seed], recipes[ALONE, seed]
        check(taught)
        check(alone)
        assert taught.distillation.teachers
        assert not alone.distillation.teachers
        assert dataclasses.replace(taught, distillation=alone.distillation) == alone
        assert (taught.seed, taught.optimiser.epochs, taught.data.plain_epochs) == (seed, 12, 1)


def test_a_run_is_measured_on_the_faces_that_it_is_given_for_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Run(tiny.RECIPE, tiny.faces(80), tiny.words()) as teacher:
        finish(teacher, tmp_path, lambda *_: None)
    choices = DistillationChoices(teachers=[str(tmp_path)], objective="plain", weight=0.5)
    recipe = dataclasses.replace(tiny.RECIPE, distillation=choices)

    def load(_: Path) -> Any:
        return recipe

    monkeypatch.setattr("study_student.Recipe.load", load)
    monkeypatch.setattr("training.words.class_embeddings", lambda *_: tiny.words())
    monkeypatch.setattr("study_student.Assets.from_environment", lambda **_: None)
    save_faces(tiny.faces(80, seed=9), tmp_path / "learn.npz")
    save_faces(tiny.faces(24, seed=4), tmp_path / "unseen.npz")
    for name in (TAUGHT, ALONE):
        figures = run(Job(name, 1), tmp_path / "learn.npz", tmp_path, tmp_path / "unseen.npz", 2)
        assert (figures["name"], figures["faces"], figures["epochs"], len(figures["log"])) == (name, 24, 2, 2)
        assert 0 <= figures["accuracy"] <= 1


def test_the_table_has_the_difference_seed_by_seed() -> None:
    found = [
        {"name": name, "seed": seed, "accuracy": 0.8 + 0.01 * seed * (name == TAUGHT), "macro_recall": 0.5}
        for seed in (1, 2)
        for name in (TAUGHT, ALONE)
    ]
    *_, taught, alone, more = table(found).splitlines()
    assert taught.startswith("| taught | 81.5 ± ")
    assert alone == "| no teacher | 80.0 ± 0.0 | 50.0 ± 0.0 |"
    assert "(+1.0, +2.0)" in more
    assert more.endswith("| 0.0 ± 0.0 (+0.0, +0.0) |")
