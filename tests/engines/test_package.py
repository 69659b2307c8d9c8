"""A model package loads whole, or says in one line what is wrong with it."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engines.assets import sha256_of
from engines.errors import ModelError
from engines.package import CARD, ENCODER, KNOWN, PROMPTS, SCHEMA, Card, ModelPackage
from tests import tiny

_KNOWN = np.random.default_rng(0).uniform(-1, 1, (5, 8)).astype(np.float32)


@pytest.fixture
def bare_package(tmp_path: Path) -> Path:
    """A whole package whose encoder no engine has to run."""
    (tmp_path / ENCODER).write_bytes(b"an encoder")
    card = tiny.card(encoder_sha256=sha256_of(tmp_path / ENCODER))
    (tmp_path / CARD).write_text(card.to_json(), encoding="utf-8")
    ModelPackage(tmp_path, card, tiny.words(), known=_KNOWN).save_arrays()
    return tmp_path


def _refused(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        ModelPackage.load(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert str(folder) in message
    return message


def test_what_was_saved_is_what_loads(bare_package: Path) -> None:
    package = ModelPackage.load(bare_package)
    assert package.card == tiny.card(encoder_sha256=sha256_of(package.encoder))
    assert package.words.classes == tiny.CLASSES
    np.testing.assert_array_equal(package.words.vectors, tiny.words().vectors)
    np.testing.assert_array_equal(package.words.centre, tiny.words().centre)
    np.testing.assert_array_equal(package.known, _KNOWN)


def test_a_package_need_not_know_any_faces(bare_package: Path) -> None:
    (bare_package / KNOWN).unlink()
    assert ModelPackage.load(bare_package).known is None


@pytest.mark.parametrize("cosines", [_KNOWN[:, :7], _KNOWN[:0], _KNOWN[0], np.full_like(_KNOWN, np.nan)])
def test_known_faces_that_fit_no_classes_are_said(bare_package: Path, cosines: NDArray[np.float32]) -> None:
    np.savez(bare_package / KNOWN, cosines=cosines)
    assert KNOWN in _refused(bare_package)


@given(
    name=st.text(),
    scale=st.floats(0.1, 100),
    limits=st.lists(st.text()),
    figures=st.dictionaries(st.text(), st.integers()),
)
def test_a_card_survives_its_file(name: str, scale: float, limits: list[str], figures: dict[str, int]) -> None:
    card = tiny.card(name=name, scale=scale, limits=tuple(limits), figures=figures)
    assert Card.from_json(card.to_json(), Path("model.json")) == card


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    assert "--model" in _refused(tmp_path / "nowhere")


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    _refused(tmp_path / "file")


@pytest.mark.parametrize("part", [ENCODER, CARD, PROMPTS])
def test_a_missing_part_is_said(bare_package: Path, part: str) -> None:
    (bare_package / part).unlink()
    _refused(bare_package)


@pytest.mark.parametrize("part", [ENCODER, CARD, PROMPTS, KNOWN])
@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda data: data[: len(data) // 2], lambda data: b"\xff" * len(data), lambda data: data[::-1]],
    ids=["empty", "cut", "overwritten", "reversed"],
)
def test_a_damaged_part_is_said(bare_package: Path, part: str, damage: Callable[[bytes], bytes]) -> None:
    path = bare_package / part
    path.write_bytes(damage(path.read_bytes()))
    _refused(bare_package)


@pytest.mark.parametrize("part", [ENCODER, CARD, PROMPTS, KNOWN])
def test_a_folder_in_place_of_a_part_is_said(bare_package: Path, part: str) -> None:
    (bare_package / part).unlink()
    (bare_package / part).mkdir()
    _refused(bare_package)


def test_one_changed_byte_of_the_encoder_is_noticed(bare_package: Path) -> None:
    (bare_package / ENCODER).write_bytes(b"an encodes")
    assert "SHA-256" in _refused(bare_package)


@pytest.mark.parametrize(
    "text",
    ["[]", "null", "7", '"text"', "{}", "{", f'{{"schema": {SCHEMA}}}'],
    ids=["list", "null", "number", "text", "empty", "open", "only-schema"],
)
def test_a_card_that_is_none_is_said(bare_package: Path, text: str) -> None:
    (bare_package / CARD).write_text(text, encoding="utf-8")
    _refused(bare_package)


def test_a_card_with_an_entry_more_or_less_is_said(bare_package: Path) -> None:
    entries = json.loads((bare_package / CARD).read_text(encoding="utf-8"))
    (bare_package / CARD).write_text(json.dumps({**entries, "surplus": 1}), encoding="utf-8")
    assert "surplus" in _refused(bare_package)
    del entries["temperature"]
    (bare_package / CARD).write_text(json.dumps(entries), encoding="utf-8")
    assert "temperature" in _refused(bare_package)


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("temperature", 0),
        ("temperature", "warm"),
        ("scale", -1),
        ("scale", float("nan")),
        ("size", 4.5),
        ("channels", 2),
    ],
)
def test_a_number_that_no_face_could_be_read_with_is_said(bare_package: Path, entry: str, value: object) -> None:
    entries = json.loads((bare_package / CARD).read_text(encoding="utf-8"))
    (bare_package / CARD).write_text(json.dumps({**entries, entry: value}), encoding="utf-8")
    assert str(value) in _refused(bare_package)


def test_a_card_of_a_later_schema_asks_for_a_newer_mien(bare_package: Path) -> None:
    card = dataclasses.replace(ModelPackage.load(bare_package).card, schema=SCHEMA + 1)
    (bare_package / CARD).write_text(card.to_json(), encoding="utf-8")
    assert "update Mien" in _refused(bare_package)


@pytest.mark.parametrize(
    "arrays",
    [
        {"class_embeddings": tiny.words().vectors[:7], "centre": tiny.words().centre},
        {"class_embeddings": tiny.words().vectors[0], "centre": tiny.words().centre},
        {"class_embeddings": tiny.words().vectors, "centre": tiny.words().centre[:9]},
        {"class_embeddings": tiny.words().vectors},
        {"class_embeddings": np.array([{"a": "pickle"}]), "centre": tiny.words().centre},
    ],
    ids=["seven-classes", "one-row", "short-centre", "no-centre", "a-pickle"],
)
def test_words_that_do_not_fit_are_said(bare_package: Path, arrays: dict[str, Any]) -> None:
    np.savez(bare_package / PROMPTS, **arrays)
    assert PROMPTS in _refused(bare_package)


def test_one_bare_array_in_place_of_the_words_is_said(bare_package: Path) -> None:
    with (bare_package / PROMPTS).open("wb") as file:
        np.save(file, tiny.words().vectors)
    assert PROMPTS in _refused(bare_package)
