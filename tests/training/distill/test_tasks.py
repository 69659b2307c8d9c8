"""Valence, arousal and pain: losses are their formulas, loaders read the published layouts or say why not."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engines.errors import DataError
from training.distill.affwild2 import load_affwild2
from training.distill.biovid import load_biovid, read_signals
from training.distill.tasks import (
    OrdinalLevels,
    ValenceArousal,
    concordance,
    concordance_loss,
    ordinal_loss,
    read_levels,
)


def _normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_concordance_is_its_formula() -> None:
    ours, truth = _normal(9, 2).numpy(), _normal(9, 2, seed=1).numpy()
    expected = []
    for x, y in zip(ours.T, truth.T, strict=True):
        rho = float(np.corrcoef(x, y)[0, 1])
        expected.append(2 * rho * x.std() * y.std() / (x.var() + y.var() + (x.mean() - y.mean()) ** 2))
    assert concordance(torch.from_numpy(ours), torch.from_numpy(truth)).tolist() == pytest.approx(expected)


def test_concordance_asks_for_the_scale_and_the_place() -> None:
    truth = _normal(20)
    assert float(concordance_loss(truth, truth)) == pytest.approx(0)
    assert float(concordance(-truth, truth)) < 0
    assert float(concordance(truth / 2, truth)) < 0.9
    assert float(concordance(truth + 1, truth)) < 0.9
    assert float(concordance(torch.ones(20), torch.ones(20))) == 0


def test_the_ordinal_loss_is_that_of_each_step() -> None:
    logits, levels = _normal(4, 3), torch.tensor([0, 1, 2, 3])
    expected = 0.0
    for row, level in zip(logits.tolist(), levels.tolist(), strict=True):
        for step, logit in enumerate(row):
            above = 1 / (1 + math.exp(-logit))
            expected -= math.log(above if level > step else 1 - above) / 4
    assert float(ordinal_loss(logits, levels)) == pytest.approx(expected)


def test_far_off_levels_cost_more_than_near_ones() -> None:
    sure = torch.tensor([[9.0, 9.0, 9.0, 9.0]])
    losses = [float(ordinal_loss(sure, torch.tensor([level]))) for level in range(5)]
    assert losses == sorted(losses, reverse=True)
    assert losses[4] < 0.01
    assert read_levels(torch.tensor([[9.0, 9, -9, -9], [-9, -9, -9, -9]])).tolist() == [2, 0]


@pytest.mark.parametrize("name", ["concordance", "ordinal"])
def test_gradients_are_those_of_the_values(name: str) -> None:
    made: dict[str, Callable[[Tensor], Tensor]] = {
        "concordance": lambda x: concordance_loss(x, _normal(5, 2, seed=4)),
        "ordinal": lambda x: ordinal_loss(x, torch.tensor([0, 2, 1, 1, 2])),
    }
    assert torch.autograd.gradcheck(made[name], (_normal(5, 2).requires_grad_(),))


def test_heads_learn_what_embeddings_show() -> None:
    torch.manual_seed(0)
    faces = torch.randn(64, 8)
    affect = torch.tanh(faces[:, :2])
    levels = (faces[:, 0] > -0.5).long() + (faces[:, 0] > 0.5).long()
    pleasant, pain = ValenceArousal(8), OrdinalLevels(8, 3)
    steps = torch.optim.Adam([*pleasant.parameters(), *pain.parameters()], lr=0.1)
    for _ in range(100):
        steps.zero_grad()
        loss = concordance_loss(pleasant(faces), affect) + ordinal_loss(pain(faces), levels)
        loss.backward()  # type: ignore[no-untyped-call]
        steps.step()
    assert float(concordance(pleasant(faces), affect).detach().min()) > 0.9
    assert float((read_levels(pain(faces)) == levels).float().mean()) > 0.9


@pytest.fixture
def affwild2(tmp_path: Path) -> Path:
    """Two videos of the training part: in the first, a frame without a face and one without a word."""
    annotations = tmp_path / "annotations" / "VA_Estimation_Challenge" / "Train_Set"
    annotations.mkdir(parents=True)
    (annotations / "1-30.txt").write_text("valence,arousal\n0.5,-0.25\n-5,-5\n0.1,0.2\n-1,1\n", encoding="utf-8")
    (annotations / "2-30_left.txt").write_text("valence,arousal\n0,0\n", encoding="utf-8")
    for video, frames in (("1-30", (1, 2, 4)), ("2-30_left", (1,))):
        faces = tmp_path / "cropped_aligned" / video
        faces.mkdir(parents=True)
        for frame in frames:
            (faces / f"{frame:05}.jpg").touch()
    return tmp_path


def test_aff_wild2_is_read_frame_by_frame(affwild2: Path) -> None:
    frames = load_affwild2(affwild2, "Train_Set")
    assert [f"{path.parent.name}/{path.name}" for path in frames.pictures] == [
        "1-30/00001.jpg",
        "1-30/00004.jpg",
        "2-30_left/00001.jpg",
    ]
    np.testing.assert_array_equal(frames.affect, np.array([[0.5, -0.25], [-1, 1], [0, 0]], np.float32))
    assert frames.videos.tolist() == [0, 0, 1]
    assert frames.names == ("1-30", "2-30_left")


def test_aff_wild2_that_is_not_there_or_damaged_is_said(affwild2: Path, tmp_path: Path) -> None:
    def said(folder: Path = affwild2) -> str:
        with pytest.raises(DataError) as caught:
            load_affwild2(folder, "Train_Set")
        assert "\n" not in str(caught.value)
        return str(caught.value)

    assert "holds no Aff-Wild2" in said(tmp_path / "nowhere")
    annotation = affwild2 / "annotations" / "VA_Estimation_Challenge" / "Train_Set" / "1-30.txt"
    for text, why in (
        ("arousal,valence\n0,0\n", "begin"),
        ("valence,arousal\n0,3\n", "line 2"),
        ("valence,arousal\n0\n", "line 2"),
        ("valence,arousal\nhigh,low\n", "not an annotation"),
        ("", "not an annotation"),
    ):
        annotation.write_text(text, encoding="utf-8")
        assert why in said()
    (annotation.parent / "3.txt").write_text("valence,arousal\n", encoding="utf-8")
    annotation.unlink()
    assert "lacks the faces of 3" in said()


@pytest.fixture
def biovid(tmp_path: Path) -> Path:
    """Two people, a sample each."""
    lines = ["subject_id\tsubject_name\tclass_id\tclass_name\tsample_id\tsample_name"]
    for place, (subject, level) in enumerate((("071309_w_21", 0), ("071313_m_41", 4)), 1):
        sample = f"{subject}-{('BL1', 'PA1', 'PA2', 'PA3', 'PA4')[level]}-081"
        lines.append(f"{place}\t{subject}\t{level}\tX\t{place}\t{sample}")
        for folder, name in (("video", f"{sample}.mp4"), ("biosignals_filtered", f"{sample}_bio.csv")):
            (tmp_path / folder / subject).mkdir(parents=True)
            (tmp_path / folder / subject / name).write_text(
                "time\tgsr\tecg\temg_trapezius\n0\t1.5\t2\t3\n1953\t1.25\t4\t5\n", encoding="utf-8"
            )
    (tmp_path / "samples.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_biovid_is_read_sample_by_sample(biovid: Path) -> None:
    samples = load_biovid(biovid)
    assert samples.levels.tolist() == [0, 4]
    assert samples.subjects.tolist() == [0, 1]
    assert samples.names == ("071309_w_21", "071313_m_41")
    assert samples.films[1].name == "071313_m_41-PA4-081.mp4"
    expected = np.array([[1.5, 2, 3], [1.25, 4, 5]], np.float32)
    np.testing.assert_array_equal(read_signals(samples.signals[0]), expected)


def test_biovid_that_is_not_there_or_damaged_is_said(biovid: Path, tmp_path: Path) -> None:
    def said(folder: Path = biovid) -> str:
        with pytest.raises(DataError) as caught:
            load_biovid(folder)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    assert "holds no BioVid" in said(tmp_path / "nowhere")
    signals = load_biovid(biovid).signals[0]
    for text, why in (
        ("time\tgsr\n0\t1\n", "lacks the column ecg"),
        ("gsr\tecg\temg_trapezius\na\tb\tc\n", "not a file"),
    ):
        signals.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=why):
            read_signals(signals)
    signals.unlink()
    assert "1 files" in said()
    index = biovid / "samples.csv"
    whole = index.read_text(encoding="utf-8")
    for text, why in (
        (whole.replace("class_id", "class"), "lacks the column class_id"),
        (whole.replace("\t4\t", "\t7\t"), "line 3"),
        (whole.splitlines()[0] + "\n", "empty"),
        (whole + "3\t0713\n", "cut off"),
    ):
        index.write_text(text, encoding="utf-8")
        assert why in said()
