"""The models that ship: whole, small enough, and with a card for people that names each of them."""

import dataclasses
import json

import numpy as np
import pytest

from engines.assets import sha256_of
from engines.package import DEFAULT_PACKAGE, ModelPackage, package_folder
from engines.prompts import EXPRESSIONS
from engines.quantised import has_quantised

SHIPPED = sorted(folder.name for folder in DEFAULT_PACKAGE.parent.iterdir())
MOST_PARAMETERS = {"mien-s": 4_000_000, "mien-xs": 1_000_000}
MOST_BYTES = 20_000_000


def test_each_is_one_that_was_meant_to_ship() -> None:
    assert DEFAULT_PACKAGE.name in SHIPPED
    assert set(SHIPPED) <= set(MOST_PARAMETERS)


@pytest.mark.parametrize("name", SHIPPED)
def test_it_is_found_by_its_name_and_reads_the_eight_expressions(name: str) -> None:
    package = ModelPackage.load(name)
    assert package.card.name == name
    assert package.words.classes == tuple(EXPRESSIONS)
    assert package.neutral_map is not None
    assert package.known is not None
    assert len(package.known) == package.card.figures["faces"]
    np.testing.assert_allclose(np.linalg.norm(package.words.vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", SHIPPED)
def test_its_card_for_programs_leaves_nothing_out(name: str) -> None:
    package = ModelPackage.load(name)
    card, figures = package.card, package.card.figures
    assert not [name for name, value in dataclasses.asdict(card).items() if value in ("", (), {}, None)]
    assert tuple(card.prompts) == tuple(EXPRESSIONS)
    assert all(texts and all(texts) for texts in card.prompts.values())
    assert card.encoder_sha256 == sha256_of(package.encoder)
    assert has_quantised(package)
    assert {"accuracy", "macro_recall", "recall", "measured_on"} <= set(figures)
    assert set(figures["recall"]) == set(EXPRESSIONS)


@pytest.mark.parametrize("name", SHIPPED)
def test_it_is_small_enough(name: str) -> None:
    folder = package_folder(name)
    assert sum(file.stat().st_size for file in folder.iterdir()) < MOST_BYTES
    onnx = pytest.importorskip("onnx")
    weights = onnx.load(folder / "encoder.onnx").graph.initializer
    assert sum(int(np.prod(weight.dims)) for weight in weights) <= MOST_PARAMETERS[name]


@pytest.mark.parametrize("name", SHIPPED)
def test_its_card_for_people_and_its_log_are_its_own(name: str) -> None:
    folder = package_folder(name)
    assert (folder / "README.md").read_text(encoding="utf-8").startswith(f"# Model card: {name}\n")
    log = [json.loads(line) for line in (folder / "training-log.jsonl").read_text(encoding="utf-8").splitlines()]
    figures = ModelPackage.load(folder).card.figures
    assert [line["epoch"] for line in log] == list(range(1, figures["epochs"] + 1))
