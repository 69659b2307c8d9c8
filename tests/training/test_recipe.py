"""A recipe holds every choice, or says which is missing."""

import dataclasses
from pathlib import Path

import pytest

from engines.errors import DataError
from tests.tiny import RECIPE
from training.recipe import Recipe

_SHIPPED = Path(__file__).resolve().parents[2] / "training" / "recipes" / "mien-s.toml"


def _refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        Recipe.load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_recipe_that_ships_can_be_read() -> None:
    for path in _SHIPPED.parent.glob("*.toml"):
        recipe = Recipe.load(path)
        assert recipe.name == path.stem
        assert len(recipe.encoder.widths) == len(recipe.encoder.depths)


def test_a_recipe_survives_its_record() -> None:
    assert Recipe.from_mapping(dataclasses.asdict(RECIPE), "here") == RECIPE


@pytest.mark.parametrize("left_out", ["name", "seed", "batch", "scale", "[data]", "kind"])
def test_a_missing_entry_is_said(tmp_path: Path, left_out: str) -> None:
    lines = _SHIPPED.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "own.toml"
    path.write_text("\n".join(line for line in lines if not line.startswith(left_out)), encoding="utf-8")
    assert left_out.strip("[]") in _refused(path)


@pytest.mark.parametrize("surplus", ["colour = 3", "[colours]\nred = 1", "[data]\ncolour = 3"])
def test_a_surplus_entry_is_said(tmp_path: Path, surplus: str) -> None:
    text = _SHIPPED.read_text(encoding="utf-8")
    head, _, rest = surplus.partition("\n")
    text = text.replace(head, surplus) if rest and head in text else f"{surplus}\n{text}"
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    assert "colour" in _refused(path)


@pytest.mark.parametrize(
    "entry",
    ["batch = 128", "members = 2", "widths = [32, 64, 128, 256]", "mirrored = true", "scale = 14.0", 'name = "mien-s"'],
)
def test_an_entry_of_another_kind_is_said(tmp_path: Path, entry: str) -> None:
    name = entry.partition(" ")[0]
    path = tmp_path / "own.toml"
    path.write_text(_SHIPPED.read_text(encoding="utf-8").replace(entry, f"{name} = {{}}"), encoding="utf-8")
    assert name in _refused(path)


def test_true_is_no_number(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(_SHIPPED.read_text(encoding="utf-8").replace("seed = 7", "seed = true"), encoding="utf-8")
    assert "seed" in _refused(path)


def test_what_is_no_toml_is_said(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[encoder", encoding="utf-8")
    assert "not valid TOML" in _refused(tmp_path / "own.toml")
    (tmp_path / "own.toml").write_bytes(b'name = "\xff"')
    assert "not valid TOML" in _refused(tmp_path / "own.toml")
    _refused(tmp_path / "nowhere.toml")
