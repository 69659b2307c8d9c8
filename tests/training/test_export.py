"""A finished run becomes a package that loads and reads as the run did."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.assets import sha256_of
from engines.errors import DataError, OutputError
from engines.package import ModelPackage
from engines.select import open_engine
from engines.text_encoder import TextEncoder
from engines.text_head import TextHead
from tests import tiny
from training.checkpoint import Checkpoint
from training.data import hold_out
from training.evaluate import evaluate
from training.export import export
from training.models import build_model


def _export(run: Path, folder: Path) -> ModelPackage:
    return export(Checkpoint.load(run), tiny.faces(320), tiny.words(), tiny.CROP, folder)


def test_an_exported_package_is_whole(tiny_package: ModelPackage) -> None:
    loaded = ModelPackage.load(tiny_package.folder)
    assert loaded.card == tiny_package.card
    np.testing.assert_array_equal(loaded.words.vectors, tiny.words().vectors)
    assert sorted(path.name for path in loaded.folder.iterdir()) == [
        "encoder.onnx",
        "known.npz",
        "model.json",
        "neutral.npz",
        "prompts.npz",
    ]
    assert [path.name for path in loaded.folder.parent.iterdir()] == [loaded.folder.name]


def test_nothing_in_the_package_tells_where_it_was_made(tiny_package: ModelPackage) -> None:
    root = str(Path(__file__).resolve().parents[2]).encode()
    for path in tiny_package.folder.iterdir():
        assert root not in path.read_bytes()
        assert b"site-packages" not in path.read_bytes()


def test_the_card_says_what_was_trained(tiny_package: ModelPackage) -> None:
    card = tiny_package.card
    assert (card.name, card.size, card.channels, card.crop) == ("tiny", tiny.SIZE, 1, tiny.CROP)
    assert card.classes == tuple(card.prompts) == tiny.CLASSES
    assert card.scale == tiny.RECIPE.objective.scale
    assert card.text_encoder_sha256 == TextEncoder.sha256()
    assert card.encoder_sha256 == sha256_of(tiny_package.encoder)
    assert (card.figures["epochs"], card.figures["seed"], card.figures["faces"]) == (2, 3, 80)
    assert 0.2 <= card.temperature <= 5


def test_the_cards_figures_are_those_of_the_package(tiny_package: ModelPackage) -> None:
    faces = tiny.faces(320)
    held = faces[hold_out(len(faces), tiny.RECIPE.data.held_out, tiny.RECIPE.seed)[1]]
    head = TextHead(tiny_package.words, tiny_package.card.scale / tiny_package.card.temperature)
    with open_engine(tiny_package) as engine:
        metrics = evaluate(tiny_package, engine, head, held, "argmax").metrics
    figures = tiny_package.card.figures
    assert metrics.n == figures["faces"]
    assert metrics.accuracy == pytest.approx(figures["accuracy"], abs=0.03)
    assert metrics.nll == pytest.approx(figures["nll"], abs=0.02)


def test_a_package_takes_the_place_of_an_older_one_and_leaves_other_files_alone(tiny_run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "model.json").write_text("old", encoding="utf-8")
    (folder / "thesis.txt").write_text("years of work", encoding="utf-8")
    _export(tiny_run, folder)
    assert ModelPackage.load(folder).card.name == "tiny"
    assert (folder / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_the_neutral_map_is_that_of_the_run(tiny_run: Path, tiny_package: ModelPackage) -> None:
    model = build_model(tiny.RECIPE, tiny.words())
    model.load_state_dict(Checkpoint.load(tiny_run).average)
    (member,) = model.members
    embeddings = tiny.words().vectors
    with torch.no_grad():
        expected = member.to_neutral(torch.from_numpy(embeddings)).numpy()
    neutral_map = ModelPackage.load(tiny_package.folder).neutral_map
    assert neutral_map is not None
    np.testing.assert_allclose(neutral_map(embeddings), expected, atol=1e-5)


def test_a_run_that_learned_its_own_classes_has_no_words(tiny_run: Path, tmp_path: Path) -> None:
    checkpoint = Checkpoint.load(tiny_run)
    objective = dataclasses.replace(checkpoint.recipe.objective, head="linear")
    linear = dataclasses.replace(checkpoint, recipe=dataclasses.replace(checkpoint.recipe, objective=objective))
    with pytest.raises(DataError, match="words"):
        export(linear, tiny.faces(320), tiny.words(), tiny.CROP, tmp_path / "package")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said(tiny_run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as caught:
        _export(tiny_run, tmp_path / "file" / "package")
    assert str(tmp_path / "file" / "package") in str(caught.value)
    with pytest.raises(OutputError):
        _export(tiny_run, tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
