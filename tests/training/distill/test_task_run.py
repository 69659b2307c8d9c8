"""Encoders are trained for valence and arousal, and for pain, on small data in the published layouts."""

import dataclasses
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engines.errors import DataError
from engines.package import ModelPackage
from tests import tiny
from tests.conftest import Mien
from tests.training.federated.made import write_recipe
from training.checkpoint import FILE, Checkpoint
from training.distill.stages import look
from training.distill.task_examples import Cut, View, load_examples
from training.distill.task_model import build_task_model, load_task_teacher
from training.distill.task_run import TaskRun, open_task
from training.distill.transport import row_error
from training.distill.views import reduced
from training.recipe import UNGUIDED, DataChoices, DistillationChoices, Recipe, TaskChoices
from training.train import finish

_BASE = dataclasses.replace(
    tiny.RECIPE, objective=UNGUIDED, data=DataChoices(held_out=0.0, mixup=0.0, plain_epochs=0, non_faces=0.0)
)
_AFFECT = dataclasses.replace(
    _BASE,
    task=TaskChoices("valence-arousal"),
    optimiser=dataclasses.replace(_BASE.optimiser, epochs=3, batch=16, learning_rate=0.05),
)
_PAIN = dataclasses.replace(_AFFECT, task=TaskChoices("pain"), data=dataclasses.replace(_BASE.data, held_out=0.25))
_LARGE = dataclasses.replace(_BASE.encoder, size=32, channels=3)
_LEVEL_NAMES = ("BL1", "PA1", "PA2", "PA3", "PA4")


def _quiet(_done: int, _total: int, _line: str) -> None:
    pass


def _nothing_to_cut(films: Sequence[Path], channels: int, size: int) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    raise AssertionError(f"{films}, {channels}, {size}: there are no films")


def _taught_by(recipe: Recipe, teacher: Path, objective: str = "transport") -> Recipe:
    choices = DistillationChoices(teachers=[str(teacher)], objective=objective, features=1.0, anchors=8)
    return dataclasses.replace(recipe, distillation=choices)


def _longer(recipe: Recipe, epochs: int = 12) -> Recipe:
    return dataclasses.replace(recipe, optimiser=dataclasses.replace(recipe.optimiser, epochs=epochs))


def _trained(
    recipe: Recipe, data: Path, folder: Path, *, resume: bool = False, cut: Cut = _nothing_to_cut
) -> Checkpoint:
    finish(open_task(recipe, data, folder, resume=resume, cut=cut), folder, _quiet)
    return Checkpoint.load(folder)


@pytest.fixture(scope="module")
def affwild2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bar, the higher the more pleasant, in colour, and the brighter the more excited: 32 pixels, JPEG."""
    folder, chance = tmp_path_factory.mktemp("affwild2"), np.random.default_rng(0)
    for part, videos in (("Train_Set", ("1-30", "2-30")), ("Validation_Set", ("3-30",))):
        annotations = folder / "annotations" / "VA_Estimation_Challenge" / part
        annotations.mkdir(parents=True)
        for video in videos:
            affect = chance.uniform(-1, 1, (40, 2)).round(2)
            lines = [f"{valence},{arousal}" for valence, arousal in affect]
            (annotations / f"{video}.txt").write_text("\n".join(["valence,arousal", *lines, "-5,-5"]), encoding="utf-8")
            faces = folder / "cropped_aligned" / video
            faces.mkdir(parents=True)
            for number, (valence, arousal) in enumerate(affect, 1):
                image = np.full((32, 32, 3), (60, 80, 100), np.uint8)
                top = round((1 - valence) * 13)
                image[top : top + 5] = round(150 + 100 * arousal)
                cv2.imwrite(str(faces / f"{number:05}.jpg"), image)
    return folder


@pytest.fixture(scope="module")
def biovid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layout of BioVid, with films that are to be cut by something else than the detection."""
    folder = tmp_path_factory.mktemp("biovid")
    _write_biovid(folder, people=8)
    return folder


def _write_biovid(folder: Path, people: int) -> None:
    """A sample of each level for each of some people; the skin conducts by the level, and films are empty."""
    lines = ["subject_id\tsubject_name\tclass_id\tclass_name\tsample_id\tsample_name"]
    for person in range(people):
        subject = f"07{person:04}_w_21"
        for place in ("video", "biosignals_filtered"):
            (folder / place / subject).mkdir(parents=True)
        for level, name in enumerate(_LEVEL_NAMES):
            sample = f"{subject}-{name}-081"
            lines.append(f"{person}\t{subject}\t{level}\t{name}\t{level}\t{sample}")
            (folder / "video" / subject / f"{sample}.mp4").touch()
            rows = [f"{moment}\t{2 + level}\t{moment % 7}\t{person}" for moment in range(40)]
            table = "\n".join(["time\tgsr\tecg\temg_trapezius", *rows])
            (folder / "biosignals_filtered" / subject / f"{sample}_bio.csv").write_text(table, encoding="utf-8")
    (folder / "samples.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _four_faces_of_each(films: Sequence[Path], channels: int, size: int) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """What the detection would cut out: a bar that shows the level, as tests.tiny's expressions are shown."""
    assert (channels, size) == (1, tiny.SIZE)
    of = np.repeat(np.arange(len(films)), 4)
    levels = np.array([_LEVEL_NAMES.index(films[int(film)].stem.split("-")[1]) for film in of])
    return tiny.pictures(levels), of


@pytest.fixture(scope="module")
def affect_teacher(affwild2: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that has seen the faces of Aff-Wild2 larger and in colour."""
    folder = tmp_path_factory.mktemp("affect-teacher")
    _trained(dataclasses.replace(_AFFECT, encoder=_LARGE), affwild2, folder)
    return folder


@pytest.fixture(scope="module")
def pain_teacher(biovid: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that has seen BioVid's signals beside the faces."""
    folder = tmp_path_factory.mktemp("pain-teacher")
    recipe = _longer(dataclasses.replace(_PAIN, task=TaskChoices("pain", signals=True)))
    _trained(recipe, biovid, folder, cut=_four_faces_of_each)
    return folder


def test_valence_and_arousal_are_learned(affwild2: Path, tmp_path: Path) -> None:
    log = _trained(_longer(_AFFECT), affwild2, tmp_path).log
    assert log[-1]["loss"] < 0.8 * log[0]["loss"]
    assert log[-1]["held_out_ccc"] > 0.2
    mean = (log[-1]["held_out_ccc_valence"] + log[-1]["held_out_ccc_arousal"]) / 2
    assert log[-1]["held_out_ccc"] == pytest.approx(mean, abs=1e-3)
    assert [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()] == log


def test_pain_is_learned_and_measured_on_other_people(biovid: Path, tmp_path: Path) -> None:
    train, measured = load_examples(_PAIN, biovid, View.of(_PAIN), _four_faces_of_each)
    assert (len(train), len(train.truth), len(measured), len(measured.truth)) == (120, 30, 40, 10)
    log = _trained(_longer(_PAIN), biovid, tmp_path, cut=_four_faces_of_each).log
    assert log[-1]["loss"] < 0.8 * log[0]["loss"]
    assert log[-1]["held_out_accuracy"] > 0.2
    assert log[-1]["held_out_mean_absolute_error"] < 1.2


def test_a_run_that_is_broken_off_goes_on_to_the_same_weights(biovid: Path, pain_teacher: Path, tmp_path: Path) -> None:
    recipe = _taught_by(_PAIN, pain_teacher)
    whole = _trained(recipe, biovid, tmp_path / "whole", cut=_four_faces_of_each)
    first = open_task(recipe, biovid, tmp_path / "broken", resume=False, cut=_four_faces_of_each)
    first.train_epoch(_quiet)
    first.checkpoint().save(tmp_path / "broken")
    with pytest.raises(DataError, match="--resume"):
        _trained(recipe, biovid, tmp_path / "broken")
    resumed = _trained(recipe, biovid, tmp_path / "broken", resume=True)  # its faces were kept: nothing is cut anew
    for part in ("weights", "average", "momentum"):
        ours, theirs = getattr(resumed, part), getattr(whole, part)
        assert set(ours) == set(theirs)
        assert all(torch.equal(ours[name], theirs[name]) for name in ours), part


@pytest.mark.parametrize("objective", ["transport", "rows"])
def test_a_student_learns_from_a_teacher_that_sees_larger_faces_in_colour(
    affwild2: Path, affect_teacher: Path, tmp_path: Path, objective: str
) -> None:
    recipe = _longer(_taught_by(_AFFECT, affect_teacher, objective))
    assert _seen_by_teacher(recipe, affwild2, _nothing_to_cut) == ((16, 3, 32, 32), None)
    taught = _trained(recipe, affwild2, tmp_path / "taught")
    alone = _trained(_without_teacher(recipe), affwild2, tmp_path / "alone")
    assert _away(taught, recipe, affwild2, _nothing_to_cut) < 0.8 * _away(alone, recipe, affwild2, _nothing_to_cut)


def test_a_student_learns_from_a_teacher_that_sees_what_the_body_did(
    biovid: Path, pain_teacher: Path, tmp_path: Path
) -> None:
    recipe = _longer(_taught_by(_PAIN, pain_teacher, "rows"))
    faces, signals = _seen_by_teacher(recipe, biovid, _four_faces_of_each)
    assert faces == (16, 1, tiny.SIZE, tiny.SIZE)
    assert signals is not None
    assert signals[:2] == (16, 3)
    taught = _trained(recipe, biovid, tmp_path / "taught", cut=_four_faces_of_each)
    alone = _trained(_without_teacher(recipe), biovid, tmp_path / "alone", cut=_four_faces_of_each)
    assert _away(taught, recipe, biovid, _four_faces_of_each) < 0.8 * _away(alone, recipe, biovid, _four_faces_of_each)
    assert not any(name.startswith("signals") for name in taught.weights)


def _seen_by_teacher(recipe: Recipe, data: Path, cut: Cut) -> tuple[tuple[int, ...], tuple[int, ...] | None]:
    """The shapes of faces and signals that the teacher is shown in an epoch."""
    loaded = load_task_teacher(recipe)
    assert loaded is not None
    theirs, teacher = loaded
    seen: list[tuple[Tensor, Tensor | None]] = []

    def note(_module: nn.Module, shown: tuple[Tensor, Tensor | None]) -> None:
        seen.append(shown)

    teacher.register_forward_pre_hook(note)
    TaskRun(recipe, *load_examples(recipe, data, View.of(theirs), cut), teacher).train_epoch(_quiet)
    faces, signals = seen[0]
    return tuple(faces.shape), None if signals is None else tuple(signals.shape)


def _without_teacher(recipe: Recipe) -> Recipe:
    choices = dataclasses.replace(recipe.distillation, teachers=[], features=0.0)
    return dataclasses.replace(recipe, distillation=choices)


@torch.no_grad()
def _away(student: Checkpoint, recipe: Recipe, data: Path, cut: Cut) -> float:
    """How far the structure of what a student hallucinates is from what the teacher of ``recipe`` sees."""
    loaded = load_task_teacher(recipe)
    assert loaded is not None
    theirs, teacher = loaded
    model = build_task_model(student.recipe).eval()
    model.load_state_dict(student.average)
    _, measured = load_examples(recipe, data, View.of(theirs), cut)
    rows = np.arange(len(measured))
    faces = torch.from_numpy(measured.pictures(rows)).float()
    (member,) = model.members
    hallucinated = look(member.encoder, reduced(faces, 1, tiny.SIZE)).hallucinated
    assert hallucinated is not None
    return float(row_error(hallucinated, teacher(faces, measured.signals_of(rows)), 8))


def test_a_package_can_be_begun_with(affwild2: Path, tiny_package: ModelPackage, affect_teacher: Path) -> None:
    once = dataclasses.replace(
        _AFFECT, start=str(tiny_package.folder), data=dataclasses.replace(_AFFECT.data, batches=1)
    )
    recipe = _taught_by(once, affect_teacher)
    begun = open_task(recipe, affwild2, Path("nowhere"), resume=False, cut=_nothing_to_cut).checkpoint().weights
    fresh = dataclasses.replace(recipe, start="")
    other = open_task(fresh, affwild2, Path("nowhere"), resume=False, cut=_nothing_to_cut).checkpoint().weights
    name = "encoder.members.0.encoder.encoder.project.weight"
    assert not torch.equal(begun[name], other[name])
    assert set(begun) == set(other)


def test_the_command_trains_and_tells_the_figures_of_the_field(mien: Mien, affwild2: Path, tmp_path: Path) -> None:
    write_recipe(_AFFECT, tmp_path / "tiny.toml")
    code, out, err = mien("train", "tiny.toml", "--data", affwild2)
    assert code == 0, err
    figures = [line.rsplit(maxsplit=1) for line in out.splitlines()]
    assert [name for name, _ in figures] == ["ccc", "ccc valence", "ccc arousal"]
    assert all(-1 <= float(value) <= 1 for _, value in figures)
    assert (tmp_path / "runs" / "tiny" / FILE).exists()
    code, _, err = mien("export", "runs/tiny", "package", "--data", _no_faces(tmp_path))
    assert (code, err.splitlines()[-1]) == (
        1,
        "tiny is for valence-arousal, not for expressions: take another recipe or run.",
    )
    assert mien("train", "tiny.toml", "--data", tmp_path / "none", "--out", "other")[0] == 1


def test_the_command_cuts_the_faces_out_of_films(mien: Mien, clip: Path, tmp_path: Path) -> None:
    _write_biovid(tmp_path, people=2)
    for film in (tmp_path / "video").rglob("*.mp4"):
        shutil.copy(clip, film)
    recipe = dataclasses.replace(_PAIN, data=dataclasses.replace(_PAIN.data, held_out=0.5))
    recipe = dataclasses.replace(recipe, optimiser=dataclasses.replace(recipe.optimiser, batch=8, epochs=1))
    write_recipe(recipe, tmp_path / "tiny.toml")
    code, out, err = mien("train", "tiny.toml", "--data", tmp_path)
    assert code == 0, err
    assert "20 labelled faces of 20 pictures" in err
    assert [line.rsplit(maxsplit=1)[0] for line in out.splitlines()] == ["accuracy", "mean absolute error"]
    assert (tmp_path / "runs" / "tiny" / "faces.npz").exists()


def _no_faces(folder: Path) -> Path:
    np.savez(folder / "none.npz", images=np.zeros((0, 24, 24), np.uint8), votes=np.zeros((0, 10), np.uint8))
    return folder / "none.npz"


def _refused(recipe: Recipe, data: Path, cut: Cut = _four_faces_of_each) -> str:
    with pytest.raises(DataError) as caught:
        open_task(recipe, data, data / "run", resume=False, cut=cut)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_data_that_teaches_nothing_is_said(biovid: Path, affwild2: Path, tmp_path: Path) -> None:
    assert "holds no Aff-Wild2" in _refused(_AFFECT, tmp_path)
    assert "holds no BioVid" in _refused(_PAIN, affwild2)
    index = (biovid / "samples.csv").read_text(encoding="utf-8").splitlines()
    for name in ("video", "biosignals_filtered"):
        shutil.copytree(biovid / name, tmp_path / name)
    (tmp_path / "samples.csv").write_text("\n".join([index[0], *index[1::5]]), encoding="utf-8")
    assert "one level only" in _refused(_PAIN, tmp_path)
    few = dataclasses.replace(_PAIN, data=dataclasses.replace(_PAIN.data, held_out=0.01))
    assert "no face of those to measure on" in _refused(few, biovid)
    many = dataclasses.replace(_PAIN, optimiser=dataclasses.replace(_PAIN.optimiser, batch=200))
    assert "do not fill one batch" in _refused(many, biovid)


def test_a_picture_that_cannot_be_read_is_said(affwild2: Path) -> None:
    train, _ = load_examples(_AFFECT, affwild2, View.of(_AFFECT), _nothing_to_cut)
    picture = affwild2 / "cropped_aligned" / "1-30" / "00001.jpg"
    whole = picture.read_bytes()
    picture.write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"00001\.jpg"):
        train.pictures(np.array([0]))
    picture.write_bytes(whole)


def test_a_teacher_that_does_not_suit_is_said(affwild2: Path, biovid: Path, affect_teacher: Path) -> None:
    assert "is not for pain" in _refused(_taught_by(_PAIN, affect_teacher), biovid)
    larger = dataclasses.replace(_taught_by(_AFFECT, affect_teacher), encoder=dataclasses.replace(_LARGE, size=48))
    assert "sees less" in _refused(larger, affwild2)
    assert "holds no training run" in _refused(_taught_by(_AFFECT, affwild2), affwild2)
    unfinished = affwild2 / "unfinished"
    checkpoint = Checkpoint.load(affect_teacher)
    dataclasses.replace(checkpoint, epoch=1).save(unfinished)
    assert "not finished" in _refused(_taught_by(_AFFECT, unfinished), affwild2)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"task": TaskChoices("anger")}, "task.name"),
        ({"objective": tiny.RECIPE.objective}, r"\[objective\]"),
        ({"data": dataclasses.replace(_BASE.data, mixup=0.3)}, "mixup"),
        ({"data": dataclasses.replace(_BASE.data, held_out=0.1)}, "Validation_Set"),
        ({"task": TaskChoices("pain")}, "share of the subjects"),
        ({"task": TaskChoices("valence-arousal", signals=True)}, "BioVid's"),
        ({"kept": 0.5}, "kept"),
        ({"distillation": DistillationChoices(["a", "b"], objective="rows", features=1.0, anchors=8)}, "name one"),
        ({"distillation": DistillationChoices(["a"], objective="rows", weight=1.0, anchors=8)}, "weight to 0"),
        ({"distillation": DistillationChoices(["a"], objective="cka", features=1.0)}, "transport, rows"),
    ],
)  # fmt: skip
def test_choices_that_contradict_the_task_are_said(changes: dict[str, object], why: str) -> None:
    recipe = dataclasses.replace(_AFFECT, **changes)  # type: ignore[arg-type]
    with pytest.raises(DataError, match=why):
        open_task(recipe, Path("data"), Path("run"), resume=False, cut=_nothing_to_cut)
