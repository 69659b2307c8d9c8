"""What the expressions are described with in training."""

import dataclasses
from pathlib import Path

import pytest

from engines.errors import DataError, PromptError
from engines.prompts import EXPRESSIONS
from tests.tiny import RECIPE
from training.recipe import Recipe
from training.words import described

_OWN = {name: f"somebody who shows {name}" for name in EXPRESSIONS}


def _with_prompts(folder: Path, classes: dict[str, str]) -> Recipe:
    file = folder / "words.toml"
    lines = [f'"{name}" = "{text}"' for name, text in classes.items()]
    file.write_text("\n".join(["[classes]", *lines]), encoding="utf-8")
    return dataclasses.replace(RECIPE, objective=dataclasses.replace(RECIPE.objective, prompts=str(file)))


def _without(recipe: Recipe, name: str) -> Recipe:
    return dataclasses.replace(recipe, data=dataclasses.replace(recipe.data, left_out=name))


def test_without_a_prompts_file_the_words_are_miens_own() -> None:
    prompts = described(RECIPE)
    assert dict(zip(prompts.classes, prompts.descriptions, strict=True)) == EXPRESSIONS


def test_a_prompts_file_takes_their_place_in_the_order_of_the_faces(tmp_path: Path) -> None:
    recipe = _with_prompts(tmp_path, dict(reversed(_OWN.items())))
    prompts = described(recipe)
    assert prompts.classes == tuple(EXPRESSIONS)
    assert prompts.descriptions == tuple((text,) for text in _OWN.values())


def test_the_expression_left_out_is_not_described(tmp_path: Path) -> None:
    for recipe in (RECIPE, _with_prompts(tmp_path, _OWN)):
        assert described(_without(recipe, "fear")).classes == tuple(n for n in EXPRESSIONS if n != "fear")


@pytest.mark.parametrize("classes", [{**_OWN, "boredom": "a bored face"}, dict(list(_OWN.items())[:7])])
def test_other_classes_than_the_faces_have_are_said(tmp_path: Path, classes: dict[str, str]) -> None:
    recipe = _with_prompts(tmp_path, classes)
    with pytest.raises(DataError, match=r"words\.toml") as caught:
        described(recipe)
    assert "\n" not in str(caught.value)


def test_a_prompts_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    recipe = _with_prompts(tmp_path, _OWN)
    Path(recipe.objective.prompts).unlink()
    with pytest.raises(PromptError):
        described(recipe)
