"""The study of distillation: which runs it makes, that each recipe is sound, and what it prints."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))

from study_distillation import FULL_TEACHER, TABLES, TEACHER, Job, jobs, run, tables, teachers

from tests import tiny
from training.checkpoint import Checkpoint
from training.data import save_faces
from training.distill.data_free import check_data_free
from training.distill.method import check

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_every_condition_is_run_with_every_seed_and_no_two_runs_share_a_file() -> None:
    wanted = [*teachers(photographed=True), *jobs(photographed=True)]
    assert len(wanted) == 3 * (2 + sum(len(conditions) for conditions in TABLES.values()))
    assert len({job.file for job in wanted}) == len(wanted)
    without = [*teachers(photographed=False), *jobs(photographed=False)]
    assert [job for job in wanted if not job.photographed] == without


def test_every_recipe_is_sound_and_differs_in_what_it_says_alone() -> None:
    wanted = [*teachers(photographed=True), *jobs(photographed=True)]
    recipes = {job.name: job.recipe(Path("there")) for job in wanted if job.seed == 1}
    for name, recipe in recipes.items():
        check(recipe)
        if recipe.data_free.generator:
            check_data_free(recipe)
        assert recipe.optimiser == recipes[TEACHER].optimiser
        assert (recipe.encoder == recipes["KD"].encoder) == (name not in {TEACHER, FULL_TEACHER})
        kind = "photographs" if recipe.data.privileged == "resolution" else "faces"
        assert set(recipe.distillation.teachers) <= {str(Path("there") / f"{kind}-1")}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The study's recipe on tiny faces, with the words that these have."""

    def load(_: Path) -> Any:
        return tiny.RECIPE

    monkeypatch.setattr("study_distillation.Recipe.load", load)
    monkeypatch.setattr("training.words.class_embeddings", lambda *_: tiny.words())
    monkeypatch.setattr("study_distillation.Assets.from_environment", lambda **_: None)


@pytest.mark.usefixtures("small")
def test_a_teacher_is_kept_for_those_who_learn_from_it(tmp_path: Path) -> None:
    faces, faces_file = tiny.faces(80, seed=9), tmp_path / "faces.npz"
    save_faces(faces, faces_file)
    figures = run(Job(TEACHER, 3, {"distillation": {"teachers": []}}), faces_file, tmp_path)
    assert Checkpoint.load(tmp_path / "faces-3").epoch == 2
    learned = run(Job("KD", 3, {"distillation": {"weight": 0.5}}), faces_file, tmp_path)
    assert figures["faces"] == learned["faces"] == 20
    assert 0 <= learned["accuracy"] <= 1


def test_the_tables_hold_what_was_found() -> None:
    names = [TEACHER, FULL_TEACHER, *(name for conditions in TABLES.values() for name in conditions)]
    found = [
        {"name": name, "seed": seed, "accuracy": 0.5 + 0.01 * (name == "KD"), "macro_recall": 0.25, "nll": 1.0}
        for name in names
        for seed in (1, 2)
    ]
    lines = tables(found).splitlines()
    assert "| no teacher | 50.0 ± 0.0 |  | 25.0 ± 0.0 | 1.000 |" in lines
    assert "| KD | 51.0 ± 0.0 | 1.0 ± 0.0 | 25.0 ± 0.0 | 1.000 |" in lines
    assert sum(line.startswith("| teacher") for line in lines) == len(TABLES)
    assert "| spot-adaptive |  |  |  |  |" in tables(found[:2]).splitlines()


def test_the_page_has_the_tables_of_the_runs_whose_epochs_are_kept() -> None:
    page = (DOCS / "distillation.md").read_text(encoding="utf-8")
    lines = (DOCS / "logs" / "distillation.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    told = {title for title, conditions in TABLES.items() if any(figures["name"] in conditions for figures in found)}
    assert told
    for title, table in zip(TABLES, tables(found).strip().split("\n\n"), strict=True):
        assert (table in page) == (title in told)
    for figures in found:
        epochs = figures["log"]
        assert epochs[-1]["held_out_accuracy"] == pytest.approx(figures["accuracy"], abs=1e-4)
