"""The commands about training as a person meets them: what they print and what they leave behind."""

import dataclasses
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.assets import Assets
from engines.package import ModelPackage
from engines.quantised import QUANTISED, quantised_encoder
from tests import tiny
from tests.conftest import Mien
from tests.realtime.faces import portrait
from tests.training.federated.made import write_recipe
from training.recipe import SemiSupervisedChoices


def test_evaluate_prints_and_writes_its_figures(mien: Mien, tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    votes = np.zeros((32, 10), np.uint8)
    votes[np.arange(32), np.arange(32) % 8] = 9
    np.savez(tmp_path / "faces.npz", images=chance.integers(0, 256, (32, 48, 48), np.uint8), votes=votes)
    code, out, err = mien("evaluate", "faces.npz", "--protocol", "majority", "--json", "figures.json")
    assert code == 0, err
    assert "accuracy" in out
    figures = json.loads((tmp_path / "figures.json").read_text())
    expected = {"protocol", "n", "accuracy", "macro_recall", "recall", "ece", "nll", "confusion", "model", "engine"}
    assert set(figures) == expected
    assert figures["n"] == np.sum(figures["confusion"]) == 32


def test_a_finished_run_becomes_a_package_and_its_encoder_in_int8(
    mien: Mien, tiny_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.quantise.MOST_LOST", 0.02)  # one of the 80 that are held out here
    faces = tiny.faces(320)
    np.savez(tmp_path / "faces.npz", images=faces.images[:, 0], votes=faces.votes)
    package = tmp_path / "own"
    code, out, _ = mien("export", tiny_run, package, "--data", tmp_path / "faces.npz", "--int8")
    assert code == 0
    assert out.splitlines()[-1] == f"Wrote {package / QUANTISED}."
    assert quantised_encoder(ModelPackage.load(package)).exists()


def test_a_run_learns_from_faces_without_labels_too_and_says_how_to_go_on(
    mien: Mien, assets: Assets, faces_file: Path, tmp_path: Path
) -> None:
    assert not assets.missing()
    choices = SemiSupervisedChoices(weight=1.0, semantic=0.5, ratio=4 / tiny.RECIPE.optimiser.batch)
    recipe = dataclasses.replace(tiny.RECIPE, semi_supervised=choices)
    write_recipe(recipe, tmp_path / "tiny.toml")
    (tmp_path / "own").mkdir()
    for number in range(4):
        cv2.imwrite(str(tmp_path / "own" / f"{number}.png"), portrait()[..., ::-1])
    command = ("train", "tiny.toml", "--data", faces_file, "--unlabelled", "own")
    code, out, err = mien(*command)
    assert code == 0, err
    run = Path("runs", "tiny")
    assert out == f"Trained. Make a model package of it with: export {run} DIR --data {faces_file}\n"
    assert "training tiny: 100 %" in err
    assert len((run / "log.jsonl").read_text().splitlines()) == recipe.optimiser.epochs
    assert mien(*command)[0] == 1
    assert mien(*command, "--resume")[0] == 0
