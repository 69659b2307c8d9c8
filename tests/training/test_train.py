"""Training learns, and a run that is killed goes on as if it never had been."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.errors import DataError
from tests import tiny
from training.batches import Batch
from training.checkpoint import FILE, Checkpoint
from training.distill.divergence import distillation
from training.objectives import Evidence
from training.recipe import DistillationChoices, Recipe
from training.teacher import Teacher
from training.train import Progress, Run, train

_FACES = tiny.faces(320)
_ROOT = Path(__file__).resolve().parents[2]


class _Killed(Exception):
    """Stands for whatever ends a run."""


def _quiet(_done: int, _total: int, _line: str) -> None:
    pass


def _run(folder: Path, *, resume: bool = False, progress: Progress = _quiet) -> Checkpoint:
    train(tiny.RECIPE, _FACES, tiny.words(), folder, resume=resume, progress=progress)
    return Checkpoint.load(folder)


def _expect_same(one: Checkpoint, other: Checkpoint) -> None:
    assert one.epoch == other.epoch
    for part in ("weights", "average", "momentum"):
        ours, theirs = getattr(one, part), getattr(other, part)
        assert set(ours) == set(theirs)
        assert all(torch.equal(ours[name], theirs[name]) for name in ours), part


def test_the_loss_falls(tiny_run: Path) -> None:
    log = [json.loads(line) for line in (tiny_run / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["epoch"] for line in log] == [1, 2]
    assert log[1]["loss"] < log[0]["loss"]
    assert log[1]["held_out_nll"] < np.log(8)
    assert Checkpoint.load(tiny_run).log == log


def test_a_run_that_is_broken_off_goes_on_to_the_same_weights(tiny_run: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    def kill(done: int, total: int, line: str) -> None:
        seen.append((done, total))
        if line.startswith("epoch 2/2") and done > total * 3 // 4:
            raise _Killed

    with pytest.raises(_Killed):
        _run(tmp_path, progress=kill)
    assert Checkpoint.load(tmp_path).epoch == 1
    _expect_same(_run(tmp_path, resume=True), Checkpoint.load(tiny_run))
    steps, totals = zip(*seen, strict=True)
    assert list(steps) == list(range(1, len(steps) + 1))
    assert len(set(totals)) == 1


_CHILD = """
import sys
from pathlib import Path
from tests import tiny
from training.train import train

def say(done, total, line):
    if line.startswith("epoch 2"):
        print("second epoch", flush=True)
        sys.stdin.read()

train(tiny.RECIPE, tiny.faces(320), tiny.words(), Path(sys.argv[1]), resume=False, progress=say)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_run_that_is_killed_outright_goes_on_to_the_same_weights(tiny_run: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _CHILD, str(tmp_path)]
    with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"second epoch\n"
        child.send_signal(signal.SIGKILL)
    _expect_same(_run(tmp_path, resume=True), Checkpoint.load(tiny_run))


def test_members_that_learn_side_by_side_learn_the_same_at_every_run(tmp_path: Path) -> None:
    """However the threads take turns."""
    pair = dataclasses.replace(tiny.RECIPE, encoder=dataclasses.replace(tiny.RECIPE.encoder, members=2))
    for name in ("one", "other"):
        train(pair, _FACES, tiny.words(), tmp_path / name, resume=False, progress=_quiet)
    one, other = (Checkpoint.load(tmp_path / name) for name in ("one", "other"))
    _expect_same(one, other)
    first, second = (one.weights[f"encoder.members.{n}.encoder.project.weight"] for n in range(2))
    assert not torch.equal(first, second)


@pytest.mark.parametrize("head", ["random", "shuffled", "linear"])
def test_the_controls_train_too(tmp_path: Path, head: str) -> None:
    recipe = dataclasses.replace(tiny.RECIPE, objective=dataclasses.replace(tiny.RECIPE.objective, head=head))
    train(recipe, _FACES, tiny.words(), tmp_path, resume=False, progress=_quiet)
    log = Checkpoint.load(tmp_path).log
    assert log[1]["loss"] < log[0]["loss"]


def _taught_by(*teachers: Path) -> Recipe:
    lessons = DistillationChoices(teachers=[str(folder) for folder in teachers], weight=1.0, temperature=1.0)
    return dataclasses.replace(tiny.RECIPE, seed=5, distillation=lessons)


def test_a_student_comes_nearer_to_what_its_teacher_says(tiny_run: Path, tmp_path: Path) -> None:
    with Run(_taught_by(tiny_run), _FACES, tiny.words()) as run:
        frequencies = run.faces.frequencies
        teacher, evidence = Teacher(run.recipe, tiny.words(), frequencies), Evidence(run.recipe, frequencies)
        images, all_faces = torch.from_numpy(_FACES.images[:64]).float(), torch.ones(64, 1)
        taught = teacher(Batch(images, torch.empty(0), all_faces)).logits

        def distance() -> float:
            with torch.no_grad():
                embeddings = run.average.eval()(images)
            logits = evidence(embeddings, run.average.class_embeddings.detach(), all_faces)
            return float(distillation(logits, taught, temperature=1))

        before = distance()
        for _ in range(2):
            run.train_epoch(_quiet)
        assert distance() < 0.8 * before
        run.checkpoint().save(tmp_path)
    assert Checkpoint.load(tmp_path).recipe == run.recipe


def test_a_teacher_goes_by_its_own_words_whatever_the_students_are(tiny_run: Path) -> None:
    words = tiny.words()
    others = dataclasses.replace(words, vectors=np.ascontiguousarray(words.vectors[::-1]))
    batch = Batch(torch.from_numpy(_FACES.images[:8]).float(), torch.empty(0), torch.ones(8, 1))
    one, other = (Teacher(_taught_by(tiny_run), w, torch.full((8,), 1 / 8))(batch) for w in (words, others))
    torch.testing.assert_close(one.logits, other.logits)


def test_a_teacher_has_to_be_there_finished_and_for_the_same_faces(tiny_run: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere"):
        Run(_taught_by(tmp_path / "nowhere"), _FACES, tiny.words())
    dataclasses.replace(Checkpoint.load(tiny_run), epoch=1).save(tmp_path)
    with pytest.raises(DataError, match="not finished"):
        Run(_taught_by(tmp_path), _FACES, tiny.words())
    student = _taught_by(tiny_run)
    student = dataclasses.replace(student, objective=dataclasses.replace(student.objective, head="random"))
    with pytest.raises(DataError, match="other faces or classes"):
        Run(student, _FACES, tiny.words())


def test_a_run_that_is_done_has_nothing_left_to_do(tiny_run: Path) -> None:
    before = (tiny_run / FILE).stat().st_mtime_ns
    steps: list[int] = []
    train(tiny.RECIPE, _FACES, tiny.words(), tiny_run, resume=True, progress=lambda done, *_: steps.append(done))
    assert steps == []
    assert (tiny_run / FILE).stat().st_mtime_ns == before


def test_the_log_is_whole_after_a_run_that_ended_between_its_two_files(tiny_run: Path, tmp_path: Path) -> None:
    Checkpoint.load(tiny_run).save(tmp_path)
    _run(tmp_path, resume=True)
    assert (tmp_path / "log.jsonl").read_bytes() == (tiny_run / "log.jsonl").read_bytes()


def test_a_run_is_not_overwritten_unasked(tiny_run: Path) -> None:
    before = (tiny_run / FILE).read_bytes()
    with pytest.raises(DataError, match="--resume"):
        _run(tiny_run)
    assert (tiny_run / FILE).read_bytes() == before


def test_a_run_does_not_go_on_with_another_recipe(tiny_run: Path) -> None:
    other = dataclasses.replace(tiny.RECIPE, seed=4)
    with pytest.raises(DataError, match="another recipe"):
        train(other, _FACES, tiny.words(), tiny_run, resume=True, progress=_quiet)


def test_faces_of_another_size_are_said(tmp_path: Path) -> None:
    recipe = dataclasses.replace(tiny.RECIPE, encoder=dataclasses.replace(tiny.RECIPE.encoder, size=48))
    with pytest.raises(DataError, match=r"\[1, 48, 48\].*\[1, 24, 24\]"):
        train(recipe, _FACES, tiny.words(), tmp_path, resume=False, progress=_quiet)


@pytest.mark.parametrize("count", [0, 8, 33])
def test_too_few_faces_are_said(tmp_path: Path, count: int) -> None:
    with pytest.raises(DataError):
        train(tiny.RECIPE, _FACES[:count], tiny.words(), tmp_path, resume=False, progress=_quiet)


@pytest.mark.parametrize("share", [0.0, 0.001])
def test_a_recipe_that_holds_out_nothing_is_said_before_any_training(tmp_path: Path, share: float) -> None:
    recipe = dataclasses.replace(tiny.RECIPE, data=dataclasses.replace(tiny.RECIPE.data, held_out=share))
    steps: list[int] = []
    with pytest.raises(DataError, match="held_out"):
        train(recipe, _FACES, tiny.words(), tmp_path, resume=False, progress=lambda done, *_: steps.append(done))
    assert steps == []
