"""A run on disk: whole, or said to be damaged."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engines.errors import DataError, OutputError
from tests import tiny
from training.checkpoint import FILE, Checkpoint


def _checkpoint(epoch: int = 3) -> Checkpoint:
    chance = torch.Generator().manual_seed(epoch)
    weights = {"a/b.weight": torch.rand(3, 2, generator=chance), "steps": torch.tensor(7)}
    average = {name: tensor.clone() for name, tensor in weights.items()}
    return Checkpoint(tiny.RECIPE, epoch, weights, average, {}, [{"epoch": epoch, "loss": 0.5}])


def test_what_was_saved_is_what_loads(tmp_path: Path) -> None:
    _checkpoint().save(tmp_path / "new" / "run")
    loaded = Checkpoint.load(tmp_path / "new" / "run")
    assert (loaded.recipe, loaded.epoch, loaded.log) == (tiny.RECIPE, 3, [{"epoch": 3, "loss": 0.5}])
    assert loaded.momentum == {}
    for name, tensor in _checkpoint().weights.items():
        assert torch.equal(loaded.weights[name], tensor)
        assert torch.equal(loaded.average[name], tensor)


def test_a_save_that_fails_keeps_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _checkpoint(3).save(tmp_path)

    def full(_tensors: object, path: Path, **_: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("training.stored.save_file", full)
    with pytest.raises(OutputError, match="No space"):
        _checkpoint(4).save(tmp_path)
    assert Checkpoint.load(tmp_path).epoch == 3


def test_a_folder_without_a_run_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no training run"):
        Checkpoint.load(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda data: data[: len(data) // 2], lambda data: data[:-1], lambda data: b"\xff" * len(data)],
    ids=["empty", "cut", "cut-by-one", "overwritten"],
)
def test_a_damaged_checkpoint_is_said(tiny_run: Path, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    shutil.copy(tiny_run / FILE, tmp_path / FILE)
    (tmp_path / FILE).write_bytes(damage((tmp_path / FILE).read_bytes()))
    _refused(tmp_path)


@pytest.mark.parametrize("metadata", [None, {}, {"mien": "{"}, {"mien": "{}"}, {"mien": '{"recipe": {}, "epoch": 1}'}])
def test_a_file_of_something_else_is_said(tmp_path: Path, metadata: dict[str, str] | None) -> None:
    save_file({"weights/a": torch.zeros(1)}, tmp_path / FILE, metadata=metadata)
    _refused(tmp_path)


def test_weights_of_something_else_are_said(tmp_path: Path) -> None:
    save_file({"other": torch.zeros(1)}, tmp_path / FILE, metadata={"mien": "{}"})
    _refused(tmp_path)


def _refused(folder: Path) -> None:
    with pytest.raises(DataError) as caught:
        Checkpoint.load(folder)
    assert str(folder / FILE) in str(caught.value)
    assert "\n" not in str(caught.value)
