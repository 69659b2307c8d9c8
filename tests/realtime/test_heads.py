"""Heads for classes that change all the time: only what is new is encoded, and nothing is fetched unasked."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.assets import Assets
from engines.errors import ModelError
from engines.package import ModelPackage
from engines.prompts import DEFAULT, Prompts
from engines.text_encoder import DIMENSIONS, TextEncoder
from engines.text_head import TextHead
from realtime.heads import EncoderMissing, Heads, Overtaken
from tests import tiny

_WITH_BORED = Prompts((*DEFAULT.classes, "bored"), (*DEFAULT.descriptions, ("a bored face",)))

_REWORDED = Prompts(
    DEFAULT.classes,
    tuple((*texts, f"{name} plain to see") for name, texts in zip(DEFAULT.classes, DEFAULT.descriptions, strict=True)),
)
"""Each class with one sentence more than the model's own: 56 in all."""


class CountingEncoder:
    """Gives every sentence a point of its own, and writes down what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        self.asked += sentences
        points = [np.random.default_rng(list(each.encode())).normal(size=DIMENSIONS) for each in sentences]
        return np.array(points, np.float32)


@pytest.fixture
def everything_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Assets, "missing", lambda *_: [])


def _heads(encoder: CountingEncoder | None = None) -> Heads:
    return Heads(tiny.package(), Assets(offline=True), lambda _: encoder or CountingEncoder())


@pytest.mark.usefixtures("everything_here")
def test_only_sentences_that_are_new_are_encoded() -> None:
    encoder = CountingEncoder()
    heads = _heads(encoder)
    heads.head(_WITH_BORED)
    heads.head(Prompts(_WITH_BORED.classes, (*DEFAULT.descriptions, ("a bored face", "yawning"))))
    assert encoder.asked == ["a bored face", "yawning"]
    heads.head(_REWORDED)
    assert len(encoder.asked) == len(set(encoder.asked)) == 2 + 56


@pytest.mark.usefixtures("everything_here")
def test_once_warm_only_the_new_class_is_encoded() -> None:
    encoder = CountingEncoder()
    heads = _heads(encoder)
    heads.warm_up()
    before = len(encoder.asked)
    heads.head(_WITH_BORED)
    assert encoder.asked[before:] == ["a bored face"]


def test_the_models_own_classes_need_no_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.assets.cache_directory", lambda: tmp_path)
    encoder = CountingEncoder()
    heads = _heads(encoder)
    assert heads.defaults == DEFAULT
    assert heads.head(Prompts(("joy", "rage"), (DEFAULT.descriptions[1], DEFAULT.descriptions[4]))).classes == (
        "joy",
        "rage",
    )
    assert encoder.asked == []


def test_an_encoder_that_is_not_here_is_said_with_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.assets.cache_directory", lambda: tmp_path)
    heads = _heads()
    with pytest.raises(EncoderMissing, match="84 MB") as caught:
        heads.head(_WITH_BORED)
    assert caught.value.download == 83_506_384
    with pytest.raises(EncoderMissing):
        heads.warm_up()


@pytest.mark.usefixtures("everything_here")
def test_what_is_not_wanted_any_more_is_left_and_goes_on_later() -> None:
    encoder = CountingEncoder()
    heads = _heads(encoder)
    with pytest.raises(Overtaken):
        heads.head(_REWORDED, lambda: len(encoder.asked) < 10)
    assert len(encoder.asked) == 10
    assert heads.head(_REWORDED).classes == DEFAULT.classes
    assert len(encoder.asked) == 56


@pytest.mark.usefixtures("everything_here")
def test_a_model_of_another_text_encoder_keeps_its_own_classes() -> None:
    package = ModelPackage(Path("nowhere"), tiny.card(text_encoder_sha256="0" * 64), tiny.words())
    heads = Heads(package, Assets(offline=True), lambda _: CountingEncoder())
    assert heads.head(DEFAULT).classes == DEFAULT.classes
    with pytest.raises(ModelError):
        heads.head(_WITH_BORED)


def test_a_head_made_here_is_that_of_the_command_line(assets: Assets, text_encoder: TextEncoder) -> None:
    package = tiny.package()
    prompts = Prompts(("bored", "keen"), (("a bored face", "yawning"), ("an interested face",)))
    points = tiny.words().vectors
    made = Heads(package, assets, lambda _: text_encoder).head(prompts)
    np.testing.assert_allclose(
        made.probabilities(points), TextHead.of(package, prompts, assets).probabilities(points), atol=1e-5
    )
